"""What a chance was taken from, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CHANCE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "chance_from.all": ("Sandsynlighed: {how}.", "Probability: {how}."),
        "chance_from.some": (
            "Sandsynlighed, {strategies}: {how}.",
            "Probability, {strategies}: {how}.",
        ),
        "chance_from.known": (
            "binomial for dem, der er der fra begyndelsen, og Poisson for dem, der kommer til; "
            "ingen venter på plads",
            "binomial for those there at the start and Poisson for those who arrive; nobody "
            "waits for a place",
        ),
        "chance_from.poisson_upper_bound": (
            "Poisson, en øvre grænse for, hvor meget optællingen svinger",
            "Poisson, an upper bound of how much the count varies",
        ),
        "chance_from.poisson": (
            "Poisson; samme person kan tælle flere gange, så tallet kan svinge mere",
            "Poisson; one person can be counted several times, so the number can vary more",
        ),
        "chance_from.binomial": (
            "binomial blandt dem, andelen er taget af",
            "binomial among those the share is taken among",
        ),
        "chance_from.histories": (
            "andelen af forløb, hvor optællingen når målet",
            "the share of histories in which the count meets the goal",
        ),
    }
)
