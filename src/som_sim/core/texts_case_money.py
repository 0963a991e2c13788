"""Sentences of an investment case about money and grants, in Danish and English.

Part of the catalogue in `som_sim.core.texts`, by whose functions it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CASE_MONEY: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # economy
        "economy.none": (
            "Scenariet har ingen priser, så der er ingen økonomi at vise.",
            "The scenario has no prices, so there is no economy to show.",
        ),
        "economy.how": (
            "Plus er en besparelse i forhold til »{reference}«, minus en merudgift. Refusion "
            "flytter "
            "penge mellem betalerne uden at ændre summen.",
            "Plus is a saving compared with “{reference}”, minus an extra cost. What one payer "
            "refunds another moves money without changing the sum.",
        ),
        "money.net_discounted": ("Netto, tilbagediskonteret", "Net, discounted"),
        "net.caption": (
            "Samlet nettoresultat år for år: {strategy}",
            "Cumulative net result: {strategy}",
        ),
        "net.caption_short": ("Samlet nettoresultat år for år", "Cumulative net result by year"),
        "key.caption": ("Nøgletal: {strategy}", "Key figures: {strategy}"),
        "key.present_value": ("Nutidsværdi, kr.", "Net present value, DKK"),
        "key.peak": ("Største udlæg, kr.", "Peak funding need, DKK"),
        "key.peak_at": ("Tidspunkt", "When"),
        "key.ratio": ("Gevinst pr. krone", "Gain per krone"),
        "key.participant": ("Netto pr. deltager, kr.", "Net per participant, DKK"),
        "key.day": ("Netto pr. undgået døgn, kr.", "Net per day avoided, DKK"),
        "key.note": (
            "Nutidsværdi er det samlede nettoresultat, tilbagediskonteret til {base_year}. "
            "Gevinst pr. krone er "
            "tilbagediskonterede gevinster delt med udgifter. Største udlæg er det mest, en "
            "betaler har lagt ud på ét tidspunkt, i løbende priser.",
            "Present value is the net result, discounted to {base_year}. Gain per krone is "
            "discounted gains over "
            "costs. Peak funding need is the most that a payer is out of pocket at one time, at "
            "current prices.",
        ),
        "key.dash_sum": (
            "– i de sidste to kolonner: udlæg opgøres for hver betaler, ikke for en sum af "
            "betalere.",
            "– in the last two columns: funding need is stated for each payer, not for a sum of "
            "payers.",
        ),
        "key.dash_ratio": (
            "– under gevinst pr. krone: betaleren har ingen udgift at måle gevinsten mod.",
            "– for gain per krone: the payer has no cost to hold the gain against.",
        ),
        "key.dash_participant": (
            "– under netto pr. deltager: ingen kommer ind i indsatsen.",
            "– for net per participant: nobody enters the programme.",
        ),
        "key.dash_day": (
            "– under netto pr. undgået døgn: ingen døgn i hjemløshed undgås.",
            "– for net per day avoided: no days in homelessness are avoided.",
        ),
        "key.never_out": ("intet udlæg", "no outlay"),
        "purpose.no_baseline": ("ikke oplyst", "not stated"),
        "rules.always": ("ikke oplyst", "not stated"),
        "rules.still": ("indtil videre", "until further notice"),
        "funding.caption": ("Hvis en rate falder bort", "If a tranche falls away"),
        "funding.case": ("Hvad sker der", "What happens"),
        "funding.grants": ("Tilskud", "Grants"),
        "funding.as_awarded": ("Alle rater kommer", "Every tranche comes"),
        "funding.none": ("Ingen betinget rate kommer", "No conditional tranche comes"),
        "funding.expected": (
            "Forventet, efter chancen for hver",
            "Expected, by the chance of each",
        ),
        "funding.without": ("Uden {grant} {year}", "Without {grant} {year}"),
        "cash.title": ("Nettoresultat år for år: {strategy}", "Net result by year: {strategy}"),
        "cash.subtitle": (
            "{unit}, løbende priser. Over nul er en besparelse i forhold til »{reference}«",
            "{unit}, current prices. Above zero is a saving compared with “{reference}”",
        ),
        "cash.total": ("i alt {total}", "total {total}"),
        "cash.caption": (
            "Nettoresultat efter år og betaler: {strategy}",
            "Net result by year and payer: {strategy}",
        ),
        "cash.numbers": (
            "Nettoresultat efter år og betaler, kr. i løbende priser: {strategy}",
            "Net result by year and payer, DKK at current prices: {strategy}",
        ),
        "cash.alt": (
            "Søjlediagram over nettoresultatet for hver betaler i hvert år: {strategy}. Tallene "
            "står i tabellen under figuren.",
            "Bar chart of the net result of each payer in each year: {strategy}. The numbers stand "
            "in the table below the figure.",
        ),
        "fall.title": ("Hvad resultatet består af: {payer}", "What the result is made of: {payer}"),
        "fall.subtitle": (
            "{unit}, løbende priser, hele perioden: »{strategy}« i forhold til »{reference}«",
            "{unit}, current prices, whole period: “{strategy}” compared with “{reference}”",
        ),
        "fall.net": ("Netto", "Net"),
        "fall.kroner": ("Kr.", "DKK"),
        "fall.caption": (
            "Hvad nettoresultatet består af: {payer}",
            "What the net result is made of: {payer}",
        ),
        "fall.numbers": (
            "Nettoresultat efter konto, løbende priser: {payer}",
            "Net result by account, current prices: {payer}",
        ),
        "fall.cash": (
            "En besparelse på pladser bliver først til penge, når pladserne lukkes eller sælges.",
            "A saving on places becomes cash only when the places are closed or sold.",
        ),
        "fall.alt": (
            "Vandfaldsdiagram fra merudgifter og besparelser på hver konto til nettoresultatet: "
            "{payer}. Tallene står i tabellen under figuren.",
            "Waterfall chart from extra costs and savings on each account to the net result: "
            "{payer}. The numbers stand in the table below the figure.",
        ),
        "savings.gross": ("Beregnet", "Calculated"),
        "savings.stays": ("Faste udgifter bliver", "Fixed costs stay"),
        "savings.avoidable": ("Kan undgås", "Avoidable"),
        "savings.waits": ("Frigøres først senere", "Freed only later"),
        "savings.cashable": ("Kan blive til penge", "Cashable"),
        "savings.title": (
            "Fra beregnet besparelse til penge: {payer}",
            "From calculated saving to cash: {payer}",
        ),
        "savings.figure": (
            "Fra beregnet besparelse til penge i kassen: {payer}",
            "From calculated saving to cash: {payer}",
        ),
        "savings.caption": (
            "Beregnet besparelse, og hvad der kan blive til penge: {strategy}",
            "Calculated saving, and what can become cash: {strategy}",
        ),
        "savings.note": (
            "Kr. i løbende priser, hele perioden. Pladser lukkes i hele blokke og med varsel; kun "
            "det, der da falder bort, kan bruges til andet.",
            "DKK at current prices, whole period. Places close in whole blocks and with notice; "
            "only what then falls away can be spent on something else.",
        ),
        "savings.alt": (
            "Vandfaldsdiagram fra beregnet nettoresultat til det, der kan blive til penge: "
            "{payer}. Tallene står i tabellen under figuren.",
            "Waterfall chart from the calculated net result to what can become cash: {payer}. The "
            "numbers stand in the table below the figure.",
        ),
        "method.diagram": ("Modellen: steder og flytninger", "The model: states and moves"),
        "spread.figure": ("Tal", "Figure"),
        "spread.base": ("Hovedforløb", "Base case"),
        "spread.median": ("Median", "Median"),
        "spread.low": ("Fra", "From"),
        "spread.high": ("Til", "To"),
        "spread.days": ("Undgåede døgn i hjemløshed", "Homeless days avoided"),
        "spread.caption": ("Usikkerheden om forudsætningerne", "Uncertainty of the assumptions"),
        "spread.note": (
            "Fra og til rummer 95 % af trækningerne. Intervaller kan ikke lægges sammen. "
            "Sandsynlighed: for at målet nås, eller for at tallet er over nul.",
            "From and to hold 95% of the draws. Intervals do not add up. Probability: of meeting "
            "the goal, or of a figure above zero.",
        ),
        "committee": ("Udvalg", "Committee"),
        "committee.none": ("Uden udvalg", "No committee"),
        "committee.caption": (
            "Kommunens nettoresultat efter udvalg, kr. i løbende priser: {strategy}",
            "The municipality's net result by committee, DKK at current prices: {strategy}",
        ),
        # accounts
        "account.grant": ("Tilskud", "Grant"),
        "account.forsorgshjem": ("Forsorgshjem", "Shelters"),
        "account.egenbetaling": ("Egenbetaling", "User charges"),
        "account.kontanthjaelp": ("Kontanthjælp", "Social assistance"),
        "account.doegnbehandling": ("Døgnbehandling", "Residential treatment"),
        "account.mestringsvejledning": ("Mestringsvejledning", "Coping mentors"),
        "account.act_team": ("ACT-team", "ACT team"),
        "account.regionspsykiatri": ("Regionspsykiatri", "Regional psychiatry"),
        "account.bostoette": ("Bostøtte", "Housing support"),
        # grant
        "grant.none": (
            "Der indgår intet tilskud: betalerne bærer selv udgiften.",
            "There is no grant: the payers bear the cost themselves.",
        ),
        "grant.about": (
            "{grant}: {total} i alt fra {funder} til {to}. Ubrugte midler {unspent}.",
            "{grant}: {total} in all from {funder} to {to}. Unspent money {unspent}.",
        ),
        "grant.returned": (
            "betales tilbage ved årets udgang",
            "is returned at the end of the year",
        ),
        "grant.carried": (
            "overføres til næste år, hvilket kræver godkendelse, og betales tilbage efter sidste "
            "rate",
            "is carried to the next year, which takes approval, and returned after the last "
            "tranche",
        ),
        "grants.covered": ("Dækkede udgifter", "Covered cost"),
        "grant.own": ("Egenfinansiering", "Own financing"),
        "budget.caption": (
            "Budget for de udgifter, der dækkes: {grant}",
            "Budget of the covered costs: {grant}",
        ),
        "budget.item": ("Post", "Item"),
        "budget.quantity": ("Mængde", "Quantity"),
        "budget.unit": ("Enhed", "Unit"),
        "budget.price": ("Pris pr. enhed", "Unit price"),
        "budget.amount": ("Beløb, kr.", "Amount, DKK"),
        "budget.note": ("Bemærkning", "Note"),
        "budget.prices": (
            "Løbende priser, før refusion. Prisen er den højeste i året.",
            "Current prices, before refunds. The price is the highest of the year.",
        ),
        "quarter.caption": (
            "Dækkede udgifter efter kvartal, kr. i løbende priser: {grant}",
            "Covered cost by quarter, DKK at current prices: {grant}",
        ),
        "unit.person_day": ("persondøgn", "person-day"),
        "unit.person_month": ("personmåned", "person-month"),
        "unit.person_year": ("personår", "person-year"),
        "unit.entry": ("indtræden", "entry"),
        "unit.move": ("flytning", "move"),
        "unit.place_day": ("pladsdøgn", "place-day"),
        "unit.place_month": ("pladsmåned", "place-month"),
        "unit.place_year": ("pladsår", "place-year"),
        "unit.enrolment": ("optagelse", "enrolment"),
        "unit.hour": ("time", "hour"),
        "unit.month": ("måned", "month"),
        "unit.quarter": ("kvartal", "quarter"),
        "unit.year": ("år", "year"),
        "unit.once": ("én gang", "once"),
    }
)
