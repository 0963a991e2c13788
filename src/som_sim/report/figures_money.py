"""Figures of money: the cash flow by year and payer, and what a payer's result is made of."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.core.texts import payer_name, text
from som_sim.report import naming
from som_sim.report.axes import number_axis, signed
from som_sim.report.figures import footnote, money_unit
from som_sim.report.money import SAVINGS, net_by_account, net_table
from som_sim.report.style import (
    GREEN,
    INK,
    PAYER_COLOURS,
    SOFT_INK,
    TEXT_POINTS,
    VERMILLION,
    EndLabel,
    dress,
    label_ends,
    lines_of,
    shape,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from som_sim.result import Result

BAR_WIDTH = 0.8


def draw_cash_flow(ax: Axes, result: Result, strategy: str, lang: str) -> Axes:
    """Draw the net result of each payer in each year, in that year's prices.

    Parameters
    ----------
    ax
        Axes to draw on; labels stand to the right of them.
    result
        What a run gave.
    strategy
        The strategy that is compared with the reference.
    lang
        ``"da"`` or ``"en"``.
    """
    table = net_table(result, strategy, "current")
    payers = [payer for payer in table if payer not in ("public", "society")]
    unit, oere, decimals = money_unit(table[payers])
    years = table.index.to_numpy(dtype=int)
    width = BAR_WIDTH / max(len(payers), 1)
    labels = []
    ax.axhline(0, color=INK, linewidth=1.0)
    for position, payer in enumerate(payers):
        colour = PAYER_COLOURS.get(str(payer), SOFT_INK)
        heights = table[payer].to_numpy(dtype=float) / oere
        at = years + (position - (len(payers) - 1) / 2) * width
        ax.bar(at, heights, width=width * 0.92, color=colour, zorder=3)
        total = signed(float(heights.sum()), lang, decimals)
        written = f"{payer_name(str(payer), lang)}\n" + text("cash.total", lang, total=total)
        labels.append(EndLabel(text=written, at=float(heights[-1]), colour=colour))
    step = -(-len(years) // shape().ticks)
    ax.set_xticks(years[::step], [str(year) for year in years[::step]])
    ax.margins(y=0.1)
    number_axis(ax, lang)
    dress(
        ax,
        title=text("cash.title", lang, strategy=naming.strategy(result, strategy, lang)),
        subtitle=text(
            "cash.subtitle",
            lang,
            unit=text(unit, lang),
            reference=naming.strategy(result, result.reference, lang),
        ),
        footnote=footnote(result, lang),
    )
    label_ends(ax, labels)
    return ax


def draw_waterfall(ax: Axes, result: Result, strategy: str, payer: str, lang: str) -> Axes:
    """Draw how a payer's net result is made of its accounts, in the years' own prices.

    Parameters
    ----------
    ax
        Axes to draw on; names stand to the left of them.
    result
        What a run gave.
    strategy
        The strategy that is compared with the reference.
    payer
        A payer.
    lang
        ``"da"`` or ``"en"``.
    """
    parts = net_by_account(result, strategy, payer)
    unit, oere, decimals = money_unit(parts.to_frame())
    values = parts.to_numpy(dtype=float) / oere
    total = float(values.sum())
    names = [*(naming.account(str(name), lang) for name in parts.index), text("fall.net", lang)]
    _fall(ax, names, np.concatenate([values, [total]]), {len(values)}, (lang, decimals))
    dress(
        ax,
        title=text("fall.title", lang, payer=payer_name(payer, lang)),
        subtitle=text(
            "fall.subtitle",
            lang,
            unit=text(unit, lang),
            strategy=naming.strategy(result, strategy, lang),
            reference=naming.strategy(result, result.reference, lang),
        ),
        footnote=footnote(result, lang),
    )
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)
    return ax


def draw_savings(ax: Axes, result: Result, strategy: str, payer: str, lang: str) -> Axes:
    """Draw the way from a payer's gross saving to what becomes cash, in the years' own prices.

    Parameters
    ----------
    ax
        Axes to draw on; names stand to the left of them.
    result
        What a run gave.
    strategy
        The strategy that is compared with the reference.
    payer
        A payer.
    lang
        ``"da"`` or ``"en"``.
    """
    frame = result.savings
    frame = frame[(frame["strategy"] == strategy) & (frame["payer"] == payer)]
    sums = frame[[f"{kind}_oere" for kind in SAVINGS]].sum()
    unit, oere, decimals = money_unit(sums.to_frame())
    gross, avoidable, cashable = (float(one) / oere for one in sums)
    bars = np.array([gross, avoidable - gross, avoidable, cashable - avoidable, cashable])
    keys = ("gross", "stays", "avoidable", "waits", "cashable")
    names = [text(f"savings.{key}", lang) for key in keys]
    _fall(ax, names, bars, {0, 2, 4}, (lang, decimals))
    dress(
        ax,
        title=text("savings.title", lang, payer=payer_name(payer, lang)),
        subtitle=text(
            "fall.subtitle",
            lang,
            unit=text(unit, lang),
            strategy=naming.strategy(result, strategy, lang),
            reference=naming.strategy(result, result.reference, lang),
        ),
        footnote=footnote(result, lang),
    )
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)
    return ax


def _fall(
    ax: Axes,
    names: Sequence[str],
    sizes: NDArray[np.float64],
    whole: Set[int],
    written: tuple[str, int],
) -> None:
    """Draw bars from the top down, each where the one above ended; whole ones start at zero.

    Parameters
    ----------
    names : (bar,)
    sizes : (bar,)
        Of a whole bar its end, of another what it adds.
    whole
        Positions of the bars that start at zero.
    written
        Language and decimals of the numbers.
    """
    n = len(names)
    starts, end = np.zeros(n), 0.0
    for row in range(n):
        starts[row] = 0.0 if row in whole else end
        end = starts[row] + sizes[row]
    ends = starts + sizes
    colours = [INK if row in whole else GREEN if sizes[row] > 0 else VERMILLION for row in range(n)]
    ax.barh(np.arange(n), sizes, left=starts, color=colours, height=0.62, zorder=3)
    edge = max(float(np.abs(np.concatenate([starts, ends])).max()), 1e-9)
    for row in range(n):
        ax.text(
            max(starts[row], ends[row]) + 0.02 * edge,
            row,
            signed(float(sizes[row]), *written),
            va="center",
            ha="left",
            fontsize=TEXT_POINTS,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            zorder=4,
        )
        if row < n - 1:
            ax.plot([ends[row]] * 2, [row - 0.31, row + 1.31], color=SOFT_INK, linewidth=0.8)
    ax.axvline(0, color=INK, linewidth=1.0)
    ax.set_yticks(np.arange(n), [lines_of(name, 28) for name in names])
    ax.invert_yaxis()
    low = min(0.0, float(starts.min()), float(ends.min()))
    high = max(0.0, float(ends.max()))
    ax.set_xlim(low - 0.05 * edge, high + 0.22 * edge)
    ax.set_xticks([])
