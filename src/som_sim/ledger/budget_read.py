"""Budget tables from CSV and xlsx: rows with an amount, and what each row is a part of.

The hierarchy is a column that names each row's parent, a column of levels, or the indentation of
the names. Among rows of one level, one that is called a total (``I alt``, ``Samlet``, ``Sum``,
``Total``) is the sum of those before it. An ambiguous table is a problem with a place, not a guess.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from som_sim.core.errors import Problem, ScenarioError, suggest
from som_sim.ledger.budget_amounts import MOST_DECIMALS, amount_of, bare, decimal_sign
from som_sim.ledger.budget_grid import BULLETS, Grid, GridCell, read_grid

HEADINGS = {
    "name": ("navn", "post", "budgetpost", "linje", "tekst", "konto", "område", "name", "item",
             "line", "row", "account"),
    "amount": ("beløb", "budget", "kr.", "kr", "kroner", "dkk", "amount"),
    "parent": ("hører under", "overordnet", "under", "del af", "parent", "part of", "belongs to"),
    "level": ("niveau", "level"),
    "key": ("nr.", "nr", "nummer", "id", "kode", "number", "code"),
}  # fmt: skip
TOTAL = re.compile(r"(?i)(i alt|ialt|samlet|sum|total)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """A row of a budget.

    Attributes
    ----------
    number
        Its position among the rows, from 0.
    name, key
        What it is called, and its number or code, if the table has one.
    amount
        Kroner; None for a heading.
    parent
        The `number` of the row it is a part of; None at the top.
    line
        Where it stands in the file, from 1.
    """

    number: int
    name: str
    amount: Decimal | None
    parent: int | None
    line: int
    key: str = ""

    @property
    def stated(self) -> Decimal:
        """The amount; 0 for a heading."""
        return self.amount if self.amount is not None else Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetTable:
    """A budget as it was read; `unit` is the last digit in which its amounts are stated."""

    file: str
    rows: tuple[BudgetRow, ...]
    unit: Decimal


def read_budget(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    amount: str | None = None,
    parent: str | None = None,
    sheet: str | None = None,
) -> BudgetTable:
    """Read a budget table; for the arguments see `som_sim.ledger.budget.reconcile_budget`.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    grid = read_grid(path, sheet)
    columns, first = _columns(grid, {"name": name, "amount": amount, "parent": parent})
    body = [row for row in grid.rows[first:] if any(cell.text.strip() for cell in row)]
    amounts, unit = _amounts(grid, body, columns["amount"])
    rows = [
        BudgetRow(
            number=number,
            name=_cell(row, columns["name"]).text.strip().lstrip(BULLETS).strip(),
            key=_cell(row, columns["key"]).text.strip() if "key" in columns else "",
            amount=value,
            parent=None,
            line=row[0].line,
        )
        for number, (row, value) in enumerate(zip(body, amounts, strict=True))
    ]
    if "parent" in columns:
        parents = _named_parents(grid, body, rows, columns["parent"])
    else:
        parents = _by_level(rows, _levels(grid, body, columns))
    if not any(one is not None for one in parents):
        message = (
            "the table has no hierarchy: name each row's parent in a column 'parent', give levels, "
            "or indent the names of parts"
        )
        raise ScenarioError([Problem(path=(), message=message, file=grid.file)])
    done = tuple(replace(row, parent=one) for row, one in zip(rows, parents, strict=True))
    return BudgetTable(file=grid.file, rows=done, unit=unit)


def _cell(row: tuple[GridCell, ...], column: int) -> GridCell:
    if column < len(row):
        return row[column]
    return GridCell(text="", line=row[0].line, column=column + 1)


# Columns ---------------------------------------------------------------------------------------


def _columns(grid: Grid, asked: dict[str, str | None]) -> tuple[dict[str, int], int]:
    """Return the column of each role, and the number of the first row of the table's body."""
    filled = [n for n, row in enumerate(grid.rows) if any(cell.text.strip() for cell in row)]
    if not filled:
        raise ScenarioError([Problem(path=(), message="the table is empty", file=grid.file)])
    named = [one for one in asked.values() if one is not None]
    start = _first_row(grid, filled, named)
    head = grid.rows[start]
    headings = [cell.text.strip() for cell in head]
    has_head = _is_head(head, named)
    found: dict[str, int] = {}
    for role, wanted in asked.items():
        if wanted is not None:
            same = [n for n, text in enumerate(headings) if text.lower() == wanted.lower()]
            if not has_head or not same:
                message = f"there is no column '{wanted}'; {suggest(wanted, headings)}"
                raise ScenarioError([_problem(grid, head[0], message)])
            found[role] = same[0]
    if has_head:
        for role, words in HEADINGS.items():
            for column, text in enumerate(headings):
                if role not in found and column not in found.values() and text.lower() in words:
                    found[role] = column
    body = grid.rows[start + has_head :]
    free = [n for n in range(max(map(len, grid.rows))) if n not in found.values()]
    if "amount" not in found:
        holding = [n for n in free if any(_is_amount(_cell(row, n)) for row in body if row)]
        if len(holding) != 1:
            listed = ", ".join(f"'{headings[n]}'" for n in holding if n < len(headings))
            message = (
                f"several columns hold amounts: {listed}; say which one is meant (--amount)"
                if holding
                else "no column holds amounts"
            )
            raise ScenarioError([_problem(grid, head[0], message)])
        found["amount"] = holding[0]
        free.remove(holding[0])
    if "name" not in found:
        texts = [n for n in free if any(_cell(row, n).text.strip() for row in body if row)]
        if not texts:
            raise ScenarioError([_problem(grid, head[0], "no column holds the names of rows")])
        found["name"] = texts[0]
    return found, start + has_head


def _first_row(grid: Grid, filled: list[int], asked: list[str]) -> int:
    """Return where the table begins: below what stands alone above its headings, a title, say."""
    known = {word for words in HEADINGS.values() for word in words}
    known |= {word.lower() for word in asked}
    for number in filled:
        row = grid.rows[number]
        texts = [cell.text.strip().lower() for cell in row if cell.text.strip()]
        if len(texts) > 1:
            return number if known & set(texts) and _is_head(row, asked) else filled[0]
    return filled[0]


def _is_head(row: tuple[GridCell, ...], asked: list[str]) -> bool:
    """Tell headings from a first row of amounts; years can be headings beside a usual one."""
    texts = [cell.text.strip().lower() for cell in row]
    if any(word.lower() in texts for word in asked):
        return True
    amounts = [text for cell, text in zip(row, texts, strict=True) if _is_amount(cell)]
    usual = {word for words in HEADINGS.values() for word in words}
    years = all(re.fullmatch("(19|20)[0-9]{2}", text) for text in amounts)
    return not amounts or (years and bool(usual & set(texts)))


def _is_amount(cell: GridCell) -> bool:
    return cell.number is not None or bare(cell.text) is not None


def _problem(grid: Grid, cell: GridCell, message: str) -> Problem:
    return Problem(path=(), message=message, file=grid.file, line=cell.line, column=cell.column)


# Amounts ---------------------------------------------------------------------------------------


def _amounts(
    grid: Grid, body: list[tuple[GridCell, ...]], column: int
) -> tuple[list[Decimal | None], Decimal]:
    """Return the amount of each row, and the last digit in which amounts are stated."""
    cells = [_cell(row, column) for row in body]
    problems: list[Problem] = []
    texts = [found[0] for cell in cells if cell.number is None and (found := bare(cell.text))]
    try:
        sign = decimal_sign(texts)
    except ValueError as error:
        raise ScenarioError([_problem(grid, cells[0], str(error))]) from None
    amounts: list[Decimal | None] = []
    for cell in cells:
        value = cell.number
        if value is None and cell.text.strip():
            found = bare(cell.text)
            try:
                if found is None:
                    raise ValueError(f"'{cell.text.strip()}' is not an amount")
                value = amount_of(*found, sign)
            except ValueError as error:
                problems.append(_problem(grid, cell, str(error)))
        amounts.append(value)
    if problems:
        raise ScenarioError(problems)
    decimals = max((_decimals(one) for one in amounts if one is not None), default=0)
    return amounts, Decimal(1).scaleb(-decimals)


def _decimals(amount: Decimal) -> int:
    return min(max(-int(amount.as_tuple().exponent), 0), MOST_DECIMALS)


# Hierarchy -------------------------------------------------------------------------------------


def _named_parents(
    grid: Grid, body: list[tuple[GridCell, ...]], rows: list[BudgetRow], column: int
) -> list[int | None]:
    """Return each row's parent by the name or the number in its cell."""
    known: dict[str, list[int]] = {}
    for row in rows:
        for word in {row.name.lower(), row.key.lower()} - {""}:
            known.setdefault(word, []).append(row.number)
    parents: list[int | None] = []
    problems: list[Problem] = []
    for cells in body:
        cell = _cell(cells, column)
        wanted = cell.text.strip()
        numbers = known.get(wanted.lower(), [])
        if wanted and len(numbers) != 1:
            message = (
                f"several rows are called '{wanted}'; give them numbers in a column 'nr'"
                if numbers
                else f"there is no row '{wanted}'; {suggest(wanted, [one.name for one in rows])}"
            )
            problems.append(_problem(grid, cell, message))
        parents.append(numbers[0] if len(numbers) == 1 else None)
    for row in rows:
        seen, at = {row.number}, parents[row.number]
        while at is not None and at not in seen:
            seen.add(at)
            at = parents[at]
        if at == row.number:
            message = f"'{row.name}' is a part of itself"
            problems.append(_problem(grid, _cell(body[row.number], column), message))
    if problems:
        raise ScenarioError(problems)
    return parents


def _levels(grid: Grid, body: list[tuple[GridCell, ...]], columns: dict[str, int]) -> list[int]:
    """Return how deep each row lies: what its level says, or how far its name is indented."""
    if "level" not in columns:
        return [_cell(row, columns["name"]).indent for row in body]
    levels, problems = [], []
    for row in body:
        cell = _cell(row, columns["level"])
        text = str(cell.number) if cell.number is not None else cell.text.strip()
        if not text.isdecimal():
            problems.append(_problem(grid, cell, f"'{text}' is not a level; write 1, 2, 3, ..."))
        levels.append(int(text) if text.isdecimal() else 0)
    if problems:
        raise ScenarioError(problems)
    return levels


def _by_level(rows: list[BudgetRow], levels: list[int]) -> list[int | None]:
    """Return each row's parent: the nearest row above that lies less deep, or the total below."""
    parents: list[int | None] = []
    above: list[int] = []
    for row, level in zip(rows, levels, strict=True):
        while above and levels[above[-1]] >= level:
            above.pop()
        parents.append(above[-1] if above else None)
        above.append(row.number)
    totals = {row.number for row in rows if _is_total(row, rows, parents, levels)}
    for number in sorted(totals):
        before = [
            one
            for one in range(number)
            if parents[one] == parents[number] and levels[one] == levels[number]
        ]
        plain = [one for one in before if one not in totals]
        for one in plain or before:
            parents[one] = number
    return parents


def _is_total(
    row: BudgetRow, rows: list[BudgetRow], parents: list[int | None], levels: list[int]
) -> bool:
    """Tell a total below its parts: it is called nothing else, or is the last of its level."""
    found = TOTAL.match(row.name)
    if found is None or row.amount is None or row.number in parents:
        return False
    after = [
        one
        for one in rows[row.number + 1 :]
        if parents[one.number] == parents[row.number] and levels[one.number] == levels[row.number]
    ]
    return not row.name[found.end() :].strip(" :.") or not after
