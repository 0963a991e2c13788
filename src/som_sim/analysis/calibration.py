"""Fit parameters to what was observed: a point, a posterior, and what can and cannot be known.

References
----------
ter Braak and Vrugt 2008, doi:10.1007/s11222-008-9104-9 (the sampler's moves); Vehtari et al. 2021,
doi:10.1214/20-BA1221 (convergence and effective sample size).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.problem import Problem, make_problem
from som_sim.analysis.sampling import Draws, draw_posterior
from som_sim.core.streams import make_generator
from som_sim.core.version import version
from som_sim.engine import fast
from som_sim.outcomes.uncertainty import HIGH, LOW, MIDDLE
from som_sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
QUANTILES = (LOW, MIDDLE, HIGH)
LITTLE = 0.1
"""A parameter whose variance shrinks by less than this is not identified."""
TIED = 0.9
"""Two parameters correlated by more than this are only known together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What a calibration found.

    Attributes
    ----------
    scenario, problem
        What was calibrated, and against what.
    seed, version
        Root of the random numbers, and the version of the package.
    draws
        Draws of the scores, with their diagnostics.
    values : (draw, name), in base units: durations in years, rates per year
    point : (name,)
        The most likely values.
    prior : (quantile, name)
        2.5 %, 50 % and 97.5 % of the priors.
    expected : (observation, draw)
        What the draws expect of each observation.
    predicted : (observation, draw)
        What could have been seen.
    left_out : tuple of int
        Positions of observations that do not say how sure they are.
    """

    scenario: Scenario
    problem: Problem
    seed: int
    version: str
    draws: Draws
    values: Floats
    point: Floats
    prior: Floats
    expected: Floats
    predicted: Floats
    left_out: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters."""
        return self.problem.names

    @property
    def learnt(self) -> Floats:
        """Share of each prior's variance (of its score) that the observations took away."""
        return np.asarray(1 - self.draws.scores.var(axis=0))

    @property
    def parameters(self) -> pd.DataFrame:
        """A row a parameter: prior, posterior, the point fit and how good the draws are."""
        import pandas as pd

        after = np.quantile(self.values, QUANTILES, axis=0)
        return pd.DataFrame(
            {
                "parameter": self.names,
                "point": self.point,
                "prior_low": self.prior[0],
                "prior_median": self.prior[1],
                "prior_high": self.prior[2],
                "low": after[0],
                "median": after[1],
                "high": after[2],
                "learnt": self.learnt,
                "rhat": self.draws.rhat,
                "ess": self.draws.ess,
            }
        )

    @property
    def observations(self) -> pd.DataFrame:
        """A row an observation: what was seen, and what the calibrated model would see.

        `tail` is the share of what could have been seen that lies at least as far to one side as
        what was: near 0, the model cannot explain it.
        """
        import pandas as pd

        rows = []
        for one, expected, seen in zip(
            self.problem.seen, self.expected, self.predicted, strict=True
        ):
            observed = one.likelihood.observed()
            low, median, high = np.quantile(seen, QUANTILES)
            below, above = float(np.mean(seen <= observed)), float(np.mean(seen >= observed))
            label = one.observation.label
            rows.append(
                {
                    "position": one.position,
                    "label": one.observation.indicator.kind if label is None else label.en,
                    "likelihood": one.likelihood.kind,
                    "observed": observed,
                    "expected": float(np.median(expected)),
                    "low": float(low),
                    "median": float(median),
                    "high": float(high),
                    "tail": min(below, above),
                }
            )
        return pd.DataFrame(rows)

    def remarks(self) -> tuple[str, ...]:
        """Return in words what the observations do not tell, and what deserves doubt."""
        found = []
        if not self.draws.converged:
            found.append(
                f"the draws are not good enough to use (R-hat up to {self.draws.rhat.max():.3f}, "
                f"effective size down to {self.draws.ess.min():.0f}); take more steps"
            )
        for name, share in zip(self.names, self.learnt, strict=True):
            if share < LITTLE:
                found.append(
                    f"{name}: the observations say next to nothing of it; what is known stays "
                    "what the prior says"
                )
        correlation = np.atleast_2d(np.corrcoef(self.draws.scores, rowvar=False))
        for one, two in combinations(range(len(self.names)), 2):
            if abs(correlation[one, two]) > TIED:
                way = "rise" if correlation[one, two] > 0 else "fall"
                found.append(
                    f"{self.names[one]} and {self.names[two]}: known only together (correlation "
                    f"{correlation[one, two]:.2f}); where the one rises the other would {way}"
                )
        for _, row in self.observations.iterrows():
            if row["tail"] < LOW:
                found.append(
                    f"observations[{row['position']}] ({row['label']}): {row['observed']:.4g} was "
                    f"seen where the calibrated model would see {row['low']:.4g} to "
                    f"{row['high']:.4g}"
                )
        found += [
            f"observations[{position}] was left out: it does not say how sure it is ('n' or 'sd')"
            for position in self.left_out
        ]
        return tuple(found)


def calibrate(
    scenario: Scenario,
    *,
    strategy: str | None = None,
    parameters: tuple[str, ...] | None = None,
    observations: tuple[int, ...] | None = None,
    n_draws: int = 2000,
    n_walkers: int = 128,
    n_steps: int = 300,
    seed: int = 1,
    compiled: bool | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Fit uncertain parameters to a scenario's observations.

    Parameters
    ----------
    scenario
        Parameters with a `distribution` are fitted; that distribution is their prior.
    strategy
        The course of action under which things were observed; the reference when None.
    parameters
        Which to fit; all uncertain ones when None. The others keep their stated values.
    observations
        Positions of the observations to use; all that say how sure they are when None.
    n_draws
        Draws to keep.
    n_walkers, n_steps
        Of the sampler.
    seed
        Root of the random numbers: same seed, same draws.
    compiled
        Whether to use compiled loops; when None, if the extra ``fast`` is there. They agree with
        the plain ones to rounding, which the sampler's path may turn into other draws.
    progress
        Called with steps done and steps in all.

    Raises
    ------
    SomSimError
        When there is nothing to fit or to fit to, or the extra ``calibration`` is missing.

    Examples
    --------
    >>> import som_sim as som
    >>> found = som.calibrate(som.load("case.yaml"), n_draws=500)  # doctest: +SKIP
    >>> found.parameters, found.remarks()  # doctest: +SKIP
    """
    problem = make_problem(
        scenario,
        strategy=strategy,
        parameters=parameters,
        positions=observations,
        compiled=fast.is_there() if compiled is None else compiled,
    )
    draws = draw_posterior(
        problem,
        n_draws=n_draws,
        n_walkers=n_walkers,
        n_steps=n_steps,
        seed=seed,
        progress=progress,
    )
    from scipy.special import ndtri

    expected = problem.expected(draws.scores)
    rng = make_generator(seed, "calibrate", "predicted")
    used = {one.position for one in problem.seen}
    quantiles = np.tile(np.asarray(ndtri(QUANTILES))[:, None], (1, len(problem.names)))
    return Calibration(
        scenario=scenario,
        problem=problem,
        seed=seed,
        version=version(),
        draws=draws,
        values=_columns(problem, draws.scores),
        point=_columns(problem, draws.point[None, :])[0],
        prior=_columns(problem, quantiles),
        expected=expected,
        predicted=np.stack(
            [
                one.likelihood.simulate(row, rng)
                for one, row in zip(problem.seen, expected, strict=True)
            ]
        ),
        left_out=()
        if observations is not None
        else tuple(
            position for position in range(len(problem.spec.observations)) if position not in used
        ),
    )


def _columns(problem: Problem, scores: Floats) -> Floats:
    """Return the values of the fitted parameters at scores: (draw, name)."""
    values = problem.values(scores)
    return np.stack([values[name] for name in problem.names], axis=1)
