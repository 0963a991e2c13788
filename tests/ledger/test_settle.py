"""The rule engine against a plain loop, day by day and krone by krone, and its laws."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from som_sim.core.errors import SomSimError
from som_sim.core.yaml_tree import parse_yaml
from som_sim.knowledge.files import read_knowledge
from som_sim.knowledge.rules import PayerRule, make_rule, payer_rules
from som_sim.ledger.settle import Settled, Stays, settle

CLOSE = 1e-6
"""Kroner: sums of some hundred float pieces of at most 1,000 kr. a day."""

RULES = {
    name: payer_rules()[name] for name in ("dk_section_110", "dk_benefit_steps", "dk_section_85a")
}


def rule_of(text: str) -> PayerRule:
    form = read_knowledge(parse_yaml(f"rules:\n  mine:\n{text}", "mine.yaml")).rules["mine"]
    return make_rule("mine", form)


ANNIVERSARY = rule_of(
    """
    title: On the date itself
    law: none
    source: illustrative
    counter: {counts: days, window: running_year, anew: anniversary}
    periods: [{pays: {kommune: 1}, refunds: [{from: stat, to: kommune, steps: [{up_to: 60, share: 0.5}]}]}]
    """
)
CALENDAR_YEAR = rule_of(
    """
    title: Thirty days a calendar year
    law: none
    source: illustrative
    counter: {counts: days, window: calendar_year}
    periods: [{pays: {kommune: 0.5, region: 0.5}, refunds: [{from: stat, to: region, steps: [{up_to: 30, share: 0.4}, {share: 0.1}]}]}]
    """
)
RULES |= {"anniversary": ANNIVERSARY, "calendar_year": CALENDAR_YEAR}


def a_year_after(day: dt.date, months: int = 12) -> dt.date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(years, month + 1, 1)
    return first + dt.timedelta(days=day.day - 1)


def by_the_day(
    rule: PayerRule, stays: list[tuple[int, dt.date, int]], cost: int
) -> dict[str, Fraction]:
    """Settle whole days one by one, in the order of time, person by person."""
    bears: dict[str, Fraction] = {}
    for person in {one for one, _, _ in stays}:
        days = sorted(
            first + dt.timedelta(days=n)
            for one, first, length in stays
            if one == person
            for n in range(length)
        )
        used, began = 0, None
        for day in days:
            split = rule.on(day)
            assert split is not None
            counter = rule.counter
            counts = counter is not None and (counter.from_ is None or day >= counter.from_)
            if counts:
                assert counter is not None
                if began is None:
                    began = day
                elif counter.window == "running_year":
                    while day >= a_year_after(began):
                        began = day if counter.anew == "next_day" else a_year_after(began)
                        used = 0
                elif counter.window == "calendar_year" and day.year != began.year:
                    began, used = day, 0
                used += 1
            for payer, share in split.pays:
                bears[payer] = bears.get(payer, Fraction(0)) + share * cost
            for refund in split.refunds:
                share = Fraction(0)
                for step in refund.steps:
                    inside = True
                    if step.up_to is not None:
                        assert counter is not None
                        if counter.counts == "time":
                            assert began is not None
                            inside = day < a_year_after(began, int(step.up_to))
                        else:
                            per = 7 if counter.counts == "weeks" else 1
                            inside = used <= step.up_to * per
                    if inside:
                        share = step.share
                        break
                bears[refund.giver] = bears.get(refund.giver, Fraction(0)) + share * cost
                bears[refund.receiver] = bears.get(refund.receiver, Fraction(0)) - share * cost
    return {payer: one for payer, one in bears.items() if one}


@st.composite
def histories(
    draw: st.DrawFn, first: dt.date = dt.date(2023, 10, 1)
) -> list[tuple[int, dt.date, int]]:
    stays = []
    for person in range(draw(st.integers(1, 2))):
        day = first + dt.timedelta(days=draw(st.integers(0, 300)))
        for _ in range(draw(st.integers(1, 5))):
            length = draw(st.one_of(st.integers(1, 60), st.integers(60, 900)))
            stays.append((person, day, length))
            day += dt.timedelta(
                days=length + draw(st.one_of(st.integers(0, 40), st.integers(40, 800)))
            )
    return draw(st.permutations(stays))


def made(stays: list[tuple[int, dt.date, int]], cost: float) -> Stays:
    starts = np.array([float(first.toordinal()) for _, first, _ in stays])
    lengths = np.array([float(length) for _, _, length in stays])
    return Stays(
        person=np.array([person for person, _, _ in stays]),
        start=starts,
        end=starts + lengths,
        cost=cost * lengths,
    )


def total(done: Settled) -> dict[str, float]:
    return {payer: float(one.sum()) for payer, one in done.bears.items() if abs(one.sum()) > CLOSE}


@pytest.mark.parametrize("name", sorted(RULES))
@settings(max_examples=40)
@given(stays=histories(), cost=st.integers(1, 1000))
def test_the_engine_is_the_loop(
    name: str, stays: list[tuple[int, dt.date, int]], cost: int
) -> None:
    expected = by_the_day(RULES[name], stays, cost)
    found = total(settle(RULES[name], made(stays, cost)))
    assert found == pytest.approx({payer: float(one) for payer, one in expected.items()}, abs=CLOSE)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(RULES))
@settings(max_examples=500)
@given(stays=histories(), cost=st.integers(1, 1000))
def test_the_engine_is_the_loop_often(
    name: str, stays: list[tuple[int, dt.date, int]], cost: int
) -> None:
    expected = by_the_day(RULES[name], stays, cost)
    found = total(settle(RULES[name], made(stays, cost)))
    assert found == pytest.approx({payer: float(one) for payer, one in expected.items()}, abs=CLOSE)


@pytest.mark.parametrize("name", sorted(RULES))
@settings(max_examples=25)
@given(stays=histories(), edges=st.lists(st.integers(738_000, 744_000), min_size=2, max_size=6))
def test_cycles_cut_but_change_nothing(
    name: str, stays: list[tuple[int, dt.date, int]], edges: list[int]
) -> None:
    all_time = [730_000.0, *map(float, sorted(set(edges))), 760_000.0]
    whole, cut = (settle(RULES[name], made(stays, 100.0), at) for at in ((), all_time))
    assert total(cut) == pytest.approx(total(whole), abs=CLOSE)
    assert sum(one.sum() for one in cut.bears.values()) == pytest.approx(cut.cost.sum())
    assert cut.days.sum() == pytest.approx(sum(length for _, _, length in stays))
    for cycle in range(len(all_time) - 1):
        at = cut.cycle == cycle
        share = sum(one[at].sum() for one in cut.bears.values())
        assert share == pytest.approx(cut.cost[at].sum(), abs=CLOSE)


@settings(max_examples=50)
@given(costs=st.lists(st.integers(1, 3_000_000), min_size=1, max_size=4))
def test_tiers_refund_the_part_above_each_limit(costs: list[int]) -> None:
    first = dt.date(2022, 1, 1).toordinal()
    n = len(costs)
    stays = Stays(
        person=np.zeros(n, dtype=np.int64),
        start=first + 50.0 * np.arange(n),
        end=first + 50.0 * np.arange(n) + 40,
        cost=np.array(costs, dtype=np.float64),
    )
    year = sum(costs)
    refund = sum(0.25 * max(year - limit, 0) for limit in (860_000, 1_680_000, 2_120_000))
    done = settle(payer_rules()["dk_section_176"], stays)
    assert done.refunds["stat", "kommune"].sum() == pytest.approx(refund, abs=CLOSE)


def test_days_within_the_limits_are_told() -> None:
    stays = made([(1, dt.date(2024, 1, 1), 200), (2, dt.date(2024, 1, 1), 100)], 1.0)
    done = settle(payer_rules()["dk_section_110"], stays)
    assert done.within[120.0].sum() == pytest.approx(220)


def test_parts_of_days_count() -> None:
    start = float(dt.date(2024, 1, 1).toordinal()) + 0.25
    stays = Stays(
        person=np.array([1]), start=np.array([start]), end=np.array([start + 240.5]),
        cost=np.array([240.5]),
    )  # fmt: skip
    done = settle(payer_rules()["dk_section_110"], stays)
    assert done.bears["stat"].sum() == pytest.approx(60.0)


def test_a_day_without_a_rule_is_refused() -> None:
    stays = made([(1, dt.date(2022, 12, 1), 60)], 1.0)
    with pytest.raises(SomSimError, match="'dk_section_176' says nothing about 2023-01-01"):
        settle(payer_rules()["dk_section_176"], stays)


def test_overlapping_stays_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        made([(1, dt.date(2024, 1, 1), 10), (1, dt.date(2024, 1, 10), 2)], 1.0)
    with pytest.raises(ValueError, match="before it begins"):
        made([(1, dt.date(2024, 1, 1), 0)], 1.0)


def test_a_case_can_be_run_under_the_rules_of_a_date() -> None:
    stays: Any = made([(1, dt.date(2027, 1, 1), 300)], 100.0)
    rule = payer_rules()["dk_section_110"]
    days = {"2023-09-30": 300, "2024-01-01": 120, "2026-04-01": 90}
    for day, refunded in days.items():
        done = settle(rule.as_of(dt.date.fromisoformat(day)), stays)
        assert done.bears["stat"].sum() == pytest.approx(50 * refunded)


@pytest.mark.parametrize(
    ("pays", "refunds", "cost", "bears"),
    [
        # ten days: half is refunded, and of what is left the citizen gives up to 60 a day
        ("{kommune: 1}", "{from: stat, to: kommune, share: 0.5}, {from: borger, to: kommune, per_day: 60}", 100, {"stat": 500, "borger": 500}),
        ("{kommune: 1}", "{from: borger, to: kommune, per_day: 60}, {from: stat, to: kommune, share: 0.5}", 100, {"stat": 500, "borger": 500}),
        ("{kommune: 1}", "{from: borger, to: kommune, per_day: 60}, {from: stat, to: kommune, share: 0.5}", 1000, {"stat": 5000, "borger": 600, "kommune": 4400}),
        # the kommune pays half, so it can get no more than half back
        ("{kommune: 0.5, region: 0.5}", "{from: borger, to: kommune, per_day: 80}", 100, {"region": 500, "borger": 500}),
    ],
)  # fmt: skip
def test_an_amount_a_day_is_at_most_what_is_left(
    pays: str, refunds: str, cost: int, bears: dict[str, int]
) -> None:
    rule = rule_of(
        "    title: By the day\n    law: none\n    source: illustrative\n"
        f"    periods: [{{pays: {pays}, refunds: [{refunds}]}}]\n"
    )
    done = settle(rule, made([(1, dt.date(2024, 1, 1), 10)], cost))
    assert {payer: one for payer, one in total(done).items() if one} == pytest.approx(bears)
