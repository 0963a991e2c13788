"""``som-sim trace``: where a figure comes from, down to the line of the scenario."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, set_option, show_warnings
from som_sim.core.errors import SomSimError, suggest
from som_sim.core.names import PAYERS, PUBLIC
from som_sim.core.texts import LANGUAGES, one_line, payer_name, text

if TYPE_CHECKING:
    from som_sim.ledger.explain import Explanation, Step
    from som_sim.report.page import Page
    from som_sim.result import Result

GROUPS = {"public": PUBLIC, "society": PAYERS}
"""Perspectives that are sums of payers."""
MOST_ROWS = 24
"""More cycles than this are shown by year."""


@click.command(
    epilog="""\b
Examples:
  som-sim trace scenarios/randers_act.yaml --payer kommune --period 2020
  som-sim trace scenarios/randers_act.yaml --payer stat --period 2020 --item shelter_day
"""
    + "\n"
    + codes.HELP
)
@file_argument
@click.option(
    "--payer", type=click.Choice((*PAYERS, *GROUPS)), default="kommune", show_default=True
)
@click.option("--strategy", metavar="NAME", help="Else the last one in the file.")
@click.option("--period", metavar="WHEN", help="A year or a month, as 2020 or 2020-03; else all.")
@click.option("--item", metavar="NAME", help="A price or a grant: show how it is worked out.")
@set_option
@click.option("--lang", type=click.Choice(LANGUAGES), help="Else the scenario's, else English.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def trace(
    file: str,
    payer: str,
    strategy: str | None,
    period: str | None,
    item: str | None,
    overrides: dict[str, str],
    lang: str | None,
    as_json: bool,
) -> None:
    """Show what a payer's figure is made of, and how each item of it is worked out.

    Without --item: every item that the payer bears, in the reference and in the strategy. With it:
    quantity x price x index x share for each period, and what these rest on, with source and line.
    """
    from som_sim.chain import run
    from som_sim.report import naming
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides)
    show_warnings(scenario)
    names = tuple(scenario.strategies)
    if strategy is not None and strategy not in names:
        raise SomSimError(f"there is no strategy '{strategy}'; {suggest(strategy, names)}")
    strategy = strategy or names[-1]
    result = run(scenario)
    language = naming.language(result, lang)
    if item is None:
        rows = _items(result, payer, strategy, period)
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            _print(lambda page: _show_items(page, result, rows, payer, strategy, period), language)
        return
    found = [result.explain(item, one, strategy, period) for one in GROUPS.get(payer, (payer,))]
    if len(found) > 1:  # of a sum, those who bear something
        found = [one for one in found if one.steps or one.posted] or found[:1]
    if as_json:
        plain = [_plain(one) for one in found]
        one = plain if payer in GROUPS else plain[0]
        click.echo(json.dumps(one, ensure_ascii=False, indent=2))
        return
    for each in found:
        _print(partial(_show_item, found=each, period=period), language)


def _print(show: Any, language: str) -> None:
    from rich.console import Console

    from som_sim.report.page import Page

    console = Console(highlight=False)
    with console.capture() as shown:
        show(Page(console, language))
    click.echo(shown.get(), nl=False, color=console.color_system is not None)


# Every item -----------------------------------------------------------------------------------


def _items(
    result: Result, payer: str, strategy: str, period: str | None
) -> list[dict[str, str | int]]:
    """Return what the payer bears of each item: in the reference, in the strategy, and the net."""
    names = (result.reference, strategy)
    amounts: dict[tuple[str, str], dict[str, int]] = {}
    for name in dict.fromkeys(names):
        run = result.runs[name]
        for number, (account, item) in enumerate(run.books.ledger.items):
            booked = _booked(result, name, number, payer, period)
            if booked:
                amounts.setdefault((account, item), {})[name] = booked
    return [
        {
            "item": item,
            "account": account,
            "reference_oere": found.get(names[0], 0),
            "strategy_oere": found.get(names[1], 0),
            "net_oere": found.get(names[0], 0) - found.get(names[1], 0),
        }
        for (account, item), found in sorted(amounts.items())
    ]


def _booked(result: Result, strategy: str, item: int, payer: str, period: str | None) -> int:
    import numpy as np

    from som_sim.ledger.ledger import MEMO, payer_number

    run = result.runs[strategy]
    ledger, starts = run.books.ledger, run.trajectory.model.calendar.boundaries[:-1]
    members = [payer_number(one) for one in GROUPS.get(payer, (payer,))]
    rows = (ledger.item == item) & np.isin(ledger.payer, members) & (ledger.kind != MEMO)
    if period is not None:
        try:
            when = run.trajectory.model.calendar.period(period)
        except ValueError as error:
            raise SomSimError(str(error)) from None
        wanted = np.array([when.start <= day < when.end for day in starts])
        rows &= wanted[ledger.cycle]
    return int(ledger.amount[rows].sum())


def _show_items(
    page: Page,
    result: Result,
    rows: list[dict[str, Any]],
    payer: str,
    strategy: str,
    period: str | None,
) -> None:
    from som_sim.core.formats import number, oere_as_kroner, signed
    from som_sim.report import naming

    lang = page.lang
    names = [naming.strategy(result, name, lang) for name in (result.reference, strategy)]
    page.head(
        text(
            "trace.title",
            lang,
            payer=payer_name(payer, lang),
            strategy=names[1],
            period=period or text("trace.whole_run", lang),
        )
    )

    def row(first: str, one: dict[str, Any]) -> tuple[str, ...]:
        costs = (one["reference_oere"], one["strategy_oere"])
        written = [number(oere_as_kroner(amount), lang, 2) for amount in costs]
        return (first, *written, signed(oere_as_kroner(one["net_oere"]), lang, 2))

    keys = ("reference_oere", "strategy_oere", "net_oere")
    total = {key: sum(int(one[key]) for one in rows) for key in keys}
    table = [row(str(one["item"]), one) for one in rows]
    page.table(
        [text("trace.item", lang), *names, text("trace.net", lang)],
        [*table, row(text("total", lang), total)],
        bold_last=True,
    )
    page.say(text("trace.more", lang), style="dim")


# One item -------------------------------------------------------------------------------------


def _show_item(page: Page, *, found: Explanation, period: str | None) -> None:
    from som_sim.core.formats import number, oere_as_kroner

    lang = page.lang
    page.head(
        text(
            "trace.title",
            lang,
            payer=payer_name(found.payer, lang),
            strategy=found.strategy,
            period=period or text("trace.whole_run", lang),
        )
    )
    key = "trace.of_item" if found.unit else "trace.of_grant"
    page.say(text(key, lang, item=found.item, account=found.account, unit=found.unit))
    if found.steps:
        rows = _by_period(found.steps, lang)
        whole = number(oere_as_kroner(found.posted), lang, 2)
        rows.append((text("total", lang), "", "", "", "", whole))
        keys = ("from", "quantity", "price", "level", "share", "posted")
        heads = [text(f"trace.{one}", lang) for one in keys]
        page.table(heads, rows, bold_last=True)
        off = found.posted - sum(step.exact for step in found.steps)
        page.say(text("trace.rounding", lang, oere=number(off, lang, 2)), style="dim")
    else:
        page.say(f"{text('trace.posted', lang)}: {number(oere_as_kroner(found.posted), lang, 2)}")
    page.head(text("trace.basis", lang))
    for one in found.basis:
        source = one.source or text("trace.no_source", lang)
        grade = f", {text('trace.grade', lang, grade=one.grade)}" if one.grade else ""
        what = text(f"trace.basis.{one.what}", lang)
        page.say(one_line(f"{what}: {one.text}. {source}{grade}. {one.place}"), bullet=True)


def _by_period(steps: tuple[Step, ...], lang: str) -> list[tuple[str, ...]]:
    """Return a row for each cycle; where they are many, for each year in which nothing changes."""
    from som_sim.core.formats import number, oere_as_kroner

    many = len(steps) > MOST_ROWS

    def key(step: Step) -> tuple[Any, ...]:
        when = step.start.year if many else step.start
        return when, step.unit_price, step.level, step.share

    rows: list[tuple[str, ...]] = []
    for (when, price, level, share), group in groupby(steps, key):
        listed = list(group)
        rows.append(
            (
                str(when) if many else f"{when:%Y-%m}",
                number(sum(step.quantity for step in listed), lang, 3),
                number(float(price), lang, 2),
                number(level, lang, 6),
                number(float(share), lang, 4),
                number(oere_as_kroner(sum(step.posted for step in listed)), lang, 2),
            )
        )
    return rows


def _plain(found: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON has it; prices and shares as decimal text."""
    plain = asdict(found)
    plain["steps"] = [
        {
            **step,
            "start": step["start"].isoformat(),
            "unit_price": float(step["unit_price"]),
            "share": float(step["share"]),
        }
        for step in plain["steps"]
    ]
    return plain
