"""The lines of a table of moves as transitions.

A line says one move: ``stratum`` (empty for all), ``domain``, ``from``, ``to``, perhaps ``if.work``
(the state of people in another domain, here work; empty for any), and either
``rate_per_year``, or ``probability`` and ``within``, or ``mean_stay`` and ``share``. The
probabilities out of one state for the same people are one row, as are the shares of one stay. A
line from a state to itself is the probability of staying: then the row must add to 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from som_sim.core.cells import Cell, Cells
from som_sim.core.errors import Path, Problem
from som_sim.core.yaml_tree import Position

WHO = ("stratum", "domain", "from", "to")
FORMS = (("rate_per_year",), ("probability", "within"), ("mean_stay", "share"))
EVIDENCE = ("source", "grade", "note")
COLUMNS = (*WHO, *(column for form in FORMS for column in form), *EVIDENCE)
NEEDED = ("domain", "from", "to")
IF = "if."
"""A column that begins so names a domain, in which people must be in the state that a line says."""
MAX_LINES = 5000
ROUNDING = Decimal("1e-9")
"""Probabilities written with decimals may miss 1 by so much."""


@dataclass(slots=True, kw_only=True)
class TableRow:
    """A transition as it would stand in the scenario, and the place of each of its values."""

    data: dict[str, Any] = field(default_factory=dict)
    positions: dict[Path, Position] = field(default_factory=dict)


class TableReader:
    """One table on its way to transitions."""

    def __init__(self, cells: Cells, file: str) -> None:
        self.cells, self.file = cells, file
        self.problems: list[Problem] = []

    def rows(self) -> list[TableRow]:
        """Return the transitions; what is wrong with the table is in `problems`."""
        if len(self.cells.rows) < 2:
            self.problem(None, f"an empty table; the first line names the columns: {_ways()}")
            return []
        if len(self.cells.rows) > MAX_LINES:
            self.problem(self.cells.rows[MAX_LINES][0], f"more than {MAX_LINES} lines")
            return []
        columns = self.columns()
        if self.problems:
            return []
        lines = [line for row in self.cells.rows[1:] for line in self.line(row, columns)]
        made = [self.row(group) for group in self.groups(lines)]
        return [] if self.problems else made

    def problem(self, cell: Cell | None, message: str) -> None:
        """Note what is wrong with a cell, or with the whole."""
        line, column = (1, 1) if cell is None else (cell.line, cell.column)
        self.problems.append(
            Problem(path=(), message=message, file=self.file, line=line, column=column)
        )

    def columns(self) -> dict[str, int]:
        """Return the number of each column."""
        columns: dict[str, int] = {}
        for number, cell in enumerate(self.cells.rows[0]):
            if not cell.text:
                continue
            if cell.text not in COLUMNS and not _is_if(cell.text):
                allowed = f"{', '.join(COLUMNS)}, if.DOMAIN"
                self.problem(cell, f"unknown column '{cell.text}'; allowed: {allowed}")
            elif cell.text in columns:
                self.problem(cell, f"the column '{cell.text}' stands twice")
            columns[cell.text] = number
        missing = [name for name in NEEDED if name not in columns]
        if missing and not self.problems:
            self.problem(
                self.cells.rows[0][0], f"the column '{missing[0]}' is missing; write {_ways()}"
            )
        return columns

    def line(self, row: tuple[Cell, ...], columns: dict[str, int]) -> Iterator[dict[str, Cell]]:
        """Yield the cells of a line that say something, by column, unless something is wrong."""
        for number, cell in enumerate(row):
            if cell.text and number not in columns.values():
                self.problem(cell, "there is no column here; each has its name on the first line")
                return
        found = {
            name: row[number]
            for name, number in columns.items()
            if number < len(row) and row[number].text
        }
        for name in NEEDED:
            if name not in found:
                self.problem(
                    row[columns[name]] if columns[name] < len(row) else row[-1],
                    f"'{name}' is empty",
                )
                return
        has = tuple(name for form in FORMS for name in form if name in found)
        if has not in FORMS:
            here = " and ".join(has) or "none of them"
            self.problem(row[0], f"write one of: {_forms()}; here: {here}")
            return
        yield found

    def groups(self, lines: list[dict[str, Cell]]) -> list[list[dict[str, Cell]]]:
        """Return the lines that make one row together, and say what stands twice."""
        groups: dict[tuple[str, ...], list[dict[str, Cell]]] = {}
        seen: dict[tuple[str, ...], int] = {}
        for line in lines:
            others = tuple(f"{key}={line[key].text}" for key in sorted(line) if key.startswith(IF))
            who = (*others, *(line[name].text if name in line else "" for name in WHO))
            if who in seen:
                message = f"this move stands twice; the first is on line {seen[who]}"
                self.problem(line["to"], message)
                continue
            seen[who] = line["to"].line
            form = next(one for one in FORMS if one[0] in line)
            alone = (who[-1],) if form == ("rate_per_year",) else ()
            groups.setdefault((*who[:-1], *form, *alone), []).append(line)
        return list(groups.values())

    def row(self, lines: list[dict[str, Cell]]) -> TableRow:
        """Return the transition that some lines make."""
        first = lines[0]
        row = _Building(TableRow(), self)
        row.put((), first["domain"])
        row.put(("from",), first["from"])
        row.value(("from", first["domain"].text), first["from"], text=True, key=first["domain"])
        if "stratum" in first:
            row.value(("stratum",), first["stratum"], text=True)
        for name in sorted(first):
            if name.startswith(IF):
                row.put(("if",), first[name])
                row.value(("if", name.removeprefix(IF)), first[name], text=True)
        if "rate_per_year" in first:
            row.value(("to",), first["to"], text=True)
            row.value(("rate_per_year",), first["rate_per_year"], line=first)
            return row.made
        if "probability" in first:
            self.same(lines, "within", "the probabilities out of one state are within one time")
            moving = self.moving(lines)
            row.value(("within",), first["within"])
            container, value = "probabilities", "probability"
        else:
            self.same(lines, "mean_stay", "people in one state have one mean stay")
            moving = lines
            row.put(("stay",), first["mean_stay"])
            row.value(("stay", "mean"), first["mean_stay"])
            container, value = "to", "share"
        row.put((container,), first[value])
        for line in moving:
            row.value((container, line["to"].text), line[value], line=line, key=line["to"])
        return row.made

    def same(self, lines: list[dict[str, Cell]], name: str, why: str) -> None:
        """Say which lines of a row differ where they may not."""
        first = lines[0][name]
        for line in lines[1:]:
            if line[name].text != first.text:
                message = f"{why}, and line {first.line} says {first.text}"
                self.problem(line[name], message)

    def moving(self, lines: list[dict[str, Cell]]) -> list[dict[str, Cell]]:
        """Return the lines without the one that says who stays, once the row adds to 1 with it."""
        moving = [line for line in lines if line["to"].text != line["from"].text]
        staying = next((line for line in lines if line not in moving), None)
        if staying is None:
            return lines
        if not moving:
            self.problem(staying["to"], "nobody leaves; leave this line out")
        values = [self.number(line["probability"]) for line in lines]
        known = [Decimal(value) for value in values if isinstance(value, int | Decimal)]
        total = sum(known, Decimal(0))
        if len(known) == len(values) and abs(total - 1) > ROUNDING:
            message = f"with those who stay the row must add to 1; it adds to {total:.10g}"
            self.problem(staying["probability"], message)
        return moving

    def number(self, cell: Cell) -> int | Decimal | str:
        """Return what a cell says; a number that can be misread is a problem."""
        try:
            return self.cells.value(cell)
        except ValueError as error:
            self.problem(cell, str(error))
            return 0


class _Building:
    """A row being made, each value with its place."""

    def __init__(self, made: TableRow, reader: TableReader) -> None:
        self.made, self.reader = made, reader

    def put(self, path: Path, cell: Cell, key: Cell | None = None) -> None:
        key = key or cell
        self.made.positions[path] = Position(
            cell.line, cell.column, key.line, key.column, self.reader.file
        )

    def value(
        self,
        path: Path,
        cell: Cell,
        *,
        text: bool = False,
        key: Cell | None = None,
        line: dict[str, Cell] | None = None,
    ) -> None:
        """Set the value at a path to what a cell says, with the evidence that its line gives."""
        value: Any = cell.text if text else self.reader.number(cell)
        evidence = {name: line[name] for name in EVIDENCE if name in line} if line else {}
        self.put(path, cell, key)
        if evidence:
            value = {"value": value, **{name: one.text for name, one in evidence.items()}}
            self.put((*path, "value"), cell)
            for name, one in evidence.items():
                self.put((*path, name), one)
        holder = self.made.data
        for part in path[:-1]:
            holder = holder.setdefault(str(part), {})
        holder[str(path[-1])] = value


def _is_if(column: str) -> bool:
    return column.startswith(IF) and column != IF


def _forms() -> str:
    return "; ".join(" and ".join(form) for form in FORMS)


def _ways() -> str:
    return f"{', '.join(WHO)}, and {_forms()}"
