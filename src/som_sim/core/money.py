"""Money in whole øre: rounding once, and sharing without losing an øre.

Amounts are decimal kroner in a file, float64 as expectations, and int64 øre from the moment they
are posted. A total is only ever a sum of postings.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError

OERE_PER_KRONE = 100
_LIMIT = 2**62
LARGEST_POSTING = _LIMIT / 1_000_000
"""In øre, some 46 billion kroner: a million of them still add up within 64 bits."""


class AmountTooLargeError(SomSimError, OverflowError):
    """An amount, or an amount times a share, does not fit in 64 bits of øre."""


def oere_from_kroner(amount: Decimal) -> int:
    """Return a decimal amount in øre, exactly.

    Raises
    ------
    ValueError
        When the amount has more than two decimals.

    Examples
    --------
    >>> oere_from_kroner(Decimal("96.71"))
    9671
    """
    oere = amount * OERE_PER_KRONE
    if oere != int(oere):
        raise ValueError(f"{amount} kroner is not a whole number of øre")
    return int(oere)


def round_to_oere(kroner: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round expected kroner once to øre, halves to even.

    Raises
    ------
    AmountTooLargeError
        When an amount is not finite or too large for an account in øre.
    """
    return whole_oere(kroner * OERE_PER_KRONE)


def whole_oere(oere: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round amounts in øre once to whole ones, halves to even.

    Raises
    ------
    AmountTooLargeError
        When an amount is not finite or too large for an account in øre.
    """
    whole = np.rint(oere)
    if not np.all(np.abs(whole) < LARGEST_POSTING):
        raise AmountTooLargeError("an amount is too large to be booked in øre")
    return whole.astype(np.int64)


def whole_weights(shares: tuple[Decimal | Fraction, ...]) -> tuple[int, ...]:
    """Return exact shares as whole numbers in the same proportion.

    Examples
    --------
    >>> whole_weights((Decimal("0.9"), Decimal("0.1")))
    (9, 1)
    """
    fractions = [Fraction(share) for share in shares]
    denominator = lcm(*(fraction.denominator for fraction in fractions))
    return tuple(int(fraction * denominator) for fraction in fractions)


def share_out(
    amounts: NDArray[np.int64], shares: tuple[Decimal | Fraction, ...]
) -> NDArray[np.int64]:
    """Share whole amounts by the method of largest remainder.

    Each part is rounded towards zero and the øre left over go to the largest remainders, earlier
    parts first where they tie. Works on the absolute value and restores the sign, so that a debit
    and its reversal share alike.

    Parameters
    ----------
    amounts : (...,), øre
    shares : (part,), exact, 0 or more, adding to 1

    Returns
    -------
    (..., part), øre
        Adds over parts to `amounts`, exactly.

    Raises
    ------
    ValueError
        When a share is negative or the shares do not add to 1.
    AmountTooLargeError
        When the product of an amount and a share's numerator does not fit in 64 bits.

    Examples
    --------
    >>> third = (Fraction(1, 3),) * 3
    >>> share_out(np.array([100, -100]), third).tolist()
    [[34, 33, 33], [-34, -33, -33]]
    """
    if any(share < 0 for share in shares) or sum(Fraction(share) for share in shares) != 1:
        raise ValueError("shares must be 0 or more and add to 1")
    exact = whole_weights(shares)
    total = sum(exact)
    largest = max(int(amounts.max()), -int(amounts.min())) if amounts.size else 0
    # In whole numbers of any size: in 64 bits these very products could wrap around unseen.
    if total >= _LIMIT or largest * max(exact) >= _LIMIT:
        raise AmountTooLargeError("an amount is too large for shares with so many decimals")
    weights = np.array(exact, dtype=np.int64)
    size = np.abs(amounts)
    products = size[..., None] * weights
    parts = products // total
    remainders = products % total
    left = size - parts.sum(axis=-1)
    order = np.argsort(-remainders, axis=-1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(len(weights)), order.shape), axis=-1)
    parts += rank < left[..., None]
    return np.sign(amounts)[..., None] * parts
