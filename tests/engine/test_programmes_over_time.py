"""Programmes over calendar time: posts, intake by the month, drop-out and ramps, by hand."""

from __future__ import annotations

import csv
import io
import math
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from random_scenarios import Data, model_of, result_of, small, time, with_money
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import run_cohort
from som_sim.engine.trajectory import Trajectory
from som_sim.model.model import PROGRAMME_MOVE
from som_sim.report.summary import print_summary

EXACT = 1e-12
"""Relative: each cycle's series is good to float rounding, and a run is a few dozen cycles."""
OUT = {"from": {"housing": "shelter"}, "to": "home"}
BACK = {"from": {"housing": "home"}, "to": "shelter"}
RULES: Data = {"eligible": {}, "places": 1000, "intake": {"share_of_waiting": 1}}


def with_act(act: Data, **sections: Any) -> Data:
    """Return 60 people in a shelter whom nothing moves but what a test says."""
    data = small(
        transitions=[],
        programmes={"act": {**RULES, **act}},
        strategies={"reference": {}, "act": {"programmes": ["act"]}},
    )
    return {**data, **sections}


def run(data: Data, strategy: str = "act") -> Trajectory:
    return run_cohort(model_of(data, strategy))


def inside(trajectory: Trajectory, status: int = 1) -> np.ndarray:
    """Return persons in a programme at each boundary."""
    return trajectory.occupancy[0, 0, :, status].sum(axis=(0, 2))


def enrolled(trajectory: Trajectory) -> np.ndarray:
    """Return persons enrolled in each cycle."""
    return trajectory.enrolments[0, 0, :, 0].sum(axis=(1, 2, 3))


def since_start(trajectory: Trajectory) -> np.ndarray:
    """Return the years from the start to each boundary."""
    return np.concatenate([[0], np.cumsum(trajectory.model.calendar.days)]) / DAYS_PER_YEAR


# Places ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({"posts": 2, "caseload": 8}, [16] * 12),
        ({"posts": Decimal("1.5"), "caseload": "load"}, [15] * 12),
        ({"posts": {"2019-03": 1, "2019-08": Decimal("2.5")}, "caseload": 8}, [0] * 2 + [8] * 5 + [20] * 5),
        ({"posts": {"2018-03": "staff", "2019-12": 0}, "caseload": "load"}, [30] * 11 + [0]),
        ({"posts": {"value": 2, "grade": "C"}, "caseload": {"value": 8, "note": "n"}}, [16] * 12),
    ],
)  # fmt: skip
def test_places_are_posts_times_the_caseload(places: Data, expected: list[float]) -> None:
    parameters = {"load": {"value": 10}, "staff": {"value": 3}}
    trajectory = run(with_act({"places": places}, parameters=parameters))
    assert trajectory.model.programmes[0].places[:, 0].tolist() == expected
    filled = np.maximum.accumulate(expected)  # nobody leaves, so nobody is put out
    np.testing.assert_allclose(inside(trajectory)[:-1], filled, rtol=EXACT)
    np.testing.assert_allclose(enrolled(trajectory), np.diff(filled, prepend=0), atol=1e-12)


def test_posts_and_plain_places_are_the_same_programme() -> None:
    steps = {"2019-03": 16, "2019-08": 24}
    posts = {"posts": {"2019-03": 2, "2019-08": 3}, "caseload": 8}
    stay = {"stay": {"mean": "7 months"}}
    one, two = (run(with_act({**stay, "places": places})) for places in (steps, posts))
    assert np.array_equal(one.occupancy, two.occupancy)


# Intake ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cycle", "months"), [("month", 1), ("quarter", 3), ("year", 12)])
def test_so_many_a_month_are_taken_in_while_people_wait(cycle: str, months: int) -> None:
    data = with_act(
        {"intake": {"persons_per_month": Decimal("2.5")}}, time=time("2019-01", "2021-12", cycle)
    )
    trajectory = run(data)
    n_cycles = trajectory.model.calendar.n_cycles
    so_far = np.minimum(2.5 * months * np.arange(1, n_cycles + 1), 60)
    np.testing.assert_allclose(inside(trajectory)[:-1], so_far, rtol=EXACT)
    waiting = 60 - np.concatenate([[0], so_far[:-1]])
    np.testing.assert_allclose(trajectory.waiting[0, 0, :, 0], waiting, atol=1e-10)


def test_intake_steps_and_there_is_none_before_its_first_month() -> None:
    intake = {"persons_per_month": {"2019-03": 4, "2019-05": "few", "2019-11": 50}}
    data = with_act({"intake": intake}, parameters={"few": {"value": 1}})
    expected = [0, 0, 4, 4, 1, 1, 1, 1, 1, 1, 46, 0]  # 60 in all: 46 are left in November
    np.testing.assert_allclose(enrolled(run(data)), expected, atol=1e-12)


def test_free_places_and_those_waiting_limit_intake_too() -> None:
    """Places 10, then 13: the third cycle has 2 free of 4; later 3 more, then none."""
    data = with_act({"places": {"2019-01": 10, "2019-06": 13}, "intake": {"persons_per_month": 4}})
    np.testing.assert_allclose(
        enrolled(run(data)), [4, 4, 2, 0, 0, 3, 0, 0, 0, 0, 0, 0], atol=1e-12
    )
    few = {"initial": [{"stratum": "adult", "housing": "shelter", "persons": 3}]}
    found = enrolled(run({**data, "population": few}))
    np.testing.assert_allclose(found, [3] + [0] * 11, atol=1e-12)


def test_each_cell_gives_its_share_of_so_many_a_month() -> None:
    people = [
        {"stratum": stratum, "housing": state, "persons": persons}
        for stratum, state, persons in (("adult", "shelter", 30), ("old", "home", 10))
    ]
    data = with_act(
        {"intake": {"persons_per_month": 4}},
        strata={"adult": None, "old": None},
        population={"initial": people},
    )
    came = run(data).enrolments[0, 0, 0, 0, :, 0]
    np.testing.assert_allclose(came, [[3, 0], [0, 1]], rtol=EXACT)


def test_a_number_a_month_above_those_waiting_is_everybody() -> None:
    everybody = with_act({"stay": {"mean": "5 months"}})
    many = with_act({"stay": {"mean": "5 months"}, "intake": {"persons_per_month": 10_000}})
    one, two = run(everybody), run(many)
    for name in ("occupancy", "flows", "enrolments", "waiting"):
        np.testing.assert_allclose(getattr(one, name), getattr(two, name), rtol=EXACT)


# Drop-out ---------------------------------------------------------------------------------------


ONCE = {"2019-01": 60, "2019-02": 0}


def test_drop_out_and_the_end_of_a_stay_compete() -> None:
    """Mean stay of 6 months, drop-out of 1 a year: rates 2 and 1, a third drops out."""
    act = {"places": ONCE, "stay": {"mean": "6 months"}, "drop_out": {"rate_per_year": 1}}
    data = with_act({**act, "moves_on_to": "icm"}, time=time("2019-01", "2020-12"))
    data["programmes"]["icm"] = {**RULES, "places": 0}
    data["strategies"]["act"] = {"programmes": ["act", "icm"]}
    trajectory = run(data)
    left = 1 - np.exp(-3 * since_start(trajectory))
    np.testing.assert_allclose(inside(trajectory), 60 * (1 - left), rtol=EXACT)
    np.testing.assert_allclose(inside(trajectory, 2), 40 * left, rtol=EXACT, atol=EXACT)
    np.testing.assert_allclose(inside(trajectory, 0), 20 * left, rtol=EXACT, atol=EXACT)


def test_who_drops_out_goes_to_no_other_programme() -> None:
    act = {"stay": {"mean": "6 months"}, "drop_out": {"rate_per_year": "rate"}}
    data = with_act(
        {**act, "moves_on_to": {"icm": Decimal("0.25")}}, parameters={"rate": {"value": 3}}
    )
    data["programmes"]["icm"] = {**RULES, "places": 0}
    data["strategies"]["act"] = {"programmes": ["act", "icm"]}
    model = model_of(data, "act")
    axes, edges = model.axes, model.generator
    moves = edges.domain == PROGRAMME_MOVE
    target = np.unravel_index(edges.target[moves], axes.cell_shape)[1]
    source = np.unravel_index(edges.source[moves], axes.cell_shape)[1]
    rate = edges.rate[moves, 0]
    np.testing.assert_allclose(rate[(source == 1) & (target == 2)], 0.5, rtol=EXACT)
    np.testing.assert_allclose(rate[(source == 1) & (target == 0)], 1.5 + 3, rtol=EXACT)


def test_drop_out_alone_ends_a_programme_that_has_no_end() -> None:
    trajectory = run(with_act({"places": ONCE, "drop_out": {"rate_per_year": Decimal("0.7")}}))
    expected = 60 * np.exp(-0.7 * since_start(trajectory))
    np.testing.assert_allclose(inside(trajectory), expected, rtol=EXACT)


def test_no_drop_out_is_none() -> None:
    none = with_act({"places": 20, "stay": {"mean": "6 months"}})
    zero = with_act({"places": 20, "stay": {"mean": "6 months"}, "drop_out": {"rate_per_year": 0}})
    assert np.array_equal(run(none).occupancy, run(zero).occupancy)


# Ramp -------------------------------------------------------------------------------------------


def ramping(places: Any, ramp_up: str, **sections: Any) -> Data:
    effect = {**OUT, "hazard_ratio": 4}
    transitions = [{**OUT, "rate_per_year": 1}, {**BACK, "rate_per_year": 2}]
    act = {"places": places, "ramp_up": ramp_up, "effects": [effect]}
    data = with_act(act, transitions=transitions, time=time("2019-01", "2021-12"))
    return {**data, **sections}


def reached(data: Data, strategy: str = "act") -> np.ndarray:
    """Return the share of the effect, on the logarithm, that each cycle has; no other rate moves."""
    model = model_of(data, strategy)
    axes, shares = model.axes, []
    for cycle in range(model.calendar.n_cycles):
        edges = model.generator_in(cycle)
        _, status, state = np.unravel_index(edges.source, axes.cell_shape)
        helped = (status == 1) & (state == 0) & (edges.domain == 0)
        shares.append(math.log(edges.rate[helped, 0].item()) / math.log(4))
        back = (state == 1) & (edges.domain == 0)
        assert (edges.rate[back, 0] == 2).all()
        assert (edges.rate[(status == 0) & (state == 0), 0] == 1).all()
    return np.array(shares)


def by_day(data: Data, first: str, days: float) -> np.ndarray:
    """Return the mean over each cycle, a thousandth of a day at a time."""
    calendar = model_of(data, "act").calendar
    start = (np.datetime64(first) - np.datetime64(calendar.start)).astype(int)
    at = np.concatenate([[0], np.cumsum(calendar.days)])
    return np.array(
        [
            np.clip((np.arange(a, b, 0.001) + 0.0005 - start) / days, 0, 1).mean()
            for a, b in pairwise(at)
        ]
    )


@pytest.mark.parametrize(
    ("places", "first", "ramp_up", "days"),
    [
        ({"2019-04": 60}, "2019-04-01", "12 months", 365.25),
        ({"2018-07": 60}, "2018-07-01", "12 months", 365.25),
        ({"posts": {"2019-04": 6}, "caseload": 10}, "2019-04-01", "45 days", 45),
        ({"2019-04": 0, "2020-01": 60}, "2019-04-01", "2 years", 730.5),
        ({"2019-02": 60}, "2019-02-01", "10 days", 10),
        ({"2020-12": 60}, "2020-12-01", "5 years", 1826.25),
    ],
)
def test_an_effect_grows_evenly_from_the_first_month_of_places(
    places: Data, first: str, ramp_up: str, days: float
) -> None:
    data = ramping(places, ramp_up)
    np.testing.assert_allclose(reached(data), by_day(data, first, days), atol=1e-6)


@pytest.mark.parametrize("cycle", ["quarter", "year"])
def test_a_longer_cycle_has_the_mean_of_its_months(cycle: str) -> None:
    months = ramping({"2019-01": 60}, "18 months")
    longer = {**months, "time": time("2019-01", "2021-12", cycle)}
    days = np.array(model_of(months, "act").calendar.days)
    n_cycles = model_of(longer, "act").calendar.n_cycles
    weighed = (reached(months) * days).reshape(n_cycles, -1).sum(axis=1)
    np.testing.assert_allclose(
        reached(longer), weighed / days.reshape(n_cycles, -1).sum(axis=1), rtol=1e-12
    )


def test_half_way_there_is_half_the_logarithm() -> None:
    """Of a ramp over 181 days from January, April is not yet half, and the whole half year is."""
    months = ramping({"2019-01": 60}, "181 days")
    days = np.array(model_of(months, "act").calendar.days)[:6]
    assert float(reached(months)[:6] @ days) / 181 == pytest.approx(0.5, rel=EXACT)
    assert reached(months)[3] == pytest.approx((90 + 15) / 181, rel=EXACT)
    assert reached(months)[6:].tolist() == [1.0] * 30
    year = ramping({"2019-01": 60}, "365 days", time=time("2019-01", "2021-12", "year"))
    np.testing.assert_allclose(reached(year), [0.5, 1, 1], rtol=EXACT)


def test_people_move_at_the_rates_that_the_ramp_has_come_to() -> None:
    """Everybody in at once, one move only: a product of exponentials of growing rates."""
    data = ramping({"2019-01": 60}, "12 months", transitions=[{**OUT, "rate_per_year": 1}])
    trajectory = run(data)
    boundaries = since_start(trajectory) * DAYS_PER_YEAR
    share = np.array([np.clip([a, b], 0, 365.25).mean() / 365.25 for a, b in pairwise(boundaries)])
    share[12:] = 1  # the year of 365 days ends a quarter of a day before the ramp does
    share[12] -= 0.25**2 / 2 / 365.25 / 31
    rates = 4.0**share
    expected = 60 * np.exp(-np.concatenate([[0], np.cumsum(rates * np.diff(boundaries))]) / 365.25)
    found = trajectory.occupancy[0, 0, 0, 1, :, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-11)


def test_a_ramp_is_over_at_once_or_never_begins() -> None:
    whole = ramping({"2017-01": 60}, "12 months")
    del whole["programmes"]["act"]["ramp_up"]
    early = ramping({"2017-01": 60}, "12 months")
    assert np.array_equal(run(early).occupancy, run(whole).occupancy)
    assert len(model_of(early, "act").rates) == 1
    late = reached(ramping({"2030-01": 60}, "12 months"))
    assert not late.any()


def test_a_ramp_of_no_effect_is_none() -> None:
    data = ramping({"2019-04": 60}, "12 months")
    data["programmes"]["act"]["effects"][0]["hazard_ratio"] = 1
    for name in ("occupancy", "person_days"):
        found = getattr(run(data), name).sum(axis=3)
        same = getattr(run(data, "reference"), name).sum(axis=3)
        np.testing.assert_allclose(found, same, rtol=EXACT)


def test_a_strategy_moves_the_start_of_a_ramp_with_its_places() -> None:
    later = {"programmes": ["act"], "overrides": {"programmes.act.places": {"2020-04": 60}}}
    slower = {"programmes": ["act"], "overrides": {"programmes.act.ramp_up": "24 months"}}
    data = ramping({"2019-04": 60}, "12 months")
    data["strategies"] |= {"later": later, "slower": slower}
    assert reached(data, "later")[:15].tolist() == [0] * 15
    np.testing.assert_allclose(reached(data, "later")[15], 15 / 365.25, rtol=EXACT)
    np.testing.assert_allclose(reached(data, "slower")[3], 15 / 730.5, rtol=EXACT)


# All of it together ------------------------------------------------------------------------------


def everything() -> Data:
    """Return a small scenario that uses all that changes over time."""
    price = {"amount": Decimal("96.71"), "per": "person_day", "price_year": 2019,
             "payers": {"kommune": Decimal("0.7"), "stat": Decimal("0.3")}, "index": "pl"}  # fmt: skip
    data = small(
        meta={"title": "over time", "currency": "DKK", "price_year": 2019},
        time=time("2019-01", "2021-12"),
        leave=["dead"],
        strata={"young": {"ages": {"to": "adult", "after": "4 years"}}, "adult": None},
        population={
            "initial": [
                {"stratum": stratum, "housing": state, "persons": persons}
                for stratum, state, persons in (
                    ("young", "shelter", 20), ("adult", "shelter", 40), ("adult", "home", 10),
                )
            ],
            "arrivals": [
                {"stratum": "young", "housing": "shelter", "per_year": {"2019-01": 12, "2020-03": 30},
                 "season": [2, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 2]},
            ],
        },
        transitions=[
            {**OUT, "rate_per_year": {"2019-01": 1, "2020-07": Decimal("1.5")}},
            {**BACK, "rate_per_year": 1, "season": [1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 2]},
            {"from": {"housing": ["shelter", "home"]}, "to": "dead", "rate_per_year": Decimal("0.02")},
        ],
        programmes={
            "act": {
                "eligible": {"housing": "shelter"},
                "label": {"da": "ACT-team", "en": "ACT team"},
                "places": {"posts": {"2019-04": 1, "2020-01": 2}, "caseload": 8},
                "intake": {"persons_per_month": {"2019-04": 3, "2020-06": 1}},
                "stay": {"mean": "8 months"},
                "drop_out": {"rate_per_year": Decimal("0.3")},
                "ramp_up": "12 months",
                "effects": [
                    {**OUT, "hazard_ratio": 3},
                    {**BACK, "hazard_ratio": Decimal("0.4"), "afterwards": {"half_life": "9 months"}},
                ],
            }
        },
        targets={
            "fewer": {"indicator": {"persons_in": {"housing": "shelter", "programme": "none"}},
                      "at": "2021-06-10", "over": "7 days", "goal": 30, "better": "lower"},
        },
        strategies={"reference": {}, "act": {"programmes": ["act"]}},
    )  # fmt: skip
    prices = {
        "shelter": {**price, "in": {"housing": "shelter"}, "account": "a"},
        "outside": {**price, "in": {"programme": "none", "housing": "home"}, "account": "b"},
        "start": {**price, "per": "enrolment", "programme": "act", "account": "c"},
    }
    return with_money(data, prices)


def test_everything_at_once_adds_up() -> None:
    result = result_of(everything())
    assert result.ok, result.reconciliation[~result.reconciliation["ok"]].to_dict("records")
    trajectory = result.runs["act"].trajectory
    came = 70 + np.concatenate([[0], np.cumsum(trajectory.model.arrived()[:, :, 0].sum(axis=1))])
    there = trajectory.occupancy[0, 0].sum(axis=(0, 1, 3)) + trajectory.left[0, 0].sum(axis=0)
    np.testing.assert_allclose(there, came, rtol=EXACT)
    assert trajectory.occupancy.min() >= 0
    assert (inside(trajectory)[:-1] <= trajectory.model.programmes[0].places[:, 0] + 1e-9).all()


def test_what_is_published_shows_programmes_and_not_their_phases(tmp_path: Path) -> None:
    result = result_of(everything())
    result.save(tmp_path / "out", lang="en")
    with (tmp_path / "out" / "programmes.csv").open(encoding="utf-8") as file:
        assert {row["programme"] for row in csv.DictReader(file)} == {"act"}
    with (tmp_path / "out" / "occupancy.csv").open(encoding="utf-8") as file:
        found = {row["programme"] for row in csv.DictReader(file)}
    assert found == {"none", "act", *(f"after act {number}" for number in (1, 2, 3, 4))}
    with (tmp_path / "out" / "flows.csv").open(encoding="utf-8") as file:
        flows = list(csv.DictReader(file))
    assert {row["domain"] for row in flows} == {"housing", "programme", "stratum"}
    assert all(float(row["persons"]) >= 0 for row in flows)
    assert list((tmp_path / "out").glob("target_fewer*"))


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_summary_names_the_programme_alone(lang: str) -> None:
    from rich.console import Console

    page = io.StringIO()
    print_summary(result_of(everything()), lang, Console(file=page, width=80))
    written = page.getvalue()
    assert {"da": "ACT-team", "en": "ACT team"}[lang] in written
    assert "after act" not in written
