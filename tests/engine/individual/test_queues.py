"""Queues for places: against theory, and against an independent simulation."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import som_sim as som
from individuals import initial
from random_scenarios import Data, model_of, small
from som_sim.engine.individual.run import run_individual


def servers(places: Any, *, per_year: int, stay: str, years: int, overflow: bool = False) -> Data:
    """Return people who come to a queue, are served by so many at a time, and go home.

    They stand `outside` for ten minutes on average (1 / 50,000 year) and then want to be served.
    """
    return small(
        time={"from": "2019-01", "to": f"{2018 + years}-12", "cycle": "quarter"},
        domains={
            "housing": {
                "outside": {"homeless": True},
                "served": {"places": places, **({"overflow": "lost"} if overflow else {})},
                "lost": None,
                "done": None,
            }
        },
        population={
            **initial(done=1),
            "arrivals": [{"stratum": "adult", "housing": "outside", "per_year": per_year}],
        },
        transitions=[
            {"from": {"housing": "outside"}, "to": "served", "rate_per_year": 50_000},
            {"from": {"housing": "served"}, "stay": {"mean": stay}, "to": {"done": 1}},
        ],
    )


def erlang_c(servers: int, offered: float) -> float:
    """Return the chance that somebody has to wait in an M/M/c queue."""
    last = offered**servers / math.factorial(servers) * servers / (servers - offered)
    return last / (sum(offered**k / math.factorial(k) for k in range(servers)) + last)


@pytest.mark.slow
def test_an_mmc_queue_is_as_in_theory() -> None:
    """Mean queue and mean number in the system, after a year of warming up."""
    c, per_year, days, replicates = 4, 100, 12, 200
    offered = per_year / 365.25 * days
    model = model_of(servers(c, per_year=per_year, stay=f"{days} days", years=6))
    run = run_individual(model, replicates, seed=1, fast=True)
    spent = run.person_days[0, :, 0, 0, 4:].sum(axis=1) / sum(model.calendar.days[4:])
    waits = erlang_c(c, offered)
    queue = waits * offered / (c - offered) + per_year / 50_000
    for seen, expected in ((spent[:, 0], queue), (spent[:, 1], offered)):
        error = seen.std(ddof=1) / math.sqrt(replicates)
        assert abs(seen.mean() - expected) < 5 * error + 1e-4 * expected
        assert error < 0.1 * expected  # or the test could not fail
    entered = run.flows[0, :, 4:, (model.generator.target == 1).argmax()]
    # Nobody who waits enters at once: entered = at once + waited, and admitted counts both.
    had_to_wait = (entered / run.admitted[0, :, 4:, 0] - entered).sum(axis=1) / entered.sum(axis=1)
    error = had_to_wait.std(ddof=1) / math.sqrt(replicates)
    assert abs(had_to_wait.mean() - waits) < 5 * error + 0.01


def test_a_full_place_is_never_overfull_and_serves_in_order() -> None:
    model = model_of(servers(2, per_year=200, stay="10 days", years=1))
    run = run_individual(model, 3, seed=1)
    assert (run.occupancy[..., 1] <= 2).all()
    assert run.occupancy[..., 0].max() > 3  # there is a queue


def test_those_who_are_turned_away_go_to_the_overflow() -> None:
    """Erlang's loss formula: the share of arrivals that find every place taken."""
    model = model_of(servers(3, per_year=200, stay="10 days", years=2, overflow=True))
    run = run_individual(model, 20, seed=1)
    assert (run.occupancy[..., 1] <= 3).all()
    offered = 200 / 365.25 * 10
    lost = offered**3 / 6 / sum(offered**k / math.factorial(k) for k in range(4))
    counts = run.occupancy[0, :, 0, 0, -1]
    share = counts[:, 2].sum() / (counts[:, [2, 3]].sum() - 20)
    assert abs(share - lost) < 0.04


def test_a_full_state_behind_another_blocks_it() -> None:
    """Nobody can leave the shelter for a home, so the shelter takes nobody in."""
    data = small(
        domains={
            "housing": {"street": {"homeless": True}, "shelter": {"homeless": True, "places": 5},
                        "home": {"places": 2}}
        },
        population=initial(street=20, shelter=5, home=2),
        transitions=[
            {"from": {"housing": "street"}, "to": "shelter", "rate_per_year": 50},
            {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 50},
            {"from": {"housing": "home"}, "to": "street", "rate_per_year": Decimal("0.2")},
        ],
    )  # fmt: skip
    run = run_individual(model_of(data), 10, seed=1)
    inside = run.occupancy[0, :, 0, 0]
    assert (inside[..., 1] == 5).all() and (inside[..., 2] == 2).all()
    moves = run.flows.sum(axis=(0, 2))
    edges = model_of(data).generator
    by_target = {int(t): moves[:, edges.target == t].sum(axis=1) for t in (0, 1, 2)}
    # Each home given up lets one out of the shelter, and so one in.
    assert np.array_equal(by_target[0], by_target[2])
    assert np.array_equal(by_target[1], by_target[2])
    assert by_target[0].sum() > 0


def test_places_that_are_added_are_filled_at_once() -> None:
    data = small(
        domains={"housing": {"street": {"homeless": True},
                             "shelter": {"places": {"2019-01": 2, "2019-07": 8}}}},
        population=initial(street=30),
        transitions=[{"from": {"housing": "street"}, "to": "shelter", "rate_per_year": 100}],
    )  # fmt: skip
    run = run_individual(model_of(data), 2, seed=1)
    inside = run.occupancy[0, :, 0, 0, :, 1]
    assert (inside[:, 3:6] == 2).all() and (inside[:, 7:] == 8).all()


def served_days(places: list[int], per_year: float, days: float, seed: int) -> float:
    """Return the person-days served in a year, with places that change each quarter, by simpy."""
    import simpy

    rng = np.random.default_rng(seed)
    env = simpy.Environment()
    free = simpy.Container(env, capacity=1000, init=places[0])
    served = [0.0]
    to_close = [0]  # places to be closed when those in them leave

    def person() -> Any:
        yield free.get(1)
        came = env.now
        stay = rng.exponential(days)
        served[0] += min(stay, 365 - came)
        yield env.timeout(stay)
        if to_close[0]:
            to_close[0] -= 1
        else:
            yield free.put(1)

    def arrivals() -> Any:
        while True:
            yield env.timeout(rng.exponential(365.25 / per_year))
            env.process(person())

    def changes() -> Any:
        for length, before, after in zip([90, 91, 92], places[:-1], places[1:], strict=True):
            yield env.timeout(length)
            kept = min(to_close[0], max(after - before, 0))
            to_close[0] -= kept
            if after - before > kept:
                yield free.put(after - before - kept)
            for _ in range(before - after):
                if free.level:
                    yield free.get(1)
                else:
                    to_close[0] += 1

    env.process(arrivals())
    env.process(changes())
    env.run(until=365)
    return served[0]


@pytest.mark.slow
def test_places_that_change_are_as_in_an_independent_simulation() -> None:
    """Days of those served in a year, against simpy, where places rise and fall."""
    places, replicates = [3, 6, 2, 7], 400
    schedule = {f"2019-{3 * k + 1:02d}": n for k, n in enumerate(places)}
    model = model_of(servers(schedule, per_year=150, stay="10 days", years=1))
    run = run_individual(model, replicates, seed=1, fast=True)
    inside = run.person_days[0, :, 0, 0, :, 1].sum(axis=1)
    theirs = np.array([served_days(places, 150, 10, seed) for seed in range(replicates)])
    error = math.sqrt((inside.var(ddof=1) + theirs.var(ddof=1)) / replicates)
    assert abs(inside.mean() - theirs.mean()) < 5 * error
    assert error < 0.03 * theirs.mean()


def prioritised(priority: list[dict[str, str]]) -> Data:
    return small(
        strata={"young": None, "old": None},
        population={
            "initial": [
                {"stratum": stratum, "housing": "shelter", "persons": 20}
                for stratum in ("young", "old")
            ]
        },
        transitions=[{"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 0}],
        programmes={
            "act": {
                "eligible": {"housing": "shelter"},
                "places": {"2019-01": 8, "2019-04": 30},
                "intake": {"share_of_waiting": 1},
                **({"priority": priority} if priority else {}),
            }
        },
        strategies={"reference": {"programmes": ["act"]}},
    )


@pytest.mark.parametrize("first", ["young", "old"])
def test_declared_priority_goes_first(first: str) -> None:
    model = model_of(prioritised([{"stratum": first}]))
    run = run_individual(model, 3, seed=1)
    enrolled = run.enrolments.sum(axis=(5, 6))[0, :, :, 0]  # (replicate, cycle, stratum)
    ours = model.axes.strata.index(first)
    assert (enrolled[:, 0, ours] == 8).all()
    assert (enrolled[:, 3, ours] == 12).all() and (enrolled[:, 3, 1 - ours] == 10).all()


def test_without_priority_those_of_the_same_day_are_served_at_random() -> None:
    run = run_individual(model_of(prioritised([])), 20, seed=1)
    young = run.enrolments.sum(axis=(5, 6))[0, :, 0, 0, 0]
    assert young.min() > 0 and young.max() < 8 and 2 < young.mean() < 6


def test_a_priority_names_what_there_is() -> None:
    with pytest.raises(som.ScenarioError, match="priority"):
        model_of(prioritised([{"stratum": "yong"}]))
