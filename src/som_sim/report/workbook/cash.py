"""The money by year: what each payer bears, in three price views, and what a strategy saves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from som_sim.core.names import PAYERS, PUBLIC
from som_sim.core.texts import payer_name
from som_sim.outcomes.economics import VIEWS
from som_sim.report import naming
from som_sim.report.workbook.sheets import Book, Sheet, column_name, span

SUMS = ("public", "society")
GRANT_ACCOUNTS = {
    "grant_paid": "award", "grant_returned": "returned", "grant_clawback": "clawed_back",
}  # fmt: skip
"""Which row of a grant an account of the ledger is."""


def write_cash(book: Book) -> None:
    """Write cost and net by year and payer, then cost by account."""
    sheet = book.sheet("cash")
    sheet.title("sheet.cash_title", book.say("sheet.cash_note"))
    sheet.page.set_column(0, 0, 16)
    sheet.page.set_column(1, 8, 18)
    for strategy in book.result.strategies:
        for view in VIEWS:
            _cost_block(book, sheet, strategy, view)
    for strategy in naming.followed(book.result):
        sheet.new_page()
        for view in VIEWS:
            _net_block(book, sheet, strategy, view)
        _cumulative_block(book, sheet, strategy)
    sheet.new_page()
    _chart(book, sheet)


def _years(book: Book) -> tuple[int, ...]:
    return book.result.runs[book.result.reference].costs.years


def _head(book: Book, sheet: Sheet, key: str, strategy: str, view: str) -> None:
    name = naming.strategy(book.result, strategy, book.lang)
    said = book.say(key, strategy=name, view=book.say(f"sheet.{view}"))
    sheet.text(sheet.row, 0, said, "section")
    payers = [payer_name(payer, book.lang) for payer in (*PAYERS, *SUMS)]
    sheet.heads(sheet.row + 1, [book.say("year"), *payers], 1)
    sheet.row += 2


def _total(book: Book, sheet: Sheet, first: int, totals: list[float]) -> None:
    sheet.text(sheet.row, 0, book.say("total"), "text_total")
    for column, total in enumerate(totals, start=1):
        cells = span((first, column), (sheet.row - 1, column))
        sheet.formula(sheet.row, column, f"SUM({cells})", total, "kroner_total")
    sheet.row += 2


def _cost_block(book: Book, sheet: Sheet, strategy: str, view: str) -> None:
    _head(book, sheet, "sheet.cost", strategy, view)
    costs = book.result.runs[strategy].costs
    first = sheet.row
    for number, year in enumerate(costs.years):
        sheet.number(sheet.row, 0, year, "year")
        for column, payer in enumerate(PAYERS, start=1):
            formula = (
                _current(book, strategy, payer, year)
                if view == "current"
                else _moved(book, strategy, payer, year, view)
            )
            value = int(costs.amounts[view, payer][number]) / 100
            sheet.formula(sheet.row, column, formula, value)
            book.cells["cost", strategy, view, payer, year] = sheet.where(sheet.row, column)
        _sums(book, sheet, ("cost", strategy, view), year, number, costs.amounts)
        sheet.row += 1
    totals = [int(costs.amounts[view, payer].sum()) / 100 for payer in (*PAYERS, *SUMS)]
    _total(book, sheet, first, totals)


def _sums(
    book: Book,
    sheet: Sheet,
    key: tuple[str, str, str],
    year: int,
    number: int,
    amounts: Mapping[tuple[str, str], NDArray[np.int64]],
) -> None:
    view = key[-1]
    for place, (group, members) in enumerate((("public", PUBLIC), ("society", PAYERS))):
        column = 1 + len(PAYERS) + place
        parts = "+".join(book.cells[(*key, payer, year)] for payer in members)
        value = int(amounts[view, group][number]) / 100
        sheet.formula(sheet.row, column, f"ROUND({parts},2)", value)
        book.cells[(*key, group, year)] = sheet.where(sheet.row, column)


def _current(book: Book, strategy: str, payer: str, year: int) -> str:
    """Return the formula of what a payer bears in a year: its postings, then grants."""
    ranges = {key: book.cells["postings", key] for key in ("strategy", "year", payer)}
    formula = (
        f'SUMIFS({ranges[payer]},{ranges["strategy"]},"{strategy}",{ranges["year"]},{year})/100'
    )
    run = book.result.runs[strategy]
    for one in run.books.grants:
        grant = run.spec.grants[one.grant]
        if one.year != year or payer not in (grant.funder, grant.to):
            continue
        paid, *back = (
            book.cells["grant", strategy, one.grant, kind, year]
            for kind in ("award", "returned", "clawed_back")
        )
        sign, other = ("+", "-") if payer == grant.funder else ("-", "+")
        formula += f"{sign}{paid}" + "".join(f"{other}{cell}" for cell in back)
    return f"ROUND({formula},2)"


def _moved(book: Book, strategy: str, payer: str, year: int, view: str) -> str:
    """Return the formula of a figure in constant or discounted prices, rounded once."""
    spec = book.result.scenario.base
    current = book.cells["cost", strategy, "current", payer, year]
    if spec.money is None:
        return current
    name = spec.money.index
    if ("index", name, year) not in book.cells:
        return current
    then, now = book.cells["index", name, spec.meta.price_year], book.cells["index", name, year]
    factor = f"*{book.cells['factor', year]}" if view == "discounted" else ""
    return f"ROUND(ROUND({current}*100,0)*({then}/{now}){factor},0)/100"


def _net_block(book: Book, sheet: Sheet, strategy: str, view: str) -> None:
    _head(book, sheet, "sheet.net", strategy, view)
    net = book.result.net_of(strategy)
    first = sheet.row
    for number, year in enumerate(net.years):
        sheet.number(sheet.row, 0, year, "year")
        for column, payer in enumerate((*PAYERS, *SUMS), start=1):
            cells = [
                book.cells["cost", one, view, payer, year]
                for one in (book.result.reference, strategy)
            ]
            value = int(net.amounts[view, payer][number]) / 100
            sheet.formula(sheet.row, column, f"ROUND({cells[0]}-{cells[1]},2)", value)
        sheet.row += 1
    for column, payer in enumerate((*PAYERS, *SUMS), start=1):
        book.cells["net", strategy, view, payer] = span(
            (first, column), (sheet.row - 1, column), sheet=sheet.name
        )
        book.cells["net_total", strategy, view, payer] = sheet.where(sheet.row, column)
    totals = [int(net.amounts[view, payer].sum()) / 100 for payer in (*PAYERS, *SUMS)]
    _total(book, sheet, first, totals)


def _cumulative_block(book: Book, sheet: Sheet, strategy: str) -> None:
    """Write the running sum in constant prices, on which break-even and the chart rest."""
    _head(book, sheet, "sheet.cumulative", strategy, "constant")
    net = book.result.net_of(strategy)
    first = sheet.row
    for number, year in enumerate(net.years):
        sheet.number(sheet.row, 0, year, "year")
        for column, payer in enumerate((*PAYERS, *SUMS), start=1):
            start = book.cells["net", strategy, "constant", payer].split(":")[0].split("!")[1]
            row = int(start.split("$")[2]) + number
            own = f"{column_name(column)}{row}"
            before = f"{column_name(column)}{sheet.row}+" if number else ""
            value = int(net.amounts["constant", payer][: number + 1].sum()) / 100
            sheet.formula(sheet.row, column, f"ROUND({before}{own},2)", value)
        sheet.row += 1
    for column, payer in enumerate((*PAYERS, *SUMS), start=1):
        book.cells["cumulative", strategy, payer] = span(
            (first, column), (sheet.row - 1, column), sheet=sheet.name
        )
    book.cells["cumulative", strategy, "years"] = span(
        (first, 0), (sheet.row - 1, 0), sheet=sheet.name
    )
    sheet.row += 1


def _chart(book: Book, sheet: Sheet) -> None:
    """Draw the net by year of each payer below the tables."""
    followed = naming.followed(book.result)
    if not followed or not _years(book):
        return
    from som_sim.report.style import PAYER_COLOURS

    strategy = followed[-1]
    net = book.result.net_of(strategy)
    payers = [payer for payer in PAYERS if net.amounts["current", payer].any()]
    if not payers:  # a chart without a series cannot be written
        return
    chart = book.file.add_chart({"type": "column"})
    for payer in payers:
        chart.add_series(
            {
                "name": payer_name(payer, book.lang),
                "categories": "=" + book.cells["cumulative", strategy, "years"],
                "values": "=" + book.cells["net", strategy, "current", payer],
                "fill": {"color": PAYER_COLOURS[payer]},
            }
        )
    name = naming.strategy(book.result, strategy, book.lang)
    chart.set_title({"name": book.say("cash.title", strategy=name), "name_font": {"size": 12}})
    chart.set_y_axis(
        {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    chart.set_x_axis({"label_position": "low"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 620, "height": 340})
    sheet.page.insert_chart(
        sheet.row + 1,
        0,
        chart,
        {"description": book.say("cash.alt", strategy=name), "object_position": 3},
    )


def write_accounts(book: Book) -> None:
    """Write cost by strategy, year, account and payer, as sums over the postings."""
    sheet = book.sheet("accounts")
    sheet.title("sheet.accounts_title", book.say("sheet.accounts_note"))
    sheet.page.set_column(0, 2, 24)
    sheet.page.set_column(3, 9, 18)
    heads = [
        book.say("targets.strategy"), book.say("year"), book.say("account"),
        *(payer_name(payer, book.lang) for payer in PAYERS), book.say("total"),
    ]  # fmt: skip
    sheet.heads(sheet.row, heads, 3)
    sheet.page.freeze_panes(sheet.row + 1, 0)
    sheet.page.repeat_rows(sheet.row)
    frame = book.result.ledger
    frame = frame[frame["kind"] != "memo"]
    sums = frame.groupby(["strategy", "year", "account", "payer"], sort=False)["amount_oere"].sum()
    lines = dict.fromkeys(key[:3] for key in sums.index)
    for strategy, year, account in lines:
        sheet.row += 1
        sheet.text(sheet.row, 0, naming.strategy(book.result, str(strategy), book.lang))
        sheet.number(sheet.row, 1, year, "year")
        sheet.text(sheet.row, 2, naming.account(str(account), book.lang))
        values = [int(sums.get((strategy, year, account, payer), 0)) / 100 for payer in PAYERS]
        for column, payer in enumerate(PAYERS, start=3):
            formula = _account_formula(book, strategy, year, account, payer)
            sheet.formula(sheet.row, column, formula, values[column - 3])
        cells = span((sheet.row, 3), (sheet.row, 2 + len(PAYERS)))
        total = round(sum(values), 2)
        sheet.formula(sheet.row, 3 + len(PAYERS), f"ROUND(SUM({cells}),2)", total)
    sheet.page.autofilter(3, 0, max(sheet.row, 3), 2 + len(PAYERS) + 1)


def _account_formula(book: Book, strategy: str, year: int, account: str, payer: str) -> str:
    if account.startswith("grant_"):
        kind = GRANT_ACCOUNTS.get(account, "")
        run = book.result.runs[strategy]
        terms = ""
        for one in run.books.grants:
            grant = run.spec.grants[one.grant]
            if one.year == year and kind and payer in (grant.funder, grant.to):
                gives = (payer == grant.funder) == (kind == "award")
                cell = book.cells["grant", strategy, one.grant, kind, year]
                terms += f"{'+' if gives else '-'}{cell}"
        return terms.removeprefix("+") or "0"
    keys = ("strategy", "year", "account", payer)
    ranges = {key: book.cells["postings", key] for key in keys}
    return (
        f'SUMIFS({ranges[payer]},{ranges["strategy"]},"{strategy}",{ranges["year"]},{year},'
        f'{ranges["account"]},"{account}")/100'
    )
