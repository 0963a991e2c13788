"""Sheets that are no formulas: people by state and month, targets, checks, sources."""

from __future__ import annotations

import datetime as dt

import numpy as np

from som_sim.core.records import in_language
from som_sim.core.texts import one_line
from som_sim.report import naming
from som_sim.report.case.cells import records
from som_sim.report.case.outcomes import hidden_by_date
from som_sim.report.case.view import View
from som_sim.report.disclosure import SUPPRESSED
from som_sim.report.figures_people import states_over_time
from som_sim.report.style import STATE_COLOURS
from som_sim.report.workbook.sheets import Book, Sheet, span

CHART_ROWS = 19
"""Room above the numbers."""


def write_persons(book: Book, view: View) -> None:
    """Write persons by strategy, domain, state and month, small counts left out."""
    sheet = book.sheet("persons")
    sheet.title("sheet.persons_title", book.say("sheet.persons_note"))
    sheet.page.set_column(0, 0, 14)
    sheet.page.set_column(1, 20, 16)
    base = book.result.scenario.base
    for domain in base.domains:
        for strategy in book.result.strategies:
            if sheet.row > 3:
                sheet.new_page()
            _persons(book, sheet, view, strategy, domain)


def _persons(book: Book, sheet: Sheet, view: View, strategy: str, domain: str) -> None:
    """Write persons by date and state, and draw those states that are never left out."""
    table = states_over_time(book.result, strategy, domain)
    name = naming.strategy(book.result, strategy, book.lang)
    sheet.text(sheet.row, 0, name, "section")
    labels = [naming.state(book.result, domain, str(state), book.lang) for state in table]
    top = sheet.row + 1
    states, dates = [str(state) for state in table], list(table.index)
    hidden = hidden_by_date(view, domain, states, dates)
    shown = [place for place in range(len(labels)) if not hidden[place].any()]
    counts = table.to_numpy(dtype=float).T
    whole = np.vstack([counts, counts.sum(axis=0)])
    heads = [book.say("date"), *labels, book.say("total")]
    drawn = list(shown)
    if len(shown) < len(labels) and not hidden[-1].any():
        rest = whole[-1] - whole[shown].sum(axis=0)  # what a reader would subtract
        whole, hidden = np.vstack([whole, rest]), np.vstack([hidden, np.zeros_like(hidden[:1])])
        heads.append(book.say("sheet.others"))
        drawn.append(len(whole) - 1)
    first = top + (CHART_ROWS if shown else 0) + 1
    sheet.heads(first - 1, heads, 1)
    for place, day in enumerate(table.index):
        row = first + place
        when = dt.datetime.fromisoformat(str(day))
        sheet.page.write_datetime(row, 0, when, book.looks["date"])
        for column in range(len(whole)):
            if hidden[column, place]:
                sheet.text(row, 1 + column, SUPPRESSED, "mark")
            else:
                sheet.number(row, 1 + column, round(float(whole[column, place]), 1), "persons")
    last = first + len(table.index) - 1
    if shown:
        _persons_chart(book, sheet, name, top, (first, last), drawn)
    sheet.row = last + 3


def _persons_chart(
    book: Book, sheet: Sheet, name: str, top: int, rows: tuple[int, int], drawn: list[int]
) -> None:
    first, last = rows
    chart = book.file.add_chart({"type": "area", "subtype": "stacked"})
    for number, place in enumerate(drawn):
        head = (first - 1, 1 + place)  # a name given as text that begins with = would be a formula
        chart.add_series(
            {
                "name": "=" + span(head, head, sheet=sheet.name),
                "categories": "=" + span((first, 0), (last, 0), sheet=sheet.name),
                "values": "=" + span((first, 1 + place), (last, 1 + place), sheet=sheet.name),
                "fill": {"color": STATE_COLOURS[number % len(STATE_COLOURS)]},
            }
        )
    title = book.say("states.title", strategy=name)
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_x_axis({"date_axis": True, "num_format": "yyyy", "major_unit": 1,
                      "major_unit_type": "years"})  # fmt: skip
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": grid})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 640, "height": 360})
    options = {"description": book.say("states.alt", strategy=name), "object_position": 3}
    sheet.page.insert_chart(top, 0, chart, options)


def write_reconciliation(book: Book, view: View) -> None:
    """Write the run's own checks, and this workbook's totals against the run's."""
    sheet = book.sheet("reconciliation")
    sheet.title("section.reconciliation", book.say("sheet.reconciliation_note"))
    sheet.page.set_column(0, 0, 30)
    sheet.page.set_column(1, 1, 74)
    sheet.page.set_column(2, 4, 20)
    sheet.heads(
        sheet.row,
        [book.say(key) for key in ("targets.strategy", "sheet.total_of", "sheet.now", "sheet.run",
                                   "reconciled.residual")],
        2,
    )  # fmt: skip
    from som_sim.core.texts import payer_name

    for strategy in naming.followed(book.result):
        net = book.result.net_of(strategy)
        for (prices, payer), amounts in net.amounts.items():
            key = ("net_total", strategy, prices, payer)
            if not amounts.any() or key not in book.cells:
                continue
            sheet.row += 1
            total = int(amounts.sum()) / 100
            sheet.text(sheet.row, 0, naming.strategy(book.result, strategy, book.lang))
            said = f"{payer_name(payer, book.lang)}, {book.say(f'sheet.{prices}')}"
            sheet.text(sheet.row, 1, said)
            sheet.formula(sheet.row, 2, book.cells[key], total)
            sheet.number(sheet.row, 3, total, "kroner")
            cells = sheet.where(sheet.row, 2), sheet.where(sheet.row, 3)
            sheet.formula(sheet.row, 4, f"ROUND({cells[0]}-{cells[1]},2)", 0.0)
    sheet.row += 2
    heads = ("targets.strategy", "reconciled.check", "reconciled.expected", "reconciled.actual",
             "reconciled.residual", "assumptions.note")  # fmt: skip
    failed = not book.result.ok
    sheet.heads(sheet.row, [book.say(key) for key in heads[:5]], 2)
    if failed:
        sheet.page.set_column(5, 5, 60)
        sheet.text(sheet.row, 5, book.say(heads[5]), "head")
    for row in records(book.result.reconciliation):
        sheet.row += 1
        sheet.text(sheet.row, 0, naming.strategy(book.result, row["strategy"], book.lang))
        sheet.text(sheet.row, 1, naming.check(book.result, row["check"], book.lang))
        for column, kind in enumerate(("expected", "actual", "residual"), start=2):
            oere, persons = row[f"{kind}_oere"], row[f"{kind}_persons"]
            if book.values_only and kind != "residual" and ":" in row["check"]:
                continue  # what an item costs, divided by its price, is person-time
            if oere == oere and oere is not None and np.isfinite(float(oere)):
                sheet.number(sheet.row, column, float(oere) / 100, "kroner")
            elif np.isfinite(float(persons)) and not (view.plan.rule.hide and kind != "residual"):
                sheet.number(sheet.row, column, float(persons), "number")
        if not row["ok"]:
            sheet.text(sheet.row, 5, row["detail"], "after")


def write_sources(book: Book) -> None:
    """Write the sources by their short names."""
    sheet = book.sheet("sources")
    sheet.title("sources.caption")
    sheet.page.set_column(0, 0, 20)
    sheet.page.set_column(1, 1, 90)
    sheet.page.set_column(2, 3, 26)
    heads = ("sources.key", "sources.title", "sources.date", "sources.url")
    sheet.heads(sheet.row, [book.say(key) for key in heads], 99)
    for name, one in book.result.scenario.base.sources.items():
        sheet.row += 1
        sheet.text(sheet.row, 0, name)
        sheet.text(sheet.row, 1, one_line(in_language(one.title, book.lang)))
        sheet.text(sheet.row, 2, one.date or "")
        sheet.text(sheet.row, 3, one.url or "")
