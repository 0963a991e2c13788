"""Draws: joint samples of the uncertain parameters, each parameter with a stream of its own.

Draw i of a parameter is number i of its stream, put through the inverse of its distribution. The
stream is keyed by the seed and the parameter's name, and draws are numbered from 0. So a block of
draws is the same whatever comes before it or beside it, all strategies meet the same luck, and a
parameter more or less changes no other's draws. Correlated parameters lean on one another through
their normal scores (`som_sim.scenario.correlations`); shares of a Dirichlet group are gammas, one
a share, divided by their sum. Expressions are worked out in each draw.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.streams import make_generator, make_seeded, uniforms
from som_sim.model.counted import draw_counted
from som_sim.scenario.correlations import lean
from som_sim.scenario.distributions import Beta, Distribution, Gamma
from som_sim.scenario.evaluation import evaluate
from som_sim.scenario.expressions import CalculationError, Expression
from som_sim.scenario.parameters import BaseCase, Parameters, base_case, needs, takes_unit
from som_sim.scenario.schema import ScenarioFile
from som_sim.scenario.uncertainty import fit_parameters, groups_of

Draws = NDArray[np.float64]
DECISION = "parameter"
SEQUENCES = ("random", "sobol")
"""How chances are spread."""
N_SEQUENCES = 8
"""Sobol sequences that draws are dealt to in turn."""
SOBOL_BITS = 30


class DrawError(SomSimError):
    """A draw gives a number that its place in the model cannot take.

    Attributes
    ----------
    place
        The parameter, expression or row.
    reason
        What is wrong there.
    draw
        Number of the first such draw, from 0; None in the base case.
    """

    def __init__(self, place: str, reason: str, draw: int | None) -> None:
        self.place, self.reason, self.draw = place, reason, draw
        super().__init__(f"{place}: {reason}{'' if draw is None else f' in draw {draw}'}")


def stated_parameters(spec: ScenarioFile) -> Mapping[str, Draws]:
    """Return the base case: each parameter at its stated value, (1,), in base units."""
    base = base_case(spec.parameters)
    for name, reason in base.wrong.items():
        raise DrawError(f"parameters.{name}", reason, None)
    return MappingProxyType(_all_values(spec.parameters, base, {}, 1, 0))


def draw_parameters(
    spec: ScenarioFile, n_draws: int, seed: int, first: int = 0, sequence: str = "random"
) -> Mapping[str, Draws]:
    """Draw the parameters of one strategy.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied, checked.
    n_draws
        How many draws.
    seed
        0 to 2**64 - 1.
    first
        Number of the first draw of this block, from 0.
    sequence
        ``random``; or ``sobol``, in which draws fill the space of the parameters evenly (the
        shares of counts stay random).

    Returns
    -------
    read-only mapping of name to (draw,), in base units: durations in years, rates per year
        Every parameter, certain ones at their stated value; and the shares of transitions given by
        counts, each under its path.

    Raises
    ------
    DrawError
        When an expression has no finite value in some draw.
    """
    base = base_case(spec.parameters)
    fitted, _ = fit_parameters(spec.parameters, base)

    def own(name: str) -> Draws:
        return uniforms(seed, DECISION, name, n=n_draws, first=first)

    if sequence == "sobol":
        evenly = even_chances(tuple(spec.parameters), n_draws, seed, first)
        chances = _correlated(spec, {name: evenly[name] for name in fitted})
    else:
        chances = _correlated(spec, {name: own(name) for name in fitted})
    drawn = _quantiles(fitted, groups_of(spec.parameters), chances, first)
    drawn.update(_posterior(spec, n_draws, seed, first))
    values = _all_values(spec.parameters, base, drawn, n_draws, first)
    return MappingProxyType({**values, **draw_counted(spec, n_draws, seed, first)})


def parameters_at(spec: ScenarioFile, chances: Mapping[str, Draws]) -> Mapping[str, Draws]:
    """Return the parameters at given quantiles of their distributions, others as stated.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied, checked.
    chances : mapping of name to (draw,), above 0 and below 1
        Of uncertain parameters; of a Dirichlet group or of correlated ones, all or none.

    Raises
    ------
    DrawError
        When an expression has no finite value at some of them.
    """
    base = base_case(spec.parameters)
    fitted, _ = fit_parameters(spec.parameters, base)
    chosen = {name: fitted[name] for name in chances}
    groups = {
        group: names
        for group, names in groups_of(spec.parameters).items()
        if set(names) <= set(chances)
    }
    n_draws = len(next(iter(chances.values())))
    leaning = any(set(one.between) <= set(chances) for one in spec.correlations)
    joint = _correlated(spec, dict(chances)) if leaning else dict(chances)
    drawn = _quantiles(chosen, groups, joint, 0)
    return MappingProxyType(_all_values(spec.parameters, base, drawn, n_draws, 0))


def parameters_with(spec: ScenarioFile, given: Mapping[str, Draws]) -> Mapping[str, Draws]:
    """Return the parameters at given values, others as stated or as they follow from these.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied, checked.
    given : mapping of name to (draw,), in base units
        One parameter or more.

    Raises
    ------
    DrawError
        When an expression has no finite value at some of them.
    """
    n_draws = len(next(iter(given.values())))
    base = base_case(spec.parameters)
    return MappingProxyType(_all_values(spec.parameters, base, given, n_draws, 0))


def _quantiles(
    fitted: Mapping[str, Distribution],
    groups: Mapping[str, list[str]],
    chances: Mapping[str, Draws],
    first: int,
) -> dict[str, Draws]:
    """Return uncertain parameters at quantiles of their distributions: each (draw,)."""
    shares = {name for names in groups.values() for name in names}
    with np.errstate(all="ignore"):  # what is not finite is an error of ours
        drawn = {
            name: _finite(name, one.quantile(chances[name]), first)
            for name, one in fitted.items()
            if name not in shares
        }
        for names in groups.values():
            drawn.update(_dirichlet(names, fitted, chances, first))
    return drawn


def _posterior(spec: ScenarioFile, n_draws: int, seed: int, first: int) -> dict[str, Draws]:
    """Return parameters by rows of their table of joint draws, in an order of the seed's own."""
    if spec.posterior is None:
        return {}
    table = np.array(spec.posterior.draws)
    order = make_generator(seed, DECISION, "posterior").permutation(len(table))
    rows = table[order[(first + np.arange(n_draws)) % len(table)]]
    return {name: rows[:, at].copy() for at, name in enumerate(spec.posterior.names)}


def even_chances(names: tuple[str, ...], n_draws: int, seed: int, first: int) -> dict[str, Draws]:
    """Return chances that fill the unit cube evenly, a dimension for each name: (draw,) each.

    Draw i is point ``i // N_SEQUENCES`` of Sobol sequence ``i % N_SEQUENCES``; the sequences are
    scrambled apart from one another, so that how they differ tells how exact a figure is.
    """
    from scipy.stats.qmc import Sobol

    chances = np.empty((len(names), n_draws))
    for number in range(N_SEQUENCES):
        start = (number - first) % N_SEQUENCES
        wanted = len(range(start, n_draws, N_SEQUENCES))
        if not wanted:
            continue
        rng = make_seeded(seed, "sobol", str(number))
        sobol = Sobol(len(names), scramble=True, bits=SOBOL_BITS, rng=rng)
        before = (first + start) // N_SEQUENCES
        if before:
            sobol.fast_forward(before)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a block is part of a longer sequence
            points = sobol.random(wanted)
        chances[:, start::N_SEQUENCES] = points.T + 2.0 ** -(SOBOL_BITS + 1)
    return dict(zip(names, chances, strict=True))


def _all_values(
    parameters: Parameters, base: BaseCase, drawn: Mapping[str, Draws], n_draws: int, first: int
) -> dict[str, Draws]:
    """Return drawn values as drawn, certain ones as stated, others as they follow: each (draw,)."""
    values: dict[str, Draws] = {}
    for name in base.values:  # each after those it needs
        parameter = parameters[name]
        amount = parameter.amount
        if name in drawn:
            value = drawn[name]
        elif isinstance(amount, Expression) and needs(parameter):
            try:
                value = evaluate(amount, values, n_draws) * takes_unit(parameter, base.units)
            except CalculationError as error:
                place = f"parameters.{name}"
                raise DrawError(place, error.reason, first + error.position) from None
        else:
            value = np.full(n_draws, base.values[name])
        value.flags.writeable = False
        values[name] = value
    return values


def _correlated(spec: ScenarioFile, own: dict[str, Draws]) -> dict[str, Draws]:
    """Return the chances with correlated parameters leaning on one another: each (draw,)."""
    if not spec.correlations:
        return own
    from scipy.special import ndtr, ndtri

    leaning = lean(spec.correlations)
    scores = {name: np.asarray(ndtri(own[name])) for name in leaning}
    joint = dict(own)
    for name, weights in leaning.items():
        if set(weights) == {name}:
            continue
        score = np.zeros_like(own[name])
        for other, weight in weights.items():  # one by one: a sum that no block size changes
            score = score + weight * scores[other]
        joint[name] = np.asarray(ndtr(score))
    return joint


def _dirichlet(
    names: list[str],
    fitted: Mapping[str, Distribution],
    chances: Mapping[str, Draws],
    first: int,
) -> dict[str, Draws]:
    """Return shares that add to 1: by name, each (draw,)."""
    gammas: dict[str, Draws] = {}
    for name in names:
        share = fitted[name]
        assert isinstance(share, Beta)
        gammas[name] = Gamma(share.a, 1.0).quantile(chances[name])
    total = np.zeros_like(gammas[names[0]])
    for one in gammas.values():
        total = total + one
    return {name: _finite(name, one / total, first) for name, one in gammas.items()}


def _finite(name: str, values: Draws, first: int) -> Draws:
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise DrawError(
            f"parameters.{name}", "the distribution gives no finite number", first + int(bad[0])
        )
    return values
