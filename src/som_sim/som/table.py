"""A case as a table, CSV or xlsx: written to be filled in, and read like any other case.

What is wrong in a table is said with the place of the cell: line and column of a CSV file, row and
column of a sheet.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

from som_sim.core.cells import Cell, Cells, parse_cells
from som_sim.core.errors import Path, Problem, ScenarioError, SomSimError, path_text, suggest
from som_sim.core.yaml_scalars import plain_number
from som_sim.core.yaml_tree import Document, Position
from som_sim.scenario.overrides import parse_path
from som_sim.som.read import Case
from som_sim.som.sheets import (
    CASE,
    INDICES,
    PARTICIPANTS,
    SHEETS,
    TITLES,
    Column,
    column_called,
    heading,
    sheet_called,
)

FORMULA_STARTS = ("=", "+", "-", "@")
TEXT_ENDS = ("da", "en", "note", "source", "grade", "title", "author", "currency", "language")
AS_JSON = "bridge"
NEED_EXCEL = 'reading and writing xlsx needs openpyxl: pip install "som-sim[excel]"'
MOST_ROWS, MOST_COLUMNS = 2000, 60
Rows = list[list[Any]]


# Writing ---------------------------------------------------------------------------------------


def tables_of(case: Case) -> dict[str, Rows]:
    """Return the rows of each sheet of a case that has any, without headings."""
    data = case.document.data
    tables = {CASE: [[path_text(path), value] for path, value in _single(data)]}
    start = (data.get("participants") or {}).get("start") or {}
    tables[PARTICIPANTS] = [[year, persons] for year, persons in start.items()]
    tables[INDICES] = [
        [name, year, value, *(index.get(key) for key in ("source", "grade", "note"))]
        for name, index in (data.get(INDICES) or {}).items()
        for year, value in index["values"].items()
    ]
    for sheet, columns in SHEETS.items():
        if sheet in tables:
            continue
        section = data.get(sheet) or {}
        named = section.items() if isinstance(section, dict) else ((None, one) for one in section)
        tables[sheet] = [[_cell(name, item, column) for column in columns] for name, item in named]
    return {sheet: tables[sheet] for sheet in SHEETS if tables[sheet]}


def _single(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield what stands in no other sheet, value by value."""
    for key, value in data.items():
        here = (*path, key)
        if (not path and key in SHEETS and key != PARTICIPANTS) or here == (PARTICIPANTS, "start"):
            continue
        if here == (AS_JSON,):
            yield here, json.dumps(value, default=str, ensure_ascii=False)
        elif isinstance(value, dict):
            yield from _single(value, here)
        elif value is not None:
            yield here, value


def _cell(name: object, item: Any, column: Column) -> Any:
    if not column.path:
        return name
    if column.key == "direction":
        return "less" if "less" in item else "more"
    if column.path[0] == "per_success":
        units, position = item.get("less") or item.get("more"), int(column.path[1])
        return units[position] if position < len(units) else None
    value = item
    for part in column.path:
        if isinstance(value, str):
            return value  # a plain string serves both languages
        value = (value or {}).get(part)
    return value


def write_table(case: Case, path: str | os.PathLike[str], lang: str = "da") -> None:
    """Write a case as a table, by the ending of the name: CSV or xlsx.

    Parameters
    ----------
    case
        What `load_case` returned.
    path
        Where to; an existing file is replaced as a whole.
    lang
        Language of headings. A Danish CSV has ``;`` between cells and a decimal comma.

    Raises
    ------
    SomSimError
        When the ending is another, openpyxl is not there, or the file cannot be written.
    """
    target = FilePath(path)
    ending = target.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise SomSimError(f"'{target.name}' ends neither in .csv nor in .xlsx")
    tables = tables_of(case)
    try:
        with tempfile.TemporaryDirectory(prefix=".som-", dir=target.absolute().parent) as folder:
            ready = FilePath(folder) / target.name
            if ending == ".csv":
                ready.write_text(csv_of(tables, lang), encoding="utf-8", newline="\n")
            else:
                _write_xlsx(tables, ready, lang)
            os.replace(ready, target)
    except OSError as error:
        raise SomSimError(f"cannot write {target}: {error.strerror or error}") from None


def csv_of(tables: dict[str, Rows], lang: str) -> str:
    """Return sheets as one CSV text."""
    separator = ";" if lang == "da" else ","
    lines = []
    for sheet, rows in tables.items():
        title = TITLES[sheet][lang == "en"]
        heads = [heading(column.key, lang) for column in SHEETS[sheet]]
        width = max(2, len(heads))
        lines.append(separator.join([f"[{title}]", *[""] * (width - 1)]))
        lines += [
            separator.join(_written(one, lang, separator) for one in row) for row in [heads, *rows]
        ]
    return "\n".join(lines) + "\n"


def _written(value: object, lang: str, separator: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        number = plain_number(Decimal(value))
        return number.replace(".", ",") if lang == "da" else number
    text = " ".join(str(value).split())
    text = f"'{text}" if text.startswith(FORMULA_STARTS) else text
    return '"' + text.replace('"', '""') + '"' if separator in text or '"' in text else text


def _write_xlsx(tables: dict[str, Rows], path: FilePath, lang: str) -> None:
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font, PatternFill
    except ImportError:
        raise SomSimError(NEED_EXCEL) from None
    book = Workbook()
    book.remove(book.worksheets[0])
    to_fill = PatternFill("solid", fgColor="FFF8E1")
    for sheet, rows in tables.items():
        page = book.create_sheet(TITLES[sheet][lang == "en"])
        page.append([heading(column.key, lang) for column in SHEETS[sheet]])
        for cell in page[1]:
            cell.font = Font(bold=True)
        page.freeze_panes = "A2"
        for number, row in enumerate(rows, start=2):
            for position, value in enumerate(row, start=1):
                cell = page.cell(row=number, column=position)
                cell.fill = to_fill
                if isinstance(value, Decimal):
                    cell.value = float(value)
                elif isinstance(value, bool | int):
                    cell.value = value
                elif value is not None:
                    cell.value = " ".join(str(value).split())
                    cell.data_type = "s"  # never a formula
    book.save(path)


# Reading ---------------------------------------------------------------------------------------


def read_table(content: bytes, file: str) -> Document:
    """Read a table to the tree of a case, each value with the place of its cell.

    Raises
    ------
    ScenarioError
        With every problem found.
    SomSimError
        When openpyxl is not there.
    """
    sheets = (
        _xlsx_sheets(content, file)
        if file.lower().endswith(".xlsx")
        else _csv_sheets(content, file)
    )
    reader = _Reader(file)
    for sheet, cells, name in sheets:
        reader.sheet(sheet, cells, name)
    if reader.problems:
        raise ScenarioError(reader.problems)
    return Document(data=reader.data, positions=MappingProxyType(reader.positions), file=file)


Sheets = list[tuple[str, Cells, str]]


def _unknown(title: str) -> str:
    titles = [one for two in TITLES.values() for one in two]
    return f"'{title}' is no sheet of a case; {suggest(title, titles)}"


def _csv_sheets(content: bytes, file: str) -> Sheets:
    cells = parse_cells(content, file)
    found: Sheets = []
    rows: list[tuple[Cell, ...]] = []
    sheet = ""
    problems = []
    for row in [*cells.rows, ()]:
        first = row[0].text if row else "[]"
        if not (first.startswith("[") and first.endswith("]")):
            rows.append(row)
            continue
        if sheet:
            found.append((sheet, Cells(rows=tuple(rows), decimal_comma=cells.decimal_comma), file))
        elif rows:
            message = "a table of a case begins with the name of a sheet, as [Sag]"
            problems.append(_problem(rows[0][0], message, file))
        rows, sheet = [], ""
        if row:
            sheet = sheet_called(first[1:-1]) or ""
            if not sheet:
                problems.append(_problem(row[0], _unknown(first[1:-1]), file))
                rows = []
                sheet = ""
    if problems:
        raise ScenarioError(problems[:1] if len(problems) > 1 and not found else problems)
    return found


def _xlsx_sheets(content: bytes, file: str) -> Sheets:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise SomSimError(NEED_EXCEL) from None
    from io import BytesIO

    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except Exception:  # whatever a broken file makes the library raise
        raise ScenarioError(
            [Problem(path=(), message="this is no xlsx workbook", file=file)]
        ) from None
    found: Sheets = []
    for page in book.worksheets:
        sheet = sheet_called(page.title)
        name = f"{file} [{page.title}]"
        if sheet is None:
            raise ScenarioError([Problem(path=(), message=_unknown(page.title), file=name)])
        rows = []
        for number, row in enumerate(
            page.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True), start=1
        ):
            if number > MOST_ROWS and any(value is not None for value in row):
                message = f"a sheet of a case has at most {MOST_ROWS} rows"
                raise ScenarioError([Problem(path=(), message=message, file=name)])
            cells = tuple(
                Cell(text=_as_text(value), line=number, column=column)
                for column, value in enumerate(row, start=1)
            )
            if any(cell.text for cell in cells):
                rows.append(cells)
        found.append((sheet, Cells(rows=tuple(rows), decimal_comma=True), name))
    return found


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return plain_number(Decimal(repr(value))).replace(".", ",")
    return str(value).strip()


def _problem(cell: Cell, message: str, file: str) -> Problem:
    return Problem(path=(), message=message, file=file, line=cell.line, column=cell.column)


class _Reader:
    """A tree being filled from sheets."""

    def __init__(self, file: str) -> None:
        self.data: dict[str | int, Any] = {}
        self.positions: dict[Path, Position] = {}
        self.problems: list[Problem] = []
        self.file = file

    def sheet(self, sheet: str, cells: Cells, name: str) -> None:
        """Read one sheet."""
        if not cells.rows:
            return
        columns: dict[int, Column] = {}
        for position, cell in enumerate(cells.rows[0]):
            column = column_called(sheet, cell.text) if cell.text else None
            if column is not None:
                columns[position] = column
            elif cell.text:
                allowed = [heading(one.key, "da") for one in SHEETS[sheet]]
                message = f"'{cell.text}' is no column of this sheet; {suggest(cell.text, allowed)}"
                self.problems.append(_problem(cell, message, name))
        for number, row in enumerate(cells.rows[1:]):
            found = {
                columns[n].key: (columns[n], cell)
                for n, cell in enumerate(row)
                if n in columns and cell.text
            }
            if found:
                self.row(sheet, number, found, cells, name)

    def row(
        self,
        sheet: str,
        number: int,
        found: dict[str, tuple[Column, Cell]],
        cells: Cells,
        name: str,
    ) -> None:
        """Read one row of a sheet."""

        def value(key: str, text: bool = False) -> Any:
            column, cell = found[key]
            return self.value(cell, cells, name, text=text or column.text)

        first = next(iter(found.values()))[1]
        keyed = {
            CASE: ("key", "value"),
            PARTICIPANTS: ("year", "persons"),
            INDICES: ("name", "year", "value"),
        }
        for key in keyed.get(sheet, ("name",) if SHEETS[sheet][0].key == "name" else ()):
            if key not in found:
                message = f"'{heading(key, 'da')}' is empty in this row"
                self.problems.append(_problem(first, message, name))
                return
        if sheet == CASE:
            self.single(found["key"][1], found["value"][1], cells, name)
        elif sheet == PARTICIPANTS:
            self.put(
                (PARTICIPANTS, "start", value("year")), value("persons"), found["persons"][1], name
            )
        elif sheet == INDICES:
            index = (INDICES, value("name"))
            self.put((*index, "values", value("year")), value("value"), found["value"][1], name)
            for key in ("source", "grade", "note"):
                if key in found:
                    self.put((*index, key), value(key), found[key][1], name)
        else:
            self.item(sheet, number, found, cells, name)

    def item(
        self,
        sheet: str,
        number: int,
        found: dict[str, tuple[Column, Cell]],
        cells: Cells,
        name: str,
    ) -> None:
        """Read one item of a section: a mapping where items have names, a list where not."""
        named = SHEETS[sheet][0].key == "name"
        key: str | int = found["name"][1].text if named else number
        if not named:
            self.data.setdefault(sheet, []).append({})
            key = len(self.data[sheet]) - 1
        home: Path = (sheet, key)
        if named and home in self.positions:
            self.problems.append(
                _problem(found["name"][1], f"the name '{key}' stands here twice", name)
            )
            return
        self.place(home, next(iter(found.values()))[1], name)
        side = found["direction"][1].text if "direction" in found else "less"
        for column, cell in found.values():
            if column.key in ("name", "direction"):
                continue
            path = (side, column.path[1]) if column.path[0] == "per_success" else column.path
            self.put((*home, *path), self.value(cell, cells, name, text=column.text), cell, name)

    def single(self, key: Cell, cell: Cell, cells: Cells, name: str) -> None:
        """Read one row of the case's own sheet."""
        try:
            path = parse_path(key.text)
        except ValueError as error:
            self.problems.append(_problem(key, str(error), name))
            return
        if path == (AS_JSON,):
            try:
                self.put(path, json.loads(cell.text, parse_float=Decimal), cell, name)
            except ValueError:
                self.problems.append(_problem(cell, "this is no JSON", name))
            return
        text = str(path[-1]) in TEXT_ENDS
        self.put(path, self.value(cell, cells, name, text=text), cell, name, key)

    def value(self, cell: Cell, cells: Cells, name: str, *, text: bool) -> Any:
        """Return what a cell says."""
        if text:
            return (
                cell.text[1:] if cell.text[:2] in {f"'{s}" for s in FORMULA_STARTS} else cell.text
            )
        if cell.text in ("true", "false"):
            return cell.text == "true"
        try:
            return cells.value(cell)
        except ValueError as error:
            self.problems.append(_problem(cell, str(error), name))
            return 0

    def place(self, path: Path, cell: Cell, name: str, key: Cell | None = None) -> None:
        at = key or cell
        self.positions.setdefault(path, Position(cell.line, cell.column, at.line, at.column, name))

    def put(self, path: Path, value: Any, cell: Cell, name: str, key: Cell | None = None) -> None:
        """Set a value at a path, making what holds it."""
        holder: Any = self.data
        for depth, part in enumerate(path[:-1]):
            self.place(path[: depth + 1], cell, name)
            following: Any = (
                [] if isinstance(path[depth + 1], int) and path[depth] in ("less", "more") else {}
            )
            if isinstance(holder, list):
                holder = holder[int(part)]
            else:
                holder = holder.setdefault(part, following)
            if not isinstance(holder, dict | list):
                message = f"{path_text(path[: depth + 1])} has a value already"
                self.problems.append(_problem(cell, message, name))
                return
        self.place(path, cell, name, key)
        last = path[-1]
        if isinstance(holder, list):
            with suppress(TypeError):
                if len(holder) != last:
                    self.problems.append(_problem(cell, "a year before this one is empty", name))
                    return
            holder.append(value)
        elif last in holder:
            self.problems.append(_problem(cell, f"{path_text(path)} stands here twice", name))
        else:
            holder[last] = value
