"""What a sensitivity analysis looks at: one number of a strategy, written ``kind:name``.

An outcome is worked out from the rows of a run of many draws, so that any number of outcomes takes
no more running than one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.figures import known_chances, of_whom
from som_sim.core.errors import SomSimError, suggest
from som_sim.ledger.price_level import discount_factors
from som_sim.outcomes.chance import chances_of_goal, chances_of_share
from som_sim.outcomes.economics import GROUPS, PERSPECTIVES, VIEWS, rate_of, view_factors
from som_sim.outcomes.uncertainty import MIDDLE, Key
from som_sim.result import Result
from som_sim.scenario.measures import COUNTS, SHARES, Target

Floats = NDArray[np.float64]
KINDS = ("net", "target", "chance", "days", "cost_per_day", "value")
NO_DAYS_AVOIDED = 1e-9
"""Of the reference's homeless days: fewer are float rounding, and nothing to divide by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One number of a strategy.

    Attributes
    ----------
    kind
        ``net`` of a payer against the reference, the expected value of a ``target``, the
        ``chance`` that what is counted meets it, homeless ``days`` avoided, ``cost_per_day``
        avoided (for the public), or a ``value`` against the reference.
    name
        The payer, the target or the value; empty where there is nothing to name.
    view
        Of money: ``constant``, ``current`` or ``discounted``.
    unit
        What it is measured in: ``kroner``, ``persons``, ``share``, ``days`` or ``units``.
    """

    kind: str
    name: str = ""
    view: str = "constant"
    unit: str = "units"

    def __str__(self) -> str:
        view = self.view if self.kind == "net" and self.view != "constant" else ""
        return ":".join(part for part in (self.kind, self.name, view) if part)


def _unit(kind: str, name: str, result: Result) -> str:
    if kind == "target":
        share = result.scenario.base.targets[name].indicator.kind in SHARES
        return "share" if share else "persons"
    units = {"net": "kroner", "cost_per_day": "kroner", "chance": "share", "days": "days"}
    return units.get(kind, "units")


def parse_outcome(written: str, result: Result) -> Outcome:
    """Read an outcome such as ``net:kommune``, ``target:homeless_2022`` or ``days``.

    Raises
    ------
    SomSimError
        Saying which there are.
    """
    kind, *rest = written.strip().split(":")
    known = known_outcomes(result)
    wrong = SomSimError(f"there is no outcome '{written}'; {suggest(written, known)}")
    if kind not in KINDS or len(rest) > (2 if kind == "net" else 1):
        raise wrong
    name = rest[0] if rest else "public" if kind == "net" else ""
    view = rest[1] if len(rest) > 1 else "constant"
    if view not in VIEWS:
        raise SomSimError(f"there is no price view '{view}'; {suggest(view, VIEWS)}")
    if str(Outcome(kind=kind, name=name)) not in known:
        raise wrong
    return Outcome(kind=kind, name=name, view=view, unit=_unit(kind, name, result))


def known_outcomes(result: Result) -> tuple[str, ...]:
    """Return every outcome of a scenario, the most asked for first."""
    base, names = result.scenario.base, []
    if base.money is not None and len(result.strategies) > 1:
        shown = ("kommune", "public", *(one for one in PERSPECTIVES if one not in _FIRST))
        names += [f"net:{payer}" for payer in shown]
    for name, target in base.targets.items():
        names.append(f"target:{name}")
        if _has_chance(target):
            names.append(f"chance:{name}")
    if len(result.strategies) > 1:
        if any(
            state is not None and state.homeless
            for domain in base.domains.values()
            for state in domain.values()
        ):
            names.append("days")
            names += ["cost_per_day"] if base.money is not None else []
        names += [f"value:{name}" for name in base.values]
    return tuple(names)


_FIRST = ("kommune", "public")


def default_outcomes(result: Result) -> tuple[Outcome, ...]:
    """Return what is looked at when nothing is said: the municipality, the public, the targets."""
    shown = [
        one
        for one in known_outcomes(result)
        if one in ("net:kommune", "net:public") or one.startswith(("target:", "chance:"))
    ]
    return tuple(parse_outcome(one, result) for one in shown or known_outcomes(result))


def _has_chance(target: Target) -> bool:
    return target.indicator.kind in COUNTS or target.n is not None


def threshold_of(outcome: Outcome, result: Result, strategy: str) -> float | None:
    """Return the number that an outcome turns at: no loss, or the goal; None for others."""
    if outcome.kind in ("net", "days"):
        return 0.0
    if outcome.kind == "target":
        return float(result.runs[strategy].spec.targets[outcome.name].goal)
    return None


def measure(outcome: Outcome, result: Result, strategy: str, rows: Mapping[Key, Floats]) -> Floats:
    """Return an outcome in every draw: (draw,); not a number where it has no meaning.

    Parameters
    ----------
    rows
        Of the strategy and of the reference, as `Reading.figures` gives them.
    """
    spec, reference = result.runs[strategy].spec, result.reference
    if outcome.kind in ("target", "chance"):
        key: Key = ("target", strategy, outcome.name)
        if outcome.kind == "target":
            return rows[key]
        return _chances(spec.targets[outcome.name], key, rows)
    if outcome.kind == "net":
        return _net(outcome.name, outcome.view, result, strategy, rows)
    days = rows["homeless_days", reference]
    avoided = days - rows["homeless_days", strategy]
    if outcome.kind == "days":
        return avoided
    if outcome.kind == "cost_per_day":
        net = _net("public", "constant", result, strategy, rows)
        fewer = avoided > NO_DAYS_AVOIDED * days
        return np.where(fewer, -net / np.where(fewer, avoided, 1.0), np.nan)
    return _value(outcome.name, result, strategy, rows)


def _chances(target: Target, key: Key, rows: Mapping[Key, Floats]) -> Floats:
    """Return the chance that what is counted meets a goal: (draw,), as a run says it."""
    numbers = {one: number for number, one in enumerate(rows)}
    every = list(rows.values())
    expected = rows[key]
    whom = of_whom(numbers, every.__getitem__, key, expected)
    if whom is not None:
        return known_chances(target, whom, (MIDDLE,))[0]
    if target.indicator.kind in COUNTS:
        return chances_of_goal(expected, target.goal, target.better)
    assert target.n is not None
    return chances_of_share(expected, target.n, target.goal, target.better)


def _net(
    payer: str, view: str, result: Result, strategy: str, rows: Mapping[Key, Floats]
) -> Floats:
    """Return what a payer saves over the run, in kroner."""
    run = result.runs[strategy]
    factors = view_factors(run.spec, run.costs.years)[view]
    total: Floats = np.zeros(1)
    for factor, year in zip(factors, run.costs.years, strict=True):
        for one in GROUPS.get(payer, (payer,)):
            before = rows["cost", result.reference, one, year]
            total = total + (before - rows["cost", strategy, one, year]) * factor
    return total / 100


def _value(name: str, result: Result, strategy: str, rows: Mapping[Key, Floats]) -> Floats:
    """Return how much more of a value there is over the run, discounted at its own rate."""
    run = result.runs[strategy]
    years, value = run.values.years, run.spec.values[name]
    first = years[0] if run.spec.money is None else run.spec.money.base_year
    base_year = first if value.base_year is None else value.base_year
    factors = discount_factors(rate_of(value.discount_rate), years, base_year)
    total: Floats = np.zeros(1)
    for factor, year in zip(factors, years, strict=True):
        more = rows["value", strategy, name, year] - rows["value", result.reference, name, year]
        total = total + more * factor
    return total
