"""Laws of the length of stay in closed form, and the bound that tests hold lengths to."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from random_scenarios import Data
from som_sim.engine.individual.simulate import history_events
from som_sim.model.model import Model

FALSE_ALARM = 1e-6
MEAN = 61.0
PEOPLE = 1500
END = 365
LAWS: dict[str, tuple[Data, Any]] = {
    "weibull": (
        {"weibull": {"shape": Decimal("0.7")}},
        stats.weibull_min(0.7, scale=MEAN / math.gamma(1 + 1 / 0.7)),
    ),
    "weibull above 1": (
        {"weibull": {"shape": Decimal("2.5")}},
        stats.weibull_min(2.5, scale=MEAN / math.gamma(1 + 1 / 2.5)),
    ),
    "weibull of shape 1": ({"weibull": {"shape": 1}}, stats.expon(scale=MEAN)),
    "lognormal": (
        {"lognormal": {"sd": "90 days"}},
        stats.lognorm(
            math.sqrt(math.log1p((90 / MEAN) ** 2)),
            scale=MEAN / math.sqrt(1 + (90 / MEAN) ** 2),
        ),
    ),
    "gamma": (
        {"gamma": {"sd": "40 days"}},
        stats.gamma((MEAN / 40) ** 2, scale=40**2 / MEAN),
    ),
}  # fmt: skip


def days_of(model: Model, seed: int = 1) -> NDArray[np.float64]:
    """Return when people move in one history, in days; those who never do are left out."""
    events = history_events(model, 0, seed)
    return events.time[events.kind >= 0]


def assert_follows(days: NDArray[np.float64], persons: int, survival: Any, end: float) -> None:
    """Hold the empirical distribution within the Dvoretzky-Kiefer-Wolfowitz bound."""
    bound = math.sqrt(math.log(2 / FALSE_ALARM) / (2 * persons))
    at = np.sort(days)
    left = 1 - survival(at)
    n = np.arange(len(at))
    gap = max(abs((n + 1) / persons - left).max(), abs(n / persons - left).max())
    assert gap < bound
    assert abs(len(at) / persons - (1 - survival(np.array(end)))) < bound


def act(ratio: str) -> Data:
    """Return a programme that everybody is in from the start and never leaves."""
    effect = {"from": {"housing": "shelter"}, "to": "home", "hazard_ratio": Decimal(ratio)}
    return {
        "programmes": {
            "act": {"eligible": {"housing": "shelter"}, "places": 100_000,
                    "intake": {"share_of_waiting": 1}, "effects": [effect]}
        },
        "strategies": {"reference": {"programmes": ["act"]}},
    }  # fmt: skip
