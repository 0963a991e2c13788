"""Clocks count days exactly, where the cohort engine carries them as phases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from random_scenarios import Data, model_of, small
from som_sim.engine.cohort import run_cohort
from som_sim.engine.individual.events import intervals, until
from som_sim.engine.individual.run import run_individual
from som_sim.engine.individual.simulate import history_events


def clocked(resets: str = "on_exit", so_far: str | None = None, **clock: Any) -> Data:
    person: dict[str, Any] = {"stratum": "adult", "housing": "shelter", "persons": 80}
    person["spell"] = so_far or "0 days"
    return small(
        clocks={
            "spell": {"in": {"housing": "shelter"}, "resets": resets,
                      "edges": ["30 days", "120 days"], **clock}
        },
        population={"initial": [person]},
    )  # fmt: skip


def stays(data: Data, seed: int = 1) -> Any:
    model = model_of(data)
    end = float((model.calendar.end - model.calendar.start).days)
    found = until(intervals(history_events(model, 0, seed)), end)
    return model.clocks[0], found


@pytest.mark.parametrize("so_far", [0, 20, 45, 200])
def test_an_edge_is_passed_to_the_day(so_far: int) -> None:
    data = clocked(so_far=f"{so_far} days" if so_far else None)
    clock, found = stays(data)
    first = np.append(True, found.person[1:] != found.person[:-1])
    inside = clock.inside[found.place]
    spent = np.zeros(len(found.person))
    for i in range(len(spent)):
        if first[i]:
            spent[i] = so_far
        elif inside[i - 1] and inside[i]:
            spent[i] = spent[i - 1] + found.end[i - 1] - found.start[i - 1]
    expected = np.searchsorted([30.0, 120.0], spent, side="right") + 1
    assert np.array_equal(clock.at(found.place)[inside], expected[inside])
    ended = spent + found.end - found.start
    edges = np.array([30.0, 120.0, np.inf])
    assert (ended[inside] <= edges[expected[inside] - 1]).all()
    assert inside.sum() > 100


def test_a_clock_that_never_resets_stands_still_outside() -> None:
    clock, found = stays(clocked("never"))
    inside = clock.inside[found.place]
    length = np.where(inside, found.end - found.start, 0.0)
    for person in range(80):
        own = found.person == person
        before = np.cumsum(length[own]) - length[own]
        expected = np.searchsorted([30.0, 120.0], before, side="right")
        assert np.array_equal(clock.at(found.place[own]), expected)


def test_a_personal_window_ends_to_the_day() -> None:
    clock, found = stays(clocked("window", window="150 days"))
    at = clock.at(found.place)
    for person in range(80):
        own = np.flatnonzero(found.person == person)
        opened, spent = 0.0, 0.0
        for i in own:
            closed = i > own[0] and at[i - 1] == 0 and at[i] > 0
            if closed or (at[i] == 1 and found.start[i] >= opened + 150 - 1e-4):
                opened, spent = float(found.start[i]), 0.0
            if clock.inside[found.place[i]]:
                bin_ = int(np.searchsorted([30.0, 120.0], spent + 1e-6, side="right"))
                assert (at[i] - 1) // clock.phases == bin_
                spent += found.end[i] - found.start[i]
            assert found.end[i] <= opened + 150 + 1e-3 or at[i] == 0


def test_where_moves_do_not_depend_on_it_a_clock_changes_no_life() -> None:
    """The same people at the same times, with and without a clock, but for how cells are named."""
    with_clock = run_individual(model_of(clocked()), 60, seed=1)
    expected = run_cohort(model_of(clocked()))
    seen = with_clock.occupancy[0].mean(axis=0).sum(axis=(0, 1))[-1]
    known = expected.occupancy[0, 0].sum(axis=(0, 1))[-1]
    np.testing.assert_allclose(seen, known, atol=1.5)
