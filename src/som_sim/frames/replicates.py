"""How sure the mean of histories is, and how much single histories vary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from som_sim.frames.build import frame, runs
from som_sim.outcomes.replicates import spread

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result

HOMELESS_DAYS = "homeless_days"


def replicates(result: Result) -> pd.DataFrame:
    """Return each target's indicator, and homeless days, over the histories of each strategy.

    Strategies meet the same luck, so `difference` (to the reference, history by history) is
    known better than the two figures are. Without the individual engine there are no rows.
    """
    rows = []
    reference = result.runs[result.reference].replicates
    for name, run in runs(result):
        if run.replicates is None or reference is None:
            continue
        figures = {**run.replicates.targets, HOMELESS_DAYS: run.replicates.homeless_days}
        before = {**reference.targets, HOMELESS_DAYS: reference.homeless_days}
        for figure, values in figures.items():
            found = spread(values)
            gap = spread(values - before[figure])
            rows.append(
                {
                    "strategy": name,
                    "figure": figure,
                    "replicates": found.n,
                    "mean": found.mean,
                    "error": found.error,
                    "sd": found.sd,
                    "p05": found.low,
                    "p50": found.median,
                    "p95": found.high,
                    "difference": gap.mean,
                    "difference_error": gap.error,
                }
            )
    columns = (
        "strategy", "figure", "replicates", "mean", "error", "sd", "p05", "p50", "p95",
        "difference", "difference_error",
    )  # fmt: skip
    return frame(rows, columns)
