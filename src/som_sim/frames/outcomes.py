"""What came of it: targets, their paths, what was counted, and days avoided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from som_sim.frames.build import frame, label, runs
from som_sim.outcomes.measure import measure, persons_at

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result


NO_DAYS_AVOIDED = 1e-9
"""Relative to the reference's homeless days: a smaller difference is float rounding, not an effect
to divide by."""


def targets(result: Result) -> pd.DataFrame:
    """Return each target in each strategy."""
    rows = []
    for name, run in runs(result):
        for one in run.targets:
            target = run.spec.targets[one.target]
            window = target.during.from_ if target.during else target.at
            assert window is not None
            rows.append(
                {
                    "strategy": name,
                    "target": one.target,
                    **label(target.label, one.target),
                    "indicator": target.indicator.kind,
                    "at": window.start.isoformat(),
                    "over_days": target.over.days if target.over else 0.0,
                    "baseline": np.nan if target.baseline is None else float(target.baseline),
                    "goal": float(target.goal),
                    "better": target.better,
                    "projected": one.projected,
                    "met": one.met,
                    "probability": np.nan if one.probability is None else one.probability,
                    "chance_from": one.chance_from or "",
                    "probability_no_change": np.nan
                    if one.probability_no_change is None
                    else one.probability_no_change,
                    "n": target.n,
                }
            )
    columns = (
        "strategy", "target", "label_da", "label_en", "indicator", "at", "over_days", "baseline",
        "goal", "better", "projected", "met", "probability", "chance_from",
        "probability_no_change", "n",
    )  # fmt: skip
    return frame(rows, columns).astype({"n": "Int64"})


def indicator_paths(result: Result) -> pd.DataFrame:
    """Return each count target's indicator at the start of every cycle."""
    rows = []
    for name, run in runs(result):
        calendar = run.trajectory.model.calendar
        for key, target in run.spec.targets.items():
            where = target.indicator.persons_in
            if where is None:
                continue
            over = target.over.days if target.over else 0.0
            for day in calendar.boundaries[:-1]:
                if (calendar.end - day).days >= over:
                    persons = persons_at(run.spec, run.trajectory, where, day, over)
                    rows.append(
                        {
                            "strategy": name,
                            "target": key,
                            "date": day.isoformat(),
                            "persons": persons,
                        }
                    )
    return frame(rows, ("strategy", "target", "date", "persons"))


def observations(result: Result) -> pd.DataFrame:
    """Return what was counted beside what each strategy gives."""
    rows = []
    for name, run in runs(result):
        for number, one in enumerate(run.spec.observations):
            window = one.during.from_ if one.during else one.at
            assert window is not None
            same = [
                key
                for key, target in run.spec.targets.items()
                if (target.indicator, target.over) == (one.indicator, one.over)
            ]
            rows.append(
                {
                    "strategy": name,
                    "observation": number,
                    **label(one.label, f"observations[{number}]"),
                    "at": window.start.isoformat(),
                    "value": float(one.value),
                    "projected": measure(run.spec, run.trajectory, one),
                    "source": one.source or "",
                    "target": same[0] if same else "",
                }
            )
    columns = (
        "strategy", "observation", "label_da", "label_en", "at", "value", "projected", "source",
        "target",
    )  # fmt: skip
    return frame(rows, columns)


def comparison(result: Result) -> pd.DataFrame:
    """Return homeless days, days avoided and what one costs the public, in constant prices."""
    import pandas as pd

    rows = []
    days = {
        name: float(run.trajectory.person_days[0, 0][..., run.trajectory.model.homeless].sum())
        for name, run in runs(result)
    }
    for name in result.strategies:
        avoided = days[result.reference] - days[name]
        net = int(result.net_of(name).amounts["constant", "public"].sum())
        rows.append(
            {
                "strategy": name,
                "homeless_days": days[name],
                "homeless_days_avoided": avoided,
                "net_public_constant_oere": net,
                "cost_per_homeless_day_avoided_oere": round(-net / avoided)
                if avoided > NO_DAYS_AVOIDED * days[result.reference]
                else None,
            }
        )
    columns = (
        "strategy", "homeless_days", "homeless_days_avoided", "net_public_constant_oere",
        "cost_per_homeless_day_avoided_oere",
    )  # fmt: skip
    table = frame(rows, columns)
    last = columns[-1]
    table[last] = pd.array(table[last].to_list(), dtype="Int64")
    return table
