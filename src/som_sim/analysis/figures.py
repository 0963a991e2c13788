"""From rows of figures, one number a draw, to what is published: medians, intervals, chances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from som_sim.ledger.price_level import discount_factors
from som_sim.outcomes.chance import HISTORIES, KNOWN, chances_of_goal, chances_of_share
from som_sim.outcomes.economics import GROUPS, PERSPECTIVES, VIEWS, rate_of, view_factors
from som_sim.outcomes.known import Known, chances_of_count, distributions, known_count
from som_sim.outcomes.measure import poisson_name
from som_sim.outcomes.two_levels import spread_of_histories, without_noise
from som_sim.outcomes.uncertainty import (
    HIGH,
    LOW,
    MIDDLE,
    QUANTILES,
    Chance,
    Key,
    PathPoint,
    Spread,
    error_of_mean,
    quantile_of_count,
    spread_in_parts,
)
from som_sim.result import Result
from som_sim.scenario.measures import COUNTS, Target

Floats = NDArray[np.float64]
Row = Callable[[Key], Floats]
SpreadOf = Callable[[Floats], Spread]
MOST_KNOWN = 4000.0
"""Persons counted from which the exact distribution of each draw would take too long."""
DRAWS_AT_A_TIME = 128
TOTAL = "total"
"""In place of a year: the sum over the run."""


def figures_of(
    result: Result,
    keys: Mapping[Key, int],
    row: Callable[[int], Floats],
    n_parts: int = 1,
    per_draw: int = 1,
) -> tuple[Mapping[Key, Spread], Mapping[tuple[str, str], Chance]]:
    """Return every published spread and chance.

    Parameters
    ----------
    result
        The base case.
    keys
        The number of each row by what it is.
    row
        Gives the row of a number: (draw,).
    n_parts
        Into how many independent parts the draws fall, every so-manieth draw in one; where there
        are several, errors are told from how they differ.
    per_draw
        Numbers of each draw beside each other in a row: its histories, in the individual engine.
    """
    spread_of = partial(spread_in_parts, n_parts=n_parts)
    if per_draw > 1:
        spread_of = partial(spread_of_histories, per_draw=per_draw, n_parts=n_parts)
    spreads: dict[Key, Spread] = {}
    chances: dict[tuple[str, str], Chance] = {}

    def get(key: Key) -> Floats:
        return row(keys[key])

    for key in keys:
        if key[0] == "ledger":
            spreads[key] = spread_of(get(key))
    for name, run in result.runs.items():
        for one, target in run.spec.targets.items():
            expected = get(("target", name, one))
            spreads["target", name, one] = spread_of(expected)
            if per_draw > 1:
                chances[name, one] = chance_of_histories(target, expected, n_parts, per_draw)
            else:
                whom = of_whom(keys, row, ("target", name, one), expected)
                chances[name, one] = chance_of(target, expected, n_parts, whom)
            if name != result.reference and one in result.runs[result.reference].spec.targets:
                less = expected - get(("target", result.reference, one))
                spreads["target_difference", name, one] = spread_of(less)
        _add_costs(result, name, get, spreads, spread_of)
        _add_values(result, name, get, spreads, spread_of)
        days = get(("homeless_days", name))
        spreads["homeless_days", name] = spread_of(days)
        avoided = get(("homeless_days", result.reference)) - days
        spreads["homeless_days_avoided", name] = spread_of(avoided)
    return MappingProxyType(spreads), MappingProxyType(chances)


def _add_costs(
    result: Result, name: str, get: Row, spreads: dict[Key, Spread], spread_of: SpreadOf
) -> None:
    """Add what each payer bears and saves, by year, over the run, and so far."""
    spec = result.runs[name].spec
    years = result.runs[name].costs.years
    factors = view_factors(spec, years)
    for who in PERSPECTIVES:
        members = GROUPS.get(who, (who,))
        so_far = {view: np.zeros(1) for view in VIEWS}
        borne = {view: np.zeros(1) for view in VIEWS}
        for at, year in enumerate(years):
            cost, net = np.zeros(1), np.zeros(1)
            for payer in members:
                mine = get(("cost", name, payer, year))
                cost = cost + mine
                net = net + (get(("cost", result.reference, payer, year)) - mine)
            costs, nets = spread_of(cost), spread_of(net)
            for view in VIEWS:
                factor = float(factors[view][at])
                spreads["cost", name, who, year, view] = costs.times(factor)
                spreads["net", name, who, year, view] = nets.times(factor)
                so_far[view] = so_far[view] + net * factor
                borne[view] = borne[view] + cost * factor
                spreads["cumulative", name, who, year, view] = spread_of(so_far[view])
        for view in VIEWS:
            spreads["net", name, who, TOTAL, view] = spreads[
                "cumulative", name, who, years[-1], view
            ]
            spreads["cost", name, who, TOTAL, view] = spread_of(borne[view])


def _add_values(
    result: Result, name: str, get: Row, spreads: dict[Key, Spread], spread_of: SpreadOf
) -> None:
    """Add what is not money: by year, over the run, and against the reference."""
    spec = result.runs[name].spec
    years = result.runs[name].values.years
    for one, value in spec.values.items():
        first = years[0] if spec.money is None else spec.money.base_year
        base_year = first if value.base_year is None else value.base_year
        factors = discount_factors(rate_of(value.discount_rate), years, base_year)
        whole, later = np.zeros(1), np.zeros(1)
        more, more_later = np.zeros(1), np.zeros(1)
        for at, year in enumerate(years):
            amount = get(("value", name, one, year))
            found = spread_of(amount)
            spreads["value", name, one, year, "amount"] = found
            spreads["value", name, one, year, "discounted"] = found.times(float(factors[at]))
            gained = amount - get(("value", result.reference, one, year))
            whole, more = whole + amount, more + gained
            later, more_later = later + amount * factors[at], more_later + gained * factors[at]
        spreads["value", name, one, TOTAL, "amount"] = spread_of(whole)
        spreads["value", name, one, TOTAL, "discounted"] = spread_of(later)
        spreads["value_difference", name, one, TOTAL, "amount"] = spread_of(more)
        spreads["value_difference", name, one, TOTAL, "discounted"] = spread_of(more_later)


def of_whom(
    keys: Mapping[Key, int], row: Callable[[int], Floats], key: Key, expected: Floats
) -> Known | None:
    """Return of whom a count is made up in every draw; None where that is not known.

    Parameters
    ----------
    key
        Of the expected value, which is `expected`: (draw,).
    """
    places = [one[-1] for one in keys if one[0] == "counted" and one[1:-1] == key]
    if not places or expected.max() > MOST_KNOWN:
        return None
    return known_count(
        np.stack([row(keys["there", key[1], place]) for place in places]),
        np.stack([row(keys["counted", *key, place]) for place in places]),
        expected,
    )


def chance_of(
    target: Target, expected: Floats, n_parts: int = 1, whom: Known | None = None
) -> Chance:
    """Return how likely a target is met, over draws and luck together.

    In each draw the number counted has the distribution of people who do not compete; where that is
    not known, it is a Poisson count around the expected value (a share is a binomial count among
    the target's `n`). Over all draws its distribution is the mean of theirs.

    Parameters
    ----------
    expected : (draw,)
    n_parts
        As for `figures_of`.
    whom
        Of whom the count is made up, if that is known.
    """
    goal, n_draws = float(target.goal), len(expected)
    meets = expected <= goal if target.better == "lower" else expected >= goal
    share = float(np.count_nonzero(meets)) / n_draws
    chances: Floats | None = None
    chance_from: str | None = poisson_name(target)
    counts: tuple[float | None, ...] = (None, None, None)
    if whom is not None:
        chances, counts = known_chances(target, whom, (LOW, MIDDLE, HIGH))
        chance_from = KNOWN
    elif target.indicator.kind in COUNTS:
        chances = chances_of_goal(expected, target.goal, target.better)
        counts = counted_quantiles(expected, (LOW, MIDDLE, HIGH))
    elif target.n is not None:
        chances = chances_of_share(expected, target.n, target.goal, target.better)
    return Chance(
        probability=None if chances is None else float(chances.mean()),
        error=None if chances is None else error_of_mean(chances, n_parts),
        chance_from=None if chances is None else chance_from,
        expected_meets=share,
        expected_meets_error=error_of_mean(meets.astype(np.float64), n_parts),
        count_low=counts[0],
        count_median=counts[1],
        count_high=counts[2],
    )


def chance_of_histories(target: Target, flat: Floats, n_parts: int, per_draw: int) -> Chance:
    """Return how likely a target is met, from the histories of all draws.

    Parameters
    ----------
    flat : (draw x history,)
        What each history counted.
    """
    values = flat.reshape(-1, per_draw)
    found = chance_of(target, without_noise(values), n_parts)
    if target.indicator.kind not in COUNTS:
        return found
    met, counted = counts_of_histories(target, values, (LOW, MIDDLE, HIGH))
    return replace(
        found,
        probability=float(met.mean()),
        error=error_of_mean(met, n_parts),
        chance_from=HISTORIES,
        count_low=counted[0],
        count_median=counted[1],
        count_high=counted[2],
    )


def counts_of_histories(
    target: Target, values: Floats, shares: tuple[float, ...]
) -> tuple[Floats, tuple[float, ...]]:
    """Return the share of each draw's histories that meet a goal (draw,), and quantiles of all."""
    goal = float(target.goal)
    met = values <= goal if target.better == "lower" else values >= goal
    counted = np.quantile(values, shares, method="inverted_cdf")
    return met.mean(axis=1), tuple(float(one) for one in counted)


def paths_of(
    result: Result,
    keys: Mapping[Key, int],
    row: Callable[[int], Floats],
    n_parts: int = 1,
    per_draw: int = 1,
) -> Mapping[tuple[str, str], tuple[PathPoint, ...]]:
    """Return what the draws say of each counted target at its time of every year.

    The arguments are those of `figures_of`.
    """
    paths: dict[tuple[str, str], list[PathPoint]] = {}
    for key, number in keys.items():
        if key[0] != "path":
            continue
        strategy, name, date = (str(part) for part in key[1:])
        target = result.runs[strategy].spec.targets[name]
        expected = row(number)
        whom = of_whom(keys, row, key, expected)
        if per_draw > 1:
            values = expected.reshape(-1, per_draw)
            chances, counted = counts_of_histories(target, values, QUANTILES)
            expected = without_noise(values)
        elif whom is None:
            chances = chances_of_goal(expected, target.goal, target.better)
            counted = counted_quantiles(expected, QUANTILES)
        else:
            chances, counted = known_chances(target, whom, QUANTILES)
        point = PathPoint(
            date=date,
            expected=tuple(float(one) for one in np.quantile(expected, QUANTILES)),
            counted=counted,
            probability=float(chances.mean()),
            error=error_of_mean(chances, n_parts),
        )
        paths.setdefault((strategy, name), []).append(point)
    return MappingProxyType({name: tuple(points) for name, points in paths.items()})


def known_chances(
    target: Target, whom: Known, shares: tuple[float, ...]
) -> tuple[Floats, tuple[float, ...]]:
    """Return the chance of a goal in each draw (draw,), and quantiles of the number counted."""
    n_draws = len(whom.others)
    met = np.empty(n_draws)
    total = np.zeros(1)
    for first in range(0, n_draws, DRAWS_AT_A_TIME):
        some = slice(first, first + DRAWS_AT_A_TIME)
        numbers = distributions(
            Known(
                persons=whom.persons[:, some],
                chance=whom.chance[:, some],
                others=whom.others[some],
            )
        )
        met[some] = chances_of_count(numbers, target.goal, target.better)
        added = numbers.sum(axis=0)
        if len(added) > len(total):
            total, added = added, total
        total[: len(added)] += added
    at_most = total.cumsum() / n_draws
    last = len(at_most) - 1

    def reached(count: int) -> float:
        return 1.0 if count >= last else float(at_most[max(count, 0)])

    return met, tuple(float(quantile_of_count(reached, p, 1)) for p in shares)


def counted_quantiles(expected: Floats, shares: tuple[float, ...]) -> tuple[float, ...]:
    """Return quantiles of a Poisson count whose mean is one of the expected values."""
    from scipy.special import pdtr

    means = np.maximum(expected, 0.0)

    def at_most(count: int) -> float:
        return float(pdtr(count, means).mean()) if count >= 0 else 0.0

    start = int(means.max()) + 1
    return tuple(float(quantile_of_count(at_most, p, start)) for p in shares)
