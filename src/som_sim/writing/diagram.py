"""A scenario's states and moves as a figure: a panel for each domain, its states in a ring."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from som_sim.core.texts import one_line, text
from som_sim.core.version import version
from som_sim.report.style import BLUE, INK, SMALL_POINTS, SOFT_INK, TEXT_POINTS, TITLE_POINTS
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import ScenarioFile
from som_sim.writing.moves import Move, moves, stated_rate
from som_sim.writing.names import label, leave_label, listed, state_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_INCHES = 7.4
BOX_CHARACTERS = 18
BEND = 0.16
"""How much an arrow bends to its side, as a part of its length."""
THINNEST, THICKEST = 0.8, 3.4
STEPS = 400
BEHIND = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
Point = tuple[float, float]
Curve = tuple[Point, Point, Point]
Box = tuple[float, float, float, float]


def diagram(scenario: Scenario, lang: str = "en") -> Figure:
    """Return a figure of the states of every domain and the moves between them.

    Parameters
    ----------
    scenario
        What `som_sim.load` returned.
    lang
        ``"da"`` or ``"en"``.
    """
    from matplotlib.figure import Figure

    from som_sim.report.style import house_style

    spec = scenario.base
    found = moves(spec)
    highest = max((move.high for move in found), default=1.0) or 1.0
    n = len(spec.domains)
    with house_style():
        figure = Figure(figsize=(PANEL_INCHES * n, PANEL_INCHES))
        for number, domain in enumerate(spec.domains):
            ax = figure.add_axes((number / n, 0.07, 1 / n, 0.75))
            _panel(ax, spec, domain, [one for one in found if one.domain == domain], highest, lang)
        _words(figure, scenario, found, lang)
    return figure


def diagram_words(scenario: Scenario, lang: str = "en") -> str:
    """Return what the figure shows, for readers who cannot see it."""
    spec = scenario.base
    said = [
        f"{state_label(spec, one.source, lang, one.domain)} → {state_label(spec, one.to, lang)}: "
        f"{stated_rate(one, lang)}"
        for one in moves(spec)
    ]
    title = one_line(spec.meta.title.into(lang))
    return text("describe.figure.alt", lang, title=title, moves="; ".join(said))


def _words(figure: Figure, scenario: Scenario, found: tuple[Move, ...], lang: str) -> None:
    spec = scenario.base
    wide = int(88 * len(spec.domains))
    key = "discrete" if spec.time.discrete else "subtitle"
    lines = [text(f"describe.figure.{key}", lang)]
    changing = dict.fromkeys(name for move in found for name in move.programmes)
    if changing:
        names = [label(spec.programmes[name], name, lang) for name in changing]
        lines.append(text("describe.figure.changed", lang, names=listed(names, lang)))
    if any(state.homeless for states in spec.domains.values() for state in states.values()):
        lines[-1] += ". " + text("describe.figure.homeless", lang)
    title = one_line(spec.meta.title.into(lang))
    source = text(
        "describe.figure.source", lang, title=title, digest=scenario.digest[:8], version=version()
    )
    for words, up, size, colour, weight in (
        (textwrap.shorten(title, wide, placeholder=" …"), 0.97, TITLE_POINTS, INK, "bold"),
        (
            "\n".join(textwrap.fill(one, wide) for one in lines),
            0.935,
            TEXT_POINTS,
            SOFT_INK,
            "normal",
        ),
        (
            textwrap.shorten(source, wide + 40, placeholder=" …"),
            0.03,
            SMALL_POINTS,
            SOFT_INK,
            "normal",
        ),
    ):
        figure.text(
            0.03, up, words, fontsize=size, color=colour, fontweight=weight or "normal", va="top",
            parse_math=False, linespacing=1.3,
        )  # fmt: skip


def _panel(
    ax: Axes, spec: ScenarioFile, domain: str, found: list[Move], highest: float, lang: str
) -> None:
    ax.set_xlim(-1.5, 1.5)
    ax.set_ylim(-1.32, 1.32)
    ax.set_axis_off()
    states = spec.domains[domain]
    places = dict(zip(states, _ring(len(states)), strict=True))
    inside = [one for one in found if one.to in states]
    pairs = {(one.source, one.to) for one in inside}
    boxes = {}
    for name, state in states.items():
        words = state_label(spec, name, lang, domain).replace("§ ", "§\u00a0")
        boxes[name] = _box(ax, places[name], words, state.homeless)
        out = [one for one in found if one.source == name and one.to in spec.leave]
        if out:
            _leaving(ax, places[name], boxes[name], spec, out, lang)
    for number, move in enumerate(inside):
        bend = BEND if (move.to, move.source) in pairs else BEND / 2
        curve = _cut(_curve(places[move.source], places[move.to], bend), boxes, move)
        _arrow(ax, move, curve, 0.42 + 0.08 * (number % 3), highest, lang)
    if len(spec.domains) > 1:
        ax.set_title(domain.replace("_", " "), fontsize=TEXT_POINTS, color=SOFT_INK)


def _ring(n: int) -> list[Point]:
    """Return the places of n states, the first at the top left, evenly round a ring."""
    if n == 1:
        return [(0.0, 0.0)]
    start = math.pi if n == 2 else math.pi / 2 + math.pi / n
    turns = [start - 2 * math.pi * number / n for number in range(n)]
    return [(1.08 * math.cos(turn), 0.98 * math.sin(turn)) for turn in turns]


def _box(ax: Axes, place: Point, words: str, homeless: bool) -> Box:
    """Draw a state, and return the room it takes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    drawn = ax.text(
        *place, textwrap.fill(words, BOX_CHARACTERS, max_lines=3, placeholder=" …"),
        ha="center", va="center", fontsize=TEXT_POINTS, color=INK, zorder=5, parse_math=False,
        bbox={
            "boxstyle": "round,pad=0.45", "facecolor": "white",
            "edgecolor": INK if homeless else SOFT_INK, "linewidth": 2.6 if homeless else 0.9,
        },
    )  # fmt: skip
    figure = ax.get_figure(root=True)
    assert figure is not None
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    extent = drawn.get_window_extent(renderer)
    pad = (0.45 * TEXT_POINTS + 2) * figure.dpi / 72
    (x0, y0), (x1, y1) = ax.transData.inverted().transform(
        [(extent.x0 - pad, extent.y0 - pad), (extent.x1 + pad, extent.y1 + pad)]
    )
    return float(x0), float(y0), float(x1), float(y1)


def _leaving(
    ax: Axes, place: Point, box: Box, spec: ScenarioFile, out: list[Move], lang: str
) -> None:
    """Write above or below a state how people leave the model from it."""
    rates = ", ".join(f"{leave_label(one.to, lang)} {stated_rate(one, lang)}" for one in out)
    above = place[1] > -0.1
    ax.annotate(
        textwrap.fill(text("describe.figure.leave", lang, rates=rates), 30),
        (place[0], box[3] if above else box[1]), xytext=(0, 3 if above else -3),
        textcoords="offset points", ha="center", va="bottom" if above else "top",
        fontsize=SMALL_POINTS, color=SOFT_INK, parse_math=False, zorder=1,
    )  # fmt: skip


def _arrow(ax: Axes, move: Move, curve: Curve, at: float, highest: float, lang: str) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    codes = [Path.MOVETO, Path.CURVE3, Path.CURVE3]
    ax.add_patch(
        FancyArrowPatch(
            path=Path(list(curve), codes), arrowstyle="-|>", mutation_scale=13, alpha=0.9,
            linewidth=THINNEST + (THICKEST - THINNEST) * math.sqrt(move.high / highest),
            color=BLUE if move.programmes else SOFT_INK, zorder=2, shrinkA=0, shrinkB=0,
        )
    )  # fmt: skip
    ax.text(
        *_point(curve, at), stated_rate(move, lang), ha="center", va="center",
        fontsize=SMALL_POINTS, color=INK, zorder=4, parse_math=False, bbox=dict(BEHIND),
    )  # fmt: skip


# Curves: two ends and the point that bends them -------------------------------------------------


def _curve(start: Point, end: Point, bend: float) -> Curve:
    (x0, y0), (x1, y1) = start, end
    return start, ((x0 + x1) / 2 + bend * (y1 - y0), (y0 + y1) / 2 - bend * (x1 - x0)), end


def _point(curve: Curve, at: float) -> Point:
    """Return the point of a curve at a share of its way."""
    a, b, c = (1 - at) ** 2, 2 * at * (1 - at), at**2
    (x0, y0), (x1, y1), (x2, y2) = curve
    return a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2


def _cut(curve: Curve, boxes: dict[str, Box], move: Move) -> Curve:
    """Return the part of a curve that is outside the two boxes it joins."""
    steps = [number / STEPS for number in range(STEPS + 1)]
    outside = [
        at
        for at in steps
        if not _inside(boxes[move.source], _point(curve, at))
        and not _inside(boxes[move.to], _point(curve, at))
    ]
    if not outside:
        return curve
    first, last = outside[0], outside[-1]
    (x0, y0), (x1, y1), (x2, y2) = curve
    middle = (  # the blossom of the curve at both ends
        (1 - first) * (1 - last) * x0 + (first + last - 2 * first * last) * x1 + first * last * x2,
        (1 - first) * (1 - last) * y0 + (first + last - 2 * first * last) * y1 + first * last * y2,
    )
    return _point(curve, first), middle, _point(curve, last)


def _inside(box: Box, point: Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
