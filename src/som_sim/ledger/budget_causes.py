"""Why a sum in a budget does not hold: the slips that people make, tried one by one.

A slip changes one amount. Each is tried on each row that it may have hit, and kept when the sum
would then hold: exactly, or but for rounding, which ranks lower.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from som_sim.ledger.budget_read import BudgetRow

Kind = Literal["own_amount", "twice", "sign", "transposed", "misplaced", "digit", "missing"]
ORDER: tuple[Kind, ...] = (
    "own_amount", "twice", "sign", "transposed", "misplaced", "digit", "missing",
)  # fmt: skip
"""The likelier first, of those that explain a residual equally well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What may be wrong.

    Attributes
    ----------
    kind
        ``twice``: a row is counted twice. ``sign``: it has the wrong sign. ``transposed``: two
        digits beside each other changed places. ``digit``: one digit is wrong. ``misplaced``: a row
        that stands elsewhere belongs here. ``missing``: a row of this amount is not there.
        ``own_amount``: both its parts and what it is a part of say that the row itself is wrong.
    row
        The row that is suspected; None for a missing one.
    should_be
        The amount with which the sum holds; of a missing row, its amount.
    exact
        Whether the sum would then hold exactly, or but for rounding.
    """

    kind: Kind
    row: BudgetRow | None
    should_be: Decimal
    exact: bool


def causes(
    row: BudgetRow,
    parts: tuple[BudgetRow, ...],
    residual: Decimal,
    allowed: Decimal,
    *,
    others: tuple[BudgetRow, ...],
    above: Decimal | None,
    has_above: bool,
    below: Mapping[int, Decimal],
) -> tuple[Cause, ...]:
    """Return what may be wrong with a sum, the likeliest first; never empty.

    Parameters
    ----------
    row, parts
        The total and its parts.
    residual
        The stated total less what the parts add to.
    allowed
        What rounding can explain.
    others
        All rows of the table.
    above
        The residual of the sum that the row is a part of, when that does not hold either.
    has_above
        Whether the row is a part of a sum.
    below
        The residuals of those parts whose own sums do not hold.
    """
    found = []
    if above is not None and abs(above + residual) <= 2 * allowed:
        found.append(_cause("own_amount", row, row.stated - residual, Decimal(0)))
    for part in parts:
        own = below.get(part.number)
        if own is not None and abs(residual + own) <= 2 * allowed:
            found.append(_cause("own_amount", part, part.stated - own, Decimal(0)))
    suspects = [(part, residual) for part in parts]
    if not has_above or above is not None:  # a sum above that holds clears the row itself
        suspects.append((row, -residual))
    for suspect, change in suspects:
        for kind, amount in _slips(suspect.stated, change):
            off = abs(amount - suspect.stated - change)
            if off <= allowed:
                found.append(_cause(kind, suspect, amount, off))
    for part in parts:
        if abs(residual + part.stated) <= allowed and part.stated:
            found.append(_cause("twice", part, Decimal(0), abs(residual + part.stated)))
    inside = {row.number, *(part.number for part in parts)}
    for other in others:
        if other.number not in inside and other.amount and abs(residual - other.amount) <= allowed:
            found.append(_cause("misplaced", other, other.amount, abs(residual - other.amount)))
    found.sort(key=lambda one: (not one.exact, ORDER.index(one.kind)))
    one_each: dict[tuple[Kind, int], Cause] = {}
    for one in found:
        one_each.setdefault((one.kind, one.row.number if one.row else -1), one)
    return (*one_each.values(), Cause(kind="missing", row=None, should_be=residual, exact=True))


def _cause(kind: Kind, row: BudgetRow, amount: Decimal, off: Decimal) -> Cause:
    return Cause(kind=kind, row=row, should_be=amount, exact=not off)


def _slips(amount: Decimal, change: Decimal) -> Iterator[tuple[Kind, Decimal]]:
    """Yield the amounts that one slip could have turned into this one."""
    if not amount:
        return
    yield "sign", -amount
    sign, digits, exponent = amount.as_tuple()
    for place in range(len(digits) - 1):
        first, second = digits[place : place + 2]
        if first != second:
            swapped = (*digits[:place], second, first, *digits[place + 2 :])
            yield "transposed", Decimal((sign, swapped, int(exponent)))
    for place, digit in enumerate(digits):
        for other in range(10):
            if other != digit:
                changed = (*digits[:place], other, *digits[place + 1 :])
                yield "digit", Decimal((sign, changed, int(exponent)))
