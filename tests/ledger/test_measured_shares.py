"""Shares of a rule that are measured: by a clock, on histories, and against single persons."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import som_sim as som
from som_sim.core.errors import ScenarioError
from som_sim.knowledge.rules import payer_rules
from som_sim.ledger.history_shares import Histories, histories, measure
from som_sim.ledger.settle import Stays, settle
from som_sim.ledger.ways import shares_by_clock
from som_sim.model.build import build_model
from som_sim.model.states import cells_where

CASE = """\
som_sim: 1
meta: {title: Stays, currency: DKK, price_year: 2024}
time: {from: 2024-01, to: 2026-12, cycle: quarter}
domains: {housing: {shelter: {homeless: true}, home: {}}}
leave: [gone]
strata: {all: {}}
CLOCKS
population:
  initial: [{stratum: all, housing: home, persons: 60}]
  arrivals: [{stratum: all, housing: home, per_year: 12}]
transitions:
  - {from: {housing: shelter}, stay: {mean: 60 days}, to: home}
  - {from: {housing: home}, to: shelter, rate_per_year: 1.5}
  - {from: {housing: home}, to: gone, rate_per_year: 0.2}
indices: {flat: {values: {2024: 1, 2025: 1, 2026: 1}}}
money: {index: flat, discount_rate: 0, base_year: 2024}
prices:
  night: {amount: 1000, per: person_day, in: {housing: shelter}, price_year: 2024,
          payers: PAYERS, account: shelter}
strategies: {reference: {}}
"""
CLOCKS = "clocks: {days: {in: {housing: shelter}, resets: window, window: 1 year, edges: [90 days, 120 days]}}"
A_QUARTER_OF_A_DAY = 0.01
"""A clock's year has 365.25 days, a running year 365 or 366: now and then a day of the few hundred in a
quarter lies in another window."""
ROUNDING = 1e-5
"""Of a share, where bills are small: a refund is in whole øre."""
CLOCK_IS_OFF_BY = 0.08
"""Seen: 0.05 to 0.07. A clock passes a limit of 90 days at a random time with that mean, so that some
who use few days pass it all the same: it refunds too little."""
BY_CLOCK = "{rule: dk_section_110, clock: days}"
BY_HISTORIES = "{rule: dk_section_110, histories: 30}"


def case(payers: str, clocks: str = CLOCKS, **changes: str) -> som.Scenario:
    text = CASE.replace("PAYERS", payers).replace("CLOCKS", clocks)
    for find, put in changes.items():
        assert find in text
        text = text.replace(find, put)
    return som.loads(text)


def state_share(result: som.Result) -> dict[int, float]:
    """Return the share of each year's bills that the state bears."""
    table = result.ledger
    mine = table[table["strategy"] == "reference"]
    cost = mine[mine["kind"] == "cost"].groupby("year")["amount_oere"].sum()
    state = mine[mine["payer"] == "stat"].groupby("year")["amount_oere"].sum()
    return {int(year): float(state[year] / cost[year]) for year in cost.index}


def run(payers: str, clocks: str = CLOCKS, **changes: str) -> som.Result:
    result = som.run(case(payers, clocks, **changes))
    assert result.ok, result.reconciliation[~result.reconciliation["ok"]]
    return result


def test_histories_give_what_settling_their_stays_gives() -> None:
    """The ledger's shares are those of the exact rule on the same persons."""
    spec = case(BY_HISTORIES).base
    model = build_model(spec, "reference")
    price = spec.prices["night"]
    assert price.in_ is not None
    inside = cells_where(spec, model.axes, price.in_).ravel()
    start = float(dt.date(2024, 1, 1).toordinal())
    refunded, days = np.zeros(3), np.zeros(3)
    edges = [float(dt.date(year, 1, 1).toordinal()) for year in (2024, 2025, 2026, 2027)]
    for one in histories(Histories(model=model, n=30), inside):
        stays = Stays(
            person=one.person,
            start=one.start + start,
            end=one.end + start,
            cost=one.end - one.start,
        )
        done = settle(payer_rules()["dk_section_110"], stays, edges)
        refunded += np.bincount(done.cycle, weights=done.refunds["stat", "kommune"], minlength=3)
        days += np.bincount(done.cycle, weights=done.cost, minlength=3)
    found = state_share(run(BY_HISTORIES))
    for year, share in zip((2024, 2025, 2026), refunded / days, strict=True):
        assert found[year] == pytest.approx(share, abs=0.005), "months weigh a little differently"
    assert 0.2 < found[2026] < found[2024] < 0.5


def test_a_clock_is_near_the_histories_and_exact_where_nobody_reaches_a_limit() -> None:
    by_clock, by_histories = state_share(run(BY_CLOCK)), state_share(run(BY_HISTORIES))
    for year, share in by_histories.items():
        assert 0 < share - by_clock[year] < CLOCK_IS_OFF_BY
    short = {"mean: 60 days": "mean: 1 day", "rate_per_year: 1.5": "rate_per_year: 0.1"}
    assert state_share(run(BY_HISTORIES, **short))[2025] == pytest.approx(0.5, abs=ROUNDING)
    assert state_share(run(BY_CLOCK, **short))[2025] == pytest.approx(0.5, abs=1e-3)


def test_who_stays_the_whole_year_is_refunded_for_the_days_of_the_limit() -> None:
    forever = {
        "stay: {mean: 60 days}": "stay: {mean: 100000 years}",
        "housing: home, persons: 60": "housing: shelter, persons: 20",
        "per_year: 12": "per_year: 0",
    }
    found = state_share(run(BY_HISTORIES, "", **forever))
    assert found[2024] == pytest.approx(0.5 * 120 / 366, abs=1e-6)
    assert found[2025] == pytest.approx(0.5 * 120 / 365, abs=1e-6)
    assert found[2026] == pytest.approx(0.5 * 90 / 365, abs=1e-6)


def test_all_payers_bear_the_same_whichever_way_shares_are_found() -> None:
    totals = []
    for payers in (BY_CLOCK, BY_HISTORIES, "{kommune: 1}"):
        table = run(payers).ledger
        totals.append(int(table["amount_oere"].sum()))
    assert len(set(totals)) == 1


@pytest.mark.parametrize(
    ("rule", "low", "high"),
    [("dk_benefit_steps", 0.3, 0.8), ("dk_section_85a", 0.4, 0.5), ("dk_section_176", 0.0, 0.0)],
)
def test_every_rule_that_counts_can_be_measured(rule: str, low: float, high: float) -> None:
    changes = {}
    if rule == "dk_section_176":
        changes = {"from: 2024-01, to: 2026-12": "from: 2021-01, to: 2022-12",
                   "values: {2024: 1,": "values: {2021: 1, 2022: 1, 2024: 1,"}  # fmt: skip
    result = run(f"{{rule: {rule}, histories: 20}}", **changes)
    table: Any = result.ledger
    cost = table[table["kind"] == "cost"]["amount_oere"].sum()
    state = table[table["payer"] == "stat"]["amount_oere"].sum()
    assert low <= state / cost <= high


def test_tiers_of_cost_are_measured_on_what_a_person_costs() -> None:
    """Everybody is there all year at 10,000 kr. a day: 3,650,000 kr. in 2022."""
    changes = {
        "from: 2024-01, to: 2026-12": "from: 2022-01, to: 2022-12",
        "values: {2024: 1,": "values: {2022: 1, 2024: 1,",
        "amount: 1000,": "amount: 10000,",
        "stay: {mean: 60 days}": "stay: {mean: 100000 years}",
        "housing: home, persons: 60": "housing: shelter, persons: 20",
        "per_year: 12": "per_year: 0",
    }
    found = state_share(run("{rule: dk_section_176, histories: 3}", "", **changes))
    refund = (
        0.25 * (1_680_000 - 860_000)
        + 0.5 * (2_120_000 - 1_680_000)
        + 0.75 * (3_650_000 - 2_120_000)
    )
    assert found[2022] == pytest.approx(refund / 3_650_000, abs=1e-6)


@pytest.mark.parametrize(
    ("payers", "changes", "said"),
    [
        ("{rule: dk_section_110, clock: day}", {}, "'day' is no clock; did you mean 'days'"),
        ("{rule: dk_section_110, clock: days, histories: 3}", {}, "write one of within, clock and histories"),
        ("{rule: dk_section_110, histories: 0}", {}, "0 must be 1 or more"),
        (BY_CLOCK, {"edges: [90 days, 120 days]": "edges: [90 days]"}, "the clock has no edge at 120 days"),
        (BY_CLOCK, {"resets: window, window: 1 year": "resets: on_exit"}, "needs a clock with 'resets: window, window: 1 year'"),
        ("{rule: dk_benefit_steps, clock: days}", {}, "needs a clock with 'resets: never'"),
        ("{rule: dk_section_85a, clock: days}", {}, "counts the time since the first day, which no clock does"),
        ("{rule: dk_benefit_over_52_weeks, clock: days}", {}, "counts nothing; name it alone"),
        (BY_CLOCK, {"per: person_day, in: {housing: shelter}": "per: person_day, in: {stratum: all}"}, "the price is paid where the clock does not run"),
        (BY_HISTORIES, {"per: person_day, in:": "per: entry, in:"}, "a price per entry is not paid by people's time"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_refused(
    payers: str, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(ScenarioError) as refused:
        case(payers, **changes)
    assert said in str(refused.value)


def test_a_clock_that_began_before_the_rule_deserves_a_look() -> None:
    changes = {"from: 2024-01": "from: 2023-01", "values: {2024: 1,": "values: {2023: 1, 2024: 1,"}
    (warning,) = case(BY_CLOCK, **changes).warnings
    assert "clock 'days' counts from 2023-01-01, rule 'dk_section_110' from 2023-10-01" in str(
        warning
    )
    assert run(BY_HISTORIES, **changes)


@pytest.mark.parametrize("payers", [BY_CLOCK, "{rule: dk_section_110, histories: 1}"])
def test_the_individual_engine_settles_its_own_persons(payers: str) -> None:
    """Refunds are the mean over its histories of what each person's stays are refunded."""
    scenario = case(payers)
    n, seed = 10, 5
    result = som.run(scenario, engine="individual", replicates=n, seed=seed)
    assert result.ok
    spec = scenario.base
    model = build_model(spec, "reference")
    price = spec.prices["night"]
    assert price.in_ is not None
    inside = cells_where(spec, model.axes, price.in_).ravel()
    start = float(dt.date(2024, 1, 1).toordinal())
    refund = cost = 0.0
    for one in histories(Histories(model=model, n=n, seed=seed), inside):
        done = settle(
            payer_rules()["dk_section_110"],
            Stays(
                person=one.person,
                start=one.start + start,
                end=one.end + start,
                cost=1000.0 * (one.end - one.start),
            ),
        )
        refund += float(done.refunds["stat", "kommune"].sum()) / n
        cost += float(done.cost.sum()) / n
    table = result.ledger
    assert table[table["kind"] == "cost"]["amount_oere"].sum() == pytest.approx(100 * cost, abs=36)
    state = table[table["payer"] == "stat"]["amount_oere"].sum()
    assert state == pytest.approx(100 * refund, abs=36 + 100 * cost / 1e7)


def test_the_engines_own_clock_says_the_same_of_single_persons() -> None:
    """Two ways that share no code: bins of an exact clock, and stays settled one by one."""
    scenario = case(BY_CLOCK)
    run = som.run(scenario, engine="individual", replicates=10, seed=2).runs["reference"]
    price, rule = run.spec.prices["night"], payer_rules()["dk_section_110"]
    by_clock = shares_by_clock(run.spec, price, rule, run.trajectory)
    own = Histories(model=build_model(run.spec, "reference"), n=10, seed=2)
    settled = measure(run.spec, price, rule, own).shares
    for (giver, receiver, since), share in settled.items():
        if since is not None:
            mine = slice(0, 9) if since.year == 2023 else slice(9, 12)
            assert by_clock[giver, receiver, since][mine] == pytest.approx(
                share[mine], abs=A_QUARTER_OF_A_DAY
            )


@pytest.mark.slow
def test_randers_under_the_rules_of_2026(randers_file: Path) -> None:
    """The same people and bills; the state refunds less of the shelter's."""
    new = {
        "law": "{as_of: 2026-04-01}",
        "prices.shelter_day.payers": "{rule: dk_section_110, histories: 5}",
    }
    tables = [som.run(som.load(randers_file, overrides=one)).ledger for one in ({}, new)]
    shelter = [table[table["item"] == "shelter_day"] for table in tables]
    bills = [int(one[one["kind"] == "cost"]["amount_oere"].sum()) for one in shelter]
    state = [int(one[one["payer"] == "stat"]["amount_oere"].sum()) for one in shelter]
    assert bills[0] == bills[1]
    shares = [paid / bill for paid, bill in zip(state, bills, strict=True)]
    assert shares[0] == pytest.approx(0.5, abs=1e-6)
    assert 0.25 < shares[1] < 0.45
