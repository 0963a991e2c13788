"""Draws of histories: what is not known of the parameters kept apart from chance.

Each draw of the parameters is run as some histories. Their mean stands for the draw, but so few
histories leave noise in it, and the means of draws spread more than the parameters make them. With
``D`` draws of ``K`` histories the variance between means holds both (one-way analysis of variance):
``var(means) = parameters + chance / K``. Chance is measured within draws and taken out again. For
quantiles the means are drawn towards their own mean until their variance is what the parameters
alone would give.

References
----------
O'Hagan, Stevenson and Madan 2007, Monte Carlo probabilistic sensitivity analysis for patient level
simulation models: efficient estimation of mean and variance using ANOVA. Health Economics 16.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from som_sim.outcomes.uncertainty import Levels, Spread, spread_in_parts

Floats = NDArray[np.float64]


def levels_of(values: Floats) -> Levels:
    """Return how a figure spreads between draws and within them.

    Parameters
    ----------
    values : (draw, history), two or more of each

    Examples
    --------
    >>> found = levels_of(np.array([[1.0, 3.0], [5.0, 7.0]]))
    >>> round(found.chance**2, 9), round(found.noise**2, 9), round(found.parameters**2, 9)
    (2.0, 1.0, 7.0)
    """
    within = float(values.var(axis=1, ddof=1).mean())
    between = float(values.mean(axis=1).var(ddof=1))
    noise = within / values.shape[1]
    return Levels(
        parameters=float(np.sqrt(max(between - noise, 0.0))),
        noise=float(np.sqrt(noise)),
        chance=float(np.sqrt(within)),
    )


def without_noise(values: Floats) -> Floats:
    """Return the means of draws with the spread that the parameters alone give: (draw,).

    Parameters
    ----------
    values : (draw, history)
    """
    means: Floats = values.mean(axis=1)
    between = float(means.var(ddof=1))
    if not between:
        return means
    centre = means.mean()
    shrunk: Floats = centre + (means - centre) * (levels_of(values).parameters / np.sqrt(between))
    return shrunk


def spread_of_histories(flat: Floats, per_draw: int, n_parts: int = 1) -> Spread:
    """Return the spread of a figure over draws, without the noise of having few histories.

    Its errors are those of the draws' means with their noise.

    Parameters
    ----------
    flat : (draw x history,), the histories of a draw beside each other
    per_draw
        Histories of each draw, 2 or more.
    n_parts
        As for `spread_in_parts`.
    """
    values = np.broadcast_to(flat, (len(flat),)).reshape(-1, per_draw)
    found = spread_in_parts(without_noise(values), n_parts)
    noisy = spread_in_parts(values.mean(axis=1), n_parts)
    return replace(
        found,
        median_error=noisy.median_error,
        low_error=noisy.low_error,
        high_error=noisy.high_error,
        above_zero_error=max(noisy.above_zero_error, found.above_zero_error),
        levels=levels_of(values),
    )
