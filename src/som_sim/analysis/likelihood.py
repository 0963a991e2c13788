"""How likely what was counted is, when so much was to be expected.

A count varies as a Poisson number around its expected value, or, with an `overdispersion`, as a
negative binomial of that many times the variance. A share among `n` is a binomial count. What is no
count is normal around its expected value with the standard deviation that the file states.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.scenario.measures import COUNTS, SHARES, Observation

Floats = NDArray[np.float64]
LEAST = 1e-12
"""An expected value of nothing is held to be this: what was seen is unlikely then, not absurd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """What an observation says.

    Attributes
    ----------
    kind
        ``poisson``, ``negative_binomial``, ``binomial`` or ``normal``.
    value
        The count; the number of those among `n`; or the figure.
    n
        How many a share is among; 0 for the others.
    spread
        Variance over mean of a count, or the standard deviation of a figure; 0 for the others.
    """

    kind: str
    value: float
    n: int = 0
    spread: float = 0.0

    def log(self, expected: Floats) -> Floats:
        """Return the logarithm of the likelihood at expected values: (draw,) to (draw,)."""
        from scipy.special import gammaln, xlog1py, xlogy

        k = self.value
        if self.kind == "binomial":
            p = np.clip(expected, LEAST, 1 - LEAST)
            ways = gammaln(self.n + 1) - gammaln(k + 1) - gammaln(self.n - k + 1)
            return np.asarray(ways + xlogy(k, p) + xlog1py(self.n - k, -p))
        if self.kind == "normal":
            z = (k - expected) / self.spread
            return np.asarray(-0.5 * z**2 - np.log(self.spread) - 0.5 * np.log(2 * np.pi))
        mean = np.maximum(expected, LEAST)
        if self.kind == "poisson":
            return np.asarray(xlogy(k, mean) - mean - gammaln(k + 1))
        size = mean / (self.spread - 1)
        several = gammaln(k + size) - gammaln(size) - gammaln(k + 1)
        return np.asarray(several - size * np.log(self.spread) + k * np.log1p(-1 / self.spread))

    def observed(self) -> float:
        """Return what was seen, on the scale of the expected value."""
        return self.value / self.n if self.n else self.value

    def simulate(self, expected: Floats, rng: np.random.Generator) -> Floats:
        """Return what could be seen at expected values, on their scale: (draw,) to (draw,)."""
        if self.kind == "binomial":
            p = np.clip(expected, 0.0, 1.0)
            return np.asarray(rng.binomial(self.n, p) / self.n)
        if self.kind == "normal":
            return np.asarray(rng.normal(expected, self.spread))
        mean = np.maximum(expected, LEAST)
        if self.kind == "poisson":
            return np.asarray(rng.poisson(mean).astype(np.float64))
        size = mean / (self.spread - 1)
        return np.asarray(rng.negative_binomial(size, 1 / self.spread).astype(np.float64))


def likelihood_of(observation: Observation) -> Likelihood | None:
    """Return what an observation says; None when the file does not say how sure it is.

    Examples
    --------
    A share without the number it is among says nothing of how sure it is.
    """
    kind, value = observation.indicator.kind, float(observation.value)
    if kind in COUNTS:
        if observation.overdispersion is not None:
            spread = float(observation.overdispersion)
            return Likelihood(kind="negative_binomial", value=round(value), spread=spread)
        return Likelihood(kind="poisson", value=round(value))
    if kind in SHARES and observation.n is not None:
        return Likelihood(kind="binomial", value=round(value * observation.n), n=observation.n)
    if observation.sd is not None:
        return Likelihood(kind="normal", value=value, spread=float(observation.sd))
    return None
