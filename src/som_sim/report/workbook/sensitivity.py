"""The sheet of sensitivity: each outcome with its inputs, and a tornado that Excel draws itself."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from som_sim.core.texts import text
from som_sim.report import naming
from som_sim.report.sensitivity import (
    how_words,
    input_name,
    left_words,
    outcome_name,
    threshold_words,
    turns_head,
    unit_words,
)
from som_sim.report.style import BLUE, ORANGE
from som_sim.report.workbook.sheets import Book, Sheet, at, column_name, span

if TYPE_CHECKING:
    from som_sim.analysis.sensitivity import Bar, OneWay, Sensitivity

WIDTHS = (46, 20, 12, 12, 12, 16, 16, 16, 16, 14, 10, 18)
LOOKS_OF = {"kroner": "kroner", "share": "share", "persons": "persons", "days": "whole"}
MOST_BARS = 15
ROWS_OF_CHART = 22
LOW, HIGH, LOW_LESS, HIGH_LESS = 5, 6, 7, 8
"""Columns of the outcome at low and at high, and of both less the base."""


def write_sensitivity(book: Book, found: Sensitivity) -> None:
    """Write a table and a chart for each outcome, and what was not tried."""
    from som_sim.report.figures_tornado import tornado_words

    sheet = book.sheet("sensitivity")
    sheet.title("sheet.sensitivity", book.say("sheet.sensitivity_note"))
    for column, width in enumerate(WIDTHS):
        sheet.page.set_column(column, column, width)
    name = naming.strategy(book.result, found.strategy, book.lang)
    sheet.text(sheet.row, 0, book.say("tornado.heading", strategy=name), "section")
    sheet.row += 1
    for said in how_words(found, book.lang):
        sheet.text(sheet.row, 0, said)
        sheet.row += 1
    for way in found.ways:
        sheet.row += 1
        words = tornado_words(found, str(way.outcome), book.lang)
        _way(book, sheet, found, way, words)
    sheet.row += 1
    sheet.text(sheet.row, 0, book.say("tornado.stays"), "section")
    for said in left_words(found, book.lang):
        sheet.row += 1
        sheet.text(sheet.row, 0, said)


def _way(book: Book, sheet: Sheet, found: Sensitivity, way: OneWay, words: str) -> None:
    """Write one outcome: its base, its inputs, and the chart."""
    lang = book.lang
    name = outcome_name(found, way.outcome, lang)
    look = LOOKS_OF.get(way.outcome.unit, "number")
    sheet.text(sheet.row, 0, name, "section")
    title = at(sheet.row, 0, sheet=sheet.name)
    base = sheet.row + 1
    sheet.text(base, 0, book.say("tornado.stated"))
    sheet.number(base, LOW, way.base, look)
    less = book.say("tornado.less_base")
    heads = [
        book.say("tornado.assumption"), book.say("tornado.unit"), book.say("tornado.low"),
        book.say("tornado.stated"), book.say("tornado.high"), book.say("tornado.at_low"),
        book.say("tornado.at_high"), f"{book.say('tornado.at_low')}, {less}",
        f"{book.say('tornado.at_high')}, {less}", turns_head(way, lang),
        book.say("tornado.grade"), book.say("tornado.source"),
    ]  # fmt: skip
    sheet.heads(base + 1, heads, 2)
    for column in (10, 11):  # texts, after the figures
        sheet.text(base + 1, column, heads[column], "head")
    first = base + 2
    bars = [bar for bar in way.bars if bar.span]
    for place, bar in enumerate(bars):
        _row(book, sheet, first + place, bar, way.base, at(base, LOW), look)
    sheet.row = first + len(bars)
    said = threshold_words(found, way, lang)
    if said:
        sheet.text(sheet.row, 0, said)
        sheet.row += 1
    if bars:
        last = first + min(len(bars), MOST_BARS) - 1
        _chart(book, sheet, title, (first, last), look, words)
        sheet.row += ROWS_OF_CHART


def _row(book: Book, sheet: Sheet, row: int, bar: Bar, base: float, stated: str, look: str) -> None:
    one, lang = bar.input, book.lang
    sheet.text(row, 0, input_name(one, lang))
    sheet.text(row, 1, unit_words(one.unit, lang))
    for column, value in enumerate((one.low, one.base, one.high), start=2):
        sheet.number(row, column, value, "figure")
    for column, end in ((LOW, bar.at_low), (HIGH, bar.at_high)):
        if not isfinite(end):
            continue
        sheet.number(row, column, end, look)
        cell = f"{column_name(column)}{row + 1}"
        sheet.formula(row, column + 2, f"{cell}-{stated}", end - base, look)
    if bar.crossing is not None:
        if bar.crossing.value is not None:
            sheet.number(row, 9, bar.crossing.value, "figure")
        else:
            key = "tornado.no_turn" if bar.crossing.status == "none" else "tornado.unknown"
            sheet.text(row, 9, text(key, lang), "right")
    sheet.text(row, 10, one.grade)
    sheet.text(row, 11, one.source)


def _chart(
    book: Book, sheet: Sheet, title: str, rows: tuple[int, int], look: str, words: str
) -> None:
    """Draw both ends of each input, less the base, the longest on top.

    The title is a cell: a text of the user's that begins with = would be a formula.
    """
    chart = book.file.add_chart({"type": "bar"})
    for column, key, colour in (
        (LOW_LESS, "tornado.at_low", ORANGE),
        (HIGH_LESS, "tornado.at_high", BLUE),
    ):
        chart.add_series(
            {
                "name": book.say(key),
                "categories": "=" + span((rows[0], 0), (rows[1], 0), sheet=sheet.name),
                "values": "=" + span((rows[0], column), (rows[1], column), sheet=sheet.name),
                "fill": {"color": colour},
                "overlap": 100,
                "gap": 40,
            }
        )
    chart.set_title({"name": f"={title}", "name_font": {"size": 12}})
    form = "0%" if look == "share" else "#,##0.0" if look == "persons" else "#,##0"
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    axis = {"name": book.say("tornado.less_base"), "num_format": form, "major_gridlines": grid}
    chart.set_x_axis(axis)
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_legend({"position": "bottom"})
    height = 110 + 22 * (rows[1] - rows[0] + 1)
    chart.set_size({"width": 980, "height": min(height, 20 * (ROWS_OF_CHART - 1))})
    sheet.page.insert_chart(sheet.row, 0, chart, {"description": words, "object_position": 3})
