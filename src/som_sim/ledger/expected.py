"""The ledger of many draws: expected kroner, not postings.

Only the base case is posted. In a draw, amounts stay as they are: quantity times price times index
times the payer's share, summed by year. Nothing is rounded, so the figures of one draw add up to
within a float's precision, and the medians and intervals of many draws do not add up at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.names import PAYERS
from som_sim.engine.trajectory import Trajectory
from som_sim.knowledge.rules import PayerSplit
from som_sim.ledger.expected_grants import grant_lines
from som_sim.ledger.grants import grant_years
from som_sim.ledger.history_shares import Histories
from som_sim.ledger.ledger import COST, KINDS, TRANSFER
from som_sim.ledger.post import ONE_DAY, unit_prices
from som_sim.ledger.price_level import level_ratio
from som_sim.ledger.quantities import charged, depends_on_people, quantities
from som_sim.ledger.sums import (
    Asked,
    Sum,
    entries_to,
    moves_of,
    starts_in,
    sum_groups,
    time_in,
    value_of,
)
from som_sim.ledger.ways import ways_of
from som_sim.model.resolve import Resolver
from som_sim.model.states import cells_where
from som_sim.scenario.schema import PERSON_TIME, Price, ScenarioFile

Floats = NDArray[np.float64]
LineKey = tuple[str, str, str, str]
"""Account, item, kind and payer of a row of the ledger."""
Refunds = Mapping[str, Mapping[tuple[str, str], Floats]]
NO_REFUNDS: Refunds = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePlan:
    """One price, and how its quantity is found in every draw.

    Attributes
    ----------
    name, price
        The item and the price in the file.
    asked
        Number of the sum that is its quantity; None for what does not depend on people.
    levels : (group,), what moves the price to the level of the group's year
    ways : (group,), the split that holds; None where none does
    """

    name: str
    price: Price
    asked: int | None
    levels: Floats
    ways: tuple[PayerSplit | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPlan:
    """How the costs of one strategy are found in every draw.

    Attributes
    ----------
    groups : (cycle,), which group a cycle is in; within one neither year nor split changes
    years : tuple of int
    year_of : (group,), position of the group's year
    prices
        What is charged.
    people
        For each grant with a clawback, the number of the sum of those who started in its programme
        by the end of its last year.
    """

    groups: tuple[int, ...]
    years: tuple[int, ...]
    year_of: tuple[int, ...]
    prices: tuple[PricePlan, ...]
    people: Mapping[str, int]


def _ways(
    spec: ScenarioFile, price: Price, trajectory: Trajectory, own: Histories | None
) -> list[PayerSplit | None]:
    """Return the split that holds throughout each cycle: (cycle,).

    Shares that are measured are those of the base case, in every draw.
    """
    ways, model = ways_of(spec, price, trajectory, own), trajectory.model
    return [
        next((way for way in ways if way.holds_on(first) and way.holds_on(after - ONE_DAY)), None)
        for first, after in pairwise(model.calendar.boundaries)
    ]


def _levels(spec: ScenarioFile, price: Price, years: list[int]) -> Floats:
    """Return what moves a price to the level of each year; no number where the index has none."""
    assert spec.money is not None
    index = spec.indices[price.index or spec.money.index].values
    return np.array(
        [level_ratio(index, y, price.price_year) if y in index else np.nan for y in years]
    )


def quantity_sum(spec: ScenarioFile, trajectory: Trajectory, price: Price) -> Sum:
    """Return the sum that is the quantity of a price that depends on people."""
    model = trajectory.model
    cycles = charged(price, model.calendar)
    if price.per == "enrolment":
        return starts_in(model, str(price.programme), cycles)
    if price.per == "move":
        assert price.moves is not None
        return moves_of(spec, trajectory, price.moves, cycles)
    assert price.in_ is not None
    where = cells_where(spec, model.axes, price.in_)
    if price.per in PERSON_TIME:
        return time_in(model, where, price.per, cycles)
    return entries_to(model, where, cycles)


def plan_costs(
    spec: ScenarioFile, trajectory: Trajectory, asked: Asked, own: Histories | None = None
) -> CostPlan:
    """Return how the costs of a strategy are found, and ask for the sums that takes.

    Parameters
    ----------
    trajectory
        Of the base case.
    own
        The histories of the base case, in the individual engine.
    """
    model = trajectory.model
    years = tuple(dict.fromkeys(model.calendar.years))
    prices = {
        name: price
        for name, price in spec.prices.items()
        if not price.programme or price.programme in model.axes.programmes
    }
    ways = {name: _ways(spec, price, trajectory, own) for name, price in prices.items()}
    numbers: dict[tuple[object, ...], int] = {}
    groups, firsts = [], []
    for cycle, year in enumerate(model.calendar.years):
        key = (year, *(id(one[cycle]) for one in ways.values()))
        if key not in numbers:
            numbers[key] = len(numbers)
            firsts.append(cycle)
        groups.append(numbers[key])
    year_of_cycle = [model.calendar.years[cycle] for cycle in firsts]
    return CostPlan(
        groups=tuple(groups),
        years=years,
        year_of=tuple(years.index(year) for year in year_of_cycle),
        prices=tuple(
            PricePlan(
                name=name,
                price=price,
                asked=asked.add(quantity_sum(spec, trajectory, price))
                if depends_on_people(price)
                else None,
                levels=_levels(spec, price, year_of_cycle),
                ways=tuple(ways[name][cycle] for cycle in firsts),
            )
            for name, price in prices.items()
        ),
        people=_people(spec, trajectory, asked),
    )


def _people(spec: ScenarioFile, trajectory: Trajectory, asked: Asked) -> dict[str, int]:
    """Ask for those who start in the programmes that grants with a clawback are about."""
    model, found = trajectory.model, {}
    for name in spec.strategies[model.strategy].grants:
        grant = spec.grants[name]
        if grant.clawback is not None:
            cycles = np.array(model.calendar.years) <= grant_years(grant)[-1]
            found[name] = asked.add(starts_in(model, grant.clawback.programme, cycles))
    return found


def cost_lines(
    spec: ScenarioFile,
    plan: CostPlan,
    sums: list[Sum],
    trajectory: Trajectory,
    resolver: Resolver,
    refunds: Refunds = NO_REFUNDS,
) -> Mapping[LineKey, Floats]:
    """Return what the ledger of each draw would hold, grants included.

    Parameters
    ----------
    trajectory
        A run that kept the sums asked for.
    resolver
        With the parameters of the same draws.
    refunds : mapping of price to mapping of (giver, receiver) to (year, draw), øre
        What is refunded of the bills of some prices, in place of what the plan's splits say.

    Returns
    -------
    mapping of (account, item, kind, payer) to (year, draw), øre
        Memo rows are those of kind ``memo``.
    """
    lines: dict[LineKey, Floats] = {}

    def add(key: LineKey, amount: Floats) -> None:
        by_year = sum_groups(amount, plan.year_of, len(plan.years))
        lines[key] = lines[key] + by_year if key in lines else by_year

    for one in plan.prices:
        oere = _oere(spec, plan, one, sums, trajectory, resolver)
        settled = refunds.get(one.name)
        for kind, payer, share in _shares(one, oere, with_refunds=settled is None):
            add((one.price.account, one.name, KINDS[kind], payer), oere * share[:, None])
        for pair, amount in (settled or {}).items():
            for payer, sign in zip(pair, (1.0, -1.0), strict=True):
                line = (one.price.account, one.name, KINDS[TRANSFER], payer)
                lines[line] = lines[line] + sign * amount if line in lines else sign * amount

    def started(grant: str) -> Floats:
        number = plan.people[grant]
        total = value_of(number, sums[number], trajectory)
        whole: Floats = sum_groups(total, (0,) * len(total), 1)[0]
        return whole

    strategy = trajectory.model.strategy
    lines.update(grant_lines(spec, strategy, lines, plan.years, resolver.values, started))
    return lines


def _oere(
    spec: ScenarioFile,
    plan: CostPlan,
    one: PricePlan,
    sums: list[Sum],
    trajectory: Trajectory,
    resolver: Resolver,
) -> Floats:
    """Return the bill of a price: (group, draw), øre."""
    if one.asked is not None:
        amount = value_of(one.asked, sums[one.asked], trajectory)
    else:
        by_cycle = quantities(spec, trajectory, one.price, resolver)[:, :, 0, 0].T
        by_cycle = np.broadcast_to(by_cycle, (len(by_cycle), resolver.n_draws))
        amount = sum_groups(by_cycle, plan.groups, len(plan.year_of))
    levels = np.where(amount == 0, 0.0, one.levels[:, None])
    return amount * levels * unit_prices(one.price, resolver) * 100.0


def _shares(
    one: PricePlan, oere: Floats, *, with_refunds: bool
) -> Iterator[tuple[int, str, Floats]]:
    """Yield kind, payer and share by group (group,) of every row that a bill gives."""
    if missing := [g for g, way in enumerate(one.ways) if way is None and oere[g].any()]:
        raise SomSimError(
            f"prices.{one.name}.payers: no one split of the rule holds in a cycle of "
            f"group {missing[0]}; choose a shorter cycle, end the price before, or write the shares"
        )
    kind = COST if one.price.transfer_to is None else TRANSFER
    found: dict[tuple[int, str], Floats] = {}

    def add(number: int, payer: str, group: int, share: float) -> None:
        found.setdefault((number, payer), np.zeros(len(one.ways)))[group] += share

    for group, way in enumerate(one.ways):
        if way is None:
            continue
        for payer, share in way.pays:
            add(kind, payer, group, float(share))
        if one.price.transfer_to is not None:
            add(kind, one.price.transfer_to, group, -1.0)
        for refund in way.refunds if with_refunds else ():
            add(TRANSFER, refund.giver, group, float(refund.share))
            add(TRANSFER, refund.receiver, group, -float(refund.share))
    for (number, payer), shares in found.items():
        yield number, payer, shares


def cost_by_payer(lines: Mapping[LineKey, Floats], n_years: int, n_draws: int) -> Floats:
    """Sum cost and transfer lines: (payer, year, draw), øre."""
    total = np.zeros((len(PAYERS), n_years, n_draws))
    for (_, _, kind, payer), amount in lines.items():
        if kind != "memo":
            total[PAYERS.index(payer)] += amount
    return total
