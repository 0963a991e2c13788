"""The headline figures of a result as plain values, in a fixed format with a version."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from som_sim.outcomes.economics import PERSPECTIVES, VIEWS

if TYPE_CHECKING:
    from som_sim.result import Result

FORMAT_VERSION = 1
TARGET_KEYS = (
    "indicator", "at", "baseline", "goal", "better", "projected", "met", "probability",
    "chance_from", "probability_no_change", "n",
)  # fmt: skip
VALUE_KEYS = ("amount", "discounted", "difference", "difference_discounted")


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it: no NaN, no numpy."""
    import pandas as pd

    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def summarise(result: Result) -> dict[str, Any]:
    """Return what ``summary.json`` holds."""
    targets, comparison = result.targets, result.comparison
    changed: Mapping[str, object] = getattr(result.scenario, "overrides", {})
    summary: dict[str, Any] = {
        "format": FORMAT_VERSION,
        "scenario": result.scenario.digest,
        "file": os.path.basename(result.scenario.file),
        "set": {path: str(value) for path, value in changed.items()},
        "seed": result.seed,
        "versions": {"som_sim": result.version},
        "engine": result.engine,
        **_histories(result),
        "reference": result.reference,
        "price_year": result.scenario.base.meta.price_year,
        "ok": result.ok,
        "strategies": {
            name: {
                "targets": {
                    row["target"]: {key: _plain(row[key]) for key in TARGET_KEYS}
                    for row in targets[targets["strategy"] == name].to_dict("records")
                },
                "net_oere": _net(result, name),
                "break_even": _break_even(result, name),
                "economics": _economics(result, name),
                "homeless_days": _plain(row["homeless_days"]),
                "homeless_days_avoided": _plain(row["homeless_days_avoided"]),
                "cost_per_homeless_day_avoided_oere": _maybe_int(
                    row["cost_per_homeless_day_avoided_oere"]
                ),
                "values": _values(result, name),
                "reconciliation": {
                    "checks": len(result.runs[name].checks),
                    "failed": sum(not check.ok for check in result.runs[name].checks),
                },
            }
            for name, row in zip(result.strategies, comparison.to_dict("records"), strict=True)
        },
    }
    if result.uncertainty is not None:
        from som_sim.frames.uncertain import draws_summary

        summary["draws"] = draws_summary(result)
    return summary


def _values(result: Result, name: str) -> dict[str, Any]:
    """Return what is not money; a strategy other than the reference also has what a unit costs."""
    totals, costs = result.value_totals, result.cost_effectiveness
    return {
        row["value"]: {
            **{key: _plain(row[key]) for key in VALUE_KEYS},
            "cost_effectiveness": {
                one["payer"]: {
                    "added_cost_discounted_oere": int(one["added_cost_discounted_oere"]),
                    "verdict": one["verdict"],
                    "cost_per_unit_oere": _maybe_int(one["cost_per_unit_oere"]),
                }
                for one in costs.to_dict("records")
                if (one["strategy"], one["value"]) == (name, row["value"])
            },
        }
        for row in totals[totals["strategy"] == name].to_dict("records")
    }


def _histories(result: Result) -> dict[str, Any]:
    """Return how many histories a run has, and how sure their means are; nothing without any."""
    histories = result.runs[result.reference].replicates
    if histories is None:
        return {}
    rows = result.replicates.to_dict("records")
    keys = ("mean", "error", "sd", "p05", "p50", "p95", "difference", "difference_error")
    return {
        "replicates": histories.replicates,
        "monte_carlo": {
            name: {
                row["figure"]: {key: _plain(row[key]) for key in keys}
                for row in rows
                if row["strategy"] == name
            }
            for name in result.strategies
        },
        "monte_carlo_totals": [
            {str(key): _plain(cell) for key, cell in row.items() if key != "year"}
            for row in result.monte_carlo.to_dict("records")
            if row["year"] == "total"
        ],
    }


def _maybe_int(value: Any) -> int | None:
    import pandas as pd

    return None if pd.isna(value) else int(value)


def _net(result: Result, name: str) -> dict[str, Any]:
    table = result.net_of(name)
    return {
        payer: {
            view: {
                **{
                    str(year): int(a)
                    for year, a in zip(table.years, table.amounts[view, payer], strict=True)
                },
                "total": int(table.amounts[view, payer].sum()),
            }
            for view in VIEWS
        }
        for payer in PERSPECTIVES
    }


def _economics(result: Result, name: str) -> dict[str, Any]:
    """Return what a strategy is worth to each payer, and peak funding; none of the reference."""
    worth, funding = result.economics, result.funding
    awarded = funding[(funding["strategy"] == name) & (funding["case"] == "as_awarded")]
    peaks = dict(zip(awarded["payer"], awarded["peak_funding_oere"], strict=True))
    return {
        row["payer"]: {
            **{key: _plain(row[key]) for key in worth.columns if key not in ("strategy", "payer")},
            "peak_funding_oere": _maybe_int(peaks.get(row["payer"])),
        }
        for row in worth[worth["strategy"] == name].to_dict("records")
    }


def _break_even(result: Result, name: str) -> dict[str, int | None]:
    return {payer: result.break_even_of(payer, name).year for payer in PERSPECTIVES}
