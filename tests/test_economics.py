"""The measures of an investment, against closed forms, textbooks and each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import som_sim as som
from som_sim.core.errors import SomSimError
from som_sim.economics import (
    CaseError,
    Flow,
    benefit_cost_ratio,
    break_even_factor,
    check_flows,
    discount_factors,
    internal_rate_of_return,
    net_present_value,
    payback_time,
    payback_year,
    per_unit,
    rate_of,
    total_of,
)
from som_sim.outcomes.economics import break_even

EXACT = 1e-12
ROOT = 1e-9
"""Relative: a root of a polynomial found in float64."""

amounts = st.lists(st.integers(-10_000, 10_000).map(float), min_size=1, max_size=12)
rates = st.floats(-0.3, 1.0)


def test_it_is_offered_as_a_module() -> None:
    assert som.economics.net_present_value is net_present_value


# Present value ---------------------------------------------------------------------------------


@given(rates, st.integers(1, 60))
def test_an_annuity_has_its_closed_form(rate: float, n: int) -> None:
    factor = n if rate == 0 else (1 - (1 + rate) ** -n) / rate * (1 + rate)
    if abs(rate) > 1e-6:
        assert net_present_value(np.ones(n), rate) == pytest.approx(factor, rel=1e-9)


def test_stepped_rates_fall_smoothly() -> None:
    """Year 36 is discounted 35 times at 4 % and once at 3 %."""
    years = tuple(range(2020, 2100))
    factors = discount_factors("dk_ministry_2013", years, 2020)
    assert factors[35] == pytest.approx(1.04**-35, rel=EXACT)
    assert factors[36] == pytest.approx(1.04**-35 / 1.03, rel=EXACT)
    assert factors[75] == pytest.approx(1.04**-35 * 1.03**-35 * 1.02**-5, rel=EXACT)
    stated = discount_factors({0: 0.04, 36: 0.03, 71: 0.02}, years, 2020)
    assert np.array_equal(stated, factors)


def test_years_before_the_base_year_are_compounded_up() -> None:
    found = net_present_value([100, 100], 0.1, years=(2018, 2020), base_year=2019)
    assert found == pytest.approx(110 + 100 / 1.1, rel=EXACT)


@given(st.lists(amounts.filter(lambda one: len(one) >= 3), min_size=1, max_size=4), rates)
def test_draws_are_valued_one_by_one(draws: list[list[float]], rate: float) -> None:
    flows = np.array([one[:3] for one in draws])
    whole = net_present_value(flows, rate)
    assert whole.shape == (len(draws),)
    for position, one in enumerate(flows):
        assert whole[position] == net_present_value(one, rate), "the same bytes alone"


# Internal rate of return -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100, 121], 0.21),
        ([-100, 0, 121], 0.1),
        ([-100, 100], 0.0),
        ([-100, 50], -0.5),
        ([0, 0, -100, 110], 0.1),
        ([-250000, 100000, 150000, 200000, 250000, 300000], 0.5672303344358536),
        ([100, -121], 0.21),
        ([-1, 1_000_000], 999_999),
        ([-1, 10**15], 10**15 - 1),
        ([10**17, -1], -1),
        ([-1, *[0] * 98, 10**17], 10 ** (17 / 99) - 1),
    ],
)  # the sixth as numpy-financial documents it
def test_internal_rate_of_return(flows: list[float], rate: float) -> None:
    assert internal_rate_of_return(flows) == pytest.approx(rate, rel=ROOT, abs=ROOT)


@pytest.mark.parametrize("flows", [[5, 5], [-5, -5], [0, 0], [7], [1, -1, 1]])
def test_some_cash_flows_have_no_rate(flows: list[float]) -> None:
    assert internal_rate_of_return(flows) is None


def test_several_rates_are_named_and_none_is_chosen() -> None:
    with pytest.raises(SomSimError, match=r"several internal rates of return: 10 %, 20 %"):
        internal_rate_of_return([-100, 230, -132])


@given(amounts)
def test_at_its_internal_rate_a_flow_is_worth_nothing(flows: list[float]) -> None:
    try:
        rate = internal_rate_of_return(flows)
    except SomSimError:
        return
    if rate is not None and -0.9 < rate < 100:
        size = net_present_value(np.abs(flows), rate)
        assert net_present_value(flows, rate) == pytest.approx(0, abs=1e-6 * size)


# Ratio, factor and pay-back --------------------------------------------------------------------


def test_ratio_and_break_even_factor_are_each_others_inverse() -> None:
    benefits, costs = [[0, 60, 60], [0, 0, 0]], [100, 10, 0]
    ratio = benefit_cost_ratio(benefits, costs, 0.05)
    assert ratio[0] == pytest.approx((60 / 1.05 + 60 / 1.05**2) / (100 + 10 / 1.05), rel=EXACT)
    factor = break_even_factor(benefits, costs, 0.05)
    assert factor[0] == pytest.approx(1 / ratio[0], rel=EXACT)
    assert ratio[1] == 0 and np.isnan(factor[1])
    scaled = factor[0] * np.array(benefits[0])
    assert net_present_value(scaled - np.array(costs), 0.05) == pytest.approx(0, abs=1e-9)


@given(amounts)
def test_payback_is_the_break_even_of_results(flows: list[float]) -> None:
    years = tuple(range(2018, 2018 + len(flows)))
    whole = np.array(flows, dtype=np.int64)
    assert payback_year(flows, years) == break_even(whole, years).year


@pytest.mark.parametrize(
    ("net", "time"),
    [([-100, 50, 100], 1.5), ([-100, 50, 50], 2.0), ([0, -100, 200], 0.5), ([5, 5], 0.0),
     ([-100, 50], None), ([0, 0], None), ([-100, 200, -50], 0.5), ([-100, 200, -150, 60], 2.8333),
     ([9, -5, 1], 0.0)],
)  # fmt: skip
def test_time_to_pay_back(net: list[float], time: float | None) -> None:
    assert payback_time(net) == (None if time is None else pytest.approx(time, abs=1e-4))


def test_discounted_payback_takes_longer() -> None:
    assert payback_year([-100, 50, 50, 50], (0, 1, 2, 3)) == 2
    assert payback_year([-100, 50, 50, 50], (0, 1, 2, 3), rate=0.1) == 3
    assert payback_time([-100, 110, 1], rate=0.1) == pytest.approx(1.0, rel=1e-12)


def test_an_amount_for_each_unit() -> None:
    found = per_unit([600, 600], [4, 0])
    assert found[0] == 150 and np.isnan(found[1])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: net_present_value([1, 2], "dk_ministry_2031"), "did you mean 'dk_ministry_2021'"),
        (lambda: net_present_value([1, 2], 0.04, years=(2020,)), "2 amounts need as many years"),
        (lambda: net_present_value([1, 2], 0.04, years=(2021, 2020)), "in order, each once"),
        (lambda: net_present_value([], 0.04), "one amount a year"),
        (lambda: rate_of(-1), "above -1 a year"),
        (lambda: rate_of({1: 0.04}), "begin with year 0"),
        (lambda: internal_rate_of_return([[1, 2]]), "one cash flow at a time"),
        (lambda: payback_time([[1, 2]]), "one cash flow at a time"),
    ],
)
def test_what_is_no_cash_flow_is_told(wrong: object, message: str) -> None:
    with pytest.raises(SomSimError, match=message):
        wrong()  # type: ignore[operator]


# What no case may count ------------------------------------------------------------------------


def flow(name: str, payer: str, *net: float, **more: object) -> Flow:
    return Flow(name=name, payer=payer, amounts=net, **{"price_year": 2020, **more})  # type: ignore[arg-type]


BENEFIT = (
    flow("aid", "stat", 3, 6, transfer=True),
    flow("aid", "borger", -3, -6, transfer=True),
)
TEAM = flow("team", "kommune", -10, 4)


def test_a_transfer_cancels_for_society_and_counts_for_payers() -> None:
    case = (TEAM, *BENEFIT)
    assert total_of(case, "society").tolist() == [-10, 4]
    assert total_of(case, "public").tolist() == [-7, 10]
    assert total_of(case, "citizen").tolist() == [-3, -6]


def test_half_a_transfer_is_no_gain_to_society() -> None:
    with pytest.raises(CaseError, match="'aid' is a transfer: society gains nothing by it"):
        check_flows((TEAM, BENEFIT[0]), "society")
    check_flows((TEAM, BENEFIT[0]), "public")


def test_a_saving_is_counted_once() -> None:
    one = flow("fewer nights", "kommune", 5, 5, saves="shelter")
    other = flow("shelter closes", "kommune", 9, 9, saves="shelter")
    with pytest.raises(CaseError, match="both save 'shelter' for kommune"):
        total_of((one, other), "kommune")
    check_flows((one, flow("fewer nights", "stat", 5, 5, saves="shelter")), "society")


def test_price_years_are_not_mixed_and_every_problem_is_told() -> None:
    mixed = flow("rent", "kommun", 1, 1, price_year=2018)
    with pytest.raises(CaseError) as caught:
        check_flows((TEAM, mixed, BENEFIT[0]), "society")
    assert [one.split(":")[0] for one in caught.value.problems] == [
        "'rent'", "amounts are in prices of different years", "'aid' is a transfer",
    ]  # fmt: skip
    with pytest.raises(CaseError, match="'societey' is no perspective; did you mean 'society'"):
        check_flows((), "societey")
    with pytest.raises(CaseError, match="no line of the case is about fond"):
        total_of((TEAM,), "fond")


def test_a_rate_at_which_the_value_only_touches_0_is_found_once() -> None:
    """-100 (1 - q x)^2 has the one root x = 1/q, so the rate is q - 1."""
    for percent in range(-50, 100):
        q = 1 + percent / 100
        rate = internal_rate_of_return([-100, 200 * q, -100 * q * q])
        assert rate == pytest.approx(percent / 100, abs=1e-5)


@pytest.mark.parametrize("amount", [float("nan"), float("inf")])
def test_a_rate_of_what_is_no_number_is_refused(amount: float) -> None:
    with pytest.raises(SomSimError, match="no finite number"):
        internal_rate_of_return([-100, amount])
