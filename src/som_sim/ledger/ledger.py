"""The ledger: every posting of one strategy as rows of whole øre.

Published rows are the payers' side: ``cost`` rows (positive) and ``transfer`` rows, which cancel
within a transaction. Each cost is balanced by a row of the counter-account ``provider``, which is
not published. ``memo`` rows inform (a grant's award and use) and are outside every sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.core.names import PAYERS

PROVIDER = "provider"
ACCOUNTS_OF_PAYERS = (*PAYERS, PROVIDER)
KINDS = ("cost", "transfer", "memo")
COST, TRANSFER, MEMO = range(3)
NOBODY = -1
"""Stratum or programme of a posting that is about no person in particular."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Postings of one strategy, one row each.

    Attributes
    ----------
    strategy, strata, programmes
        Labels.
    items : tuple of (account, item)
        What a row's `item` points to.
    years : (cycle,), calendar year of each cycle
    cycle, item, stratum, programme, kind, payer, transaction : (row,), int
    amount : (row,), øre
    """

    strategy: str
    strata: tuple[str, ...]
    programmes: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    cycle: Ints
    item: Ints
    stratum: Ints
    programme: Ints
    kind: Ints
    payer: Ints
    transaction: Ints
    amount: Ints

    def __post_init__(self) -> None:
        for name in (
            "cycle", "item", "stratum", "programme", "kind", "payer", "transaction", "amount",
        ):  # fmt: skip
            getattr(self, name).setflags(write=False)

    @property
    def run_years(self) -> tuple[int, ...]:
        """The calendar years of the run, each once."""
        return tuple(sorted(set(self.years)))

    @property
    def year(self) -> Ints:
        """Calendar year of each row: (row,)."""
        return np.array(self.years, dtype=np.int64)[self.cycle]


def payer_number(payer: str) -> int:
    """Return the position of a payer, or of the provider, among the accounts."""
    return ACCOUNTS_OF_PAYERS.index(payer)


def cost_by_payer_and_year(ledger: Ledger) -> Mapping[str, Ints]:
    """Sum cost and transfer rows by payer and year.

    Returns
    -------
    mapping of payer to (year,), øre
        For each payer of `PAYERS`; years as in `Ledger.run_years`.
    """
    counted = (ledger.kind != MEMO) & (ledger.payer != payer_number(PROVIDER))
    first = ledger.run_years[0]
    totals = np.zeros((len(PAYERS), len(ledger.run_years)), dtype=np.int64)
    np.add.at(
        totals,
        (ledger.payer[counted], ledger.year[counted] - first),
        ledger.amount[counted],
    )
    return {payer: totals[position] for position, payer in enumerate(PAYERS)}
