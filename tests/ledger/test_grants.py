"""Grants: as published, never above what there is or what things cost, no krone paid twice."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from som_sim.ledger.grants import plan_grant
from som_sim.scenario.schema import Grant

if TYPE_CHECKING:
    from conftest import Freeze, Frozen

SATSPULJE = (
    "satspulje: {{funder: stat, to: kommune, covers: [team], tranches: {{2018: 50156, "
    "2019: 1043224, 2020: 1100000, 2021: 1284118}}, total: 3477498, unspent: {unspent}}}"
)
PUBLISHED = {2018: 50_156_00, 2019: 1_043_224_00, 2020: 1_100_000_00, 2021: 1_284_118_00}


def team(amount: str, payers: str = "{kommune: 1}", name: str = "team", extra: str = "") -> str:
    return (
        f"{name}: {{amount: {amount}, per: year, price_year: 2019, payers: {payers}, "
        f"account: team{extra}}}"
    )


def grant(
    name: str, covers: str, amount: str, to: str = "kommune", funder: str = "stat", year: int = 2019
) -> str:
    return (
        f"{name}: {{funder: {funder}, to: {to}, covers: [{covers}], "
        f"tranches: {{{year}: {amount}}}, total: {amount}, unspent: returned}}"
    )


def table(frozen: Frozen) -> list[dict[str, int]]:
    return frozen.result.grants.drop(columns=["strategy", "grant"]).to_dict("records")


def used(frozen: Frozen) -> dict[str, int]:
    return frozen.result.grants.groupby("grant")["used_oere"].sum().to_dict()


def given_by(unspent: str, **tranches: str) -> Grant:
    amounts = {int(year[1:]): Decimal(amount) for year, amount in tranches.items()}
    return Grant(
        funder="stat",
        to="kommune",
        covers=("team",),
        tranches=amounts,
        total=sum(amounts.values(), Decimal()),
        unspent=unspent,
    )


# One grant ------------------------------------------------------------------------------------


@pytest.mark.parametrize("unspent", ["returned", "carried"])
def test_awards_are_the_published_tranches_and_add_to_the_grant(
    freeze: Freeze, unspent: str
) -> None:
    frozen = freeze(
        team("800000"),
        first="2018-01",
        last="2022-12",
        grants=SATSPULJE.format(unspent=unspent),
        strategy="grants: satspulje",
    )
    ledger = frozen.by_year()
    awards = {year: ledger[year, "satspulje", "memo", "stat"] for year in PUBLISHED}
    assert awards == PUBLISHED
    assert sum(awards.values()) == 3_477_498_00
    grants = frozen.result.grants
    assert dict(zip(grants["year"], grants["award_oere"], strict=True)) == PUBLISHED


def test_unspent_money_goes_back_every_year(freeze: Freeze) -> None:
    frozen = freeze(
        team("1080000.40"),
        first="2018-01",
        last="2022-12",
        grants=SATSPULJE.format(unspent="returned"),
        strategy="grants: satspulje",
    )
    cost = 1_080_000_40
    back = {2018: 0, 2019: 0, 2020: 1_100_000_00 - cost, 2021: 1_284_118_00 - cost}
    for row in table(frozen):
        award = PUBLISHED[row["year"]]
        assert row == {
            "year": row["year"],
            "award_oere": award,
            "paid_oere": award,
            "carried_in_oere": 0,
            "covered_oere": cost,
            "used_oere": min(award, cost),
            "returned_oere": back[row["year"]],
            "carried_out_oere": 0,
            "own_oere": cost - min(award, cost),
            "clawed_back_oere": 0,
        }
    kommune = frozen.result.runs["other"].costs.amounts["current", "kommune"].tolist()
    assert kommune == [cost - min(PUBLISHED.get(y, 0), cost) for y in range(2018, 2023)]


def test_unspent_money_is_carried_over_several_years_and_what_is_left_returned(
    freeze: Freeze,
) -> None:
    # 600,000 a year against 50,156, 1,043,224, 1,100,000 and 1,284,118: from 2019 on money is left.
    frozen = freeze(
        team("600000"),
        first="2018-01",
        last="2022-12",
        grants=SATSPULJE.format(unspent="carried"),
        strategy="grants: satspulje",
    )
    assert [
        [row[f"{key}_oere"] // 100 for key in ("carried_in", "used", "returned", "carried_out")]
        for row in table(frozen)
    ] == [
        [0, 50_156, 0, 0],
        [0, 600_000, 0, 443_224],
        [443_224, 600_000, 0, 943_224],
        [943_224, 600_000, 1_627_342, 0],
    ]
    state = frozen.result.runs["other"].costs.amounts["current", "stat"].tolist()
    # The last year's return is booked in its year; what was carried stands out with the kommune.
    assert state == [50_156_00, 1_043_224_00, 1_100_000_00, 1_284_118_00 - 1_627_342_00, 0]
    assert sum(state) == 1_850_156_00, "in the end the state has paid what was used"


def test_a_tranche_is_paid_when_its_year_begins_and_returned_when_it_ends(freeze: Freeze) -> None:
    frozen = freeze(
        team("12000"),
        first="2018-07",
        last="2020-12",
        grants=grant("pool", "team", "15000"),
        strategy="grants: pool",
    )
    assert frozen.rows("pool") == [
        (6, "transfer", "stat", 15_000_00),
        (6, "transfer", "kommune", -15_000_00),
        (17, "transfer", "stat", -3_000_00),
        (17, "transfer", "kommune", 3_000_00),
        (6, "memo", "stat", 15_000_00),
        (17, "memo", "kommune", 12_000_00),
    ]


def test_a_grant_is_nothing_to_society_and_memo_rows_are_outside_every_sum(freeze: Freeze) -> None:
    prices = (team("12000.01"),)
    with_grant = freeze(
        *prices, last="2019-12", grants=grant("pool", "team", "15000"), strategy="grants: pool"
    )
    amounts = with_grant.result.runs["other"].costs.amounts
    assert amounts["current", "society"].tolist() == [12_000_01]
    assert amounts["current", "public"].tolist() == [12_000_01]
    assert amounts["current", "kommune"].tolist() == [0]
    assert amounts["current", "stat"].tolist() == [12_000_01]
    assert with_grant.rows("pool", "reference") == [], "the reference has no grant"


# What is covered ------------------------------------------------------------------------------


def test_only_what_is_left_after_the_states_refund_is_covered(freeze: Freeze) -> None:
    # Ten people x 365 days x 100 kr. = 365,000 kr., half of it refunded.
    night = (
        "night: {amount: 100, per: person_day, in: {housing: shelter}, price_year: 2019, "
        "payers: dk_section_110, account: shelter}"
    )
    frozen = freeze(
        night, last="2019-12", grants=grant("pool", "night", "365000"), strategy="grants: pool"
    )
    (row,) = table(frozen)
    assert row["covered_oere"] == row["used_oere"] == 182_500_00
    assert row["returned_oere"] == 182_500_00
    amounts = frozen.result.runs["other"].costs.amounts
    assert amounts["current", "kommune"].tolist() == [0]
    assert amounts["current", "stat"].tolist() == [365_000_00]


def test_what_the_citizen_pays_is_not_covered_again(freeze: Freeze) -> None:
    own = (
        "own: {amount: 30, per: person_day, in: {housing: shelter}, price_year: 2019, "
        "payers: {borger: 1}, transfer_to: kommune, account: shelter}"
    )
    night = (
        "night: {amount: 100, per: person_day, in: {housing: shelter}, price_year: 2019, "
        "payers: {kommune: 1}, account: shelter}"
    )
    frozen = freeze(
        night,
        own,
        last="2019-12",
        grants=f"{grant('first', 'night, own', '100000')}, {grant('second', 'night', '900000')}",
        strategy="grants: [first, second]",
    )
    # 365,000 less 109,500 from the citizens is 255,500: 100,000 and 155,500.
    assert used(frozen) == {"first": 100_000_00, "second": 155_500_00}
    assert frozen.result.runs["other"].costs.amounts["current", "kommune"].tolist() == [0]


def test_a_region_can_be_the_one_who_receives(freeze: Freeze) -> None:
    frozen = freeze(
        team("1000.01", "{kommune: 0.9, region: 0.1}"),
        last="2019-12",
        grants=grant("pool", "team", "500", to="region", funder="fond"),
        strategy="grants: pool",
    )
    (row,) = table(frozen)
    region = sum(
        amount for _, kind, payer, amount in frozen.rows("team", "reference") if payer == "region"
    )
    assert row["covered_oere"] == row["used_oere"] == region > 0
    amounts = frozen.result.runs["other"].costs.amounts
    assert amounts["current", "region"].tolist() == [0]
    assert amounts["current", "fond"].tolist() == [region]
    assert amounts["current", "kommune"].tolist() == [1000_01 - region]


def test_a_receiver_that_bears_nothing_uses_nothing(freeze: Freeze) -> None:
    frozen = freeze(
        team("1000"),
        last="2019-12",
        grants=grant("pool", "team", "500", to="region"),
        strategy="grants: pool",
    )
    (row,) = table(frozen)
    assert (row["used_oere"], row["returned_oere"]) == (0, 500_00)


def test_only_the_year_of_the_tranche_is_covered(freeze: Freeze) -> None:
    frozen = freeze(
        team("12000", extra=", from: 2020-01"),
        first="2019-01",
        last="2020-12",
        grants=grant("pool", "team", "5000"),
        strategy="grants: pool",
    )
    assert [(row["used_oere"], row["returned_oere"]) for row in table(frozen)] == [(0, 5000_00)]


# Several grants -------------------------------------------------------------------------------


def test_two_grants_on_one_item_never_pay_the_same_krone(freeze: Freeze) -> None:
    frozen = freeze(
        team("1000"),
        last="2019-12",
        grants=", ".join(
            (
                grant("one", "team", "700"),
                grant("two", "team", "700", funder="fond"),
                grant("three", "team", "700", funder="fond"),
            )
        ),
        strategy="grants: [one, two, three]",
    )
    assert used(frozen) == {"one": 700_00, "two": 300_00, "three": 0}
    assert frozen.result.runs["other"].costs.amounts["current", "kommune"].tolist() == [0]


def test_the_strategys_order_decides_which_grant_pays_first(freeze: Freeze) -> None:
    frozen = freeze(
        team("1000"),
        last="2019-12",
        grants=f"{grant('one', 'team', '700')}, {grant('two', 'team', '700', funder='fond')}",
        strategy="grants: [two, one]",
    )
    assert used(frozen) == {"one": 300_00, "two": 700_00}


def test_a_grant_on_two_items_leaves_to_the_next_what_it_did_not_take(freeze: Freeze) -> None:
    # The wide grant takes all of `a` and 20 of `b`; 30 of `b` are left for the narrow one.
    frozen = freeze(
        team("100", name="a"),
        team("50", name="b"),
        last="2019-12",
        grants=f"{grant('wide', 'a, b', '120')}, {grant('narrow', 'b', '500')}",
        strategy="grants: [wide, narrow]",
    )
    assert used(frozen) == {"wide": 120_00, "narrow": 30_00}
    assert frozen.result.runs["other"].costs.amounts["current", "kommune"].tolist() == [0]


def test_grants_of_two_receivers_each_cover_their_own_part(freeze: Freeze) -> None:
    frozen = freeze(
        team("1000", "{kommune: 0.6, region: 0.4}"),
        last="2019-12",
        grants=f"{grant('k', 'team', '900')}, {grant('r', 'team', '900', to='region')}",
        strategy="grants: [k, r]",
    )
    assert used(frozen) == {"k": 600_00, "r": 400_00}


# The plan -------------------------------------------------------------------------------------

kroner = st.integers(0, 10**9).map(lambda oere: Decimal(oere).scaleb(-2))


@given(
    tranches=st.dictionaries(st.integers(2015, 2025), kroner, min_size=1, max_size=6),
    costs=st.dictionaries(st.integers(2014, 2026), st.integers(-(10**6), 10**11), max_size=12),
    unspent=st.sampled_from(["returned", "carried"]),
)
def test_every_plan_keeps_within_its_money_and_its_cost(
    tranches: dict[int, Decimal], costs: dict[int, int], unspent: str
) -> None:
    keyed = {f"y{year}": str(amount) for year, amount in tranches.items()}
    plan = plan_grant("pool", given_by(unspent, **keyed), costs)
    between = range(min(tranches), max(tranches) + 1)
    assert [one.year for one in plan] == (
        list(between) if unspent == "carried" else sorted(tranches)
    )
    carried = 0
    for one in plan:
        assert one.awarded == one.paid == int(tranches.get(one.year, Decimal(0)) * 100)
        assert one.carried_in == carried
        assert one.covered == max(costs.get(one.year, 0), 0)
        assert one.used == min(one.paid + carried, one.covered), "as much as can be, no more"
        assert one.paid + one.carried_in == one.used + one.returned + one.carried_out
        assert min(one.used, one.returned, one.carried_out) >= 0
        assert unspent == "carried" or one.carried_out == 0
        assert unspent == "returned" or one.returned == 0 or one is plan[-1]
        carried = one.carried_out
    assert carried == 0, "after the last tranche nothing is kept"
    assert sum(one.paid for one in plan) == sum(one.used + one.returned for one in plan)


def test_carried_money_is_used_in_a_year_between_two_tranches() -> None:
    grant = Grant(
        funder="stat",
        to="kommune",
        covers=("team",),
        total=Decimal(701),
        tranches={2024: Decimal(700), 2026: Decimal(1)},
        unspent="carried",
    )
    plan = plan_grant("pool", grant, {2024: 30_000, 2025: 25_000, 2026: 90_000})
    assert [(one.year, one.used, one.carried_out, one.returned) for one in plan] == [
        (2024, 30_000, 40_000, 0),
        (2025, 25_000, 15_000, 0),
        (2026, 15_100, 0, 0),
    ]
