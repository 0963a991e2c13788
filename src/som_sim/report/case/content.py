"""What a case is made of. Every format is written from these records and from nothing else.

All texts are plain text: they may come from a user's file, and each format writes them as text,
never as markup or as a formula.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    """A figure with what it shows in words and in numbers; drawn when it is first asked for.

    Attributes
    ----------
    key
        A name that no other figure of the case has.
    numbers
        On a web page they stand under the figure; on paper too, unless they stand apart.
    apart
        On paper the numbers stand where a `Reference` to the figure stands.
    """

    key: str
    caption: str
    alt: str
    draw: Callable[[], Figure]
    numbers: Table | None = None
    apart: bool = False
    _drawn: dict[tuple[str, str], bytes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _figures: dict[str, Figure] = field(default_factory=dict, init=False, repr=False, compare=False)

    def svg(self, shape: str = "wide") -> str:
        """Return the figure as SVG with its text as text, ``"wide"`` or ``"narrow"``."""
        return self._render("svg", shape).decode()

    def png(self) -> bytes:
        """Return the figure as PNG."""
        return self._render("png", "wide")

    def _render(self, kind: str, shape: str) -> bytes:
        from som_sim.report.style import DOTS_PER_INCH, house_style, shaped

        if (kind, shape) not in self._drawn:
            page = io.BytesIO()
            metadata = {"Date": None, "Title": self.alt} if kind == "svg" else {"Title": self.alt}
            with house_style(), shaped(shape):
                if shape not in self._figures:
                    self._figures[shape] = self.draw()
                self._figures[shape].savefig(
                    page,
                    format=kind,
                    metadata=metadata,
                    bbox_inches="tight",
                    pad_inches=0.1,
                    dpi=DOTS_PER_INCH,
                    facecolor="white",
                )
            self._drawn[kind, shape] = page.getvalue()
        return self._drawn[kind, shape]


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


PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Where a reference writes the name and number of what it speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A sentence about a figure or table that stands elsewhere: each stands once in a case.

    Attributes
    ----------
    kind, key
        What it speaks of.
    text
        With `PLACE` where the name and number go.
    numbers
        A figure's numbers, which on paper stand here.
    """

    kind: Literal["table", "figure"]
    key: str
    text: str
    numbers: Table | None = None

    def said(self, word: str, number: int) -> str:
        """Return the sentence, with the name and number of what it speaks of.

        Examples
        --------
        >>> Reference(kind="figure", key="net", text=f"{PLACE} shows it.").said("Figure", 2)
        'Figure 2 shows it.'
        """
        return self.text.replace(PLACE, f"{word} {number}", 1)


Block = Paragraph | Bullets | Facts | Table | Picture | Reference


def on_paper(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks in the order of a printed case, with numbers as tables of their own."""
    for block in blocks:
        yield block
        if isinstance(block, Picture) and block.apart:
            continue
        if isinstance(block, Picture | Reference) and block.numbers is not None:
            yield block.numbers


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
        """Yield every table in the order of the printed case, with the numbers of figures."""
        for section in self.sections:
            yield from (block for block in on_paper(section.blocks) if isinstance(block, Table))

    def pictures(self) -> Iterator[Picture]:
        """Yield every figure."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Picture))

    def numbers(self) -> Mapping[tuple[str, str], int]:
        """Return the number of every table and figure, the same in every format.

        The keys are ``("table", key)`` and ``("figure", key)``.
        """
        tables = {("table", one.key): n for n, one in enumerate(self.tables(), start=1)}
        figures = {("figure", one.key): n for n, one in enumerate(self.pictures(), start=1)}
        return {**tables, **figures}
