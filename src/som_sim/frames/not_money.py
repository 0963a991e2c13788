"""What is not money, and what a unit of it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from som_sim.frames.build import frame, label, runs
from som_sim.outcomes.effectiveness import PERSPECTIVES

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result


def values(result: Result) -> pd.DataFrame:
    """Return each value by year, as it is and discounted at its own rate."""
    rows = [
        {
            "strategy": name,
            "value": value,
            "year": year,
            "amount": float(amount),
            "discounted": float(discounted),
        }
        for name, run in runs(result)
        for value in run.values.amounts
        for year, amount, discounted in zip(
            run.values.years, run.values.amounts[value], run.values.discounted[value], strict=True
        )
    ]
    return frame(rows, ("strategy", "value", "year", "amount", "discounted"))


def value_totals(result: Result) -> pd.DataFrame:
    """Return each value over the whole run, and its difference: strategy less reference."""
    base = result.runs[result.reference].values
    rows = []
    for name, run in runs(result):
        for value, spec in run.spec.values.items():
            amount, discounted = run.values.amounts[value], run.values.discounted[value]
            rows.append(
                {
                    "strategy": name,
                    "value": value,
                    **label(spec.label, value),
                    "better": spec.better,
                    "amount": float(amount.sum()),
                    "discounted": float(discounted.sum()),
                    "difference": float(amount.sum() - base.amounts[value].sum()),
                    "difference_discounted": float(discounted.sum() - base.discounted[value].sum()),
                }
            )
    columns = (
        "strategy", "value", "label_da", "label_en", "better", "amount", "discounted",
        "difference", "difference_discounted",
    )  # fmt: skip
    return frame(rows, columns)


def cost_effectiveness(result: Result) -> pd.DataFrame:
    """Return what a unit of each value costs the public and society, against the reference."""
    rows = [
        {
            "strategy": name,
            "value": value,
            "payer": payer,
            "added_cost_discounted_oere": found.added_cost,
            "gained_discounted": found.gained,
            "verdict": found.verdict,
            "cost_per_unit_oere": found.cost_per_unit,
        }
        for name in result.strategies[1:]
        for value in result.runs[name].values.amounts
        for payer in PERSPECTIVES
        for found in (result.cost_effectiveness_of(value, name, payer=payer),)
    ]
    columns = (
        "strategy", "value", "payer", "added_cost_discounted_oere", "gained_discounted", "verdict",
        "cost_per_unit_oere",
    )  # fmt: skip
    return frame(rows, columns).astype(
        {"added_cost_discounted_oere": "int64", "cost_per_unit_oere": "Int64"}
    )
