"""One house style: colours that everyone can tell apart, a title, labels on the lines, a source.

Colours are Okabe and Ito's set for colour blindness. Every text keeps to dark ink; a colour only
ever repeats what a label says. Figures are built with matplotlib's objects, never with pyplot, so
that drawing one changes nothing for the caller.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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

WIDTH_INCHES, HEIGHT_INCHES, DOTS_PER_INCH = 9.0, 5.0, 150
TITLE_POINTS, TEXT_POINTS, SMALL_POINTS = 14.0, 9.5, 7.5
LINE_SPACING = 1.25
TITLE_CHARACTERS, SUBTITLE_CHARACTERS, LABEL_CHARACTERS = 72, 112, 26

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

    with matplotlib.style.context(["default", dict(SETTINGS)]):
        yield


ROOM = (0.08, 0.14, 0.66, 0.68)
"""Where axes stand on a figure: left, bottom, width, height, with room for labels on the right."""


def new_axes(room: tuple[float, float, float, float] = ROOM) -> Axes:
    """Return empty axes on a new figure, with room for labels on the right."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES), dpi=DOTS_PER_INCH)
    return figure.add_axes(room)


def of_axes(ax: Axes) -> Figure:
    """Return the figure that axes stand on."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def lines_of(written: str, characters: int, most: int = 2) -> str:
    """Break a user's text into at most some lines; what does not fit ends in an ellipsis."""
    return "\n".join(
        textwrap.wrap(one_line(written), characters, max_lines=most, placeholder=" …") or [""]
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
        lines_of(title, TITLE_CHARACTERS),
        lines_of(subtitle, SUBTITLE_CHARACTERS),
    )
    above = 12 + (subtitle.count("\n") + 1) * TEXT_POINTS * LINE_SPACING + 5
    _note(ax, title, (0, 1), above, TITLE_POINTS, INK, "bottom", weight="bold")
    _note(ax, subtitle, (0, 1), 12, TEXT_POINTS, SOFT_INK, "bottom")
    source = "\n".join(lines_of(line, 150) for line in footnote.split("\n"))
    _note(ax, source, (0, 0), -28, SMALL_POINTS, SOFT_INK, "top")


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
        xytext=(-30, up),
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


def label_ends(ax: Axes, labels: Sequence[EndLabel]) -> None:
    """Write labels to the right of the axes, apart from each other, each tied to its height.

    The limits of the axes must be final: the room a label takes is measured in them.
    """
    figure = ax.get_figure(root=True)
    low, high = ax.get_ylim()
    height_points = ax.get_position().height * (figure.get_figheight() if figure else 1) * 72
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
            [1.0, 1.012, 1.028, 1.038],
            [label.at, label.at, place, place],
            color=label.colour,
            linewidth=1.2,
            clip_on=False,
            transform=transform,
            scalex=False,
            scaley=False,
        )
        ax.text(
            1.045,
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
