"""The two axes of a figure: years below, numbers as the reader's language writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.core import formats
from som_sim.report.style import shape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MINUS = "\N{MINUS SIGN}"


def number(value: float, lang: str, decimals: int = 0) -> str:
    """Write a number with a true minus sign, which a hyphen is too short to stand for."""
    return formats.number(value, lang, decimals).replace("-", MINUS)


def signed(value: float, lang: str, decimals: int = 0) -> str:
    """Write a number with its sign, a true minus where it is negative."""
    return formats.signed(value, lang, decimals).replace("-", MINUS)


def time_axis(ax: Axes, first: str, last: str) -> None:
    """Mark the start of years, or of months where the time is short; begin with a whole year."""
    start, end = np.datetime64(first[:4], "Y"), np.datetime64(last[:10], "D")
    n_years = int((end.astype("datetime64[Y]") - start).astype(int)) + 1
    unit, n_ticks = ("Y", n_years) if n_years > 2 else ("M", 12 * n_years)
    step = -(-n_ticks // shape().ticks)
    ticks = start.astype(f"datetime64[{unit}]") + np.arange(0, n_ticks, step)
    ticks = ticks[ticks.astype("datetime64[D]") <= end]
    ax.set_xticks(ticks.astype("datetime64[D]"), ticks.astype(str).tolist())
    ax.set_xlim(start.astype("datetime64[D]"), end)  # type: ignore[arg-type]


def year_axis(ax: Axes, years: NDArray[np.int64]) -> None:
    """Mark whole years, each a point on the axis."""
    if not len(years):
        return
    step = -(-len(years) // shape().ticks)
    ax.set_xticks(years[::step], [str(year) for year in years[::step]])
    ax.set_xlim(years[0] - 0.15, years[-1])


def number_axis(ax: Axes, lang: str) -> None:
    """Write the numbers on the upright axis in full: with the decimals that its step has."""
    from matplotlib.ticker import FuncFormatter

    ticks = ax.get_yticks()
    step = float(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    decimals = formats.decimals_of(step)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, lang, decimals)))
