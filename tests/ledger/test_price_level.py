"""Discounting and price levels against closed forms."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from som_sim.knowledge.rules import DiscountRate, discount_rates
from som_sim.ledger.price_level import discount_factors, level_ratio

FLOAT_PRODUCT = 1e-13
"""Relative: a product of up to 120 factors, each rounded once."""
INDEX = {2018: Decimal("98"), 2019: Decimal("100"), 2020: Decimal("102.5")}


def flat(rate: float) -> DiscountRate:
    return DiscountRate(name="flat", source="test", steps=((0, rate),))


def test_a_flat_rate_is_a_power_on_both_sides_of_the_base_year() -> None:
    years = tuple(range(2010, 2060))
    expected = [1.04 ** (2019 - year) for year in years]
    factors = discount_factors(flat(0.04), years, 2019)
    np.testing.assert_allclose(factors, expected, rtol=FLOAT_PRODUCT)
    assert factors[years.index(2019)] == 1


def test_no_rate_leaves_every_year_alone() -> None:
    assert discount_factors(flat(0.0), (2000, 2019, 2080), 2019).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("name", "rates"),
    [("dk_ministry_2013", (0.04, 0.03, 0.02)), ("dk_ministry_2021", (0.035, 0.025, 0.015))],
)
def test_a_stepped_rate_is_a_running_product(name: str, rates: tuple[float, ...]) -> None:
    first, second, third = (1 + rate for rate in rates)
    years = tuple(2020 + n for n in (-2, 0, 1, 35, 36, 37, 70, 71, 90))
    factors = discount_factors(discount_rates()[name], years, 2020)
    expected = [
        first**2,
        1,
        first**-1,
        first**-35,
        first**-35 * second**-1,
        first**-35 * second**-2,
        first**-35 * second**-35,
        first**-35 * second**-35 * third**-1,
        first**-35 * second**-35 * third**-20,
    ]
    np.testing.assert_allclose(factors, expected, rtol=FLOAT_PRODUCT)


@pytest.mark.parametrize("name", sorted(discount_rates()))
def test_a_later_year_never_counts_for_more(name: str) -> None:
    # (1 + r)^-n with the rate of its own year would jump up where the rate steps down.
    factors = discount_factors(discount_rates()[name], tuple(range(2000, 2120)), 2020)
    assert np.all(np.diff(factors) < 0)


def test_a_level_moves_by_the_ratio_of_the_index() -> None:
    assert level_ratio(INDEX, 2020, 2019) == 1.025
    assert level_ratio(INDEX, 2018, 2019) == 0.98
    assert level_ratio(INDEX, 2019, 2019) == 1
    there, back = level_ratio(INDEX, 2020, 2018), level_ratio(INDEX, 2018, 2020)
    assert there * back == pytest.approx(1, rel=FLOAT_PRODUCT)


def test_a_year_without_an_index_is_never_guessed() -> None:
    with pytest.raises(KeyError):
        level_ratio(INDEX, 2021, 2019)
