"""The chain, once: scenario, model, trajectory, ledger, outcomes."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from som_sim.core.errors import SomSimError
from som_sim.core.version import version
from som_sim.engine.cohort import run_cohort
from som_sim.ledger.book import book
from som_sim.ledger.reconcile import reconcile
from som_sim.model.build import build_model
from som_sim.outcomes.economics import cost_table
from som_sim.outcomes.measure import evaluate_target
from som_sim.outcomes.values import value_table
from som_sim.result import Result, StrategyRun
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import ScenarioFile

Progress = Callable[[int, int], None]


def run(scenario: Scenario, *, progress: Progress | None = None) -> Result:
    """Run every strategy of a scenario.

    Parameters
    ----------
    scenario
        What `load` returned.
    progress
        Called with cycles done and cycles in all, over all strategies.

    Returns
    -------
    Result
        Tables, net results, targets and reconciliation.

    Raises
    ------
    SomSimError
        When a rate is too high for the length of a cycle, or an amount too large for øre.

    Examples
    --------
    >>> import som_sim as som
    >>> result = som.run(som.load("scenarios/first.yaml"))
    >>> result.ok
    True
    """
    n_strategies = len(scenario.strategies)
    runs = {}
    for number, (name, spec) in enumerate(scenario.strategies.items()):

        def report(done: int, all_: int, before: int = number) -> None:
            if progress is not None:
                progress(before * all_ + done, n_strategies * all_)

        runs[name] = run_strategy(spec, name, report)
    return Result(scenario=scenario, version=version(), seed=None, runs=MappingProxyType(runs))


def run_strategy(spec: ScenarioFile, name: str, progress: Progress | None = None) -> StrategyRun:
    """Run the chain for one strategy.

    Raises
    ------
    SomSimError
        Naming the strategy.
    """
    try:
        trajectory = run_cohort(build_model(spec, name), progress)
        books = book(spec, trajectory)
        return StrategyRun(
            spec=spec,
            trajectory=trajectory,
            books=books,
            checks=reconcile(spec, trajectory, books),
            targets=tuple(
                evaluate_target(spec, trajectory, key, target)
                for key, target in spec.targets.items()
            ),
            costs=cost_table(spec, books.ledger),
            values=value_table(spec, trajectory),
        )
    except SomSimError as error:
        raise SomSimError(f"strategy '{name}': {error}") from error
