"""Tables as CSV that any program reads the same way, and that no program runs.

UTF-8, comma, line ends of one character, decimals with a point, numbers written so that reading
them back gives the same number. A text is one line, and one that a spreadsheet would take for a
formula is given an apostrophe in front; numbers are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    """Return a frame as CSV, with the same bytes for the same frame."""
    import pandas as pd

    shown = frame.rename(columns={name: harmless(name) for name in frame.columns})
    for name in shown.columns:
        if not pd.api.types.is_numeric_dtype(shown[name]):
            shown[name] = shown[name].map(harmless)
    return shown.to_csv(index=False, lineterminator="\n")
