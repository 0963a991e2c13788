"""Economics of cash flows, as plain functions.

A cash flow is an array whose last axis is the year: positive is money gained, negative money spent.
Earlier axes, such as draws, pass through. Amounts are in constant prices of one year; `check_flows`
refuses what is not, and whatever else no case may count.

Examples
--------
>>> from som_sim import economics
>>> net = [-100.0, 60.0, 60.0]
>>> round(float(economics.net_present_value(net, 0.04)), 2)
13.17
>>> round(economics.internal_rate_of_return(net), 4)
0.1307
>>> round(economics.payback_time(net), 2)
1.67
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from som_sim.core.errors import SomSimError, suggest
from som_sim.core.names import PAYERS, PUBLIC
from som_sim.core.sums import sum_in_order
from som_sim.knowledge.rules import DiscountRate, discount_rates

Array = NDArray[np.float64]
Rate = float | str | Mapping[int, float] | DiscountRate
"""A number a year, the name of a packaged rate, rates by years since the base year, or a rate."""
PERSPECTIVES: Mapping[str, tuple[str, ...]] = {
    **{payer: (payer,) for payer in PAYERS},
    "citizen": ("borger",),
    "public": PUBLIC,
    "society": PAYERS,
}
"""Whose gains and costs are counted."""
FURTHEST = 1e30
"""Where the search for an internal rate of return ends: each year worth so many times the one
before is a loss of everything."""

SAME_ROOT = 1e-6
"""Roots of a polynomial that are nearer than this are one: a double root is found so exactly."""


class CaseError(SomSimError):
    """A case counts what no case may count.

    Attributes
    ----------
    problems
        One sentence each.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


# Discounting -----------------------------------------------------------------------------------


def rate_of(rate: Rate) -> DiscountRate:
    """Return a discount rate in full.

    Raises
    ------
    SomSimError
        When there is no rate of that name, or a rate is -100 % a year or less.

    Examples
    --------
    >>> rate_of({0: 0.04, 36: 0.03}).rate(40)
    0.03
    """
    if isinstance(rate, DiscountRate):
        return rate
    if isinstance(rate, str):
        if rate not in discount_rates():
            raise SomSimError(f"'{rate}' is no discount rate; {suggest(rate, discount_rates())}")
        return discount_rates()[rate]
    steps = sorted(rate.items()) if isinstance(rate, Mapping) else [(0, rate)]
    if not steps or steps[0][0] != 0 or any(not float(one) > -1 for _, one in steps):
        raise SomSimError("a discount rate is above -1 a year, and its steps begin with year 0")
    plain = tuple((int(first), float(one)) for first, one in steps)
    return DiscountRate(name="stated", source="the caller", steps=plain)


def discount_factors(rate: Rate, years: Sequence[int], base_year: int) -> Array:
    """Return the factor of each year: a running product of yearly factors.

    A year `n` after the base year is divided by ``(1 + r_1) ... (1 + r_n)``, so that stepped rates
    fall smoothly; years before the base year are compounded up at the first rate.

    Parameters
    ----------
    rate
        Rate by years since the base year.
    years : (year,)
    base_year
        The year with factor 1.

    Returns
    -------
    (year,)

    Examples
    --------
    >>> discount_factors(0.25, (2018, 2019, 2020), 2019).tolist()
    [1.25, 1.0, 0.8]
    """
    stepped = rate_of(rate)
    factors = []
    for year in years:
        factor = 1.0
        for since in range(1, year - base_year + 1):
            factor /= 1 + stepped.rate(since)
        for _ in range(base_year - year):
            factor *= 1 + stepped.rate(0)
        factors.append(factor)
    return np.array(factors)


def net_present_value(
    flows: ArrayLike, rate: Rate, years: Sequence[int] | None = None, base_year: int | None = None
) -> Array:
    """Return the sum of discounted cash flows.

    Parameters
    ----------
    flows : (..., year)
    rate
        Real, when the flows are in constant prices.
    years : (year,)
        Calendar years, each once; without them the first flow is in the base year.
    base_year
        The year with factor 1; the first year when not given.

    Returns
    -------
    (...)

    Examples
    --------
    >>> float(net_present_value([-100, 0, 25], 0.25))
    -84.0
    """
    amounts, years = _by_year(flows, years)
    factors = discount_factors(rate, years, years[0] if base_year is None else base_year)
    return sum_in_order(np.moveaxis(amounts * factors, -1, 0))


def _by_year(flows: ArrayLike, years: Sequence[int] | None) -> tuple[Array, tuple[int, ...]]:
    amounts = np.asarray(flows, dtype=np.float64)
    if not amounts.ndim or not amounts.shape[-1]:
        raise SomSimError("a cash flow has one amount a year, and one year at least")
    of = range(amounts.shape[-1]) if years is None else years
    if len(of) != amounts.shape[-1] or list(of) != sorted(set(of)):
        raise SomSimError(f"{amounts.shape[-1]} amounts need as many years, in order, each once")
    return amounts, tuple(int(year) for year in of)


# Measures --------------------------------------------------------------------------------------


def internal_rate_of_return(flows: ArrayLike) -> float | None:
    """Return the rate a year at which the present value is 0; None when there is none.

    Parameters
    ----------
    flows : (year,)
        Of years that follow one another.

    Raises
    ------
    SomSimError
        When there are several, so that no one of them says anything; the message names them.

    Notes
    -----
    By Descartes' rule there is exactly one where the flow changes sign once; with more changes
    every root of the polynomial is looked at.

    Examples
    --------
    >>> round(internal_rate_of_return([-100, 121]), 6)
    0.21
    >>> internal_rate_of_return([5, 5]) is None
    True
    """
    from scipy.optimize import brentq

    amounts, _ = _by_year(flows, None)
    if amounts.ndim != 1:
        raise SomSimError("the internal rate of return is of one cash flow at a time")
    touched = np.flatnonzero(amounts)
    if not touched.size:
        return None
    if not np.isfinite(amounts).all():
        raise SomSimError("the cash flow has an amount that is no finite number")
    amounts = amounts[touched[0] : touched[-1] + 1]
    changes = int((np.diff(np.sign(amounts[amounts != 0])) != 0).sum())
    if not changes:
        return None

    def value(factor: float) -> float:
        """Return the present value when each year counts for `factor` of the one before."""
        return float(np.polynomial.polynomial.polyval(factor, amounts))

    amounts = amounts / np.abs(amounts).max()
    if changes == 1:
        highest = 1.0
        while value(highest) * amounts[0] > 0 and highest < FURTHEST:
            highest *= 2
        factors = [brentq(value, 0.0, highest, xtol=1e-30, rtol=1e-14, maxiter=1000)]
    else:
        roots = np.polynomial.polynomial.polyroots(amounts)
        factors = _distinct(roots[(np.abs(roots.imag) < SAME_ROOT) & (roots.real > 0)].real)
    rates = [1 / factor - 1 for factor in factors]
    if len(rates) > 1:
        listed = ", ".join(f"{100 * one:.4g} %" for one in sorted(rates))
        raise SomSimError(f"the cash flow has several internal rates of return: {listed}")
    return float(rates[0]) if rates else None


def _distinct(roots: Array) -> list[float]:
    """Return each root once, rising: where a flow only touches 0 two are found side by side."""
    found: list[list[float]] = []
    for one in np.sort(roots).tolist():
        if found and one - found[-1][-1] < SAME_ROOT * one:
            found[-1].append(one)
        else:
            found.append([one])
    return [sum(group) / len(group) for group in found]


def benefit_cost_ratio(
    benefits: ArrayLike,
    costs: ArrayLike,
    rate: Rate,
    years: Sequence[int] | None = None,
    base_year: int | None = None,
) -> Array:
    """Return discounted benefits over discounted costs; not a number where nothing is spent.

    Parameters
    ----------
    benefits, costs : (..., year)
        Both positive.

    Returns
    -------
    (...)

    Examples
    --------
    >>> float(benefit_cost_ratio([0, 121], [100, 0], 0.1))
    1.1
    """
    gained = net_present_value(benefits, rate, years, base_year)
    spent = net_present_value(costs, rate, years, base_year)
    return per_unit(gained, spent)


def break_even_factor(
    benefits: ArrayLike,
    costs: ArrayLike,
    rate: Rate,
    years: Sequence[int] | None = None,
    base_year: int | None = None,
) -> Array:
    """Return what the benefits may be multiplied with before the case just breaks even.

    0.8 says that the case still holds when a fifth of the benefits fails to come; where benefits
    are in proportion to the success rate, the rate needed is this times the rate assumed.

    Parameters
    ----------
    benefits, costs : (..., year)
        Both positive.

    Examples
    --------
    >>> float(break_even_factor([125], [100], 0))
    0.8
    """
    return benefit_cost_ratio(costs, benefits, rate, years, base_year)


def payback_year(
    net: ArrayLike, years: Sequence[int], rate: Rate = 0.0, base_year: int | None = None
) -> int | None:
    """Return the first year from which the running sum stays at 0 or above; None if it never does.

    Counted from the first year with a net cost. With a rate the sum is of discounted amounts.

    Parameters
    ----------
    net : (year,)
    years : (year,)

    Examples
    --------
    >>> payback_year([-5, 3, 3], (2018, 2019, 2020))
    2020
    """
    amounts, years = _by_year(net, years)
    base = years[0] if base_year is None else base_year
    found = _payback(amounts * discount_factors(rate, years, base))
    return None if found is None else years[found]


def _payback(net: Array) -> int | None:
    if net.ndim != 1:
        raise SomSimError("pay-back is of one cash flow at a time")
    costs, cumulative = np.flatnonzero(net < 0), np.cumsum(net)
    touched = np.flatnonzero(net)
    if not touched.size:
        return None
    start = int(costs[0] if costs.size else touched[0])
    below = np.flatnonzero(cumulative < 0)
    back = max(start, int(below[-1]) + 1 if below.size else 0)
    return back if back < len(net) else None


def payback_time(net: ArrayLike, rate: Rate = 0.0) -> float | None:
    """Return the years after the first year with a cost until the money is back.

    The textbook's measure: amounts fall at the ends of years, and within the year in which the
    running sum comes up to 0 its net is taken to come evenly.

    Parameters
    ----------
    net : (year,)
        Of years that follow one another.

    Examples
    --------
    >>> payback_time([-100, 50, 100])
    1.5
    >>> payback_time([-100, 50]) is None
    True
    """
    amounts, years = _by_year(net, None)
    amounts = amounts * discount_factors(rate, years, 0)
    back = _payback(amounts)
    if back is None:
        return None
    costs = np.flatnonzero(amounts < 0)
    if not costs.size:
        return 0.0
    before = float(np.cumsum(amounts)[back - 1]) if back else 0.0
    if before >= 0:  # never behind: a saving came before the cost
        return 0.0
    return back - 1 - int(costs[0]) - before / float(amounts[back])


def per_unit(amount: ArrayLike, units: ArrayLike) -> Array:
    """Return an amount for each participant or day avoided; not a number where there is none.

    Examples
    --------
    >>> per_unit([600.0, 5.0], [4.0, 0.0]).tolist()
    [150.0, nan]
    """
    total, of = np.broadcast_arrays(
        np.asarray(amount, dtype=np.float64), np.asarray(units, dtype=np.float64)
    )
    each: Array = np.divide(total, of, out=np.full(np.shape(total), np.nan), where=of != 0)
    return each


# What no case may count ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One line of a case.

    Attributes
    ----------
    name
        What it is; the lines of one transfer have one name.
    payer
        One of `PAYERS`: who gains (positive) or spends (negative).
    amounts : (..., year)
    price_year
        The year whose prices it is in.
    transfer
        Whether the money only changes hands.
    saves
        The service that costs less, when it is a saving.
    """

    name: str
    payer: str
    amounts: Any
    price_year: int
    transfer: bool = False
    saves: str | None = None


def check_flows(flows: Sequence[Flow], perspective: str) -> None:
    """Refuse a case that counts what no case may count.

    That is a transfer counted as a gain (its lines do not add to 0 over those who are counted), a
    saving counted twice, or amounts in prices of different years.

    Raises
    ------
    CaseError
        With every problem.

    Examples
    --------
    >>> benefit = Flow(name="aid", payer="stat", amounts=[9.0], price_year=2020, transfer=True)
    >>> check_flows([benefit], "society")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    som_sim.economics.CaseError: 'aid' is a transfer: society gains nothing by it, but counts 9; ...
    >>> check_flows([benefit], "stat")
    """
    problems = [*_unknown(flows, perspective), *_mixed_years(flows), *_counted_twice(flows)]
    if perspective in PERSPECTIVES:
        problems += _gained_by_transfer(flows, perspective)
    if problems:
        raise CaseError(problems)


def total_of(flows: Sequence[Flow], perspective: str) -> Array:
    """Return what a perspective gains by year, of a case that `check_flows` finds sound.

    Returns
    -------
    (..., year)

    Raises
    ------
    CaseError
        With every problem.
    """
    check_flows(flows, perspective)
    counted = [one for one in flows if one.payer in PERSPECTIVES[perspective]]
    if not counted:
        raise CaseError([f"no line of the case is about {perspective}"])
    total: Array = sum_in_order(np.stack(np.broadcast_arrays(*(_amounts(one) for one in counted))))
    return total


def _amounts(flow: Flow) -> Array:
    return np.asarray(flow.amounts, dtype=np.float64)


def _unknown(flows: Sequence[Flow], perspective: str) -> Iterator[str]:
    if perspective not in PERSPECTIVES:
        yield f"'{perspective}' is no perspective; {suggest(perspective, PERSPECTIVES)}"
    for one in flows:
        if one.payer not in PAYERS:
            yield f"'{one.name}': '{one.payer}' is no payer; {suggest(one.payer, PAYERS)}"


def _mixed_years(flows: Sequence[Flow]) -> Iterator[str]:
    years: dict[int, str] = {}
    for one in flows:
        years.setdefault(one.price_year, one.name)
    if len(years) > 1:
        listed = ", ".join(f"{year} ('{name}')" for year, name in sorted(years.items()))
        yield f"amounts are in prices of different years: {listed}; move them to one year first"


def _counted_twice(flows: Sequence[Flow]) -> Iterator[str]:
    for one, other in combinations([one for one in flows if one.saves], 2):
        if (one.saves, one.payer) == (other.saves, other.payer):
            yield (
                f"'{one.name}' and '{other.name}' both save '{one.saves}' for {one.payer}: the "
                "saving would be counted twice"
            )


def _gained_by_transfer(flows: Sequence[Flow], perspective: str) -> Iterator[str]:
    """Yield transfers that do not cancel among those who are counted, for sums over payers only."""
    everybody = set(PERSPECTIVES[perspective]) == set(PAYERS)
    for name in dict.fromkeys(one.name for one in flows if one.transfer):
        lines = [_amounts(one) for one in flows if one.transfer and one.name == name]
        total = sum_in_order(np.stack(np.broadcast_arrays(*lines)))
        slack = 1e-9 * max(float(np.abs(one).max(initial=0)) for one in lines)
        if everybody and bool(np.any(np.abs(total) > slack)):
            yield (
                f"'{name}' is a transfer: society gains nothing by it, but counts "
                f"{float(total.sum()):.6g}; write the line of who gives or receives it too"
            )
