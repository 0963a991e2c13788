"""Reconciliation as a result: a list of checks, run last, over everything.

Each check compares two figures that were reached by different ways, in whole øre (persons in
persons). A failed check makes a run exit with 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.book import Books
from som_sim.ledger.reconcile_grants import grants_hold, grants_pay_once
from som_sim.ledger.reconcile_money import (
    amounts_follow_quantities,
    payers_bear_their_share,
    payers_equal_charges,
    payers_equal_total,
    transactions_balance,
    transfers_cancel,
    years_equal_total,
)
from som_sim.ledger.reconcile_persons import (
    flows_close,
    flows_follow_person_time,
    persons_conserved,
)
from som_sim.scenario.schema import ScenarioFile


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
        Whether they agree. A check may look closer than its figures: every posting of an item,
        where the figures are the item's sums.
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


MONEY_CHECKS = (
    transactions_balance,
    transfers_cancel,
    payers_equal_charges,
    payers_equal_total,
    payers_bear_their_share,
    years_equal_total,
    amounts_follow_quantities,
    grants_hold,
    grants_pay_once,
)
PERSONS_CHECKS = (persons_conserved, flows_close, flows_follow_person_time)


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
    found = [("oere", one) for run in MONEY_CHECKS for one in run(spec, trajectory, books)]
    found += [("persons", one) for look in PERSONS_CHECKS for one in look(trajectory)]
    return tuple(
        Check(
            strategy=trajectory.model.strategy,
            check=name,
            expected=expected,
            actual=actual,
            unit=unit,
            ok=ok,
            detail=detail,
        )
        for unit, (name, expected, actual, ok, detail) in found
    )
