"""The chain, once: scenario, model, trajectory, ledger, outcomes."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from som_sim.core.errors import SomSimError
from som_sim.core.version import version
from som_sim.engine.cohort import run_cohort
from som_sim.engine.individual.run import check_replicates
from som_sim.ledger.book import book
from som_sim.ledger.history_shares import Histories
from som_sim.ledger.reconcile import reconcile
from som_sim.model.build import build_model
from som_sim.outcomes.economics import cost_table
from som_sim.outcomes.measure import evaluate_target
from som_sim.outcomes.replicates import Replicates, run_replicates
from som_sim.outcomes.values import value_table
from som_sim.result import Result, StrategyRun
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import ScenarioFile

Progress = Callable[[int, int], None]


ENGINES = ("cohort", "individual")
REPLICATES = 200
"""Histories of the individual engine when nothing is said."""


def run(
    scenario: Scenario,
    *,
    engine: str = "cohort",
    replicates: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Run every strategy of a scenario.

    Parameters
    ----------
    scenario
        What `load` returned.
    engine
        ``cohort`` for expected numbers; ``individual`` for histories of single persons, whose mean
        is then what is shown and booked.
    replicates
        How many histories of each strategy; with ``engine="individual"`` only, 200 by default.
    seed
        Root of the random numbers, 0 to 2**64 - 1; 0 by default where there is chance.
    progress
        Called with steps done and steps in all, over all strategies.

    Returns
    -------
    Result
        Tables, net results, targets and reconciliation.

    Raises
    ------
    SomSimError
        When a rate is too high for the length of a cycle, an amount too large for øre, or an option
        goes with the other engine.

    Examples
    --------
    >>> import som_sim as som
    >>> result = som.run(som.load("scenarios/first.yaml"))
    >>> result.ok
    True
    """
    luck = _luck(engine, replicates, seed)
    n_strategies = len(scenario.strategies)
    runs = {}
    for number, (name, spec) in enumerate(scenario.strategies.items()):

        def report(done: int, all_: int, before: int = number) -> None:
            if progress is not None:
                progress(before * all_ + done, n_strategies * all_)

        runs[name] = run_strategy(spec, name, report, luck)
    return Result(
        scenario=scenario,
        version=version(),
        seed=None if luck is None else luck[1],
        runs=MappingProxyType(runs),
    )


def _luck(engine: str, replicates: int | None, seed: int | None) -> tuple[int, int] | None:
    """Return replicates and seed of a run with histories; None for expected numbers."""
    if engine not in ENGINES:
        raise SomSimError(f"engine '{engine}' is not one of {', '.join(ENGINES)}")
    if engine == "individual":
        n = REPLICATES if replicates is None else replicates
        check_replicates(n)
        return n, 0 if seed is None else seed
    if replicates is not None:
        raise SomSimError("replicates go with engine 'individual'")
    return None


def run_strategy(
    spec: ScenarioFile,
    name: str,
    progress: Progress | None = None,
    luck: tuple[int, int] | None = None,
) -> StrategyRun:
    """Run the chain for one strategy.

    Parameters
    ----------
    luck
        Replicates and seed of the individual engine; None for the cohort engine.

    Raises
    ------
    SomSimError
        Naming the strategy.
    """
    try:
        model = build_model(spec, name)
        histories: Replicates | None = None
        own = None if luck is None else Histories(model=model, n=luck[0], seed=luck[1])
        if luck is None:
            trajectory = run_cohort(model, progress)
        else:
            trajectory, histories = run_replicates(spec, model, *luck, progress, own)
        books = book(spec, trajectory, own)
        return StrategyRun(
            spec=spec,
            trajectory=trajectory,
            books=books,
            checks=reconcile(spec, trajectory, books),
            targets=tuple(
                evaluate_target(
                    spec,
                    trajectory,
                    key,
                    target,
                    None if histories is None else histories.targets[key],
                )
                for key, target in spec.targets.items()
            ),
            costs=cost_table(spec, books.ledger),
            values=value_table(spec, trajectory),
            replicates=histories,
        )
    except SomSimError as error:
        raise SomSimError(f"strategy '{name}': {error}") from error
