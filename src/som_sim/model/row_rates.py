"""The rates of one transition, from each way to write it."""

from __future__ import annotations

import datetime as dt

import numpy as np

from som_sim.core.rates import (
    rate_from_median,
    rate_from_share_over,
    rates_from_mean_stay,
    rates_from_row,
)
from som_sim.core.sums import sum_in_order
from som_sim.model.counted import share_name
from som_sim.model.resolve import Draws, Resolver
from som_sim.scenario.transitions import NOT_BETWEEN, LengthOfStay, StayInState, Transition

ROUNDING = 1e-9
"""Shares may miss 1 by float rounding, not by more."""
SHARES = "the shares add to {}, not to 1; write one of them as 1 less the others"


def row_rates(
    position: int, row: Transition, resolver: Resolver, day: dt.date, discrete: bool
) -> Draws:
    """Return the rates of a row's destinations.

    Parameters
    ----------
    position
        Of the row among the transitions, from 0.
    row
        As the file has it.
    resolver
        Of the draws.
    day
        The day whose step of a schedule and month of a season hold.
    discrete
        Whether people move once a cycle.

    Returns
    -------
    (destination, draw), per year; in a discrete step the probabilities as they stand in the file
    """
    place = f"transitions[{position}]"
    shares = _shares(position, row, resolver)
    season = 1.0 if row.season is None else row.season[day.month - 1]
    if row.stay is not None:
        total = shares.sum(axis=0)
        sound = abs(total - 1) <= ROUNDING
        resolver.check(f"{place}.{row.destinations_key}", sound, SHARES, total)
        mean = mean_stay(row.stay, f"{place}.stay", resolver)
        return season * rates_from_mean_stay(mean, shares)
    if row.rate_per_year is not None:
        return season * resolver.on(row.rate_per_year, day)[None, :]
    assert row.within is not None
    if discrete:
        return season * shares
    total = shares.sum(axis=0)
    resolver.check(place, total < 1, "the probabilities add to {}, not to less than 1", total)
    return season * rates_from_row(shares, row.within.years)


def _shares(position: int, row: Transition, resolver: Resolver) -> Draws:
    """Return each destination's share or probability: (destination, draw); 1 where none is said."""
    shares = []
    for to, given in row.destinations.items():
        drawn = None if row.counts is None else resolver.values.get(share_name(position, to))
        if drawn is None:
            drawn = np.ones(resolver.n_draws) if given is None else resolver.number(given)
        shares.append(drawn)
    return np.stack(shares)


def mean_stay(stay: LengthOfStay, place: str, resolver: Resolver, step_years: float = 0.0) -> Draws:
    """Return the mean of a stay.

    Parameters
    ----------
    stay
        By its mean, its median, or a share of stays over a time.
    place
        Path of the stay, for messages.
    resolver
        Of the draws.
    step_years
        Length of a cycle when people can only leave at its end; 0 in continuous time.

    Returns
    -------
    (draw,), years
        With a rate r of leaving, ``1 / r``; in steps of length s, ``s / (1 - exp(-r s))``, so that
        the median or the share is met at the ends of steps.
    """
    if isinstance(stay, StayInState) and stay.lengths is not None:
        lengths = [resolver.number(one) for one in stay.lengths]
        return sum_in_order(np.stack(lengths)) / len(lengths)
    if stay.mean is not None:
        return resolver.number(stay.mean)
    if stay.median is not None:
        rate = rate_from_median(resolver.number(stay.median))
    else:
        assert stay.share is not None and stay.over is not None
        share = resolver.number(stay.share)
        resolver.check(f"{place}.share", (share > 0) & (share < 1), NOT_BETWEEN, share)
        rate = rate_from_share_over(share, resolver.number(stay.over))
    if not step_years:
        return 1 / rate
    mean: Draws = step_years / -np.expm1(-rate * step_years)
    return mean
