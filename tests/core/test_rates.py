"""Conversions between rates, probabilities and stays: exact, as a whole row, and back again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.linalg import expm

from som_sim.core.rates import probabilities_from_rates, rates_from_mean_stay, rates_from_row

ROUNDING = 1e-13
"""A handful of float operations, none of which cancels; relative."""
BACK = 1e-9
"""There and back: near a total of 1 a probability carries only the digits of what is left over."""
SMALL_P = 1e-12
"""A probability so small that log(1 - p) would lose four of its digits and log1p none."""


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=5),
    st.floats(0, 0.999),
    st.floats(1e-3, 50),
)
def test_a_row_comes_back(shares: list[float], total: float, years: float) -> None:
    assume(sum(shares) > 1e-6)
    p = column(*shares) / sum(shares) * total
    rates = rates_from_row(p, years)
    assert np.all(rates >= 0)
    np.testing.assert_allclose(probabilities_from_rates(rates, years), p, rtol=BACK, atol=ROUNDING)


@given(st.lists(st.floats(0, 20), min_size=1, max_size=5), st.floats(1e-3, 1.0))
def test_rates_come_back(rates: list[float], years: float) -> None:
    assume(sum(rates) * years < 12)  # beyond, nearly nobody is left and the digits with them
    p = probabilities_from_rates(column(*rates), years)
    np.testing.assert_allclose(rates_from_row(p, years), column(*rates), rtol=BACK, atol=BACK)


@pytest.mark.parametrize("p", [(0.3,), (0.1, 0.2, 0.4), (0.0, 0.5), (0.49, 0.49)])
def test_a_row_is_first_exits_under_competing_rates(p: tuple[float, ...]) -> None:
    years = 1.7
    rates = rates_from_row(column(*p), years)[:, 0]
    q = np.zeros((len(p) + 1, len(p) + 1))
    q[0, 1:], q[0, 0] = rates, -rates.sum()
    np.testing.assert_allclose(expm(q * years)[0, 1:], p, rtol=ROUNDING, atol=ROUNDING)


def test_a_row_is_not_converted_exit_by_exit() -> None:
    rates = rates_from_row(column(0.3, 0.3), 1.0)[:, 0]
    assert rates.sum() == pytest.approx(-np.log(0.4), rel=ROUNDING)
    assert rates[0] > -np.log(0.7)


def test_small_probabilities_keep_their_digits() -> None:
    (rate,) = rates_from_row(column(SMALL_P), 1.0)[:, 0]
    assert rate == pytest.approx(SMALL_P, rel=1e-11, abs=0)
    (p,) = probabilities_from_rates(column(SMALL_P), 1.0)[:, 0]
    assert p == pytest.approx(SMALL_P, rel=1e-11, abs=0)


def test_a_shorter_time_makes_a_higher_rate() -> None:
    month, year = (rates_from_row(column(0.5), time)[0, 0] for time in (1 / 12, 1.0))
    assert month == pytest.approx(12 * year, rel=ROUNDING)


def test_nobody_leaves_at_a_row_of_zeros() -> None:
    assert not rates_from_row(column(0, 0), 1.0).any()
    assert not probabilities_from_rates(column(0, 0), 1.0).any()


def test_draws_do_not_mix() -> None:
    p = np.array([[0.1, 0.5, 0.0], [0.2, 0.4, 0.0]])
    alone = [rates_from_row(p[:, [draw]], 2.0)[:, 0] for draw in range(3)]
    assert np.array_equal(rates_from_row(p, 2.0), np.stack(alone, axis=1))


@pytest.mark.parametrize("p", [(1.0,), (0.6, 0.4), (0.9, 0.9), (-0.1, 0.5)])
def test_a_row_without_a_finite_rate_is_refused(p: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="0 or more and add to less than 1"):
        rates_from_row(column(*p), 1.0)


def test_a_mean_stay_is_the_mean() -> None:
    rates = rates_from_mean_stay(np.array([0.25, 4.0]), np.array([[0.43, 0.5], [0.57, 0.5]]))
    np.testing.assert_allclose(rates.sum(axis=0), [4.0, 0.25], rtol=ROUNDING)
    np.testing.assert_allclose(rates[:, 0], [1.72, 2.28], rtol=ROUNDING)
