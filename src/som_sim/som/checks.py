"""Reconciliation of a case: the books against the identity, reached another way."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from som_sim.core.names import PAYERS
from som_sim.ledger.ledger import (
    COST,
    PROVIDER,
    TRANSFER,
    Ledger,
    cost_by_payer_and_year,
    payer_number,
)
from som_sim.ledger.reconcile import Check
from som_sim.som.case import SomCase
from som_sim.som.post import STRATEGY, items

ROUNDED_ONCE = Fraction(1, 2)
"""In øre: what rounding once can move a posted amount."""


def checks(case: SomCase, ledger: Ledger) -> tuple[Check, ...]:
    """Return every check of a case's books."""
    found = [*_balance(ledger), *_years(ledger), *_items(case, ledger)]
    return tuple(
        Check(
            strategy=STRATEGY,
            check=name,
            expected=expected,
            actual=actual,
            unit="oere",
            ok=abs(actual - expected) <= allowed,
            detail=detail,
        )
        for name, expected, actual, allowed, detail in found
    )


Finding = tuple[str, int, int, int, str]


def _balance(ledger: Ledger) -> Iterator[Finding]:
    size = int(ledger.transaction.max()) + 1 if len(ledger.transaction) else 1
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, ledger.transaction, ledger.amount)
    yield (
        "transactions_balance", 0, int(np.abs(sums).sum()), 0, "sum of what transactions miss 0 by",
    )  # fmt: skip
    moved = int(ledger.amount[ledger.kind == TRANSFER].sum())
    yield "transfers_cancel", 0, moved, 0, "sum of all transfers over all payers"
    provider = (ledger.payer == payer_number(PROVIDER)) & (ledger.kind == COST)
    received = -int(ledger.amount[provider].sum())
    borne = sum(int(values.sum()) for values in cost_by_payer_and_year(ledger).values())
    yield "payers_equal_total", received, borne, 0, "all payers against all providers"


def _years(ledger: Ledger) -> Iterator[Finding]:
    table = cost_by_payer_and_year(ledger)
    for payer in PAYERS:
        rows = ledger.payer == payer_number(payer)
        if rows.any():
            total = int(ledger.amount[rows].sum())
            yield f"years_equal_total:{payer}", total, int(table[payer].sum()), 0, "all years"


def _items(case: SomCase, ledger: Ledger) -> Iterator[Finding]:
    """Hold each item's bookings against its exact sum: off by half an øre a posting at the most."""
    for item in items(case):
        exact = sum(item.kroner.values(), Fraction(0)) * 100
        key = (item.payment.account, item.name)
        rows = ledger.item == (ledger.items.index(key) if key in ledger.items else -1)
        other = payer_number(item.payment.transfer_to or PROVIDER)
        booked = -int(ledger.amount[rows & (ledger.payer == other)].sum())
        allowed = int(len(item.kroner) * ROUNDED_ONCE) + 1
        yield (
            f"amounts_follow_identity:{item.name}", round(exact), booked, allowed,
            "units x price x index, rounded once for each start year and year",
        )  # fmt: skip
