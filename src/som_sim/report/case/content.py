"""What a case is made of. Every format is written from these records and from nothing else.

All texts are plain text: they may come from a user's file, and each format writes them as text,
never as markup or as a formula.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a table shows in one place, and the number behind it, by which columns are sorted."""

    text: str
    number: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column's heading; numbers stand to the right, long texts get more room."""

    heading: str
    kind: Literal["number", "text", "long"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table.

    Attributes
    ----------
    key
        A name that no other table of the case has.
    rows
        As many cells in each as there are columns.
    total
        Whether the last row is the sum of the others.
    note
        A line below it, or nothing.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False
    note: str = ""

    def weights(self) -> tuple[float, ...]:
        """Return how wide each column wants to be: its longest word, and part of its longest text.

        Examples
        --------
        >>> column = Column(heading="Item")
        >>> Table(key="t", caption="", columns=(column,), rows=((Cell(text="ACT"),),)).weights()
        (7.0,)
        """
        found = []
        for place, column in enumerate(self.columns):
            texts = [row[place].text for row in self.rows]
            word = max(
                len(one) for text in (*texts, column.heading) for one in (text.split() or [""])
            )
            longest = max((len(text) for text in texts), default=0)
            if self.total and texts:
                word = max(word, round(BOLD * max(len(one) for one in texts[-1].split() or [""])))
            found.append(max(float(word), MOST_SHARE * min(longest, LONG_TEXT)) + PADDING)
        return tuple(found)


BOLD = 1.2
"""How much wider a bold text is."""
PADDING, LONG_TEXT, MOST_SHARE = 3.0, 60, 0.5
"""Characters: the room around a text, what counts of a long text, and the part that a line has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure with what it shows in words and in numbers; drawn when it is first asked for."""

    key: str
    caption: str
    alt: str
    draw: Callable[[], Figure]
    numbers: Table | None = None
    _drawn: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)
    _figures: list[Figure] = field(default_factory=list, init=False, repr=False, compare=False)

    def svg(self) -> str:
        """Return the figure as SVG with its text as text."""
        return self._render("svg").decode()

    def png(self) -> bytes:
        """Return the figure as PNG."""
        return self._render("png")

    def _render(self, kind: str) -> bytes:
        from som_sim.report.style import DOTS_PER_INCH, house_style

        if kind not in self._drawn:
            page = io.BytesIO()
            metadata = {"Date": None, "Title": self.alt} if kind == "svg" else {"Title": self.alt}
            with house_style():
                if not self._figures:
                    self._figures.append(self.draw())
                self._figures[0].savefig(
                    page,
                    format=kind,
                    metadata=metadata,
                    bbox_inches="tight",
                    pad_inches=0.1,
                    dpi=DOTS_PER_INCH,
                    facecolor="white",
                )
            self._drawn[kind] = page.getvalue()
        return self._drawn[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; a note is set smaller."""

    text: str
    note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """Points, each a sentence or two."""

    points: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A few headline figures: what it is, the figure, and a word about it."""

    facts: tuple[tuple[str, str, str], ...]


Block = Paragraph | Bullets | Facts | Table | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the case under a heading."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The whole case in one language.

    Attributes
    ----------
    lang
        ``"da"`` or ``"en"``.
    title, subtitle, description
        For the front.
    origin
        Scenario, version and seed: what makes the case again.
    warning
        What a reader must know before anything else (a check that failed), or nothing.
    brief
        'Kort fortalt', for a page or two of its own; also the case's first section.
    sections
        The case.
    """

    lang: str
    title: str
    subtitle: str
    description: str
    origin: str
    warning: str
    brief: Section
    sections: tuple[Section, ...]

    def tables(self) -> Iterator[Table]:
        """Yield every table, those below figures too."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield block
                elif isinstance(block, Picture) and block.numbers is not None:
                    yield block.numbers

    def pictures(self) -> Iterator[Picture]:
        """Yield every figure."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Picture))
