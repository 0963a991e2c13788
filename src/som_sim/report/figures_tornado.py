"""The tornado: what an outcome becomes when one number at a time is low or high."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.core import formats
from som_sim.core.texts import one_line, text
from som_sim.report import naming
from som_sim.report.axes import number, signed
from som_sim.report.figures import MILLION_OERE, THOUSAND_OERE, footnote
from som_sim.report.sensitivity import (
    figures,
    input_name,
    name_and_unit,
    outcome_name,
    outcome_value,
)
from som_sim.report.style import (
    BLUE,
    DOTS_PER_INCH,
    INK,
    NARROW,
    ORANGE,
    RULE,
    SMALL_POINTS,
    SOFT_INK,
    TEXT_POINTS,
    WIDE,
    dress,
    house_style,
    lines_of,
    of_axes,
    shape,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from som_sim.analysis.sensitivity import Bar, OneWay, Sensitivity

MOST_BARS = 12
NAME_CHARACTERS = 30
BAR_HEIGHT = 0.56
INCHES_A_BAR = {WIDE: 0.37, NARROW: 0.56}
INCHES_ABOVE, INCHES_BELOW = 1.0, 0.55
SIDES = {WIDE: (0.31, 0.45, 0.18), NARROW: (0.34, 0.34, 0.36)}
"""Of the figure's width: where bars begin and how much they take; and of that, the room at both
ends for the values written there."""


def tornado_figure(found: Sensitivity, outcome: str, lang: str) -> Figure:
    """Return the whole figure of `draw_tornado`, as high as it has bars."""
    from matplotlib.figure import Figure as NewFigure

    n_bars = max(len(shown_bars(found.of(outcome))), 1)
    bars = INCHES_A_BAR[shape()] * n_bars
    height = INCHES_ABOVE + bars + INCHES_BELOW
    left, width, _ = SIDES[shape()]
    with house_style():
        figure = NewFigure(figsize=(shape().width, height), dpi=DOTS_PER_INCH)
        room = (left, INCHES_BELOW / height, width, bars / height)
        return of_axes(draw_tornado(figure.add_axes(room), found, outcome, lang))


def shown_bars(way: OneWay) -> tuple[Bar, ...]:
    """Return the bars that a figure has room for: the longest of those that are any."""
    return tuple(bar for bar in way.bars if bar.span)[:MOST_BARS]


def tornado_words(found: Sensitivity, outcome: str, lang: str) -> str:
    """Say in words what the figure shows: the base, and the longest bars."""
    way = found.of(outcome)
    bars = "; ".join(
        text(
            "tornado.alt_bar",
            lang,
            name=input_name(bar.input, lang),
            low=outcome_value(bar.at_low, way.outcome, lang),
            high=outcome_value(bar.at_high, way.outcome, lang),
        )
        for bar in shown_bars(way)[:5]
    )
    return text(
        "tornado.alt",
        lang,
        outcome=outcome_name(found, way.outcome, lang),
        base=outcome_value(way.base, way.outcome, lang, unit=True),
        bars=bars,
    )


def draw_tornado(ax: Axes, found: Sensitivity, outcome: str, lang: str) -> Axes:
    """Draw a bar for each input that moves an outcome, the longest on top.

    Parameters
    ----------
    ax
        Axes to draw on; names stand to the left of them, spans to the right.
    found
        What a sensitivity analysis gave.
    outcome
        One of its outcomes, as ``net:kommune``.
    lang
        ``"da"`` or ``"en"``.

    Returns
    -------
    The axes; the numbers are `Sensitivity.table`.
    """
    way = found.of(outcome)
    bars = shown_bars(way)
    scale, unit, decimals = _scale(way, bars, lang)
    base = way.base / scale
    ends = np.array([[bar.at_low, bar.at_high] for bar in bars]).reshape(-1, 2) / scale
    room = np.concatenate([ends[np.isfinite(ends)], [base]])
    if way.threshold is not None and way.outcome.kind == "target":
        room = np.append(room, way.threshold / scale)
    _limits(ax, room)
    ax.set_ylim(len(bars) - 0.5 if bars else 0.5, -0.5)
    for row, bar in enumerate(bars):
        _bar(ax, row, bar, base, ends[row], (scale, decimals, lang), way)
    ax.axvline(base, color=INK, linewidth=1.2, zorder=4)
    _marks(ax, way, base, scale, decimals, lang)
    _column(ax, lang)
    names = [lines_of(name_and_unit(bar.input, lang), NAME_CHARACTERS) for bar in bars]
    ax.set_yticks(np.arange(len(bars)), names)
    ax.set_xticks([])
    left = sum(1 for bar in way.bars if bar.span) - len(bars)
    source = footnote(found.result, lang)
    if left:
        source = text("tornado.more", lang, count=left) + "\n" + source
    dress(
        ax,
        title=text("tornado.title", lang, outcome=outcome_name(found, way.outcome, lang)),
        subtitle=text(
            "tornado.subtitle",
            lang,
            strategy=naming.strategy(found.result, found.strategy, lang),
            unit=unit,
        ),
        footnote=source,
    )
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)
    return ax


def _limits(ax: Axes, room: NDArray[np.float64]) -> None:
    """Give bars the width, with space at both ends for the values written there."""
    low, high = float(room.min()), float(room.max())
    width = (high - low) or max(abs(low), 1.0)
    more = SIDES[shape()][2] * width
    ax.set_xlim(low - more, high + more)


def _bar(
    ax: Axes,
    row: int,
    bar: Bar,
    base: float,
    ends: NDArray[np.float64],
    written: tuple[float, int, str],
    way: OneWay,
) -> None:
    """Draw one bar: from the base to where the outcome is at low, and at high."""
    _, decimals, lang = written
    one = bar.input
    same_side = bool(np.isfinite(ends).all()) and (ends[0] - base) * (ends[1] - base) > 0
    sides = ((ends[0], ORANGE, one.low, -1), (ends[1], BLUE, one.high, 1))
    for place, (end, colour, value, _) in enumerate(sides):
        if not np.isfinite(end):
            continue
        height = BAR_HEIGHT / 2 if same_side else BAR_HEIGHT
        middle = row + (0 if not same_side else (place - 0.5) * height)
        ax.barh(middle, end - base, left=base, height=height, color=colour, zorder=3)
        other = ends[1 - place]
        right = end > base or (end == base and not (np.isfinite(other) and other > base))
        ax.annotate(
            figures(value, lang),
            (end, middle),
            xytext=(4 if right else -4, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
            fontsize=SMALL_POINTS if same_side else TEXT_POINTS - 0.5,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.5},
            zorder=5,
        )
    span = " → ".join(_value(end, decimals, way, lang) for end in ends)
    graded = text("tornado.graded", lang, grade=one.grade) if one.grade else ""
    evidence = " · ".join(
        part for part in (graded, one_line(naming.source(one.source, lang))) if part
    )
    _aside(ax, row, span, TEXT_POINTS - 0.5, INK, "bottom" if evidence else "center")
    if evidence:
        _aside(ax, row, evidence, SMALL_POINTS, SOFT_INK, "top")
    ax.axhline(row + 0.5, color=RULE, linewidth=0.6, zorder=0)


def _aside(ax: Axes, row: int, written: str, points: float, colour: str, side: str) -> None:
    """Write to the right of a bar."""
    ax.annotate(
        written,
        (1.02, row),
        xycoords=("axes fraction", "data"),
        va=side,
        ha="left",
        fontsize=points,
        color=colour,
        annotation_clip=False,
        parse_math=False,
    )


def _value(value: float, decimals: int, way: OneWay, lang: str) -> str:
    if not np.isfinite(value):
        return formats.MISSING
    if way.outcome.unit == "share":
        return formats.percent(value / 100, lang, decimals)
    return (
        signed(value, lang, decimals)
        if way.outcome.kind == "net"
        else number(value, lang, decimals)
    )


def _marks(ax: Axes, way: OneWay, base: float, scale: float, decimals: int, lang: str) -> None:
    """Write the base above its line, and draw the goal, or 0 where it is in sight."""
    label = text("tornado.base_line", lang, value=_value(base, decimals, way, lang))
    _above(ax, base, label, INK)
    if way.threshold is None:
        return
    at, (low, high) = way.threshold / scale, ax.get_xlim()
    if not low <= at <= high:
        return
    ax.axvline(at, color=SOFT_INK, linewidth=1.0, linestyle=(0, (1.5, 2.5)), zorder=2)
    key = "tornado.goal_line" if way.outcome.kind == "target" else "tornado.zero_line"
    _above(ax, at, text(key, lang, value=_stated(at, way, lang)), SOFT_INK, low=True)


def _stated(value: float, way: OneWay, lang: str) -> str:
    if way.outcome.unit == "share":
        return formats.percent(value / 100, lang, 1)
    return formats.as_stated(value, lang)


def _column(ax: Axes, lang: str) -> None:
    """Write the heading over the spans on the right."""
    ax.annotate(
        text("tornado.column", lang),
        (1.02, 1.0),
        xycoords="axes fraction",
        xytext=(0, 2),
        textcoords="offset points",
        ha="left",
        va="bottom",
        fontsize=SMALL_POINTS + 0.5,
        color=SOFT_INK,
        annotation_clip=False,
    )


def _above(ax: Axes, at: float, written: str, colour: str, *, low: bool = False) -> None:
    ax.annotate(
        written,
        (at, 0.0 if low else 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, -3 if low else 2),
        textcoords="offset points",
        ha="center",
        va="top" if low else "bottom",
        fontsize=SMALL_POINTS + 0.5,
        color=colour,
        annotation_clip=False,
    )


def _scale(way: OneWay, bars: tuple[Bar, ...], lang: str) -> tuple[float, str, int]:
    """Return what outcomes are divided by, what they are then in, and how many decimals show."""
    every = [way.base, *(end for bar in bars for end in (bar.at_low, bar.at_high))]
    largest = max((abs(one) for one in every if np.isfinite(one)), default=0.0)
    unit = way.outcome.unit
    if way.outcome.kind == "net":
        if largest * 100 >= MILLION_OERE:
            return MILLION_OERE / 100, text("net.unit.million", lang), 2
        return THOUSAND_OERE / 100, text("net.unit.thousand", lang), 0
    if unit == "share":
        return 0.01, "%", 1
    decimals = {"persons": 1, "days": 0, "kroner": 0}.get(unit, 2)
    return 1.0, text(f"tornado.unit.{unit}", lang), decimals
