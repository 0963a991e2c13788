"""What a strategy is worth against the reference, for each payer and perspective.

Everything is in constant prices. Benefits and costs are told apart by account: an account on which
the strategy costs less than the reference over the run is a benefit, one on which it costs more a
cost. So posts that move from one programme to another within an account are neither. Grants lower
the cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.economics import (
    benefit_cost_ratio,
    discount_factors,
    internal_rate_of_return,
    payback_time,
)
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.ledger import MEMO, Ledger, payer_number
from som_sim.ledger.price_level import level_ratio
from som_sim.model.model import PROGRAMME_MOVE
from som_sim.outcomes.economics import GROUPS, CostTable, rate_of
from som_sim.scenario.schema import ScenarioFile

Array = NDArray[np.float64]
GRANT = "grant_"
"""What the accounts of grants begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """One strategy held against the reference, from one perspective; constant prices.

    Attributes
    ----------
    net_present_value : int, øre
        The sum of the discounted nets that are published.
    benefits, costs : float, øre, discounted
        Both positive, but where grants exceed all costs.
    benefit_cost_ratio
        None without costs.
    internal_rate_of_return
        Of the net by year; None where there is none, or several.
    payback_years
        Years after the first year with a net cost until the money is back, undiscounted; None when
        it is not within the run, and for who is never behind 0.
    """

    net_present_value: int
    benefits: float
    costs: float
    benefit_cost_ratio: float | None
    internal_rate_of_return: float | None
    payback_years: float | None


def appraise(
    spec: ScenarioFile, perspective: str, net: CostTable, ledgers: tuple[Ledger, Ledger]
) -> Appraisal:
    """Return what a strategy is worth.

    Parameters
    ----------
    spec
        The strategy's file.
    perspective
        A payer, ``public`` or ``society``.
    net
        Reference less strategy.
    ledgers
        Of the reference and of the strategy.
    """
    by_year = net.amounts["constant", perspective]
    discounted = discounted_by_account(spec, perspective, ledgers)
    benefits = costs = 0.0
    for account, amount in discounted.items():
        if account.startswith(GRANT) or amount < 0:
            costs -= amount
        else:
            benefits += amount
    ratio = float(benefit_cost_ratio([benefits], [costs], 0.0)) if costs > 0 else None
    return Appraisal(
        net_present_value=int(net.amounts["discounted", perspective].sum()),
        benefits=benefits,
        costs=costs,
        benefit_cost_ratio=ratio,
        internal_rate_of_return=_rate(by_year),
        payback_years=payback_time(by_year) if by_year.any() else None,
    )


def _rate(net: NDArray[np.int64]) -> float | None:
    try:
        return internal_rate_of_return(net)
    except SomSimError:  # several: none of them says anything
        return None


def discounted_by_account(
    spec: ScenarioFile, perspective: str, ledgers: tuple[Ledger, Ledger]
) -> Mapping[str, float]:
    """Return reference less strategy by account over the run, discounted, in constant prices."""
    payers = [payer_number(one) for one in GROUPS.get(perspective, (perspective,))]
    years = ledgers[0].run_years
    totals: dict[str, float] = {}
    for ledger, sign in zip(ledgers, (1, -1), strict=True):
        by_item = np.zeros((len(ledger.items), len(years)), dtype=np.int64)
        rows = np.isin(ledger.payer, payers) & (ledger.kind != MEMO)
        np.add.at(by_item, (ledger.item[rows], ledger.year[rows] - years[0]), ledger.amount[rows])
        for (account, _), amounts in zip(ledger.items, by_item, strict=True):
            # Only where something is booked: an index need not have the other years.
            booked = [pair for pair in zip(amounts, years, strict=True) if pair[0]]
            value = sum(float(amount) * _worth(spec, year) for amount, year in booked)
            totals[account] = totals.get(account, 0.0) + sign * value
    return totals


def _worth(spec: ScenarioFile, year: int) -> float:
    """Return what a krone booked in a year is worth in constant prices, discounted."""
    if spec.money is None:
        return 1.0
    index = spec.indices[spec.money.index].values
    rate = rate_of(spec.money.discount_rate)
    factor = float(discount_factors(rate, (year,), spec.money.base_year)[0])
    return level_ratio(index, spec.meta.price_year, year) * factor


def participants(reference: Trajectory, strategy: Trajectory) -> float:
    """Return the persons who start in programmes of a strategy that the reference lacks.

    Those who move on from one of them to another are counted where they start.
    """
    model = strategy.model
    axes = model.axes
    known = set(reference.model.axes.programmes)
    added = np.array([name not in known for name in axes.programmes])
    total = 0.0
    for position, rule in enumerate(model.programmes):
        if added[rule.status]:
            from_status = strategy.enrolments[0, 0, :, position].sum(axis=(0, 1, 3))
            total += float(from_status[~added].sum())
    edges = model.generator
    target = np.unravel_index(np.minimum(edges.target, axes.n_cells - 1), axes.cell_shape)[1]
    source = np.unravel_index(edges.source, axes.cell_shape)[1]
    moving = (edges.domain == PROGRAMME_MOVE) & added[target] & ~added[source]
    return total + float(strategy.flows[0, 0][:, moving].sum())
