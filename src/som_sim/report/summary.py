"""The answer on the screen: what was asked, what came out, who pays, and what it does not say.

Everything is built of `rich.text.Text`, which is never read as markup: a bracket in a scenario's
title stays a bracket. Amounts are shown in whole kroner; the tables on disk hold every øre.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.core.formats import (
    date,
    kroner,
    number,
    oere_as_kroner,
    percent,
    plain,
    signed,
)
from som_sim.core.texts import PAYERS, one_line, payer_name, text
from som_sim.report import naming

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from som_sim.result import Result


CHECKS_SHOWN = 20
LIMITS = ("limits.1", "limits.2", "limits.3")


def print_summary(result: Result, lang: str, console: Console) -> None:
    """Print what a run gave, in words and small tables.

    Parameters
    ----------
    result
        What a run gave.
    lang
        ``"da"`` or ``"en"``.
    console
        Where to print; 80 columns are enough.
    """
    page = _Page(console, lang)
    _print_head(page, result)
    for target in dict.fromkeys(result.targets["target"]):
        _print_target(page, result, str(target))
    if len(result.targets):
        page.say(text("targets.note", lang), style="dim")
    _print_programmes(page, result)
    for strategy in naming.followed(result):
        _print_money(page, result, strategy)
        _print_money_by_year(page, result, strategy)
        _print_days(page, result, strategy)
    _print_grants(page, result)
    _print_reconciliation(page, result)
    page.head(text("limits.title", lang))
    for key in LIMITS:
        page.say(text(key, lang), bullet=True)


class _Page:
    """A console and a language, with the few things the summary prints."""

    def __init__(self, console: Console, lang: str) -> None:
        self.console = console
        self.lang = lang

    def head(self, written: str) -> None:
        self.console.print()
        self.say(written, style="bold")

    def say(self, written: str, style: str = "", bullet: bool = False) -> None:
        from rich.text import Text

        self.console.print(Text(("- " if bullet else "") + plain(written), style=style))

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], bold_last: bool) -> None:
        """Print a table whose first column is words and whose other columns are figures."""
        from rich.text import Text

        table = _empty_table()
        for position, head in enumerate(heads):
            table.add_column(
                Text(plain(head)),
                justify="right" if position else "left",
                min_width=max(len(row[position]) for row in rows) if position else None,
                overflow="fold",
            )
        for position, row in enumerate(rows):
            last = bold_last and position == len(rows) - 1
            table.add_row(*(Text(plain(cell)) for cell in row), style="bold" if last else None)
        self.console.print(table)


def _empty_table() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")


def _print_head(page: _Page, result: Result) -> None:
    lang = page.lang
    page.say(naming.title(result, lang), style="bold underline")
    key = "summary.origin" if result.seed is None else "summary.origin_seed"
    page.say(
        text(
            key, lang, digest=naming.digest(result), version=result.version, seed=result.seed or 0
        ),
        style="dim",
    )


def _print_target(page: _Page, result: Result, target: str) -> None:
    lang = page.lang
    rows = result.targets[result.targets["target"] == target]
    first = rows.iloc[0]
    share = naming.is_share(result, target)

    def amount(value: float, decimals: int) -> str:
        return percent(value, lang, decimals) if share else number(value, lang, decimals)

    def whole(value: float) -> str:
        return amount(value, 0 if share or float(value).is_integer() else 1)

    side = "at_most" if first["better"] == "lower" else "at_least"
    goal = text(side, lang, value=whole(first["goal"]))
    known = bool(np.isfinite(first["baseline"]))
    page.head(
        text(
            "targets.goal" if known else "targets.goal_only",
            lang,
            label=one_line(str(first[f"label_{lang}"])),
            goal=goal,
            when=_when(first, lang),
            baseline=whole(first["baseline"]) if known else "",
        )
    )
    heads = ("targets.strategy", "targets.expected", "targets.met", "targets.probability")
    page.table(
        [text(head, lang) for head in heads],
        [
            (
                naming.strategy(result, str(row.strategy), lang),
                amount(row.projected, 1),
                text("yes" if row.met else "no", lang),
                percent(row.probability, lang),
            )
            for row in rows.itertuples()
        ],
        bold_last=False,
    )
    if known and np.isfinite(first["probability_no_change"]):
        page.say(
            text(
                "targets.small_numbers",
                lang,
                baseline=whole(first["baseline"]),
                goal=goal,
                probability=percent(first["probability_no_change"], lang),
            )
        )


def _when(row: pd.Series[Any], lang: str) -> str:
    day, days = date(str(row["at"]), lang), float(row["over_days"])
    if not days > 1:
        return day
    return text("targets.days_from", lang, days=number(days, lang), date=day)


def _print_programmes(page: _Page, result: Result) -> None:
    lang = page.lang
    if not len(result.programmes):
        return
    page.head(text("programmes.title", lang))
    heads = ("name", "places", "in", "enrolled", "waiting")
    rows = []
    for (strategy, programme), group in result.programmes.groupby(
        ["strategy", "programme"], sort=False
    ):
        places = float(group["places"].max())
        rows.append(
            (
                f"{naming.programme(result, programme, lang)} "
                f"({naming.strategy(result, strategy, lang)})",
                number(places, lang) if np.isfinite(places) else text("unlimited", lang),
                number(float(group["persons_in"].max()), lang, 1),
                number(float(group["enrolled"].sum()), lang, 1),
                number(float(group["waiting"].max()), lang, 1),
            )
        )
    page.table([text(f"programmes.{head}", lang) for head in heads], rows, bold_last=False)


def _occurring(frame: pd.DataFrame) -> list[str]:
    present = set(frame["payer"])
    return [payer for payer in PAYERS if payer in present]


def _whole_kroner(oere: int, lang: str) -> str:
    return number(oere_as_kroner(oere), lang)


def _print_money(page: _Page, result: Result, strategy: str) -> None:
    lang = page.lang
    reference = result.strategies[0]
    cost = result.cost_by_year.groupby(["strategy", "payer"])["constant_oere"].sum()
    net = result.net_by_year[result.net_by_year["strategy"] == strategy]
    by_payer = net.groupby("payer")["constant_oere"].sum()
    years = result.net_by_year["year"]
    page.head(
        text(
            "money.title",
            lang,
            strategy=naming.strategy(result, strategy, lang),
            first=years.min(),
            last=years.max(),
            price_year=naming.price_year(result),
        )
    )
    rows = [
        (
            payer_name(payer, lang),
            _whole_kroner(int(cost.get((reference, payer), 0)), lang),
            _whole_kroner(int(cost.get((strategy, payer), 0)), lang),
            signed(oere_as_kroner(int(by_payer[payer])), lang),
            _break_even(result, payer, strategy, lang),
        )
        for payer in _occurring(net)
    ]
    heads = [
        text("money.payer", lang),
        naming.strategy(result, reference, lang),
        naming.strategy(result, strategy, lang),
        text("money.net", lang),
        text("money.break_even", lang),
    ]
    page.table(heads, rows, bold_last=False)
    page.say(
        text("money.note", lang, reference=naming.strategy(result, reference, lang)), style="dim"
    )


def _break_even(result: Result, payer: str, strategy: str, lang: str) -> str:
    year = result.break_even(payer, strategy)
    if year is not None:
        return str(year)
    table = result.break_even_table
    row = table[(table["strategy"] == strategy) & (table["payer"] == payer)]
    if len(row) and bool(row["first_cost_year"].isna().iloc[0]):
        return text("money.no_cost", lang)
    return text("money.never", lang)


def _print_money_by_year(page: _Page, result: Result, strategy: str) -> None:
    lang = page.lang
    net = result.net_by_year[result.net_by_year["strategy"] == strategy]
    table = net.pivot(index="year", columns="payer", values="current_oere").sort_index()
    payers = _occurring(net)
    page.head(text("money.by_year", lang, strategy=naming.strategy(result, strategy, lang)))

    def cells(values: Any) -> list[str]:
        return [signed(oere_as_kroner(int(values[payer])) / 1000, lang) for payer in payers]

    rows = [[str(year), *cells(table.loc[year])] for year in table.index]
    rows.append([text("total", lang), *cells(table.sum())])
    page.table(
        [text("year", lang), *(payer_name(payer, lang) for payer in payers)], rows, bold_last=True
    )


def _print_days(page: _Page, result: Result, strategy: str) -> None:
    lang = page.lang
    rows = result.comparison[result.comparison["strategy"] == strategy]
    if not len(rows):
        return
    row = rows.iloc[0]
    avoided = float(row["homeless_days_avoided"])
    page.head(text("days.title", lang))
    page.say(
        text(
            "days.avoided" if avoided >= 0 else "days.added",
            lang,
            strategy=naming.strategy(result, strategy, lang),
            reference=naming.strategy(result, result.strategies[0], lang),
            days=number(abs(avoided), lang),
            base=number(float(row["homeless_days"]) + avoided, lang),
        )
    )
    if rows["cost_per_homeless_day_avoided_oere"].notna().iloc[0]:
        cost = int(row["cost_per_homeless_day_avoided_oere"])
        key = "days.cost" if cost >= 0 else "days.saving"
        page.say(text(key, lang, cost=kroner(abs(cost), lang)))


def _print_grants(page: _Page, result: Result) -> None:
    lang = page.lang
    kinds = ("award", "paid", "used", "returned")
    for (strategy, grant), group in result.grants.groupby(["strategy", "grant"], sort=False):
        page.head(
            text(
                "grants.title",
                lang,
                grant=naming.grant(result, grant, lang),
                strategy=naming.strategy(result, strategy, lang),
            )
        )
        columns = [f"{kind}_oere" for kind in kinds]
        rows = [
            [str(year), *(number(oere_as_kroner(amount), lang, 2) for amount in amounts)]
            for year, *amounts in group[["year", *columns]].itertuples(index=False)
        ]
        sums = [number(oere_as_kroner(int(group[column].sum())), lang, 2) for column in columns]
        rows.append([text("total", lang), *sums])
        heads = [text("year", lang), *(text(f"grants.{kind}", lang) for kind in kinds)]
        page.table(heads, rows, bold_last=True)


def _print_reconciliation(page: _Page, result: Result) -> None:
    lang = page.lang
    checks = result.reconciliation
    failed = checks[~checks["ok"].astype(bool)]
    page.head(text("checks.title", lang))
    if not len(failed):
        page.say(text("checks.fine", lang, count=number(len(checks), lang)), style="green")
        return
    counts = {"failed": number(len(failed), lang), "count": number(len(checks), lang)}
    page.say(text("checks.failed", lang, **counts), style="bold red")
    for row in failed.head(CHECKS_SHOWN).itertuples():
        line = text(
            "checks.line",
            lang,
            strategy=row.strategy,
            check=f"{row.check} {one_line(str(row.detail))}".strip(),
            **{
                name: kroner(int(getattr(row, f"{name}_oere")), lang)
                for name in ("expected", "actual", "residual")
            },
        )
        page.say(line, style="red", bullet=True)
    if len(failed) > CHECKS_SHOWN:
        more = number(len(failed) - CHECKS_SHOWN, lang)
        page.say(text("checks.more", lang, more=more), style="red")
