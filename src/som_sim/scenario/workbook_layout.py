"""How a scenario lies in a workbook: one sheet a section, one row an item, one column a key.

The sheet `INDEX` lists the sections in order, with the value of those that are one value. A key
below a key has a heading with a dot (``payers.kommune``); what is nested deeper stands in one cell
as YAML on one line. Sheets and headings may be in English or Danish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from som_sim.scenario.key_words import KEY_WORDS, danish, key_meant

INDEX = "scenario"
DANISH_INDEX = "scenarie"
NAME, KEY, VALUE, ORDER = "name", "key", "value", "order"
DOMAIN, STATE = "domain", "state"
DANISH = {ORDER: "rækkefølge", DOMAIN: "domæne", STATE: "tilstand"}
"""Words of a workbook that are no keys of the format."""

KEYED = ("meta", "time", "money", "law")
"""Sections that are one record: a row for each key."""
NAMED = (
    "clocks", "strata", "parameters", "programmes", "prices", "indices", "grants", "values",
    "targets", "strategies", "sources",
)  # fmt: skip
"""Sections of records with a name each."""
LISTED = ("correlations", "transitions", "observations")
"""Sections that are a list of records."""
STATES = "domains"
PARTED = "population"
"""The section whose keys are lists of records, a sheet each."""
CHILDREN = {"programmes": "effects"}
"""A key of a section's records that is a list of records with a sheet of its own."""
SEE = "→"
"""Begins a cell that says where else something stands."""

TEXTS = (
    "title", "description", "author", "label", "note", "url", "date", "udvalg", "paragraph",
)  # fmt: skip
"""Keys whose value is words, in which nothing else is read."""
DEEP = ("indicator",)
DEPTH, DEEP_DEPTH = 2, 4
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 20_000, 400, 100_000

_FLAT = re.compile(r"[A-Za-z0-9_-]+")

Column = tuple[str, ...]


def flattened(record: dict[Any, Any], above: Column = ()) -> list[tuple[Column, Any]]:
    """Return the cells of a record: the way to each and its value, in order.

    Examples
    --------
    >>> flattened({"per": "year", "payers": {"kommune": 1, "stat": 0}})
    [(('per',), 'year'), (('payers', 'kommune'), 1), (('payers', 'stat'), 0)]
    """
    cells: list[tuple[Column, Any]] = []
    for key, value in record.items():
        column = (*above, str(key))
        depth = DEEP_DEPTH if column[0] in DEEP else DEPTH
        if isinstance(value, dict) and value and len(column) < depth and _flat(value):
            cells += flattened(value, column)
        else:
            cells.append((column, value))
    return cells


def _flat(mapping: dict[Any, Any]) -> bool:
    return all(_FLAT.fullmatch(str(key)) for key in mapping)


def columns_of(rows: Iterable[list[Column]]) -> list[Column]:
    """Return the columns of a sheet, in an order that fits as many rows as it can.

    Examples
    --------
    >>> columns_of([[("a",), ("c",)], [("a",), ("b",), ("c",)]])
    [('a',), ('b',), ('c',)]
    """
    columns: list[Column] = []
    for row in rows:
        after = 0
        for column in row:
            if column in columns:
                after = max(after, columns.index(column) + 1)
            else:
                columns.insert(after, column)
                after += 1
    return columns


def is_text(column: Column) -> bool:
    """Say whether a column holds words."""
    return bool(column) and (column[-1] in TEXTS or (len(column) > 1 and column[-2] in TEXTS))


def heading(column: Column, lang: str) -> str:
    """Return the heading of a column in a language.

    Examples
    --------
    >>> heading(("payers", "kommune"), "da"), heading(("from", "gruppe"), "en")
    ('betalere.kommune', 'from."gruppe"')
    """
    return ".".join(_word(part, lang) for part in column)


def _word(part: str, lang: str) -> str:
    if part in DANISH:
        return DANISH[part] if lang == "da" else part
    word = danish(part) if lang == "da" and "." not in danish(part) else part
    return word if meant(word) == part else f'"{part}"'


def meant(word: str) -> str:
    """Return the key that one word of a heading means; in quotation marks it means itself."""
    word = word.strip()
    if len(word) > 1 and word[0] == word[-1] == '"' and '"' not in word[1:-1]:
        return word[1:-1]
    plain = word.lower()
    back = {danish_word: key for key, danish_word in DANISH.items()}
    if plain in DANISH or plain in back:
        return back.get(plain, plain)
    return key_meant(word)


def column_meant(written: str) -> Column:
    """Return the column that a heading means.

    Examples
    --------
    >>> column_meant("Betalere.kommune"), column_meant("pr."), column_meant("pladser.2019-06")
    (('payers', 'kommune'), ('per',), ('places', '2019-06'))
    """
    plain = " ".join(written.split()).lower()
    if meant(plain) != plain or plain in KEY_WORDS:  # a Danish word may have a dot in it
        return (meant(plain),)
    return tuple(meant(part) for part in written.strip().split("."))


def sheet_name(section: str, lang: str) -> str:
    """Return the name of a section's sheet."""
    if section == INDEX:
        return DANISH_INDEX if lang == "da" else INDEX
    return heading(tuple(section.split(".")), lang)


def section_meant(sheet: str) -> str:
    """Return the section that a sheet's name means."""
    if sheet.strip().lower() in (INDEX, DANISH_INDEX):
        return INDEX
    return ".".join(column_meant(sheet))
