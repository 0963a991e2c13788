"""What a rule refunds of the bills of each cycle, measured on histories of single persons.

The model of a strategy is run one person at a time. The time that each person spends in the cells
of a price is their stays; they are settled under the rule, and refunds and bills are added up over
all histories, cycle by cycle. People who are there at the start have used nothing before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.time import MONTHS_PER_YEAR
from som_sim.engine.individual.histories import (
    Runner,
    choose_functions,
    empty_counts,
    run_key,
)
from som_sim.engine.individual.state import Counts
from som_sim.engine.individual.tables import make_tables
from som_sim.knowledge.rules import PayerRule
from som_sim.ledger.settle import Settled, Stays, settle
from som_sim.model.model import Model
from som_sim.model.states import cells_where
from som_sim.scenario.schema import Price, ScenarioFile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shares = Mapping[tuple[str, str, "dt.date | None"], Floats]
"""(giver, receiver, first day of the rule's period) to the share refunded of bills: (cycle,)."""
SEED = 1
"""Histories are the same in every run of the same model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """Which histories to run: of a model, how many, and the root of their luck.

    What is measured on them is kept, price by price, so that it is measured once.
    """

    model: Model
    n: int
    seed: int = SEED
    found: dict[int, Measured] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The stays of one history in some cells.

    Attributes
    ----------
    person : (stay,)
    start, end : (stay,), days from the start of the run
    """

    person: Ints
    start: Floats
    end: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What histories say of a rule.

    Attributes
    ----------
    shares
        The share refunded of the bills of each cycle.
    within
        Limit of the rule to the share of the days that lie within it, over the cycles in which the
        limit is in force and the price is charged.
    refunds
        Giver and receiver to what each history refunds in each calendar year: (year, history),
        kroner.
    """

    shares: Shares
    within: Mapping[float, float]
    refunds: Mapping[tuple[str, str], Floats] = field(default_factory=dict)


def measure(spec: ScenarioFile, price: Price, rule: PayerRule, over: Histories) -> Measured:
    """Settle the bills of a price over histories, once.

    A cycle without a bill in any history has the share of its calendar year; a year without one is
    not a number.
    """
    if id(price) not in over.found:
        over.found[id(price)] = _measure(spec, price, rule, over)
    return over.found[id(price)]


def _measure(spec: ScenarioFile, price: Price, rule: PayerRule, over: Histories) -> Measured:
    assert price.in_ is not None
    model = over.model
    inside = cells_where(spec, model.axes, price.in_).ravel()
    boundaries = [float(day.toordinal()) for day in model.calendar.boundaries]
    cost_a_day = _cost_a_day(spec, price, model)
    n_cycles = model.calendar.n_cycles
    bills, days = np.zeros(n_cycles), np.zeros(n_cycles)
    refunds: dict[tuple[str, str, dt.date | None], Floats] = {
        (refund.giver, refund.receiver, split.valid_from): np.zeros(n_cycles)
        for split in rule.periods
        for refund in split.refunds
    }
    inside_limit = {
        float(limit): np.zeros(n_cycles) for split in rule.periods for limit in split.limits
    }
    years = np.array(model.calendar.years)
    names, year_of = np.unique(years, return_inverse=True)
    each: dict[tuple[str, str], Floats] = {}
    for number, history in enumerate(histories(over, inside)):
        stays = _billed(history, boundaries, cost_a_day, rule)
        if not len(stays.person):
            continue
        done = settle(rule, stays, boundaries)
        bills += np.bincount(done.cycle, weights=done.cost, minlength=n_cycles)
        days += np.bincount(done.cycle, weights=done.days, minlength=n_cycles)
        _add(refunds, rule, done, boundaries)
        for pair, amount in done.refunds.items():
            mine = each.setdefault(pair, np.zeros((len(names), over.n)))
            mine[:, number] = np.bincount(year_of[done.cycle], weights=amount, minlength=len(names))
        for limit, amount in done.within.items():
            inside_limit[limit] += np.bincount(done.cycle, weights=amount, minlength=n_cycles)
    return Measured(
        shares={key: _over(amount, bills, years) for key, amount in refunds.items()},
        within=_within(rule, inside_limit, days, cost_a_day > 0, boundaries),
        refunds=each,
    )


def _within(
    rule: PayerRule,
    inside: Mapping[float, Floats],
    days: Floats,
    charged: NDArray[np.bool_],
    boundaries: list[float],
) -> dict[float, float]:
    """Return the share of the days charged within each limit, where it is in force."""
    starts = [rule.on(dt.date.fromordinal(int(day))) for day in boundaries[:-1]]
    found = {}
    for limit, amount in inside.items():
        in_force = [one is not None and limit in map(float, one.limits) for one in starts]
        here = charged & np.array(in_force)
        if days[here].sum() > 0:
            found[limit] = float(amount[here].sum() / days[here].sum())
    return found


def histories(over: Histories, inside: NDArray[np.bool_]) -> Iterator[History]:
    """Yield the stays in some cells, history by history.

    Parameters
    ----------
    inside : (cell,), bool

    Raises
    ------
    SomSimError
        In a discrete step, in which stays have no days.
    """
    model = over.model
    if model.discrete:
        raise SomSimError("histories of stays need continuous time, not a discrete step")
    tables = make_tables(model)
    runner = Runner(tables, choose_functions(tables, over.n, None), with_log=True)
    within = np.zeros(model.axes.n_places, dtype=bool)
    within[: model.axes.n_cells] = inside
    end = float((model.calendar.end - model.calendar.start).days)
    for replicate in range(over.n):
        counts = empty_counts(tables, 1)
        runner.run(run_key(over.seed, 0, replicate), Counts(*(column[0] for column in counts)))
        yield _stays(runner, within, end)


def _stays(runner: Runner, within: NDArray[np.bool_], end: float) -> History:
    """Return the time that each person spent in some places, from the log of a history."""
    n = int(runner.log.n[0])
    order = np.argsort(runner.log.person[:n], kind="stable")
    person, time = runner.log.person[:n][order], runner.log.time[:n][order]
    place = runner.log.place[:n][order]
    until = np.append(time[1:], end)
    until[np.append(person[1:] != person[:-1], True)] = end
    mine = within[place] & (until > time)
    return History(person=person[mine].copy(), start=time[mine], end=until[mine])


def _cost_a_day(spec: ScenarioFile, price: Price, model: Model) -> Floats:
    """Return what a day costs in each cycle: (cycle,), kroner; 0 where it is not charged."""
    from som_sim.ledger.post import exact_unit_price, price_levels
    from som_sim.ledger.quantities import charged, stated

    calendar = model.calendar
    now = charged(price, calendar)
    years = np.array(calendar.years)
    unit = float(exact_unit_price(spec, price, stated(spec))) * price_levels(
        spec, price, years, now
    )
    if price.per == "person_day":
        return unit
    months = calendar.months_per_cycle / (1 if price.per == "person_month" else MONTHS_PER_YEAR)
    by_day: Floats = unit * months / np.array(calendar.days)
    return by_day


def _billed(
    history: History, boundaries: list[float], cost_a_day: Floats, rule: PayerRule
) -> Stays:
    """Return stays cut at cycles, with what they cost; days without a rule are left out."""
    edges = np.array(boundaries)
    start, end = history.start + edges[0], history.end + edges[0]
    first = np.searchsorted(edges, start, side="right") - 1
    last = np.searchsorted(edges, end, side="left") - 1
    n = last - first + 1
    stay = np.repeat(np.arange(len(start)), n)
    cycle = np.repeat(first, n) + np.arange(len(stay)) - np.repeat(np.cumsum(n) - n, n)
    start, end = np.maximum(start[stay], edges[cycle]), np.minimum(end[stay], edges[cycle + 1])
    ruled = np.array(
        [
            rule.on(dt.date.fromordinal(int(one))) is not None
            and rule.on(dt.date.fromordinal(int(after) - 1)) is not None
            for one, after in pairwise(boundaries)
        ]
    )
    # A stay that costs nothing (the price is not charged yet) still counts as days used.
    mine = ruled[cycle] & (end > start)
    return Stays(
        person=history.person[stay][mine],
        start=start[mine],
        end=end[mine],
        cost=((end - start) * cost_a_day[cycle])[mine],
    )


def _add(
    refunds: dict[tuple[str, str, dt.date | None], Floats],
    rule: PayerRule,
    done: Settled,
    boundaries: list[float],
) -> None:
    """Add what was refunded in each cycle to the period of the rule that held at its start."""
    n_cycles = len(boundaries) - 1
    periods = [rule.on(dt.date.fromordinal(int(day))) for day in boundaries[:-1]]
    for (giver, receiver), amount in done.refunds.items():
        by_cycle = np.bincount(done.cycle, weights=amount, minlength=n_cycles)
        for cycle, split in enumerate(periods):
            key = giver, receiver, split.valid_from if split else None
            if split is not None and key in refunds:
                refunds[key][cycle] += by_cycle[cycle]


def _over(amount: Floats, bills: Floats, years: Ints) -> Floats:
    """Return shares by cycle, those of the year where a cycle has no bill."""
    shares = np.full(len(bills), np.nan)
    for year in np.unique(years):
        mine = years == year
        if bills[mine].sum() > 0:
            shares[mine] = amount[mine].sum() / bills[mine].sum()
    np.divide(amount, bills, out=shares, where=bills > 0)
    return shares
