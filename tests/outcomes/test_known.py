"""The distribution of a count where nobody competes, against theory and against histories."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from individuals import discrete, enrolling, initial, two_domains
from random_scenarios import model_of, scenario_of, small
from som_sim.engine.cohort import run_cohort
from som_sim.engine.individual.simulate import simulate
from som_sim.outcomes.chance import chance_of_goal
from som_sim.outcomes.known import chance_of_count, count_distribution

DAY = dt.date(2019, 6, 1)
REPLICATES = 100
FALSE_ALARM = 1e-6


def homeless(model: Any) -> Any:
    cells = np.zeros(model.axes.cell_shape, dtype=bool)
    cells[..., model.homeless] = True
    return cells


def fits(counts: Any, chances: Any) -> float:
    """Return the p-value of counts under a distribution, in tenths of it (chi-square)."""
    below = np.concatenate([[0.0], chances.cumsum()])
    edges = np.unique(np.searchsorted(below, np.arange(1, 10) / 10))
    bins = np.concatenate([[0], edges, [len(chances) + 500]])
    seen = np.histogram(counts, bins)[0]
    padded = np.concatenate([chances, np.zeros(501)])
    expected = np.array([padded[a:b].sum() for a, b in pairwise(bins)])
    kept = expected * len(counts) > 3
    seen, expected = seen[kept], expected[kept]
    return float(stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue)


@pytest.mark.parametrize("make", [small, two_domains, enrolling, discrete])
@pytest.mark.parametrize("over", [0.0, 7.0])
def test_histories_have_this_distribution(make: Any, over: float) -> None:
    model = model_of(make())
    if model.discrete and over:
        over = float(model.calendar.days[5])
    trajectory = run_cohort(model)
    chances = count_distribution(trajectory, homeless(model), DAY, over)
    assert chances is not None and chances.sum() == pytest.approx(1.0)
    mean = simulate(model, REPLICATES, seed=1)
    assert mean.replicated is not None
    counts = mean.replicated.persons_in(homeless(model), DAY, over)[0]
    assert fits(counts, chances) > FALSE_ALARM


def test_a_poisson_number_would_be_seen_to_be_too_wide() -> None:
    """The negative control: of people who are all known, most of them counted."""
    model = model_of(small(population=initial(shelter=300)))
    day = dt.date(2019, 1, 15)
    counts = simulate(model, REPLICATES, seed=1).replicated.persons_in(homeless(model), day)[0]  # type: ignore[union-attr]
    poisson = stats.poisson.pmf(np.arange(600), counts.mean())
    assert fits(counts, poisson) < FALSE_ALARM
    known = count_distribution(run_cohort(model), homeless(model), day)
    assert known is not None and fits(counts, known) > FALSE_ALARM


def test_one_cell_is_binomial_and_arrivals_are_poisson() -> None:
    model = model_of(small())
    trajectory = run_cohort(model)
    chances = count_distribution(trajectory, homeless(model), DAY)
    assert chances is not None
    share = trajectory.occupancy[0, 0, 0, 0, 5, 0] / 60
    np.testing.assert_allclose(chances[:61], stats.binom.pmf(np.arange(61), 60, share), atol=1e-9)
    arrive = {"stratum": "adult", "housing": "shelter", "per_year": 50}
    model = model_of(small(population={**initial(home=0), "arrivals": [arrive]}))
    trajectory = run_cohort(model)
    chances = count_distribution(trajectory, homeless(model), DAY)
    assert chances is not None
    expected = trajectory.occupancy[0, 0, 0, 0, 5, 0]
    numbers = np.arange(len(chances))
    np.testing.assert_allclose(chances, stats.poisson.pmf(numbers, expected), atol=1e-12)
    assert chance_of_count(chances, Decimal(10), "lower") == pytest.approx(
        chance_of_goal(expected, Decimal(10), "lower")
    )


def test_where_people_compete_there_is_no_such_distribution() -> None:
    data = enrolling()
    data["programmes"]["act"]["places"] = 3
    model = model_of(data)
    assert count_distribution(run_cohort(model), homeless(model), DAY) is None
    full = small(domains={"housing": {"shelter": {"homeless": True, "places": 70}, "home": None}})
    model = model_of(full)
    assert count_distribution(run_cohort(model), homeless(model), DAY) is None
    assert scenario_of(full).strategies
