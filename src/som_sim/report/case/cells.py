"""Cells and tables in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from som_sim.core import formats
from som_sim.core.texts import one_line, text
from som_sim.report.case.content import Cell, Column, Table
from som_sim.report.disclosure import SUPPRESSED

if TYPE_CHECKING:
    import pandas as pd

MINUS = "\N{MINUS SIGN}"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame, each as its columns' names and values."""
    rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    return rows


def words(written: object) -> Cell:
    """Return a cell with a text."""
    return Cell(text=one_line(str(written)))


def number(value: float, lang: str, decimals: int = 0) -> Cell:
    """Return a cell with a number."""
    written = formats.number(value, lang, decimals).replace("-", MINUS)
    return Cell(text=written, number=float(value))


def kroner(oere: int, lang: str, *, sign: bool = False) -> Cell:
    """Return an amount in whole kroner, without its unit; sorted by its øre."""
    amount = formats.oere_as_kroner(oere)
    written = formats.signed(amount, lang) if sign else formats.number(amount, lang)
    return Cell(text=written.replace("-", MINUS), number=float(oere) / 100)


def exact_kroner(oere: int, lang: str) -> Cell:
    """Return an amount with its øre, without its unit."""
    written = formats.number(formats.oere_as_kroner(oere), lang, 2)
    return Cell(text=written.replace("-", MINUS), number=float(oere) / 100)


def year(value: int) -> Cell:
    """Return a year, which takes no thousands separator."""
    return Cell(text=str(value), number=float(value))


def persons(value: float, lang: str, *, hidden: bool) -> Cell:
    """Return a count of persons to one decimal, or the mark of what is left out."""
    return Cell(text=SUPPRESSED) if hidden else number(value, lang, 1)


def table(
    key: str,
    lang: str,
    columns: Sequence[Any],
    rows: Sequence[Sequence[Cell]],
    *,
    caption: str,
    total: bool = False,
    note: str = "",
) -> Table:
    """Return a table; a column is its heading, or its heading and ``"text"`` or ``"long"``.

    A plain heading makes a column of numbers.
    """
    heads = [(column, "number") if isinstance(column, str) else column for column in columns]
    assert all(len(row) == len(heads) for row in rows), key
    return Table(
        key=key,
        caption=caption,
        columns=tuple(Column(heading=one_line(head), kind=kind) for head, kind in heads),  # type: ignore[arg-type]
        rows=tuple(tuple(row) for row in rows),
        total=total,
        note=note,
    )


def said(yes: bool, lang: str) -> str:
    """Return yes or no."""
    return text("yes" if yes else "no", lang)
