"""How sure money and values are that were taken from histories, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.core.formats import kroner, number, oere_as_kroner
from som_sim.core.texts import payer_name, text
from som_sim.report import naming

if TYPE_CHECKING:
    from som_sim.result import Result

Row = dict[str, Any]


def totals(result: Result, strategy: str) -> list[Row]:
    """Return the rows of a strategy over the whole run that have an error."""
    rows = [{str(key): cell for key, cell in row.items()} for row in records(result)]
    return [
        row
        for row in rows
        if row["strategy"] == strategy
        and row["year"] == "total"
        and row["view"] in ("constant", "")
    ]


def records(result: Result) -> list[dict[Any, Any]]:
    """Return the table as rows; none where no histories were run."""
    if getattr(result, "engine", "cohort") != "individual":
        return []
    return list(result.monte_carlo.to_dict("records"))


def net_line(result: Result, strategy: str, payers: list[str], lang: str) -> str | None:
    """Say how far chance can have moved the net of each payer; None without histories."""
    told = [
        text(
            "monte_carlo.payer",
            lang,
            payer=payer_name(str(row["name"]), lang),
            error=number(oere_as_kroner(round(_reach(row))), lang),
        )
        for row in totals(result, strategy)
        if row["figure"] == "net" and row["name"] in payers and np.isfinite(row["error"])
    ]
    return text("monte_carlo.net", lang, told="; ".join(told)) if told else None


def days_line(result: Result, strategy: str, lang: str, *, cost: bool) -> str | None:
    """Say how far chance can have moved the days avoided and, if wanted, the price of one."""
    rows = {row["figure"]: row for row in totals(result, strategy)}
    days = rows.get("homeless_days_avoided")
    if days is None or not np.isfinite(days["error"]):
        return None
    shown = {"days": number(_reach(days), lang)}
    price = rows.get("cost_per_homeless_day_avoided")
    if not cost or price is None:
        return text("monte_carlo.days", lang, **shown)
    if not np.isfinite(price["error"]):
        return text("monte_carlo.unsure", lang, **shown)
    low, high = (kroner(round(price[end]), lang) for end in ("low", "high"))
    return text("monte_carlo.days_cost", lang, **shown, low=low, high=high)


def values_line(result: Result, strategy: str, lang: str) -> str | None:
    """Say how far chance can have moved what a strategy adds that is not money."""
    told = [
        text(
            "monte_carlo.payer",
            lang,
            payer=naming.value(result, str(row["name"]), lang),
            error=number(_reach(row), lang, _decimals(_reach(row))),
        )
        for row in totals(result, strategy)
        if row["figure"] == "value_difference" and np.isfinite(row["error"])
    ]
    return text("monte_carlo.value", lang, told="; ".join(told)) if told else None


def lines(result: Result, strategy: str, payers: list[str], lang: str) -> list[str]:
    """Return everything that is said of a strategy, a line each."""
    cost = "public" in payers
    found = (
        net_line(result, strategy, payers, lang),
        days_line(result, strategy, lang, cost=cost),
        values_line(result, strategy, lang),
    )
    return [line for line in found if line is not None]


def _decimals(value: float) -> int:
    """Return how many decimals show two digits."""
    return max(1 - math.floor(math.log10(value)), 0) if value > 0 else 0


def _reach(row: Row) -> float:
    return float(row["high"] - row["low"]) / 2
