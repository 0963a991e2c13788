"""The shape of a case as a table: one sheet a block, as people know them from SØM's spreadsheet.

A heading may be written as the key, in Danish or in English. The same sheets make a CSV file, one
below the other, each after a line with its name in square brackets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from som_sim.core.errors import Path
from som_sim.core.names import PAYERS
from som_sim.som.case import MOST_LAGS

CASE, PARTICIPANTS, INDICES = "case", "participants", "indices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    key
        Its name.
    path
        Where its value stands in an item of the section.
    text
        Whether it holds words, which are never read as numbers.
    """

    key: str
    path: Path
    text: bool = False


def _columns(*keys: str, text: tuple[str, ...] = ()) -> tuple[Column, ...]:
    return tuple(Column(key=key, path=(key,), text=key in text) for key in keys)


_LABEL = (
    Column(key="label_da", path=("label", "da"), text=True),
    Column(key="label_en", path=("label", "en"), text=True),
)
_EVIDENCE = _columns("source", "grade", "note", text=("source", "grade", "note"))
_PAYERS = tuple(Column(key=payer, path=("payers", payer)) for payer in PAYERS)
_BOOKED = _columns(
    "transfer_to", "account", "udvalg", "paragraph", "index",
    text=("transfer_to", "account", "udvalg", "paragraph", "index"),
)  # fmt: skip
_NAME = Column(key="name", path=(), text=True)
_LAGS = tuple(
    Column(key=f"year_{lag}", path=("per_success", lag - 1)) for lag in range(1, MOST_LAGS + 1)
)

SHEETS: Mapping[str, tuple[Column, ...]] = {
    CASE: _columns("key", "value"),
    PARTICIPANTS: _columns("year", "persons"),
    "costs": (
        _NAME, *_LABEL, *_columns("kind", "per", "from", "to", "amount", "price_year"), *_PAYERS,
        *_BOOKED, *_EVIDENCE,
    ),
    "consequences": (
        _NAME, *_LABEL, *_columns("price", "direction", text=("price", "direction")), *_LAGS,
        *_EVIDENCE,
    ),
    "prices": (
        _NAME, *_LABEL, *_columns("unit", "amount", "price_year", text=("unit",)), *_PAYERS,
        *_BOOKED, *_EVIDENCE,
    ),
    INDICES: (
        *_columns("name", "year", "value", text=("name",)), *_EVIDENCE,
    ),
    "missing": (
        Column(key="input", path=("input",), text=True),
        Column(key="note_da", path=("note", "da"), text=True),
        Column(key="note_en", path=("note", "en"), text=True),
    ),
    "published": (
        *_columns(
            "figure", "payer", "amount", "rounded_to", "view", "derived", text=("figure", "payer")
        ),
        *_EVIDENCE,
    ),
    "sources": (
        _NAME, *_columns("title", "url", "date", "note", text=("title", "url", "date", "note")),
    ),
}  # fmt: skip
"""Every sheet with its columns; those with a name are mappings, the others lists."""

TITLES: Mapping[str, tuple[str, str]] = {
    CASE: ("Sag", "Case"),
    PARTICIPANTS: ("Deltagere", "Participants"),
    "costs": ("Omkostninger", "Costs"),
    "consequences": ("Konsekvenser", "Consequences"),
    "prices": ("Priser", "Prices"),
    INDICES: ("Prisindeks", "Indices"),
    "missing": ("Mangler", "Missing"),
    "published": ("Offentliggjort", "Published"),
    "sources": ("Kilder", "Sources"),
}

HEADINGS: Mapping[str, tuple[str, str]] = {
    "key": ("Oplysning", "Item"),
    "value": ("Værdi", "Value"),
    "year": ("År", "Year"),
    "persons": ("Deltagere", "Participants"),
    "name": ("Navn", "Name"),
    "label_da": ("Betegnelse (dansk)", "Label (Danish)"),
    "label_en": ("Betegnelse (engelsk)", "Label (English)"),
    "kind": ("Art", "Kind"),
    "per": ("Pr.", "Per"),
    "from": ("Fra", "From"),
    "to": ("Til", "To"),
    "amount": ("Beløb", "Amount"),
    "price_year": ("Prisår", "Price year"),
    "kommune": ("Kommune", "Municipality"),
    "region": ("Region", "Region"),
    "stat": ("Stat", "State"),
    "fond": ("Fond", "Foundation"),
    "borger": ("Borger", "Citizen"),
    "transfer_to": ("Overføres til", "Transferred to"),
    "account": ("Konto", "Account"),
    "udvalg": ("Udvalg", "Committee"),
    "paragraph": ("Paragraf", "Section of law"),
    "index": ("Prisindeks", "Index"),
    "source": ("Kilde", "Source"),
    "grade": ("Evidens", "Grade"),
    "note": ("Bemærkning", "Note"),
    "note_da": ("Bemærkning (dansk)", "Note (Danish)"),
    "note_en": ("Bemærkning (engelsk)", "Note (English)"),
    "price": ("Pris", "Price"),
    "direction": ("Retning", "Direction"),
    "unit": ("Enhed", "Unit"),
    "input": ("Input", "Input"),
    "figure": ("Tal", "Figure"),
    "payer": ("Betaler", "Payer"),
    "rounded_to": ("Afrundet til", "Rounded to"),
    "view": ("Prisniveau", "View"),
    "derived": ("Afledt", "Derived"),
    "title": ("Titel", "Title"),
    "url": ("Adresse", "Address"),
    "date": ("Dato", "Date"),
    **{f"year_{n}": (f"{n}. år", f"Year {n}") for n in range(1, MOST_LAGS + 1)},
}


def heading(key: str, lang: str) -> str:
    """Return the heading of a column in a language."""
    return HEADINGS[key][lang == "en"]


def sheet_called(written: str) -> str | None:
    """Return the sheet that a title means, in either language or as the key; None if none."""
    found = written.strip().casefold()
    return next(
        (key for key, titles in TITLES.items() if found in (key, *(t.casefold() for t in titles))),
        None,
    )


def column_called(sheet: str, written: str) -> Column | None:
    """Return the column of a sheet that a heading means; None if none."""
    found = written.strip().casefold()
    for column in SHEETS[sheet]:
        if found in (column.key, *(one.casefold() for one in HEADINGS[column.key])):
            return column
    return None
