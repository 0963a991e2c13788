"""Writing on a sheet: texts as texts, formulas with their value, inputs marked as inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from som_sim.core.texts import one_line, text

if TYPE_CHECKING:
    from som_sim.result import Result

A4 = 9
MOST_IN_NAME = 255
"""Characters of a name that Excel takes; an input with a longer one has none."""
MOST_CHARACTERS = 32_000
"""A cell of Excel holds 32,767."""


def column_name(column: int) -> str:
    """Return a column's letters, counted from 0.

    Examples
    --------
    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def at(row: int, column: int, *, sheet: str = "") -> str:
    """Return a fixed reference to a cell, counted from 0.

    Examples
    --------
    >>> at(0, 1), at(0, 1, sheet="Tal")
    ('$B$1', "'Tal'!$B$1")
    """
    before = f"'{sheet}'!" if sheet else ""
    return f"{before}${column_name(column)}${row + 1}"


def span(first: tuple[int, int], last: tuple[int, int], *, sheet: str = "") -> str:
    """Return a fixed reference to cells from one corner to the other.

    Examples
    --------
    >>> span((0, 0), (2, 0), sheet="Tal")
    "'Tal'!$A$1:$A$3"
    """
    return f"{at(*first, sheet=sheet)}:{at(*last)}"


LINE_POINTS = 15
"""Height of a line in a cell."""
MOST_POINTS = 409
"""No row of Excel is higher."""

LOOKS: dict[str, dict[str, Any]] = {
    "text": {},
    "after": {"align": "left", "indent": 1},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 16},
    "section": {"bold": True, "font_size": 12, "bottom": 2, "font_color": "#00558A"},
    "note": {"italic": True, "font_color": "#595959"},
    "head": {"bold": True, "text_wrap": True, "bottom": 1, "valign": "vbottom"},
    "head_after": {"bold": True, "bottom": 1, "valign": "vbottom", "align": "left", "indent": 1},
    "head_number": {"bold": True, "text_wrap": True, "bottom": 1, "align": "right"},
    "number": {"num_format": "#,##0.##"},
    "figure": {"num_format": "#,##0.####"},
    "right": {"align": "right"},
    "persons": {"num_format": "#,##0.0"},
    "whole": {"num_format": "#,##0"},
    "kroner": {"num_format": "#,##0.00;[Red]-#,##0.00"},
    "kroner_total": {"num_format": "#,##0.00;[Red]-#,##0.00", "bold": True, "top": 1},
    "text_total": {"bold": True, "top": 1},
    "share": {"num_format": "0.00%"},
    "factor": {"num_format": "0.000000"},
    "year": {"num_format": "0", "align": "left"},
    "year_total": {"num_format": "0", "align": "right"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "mark": {"align": "right"},
    "date_right": {"num_format": "yyyy-mm-dd", "align": "right"},
    "input": {"bg_color": "#FFF2CC", "border": 1, "border_color": "#BF9000", "locked": False},
}
for _name, _look in LOOKS.items():
    if not _name.startswith(("head", "section", "title")):
        _look.setdefault("valign", "top")
INPUTS = {"input_number": "#,##0.00####", "input_share": "0.00%", "input_kroner": "#,##0.00"}


@dataclass(slots=True, kw_only=True)
class Book:
    """A workbook being written, and where the cells stand that others point to.

    Attributes
    ----------
    result, lang
        What is written.
    file
        The xlsxwriter workbook.
    looks
        Formats by name.
    cells
        References by what they hold: ``("price", "shelter_day")``.
    values_only
        Whether formulas are written as their values, and inputs as numbers, for publication.
    mark
        What stands at the foot of every page, or nothing.
    names
        Names that inputs have so far: two of one name make a file that Excel calls damaged.
    """

    result: Result
    lang: str
    file: Any
    looks: dict[str, Any]
    cells: dict[tuple[Any, ...], str]
    values_only: bool = False
    mark: str = ""
    names: set[str] = field(default_factory=set)

    def say(self, key: str, **values: object) -> str:
        """Return a text of the catalogue."""
        return text(key, self.lang, **values)

    def sheet(self, key: str, *, landscape: bool = True) -> Sheet:
        """Start a sheet that prints on A4, its width on one page."""
        name = self.say(f"sheet.{key}")
        page = self.file.add_worksheet(name)
        page.set_paper(A4)
        if landscape:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        page.set_footer(
            f"&L&8{name}&C&8{self.mark}&R&8{self.say('case.page')} &P {self.say('case.of')} &N"
        )
        page.hide_gridlines(2)
        return Sheet(book=self, page=page, name=name)


@dataclass(slots=True, kw_only=True)
class Sheet:
    """One sheet, written from the top down."""

    book: Book
    page: Any
    name: str
    row: int = 0
    breaks: list[int] = field(default_factory=list)

    def new_page(self) -> None:
        """Let what follows begin on a new page in print, so that no chart is cut."""
        self.breaks.append(self.row)
        self.page.set_h_pagebreaks(self.breaks)

    def text(self, row: int, column: int, written: object, look: str = "text") -> None:
        """Write a text as a text, whatever it begins with."""
        shown = one_line(str(written))[:MOST_CHARACTERS]
        self.page.write_string(row, column, shown, self.book.looks[look])

    def long(self, row: int, column: int, written: object, characters: int) -> None:
        """Write a long text in lines, and make the row high enough for them."""
        shown = one_line(str(written))
        self.text(row, column, shown, "wrapped")
        lines = -(-len(shown) // characters)
        if lines > 1:
            self.page.set_row(row, min(LINE_POINTS * lines, MOST_POINTS))

    def wrapped(self, row: int, texts: Sequence[tuple[object, int]]) -> None:
        """Write the first texts of a row in lines, each with the characters that a line holds."""
        shown = [(one_line(str(written)), size) for written, size in texts]
        for column, (written, _) in enumerate(shown):
            self.text(row, column, written, "wrapped")
        lines = max(-(-len(written) // size) for written, size in shown)
        self.page.set_row(row, LINE_POINTS * max(lines, 1))

    def number(self, row: int, column: int, value: float, look: str = "number") -> None:
        """Write a number."""
        self.page.write_number(row, column, value, self.book.looks[look])

    def formula(
        self, row: int, column: int, formula: str, value: float | str, look: str = "kroner"
    ) -> None:
        """Write a formula with the value that the run gave, for programs that do not calculate."""
        if self.book.values_only:
            self.page.write(row, column, value, self.book.looks[look])
            return
        self.page.write_formula(row, column, f"={formula}", self.book.looks[look], value)

    def entry(
        self,
        row: int,
        column: int,
        value: float,
        key: tuple[Any, ...],
        *,
        look: str = "input_number",
        low: float = -1e9,
        high: float = 1e9,
    ) -> None:
        """Write an input: marked, named, checked, and known to the formulas by its key."""
        if self.book.values_only:
            self.number(row, column, value, look.replace("input_", ""))
            self.book.cells[key] = self.where(row, column)
            return
        self.page.write_number(row, column, value, self.book.looks[look])
        self.page.data_validation(
            row,
            column,
            row,
            column,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": low,
                "maximum": high,
                "error_title": self.book.say("sheet.wrong"),
                "error_message": self.book.say("sheet.between", low=low, high=high),
            },
        )
        place = at(row, column, sheet=self.name)
        self.book.cells[key] = place
        name = "_".join(str(part) for part in ("in", *key))
        while name in self.book.names:  # a_b with c, and a with b_c
            name += "_"
        self.book.names.add(name)
        if len(name) <= MOST_IN_NAME:
            self.book.file.define_name(name, f"={place}")

    def where(self, row: int, column: int) -> str:
        """Return a reference to a cell of this sheet, for formulas of any sheet."""
        return at(row, column, sheet=self.name)

    def heads(self, row: int, heads: Sequence[str], first_number: int) -> None:
        """Write headings; those from a column on stand over numbers."""
        for column, head in enumerate(heads):
            self.text(row, column, head, "head" if column < first_number else "head_number")

    def title(self, key: str, note: str = "") -> None:
        """Write the sheet's title and a line about it; go on below."""
        self.text(0, 0, self.book.say(key), "title")
        if note:
            self.text(1, 0, note, "note")
        self.row = 3
