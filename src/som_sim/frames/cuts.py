"""Cuts of the ledger, and what is booked on the tree of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from som_sim.frames.build import frame, label, runs
from som_sim.ledger.cuts import account_totals, code_of, cut, path_of

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result


def pivot(result: Result, by: Sequence[str], *, net: bool = False) -> pd.DataFrame:
    """Return the ledger by any dimensions; net is reference less strategy."""
    cuts = {
        name: cut(run.spec, run.trajectory.model.calendar, run.books.ledger, by)
        for name, run in runs(result)
    }
    rows = []
    base = cuts[result.reference]
    for name, found in cuts.items():
        if net and name == result.reference:
            continue
        if net:
            keys = sorted({*base, *found})
            found = {key: base.get(key, 0) - found.get(key, 0) for key in keys}
        rows += [
            {"strategy": name, **dict(zip(by, key, strict=True)), "amount_oere": amount}
            for key, amount in found.items()
        ]
    return frame(rows, ("strategy", *by, "amount_oere")).astype({"amount_oere": "int64"})


def accounts(result: Result) -> pd.DataFrame:
    """Return what is booked on each account, and with all below it, by year and payer."""
    rows = []
    for name, run in runs(result):
        tree = run.spec.accounts
        found = account_totals(run.spec, run.trajectory.model.calendar, run.books.ledger)
        for account, year, payer in sorted(
            found, key=lambda one: (path_of(tree, one[0]), one[1], one[2])
        ):
            own, whole = found[account, year, payer]
            path = path_of(tree, account)
            rows.append(
                {
                    "strategy": name,
                    "account": account,
                    **label(tree[account].label if account in tree else None, account),
                    "code": code_of(tree, account),
                    "under": path[-2] if len(path) > 1 else "",
                    "depth": len(path) - 1,
                    "year": year,
                    "payer": payer,
                    "own_oere": own,
                    "total_oere": whole,
                }
            )
    columns = (
        "strategy", "account", "label_da", "label_en", "code", "under", "depth", "year", "payer",
        "own_oere", "total_oere",
    )  # fmt: skip
    return frame(rows, columns)
