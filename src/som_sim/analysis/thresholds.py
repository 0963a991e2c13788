"""Where an outcome turns: the value of one number at which a net is 0 or a target is just met."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.varied import Input

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Value = Callable[[Ints, Floats, Ints], Floats]
CLOSE = 1e-4
"""Of the way from the base to an end: a root is found that well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Where an outcome turns as one input is varied.

    Attributes
    ----------
    status
        ``found``; ``none`` when the outcome is on the same side at low, base and high;
        ``unknown`` when it has no meaning at one of them, or the input can only have some values.
    value
        In the input's own unit; None when there is none.
    """

    status: str
    value: float | None = None


def find_crossings(
    inputs: Sequence[Input], seen: Sequence[Floats], limits: Sequence[float | None], value: Value
) -> dict[tuple[int, int], Crossing]:
    """Return where outcomes turn: by (outcome, input).

    A root is looked for between low and base and between base and high, all pairs at once, each
    step one run of many draws. An outcome that turns twice between two of these is not noticed.

    Parameters
    ----------
    inputs
        What is varied.
    seen : (outcome) of (draw,)
        Outcomes at the base, then at low and high of each input.
    limits : (outcome,)
        What each turns at; None for one that does not.
    value
        Gives outcomes where inputs stand elsewhere: which input, where, which outcome.
    """
    found: dict[tuple[int, int], Crossing] = {}
    sought: list[tuple[int, int, float]] = []
    for outcome, limit in enumerate(limits):
        if limit is None:
            continue
        base = float(seen[outcome][0]) - limit
        for number, one in enumerate(inputs):
            low, high = (
                float(end) - limit for end in seen[outcome][1 + 2 * number : 3 + 2 * number]
            )
            ends = (low, base, high)
            if one.steps or not np.isfinite(ends).all():
                found[outcome, number] = Crossing(status="unknown")
            elif low == base == high:  # it turns nothing, also where the outcome stands there
                found[outcome, number] = Crossing(status="none")
            elif base == 0:
                found[outcome, number] = Crossing(status="found", value=one.base)
            elif low * base <= 0:
                sought.append((outcome, number, -1.0))
            elif high * base <= 0:
                sought.append((outcome, number, 1.0))
            else:
                found[outcome, number] = Crossing(status="none")
    if sought:
        places = _roots(sought, seen, limits, value)
        for (outcome, number, _), place in zip(sought, places, strict=True):
            found[outcome, number] = (
                Crossing(status="found", value=inputs[number].written(float(place)))
                if np.isfinite(place)
                else Crossing(status="unknown")
            )
    return found


def _roots(
    sought: Sequence[tuple[int, int, float]],
    seen: Sequence[Floats],
    limits: Sequence[float | None],
    value: Value,
) -> Floats:
    """Return the place of each root: (pair,); not a number where none was found."""
    from scipy.optimize.elementwise import find_root

    outcomes, numbers, ends = (np.array(column) for column in zip(*sought, strict=True))
    goals = np.array([limits[one] for one in outcomes], dtype=np.float64)

    known = {
        (float(end), pair): float(seen[outcome][position])
        for pair, (outcome, number, side) in enumerate(sought)
        for end, position in ((0.0, 0), (side, 1 + 2 * number + (side > 0)))
    }

    def miss(place: Floats, pair: Floats) -> Floats:
        at = pair.astype(np.int64)
        there = [known.get((float(x), int(one))) for x, one in zip(place, at, strict=True)]
        if all(one is not None for one in there):  # the ends, which have been run
            return np.array(there, dtype=np.float64) - goals[at]
        return value(numbers[at], place, outcomes[at]) - goals[at]

    pairs = np.arange(len(sought), dtype=np.float64)
    answer = find_root(
        miss,
        (np.minimum(ends, 0.0), np.maximum(ends, 0.0)),
        args=(pairs,),
        tolerances={"xatol": CLOSE, "xrtol": 0.0, "fatol": 0.0, "frtol": 0.0},
    )
    return np.where(answer.success, answer.x, np.nan)
