"""SØM's identity: a case added up by hand, and linearity in every input."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from som_cases import CASE, Plain, plain_cases
from som_sim.ledger.ledger import payer_number
from som_sim.som.case import Course
from som_sim.som.checks import checks
from som_sim.som.identity import success_year
from som_sim.som.post import items
from som_sim.som.read import loads_case
from som_sim.som.result import SomResult, run_case
from som_sim.som.sensitivity import one_way, switching_rate

KR = 100
YEARS = (2024, 2025, 2026, 2027, 2028, 2029, 2030)

# By hand, kroner. Successes 6 (from 2025) and 12 (from 2026).
# Shelter years saved: 2025 3, 2026 3 + 6, 2027 1.5 + 6, 2028 3; half of 550,000 each for two payers.
SHELTER = {2025: 3, 2026: 9, 2027: 7.5, 2028: 3}
KOMMUNE = {
    2024: -(100_000 + 450_000 + 200_000),
    2025: -(450_000 + 400_000 - 50_000) + 3 * 275_000 - 6 * 800,
    2026: 9 * 275_000 - 12 * 800,
    2027: 7.5 * 275_000,
    2028: 3 * 275_000,
}
REGION = {2024: -50_000, 2025: -50_000}
STAT = {
    2025: 3 * 275_000 - 6 * 200,
    2026: 9 * 275_000 - 12 * 200,
    2027: 7.5 * 275_000,
    2028: 825_000,
}
BORGER = {2025: 6 * 1000, 2026: 12 * 1000}


@pytest.fixture(scope="module")
def result() -> SomResult:
    return run_case(loads_case(CASE))


@pytest.mark.parametrize(
    ("payer", "by_year"),
    [("kommune", KOMMUNE), ("region", REGION), ("stat", STAT), ("borger", BORGER), ("fond", {})],
)
def test_each_payer_has_the_net_added_up_by_hand(
    result: SomResult, payer: str, by_year: dict[int, float]
) -> None:
    expected = [round(by_year.get(year, 0) * KR) for year in YEARS]
    assert result.years == YEARS
    assert result.net(payer, "current").tolist() == expected
    assert result.net(payer, "constant").tolist() == expected
    factors = [1.25 ** -(year - 2024) for year in YEARS]
    assert result.net(payer).tolist() == [
        round(one * factor) for one, factor in zip(expected, factors, strict=True)
    ]


def test_totals_per_participant_break_even_and_committees(result: SomResult) -> None:
    assert result.ok and result.n_participants == 30
    total = int(result.net("kommune").sum())
    assert result.figure("net_total", "kommune") == total
    assert result.figure("net_per_participant", "kommune") == Fraction(total, 30)
    costs = 750_000 + 800_000 / 1.25
    assert result.figure("cost_total", "kommune") == round(costs * KR)
    assert result.figure("benefit_total", "kommune") == total + round(costs * KR)
    # 2024 -750,000; 2025 +20,200 / 1.25; 2026 2,465,400 / 1.5625: ahead from 2026.
    assert result.som_break_even("kommune") == 2026
    assert result.break_even("kommune").year == 2026
    assert result.som_break_even("region") is None
    by_committee = result.by_committee()
    assert by_committee["Sundhedsudvalget"].tolist()[:2] == [-200_000 * KR, -400_000 * KR]
    assert sum(by_committee.values()).tolist() == result.net("kommune", "current").tolist()


def test_society_is_all_payers_and_benefits_cancel(result: SomResult) -> None:
    payers = ("kommune", "region", "stat", "fond", "borger")
    for view in ("current", "constant", "discounted"):
        nets = [result.net(payer, view) for payer in payers]
        assert np.array_equal(sum(nets), result.net("society", view))
    society = {2024: -800_000, 2025: -850_000 + 3 * 550_000, 2026: 9 * 550_000}
    assert result.net("society", "current").tolist()[:3] == [
        round(v * KR) for v in society.values()
    ]
    assert -result.provider_balance() == int(result.net("society", "current").sum())


def test_consequences_from_the_success_year_come_a_year_sooner() -> None:
    sooner = run_case(loads_case(CASE.replace("year_after", "success_year")))
    later = run_case(loads_case(CASE))
    parts = [
        {item.name: item.kroner for item in items(one.case.spec)}["shelter"]
        for one in (sooner, later)
    ]
    assert {(start, year + 1): amount for (start, year), amount in parts[0].items()} == parts[1]


@pytest.mark.parametrize(
    ("length", "begins", "year"),
    [
        ("12 months", 1, 2024),
        ("1 year", 1, 2024),
        ("13 months", 1, 2025),
        ("5 months", 8, 2024),
        ("6 months", 8, 2025),
        ("24 months", 1, 2025),
        ("9 months", 1, 2024),
    ],
)
def test_a_course_ends_in_the_year_of_its_last_day(length: str, begins: int, year: int) -> None:
    assert success_year(2024, Course.model_validate({"length": length, "begins": begins})) == year


def test_an_index_moves_prices_to_each_year() -> None:
    text = CASE.replace(
        "money: {",
        "indices: {p: {values: {2023: 100, 2024: 102, 2025: 103, 2026: 104, 2027: 105, 2028: 106, 2029: 107, 2030: 108}}}\nmoney: {index: p, ",
    )
    moved, flat = run_case(loads_case(text)), run_case(loads_case(CASE))
    assert moved.net("region", "current").tolist()[:2] == [-51_000 * KR, -51_500 * KR]
    for payer in ("kommune", "stat"):
        assert np.allclose(moved.net(payer, "constant"), flat.net(payer, "constant"), atol=2)


def test_tables_hold_what_the_figures_say(result: SomResult) -> None:
    table = result.table("net_by_year")
    kommune = table[table["payer"] == "kommune"]
    assert kommune["discounted_oere"].tolist() == result.net("kommune").tolist()
    assert kommune["cumulative_discounted_oere"].iloc[-1] == result.figure("net_total", "kommune")
    ledger = result.table("ledger")
    assert -ledger["amount_oere"].sum() == result.net("society", "current").sum()
    assert set(result.table("quantities")["item"]) == {
        "start", "team", "course", "before", "shelter", "benefit",
    }  # fmt: skip
    with pytest.raises(KeyError, match="there is no table 'legder'; did you mean 'ledger'"):
        result.table("legder")


@pytest.mark.parametrize(
    ("payer", "failing"),
    [
        ("kommune", {"transactions_balance", "payers_equal_total"}),
        (
            "provider",
            {"transactions_balance", "payers_equal_total", "amounts_follow_identity:team"},
        ),
    ],
)
def test_a_posting_that_is_changed_fails_the_checks(
    result: SomResult, payer: str, failing: set[str]
) -> None:
    ledger = result.ledger
    rows = (ledger.payer == payer_number(payer)) & (
        ledger.item == ledger.items.index(("team", "team"))
    )
    amount = ledger.amount.copy()
    amount[np.flatnonzero(rows)[0]] += 1_000
    found = checks(result.case.spec, replace(ledger, amount=amount))
    assert {one.check for one in found if not one.ok} == failing


@pytest.mark.slow
@settings(max_examples=800)
@given(plain_cases, st.integers(2, 1000))
def test_the_answer_is_linear_in_many_cases(case: Plain, times: int) -> None:
    once = exact(case)
    assert exact(replace(case, price=case.price * times))["used"] == once["used"] * times
    assert exact(replace(case, cost=case.cost * times))["team"] == once["team"] * times


# Linearity --------------------------------------------------------------------------------------


def exact(case: Plain) -> dict[str, Fraction]:
    """Return what each item comes to in all, before anything is rounded."""
    spec = loads_case(case.text()).spec
    return {item.name: sum(item.kroner.values(), Fraction(0)) for item in items(spec)}


@settings(max_examples=40)
@given(plain_cases, st.integers(2, 7))
def test_the_answer_is_linear_in_price_effect_and_cost(case: Plain, times: int) -> None:
    once = exact(case)
    assert exact(replace(case, price=case.price * times))["used"] == once["used"] * times
    smaller = replace(case, rate=case.rate / 10)
    assert exact(smaller)["used"] * 10 == once["used"]
    assert exact(replace(case, units=tuple(one * times for one in case.units)))["used"] == (
        once["used"] * times
    )
    assert exact(replace(case, cost=case.cost * times))["team"] == once["team"] * times


@settings(max_examples=40)
@given(plain_cases, st.integers(0, 500))
def test_the_answer_is_additive_in_participants(case: Plain, more: int) -> None:
    nobody = exact(replace(case, participants=0))["used"]
    parts = [
        exact(replace(case, participants=n))["used"] - nobody for n in (case.participants, more)
    ]
    both = exact(replace(case, participants=case.participants + more))["used"] - nobody
    assert both == sum(parts, Fraction(0))


@settings(max_examples=40)
@given(plain_cases)
def test_the_books_follow_the_identity_to_half_an_oere_a_posting(case: Plain) -> None:
    result = run_case(loads_case(case.text()))
    assert result.ok
    total = sum(exact(case).values(), Fraction(0))
    postings = 11 + 2 * len(case.units)
    booked = -Fraction(int(result.net("society", "current").sum()), 100)
    assert abs(booked - total) <= Fraction(postings, 200)


# Sensitivity ------------------------------------------------------------------------------------


def test_one_way_sensitivity_is_what_a_changed_case_gives(result: SomResult) -> None:
    found = {(one.kind, one.name): one for one in one_way(result, "kommune")}
    changed = run_case(loads_case(CASE, overrides={"success": "{net: 0.48}"}))
    assert found["success", ""].low == changed.figure("net_total", "kommune")
    dearer = run_case(loads_case(CASE, overrides={"costs.team.amount": "600000"}))
    assert found["cost", "team"].high == dearer.figure("net_total", "kommune")
    assert found["discount_rate", ""].low > found["discount_rate", ""].high
    widths = [one.width for one in one_way(result, "kommune")]
    assert widths == sorted(widths, reverse=True)


def test_at_the_switching_rate_the_net_is_nothing(result: SomResult) -> None:
    rate = switching_rate(result, "kommune")
    assert rate is not None
    overrides = {"success": f"{{net: {Decimal(rate.numerator) / rate.denominator:.15f}}}"}
    at_rate = run_case(loads_case(CASE, overrides=overrides))
    assert abs(at_rate.figure("net_total", "kommune")) <= 20  # øre: roundings of postings and views
    assert switching_rate(result, "region") is None
