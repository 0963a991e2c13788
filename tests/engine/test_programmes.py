"""Places and enrolment: who gets in, when, and what it costs to keep the places filled."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from random_scenarios import Data, model_of, result_of, small, time, with_money
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import run_cohort
from som_sim.engine.trajectory import Trajectory

EXACT = 1e-12
"""Relative: float rounding of a few dozen cycles."""
FOR_EVER = "1000000000000000 years"
"""A stay so long that nobody's ending shows in a float."""


def programme(**rules: Any) -> Data:
    base = {"eligible": {}, "places": 7, "intake": {"share_of_waiting": 1}}
    return {**base, "stay": {"mean": FOR_EVER}, **rules}


def with_programmes(programmes: dict[str, Data], **sections: Any) -> Data:
    course = {"programmes": list(programmes)}
    return small(programmes=programmes, strategies={"reference": course}, **sections)


def run(data: Data) -> Trajectory:
    return run_cohort(model_of(data))


def inside(trajectory: Trajectory, status: int = 1) -> np.ndarray:
    """Return persons with a programme status by boundary."""
    return trajectory.occupancy[0, 0, :, status].sum(axis=(0, 2))


def enrolled(trajectory: Trajectory, rule: int = 0) -> np.ndarray:
    return trajectory.enrolments[0, 0, :, rule].sum(axis=(1, 2, 3))


@pytest.mark.parametrize("cycle", ["month", "quarter", "year"])
def test_seven_places_filled_are_seven_person_months_a_month(cycle: str) -> None:
    act = programme()
    data = with_programmes({"act": act}, time=time("2019-01", "2020-12", cycle))
    price = {
        "amount": Decimal("1234.56"),
        "per": "person_month",
        "in": {"programme": "act"},
        "price_year": 2019,
        "payers": {"kommune": 1},
        "account": "team",
    }
    result = result_of(with_money(data, {"team": price}))
    trajectory = result.runs["reference"].trajectory
    days = np.array(trajectory.model.calendar.days)
    per_cycle = trajectory.model.calendar.months_per_cycle
    in_act = trajectory.person_days[0, 0, :, 1].sum(axis=(0, 2))
    np.testing.assert_allclose(in_act / days, 7, rtol=EXACT)
    np.testing.assert_allclose(inside(trajectory), 7, rtol=EXACT)
    (charge,) = result.runs["reference"].books.charges
    np.testing.assert_allclose(charge.quantity[:, 0, 1], 7 * per_cycle, rtol=EXACT)
    amounts = charge.amount.sum(axis=(1, 2))
    assert amounts.tolist() == [7 * 123_456 * per_cycle] * len(days)
    assert result.ledger["amount_oere"].tolist() == [7 * 123_456 * 12] * 2


def test_places_begin_when_the_file_says_and_are_filled_that_day() -> None:
    trajectory = run(with_programmes({"act": programme(places={"2019-06": 7, "2019-08": 9})}))
    assert inside(trajectory) == pytest.approx([0] * 5 + [7] * 2 + [9] * 6, rel=EXACT)
    assert enrolled(trajectory) == pytest.approx([0] * 5 + [7, 0, 2] + [0] * 4, rel=EXACT)
    june = trajectory.person_days[0, 0, :, 1, 5].sum()
    assert june == pytest.approx(7 * 30, rel=EXACT), "enrolment comes before the cycle's time"


def test_fewer_places_put_nobody_out() -> None:
    act = programme(places={"2019-01": 9, "2019-04": 3, "2019-07": 0})
    trajectory = run(with_programmes({"act": act}))
    assert inside(trajectory) == pytest.approx([9] * 13, rel=EXACT)
    assert enrolled(trajectory) == pytest.approx([9] + [0] * 11, rel=EXACT)


def test_a_place_that_falls_free_is_filled_at_the_next_boundary() -> None:
    trajectory = run(with_programmes({"act": programme(stay={"mean": "6 months"})}))
    days = np.array(trajectory.model.calendar.days)
    left = 7 * np.exp(-2 * days / DAYS_PER_YEAR)
    np.testing.assert_allclose(inside(trajectory)[:-1], 7, rtol=EXACT)
    assert inside(trajectory)[-1] == pytest.approx(left[-1], rel=EXACT)
    np.testing.assert_allclose(enrolled(trajectory)[1:], 7 - left[:-1], rtol=EXACT)
    spent = trajectory.person_days[0, 0, :, 1].sum(axis=(0, 2)) / DAYS_PER_YEAR
    np.testing.assert_allclose(spent, (7 - left) / 2, rtol=EXACT)


def test_the_intake_is_a_share_of_those_waiting() -> None:
    act = programme(places=50, intake={"share_of_waiting": Decimal("0.1")})
    trajectory = run(with_programmes({"act": act}))
    waiting = 60 * 0.9 ** np.arange(12)
    np.testing.assert_allclose(trajectory.waiting[0, 0, :, 0], waiting, rtol=EXACT)
    np.testing.assert_allclose(enrolled(trajectory), 0.1 * waiting, rtol=EXACT)
    full = run(with_programmes({"act": {**act, "places": 9}}))
    assert enrolled(full)[:3] == pytest.approx([6, 3, 0], rel=EXACT)
    assert full.waiting[0, 0, :3, 0] == pytest.approx([60, 54, 51], rel=EXACT)


@pytest.mark.parametrize(("cycle", "months"), [("month", 1), ("quarter", 3), ("year", 12)])
def test_an_intake_of_persons_a_month_is_per_calendar_month(cycle: str, months: int) -> None:
    act = programme(places=50, intake={"persons_per_month": 2})
    trajectory = run(with_programmes({"act": act}, time=time("2019-01", "2020-12", cycle)))
    taken = np.minimum(2 * months * np.arange(1, 1 + 24 // months), 50)
    np.testing.assert_allclose(inside(trajectory)[:-1], taken, rtol=EXACT)


def test_short_places_are_shared_in_proportion_to_those_waiting() -> None:
    groups = [("adult", "shelter", 30), ("adult", "home", 10), ("old", "shelter", 20)]
    initial = [
        {"stratum": stratum, "housing": state, "persons": number}
        for stratum, state, number in groups
    ]
    act = programme(eligible={"housing": "shelter"}, places=5)
    data = with_programmes(
        {"act": act}, strata={"adult": None, "old": None}, population={"initial": initial}
    )
    trajectory = run(data)
    first = trajectory.enrolments[0, 0, 0, 0, :, 0]
    np.testing.assert_allclose(first, [[3, 0], [2, 0]], rtol=EXACT)
    assert trajectory.waiting[0, 0, 0, 0] == pytest.approx(50, rel=EXACT)


def test_programmes_enrol_in_the_order_of_the_strategy() -> None:
    programmes = {"act": programme(places=50), "icm": programme(places=50)}
    data = with_programmes(programmes, transitions=[])
    for order in (["act", "icm"], ["icm", "act"]):
        trajectory = run({**data, "strategies": {"reference": {"programmes": order}}})
        first, second = trajectory.occupancy[0, 0, 0, 1:, 0].sum(axis=1)
        assert (first, second) == pytest.approx((50, 10), rel=EXACT)
        assert trajectory.model.axes.programmes == ("none", *order)
        assert trajectory.waiting[0, 0, 0] == pytest.approx([60, 10], rel=EXACT)


def test_those_in_another_programme_wait_only_where_the_file_says() -> None:
    def final(eligible: Data) -> list[float]:
        icm = programme(places=20, eligible=eligible)
        data = with_programmes({"act": programme(places=30), "icm": icm}, transitions=[])
        return run(data).occupancy[0, 0, 0, :, 0].sum(axis=1).tolist()

    assert final({}) == pytest.approx([10, 30, 20], rel=EXACT)
    assert final({"programme": "none"}) == pytest.approx([10, 30, 20], rel=EXACT)
    assert final({"programme": "act"}) == pytest.approx([30, 10, 20], rel=EXACT)
    # Of 30 + 30 who wait a third get in: 10 from each.
    assert final({"programme": ["none", "act"]}) == pytest.approx([20, 20, 20], rel=EXACT)


def test_enrolment_from_a_programme_frees_its_places_in_the_next_cycle() -> None:
    icm = programme(places=4, eligible={"programme": "act"})
    trajectory = run(with_programmes({"act": programme(), "icm": icm}, transitions=[]))
    assert inside(trajectory)[:3] == pytest.approx([3, 7, 7], rel=EXACT)
    assert inside(trajectory, 2)[:3] == pytest.approx([4, 4, 4], rel=EXACT)


def test_moving_on_needs_no_place() -> None:
    act = programme(stay={"mean": "1 month"}, moves_on_to="icm")
    data = with_programmes({"act": act, "icm": programme(places=0)})
    trajectory = run(data)
    assert inside(trajectory, 2)[-1] > 7
    assert not enrolled(trajectory, 1).any()


def test_nobody_is_enrolled_where_nobody_waits() -> None:
    trajectory = run(with_programmes({"act": programme(eligible={"stratum": "adult",
                                                                 "housing": "home"})},
                                     transitions=[]))  # fmt: skip
    assert not trajectory.waiting.any()
    assert not enrolled(trajectory).any()
    assert in_total(trajectory) == pytest.approx([60] * 13, rel=EXACT)


def in_total(trajectory: Trajectory) -> np.ndarray:
    return trajectory.occupancy[0, 0].sum(axis=(0, 1, 3))


def test_the_table_of_programmes_says_the_same() -> None:
    programmes = {"act": programme(places={"2019-02": 5}), "icm": programme(places=8)}
    result = result_of(with_programmes(programmes, time=time("2019-01", "2019-03"), transitions=[]))
    table = result.programmes.set_index(["programme", "date"])
    act, icm = table.loc["act"], table.loc["icm"]
    assert act["places"].tolist() == [0, 5, 5]
    assert act["persons_in"].tolist() == pytest.approx([0, 5, 5], rel=EXACT)
    assert act["enrolled"].tolist() == pytest.approx([0, 5, 0], rel=EXACT)
    assert act["waiting"].tolist() == pytest.approx([60, 52, 47], rel=EXACT)
    assert icm["persons_in"].tolist() == pytest.approx([8, 8, 8], rel=EXACT)
    assert icm["waiting"].tolist() == pytest.approx([60, 47, 47], rel=EXACT)
