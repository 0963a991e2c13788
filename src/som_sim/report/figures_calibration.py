"""The figure of a calibration: what was believed of each parameter, and what is known now."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from som_sim.core.texts import one_line, text
from som_sim.report.axes import number
from som_sim.report.naming import DIGEST_CHARACTERS
from som_sim.report.style import (
    BLUE,
    INK,
    SMALL_POINTS,
    SOFT_INK,
    TEXT_POINTS,
    dress,
    house_style,
    new_axes,
    of_axes,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from som_sim.analysis.calibration import Calibration

ROOM = (0.24, 0.16, 0.58, 0.66)
THICK, THIN = 7.0, 3.0


def calibration_figure(found: Calibration, lang: str) -> Figure:
    """Return the whole figure of `draw_calibration`."""
    with house_style():
        return of_axes(draw_calibration(new_axes(ROOM), found, lang))


def draw_calibration(ax: Axes, found: Calibration, lang: str) -> Axes:
    """Draw prior and posterior interval of each parameter, over the prior's median.

    Parameters
    ----------
    ax
        Empty axes.
    found
        What a calibration found.
    lang
        ``da`` or ``en``.

    Returns
    -------
    The axes; the numbers are `Calibration.parameters`.
    """
    table = found.parameters
    scale = table["prior_median"].to_numpy(dtype=float)
    heights = np.arange(len(table))[::-1]
    high = (table[["prior_high", "high"]].max(axis=1).to_numpy(dtype=float) / scale).max()
    for height, (_, row), one in zip(heights, table.iterrows(), scale, strict=True):
        before = [row["prior_low"] / one, row["prior_high"] / one]
        after = [row["low"] / one, row["high"] / one]
        ax.plot(before, [height] * 2, color="#bfbfbf", linewidth=THICK, solid_capstyle="butt")
        ax.plot(after, [height] * 2, color=BLUE, linewidth=THIN, solid_capstyle="butt")
        ax.plot([row["point"] / one], [height], "o", color=BLUE, markersize=6, zorder=3)
        learnt = number(max(100 * float(row["learnt"]), 0.0), lang)
        ax.annotate(
            text("calibration.learnt", lang, share=learnt),
            (1.02, height),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=TEXT_POINTS,
            color=INK,
        )
    ax.axvline(1.0, color=SOFT_INK, linewidth=0.8, zorder=0)
    ax.set_ylim(-0.7, len(table) - 0.3)
    ax.set_xlim(0, high * 1.05)
    ax.set_yticks(heights, [one_line(name).replace("_", " ") for name in table["parameter"]])
    ax.xaxis.set_major_formatter(lambda value, _: number(value, lang, 1))
    dress(
        ax,
        title=text("calibration.title", lang),
        subtitle=text("calibration.subtitle", lang),
        footnote="",
    )
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(text("calibration.axis", lang), fontsize=TEXT_POINTS, color=INK)
    of_axes(ax).text(
        0.02,
        0.02,
        text(
            "calibration.origin",
            lang,
            file=one_line(os.path.basename(found.scenario.file)),
            digest=found.scenario.digest[:DIGEST_CHARACTERS],
            seed=found.seed,
            version=found.version,
        ),
        fontsize=SMALL_POINTS,
        color=SOFT_INK,
    )
    return ax
