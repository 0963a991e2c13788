"""Would the model have known? Calibrated on what was known then, scored on what came after.

Each later observation is forecast three ways: by the calibrated model; by 'no change', the last
observation of the same thing; and by 'last trend', the line through the last two. All three are
scored alike: the logarithm of the probability that they gave to what was then seen (higher is
better), and whether it fell into their 95 % interval.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.calibration import Calibration, calibrate
from som_sim.analysis.likelihood import LEAST, Likelihood, likelihood_of
from som_sim.analysis.problem import ends, make_problem
from som_sim.core.errors import SomSimError
from som_sim.core.streams import make_generator
from som_sim.outcomes.uncertainty import HIGH, LOW, MIDDLE
from som_sim.scenario.measures import Observation
from som_sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
N_SIMULATED = 20_000
"""Simulated sightings behind each interval."""
MODEL, NO_CHANGE, LAST_TREND = "model", "no_change", "last_trend"
FORECASTS = (MODEL, NO_CHANGE, LAST_TREND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One way to forecast one observation.

    Attributes
    ----------
    position, way
        Of the observation, and one of `FORECASTS`.
    observed
        What was then seen.
    low, median, high
        95 % of what could have been seen, and its middle.
    covered
        Whether what was seen lies within.
    log_score
        Logarithm of the probability of what was seen.
    """

    position: int
    way: str
    observed: float
    low: float
    median: float
    high: float
    covered: bool
    log_score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a backtest found.

    Attributes
    ----------
    until
        What was known before this day was used.
    calibration
        On that.
    forecasts
        Of every later observation, each way that has something to go by.
    """

    until: dt.date
    calibration: Calibration
    forecasts: tuple[Forecast, ...]

    @property
    def table(self) -> pd.DataFrame:
        """A row a forecast."""
        import pandas as pd

        columns = tuple(Forecast.__slots__)
        return pd.DataFrame(
            [{key: getattr(one, key) for key in columns} for one in self.forecasts],
            columns=list(columns),
        )

    @property
    def scores(self) -> pd.DataFrame:
        """A row a way: how many it forecast, the share covered, the mean log score."""
        table = self.table
        grouped = table.groupby("way", sort=False)
        scores: pd.DataFrame = grouped.agg(
            forecasts=("position", "size"),
            covered=("covered", "mean"),
            log_score=("log_score", "mean"),
        ).reset_index()
        return scores


def backtest(
    scenario: Scenario,
    until: dt.date,
    *,
    strategy: str | None = None,
    parameters: tuple[str, ...] | None = None,
    n_draws: int = 2000,
    n_walkers: int = 128,
    n_steps: int = 300,
    seed: int = 1,
    compiled: bool | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Calibrate on what was known before a day, and score the forecast of what came after.

    Parameters
    ----------
    scenario
        With observations on both sides of the day.
    until
        Observations that were complete by then are used, the others are forecast.
    strategy, parameters, n_draws, n_walkers, n_steps, seed, compiled, progress
        As for `calibrate`.

    Raises
    ------
    SomSimError
        When one of the sides is empty, and as `calibrate`.
    """
    name = strategy or next(iter(scenario.strategies))
    if name not in scenario.strategies:
        raise SomSimError(f"'{name}' is no strategy; there are {', '.join(scenario.strategies)}")
    usable = {
        position: one
        for position, one in enumerate(scenario.strategies[name].observations)
        if likelihood_of(one) is not None
    }
    known = tuple(position for position, one in usable.items() if ends(one) <= until)
    later = tuple(position for position in usable if position not in known)
    if not known or not later:
        side = "before" if not known else "after"
        raise SomSimError(f"no observation that says how sure it is was complete {side} {until}")
    found = calibrate(
        scenario,
        strategy=name,
        parameters=parameters,
        observations=known,
        n_draws=n_draws,
        n_walkers=n_walkers,
        n_steps=n_steps,
        seed=seed,
        compiled=compiled,
        progress=progress,
    )
    ahead = make_problem(scenario, strategy=name, parameters=found.names, positions=later)
    expected = ahead.expected(found.draws.scores)
    forecasts = []
    for one, row in zip(ahead.seen, expected, strict=True):
        before = [
            usable[position] for position in known if _same(usable[position], one.observation)
        ]
        ways = {
            MODEL: row,
            NO_CHANGE: _no_change(before),
            LAST_TREND: _last_trend(before, one.observation),
        }
        for way, mean in ways.items():
            if mean is not None:
                rng = make_generator(seed, "backtest", str(one.position), way)
                forecasts.append(_score(one.position, way, one.likelihood, mean, rng))
    return Backtest(until=until, calibration=found, forecasts=tuple(forecasts))


def _score(
    position: int, way: str, likelihood: Likelihood, mean: Floats, rng: np.random.Generator
) -> Forecast:
    repeated = np.resize(mean, max(N_SIMULATED, len(mean)))
    low, median, high = np.quantile(likelihood.simulate(repeated, rng), (LOW, MIDDLE, HIGH))
    observed = likelihood.observed()
    return Forecast(
        position=position,
        way=way,
        observed=observed,
        low=float(low),
        median=float(median),
        high=float(high),
        covered=bool(low <= observed <= high),
        log_score=float(np.logaddexp.reduce(likelihood.log(mean)) - np.log(len(mean))),
    )


def _same(one: Observation, two: Observation) -> bool:
    """Tell whether two observations are of the same thing at different times."""
    return one.indicator == two.indicator and one.over == two.over


def _middle(observation: Observation) -> float:
    """Return when something was observed, in days: the start of a count, the middle of a window."""
    if observation.at is not None:
        return float(observation.at.start.toordinal())
    assert observation.during is not None
    start, end = observation.during.from_.start, observation.during.to.end
    return (start.toordinal() + end.toordinal()) / 2


def _in_time(before: list[Observation]) -> list[Observation]:
    return sorted(before, key=_middle)


def _no_change(before: list[Observation]) -> Floats | None:
    if not before:
        return None
    return np.array([float(_in_time(before)[-1].value)])


def _last_trend(before: list[Observation], ahead: Observation) -> Floats | None:
    if len(before) < 2:
        return None
    one, two = _in_time(before)[-2:]
    slope = (float(two.value) - float(one.value)) / (_middle(two) - _middle(one))
    value = float(two.value) + slope * (_middle(ahead) - _middle(two))
    return np.array([max(value, LEAST)])
