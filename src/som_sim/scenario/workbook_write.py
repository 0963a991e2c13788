"""A scenario as a workbook: one sheet a section, read back as the same scenario.

Whatever stands in a file stands in a cell as text or number, never as a formula. The same tree
gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from som_sim.core.errors import SomSimError
from som_sim.scenario.workbook_cells import cell_of
from som_sim.scenario.workbook_layout import (
    CHILDREN,
    DOMAIN,
    INDEX,
    KEY,
    KEYED,
    LISTED,
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
    columns_of,
    flattened,
    heading,
    is_text,
    sheet_name,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

NEED_EXCEL = 'reading and writing xlsx needs openpyxl: pip install "som-sim[excel]"'
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST, NARROWEST = 60, 9
HEAD_COLOUR = "DDEBF7"
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms)")


class _Pointer(str):
    """A cell that says on which sheet something stands."""


Row = tuple[tuple[str, ...], list[tuple[Column, Any]] | None]
"""Names of an item and its cells; None for an item with nothing, not even keys."""


def workbook_bytes(data: dict[str | int, Any], lang: str = "en") -> bytes:
    """Return a workbook with what a scenario's tree says.

    Parameters
    ----------
    data
        The plain tree of a file, as `som_sim.core.yaml_tree.Document` has it.
    lang
        The language of sheet names and headings.

    Raises
    ------
    SomSimError
        When openpyxl is missing, or a value fits in no cell.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise SomSimError(NEED_EXCEL) from None
    book = Workbook()
    book.remove(book.worksheets[0])
    index = _sheet(book, INDEX, lang)
    listed: list[Row] = []
    for key, value in data.items():
        inline = not _sheets(book, str(key), value, lang)
        shown = value if inline else _Pointer(f"{SEE} {sheet_name(str(key), lang)}")
        listed.append(((str(key),), [((VALUE,), shown)]))
    _table(index, listed, (KEY,), lang)
    try:
        return _packed(book)
    except ValueError as error:
        raise SomSimError(f"the workbook cannot be written: {error}") from None


def _sheet(book: Workbook, section: str, lang: str) -> Worksheet:
    sheet: Worksheet = book.create_sheet(sheet_name(section, lang)[:31])
    return sheet


def _sheets(book: Workbook, section: str, value: Any, lang: str) -> bool:
    """Write a section on sheets of its own; False when it has another shape than its sheets."""
    if section in KEYED and isinstance(value, dict):
        rows: list[Row] = [
            ((".".join(_named(column, lang)),), [((VALUE,), one)])
            for column, one in flattened(value)
        ]
        _table(_sheet(book, section, lang), rows, (KEY,), lang, keys=True)
    elif section in NAMED and isinstance(value, dict) and _records(value.values()):
        _items(book, section, value, lang)
    elif section in LISTED and isinstance(value, list) and _records(value):
        _list(book, section, value, lang)
    elif section == STATES and isinstance(value, dict) and value:
        if not all(
            isinstance(one, dict) and one and _records(one.values()) for one in value.values()
        ):
            return False
        states: list[Row] = [
            ((str(domain), str(state)), None if one is None else flattened(one))
            for domain, listed in value.items()
            for state, one in listed.items()
        ]
        _table(_sheet(book, section, lang), states, (DOMAIN, STATE), lang)
    elif section == PARTED and isinstance(value, dict) and value:
        if not all(isinstance(one, list) and _records(one) for one in value.values()):
            return False
        for part, listed in value.items():
            _list(book, f"{section}.{part}", listed, lang)
    else:
        return False
    return True


def _records(values: Any) -> bool:
    return all(one is None or isinstance(one, dict) for one in values)


def _whole(values: list[Any]) -> bool:
    return all(isinstance(one, dict) for one in values)


def _named(column: Column, lang: str) -> tuple[str, ...]:
    return (heading(column, lang),)


def _list(book: Workbook, section: str, value: list[Any], lang: str) -> None:
    rows: list[Row] = [((), None if one is None else flattened(one)) for one in value]
    _table(_sheet(book, section, lang), rows, (), lang)


def _items(book: Workbook, section: str, value: dict[Any, Any], lang: str) -> None:
    child = CHILDREN.get(section)
    rows: list[Row] = []
    below: list[Row] = []
    for name, record in value.items():
        cells = None if record is None else flattened(record)
        inner = record.get(child) if record and child else None
        if cells and child and isinstance(inner, list) and inner and _whole(inner):
            see = _Pointer(f"{SEE} {sheet_name(f'{section}.{child}', lang)}")
            cells = [(one, see if one == (child,) else it) for one, it in cells]
            below += [((str(name),), flattened(one)) for one in inner]
        rows.append(((str(name),), cells))
    _table(_sheet(book, section, lang), rows, (NAME,), lang)
    if below:
        _table(_sheet(book, f"{section}.{child}", lang), below, (NAME,), lang)


def _table(
    sheet: Worksheet, rows: Sequence[Row], names: tuple[str, ...], lang: str, *, keys: bool = False
) -> None:
    """Write headings and rows; rows whose keys have another order than the columns say theirs."""
    columns = columns_of([column for column, _ in cells] for _, cells in rows if cells)
    place = {column: number for number, column in enumerate(columns, start=len(names) + 1)}
    unusual = [_order(named, cells, place, lang) for named, cells in rows]
    order = len(names) + len(columns) + 1
    heads = [*((one,) for one in names), *columns, *([(ORDER,)] if any(unusual) else [])]
    for number, column in enumerate(heads, start=1):
        _write(sheet, 1, number, heading(column, lang), bold=True)
    for line, ((named, cells), said) in enumerate(zip(rows, unusual, strict=True), start=2):
        for number, name in enumerate(named, start=1):
            _write(sheet, line, number, name)
        for column, value in cells or ():
            key = column_meant(named[0]) if keys else column
            pointer = isinstance(value, _Pointer)
            written = str(value) if pointer else cell_of(value, words=is_text(key))
            _write(sheet, line, place[column], written)
        if said:
            _write(sheet, line, order, said)
    _dress(sheet, len(names), order if any(unusual) else 0)


def _order(
    named: tuple[str, ...],
    cells: list[tuple[Column, Any]] | None,
    place: dict[Column, int],
    lang: str,
) -> str:
    """Return what the column of the order says of a row: nothing, where it is the columns' own."""
    if cells is None:
        return "null"
    if not cells:
        return "" if named else "empty"  # a row needs some cell to be seen
    numbers = [place[column] for column, _ in cells]
    if numbers == sorted(numbers):
        return ""
    return ", ".join(heading(column, lang) for column, _ in cells)


def _write(sheet: Worksheet, row: int, column: int, value: object, *, bold: bool = False) -> None:
    from openpyxl.styles import Font, PatternFill

    cell: Any = sheet.cell(row=row, column=column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(FORMULA):
            cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor=HEAD_COLOUR)


def _dress(sheet: Worksheet, n_names: int, order: int) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = sheet.cell(row=2, column=n_names + 1).coordinate
    for number, column in enumerate(sheet.iter_cols(), start=1):
        widest = max((len(str(cell.value)) for cell in column if cell.value is not None), default=0)
        width = min(max(widest + 2, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    if order:
        sheet.column_dimensions[get_column_letter(order)].hidden = True


def _packed(book: Workbook) -> bytes:
    """Return the bytes of a workbook, without the time at which it was made."""
    made, packed = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", content)
            still = zipfile.ZipInfo(item.filename, date_time=(1980, 1, 1, 0, 0, 0))
            still.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(still, content)
    return packed.getvalue()
