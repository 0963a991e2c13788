"""What a unit of something that is not money costs in one strategy against another.

Costs are in constant prices and discounted, values discounted at their own rate, each summed over
the whole run. Where a strategy is both cheaper and better, or both dearer and worse, there is
nothing to weigh: the verdict says so, and there is no ratio.
"""

from __future__ import annotations

from dataclasses import dataclass

from som_sim.outcomes.economics import CostTable
from som_sim.outcomes.values import ValueTable
from som_sim.scenario.values import Value

PERSPECTIVES = ("public", "society")
"""Whose costs are held against values."""
COSTS = ("cheaper", "same_cost", "dearer")
EFFECTS = ("better", "same", "worse")
VERDICTS = tuple(f"{cost}_and_{effect}" for cost in COSTS for effect in EFFECTS)
WEIGHED = ("dearer_and_better", "cheaper_and_worse")
"""Verdicts in which something is given for something, so that a ratio has a meaning."""
NO_DIFFERENCE = 1e-9
"""Relative to the larger of two values: a smaller difference is float rounding, not an effect to
divide by."""
LARGEST_COST = 10**16
"""Øre; where a unit would cost more than this, there is no gain to speak of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effectiveness:
    """One strategy held against another, in one value and from one perspective.

    Attributes
    ----------
    added_cost : int, øre
        What the strategy costs more, in constant prices, discounted.
    gained
        How much more of the value there is, discounted; less, where less is better.
    verdict
        One of `VERDICTS`.
    cost_per_unit : int or None, øre
        Where the verdict is one of `WEIGHED`: what each unit gained costs, or what is saved for
        each unit lost.
    """

    added_cost: int
    gained: float
    verdict: str
    cost_per_unit: int | None


def effectiveness(
    name: str,
    value: Value,
    perspective: str,
    costs: tuple[CostTable, CostTable],
    values: tuple[ValueTable, ValueTable],
) -> Effectiveness:
    """Hold a strategy against another.

    Parameters
    ----------
    name, value
        What is not money.
    perspective
        A payer, ``public`` or ``society``.
    costs, values
        Of the strategy compared with, and of the strategy.
    """
    before, after = (int(one.amounts["discounted", perspective].sum()) for one in costs)
    less, more = (float(one.discounted[name].sum()) for one in values)
    if value.better == "lower":
        less, more = more, less
    gained = more - less
    if abs(gained) <= NO_DIFFERENCE * max(abs(less), abs(more)):
        gained = 0.0
    return weigh(after - before, gained)


def weigh(added_cost: int, gained: float) -> Effectiveness:
    """Return what an added cost in øre and a gain say together.

    Examples
    --------
    >>> weigh(600, 4.0).verdict, weigh(600, 4.0).cost_per_unit
    ('dearer_and_better', 150)
    >>> weigh(-600, 4.0).verdict, weigh(-600, 4.0).cost_per_unit
    ('cheaper_and_better', None)
    """
    if abs(added_cost) > LARGEST_COST * abs(gained):
        gained = 0.0
    cost = COSTS[1 + (added_cost > 0) - (added_cost < 0)]
    effect = EFFECTS[1 + (gained < 0) - (gained > 0)]
    verdict = f"{cost}_and_{effect}"
    return Effectiveness(
        added_cost=added_cost,
        gained=gained,
        verdict=verdict,
        cost_per_unit=round(added_cost / gained) if verdict in WEIGHED else None,
    )
