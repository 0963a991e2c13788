"""The sheet of grants: award, use and return by year, as formulas over what they cover."""

from __future__ import annotations

from som_sim.core.money import oere_from_kroner
from som_sim.core.texts import payer_name
from som_sim.ledger.book import started
from som_sim.ledger.grants import GrantYear, grant_years, keeps_unspent
from som_sim.report import naming
from som_sim.report.workbook.sheets import Book, Sheet, column_name, span
from som_sim.result import StrategyRun
from som_sim.scenario.schema import Grant

Left = dict[tuple[str, str, int], tuple[str, int]]
"""What of an item no earlier grant covers: (receiver, item, year) to a formula in kroner and its
value in øre."""


def write_grants(book: Book) -> None:
    """Write every grant of every strategy, in the order in which they are served."""
    if not len(book.result.grants):
        return
    sheet = book.sheet("grants")
    sheet.title("section.grant", book.say("sheet.grants_note"))
    sheet.page.set_column(0, 0, 44)
    sheet.page.set_column(1, 40, 16)
    for strategy, run in book.result.runs.items():
        left: Left = {}
        for name in dict.fromkeys(one.grant for one in run.books.grants):
            _write_grant(book, sheet, strategy, run, name, left)
            sheet.row += 2


def _item_cost(book: Book, strategy: str, item: str, payer: str, year: int) -> str:
    ranges = {key: book.cells["postings", key] for key in ("strategy", "item", "year", payer)}
    return (
        f'SUMIFS({ranges[payer]},{ranges["strategy"]},"{strategy}",{ranges["item"]},"{item}",'
        f"{ranges['year']},{year})"
    )


def _write_grant(
    book: Book, sheet: Sheet, strategy: str, run: StrategyRun, name: str, left: Left
) -> None:
    """Write one grant: a column a year, a row for each step of the account."""
    grant = run.spec.grants[name]
    plan = {one.year: one for one in run.books.grants if one.grant == name}
    years = [year for year in grant_years(grant) if year in plan]
    title = book.say(
        "sheet.grant",
        grant=naming.grant(book.result, name, book.lang),
        strategy=naming.strategy(book.result, strategy, book.lang),
        funder=payer_name(grant.funder, book.lang),
        to=payer_name(grant.to, book.lang),
    )
    sheet.text(sheet.row, 0, title, "section")
    sheet.row += 1
    sheet.heads(sheet.row, [book.say("sheet.kroner"), *map(str, years), book.say("total")], 1)
    rows = {
        kind: sheet.row + 1 + place
        for place, kind in enumerate(
            ("award", "carried_in", *(f"item:{item}" for item in grant.covers), "covered", "share",
             "used", "returned", "carried_out", "own", "clawed_back")
        )
    }  # fmt: skip
    for kind, row in rows.items():
        item = kind.removeprefix("item:")
        label = (
            "  " + naming.price(book.result, item, book.lang)
            if kind != item
            else book.say("grant.own" if kind == "own" else f"grants.{kind}")
        )
        sheet.text(row, 0, label)
    for column, year in enumerate(years, start=1):
        _write_year(book, sheet, (strategy, name, grant), plan[year], rows, column, left)
    _totals(book, sheet, rows, len(years), plan[years[-1]].carried_out if years else 0)
    sheet.row = max(rows.values())


def _write_year(
    book: Book,
    sheet: Sheet,
    about: tuple[str, str, Grant],
    year: GrantYear,
    rows: dict[str, int],
    column: int,
    left: Left,
) -> None:
    strategy, name, grant = about
    cell = {kind: f"{column_name(column)}{row + 1}" for kind, row in rows.items()}
    before = {kind: f"{column_name(column - 1)}{row + 1}" for kind, row in rows.items()}
    key = ("tranche", strategy, name, year.year)
    paid = oere_from_kroner(grant.tranches[year.year]) if year.year in grant.tranches else 0
    sheet.entry(rows["award"], column, paid / 100, key, look="input_kroner", low=0)
    carried = before["carried_out"] if column > 1 else "0"
    sheet.formula(rows["carried_in"], column, carried, year.carried_in / 100)
    items, whole = [], []
    for item in grant.covers:
        place = (grant.to, item, year.year)
        cost = _item_cost(book, strategy, item, grant.to, year.year) + "/100"
        whole.append(cost)
        if place not in left:
            left[place] = cost, _item_value(book, about, item, year.year)
        sheet.formula(rows[f"item:{item}"], column, left[place][0], left[place][1] / 100)
        items.append(sheet.where(rows[f"item:{item}"], column))
    sheet.formula(rows["covered"], column, f"MAX(0,ROUND({'+'.join(items)},2))", year.covered / 100)
    at_hand = f"ROUND({cell['award']}+{cell['carried_in']},2)"
    share = ("granted_share", strategy, name, year.year)
    sheet.entry(rows["share"], column, float(grant.share), share, look="input_share", low=0, high=1)
    most = f"INT(ROUND(MAX(0,{'+'.join(whole)})*100*{cell['share']},6))/100"
    sheet.formula(rows["used"], column, f"MIN({at_hand},{most},{cell['covered']})", year.used / 100)
    unspent = f"ROUND({at_hand}-{cell['used']},2)"
    keeps = keeps_unspent(grant, year.year)
    sheet.formula(rows["returned"], column, "0" if keeps else unspent, year.returned / 100)
    sheet.formula(rows["carried_out"], column, unspent if keeps else "0", year.carried_out / 100)
    own = f"ROUND({cell['covered']}-{cell['used']},2)"
    sheet.formula(rows["own"], column, own, year.own / 100)
    _claw_back(book, sheet, about, year, rows, column)
    for kind in ("award", "used", "returned", "clawed_back"):
        place_of = sheet.where(rows[kind], column)
        book.cells["grant", strategy, name, kind, year.year] = place_of
    _settle(sheet, grant, year, rows, column, left)


def _claw_back(
    book: Book,
    sheet: Sheet,
    about: tuple[str, str, Grant],
    year: GrantYear,
    rows: dict[str, int],
    column: int,
) -> None:
    """Write what is paid back because fewer people came: a share of all use, in the last year."""
    strategy, _, grant = about
    terms, formula = grant.clawback, "0"
    if terms is not None and year.year == grant_years(grant)[-1]:
        came = started(book.result.runs[strategy].trajectory, terms.programme, year.year)
        missing = max(1 - came / float(terms.at_least), 0.0) * float(terms.share)
        used = f"SUM({span((rows['used'], 1), (rows['used'], column))})"
        formula = f"MIN(ROUND({used}*100*{missing!r},0)/100,ROUND({used},2))"
    sheet.formula(rows["clawed_back"], column, formula, year.clawed_back / 100)


def _item_value(book: Book, about: tuple[str, str, Grant], item: str, year: int) -> int:
    """Return what an item costs the grant's receiver in a year, before any grant, in øre."""
    strategy, _, grant = about
    frame = book.result.ledger
    rows = frame[
        (frame["strategy"] == strategy)
        & (frame["item"] == item)
        & (frame["year"] == year)
        & (frame["payer"] == grant.to)
        & (frame["kind"] != "memo")
    ]
    return int(rows["amount_oere"].sum())


def _settle(
    sheet: Sheet, grant: Grant, year: GrantYear, rows: dict[str, int], column: int, left: Left
) -> None:
    """Say what the next grant finds: the use is taken off the items in the order of `covers`.

    An item that brings money in has lowered the cost of the others and is taken off with the use.
    """
    used = sheet.where(rows["used"], column)
    places = [(grant.to, item, year.year) for item in grant.covers]
    cells = [sheet.where(rows[f"item:{item}"], column) for item in grant.covers]
    values = [left[place][1] for place in places]
    spare = f"{used}-" + "-".join(f"MIN({one},0)" for one in cells)
    still = year.used - sum(min(value, 0) for value in values)
    for number, place in enumerate(places):
        cell, value = cells[number], max(values[number], 0)
        free = "-".join([f"({spare})", *(f"MAX({one},0)" for one in cells[:number])])
        taken = f"MAX(0,MIN({free},MAX({cell},0)))"
        formula = f"IF({used}>0,ROUND(MAX({cell},0)-{taken},2),{cell})"
        off = min(still, value)
        left[place] = formula, value - off if year.used else values[number]
        still -= off


def _totals(book: Book, sheet: Sheet, rows: dict[str, int], n_years: int, kept: int) -> None:
    for kind, row in rows.items():
        if kind in ("carried_in", "carried_out", "share"):
            continue
        first, last = f"{column_name(1)}{row + 1}", f"{column_name(n_years)}{row + 1}"
        values = [sheet.page.table[row][column] for column in range(1, n_years + 1)]
        total = sum(getattr(one, "value", getattr(one, "number", 0)) for one in values)
        sheet.formula(row, n_years + 1, f"SUM({first}:{last})", round(total, 2), "kroner_total")
