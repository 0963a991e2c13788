"""Figures of a run with draws: the fan around a count, and the chance of its goal over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.core import formats
from som_sim.core.texts import one_line, text
from som_sim.report import naming
from som_sim.report.axes import number_axis, time_axis
from som_sim.report.style import (
    LABEL_CHARACTERS,
    EndLabel,
    dress,
    house_style,
    label_ends,
    lines_of,
    new_axes,
    of_axes,
    strategy_look,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from som_sim.outcomes.uncertainty import PathPoint
    from som_sim.result import Result

SHADES = (0.16, 0.28)
"""Of the bands with 95 % and 50 % of the draws."""
BARS = (1.0, 4.0)
"""Width of the bars with 95 % and 50 % of the counts, in points."""


def fan_of(result: Result, strategy: str, target: str) -> tuple[PathPoint, ...]:
    """Return what draws say of a target by year; nothing where there were none."""
    found = result.uncertainty
    return () if found is None else found.paths.get((strategy, target), ())


def goal_paths(result: Result, target: str) -> bool:
    """Tell whether there are years to draw the chance of a goal over."""
    return all(len(fan_of(result, name, target)) > 1 for name in result.strategies)


def draw_fan(ax: Axes, points: tuple[PathPoint, ...], colour: str) -> float:
    """Draw bands of the expected value, and bars of the number counted; return the highest."""
    dates = np.array([point.date for point in points], dtype="datetime64[D]")
    expected = np.array([point.expected for point in points])
    counted = np.array([point.counted for point in points])
    for (low, high), shade, width in zip(((0, 4), (1, 3)), SHADES, BARS, strict=True):
        ax.fill_between(
            dates, expected[:, low], expected[:, high], color=colour, alpha=shade, linewidth=0
        )
        ax.vlines(
            dates, counted[:, low], counted[:, high], color=colour, linewidth=width, alpha=0.7
        )
    ax.plot(dates, expected[:, 2], color="white", linewidth=1.2, zorder=2.5)
    return float(max(expected.max(), counted.max()))


def goal_words(result: Result, target: str, lang: str) -> str:
    """Say in one sentence what the figure of the chance over time shows."""
    row = _row(result, target)
    told = "; ".join(
        f"{naming.strategy(result, name, lang)} "
        f"{formats.percent(fan_of(result, name, target)[-1].probability, lang)}"
        for name in result.strategies
    )
    label = one_line(str(row[f"label_{lang}"]))
    return text("draws.goal_alt", lang, label=label, told=told)


def goal_over_time_figure(result: Result, target: str, lang: str) -> Figure:
    """Return the whole figure of `draw_goal_over_time`."""
    with house_style():
        return of_axes(draw_goal_over_time(new_axes(), result, target, lang))


def draw_goal_over_time(ax: Axes, result: Result, target: str, lang: str) -> Axes:
    """Draw the probability that the count of each year meets the goal, for every strategy.

    Parameters
    ----------
    ax
        Axes to draw on; labels stand to the right of them.
    result
        What a run with draws gave.
    target
        The name of a target that is counted at a date.
    lang
        ``"da"`` or ``"en"``.
    """
    from som_sim.report.figures import footnote

    row = _row(result, target)
    labels, dates = [], np.zeros(0)
    for position, name in enumerate(result.strategies):
        points = fan_of(result, name, target)
        dates = np.array([point.date for point in points], dtype="datetime64[D]")
        chances = np.array([100 * point.probability for point in points])
        colour, dashes = strategy_look(position)
        ax.plot(dates, chances, color=colour, linewidth=2.0, dashes=dashes, zorder=3)
        ax.plot(dates, chances, "o", color=colour, markersize=5, zorder=4, clip_on=False)
        written = text(
            "draws.goal_label",
            lang,
            strategy=lines_of(naming.strategy(result, name, lang), LABEL_CHARACTERS),
            chance=formats.percent(points[-1].probability, lang),
        )
        labels.append(EndLabel(text=written, at=float(chances[-1]), colour=colour))
    ax.set_ylim(0, 100)
    time_axis(ax, str(dates[0]), str(dates[-1]))
    number_axis(ax, lang)
    side = "at_most" if row["better"] == "lower" else "at_least"
    goal = text(side, lang, value=formats.as_stated(float(row["goal"]), lang))
    dress(
        ax,
        title=text("draws.goal_title", lang, label=one_line(str(row[f"label_{lang}"]))),
        subtitle=text("draws.goal_subtitle", lang, goal=goal),
        footnote=footnote(result, lang),
    )
    label_ends(ax, labels)
    return ax


def _row(result: Result, target: str) -> dict[str, Any]:
    rows = result.targets
    found = rows[rows["target"] == target].to_dict("records")[0]
    return {str(key): cell for key, cell in found.items()}
