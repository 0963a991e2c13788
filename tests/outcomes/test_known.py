"""The distribution of a count where nobody competes, against theory and against histories."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from individuals import discrete, enrolling, initial, two_domains
from random_scenarios import model_of, scenario_of, small
from som_sim.engine.backward import chance_counted
from som_sim.engine.cohort import run_cohort
from som_sim.engine.individual.run import run_individual
from som_sim.engine.individual.simulate import simulate
from som_sim.engine.windows import persons_in
from som_sim.outcomes.chance import chance_of_goal
from som_sim.outcomes.known import (
    TOLERANCE,
    Known,
    chance_of_count,
    chance_of_shortage,
    count_distribution,
    distributions,
    nobody_competes,
)

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


def one_each(model: Any, there: Any) -> Any:
    """Return a model with one person at the start and no arrivals, a draw for each place."""
    n = len(there)
    initial = np.zeros((len(model.initial), n))
    initial[there, np.arange(n)] = 1.0
    rates = np.repeat(model.rates[:, :, :1], n, axis=2)
    return replace(
        model,
        initial=initial,
        generator=replace(model.generator, rate=rates[0]),
        rates=rates,
        arrivals_per_year=np.zeros((len(model.arrivals_per_year), len(model.initial), n)),
        programmes=tuple(
            replace(
                rule,
                places=np.repeat(rule.places[:, :1], n, axis=1),
                share_of_waiting=np.repeat(rule.share_of_waiting[:1], n),
                most=np.repeat(rule.most[:, :1], n, axis=1),
            )
            for rule in model.programmes
        ),
    )


@pytest.mark.parametrize("make", [small, two_domains, enrolling, discrete])
@pytest.mark.parametrize("days", [0, 7, 40])
def test_one_pass_backward_is_a_run_forward_from_every_place(make: Any, days: int) -> None:
    data = make()
    if make is enrolling:  # in the programme people enter a shelter more often too
        data["programmes"]["act"]["effects"].append(
            {"from": {"housing": "sofa"}, "to": "shelter", "hazard_ratio": 5}
        )
    model = model_of(data)
    day = DAY if model.discrete else DAY + dt.timedelta(days=11)
    over = float(sum(model.calendar.days[5 : 5 + (days > 0) + (days > 30)]))
    over = over if model.discrete else float(days)
    there = np.arange(model.axes.n_cells)
    forward = persons_in(run_cohort(one_each(model, there)), homeless(model), day, over)
    backward = chance_counted(model, homeless(model), day, over)[there, 0]
    np.testing.assert_allclose(backward, forward, atol=1e-11)
    assert backward.max() > 0.01 and backward.min() < 0.99


def test_a_bound_of_shortage_is_no_less_than_its_chance() -> None:
    """Held against histories without a limit: a false alarm once in a million."""
    free = run_individual(model_of(enrolling()), REPLICATES, seed=1)
    inside = free.occupancy[0, :, :, 1, :-1].sum(axis=(1, 3)).max(axis=1)
    bounds = []
    for places in (37, 40, 45, 60):
        data = enrolling()
        data["programmes"]["act"]["places"] = places
        bounds.append(min(chance_of_shortage(run_cohort(model_of(data))), 1.0))
        short = int((inside > places).sum())
        assert stats.binomtest(short, REPLICATES, bounds[-1], "greater").pvalue > FALSE_ALARM
    assert bounds[0] > 0.5 > bounds[2] > 0.05 and bounds[-1] < TOLERANCE
    short = int((inside > 37).sum())  # the control: a hundredth of the bound would be seen
    assert stats.binomtest(short, REPLICATES, bounds[0] / 100, "greater").pvalue < FALSE_ALARM


def test_no_places_at_all_are_no_competition() -> None:
    data = enrolling()
    data["programmes"]["act"]["places"] = {"2019-04": 1000}
    assert nobody_competes(run_cohort(model_of(data)))
    data["programmes"]["act"]["places"] = {"2019-04": 1}
    assert not nobody_competes(run_cohort(model_of(data)))


def test_numbers_are_those_of_binomial_and_poisson_numbers_in_every_draw() -> None:
    known = Known(
        persons=np.array([[30.0, 30.0, 7.5], [4.0, 0.0, 1.0]]),
        chance=np.array([[0.2, 1.0, 0.5], [0.9, 0.3, 0.0]]),
        others=np.array([3.0, 0.0, 60.0]),
    )
    found = distributions(known)
    numbers = np.arange(found.shape[1])
    for draw in range(3):
        wanted = stats.poisson.pmf(numbers, known.others[draw])
        for persons, chance in zip(known.persons[:, draw], known.chance[:, draw], strict=True):
            whole = int(persons)
            wanted = np.convolve(wanted, stats.binom.pmf(np.arange(whole + 1), whole, chance))
            part = (persons - whole) * chance
            wanted = np.convolve(wanted, [1 - part, part])
        np.testing.assert_allclose(found[draw], wanted[: len(numbers)], atol=1e-12)


def test_where_people_compete_there_is_no_such_distribution() -> None:
    data = enrolling()
    data["programmes"]["act"]["places"] = 3
    model = model_of(data)
    assert count_distribution(run_cohort(model), homeless(model), DAY) is None
    full = small(domains={"housing": {"shelter": {"homeless": True, "places": 70}, "home": None}})
    model = model_of(full)
    assert count_distribution(run_cohort(model), homeless(model), DAY) is None
    assert scenario_of(full).strategies
