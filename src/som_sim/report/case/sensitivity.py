"""The case's section on sensitivity: what moves the result most, and where it turns."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from som_sim.core import formats
from som_sim.core.texts import text
from som_sim.report.case.cells import table, words
from som_sim.report.case.content import Block, Bullets, Cell, Paragraph, Picture, Table
from som_sim.report.case.view import View
from som_sim.report.sensitivity import (
    figures,
    how_words,
    idle_names,
    left_words,
    listed,
    name_and_unit,
    outcome_name,
    outcome_value,
    threshold_words,
    turn_words,
    turns_head,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from som_sim.analysis.sensitivity import Bar, OneWay, Sensitivity
    from som_sim.report.plan import Plan
    from som_sim.result import Result

PRICES = 0.2
"""How much lower and higher prices are in a case."""


def analyse(result: Result) -> Sensitivity:
    """Return the analysis that a case shows: the municipality's net, and the targets.

    Raises
    ------
    SomSimError
        When nothing can be varied, or the model cannot take a value at an end.
    """
    from som_sim.analysis.outcome import known_outcomes
    from som_sim.analysis.sensitivity import sensitivity_of

    known = known_outcomes(result)
    asked = [one for one in known if one == "net:kommune" or one.startswith("target:")]
    return sensitivity_of(result, asked or None, prices=PRICES)


def one_way(view: View, found: Sensitivity) -> tuple[Block, ...]:
    """Return figures with their numbers, what turns them, prices, and what was not tried."""
    lang = view.lang
    found = publishable(found, view.plan)
    uncertain, prices = only(found, prices=False), only(found, prices=True)
    blocks: list[Block] = []
    if uncertain.varied.inputs:
        blocks.append(Paragraph(text=" ".join(how_words(uncertain, lang))))
        for way in uncertain.ways:
            blocks += _way(view, uncertain, way)
    for way in prices.ways:
        if any(bar.span for bar in way.bars):
            blocks.append(price_table(view, prices, way))
    blocks.append(Bullets(points=tuple(left_words(found, lang))))
    return tuple(blocks)


def publishable(found: Sensitivity, plan: Plan) -> Sensitivity:
    """Return an analysis without what tells small counts.

    That is the targets that are left out or would be small at an end, and prices of few persons'
    time that one strategy alone pays.
    """

    def small(way: OneWay) -> bool:
        if way.outcome.kind not in ("target", "chance"):
            return False
        ends = [end for bar in way.bars for end in (bar.at_low, bar.at_high)]
        counted = way.outcome.unit == "persons"
        return plan.target(way.outcome.name) or (counted and any(map(plan.rule.small, ends)))

    def told(way: OneWay) -> OneWay:
        kept = tuple(
            bar for bar in way.bars if not any(map(plan.price, bar.input.prices))
        )  # of few persons' time at a known price
        return replace(way, bars=kept)

    return replace(found, ways=tuple(told(way) for way in found.ways if not small(way)))


def only(found: Sensitivity, *, prices: bool) -> Sensitivity:
    """Return an analysis of the prices alone, or of all else."""
    kept = tuple(one for one in found.varied.inputs if one.is_price is prices)
    ways = tuple(
        replace(way, bars=tuple(bar for bar in way.bars if bar.input.is_price is prices))
        for way in found.ways
    )
    return replace(found, varied=replace(found.varied, inputs=kept), ways=ways)


def _way(view: View, found: Sensitivity, way: OneWay) -> list[Block]:
    """Return an outcome's figure, and what turns it."""
    lang = view.lang
    said = [threshold_words(found, way, lang)]
    idle = idle_names(way, lang)
    if idle:
        said.append(text("tornado.no_influence", lang, names=listed(idle)))
    words_ = Paragraph(text=" ".join(one for one in said if one))
    if not any(bar.span for bar in way.bars):
        return [words_]
    return [picture(view, found, way), words_]


def picture(view: View, found: Sensitivity, way: OneWay) -> Picture:
    """Return the tornado of an outcome, its table below."""
    from som_sim.report.figures_tornado import tornado_figure, tornado_words

    outcome, lang = str(way.outcome), view.lang
    draw: partial[Figure] = partial(tornado_figure, found, outcome, lang)
    return Picture(
        key=f"tornado_{outcome.replace(':', '_')}",
        caption=text("tornado.caption", lang, outcome=outcome_name(found, way.outcome, lang)),
        alt=tornado_words(found, outcome, lang),
        draw=draw,
        numbers=bar_table(view, found, way),
    )


def bar_table(view: View, found: Sensitivity, way: OneWay) -> Table:
    """Return low, base and high of each input, and the outcome at both ends."""
    lang = view.lang
    turns = any(bar.crossing is not None for bar in way.bars)
    rows = []
    for bar in way.bars:
        if not bar.span:
            continue
        row = [words(name_and_unit(bar.input, lang))]
        row += [_figure(value, lang) for value in (bar.input.low, bar.input.base, bar.input.high)]
        row += _ends(bar, way, lang)
        row += [words(turn_words(bar, lang))] if turns else []
        row += [words(bar.input.grade), words(view.source(bar.input.source))]
        rows.append(row)
    heads = [
        (view.say("tornado.assumption"), "text"), view.say("tornado.low"),
        view.say("tornado.stated"), view.say("tornado.high"), view.say("tornado.at_low"),
        view.say("tornado.at_high"), *([(turns_head(way, lang), "number")] if turns else []),
        (view.say("tornado.grade"), "text"), (view.say("tornado.source"), "text"),
    ]  # fmt: skip
    name = outcome_name(found, way.outcome, lang)
    base = outcome_value(way.base, way.outcome, lang, unit=True)
    return table(
        f"one_way_{str(way.outcome).replace(':', '_')}",
        lang,
        heads,
        rows,
        caption=view.say("tornado.caption", outcome=name),
        note=view.say("tornado.base", outcome=name, value=base),
    )


def price_table(view: View, found: Sensitivity, way: OneWay) -> Table:
    """Return what an outcome becomes when a price is lower or higher."""
    lang = view.lang
    rows = [
        [
            words(name_and_unit(bar.input, lang)),
            _figure(bar.input.base, lang),
            *_ends(bar, way, lang),
            words(bar.input.grade),
            words(view.source(bar.input.source)),
        ]
        for bar in way.bars
        if bar.span
    ]
    heads = [
        (view.say("tornado.price"), "text"), view.say("tornado.stated"),
        view.say("tornado.at_low"), view.say("tornado.at_high"),
        (view.say("tornado.grade"), "text"), (view.say("tornado.source"), "text"),
    ]  # fmt: skip
    share = formats.percent(found.prices, lang)
    name = outcome_name(found, way.outcome, lang)
    return table(
        f"prices_{str(way.outcome).replace(':', '_')}",
        lang,
        heads,
        rows,
        caption=view.say("tornado.prices_caption", share=share, outcome=name),
        note=view.say("tornado.prices_note"),
    )


def _figure(value: float, lang: str) -> Cell:
    return Cell(text=figures(value, lang), number=value)


def _ends(bar: Bar, way: OneWay, lang: str) -> list[Cell]:
    return [
        Cell(text=outcome_value(end, way.outcome, lang), number=end if end == end else None)
        for end in (bar.at_low, bar.at_high)
    ]
