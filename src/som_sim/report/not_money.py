"""What is not money, in the summary: how much of it, and what a unit of it costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from som_sim.core.formats import kroner, number, signed
from som_sim.core.texts import one_line, payer_name, text
from som_sim.report import naming
from som_sim.report.monte_carlo import values_line
from som_sim.report.page import Page

if TYPE_CHECKING:
    from som_sim.result import Result

DIGITS = 3
"""Digits shown of a value, so that 0.012 life years and 12,345 days both say something."""


def print_values(page: Page, result: Result, strategy: str) -> None:
    """Print what a strategy gives that is not money, against the reference."""
    import pandas as pd

    lang = page.lang
    totals = result.value_totals[result.value_totals["strategy"] == strategy]
    if not len(totals):
        return
    page.head(text("values.title", lang, strategy=naming.strategy(result, strategy, lang)))
    costs = result.cost_effectiveness
    for row in totals.to_dict("records"):
        base = float(row["amount"] - row["difference"])
        decimals = _decimals(base, float(row["difference"]))
        undiscounted = bool(row["amount"] == row["discounted"])
        page.say(
            text(
                "values.change" if undiscounted else "values.change_discounted",
                lang,
                label=one_line(str(row[f"label_{lang}"])),
                change=signed(float(row["difference"]), lang, decimals),
                discounted=signed(float(row["difference_discounted"]), lang, decimals),
                reference=naming.strategy(result, result.strategies[0], lang),
                base=number(base, lang, decimals),
            ),
            bullet=True,
        )
        if not naming.has_money(result):
            continue
        here = costs[(costs["strategy"] == strategy) & (costs["value"] == row["value"])]
        for payer, verdict, oere in zip(
            here["payer"], here["verdict"], here["cost_per_unit_oere"], strict=True
        ):
            cost = None if pd.isna(oere) else abs(int(oere))
            more, less = ("more", "less") if row["better"] == "higher" else ("less", "more")
            words = text(
                f"verdict.{verdict}",
                lang,
                cost=kroner(cost, lang),
                more=text(more, lang),
                less=text(less, lang),
            )
            page.say(f"  {payer_name(str(payer), lang)}: {words}")
    line = values_line(result, strategy, lang)
    if line is not None:
        page.say(line, style="dim")
    if naming.has_money(result):
        note = text("values.note", lang, price_year=naming.price_year(result))
        page.say(note, style="dim")


def _decimals(*values: float) -> int:
    """Return how many decimals show `DIGITS` digits of the smallest value that is not 0."""
    sizes = [math.floor(math.log10(abs(value))) for value in values if value]
    return min(max(DIGITS - 1 - min(sizes, default=0), 0), 2 * DIGITS)
