"""What each history says of a target, and how sure the mean of histories is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.engine.individual.each import each_as_draw, not_run
from som_sim.engine.individual.run import Block, Progress, as_happened, as_trajectory
from som_sim.engine.individual.simulate import Window, simulate
from som_sim.engine.individual.state import Counts
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.history_shares import Histories
from som_sim.ledger.history_shares import measure as settle_histories
from som_sim.model.draws import stated_parameters
from som_sim.model.model import Model
from som_sim.model.resolve import Resolver
from som_sim.model.states import cells_where
from som_sim.outcomes.measure import measure, window_of
from som_sim.outcomes.reading import plan_reading
from som_sim.outcomes.uncertainty import Key
from som_sim.scenario.measures import Measured
from som_sim.scenario.payers import RuleUse, rule_in
from som_sim.scenario.schema import ScenarioFile

Array = NDArray[np.float64]
KEPT = ("cost", "value")
"""Kinds of figure of which every history's own is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """What the histories of one strategy say, one by one.

    Attributes
    ----------
    replicates, seed
        How many there are, and what they are made from.
    targets : mapping of target to (replicate,)
        The indicator of each history; not a number where it means nothing, as a share of nobody.
    homeless_days : (replicate,)
    figures : mapping of key to (replicate,)
        What each payer bears, ``("cost", strategy, payer, year)``, in øre at current prices, and
        what is not money, ``("value", strategy, name, year)``.
    """

    replicates: int
    seed: int
    targets: Mapping[str, Array]
    homeless_days: Array
    figures: Mapping[Key, Array] = field(default_factory=dict)


def run_replicates(
    spec: ScenarioFile,
    model: Model,
    replicates: int,
    seed: int,
    progress: Progress | None = None,
    own: Histories | None = None,
) -> tuple[Trajectory, Replicates]:
    """Run the histories of a strategy, and measure each target and all costs in each of them.

    Parameters
    ----------
    own
        The same histories, on which rules that count are settled.

    Returns
    -------
    Their mean, and what each says.
    """
    others = {
        name: target
        for name, target in spec.targets.items()
        if window_of(spec, model, target) is None
    }
    samples = {name: np.full(replicates, np.nan) for name in others}
    homeless = np.zeros(replicates)

    own = Histories(model=model, n=replicates, seed=seed) if own is None else own
    reading = plan_reading(spec, not_run(model), compiled=False, own=own)
    refunds = _refunds(spec, model, own)
    stated = stated_parameters(spec)
    figures: dict[Key, Array] = {}

    def seen(block: Block) -> None:
        n = len(block.replicates)
        some = slice(block.replicates.start, block.replicates.stop)
        resolver = Resolver(values={k: np.repeat(v, n) for k, v in stated.items()}, n_draws=n)
        mine = {
            name: {pair: amount[:, some] for pair, amount in pairs.items()}
            for name, pairs in refunds.items()
        }
        each = each_as_draw(model, block.counts, reading.keep)
        for key, row in reading.of_histories(each, resolver, mine).items():
            if key[0] in KEPT:
                figures.setdefault(key, np.zeros(replicates))[some] = row
        numbers = slice(block.replicates.start, block.replicates.stop)
        whole = as_trajectory(model, block.counts)
        days = whole.person_days[0][..., model.homeless]
        homeless[numbers] = days.reshape(len(block.replicates), -1).sum(axis=1)
        if not others:
            return
        for at, replicate in enumerate(block.replicates):
            one = _alone(model, block.counts, at)
            for name, target in others.items():
                samples[name][replicate] = _measured(spec, one, target)

    mean = simulate(model, replicates, seed, windows(spec, model), progress=progress, seen=seen)
    assert mean.replicated is not None
    for name, target in spec.targets.items():
        window = window_of(spec, model, target)
        if window is not None:
            samples[name] = mean.replicated.persons_in(*window)[0]
    targets = {name: samples[name] for name in spec.targets}
    return mean, Replicates(
        replicates=replicates,
        seed=seed,
        targets=targets,
        homeless_days=homeless,
        figures=MappingProxyType(figures),
    )


def _refunds(
    spec: ScenarioFile, model: Model, own: Histories
) -> dict[str, dict[tuple[str, str], Array]]:
    """Return what each history refunds of prices whose rule counts: (year, replicate), øre."""
    found = {}
    for name, price in spec.prices.items():
        if price.programme and price.programme not in model.axes.programmes:
            continue
        if isinstance(price.payers, RuleUse) and price.payers.measured:
            rule = rule_in(spec, price.payers.rule)
            assert rule is not None
            kroner = settle_histories(spec, price, rule, own).refunds
            found[name] = {pair: amount * 100.0 for pair, amount in kroner.items()}
    return found


def _alone(model: Model, counts: Counts, row: int) -> Trajectory:
    """Return one history as a run of its own."""
    one = Counts(*(column[row : row + 1] for column in counts))
    return as_trajectory(as_happened(model, [one]), one)


def _measured(spec: ScenarioFile, one: Trajectory, measured: Measured) -> float:
    try:
        return measure(spec, one, measured)
    except SomSimError:  # a share of nobody's moves
        return np.nan


def windows(spec: ScenarioFile, model: Model) -> list[Window]:
    """Return every window that the result of a run counts persons in."""
    found = []
    for measured in (*spec.targets.values(), *spec.observations):
        window = window_of(spec, model, measured)
        if window is not None:
            found.append(Window.of(*window))
    calendar = model.calendar
    for target in spec.targets.values():
        if target.indicator.persons_in is not None:
            cells = cells_where(spec, model.axes, target.indicator.persons_in)
            over = target.over.days if target.over else 0.0
            found += [
                Window.of(cells, day, over)
                for day in calendar.boundaries[:-1]
                if (calendar.end - day).days >= over
            ]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a figure varies between histories.

    Attributes
    ----------
    n
        Histories that say anything.
    mean, sd
        Over them.
    error
        Standard error of the mean: what chance of the histories leaves open.
    low, median, high
        The numbers below which 5, 50 and 95 % of the histories are.
    """

    n: int
    mean: float
    sd: float
    error: float
    low: float
    median: float
    high: float


def spread(values: Array) -> Spread:
    """Return how a figure varies between histories.

    Parameters
    ----------
    values : (replicate,)
        Not a number where a history says nothing.

    Examples
    --------
    >>> found = spread(np.array([1.0, 3.0, np.nan]))
    >>> found.n, found.mean, round(found.error, 3)
    (2, 2.0, 1.0)
    """
    known = values[~np.isnan(values)]
    n = len(known)
    sd = float(known.std(ddof=1)) if n > 1 else np.nan
    low, median, high = np.quantile(known, (0.05, 0.5, 0.95)) if n else (np.nan,) * 3
    return Spread(
        n=n,
        mean=float(known.mean()) if n else np.nan,
        sd=sd,
        error=sd / float(np.sqrt(n)) if n else np.nan,
        low=float(low),
        median=float(median),
        high=float(high),
    )
