"""The workbook as a whole: its sheets in order, the summary first."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from som_sim.core.names import PAYERS
from som_sim.core.texts import payer_name
from som_sim.report import naming
from som_sim.report.case.brief import goal_words, target_when
from som_sim.report.case.cells import records
from som_sim.report.case.content import Case
from som_sim.report.case.view import View
from som_sim.report.disclosure import SUPPRESSED, Disclosure
from som_sim.report.extra import needs_report_extra
from som_sim.report.money import is_ever_behind, net_table
from som_sim.report.plan import Plan
from som_sim.report.plan_money import tells_small_counts
from som_sim.report.style import PAYER_COLOURS
from som_sim.report.workbook.assumptions import write_assumptions
from som_sim.report.workbook.cash import write_accounts, write_cash
from som_sim.report.workbook.grants import write_grants
from som_sim.report.workbook.liquidity import write_liquidity
from som_sim.report.workbook.people import write_persons, write_reconciliation, write_sources
from som_sim.report.workbook.postings import leave_out_postings, write_postings
from som_sim.report.workbook.sensitivity import write_sensitivity
from som_sim.report.workbook.sheets import INPUTS, LOOKS, Book, Sheet

if TYPE_CHECKING:
    from som_sim.analysis.sensitivity import Sensitivity
    from som_sim.result import Result

CREATED = dt.datetime(2000, 1, 1)
"""A fixed date in the file's properties, so that the same result gives the same bytes."""
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook_bytes(
    result: Result,
    case: Case,
    disclosure: Disclosure | Plan | None = None,
    *,
    publish: bool = False,
    sensitivity: Sensitivity | None = None,
) -> bytes:
    """Return the workbook.

    Parameters
    ----------
    result
        What a run gave.
    case
        Its content, for title and sentences.
    disclosure
        Whether small counts are left out of the sheets of persons and targets.
    publish
        Write values in place of formulas, and leave out postings and accounts, from whose
        quantities and prices small counts can be worked out; and the liquidity of each month, where
        there are small counts.
    sensitivity
        What moves the result most, for a sheet of its own.

    Raises
    ------
    SomSimError
        When xlsxwriter is not installed, or there are more postings than a sheet should hold.
    """
    with needs_report_extra("xlsxwriter"):
        import xlsxwriter

    page = io.BytesIO()
    file = xlsxwriter.Workbook(page, OPTIONS)
    file.set_properties({"title": case.title, "comments": case.origin, "created": CREATED})
    file.set_calc_mode("auto")
    looks = {name: file.add_format(look) for name, look in LOOKS.items()}
    for name, form in INPUTS.items():
        looks[name] = file.add_format({**LOOKS["input"], "num_format": form})
    view = View(result=result, lang=case.lang, rule=disclosure or Disclosure())
    small = tells_small_counts(result, view.plan)
    mark = view.say("sheet.working") if small and not publish else ""
    book = Book(
        result=result, lang=case.lang, file=file, looks=looks, cells={}, values_only=publish,
        mark=mark,
    )  # fmt: skip
    summary = book.sheet("summary")
    has_money = naming.has_money(result)
    if has_money:
        write_assumptions(book)
        if publish:
            leave_out_postings(book)
        else:
            write_postings(book)
        write_grants(book)
        write_cash(book)
        if not (publish and small and view.plan.rule.hide):  # two payers of a month tell persons
            write_liquidity(book)
        if not publish:
            write_accounts(book)
    write_persons(book, view)
    if sensitivity is not None:
        write_sensitivity(book, sensitivity)
    write_reconciliation(book, view)
    write_sources(book)
    _summary(book, summary, case, view)
    summary.page.activate()
    file.close()
    return page.getvalue()


def _summary(book: Book, sheet: Sheet, case: Case, view: View) -> None:
    """Write the front: the targets, and who pays and gains, pointing to the money sheets."""
    sheet.page.set_column(0, 0, 34)
    sheet.page.set_column(1, 6, 22)
    sheet.page.set_column(2, 2, 28)
    sheet.text(0, 0, case.title, "title")
    sheet.text(1, 0, case.subtitle)
    sheet.text(2, 0, case.origin, "note")
    sheet.row = 4
    if book.mark or book.values_only:
        key = "sheet.working_file" if book.mark else "sheet.published"
        sheet.text(sheet.row, 0, book.say(key), "section")
        sheet.row += 2
    if case.warning:
        sheet.text(3, 0, case.warning, "section")
    _targets(book, sheet, view)
    if naming.has_money(book.result):
        for number, strategy in enumerate(naming.followed(book.result)):
            if number:
                sheet.new_page()
            _payers(book, sheet, strategy)


def _targets(book: Book, sheet: Sheet, view: View) -> None:
    rows = records(book.result.targets)
    if not rows:
        return
    sheet.text(sheet.row, 0, book.say("purpose.caption"), "section")
    heads = ("purpose.target", "targets.strategy", "purpose.when", "purpose.goal",
             "targets.expected", "targets.met", "targets.probability")  # fmt: skip
    sheet.heads(sheet.row + 1, [book.say(key) for key in heads], 4)
    sheet.text(sheet.row + 1, 5, book.say("targets.met"), "head_after")
    sheet.row += 1
    for row in rows:
        sheet.row += 1
        name = view.strategy(row["strategy"])
        lines = ((row[f"label_{book.lang}"], 30), (name, 20), (target_when(view, row), 30))
        sheet.wrapped(sheet.row, lines)
        sheet.text(sheet.row, 3, goal_words(view, row))
        share = naming.is_share(book.result, row["target"])
        hidden = view.plan.target(row["target"])
        if hidden:
            sheet.text(sheet.row, 4, SUPPRESSED, "mark")
        else:
            sheet.number(sheet.row, 4, float(row["projected"]), "share" if share else "persons")
        sheet.text(sheet.row, 5, book.say("yes" if row["met"] else "no"), "after")
        if row["probability"] == row["probability"] and not hidden:
            sheet.number(sheet.row, 6, float(row["probability"]), "share")
    sheet.row += 2


def _payers(book: Book, sheet: Sheet, strategy: str) -> None:
    """Write net and break-even of each payer, as formulas."""
    net = net_table(book.result, strategy, "constant")
    if not net.size:
        return
    name = naming.strategy(book.result, strategy, book.lang)
    years = (net.index[0], net.index[-1])
    price_year = naming.price_year(book.result)
    said = book.say(
        "money.title", strategy=name, first=years[0], last=years[1], price_year=price_year
    )
    sheet.text(sheet.row, 0, said, "section")
    heads = [
        book.say("money.payer"), book.say("sheet.net_current"), book.say("sheet.net_constant"),
        book.say("money.net_discounted"), book.say("key.peak"), book.say("money.break_even"),
    ]  # fmt: skip
    sheet.heads(sheet.row + 1, heads, 1)
    sheet.row += 1
    for payer in net:
        sheet.row += 1
        sheet.text(sheet.row, 0, payer_name(str(payer), book.lang))
        for column, view in enumerate(("current", "constant", "discounted"), start=1):
            amounts = book.result.net_of(strategy).amounts[view, str(payer)]
            cell = book.cells["net_total", strategy, view, str(payer)]
            sheet.formula(sheet.row, column, cell, int(amounts.sum()) / 100)
        running = book.cells["cumulative", strategy, str(payer)]
        worst = min(int(net[payer].cumsum().min()), 0) / 100
        sheet.formula(sheet.row, 4, f"MIN(0,MIN({running}))", worst)
        _break_even(book, sheet, strategy, str(payer))
    sheet.row += 2
    _chart(book, sheet, strategy, [str(payer) for payer in net])
    sheet.row += 19


def _break_even(book: Book, sheet: Sheet, strategy: str, payer: str) -> None:
    running = book.cells["cumulative", strategy, payer]
    years = book.cells["cumulative", strategy, "years"]
    last = f"INDEX({running},ROWS({running}))"
    behind = f"SUMPRODUCT(MAX(({running}<0)*{years}))+1"
    words = book.say("money.never_behind"), book.say("money.never")
    formula = f'IF(MIN({running})>=0,"{words[0]}",IF({last}<0,"{words[1]}",{behind}))'
    net = net_table(book.result, strategy, "constant")[payer]
    year = book.result.break_even(payer, strategy)
    value: str | int = words[1] if year is None else year
    sheet.formula(sheet.row, 5, formula, value if is_ever_behind(net) else words[0], "year_total")


def _chart(book: Book, sheet: Sheet, strategy: str, payers: list[str]) -> None:
    """Draw the cumulative net of each payer."""
    chart = book.file.add_chart({"type": "line"})
    for payer in payers:
        if payer == "society" or payer not in (*PAYERS, "public"):
            continue
        chart.add_series(
            {
                "name": payer_name(payer, book.lang),
                "categories": "=" + book.cells["cumulative", strategy, "years"],
                "values": "=" + book.cells["cumulative", strategy, payer],
                "line": {"color": PAYER_COLOURS[payer], "width": 2.25},
                "marker": {"type": "circle", "size": 5, "fill": {"color": PAYER_COLOURS[payer]}},
            }
        )
    name = naming.strategy(book.result, strategy, book.lang)
    chart.set_title({"name": book.say("net.caption", strategy=name), "name_font": {"size": 12}})
    chart.set_x_axis({"label_position": "low"})
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": grid})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 820, "height": 360})
    from som_sim.report.figures import net_words

    options = {"description": net_words(book.result, strategy, book.lang), "object_position": 3}
    sheet.page.insert_chart(sheet.row, 0, chart, options)
