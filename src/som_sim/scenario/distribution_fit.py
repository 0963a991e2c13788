"""From what a user wrote to a distribution, with a sentence for what no distribution can be.

Moments and counts are closed forms. An interval gives the two numbers of a family by its ends: in
closed form for the normal, lognormal and uniform family, by bisection for the beta and gamma.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist

from som_sim.core.time import Duration
from som_sim.scenario.distribution_forms import (
    BetaForm,
    DiscreteForm,
    DistributionForm,
    GammaForm,
    PeakForm,
    SpreadForm,
    UniformForm,
    statement,
)
from som_sim.scenario.distributions import (
    Beta,
    Discrete,
    Distribution,
    Gamma,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
)
from som_sim.scenario.units import DURATION, NUMBER, PER_YEAR, Unit

BISECTIONS = 80
"""Halvings of the search for a beta or gamma: more than a float64 can tell apart."""


def fit(
    written: DistributionForm, value: float, what: str, unit: Unit, scale: float | None
) -> Distribution:
    """Return the distribution that was written.

    Parameters
    ----------
    written
        What the user wrote; anything but a Dirichlet, which belongs to a group of parameters.
    value
        The parameter's value in base units.
    what
        What the value is of the distribution: ``mean``, ``median`` or ``mode``.
    unit, scale
        What the value measures; what a written number without a unit of its own is multiplied with
        to be in base units, None when the value is a duration that carries its unit.

    Raises
    ------
    ValueError
        When there is no such distribution, saying why.
    """
    reader = _Reader(value, what, unit, scale)
    form = getattr(written, written.family)
    if isinstance(form, DiscreteForm):
        return _discrete(form, reader)
    if isinstance(form, UniformForm):
        return _uniform(form, reader)
    if isinstance(form, PeakForm):
        return _peaked(form, reader, Triangular if written.family == "triangular" else Pert)
    if isinstance(form, BetaForm):
        return _beta(form, reader)
    if isinstance(form, GammaForm):
        return _gamma(form, reader)
    assert isinstance(form, SpreadForm)
    return _lognormal(form, reader) if written.family == "lognormal" else _normal(form, reader)


class _Reader:
    """Reads the numbers of a form in the unit of the parameter."""

    def __init__(self, value: float, what: str, unit: Unit, scale: float | None) -> None:
        self.value, self.what, self.unit, self.scale = value, what, unit, scale

    def number(self, amount: Decimal | Duration | None) -> float:
        """Return an amount in base units."""
        assert amount is not None
        if isinstance(amount, Duration):
            if self.unit != DURATION:
                raise ValueError(f"'{amount.text}' is a duration, but the value is {self.unit}")
            return amount.years
        if self.scale is None:
            raise ValueError(f"{amount} has no unit; write a duration such as '{amount} days'")
        return float(amount) * self.scale

    def moments(self, form: SpreadForm) -> tuple[float, float]:
        """Return mean and standard deviation."""
        if form.mean is None and self.what != "mean":
            raise ValueError(
                f"sd alone takes the value as the mean, but it is the {self.what}; add the mean, "
                "as {mean: ..., sd: ...}"
            )
        mean = self.value if form.mean is None else self.number(form.mean)
        sd = self.number(form.sd)
        if sd <= 0:
            raise ValueError("sd must be above 0; a value without a distribution is certain")
        return mean, sd

    def interval(self, form: SpreadForm | UniformForm) -> tuple[float, float, float]:
        """Return lower end, upper end and level."""
        if form.ci is not None:
            low, high, level = form.ci.low, form.ci.high, float(form.ci.level)
        else:
            assert form.ci95 is not None
            (low, high), level = form.ci95, 0.95
        ends = self.number(low), self.number(high)
        if ends[0] >= ends[1]:
            raise ValueError("the lower end of an interval comes first and is below the upper")
        return *ends, level


def _positive(number: float, family: str) -> None:
    if number <= 0:
        raise ValueError(f"a {family} is above 0; its mean or the ends of its interval must be too")


def _standard(level: float) -> float:
    """Return how many standard deviations the middle `level` of a normal is on either side."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def _normal(form: SpreadForm, reader: _Reader) -> Normal:
    if form.sd is not None:
        return Normal(*reader.moments(form))
    low, high, level = reader.interval(form)
    return Normal((low + high) / 2, (high - low) / 2 / _standard(level))


def _lognormal(form: SpreadForm, reader: _Reader) -> Lognormal:
    if form.sd is not None:
        mean, sd = reader.moments(form)
        _positive(mean, "lognormal")
        variance = math.log1p((sd / mean) ** 2)
        return Lognormal(math.log(mean) - variance / 2, math.sqrt(variance))
    low, high, level = reader.interval(form)
    _positive(low, "lognormal")
    logs = math.log(low), math.log(high)
    return Lognormal(sum(logs) / 2, (logs[1] - logs[0]) / 2 / _standard(level))


def _gamma(form: GammaForm, reader: _Reader) -> Gamma:
    if form.events is not None:
        if reader.unit not in (NUMBER, PER_YEAR):
            raise ValueError(
                f"events in person_time give a rate per year, but the value is {reader.unit}"
            )
        assert isinstance(form.person_time, Duration)
        return Gamma(float(form.events), 1 / form.person_time.years)
    if form.sd is not None:
        mean, sd = reader.moments(form)
        _positive(mean, "gamma")
        return Gamma((mean / sd) ** 2, sd**2 / mean)
    low, high, level = reader.interval(form)
    _positive(low, "gamma")
    return gamma_by_interval(low, high, level)


def _beta(form: BetaForm, reader: _Reader) -> Beta:
    if reader.unit != NUMBER:
        raise ValueError(f"a beta is a share from 0 to 1, but the value is {reader.unit}")
    if form.events is not None and form.n is not None:
        prior = float(form.prior or 0)
        return Beta(float(form.events) + prior, float(form.n - form.events) + prior)
    if form.expert is not None:
        share, n = statement(form.expert)
        return Beta(share * n, (1 - share) * n)
    if form.sd is not None:
        mean, sd = reader.moments(form)
        if not 0 < mean < 1:
            raise ValueError(f"a beta is a share, and its mean is between 0 and 1, not {mean:.6g}")
        size = mean * (1 - mean) / sd**2 - 1
        if size <= 0:
            limit = math.sqrt(mean * (1 - mean))
            raise ValueError(
                f"sd {sd:.6g} is too large for a beta with mean {mean:.6g}; it must be below "
                f"{limit:.3g}"
            )
        return Beta(mean * size, (1 - mean) * size)
    low, high, level = reader.interval(form)
    if low <= 0 or high >= 1:
        raise ValueError("the ends of an interval of a beta are above 0 and below 1")
    return beta_by_interval(low, high, level)


def _uniform(form: UniformForm, reader: _Reader) -> Uniform:
    if form.low is None:
        low, high, level = reader.interval(form)
        beyond = (high - low) * (1 - level) / level / 2
        return Uniform(low - beyond, high + beyond)
    low, high = reader.number(form.low), reader.number(form.high)
    if low >= high:
        raise ValueError("low must be below high")
    return Uniform(low, high)


def _peaked(form: PeakForm, reader: _Reader, family: type[Triangular] | type[Pert]) -> Distribution:
    if form.mode is None and reader.what != "mode":
        raise ValueError(f"the value is the {reader.what}; say 'is: mode', or add the mode here")
    low, high = reader.number(form.low), reader.number(form.high)
    mode = reader.value if form.mode is None else reader.number(form.mode)
    if not (low <= mode <= high and low < high):
        raise ValueError("low, mode and high must be in that order")
    return family(low, mode, high)


def _discrete(form: DiscreteForm, reader: _Reader) -> Discrete:
    assert form.values is not None and form.probabilities is not None
    read = zip(map(reader.number, form.values), map(float, form.probabilities), strict=True)
    pairs = sorted(read)
    values = tuple(value for value, _ in pairs)
    if len(set(values)) < len(values):
        raise ValueError("a value stands here twice")
    return Discrete(values, tuple(probability for _, probability in pairs))


# Intervals by bisection ------------------------------------------------------------------------


def _root(rising: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function crosses 0, or raise ValueError if that is not in between."""
    if not rising(low) < 0 < rising(high):
        raise ValueError("no distribution of this family has this interval")
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


@lru_cache(maxsize=256)
def gamma_by_interval(low: float, high: float, level: float) -> Gamma:
    """Return the gamma whose middle `level` lies from `low` to `high`.

    The ratio of two quantiles falls with the shape alone, which makes this a search in one number.
    """
    from scipy.special import gammaincinv

    below, above = (1 - level) / 2, (1 + level) / 2

    def excess(log_shape: float) -> float:
        shape = math.exp(log_shape)
        ends = float(gammaincinv(shape, below)), float(gammaincinv(shape, above))
        return math.log(high / low) - math.log(ends[1] / ends[0]) if ends[0] else -math.inf

    shape = math.exp(_root(excess, math.log(1e-2), math.log(1e10)))
    return Gamma(shape, high / float(gammaincinv(shape, above)))


@lru_cache(maxsize=256)
def beta_by_interval(low: float, high: float, level: float) -> Beta:
    """Return the beta whose middle `level` lies from `low` to `high`.

    For each size ``a + b`` one mean puts the lower end where it should be; the larger the size,
    the more then lies below the upper end. So one search stands inside another.
    """
    from scipy.special import betainc

    below, above = (1 - level) / 2, (1 + level) / 2

    def mean_of(size: float) -> float:
        return _root(lambda m: below - float(betainc(m * size, (1 - m) * size, low)), 1e-12, 1.0)

    def excess(log_size: float) -> float:
        size = math.exp(log_size)
        mean = mean_of(size)
        return float(betainc(mean * size, (1 - mean) * size, high)) - above

    size = math.exp(_root(excess, math.log(1e-2), math.log(1e10)))
    mean = mean_of(size)
    return Beta(mean * size, (1 - mean) * size)
