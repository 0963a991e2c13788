"""A sensitivity analysis as a tidy table: a row for each outcome and input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.frames.build import frame

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.analysis.sensitivity import Bar, OneWay, Sensitivity

COLUMNS = (
    "outcome", "strategy", "parameter", "label_da", "label_en", "unit", "low", "base", "high",
    "basis", "outcome_unit", "outcome_base", "at_low", "at_high", "span", "threshold",
    "threshold_value", "threshold_status", "together", "source", "grade",
)  # fmt: skip


def table_of(found: Sensitivity) -> pd.DataFrame:
    """Return the table of `Sensitivity.table`."""
    rows = [_row(found.strategy, way, bar) for way in found.ways for bar in way.bars]
    table = frame(rows, COLUMNS)
    return table.astype({"threshold": "float64", "threshold_value": "float64"})


def _row(strategy: str, way: OneWay, bar: Bar) -> dict[str, Any]:
    one, crossing = bar.input, bar.crossing
    unit = way.outcome.unit
    return {
        "outcome": str(way.outcome),
        "strategy": strategy,
        "parameter": one.name,
        "label_da": "; ".join(label.da for label in one.labels) or one.name,
        "label_en": "; ".join(label.en for label in one.labels) or one.name,
        "unit": one.unit,
        "low": one.low,
        "base": one.base,
        "high": one.high,
        "basis": one.basis,
        "outcome_unit": unit,
        "outcome_base": shown(way.base, unit),
        "at_low": shown(bar.at_low, unit),
        "at_high": shown(bar.at_high, unit),
        "span": shown(bar.span, unit),
        "threshold": way.threshold,
        "threshold_value": None if crossing is None else crossing.value,
        "threshold_status": "" if crossing is None else crossing.status,
        "together": " ".join((*one.together, *one.prices[1:])),
        "source": one.source,
        "grade": one.grade,
    }


def shown(value: float, unit: str) -> float:
    """Return an outcome as it is published: kroner to the øre."""
    return round(value, 2) if unit == "kroner" and np.isfinite(value) else value
