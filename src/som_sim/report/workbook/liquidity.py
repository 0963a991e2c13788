"""The sheet of liquidity: who is out of pocket in which month, and how far, as formulas.

For each payer the extra cost of a strategy over the reference (sums over the postings of a cycle),
the grants that come in (cells of the sheet of grants), and the balance: what has come in less what
was laid out, from the first cycle on. The balance is the `liquidity` table of the run.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from som_sim.core import formats
from som_sim.core.names import PAYERS, PUBLIC
from som_sim.core.texts import payer_name
from som_sim.ledger.funding import booked_grants, by_cycle
from som_sim.ledger.grants import cycle_on, last_day_of, payment_days
from som_sim.report import naming
from som_sim.report.workbook.sheets import Book, Sheet, column_name, span

FIRST_COLUMN = 2
CHART_ROWS = 19
EPOCH = dt.date(1899, 12, 30)
"""Day 0 of a sheet."""
SUMS = {"public": PUBLIC, "society": PAYERS}


def write_liquidity(book: Book) -> None:
    """Write a block for each strategy that is held against the reference."""
    followed = [one for one in naming.followed(book.result) if _concerned(book, one)]
    if not followed:
        return
    sheet = book.sheet("liquidity")
    sheet.title("sheet.liquidity_title", book.say("sheet.liquidity_note"))
    sheet.page.set_column(0, 1, 12)
    sheet.page.set_column(FIRST_COLUMN, 30, 15)
    for number, strategy in enumerate(followed):
        if number:
            sheet.new_page()
        _block(book, sheet, strategy)


def _concerned(book: Book, strategy: str) -> list[str]:
    """Return the payers that a strategy makes a difference to in some cycle."""
    return [payer for payer in PAYERS if _net(book, strategy, (payer,)).any()]


def _net(book: Book, strategy: str, payers: tuple[str, ...]) -> np.ndarray:
    """Return reference less strategy by cycle, in øre."""
    runs = book.result.runs
    both = [runs[one].books.ledger for one in (book.result.reference, strategy)]
    return by_cycle(both[0], payers) - by_cycle(both[1], payers)


def _grants(book: Book, strategy: str, payer: str) -> np.ndarray:
    """Return what grants bring a payer by cycle, more than in the reference, in øre."""
    runs = book.result.runs
    brought = [
        booked_grants(runs[one].books.ledger, payer) for one in (strategy, book.result.reference)
    ]
    return np.asarray(brought[0] - brought[1])


def _block(book: Book, sheet: Sheet, strategy: str) -> None:
    """Write the heading, the lowest balances, the chart, and a row a cycle."""
    payers = _concerned(book, strategy)
    named = {
        "strategy": naming.strategy(book.result, strategy, book.lang),
        "reference": naming.strategy(book.result, book.result.reference, book.lang),
    }
    sheet.text(sheet.row, 0, book.say("sheet.liquidity_of", **named), "section")
    lowest = sheet.row + 2
    first = lowest + 3 + CHART_ROWS
    heads = [book.say("sheet.start"), book.say("sheet.until")]
    places = {}
    for payer in payers:
        kinds = ["extra", "balance"]
        if _grants(book, strategy, payer).any():
            kinds.insert(1, "received")
        for kind in kinds:
            places[payer, kind] = len(heads)
            heads.append(book.say(f"sheet.{kind}", payer=payer_name(payer, book.lang)))
    for group, members in SUMS.items():
        if len([one for one in payers if one in members]) > 1:
            places[group, "balance"] = len(heads)
            heads.append(book.say("sheet.balance", payer=payer_name(group, book.lang)))
    sheet.heads(first - 1, heads, FIRST_COLUMN)
    values = {key: _values(book, strategy, *key) for key in places}
    n_cycles = len(_net(book, strategy, PAYERS))
    for cycle in range(n_cycles):
        _row(book, sheet, strategy, cycle, first, places, values)
    rows = first, first + n_cycles - 1
    _lowest(book, sheet, strategy, lowest, rows, places)
    _chart(book, sheet, strategy, lowest + 2, rows, places)
    sheet.row = rows[1] + 3


def _row(
    book: Book,
    sheet: Sheet,
    strategy: str,
    cycle: int,
    first: int,
    places: dict[tuple[str, str], int],
    values: dict[tuple[str, str], np.ndarray],
) -> None:
    calendar = book.result.runs[strategy].trajectory.model.calendar
    row = first + cycle
    for column, day in enumerate(calendar.boundaries[cycle : cycle + 2]):
        sheet.page.write_datetime(row, column, day, book.looks["date"])
    cells = {key: f"{column_name(column)}{row + 1}" for key, column in places.items()}
    for (payer, kind), column in places.items():
        if kind == "extra":
            formula = _extra_formula(book, strategy, payer, row)
        elif kind == "received":
            formula = _received_formula(book, strategy, payer, cycle)
        elif payer in SUMS:
            parts = [cells[one, kind] for one in SUMS[payer] if (one, kind) in cells]
            formula = f"ROUND({'+'.join(parts)},2)"
        else:
            before = f"{column_name(column)}{row}+" if cycle else ""
            got = cells.get((payer, "received"), "0")
            formula = f"ROUND({before}{got}-{cells[payer, 'extra']},2)"
        sheet.formula(row, column, formula, int(values[payer, kind][cycle]) / 100)


def _values(book: Book, strategy: str, payer: str, kind: str) -> np.ndarray:
    """Return what a column holds by cycle, in øre."""
    net = _net(book, strategy, SUMS.get(payer, (payer,)))
    if kind == "balance":
        return np.asarray(np.cumsum(net))
    got = _grants(book, strategy, payer)
    return got if kind == "received" else np.asarray(got - net)


def _extra_formula(book: Book, strategy: str, payer: str, row: int) -> str:
    """Return what a payer bears in a cycle before grants, more than in the reference."""
    ranges = {key: book.cells["postings", key] for key in ("strategy", "start", payer)}
    sums = [
        f'SUMIFS({ranges[payer]},{ranges["strategy"]},"{one}",{ranges["start"]},$A{row + 1})'
        for one in (strategy, book.result.reference)
    ]
    return f"ROUND(({sums[0]}-{sums[1]})/100,2)"


def _received_formula(book: Book, strategy: str, payer: str, cycle: int) -> str:
    """Return what grants bring a payer in a cycle: tranches paid less what goes back."""
    terms = ""
    for name, sign in ((strategy, 1), (book.result.reference, -1)):
        run = book.result.runs[name]
        calendar = run.trajectory.model.calendar
        for year in run.books.grants:
            grant = run.spec.grants[year.grant]
            for kind, share in _moves(grant, year.year, calendar, cycle):
                cell = book.cells["grant", name, year.grant, kind, year.year]
                to = sign * ((payer == grant.to) - (payer == grant.funder))
                to *= 1 if kind == "award" else -1
                if to:
                    terms += ("+" if to > 0 else "-") + share.format(cell=cell)
    return f"ROUND({terms.removeprefix('+')},2)" if terms else "0"


def _moves(grant: Any, year: int, calendar: Any, cycle: int) -> list[tuple[str, str]]:
    """Return what of a grant's year moves in a cycle: which cell, and what of it."""
    found = []
    days = payment_days(grant, year)
    for place, day in enumerate(days):
        if cycle_on(calendar, day) == cycle:
            found.append(("award", _part(len(days), place)))
    if cycle_on(calendar, last_day_of(year)) == cycle:
        found += [(kind, "{cell}") for kind in ("returned", "clawed_back")]
    return found


def _part(n_parts: int, place: int) -> str:
    """Return the formula of an equal part in whole øre; the first ones have what is over.

    Examples
    --------
    >>> _part(1, 0), _part(4, 1)
    ('{cell}', '(INT(ROUND({cell}*100,0)/4)+(MOD(ROUND({cell}*100,0),4)>1))/100')
    """
    if n_parts == 1:
        return "{cell}"
    oere = "ROUND({cell}*100,0)"
    return f"(INT({oere}/{n_parts})+(MOD({oere},{n_parts})>{place}))/100"


def _balances(
    rows: tuple[int, int], places: dict[tuple[str, str], int]
) -> dict[str, tuple[int, str]]:
    """Return each payer's column of balances, and the reference to its cells."""
    return {
        payer: (column, span((rows[0], column), (rows[1], column)))
        for (payer, kind), column in places.items()
        if kind == "balance"
    }


def _lowest(
    book: Book,
    sheet: Sheet,
    strategy: str,
    row: int,
    rows: tuple[int, int],
    places: dict[tuple[str, str], int],
) -> None:
    """Write the lowest balance of each payer over its column, and the day it is reached."""
    days = span((rows[0], 1), (rows[1], 1))
    sheet.text(row, 0, book.say("sheet.lowest"))
    sheet.text(row + 1, 0, book.say("sheet.lowest_at"))
    for payer, (column, cells) in _balances(rows, places).items():
        low, day = lowest_balance(book, strategy, payer)
        sheet.text(row - 1, column, payer_name(payer, book.lang), "head_number")
        sheet.formula(row, column, f"MIN(0,MIN({cells}))", low / 100)
        never = book.say("sheet.never_below")
        where = f"INDEX({days},MATCH(MIN({cells}),{cells},0))"
        serial = (day - EPOCH).days if day is not None else never
        sheet.formula(
            row + 1, column, f'IF(MIN({cells})<0,{where},"{never}")', serial, "date_right"
        )


def lowest_balance(book: Book, strategy: str, payer: str) -> tuple[int, Any]:
    """Return the lowest balance in øre, 0 at most, and the day on which it is reached or None."""
    running = np.cumsum(_net(book, strategy, SUMS.get(payer, (payer,))))
    low = int(running.min(initial=0))
    if low >= 0:
        return 0, None
    calendar = book.result.runs[strategy].trajectory.model.calendar
    return low, calendar.boundaries[int(np.argmin(running)) + 1]


def _chart(
    book: Book,
    sheet: Sheet,
    strategy: str,
    row: int,
    rows: tuple[int, int],
    places: dict[tuple[str, str], int],
) -> None:
    """Draw the balance of each payer."""
    from som_sim.report.style import PAYER_COLOURS

    chart = book.file.add_chart({"type": "line"})
    told = []
    for payer, (column, _) in _balances(rows, places).items():
        if payer == "society":
            continue
        low, day = lowest_balance(book, strategy, payer)
        name = payer_name(payer, book.lang)
        told.append(
            book.say("sheet.liquidity_never", payer=name)
            if day is None
            else book.say(
                "sheet.liquidity_low",
                payer=name,
                amount=formats.kroner(low, book.lang, 0),
                date=formats.date(day, book.lang),
            )
        )
        chart.add_series(
            {
                "name": name,
                "categories": "=" + span((rows[0], 1), (rows[1], 1), sheet=sheet.name),
                "values": "=" + span((rows[0], column), (rows[1], column), sheet=sheet.name),
                "line": {"color": PAYER_COLOURS[payer], "width": 2.25},
            }
        )
    name = naming.strategy(book.result, strategy, book.lang)
    title = book.say("sheet.liquidity_chart", strategy=name)
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_x_axis({"date_axis": True, "num_format": "yyyy", "major_unit": 1,
                      "major_unit_type": "years", "label_position": "low"})  # fmt: skip
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": grid})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 350})
    said = book.say("sheet.liquidity_alt", strategy=name, told="; ".join(told))
    sheet.page.insert_chart(row, 0, chart, {"description": said, "object_position": 3})
