"""What a measure can see: against tables worked out by hand, and against scipy's distributions."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

import som_sim as som
from som_sim.core.errors import SomSimError
from som_sim.knowledge.files import knowledge_base
from som_sim.outcomes.goals import sight_of_goals
from som_sim.outcomes.sight import (
    LEVEL,
    MOST_YEARS,
    POWER,
    chance_of_later,
    chance_to_see,
    sight_of,
    years_to_see,
)
from som_sim.outcomes.yearly import yearly_days

CLOSE = 1e-9
SCENARIOS = Path(__file__).parent.parent.parent / "scenarios"
sides = st.sampled_from(["lower", "higher"])


# By hand --------------------------------------------------------------------------------------


def test_eight_goals_of_social_life_by_hand() -> None:
    """With 8 and 50 %: P(7 or 8) = (8 + 1) / 256 = 3.5 %, P(6 or more) = 37 / 256 = 14.5 %."""
    seen = sight_of(0.5, "higher", 8)
    assert seen.rejected_at == 7
    p = seen.smallest
    assert p is not None
    assert 8 * p**7 * (1 - p) + p**8 == pytest.approx(POWER, abs=CLOSE)
    assert chance_to_see(0.53, 0.5, "higher", 8) == pytest.approx(
        8 * 0.53**7 * 0.47 + 0.53**8, abs=CLOSE
    )
    goal = {one["name"]: one for one in sight_of_goals(knowledge_base())}["goal_social_life"]
    # 53 % of 8 is 4.24, so 5 or more: (56 + 28 + 8 + 1) / 256
    assert goal["probability_no_change"] == pytest.approx(93 / 256, abs=CLOSE)
    assert goal["smallest"] == pytest.approx(0.8956, abs=1e-4)
    assert goal["years_to_see"] is None


def test_47_goals_of_mastery() -> None:
    goal = {one["name"]: one for one in sight_of_goals(knowledge_base())}["goal_personal_mastery"]
    assert goal["n"] == 47
    # 63 % of 47 is 29.61, so 30 or more
    total = sum(math.comb(47, k) * 0.6**k * 0.4 ** (47 - k) for k in range(30, 48))
    assert goal["probability_no_change"] == pytest.approx(total, abs=CLOSE)
    tails = {
        at: sum(math.comb(47, k) * 0.6**k * 0.4 ** (47 - k) for k in range(at, 48))
        for at in (34, 35)
    }
    assert tails[34] > LEVEL >= tails[35]
    assert goal["rejected_at"] == 35
    assert goal["smallest"] == pytest.approx(0.7839, abs=1e-4)


def test_drugs_fell_no_farther_than_luck_does() -> None:
    goal = {one["name"]: one for one in sight_of_goals(knowledge_base())}["goal_drugs"]
    (later,) = goal["later"]
    assert later["value"] == 0.53
    total = sum(math.comb(98, k) * 0.57**k * 0.43 ** (98 - k) for k in range(53))  # 52 of 98
    assert later["chance"] == pytest.approx(total, abs=CLOSE)
    assert chance_of_later(0.57, 0.53, 98) == pytest.approx(total, abs=CLOSE)
    assert 0.2 < total < 0.3


def test_the_14_goals_are_all_there_and_the_five_without_n_say_nothing() -> None:
    rows = sight_of_goals(knowledge_base())
    assert len(rows) == 14
    silent = [one for one in rows if one["share"] and one["n"] is None]
    assert len(silent) == 5
    assert all(one["smallest"] is None and one["probability_no_change"] is None for one in silent)
    homeless = rows[0]
    assert (homeless["rejected_at"], homeless["years_to_see"]) == (70, 5)
    assert homeless["smallest"] == pytest.approx(63.83, abs=0.005)


def test_years_by_the_normal_approximation() -> None:
    """86 to 75 in k counts: 11 k >= 1.645 sqrt(86 k) + 0.842 sqrt(75 k), so k >= 4.2."""
    assert years_to_see([75.0], 86, "lower") == 5
    assert years_to_see([60.0], 86, "lower") == 1
    assert years_to_see([86.0], 86, "lower") is None
    assert years_to_see([95.0], 86, "lower") is None, "worse is never seen as better"
    late = years_to_see([86.0, 86.0, 75.0], 86, "lower")
    assert late is not None and late > 5


# Against scipy's distributions ------------------------------------------------------------------


@given(st.floats(0.0, 3000), sides)
def test_a_count_is_rejected_where_poisson_says(baseline: float, better: str) -> None:
    seen = sight_of(baseline, better)
    if seen.rejected_at is None:
        assert better == "lower" and poisson.pmf(0, baseline) > LEVEL
        return
    at, truth = seen.rejected_at, seen.smallest
    assert truth is not None
    if better == "lower":
        assert poisson.cdf(at, baseline) <= LEVEL + CLOSE < poisson.cdf(at + 1, baseline) + 2e-9
        assert poisson.cdf(at, truth) == pytest.approx(POWER, abs=1e-6)
        assert truth < baseline
    else:
        assert poisson.sf(at - 1, baseline) <= LEVEL + CLOSE < poisson.sf(at - 2, baseline) + 2e-9
        assert poisson.sf(at - 1, truth) == pytest.approx(POWER, abs=1e-6)
        assert truth > baseline


@given(st.floats(0.001, 0.999) | st.sampled_from([0.0, 1.0]), st.integers(1, 2000), sides)
def test_a_share_is_rejected_where_binomial_says(baseline: float, n: int, better: str) -> None:
    seen = sight_of(baseline, better, n)
    if seen.rejected_at is None:
        edge = binom.pmf(0, n, baseline) if better == "lower" else binom.pmf(n, n, baseline)
        assert edge > LEVEL - CLOSE
        return
    at, truth = seen.rejected_at, seen.smallest
    assert truth is not None and 0 <= truth <= 1 and 0 <= at <= n
    if better == "lower":
        assert binom.cdf(at, n, baseline) <= LEVEL + CLOSE
        assert binom.cdf(at + 1, n, baseline) > LEVEL - CLOSE
        assert binom.cdf(at, n, truth) == pytest.approx(POWER, abs=1e-6)
    else:
        assert binom.sf(at - 1, n, baseline) <= LEVEL + CLOSE
        assert binom.sf(at - 2, n, baseline) > LEVEL - CLOSE
        assert binom.sf(at - 1, n, truth) == pytest.approx(POWER, abs=1e-6)


@given(st.floats(0.05, 0.95), st.integers(5, 200), sides)
def test_a_share_counted_from_the_other_side_sees_the_same(
    baseline: float, n: int, better: str
) -> None:
    seen = sight_of(baseline, better, n)
    other = sight_of(1 - baseline, "higher" if better == "lower" else "lower", n)
    if seen.smallest is None or other.smallest is None:
        return
    if seen.rejected_at == n - (other.rejected_at or 0):  # not on the edge of two floats
        assert seen.smallest == pytest.approx(1 - other.smallest, abs=1e-6)


@given(st.floats(5, 500), sides)
def test_a_stricter_level_sees_less(baseline: float, better: str) -> None:
    strict, loose = (sight_of(baseline, better, level=level) for level in (0.01, 0.10))
    if strict.smallest_change is not None and loose.smallest_change is not None:
        assert abs(strict.smallest_change) >= abs(loose.smallest_change)


def test_more_persons_see_more() -> None:
    changes = [sight_of(0.5, "higher", n).smallest_change for n in (8, 47, 200, 1000)]
    assert changes == sorted(changes, reverse=True)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"baseline": -1.0, "better": "lower"}, "baseline"),
        ({"baseline": 1.2, "better": "lower", "n": 5}, "baseline"),
        ({"baseline": 86.0, "better": "less"}, "neither"),
        ({"baseline": 86.0, "better": "lower", "level": 0.0}, "level"),
        ({"baseline": 86.0, "better": "lower", "level": 0.9}, "power"),
        ({"baseline": 0.5, "better": "lower", "n": 0}, "n: 0"),
    ],
)
def test_what_cannot_be_is_said(words: dict[str, object], said: str) -> None:
    with pytest.raises(SomSimError, match=said):
        sight_of(**words)  # type: ignore[arg-type]


# In a result ------------------------------------------------------------------------------------


@cache
def randers() -> som.Result:
    return som.run(som.load(SCENARIOS / "randers_act.yaml"))


def test_a_result_says_what_its_targets_can_see() -> None:
    table = randers().sight.set_index("strategy")
    act = table.loc["act"]
    assert act["smallest"] == pytest.approx(63.83, abs=0.005)
    assert act["chance_projected_seen"] == pytest.approx(
        float(poisson.cdf(70, act["projected"])), abs=CLOSE
    )
    assert 5 < act["years_to_see"] < MOST_YEARS
    assert table["years_to_see"].isna()["reference"], "nothing changes, so nothing is seen"
    assert list(randers().targets["probability_no_change"]) == list(table["probability_no_change"])


@pytest.mark.parametrize("file", ["first.yaml", "young_hostel_cti.yaml", "aftercare.yaml"])
def test_a_target_without_a_baseline_or_a_count_has_no_row(file: str) -> None:
    result = som.run(som.load(SCENARIOS / file))
    there = set(zip(result.sight["strategy"], result.sight["target"], strict=True))
    for row in result.targets.to_dict("records"):
        told = row["probability_no_change"] == row["probability_no_change"]
        assert ((row["strategy"], row["target"]) in there) == told


def test_yearly_days_lie_whole_in_the_run() -> None:
    spec = som.load(SCENARIOS / "randers_act.yaml").base
    target = spec.targets["homeless_2022"]
    days = yearly_days(spec.time.calendar, target)
    assert [day.year for day in days] == list(range(2017, 2023))
    assert target.at is not None and target.at.start in days
