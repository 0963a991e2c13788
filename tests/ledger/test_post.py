"""Postings of people who do not move, worked out by hand and asserted row by row to the øre."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import som_sim as som
from som_sim.core.errors import ScenarioError, SomSimError
from som_sim.ledger.ledger import NOBODY

if TYPE_CHECKING:
    from conftest import Freeze

FOREVER = "1000000 years"
"""A stay that ends for nobody: of seven people some 6e-7 in a month, whose bill rounds to 0 øre."""


def shelter(amount: str, payers: str, extra: str = "") -> str:
    return (
        f"night: {{amount: {amount}, per: person_day, in: {{housing: shelter}}, price_year: 2019, "
        f"payers: {payers}, account: shelter{extra}}}"
    )


def fixed(name: str, amount: str, per: str, extra: str = "", payers: str = "{kommune: 1}") -> str:
    return (
        f"{name}: {{amount: {amount}, per: {per}, price_year: 2019, payers: {payers}, "
        f"account: team{extra}}}"
    )


# By person-time -------------------------------------------------------------------------------


def test_shelter_days_with_half_refunded_by_the_state(freeze: Freeze) -> None:
    # Ten people, 1,100 kr. a day: 31, 28 and 31 days.
    rows = freeze(shelter("1100", "dk_section_110")).rows("night")
    whole = (34_100_000, 30_800_000, 34_100_000)
    assert sorted(rows) == sorted(
        row
        for cycle, oere in enumerate(whole)
        for row in (
            (cycle, "cost", "kommune", oere),
            (cycle, "cost", "provider", -oere),
            (cycle, "transfer", "stat", oere // 2),
            (cycle, "transfer", "kommune", -oere // 2),
        )
    )


def test_an_odd_oere_of_the_refund_is_given_once(freeze: Freeze) -> None:
    # One person, 1,100.01 kr. x 31 = 34,100.31 kr.: half of it is no whole øre.
    rows = freeze(shelter("1100.01", "dk_section_110"), persons=1, last="2019-01").rows("night")
    assert rows == [
        (0, "cost", "kommune", 3_410_031),
        (0, "cost", "provider", -3_410_031),
        (0, "transfer", "stat", 1_705_016),
        (0, "transfer", "kommune", -1_705_016),
    ]


def test_the_citizens_own_payment_goes_to_the_kommune(freeze: Freeze) -> None:
    # 96.71 kr. x 10 people x 31, 28, 31 days.
    rows = freeze(shelter("96.71", "{borger: 1}", ", transfer_to: kommune")).rows("night")
    whole = (2_998_010, 2_707_880, 2_998_010)
    assert sorted(rows) == sorted(
        row
        for cycle, oere in enumerate(whole)
        for row in (
            (cycle, "transfer", "borger", oere),
            (cycle, "transfer", "kommune", -oere),
        )
    )


def test_a_benefit_is_paid_by_the_month_whatever_its_days(freeze: Freeze) -> None:
    # 11,944 kr. a month to ten people, a fifth of it refunded; February is a month like January.
    rows = freeze(
        "aid: {amount: 11944, per: person_month, in: {housing: shelter}, price_year: 2019, "
        "payers: dk_benefit_over_52_weeks, transfer_to: borger, account: aid}"
    ).rows("aid")
    assert sorted(rows) == sorted(
        row
        for cycle in range(3)
        for row in (
            (cycle, "transfer", "kommune", 11_944_000),
            (cycle, "transfer", "borger", -11_944_000),
            (cycle, "transfer", "stat", 2_388_800),
            (cycle, "transfer", "kommune", -2_388_800),
        )
    )


def test_a_benefit_costs_the_public_what_the_citizen_gets_and_society_nothing(
    freeze: Freeze,
) -> None:
    frozen = freeze(
        "aid: {amount: 11944, per: person_month, in: {housing: shelter}, price_year: 2019, "
        "payers: dk_benefit_over_52_weeks, transfer_to: borger, account: aid}"
    )
    assert frozen.by_year() == {
        (2019, "aid", "transfer", "kommune"): 3 * (11_944_000 - 2_388_800),
        (2019, "aid", "transfer", "stat"): 3 * 2_388_800,
        (2019, "aid", "transfer", "borger"): -3 * 11_944_000,
    }
    costs = frozen.result.runs["other"].costs.amounts
    assert costs["current", "public"].tolist() == [3 * 11_944_000]
    assert costs["current", "society"].tolist() == [0]


@pytest.mark.parametrize(
    ("cycle", "bills"),
    [
        ("month", [10 * 1200_00 // 12] * 24),
        ("quarter", [10 * 1200_00 // 4] * 8),
        ("year", [10 * 1200_00] * 2),
    ],
)
def test_a_person_year_is_a_calendar_year_leap_or_common(
    freeze: Freeze, cycle: str, bills: list[int]
) -> None:
    price = (
        "place: {amount: 1200, per: person_year, in: {housing: shelter}, price_year: 2019, "
        "payers: {kommune: 1}, account: places}"
    )
    frozen = freeze(price, last="2020-12", cycle=cycle)
    assert frozen.billed("place") == bills


@pytest.mark.parametrize("cycle", ["month", "quarter", "year"])
def test_a_leap_year_has_one_more_day_to_pay_for(freeze: Freeze, cycle: str) -> None:
    frozen = freeze(shelter("1100.01", "{kommune: 1}"), last="2020-12", cycle=cycle)
    bills = frozen.by_year()
    assert bills[2019, "night", "cost", "kommune"] == 365 * 10 * 110_001
    assert bills[2020, "night", "cost", "kommune"] == 366 * 10 * 110_001


def test_a_person_month_counts_each_month_of_a_longer_cycle(freeze: Freeze) -> None:
    price = (
        "aid: {amount: 100.01, per: person_month, in: {housing: shelter}, price_year: 2019, "
        "payers: {kommune: 1}, account: aid}"
    )
    assert freeze(price, cycle="quarter").billed("aid") == [3 * 10 * 100_01]


def test_only_those_whom_the_condition_names_are_paid_for(freeze: Freeze) -> None:
    prices = [
        f"{name}: {{amount: 1, per: person_day, in: {{{where}}}, price_year: 2019, "
        "payers: {kommune: 1}, account: days}"
        for name, where in (
            ("at_home", "housing: home"),
            ("everywhere", "housing: [shelter, home]"),
            ("homeless", "homeless: true"),
            ("housed", "homeless: false"),
            ("adults_at_home", "stratum: adult, housing: home"),
            ("others", "stratum: other"),
            ("in_none", "programme: none, housing: shelter"),
        )
    ]
    frozen = freeze(*prices, last="2019-01")
    assert {price.split(":")[0]: frozen.billed(price.split(":")[0]) for price in prices} == {
        "at_home": [4 * 31_00],
        "everywhere": [14 * 31_00],
        "homeless": [10 * 31_00],
        "housed": [4 * 31_00],
        "adults_at_home": [0],
        "others": [4 * 31_00],
        "in_none": [10 * 31_00],
    }


# By moves -------------------------------------------------------------------------------------


def entry(where: str = "housing: home") -> str:
    return (
        f"move: {{amount: 1000, per: entry, in: {{{where}}}, price_year: 2019, "
        "payers: {kommune: 1}, account: moves}"
    )


def test_an_entry_is_a_move_in_from_outside(freeze: Freeze) -> None:
    more = "transitions: [{from: {housing: shelter}, to: home, rate_per_year: 6}]"
    frozen = freeze(entry(), entry("housing: [shelter, home]").replace("move", "both"), more=more)
    left = 10 * np.exp(-6 * np.cumsum([0, 31, 28, 31]) / 365.25)
    assert frozen.billed("move") == np.rint(-np.diff(left) * 1000_00).astype(int).tolist()
    assert frozen.billed("both") == [0, 0, 0], "who is there already does not enter"


def test_who_arrives_enters_and_who_is_there_at_the_start_does_not(freeze: Freeze) -> None:
    # 365.25 a year are one a day.
    arrivals = "{stratum: adult, housing: shelter, per_year: 365.25}"
    frozen = freeze(entry("housing: shelter"), arrivals=arrivals)
    assert frozen.billed("move") == [31_000_00, 28_000_00, 31_000_00]


PROGRAMME = (
    "programmes: {{act: {{eligible: {{stratum: adult, housing: shelter}}, places: 7, "
    "intake: {{share_of_waiting: 1}}, stay: {{mean: {stay}}}{more}}}{others}}}"
)


def enrolment(name: str, programme: str) -> str:
    return (
        f"{name}: {{amount: 500, per: enrolment, programme: {programme}, price_year: 2019, "
        "payers: {kommune: 0.9, region: 0.1}, account: intake}"
    )


def test_an_enrolment_is_paid_once_for_each_place_filled(freeze: Freeze) -> None:
    frozen = freeze(
        enrolment("intake", "act"),
        entry("programme: act"),
        more=PROGRAMME.format(stay=FOREVER, more="", others=""),
        strategy="programmes: act",
    )
    assert frozen.rows("intake") == [
        (0, "cost", "kommune", 3_150_00),
        (0, "cost", "region", 350_00),
        (0, "cost", "provider", -3_500_00),
    ]
    assert frozen.billed("move") == [7_000_00, 0, 0], "to enrol is to enter the programme"
    assert frozen.rows("intake", "reference") == [], "the reference has no such programme"
    assert frozen.rows("move", "reference") == []


def test_places_are_paid_for_by_the_month_while_they_are_filled(freeze: Freeze) -> None:
    price = (
        "team: {amount: 1000, per: person_month, in: {programme: act}, price_year: 2019, "
        "payers: {kommune: 1}, account: team}"
    )
    frozen = freeze(
        price,
        more=PROGRAMME.format(stay=FOREVER, more="", others="").replace(
            "places: 7", "places: {2019-02: 7}"
        ),
        strategy="programmes: act",
    )
    assert frozen.billed("team") == [0, 7_000_00, 7_000_00]


def test_moving_on_is_an_enrolment_in_the_next_programme(freeze: Freeze) -> None:
    others = (
        ", icm: {eligible: {stratum: other, housing: shelter}, places: 9, "
        f"intake: {{share_of_waiting: 1}}, stay: {{mean: {FOREVER}}}}}"
    )
    frozen = freeze(
        enrolment("first", "act"),
        enrolment("next", "icm"),
        more=PROGRAMME.format(stay="12 months", more=", moves_on_to: {icm: 0.75}", others=others),
        strategy="programmes: [act, icm]",
        last="2019-01",
    )
    moved_on = 0.75 * 7 * -np.expm1(-31 / 365.25)
    assert frozen.billed("first") == [3_500_00]
    assert frozen.billed("next") == [round(moved_on * 500_00)]


# Fixed amounts --------------------------------------------------------------------------------


def test_hours_a_week_follow_the_days_and_hours_a_month_do_not(freeze: Freeze) -> None:
    frozen = freeze(
        fixed("guides", "320", "hour", ", hours: {posts: 2, per_week: 37}"),
        fixed("nurse", "350", "hour", ", hours: {posts: 1, per_month: 37.5}", "{region: 1}"),
    )
    # 2 x 37 x 320 = 23,680 kr. a week, for 31 / 7, 4 and 31 / 7 weeks.
    assert frozen.billed("guides") == [104_868_57, 94_720_00, 104_868_57]
    assert frozen.rows("nurse") == [
        row for cycle in range(3) for row in [(cycle, "cost", "region", 13_125_00)]
    ] + [(cycle, "cost", "provider", -13_125_00) for cycle in range(3)]


def test_a_quarter_of_hours_is_its_months(freeze: Freeze) -> None:
    frozen = freeze(
        fixed("guides", "320", "hour", ", hours: {posts: 2, per_week: 37}"),
        fixed("nurse", "350", "hour", ", hours: {posts: 1, per_month: 37.5}"),
        cycle="quarter",
    )
    assert frozen.billed("guides") == [304_457_14]  # 90 / 7 weeks
    assert frozen.billed("nurse") == [3 * 13_125_00]


@pytest.mark.parametrize(
    ("cycle", "last", "units", "bills"),
    [
        ("month", "2019-03", "month", [100_01, 100_01, 100_01]),
        ("quarter", "2019-06", "month", [300_03, 300_03]),
        ("year", "2020-12", "month", [1200_12, 1200_12]),
        ("month", "2019-06", "quarter", [33_34, 33_33, 33_34, 33_34, 33_33, 33_34]),
        ("quarter", "2019-06", "quarter", [100_01, 100_01]),
        ("year", "2019-12", "quarter", [400_04]),
        ("quarter", "2019-12", "year", [25_00, 25_00, 25_01, 25_00]),
        ("year", "2020-12", "year", [100_01, 100_01]),
        ("month", "2019-03", "once", [100_01, 0, 0]),
        ("year", "2020-12", "once", [100_01, 0]),
    ],
)
def test_fixed_amounts_in_every_cycle(
    freeze: Freeze, cycle: str, last: str, units: str, bills: list[int]
) -> None:
    frozen = freeze(fixed("rent", "100.01", units), cycle=cycle, last=last)
    assert frozen.billed("rent") == bills


def test_the_months_of_a_yearly_amount_add_to_it(freeze: Freeze) -> None:
    frozen = freeze(fixed("team", "1000000", "year"), first="2019-01", last="2020-12")
    year = [83_333_33, 83_333_34, 83_333_33] * 4
    assert sum(year) == 1_000_000_00
    assert frozen.billed("team") == year * 2


@pytest.mark.parametrize("amount", ["1000000", "0.01", "0.07", "1284118", "999999.99", "2400000"])
@pytest.mark.parametrize("unit", ["year", "quarter"])
def test_yearly_and_quarterly_amounts_add_to_the_oere(
    freeze: Freeze, amount: str, unit: str
) -> None:
    frozen = freeze(fixed("team", amount, unit), first="2019-01", last="2020-12")
    billed = frozen.billed("team")
    whole = round(float(amount) * 100) * (4 if unit == "quarter" else 1)
    assert [sum(billed[:12]), sum(billed[12:])] == [whole, whole]
    assert max(billed) - min(billed) <= 2, "two rounded running sums apart"


def test_a_fixed_price_is_charged_from_its_first_month_to_its_last(freeze: Freeze) -> None:
    frozen = freeze(
        fixed("later", "1200000", "year", ", from: 2019-04"),
        fixed("until", "100", "month", ", to: 2019-02"),
        fixed("within", "100", "month", ", from: 2019-03, to: 2019-03"),
        fixed("started", "5000", "once", ", from: 2019-02"),
        shelter("1", "{kommune: 1}", ", from: 2019-12, to: 2019-12"),
        last="2019-12",
    )
    assert frozen.billed("later") == [0, 0, 0] + [100_000_00] * 9
    assert frozen.billed("until") == [100_00, 100_00] + [0] * 10
    assert frozen.billed("within") == [0, 0, 100_00] + [0] * 9
    assert frozen.billed("started") == [0, 5000_00] + [0] * 10
    assert frozen.billed("night") == [0] * 11 + [310_00]


def test_what_lies_outside_the_run_is_not_booked_in_it(freeze: Freeze) -> None:
    frozen = freeze(
        fixed("before", "5000", "once", ", from: 2018-12"),
        fixed("after", "5000", "once", ", from: 2019-04"),
        fixed("ended", "100", "month", ", to: 2018-12"),
        fixed("running", "100", "month", ", from: 2018-01"),
    )
    assert frozen.billed("before") == frozen.billed("after") == frozen.billed("ended") == [0] * 3
    assert frozen.billed("running") == [100_00] * 3


def test_a_team_costs_only_where_its_programme_is(freeze: Freeze) -> None:
    frozen = freeze(
        fixed("team", "2400000", "year", ", programme: act"),
        fixed("always", "120", "year"),
        more=PROGRAMME.format(stay=FOREVER, more="", others=""),
        strategy="programmes: act",
    )
    assert frozen.billed("team") == [200_000_00] * 3
    assert frozen.rows("team", "reference") == []
    assert frozen.billed("always") == frozen.billed("always", "reference") == [10_00] * 3


# Price level ----------------------------------------------------------------------------------


def test_a_price_moves_from_its_year_by_its_own_index(freeze: Freeze) -> None:
    frozen = freeze(
        fixed("plain", "100", "month"),
        fixed("moved", "100", "month", ", index: pl"),
        "later: {amount: 110, per: month, price_year: 2022, index: pl, payers: {kommune: 1}, "
        "account: team}",
        first="2018-12",
        last="2021-01",
    )
    expected = {2018: 98_00, 2019: 100_00, 2020: 102_00, 2021: 105_00}
    years = [2018] + [2019] * 12 + [2020] * 12 + [2021]
    assert frozen.billed("plain") == [100_00] * 26
    assert frozen.billed("moved") == [expected[year] for year in years]
    assert frozen.billed("later") == [expected[year] for year in years]


# Payers ---------------------------------------------------------------------------------------


def test_shares_of_a_bill_are_split_to_the_oere(freeze: Freeze) -> None:
    # 333.35 kr.: nine tenths are 300.015.
    frozen = freeze(
        fixed("team", "333.35", "month", "", "{kommune: 0.9, region: 0.1}"), last="2019-01"
    )
    assert frozen.rows("team") == [
        (0, "cost", "kommune", 300_02),
        (0, "cost", "region", 33_33),
        (0, "cost", "provider", -333_35),
    ]


SPLITS = (
    "{kommune: 1}", "{kommune: 0.5, stat: 0.5}", "{stat: 0.3333, region: 0.3333, fond: 0.3334}",
    "dk_section_110", "dk_benefit_over_52_weeks", "{borger: 0.01, kommune: 0.99}",
)  # fmt: skip


def test_another_split_moves_nothing_in_the_total_of_all_payers(freeze: Freeze) -> None:
    totals = set()
    for payers in SPLITS:
        frozen = freeze(
            shelter("1100.37", payers),
            fixed("team", "1000000.01", "year", "", payers),
            last="2020-12",
            persons=7.3,
        )
        society = frozen.result.runs["other"].costs.amounts["current", "society"]
        totals.add(tuple(society.tolist()))
    assert len(totals) == 1


# Where a posting stands -----------------------------------------------------------------------


def test_a_posting_names_its_people_and_a_fixed_one_its_programme(freeze: Freeze) -> None:
    frozen = freeze(
        shelter("1", "{kommune: 1}"),
        fixed("team", "12", "year", ", programme: act"),
        fixed("rent", "12", "year"),
        more=PROGRAMME.format(stay=FOREVER, more="", others=""),
        strategy="programmes: act",
        last="2019-01",
    )
    ledger = frozen.result.runs["other"].books.ledger
    found = {
        (ledger.items[item][1], int(stratum), int(programme))
        for item, stratum, programme in zip(
            ledger.item, ledger.stratum, ledger.programme, strict=True
        )
    }
    assert found == {
        ("night", 0, 0),  # adults who wait
        ("night", 0, 1),  # adults in ACT
        ("team", NOBODY, 1),
        ("rent", NOBODY, NOBODY),
    }


ONE_STRATUM = """\
som_sim: 1
meta: {title: One group, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2019-01, cycle: month}
domains: {housing: {shelter: {}, home: {}}}
strata: {all: {}}
population: {initial: [{stratum: all, housing: shelter, persons: 1}]}
indices: {flat: {values: {2019: 100}}}
money: {index: flat, discount_rate: 0.04, base_year: 2019}
prices:
  night: {amount: 1, per: person_day, in: {housing: shelter}, price_year: 2019,
          payers: {kommune: 1}, account: shelter}
strategies: {reference: {}}
"""


def test_the_only_group_of_people_is_named_too() -> None:
    run = som.run(som.loads(ONE_STRATUM)).runs["reference"]
    assert set(run.books.ledger.stratum.tolist()) == {0}
    assert set(run.books.ledger.programme.tolist()) == {0}


# A rule's dates -------------------------------------------------------------------------------


def test_the_shelter_rule_is_refused_where_it_counts_days(freeze: Freeze) -> None:
    with pytest.raises(ScenarioError, match="dk_section_110") as refused:
        freeze(shelter("1100", "dk_section_110"), first="2023-01", last="2023-12")
    (problem,) = refused.value.problems
    assert problem.path == ("prices", "night", "payers")
    assert problem.message == (
        "on 2023-10-01 rule 'dk_section_110' goes by each person's first 120 days, which this run "
        "does not know; say which share of the bill lies within, as in payers: {rule: "
        "dk_section_110, within: {120: 0.7}}, measure it (histories: 200), end the price before, "
        "or write the shares"
    )


@pytest.mark.parametrize("cycle", ["month", "quarter"])
def test_the_shelter_rule_holds_to_its_last_day(freeze: Freeze, cycle: str) -> None:
    frozen = freeze(
        shelter("1100", "dk_section_110", ", to: 2023-09"),
        first="2023-01",
        last="2023-12",
        cycle=cycle,
    )
    days = 273
    assert frozen.by_year() == {
        (2023, "night", "cost", "kommune"): days * 10 * 1100_00,
        (2023, "night", "transfer", "kommune"): -days * 10 * 550_00,
        (2023, "night", "transfer", "stat"): days * 10 * 550_00,
    }


def test_a_rule_that_ends_within_a_cycle_is_not_stretched_to_its_end(freeze: Freeze) -> None:
    with pytest.raises(SomSimError, match="dk_section_110"):
        freeze(shelter("1100", "dk_section_110"), first="2022-01", last="2023-12", cycle="year")


def test_a_benefit_before_the_reform_is_refused(freeze: Freeze) -> None:
    with pytest.raises(ScenarioError, match="says nothing about 2015-11-01"):
        freeze(shelter("1", "dk_benefit_over_52_weeks"), first="2015-11", last="2016-02")


# Sizes ----------------------------------------------------------------------------------------


def test_an_amount_too_large_to_book_names_its_price(freeze: Freeze) -> None:
    with pytest.raises(SomSimError, match=r"prices\.night: .*too large"):
        freeze(shelter("9999999999", "{kommune: 1}"))


def test_shares_with_too_many_decimals_name_their_price(freeze: Freeze) -> None:
    payers = "{kommune: 0.333333333333333333, stat: 0.666666666666666667}"
    with pytest.raises(SomSimError, match=r"prices\.night\.payers: .*too large"):
        freeze(shelter("1100", payers))


def test_nothing_is_booked_for_what_is_free(freeze: Freeze) -> None:
    frozen = freeze(shelter("0", "{kommune: 1}"), fixed("rent", "0", "year"))
    assert frozen.rows("night") == frozen.rows("rent") == []
    assert frozen.result.runs["other"].costs.amounts["current", "society"].tolist() == [0]
