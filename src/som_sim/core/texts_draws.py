"""What the summary says of a run with draws, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DRAWS_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "draws.title": (
            "Usikkerhed: {n} trækninger af {parameters} usikre parametre (startværdi {seed})",
            "Uncertainty: {n} draws of {parameters} uncertain parameters (seed {seed})",
        ),
        "draws.target": ("{label}: mål {goal}", "{label}: goal {goal}"),
        "draws.strategy": ("Strategi", "Strategy"),
        "draws.base": ("Hovedforløb", "Base case"),
        "draws.median": ("Median", "Median"),
        "draws.interval": ("95 %-interval", "95% interval"),
        "draws.counted": ("Optælling, 95 %", "Counted, 95%"),
        "draws.met": ("Mål nås", "Goal met"),
        "draws.difference": ("Forskel", "Difference"),
        "draws.difference_row": ("{strategy} - {reference}", "{strategy} - {reference}"),
        "draws.money": (
            "Nettoresultat {first}-{last}, {strategy}, kr. i {price_year}-priser",
            "Net result {first}-{last}, {strategy}, DKK at {price_year} prices",
        ),
        "draws.payer": ("Betaler", "Payer"),
        "draws.positive": ("Over 0", "Above 0"),
        "draws.avoided": (
            "Hjemløse døgn undgået, {strategy}: {median} ({low} til {high}); {probability} "
            "sandsynlighed for færre end i {reference}.",
            "Homeless days avoided, {strategy}: {median} ({low} to {high}); {probability} "
            "probability of fewer than in {reference}.",
        ),
        "draws.note": (
            "Median og interval er hvert tals egne og kan ikke lægges sammen. Intervallet rummer "
            "kun usikkerheden i de parametre, der har en fordeling i filen; 'Optælling' og 'Mål "
            "nås' rummer også tilfældigheden i et optalt antal. Alle strategier har de samme "
            "trækninger.",
            "Each figure has a median and an interval of its own, which do not add up. An interval "
            "holds only the uncertainty of the parameters that have a distribution in the file; "
            "'Counted' and 'Goal met' also hold the chance in a number counted. All strategies "
            "have the same draws.",
        ),
        "draws.error": (
            "Medianen er kendt på nær {median} og sandsynligheden på nær {probability} (to "
            "standardfejl af trækningerne).",
            "The median is known to within {median} and the probability to within {probability} "
            "(two standard errors of the draws).",
        ),
        "draws.fan": (
            "95 % af optællinger, {strategy}:\n{low} - {high} ({when})",
            "95% of counts, {strategy}:\n{low} - {high} ({when})",
        ),
        "draws.fan_note": (
            "Felterne rummer 50 og 95 % af trækningerne af det forventede tal, med medianen; "
            "stregerne 50 og 95 % af det, der optælles",
            "The shades hold 50 and 95% of the draws of the expected number, with the median; the "
            "bars 50 and 95% of what is counted",
        ),
        "draws.goal_title": (
            "{label}: sandsynligheden for målet",
            "{label}: the probability of the goal",
        ),
        "draws.goal_subtitle": (
            "Sandsynlighed i % for, at årets optælling opfylder målet ({goal})",
            "Probability in % that the count of the year meets the goal ({goal})",
        ),
        "draws.goal_label": ("{strategy}: {chance}", "{strategy}: {chance}"),
        "draws.goal_caption": (
            "Sandsynligheden for målet år for år, {label}",
            "The probability of the goal year by year, {label}",
        ),
        "draws.goal_alt": (
            "{label}: sandsynlighed for målet ved den sidste optælling: {told}",
            "{label}: probability of the goal at the last count: {told}",
        ),
        "draws.points": ("{points} procentpoint", "{points} percentage points"),
    }
)
