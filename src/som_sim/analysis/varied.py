"""What a sensitivity analysis varies, and how far: each uncertain number at its low and its high.

An uncertain parameter goes to the ends of the middle part of its own distribution, a parameter with
a range to the ends of that, a price so much lower and higher. Everything else stays as stated, and
is said to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError, suggest
from som_sim.core.records import Text
from som_sim.core.time import DAYS_PER_UNIT, DAYS_PER_YEAR, Duration
from som_sim.model.draws import Draws, parameters_with
from som_sim.result import Result
from som_sim.scenario.distributions import Discrete
from som_sim.scenario.parameters import BaseCase, base_case, is_derived
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.schema import Parameter, ScenarioFile
from som_sim.scenario.uncertainty import fit_parameters, groups_of
from som_sim.scenario.units import DURATION, Unit

Ends = tuple[float, float, float]
Ranges = Mapping[str, tuple[float, float]]
PRICE = "prices."


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One number that is varied.

    Attributes
    ----------
    name
        The parameter; of a price ``prices.NAME``.
    labels
        What the file calls it; of several prices that are one, what it calls each.
    prices
        The prices that go with it: those of the same amount, unit, account and price year.
    unit
        What `low`, `base` and `high` are written in, as in the file; empty for a plain number.
    low, base, high
        In that unit, as the strategy has them.
    basis
        How the ends were found: ``distribution``, ``draws`` of a calibration, ``range`` or
        ``share`` of a price.
    ends : mapping of strategy to (low, base, high), in base units
    scale
        What a written number is multiplied with to be in base units.
    together
        Others that it is correlated with, or that make room for it in a whole of shares.
    steps
        Whether it can only have some values, so that nothing between them is looked for.
    source, grade
        Its evidence.
    """

    name: str
    labels: tuple[Text, ...]
    prices: tuple[str, ...]
    unit: str
    low: float
    base: float
    high: float
    basis: str
    ends: Mapping[str, Ends]
    scale: float
    together: tuple[str, ...]
    steps: bool
    source: str
    grade: str

    @property
    def is_price(self) -> bool:
        """Whether it is a price, which moves nobody."""
        return bool(self.prices)

    def at(self, strategy: str, place: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return its value in base units at places from -1 (low) over 0 (base) to 1 (high)."""
        low, base, high = self.ends[strategy]
        between = base + np.where(place < 0, place * (base - low), place * (high - base))
        return np.where(place == -1, low, np.where(place == 1, high, between))

    def written(self, place: float) -> float:
        """Return its value at a place, in its own unit."""
        if place in (-1.0, 0.0, 1.0):
            return {-1.0: self.low, 0.0: self.base, 1.0: self.high}[place]
        side = self.base - self.low if place < 0 else self.high - self.base
        return self.base + place * side


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """What is varied, and what is not.

    Attributes
    ----------
    inputs
        In the order of the file, prices last.
    left_out : tuple of parameter
        Parameters without a distribution or a range.
    counted
        How many transitions are given by counts, whose shares stay.
    n_prices
        How many prices stay.
    """

    inputs: tuple[Input, ...]
    left_out: tuple[str, ...]
    counted: int
    n_prices: int


def find_inputs(
    result: Result,
    strategies: Sequence[str],
    *,
    names: Sequence[str] | None,
    level: float,
    ranges: Ranges,
    prices: float | None,
) -> Varied:
    """Return what is varied.

    Parameters
    ----------
    result
        The base case.
    strategies
        Those that are run, the one that is looked at last.
    names
        Parameters to vary; all that can be when None.
    level
        Share of a distribution between low and high.
    ranges
        Low and high of parameters, in their own units, in place of their distributions.
    prices
        How much lower and higher each price is, as a share of it; None leaves prices alone.

    Raises
    ------
    SomSimError
        When there is no such parameter, or a range is none.
    """
    specs = {name: result.runs[name].spec for name in strategies}
    spec = specs[strategies[-1]]
    bases = {name: base_case(one.parameters) for name, one in specs.items()}
    ends: dict[str, dict[str, tuple[float, float]]] = {name: {} for name in strategies}
    basis: dict[str, str] = {}
    for strategy in strategies:
        found = _ends_of(specs[strategy], bases[strategy], level)
        for parameter, (low, high, how) in found.items():
            ends[strategy][parameter] = (low, high)
            basis[parameter] = how
    _check_names(spec, names, ranges, basis)
    for parameter, (low, high) in ranges.items():
        scale = scale_and_unit(spec.parameters[parameter], bases[strategies[-1]].units[parameter])
        basis[parameter] = "range"
        for strategy in strategies:
            ends[strategy][parameter] = (low * scale[0], high * scale[0])
    inputs = []
    for name, parameter_ in spec.parameters.items():
        if name not in basis or (names is not None and name not in names):
            continue
        three = {
            strategy: (
                ends[strategy].get(name, (bases[strategy].values[name],) * 2)[0],
                bases[strategy].values[name],
                ends[strategy].get(name, (bases[strategy].values[name],) * 2)[1],
            )
            for strategy in strategies
        }
        inputs.append(_input(name, parameter_, spec, bases[strategies[-1]], three, basis[name]))
    if prices is not None:
        inputs += _prices(spec, strategies, prices)
    if not inputs:
        raise SomSimError(
            "no parameter of this scenario is uncertain, so there is nothing to vary; give "
            "parameters a 'distribution', say ranges, or vary the prices"
        )
    varied = {one.name for one in inputs}
    return Varied(
        inputs=tuple(inputs),
        left_out=tuple(
            name
            for name, one in spec.parameters.items()
            if name not in varied and not is_derived(one)
        ),
        counted=sum(row.counts is not None for row in spec.transitions),
        n_prices=len(spec.prices) - sum(len(one.prices) for one in inputs),
    )


def _ends_of(
    spec: ScenarioFile, base: BaseCase, level: float
) -> dict[str, tuple[float, float, str]]:
    """Return low and high of each uncertain parameter, in base units, and where they are from."""
    shares = np.array([(1 - level) / 2, (1 + level) / 2])
    found = {}
    for name, one in fit_parameters(spec.parameters, base)[0].items():
        low, high = one.quantile(shares)
        found[name] = (float(low), float(high), "distribution")
    if spec.posterior is not None:
        table = np.array(spec.posterior.draws)
        for at, name in enumerate(spec.posterior.names):
            low, high = np.quantile(table[:, at], shares)
            found[name] = (float(low), float(high), "draws")
    return found


def _check_names(
    spec: ScenarioFile, names: Sequence[str] | None, ranges: Ranges, known: Mapping[str, str]
) -> None:
    for name in (*(names or ()), *ranges):
        if name not in spec.parameters:
            hint = suggest(name, spec.parameters)
            raise SomSimError(f"there is no parameter '{name}'; {hint}")
        if is_derived(spec.parameters[name]):
            raise SomSimError(
                f"'{name}' follows from other parameters; vary these, or write a number for it"
            )
        if name not in ranges and name not in known:
            raise SomSimError(
                f"'{name}' has no distribution, so nothing says how far to vary it; say its range"
            )
    for name, (low, high) in ranges.items():
        if not (np.isfinite(low) and np.isfinite(high) and low <= high):
            raise SomSimError(f"the range of '{name}' goes from {low:g} to {high:g}; the low first")


def scale_and_unit(parameter: Parameter, unit: Unit) -> tuple[float, str]:
    """Return what a written number is multiplied with to be in base units, and its unit."""
    if parameter.unit is not None:
        return parameter.unit.scale, parameter.unit.text
    if unit != DURATION:
        return 1.0, ""
    name = "day"
    if isinstance(parameter.amount, Duration):
        name = parameter.amount.text.split()[-1].removesuffix("s")
    return DAYS_PER_UNIT[name] / DAYS_PER_YEAR, f"{name}s"


def _input(
    name: str,
    parameter: Parameter,
    spec: ScenarioFile,
    base: BaseCase,
    ends: Mapping[str, Ends],
    basis: str,
) -> Input:
    scale, unit = scale_and_unit(parameter, base.units[name])
    low, middle, high = (one / scale for one in list(ends.values())[-1])
    together = [other for one in spec.correlations if name in one.between for other in one.between]
    together += [one for group in groups_of(spec.parameters).values() if name in group
                 for one in group]  # fmt: skip
    if basis == "draws" and spec.posterior is not None:
        together += spec.posterior.names
    fitted = fit_parameters(spec.parameters, base)[0].get(name)
    return Input(
        name=name,
        labels=() if parameter.label is None else (parameter.label,),
        prices=(),
        unit=unit,
        low=low,
        base=middle,
        high=high,
        basis=basis,
        ends=ends,
        scale=scale,
        together=tuple(dict.fromkeys(one for one in together if one != name)),
        steps=isinstance(fitted, Discrete) and basis == "distribution",
        source=parameter.source or "",
        grade=parameter.grade or "",
    )


def _prices(spec: ScenarioFile, strategies: Sequence[str], share: float) -> list[Input]:
    """Return the prices, those that are the same for the same thing as one."""
    same: dict[tuple[object, ...], list[str]] = {}
    for name, price in spec.prices.items():
        amount = price.amount.number
        if amount:  # else it follows from parameters, which are varied themselves, or is 0
            key = (price.amount.exact, amount, price.per, price.account, price.price_year)
            same.setdefault(key, []).append(name)
    found = []
    for names in same.values():
        price = spec.prices[names[0]]
        amount = price.amount.number or 0.0
        ends = (amount * (1 - share), amount, amount * (1 + share))
        labels = [spec.prices[name].label for name in names]
        grades = [spec.prices[name].grade or "" for name in names]
        found.append(
            Input(
                name=PRICE + names[0],
                labels=tuple(one for one in labels if one is not None),
                prices=tuple(names),
                unit=f"kroner per {price.per}",
                low=ends[0],
                base=ends[1],
                high=ends[2],
                basis="share",
                ends=dict.fromkeys(strategies, ends),
                scale=1.0,
                together=(),
                steps=False,
                source=price.source or "",
                grade=max(grades),
            )
        )
    return found


def lift_prices(spec: ScenarioFile, inputs: Sequence[Input]) -> ScenarioFile:
    """Return a file whose varied prices are looked up by name, as parameters are."""
    lifted = {name: one.name for one in inputs for name in one.prices}
    if not lifted:
        return spec
    prices = {
        name: price.model_copy(
            update={"amount": Quantity(kind="kroner", number=None, parameter=lifted[name])}
        )
        if name in lifted and price.amount.number is not None
        else price
        for name, price in spec.prices.items()
    }
    return spec.model_copy(update={"prices": prices})


def values_at(
    spec: ScenarioFile,
    strategy: str,
    inputs: Sequence[Input],
    which: NDArray[np.int64],
    place: NDArray[np.float64],
) -> dict[str, Draws]:
    """Return all parameters where in each draw one input has left its stated value.

    Parameters
    ----------
    spec, strategy
        The file with the strategy's overrides applied, and its name.
    inputs
        What can be varied.
    which : (draw,)
        Position of the input that is varied in each draw; -1 for none.
    place : (draw,)
        Where: -1 at its low, 0 at its base, 1 at its high.

    Returns
    -------
    mapping of name to (draw,), in base units; prices under their own names
    """
    given: dict[str, Draws] = {}
    prices: dict[str, Draws] = {}
    stated = base_case(spec.parameters).values
    groups = groups_of(spec.parameters)
    for number, one in enumerate(inputs):
        mine = which == number
        base = one.ends[strategy][1]
        value = np.where(mine, one.at(strategy, place), base)
        if one.is_price:
            prices[one.name] = value
            continue
        given[one.name] = np.where(mine, value, given.get(one.name, np.full(len(which), base)))
        for group in groups.values():  # the others of a whole make room in proportion
            if one.name not in group:
                continue
            for other in group:
                if other != one.name:
                    before = given.get(other, np.full(len(which), stated[other]))
                    room = stated[other] * (1 - value) / (1 - base)
                    given[other] = np.where(mine, room, before)
    if not given:
        given = {name: np.full(len(which), value) for name, value in stated.items()}
    if not given:
        return prices
    return {**parameters_with(spec, given), **prices}
