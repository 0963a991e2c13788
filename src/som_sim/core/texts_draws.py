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
        "draws.points": ("{points} procentpoint", "{points} percentage points"),
    }
)
