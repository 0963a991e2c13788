"""Texts about histories of single persons, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

INDIVIDUAL_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "individual.note": (
            "En person ad gangen: tallene er gennemsnit af {n} forløb, og sandsynligheder er "
            "andelen af forløb. Hvor sikre de er, står i replicates.csv.",
            "One person at a time: figures are means of {n} histories, and probabilities are "
            "shares of histories. How sure they are stands in replicates.csv.",
        ),
    }
)
