"""The answer on the screen: what was asked, what came out, who pays, and what it does not say.

Amounts are shown in whole kroner; the tables on disk hold every øre.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.core.formats import (
    date,
    decimals_of,
    kroner,
    number,
    oere_as_kroner,
    percent,
    signed,
)
from som_sim.core.texts import one_line, payer_name, text
from som_sim.report import naming
from som_sim.report.chance import chance_lines
from som_sim.report.draws import print_draws
from som_sim.report.money import is_ever_behind, net_table
from som_sim.report.monte_carlo import days_line, net_line
from som_sim.report.not_money import print_values
from som_sim.report.page import Page
from som_sim.report.sight import print_sight

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

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
    page = Page(console, lang)
    _print_head(page, result)
    for target in dict.fromkeys(result.targets["target"]):
        _print_target(page, result, str(target))
    if len(result.targets):
        page.say(text("targets.note", lang), style="dim")
    _print_programmes(page, result)
    _print_places(page, result)
    for strategy in naming.followed(result):
        _print_money(page, result, strategy)
        _print_money_by_year(page, result, strategy)
        _print_days(page, result, strategy)
        print_values(page, result, strategy)
    print_draws(page, result)
    _print_grants(page, result)
    _print_reconciliation(page, result)
    page.head(text("limits.title", lang))
    for key in LIMITS:
        page.say(text(key, lang), bullet=True)


def _print_head(page: Page, result: Result) -> None:
    lang = page.lang
    page.say(naming.title(result, lang), style="bold underline")
    key = "summary.origin" if result.seed is None else "summary.origin_seed"
    page.say(
        text(
            key, lang, digest=naming.digest(result), version=result.version, seed=result.seed or 0
        ),
        style="dim",
    )
    histories = result.runs[result.reference].replicates
    if histories is not None:
        page.say(text("individual.note", lang, n=number(histories.replicates, lang)))


def _print_target(page: Page, result: Result, target: str) -> None:
    lang = page.lang
    rows = result.targets[result.targets["target"] == target]
    first = rows.iloc[0]
    share = naming.is_share(result, target)

    def amount(value: float, decimals: int) -> str:
        return percent(value, lang, decimals) if share else number(value, lang, decimals)

    def stated(value: float) -> str:
        return amount(value, decimals_of(100 * value if share else value))

    side = "at_most" if first["better"] == "lower" else "at_least"
    goal = text(side, lang, value=stated(first["goal"]))
    known = bool(np.isfinite(first["baseline"]))
    page.head(
        text(
            "targets.goal" if known else "targets.goal_only",
            lang,
            label=one_line(str(first[f"label_{lang}"])),
            goal=goal,
            when=_when(result, first, lang),
            baseline=stated(first["baseline"]) if known else "",
        )
    )
    heads = ("targets.strategy", "targets.expected", "targets.met", "targets.probability")
    page.table(
        [text(head, lang) for head in heads],
        [
            (
                naming.strategy(result, row["strategy"], lang),
                amount(row["projected"], 1),
                text("yes" if row["met"] else "no", lang),
                percent(row["probability"], lang),
            )
            for row in rows.to_dict("records")
        ],
        bold_last=False,
    )
    for line in chance_lines(result, lang, target):
        page.say(line, style="dim")
    if known and np.isfinite(first["probability_no_change"]):
        page.say(
            text(
                "targets.small_share" if share else "targets.small_numbers",
                lang,
                baseline=stated(first["baseline"]),
                goal=goal,
                n=number(int(first["n"]), lang) if share else "",
                probability=percent(first["probability_no_change"], lang),
            )
        )
    print_sight(page, result, target)


def _when(result: Result, row: pd.Series[Any], lang: str) -> str:
    during = naming.target_window(result, str(row["target"]))
    if during is not None:
        first, last = (date(day, lang) for day in during)
        return text("targets.during", lang, first=first, last=last)
    day, days = date(str(row["at"]), lang), float(row["over_days"])
    if not days > 1:
        return day
    return text("targets.days_from", lang, days=number(days, lang), date=day)


def _print_programmes(page: Page, result: Result) -> None:
    lang = page.lang
    frame = result.programmes
    if not len(frame):
        return
    page.head(text("programmes.title", lang))
    kinds = ("places", "in", "enrolled", "waiting")
    for strategy in result.strategies:
        rows = [
            _programme_row(result, str(programme), group, lang)
            for programme, group in frame[frame["strategy"] == strategy].groupby(
                "programme", sort=False
            )
        ]
        if rows:
            heads = [text(f"programmes.{kind}", lang) for kind in kinds]
            page.table([naming.strategy(result, strategy, lang), *heads], rows, bold_last=False)
            page.console.print()
    page.say(text("programmes.note", lang), style="dim")


def _programme_row(
    result: Result, programme: str, group: pd.DataFrame, lang: str
) -> tuple[str, ...]:
    """Return a row; a programme without places takes in only those who move on to it.

    Nobody waits for a programme in the months in which it has no places.
    """
    open_ = group[group["places"] > 0]
    places = float(group["places"].max())
    most_in = number(float(group["persons_in"].max()), lang, 1)
    name = naming.programme(result, programme, lang)
    if not places:
        none = text("none", lang)
        return name, none, most_in, none, none
    return (
        name,
        number(places, lang) if np.isfinite(places) else text("unlimited", lang),
        most_in,
        number(float(group["enrolled"].sum()), lang, 1),
        number(max(float((open_["waiting"] - open_["enrolled"]).max()), 0.0), lang, 1),
    )


def _print_places(page: Page, result: Result) -> None:
    """Say where places of a state were short, how often, and from when to when."""
    lang = page.lang
    if not len(result.places) or not result.places["bound"].any():
        return
    page.head(text("places.title", lang))
    for key, group in result.places.groupby(["strategy", "domain", "state"], sort=False):
        strategy, domain, state = (str(part) for part in key)
        short = group.loc[group["bound"].astype(bool), "start"]
        if not len(short):
            continue
        line = text(
            "places.short",
            lang,
            strategy=naming.strategy(result, strategy, lang),
            state=naming.state(result, domain, state, lang),
            count=number(len(short), lang),
            total=number(len(group), lang),
            first=date(str(short.min()), lang),
            last=date(str(short.max()), lang),
        )
        page.say(line, bullet=True)


def _whole_kroner(oere: int, lang: str) -> str:
    return number(oere_as_kroner(oere), lang)


def _print_money(page: Page, result: Result, strategy: str) -> None:
    lang = page.lang
    net = net_table(result, strategy, "constant")
    if not net.size:
        return
    names = [naming.strategy(result, name, lang) for name in (result.strategies[0], strategy)]
    page.head(
        text(
            "money.title",
            lang,
            strategy=names[1],
            first=net.index[0],
            last=net.index[-1],
            price_year=naming.price_year(result),
        )
    )
    cost: Any = result.cost_by_year.groupby(["strategy", "payer"])["constant_oere"].sum()
    rows = [
        (
            payer_name(str(payer), lang),
            _whole_kroner(int(cost[result.strategies[0], payer]), lang),
            _whole_kroner(int(cost[strategy, payer]), lang),
            signed(oere_as_kroner(int(net[payer].sum())), lang),
            _break_even(net[payer], result.break_even(str(payer), strategy), lang),
        )
        for payer in net
    ]
    heads = (
        text("money.payer", lang),
        *names,
        text("money.net", lang),
        text("money.break_even", lang),
    )
    page.table(heads, rows, bold_last=False)
    page.say(text("money.note", lang, reference=names[0]), style="dim")
    line = net_line(result, strategy, [str(payer) for payer in net], lang)
    if line is not None:
        page.say(line, style="dim")
    if any(row[1].startswith("-") or row[2].startswith("-") for row in rows):
        page.say(text("money.negative", lang), style="dim")


def _break_even(net: pd.Series[int], year: int | None, lang: str) -> str:
    if not is_ever_behind(net):
        return text("money.never_behind", lang)
    return text("money.never", lang) if year is None else str(year)


def _print_money_by_year(page: Page, result: Result, strategy: str) -> None:
    lang = page.lang
    net = net_table(result, strategy, "current")
    if not net.size:
        return
    page.head(text("money.by_year", lang, strategy=naming.strategy(result, strategy, lang)))

    def cells(amounts: pd.Series[int]) -> list[str]:
        return [signed(oere_as_kroner(int(amount)) / 1000, lang) for amount in amounts]

    rows = [[str(year), *cells(net.loc[year])] for year in net.index]
    rows.append([text("total", lang), *cells(net.sum())])
    heads = [text("year", lang), *(payer_name(str(payer), lang) for payer in net)]
    page.table(heads, rows, bold_last=True)


def _print_days(page: Page, result: Result, strategy: str) -> None:
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
    booked = "public" in net_table(result, strategy, "constant")
    if booked and rows["cost_per_homeless_day_avoided_oere"].notna().iloc[0]:
        cost = int(row["cost_per_homeless_day_avoided_oere"])
        key = "days.cost" if cost >= 0 else "days.saving"
        price_year = naming.price_year(result)
        page.say(text(key, lang, cost=kroner(abs(cost), lang), price_year=price_year))
    line = days_line(result, strategy, lang, cost=booked)
    if line is not None:
        page.say(line, style="dim")


def _print_grants(page: Page, result: Result) -> None:
    """Print each grant; what is carried over at a year's end is there to use in the next."""
    lang = page.lang
    for (strategy, grant), group in result.grants.groupby(["strategy", "grant"], sort=False):
        page.head(
            text(
                "grants.title",
                lang,
                grant=naming.grant(result, str(grant), lang),
                strategy=naming.strategy(result, str(strategy), lang),
            )
        )
        kinds = ["award", "paid", "used", "returned"]
        if group["carried_out_oere"].any():
            kinds.append("carried_out")
        columns = [f"{kind}_oere" for kind in kinds]
        rows = [
            [str(year), *(number(oere_as_kroner(amount), lang, 2) for amount in amounts)]
            for year, *amounts in group[["year", *columns]].itertuples(index=False)
        ]
        totals = group[columns].sum()
        if "carried_out" in kinds:  # a balance, of which the last one is what is left
            totals["carried_out_oere"] = group["carried_out_oere"].iloc[-1]
        sums = [number(oere_as_kroner(int(totals[column])), lang, 2) for column in columns]
        rows.append([text("total", lang), *sums])
        heads = [text("year", lang), *(text(f"grants.{kind}", lang) for kind in kinds)]
        page.table(heads, rows, bold_last=True)


def _print_reconciliation(page: Page, result: Result) -> None:
    lang = page.lang
    checks = result.reconciliation
    failed = checks[~checks["ok"].astype(bool)]
    page.head(text("checks.title", lang))
    if not len(failed):
        page.say(text("checks.fine", lang, count=number(len(checks), lang)), style="green")
        return
    counts = {"failed": number(len(failed), lang), "count": number(len(checks), lang)}
    page.say(text("checks.failed", lang, **counts), style="bold red")
    for _, row in failed.head(CHECKS_SHOWN).iterrows():
        figures = {name: _figure(row, name, lang) for name in ("expected", "actual", "residual")}
        line = text(
            "checks.line",
            lang,
            strategy=row["strategy"],
            check=row["check"],
            detail=one_line(str(row["detail"])),
            **figures,
        )
        page.say(line, style="red", bullet=True)
    if len(failed) > CHECKS_SHOWN:
        more = number(len(failed) - CHECKS_SHOWN, lang)
        page.say(text("checks.more", lang, more=more), style="red")


def _figure(row: pd.Series[Any], name: str, lang: str) -> str:
    """Write a figure of a check: an amount, or persons where it is about persons."""
    oere = float(row[f"{name}_oere"])
    if np.isfinite(oere):
        return kroner(round(oere), lang)
    return number(float(row[f"{name}_persons"]), lang, 9)
