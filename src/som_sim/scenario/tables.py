"""Transitions from a table beside the scenario: ``- {table: moves.csv}``.

Before the sections are read, the item is replaced by the rows that its table makes, as they would
stand in the scenario. Each value keeps the place of its cell, so whatever is wrong with it is told
with the table's line and column.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from som_sim.core.cells import Cells, parse_cells
from som_sim.core.errors import Path, Problem, ScenarioError, suggest
from som_sim.core.yaml_tree import Document, Position
from som_sim.scenario.files import boundary, read_named
from som_sim.scenario.overrides import SET
from som_sim.scenario.table_rows import EVIDENCE, TableReader, TableRow

SECTION = "transitions"
TABLE = "table"


@dataclass(slots=True, kw_only=True)
class Tables:
    """The tables that a scenario names, each read once.

    Attributes
    ----------
    folder
        Of the scenario; None for text that came from no file.
    read
        The cells of each table by its true path, in the order in which they were first named.
    """

    folder: str | None
    read: dict[str, Cells] = field(default_factory=dict)

    def content(self) -> list[Any]:
        """Return what the tables say that were read, for a digest."""
        return [
            [[cells.value(cell) for cell in row] for row in cells.rows]
            for cells in self.read.values()
        ]

    def expanded(self, document: Document) -> tuple[Document, list[Problem]]:
        """Return a document with the rows of its tables, and what is wrong with the tables.

        When something is, the document is returned as it was.
        """
        section = document.data.get(SECTION)
        if not isinstance(section, list) or not any(map(is_table, section)):
            return document, []
        first = next(number for number, item in enumerate(section) if is_table(item))
        problems: list[Problem] = []
        made: list[TableRow] = []
        for number in range(first, len(section)):
            path: Path = (SECTION, number)
            if not is_table(section[number]):
                message = (
                    "a row stands after a table; put tables last, so that the rows written here "
                    "keep their numbers"
                )
                problems.append(document.problem(path, message))
                continue
            try:
                made += self.rows(document, path)
            except ScenarioError as error:
                problems += [replace(one, path=one.path or path) for one in error.problems]
        if problems:
            return document, problems
        positions = {
            path: position
            for path, position in document.positions.items()
            if not (path[:1] == (SECTION,) and len(path) > 1 and int(path[1]) >= first)
        }
        for number, row in enumerate(made, start=first):
            positions |= {(SECTION, number, *path): one for path, one in row.positions.items()}
        data = {**document.data, SECTION: [*section[:first], *(row.data for row in made)]}
        return replace(document, data=data, positions=MappingProxyType(positions)), []

    def rows(self, document: Document, path: Path) -> list[TableRow]:
        """Return the transitions that an item's table makes.

        Raises
        ------
        ScenarioError
            With every problem in the item and its table.
        """
        item = document.value(path)
        strange = [key for key in item if key not in (TABLE, *EVIDENCE)]
        if strange:
            raise ScenarioError(
                document.problem(
                    (*path, key), f"unknown key; {suggest(key, (TABLE, *EVIDENCE))}", at_key=True
                )
                for key in strange
            )
        try:
            shown, cells = self.cells(item[TABLE], document.positions.get((*path, TABLE)))
        except ValueError as error:
            raise ScenarioError([document.problem((*path, TABLE), str(error))]) from None
        reader = TableReader(cells, shown)
        rows = reader.rows()
        if reader.problems:
            raise ScenarioError(reader.problems)
        for row in rows:
            for key in EVIDENCE:
                if key in item:
                    row.data[key] = item[key]
                    row.positions[(key,)] = document.positions.get((*path, key), Position())
        return rows

    def cells(self, name: object, position: Position | None) -> tuple[str, Cells]:
        """Return a table and its name in messages; it is looked for from the file that names it."""
        if not isinstance(name, str) or not name:
            raise ValueError("write the name of one file, such as moves.csv")
        if self.folder is None:
            raise ValueError(
                "this text stands in no folder to find the file from; load the scenario as a "
                "file, or say which folder is meant (folder=...)"
            )
        file = position.file if position else None
        folder = self.folder if file is None or file == SET else os.path.dirname(file)
        found = read_named(name, folder, boundary(self.folder))
        if found.identity not in self.read:
            self.read[found.identity] = parse_cells(found.content, found.shown)
        return found.shown, self.read[found.identity]


def is_table(item: object) -> bool:
    """Say whether an item of the list stands for a table."""
    return isinstance(item, dict) and TABLE in item
