"""Texts about SØM's calculation and the bridge from it to a simulation, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SOM_CATALOGUE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "som.origin": (
            "SØM-beregning · sag {digest} · som_sim {version} · uden dynamik",
            "SØM calculation · case {digest} · som_sim {version} · no dynamics",
        ),
        "som.ours": (
            "Resultatet er vores beregning, ikke et offentliggjort resultat.",
            "The result is our calculation, not a published one.",
        ),
        "som.participants": (
            "{persons} deltagere, der starter {years}; nettosuccesrate {rate}",
            "{persons} participants starting {years}; net success rate {rate}",
        ),
        "som.participants_only": (
            "{persons} deltagere, der starter {years}",
            "{persons} participants starting {years}",
        ),
        "som.gross": (
            "{gross} med indsatsen mod {reference} uden",
            "{gross} with the intervention against {reference} without",
        ),
        "som.missing": ("Mangler", "Missing"),
        "som.missing_line": ("{input}: {note}", "{input}: {note}"),
        "som.missing_plain": ("{input}", "{input}"),
        "som.input.participants": ("deltagere", "participants"),
        "som.input.course": ("forløbets længde", "length of the course"),
        "som.input.success": ("succesrate", "success rate"),
        "som.input.costs": ("omkostninger", "costs"),
        "som.input.consequences": ("konsekvenser", "consequences"),
        "som.net_title": (
            "Budgetøkonomisk nettoresultat {first}-{last}, kr.",
            "Net budget result {first}-{last}, DKK",
        ),
        "som.cost_title": (
            "Indsatsens omkostninger {first}-{last}, kr.",
            "Costs of the intervention {first}-{last}, DKK",
        ),
        "som.payer": ("Betaler", "Payer"),
        "som.cost": ("Omkostning", "Cost"),
        "som.benefit": ("Gevinst", "Gain"),
        "som.net": ("Netto", "Net"),
        "som.per_participant": ("Pr. deltager", "Per participant"),
        "som.break_even": ("Tjent hjem", "Breaks even"),
        "som.never": ("ikke her", "not here"),
        "som.never_behind": ("straks", "at once"),
        "som.net_note": (
            "Plus er en besparelse. {price_year}-priser, tilbagediskonteret til {base_year}. Tjent "
            "hjem: første år, hvor det samlede nettoresultat er 0 eller mere; »straks«: aldrig "
            "bagud; »ikke her«: ikke i perioden.",
            "Plus is a saving. Prices of {price_year}, discounted to {base_year}. Breaks even: the "
            "first year in which the cumulative net is 0 or more; 'at once': never behind; 'not "
            "here': not within these years.",
        ),
        "som.by_year": (
            "Netto år for år, kr. i {price_year}-priser, ikke tilbagediskonteret",
            "Net year by year, DKK at {price_year} prices, not discounted",
        ),
        "som.cumulative": ("Samlet", "Cumulative"),
        "som.committees": (
            "Kommunens netto efter udvalg, kr. i årets priser",
            "The municipality's net by committee, DKK at current prices",
        ),
        "som.committee": ("Udvalg", "Committee"),
        "som.no_committee": ("Uden udvalg", "No committee"),
        "som.published": ("Offentliggjorte tal", "Published figures"),
        "som.published_figure": ("Tal", "Figure"),
        "som.published_theirs": ("Offentliggjort", "Published"),
        "som.published_ours": ("Beregnet her", "Calculated here"),
        "som.published_same": ("Genskabt", "Reproduced"),
        "som.published_unknown": ("kan ikke beregnes", "cannot be calculated"),
        "som.published_note": (
            "Genskabt: vores tal afrundet som det offentliggjorte er det samme tal.",
            "Reproduced: our figure, rounded as the published one is, is the same figure.",
        ),
        "som.figure.net_total": ("Netto i alt, {payer}", "Net in all, {payer}"),
        "som.figure.net_per_participant": (
            "Netto pr. deltager, {payer}",
            "Net per participant, {payer}",
        ),
        "som.figure.cost_total": ("Omkostning i alt, {payer}", "Cost in all, {payer}"),
        "som.figure.cost_per_participant": (
            "Omkostning pr. deltager, {payer}",
            "Cost per participant, {payer}",
        ),
        "som.figure.benefit_total": ("Konsekvenser i alt, {payer}", "Consequences in all, {payer}"),
        "som.figure.benefit_per_participant": (
            "Konsekvenser pr. deltager, {payer}",
            "Consequences per participant, {payer}",
        ),
        "som.derived": ("vores sum", "our sum"),
        "som.agree": (
            "{n} deltagere x {per} = {product}: det passer med {total}, som de er afrundet.",
            "{n} participants x {per} = {product}: agrees with {total}, as they are rounded.",
        ),
        "som.disagree": (
            "{n} deltagere x {per} = {product}: det passer ikke med {total}.",
            "{n} participants x {per} = {product}: does not agree with {total}.",
        ),
        "som.switching": (
            "Succesrate, hvor nettoresultatet er 0 ({payer}): {rate}",
            "Success rate at which the net result is 0 ({payer}): {rate}",
        ),
        "som.sensitivity": (
            "Følsomhed, én ting ad gangen: netto for {payer}, kr.",
            "Sensitivity, one thing at a time: net of {payer}, DKK",
        ),
        "som.sensitivity_what": ("Hvad", "What"),
        "som.sensitivity_low": ("{share} lavere", "{share} lower"),
        "som.sensitivity_high": ("{share} højere", "{share} higher"),
        "som.sensitivity.success": ("Nettosuccesrate", "Net success rate"),
        "som.sensitivity.discount_rate": ("Diskonteringsrente", "Discount rate"),
        "som.sensitivity.cost": ("Omkostning: {label}", "Cost: {label}"),
        "som.sensitivity.consequence": ("Konsekvens: {label}", "Consequence: {label}"),
        "som.checks": (
            "{count} afstemninger, alle til øren.",
            "{count} checks, all to the øre.",
        ),
        "som.checks_failed": (
            "{failed} af {count} afstemninger gik ikke op.",
            "{failed} of {count} checks failed.",
        ),
        "som.limits": (
            "SØM regner uden indfasning, tilbagefald og pladsmangel; `som-sim bridge` viser, hvad "
            "de betyder.",
            "SØM calculates without phase-in, relapse and a lack of places; `som-sim bridge` shows "
            "what they mean.",
        ),
        "bridge.title": (
            "Fra SØM's svar til det simulerede: {strategy}, netto, kr.",
            "From SØM's answer to the simulated one: {strategy}, net, DKK",
        ),
        "bridge.origin": (
            "Sag {case} · scenarie {scenario} · som_sim {version}",
            "Case {case} · scenario {scenario} · som_sim {version}",
        ),
        "bridge.step": ("Trin", "Step"),
        "bridge.som": ("SØM's svar", "SØM's answer"),
        "bridge.static": (
            "Statisk simulering",
            "Static simulation",
        ),
        "bridge.phase_in": ("Indfasning", "Phase-in"),
        "bridge.relapse": ("Tilbagefald", "Relapse"),
        "bridge.places": ("Pladser", "Places"),
        "bridge.refund_rules": ("Refusionsregler", "Refund rules"),
        "bridge.price_level": ("Prisniveau", "Price level"),
        "bridge.other": ("Andet", "Other"),
        "bridge.simulated": ("Simuleret svar", "Simulated answer"),
        "bridge.view.current": ("årets priser", "current prices"),
        "bridge.view.constant": ("{year}-priser", "prices of {year}"),
        "bridge.view.discounted": (
            "{year}-priser, tilbagediskonteret",
            "prices of {year}, discounted",
        ),
        "bridge.note": (
            "Hvert trin føjer én ting til simuleringen og er forskellen til trinnet før, så "
            "trinnene giver forskellen præcist. Beløb i {view}. En anden rækkefølge fordeler "
            "forskellen anderledes på trinnene.",
            "Each step adds one thing to the simulation and is the difference from the step "
            "before, so the steps add up to the whole difference. Amounts in {view}. Another order "
            "shares the difference otherwise between the steps.",
        ),
        "bridge.figure_title": (
            "Fra SØM's svar til det simulerede: {strategy}",
            "From SØM's answer to the simulated one: {strategy}",
        ),
        "bridge.figure_subtitle": (
            "Netto for {payer}, {unit} i {view}; plus er en besparelse",
            "Net of {payer}, {unit} in {view}; plus is a saving",
        ),
    }
)
