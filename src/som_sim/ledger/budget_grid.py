"""The cells of a CSV or xlsx file, each with its place and how far its text is indented."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

from som_sim.core.errors import Problem, ScenarioError, SomSimError, suggest
from som_sim.core.read import read_content
from som_sim.core.yaml_tree import MAX_BYTES, decode_text

PACKAGED = ("randers_2019_center", "randers_2019_units")
"""Budget tables that come with the package, by name."""
SEPARATORS = (";", "\t", ",")
_XLSX = b"PK\x03\x04"
BULLETS = "-–•*"
FLOAT_DIGITS = 6
"""Decimals kept of a number in a workbook: more are the noise of binary floats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """A cell: its text as written, its number where the file has one, its place from 1."""

    text: str
    line: int
    column: int
    number: Decimal | None = None
    indent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A file's rows; they need not be equally long, and none is without a cell."""

    file: str
    rows: tuple[tuple[GridCell, ...], ...]


def read_grid(path: str | os.PathLike[str], sheet: str | None = None) -> Grid:
    """Read a CSV or xlsx file, or a table of the package by its name.

    Raises
    ------
    ScenarioError
        When it cannot be read.
    SomSimError
        When it is a workbook and the library for it is not installed.
    """
    name = os.fsdecode(path)
    if name in PACKAGED and not os.path.exists(name):
        packaged = files("som_sim.knowledge").joinpath("budgets", f"{name}.csv")
        return _from_csv(packaged.read_bytes(), name)
    _, content = read_content(name, most=10 * MAX_BYTES)
    if content.startswith(_XLSX):
        return _from_workbook(content, name, sheet)
    return _from_csv(content, name)


def _whole(file: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(path=(), message=message, file=file)])


def _from_csv(content: bytes, file: str) -> Grid:
    text = decode_text(content, file)
    lines = [line for line in text.splitlines() if line.strip()][:10]
    separator = max(SEPARATORS, key=lambda one: sum(one in line for line in lines))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    try:
        for row in reader:
            rows.append(
                tuple(
                    GridCell(
                        text=text, line=reader.line_num, column=number + 1, indent=_indent(text)
                    )
                    for number, text in enumerate(row or [""])
                )
            )
    except csv.Error as error:
        message = f"the line cannot be split into cells: {error}"
        raise ScenarioError(
            [Problem(path=(), message=message, file=file, line=reader.line_num, column=1)]
        ) from None
    return Grid(file=file, rows=tuple(rows))


def _indent(text: str) -> int:
    """Return how far a text is indented; a tab is four spaces, and a bullet indents too."""
    plain = text.replace("\t", "    ").replace("\u00a0", " ")
    inside = plain.lstrip(" ")
    bullet = len(inside) > 1 and inside[0] in BULLETS and inside[1] == " "
    return len(plain) - len(inside) + 2 * bullet


def _from_workbook(content: bytes, file: str, sheet: str | None) -> Grid:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise SomSimError(
            'reading a workbook needs openpyxl: pip install "som-sim[excel]"; or save it as CSV'
        ) from None
    try:
        book = load_workbook(io.BytesIO(content), data_only=True)
        formulas = load_workbook(io.BytesIO(content))
    except Exception as error:  # whatever a broken file makes the library raise
        raise _whole(file, f"is no workbook that can be read: {error}") from None
    if sheet is not None and sheet not in book.sheetnames:
        raise _whole(file, f"there is no sheet '{sheet}'; {suggest(sheet, book.sheetnames)}")
    page = book[sheet] if sheet is not None else book.worksheets[0]
    _check_worked_out(page, formulas[page.title], file)
    rows = []
    for line, row in enumerate(page.iter_rows(), start=1):
        rows.append(tuple(_workbook_cell(cell, line, n) for n, cell in enumerate(row, start=1)))
    return Grid(file=file, rows=tuple(row for row in rows if row))


def _check_worked_out(page: Any, formulas: Any, file: str) -> None:
    """Refuse formulas whose value no program has stored: their cells would read as empty."""
    problems = [
        Problem(
            path=(),
            message=f"the formula {cell.value} has no stored value; open the workbook in a "
            "spreadsheet program and save it",
            file=file,
            line=cell.row,
            column=cell.column,
        )
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f" and _is_bare(page.cell(cell.row, cell.column))
    ]
    if problems:
        raise ScenarioError(problems)


def _is_bare(cell: Any) -> bool:
    """Tell a formula without a value from one whose value is an empty text."""
    return cell.value is None and cell.data_type == "n"


def _workbook_cell(cell: object, line: int, column: int) -> GridCell:
    value = getattr(cell, "value", None)
    alignment = getattr(cell, "alignment", None)
    indent = int(getattr(alignment, "indent", 0) or 0)
    number = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = round(Decimal(repr(value)), FLOAT_DIGITS).normalize()
    text = "" if value is None else str(value)
    return GridCell(
        text=text, line=line, column=column, number=number, indent=_indent(text) + 2 * indent
    )
