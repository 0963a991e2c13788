"""The most likely scores, and draws from what is known of them.

The point fit climbs with BFGS on differences of the log posterior, all of a gradient in one run of
many draws. Draws come from emcee's ensemble of walkers, started around the point fit; the moves of
half the ensemble are one run of many draws. Two ensembles run one after the other, from starts of
their own, so that a disagreement shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.problem import Problem
from som_sim.core.errors import SomSimError
from som_sim.core.streams import make_generator, stream_key

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
STEP = 1e-3
"""Of a difference, in standard deviations of the prior."""
N_ENSEMBLES = 2
BURNT = 1 / 3
"""Share of the steps that are left out, while walkers forget where they started."""
ENOUGH_RHAT, ENOUGH_ESS = 1.05, 200.0
"""Draws are good enough below the one and above the other for every parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Draws from the posterior of the scores, and how good they are.

    Attributes
    ----------
    point : (name,)
        The most likely scores.
    scores : (draw, name)
    rhat, ess : (name,)
        Disagreement between the ensembles and between their earlier and later halves (1 is none),
        and how many independent draws they are worth.
    accepted
        Share of the moves that were.
    """

    point: Floats
    scores: Floats
    rhat: Floats
    ess: Floats
    accepted: float

    @property
    def converged(self) -> bool:
        """Whether the draws are good enough to use."""
        return bool((self.rhat < ENOUGH_RHAT).all() and (self.ess > ENOUGH_ESS).all())


def most_likely(problem: Problem) -> tuple[Floats, Floats]:
    """Return the scores with the highest posterior, and the covariance around them.

    Returns
    -------
    (name,), (name, name)
    """
    from scipy.optimize import minimize

    size = len(problem.names)
    shifts = np.concatenate([np.zeros((1, size)), STEP * np.eye(size), -STEP * np.eye(size)])

    def less(scores: Floats) -> tuple[float, Floats]:
        found = -problem.log_posterior(scores + shifts)
        if not np.isfinite(found).all():  # outside of what the model can take: turn back
            return 1e10, scores
        return float(found[0]), (found[1 : size + 1] - found[size + 1 :]) / (2 * STEP)

    start = np.zeros(size)
    if not np.isfinite(problem.log_posterior(start[None, :])[0]):
        raise SomSimError("at the medians of the priors nothing that was observed can happen")
    found = minimize(less, start, jac=True, method="BFGS", options={"gtol": 1e-3, "maxiter": 200})
    return np.asarray(found.x), np.asarray(found.hess_inv)


def draw_posterior(
    problem: Problem,
    *,
    n_draws: int,
    n_walkers: int,
    n_steps: int,
    seed: int,
    progress: Progress | None = None,
) -> Draws:
    """Draw from the posterior.

    Parameters
    ----------
    n_draws
        How many draws to keep, spread evenly over the steps.
    n_walkers
        In each ensemble; even, and more than twice the number of parameters.
    n_steps
        Of each walker.
    seed
        Root of the random numbers.
    progress
        Called with steps done and steps in all.

    Raises
    ------
    SomSimError
        When the sampler is not installed, or too few walkers or steps are asked for.
    """
    try:
        import emcee  # type: ignore[import-untyped]
        from arviz_stats.base import array_stats  # type: ignore[attr-defined]
    except ImportError:
        raise SomSimError(
            "calibration needs the extra 'calibration': pip install \"som-sim[calibration]\""
        ) from None
    size = len(problem.names)
    if n_walkers % 2 or n_walkers <= 2 * size:
        raise SomSimError(f"{size} parameters need an even number of walkers above {2 * size}")
    burnt = round(n_steps * BURNT)
    if (n_steps - burnt) * n_walkers * N_ENSEMBLES < n_draws or n_steps < 10:
        raise SomSimError(f"{n_steps} steps of {n_walkers} walkers are too few for {n_draws} draws")
    point, covariance = most_likely(problem)
    chains, accepted = [], []
    for ensemble in range(N_ENSEMBLES):
        name = f"ensemble {ensemble}"
        start = _around(point, covariance, n_walkers, make_generator(seed, "calibrate", name))
        sampler = emcee.EnsembleSampler(
            n_walkers,
            size,
            problem.log_posterior,
            vectorize=True,
            moves=[(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)],
        )
        key = stream_key(seed, "calibrate", name, "moves") % 2**32
        state = emcee.State(start, random_state=np.random.RandomState(key).get_state())
        for step, _ in enumerate(sampler.sample(state, iterations=n_steps), start=1):
            if progress is not None:
                progress(ensemble * n_steps + step, N_ENSEMBLES * n_steps)
        chains.append(sampler.get_chain()[burnt:])  # (step, walker, name)
        accepted.append(float(np.mean(sampler.acceptance_fraction)))
    walkers = np.concatenate(chains, axis=1)
    every = walkers.reshape(-1, size)
    kept = np.linspace(0, len(every) - 1, n_draws).round().astype(np.int64)
    chain = np.swapaxes(walkers, 0, 1)  # (walker, step, name)
    halves = np.stack([half.reshape(-1, size) for one in chains for half in _halves(one)])
    return Draws(
        point=point,
        scores=every[kept],
        rhat=_each(array_stats.rhat, halves),
        ess=_each(array_stats.ess, chain),
        accepted=float(np.mean(accepted)),
    )


def _around(point: Floats, covariance: Floats, n_walkers: int, rng: np.random.Generator) -> Floats:
    """Return where walkers start: spread as the posterior near its peak, and no wider than it."""
    size = len(point)
    spread = np.clip(np.sqrt(np.abs(np.diag(covariance))), 1e-3, 1.0)
    start: Floats = np.clip(point + spread * rng.standard_normal((n_walkers, size)), -5.0, 5.0)
    return start


def _halves(chain: Floats) -> tuple[Floats, Floats]:
    """Return the earlier and the later steps of an ensemble: (step, walker, name) each."""
    middle = len(chain) // 2
    return chain[:middle], chain[-middle:]


def _each(measure: Callable[..., object], chain: Floats) -> Floats:
    """Return a diagnostic of every parameter: (chain, draw, name) to (name,)."""
    return np.array(
        [
            float(np.asarray(measure(chain[:, :, at], chain_axis=0, draw_axis=1)))
            for at in range(chain.shape[2])
        ]
    )
