"""Scenarios that tests of the individual engine share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from random_scenarios import Data, small


def initial(**persons: Any) -> dict[str, Any]:
    """Return a population of adults by where they live."""
    return {
        "initial": [
            {"stratum": "adult", "housing": state, "persons": number}
            for state, number in persons.items()
        ]
    }


def two_domains(**sections: Any) -> Data:
    """Return people who move in two domains that depend on each other, arrive, age and leave."""
    return small(
        **{
            "domains": {
                "housing": {"shelter": {"homeless": True}, "sofa": None, "home": None},
                "work": {"benefits": None, "employed": None},
            },
            "leave": ["dead"],
            "strata": {"young": {"ages": {"to": "adult", "after": "3 years"}}, "adult": None},
            "population": {
                "initial": [
                    {"stratum": "young", "housing": "shelter", "work": "benefits", "persons": 30},
                    {"stratum": "adult", "housing": "home", "work": "employed",
                     "persons": Decimal("20.4")},
                    {"stratum": "adult", "housing": "sofa", "work": "benefits",
                     "persons": Decimal("9.6")},
                ],
                "arrivals": [
                    {"stratum": "young", "housing": "sofa", "work": "benefits", "per_year": 40}
                ],
            },
            "transitions": [
                {"from": {"housing": "shelter"}, "stay": {"mean": "61 days"},
                 "to": {"home": Decimal("0.4"), "sofa": Decimal("0.6")}},
                {"from": {"housing": "sofa"}, "to": "shelter", "rate_per_year": 2},
                {"from": {"housing": "home"}, "to": "sofa", "rate_per_year": 1,
                 "if": {"work": "benefits"}},
                {"from": {"work": "benefits"}, "to": "employed", "rate_per_year": 1,
                 "if": {"housing": "home"}},
                {"from": {"work": "employed"}, "to": "benefits", "rate_per_year": 3},
                {"from": {"housing": ["shelter", "sofa"]}, "to": "dead",
                 "rate_per_year": Decimal("0.2")},
            ],
            **sections,
        }
    )  # fmt: skip


def enrolling(**sections: Any) -> Data:
    """Return people among whom a third of those eligible start in a programme each month."""
    return two_domains(
        programmes={
            "act": {
                "eligible": {"housing": ["shelter", "sofa"]},
                "places": 1000,
                "intake": {"share_of_waiting": Decimal("0.3")},
                "stay": {"mean": "4 months"},
                "effects": [
                    {"from": {"housing": "shelter"}, "to": "home", "hazard_ratio": Decimal("2.5")}
                ],
            }
        },
        strategies={"reference": {"programmes": ["act"]}},
        **sections,
    )


def discrete(**sections: Any) -> Data:
    return small(
        time={"from": "2019-01", "to": "2019-12", "cycle": "month", "step": "discrete",
              "counting": "half_cycle"},
        leave=["dead"],
        population={
            "initial": [{"stratum": "adult", "housing": "shelter", "persons": 60}],
            "arrivals": [{"stratum": "adult", "housing": "shelter", "per_year": 30}],
        },
        transitions=[
            {"from": {"housing": "shelter"},
             "probabilities": {"home": Decimal("0.3"), "dead": Decimal("0.05")},
             "within": "1 month"},
            {"from": {"housing": "home"}, "to": "shelter", "probability": Decimal("0.1"),
             "within": "1 month"},
        ],
        **sections,
    )  # fmt: skip
