"""Common random numbers: whose luck it is depends on nothing but who they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scipy import stats

import som_sim as som
from individuals import initial
from random_scenarios import Data, model_of, scenario_of, small
from som_sim.engine.individual.hashing import decision_key, uniforms_at
from som_sim.engine.individual.histories import BLOCK, run_key
from som_sim.engine.individual.run import run_individual

TELLTALE = 1e-6
"""How often a statistical test here would fail if nothing were wrong."""


def runs(data: Data, **more: Any) -> Any:
    return run_individual(model_of(data), 3, seed=1, **more)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    model = model_of(small())
    one, again, other = (run_individual(model, 3, seed=seed) for seed in (1, 1, 2))
    assert one.person_days.tobytes() == again.person_days.tobytes()
    assert one.person_days.tobytes() != other.person_days.tobytes()


def test_a_history_does_not_depend_on_how_many_there_are() -> None:
    model = model_of(small())
    many = run_individual(model, BLOCK + 3, seed=1)
    few = run_individual(model, 2, seed=1)
    assert np.array_equal(many.flows[:, :2], few.flows)
    assert not np.array_equal(many.flows[:, 0], many.flows[:, BLOCK])


def test_one_extra_person_changes_only_that_person() -> None:
    """All others have the same history, so the difference is that of one person."""
    before = runs(small(population=initial(shelter=60)))
    after = runs(small(population=initial(shelter=61)))
    one_more = after.occupancy - before.occupancy
    assert (one_more.sum(axis=(2, 3, 5)) == 1).all()
    assert set(np.unique(one_more)) == {0.0, 1.0}
    np.testing.assert_allclose((after.person_days - before.person_days).sum(), 3 * 365)


def test_a_programme_without_effect_changes_nobodys_housing() -> None:
    programme = {
        "eligible": {"housing": "shelter"},
        "places": 5,
        "intake": {"share_of_waiting": 1},
        "stay": {"mean": "3 months"},
    }
    data = small(
        programmes={"act": programme}, strategies={"reference": {}, "act": {"programmes": ["act"]}}
    )
    without = run_individual(model_of(data), 3, seed=1)
    with_it = run_individual(model_of(data, "act"), 3, seed=1)
    assert with_it.enrolments.sum() > 0
    assert np.array_equal(without.occupancy.sum(axis=3), with_it.occupancy.sum(axis=3))


def test_strategies_meet_the_same_luck() -> None:
    """The difference between two strategies varies less than if each had luck of its own."""
    faster = small(
        programmes={
            "act": {
                "eligible": {"housing": "shelter"}, "places": 10,
                "intake": {"share_of_waiting": 1},
                "effects": [{"from": {"housing": "shelter"}, "to": "home", "hazard_ratio": 2}],
            }
        },
        strategies={"reference": {}, "act": {"programmes": ["act"]}},
    )  # fmt: skip
    shelter = [
        run_individual(model_of(faster, name), 100, seed=1)
        .person_days[0, :, ..., 0]
        .sum(axis=(1, 2, 3))
        for name in ("reference", "act")
    ]
    same = np.var(shelter[0] - shelter[1])
    own = np.var(shelter[0]) + np.var(shelter[1])
    assert same < own / 1.5


def test_more_arrivals_keep_those_who_came_before() -> None:
    """A rate that rises brings people on top of those who came anyway, in each cycle."""
    arrive = {"stratum": "adult", "housing": "shelter"}
    few = small(population={**initial(shelter=1), "arrivals": [{**arrive, "per_year": 20}]})
    more = small(population={**initial(shelter=1), "arrivals": [{**arrive, "per_year": 30}]})
    came = [runs(one).occupancy.sum(axis=(2, 3, 5)) for one in (few, more)]
    assert (came[1] >= came[0]).all() and (came[1] > came[0]).any()


@pytest.mark.parametrize("cycle", [0, 1, 500])
def test_numbers_are_evenly_spread_and_unrelated(cycle: int) -> None:
    n = 20_000
    keys = np.array([run_key(1, 0, replicate) for replicate in range(n // 100)])
    keys = (keys[:, None] + np.arange(100, dtype=np.uint64)).ravel()  # close together on purpose
    housing, work = decision_key("move", "housing"), decision_key("move", "work")
    streams = [
        uniforms_at(keys, housing, cycle),
        uniforms_at(keys, housing, cycle + 1),
        uniforms_at(keys, work, cycle),
        uniforms_at(keys + np.uint64(1), housing, cycle),
    ]
    for stream in streams:
        assert stats.kstest(stream, "uniform").pvalue > TELLTALE
        assert stream.min() > 0 and stream.max() < 1
    for a in range(4):
        for b in range(a):
            assert stats.pearsonr(streams[a][:n], streams[b][:n]).pvalue > TELLTALE
            table = np.histogram2d(streams[a], streams[b], bins=8, range=[[0, 1], [0, 1]])[0]
            assert stats.chisquare(table.ravel()).pvalue > TELLTALE


def test_a_poor_generator_would_be_seen() -> None:
    """The negative control: a weak sequence fails the same tests."""
    poor = (np.arange(20_000) * 7919 % 20_011) / 20_011
    table = np.histogram2d(poor, np.roll(poor, 1), bins=8, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(table.ravel()).pvalue < TELLTALE


def test_fractions_of_persons_are_rounded_without_bias() -> None:
    data = small(population=initial(shelter=Decimal("2.6"), home=Decimal("5.7")))
    run = run_individual(model_of(data), 400, seed=1)
    there = run.occupancy[0, :, 0, 0, 0]
    assert set(there.sum(axis=1)) == {8.0, 9.0}
    assert set(there[:, 0]) == {2.0, 3.0} and set(there[:, 1]) == {5.0, 6.0}
    for state, expected in enumerate((2.6, 5.7)):
        rounded_up = int((there[:, state] > expected).sum())
        chance = stats.binomtest(rounded_up, 400, expected % 1).pvalue
        assert chance > TELLTALE


@pytest.mark.parametrize("number", [-1, 2**64, 1.5, True, "1"])
def test_a_history_has_a_whole_number(number: Any) -> None:
    scenario = scenario_of(small())
    with pytest.raises(som.SomSimError, match=f"replicate {number} is not a whole number from 0"):
        som.events(scenario, replicate=number)


NO_NUMBER = "is not a whole number of 1 or more"


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, NO_NUMBER), (-1, NO_NUMBER), (1.5, NO_NUMBER), (10**20, "too many; at most 10000000")],
)
def test_histories_are_a_number_that_can_be_run(number: Any, words: str) -> None:
    scenario = scenario_of(small())
    with pytest.raises(som.SomSimError, match=words):
        som.run(scenario, engine="individual", replicates=number)
    with pytest.raises(som.SomSimError, match=words):
        som.waits(scenario, replicates=number)


@pytest.mark.parametrize("days", ["45 days", "46 days"])
@pytest.mark.parametrize("first", [True, False])
def test_where_the_file_lists_one_person_more_changes_nobody_else(days: str, first: bool) -> None:
    """People of one cell, who differ in their time so far to the day, keep their luck."""

    def lives(*more: str) -> list[tuple[float, ...]]:
        spells = ["45 days"] * 9 + ["40 days"] * 9
        spells = [*more, *spells] if first else [*spells, *more]
        rows = [
            {"stratum": "adult", "housing": "shelter", "persons": 1, "spell": one} for one in spells
        ]
        clock = {"in": {"housing": "shelter"}, "resets": "on_exit", "edges": ["60 days"]}
        data = small(clocks={"spell": clock}, population={"initial": rows})
        told = som.events(scenario_of(data), seed=1)
        return [tuple(one["day"]) for _, one in told.groupby("person")]

    before, after = lives(), lives(days)
    for life in before:
        after.remove(life)
    assert len(before) == 18 and len(after) == 1
