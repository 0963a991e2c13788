"""Indicators against closed forms, and the chance of a goal against scipy."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

import som_sim as som
from som_sim.core.errors import SomSimError
from som_sim.outcomes.measure import TargetResult, chance_of_goal

SERIES = 1e-12
"""Absolute: a sum of Poisson probabilities against another way to compute it."""
CLOSED_FORM = 1e-9
"""Relative: an exact step of the engine against the exponential it stands for."""


# The chance of a goal -------------------------------------------------------------------------

means = st.floats(0, 2000, allow_nan=False)
goals = st.decimals(min_value=-5, max_value=2500, places=2)


@given(means, goals)
def test_lower_is_the_chance_of_a_count_at_most_the_goal(mean: float, goal: Decimal) -> None:
    expected = float(poisson.cdf(math.floor(goal), mean))
    assert chance_of_goal(mean, goal, "lower") == pytest.approx(expected, abs=SERIES)


@given(means, goals)
def test_higher_is_the_chance_of_a_count_at_least_the_goal(mean: float, goal: Decimal) -> None:
    expected = float(poisson.sf(math.ceil(goal) - 1, mean))
    assert chance_of_goal(mean, goal, "higher") == pytest.approx(expected, abs=SERIES)


@given(means, goals, st.sampled_from(["lower", "higher"]))
def test_a_chance_is_one(mean: float, goal: Decimal, better: str) -> None:
    assert 0 <= chance_of_goal(mean, goal, better) <= 1


@given(means, st.integers(0, 2000))
def test_at_most_and_more_than_share_the_whole(mean: float, count: int) -> None:
    lower = chance_of_goal(mean, Decimal(count), "lower")
    higher = chance_of_goal(mean, Decimal(count + 1), "higher")
    assert lower + higher == pytest.approx(1, abs=SERIES)


def test_at_86_no_change_shows_75_or_fewer_with_thirteen_per_cent() -> None:
    assert round(chance_of_goal(86.0, Decimal(75), "lower"), 2) == 0.13


@pytest.mark.parametrize(
    ("mean", "goal", "better", "like"),
    [
        (86.0, "75.9", "lower", "75"),  # 76 persons are more than 75.9
        (86.0, "75.1", "higher", "76"),  # 75 persons are fewer than 75.1
        (86.0, "-0.5", "lower", "-1"),
        (86.0, "-0.5", "higher", "0"),
    ],
)
def test_a_goal_between_two_counts_is_the_count_that_meets_it(
    mean: float, goal: str, better: str, like: str
) -> None:
    assert chance_of_goal(mean, Decimal(goal), better) == chance_of_goal(
        mean, Decimal(like), better
    )


def test_the_edges() -> None:
    assert chance_of_goal(0.0, Decimal(0), "lower") == 1
    assert chance_of_goal(0.0, Decimal(1), "higher") == 0
    assert chance_of_goal(5.0, Decimal(-1), "lower") == 0
    assert chance_of_goal(5.0, Decimal(0), "higher") == 1


# Indicators -----------------------------------------------------------------------------------

MOVING = """\
som_sim: 1
meta: {title: Measured, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2019-12, cycle: month}
domains:
  housing: {street: {homeless: true}, shelter: {homeless: true}, home: {}}
leave: [dead]
strata: {adult: {}}
population:
  initial: [{stratum: adult, housing: shelter, persons: 100}]
  arrivals: [{stratum: adult, housing: street, per_year: 365.25}]
transitions:
  - {from: {housing: shelter}, stay: {mean: 60 days}, to: {home: 0.4, dead: 0.1, street: 0.5}}
targets:
  homeless: {indicator: {persons_in: {homeless: true}}, at: 2019-07-01, GOAL}
  moves_in: {indicator: {entries_to: {housing: [street, home]}},
             during: {from: 2019-02, to: 2019-03}, goal: 90, better: higher}
  to_home: {indicator: {share_of_moves: {from: {housing: shelter}, to: [home]}},
            during: {from: 2019-01, to: 2019-12}, baseline: 0.3, goal: 0.4, better: higher}
  out_of_homelessness: {indicator: {share_of_moves: {from: {housing: [shelter, street]},
            to: [home]}}, during: {from: 2019-01, to: 2019-12}, goal: 0.9, better: higher}
strategies: {reference: {}}
"""


@cache
def targets(goal: str = "goal: 230, better: lower") -> dict[str, TargetResult]:
    result = som.run(som.loads(MOVING.replace("GOAL", goal)))
    return {one.target: one for one in result.runs["reference"].targets}


def test_persons_at_a_date() -> None:
    days = 181
    left = 100 * math.exp(-days / 60)
    one = targets()["homeless"]
    assert one.projected == pytest.approx(left + 0.5 * (100 - left) + days, rel=CLOSED_FORM)


def test_entries_in_a_window_count_moves_and_arrivals() -> None:
    moved = 100 * (math.exp(-31 / 60) - math.exp(-90 / 60))
    one = targets()["moves_in"]
    assert one.projected == pytest.approx(0.9 * moved + 59, rel=CLOSED_FORM)


def test_a_share_of_moves_is_over_all_that_leave_the_states() -> None:
    found = targets()
    assert found["to_home"].projected == pytest.approx(0.4, rel=CLOSED_FORM)
    # From shelter to the street is no move out of the two.
    assert found["out_of_homelessness"].projected == pytest.approx(0.8, rel=CLOSED_FORM)


def test_a_share_has_no_chance_and_a_count_without_baseline_no_comparison() -> None:
    found = targets()
    assert found["to_home"].probability is None
    assert found["to_home"].probability_no_change is None
    assert found["moves_in"].probability is not None
    assert found["moves_in"].probability_no_change is None


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        ("goal: 230, better: lower", False),
        ("goal: 240, better: lower", True),
        ("goal: 230, better: higher", True),
        ("goal: 240, better: higher", False),
    ],
)
def test_met_is_the_expected_value_on_the_right_side(goal: str, met: bool) -> None:
    one = targets(goal)["homeless"]
    assert 230 < one.projected < 240
    assert one.met is met


def test_the_chance_goes_with_the_expected_value_and_no_change_with_the_baseline() -> None:
    one = targets("goal: 230.5, better: lower, baseline: 250")["homeless"]
    assert one.chance_from == "known" and one.probability is not None
    assert one.probability < poisson.cdf(230, one.projected)  # narrower, and below the mean
    assert one.probability_no_change == pytest.approx(poisson.cdf(230, 250), abs=SERIES)


def test_a_share_of_no_moves_is_an_error_that_says_so() -> None:
    still = MOVING.replace("persons: 100", "persons: 0").replace("GOAL", "goal: 1, better: lower")
    with pytest.raises(SomSimError, match="'reference': nobody moves out of shelter"):
        som.run(som.loads(still))
