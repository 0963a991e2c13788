"""Every sentence a user reads in a summary or a figure, in Danish and English, in one catalogue.

A text is looked up by key and language and filled with values that are already formatted
(`som_sim.core.formats`), so that a translator sees whole sentences. Messages about wrong input
are English only and live where they are raised.

Examples
--------
>>> text("target.goal_line", "da", goal="75", when="2022")
'Mål 75 (2022)'
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from som_sim.core.texts_budget import BUDGET_TEXTS
from som_sim.core.texts_calibration import CALIBRATION_TEXTS
from som_sim.core.texts_case import CASE
from som_sim.core.texts_case_money import CASE_MONEY
from som_sim.core.texts_chance import CHANCE_TEXTS
from som_sim.core.texts_checklist import CHECKLIST_TEXTS
from som_sim.core.texts_draws import DRAWS_TEXTS
from som_sim.core.texts_individual import INDIVIDUAL_TEXTS
from som_sim.core.texts_knowledge import KNOWLEDGE_TEXTS
from som_sim.core.texts_sensitivity import SENSITIVITY_TEXTS
from som_sim.core.texts_sheets import SHEET_TEXTS
from som_sim.core.texts_sight import SIGHT_TEXTS
from som_sim.core.texts_som import SOM_CATALOGUE
from som_sim.core.texts_trace import TRACE_TEXTS
from som_sim.core.texts_workbook import WORKBOOK_TEXTS
from som_sim.core.texts_writing import WRITING_TEXTS

LANGUAGES = ("da", "en")

PAYERS = ("kommune", "region", "stat", "fond", "borger", "public", "society")
"""Payers and the two sums over them, in the order in which every table shows them."""

CATALOGUE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **BUDGET_TEXTS,
        **INDIVIDUAL_TEXTS,
        **DRAWS_TEXTS,
        **SHEET_TEXTS,
        **CHANCE_TEXTS,
        **CHECKLIST_TEXTS,
        **SIGHT_TEXTS,
        **SENSITIVITY_TEXTS,
        **KNOWLEDGE_TEXTS,
        # who pays
        "payer.kommune": ("Kommunen", "Municipality"),
        "payer.region": ("Regionen", "Region"),
        "payer.stat": ("Staten", "State"),
        "payer.fond": ("Fonde", "Foundations"),
        "payer.borger": ("Borgeren", "Citizen"),
        "payer.public": ("Offentligt i alt", "Public total"),
        "payer.society": ("Samfundet i alt", "Society total"),
        # small words
        "yes": ("ja", "yes"),
        "no": ("nej", "no"),
        "none": ("–", "–"),
        "more": ("mere", "more"),
        "less": ("mindre", "less"),
        "total": ("I alt", "Total"),
        "year": ("År", "Year"),
        "at_most": ("højst {value}", "at most {value}"),
        "at_least": ("mindst {value}", "at least {value}"),
        "unlimited": ("ingen grænse", "no limit"),
        # head of the summary
        "summary.origin": (
            "Scenarie {digest} · som_sim {version} · hovedforløb: forventede tal",
            "Scenario {digest} · som_sim {version} · base case: expected numbers",
        ),
        "summary.origin_seed": (
            "Scenarie {digest} · som_sim {version} · startværdi (seed) {seed}",
            "Scenario {digest} · som_sim {version} · seed {seed}",
        ),
        "summary.written": (
            "Tabeller og figurer er skrevet i {directory}",
            "Tables and figures are written in {directory}",
        ),
        # targets
        "targets.title": ("Mål", "Targets"),
        "targets.strategy": ("Strategi", "Strategy"),
        "targets.expected": ("Forventet", "Expected"),
        "targets.met": ("Mål nået", "Goal met"),
        "targets.probability": ("Sandsynlighed", "Probability"),
        "targets.goal": (
            "{label}: mål {goal} ({when}), udgangspunkt {baseline}",
            "{label}: goal {goal} ({when}), baseline {baseline}",
        ),
        "targets.goal_only": ("{label}: mål {goal} ({when})", "{label}: goal {goal} ({when})"),
        "targets.days_from": ("{days} dage fra {date}", "{days} days from {date}"),
        "targets.during": ("{first} til {last}", "{first} to {last}"),
        "targets.note": (
            "Forventet er gennemsnittet af, hvad der kan ske. Sandsynlighed er sandsynligheden "
            "for, at det optalte opfylder målet.",
            "Expected is the average of what could happen. Probability is the chance that what is "
            "counted meets the goal.",
        ),
        "targets.small_numbers": (
            "Små tal svinger: uden nogen ændring fra {baseline} ville en tælling alligevel vise "
            "{goal} med {probability} sandsynlighed.",
            "Small numbers vary: with no change at all from {baseline}, a count would still show "
            "{goal} with probability {probability}.",
        ),
        "targets.small_share": (
            "Små tal svinger: uden nogen ændring fra {baseline} ville en optælling blandt {n} "
            "alligevel vise {goal} med {probability} sandsynlighed.",
            "Small numbers vary: with no change at all from {baseline}, a count among {n} would "
            "still show {goal} with probability {probability}.",
        ),
        # programmes
        "programmes.title": ("Indsatser", "Programmes"),
        "programmes.places": ("Pladser", "Places"),
        "programmes.in": ("I gang", "In it"),
        "programmes.enrolled": ("Optaget", "Taken in"),
        "programmes.waiting": ("Venter", "Waiting"),
        "programmes.note": (
            "Optaget er summen over alle år; de andre tal er det højeste på ét tidspunkt. Venter: "
            "de i målgruppen, der ikke blev optaget, mens indsatsen har pladser.",
            "Taken in is the sum of all years; the other figures are the most at one time. "
            "Waiting: those eligible who were not taken in, while the programme has places.",
        ),
        # places of states
        "places.title": ("For få pladser", "Too few places"),
        "places.short": (
            "{strategy}: pladserne i {state} slog ikke til i {count} af {total} perioder, den "
            "første fra {first}, den sidste fra {last}.",
            "{strategy}: places in {state} were short in {count} of {total} cycles, the first "
            "from {first}, the last from {last}.",
        ),
        # money
        "money.title": (
            "Udgifter og nettoresultat: {strategy}, {first}-{last}, kr. i {price_year}-priser",
            "Cost and net result: {strategy}, {first}-{last}, DKK at {price_year} prices",
        ),
        "money.payer": ("Betaler", "Payer"),
        "money.net": ("Netto", "Net"),
        "money.break_even": ("Tjent hjem", "Breaks even"),
        "money.never": ("ikke i perioden", "not in the period"),
        "money.never_behind": ("ingen merudgift", "no extra cost"),
        "money.note": (
            "Nettoresultat: plus er en besparelse i forhold til »{reference}«. Afrundet til hele "
            "kroner.",
            "Net result: plus is a saving compared with “{reference}”. Rounded to whole DKK.",
        ),
        "money.negative": (
            "En udgift med minus er penge, som betaleren modtager, for eksempel ydelser.",
            "A cost with a minus is money that the payer receives, such as benefits.",
        ),
        "money.by_year": (
            "Nettoresultat år for år: {strategy}, 1.000 kr. i løbende priser",
            "Net result year by year: {strategy}, DKK 1,000 at current prices",
        ),
        # outcome
        "days.title": ("Døgn i hjemløshed", "Days in homelessness"),
        "days.avoided": (
            "{strategy}: {days} færre døgn i hjemløshed ({reference}: {base}).",
            "{strategy}: {days} fewer days in homelessness ({reference}: {base}).",
        ),
        "days.added": (
            "{strategy}: {days} flere døgn i hjemløshed ({reference}: {base}).",
            "{strategy}: {days} more days in homelessness ({reference}: {base}).",
        ),
        "days.cost": (
            "Netto betaler det offentlige {cost} for hvert undgået døgn (faste "
            "{price_year}-priser, ikke diskonteret).",
            "Net, the public sector pays {cost} for each day avoided (constant {price_year} "
            "prices, undiscounted).",
        ),
        "days.saving": (
            "Netto sparer det offentlige {cost} for hvert undgået døgn (faste "
            "{price_year}-priser, ikke diskonteret).",
            "Net, the public sector saves {cost} for each day avoided (constant {price_year} "
            "prices, undiscounted).",
        ),
        # what is not money
        "values.title": (
            "Det, der ikke er penge: {strategy}",
            "What is not money: {strategy}",
        ),
        "values.change": (
            "{label}: {change} i forhold til »{reference}« ({base}).",
            "{label}: {change} compared with “{reference}” ({base}).",
        ),
        "values.change_discounted": (
            "{label}: {change}, tilbagediskonteret {discounted}, i forhold til »{reference}« "
            "({base}).",
            "{label}: {change}, discounted {discounted}, compared with “{reference}” ({base}).",
        ),
        "values.note": (
            "For hver enhed: tilbagediskonteret udgift i {price_year}-priser over "
            "tilbagediskonteret værdi.",
            "For each unit: discounted cost in {price_year} prices over discounted value.",
        ),
        "verdict.cheaper_and_better": ("billigere og bedre", "cheaper and better"),
        "verdict.cheaper_and_same": (
            "billigere, uden forskel i værdien",
            "cheaper, with no difference in the value",
        ),
        "verdict.cheaper_and_worse": (
            "sparer {cost} for hver enhed {less}",
            "saves {cost} for each unit {less}",
        ),
        "verdict.same_cost_and_better": ("bedre til samme udgift", "better at the same cost"),
        "verdict.same_cost_and_same": ("ingen forskel", "no difference"),
        "verdict.same_cost_and_worse": ("dårligere til samme udgift", "worse at the same cost"),
        "verdict.dearer_and_better": (
            "betaler {cost} for hver enhed {more}",
            "pays {cost} for each unit {more}",
        ),
        "verdict.dearer_and_same": (
            "dyrere, uden forskel i værdien",
            "dearer, with no difference in the value",
        ),
        "verdict.dearer_and_worse": ("dyrere og dårligere", "dearer and worse"),
        # grants
        "grants.title": (
            "Tilskud: {grant}, {strategy} (kr., løbende priser)",
            "Grant: {grant}, {strategy} (DKK, current prices)",
        ),
        "grants.award": ("Tilsagn", "Award"),
        "grants.paid": ("Udbetalt", "Paid"),
        "grants.used": ("Brugt", "Used"),
        "grants.returned": ("Tilbagebetalt", "Returned"),
        "grants.carried_out": ("Overført", "Carried over"),
        # reconciliation
        "checks.title": ("Afstemning", "Reconciliation"),
        "checks.fine": (
            "{count} kontroller, alle stemmer på øren.",
            "{count} checks, all to the øre.",
        ),
        "checks.failed": (
            "{failed} af {count} kontroller stemmer ikke:",
            "{failed} of {count} checks failed:",
        ),
        "checks.line": (
            "{strategy} · {check}: forventet {expected}, fundet {actual}, forskel {residual} "
            "({detail})",
            "{strategy} · {check}: expected {expected}, found {actual}, residual {residual} "
            "({detail})",
        ),
        "checks.more": (
            "… og {more} til i reconciliation.csv",
            "… and {more} more in reconciliation.csv",
        ),
        # limits
        "limits.title": ("Hvad tallene ikke siger", "What the numbers do not say"),
        "limits.1": (
            "Det er forventede tal fra en model af scenariets forudsætninger. Virkelige år "
            "svinger, og usikkerheden om effekterne er ikke regnet med her.",
            "These are expected numbers from a model of the scenario's assumptions. Real years "
            "vary, and uncertainty about the effects is not included here.",
        ),
        "limits.2": (
            "En besparelse bliver først til penge i kassen, når pladser og udgifter faktisk "
            "sættes ned.",
            "A saving becomes cash only when places and spending are in fact reduced.",
        ),
        "limits.3": (
            "Bedre helbred, tryghed og et længere liv er ikke omregnet til kroner.",
            "Better health, safety and a longer life are not turned into money.",
        ),
        # the figure of a target
        "target.subtitle": (
            "Forventet antal personer, {window}",
            "Expected number of persons, {window}",
        ),
        "target.window_days": ("talt over {days} dage", "counted over {days} days"),
        "target.window_moment": ("på en dag", "on one day"),
        "target.band": (
            "Farvet felt: 8 af 10 tællinger\nmed »{strategy}«\n({low} til {high} i {when})",
            "Shaded: 8 of 10 counts\nwith “{strategy}”\n({low} to {high} in {when})",
        ),
        "target.value": ("forventet {value} ({when})", "expected {value} ({when})"),
        "target.goal_line": ("Mål {goal} ({when})", "Goal {goal} ({when})"),
        "target.observed": ("talt {value}", "counted {value}"),
        "target.alt": (
            "Linjediagram: {label}. Forventet {when}: {expected}. Mål: {goal}.",
            "Line chart: {label}. Expected in {when}: {expected}. Goal: {goal}.",
        ),
        # the figure of the cumulative net result
        "net.title": (
            "Hvem sparer, og hvem betaler: {strategy}",
            "Who saves and who pays: {strategy}",
        ),
        "net.subtitle": (
            "Samlet nettoresultat siden {first} i {unit}, {price_year}-priser. Over nul er en "
            "besparelse i forhold til »{reference}«",
            "Cumulative net result since {first} in {unit}, {price_year} prices. Above zero is a "
            "saving compared with “{reference}”",
        ),
        "net.unit.million": ("mio. kr.", "DKK million"),
        "net.unit.thousand": ("1.000 kr.", "DKK 1,000"),
        "net.break_even": ("tjent hjem {year}", "breaks even {year}"),
        "net.no_break_even": (
            "Ingen af merudgifterne er tjent hjem ved udgangen af {last}",
            "No extra cost is earned back by the end of {last}",
        ),
        "net.alt": (
            "Linjediagram: samlet nettoresultat ved udgangen af {last}. {values}.",
            "Line chart: cumulative net result at the end of {last}. {values}.",
        ),
        "figure.origin": (
            "Kilde: {title}, scenarie {digest}, som_sim {version}",
            "Source: {title}, scenario {digest}, som_sim {version}",
        ),
        **WRITING_TEXTS,
        **CASE,
        **CASE_MONEY,
        **WORKBOOK_TEXTS,
        **SOM_CATALOGUE,
        **TRACE_TEXTS,
        **CALIBRATION_TEXTS,
    }
)


def check_language(lang: str) -> int:
    """Return the position of a language in every entry of the catalogue.

    Raises
    ------
    ValueError
        When the language is not one of `LANGUAGES`.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}; allowed: {', '.join(LANGUAGES)}")
    return LANGUAGES.index(lang)


def text(key: str, lang: str, **values: object) -> str:
    """Return the text of a key in a language, with its placeholders filled.

    Parameters
    ----------
    key
        A key of `CATALOGUE`.
    lang
        ``"da"`` or ``"en"``.
    **values
        One value for each placeholder, formatted for the same language.

    Raises
    ------
    KeyError
        When the key is not in the catalogue, or a placeholder has no value.
    ValueError
        When the language is unknown.
    """
    position = check_language(lang)
    if key not in CATALOGUE:
        raise KeyError(f"no text {key!r} in the catalogue")
    return CATALOGUE[key][position].format(**values)


def payer_name(payer: str, lang: str) -> str:
    """Return what a reader calls a payer; a payer without a text keeps its own name.

    Examples
    --------
    >>> payer_name("public", "da")
    'Offentligt i alt'
    """
    key = f"payer.{payer}"
    return text(key, lang) if key in CATALOGUE else payer


def way_out(name: str, lang: str) -> str:
    """Return what a reader calls a way of leaving the model.

    Examples
    --------
    >>> way_out("moved_away", "da"), way_out("to_prison", "da")
    ('Flytter væk', 'to prison')
    """
    key = f"flows.{name}"
    return text(key, lang) if key in CATALOGUE else name.replace("_", " ")


def one_line(written: str) -> str:
    r"""Return a user's text as one harmless line: control characters become spaces.

    A title may hold line ends, escape codes for terminals, or characters that XML forbids.

    Examples
    --------
    >>> one_line("ACT\x1b[31m i\n Randers")
    'ACT [31m i Randers'
    """
    shown = "".join(one if one.isprintable() else " " for one in written)
    return " ".join(shown.split())
