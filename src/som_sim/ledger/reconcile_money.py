"""Checks on the postings: they balance, add up, and are what the prices and the rules say."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from som_sim.core.money import OERE_PER_KRONE
from som_sim.core.names import PAYERS
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.book import Books
from som_sim.ledger.ledger import (
    COST,
    MEMO,
    PROVIDER,
    TRANSFER,
    Ints,
    Ledger,
    cost_by_payer_and_year,
    payer_number,
)
from som_sim.ledger.post import SPREAD_EVENLY, Charge, splits
from som_sim.ledger.quantities import depends_on_people
from som_sim.scenario.schema import ScenarioFile

ROUNDED_ONCE = 0.5
"""In øre: what rounding once can move a posted amount."""
SPREAD = 1.0
"""In øre: a part of a yearly amount is the difference of two rounded running sums."""
SHARED_OUT = 1.0
"""In øre: how far largest remainder may stand from an exact share."""
FLOAT_SLACK = 1e-12
"""Relative: a product of two floats computed in another order, no more."""

Finding = tuple[str, int | float, int | float, bool, str]
"""check, expected, actual, ok, detail"""


def same(name: str, expected: int, actual: int, detail: str) -> Finding:
    """Hold one whole amount against another."""
    return name, int(expected), int(actual), int(expected) == int(actual), detail


def transactions_balance(
    spec: ScenarioFile, trajectory: Trajectory, books: Books
) -> Iterator[Finding]:
    """Each transaction adds to 0, the provider's side included."""
    ledger = books.ledger
    counted = ledger.kind != MEMO
    size = int(ledger.transaction.max()) + 1 if len(ledger.transaction) else 1
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, ledger.transaction[counted], ledger.amount[counted])
    yield same(
        "transactions_balance", 0, int(np.abs(sums).sum()), "sum of what transactions miss 0 by"
    )


def transfers_cancel(spec: ScenarioFile, trajectory: Trajectory, books: Books) -> Iterator[Finding]:
    """Transfers move money between payers; over all payers they are nothing."""
    ledger = books.ledger
    total = int(ledger.amount[ledger.kind == TRANSFER].sum())
    yield same("transfers_cancel", 0, total, "sum of all transfers over all payers")


def payers_equal_charges(
    spec: ScenarioFile, trajectory: Trajectory, books: Books
) -> Iterator[Finding]:
    """Hold all that all payers bear against what was charged: nothing twice, nothing left out."""
    charged = sum(int(one.amount.sum()) for one in books.charges if not one.price.transfer_to)
    borne = sum(int(amounts.sum()) for amounts in cost_by_payer_and_year(books.ledger).values())
    yield same("payers_equal_charges", charged, borne, "all payers, all years, all items")


def payers_equal_total(
    spec: ScenarioFile, trajectory: Trajectory, books: Books
) -> Iterator[Finding]:
    """Hold what payers bear, item by item, against what providers receive."""
    ledger = books.ledger
    provider = ledger.payer == payer_number(PROVIDER)
    for number, (account, item) in enumerate(ledger.items):
        rows = (ledger.item == number) & (ledger.kind != MEMO)
        if not rows.any():
            continue
        received = -int(ledger.amount[rows & provider].sum())
        borne = int(ledger.amount[rows & ~provider].sum())
        yield same(
            f"payers_equal_total:{item}:{account}", received, borne, "payers' side of the item"
        )


def payers_bear_their_share(
    spec: ScenarioFile, trajectory: Trajectory, books: Books
) -> Iterator[Finding]:
    """Hold what each payer bears of an item, posting by posting, against the shares of the rule."""
    calendar = trajectory.model.calendar
    for charge in books.charges:
        exact = {payer: np.zeros(charge.amount.shape) for payer in PAYERS}
        allowed = SHARED_OUT
        for split, cycles in splits(charge, calendar):
            amount = np.where(cycles[:, None, None], charge.amount, 0)
            for payer, share in split.pays:
                exact[payer] += amount * float(share)
            for refund in split.refunds:
                exact[refund.giver] += amount * float(refund.share)
                exact[refund.receiver] -= amount * float(refund.share)
            allowed = max(allowed, SHARED_OUT * (1 + len(split.refunds)))
        if charge.price.transfer_to:
            exact[charge.price.transfer_to] -= charge.amount
        for payer, expected in exact.items():
            booked = _booked(books.ledger, charge, payer)
            if expected.any() or booked.any():
                miss = np.abs(booked - expected)
                yield (
                    f"payers_bear_their_share:{charge.name}:{payer}",
                    round(float(expected.sum())),
                    int(booked.sum()),
                    bool(np.all(miss <= allowed + FLOAT_SLACK * np.abs(expected))),
                    f"amount x share; a posting is off by at most {miss.max():.2f} øre",
                )


def years_equal_total(
    spec: ScenarioFile, trajectory: Trajectory, books: Books
) -> Iterator[Finding]:
    """Hold the table by year against the sum of the postings, payer by payer."""
    ledger = books.ledger
    table = cost_by_payer_and_year(ledger)
    for payer in PAYERS:
        rows = (ledger.payer == payer_number(payer)) & (ledger.kind != MEMO)
        if rows.any():
            total = int(ledger.amount[rows].sum())
            yield same(f"years_equal_total:{payer}", total, int(table[payer].sum()), "all years")


def amounts_follow_quantities(
    spec: ScenarioFile, trajectory: Trajectory, books: Books
) -> Iterator[Finding]:
    """Hold what is booked on an item, posting by posting, against quantity x price x index."""
    for charge in books.charges:
        exact = charge.quantity * charge.unit_kroner[:, None, None] * OERE_PER_KRONE
        kind = TRANSFER if charge.price.transfer_to else COST
        booked = -_booked(books.ledger, charge, charge.price.transfer_to or PROVIDER, kind)
        miss = np.abs(booked - exact)
        spread = charge.price.per in SPREAD_EVENLY
        allowed = (SPREAD if spread else ROUNDED_ONCE) + FLOAT_SLACK * np.abs(exact).sum()
        yield (
            f"amounts_follow_quantities:{charge.name}",
            round(float(exact.sum())),
            int(booked.sum()),
            bool(np.all(miss <= allowed)),
            f"quantity x price x index; a posting is off by at most {miss.max():.2f} øre",
        )


def _booked(ledger: Ledger, charge: Charge, payer: str, kind: int | None = None) -> Ints:
    """Return what an item's rows hold for a payer, on the axes of the charge."""
    booked = np.zeros(charge.amount.shape, dtype=np.int64)
    rows: NDArray[np.bool_] = (ledger.payer == payer_number(payer)) & (
        (ledger.kind != MEMO) if kind is None else (ledger.kind == kind)
    )
    key = (charge.price.account, charge.name)
    rows &= ledger.item == (ledger.items.index(key) if key in ledger.items else len(ledger.items))
    people = int(depends_on_people(charge.price))
    where = (ledger.cycle[rows], people * ledger.stratum[rows], people * ledger.programme[rows])
    np.add.at(booked, where, ledger.amount[rows])
    return booked
