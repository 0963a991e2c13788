"""A municipality's own budget table, added up: exact, a rounding residual, or an error.

Every row that has parts is held against their sum. Published amounts are rounded one by one, so a
sum may miss by up to half a unit of the last digit for each part; what misses by more is an error,
and its likely cause is looked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from som_sim.core.errors import Problem, ScenarioError
from som_sim.ledger.budget_causes import Cause, causes
from som_sim.ledger.budget_read import BudgetRow, BudgetTable, read_budget
from som_sim.ledger.reconcile import Check

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["exact", "rounding", "error"]
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSum:
    """One row that has parts, held against their sum.

    Attributes
    ----------
    row
        The row.
    parts
        Its parts.
    total
        What the parts add to, kroner.
    verdict
        ``exact``, ``rounding`` (within half a unit for each part) or ``error``.
    causes
        Of an error, what may be wrong, the likeliest first.
    """

    row: BudgetRow
    parts: tuple[BudgetRow, ...]
    total: Decimal
    verdict: Verdict
    causes: tuple[Cause, ...] = ()

    @property
    def residual(self) -> Decimal:
        """The stated amount less what the parts add to."""
        return self.row.stated - self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetReport:
    """A budget table with every sum in it.

    Attributes
    ----------
    file
        Name of the table.
    sums
        Every row that has parts, in the order of the table.
    unit
        The last digit in which amounts are stated: 1 or 0.01 kroner, say.
    """

    file: str
    sums: tuple[BudgetSum, ...]
    unit: Decimal

    @property
    def ok(self) -> bool:
        """Whether there is no error; rounding residuals are none."""
        return not self.errors

    @property
    def errors(self) -> tuple[BudgetSum, ...]:
        """The sums that do not hold."""
        return tuple(one for one in self.sums if one.verdict == "error")

    @property
    def rounding(self) -> tuple[BudgetSum, ...]:
        """The sums that hold but for rounding."""
        return tuple(one for one in self.sums if one.verdict == "rounding")

    @property
    def checks(self) -> tuple[Check, ...]:
        """The sums as the checks that every run reconciles with, in øre."""
        return tuple(
            Check(
                strategy="",
                check=f"budget:{one.row.name}",
                expected=float(one.total * 100),
                actual=float(one.row.stated * 100),
                unit="oere",
                ok=one.verdict != "error",
                detail=one.verdict,
            )
            for one in self.sums
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each sum: line, row, stated, total, residual, verdict, likely cause."""
        import pandas as pd

        columns = ["line", "row", "stated", "total", "residual", "verdict", "cause", "suspect"]
        return pd.DataFrame(
            [
                (
                    one.row.line,
                    one.row.name,
                    one.row.stated,
                    one.total,
                    one.residual,
                    one.verdict,
                    one.causes[0].kind if one.causes else "",
                    one.causes[0].row.name if one.causes and one.causes[0].row else "",
                )
                for one in self.sums
            ],
            columns=columns,
        )


def reconcile_budget(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    amount: str | None = None,
    parent: str | None = None,
    sheet: str | None = None,
) -> BudgetReport:
    """Add up a budget table with a hierarchy.

    Parameters
    ----------
    path
        A CSV or xlsx file, or the name of a table of the package (``randers_2019_center``,
        ``randers_2019_units``).
    name, amount, parent
        Headings of the columns; found by themselves where they have a usual one. Without a column
        of parents the hierarchy is the indentation of the names, or a column of levels.
    sheet
        Of an xlsx file; else its first.

    Raises
    ------
    ScenarioError
        With every problem in the table, each with its line and column.

    Examples
    --------
    >>> report = reconcile_budget("randers_2019_units")
    >>> report.ok, [str(one.residual) for one in report.rounding]
    (True, ['1', '1'])
    """
    table = read_budget(path, name=name, amount=amount, parent=parent, sheet=sheet)
    report = reconcile_table(table)
    if not report.sums:
        message = "no row has both an amount and parts with amounts, so there is nothing to add up"
        raise ScenarioError([Problem(path=(), message=message, file=table.file)])
    return report


def reconcile_table(table: BudgetTable) -> BudgetReport:
    """Add up a table that has been read."""
    sums = {one.row.number: one for one in _sums(table)}
    found = []
    for one in sums.values():
        if one.verdict == "error":
            above = sums.get(one.row.parent) if one.row.parent is not None else None
            one = BudgetSum(
                row=one.row,
                parts=one.parts,
                total=one.total,
                verdict=one.verdict,
                causes=causes(
                    one.row,
                    one.parts,
                    one.residual,
                    tolerance(len(one.parts), table.unit),
                    others=table.rows,
                    above=above.residual if above and above.verdict == "error" else None,
                    has_above=above is not None,
                    below={
                        part.number: sums[part.number].residual
                        for part in one.parts
                        if part.number in sums and sums[part.number].verdict == "error"
                    },
                ),
            )
        found.append(one)
    return BudgetReport(file=table.file, sums=tuple(found), unit=table.unit)


def tolerance(n_parts: int, unit: Decimal) -> Decimal:
    """Return what a sum may miss by when each part is rounded to a unit.

    Examples
    --------
    >>> tolerance(3, Decimal(1))
    Decimal('1.5')
    """
    return HALF * n_parts * unit


def _sums(table: BudgetTable) -> Iterator[BudgetSum]:
    for row in table.rows:
        parts = tuple(
            one for one in table.rows if one.parent == row.number and one.amount is not None
        )
        if not parts or row.amount is None:
            continue
        total = sum((part.stated for part in parts), Decimal(0))
        residual = row.amount - total
        if not residual:
            verdict: Verdict = "exact"
        else:
            allowed = tolerance(len(parts), table.unit)
            verdict = "rounding" if abs(residual) <= allowed else "error"
        yield BudgetSum(row=row, parts=parts, total=total, verdict=verdict)
