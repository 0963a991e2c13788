"""A SØM calculation as tidy tables, one fact a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from som_sim.core.names import PAYERS
from som_sim.frames.build import frame
from som_sim.ledger.ledger import KINDS, PROVIDER, payer_number
from som_sim.outcomes.economics import PERSPECTIVES, VIEWS
from som_sim.som.post import STRATEGY, items
from som_sim.som.result import SomResult
from som_sim.som.sensitivity import one_way

if TYPE_CHECKING:
    import pandas as pd


def ledger(result: SomResult) -> pd.DataFrame:
    """Return postings of payers by year, account, item, start year, kind and payer, in øre."""
    book = result.ledger
    rows = []
    published = np.flatnonzero(book.payer != payer_number(PROVIDER))
    for row in published:
        account, item = book.items[book.item[row]]
        start = int(book.stratum[row])
        rows.append(
            {
                "strategy": STRATEGY,
                "year": int(book.year[row]),
                "account": account,
                "item": item,
                "start": book.strata[start].removeprefix("start_") if start >= 0 else "",
                "kind": KINDS[book.kind[row]],
                "payer": PAYERS[book.payer[row]],
                "amount_oere": int(book.amount[row]),
            }
        )
    columns = ("strategy", "year", "account", "item", "start", "kind", "payer", "amount_oere")
    return frame(rows, columns)


def net_by_year(result: SomResult) -> pd.DataFrame:
    """Return what each payer saves by year, with the running sum, in three price views."""
    rows = []
    for payer in PERSPECTIVES:
        nets = {view: result.net(payer, view) for view in VIEWS}
        sums = {view: np.cumsum(net) for view, net in nets.items()}
        for position, year in enumerate(result.years):
            rows.append(
                {
                    "payer": payer,
                    "year": year,
                    **{f"{view}_oere": int(nets[view][position]) for view in VIEWS},
                    **{f"cumulative_{view}_oere": int(sums[view][position]) for view in VIEWS},
                }
            )
    columns = (
        "payer",
        "year",
        *(f"{view}_oere" for view in VIEWS),
        *(f"cumulative_{view}_oere" for view in VIEWS),
    )
    return frame(rows, columns)


def quantities(result: SomResult) -> pd.DataFrame:
    """Return the units of each cost and consequence by start year and year; less is negative."""
    rows = [
        {
            "item": item.name,
            "part": item.part,
            "start": "" if start is None else str(start),
            "year": year,
            "units": float(units),
        }
        for item in items(result.case.spec)
        for (start, year), units in item.units.items()
    ]
    return frame(rows, ("item", "part", "start", "year", "units"))


def committees(result: SomResult) -> pd.DataFrame:
    """Return the kommune's net by committee and year, in current prices, øre."""
    rows = [
        {"udvalg": name, "year": year, "net_oere": int(amount)}
        for name, values in result.by_committee().items()
        for year, amount in zip(result.years, values, strict=True)
    ]
    return frame(rows, ("udvalg", "year", "net_oere"))


def sensitivity(result: SomResult) -> pd.DataFrame:
    """Return the discounted net of payers with one input 20 % lower and higher, in øre."""
    rows = [
        {
            "payer": payer,
            "kind": one.kind,
            "name": one.name,
            "low_oere": one.low,
            "high_oere": one.high,
        }
        for payer in ("kommune", "public", "society")
        for one in one_way(result, payer)
    ]
    return frame(rows, ("payer", "kind", "name", "low_oere", "high_oere"))


def reconciliation(result: SomResult) -> pd.DataFrame:
    """Return every check with its residual in øre."""
    rows = [
        {
            "strategy": STRATEGY,
            "check": check.check,
            "expected_oere": check.expected,
            "actual_oere": check.actual,
            "residual_oere": check.residual,
            "ok": check.ok,
            "detail": check.detail,
        }
        for check in result.checks
    ]
    columns = (
        "strategy", "check", "expected_oere", "actual_oere", "residual_oere", "ok", "detail",
    )  # fmt: skip
    return frame(rows, columns)
