"""The dated splits of a bill: as the rule says, or with shares that are measured on a run.

Where a rule counts what each person has used, the share that is refunded in a cycle is measured in
one of two ways. By a **clock** of the model: the time in each of its bins is known, and its edges
are the rule's limits. By **histories**: the same model is run one person at a time, each person's
stays are settled under the rule (`som_sim.ledger.settle`), and what is refunded of all bills of the
cycle is the share. Either way the bill of a cycle gets one share, so that postings, checks and
traces are those of plain shares.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.trajectory import Trajectory
from som_sim.knowledge.rules import PayerRule, PayerSplit, Refund, Step
from som_sim.ledger.history_shares import Histories, Shares, measure
from som_sim.ledger.quantities import person_time
from som_sim.model.states import cells_where
from som_sim.scenario.payers import (
    RuleUse,
    bins_within,
    plain_split,
    rule_in,
    ways_to_split,
)
from som_sim.scenario.schema import Price, ScenarioFile

SHARE_UNIT = 10**7
"""Measured shares are whole ten-millionths: a krone of ten million, and exact from there on."""
ONE_DAY = dt.timedelta(days=1)


def ways_of(
    spec: ScenarioFile, price: Price, trajectory: Trajectory, own: Histories | None = None
) -> tuple[PayerSplit, ...]:
    """Return the dated plain splits of a price's bill.

    Parameters
    ----------
    trajectory
        The base case of a strategy.
    own
        The histories that the trajectory is the mean of, if it is; on these the rule is exact.
    """
    payers = price.payers
    if not isinstance(payers, RuleUse) or not payers.measured:
        return ways_to_split(spec, payers)
    rule = rule_in(spec, payers.rule)
    assert rule is not None and price.in_ is not None
    if own is not None:
        shares = measure(spec, price, rule, own).shares
    elif payers.clock is not None:
        shares = shares_by_clock(spec, price, rule, trajectory)
    else:
        over = Histories(model=trajectory.model, n=payers.histories or 0)
        shares = measure(spec, price, rule, over).shares
    return _dated(rule, shares, trajectory)


def shares_by_clock(
    spec: ScenarioFile, price: Price, rule: PayerRule, trajectory: Trajectory
) -> Shares:
    """Return what is refunded of the bills of each cycle, by the bins of the price's clock."""
    use, where = price.payers, price.in_
    assert isinstance(use, RuleUse) and use.clock is not None and where is not None
    axes = trajectory.model.axes
    cells = cells_where(spec, axes, where)
    bins = axes.states[axes.domains.index(use.clock)]
    positions = axes.state_position(use.clock)
    whole = person_time(trajectory, cells, price.per).sum(axis=(1, 2))

    def within(names: tuple[str, ...]) -> NDArray[np.float64]:
        inside = cells & np.isin(bins, names)[positions][None, None, :]
        part = person_time(trajectory, inside, price.per).sum(axis=(1, 2))
        share: NDArray[np.float64] = np.divide(
            part, whole, out=np.zeros_like(part), where=whole > 0
        )
        return share

    found: dict[tuple[str, str, dt.date | None], NDArray[np.float64]] = {}
    for split in rule.periods:
        for refund in split.refunds:
            share, below = np.zeros(len(whole)), np.zeros(len(whole))
            for step in refund.steps:
                here = np.ones(len(whole))
                if step.up_to is not None:
                    here = within(bins_within(spec.clocks[use.clock], rule, step.up_to) or ())
                share += float(step.share) * (here - below)
                below = here
            key = refund.giver, refund.receiver, split.valid_from
            found[key] = found.get(key, np.zeros(len(whole))) + share
    return found


def _dated(rule: PayerRule, shares: Shares, trajectory: Trajectory) -> tuple[PayerSplit, ...]:
    """Return one plain split for each cycle in which the rule counts, and its other periods."""
    ways = [split for split in (plain_split(one, {}) for one in rule.periods) if split is not None]
    for cycle, (first, after) in enumerate(pairwise(trajectory.model.calendar.boundaries)):
        split = rule.on(first)
        if split is None or split.plain or not split.holds_on(after - ONE_DAY):
            continue
        refunds = tuple(_measured(one, split, shares, cycle) for one in split.refunds)
        if all(one is not None for one in refunds):
            ways.append(
                replace(
                    split,
                    refunds=tuple(one for one in refunds if one is not None),
                    valid_from=first,
                    valid_to=after - ONE_DAY,
                )
            )
    return tuple(ways)


def _measured(refund: Refund, split: PayerSplit, shares: Shares, cycle: int) -> Refund | None:
    share = shares[refund.giver, refund.receiver, split.valid_from][cycle]
    if np.isnan(share):
        return None
    exact = Fraction(round(float(share) * SHARE_UNIT), SHARE_UNIT)
    return replace(refund, steps=(Step(up_to=None, share=exact),), per_day=None)
