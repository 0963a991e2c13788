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
        "draws.histories": (
            "Hver trækning er kørt som {n} forløb. Støjen af så få er taget ud af medianer og "
            "intervaller; er et interval ét tal, drukner parametrene i den. 'Optælling' og 'Mål "
            "nås' er de optalte forløb.",
            "Each draw is run as {n} histories. The noise of so few is taken out of medians and "
            "intervals; where an interval is one number the parameters drown in it. 'Counted' and "
            "'Goal met' are the histories as counted.",
        ),
        "monte_carlo.net": (
            "Tilfældighed i forløbene, netto (95 %): {told}. Flere forløb (--replicates) gør den "
            "mindre.",
            "Chance of the histories, net (95%): {told}. More histories (--replicates) make it "
            "smaller.",
        ),
        "monte_carlo.payer": ("{payer} ± {error}", "{payer} ± {error}"),
        "monte_carlo.days": (
            "Tilfældighed i forløbene (95 %): ± {days} døgn.",
            "Chance of the histories (95%): ± {days} days.",
        ),
        "monte_carlo.days_cost": (
            "Tilfældighed i forløbene (95 %): prisen pr. døgn {low} til {high}; ± {days} døgn.",
            "Chance of the histories (95%): the price of a day {low} to {high}; ± {days} days.",
        ),
        "monte_carlo.unsure": (
            "Tilfældighed i forløbene (95 %): ± {days} døgn; prisen pr. døgn er ikke kendt med så "
            "få forløb.",
            "Chance of the histories (95%): ± {days} days; with so few histories the price of a "
            "day is not known.",
        ),
        "monte_carlo.value": (
            "Tilfældighed i forløbene (95 %), forskellen: {told}.",
            "Chance of the histories (95%), the difference: {told}.",
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
