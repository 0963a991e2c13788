"""People of full states who wait for each other's places change places."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from individuals import initial
from random_scenarios import Data, model_of, small
from som_sim.engine.individual.run import FIELDS, run_individual
from som_sim.engine.individual.simulate import history_events
from som_sim.engine.individual.state import QUEUED

PER_YEAR = 24


def ring(states: int, **sections: Any) -> Data:
    """Return states of one place with one person each, who all want to go to the next."""
    names = [f"house_{number}" for number in range(states)]
    return small(
        **{
            "time": {"from": "2019-01", "to": "2022-12", "cycle": "quarter"},
            "domains": {
                "housing": {
                    name: {"places": 1, **({"homeless": True} if name == "house_0" else {})}
                    for name in names
                }
            },
            "population": initial(**dict.fromkeys(names, 1)),
            "transitions": [
                {"from": {"housing": one}, "to": other, "rate_per_year": PER_YEAR}
                for one, other in zip(names, [*names[1:], names[0]], strict=True)
            ],
            **sections,
        }
    )


@pytest.mark.parametrize("states", [2, 3])
def test_a_ring_turns_when_its_last_wants_to(states: int) -> None:
    """Each turn takes the longest of so many exponential times; nobody moves alone."""
    replicates, years = 60, 4
    run = run_individual(model_of(ring(states)), replicates, seed=1)
    flows = run.flows[0].sum(axis=1)
    assert (flows == flows[:, :1]).all()  # all edges of a history, equally often
    mean = float(sum(Fraction(1, k) for k in range(1, states + 1))) / PER_YEAR
    variance = sum(1 / k**2 for k in range(1, states + 1)) / PER_YEAR**2
    turns = years / mean
    error = math.sqrt(turns * variance / mean**2 / replicates)
    start = (variance / mean**2 - 1) / 2  # of a renewal process that begins anew
    assert flows[:, 0].mean() == pytest.approx(turns + start, abs=5 * error)
    assert (run.occupancy[0].sum(axis=(1, 2)) == 1).all()


def test_who_waits_outside_keeps_their_turn() -> None:
    """One from the street is first in line; those inside change places meanwhile, not instead."""
    data = ring(2)
    data["domains"]["housing"]["street"] = {"homeless": True}
    data["population"] = initial(house_0=1, house_1=1, street=1)
    data["transitions"].append(
        {"from": {"housing": "street"}, "to": "house_1", "rate_per_year": 1000}
    )
    model = model_of(data)
    run = run_individual(model, 20, seed=1)
    assert (run.occupancy[0].sum(axis=(1, 2)) == 1).all()  # the one from the street never gets in
    assert run.flows.sum() > 100
    events = history_events(model, 0, 1)
    assert len(np.unique(events.person[events.kind <= QUEUED])) == 3


def test_in_a_discrete_step_too() -> None:
    rows = [
        {"from": {"housing": one}, "to": other, "probability": 0.5, "within": "1 month"}
        for one, other in (("house_0", "house_1"), ("house_1", "house_0"))
    ]
    time = {"from": "2019-01", "to": "2019-12", "cycle": "month", "step": "discrete"}
    data = ring(2, transitions=rows, time={**time, "counting": "end"})
    run = run_individual(model_of(data), 40, seed=1)
    flows = run.flows[0].sum(axis=1)
    assert (flows[:, 0] == flows[:, 1]).all()
    # both want to within 8 / 3 months on average, and hardly ever not at all
    assert 12 * 3 / 8 - 1 < flows[:, 0].mean() < 12 * 3 / 8 + 1


@pytest.mark.slow
def test_plain_and_compiled_are_the_same_bytes() -> None:
    pytest.importorskip("numba")
    plain, fast = (run_individual(model_of(ring(3)), 5, seed=1, fast=one) for one in (False, True))
    for name in FIELDS[1:]:
        assert getattr(plain, name).tobytes() == getattr(fast, name).tobytes()
