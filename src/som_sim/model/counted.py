"""Counts in transitions: how uncertain the shares are that were counted.

The shares of people who were counted are a Dirichlet whose parameters are the counts, so their
means are the shares themselves, and the base case has those. A draw of it is one gamma for each
count, divided by their sum. Where nobody went is where nobody goes, in every draw. Each count has
a stream of its own, keyed by what the row says of whom and where to, so that a row more or less
changes no other's draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from som_sim.core.streams import uniforms
from som_sim.scenario.distributions import Gamma
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import ScenarioFile, Transition

Draws = NDArray[np.float64]
DECISION = "counts"
STAYED = "stayed"


def share_name(position: int, to: str) -> str:
    """Return the name under which the drawn share of a destination is kept: its path."""
    return f"transitions[{position}].counts.{to}"


def draw_counted(spec: ScenarioFile, n_draws: int, seed: int, first: int = 0) -> dict[str, Draws]:
    """Draw the shares of every transition that is given by counts.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied, checked.
    n_draws
        How many draws.
    seed
        0 to 2**64 - 1.
    first
        Number of the first draw, from 0.

    Returns
    -------
    dict of `share_name` to (draw,)
        The shares of a row add to 1 with the share of those who stayed.
    """
    drawn: dict[str, Draws] = {}
    for position, row in enumerate(spec.transitions):
        if row.counts is None:
            continue
        counts = {**row.counts, **({} if row.stayed is None else {STAYED: row.stayed})}
        gammas = {
            to: Gamma(float(count), 1.0).quantile(
                uniforms(seed, DECISION, *_who(row), to, n=n_draws, first=first)
            )
            if count
            else np.zeros(n_draws)
            for to, count in counts.items()
        }
        total = np.zeros(n_draws)
        for one in gammas.values():  # one by one: a sum that no block size changes
            total = total + one
        for to in row.counts:
            share: Draws = gammas[to] / total
            share.flags.writeable = False
            drawn[share_name(position, to)] = share
    return drawn


def _who(row: Transition) -> tuple[str, str, str]:
    """Return the words that tell this row's people from those of every other row."""

    def words(where: Condition) -> str:
        return "; ".join(f"{key}: {', '.join(names)}" for key, names in where.allowed)

    return words(row.from_), words(row.if_), ", ".join(row.stratum or ())
