"""People who come at even distances, as the file asks for."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

import som_sim as som
from individuals import discrete
from random_scenarios import Data, model_of, scenario_of, small
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import run_cohort
from som_sim.engine.individual.run import run_individual, run_mean
from som_sim.engine.individual.simulate import history_events
from som_sim.engine.individual.state import CAME
from som_sim.outcomes.known import count_distribution

TICK = 2.0**-20
"""Times are cut to whole ticks, so a distance between two is off by less than one."""


def arriving(*spacing: str | None, per_year: object = 100, **sections: object) -> Data:
    """Return people who come to the shelter, a row for each spacing."""
    return small(
        population={
            "initial": [{"stratum": "adult", "housing": "home", "persons": 5}],
            "arrivals": [
                {"stratum": "adult", "housing": "shelter", "per_year": per_year}
                | ({"spacing": one} if one else {})
                for one in spacing
            ],
        },
        **sections,
    )


def times(data: Data, seed: int = 1) -> NDArray[np.float64]:
    """Return when people come in one history, in days, in order."""
    events = history_events(model_of(data), 0, seed)
    return np.sort(events.time[events.kind == CAME])


@pytest.mark.parametrize("seed", range(5))
def test_even_arrivals_keep_their_distance_across_cycles(seed: int) -> None:
    gaps = np.diff(times(arriving("even"), seed))
    np.testing.assert_allclose(gaps, DAYS_PER_YEAR / 100, rtol=0, atol=TICK + 1e-9)


def test_random_arrivals_do_not() -> None:
    assert np.diff(times(arriving(None))).std() > 1


def test_the_first_comes_at_a_random_moment_of_the_distance() -> None:
    first = np.array([times(arriving("even"), seed)[0] for seed in range(40)])
    gap = DAYS_PER_YEAR / 100
    assert (first < gap).all() and first.std() > gap / 10


def test_the_number_is_met_in_every_history() -> None:
    """365 days of a rate of 365.25 a year: 365 persons, never one more or less."""
    model = model_of(arriving("even", per_year=Decimal("365.25")))
    run = run_individual(model, 20, seed=3)
    came = run.occupancy[0, :, 0, 0, -1].sum(axis=-1) - 5
    np.testing.assert_array_equal(came, 365)


def test_distances_follow_a_schedule() -> None:
    """Twice as many a year from July: half the distance."""
    schedule = {"2019-01": 50, "2019-07": 100}
    gaps = np.diff(times(arriving("even", per_year=schedule)))
    np.testing.assert_allclose(gaps[:20], DAYS_PER_YEAR / 50, atol=TICK + 1e-9)
    np.testing.assert_allclose(gaps[-40:], DAYS_PER_YEAR / 100, atol=TICK + 1e-9)


def test_even_ones_beside_random_ones_leave_their_luck() -> None:
    """The random ones come when they come without the others."""
    both, alone = times(arriving(None, "even")), times(arriving(None))
    assert set(alone) <= set(both)
    even = np.array(sorted(set(both) - set(alone)))
    np.testing.assert_allclose(np.diff(even), DAYS_PER_YEAR / 100, atol=TICK + 1e-9)


def test_random_said_or_not_is_the_same() -> None:
    np.testing.assert_array_equal(times(arriving(None)), times(arriving("random")))


def test_expected_numbers_are_the_same_either_way() -> None:
    one, other = (run_cohort(model_of(arriving(how))) for how in ("even", "random"))
    np.testing.assert_array_equal(one.occupancy, other.occupancy)


def test_in_a_discrete_step_as_many_as_expected_join() -> None:
    data = discrete()
    arrival = {"stratum": "adult", "housing": "shelter", "per_year": 30, "spacing": "even"}
    data["population"] = {**data["population"], "arrivals": [arrival]}
    run = run_mean(model_of(data), 30, seed=2)
    came = run.model.arrived()[:, :, 0].sum()
    assert came == pytest.approx(30 * 365 / DAYS_PER_YEAR, abs=1 / 2)


def test_plain_and_compiled_are_the_same_bytes() -> None:
    pytest.importorskip("numba")
    model = model_of(arriving(None, "even"))
    plain, fast = (run_mean(model, 3, seed=1, fast=fast) for fast in (False, True))
    assert plain.occupancy.tobytes() == fast.occupancy.tobytes()
    assert plain.person_days.tobytes() == fast.person_days.tobytes()


def test_a_count_of_even_arrivals_is_not_known_as_poisson() -> None:
    homeless = np.array([[[True, False]]])
    for how, known in (("even", False), ("random", True)):
        run = run_cohort(model_of(arriving(how)))
        chances = count_distribution(run, homeless, run.model.calendar.end)
        assert (chances is not None) == known


def test_spacing_is_one_of_two_words() -> None:
    with pytest.raises(som.ScenarioError, match=r"arrivals\[0\].spacing"):
        scenario_of(arriving("often"))


def test_people_come_in_the_order_of_time() -> None:
    data = arriving(None, "even", per_year=5000)
    events = history_events(model_of(data), 0, seed=1)
    came = events.time[events.kind == CAME]
    assert len(came) > 5000
    assert (np.diff(came) >= 0).all()
