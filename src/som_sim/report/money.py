"""The money of a strategy, cut as the figures and the summary show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from som_sim.core.texts import PAYERS

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result


def net_table(result: Result, strategy: str, view: str) -> pd.DataFrame:
    """Return the net of a strategy in øre: a row a year, a column a payer.

    Payers for whom nothing changes in any year are left out.

    Parameters
    ----------
    result
        What a run gave.
    strategy
        A strategy other than the reference.
    view
        ``current``, ``constant`` or ``discounted``.
    """
    rows = result.net_by_year[result.net_by_year["strategy"] == strategy]
    table = rows.pivot(index="year", columns="payer", values=f"{view}_oere").sort_index()
    payers = [one for one in PAYERS if one in table and bool((table[one] != 0).any())]
    return table[payers]


SAVINGS = ("gross", "avoidable", "cashable")
"""From what a calculation saves to what can be spent on something else."""
GRANT = "grant"
"""The account that a grant's payment and return are shown as together."""


def net_by_account(result: Result, strategy: str, payer: str) -> pd.Series[int]:
    """Return what each account adds to a payer's net over the run, in øre, extra costs first.

    In the prices of each year; accounts on which nothing changes are left out.

    Parameters
    ----------
    result
        What a run gave.
    strategy
        A strategy other than the reference.
    payer
        A payer.
    """
    rows = result.ledger
    rows = rows[(rows["payer"] == payer) & (rows["kind"] != "memo")]
    account = rows["account"].where(~rows["account"].str.startswith("grant_"), GRANT)
    sums = rows["amount_oere"].groupby([rows["strategy"], account]).sum().unstack(0, fill_value=0)
    sums = sums.reindex(columns=[result.reference, strategy], fill_value=0)
    net = (sums[result.reference] - sums[strategy]).astype("int64")
    return net[net != 0].sort_values(kind="stable")


def is_ever_behind(net: pd.Series[int]) -> bool:
    """Return whether a payer is ever out of pocket, so that there is something to earn back."""
    return bool((net.cumsum() < 0).any())
