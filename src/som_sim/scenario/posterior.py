"""Joint draws of parameters from a table beside the scenario: ``posterior: case.calibrated.csv``.

A calibration leaves what is known of some parameters together as a table, a column a parameter and
a row a draw, in base units: durations in years, rates per year. Every analysis that draws
parameters takes a whole row at a time, so that what goes together stays together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from som_sim.core.cells import Cell, Cells
from som_sim.core.errors import Path, Problem, ScenarioError
from som_sim.core.yaml_tree import Document
from som_sim.scenario.quantities import fail
from som_sim.scenario.tables import Tables

POSTERIOR = "posterior"
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Draws of some parameters that belong together.

    Attributes
    ----------
    names
        The parameters.
    draws : tuple of rows, a number for each of `names`, in base units
    """

    names: tuple[str, ...]
    draws: tuple[tuple[float, ...], ...]


def _read(value: object) -> Posterior:
    if isinstance(value, Posterior):
        return value
    raise fail("write the name of one table, such as case.calibrated.csv")


PosteriorTable = Annotated[
    Posterior,
    PlainValidator(_read),
    WithJsonSchema({"type": "string", "description": "a table of draws, a CSV file"}),
]


def with_posterior(document: Document, tables: Tables) -> tuple[Document, list[Problem]]:
    """Return a document with the draws of the table it names, and what is wrong with the table."""
    name = document.data.get(POSTERIOR) if isinstance(document.data, dict) else None
    if not isinstance(name, str):
        return document, []
    path: Path = (POSTERIOR,)
    try:
        shown, cells = tables.cells(name, document.positions.get(path))
        table = _table(cells, shown)
    except ValueError as error:
        return document, [document.problem(path, str(error))]
    except ScenarioError as error:
        return document, [replace(one, path=one.path or path) for one in error.problems]
    return replace(document, data={**document.data, POSTERIOR: table}), []


def _table(cells: Cells, file: str) -> Posterior:
    rows = cells.rows
    if not 3 <= len(rows) <= MOST_ROWS + 1:
        raise ValueError(
            f"a table of draws has a line of names and 2 to {MOST_ROWS:,} draws, not "
            f"{max(len(rows) - 1, 0):,}"
        )
    head, problems = rows[0], []

    def wrong(cell: Cell, message: str) -> None:
        problems.append(
            Problem(path=(), message=message, file=file, line=cell.line, column=cell.column)
        )

    names = tuple(cell.text for cell in head)
    for cell in head:
        if names.count(cell.text) > 1 or not cell.text:
            wrong(cell, f"'{cell.text}' is no name of one column")
    draws = []
    for row in rows[1:]:
        if len(row) != len(head):
            wrong(row[0], f"{len(row)} cells, but the first line has {len(head)} names")
            continue
        numbers = [_number(cells, cell) for cell in row]
        for cell, number in zip(row, numbers, strict=True):
            if number is None:
                wrong(cell, f"'{cell.text}' is no finite number")
        draws.append(tuple(0.0 if number is None else number for number in numbers))
    if problems:
        raise ScenarioError(problems)
    return Posterior(names=names, draws=tuple(draws))


def _number(cells: Cells, cell: Cell) -> float | None:
    try:
        value = cells.value(cell)
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
