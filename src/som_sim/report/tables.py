"""Tables as CSV that any program reads the same way, and that no program runs.

UTF-8, comma, line ends of one character, decimals with a point, numbers written so that reading
them back gives the same number. A text is one line, and one that a spreadsheet would take for a
formula is given an apostrophe in front; numbers are left alone.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from som_sim.core.texts import one_line

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def harmless(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("ACT"), harmless(-5)
    ("'=1+1", 'ACT', -5)
    """
    if not isinstance(value, str):
        return value
    line = one_line(value)  # a line end or a tab could start a new cell, and with it a formula
    return f"'{line}" if line.startswith(FORMULA_STARTS) else line


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV, with the same bytes for the same frame.

    Nothing is written where a value is missing. Whole amounts in øre are written without a
    fraction, also where a column with gaps holds them as floats.
    """
    columns = [_cells(frame[name], whole=str(name).endswith("_oere")) for name in frame.columns]
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow([harmless(name) for name in frame.columns])
    writer.writerows(zip(*columns, strict=True))
    return page.getvalue()


def _cells(column: pd.Series[Any], whole: bool) -> list[object]:
    values: list[Any] = column.tolist()
    missing = column.isna().tolist()
    written = {value: harmless(value) for value in set(values) if isinstance(value, str)}
    return [
        ""
        if gone
        else int(value)
        if whole and float(value).is_integer()
        else written.get(value, value)
        for value, gone in zip(values, missing, strict=True)
    ]
