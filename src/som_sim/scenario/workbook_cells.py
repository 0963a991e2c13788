"""One cell of a workbook to a plain value, and back.

A number is a number and words are words; whatever else a file can hold stands as YAML on one line.
A text that would be read as something else stands in quotation marks. Danish habits are understood
where no words are expected: ``0,43``, ``1.234,50``, ``61 dage``, ``ja``.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

from som_sim.core.errors import ScenarioError
from som_sim.core.yaml_flow import flow, number_text
from som_sim.core.yaml_scalars import resolve
from som_sim.core.yaml_tree import parse_value
from som_sim.scenario.workbook_layout import SEE

MOST_CHARACTERS = 32_000
NOTHING = ("null", "~")
_YAML = ('"', "{", "[")
_COMMA = re.compile(r"([-+]?)([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)")
_LENGTH = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([a-zæøå]+)", re.IGNORECASE)
_UNITS = {
    "time": "hours", "timer": "hours", "dag": "days", "dage": "days", "døgn": "days",
    "uge": "weeks", "uger": "weeks", "måned": "months", "måneder": "months", "år": "years",
}  # fmt: skip
_TRUTH = {"ja": True, "nej": False, "sand": True, "falsk": False}
_LARGEST_EXACT = 2**53


def cell_of(value: object, *, words: bool) -> str | int | float | bool:
    """Return what to write in a cell.

    Parameters
    ----------
    value
        A plain value of a file.
    words
        Whether the column holds words.

    Raises
    ------
    ValueError
        When it is too long for a cell.

    Examples
    --------
    >>> cell_of(Decimal("0.43"), words=False), cell_of("2017", words=False)
    (0.43, '"2017"')
    """
    written: str | int | float | bool
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        number = float(value)
        exact = abs(number) < _LARGEST_EXACT and Decimal(repr(number)) == value
        return (int(value) if value == int(value) else number) if exact else number_text(value)
    if value is None:
        return NOTHING[0]
    if isinstance(value, str):
        written = value if _as_it_is(value, words) else json.dumps(value, ensure_ascii=False)
    else:
        written = flow(value)
    if len(written) > MOST_CHARACTERS:
        raise ValueError(f"{len(written)} characters are too many for a cell")
    return written


def _as_it_is(text: str, words: bool) -> bool:
    """Say whether a text is read back from a cell as it is."""
    try:
        if not text.strip() or text.startswith(SEE) or not text.isprintable():
            return False
        return bool(value_of(text, words=words) == text)
    except (ValueError, ScenarioError):
        return False


def value_of(cell: object, *, words: bool, truth: bool = False, months: bool = False) -> Any:
    """Return what a cell says; a cell that is not empty.

    Parameters
    ----------
    cell
        What the workbook has: text, a number, true or false, a date.
    words
        Whether the column holds words.
    truth
        Whether *ja* and *nej* are meant.
    months
        Whether a date is shown without its day.

    Raises
    ------
    ValueError, ScenarioError
        With the sentence for the user.

    Examples
    --------
    >>> value_of("0,43", words=False), value_of("61 dage", words=False)
    (Decimal('0.43'), '61 days')
    >>> value_of("0,43", words=True)
    '0,43'
    """
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, dt.datetime | dt.date):
        return cell.strftime("%Y-%m" if months else "%Y-%m-%d")
    if not isinstance(cell, str):
        raise ValueError(f"{cell} is of a kind that no scenario has; write a text or a number")
    text = cell.strip()
    if text.startswith(_YAML):
        return parse_value(text, "")
    if text in NOTHING:
        return None
    if words:
        return text
    if truth and text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    if found := _COMMA.fullmatch(text):
        return Decimal(f"{found[1]}{found[2].replace('.', '')}.{found[3]}")
    return resolve(_in_english(text)) if text else text


def _number(cell: float) -> int | Decimal:
    if isinstance(cell, int):
        return cell
    if cell != cell or cell in (float("inf"), float("-inf")):
        raise ValueError(f"{cell} is not a finite number")
    return int(cell) if cell.is_integer() else Decimal(repr(cell))


def _in_english(text: str) -> str:
    """Return a length of time as the format has it."""
    found = _LENGTH.fullmatch(text)
    if found and (found[2].lower() in _UNITS or "," in found[1]):
        unit = _UNITS.get(found[2].lower(), found[2])
        return f"{found[1].replace(',', '.')} {unit}"
    return text
