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


def is_ever_behind(net: pd.Series[int]) -> bool:
    """Return whether a payer is ever out of pocket, so that there is something to earn back."""
    return bool((net.cumsum() < 0).any())
