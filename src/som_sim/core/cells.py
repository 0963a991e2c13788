"""A table as text (CSV) to cells, each with its place.

Cells are separated by ``;`` when the first line has one, else by ``,``. A file with ``;`` comes
from where the comma is the decimal mark, so ``0,43`` is a number there; anywhere else it is not. A
cell may stand in quotation marks and cannot run over several lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from som_sim.core.errors import Problem, ScenarioError
from som_sim.core.yaml_scalars import MAX_DIGITS, resolve
from som_sim.core.yaml_tree import UNPRINTABLE, decode_text

SEPARATORS = (";", ",")
_LINES = re.compile(r"\r\n|\r|\n")
_DECIMAL_COMMA = re.compile(rf"[-+]?[0-9]{{1,{MAX_DIGITS}}},[0-9]{{1,{MAX_DIGITS}}}")
_LENGTH_WITH_COMMA = re.compile(r"([0-9]+),([0-9]+)(?=\s)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its text without the space around it, and where that begins, counted from 1."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A table.

    Attributes
    ----------
    rows
        The cells of every line that has some text; they need not be equally many.
    decimal_comma
        Whether numbers in it may be written with a comma.
    """

    rows: tuple[tuple[Cell, ...], ...]
    decimal_comma: bool

    def value(self, cell: Cell) -> int | Decimal | str:
        """Return what a cell says: a number, or its text.

        Raises
        ------
        ValueError
            When people and machines would read the number differently.
        """
        if self.decimal_comma and _DECIMAL_COMMA.fullmatch(cell.text):
            return Decimal(cell.text.replace(",", "."))
        text = _LENGTH_WITH_COMMA.sub(r"\1.\2", cell.text) if self.decimal_comma else cell.text
        found = resolve(text)
        return found if isinstance(found, int | Decimal) and not isinstance(found, bool) else text


def parse_cells(content: str | bytes, file: str) -> Cells:
    r"""Read a table.

    Parameters
    ----------
    content
        Of the file; bytes must be UTF-8.
    file
        The name to show in messages.

    Raises
    ------
    ScenarioError
        With every problem found.

    Examples
    --------
    >>> cells = parse_cells("from;share\nshelter;0,43", "a.csv")
    >>> [cell.text for cell in cells.rows[1]], cells.value(cells.rows[1][1])
    (['shelter', '0,43'], Decimal('0.43'))
    """
    lines = _LINES.split(decode_text(content, file))
    first = next((line for line in lines if line.strip()), "")
    separator = next((one for one in SEPARATORS if one in first), ",")
    rows, problems = [], []
    for number, line in enumerate(lines, start=1):
        try:
            row = _split(line, number, separator)
        except _Wrong as wrong:
            message, column = wrong.args
            problems.append(
                Problem(path=(), message=message, file=file, line=number, column=column)
            )
            continue
        if any(cell.text for cell in row):
            rows.append(row)
    if problems:
        raise ScenarioError(problems)
    return Cells(rows=tuple(rows), decimal_comma=separator == ";")


class _Wrong(Exception):
    """What is wrong in a line, and in which column."""


def _split(line: str, number: int, separator: str) -> tuple[Cell, ...]:
    if found := UNPRINTABLE.search(line.replace("\t", " ")):
        code = f"U+{ord(found.group()):04X}"
        raise _Wrong(f"the character {code} is not allowed in a table", found.start() + 1)
    cells = []
    at = 0
    while True:
        start = at + len(line[at:]) - len(line[at:].lstrip())
        if line[start : start + 1] == '"':
            text, end = _quoted(line, start, separator)
        else:
            end = line.find(separator, at)
            end = len(line) if end < 0 else end
            start, text = min(start, end), line[at:end].strip()
        cells.append(Cell(text=text, line=number, column=start + 1))
        if end >= len(line):
            return tuple(cells)
        at = end + 1


def _quoted(line: str, start: int, separator: str) -> tuple[str, int]:
    """Return the text of a cell in quotation marks, and where the cell ends."""
    found = re.compile(r'"((?:[^"]|"")*)"\s*').match(line, start)
    if found is None:
        raise _Wrong(
            "the quotation mark opened here is never closed; a cell stands on one line", start + 1
        )
    end = found.end()
    if end < len(line) and line[end] != separator:
        message = f"'{separator}' is missing after the closing quotation mark"
        raise _Wrong(message, end + 1)
    return found.group(1).replace('""', '"').strip(), end
