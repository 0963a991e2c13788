"""Views rounded once, totals that are sums, net results and break-even."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import som_sim as som
from som_sim.core.names import PAYERS
from som_sim.ledger.ledger import (
    COST,
    MEMO,
    NOBODY,
    PROVIDER,
    TRANSFER,
    Ledger,
    cost_by_payer_and_year,
    payer_number,
)
from som_sim.outcomes.economics import (
    GROUPS,
    VIEWS,
    BreakEven,
    CostTable,
    break_even,
    cost_table,
    net_table,
)
from som_sim.scenario.schema import ScenarioFile

YEARS = (2018, 2019, 2020, 2021)
LEVEL = {2018: 98, 2019: 100, 2020: 103, 2021: 107}
RATE = Fraction(4, 100)
ROUNDED_ONCE = Fraction(1, 2) + Fraction(1, 10**4)
"""In øre: half for rounding once, and the float product of an amount of up to 1e10 øre."""
ROUNDED_PER_PAYER = 0.5 * len(PAYERS) + 1e-4
"""In øre: a sum over payers of constant prices, each rounded once."""

SPEC = """\
som_sim: 1
meta: {title: Economics, currency: DKK, price_year: 2019}
time: {from: 2018-01, to: 2021-12, cycle: year}
domains: {housing: {shelter: {}}}
strata: {adult: {}}
population: {initial: [{stratum: adult, housing: shelter, persons: 1}]}
indices: {pl: {values: {2018: 98, 2019: 100, 2020: 103, 2021: 107}}}
MONEY
strategies: {reference: {}}
"""


@cache
def read(money: str = "money: {index: pl, discount_rate: 0.04, base_year: 2019}") -> ScenarioFile:
    return som.loads(SPEC.replace("MONEY", money)).base


Rows = list[tuple[int, int, str, int]]
"""year, kind, payer, øre"""


def ledger_of(rows: Rows) -> Ledger:
    def column(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, dtype=np.int64)

    nobody = column([NOBODY] * len(rows))
    return Ledger(
        strategy="reference",
        strata=("adult",),
        programmes=("none",),
        items=(("account", "item"),),
        years=YEARS,
        cycle=column([YEARS.index(year) for year, _, _, _ in rows]),
        item=column([0] * len(rows)),
        stratum=nobody,
        programme=nobody.copy(),
        kind=column([kind for _, kind, _, _ in rows]),
        payer=column([payer_number(payer) for _, _, payer, _ in rows]),
        transaction=column(list(range(len(rows)))),
        amount=column([amount for _, _, _, amount in rows]),
    )


def costs_of(rows: Rows, spec: ScenarioFile | None = None) -> CostTable:
    return cost_table(spec or read(), ledger_of(rows))


rows_of_payers = st.lists(
    st.tuples(
        st.sampled_from(YEARS),
        st.sampled_from([COST, TRANSFER, MEMO]),
        st.sampled_from([*PAYERS, PROVIDER]),
        st.integers(-(10**9), 10**9),
    ),
    max_size=12,
)


# Views ----------------------------------------------------------------------------------------


@given(rows_of_payers)
def test_each_published_figure_is_rounded_once(rows: Rows) -> None:
    costs = costs_of(rows)
    for payer in PAYERS:
        for position, year in enumerate(YEARS):
            current = sum(
                amount
                for when, kind, who, amount in rows
                if (when, who) == (year, payer) and kind != MEMO
            )
            constant = current * Fraction(100, LEVEL[year])
            discounted = constant * (1 / (1 + RATE)) ** (year - 2019)
            assert costs.amounts["current", payer][position] == current
            for view, exact in (("constant", constant), ("discounted", discounted)):
                published = int(costs.amounts[view, payer][position])
                assert abs(published - exact) <= ROUNDED_ONCE, (view, payer, year)


def test_a_discounted_figure_is_not_made_of_a_rounded_one() -> None:
    # 52 øre of 2021 are 48.598 of 2019, and discounted 44.93.
    costs = costs_of([(2021, COST, "kommune", 52)])
    assert costs.amounts["constant", "kommune"].tolist() == [0, 0, 0, 49]
    assert costs.amounts["discounted", "kommune"].tolist() == [0, 0, 0, 45]


def test_rounding_twice_would_show() -> None:
    found = [
        oere
        for oere in range(1, 2000)
        if round(oere / 1.07 / 1.04**2) != round(round(oere / 1.07) / 1.04**2)
    ]
    assert found, "the rates of this test tell one rounding from two"
    for oere in found:
        costs = costs_of([(2021, COST, "kommune", oere)])
        assert costs.amounts["discounted", "kommune"][-1] == round(oere / 1.07 / 1.04**2)


def test_the_base_year_of_discounting_and_the_price_year_are_two_things() -> None:
    spec = read("money: {index: pl, discount_rate: 0.25, base_year: 2020}")
    costs = costs_of([(year, COST, "stat", 10_700_00) for year in YEARS], spec)
    constant = [round(10_700_00 * 100 / LEVEL[year]) for year in YEARS]
    assert costs.amounts["constant", "stat"].tolist() == constant
    assert costs.amounts["discounted", "stat"].tolist() == [
        round(10_700_00 * 100 / LEVEL[year] * 1.25 ** (2020 - year)) for year in YEARS
    ]


def test_a_rate_by_name_is_the_ministrys() -> None:
    spec = read("money: {index: pl, discount_rate: dk_ministry_2021, base_year: 2018}")
    costs = costs_of([(2019, COST, "stat", 1_035_000)], spec)
    assert costs.amounts["discounted", "stat"].tolist() == [0, 1_000_000, 0, 0]


def test_without_money_in_the_file_every_view_is_nothing() -> None:
    costs = costs_of([], read(""))
    assert all(amounts.tolist() == [0] * 4 for amounts in costs.amounts.values())


# Groups ---------------------------------------------------------------------------------------


@given(rows_of_payers)
def test_groups_are_sums_of_payers_in_every_view(rows: Rows) -> None:
    costs = costs_of(rows)
    assert GROUPS["public"] == ("kommune", "region", "stat")
    assert GROUPS["society"] == PAYERS
    for view in VIEWS:
        for group, members in GROUPS.items():
            total = sum(costs.amounts[view, payer] for payer in members)
            assert costs.amounts[view, group].tolist() == total.tolist()


@given(
    rows_of_payers,
    st.sampled_from(YEARS),
    st.permutations(PAYERS),
    st.integers(-(10**9), 10**9),
)
def test_a_transfer_never_changes_what_society_bears(
    rows: Rows, year: int, payers: list[str], amount: int
) -> None:
    giver, receiver, *others = payers
    transfer = [(year, TRANSFER, giver, amount), (year, TRANSFER, receiver, -amount)]
    before, after = costs_of(rows), costs_of([*rows, *transfer])
    current = ("current", "society")
    assert after.amounts[current].tolist() == before.amounts[current].tolist()
    moved = after.amounts["current", giver] - before.amounts["current", giver]
    assert moved.tolist() == [amount if one == year else 0 for one in YEARS]
    for payer in others:
        assert (after.amounts["current", payer] == before.amounts["current", payer]).all()
    # Constant prices are rounded for each payer, so their sum may move, but by roundings alone.
    miss = after.amounts["constant", "society"] - before.amounts["constant", "society"]
    assert np.abs(miss).max() <= 2 * ROUNDED_PER_PAYER


@given(rows_of_payers)
def test_years_and_payers_add_to_the_same_total(rows: Rows) -> None:
    ledger = ledger_of(rows)
    counted = [a for _, kind, payer, a in rows if kind != MEMO and payer != PROVIDER]
    table = cost_by_payer_and_year(ledger)
    assert sum(int(amounts.sum()) for amounts in table.values()) == sum(counted)


# Net ------------------------------------------------------------------------------------------


def test_net_is_reference_less_strategy_so_a_saving_is_positive() -> None:
    reference = costs_of([(2019, COST, "kommune", 1000), (2020, COST, "stat", 500)])
    cheaper = replace(costs_of([(2019, COST, "kommune", 400)]), strategy="cheaper")
    net = net_table(reference, cheaper)
    assert net.strategy == "cheaper"
    assert net.years == YEARS
    assert net.amounts["current", "kommune"].tolist() == [0, 600, 0, 0]
    assert net.amounts["current", "stat"].tolist() == [0, 0, 500, 0]
    assert net.amounts["current", "public"].tolist() == [0, 600, 500, 0]
    assert net_table(cheaper, reference).amounts["current", "public"].tolist() == [0, -600, -500, 0]


@given(rows_of_payers, rows_of_payers)
def test_net_of_a_group_is_the_sum_of_the_nets_of_its_payers(one: Rows, two: Rows) -> None:
    reference, strategy = costs_of(one), costs_of(two)
    net = net_table(reference, strategy)
    for view in VIEWS:
        for group, members in GROUPS.items():
            total = sum(net.amounts[view, payer] for payer in members)
            assert net.amounts[view, group].tolist() == total.tolist()
        for payer in (*PAYERS, *GROUPS):
            difference = reference.amounts[view, payer] - strategy.amounts[view, payer]
            assert net.amounts[view, payer].tolist() == difference.tolist()


@given(rows_of_payers)
def test_a_strategy_saves_nothing_against_itself(rows: Rows) -> None:
    costs = costs_of(rows)
    assert all(not amounts.any() for amounts in net_table(costs, costs).amounts.values())


# Break-even -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "first", "year"),
    [
        ([-10, 4, 4, 4], 2018, 2021),  # comes back in the last year
        ([-10, 4, 6, 0], 2018, 2020),  # back to 0 exactly is back
        ([-10, 4, 4, 1], 2018, None),  # never within the horizon
        ([-10, 12, -5, 4], 2018, 2021),  # dips below again: only the last return counts
        ([-10, 12, -5, 0], 2018, None),  # dips below and stays there
        ([0, -10, 10, 0], 2019, 2020),  # counted from the first cost
        ([5, 5, 5, 5], 2018, 2018),  # a saving from the first year
        ([5, -3, -1, 0], 2018, 2019),  # counted from the first cost, though never behind
        ([5, -6, 0, 2], 2018, 2021),  # starts with a saving and uses it up
        ([0, 0, 7, 0], 2020, 2020),  # a saving late; nothing was ever owed
        ([0, 0, 0, -1], 2021, None),  # an øre owed at the end
        ([0, 0, 0, 0], None, None),  # nothing at stake
        ([1, -1, 1, -1], 2018, 2019),
        ([-1, 1, -1, 1], 2018, 2021),
    ],
)
def test_break_even_is_the_first_year_from_which_the_sum_stays_up(
    net: list[int], first: int | None, year: int | None
) -> None:
    costs = [at for at, one in zip(YEARS, net, strict=True) if one < 0]
    assert break_even(np.array(net), YEARS) == BreakEven(
        first_year=first, first_cost_year=costs[0] if costs else None, year=year
    )


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=8))
def test_break_even_by_its_definition(net: list[int]) -> None:
    years = tuple(range(2018, 2018 + len(net)))
    found = break_even(np.array(net), years)
    first = next((year for year, one in zip(years, net, strict=True) if one), None)
    cost = next((year for year, one in zip(years, net, strict=True) if one < 0), None)
    start = cost or first
    sums = [sum(net[: position + 1]) for position in range(len(net))]
    stays = [
        year
        for position, year in enumerate(years)
        if start is not None and year >= start and min(sums[position:]) >= 0
    ]
    year = stays[0] if stays else None
    assert found == BreakEven(first_year=first, first_cost_year=cost, year=year)


def test_large_amounts_do_not_wrap_in_the_running_sum() -> None:
    net = np.array([-(2**60), 2**60, -1, 1])
    assert break_even(net, YEARS) == BreakEven(first_year=2018, first_cost_year=2018, year=2021)
