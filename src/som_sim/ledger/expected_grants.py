"""Grants in every draw: the plan of `som_sim.ledger.grants`, in øre that are not rounded."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from som_sim.ledger.grants import grant_years, tranche_oere
from som_sim.scenario.schema import Grant, ScenarioFile

Floats = NDArray[np.float64]
LineKey = tuple[str, str, str, str]


def grant_lines(
    spec: ScenarioFile, strategy: str, lines: Mapping[LineKey, Floats], years: tuple[int, ...]
) -> dict[LineKey, Floats]:
    """Return what the grants of a strategy add to the lines of its prices.

    Parameters
    ----------
    lines : mapping of (account, item, kind, payer) to (year, draw), øre

    Returns
    -------
    mapping of the same
    """
    found: dict[LineKey, Floats] = {}
    uncovered: dict[tuple[str, str], Floats] = {}
    for (_, item, kind, payer), amount in lines.items():
        if kind != "memo":
            key = payer, item
            uncovered[key] = uncovered[key] + amount if key in uncovered else amount.copy()
    shape = next(iter(lines.values())).shape if lines else (len(years), 1)
    for name in spec.strategies[strategy].grants:
        grant = spec.grants[name]
        paid, used, returned = _run_grant(grant, uncovered, years, shape)
        for account, amount in (("grant_paid", paid), ("grant_returned", -returned)):
            for payer, sign in ((grant.funder, 1.0), (grant.to, -1.0)):
                line = (account, name, "transfer", payer)
                found[line] = found.get(line, np.zeros(shape)) + sign * amount
        found["grant_award", name, "memo", grant.funder] = paid
        found["grant_used", name, "memo", grant.to] = used
    return found


def _run_grant(
    grant: Grant,
    uncovered: dict[tuple[str, str], Floats],
    years: tuple[int, ...],
    shape: tuple[int, ...],
) -> tuple[Floats, Floats, Floats]:
    """Return paid, used and returned, each (year, draw), and take the use off what it covers."""
    paid, used, returned = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    carried = np.zeros(shape[1])
    for year in grant_years(grant):
        at = years.index(year)
        keys = [(grant.to, item) for item in grant.covers]
        costs = [uncovered[key][at] if key in uncovered else np.zeros(shape[1]) for key in keys]
        total = np.zeros(shape[1])
        for cost in costs:
            total = total + cost
        tranche = float(tranche_oere(grant, year))
        paid[at] = tranche
        used[at] = np.minimum(tranche + carried, np.maximum(total, 0.0))
        unspent = tranche + carried - used[at]
        keeps = grant.unspent == "carried" and year < max(grant.tranches)
        returned[at] = 0.0 if keeps else unspent
        carried = unspent if keeps else np.zeros(shape[1])
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
