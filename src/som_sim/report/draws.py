"""What a run with draws adds to the summary: medians, intervals, chances and their error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.core.formats import number, oere_as_kroner, percent, signed
from som_sim.core.texts import one_line, payer_name, text
from som_sim.report import naming
from som_sim.report.money import net_table
from som_sim.report.page import Page

if TYPE_CHECKING:
    from som_sim.result import Result

Row = dict[str, Any]


def print_draws(page: Page, result: Result) -> None:
    """Print what the draws say; nothing when there were none."""
    found = result.uncertainty
    if found is None:
        return
    lang = page.lang
    page.head(
        text(
            "draws.title",
            lang,
            n=number(found.n_draws, lang),
            parameters=number(len(found.uncertain), lang),
            seed=found.seed,
        )
    )
    rows = [{str(k): v for k, v in row.items()} for row in result.intervals.to_dict("records")]
    for target in dict.fromkeys(result.targets["target"]):
        _print_target(page, result, str(target), rows)
    for strategy in naming.followed(result):
        _print_net(page, result, strategy, rows)
        _print_avoided(page, result, strategy, rows)
    page.say(text("draws.note", lang), style="dim")
    histories = getattr(found, "histories", None)
    if histories is not None:
        page.say(text("draws.histories", lang, n=number(histories, lang)), style="dim")


def _print_target(page: Page, result: Result, target: str, rows: list[Row]) -> None:
    lang = page.lang
    share = naming.is_share(result, target)

    def amount(value: float | None, decimals: int = 1) -> str:
        return percent(value, lang, decimals) if share else number(value, lang, decimals)

    table = result.targets[result.targets["target"] == target]
    first = table.iloc[0]
    side = "at_most" if first["better"] == "lower" else "at_least"
    page.head(
        text(
            "draws.target",
            lang,
            label=one_line(str(first[f"label_{lang}"])),
            goal=text(side, lang, value=amount(first["goal"], 0)),
        )
    )
    lines: list[tuple[str, ...]] = []
    for row in table.to_dict("records"):
        lines.append(
            (
                naming.strategy(result, str(row["strategy"]), lang),
                amount(row["projected"]),
                amount(row["projected_median"]),
                _between(amount(row["projected_low"]), amount(row["projected_high"])),
                _between(number(row["count_low"], lang), number(row["count_high"], lang)),
                percent(row["draws_probability"], lang),
            )
        )
    reference = naming.strategy(result, result.reference, lang)
    for one in rows:
        if (one["figure"], one["name"]) == ("target_difference", target):
            name = naming.strategy(result, str(one["strategy"]), lang)
            whats = ("base", "median", "low", "high")
            numbers = [_signed(one[what], lang, share) for what in whats]
            label = text("draws.difference_row", lang, strategy=name, reference=reference)
            lines.append((label, *numbers[:2], _between(*numbers[2:]), "", ""))
    heads = ("strategy", "base", "median", "interval", "counted", "met")
    page.table([text(f"draws.{head}", lang) for head in heads], lines, bold_last=False)
    _print_error(page, [one for one in rows if one["name"] == target], share)


def _signed(value: float, lang: str, share: bool) -> str:
    return (
        text("draws.points", lang, points=signed(100 * value, lang, 1))
        if share
        else signed(value, lang, 1)
    )


def _between(low: str, high: str) -> str:
    return f"{low} - {high}" if not low.startswith(("-", "+", "−")) else f"{low} .. {high}"


def _print_error(page: Page, rows: list[Row], share: bool) -> None:
    """Say how exact the draws make a target's median and probability."""
    lang = page.lang
    of_target = [row for row in rows if row["figure"] == "target"]
    median = 2 * max(row["median_error"] for row in of_target)
    chance = 2 * max(row["probability_error"] for row in of_target)
    if np.isfinite(median):
        words = {
            "median": percent(median, lang, 1) if share else number(median, lang, 2),
            "probability": text("draws.points", lang, points=number(100 * chance, lang, 2)),
        }
        page.say(text("draws.error", lang, **words), style="dim")


def _print_net(page: Page, result: Result, strategy: str, rows: list[Row]) -> None:
    lang = page.lang
    net = net_table(result, strategy, "constant")
    if not net.size:
        return
    page.head(
        text(
            "draws.money",
            lang,
            strategy=naming.strategy(result, strategy, lang),
            first=net.index[0],
            last=net.index[-1],
            price_year=naming.price_year(result),
        )
    )

    def kroner(oere: float) -> str:
        return signed(oere_as_kroner(round(oere)), lang)

    lines = [
        (
            payer_name(str(row["name"]), lang),
            kroner(row["base"]),
            kroner(row["median"]),
            _between(kroner(row["low"]), kroner(row["high"])),
            percent(row["probability"], lang),
        )
        for row in rows
        if row["figure"] == "net" and row["strategy"] == strategy and row["name"] in list(net)
    ]
    heads = ("payer", "base", "median", "interval", "positive")
    page.table([text(f"draws.{head}", lang) for head in heads], lines, bold_last=False)


def _print_avoided(page: Page, result: Result, strategy: str, rows: list[Row]) -> None:
    lang = page.lang
    for row in rows:
        if row["figure"] == "homeless_days_avoided" and row["strategy"] == strategy:
            page.say(
                text(
                    "draws.avoided",
                    lang,
                    strategy=naming.strategy(result, strategy, lang),
                    reference=naming.strategy(result, result.reference, lang),
                    probability=percent(row["probability"], lang),
                    **{what: number(row[what], lang) for what in ("median", "low", "high")},
                )
            )
