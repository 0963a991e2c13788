"""Indicators of a window against closed forms, and the chance of a share against scipy."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

import som_sim as som
from som_sim.core.errors import ScenarioError
from som_sim.outcomes.chance import chance_of_share
from som_sim.outcomes.measure import TargetResult

SERIES = 1e-12
"""Absolute: a probability against another way to compute it."""
CLOSED_FORM = 1e-9
"""Relative: an exact step of the engine against the exponential it stands for."""

SCENARIO = """\
som_sim: 1
meta: {title: Measured, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2020-12, cycle: month}
domains: {housing: {street: {homeless: true}, shelter: {homeless: true}, home: {}}}
leave: [dead]
strata: {adult: {}, young: {}}
population:
  initial:
    - {stratum: adult, housing: shelter, persons: 100}
    - {stratum: young, housing: home, persons: 40}
  arrivals: [{stratum: young, housing: home, per_year: 36.5250}]
transitions:
  - {stratum: adult, from: {housing: shelter}, stay: {mean: 60 days}, to: {home: 0.4, dead: 0.1, street: 0.5}}
  - {stratum: young, from: {housing: home}, to: shelter, rate_per_year: 0.5}
  - {stratum: young, from: {housing: shelter}, to: home, rate_per_year: 6}
targets:
TARGETS
strategies: {reference: {}}
"""
WINDOW = "during: {from: 2019-02, to: 2019-03}, goal: 30, better: higher"
FROM, TO = 31, 90  # days from the start to the window's first and last boundary


@cache
def measured(indicator: str, when: str = WINDOW) -> TargetResult:
    target = f"  it: {{indicator: {{{indicator}}}, {when}}}"
    result = som.run(som.loads(SCENARIO.replace("TARGETS", target)))
    return result.runs["reference"].targets[0]


# Each kind ------------------------------------------------------------------------------------

LEFT = [100 * math.exp(-day / 60) for day in (FROM, TO)]
"""Adults still in the shelter when the window opens and closes."""
ADULT_DAYS = 60 * (LEFT[0] - LEFT[1])


def test_person_days_are_the_time_spent_in_the_window() -> None:
    one = measured("person_days_in: {housing: shelter, stratum: adult}")
    assert one.projected == pytest.approx(ADULT_DAYS, rel=CLOSED_FORM)


def test_the_mean_is_person_days_over_the_days_of_the_window() -> None:
    one = measured("mean_persons_in: {housing: shelter, stratum: adult}")
    assert one.projected == pytest.approx(ADULT_DAYS / 59, rel=CLOSED_FORM)


def test_moves_are_those_from_some_states_to_the_named_ones() -> None:
    left = LEFT[0] - LEFT[1]
    for to, share in (("home", 0.4), ("[street, dead]", 0.6), ("[home, street, dead]", 1.0)):
        one = measured(f"moves: {{from: {{housing: shelter, stratum: adult}}, to: {to}}}")
        assert one.projected == pytest.approx(share * left, rel=CLOSED_FORM)


def test_moves_hold_no_arrivals_and_entries_do() -> None:
    stays = measured("moves: {from: {housing: [street, shelter]}, to: home}")
    entries = measured("entries_to: {housing: home}")
    assert entries.projected == pytest.approx(stays.projected + 0.1 * 59, rel=CLOSED_FORM)


def test_distinct_persons_are_there_at_the_start_or_come_for_the_first_time() -> None:
    # Who has been in the shelter is counted; who has not goes there at 0.5 a year. From the first
    # of January nobody young has: 40 at home, and 0.1 a day who arrive there, for 731 days.
    years, rate, per_year = 731 / 365.25, 0.5, 36.525
    seen = -math.expm1(-rate * years)
    came = 40 * seen + per_year * (years - seen / rate)
    when = "during: {from: 2019-01, to: 2020-12}, goal: 30, better: higher"
    one = measured("distinct_persons_in: {housing: shelter, stratum: young}", when)
    assert one.projected == pytest.approx(came, rel=CLOSED_FORM)
    all_ = measured("distinct_persons_in: {housing: shelter}", when)
    assert all_.projected == pytest.approx(100 + came, rel=CLOSED_FORM)
    # Some come twice: entries are more than persons.
    twice = measured("entries_to: {housing: shelter, stratum: young}", when)
    assert twice.projected > 1.2 * one.projected


def test_distinct_persons_are_the_persons_in_over_the_same_window() -> None:
    distinct = measured("distinct_persons_in: {homeless: true}")
    over = measured(
        "persons_in: {homeless: true}", "at: 2019-02-01, over: 59 days, goal: 30, better: higher"
    )
    assert distinct.projected == over.projected


def test_a_window_of_all_persons_has_the_mean_of_those_at_its_ends_and_between() -> None:
    # Nobody young leaves: 40 at the start and 0.1 a day more.
    one = measured("mean_persons_in: {stratum: young}")
    assert one.projected == pytest.approx(40 + 0.1 * (FROM + TO) / 2, rel=CLOSED_FORM)


# The chance -----------------------------------------------------------------------------------

COUNTED = (
    "entries_to: {housing: shelter}",
    "moves: {from: {housing: shelter}, to: home}",
)
NOT_COUNTED = (
    "mean_persons_in: {housing: shelter}",
    "person_days_in: {housing: shelter}",
    "share_of_moves: {from: {housing: shelter}, to: home}",
)


@pytest.mark.parametrize("indicator", COUNTED)
def test_a_count_of_moves_is_poisson(indicator: str) -> None:
    one = measured(indicator, f"{WINDOW}, baseline: 25")
    assert one.probability == pytest.approx(float(poisson.sf(29, one.projected)), abs=SERIES)
    assert one.probability_no_change == pytest.approx(float(poisson.sf(29, 25)), abs=SERIES)


def test_a_count_of_persons_who_do_not_compete_is_narrower() -> None:
    one = measured("distinct_persons_in: {housing: shelter}", f"{WINDOW}, baseline: 25")
    assert one.chance_from == "known" and one.probability is not None
    assert one.probability > float(poisson.sf(29, one.projected))
    assert one.probability_no_change == pytest.approx(float(poisson.sf(29, 25)), abs=SERIES)


@pytest.mark.parametrize("indicator", NOT_COUNTED)
def test_what_nobody_counts_has_no_chance(indicator: str) -> None:
    one = measured(indicator, WINDOW.replace("30", "0.3") + ", baseline: 0.2")
    assert one.probability is None
    assert one.probability_no_change is None
    assert one.met is (one.projected >= 0.3)


GOALS = (
    # (baseline, counted among, goal, better) of the plan of 2019
    ("0.60", 47, "0.63", "higher"),
    ("0.43", 37, "0.50", "higher"),
    ("0.14", 203, "0.12", "lower"),
    ("0.33", 851, "0.37", "higher"),
    ("0.45", 31, "0.48", "higher"),
    ("0.47", 106, "0.50", "higher"),
    ("0.57", 98, "0.60", "higher"),
    ("0.50", 8, "0.53", "higher"),
)


@pytest.mark.parametrize(("baseline", "n", "goal", "better"), GOALS)
def test_no_change_shows_the_goal_met_with_a_binomial_chance(
    baseline: str, n: int, goal: str, better: str
) -> None:
    when = (
        f"during: {{from: 2019-02, to: 2019-03}}, baseline: {baseline}, goal: {goal}, n: {n}, "
        f"better: {better}"
    )
    one = measured("share_of_moves: {from: {housing: shelter, stratum: adult}, to: home}", when)
    wanted = Fraction(goal) * n
    for truth, found in ((one.projected, one.probability), (baseline, one.probability_no_change)):
        if better == "higher":
            chance = binom.sf(math.ceil(wanted) - 1, n, float(truth))
        else:
            chance = binom.cdf(math.floor(wanted), n, float(truth))
        assert found == pytest.approx(float(chance), abs=SERIES)
    assert one.projected == pytest.approx(0.4, rel=CLOSED_FORM)


def test_most_goals_of_the_plan_lie_within_the_noise_of_their_baseline() -> None:
    chances = [chance_of_share(float(b), n, Decimal(goal), better) for b, n, goal, better in GOALS]
    assert round(chances[0], 3) == 0.353  # 60 % to 63 % of 47: no change meets it one time in three
    assert sum(chance > 0.15 for chance in chances) == 7
    assert round(chances[3], 3) == 0.007  # 33 % to 37 % of 851 is the one that says something


@given(
    st.floats(0, 1),
    st.integers(1, 60),
    st.decimals(-1, 2, places=3),
    st.sampled_from(["lower", "higher"]),
)
def test_the_chance_is_a_sum_over_the_counts_that_meet_the_goal(
    share: float, n: int, goal: Decimal, better: str
) -> None:
    met = [
        k
        for k in range(n + 1)
        if (Fraction(k, n) <= goal if better == "lower" else Fraction(k, n) >= goal)
    ]
    expected = math.fsum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in met)
    assert chance_of_share(share, n, goal, better) == pytest.approx(expected, abs=SERIES)


# In tables ------------------------------------------------------------------------------------


def test_tables_say_what_was_measured_and_among_how_many() -> None:
    lines = "\n".join(
        [
            f"  days: {{indicator: {{person_days_in: {{housing: shelter}}}}, {WINDOW}}}",
            "  out: {indicator: {share_of_moves: {from: {housing: shelter}, to: home}},"
            " during: {from: 2019-02, to: 2019-03}, goal: 0.5, n: 47, better: higher}",
        ]
    )
    result = som.run(som.loads(SCENARIO.replace("TARGETS", lines)))
    table = result.targets.set_index("target")
    assert table["indicator"].to_dict() == {"days": "person_days_in", "out": "share_of_moves"}
    assert table["n"].astype(object).where(table["n"].notna(), None).to_dict() == {
        "days": None,
        "out": 47,
    }
    summary = result.summary()["strategies"]["reference"]["targets"]
    assert (summary["days"]["indicator"], summary["days"]["n"]) == ("person_days_in", None)
    assert summary["days"]["probability"] is None
    assert summary["out"]["n"] == 47
    assert summary["out"]["probability"] == table.loc["out", "probability"]


def test_an_observation_of_each_kind_stands_beside_the_expected_value() -> None:
    kinds = (*COUNTED, *NOT_COUNTED)
    rows = "".join(
        f"  - {{indicator: {{{one}}}, during: {{from: 2019-02, to: 2019-03}}, value: 0.5}}\n"
        for one in kinds
    )
    text = SCENARIO.replace("targets:\nTARGETS\n", f"observations:\n{rows}")
    table = som.run(som.loads(text)).observations
    expected = [measured(one, WINDOW.replace("30", "0.3")).projected for one in kinds]
    assert table["projected"].tolist() == pytest.approx(expected, rel=CLOSED_FORM)


# Wrong use ------------------------------------------------------------------------------------


def told(line: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        som.loads(SCENARIO.replace("TARGETS", line), "f")
    return "\n".join(str(one) for one in caught.value.problems)


HEAD = "  it: {indicator: {"
END = "}, during: {from: 2019-02, to: 2019-03}, goal: 0.5, better: lower"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            f"{HEAD}distinct_persons_in: {{housing: shelter}}}}, at: 2019-02, goal: 3, better: lower}}",
            "f:17:3: targets.it: distinct_persons_in is measured 'during' a window in whole "
            "months: {from: 2017-02, to: 2018-01}",
        ),
        (
            f"{HEAD}mean_persons_in: {{housing: shelter}}{END}, over: 7 days}}",
            "f:17:3: targets.it: mean_persons_in is measured 'during' a window in whole months: "
            "{from: 2017-02, to: 2018-01}",
        ),
        (
            f"{HEAD}moves: {{from: {{housing: shelter}}, to: home}}, persons_in: {{homeless: true}}{END}}}",
            "f:17:8: targets.it.indicator: write exactly one of persons_in, distinct_persons_in, "
            "mean_persons_in, person_days_in, entries_to, moves, share_of_moves, "
            "share_of_stays",
        ),
        (
            f"{HEAD}person_days_in: {{}}{END}}}",
            "f:17:20: targets.it.indicator.person_days_in: name at least one condition",
        ),
        (
            f"{HEAD}person_days_in: {{housing: prison}}{END}}}",
            "f:17:46: targets.it.indicator.person_days_in.housing: 'prison' is no state of "
            "housing; allowed: street, shelter, home",
        ),
        (
            f"{HEAD}moves: {{from: {{stratum: adult}}, to: home}}{END}}}",
            "f:17:28: targets.it.indicator.moves.from: name the states of exactly one domain",
        ),
        (
            f"{HEAD}moves: {{from: {{housing: shelter}}, to: shelter}}{END}}}",
            "f:17:58: targets.it.indicator.moves.to: 'shelter' is where these people already are",
        ),
        (
            f"{HEAD}moves: {{from: {{housing: shelter}}}}{END}}}",
            "f:17:20: targets.it.indicator.moves: 'to' is missing",
        ),
        (
            f"{HEAD}entries_to: {{housing: shelter}}{END}, n: 47}}",
            "f:17:120: targets.it.n: n is how many a share is counted among; entries_to is no share",
        ),
        (
            f"{HEAD}share_of_moves: {{from: {{housing: shelter}}, to: home}}{END}, n: 0}}",
            "f:17:142: targets.it.n: 0 must be above 0",
        ),
        (
            f"{HEAD}share_of_moves: {{from: {{housing: shelter}}, to: home}}{END}, n: 4.5}}",
            "f:17:142: targets.it.n: expected a whole number, not 4.5",
        ),
        (
            f"{HEAD}share_of_moves: {{from: {{housing: shelter}}, to: home}}"
            f"{END.replace('0.5', '63')}, baseline: 120}}",
            "f:17:119: targets.it.goal: 63 is no share (0 to 1); write 0.63 for 63 %\n"
            "f:17:148: targets.it.baseline: 120 is no share (0 to 1)",
        ),
        (
            f"{HEAD}moves: {{from: {{housing: shelter}}, to: home}}{END}, baseline: -4}}",
            "f:17:140: targets.it.baseline: -4 is no number of 0 or more",
        ),
        (
            f"{HEAD}moves: {{from: {{housing: shelter}}, to: home}}"
            f"{END.replace('to: 2019-03', 'to: 2021-03')}}}",
            "f:17:66: targets.it.during: the window must be whole cycles within the run",
        ),
    ],
)
def test_wrong_use_is_told_where_and_what(line: str, message: str) -> None:
    assert told(line) == message


def test_an_observation_says_among_how_many_for_a_share_only() -> None:
    text = SCENARIO.replace(
        "targets:\nTARGETS\n",
        "observations:\n"
        "  - {indicator: {persons_in: {homeless: true}}, at: 2019-02, value: 86, n: 86}\n"
        "  - {indicator: {share_of_moves: {from: {housing: shelter}, to: home}},\n"
        "     during: {from: 2019-02, to: 2019-03}, value: 43, n: 37}\n",
    )
    with pytest.raises(ScenarioError) as caught:
        som.loads(text, "f")
    assert [str(one) for one in caught.value.problems] == [
        "f:17:76: observations[0].n: n is how many a share is counted among; persons_in is no share",
        "f:19:51: observations[1].value: 43 is no share (0 to 1); write 0.43 for 43 %",
    ]
