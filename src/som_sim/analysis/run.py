"""Run a scenario: the base case first, and posted; then, if asked for, many draws."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from som_sim import chain
from som_sim.analysis.draws import BLOCK, draw_many
from som_sim.analysis.executors import make_executor
from som_sim.analysis.histories import BLOCK as HISTORY_BLOCK
from som_sim.analysis.histories import check_histories, draw_histories
from som_sim.result import Result
from som_sim.scenario.scenario import Scenario

SEED = 0
"""When nothing is said."""
HISTORIES = 20
"""Of each draw, when nothing is said."""


def run(
    scenario: Scenario,
    *,
    draws: int | None = None,
    seed: int | None = None,
    sequence: str = "random",
    executor: str = "threads",
    workers: int | None = None,
    block_size: int = BLOCK,
    resume: str | os.PathLike[str] | None = None,
    engine: str = "cohort",
    replicates: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Run every strategy of a scenario.

    Parameters
    ----------
    scenario
        What `load` returned.
    draws
        How many draws of the uncertain parameters to run beside the base case; none when not said.
    seed
        Root of the random numbers, 0 to 2**64 - 1; 0 when not said and there is chance.
    sequence
        ``random``; or ``sobol``, which spreads the draws evenly and so needs fewer of them.
    executor, workers
        Who runs the draws: ``serial``, ``threads`` or ``processes``, and how many at a time. The
        result does not depend on it.
    block_size
        Draws run at a time by each worker. Memory depends on it; the result does not.
    resume
        A folder that keeps finished blocks of draws, so that a run that was stopped goes on there.
    engine
        ``cohort`` for expected numbers; ``individual`` for histories of single persons, whose mean
        is then what is shown and booked.
    replicates
        How many histories of each strategy, with ``engine="individual"`` only; 200 when not said.
        With draws, how many of each draw; 20 when not said, and 200 or more in the base case.
    progress
        Called with what is done and how much there is, first for the base case, then for the draws.

    Returns
    -------
    Result
        Tables, net results, targets and reconciliation; with draws, tables have medians and
        intervals beside the base case.

    Raises
    ------
    SomSimError
        When a rate is too high for the length of a cycle, an amount too large for øre, nothing is
        uncertain, an option goes with the other engine, or a draw gives a number that its place in
        the model cannot take.

    Examples
    --------
    >>> import som_sim as som
    >>> result = som.run(som.load("scenarios/first.yaml"))
    >>> result.ok
    True
    """
    if draws is None:
        return chain.run(
            scenario, engine=engine, replicates=replicates, seed=seed, progress=progress
        )
    workforce = make_executor(executor, workers)
    if engine == "individual":
        root = SEED if seed is None else seed
        each = HISTORIES if replicates is None else replicates
        check_histories(draws, each)
        result = chain.run(
            scenario,
            engine=engine,
            replicates=max(each, chain.REPLICATES),
            seed=root,
            progress=progress,
        )
        spread = draw_histories(
            result,
            draws,
            each,
            root,
            sequence=sequence,
            executor=workforce,
            block_size=min(block_size, HISTORY_BLOCK),
            resume=resume,
            progress=progress,
        )
        return replace(result, uncertainty=spread)
    result = chain.run(scenario, engine=engine, replicates=replicates, progress=progress)
    root = SEED if seed is None else seed
    found = draw_many(
        result,
        draws,
        root,
        sequence=sequence,
        executor=workforce,
        block_size=block_size,
        resume=resume,
        progress=progress,
    )
    return replace(result, seed=root, uncertainty=found)
