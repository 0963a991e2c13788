"""Grants in every draw: the plan of `som_sim.ledger.grants`, in øre that are not rounded.

A tranche that has a condition with a probability comes in so many of the draws. The base case takes
every tranche as given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from som_sim.core.streams import uniforms
from som_sim.ledger.grants import (
    AWARD,
    CLAWBACK,
    PAID,
    RETURNED,
    USED,
    grant_years,
    keeps_unspent,
    tranche_oere,
)
from som_sim.scenario.schema import Grant, ScenarioFile

Floats = NDArray[np.float64]
LineKey = tuple[str, str, str, str]
Uncovered = dict[tuple[str, str], Floats]
People = Callable[[str], Floats]
DECISION = "tranche"


def tranche_name(grant: str, year: int) -> str:
    """Return the name under which it is kept whether a tranche comes: its path."""
    return f"grants.{grant}.tranches.{year}"


def draw_tranches(
    spec: ScenarioFile, strategy: str, n_draws: int, seed: int, first: int
) -> dict[str, Floats]:
    """Draw whether each tranche with a condition comes: 1 or 0 by its name, (draw,) each."""
    drawn = {}
    for name in spec.strategies[strategy].grants:
        for year, condition in spec.grants[name].conditions.items():
            if condition.probability is not None:
                luck = uniforms(seed, DECISION, name, str(year), n=n_draws, first=first)
                come = (luck < float(condition.probability)).astype(np.float64)
                drawn[tranche_name(name, year)] = come
    return drawn


def grant_lines(
    spec: ScenarioFile,
    strategy: str,
    lines: Mapping[LineKey, Floats],
    years: tuple[int, ...],
    values: Mapping[str, Floats],
    people: People,
) -> dict[LineKey, Floats]:
    """Return what the grants of a strategy add to the lines of its prices.

    Parameters
    ----------
    lines : mapping of (account, item, kind, payer) to (year, draw), øre
    values
        Whether tranches come, by `tranche_name`; those not in it do.
    people
        Gives who started in a grant's programme by the end of its last year: (draw,).

    Returns
    -------
    mapping of the same
    """
    found: dict[LineKey, Floats] = {}
    uncovered: Uncovered = {}
    for (_, item, kind, payer), amount in lines.items():
        if kind != "memo":
            key = payer, item
            uncovered[key] = uncovered[key] + amount if key in uncovered else amount.copy()
    whole = {key: amount.copy() for key, amount in uncovered.items()}
    shape = next((one.shape for one in lines.values()), (len(years), 1))
    for name in spec.strategies[strategy].grants:
        grant = spec.grants[name]
        paid, used, returned = _run_grant(name, grant, uncovered, whole, years, values, shape)
        cash = {PAID: paid, RETURNED: -returned}
        if grant.clawback is not None:
            cash[CLAWBACK] = -_clawed_back(name, grant, used, years, people(name))
        for account, amount in cash.items():
            for payer, sign in ((grant.funder, 1.0), (grant.to, -1.0)):
                line = (account, name, "transfer", payer)
                found[line] = found.get(line, np.zeros(shape)) + sign * amount
        found[AWARD, name, "memo", grant.funder] = paid
        found[USED, name, "memo", grant.to] = used
    return found


def _run_grant(
    name: str,
    grant: Grant,
    uncovered: Uncovered,
    whole: Uncovered,
    years: tuple[int, ...],
    values: Mapping[str, Floats],
    shape: tuple[int, ...],
) -> tuple[Floats, Floats, Floats]:
    """Return paid, used and returned, each (year, draw), and take the use off what it covers."""
    paid, used, returned = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    nothing = np.zeros(shape[1])
    carried = nothing
    for year in grant_years(grant):
        at = years.index(year)
        keys = [(grant.to, item) for item in grant.covers]
        costs = [uncovered[key][at] if key in uncovered else nothing for key in keys]
        total, before = nothing, nothing
        for key, cost in zip(keys, costs, strict=True):
            total = total + cost
            before = before + whole[key][at] if key in whole else before
        paid[at] = float(tranche_oere(grant, year)) * values.get(tranche_name(name, year), 1.0)
        share = float(grant.share) * np.maximum(before, 0.0)
        most = np.minimum(share, np.maximum(total, 0.0))
        used[at] = np.minimum(paid[at] + carried, most)
        unspent = paid[at] + carried - used[at]
        keeps = keeps_unspent(grant, year)
        returned[at] = 0.0 if keeps else unspent
        carried = unspent if keeps else nothing
        left = used[at].copy()
        for cost in costs:
            left -= np.minimum(cost, 0.0)
        settled = used[at] > 0
        for key, cost in zip(keys, costs, strict=True):
            there = np.maximum(cost, 0.0)
            taken = np.minimum(left, there)
            if key in uncovered:
                uncovered[key][at] = np.where(settled, there - taken, cost)
            left = left - taken
    return paid, used, returned


def _clawed_back(
    name: str, grant: Grant, used: Floats, years: tuple[int, ...], people: Floats
) -> Floats:
    """Return what is paid back because fewer people came than agreed: (year, draw)."""
    assert grant.clawback is not None
    missing = np.maximum(1 - people / float(grant.clawback.at_least), 0.0)
    whole = np.zeros(used.shape[1])
    for one in used:
        whole = whole + one
    back = np.zeros_like(used)
    last = years.index(grant_years(grant)[-1])
    back[last] = np.minimum(whole * missing * float(grant.clawback.share), whole)
    return back
