"""Reconciliation as a result: a list of checks, run last, over everything.

Each check compares two figures that were reached by different ways, in whole øre (persons in
persons). A failed check makes a run exit with 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from som_sim.core.money import OERE_PER_KRONE, oere_from_kroner
from som_sim.core.names import PAYERS
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.book import Books
from som_sim.ledger.ledger import (
    COST,
    MEMO,
    PROVIDER,
    TRANSFER,
    cost_by_payer_and_year,
    payer_number,
)
from som_sim.scenario.schema import ScenarioFile

PERSONS_TOLERANCE = 1e-9
"""Relative to the persons who were there or came: float rounding of a run, no more."""
HALF_OERE = 0.5
"""What rounding once can move a posted amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One comparison.

    Attributes
    ----------
    strategy, check
        Whose, and what is compared.
    expected, actual
        The two figures.
    unit
        ``oere`` or ``persons``.
    ok
        Whether they agree.
    detail
        What the figures are, in a few words.
    """

    strategy: str
    check: str
    expected: int | float
    actual: int | float
    unit: str
    ok: bool
    detail: str

    @property
    def residual(self) -> int | float:
        """Actual less expected."""
        return self.actual - self.expected


Finding = tuple[str, int | float, int | float, bool, str]
"""check, expected, actual, ok, detail"""


def reconcile(spec: ScenarioFile, trajectory: Trajectory, books: Books) -> tuple[Check, ...]:
    """Run every check on one strategy.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied.
    trajectory
        Its run.
    books
        Its ledger and what it was booked from.
    """
    strategy = trajectory.model.strategy
    checks = [
        Check(
            strategy=strategy, check=name, expected=e, actual=a, unit="oere", ok=ok, detail=detail
        )
        for run in MONEY_CHECKS
        for name, e, a, ok, detail in run(spec, books)
    ]
    for name, e, a, ok, detail in persons_conserved(trajectory):
        checks.append(
            Check(
                strategy=strategy,
                check=name,
                expected=e,
                actual=a,
                unit="persons",
                ok=ok,
                detail=detail,
            )
        )
    return tuple(checks)


def _same(name: str, expected: int, actual: int, detail: str) -> Finding:
    return name, int(expected), int(actual), int(expected) == int(actual), detail


def transactions_balance(spec: ScenarioFile, books: Books) -> Iterator[Finding]:
    """Each transaction adds to 0, the provider's side included."""
    ledger = books.ledger
    counted = ledger.kind != MEMO
    size = int(ledger.transaction.max()) + 1 if len(ledger.transaction) else 1
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, ledger.transaction[counted], ledger.amount[counted])
    yield _same(
        "transactions_balance", 0, int(np.abs(sums).sum()), "sum of what transactions miss 0 by"
    )


def transfers_cancel(spec: ScenarioFile, books: Books) -> Iterator[Finding]:
    """Transfers move money between payers; over all payers they are nothing."""
    ledger = books.ledger
    total = int(ledger.amount[ledger.kind == TRANSFER].sum())
    yield _same("transfers_cancel", 0, total, "sum of all transfers over all payers")


def payers_equal_total(spec: ScenarioFile, books: Books) -> Iterator[Finding]:
    """Hold what payers bear, item by item, against what providers receive."""
    ledger = books.ledger
    provider = ledger.payer == payer_number(PROVIDER)
    for number, (account, item) in enumerate(ledger.items):
        rows = (ledger.item == number) & (ledger.kind != MEMO)
        if not rows.any():
            continue
        received = -int(ledger.amount[rows & provider].sum())
        borne = int(ledger.amount[rows & ~provider].sum())
        yield _same(
            f"payers_equal_total:{item}:{account}", received, borne, "payers' side of the item"
        )


def years_equal_total(spec: ScenarioFile, books: Books) -> Iterator[Finding]:
    """Hold the table by year against the sum of the postings, payer by payer."""
    ledger = books.ledger
    table = cost_by_payer_and_year(ledger)
    for payer in PAYERS:
        rows = (ledger.payer == payer_number(payer)) & (ledger.kind != MEMO)
        if rows.any():
            total = int(ledger.amount[rows].sum())
            yield _same(f"years_equal_total:{payer}", total, int(table[payer].sum()), "all years")


def amounts_follow_quantities(spec: ScenarioFile, books: Books) -> Iterator[Finding]:
    """Hold what is booked on an item against quantity x price x index."""
    ledger = books.ledger
    for charge in books.charges:
        exact = float((charge.quantity * charge.unit_kroner[:, None, None]).sum()) * OERE_PER_KRONE
        number = ledger.items.index((charge.price.account, charge.name))
        rows = (ledger.item == number) & (
            ledger.kind == (TRANSFER if charge.price.transfer_to else COST)
        )
        receiver = payer_number(charge.price.transfer_to or PROVIDER)
        booked = -int(ledger.amount[rows & (ledger.payer == receiver)].sum())
        allowed = HALF_OERE * max(int((charge.quantity != 0).sum()), 1) + 1e-9 * abs(exact)
        yield (
            f"amounts_follow_quantities:{charge.name}",
            round(exact),
            booked,
            abs(booked - exact) <= allowed,
            f"quantity x price x index; rounding may move it by {allowed:.0f} øre",
        )


def grants_hold(spec: ScenarioFile, books: Books) -> Iterator[Finding]:
    """Awards are the published tranches; use stays within them and within the covered cost."""
    ledger = books.ledger

    def booked(grant: str, account: str, payer: str, year: int | None = None) -> int:
        if (account, grant) not in ledger.items:
            return 0
        rows = (ledger.item == ledger.items.index((account, grant))) & (
            ledger.payer == payer_number(payer)
        )
        if year is not None:
            rows &= ledger.year == year
        return int(ledger.amount[rows].sum())

    for name in spec.strategies[ledger.strategy].grants:
        grant = spec.grants[name]
        yield _same(
            f"grant_award_equals_total:{name}",
            oere_from_kroner(grant.total),
            booked(name, "grant_award", grant.funder),
            "the stated total of the grant",
        )
        for year in (one for one in books.grants if one.grant == name):
            tranche = oere_from_kroner(grant.tranches[year.year])
            award = booked(name, "grant_award", grant.funder, year.year)
            used = booked(name, "grant_used", grant.to, year.year)
            yield _same(
                f"grant_award_equals_tranche:{name}:{year.year}",
                tranche,
                award,
                "the published tranche",
            )
            ceiling = min(tranche + year.carried_in, year.covered)
            yield (
                f"grant_used_within_bounds:{name}:{year.year}",
                ceiling,
                used,
                0 <= used <= ceiling,
                "at most the money at hand and the covered cost",
            )
            out = booked(name, "grant_paid", grant.funder, year.year) + year.carried_in
            back = -booked(name, "grant_returned", grant.funder, year.year)
            yield _same(
                f"grant_money_accounted_for:{name}:{year.year}",
                out,
                used + back + year.carried_out,
                "paid and carried in = used, returned and carried out",
            )


def persons_conserved(trajectory: Trajectory) -> Iterator[Finding]:
    """Persons at the start and arrivals are those present and those who left, at every boundary."""
    model = trajectory.model
    years = np.concatenate([[0.0], np.cumsum(model.calendar.days)]) / DAYS_PER_YEAR
    expected = model.initial[:, 0].sum() + years * model.arrivals[:, 0].sum()
    actual = trajectory.occupancy[0, 0].sum(axis=(0, 1, 3)) + trajectory.left[0, 0].sum(axis=0)
    miss = np.abs(actual - expected)
    worst = int(np.argmax(miss))
    yield (
        "persons_conserved",
        float(expected[worst]),
        float(actual[worst]),
        bool(np.all(miss <= PERSONS_TOLERANCE * np.maximum(expected, 1.0))),
        f"start + arrivals = present + left, worst at {model.calendar.boundaries[worst]}",
    )


MoneyCheck = Callable[[ScenarioFile, Books], Iterator[Finding]]
MONEY_CHECKS: tuple[MoneyCheck, ...] = (
    transactions_balance,
    transfers_cancel,
    payers_equal_total,
    years_equal_total,
    amounts_follow_quantities,
    grants_hold,
)
