"""What each target's measure can see of a change, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from som_sim.frames.build import frame, label, runs
from som_sim.outcomes.measure import persons_at
from som_sim.outcomes.sight import LEVEL, POWER, chance_to_see, sight_of, years_to_see
from som_sim.outcomes.yearly import yearly_days
from som_sim.scenario.measures import COUNTS, SHARES, Target

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result, StrategyRun

COLUMNS = (
    "strategy", "target", "label_da", "label_en", "baseline", "n", "goal", "better", "projected",
    "level", "power", "probability_no_change", "rejected_at", "smallest", "smallest_change",
    "chance_goal_seen", "chance_projected_seen", "years_to_see",
)  # fmt: skip
A_YEAR = 365
WHOLE = ("n", "rejected_at", "years_to_see")


def sight(result: Result) -> pd.DataFrame:
    """Return what can be seen of each target that has a baseline and is counted."""
    rows = []
    for name, run in runs(result):
        for one in run.targets:
            target = run.spec.targets[one.target]
            if one.probability_no_change is None or not _has_sight(target):
                continue
            assert target.baseline is not None
            baseline, goal, better = float(target.baseline), float(target.goal), target.better
            n = target.n if target.indicator.kind in SHARES else None
            seen = sight_of(baseline, better, n)
            rows.append(
                {
                    "strategy": name,
                    "target": one.target,
                    **label(target.label, one.target),
                    "baseline": baseline,
                    "n": n,
                    "goal": goal,
                    "better": better,
                    "projected": one.projected,
                    "level": LEVEL,
                    "power": POWER,
                    "probability_no_change": one.probability_no_change,
                    "rejected_at": seen.rejected_at,
                    "smallest": seen.smallest,
                    "smallest_change": seen.smallest_change,
                    "chance_goal_seen": chance_to_see(goal, baseline, better, n),
                    "chance_projected_seen": chance_to_see(one.projected, baseline, better, n),
                    "years_to_see": years_to_see(
                        yearly_values(run, target, one.projected), baseline, better, n
                    ),
                }
            )
    table = frame(rows, COLUMNS)
    kinds = dict.fromkeys(WHOLE, "Int64") | dict.fromkeys(("smallest", "smallest_change"), float)
    return table.astype(kinds)


def _has_sight(target: Target) -> bool:
    """Tell whether a baseline is one that a measure of this kind can have."""
    if target.baseline is None or target.baseline < 0:
        return False
    return target.indicator.kind in COUNTS or target.baseline <= 1


def yearly_values(run: StrategyRun, target: Target, projected: float) -> list[float]:
    """Return what can be expected at the target's time of year, from a year into the run.

    What is not counted at a date has only its value in the target's own window.
    """
    calendar, where = run.trajectory.model.calendar, target.indicator.persons_in
    over = target.over.days if target.over else 0.0
    days = [day for day in yearly_days(calendar, target) if (day - calendar.start).days >= A_YEAR]
    if where is None or not days:
        return [projected]
    return [persons_at(run.spec, run.trajectory, where, day, over) for day in days]
