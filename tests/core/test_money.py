"""Whole øre: rounding once, and sharing out without losing or favouring anybody."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from som_sim.core.errors import SomSimError
from som_sim.core.money import (
    AmountTooLargeError,
    oere_from_kroner,
    round_to_oere,
    share_out,
    whole_weights,
)

LARGEST_POSTING = 2**62 // 1_000_000
"""In øre; the limit that the module states."""
BIG = 10**15
"""In øre, ten million million kroner: the largest amount a scenario may hold."""

amounts = st.integers(min_value=-BIG, max_value=BIG)


@st.composite
def exact_shares(draw: st.DrawFn) -> tuple[Fraction, ...]:
    """Return shares that add to 1 exactly, zeros and thirds among them."""
    weights = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
    return tuple(Fraction(weight, sum(weights)) for weight in weights)


def by_hand(amount: int, shares: tuple[Fraction, ...]) -> list[int]:
    """Return largest remainder, one amount at a time, in fractions of any size."""
    exact = [abs(amount) * share for share in shares]
    parts = [floor(one) for one in exact]
    order = sorted(range(len(shares)), key=lambda i: (parts[i] - exact[i], i))
    for position in order[: abs(amount) - sum(parts)]:
        parts[position] += 1
    return [part if amount >= 0 else -part for part in parts]


@given(amounts, exact_shares())
def test_sharing_out_is_largest_remainder(amount: int, shares: tuple[Fraction, ...]) -> None:
    assert share_out(np.array(amount), shares).tolist() == by_hand(amount, shares)


@given(amounts, exact_shares())
def test_parts_add_to_the_amount_and_none_is_an_oere_off(
    amount: int, shares: tuple[Fraction, ...]
) -> None:
    parts = share_out(np.array(amount), shares).tolist()
    assert sum(parts) == amount
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - amount * share) < 1
        assert share or part == 0, "who has no share gets no øre"


@given(st.lists(amounts, max_size=5), exact_shares())
def test_a_reversal_shares_like_what_it_reverses(
    listed: list[int], shares: tuple[Fraction, ...]
) -> None:
    whole = np.array(listed, dtype=np.int64)
    assert (share_out(-whole, shares) == -share_out(whole, shares)).all()


@given(amounts)
def test_equal_shares_differ_by_an_oere_at_most(amount: int) -> None:
    parts = share_out(np.array(amount), (Fraction(1, 3),) * 3)
    assert parts.max() - parts.min() <= 1


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (1, ("0.5", "0.5"), [1, 0]),  # a tie: the earlier part
        (-1, ("0.5", "0.5"), [-1, 0]),
        (3, ("0.25", "0.25", "0.25", "0.25"), [1, 1, 1, 0]),
        (5, ("0.9", "0.1"), [5, 0]),  # 4.5 and 0.5: a tie again
        (6, ("0.9", "0.1"), [5, 1]),  # 5.4 and 0.6
        (7, ("0", "1"), [0, 7]),
        (0, ("0.9", "0.1"), [0, 0]),
        (99, ("1",), [99]),
    ],
)
def test_small_amounts_by_hand(amount: int, shares: tuple[str, ...], parts: list[int]) -> None:
    assert share_out(np.array(amount), tuple(map(Decimal, shares))).tolist() == parts


def test_the_shape_of_the_amounts_is_kept() -> None:
    whole = np.arange(24, dtype=np.int64).reshape(2, 3, 4)
    parts = share_out(whole, (Decimal("0.5"), Decimal("0.5")))
    assert parts.shape == (2, 3, 4, 2)
    assert parts.dtype == np.int64
    assert (parts.sum(axis=-1) == whole).all()
    assert share_out(np.zeros(0, dtype=np.int64), (Fraction(1),)).shape == (0, 1)


@pytest.mark.parametrize("shares", [("0.9", "0.2"), ("0.9",), ("1.1", "-0.1"), ()])
def test_shares_that_are_none_are_refused(shares: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="add to 1"):
        share_out(np.array(100), tuple(map(Decimal, shares)))


NINETEEN_DECIMALS = tuple(
    Decimal(share)
    for share in ("0.3333333333333333333", "0.3333333333333333333", "0.3333333333333333334")
)


@pytest.mark.parametrize(
    ("amount", "shares"),
    [
        (2**61, (Fraction(1, 3), Fraction(2, 3))),
        (-(2**61), (Fraction(1, 3), Fraction(2, 3))),
        (-(2**63), (Fraction(1),)),  # its absolute value has no room in 64 bits
        (1, NINETEEN_DECIMALS),  # the weights fit, their sum wraps around
        (1, (Fraction(1, 10**30), 1 - Fraction(1, 10**30))),
    ],
)
def test_what_does_not_fit_is_refused_and_never_wraps(
    amount: int, shares: tuple[Fraction | Decimal, ...]
) -> None:
    with pytest.raises(AmountTooLargeError, match="too large"):
        share_out(np.array([amount]), shares)


def test_the_largest_posting_can_be_shared_by_the_tenth_of_a_per_mille() -> None:
    shares = (Decimal("0.9999"), Decimal("0.0001"))
    assert share_out(np.array(LARGEST_POSTING), shares).sum() == LARGEST_POSTING


def test_an_amount_too_large_is_an_error_of_the_user_and_of_arithmetic() -> None:
    assert issubclass(AmountTooLargeError, SomSimError)
    assert issubclass(AmountTooLargeError, OverflowError)


def test_rounding_goes_to_the_nearest_oere_and_halves_to_even() -> None:
    # Eighths of a krone are exact in binary, so these are true halves.
    kroner = np.array([0.125, 0.375, 0.625, 0.875, -0.125, -0.375, 1.004, 1.006, 0.0])
    assert round_to_oere(kroner).tolist() == [12, 38, 62, 88, -12, -38, 100, 101, 0]
    assert round_to_oere(kroner).dtype == np.int64


@given(st.integers(-LARGEST_POSTING + 1, LARGEST_POSTING - 1))
def test_whole_oere_survive_rounding(oere: int) -> None:
    assert round_to_oere(np.array([oere / 100])).tolist() == [oere]


@pytest.mark.parametrize("kroner", [np.nan, np.inf, -np.inf, 1e11, -1e11, 1e300])
def test_no_amount_is_booked_that_is_none_or_too_large(kroner: float) -> None:
    with pytest.raises(AmountTooLargeError, match="too large"):
        round_to_oere(np.array([1.0, kroner]))


def test_a_million_of_the_largest_postings_still_add_up() -> None:
    total = np.full(1_000_000, LARGEST_POSTING - 1, dtype=np.int64).sum()
    assert int(total) == 1_000_000 * (LARGEST_POSTING - 1)


def test_kroner_are_read_exactly() -> None:
    assert oere_from_kroner(Decimal("96.71")) == 9671
    assert oere_from_kroner(Decimal("9999999999999.99")) == 999_999_999_999_999
    assert oere_from_kroner(Decimal("1E+3")) == 100_000
    with pytest.raises(ValueError, match=r"1\.005 kroner"):
        oere_from_kroner(Decimal("1.005"))


def test_shares_become_whole_numbers_in_the_same_proportion() -> None:
    assert whole_weights((Fraction(1, 3), Fraction(1, 6), Fraction(1, 2))) == (2, 1, 3)
    assert whole_weights((Decimal("0.50"), Decimal("0.5"))) == (1, 1)
