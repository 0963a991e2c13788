"""Checks on parameters: units, expressions, distributions, and the places that use them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from som_sim.core.errors import Path, suggest
from som_sim.scenario.correlations import clash, order_of, pairs
from som_sim.scenario.distributions import Discrete, Distribution, median
from som_sim.scenario.expressions import CalculationError
from som_sim.scenario.findings import Findings
from som_sim.scenario.parameters import (
    cycles,
    is_derived,
    needs,
    quantity_unit,
    quantity_value,
    shown,
    stated_text,
)
from som_sim.scenario.quantities import RANGES, Quantity
from som_sim.scenario.schema import Parameter
from som_sim.scenario.uncertainty import ROUNDING, groups_of, sizes_of
from som_sim.scenario.units import NUMBER, Unit, fitting_units

MISMATCH = 0.1
"""How far `value` may lie from what it is said to be, in standard deviations.

Published figures are rounded, so some difference is allowed; a tenth of a standard deviation is
less than the gap between mean and median of a ratio whose interval goes from a half to double.
"""
FAR = 1000.0
"""Endless tails are tried here: the highest numbers of `RANGES` guard against slips of the key."""


def check_parameters(findings: Findings) -> None:
    """Parameters can be calculated, their units fit, and values agree with distributions."""
    parameters = findings.spec.parameters
    for circle in cycles(parameters):
        findings.error(
            ("parameters", circle[0], "value"),
            f"goes in a circle: {' -> '.join((*_shortened(circle), circle[0]))}",
        )
    for name, parameter in parameters.items():
        path: Path = ("parameters", name)
        if is_derived(parameter):
            _check_names(findings, (*path, "value"), needs(parameter))
            for key in ("distribution", "is"):
                if getattr(parameter, "is_" if key == "is" else key) is not None:
                    findings.error(
                        (*path, key),
                        "the value follows from other parameters; it is as uncertain as they are",
                        at_key=True,
                    )
        elif parameter.is_ is not None and parameter.distribution is None:
            findings.error(
                (*path, "is"), "says what the value is of a distribution, and there is none"
            )
        if name in findings.base.wrong:
            findings.error((*path, "value"), findings.base.wrong[name])
        elif name in findings.base.values and not math.isfinite(findings.base.values[name]):
            findings.error((*path, "value"), "is too large")
    _check_distributions(findings)
    _check_groups(findings)


def _shortened(circle: tuple[str, ...]) -> tuple[str, ...]:
    return circle if len(circle) <= 8 else (*circle[:4], "...", *circle[-3:])


def _check_names(findings: Findings, path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in findings.names.parameters:
            near = suggest(name, findings.names.parameters)
            findings.error(path, f"'{name}' is no parameter; {near}")


# Distributions ---------------------------------------------------------------------------------


def _check_distributions(findings: Findings) -> None:
    for name, message in findings.unfit.items():
        written = findings.spec.parameters[name].distribution
        assert written is not None
        findings.error(("parameters", name, "distribution", written.family), message)
    for name, distribution in findings.distributions.items():
        parameter = findings.spec.parameters[name]
        value, unit = findings.base.values[name], findings.base.units[name]
        _check_value(findings, name, parameter, value, unit, distribution)
        if parameter.unit is not None and parameter.unit.kind:
            here: Path = ("parameters", name, "distribution")
            _check_support(findings, here, parameter.unit.kind, name, parameter, distribution)


def _check_value(
    findings: Findings,
    name: str,
    parameter: Parameter,
    value: float,
    unit: Unit,
    distribution: Distribution,
) -> None:
    """Say so when the value is not what it is said to be."""
    what = parameter.is_ or "mean"
    given = {"mean": distribution.mean, "mode": distribution.mode}
    if what == "median":
        given["median"] = median(distribution)
    actual = given[what]
    path: Path = ("parameters", name, "value")
    written = parameter.distribution
    assert written is not None
    if actual is None:
        findings.error(
            ("parameters", name, "is"),
            f"this {written.family} distribution has no single most likely value; say 'is: mean' "
            "or 'is: median'",
        )
    elif not abs(value - actual) <= MISMATCH * distribution.sd:
        given.setdefault("median", median(distribution))
        said = "said" if parameter.is_ else "taken"
        others = ", ".join(
            f"{key} {shown(number, unit, parameter)}"
            for key in ("mean", "median", "mode")
            if (number := given[key]) is not None
        )
        findings.error(
            path,
            f"{stated_text(parameter)} is {said} to be the {what}, but the {written.family} "
            f"distribution has {others}; they must agree to {MISMATCH:g} standard deviations",
        )


def _check_support(
    findings: Findings,
    path: Path,
    kind: str,
    name: str,
    parameter: Parameter,
    distribution: Distribution,
) -> None:
    """Say so when a distribution can leave what its place allows: nothing is cut off."""
    unit = findings.base.units[name]
    low, high = distribution.support
    words, fits = RANGES[kind]
    low, high = max(low, -FAR), min(high, FAR)
    if kind == "duration" and low == 0 and not isinstance(distribution, Discrete):
        low = min(high, 1.0)  # 0 itself has no chance
    if fits(low) and fits(high):
        return
    written = parameter.distribution
    assert written is not None
    bad, side = (low, "lower") if not fits(low) else (high, "upper")
    goes = f"has no {side} limit" if abs(bad) == FAR else f"can be {shown(bad, unit, parameter)}"
    better = {"probability": "beta", "share": "beta", "difference": "pert or uniform"}
    findings.error(
        path,
        f"parameter '{name}': its {written.family} distribution {goes}, but this is {words}; "
        "nothing is cut off: take one that stays inside, such as "
        + better.get(kind, "gamma or lognormal"),
    )


def _check_groups(findings: Findings) -> None:
    """Shares of a Dirichlet group are several, written alike, and add to 1."""
    parameters = findings.spec.parameters
    if len(parameters) < len(findings.names.parameters):
        return  # a share of a group may be among those that are unsound
    for group, names in groups_of(parameters).items():
        path: Path = ("parameters", names[0], "distribution", "dirichlet", "group")
        if len(names) < 2:
            findings.error(path, f"'{names[0]}' is alone in group '{group}'; it takes two or more")
            continue
        if len(sizes_of(names, parameters)) > 1:
            findings.error(
                path, f"the shares of group '{group}' must all have a count, or all the same n"
            )
        values = [findings.base.values[name] for name in names if name in findings.base.values]
        total = math.fsum(values)
        if len(values) == len(names) and abs(total - 1) > ROUNDING:
            findings.error(
                path,
                f"the values of group '{group}' ({', '.join(names)}) add to {total:.6g}; they must "
                "add to 1",
            )


def check_correlations(findings: Findings) -> None:
    """Correlated parameters are uncertain, each pair is said once, and all can hold together."""
    parameters = findings.spec.parameters
    seen: set[frozenset[str]] = set()
    sound = True
    for position, correlation in enumerate(findings.spec.correlations):
        path: Path = ("correlations", position, "between")
        for name in correlation.between:
            known = findings.known(path, "parameter", name, findings.names.parameters)
            if not known or name not in parameters:
                sound = False
                continue
            written = parameters[name].distribution
            if written is None or written.dirichlet is not None:
                findings.error(
                    path,
                    f"'{name}' "
                    + (
                        "has no distribution"
                        if written is None
                        else "is a share of a Dirichlet group, whose shares go together already"
                    ),
                )
                sound = False
        pair = frozenset(correlation.between)
        if pair in seen:
            findings.error(path, f"{' and '.join(correlation.between)} stand here twice")
            sound = False
        seen.add(pair)
    if sound:
        _check_together(findings)


def _check_together(findings: Findings) -> None:
    correlations = findings.spec.correlations
    names = clash(correlations)
    if not names:
        return
    given = pairs(correlations)
    inside = [pair for pair in given if set(pair) <= set(names)]
    order = [name for name in order_of(correlations) if name in names]
    unsaid = [
        f"{a} and {b}"
        for i, a in enumerate(order)
        for b in order[i + 1 :]
        if (a, b) not in given and (b, a) not in given
    ]
    said = ", ".join(f"{a} and {b} ({given[a, b]:g})" for a, b in inside)
    findings.error(
        ("correlations",),
        f"cannot all hold together: {said}"
        + (f"; 0, as nothing is said: {', '.join(unsaid)}" if unsaid else ""),
    )


# Places that use parameters --------------------------------------------------------------------


def check_use(findings: Findings, path: Path, quantity: Quantity) -> None:
    """Check the names, unit, value and possible values of a quantity made of parameters."""
    parameters, base = findings.spec.parameters, findings.base
    if quantity.parameter and quantity.parameter not in findings.names.parameters:
        near = suggest(quantity.parameter, findings.names.parameters)
        findings.error(path, f"'{quantity.parameter}' is no number and no parameter; {near}")
        return
    if quantity.expression is not None:
        _check_names(findings, path, quantity.names)
    try:
        unit = quantity_unit(quantity, base.units)
        if unit is None:
            return
        if unit not in fitting_units(quantity.kind):
            raise ValueError(_unfitting(quantity, unit, parameters))
        value = quantity_value(quantity, base.values)
    except KeyError:
        return  # what it needs has no value, which is said there
    except CalculationError as error:
        findings.error(path, f"cannot be calculated: {error.reason}")
        return
    except ValueError as error:
        findings.error(path, str(error))
        return
    words, fits = RANGES[quantity.kind]
    if not fits(value):
        if quantity.expression is None:
            told = f"parameter '{quantity.parameter}': {shown(value, unit)} is not {words}"
        else:
            told = f"'{quantity.expression.text}' is {shown(value, unit)}, which is not {words}"
        findings.error(path, told)
    elif quantity.parameter:
        distribution = findings.distributions.get(quantity.parameter)
        if distribution is not None:
            parameter = parameters[quantity.parameter]
            _check_support(
                findings, path, quantity.kind, quantity.parameter, parameter, distribution
            )


def _unfitting(quantity: Quantity, unit: Unit, parameters: Mapping[str, Parameter]) -> str:
    """Say both units."""
    parameter = parameters.get(quantity.parameter)
    plain = parameter is not None and parameter.unit is None and unit == NUMBER
    if quantity.kind == "duration" and parameter is not None and plain:
        written = stated_text(parameter)
        return (
            f"parameter '{quantity.parameter}': {written} has no unit; write a duration such as "
            "'61 days'"
        )
    wanted = ""
    if quantity.kind != "duration":
        wanted = f": {' or '.join(str(one) for one in fitting_units(quantity.kind))}"
    who = (
        f"parameter '{quantity.parameter}'"
        if quantity.expression is None
        else f"'{quantity.expression.text}'"
    )
    return f"{who} is {unit}; here stands {RANGES[quantity.kind][0]}{wanted}"
