"""What a measure can see: how small a true change shows through chance, and after how many years.

A count varies as a Poisson number, a share as a binomial number among its `n`. 'No change' is
rejected when what is seen would come with a probability of at most `LEVEL` if the true value were
still the baseline (one side: the better one). A true change can be seen when 'no change' would be
rejected with a probability of at least `POWER`. The baseline is taken as known. Where it was itself
counted only once, it is unsure too, and what can be seen is larger than said here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from som_sim.core.errors import SomSimError
from som_sim.outcomes.chance import chance_of_goal

LEVEL = 0.05
"""How often 'no change' may be rejected though nothing changed."""
POWER = 0.80
"""How often a true change must be found."""
MOST_YEARS = 100
"""Years after which nobody waits any longer."""
BETTER = ("lower", "higher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a measure can see of a change from a baseline.

    Attributes
    ----------
    baseline, n
        The true value without a change; and for a share the number it is taken among.
    level, power
        What it was asked with.
    rejected_at
        The count, or the number among `n`, from which 'no change' is rejected; None when no number
        is unlikely enough.
    smallest
        The true value nearest to the baseline that would be seen with that power; None when none
        would.
    smallest_change
        Its distance from the baseline: minus is down.
    """

    baseline: float
    n: int | None
    level: float
    power: float
    rejected_at: int | None
    smallest: float | None
    smallest_change: float | None


def sight_of(
    baseline: float,
    better: str,
    n: int | None = None,
    *,
    level: float = LEVEL,
    power: float = POWER,
) -> Sight:
    """Return the smallest true change that a measure can see.

    Parameters
    ----------
    baseline
        The true value without a change: a count, or with `n` a share from 0 to 1.
    better
        ``lower`` or ``higher``: the side on which a change is looked for.
    n
        How many a share is taken among; None for a count.
    level, power
        Between 0 and 1.

    Raises
    ------
    SomSimError
        When a number is outside its range.

    Examples
    --------
    Of 47 personal goals 60 % were kept. At least 35 (74 %) must be, before chance is no likely
    reason, and a true share below 78 % will often not give that many:

    >>> seen = sight_of(0.60, "higher", 47)
    >>> seen.rejected_at, round(seen.smallest, 2)
    (35, 0.78)
    """
    _check(baseline, better, n, level, power)
    at = _rejected_at(baseline, better, n, level)
    smallest = None if at is None else _smallest(at, better, n, power)
    return Sight(
        baseline=baseline,
        n=n,
        level=level,
        power=power,
        rejected_at=at,
        smallest=smallest,
        smallest_change=None if smallest is None else smallest - baseline,
    )


def chance_to_see(
    truth: float, baseline: float, better: str, n: int | None = None, *, level: float = LEVEL
) -> float:
    """Return the chance that 'no change' is rejected when the true value is this.

    Examples
    --------
    A true fall from 86 to the goal of 75 is found by less than one count in three:

    >>> round(chance_to_see(75, 86, "lower"), 2)
    0.31
    """
    _check(baseline, better, n, level, POWER)
    at = _rejected_at(baseline, better, n, level)
    return 0.0 if at is None else _chance(truth, at, better, n)


def years_to_see(
    expected: Sequence[float],
    baseline: float,
    better: str,
    n: int | None = None,
    *,
    level: float = LEVEL,
    power: float = POWER,
) -> int | None:
    """Return after how many yearly measures a change can be seen in all of them together.

    Counts of several years are added, and so are the numbers behind a share, among `n` each year.

    Parameters
    ----------
    expected : (year,)
        The true value of each year; the last one stays in the years after.
    baseline, better, n, level, power
        As for `sight_of`.

    Returns
    -------
    int or None
        None when `MOST_YEARS` are not enough.

    Examples
    --------
    A true fall from 86 to 75 at once, counted every year:

    >>> years_to_see([75.0], 86, "lower")
    5
    """
    _check(baseline, better, n, level, power)
    total = 0.0
    for year in range(1, MOST_YEARS + 1):
        total += float(expected[min(year, len(expected)) - 1])
        if n is None:
            at = _rejected_at(baseline * year, better, None, level)
            chance = 0.0 if at is None else _chance(total, at, better, None)
        else:
            at = _rejected_at(baseline, better, n * year, level)
            chance = 0.0 if at is None else _chance(total / year, at, better, n * year)
        if chance >= power:
            return year
    return None


def _check(baseline: float, better: str, n: int | None, level: float, power: float) -> None:
    if better not in BETTER:
        raise SomSimError(f"better: '{better}' is neither 'lower' nor 'higher'")
    if not (0 < level < 1 and level < power < 1):
        raise SomSimError(
            f"level {level:g} and power {power:g}: both lie between 0 and 1, the power above the "
            "level"
        )
    if n is not None and n < 1:
        raise SomSimError(f"n: {n} is no number to take a share among")
    if not (math.isfinite(baseline) and 0 <= baseline <= (math.inf if n is None else 1)):
        what = "a count" if n is None else "a share from 0 to 1"
        raise SomSimError(f"baseline: {baseline:g} is not {what}")


def _chance(truth: float, at: int, better: str, n: int | None) -> float:
    """Return the chance of a number at least as good as `at`."""
    if n is None:
        return chance_of_goal(max(truth, 0.0), Decimal(at), better)
    from scipy.special import bdtr, bdtrc

    share = min(max(truth, 0.0), 1.0)
    if better == "lower":
        return float(bdtr(at, n, share))
    return float(bdtrc(at - 1, n, share)) if at > 0 else 1.0


def _rejected_at(baseline: float, better: str, n: int | None, level: float) -> int | None:
    """Return the number nearest to the baseline that is as good with at most this probability."""
    whole = baseline if n is None else baseline * n
    if better == "lower":
        low, high = -1, math.ceil(whole)  # the chance rises with the number
        while high - low > 1:
            middle = (low + high) // 2
            if _chance(baseline, middle, better, n) <= level:
                low = middle
            else:
                high = middle
        return low if low >= 0 else None
    low, high = math.floor(whole), math.floor(whole) + 1  # the chance falls with the number
    while _chance(baseline, high, better, n) > level:
        if n is not None and high >= n:
            return None
        low, high = high, 2 * high if n is None else min(2 * high, n)
    while high - low > 1:
        middle = (low + high) // 2
        if _chance(baseline, middle, better, n) <= level:
            high = middle
        else:
            low = middle
    return high if n is None or high <= n else None


def _smallest(at: int, better: str, n: int | None, power: float) -> float:
    """Return the true value at which a number as good as `at` has just this probability."""
    from scipy.special import bdtri, pdtri

    if n is None:
        return float(pdtri(at, power) if better == "lower" else pdtri(at - 1, 1 - power))
    if better == "lower":
        return float(bdtri(at, n, power))
    return float(bdtri(at - 1, n, 1 - power))


def chance_of_later(baseline: float, later: float, n: int) -> float:
    """Return the chance of a share at least as far from the baseline, on its side, by luck alone.

    Published shares are rounded: the number behind is taken as the nearest whole one.

    Examples
    --------
    Of 98 in treatment for drugs 57 % did well, and later 53 %:

    >>> round(chance_of_later(0.57, 0.53, 98), 2)
    0.25
    """
    _check(baseline, "lower", n, LEVEL, POWER)
    better = "lower" if later < baseline else "higher"
    return _chance(baseline, round(later * n), better, n)
