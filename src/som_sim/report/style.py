"""One house style: colours that everyone can tell apart, a title, labels on the lines, a source.

Colours are Okabe and Ito's set for colour blindness. Every text keeps to dark ink; a colour only
ever repeats what a label says. Figures are built with matplotlib's objects, never with pyplot, so
that drawing one changes nothing for the caller.
"""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from som_sim.core.texts import one_line
from som_sim.report.labels import spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1a1a1a"
SOFT_INK = "#595959"
RULE = "#d9d9d9"
BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILLION, PURPLE, SKY = "#D55E00", "#CC79A7", "#56B4E9"

STRATEGY_COLOURS = (SOFT_INK, BLUE, VERMILLION, GREEN, PURPLE, ORANGE)
STRATEGY_DASHES = ((4.0, 1.5), (), (6.0, 1.5, 1.5, 1.5), (1.5, 1.5), (8.0, 2.0), (3.0, 1.0))
STATE_COLOURS = (
    VERMILLION, ORANGE, "#F0E442", PURPLE, SKY, BLUE, GREEN, "#999999", "#332288", "#882255",
)  # fmt: skip
PAYER_COLOURS: Mapping[str, str] = {
    "kommune": BLUE,
    "region": GREEN,
    "stat": VERMILLION,
    "fond": ORANGE,
    "borger": PURPLE,
    "public": INK,
}

DOTS_PER_INCH = 150
TITLE_POINTS, TEXT_POINTS, SMALL_POINTS = 13.0, 9.5, 7.5
LINE_SPACING = 1.25
LABEL_CHARACTERS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large a figure is drawn, and how many characters its texts have room for.

    Attributes
    ----------
    width, height
        In inches, at which the text has its stated size.
    title, subtitle, label, note
        Characters in a line.
    ticks
        The most marks on an axis of time.
    """

    width: float
    height: float
    title: int
    subtitle: int
    label: int
    note: int
    ticks: int


WIDE = Shape(width=7.6, height=3.6, title=60, subtitle=100, label=30, note=125, ticks=12)
"""For a page of paper or a screen: set at the width of the text, its letters are about as large."""
NARROW = Shape(width=4.3, height=3.7, title=32, subtitle=54, label=15, note=68, ticks=4)
"""For a phone, or for two beside each other on paper."""
SHAPES: Mapping[str, Shape] = {"wide": WIDE, "narrow": NARROW}

_shape: ContextVar[Shape] = ContextVar("shape", default=WIDE)


@contextmanager
def shaped(name: str) -> Iterator[None]:
    """Draw figures in a shape: ``"wide"`` or ``"narrow"``."""
    token = _shape.set(SHAPES[name])
    try:
        yield
    finally:
        _shape.reset(token)


def shape() -> Shape:
    """Return the shape that figures are drawn in."""
    return _shape.get()


SETTINGS: Mapping[str, Any] = {
    # Text stays text: it can be searched, read aloud and translated. Verdana has the widths of
    # DejaVu Sans, so that the drawing holds on a machine without it.
    "svg.fonttype": "none",
    "svg.hashsalt": "som_sim",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "sans-serif"],
    "axes.unicode_minus": False,
}


def strategy_look(position: int) -> tuple[str, tuple[float, ...]]:
    """Return the colour and the dashes of a strategy's line; the first 36 all differ.

    Examples
    --------
    >>> len({strategy_look(position) for position in range(36)})
    36
    """
    n = len(STRATEGY_COLOURS)
    return STRATEGY_COLOURS[position % n], STRATEGY_DASHES[(position + position // n) % n]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLabel:
    """A label to the right of the plot, tied to a height on the axis.

    Attributes
    ----------
    text
        One or more lines.
    at
        The height it speaks of, in data units.
    colour
        Of the short line that ties the label to its height.
    """

    text: str
    at: float
    colour: str


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save with our settings, whatever the user's own matplotlib settings are."""
    import matplotlib.style

    with (
        matplotlib.style.context(["default", dict(SETTINGS)]),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        yield


ROOM = (0.08, 0.14, 0.66, 0.68)
"""Where axes stand on a figure: left, bottom, width, height, with room for labels on the right."""


def new_axes(room: tuple[float, float, float, float] = ROOM, rows: int | None = None) -> Axes:
    """Return empty axes on a new figure, with room for labels on the right.

    Parameters
    ----------
    room
        Where the axes stand on a wide figure: left, bottom, width, height, as shares.
    rows
        How many bars or names stand over each other, where that says how high the figure is.
    """
    from matplotlib.figure import Figure

    now = shape()
    left, bottom, width, height = room
    if now is NARROW:
        left, width = _narrow(left, 1 - left - width)
    inches = now.height
    if rows is not None:
        inches = max(FEWEST_INCHES, min(inches * 1.6, 1.4 + ROW_INCHES * rows))
    figure = Figure(figsize=(now.width, inches), dpi=DOTS_PER_INCH)
    return figure.add_axes((left, bottom, width, height))


FEWEST_INCHES, ROW_INCHES = 2.4, 0.34
"""The least height of a figure of bars, and what a bar takes."""


def _narrow(left: float, right: float) -> tuple[float, float]:
    """Return where narrow axes begin and how wide they are, by where a wide figure has labels."""
    begin = 0.14 if left < LABELLED else 0.34
    end = 0.1 if right < LABELLED else 0.36 if left < LABELLED else 0.32
    return begin, 1 - begin - end


LABELLED = 0.15
"""Room beside the axes from which a wide figure has labels there."""


def of_axes(ax: Axes) -> Figure:
    """Return the figure that axes stand on."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def lines_of(written: str, characters: int, most: int = 2) -> str:
    """Break a user's text into at most some lines; what does not fit ends in an ellipsis.

    A label on a narrow figure gets shorter lines, and more of them.
    """
    if shape() is NARROW and characters <= WIDE.label:
        characters, most = min(characters, NARROW.label), most + 1
    return "\n".join(
        textwrap.wrap(
            one_line(written).replace("§ ", "§\N{NO-BREAK SPACE}"),
            characters,
            max_lines=most,
            placeholder=" …",
        )
        or [""]
    )


def dress(ax: Axes, *, title: str, subtitle: str, footnote: str) -> None:
    """Give axes the house look: title and subtitle above, source below, light grid, no box."""
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(SOFT_INK)
    ax.grid(axis="y", color=RULE, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(
        axis="both", labelsize=TEXT_POINTS, labelcolor=INK, color=SOFT_INK, length=0, pad=5
    )
    ax.tick_params(axis="x", length=4)
    title, subtitle = (
        lines_of(title, shape().title, 3 if shape() is NARROW else 2),
        lines_of(subtitle, shape().subtitle, 3),
    )
    above = 12 + (subtitle.count("\n") + 1) * TEXT_POINTS * LINE_SPACING + 5
    _note(ax, title, (0, 1), above, TITLE_POINTS, INK, "bottom", weight="bold")
    _note(ax, subtitle, (0, 1), 12, TEXT_POINTS, SOFT_INK, "bottom")
    source = "\n".join(
        lines_of(line, shape().note) if line else "" for line in footnote.split("\n")
    )
    _note(ax, source, (0, 0), -28, SMALL_POINTS, SOFT_INK, "top")


def _to_edge(ax: Axes) -> float:
    """Return how far left of the axes a title begins, in points: above the names, if there are."""
    left = float(ax.get_position().x0)
    return max(left * of_axes(ax).get_figwidth() * 72 - 8, 30) if left < MOST_LEFT else 30.0


MOST_LEFT = 0.36
"""Axes farther in than this are not alone on their figure."""


def _note(
    ax: Axes,
    written: str,
    corner: tuple[float, float],
    up: float,
    size: float,
    colour: str,
    side: str,
    weight: str = "normal",
) -> None:
    ax.annotate(
        written,
        corner,
        xycoords="axes fraction",
        xytext=(-_to_edge(ax), up),
        textcoords="offset points",
        fontsize=size,
        fontweight=weight,
        color=colour,
        ha="left",
        va=side,
        linespacing=LINE_SPACING,
        annotation_clip=False,
        parse_math=False,
    )


TIE_INCHES = 0.22
"""How far from the axes a label stands."""


def label_ends(ax: Axes, labels: Sequence[EndLabel]) -> None:
    """Write labels to the right of the axes, apart from each other, each tied to its height.

    The limits of the axes must be final: the room a label takes is measured in them.
    """
    figure = ax.get_figure(root=True)
    if shape() is NARROW:
        labels = [replace(label, text=_rewrapped(label.text)) for label in labels]
    low, high = ax.get_ylim()
    height_points = ax.get_position().height * (figure.get_figheight() if figure else 1) * 72
    tie = TIE_INCHES / (ax.get_position().width * (figure.get_figwidth() if figure else 1))
    per_point = (high - low) / height_points
    room = [
        ((label.text.count("\n") + 1) * LINE_SPACING + 0.45) * TEXT_POINTS * per_point
        for label in labels
    ]
    for label, place in zip(
        labels, spread([one.at for one in labels], room, low, high), strict=True
    ):
        transform = ax.get_yaxis_transform()
        ax.plot(
            [1.0, 1.0 + 0.25 * tie, 1.0 + 0.6 * tie, 1.0 + 0.85 * tie],
            [label.at, label.at, place, place],
            color=label.colour,
            linewidth=1.2,
            clip_on=False,
            transform=transform,
            scalex=False,
            scaley=False,
        )
        ax.text(
            1.0 + tie,
            float(place),
            label.text,
            transform=transform,
            fontsize=TEXT_POINTS,
            color=INK,
            ha="left",
            va="center",
            linespacing=LINE_SPACING,
            parse_math=False,
        )


def _rewrapped(written: str) -> str:
    """Return a label with its lines broken to a narrow figure's length."""
    return "\n".join(
        part
        for line in written.split("\n")
        for part in textwrap.wrap(line, NARROW.label + 3, break_on_hyphens=False) or [""]
    )


def save_figure(figure: Figure, stem: Path, *, title: str, creator: str) -> tuple[Path, ...]:
    """Write a figure as SVG and PNG; the same figure gives the same bytes.

    Parameters
    ----------
    figure
        What to write.
    stem
        The path without its ending.
    title
        What the figure shows, in words; kept in both files for readers who cannot see it.
    creator
        Program and version.
    """
    paths = (stem.with_name(stem.name + ".svg"), stem.with_name(stem.name + ".png"))
    with house_style():
        for path, metadata in zip(
            paths,
            (
                {"Title": title, "Creator": creator, "Date": None},
                {"Title": title, "Software": creator},
            ),
            strict=True,
        ):
            figure.savefig(
                path,
                metadata=metadata,
                bbox_inches="tight",
                pad_inches=0.25,
                dpi=DOTS_PER_INCH,
                facecolor="white",
            )
    return paths
