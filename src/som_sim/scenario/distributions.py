"""The families of distributions: what each says of its place, its spread and its quantiles.

A family holds its own two to four numbers and knows nothing of files or units. Means and spreads
are closed forms. Medians and quantiles need numpy, and those of some families ``scipy.special``,
which are imported where they are used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PERT_WEIGHT = 4.0
"""How much the mode counts against each end in a PERT distribution."""


class Distribution(Protocol):
    """What every family can say."""

    @property
    def mean(self) -> float:
        """The mean."""

    @property
    def sd(self) -> float:
        """The standard deviation."""

    @property
    def mode(self) -> float | None:
        """The most likely value; None when there is no single one."""

    @property
    def support(self) -> tuple[float, float]:
        """The least and the greatest value it can have."""

    def quantile(self, p: Array) -> Array:
        """Return the values below which shares `p`, each above 0 and below 1, of it lie."""


def median(distribution: Distribution) -> float:
    """Return the value that half of a distribution lies below."""
    # Said without scipy, which takes longer to load than a file to validate.
    if isinstance(distribution, Normal):
        return distribution.centre
    if isinstance(distribution, Lognormal):
        return math.exp(distribution.log_mean)
    import numpy as np

    return float(distribution.quantile(np.array([0.5]))[0])


@dataclass(frozen=True, slots=True)
class Beta:
    """Beta with parameters `a` and `b`, both above 0: a share."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """The mean."""
        return self.a / (self.a + self.b)

    @property
    def sd(self) -> float:
        """The standard deviation."""
        return math.sqrt(self.mean * (1 - self.mean) / (self.a + self.b + 1))

    @property
    def mode(self) -> float | None:
        """The most likely value; None for a flat or two-ended shape."""
        if self.a <= 1 and self.b <= 1:
            return None
        return max(self.a - 1, 0) / (max(self.a - 1, 0) + max(self.b - 1, 0))

    @property
    def support(self) -> tuple[float, float]:
        """0 to 1."""
        return 0.0, 1.0

    def quantile(self, p: Array) -> Array:
        """Return quantiles: (n,) to (n,)."""
        import numpy as np
        from scipy.special import betaincinv

        return np.asarray(betaincinv(self.a, self.b, p), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Gamma:
    """Gamma with `shape` and `scale`, both above 0: a stay, a rate, a cost."""

    shape: float
    scale: float

    @property
    def mean(self) -> float:
        """The mean."""
        return self.shape * self.scale

    @property
    def sd(self) -> float:
        """The standard deviation."""
        return math.sqrt(self.shape) * self.scale

    @property
    def mode(self) -> float | None:
        """The most likely value."""
        return max(self.shape - 1, 0) * self.scale

    @property
    def support(self) -> tuple[float, float]:
        """0 upwards."""
        return 0.0, math.inf

    def quantile(self, p: Array) -> Array:
        """Return quantiles: (n,) to (n,)."""
        import numpy as np
        from scipy.special import gammaincinv

        return np.asarray(gammaincinv(self.shape, p), dtype=np.float64) * self.scale


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal with `centre` and `sd`."""

    centre: float
    sd: float

    @property
    def mean(self) -> float:
        """The mean."""
        return self.centre

    @property
    def mode(self) -> float | None:
        """The most likely value."""
        return self.centre

    @property
    def support(self) -> tuple[float, float]:
        """Everything."""
        return -math.inf, math.inf

    def quantile(self, p: Array) -> Array:
        """Return quantiles: (n,) to (n,)."""
        import numpy as np
        from scipy.special import ndtri

        return self.centre + self.sd * np.asarray(ndtri(p), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Its logarithm is normal with mean `log_mean` and standard deviation `log_sd`: a ratio."""

    log_mean: float
    log_sd: float

    @property
    def mean(self) -> float:
        """The mean."""
        return math.exp(self.log_mean + self.log_sd**2 / 2)

    @property
    def sd(self) -> float:
        """The standard deviation."""
        return self.mean * math.sqrt(math.expm1(self.log_sd**2))

    @property
    def mode(self) -> float | None:
        """The most likely value."""
        return math.exp(self.log_mean - self.log_sd**2)

    @property
    def support(self) -> tuple[float, float]:
        """0 upwards."""
        return 0.0, math.inf

    def quantile(self, p: Array) -> Array:
        """Return quantiles: (n,) to (n,)."""
        import numpy as np
        from scipy.special import ndtri

        logs = self.log_mean + self.log_sd * np.asarray(ndtri(p), dtype=np.float64)
        return np.asarray(np.exp(logs))


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every value from `low` to `high` alike."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        """The mean."""
        return (self.low + self.high) / 2

    @property
    def sd(self) -> float:
        """The standard deviation."""
        return (self.high - self.low) / math.sqrt(12)

    @property
    def mode(self) -> float | None:
        """None: no value is more likely than another."""
        return None

    @property
    def support(self) -> tuple[float, float]:
        """`low` to `high`."""
        return self.low, self.high

    def quantile(self, p: Array) -> Array:
        """Return quantiles: (n,) to (n,)."""
        return self.low + p * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Triangular:
    """A triangle from `low` over `peak` to `high`."""

    low: float
    peak: float
    high: float

    @property
    def mean(self) -> float:
        """The mean."""
        return (self.low + self.peak + self.high) / 3

    @property
    def sd(self) -> float:
        """The standard deviation."""
        a, b, c = self.low, self.peak, self.high
        return math.sqrt(((b - a) ** 2 + (c - b) ** 2 + (c - a) ** 2) / 36)

    @property
    def mode(self) -> float | None:
        """The peak."""
        return self.peak

    @property
    def support(self) -> tuple[float, float]:
        """`low` to `high`."""
        return self.low, self.high

    def quantile(self, p: Array) -> Array:
        """Return quantiles: (n,) to (n,)."""
        import numpy as np

        width, left = self.high - self.low, self.peak - self.low
        rising = self.low + np.sqrt(p * width * left)
        falling = self.high - np.sqrt((1 - p) * width * (width - left))
        return np.where(p * width < left, rising, falling)


@dataclass(frozen=True, slots=True)
class Pert:
    """A beta stretched from `low` to `high` whose mean is ``(low + 4 peak + high) / 6``."""

    low: float
    peak: float
    high: float

    @property
    def _beta(self) -> Beta:
        width = self.high - self.low
        return Beta(
            1 + PERT_WEIGHT * (self.peak - self.low) / width,
            1 + PERT_WEIGHT * (self.high - self.peak) / width,
        )

    @property
    def mean(self) -> float:
        """The mean."""
        return (self.low + PERT_WEIGHT * self.peak + self.high) / (PERT_WEIGHT + 2)

    @property
    def sd(self) -> float:
        """The standard deviation."""
        return self._beta.sd * (self.high - self.low)

    @property
    def mode(self) -> float | None:
        """The peak."""
        return self.peak

    @property
    def support(self) -> tuple[float, float]:
        """`low` to `high`."""
        return self.low, self.high

    def quantile(self, p: Array) -> Array:
        """Return quantiles: (n,) to (n,)."""
        return self.low + (self.high - self.low) * self._beta.quantile(p)


@dataclass(frozen=True, slots=True)
class Discrete:
    """Some `values`, rising, each with its probability above 0; these add to 1."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean."""
        return math.fsum(x * p for x, p in zip(self.values, self.probabilities, strict=True))

    @property
    def sd(self) -> float:
        """The standard deviation."""
        pairs = zip(self.values, self.probabilities, strict=True)
        return math.sqrt(math.fsum(p * (x - self.mean) ** 2 for x, p in pairs))

    @property
    def mode(self) -> float | None:
        """The most likely value; None when several are."""
        top = max(self.probabilities)
        if self.probabilities.count(top) > 1:
            return None
        return self.values[self.probabilities.index(top)]

    @property
    def support(self) -> tuple[float, float]:
        """The least and the greatest value."""
        return self.values[0], self.values[-1]

    def quantile(self, p: Array) -> Array:
        """Return quantiles: (n,) to (n,); the last step is 1 however the others round."""
        import numpy as np

        steps = np.cumsum(self.probabilities)[:-1]
        return np.array(self.values)[np.searchsorted(steps, p, side="left")]
