"""What many draws say of a figure: its median, its interval, and how exact these are.

Each figure has quantiles of its own. They do not add up: the median of a sum is not the sum of the
medians, and an interval of a total is narrower than its parts' ends together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVEL = 0.95
"""Share of the draws that an interval holds; as many lie below it as above."""
LOW, MIDDLE, HIGH = (1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2
NOT_ADDITIVE = "not additive"
"""Stands beside quantiles in every table."""
Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How a figure spreads in draws that are run as histories, in standard deviations.

    Attributes
    ----------
    parameters
        What is not known of the parameters; 0 where it drowns in the noise.
    noise
        What so few histories leave in the mean of a draw; taken out of `parameters`.
    chance
        How single histories of one draw vary.
    """

    parameters: float
    noise: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median and interval of a figure over the draws, each with its Monte Carlo error.

    Attributes
    ----------
    median, low, high
        The median and the ends of the interval that holds `LEVEL` of the draws.
    median_error, low_error, high_error
        One standard error of each, from the number of draws; not a number where the draws are too
        few to tell.
    above_zero, above_zero_error
        Share of the draws in which the figure is above 0, and its standard error.
    below_zero
        Share of the draws in which it is below 0.
    levels
        Parameters and chance apart, where draws are run as histories.
    """

    median: float
    low: float
    high: float
    median_error: float
    low_error: float
    high_error: float
    above_zero: float
    above_zero_error: float
    below_zero: float
    levels: Levels | None = None

    def times(self, factor: float) -> Spread:
        """Return the spread of the figure multiplied with a number above 0."""
        return Spread(
            median=self.median * factor,
            low=self.low * factor,
            high=self.high * factor,
            median_error=self.median_error * factor,
            low_error=self.low_error * factor,
            high_error=self.high_error * factor,
            above_zero=self.above_zero,
            above_zero_error=self.above_zero_error,
            below_zero=self.below_zero,
            levels=None
            if self.levels is None
            else Levels(
                parameters=self.levels.parameters * factor,
                noise=self.levels.noise * factor,
                chance=self.levels.chance * factor,
            ),
        )


def spread_of(draws: Floats) -> Spread:
    """Return the spread of a figure.

    The quantile `p` of n draws lies at ``(n - 1) p`` among the draws in order. Its standard error
    is half the distance between those that lie ``sqrt(n p (1 - p))`` below and above.

    Parameters
    ----------
    draws : (draw,)

    Examples
    --------
    >>> found = spread_of(np.arange(1001.0))
    >>> round(found.low), found.median, round(found.high)
    (25, 500.0, 975)
    >>> round(found.median_error, 1)
    15.8
    """
    n = len(draws)
    points = {}
    for p in (LOW, MIDDLE, HIGH):
        around = sqrt(n * p * (1 - p))
        at = (n - 1) * p
        points[p] = (at, at - around, at + around)
    wanted = {0, n - 1}
    for places in points.values():
        for place in places:
            if 0 <= place <= n - 1:
                wanted |= {int(place), min(int(place) + 1, n - 1)}
    ordered = np.partition(draws, sorted(wanted))

    def value(place: float) -> float:
        if not 0 <= place <= n - 1:
            return float("nan")
        below = int(place)
        low, high = float(ordered[below]), float(ordered[min(below + 1, n - 1)])
        return low + (place - below) * (high - low)

    found = {p: value(at) for p, (at, _, _) in points.items()}
    errors = {p: (value(after) - value(before)) / 2 for p, (_, before, after) in points.items()}
    share = float(np.count_nonzero(draws > 0)) / n
    return Spread(
        median=found[MIDDLE],
        low=found[LOW],
        high=found[HIGH],
        median_error=errors[MIDDLE],
        low_error=errors[LOW],
        high_error=errors[HIGH],
        above_zero=share,
        above_zero_error=error_of_share(share, n),
        below_zero=float(np.count_nonzero(draws < 0)) / n,
    )


def spread_in_parts(draws: Floats, n_parts: int) -> Spread:
    """Return the spread of a figure whose draws fall into independent parts.

    The draws of a part are spread evenly, not independent, so the standard errors of
    `spread_of` do not hold; how the parts differ says how exact the whole is.

    Parameters
    ----------
    draws : (draw,), every `n_parts`-th of which is in one part
    n_parts
        1 for draws that are independent.
    """
    whole = spread_of(draws)
    if n_parts == 1 or len(draws) < 2 * n_parts:
        return whole
    parts = [spread_of(draws[number::n_parts]) for number in range(n_parts)]

    def error(what: str) -> float:
        return float(np.std([getattr(one, what) for one in parts], ddof=1)) / sqrt(n_parts)

    return replace(
        whole,
        median_error=error("median"),
        low_error=error("low"),
        high_error=error("high"),
        above_zero_error=error("above_zero"),
    )


def error_of_mean(draws: Floats, n_parts: int = 1) -> float:
    """Return the standard error of a mean over draws that fall into independent parts."""
    if n_parts == 1 or len(draws) < 2 * n_parts:
        return float(draws.std()) / sqrt(len(draws))
    means = [float(draws[number::n_parts].mean()) for number in range(n_parts)]
    return float(np.std(means, ddof=1)) / sqrt(n_parts)


def error_of_share(share: float, n: int) -> float:
    """Return the standard error of a share of n draws."""
    return sqrt(share * (1 - share) / n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How likely a target is met, when neither parameters nor luck are known.

    Attributes
    ----------
    probability, error
        The mean over the draws of the chance that the number counted meets the goal, and its
        standard error; None for what nobody counts.
    chance_from
        What it was taken from in each draw, one of `CHANCES_FROM`; None for what nobody counts.
    expected_meets, expected_meets_error
        Share of the draws in which the expected value itself meets the goal, and its error.
    count_low, count_median, count_high
        Quantiles of the number (or share) that would be counted; None for what nobody counts.
    """

    probability: float | None
    error: float | None
    chance_from: str | None
    expected_meets: float
    expected_meets_error: float
    count_low: float | None
    count_median: float | None
    count_high: float | None


def quantile_of_count(at_most: Callable[[int], float], p: float, start: int) -> int:
    """Return the least count that is reached with a probability of at least `p`.

    Parameters
    ----------
    at_most
        The probability of a count of at most so many, rising.
    start
        A count to begin looking at, 0 or more.

    Examples
    --------
    >>> quantile_of_count(lambda k: min(1.0, k / 10), 0.5, 100)
    5
    """
    low, high = -1, max(start, 1)
    while at_most(high) < p:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if at_most(middle) >= p else (middle, high)
    return high


QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)
"""Of a path: its median, and the ends of bands that hold half and 95 % of the draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPoint:
    """What draws say of a count at the target's time of one year.

    Attributes
    ----------
    date
        Its first day.
    expected : (quantile,)
        `QUANTILES` of the expected value.
    counted : (quantile,)
        Those of the number counted, which also holds chance.
    probability, error
        The chance that the number counted meets the goal, and its standard error.
    """

    date: str
    expected: tuple[float, ...]
    counted: tuple[float, ...]
    probability: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """What the draws of a run say.

    Attributes
    ----------
    n_draws, seed
        How many, and the root of their random numbers.
    sequence
        ``random``, or ``sobol`` for draws that are spread evenly.
    loops
        ``plain`` or ``compiled``: which loops moved people in the draws; ``histories`` of the
        individual engine.
    histories
        Of each draw, in the individual engine.
    uncertain
        Names of the parameters that differ between draws.
    figures : mapping of key to Spread
        By what the figure is, its strategy, and the rest of its name: ``("net", "act", "kommune",
        2022, "constant")``.
    chances : mapping of (strategy, target) to Chance
    paths : mapping of (strategy, target) to PathPoint of each year
        Of targets that are counted at a date.
    """

    n_draws: int
    seed: int
    sequence: str
    loops: str
    uncertain: tuple[str, ...]
    figures: Mapping[Key, Spread]
    chances: Mapping[tuple[str, str], Chance]
    paths: Mapping[tuple[str, str], tuple[PathPoint, ...]] = field(default_factory=dict)
    histories: int | None = None

    def columns(
        self, key: Key, name: str, suffix: str = "", decimals: int | None = None
    ) -> dict[str, float | int | None]:
        """Return a figure's columns of a table: median, low, high and the median's error.

        Parameters
        ----------
        name, suffix
            What the columns begin and end with.
        decimals
            0 rounds to whole numbers.
        """
        found = self.figures.get(key)
        cells: dict[str, float | int | None] = {}
        for what in ("median", "low", "high", "median_error"):
            number = None if found is None else getattr(found, what)
            if number is not None and not isfinite(number):
                number = None
            if number is not None and decimals == 0:
                number = round(number)
            cells[f"{name}_{what}{suffix}"] = number
        return cells
