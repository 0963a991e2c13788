"""Cautions about what has no use: prices never charged, parameters, sources, strategies."""

from __future__ import annotations

from collections.abc import Iterator

from som_sim.core.errors import Path, Problem
from som_sim.scenario.measures import Stays
from som_sim.scenario.parameters import needs
from som_sim.scenario.payers import RuleUse
from som_sim.scenario.quantities import Condition, Quantity
from som_sim.scenario.reach import Reach
from som_sim.scenario.records import Record
from som_sim.scenario.schema import Price, ScenarioFile
from som_sim.scenario.uncertainty import groups_of
from som_sim.scenario.walk import problem_at, walk

Reached = tuple[Reach, ...]
Warnings = Iterator[Problem]


def uncharged(reached: Reached) -> Warnings:
    """Warn of prices that are never charged, or not as long as they say."""
    run = reached[0].spec.time
    for name in reached[0].spec.prices:
        path: Path = ("prices", name)
        prices = [(one, one.spec.prices[name]) for one in reached if name in one.spec.prices]
        reasons = [_reason(one, price) for one, price in prices]
        if reasons[0] is not None and None not in reasons:
            key, why = reasons[0]
            yield problem_at((*path, key), f"never charged: {why}")
            continue
        if all(price.from_ and price.from_.start < run.from_.start for _, price in prices):
            why = f"the run begins with {run.from_.text}; nothing is charged before"
            yield problem_at((*path, "from"), why)
        if all(price.to and price.to.end > run.to.end for _, price in prices):
            why = f"the run ends with {run.to.text}; nothing is charged after"
            yield problem_at((*path, "to"), why)


def _reason(one: Reach, price: Price) -> tuple[str, str] | None:
    """Return why a strategy never charges a price, and the key that says so."""
    run = one.spec.time
    if price.to and price.to.end <= run.from_.start:
        return "to", f"the run begins with {run.from_.text}"
    if price.from_ and price.from_.start >= run.to.end:
        return "from", f"the run ends with {run.to.text}"
    if price.programme is not None:
        having = one.spec.strategies[one.strategy].programmes
        if price.programme not in (one.programmes if price.per == "enrolment" else having):
            return "programme", f"nobody is ever in '{price.programme}'"
    if price.in_ is not None and not one.holds(price.in_):
        return "in", "nobody can be in these states together"
    return None


def unused(reached: Reached) -> Warnings:
    """Warn of parameters that no number of any strategy needs."""
    used: set[str] = set()
    for one in reached:
        parameters = one.spec.parameters
        waiting = [
            name
            for _, value in walk(one.spec)
            if isinstance(value, Quantity)
            for name in value.names
        ]
        groups = groups_of(parameters).values()
        while waiting:
            name = waiting.pop()
            if name in used or name not in parameters:
                continue
            used.add(name)
            waiting += needs(parameters[name])
            waiting += [other for group in groups if name in group for other in group]
    for name in reached[0].spec.parameters:
        if name not in used:
            yield problem_at(("parameters", name), "nothing uses this parameter")


def unused_clocks(reached: Reached) -> Warnings:
    """Warn of clocks that nothing asks the time."""
    asked: set[str] = set()
    for one in reached:
        for _, value in walk(one.spec):
            parts = (
                (getattr(value, key) for key in type(value).model_fields)
                if isinstance(value, Record)
                else ()
            )
            for part in parts:  # a condition, or a list of them
                listed = part if isinstance(part, tuple) else (part,)
                asked.update(k for it in listed if isinstance(it, Condition) for k in it.keys)
            told = value.clock if isinstance(value, Stays | RuleUse) else None
            asked.update({told} if told is not None else ())
    for name, clock in reached[0].spec.clocks.items():
        if not any(one.holds(clock.in_) for one in reached):
            yield problem_at(("clocks", name), "nobody is ever in the states of this clock")
        elif name not in asked:
            yield problem_at(("clocks", name), "nothing asks this clock the time")


def unused_sources(reached: Reached) -> Warnings:
    """Warn of sources that nothing names."""
    named = {getattr(value, "source", None) for one in reached for _, value in walk(one.spec)}
    for name in reached[0].spec.sources:
        if name not in named:
            yield problem_at(("sources", name), "nothing names this source")


def same_as_reference(reached: Reached) -> Warnings:
    """Warn of strategies that change nothing."""
    reference = _course(reached[0])
    for one in reached[1:]:
        if _course(one) == reference:
            yield problem_at(
                ("strategies", one.strategy),
                f"the same as the reference, '{reached[0].strategy}': its programmes, grants and "
                "values are no others",
            )


def _course(one: Reach) -> tuple[tuple[str, ...], set[str], ScenarioFile]:
    strategy = one.spec.strategies[one.strategy]
    return (
        strategy.programmes,
        set(strategy.grants),
        one.spec.model_copy(update={"strategies": {}}),
    )
