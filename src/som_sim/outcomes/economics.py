"""What a strategy costs and gains against the reference, payer by payer.

``net = reference - strategy``: positive is a saving. Current prices are sums of postings;
constant and discounted figures are views, rounded once for each payer and year, and totals are
sums of what is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from som_sim.core.money import whole_oere
from som_sim.core.names import PAYERS, PUBLIC
from som_sim.knowledge.rules import DiscountRate, discount_rates
from som_sim.ledger.ledger import Ledger, cost_by_payer_and_year
from som_sim.ledger.price_level import discount_factors, level_ratio
from som_sim.scenario.schema import ScenarioFile

Ints = NDArray[np.int64]
VIEWS = ("current", "constant", "discounted")
GROUPS: Mapping[str, tuple[str, ...]] = {"public": PUBLIC, "society": PAYERS}
"""Perspectives that are sums of payers."""
PERSPECTIVES = (*PAYERS, *GROUPS)
"""Everyone whose result is published: the payers, then the sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostTable:
    """Costs of one strategy by payer and year, in three price views.

    Attributes
    ----------
    strategy
        Name of the strategy.
    years : tuple of int
    amounts : mapping of (view, payer) to (year,), øre
        Payers are those of `PAYERS`, then ``public`` and ``society``.
    """

    strategy: str
    years: tuple[int, ...]
    amounts: Mapping[tuple[str, str], Ints]


def cost_table(spec: ScenarioFile, ledger: Ledger) -> CostTable:
    """Return what each payer bears by year, in current, constant and discounted prices.

    Raises
    ------
    AmountTooLargeError
        When a figure of a year does not fit in 64 bits of øre with room for sums.
    """
    if spec.money is None:
        return price_views(ledger, spec.meta.price_year)
    return price_views(
        ledger,
        spec.meta.price_year,
        index=spec.indices[spec.money.index].values,
        discounted=(rate_of(spec.money.discount_rate), spec.money.base_year),
    )


def price_views(
    ledger: Ledger,
    price_year: int,
    *,
    index: Mapping[int, Decimal] | None = None,
    discounted: tuple[DiscountRate, int] | None = None,
) -> CostTable:
    """Return a ledger by payer and year, in current, constant and discounted prices.

    Parameters
    ----------
    ledger
        The postings.
    price_year
        The year of constant prices.
    index
        What moves the level of prices; without it, constant prices are the current ones.
    discounted
        The rate, and the year that later ones are discounted to; without it, nothing is.
    """
    years = ledger.run_years
    current = cost_by_payer_and_year(ledger)
    amounts = {("current", payer): values for payer, values in current.items()}
    levels = factors = np.ones(len(years))
    if index is not None:
        used = np.any([values != 0 for values in current.values()], axis=0)
        levels = np.array(
            [
                level_ratio(index, price_year, year) if on else 1.0
                for year, on in zip(years, used, strict=True)
            ]
        )
    if discounted is not None:
        rate, base_year = discounted
        factors = discount_factors(rate, years, base_year)
    for payer, values in current.items():
        amounts["constant", payer] = whole_oere(values * levels)
        amounts["discounted", payer] = whole_oere(values * levels * factors)
    for view in VIEWS:
        for group, members in GROUPS.items():
            amounts[view, group] = sum(
                (amounts[view, payer] for payer in members), np.zeros(len(years), dtype=np.int64)
            )
    return CostTable(strategy=ledger.strategy, years=years, amounts=amounts)


def view_factors(spec: ScenarioFile, years: tuple[int, ...]) -> Mapping[str, NDArray[np.float64]]:
    """Return what current prices of each year are multiplied with in each view.

    Returns
    -------
    mapping of view to (year,); 1 in a year that the index lacks, which has no money
    """
    ones = np.ones(len(years))
    if spec.money is None:
        return dict.fromkeys(VIEWS, ones)
    index = spec.indices[spec.money.index].values
    levels = np.array(
        [level_ratio(index, spec.meta.price_year, y) if y in index else 1.0 for y in years]
    )
    factors = discount_factors(rate_of(spec.money.discount_rate), years, spec.money.base_year)
    return {"current": ones, "constant": levels, "discounted": levels * factors}


def rate_of(rate: str | Decimal) -> DiscountRate:
    """Return a discount rate that a file names or states."""
    if isinstance(rate, str):
        return discount_rates()[rate]
    return DiscountRate(name="stated", source="the scenario", steps=((0, float(rate)),))


def net_table(reference: CostTable, strategy: CostTable) -> CostTable:
    """Return what a strategy saves: reference less strategy."""
    return CostTable(
        strategy=strategy.strategy,
        years=strategy.years,
        amounts={key: reference.amounts[key] - strategy.amounts[key] for key in strategy.amounts},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """When a payer has its money back.

    Attributes
    ----------
    first_year
        The first year in which the strategy costs or saves this payer anything; None if never.
    first_cost_year
        The first year in which it costs this payer more than it saves; None if it never does.
    year
        The first year, counted from the first cost, from which the cumulative net stays at 0 or
        above to the end of the run; None if it does not. For a payer without a cost it is
        `first_year`: ahead from the start.
    """

    first_year: int | None
    first_cost_year: int | None
    year: int | None


def break_even(net: Ints, years: tuple[int, ...]) -> BreakEven:
    """Find when the cumulative net comes up to 0 and stays there.

    Parameters
    ----------
    net : (year,), øre
    years : (year,)

    Examples
    --------
    >>> break_even(np.array([0, -5, 3, 3]), (2017, 2018, 2019, 2020))
    BreakEven(first_year=2018, first_cost_year=2018, year=2020)
    >>> break_even(np.array([5, -9]), (2017, 2018)).year is None
    True
    """
    cumulative = np.cumsum(net)
    touched = np.flatnonzero(net)
    if not len(touched):
        return BreakEven(first_year=None, first_cost_year=None, year=None)
    costs = np.flatnonzero(net < 0)
    start = int(costs[0] if len(costs) else touched[0])
    below = np.flatnonzero(cumulative < 0)
    back = max(start, int(below[-1]) + 1 if len(below) else 0)
    return BreakEven(
        first_year=years[int(touched[0])],
        first_cost_year=years[start] if len(costs) else None,
        year=years[back] if back < len(years) else None,
    )
