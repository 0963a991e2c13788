"""What a calibration asks: how well a file's observations are met at values of its parameters.

Parameters are looked at through their priors: each stands at a normal score, whose quantile its
prior turns into a value. So the prior of the scores is the same for every parameter, a value never
leaves what its prior allows, and parameters of all sizes are searched alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.likelihood import Likelihood, likelihood_of
from som_sim.core.errors import SomSimError
from som_sim.engine.cohort import run_cohort
from som_sim.engine.fast import can_run, fast_part_of_cycle, run_fast
from som_sim.engine.keep import Keep
from som_sim.engine.windows import part_of_cycle
from som_sim.ledger.sums import Asked, Sum
from som_sim.model.build import build_model
from som_sim.model.draws import DrawError, parameters_at
from som_sim.outcomes.measured import (
    MeasurePlan,
    boundaries_read,
    measure_draws,
    plan_measure,
)
from som_sim.scenario.measures import Observation
from som_sim.scenario.parameters import base_case
from som_sim.scenario.quantities import Month, parse_month
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import ScenarioFile
from som_sim.scenario.uncertainty import fit_parameters, groups_of

Floats = NDArray[np.float64]
FURTHEST = 8.0
"""Scores beyond this many standard deviations are not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An observation that is used.

    Attributes
    ----------
    position
        Of it among the file's observations.
    observation, likelihood
        What was seen, and how likely that is at an expected value.
    plan
        How the expected value is found.
    """

    position: int
    observation: Observation
    likelihood: Likelihood
    plan: MeasurePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One strategy, the parameters that are fitted, and what they are held against.

    Attributes
    ----------
    spec
        The strategy's file, its run cut off after the last observation.
    strategy
        Its name.
    names
        The parameters.
    seen
        The observations.
    keep, sums
        What a run stores, and the sums behind its tallies.
    compiled
        Whether people are moved by the compiled loops, where they can do what the model asks for.
    """

    spec: ScenarioFile
    strategy: str
    names: tuple[str, ...]
    seen: tuple[Seen, ...]
    keep: Keep
    sums: tuple[Sum, ...]
    compiled: bool = False

    def values(self, scores: Floats) -> Mapping[str, Floats]:
        """Return all parameters at scores: (draw, name) to (draw,) each, in base units."""
        from scipy.special import ndtr

        within = np.clip(scores, -FURTHEST, FURTHEST)
        return parameters_at(
            self.spec, {name: np.asarray(ndtr(within[:, at])) for at, name in enumerate(self.names)}
        )

    def expected(self, scores: Floats) -> Floats:
        """Return what is to be expected of each observation: (observation, draw).

        Not a number where a parameter leaves what its place in the model can take.
        """
        found = np.full((len(self.seen), len(scores)), np.nan)
        left = np.arange(len(scores))
        while len(left):
            try:
                found[:, left] = self._expected(scores[left])
            except DrawError as error:
                if error.draw is None:
                    raise
                left = np.delete(left, error.draw)
            else:
                break
        return found

    def _expected(self, scores: Floats) -> Floats:
        model = build_model(self.spec, self.strategy, self.values(scores))
        fast = self.compiled and can_run(model)
        trajectory = run_fast(model, self.keep) if fast else run_cohort(model, keep=self.keep)
        step = fast_part_of_cycle if fast else part_of_cycle
        sums = list(self.sums)
        return np.stack(
            [
                measure_draws(one.plan, str(one.position), sums, trajectory, step)
                for one in self.seen
            ]
        )

    def log_likelihoods(self, scores: Floats) -> Floats:
        """Return the log likelihood of each observation: (observation, draw)."""
        expected = self.expected(scores)
        return np.stack(
            [one.likelihood.log(row) for one, row in zip(self.seen, expected, strict=True)]
        )

    def log_posterior(self, scores: Floats) -> Floats:
        """Return prior times likelihood, as a logarithm up to a constant: (draw,)."""
        prior = -0.5 * (scores**2).sum(axis=1)
        total = prior + self.log_likelihoods(scores).sum(axis=0)
        outside = (np.abs(scores) > FURTHEST).any(axis=1) | ~np.isfinite(total)
        return np.where(outside, -np.inf, total)


def ends(observation: Observation) -> dt.date:
    """Return the day on which an observation is known."""
    if observation.at is None:
        assert observation.during is not None
        return observation.during.to.end
    over = observation.over.days if observation.over else 1.0
    return observation.at.start + dt.timedelta(days=max(over, 1.0))


def make_problem(
    scenario: Scenario,
    *,
    strategy: str | None = None,
    parameters: tuple[str, ...] | None = None,
    positions: tuple[int, ...] | None = None,
    compiled: bool = False,
) -> Problem:
    """Return what a calibration asks.

    Parameters
    ----------
    scenario
        With a prior, a `distribution`, for each parameter that is to be fitted.
    strategy
        The course of action under which things were observed; the reference when None.
    parameters
        The parameters to fit; all uncertain ones when None.
    positions
        The observations to use, by their position; when None, all that say how sure they are.
    compiled
        Whether to use the compiled loops.

    Raises
    ------
    SomSimError
        When a name is none, when nothing is uncertain or nothing was observed.
    """
    name = strategy or next(iter(scenario.strategies))
    if name not in scenario.strategies:
        raise SomSimError(f"'{name}' is no strategy; there are {', '.join(scenario.strategies)}")
    spec = scenario.strategies[name]
    names = _parameters(spec, parameters)
    chosen = [
        (position, one, likelihood)
        for position, one in enumerate(spec.observations)
        if (likelihood := likelihood_of(one)) is not None
        and (positions is None or position in positions)
    ]
    if not chosen:
        raise SomSimError(
            "no observation says how sure it is: a count does, a share with its 'n', anything else "
            "with its 'sd'"
        )
    spec = _cut_off(spec, max(ends(one) for _, one, _ in chosen))
    trajectory = run_cohort(build_model(spec, name))
    asked = Asked()
    seen = tuple(
        Seen(
            position=position,
            observation=one,
            likelihood=likelihood,
            plan=plan_measure(spec, trajectory, one, asked),
        )
        for position, one, likelihood in chosen
    )
    calendar = trajectory.model.calendar
    read = [boundaries_read(one.plan, calendar) for one in seen]
    keep = Keep(
        boundaries=tuple(sorted(set().union(*(days for days, _ in read)))),
        enrolments=tuple(sorted(set().union(*(cycles for _, cycles in read)))),
        person_days=False,
        flows=False,
        tallies=tuple(one.tally for one in asked.sums),
    )
    return Problem(
        spec=spec,
        strategy=name,
        names=names,
        seen=seen,
        keep=keep,
        sums=tuple(asked.sums),
        compiled=compiled,
    )


def _parameters(spec: ScenarioFile, wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the parameters to fit, in the order of the file."""
    fitted, _ = fit_parameters(spec.parameters, base_case(spec.parameters))
    if not fitted:
        raise SomSimError("no parameter has a 'distribution', so there is no prior to begin with")
    for name in wanted or ():
        if name not in fitted:
            known = ", ".join(fitted)
            raise SomSimError(f"'{name}' is no parameter with a distribution; there are {known}")
    chosen = tuple(name for name in fitted if wanted is None or name in wanted)
    together = [set(one.between) for one in spec.correlations]
    together += [set(names) for names in groups_of(spec.parameters).values()]
    for names in together:
        if 0 < len(names & set(chosen)) < len(names):
            raise SomSimError(f"{' and '.join(sorted(names))} go together: fit all of them or none")
    return chosen


def _cut_off(spec: ScenarioFile, end: dt.date) -> ScenarioFile:
    """Return a file whose run ends with the cycle in which the last observation does."""
    calendar = spec.time.calendar
    after = next((day for day in calendar.boundaries[1:] if day >= end), calendar.end)
    last: Month = parse_month(f"{after - dt.timedelta(days=1):%Y-%m}")
    return spec.model_copy(update={"time": spec.time.model_copy(update={"to": last})})
