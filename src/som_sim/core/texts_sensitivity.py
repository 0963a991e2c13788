"""What a sensitivity analysis says, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SENSITIVITY_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "tornado.heading": (
            "Følsomhed: én forudsætning ad gangen, {strategy}",
            "Sensitivity: one assumption at a time, {strategy}",
        ),
        "tornado.how": (
            "Hver usikker forudsætning er sat til sin lave og sin høje værdi, mens alt andet står "
            "som i hovedforløbet. Lav og høj er enderne af de midterste {level} af dens fordeling.",
            "Each uncertain assumption is set to its low and its high value, with all else as in "
            "the base case. Low and high are the ends of the middle {level} of its distribution.",
        ),
        "tornado.how_range": (
            "For {names} er lav og høj angivet ved beregningen.",
            "For {names} low and high were stated with the calculation.",
        ),
        "tornado.how_prices": (
            "Priser er sat {share} lavere og højere.",
            "Prices are set {share} lower and higher.",
        ),
        # outcomes
        "tornado.net": ("{payer}, nettoresultat i {view}", "{payer}, net result in {view}"),
        "tornado.view.constant": ("{price_year}-priser", "{price_year} prices"),
        "tornado.view.current": ("årets priser", "each year's prices"),
        "tornado.view.discounted": ("nutidsværdi", "present value"),
        "tornado.target": ("{label}, forventet antal", "{label}, expected number"),
        "tornado.target_share": ("{label}, forventet andel", "{label}, expected share"),
        "tornado.chance": ("{label}, chancen for målet", "{label}, chance of the goal"),
        "tornado.days": ("Undgåede hjemløse døgn", "Homeless days avoided"),
        "tornado.cost_per_day": (
            "Hvad et undgået hjemløst døgn koster det offentlige",
            "What a homeless day avoided costs the public",
        ),
        "tornado.value": ("{label}, forskel", "{label}, difference"),
        "tornado.unit.kroner": ("kr.", "DKK"),
        "tornado.unit.persons": ("personer", "persons"),
        "tornado.unit.share": ("andel", "share"),
        "tornado.unit.days": ("døgn", "days"),
        "tornado.unit.units": ("enheder", "units"),
        "tornado.base": (
            "{outcome}: {value} i hovedforløbet.",
            "{outcome}: {value} in the base case.",
        ),
        # the table
        "tornado.assumption": ("Forudsætning", "Assumption"),
        "tornado.range": ("Lav – høj", "Low – high"),
        "tornado.low": ("Lav", "Low"),
        "tornado.stated": ("Hovedforløb", "Base"),
        "tornado.high": ("Høj", "High"),
        "tornado.unit": ("Enhed", "Unit"),
        "tornado.at_low": ("Ved lav", "At low"),
        "tornado.at_high": ("Ved høj", "At high"),
        "tornado.span": ("Spænd", "Span"),
        "tornado.grade": ("Evidens", "Grade"),
        "tornado.source": ("Kilde", "Source"),
        "tornado.turns.net": ("0 ved", "0 at"),
        "tornado.turns.days": ("0 ved", "0 at"),
        "tornado.turns.target": ("Mål nås ved", "Goal met at"),
        "tornado.turns": ("Vender ved", "Turns at"),
        "tornado.no_turn": ("nej", "no"),
        "tornado.unknown": ("?", "?"),
        "tornado.none.net": (
            "Ingen af dem giver alene et nettoresultat på 0 inden for sit spænd.",
            "None of them alone makes the net result 0 within its range.",
        ),
        "tornado.none.days": (
            "Ingen af dem giver alene 0 undgåede døgn inden for sit spænd.",
            "None of them alone makes the days avoided 0 within its range.",
        ),
        "tornado.none.target": (
            "Ingen af dem når alene målet {goal} inden for sit spænd.",
            "None of them alone meets the goal of {goal} within its range.",
        ),
        "tornado.found.net": (
            "Nettoresultatet er 0 ved: {where}. For de andre er der ingen sådan værdi inden for "
            "spændet.",
            "The net result is 0 at: {where}. For the others there is no such value within the "
            "range.",
        ),
        "tornado.found.days": (
            "De undgåede døgn er 0 ved: {where}. For de andre er der ingen sådan værdi inden for "
            "spændet.",
            "The days avoided are 0 at: {where}. For the others there is no such value within the "
            "range.",
        ),
        "tornado.found.target": (
            "Det forventede er lig målet {goal} ved: {where}. For de andre er der ingen sådan "
            "værdi inden for spændet.",
            "The expected value equals the goal of {goal} at: {where}. For the others there is no "
            "such value within the range.",
        ),
        "tornado.where": ("{name} {value}", "{name} {value}"),
        "tornado.no_influence": (
            "Uden betydning for dette: {names}.",
            "Without influence on this: {names}.",
        ),
        # what stays
        "tornado.stays": ("Hvad der ikke er prøvet", "What was not tried"),
        "tornado.left_out": (
            "Uden angivet usikkerhed, så de er ikke prøvet: {names}.",
            "Without a stated uncertainty, so not tried: {names}.",
        ),
        "tornado.left_rest": (
            "Heller ikke prøvet: {what}tal, der står direkte i scenariet (fx personer ved start, "
            "tilgang, pladser og andele).",
            "Not tried either: {what}numbers that stand in the scenario itself (such as people at "
            "the start, arrivals, places and shares).",
        ),
        "tornado.left_prices": ("priserne ({count}), ", "the prices ({count}), "),
        "tornado.left_counts": (
            "andele talt i scenariet ({count} overgange), ",
            "shares counted in the scenario ({count} transitions), ",
        ),
        "tornado.together": (
            "Disse hænger sammen og er her ændret én ad gangen: {groups}. Sammen kan de flytte "
            "mere eller mindre.",
            "These go together and are here changed one at a time: {groups}. Together they can "
            "move more or less.",
        ),
        # the figure
        "tornado.title": ("Hvad flytter mest? {outcome}", "What moves it most? {outcome}"),
        "tornado.subtitle": (
            "{strategy}, {unit}: én forudsætning ad gangen fra lav (orange) til høj (blå); "
            "tallet ved søjlens ende er forudsætningens værdi.",
            "{strategy}, {unit}: one assumption at a time from low (orange) to high (blue); "
            "the number at a bar's end is the assumption's value.",
        ),
        "tornado.base_line": ("Hovedforløb {value}", "Base {value}"),
        "tornado.goal_line": ("Mål {value}", "Goal {value}"),
        "tornado.zero_line": ("0", "0"),
        "tornado.graded": ("evidens {grade}", "grade {grade}"),
        "tornado.column": ("ved lav → ved høj", "at low → at high"),
        "tornado.in_unit": ("{name}, {unit}", "{name}, {unit}"),
        "tornado.points": ("{value} procentpoint", "{value} points"),
        "tornado.more": (
            "Yderligere {count} med mindre betydning er ikke vist.",
            "{count} more, of less influence, not shown.",
        ),
        "tornado.alt": (
            "Søjler for hver forudsætning, den længste øverst. {outcome} er {base} i "
            "hovedforløbet. {bars}.",
            "Bars for each assumption, the longest on top. {outcome} is {base} in the base case. "
            "{bars}.",
        ),
        "tornado.alt_bar": ("{name}: fra {low} til {high}", "{name}: from {low} to {high}"),
        # the case and the workbook
        "tornado.alone": (
            "Her prøves én forudsætning ad gangen. Hvor usikkert resultatet er, når alt er "
            "usikkert på én gang, viser en kørsel med mange træk.",
            "Here one assumption is tried at a time. How uncertain the result is with everything "
            "uncertain at once is shown by a run with many draws.",
        ),
        "tornado.caption": (
            "Én forudsætning ad gangen: {outcome}",
            "One assumption at a time: {outcome}",
        ),
        "tornado.prices_caption": (
            "Priser {share} lavere og højere: {outcome}",
            "Prices {share} lower and higher: {outcome}",
        ),
        "tornado.less_base": ("forskel fra hovedforløbet", "less the base"),
        "tornado.price": ("Pris", "Price"),
        "tornado.prices_note": (
            "Priser med samme beløb, enhed, konto og prisår ændres sammen.",
            "Prices of the same amount, unit, account and price year change together.",
        ),
        "sheet.sensitivity": ("Følsomhed", "Sensitivity"),
        "sheet.sensitivity_note": (
            "Tallene er fra kørsler med én ændret forudsætning ad gangen. De ændrer sig ikke, når "
            "forudsætninger ændres i arbejdsbogen: hvad der flytter mennesker, kræver en ny "
            "kørsel.",
            "The figures are from runs with one assumption changed at a time. They do not change "
            "with the assumptions of this workbook: what moves people takes a new run.",
        ),
        # everything at once
        "importance.heading": (
            "Alt usikkert på én gang: {count} træk (frø {seed})",
            "Everything uncertain at once: {count} draws (seed {seed})",
        ),
        "importance.how": (
            "Andelen er den del af resultatets usikkerhed (varians), som forudsætningen alene "
            "forklarer. Værdien af at vide er, hvad betaleren i gennemsnit vinder ved at kende "
            "forudsætningen, før der vælges.",
            "The share is the part of the outcome's uncertainty (variance) that the assumption "
            "alone explains. The worth of knowing is what the payer gains on average by knowing "
            "the assumption before choosing.",
        ),
        "importance.share": ("Andel", "Share"),
        "importance.rank": ("Rangkorrelation", "Rank correlation"),
        "importance.worth": ("Værdi af at vide, kr.", "Worth of knowing, DKK"),
        "importance.worth_of_all": (
            "At vide alt ville være {worth} kr. værd for betaleren.",
            "Knowing everything would be worth DKK {worth} to the payer.",
        ),
        # units
        "unit_word.per": ("pr.", "per"),
        "unit_word.hours": ("timer", "hours"),
        "unit_word.hour": ("time", "hour"),
        "unit_word.days": ("dage", "days"),
        "unit_word.day": ("dag", "day"),
        "unit_word.weeks": ("uger", "weeks"),
        "unit_word.week": ("uge", "week"),
        "unit_word.months": ("måneder", "months"),
        "unit_word.month": ("måned", "month"),
        "unit_word.years": ("år", "years"),
        "unit_word.year": ("år", "year"),
        "unit_word.persons": ("personer", "persons"),
        "unit_word.person": ("person", "person"),
        "unit_word.kroner": ("kr.", "kroner"),
        "unit_word.share": ("andel", "share"),
        "unit_word.probability": ("sandsynlighed", "probability"),
        "unit_word.ratio": ("forhold", "ratio"),
    }
)
