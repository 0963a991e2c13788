"""``use: section_110_day``: a number from the knowledge base, by its name.

Before the sections are read, ``use`` is replaced by what the entry says: the figures, the price
year, the grade, the note, and the source, which joins ``sources`` as ``kb_...``. So the scenario is
audited and its digest taken as if everything had been written out. Beside ``use`` an item says the
rest; a figure that the entry gives cannot be said as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from som_sim.core.errors import Path, Problem, ScenarioError, suggest
from som_sim.core.locate import locate
from som_sim.core.records import Record
from som_sim.core.yaml_tree import Document, Position
from som_sim.knowledge.entry_forms import (
    CountForm,
    EffectForm,
    GoalForm,
    IndexForm,
    KnownForm,
    PriceForm,
)
from som_sim.knowledge.files import KnowledgeFile, knowledge_base, laid_over
from som_sim.scenario.own_knowledge import SECTION
from som_sim.scenario.quantities import USE

SOURCE_PREFIX = "kb_"
ITEMS: dict[str, tuple[str, ...]] = {
    "prices": ("price",),
    "indices": ("index",),
    "targets": ("goal",),
    "observations": ("count", "goal"),
    "parameters": ("effect", "count", "price"),
}
"""Sections whose items can be made of an entry, and of which kinds; elsewhere it gives a value."""

PEOPLE = ("persons", "citizens")
WANTED: dict[str, tuple[str, ...]] = {
    "hazard_ratio": ("hazard ratio",),
    "odds_ratio": ("odds ratio",),
    "risk_ratio": ("risk ratio", "ratio"),
    "rate_per_year": ("per year",),
    "per_year": ("persons a year", "stays a year"),
    "probability": ("share",),
    "share": ("share",),
    "share_of_waiting": ("share",),
    "share_reached": ("share",),
    "persons": PEOPLE,
    "persons_per_month": (),
    "places": ("places", "dwellings", "flats"),
    "amount": ("kr.",),
}
"""The units that an entry may have in the place of a key. Own entries may say others in words of
their own, which are taken as they are."""
KNOWN_UNITS = {unit for units in WANTED.values() for unit in units} | {
    *("citizens a worker", "days", "share of the time", "time", "Canadian dollars"),
    "kr. a citizen, 2012",
}


class _Own(Record):
    """The part of a scenario that holds its own knowledge."""

    knowledge: KnowledgeFile | None = None


def with_entries(document: Document) -> Document:
    """Return a document with what entries say in place of their names.

    Raises
    ------
    ScenarioError
        With every problem in the uses, or in the own knowledge they may mean.
    """
    if not _mentions(document.data):
        return document
    own: dict[str | int, Any] = {SECTION: document.data.get(SECTION)}
    try:
        known = laid_over(knowledge_base(), _Own.model_validate(own).knowledge)
    except ValidationError as error:
        raise ScenarioError(locate(error, replace(document, data=own), _Own)) from None
    using = _Using(document=document, known=known, positions=dict(document.positions))
    data = {
        key: value if key == SECTION else using.tree(value, (key,))
        for key, value in document.data.items()
    }
    if using.problems:
        raise ScenarioError(using.problems)
    if using.sources:
        declared = data.get("sources")
        data["sources"] = {**(declared if isinstance(declared, dict) else {}), **using.sources}
    return replace(document, data=data, positions=MappingProxyType(using.positions))


def _mentions(value: Any) -> bool:
    if isinstance(value, dict):
        return USE in value or any(_mentions(one) for key, one in value.items() if key != SECTION)
    return isinstance(value, list) and any(map(_mentions, value))


@dataclass(slots=True, kw_only=True)
class _Using:
    """One pass over a tree."""

    document: Document
    known: KnowledgeFile
    positions: dict[Path, Position]
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, Any] = field(default_factory=dict)

    def tree(self, value: Any, path: Path) -> Any:
        """Return a part of the tree with its uses replaced."""
        if isinstance(value, list):
            return [self.tree(one, (*path, number)) for number, one in enumerate(value)]
        if not isinstance(value, dict):
            return value
        value = {
            key: one if key == USE else self.tree(one, (*path, key)) for key, one in value.items()
        }
        return self.item(value, path) if USE in value else value

    def item(self, item: dict[str | int, Any], path: Path) -> dict[str | int, Any]:
        """Return an item with what its entry gives."""
        at = (*path, USE)
        try:
            name, year = _named(item[USE])
            entry = self.known.entries.get(name)
            if entry is None:
                raise ValueError(
                    f"'{name}' is nothing that the knowledge base has; "
                    f"{_near(name, tuple(self.known.entries))}"
                )
            given = gives(entry, name, year, path)
        except ValueError as error:
            self.problems.append(self.document.problem(at, str(error)))
            return {key: one for key, one in item.items() if key != USE}
        if entry.source is not None:
            self.sources[f"{SOURCE_PREFIX}{entry.source}"] = self.source(entry.source)
            given["source"] = f"{SOURCE_PREFIX}{entry.source}"
        written: dict[str | int, Any] = {}
        for key, one in item.items():
            if key == USE:
                continue
            if key in given and key not in ("label", "note", "grade"):
                self.problems.append(
                    self.document.problem(
                        (*path, key),
                        f"'{name}' gives this; take it out, or take out 'use'",
                        at_key=True,
                    )
                )
            written[key] = one
        place = self.document.positions.get(at, Position())
        for key in given:
            if key not in written:
                self.positions[(*path, key)] = place
        return {**given, **written}

    def source(self, name: str) -> dict[str, str]:
        """Return a source of the knowledge base as a scenario writes it."""
        form = self.known.sources.get(name)
        if form is None:
            return {"title": name}
        return {key: one for key, one in form.model_dump().items() if one is not None}


def _near(name: str, names: tuple[str, ...]) -> str:
    said = suggest(name, names)
    return said if said.startswith("did you") else "see 'som-sim knowledge list'"


def _named(use: object) -> tuple[str, int | None]:
    """Return the name of an entry and the year that is meant."""
    if isinstance(use, str) and use:
        return use, None
    if (
        isinstance(use, dict)
        and set(use) <= {"entry", "year"}
        and isinstance(use.get("entry"), str)
    ):
        year = use.get("year")
        if year is None or (isinstance(year, int) and not isinstance(year, bool)):
            return str(use["entry"]), year
    raise ValueError("write the name of an entry, or {entry: name, year: 2023}")


def gives(entry: KnownForm, name: str, year: int | None, path: Path) -> dict[str | int, Any]:
    """Return the keys that an entry gives to the item at a path.

    Raises
    ------
    ValueError
        With the sentence for the user, when the entry does not fit the place, or a year is needed.
    """
    section = str(path[0])
    kind = str(getattr(entry, "kind", ""))
    as_item = section in ITEMS and len(path) == 2
    if as_item and kind not in ITEMS[section]:
        raise ValueError(
            f"'{name}' is of kind {kind}; {section} take {' or '.join(ITEMS[section])}"
        )
    if isinstance(entry, PriceForm | EffectForm | CountForm) and not as_item:
        _fits(entry, name, str(path[-1]))
    found: dict[str | int, Any]
    if isinstance(entry, PriceForm):
        found = _price(entry, name, year, as_price=as_item and section == "prices")
    elif isinstance(entry, IndexForm) and as_item:
        found = {"values": dict(entry.values)}
    elif isinstance(entry, GoalForm) and as_item:
        found = _goal(entry, section)
    elif isinstance(entry, EffectForm):
        found = {"value": entry.value}
    elif isinstance(entry, CountForm):
        found = {"value": entry.values[_year(entry.values, name, year)]}
        if section == "observations" and entry.n is not None:
            found["n"] = entry.n
    else:
        raise ValueError(f"'{name}' is of kind {kind}, which gives no single value")
    if as_item:
        found["label"] = {"da": entry.label.da, "en": entry.label.en}
    if entry.grade is not None:
        found["grade"] = entry.grade
    if entry.note is not None:
        found["note"] = entry.note
    return found


def _fits(entry: PriceForm | EffectForm | CountForm, name: str, key: str) -> None:
    """Refuse an entry whose unit is another than the place's."""
    unit = "kr." if isinstance(entry, PriceForm) else entry.unit
    wanted = WANTED.get(key)
    if wanted is not None and unit in KNOWN_UNITS and unit not in wanted:
        takes = f"takes {' or '.join(wanted)}" if wanted else "has no entry that fits"
        raise ValueError(f"'{name}' is in {unit}; '{key}' {takes}")


def _price(
    entry: PriceForm, name: str, year: int | None, *, as_price: bool
) -> dict[str | int, Any]:
    if entry.undated is not None:
        if year is not None:
            raise ValueError(f"'{name}' has no year; its source states none")
        found: dict[str | int, Any] = {"amount": entry.undated}
    else:
        year = _year(entry.values, name, year)
        found = {"amount": entry.values[year], "price_year": year}
    return {**found, "per": entry.per} if as_price else {"value": found["amount"]}


def _goal(entry: GoalForm, section: str) -> dict[str | int, Any]:
    if section == "observations":
        found: dict[str | int, Any] = {"value": entry.baseline}
    else:
        found = {"baseline": entry.baseline, "goal": entry.goal, "better": entry.better}
    return {**found, "n": entry.n} if entry.n is not None else found


def _year(values: Mapping[int, Any], name: str, year: int | None) -> int:
    listed = ", ".join(str(one) for one in sorted(values))
    if year is None:
        if len(values) > 1:
            raise ValueError(
                f"'{name}' has {listed}; say which is meant: use: {{entry: {name}, year: "
                f"{max(values)}}}"
            )
        return int(next(iter(values)))
    if year not in values:
        raise ValueError(f"'{name}' has nothing for {year}; it has {listed}")
    return year
