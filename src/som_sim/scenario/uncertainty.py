"""Which parameters of a file are uncertain, and the distribution of each."""

from __future__ import annotations

import math

from som_sim.scenario.distribution_fit import fit
from som_sim.scenario.distributions import Beta, Distribution
from som_sim.scenario.parameters import BaseCase, Parameters, is_derived, scale_of
from som_sim.scenario.units import NUMBER

ROUNDING = 1e-9
"""Shares written with decimals may miss 1 by float rounding, not by more."""


def groups_of(parameters: Parameters) -> dict[str, list[str]]:
    """Return the parameters of each Dirichlet group, in the order of the file."""
    groups: dict[str, list[str]] = {}
    for name, parameter in parameters.items():
        written = parameter.distribution
        if written is not None and written.dirichlet is not None:
            groups.setdefault(str(written.dirichlet.group), []).append(name)
    return groups


def fit_parameters(
    parameters: Parameters, base: BaseCase
) -> tuple[dict[str, Distribution], dict[str, str]]:
    """Return the distribution of each uncertain parameter, in base units.

    A share of a Dirichlet group is a beta by itself, whose `a` is its concentration.

    Returns
    -------
    fitted
        By name, in the order of the file.
    wrong
        Why some have none.
    """
    fitted: dict[str, Distribution] = {}
    wrong: dict[str, str] = {}
    for name, parameter in parameters.items():
        written = parameter.distribution
        if written is None or is_derived(parameter) or name not in base.values:
            continue
        value, unit = base.values[name], base.units[name]
        try:
            if written.dirichlet is None:
                what = parameter.is_ or "mean"
                one = fit(written, value, what, unit, scale_of(parameter))
                if not (math.isfinite(one.mean) and 0 < one.sd < math.inf):
                    raise OverflowError
                fitted[name] = one
            elif unit != NUMBER:
                raise ValueError(f"a Dirichlet is of shares, but the value is {unit}")
        except ValueError as error:
            wrong[name] = str(error)
        except (OverflowError, ZeroDivisionError):
            wrong[name] = "its numbers are too large or too small to calculate with"
    for names in groups_of(parameters).values():
        _fit_group(names, parameters, base, fitted, wrong)
    return {name: fitted[name] for name in parameters if name in fitted}, wrong


def sizes_of(names: list[str], parameters: Parameters) -> set[float | None]:
    """Return what the shares of a group say of the group's size; None for those with a count."""
    sizes: set[float | None] = set()
    for name in names:
        written = parameters[name].distribution
        assert written is not None and written.dirichlet is not None
        size = written.dirichlet.n
        sizes.add(None if size is None else float(size))
    return sizes


def _fit_group(
    names: list[str],
    parameters: Parameters,
    base: BaseCase,
    fitted: dict[str, Distribution],
    wrong: dict[str, str],
) -> None:
    """Add the shares of one group, unless the group as such is wrong."""
    sizes = sizes_of(names, parameters)
    if len(names) < 2 or len(sizes) > 1 or any(name not in base.values for name in names):
        return
    (size,) = sizes
    weights = {}
    for name in names:
        written = parameters[name].distribution
        assert written is not None and written.dirichlet is not None
        count = written.dirichlet.count
        weights[name] = base.values[name] * (size or 0) if count is None else float(count)
    total = size or math.fsum(weights.values())
    for name, weight in weights.items():
        if 0 < weight < total:
            fitted[name] = Beta(weight, total - weight)
        else:
            wrong.setdefault(name, "a share of a group is above 0 and below 1")
