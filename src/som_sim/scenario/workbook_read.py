"""A workbook to the tree that a scenario file has, with sheet and cell of every value.

Any bytes may come in: their size is bounded before they are unpacked, and nothing in them is run.
Of a formula the value that Excel kept is read. What is wrong is told with its sheet and cell.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from som_sim.core.errors import Path, Problem, ScenarioError, SomSimError
from som_sim.core.yaml_tree import MAX_BYTES, Document, Position
from som_sim.scenario.workbook_cells import value_of
from som_sim.scenario.workbook_layout import (
    CHILDREN,
    DOMAIN,
    INDEX,
    KEY,
    KEYED,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    NAME,
    NAMED,
    ORDER,
    PARTED,
    SEE,
    STATE,
    STATES,
    VALUE,
    Column,
    column_meant,
    is_text,
    section_meant,
)
from som_sim.scenario.workbook_write import NEED_EXCEL

MOST_UNPACKED = 30 * MAX_BYTES
BEGINNING = b"PK\x03\x04"
"""How every workbook (a zip file) begins."""
ASIDE = "_"
"""Sheets whose name begins so are the user's own and are not read."""
SHEET_LINES = 10**6
"""Lines are numbered through all sheets, so that problems come in the order of the sheets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A cell that is not empty."""

    value: object
    place: str
    line: int
    column: int
    months: bool = False
    broken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A sheet: what each heading means, and its rows, each by column number."""

    section: str
    title: str
    top: _Cell
    heads: dict[int, tuple[Column, _Cell]]
    rows: list[dict[int, _Cell]]


@dataclass(slots=True)
class _Reading:
    """The tree as far as it is read, and what was found wrong."""

    file: str
    data: dict[str | int, Any] = field(default_factory=dict)
    positions: dict[Path, Position] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, cell: _Cell, message: str) -> None:
        """Note what is wrong in a cell."""
        self.problems.append(
            Problem(
                path=(),
                message=message,
                file=self.file,
                line=cell.line,
                column=cell.column,
                cell=cell.place,
            )
        )

    def value(self, cell: _Cell, column: Column) -> Any:
        """Return what a cell says; None, with a problem noted, when that cannot be told."""
        if cell.broken:
            self.problem(cell, cell.broken)
            return None
        try:
            return value_of(
                cell.value, words=is_text(column), truth=column[-1] == "homeless",
                months=cell.months,
            )  # fmt: skip
        except ScenarioError as error:
            for one in error.problems:
                self.problem(cell, one.message)
        except ValueError as error:
            self.problem(cell, str(error))
        return None

    def placed(self, path: Path, value: Any, cell: _Cell, key: _Cell) -> None:
        """Note where a value and all in it stand."""
        self.positions[path] = Position(
            line=cell.line, column=cell.column, key_line=key.line, key_column=key.column,
            cell=cell.place, key_cell=key.place,
        )  # fmt: skip
        below = value.items() if isinstance(value, dict) else ()
        for part, inner in enumerate(value) if isinstance(value, list) else below:
            self.placed((*path, part), inner, cell, cell)


def parse_workbook(content: bytes, file: str) -> Document:
    """Read a workbook as a scenario file.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        The name to show in messages.

    Raises
    ------
    ScenarioError
        With every problem found, each with its sheet and cell.
    SomSimError
        When openpyxl is missing.
    """
    reading = _Reading(file)
    sheets = list(_sheets(content, file, reading))
    reading.positions[()] = Position(
        line=1, column=1, cell=f"{sheets[0].title}!A1" if sheets else ""
    )
    by_section: dict[str, _Sheet] = {}
    for sheet in sheets:
        if sheet.section in by_section:
            reading.problem(
                sheet.top, f"the sheet '{by_section[sheet.section].title}' is the same section"
            )
        by_section.setdefault(sheet.section, sheet)
    for key, cell in _in_order(by_section, reading):
        if cell is not None:
            value = reading.value(cell[1], (key,))
            reading.data[key] = value
            reading.placed((key,), value, cell[1], cell[0])
        elif key not in reading.data:
            _section(key, by_section, reading)
    if reading.problems:
        raise ScenarioError(sorted(reading.problems, key=lambda one: (one.line, one.column)))
    if not reading.data:
        raise ScenarioError([Problem(path=(), message="the workbook is empty", file=file)])
    return Document(data=reading.data, positions=MappingProxyType(reading.positions), file=file)


# The file -------------------------------------------------------------------------------------


def _sheets(content: bytes, file: str, reading: _Reading) -> Iterator[_Sheet]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise SomSimError(NEED_EXCEL) from None

    def refused(message: str) -> ScenarioError:
        return ScenarioError([Problem(path=(), message=message, file=file)])

    if len(content) > MAX_BYTES:
        raise refused(f"larger than {MAX_BYTES} bytes, the most that is read")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise refused("larger when unpacked than any scenario")
        shown = load_workbook(io.BytesIO(content), data_only=True)
        stated = load_workbook(io.BytesIO(content))
    except ScenarioError:
        raise
    except Exception as error:  # whatever a broken file makes the library raise
        raise refused(f"cannot be read as a workbook ({type(error).__name__})") from None
    total = 0
    for number, page in enumerate(shown.worksheets):
        if page.title.startswith(ASIDE):
            continue
        rows, columns = page.max_row or 0, page.max_column or 0
        total += rows * columns
        if rows > MOST_ROWS or columns > MOST_COLUMNS or total > MOST_CELLS * 20:
            raise refused(
                f"the sheet '{page.title}' is larger than any section; clear its far cells"
            )
        yield _sheet(page, stated[page.title], number, reading)


def _sheet(page: Any, stated: Any, number: int, reading: _Reading) -> _Sheet:
    title = str(page.title)

    def read(cell: Any) -> _Cell | None:
        formula = stated[cell.coordinate]
        broken = ""
        if formula.data_type == "f" and cell.value is None:
            broken = "the formula has no value yet; open the workbook in Excel and save it"
        elif cell.value is None or (isinstance(cell.value, str) and not cell.value.strip()):
            return None
        elif cell.data_type == "e":
            broken = f"the cell shows the error {cell.value}"
        shown_as = str(cell.number_format).lower()
        return _Cell(
            value=cell.value, place=f"{title}!{cell.coordinate}", column=int(cell.column),
            line=number * SHEET_LINES + int(cell.row), months="d" not in shown_as, broken=broken,
        )  # fmt: skip

    rows = []
    for row in page.iter_rows():
        cells = {int(cell.column): one for cell in row if (one := read(cell)) is not None}
        if cells:
            rows.append(cells)
    top = _Cell(value="", place=f"{title}!A1", line=number * SHEET_LINES + 1, column=1)
    heads = {
        column: (column_meant(str(cell.value)), cell)
        for column, cell in (rows[0].items() if rows else ())
    }
    seen: dict[Column, _Cell] = {}
    for meaning, cell in heads.values():
        if meaning in seen:
            reading.problem(cell, f"the heading '{cell.value}' is there twice")
        seen.setdefault(meaning, cell)
    return _Sheet(section=section_meant(title), title=title, top=top, heads=heads, rows=rows[1:])


def _in_order(
    sheets: dict[str, _Sheet], reading: _Reading
) -> Iterator[tuple[str, tuple[_Cell, _Cell] | None]]:
    """Yield each section and its cells in the index, if its value stands there."""
    index = sheets.get(INDEX)
    named = []
    for row in index.rows if index else ():
        cells = _row(index, row, reading) if index else []
        key = next((cell for column, cell in cells if column == (KEY,)), None)
        value = next((cell for column, cell in cells if column == (VALUE,)), None)
        if key is None:
            reading.problem(next(iter(row.values())), "a row without a key")
            continue
        section = section_meant(str(key.value))
        named.append(section)
        see = value is None or (isinstance(value.value, str) and value.value.startswith(SEE))
        if see and not _has_sheet(section, sheets):
            reading.problem(key, f"there is no sheet '{key.value}', and no value stands here")
            continue
        yield section, None if see or value is None else (key, value)
    for section in sheets:
        base = section.split(".")[0]
        if section != INDEX and base not in named:
            named.append(base)
            yield base, None


def _has_sheet(section: str, sheets: dict[str, _Sheet]) -> bool:
    return any(one == section or one.startswith(f"{section}.") for one in sheets)


# Sections -------------------------------------------------------------------------------------


def _section(key: str, sheets: dict[str, _Sheet], reading: _Reading) -> None:
    sheet = sheets.get(key)
    parts = {name: one for name, one in sheets.items() if name.startswith(f"{key}.")}
    top = (sheet or next(iter(parts.values()))).top
    reading.positions[(key,)] = Position(
        line=top.line, column=1, key_line=top.line, key_column=1, cell=top.place, key_cell=top.place
    )
    if key == PARTED and sheet is None:
        reading.data[key] = {}
        for name, part in parts.items():
            below = name.split(".", 1)[1]
            reading.data[key][below] = []
            reading.placed((key, below), [], part.top, part.top)
            _rows(part, (key, below), reading.data[key][below], reading)
        return
    if sheet is None:
        reading.problem(top, f"the sheet '{key}' that this belongs to is missing")
        return
    if key in KEYED:
        reading.data[key] = {}
        _keys(sheet, key, reading)
    elif key in NAMED:
        reading.data[key] = {}
        _names(sheet, (NAME,), reading)
        if key in CHILDREN and (child := sheets.get(f"{key}.{CHILDREN[key]}")):
            _children(child, key, CHILDREN[key], reading)
        _still_awaited(key, reading)
    elif key == STATES:
        reading.data[key] = {}
        _names(sheet, (DOMAIN, STATE), reading)
    else:
        reading.data[key] = []
        _rows(sheet, (key,), reading.data[key], reading)


def _row(
    sheet: _Sheet | None, row: dict[int, _Cell], reading: _Reading
) -> list[tuple[Column, _Cell]]:
    """Return the cells of a row with what their columns mean, in the order that is meant."""
    assert sheet is not None
    cells = []
    for number, cell in sorted(row.items()):
        if number not in sheet.heads:
            reading.problem(cell, "there is no heading above this")
            continue
        cells.append((sheet.heads[number][0], cell))
    said = next((cell for column, cell in cells if column == (ORDER,)), None)
    if said is None:
        return cells
    wanted = [column_meant(one) for one in str(said.value).split(",")]
    rank = {column: number for number, column in enumerate(wanted)}
    return sorted(cells, key=lambda one: rank.get(one[0], len(rank)))


def _is_null(cells: list[tuple[Column, _Cell]]) -> bool:
    return any(column == (ORDER,) and str(cell.value) == "null" for column, cell in cells)


def _record(
    sheet: _Sheet,
    cells: list[tuple[Column, _Cell]],
    path: Path,
    reading: _Reading,
    skip: tuple[Column, ...],
) -> dict[str | int, Any]:
    """Return the record that the cells of a row make."""
    record: dict[str | int, Any] = {}
    heads = dict(sheet.heads.values())
    for column, cell in cells:
        if column in skip or column == (ORDER,):
            continue
        holder, at = record, path
        for depth, part in enumerate(column[:-1]):
            at = (*at, part)
            if part not in holder:
                reading.placed(at, {}, cell, heads[column])
            below = holder.setdefault(part, {})
            if not isinstance(below, dict) or below is _SEEN:
                other = ".".join(column[: depth + 1])
                reading.problem(cell, f"'{other}' has a value of its own in this row")
                break
            holder = below
        else:
            if column[-1] in holder:
                reading.problem(cell, f"'{'.'.join(column)}' has other values in this row")
                continue
            see = isinstance(cell.value, str) and cell.value.startswith(SEE)
            value = _SEEN if see else reading.value(cell, column)
            holder[column[-1]] = value
            reading.placed((*at, column[-1]), None if see else value, cell, heads[column])
    return record


_SEEN: dict[Any, Any] = {}
"""Stands for a value that another sheet has, until that sheet is read."""


def _still_awaited(key: str, reading: _Reading) -> None:
    """Note what should stand on another sheet and does not."""
    for name, record in reading.data[key].items():
        for inner, value in record.items() if isinstance(record, dict) else ():
            if value is _SEEN:
                place = reading.positions[(key, name, inner)]
                message = f"the sheet that has {inner} has no row for '{name}'"
                reading.problems.append(
                    Problem(
                        path=(),
                        message=message,
                        file=reading.file,
                        line=place.line,
                        column=place.column,
                        cell=place.cell,
                    )
                )


def _keys(sheet: _Sheet, key: str, reading: _Reading) -> None:
    """Read a sheet with a row for each key."""
    pairs: list[tuple[Column, _Cell]] = []
    heads: dict[int, tuple[Column, _Cell]] = {}
    for row in sheet.rows:
        cells = dict(_row(sheet, row, reading))
        named, value = cells.get((KEY,)), cells.get((VALUE,))
        if named is None:
            reading.problem(next(iter(row.values())), "a row without a key")
        elif value is not None:
            column = column_meant(str(named.value))
            if column in dict(pairs):
                reading.problem(named, f"the key '{named.value}' is there twice")
                continue
            pairs.append((column, value))
            heads[len(heads)] = (column, named)
    flat = _Sheet(section=key, title=sheet.title, top=sheet.top, heads=heads, rows=[])
    reading.data[key] = _record(flat, pairs, (key,), reading, ())


def _names(sheet: _Sheet, names: tuple[str, ...], reading: _Reading) -> None:
    """Read a sheet with a row for each named record, one name or two deep."""
    skip = tuple((one,) for one in names)
    for row in sheet.rows:
        cells = _row(sheet, row, reading)
        found = dict(cells)
        called = [found.get(one) for one in skip]
        if not all(called):
            reading.problem(
                next(iter(row.values())), f"a row without a {names[called.index(None)]}"
            )
            continue
        path: Path = (sheet.section,)
        holder = reading.data[sheet.section]
        for depth, cell in enumerate(called):
            assert cell is not None
            name = str(cell.value).strip()
            path = (*path, name)
            if depth < len(called) - 1:
                if name not in holder:
                    reading.placed(path, {}, cell, cell)
                holder = holder.setdefault(name, {})
            elif name in holder:
                reading.problem(cell, f"the name '{name}' is there twice")
            else:
                reading.placed(path, {}, cell, cell)
                null = _is_null(cells)
                holder[name] = None if null else _record(sheet, cells, path, reading, skip)


def _rows(sheet: _Sheet, path: Path, into: list[Any], reading: _Reading) -> None:
    """Read a sheet with a row for each record of a list."""
    for row in sheet.rows:
        cells = _row(sheet, row, reading)
        first = next(iter(row.values()))
        reading.placed((*path, len(into)), {}, first, first)
        here = (*path, len(into))
        into.append(None if _is_null(cells) else _record(sheet, cells, here, reading, ()))


def _children(sheet: _Sheet, key: str, child: str, reading: _Reading) -> None:
    """Read the records that belong to named records of another sheet."""
    section = reading.data[key]
    for row in sheet.rows:
        cells = _row(sheet, row, reading)
        named = dict(cells).get((NAME,))
        name = str(named.value).strip() if named else ""
        if named is None or not isinstance(section.get(name), dict):
            cell = named or next(iter(row.values()))
            reading.problem(cell, f"'{name}' is no row of the sheet '{key}'")
            continue
        holder = section[name]
        if holder.get(child) is _SEEN or child not in holder:
            holder[child] = []
            reading.placed((key, name, child), [], named, named)
        if not isinstance(holder[child], list):
            reading.problem(named, f"'{name}' has {child} of its own on the sheet '{key}'")
            continue
        path = (key, name, child, len(holder[child]))
        reading.placed(path, {}, named, named)
        holder[child].append(_record(sheet, cells, path, reading, ((NAME,),)))
