"""A scenario's states and moves as a figure: a panel for each domain, its states in a ring."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from som_sim.core.texts import one_line, text
from som_sim.core.version import version
from som_sim.report.style import (
    BLUE,
    INK,
    NARROW,
    SMALL_POINTS,
    SOFT_INK,
    TEXT_POINTS,
    TITLE_POINTS,
    shape,
)
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import ScenarioFile
from som_sim.writing.arrows import (
    Box,
    Curve,
    Point,
    crossings,
    curve_between,
    outside,
    places_of_words,
    point_on,
)
from som_sim.writing.moves import Move, moves, stated_rate
from som_sim.writing.names import label, leave_label, listed, state_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

HIGH_INCHES, LOW_INCHES, FEW_STATES = 4.9, 3.6, 4
"""How high a panel is: with many states, and with few."""
ABOVE_INCHES, BELOW_INCHES = 0.95, 0.35
"""Room for the title above the panels, and for the source below."""
BOX_CHARACTERS, LEAVING_CHARACTERS = 18, 30
BEND = 0.16
"""How much an arrow bends to its side, as a part of its length."""
THINNEST, THICKEST = 0.8, 3.4
BEHIND = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}


def diagram(scenario: Scenario, lang: str = "en") -> Figure:
    """Return a figure of the states of every domain and the moves between them.

    A narrow one has no figures at its arrows: there is no room to read them.

    Parameters
    ----------
    scenario
        What `som_sim.load` returned.
    lang
        ``"da"`` or ``"en"``.
    """
    from matplotlib.figure import Figure

    from som_sim.report.style import house_style

    spec, wide = scenario.base, shape().width
    found = moves(spec)
    highest = max((move.high for move in found), default=1.0) or 1.0
    most = max(len(states) for states in spec.domains.values())
    panel = HIGH_INCHES if most > FEW_STATES else LOW_INCHES
    if len(spec.domains) > 1:
        panel = min(panel, 4.2)
    n = len(spec.domains)
    whole = ABOVE_INCHES + n * panel + BELOW_INCHES
    with house_style():
        figure = Figure(figsize=(wide, whole))
        for number, domain in enumerate(spec.domains):
            low = (BELOW_INCHES + (n - 1 - number) * panel) / whole
            ax = figure.add_axes((0, low, 1, panel / whole))
            ax.set_xlim(0, wide)
            ax.set_ylim(0, panel)
            ax.set_axis_off()
            inside = [one for one in found if one.domain == domain]
            _panel(ax, spec, domain, inside, highest, lang)
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
    spec, now = scenario.base, shape()
    key = "narrow" if now is NARROW else "discrete" if spec.time.discrete else "subtitle"
    lines = [text(f"describe.figure.{key}", lang)]
    changing = dict.fromkeys(name for move in found for name in move.programmes)
    if changing:
        names = [label(spec.programmes[name], name, lang) for name in changing]
        lines.append(text("describe.figure.changed", lang, names=listed(names, lang)))
    if any(state.homeless for states in spec.domains.values() for state in states.values()):
        lines.append(text("describe.figure.homeless", lang))
    title = one_line(spec.meta.title.into(lang))
    source = text(
        "describe.figure.source", lang, title=title, digest=scenario.digest[:8], version=version()
    )
    high = figure.get_figheight()
    said = "\n".join(textwrap.fill(one, now.subtitle) for one in (". ".join(lines) + ".",))
    for words, down, size, colour, weight in (
        (textwrap.shorten(title, now.title, placeholder=" …"), 0.08, TITLE_POINTS, INK, "bold"),
        (said, 0.36, TEXT_POINTS, SOFT_INK, "normal"),
        (
            textwrap.shorten(source, now.note, placeholder=" …"),
            high - BELOW_INCHES / 2, SMALL_POINTS, SOFT_INK, "normal",
        ),
    ):  # fmt: skip
        figure.text(
            0.02, 1 - down / high, words, fontsize=size, color=colour, fontweight=weight, va="top",
            parse_math=False, linespacing=1.3,
        )  # fmt: skip


def _panel(
    ax: Axes, spec: ScenarioFile, domain: str, found: list[Move], highest: float, lang: str
) -> None:
    states = spec.domains[domain]
    places = dict(zip(states, _ring(len(states), ax), strict=True))
    inside = [one for one in found if one.to in states]
    pairs = {(one.source, one.to) for one in inside}
    boxes: dict[str, Box] = {}
    taken: list[Box] = []
    for name, state in states.items():
        words = state_label(spec, name, lang, domain).replace("§ ", "§\u00a0")
        boxes[name] = _box(ax, places[name], words, state.homeless)
    curves = []
    for move in inside:
        bend = BEND if (move.to, move.source) in pairs else BEND / 2
        curve = curve_between(places[move.source], places[move.to], bend)
        curves.append(outside(curve, boxes[move.source], boxes[move.to]))
        _arrow(ax, move, curves[-1], highest)
    for name in states if shape() is not NARROW else ():
        out = [one for one in found if one.source == name and one.to in spec.leave]
        if out:
            said = ", ".join(f"{leave_label(one.to, lang)} {stated_rate(one, lang)}" for one in out)
            taken.append(_leaving(ax, places[name], boxes[name], curves, (said, lang)))
    if shape() is not NARROW:
        _rates(ax, inside, curves, [*boxes.values(), *taken], lang)
    if len(spec.domains) > 1:
        ax.text(
            0.15, ax.get_ylim()[1] - 0.05, domain.replace("_", " "), fontsize=TEXT_POINTS,
            color=SOFT_INK, va="top", parse_math=False,
        )  # fmt: skip


def _ring(n: int, ax: Axes) -> list[Point]:
    """Return the places of n states, the first at the top left, evenly round a ring."""
    wide, high = ax.get_xlim()[1], ax.get_ylim()[1]
    if n == 1:
        return [(wide / 2, high / 2)]
    start = math.pi if n == 2 else math.pi / 2 + math.pi / n
    turns = [start - 2 * math.pi * number / n for number in range(n)]
    across, up = (
        (room - edge) / max(max(abs(turn(one)) for one in turns), 0.5)
        for room, edge, turn in ((wide / 2, 0.95, math.cos), (high / 2, 0.75, math.sin))
    )
    return [(wide / 2 + across * math.cos(turn), high / 2 + up * math.sin(turn)) for turn in turns]


def _room(ax: Axes, drawn: Text, pad_points: float = 0.0) -> Box:
    """Return the room a text takes, in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = ax.get_figure(root=True)
    assert figure is not None
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    extent = drawn.get_window_extent(renderer)
    pad = pad_points * figure.dpi / 72
    (x0, y0), (x1, y1) = ax.transData.inverted().transform(
        [(extent.x0 - pad, extent.y0 - pad), (extent.x1 + pad, extent.y1 + pad)]
    )
    return float(x0), float(y0), float(x1), float(y1)


def _box(ax: Axes, place: Point, words: str, homeless: bool) -> Box:
    """Draw a state, and return the room it takes."""
    drawn = ax.text(
        *place, textwrap.fill(words, BOX_CHARACTERS, max_lines=3, placeholder=" …"),
        ha="center", va="center", fontsize=TEXT_POINTS, color=INK, zorder=5, parse_math=False,
        bbox={
            "boxstyle": "round,pad=0.45", "facecolor": "white",
            "edgecolor": INK if homeless else SOFT_INK, "linewidth": 2.6 if homeless else 0.9,
        },
    )  # fmt: skip
    return _room(ax, drawn, 0.45 * TEXT_POINTS + 2)


def _leaving(ax: Axes, place: Point, box: Box, curves: list[Curve], said: tuple[str, str]) -> Box:
    """Write above or below a state how people leave the model from it, where fewer arrows run."""
    rates, lang = said
    drawn = ax.text(
        place[0], box[3] + 0.03,
        textwrap.fill(text("describe.figure.leave", lang, rates=rates), LEAVING_CHARACTERS),
        ha="center", va="bottom",
        fontsize=SMALL_POINTS, color=SOFT_INK, parse_math=False, zorder=3, bbox=dict(BEHIND),
    )  # fmt: skip
    above = _room(ax, drawn)
    below = (above[0], box[1] + box[3] - above[3], above[2], box[1] + box[3] - above[1])
    if crossings(below, curves) < crossings(above, curves):
        drawn.set(position=(place[0], box[1] - 0.03), verticalalignment="top")
        return below
    return above


def _arrow(ax: Axes, move: Move, curve: Curve, highest: float) -> None:
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


def _rates(ax: Axes, found: list[Move], curves: list[Curve], taken: list[Box], lang: str) -> None:
    """Write the rate of each move at its arrow, where it covers least."""
    drawn, sizes = [], []
    for move, curve in zip(found, curves, strict=True):
        drawn.append(
            ax.text(
                *point_on(curve, 0.5), stated_rate(move, lang), ha="center", va="center",
                fontsize=SMALL_POINTS, color=INK, zorder=4, parse_math=False, bbox=dict(BEHIND),
            )
        )  # fmt: skip
        x0, y0, x1, y1 = _room(ax, drawn[-1], 1.5)
        sizes.append((x1 - x0, y1 - y0))
    for one, curve, at in zip(drawn, curves, places_of_words(curves, sizes, taken), strict=True):
        one.set_position(point_on(curve, at))
