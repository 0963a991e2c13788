"""A discrete step with places: one move a cycle, everybody in turn, against exact distributions.

The binomial bound would raise a false alarm once in a million runs.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scipy import stats

from individuals import discrete
from random_scenarios import Data, model_of, small
from som_sim.engine.individual.run import run_individual
from som_sim.engine.individual.simulate import history_events
from turns import check_turns, declared

FALSE_ALARM = 1e-6


def steps(first: str = "2019-01", last: str = "2020-12", join: str = "end") -> Data:
    return {
        "from": first, "to": last, "cycle": "month", "step": "discrete", "counting": "end",
        "arrivals_join": join,
    }  # fmt: skip


def chance(domain: str, here: Any, to: str, probability: Any, **more: Any) -> Data:
    share = Decimal(str(probability))
    return {"from": {domain: here}, "to": to, "probability": share, "within": "1 month", **more}


def crowded(**more: Any) -> Data:
    """Return people who wait for two kinds of place at once, and move in both domains."""
    return small(
        **{
            "time": steps(),
            "domains": {
                "housing": {"street": None, "shelter": {"places": 5, "overflow": "sofa"},
                            "sofa": None, "home": {"places": 4}},
                "work": {"none": None, "job": {"places": 6}, "tired": None},
            },
            "strata": {"young": None, "old": None},
            "population": {
                "initial": [
                    {"stratum": stratum, "housing": "street", "work": "none", "persons": 20}
                    for stratum in ("young", "old")
                ],
                "arrivals": [
                    {"stratum": "old", "housing": "shelter", "work": "none", "per_year": 20}
                ],
            },
            "transitions": [
                chance("housing", ["street", "sofa"], "shelter", 0.3),
                chance("housing", ["shelter", "sofa"], "home", 0.2),
                chance("housing", "home", "street", 0.2),
                chance("work", "none", "job", 0.3),
                chance("work", "job", "tired", 0.3),
                chance("work", "tired", "none", 0.3),
            ],
            **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize("join", ["start", "end"])
def test_nobody_moves_twice_in_a_cycle_and_everybody_in_turn(join: str) -> None:
    model = model_of(crowded(time=steps(join=join)))
    for replicate in range(6):
        events = history_events(model, replicate, seed=1)
        moved = events.kind >= 0
        moves = np.stack([events.person[moved], np.round(events.time[moved])])
        assert np.unique(moves, axis=1).shape[1] == moved.sum() > 150
    check_turns(model, declared(model), seed=1)
    inside = run_individual(model, 4, seed=1).occupancy[0]
    for limit, most in zip(model.limits, (5, 4, 6), strict=True):
        cells = limit.inside.reshape(model.axes.cell_shape)
        assert inside.transpose(0, 3, 1, 2, 4)[:, :, cells].sum(axis=2).max() == most


def test_places_that_never_run_out_change_nothing() -> None:
    free = discrete()
    limited = discrete(domains={"housing": {"shelter": {"homeless": True},
                                            "home": {"places": 10_000}}})  # fmt: skip
    runs = [run_individual(model_of(data), 5, seed=1) for data in (free, limited)]
    np.testing.assert_array_equal(runs[0].occupancy, runs[1].occupancy)
    np.testing.assert_array_equal(runs[0].flows, runs[1].flows)


def test_as_many_come_in_as_go_out_while_somebody_waits() -> None:
    """Ten places are filled at the first step; then each is given up with a chance of 0.3."""
    data = small(
        time=steps(),
        domains={"housing": {"street": None, "shelter": {"places": 10}, "gone": None}},
        population={"initial": [{"stratum": "adult", "housing": "street", "persons": 300}]},
        transitions=[
            chance("housing", "street", "shelter", 1),
            chance("housing", "shelter", "gone", 0.3),
        ],
    )
    model = model_of(data)
    run = run_individual(model, 20, seed=1)
    assert (run.occupancy[0, :, 0, 0, 1:, 1] == 10).all()
    left = run.flows[0, :, 1:, (model.generator.target == 2).argmax()]
    assert stats.binomtest(int(left.sum()), left.size * 10, 0.3).pvalue > FALSE_ALARM
    assert stats.binomtest(int(left.sum()), left.size * 10, 0.35).pvalue < FALSE_ALARM
    counts = np.bincount(left.ravel().astype(int), minlength=11)
    expected = left.size * stats.binom.pmf(np.arange(11), 10, 0.3)
    bins = [0, 1, 2, 3, 4, 5, 6]
    seen, wanted = (np.append(one[bins], one[7:].sum()) for one in (counts, expected))
    assert stats.chisquare(seen, wanted).pvalue > FALSE_ALARM


def test_places_that_are_added_go_to_who_waits_not_to_who_comes() -> None:
    """Ten wait on the sofa; when ten places open, those who come find them taken."""
    data = small(
        time=steps("2019-01", "2019-06", "start"),
        domains={
            "housing": {"shelter": {"places": {"2019-01": 0, "2019-04": 10}, "overflow": "sofa"},
                        "sofa": None, "home": None},
        },
        population={
            "initial": [{"stratum": "adult", "housing": "sofa", "persons": 10}],
            "arrivals": [{"stratum": "adult", "housing": "shelter", "per_year": {"2019-01": 0, "2019-03": 120},
                          "spacing": "even"}],
        },
        transitions=[chance("housing", "sofa", "shelter", 1)],
    )  # fmt: skip
    events = history_events(model_of(data), 0, seed=1)
    entered = events.person[(events.place == 0) & (events.kind >= 0)]
    assert sorted(entered) == list(range(10))
    assert ((events.place == 0) == (events.kind >= 0)).all()  # nobody else was ever inside
