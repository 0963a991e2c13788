"""What is left of an effect when people have left a programme.

A person who leaves has the status ``after p``, in a few phases one after the other. Within a
phase the effect (the logarithm of the hazard ratio) has faded to the mean of ``2 ** (-t / half
life)`` over the phase. Phases are passed at a constant rate, so the time in each is right on
average. After the last one nothing is left.

How good that is, averaged over everybody who left at one time: the share of the effect that is
left begins at 0.845 in place of 1; it is within 0.10 of ``2 ** (-t / half life)`` after half a
half-life, 0.06 after one and 0.02 after two, and later at most 0.011 above it. Over all time it
adds to 15/16 of the exact fade: only the tail beyond four half-lives is missing.
"""

from __future__ import annotations

from itertools import pairwise
from math import log

import numpy as np

from som_sim.core.axes import Axes
from som_sim.model.resolve import Draws, Resolver
from som_sim.scenario.schema import Effect, Programme, ScenarioFile

EDGES_IN_HALF_LIVES = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Where the phases begin and end; at four half-lives 6 % of the effect is left."""
N_PHASES = len(EDGES_IN_HALF_LIVES) - 1


def after_names(name: str, programme: Programme) -> tuple[str, ...]:
    """Return the statuses that follow a programme, in order; none when no effect lasts."""
    if not any(effect.afterwards for effect in programme.effects):
        return ()
    return tuple(f"after {name} {number}" for number in range(1, N_PHASES + 1))


def after_statuses(axes: Axes, name: str) -> tuple[int, ...]:
    """Return the positions of the statuses that follow a programme."""
    return tuple(
        status for status, other in enumerate(axes.programmes) if other.startswith(f"after {name} ")
    )


def _longest_half_life(spec: ScenarioFile, resolver: Resolver, name: str) -> Draws:
    lives = [
        resolver.number(effect.afterwards.half_life)
        for effect in spec.programmes[name].effects
        if effect.afterwards is not None
    ]
    longest: Draws = np.max(lives, axis=0)
    return longest


def _phase(status: str) -> tuple[float, float]:
    return list(pairwise(EDGES_IN_HALF_LIVES))[int(status.rsplit(" ", 1)[1]) - 1]


def phase_years(spec: ScenarioFile, resolver: Resolver, name: str, status: str) -> Draws:
    """Return the mean time in a phase: (draw,), years."""
    start, end = _phase(status)
    return (end - start) * _longest_half_life(spec, resolver, name)


def faded(spec: ScenarioFile, resolver: Resolver, name: str, effect: Effect, status: str) -> Draws:
    """Return the share of an effect (on the log scale) that is left in a phase: (draw,).

    The mean of ``2 ** (-t / half life)`` over the phase, in closed form.
    """
    assert effect.afterwards is not None
    start, end = (edge * _longest_half_life(spec, resolver, name) for edge in _phase(status))
    half_life = resolver.number(effect.afterwards.half_life)
    left: Draws = (2 ** (-start / half_life) - 2 ** (-end / half_life)) * half_life
    return left / (log(2) * (end - start))
