"""What the measures of published goals can see."""

from __future__ import annotations

from typing import Any

from som_sim.knowledge.entry_forms import GoalForm
from som_sim.knowledge.files import KnowledgeFile
from som_sim.outcomes.chance import chance_of_goal, chance_of_share
from som_sim.outcomes.sight import (
    LEVEL,
    POWER,
    chance_of_later,
    chance_to_see,
    sight_of,
    years_to_see,
)

SEEN = (
    "probability_no_change", "rejected_at", "smallest", "smallest_change", "chance_goal_seen",
    "years_to_see",
)  # fmt: skip


def sight_of_goals(known: KnowledgeFile) -> list[dict[str, Any]]:
    """Return what can be seen of each goal in a knowledge base, one row a goal.

    `years_to_see` holds for a change to the goal at once. A share without a number that it is taken
    among has None in every column of `SEEN`: nothing can be said of it.

    Examples
    --------
    >>> from som_sim.knowledge.files import knowledge_base
    >>> rows = {row["name"]: row for row in sight_of_goals(knowledge_base())}
    >>> social = rows["goal_social_life"]
    >>> round(social["probability_no_change"], 2), social["years_to_see"]
    (0.36, None)
    """
    return [
        _row(name, entry) for name, entry in known.entries.items() if isinstance(entry, GoalForm)
    ]


def _row(name: str, goal: GoalForm) -> dict[str, Any]:
    baseline, aim, n = float(goal.baseline), float(goal.goal), goal.n
    share = goal.unit == "share"
    row: dict[str, Any] = {
        "name": name,
        "label_da": goal.label.da,
        "label_en": goal.label.en,
        "share": share,
        "baseline": baseline,
        "n": n,
        "goal": aim,
        "better": goal.better,
        "level": LEVEL,
        "power": POWER,
        **dict.fromkeys(SEEN),
        "later": [],
        "source": goal.source,
    }
    if share and n is None:
        return row
    seen = sight_of(baseline, goal.better, n)
    row.update(
        probability_no_change=chance_of_goal(baseline, goal.goal, goal.better)
        if n is None
        else chance_of_share(baseline, n, goal.goal, goal.better),
        rejected_at=seen.rejected_at,
        smallest=seen.smallest,
        smallest_change=seen.smallest_change,
        chance_goal_seen=chance_to_see(aim, baseline, goal.better, n),
        years_to_see=years_to_see([aim], baseline, goal.better, n),
    )
    if n is not None:
        row["later"] = [
            {
                "value": float(one.value),
                "at": str(one.at),
                "chance": chance_of_later(baseline, float(one.value), n),
            }
            for one in goal.later
        ]
    return row
