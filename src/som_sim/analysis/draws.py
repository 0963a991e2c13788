"""A run of many draws: the whole chain for each, in blocks, and what they say together.

All strategies see the same draws of the parameters, so the difference between two strategies holds
only what the strategies do (common random numbers). A draw's figures depend on the scenario, the
seed and the draw's number, and on nothing else: not on the size of the blocks, the executor, or
how often the run was interrupted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.executors import AbstractExecutor, Block, make_executor
from som_sim.analysis.figures import figures_of, paths_of
from som_sim.analysis.store import Folder, Rows, blocks_of
from som_sim.core.errors import SomSimError
from som_sim.core.version import version
from som_sim.engine import fast
from som_sim.model.draws import N_SEQUENCES, SEQUENCES
from som_sim.outcomes.reading import Reading, plan_reading
from som_sim.outcomes.uncertainty import Key, Uncertainty
from som_sim.result import Result
from som_sim.scenario.parameters import base_case
from som_sim.scenario.uncertainty import fit_parameters

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
BLOCK = 512
MOST_DRAWS = 10_000_000
LARGE = 5_000_000
"""Draws x cycles x edges from which compiling pays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawWork:
    """The work of one block: every strategy, with the same draws.

    Attributes
    ----------
    readings
        One a strategy.
    seed, sequence
        How parameters are drawn.
    """

    readings: tuple[Reading, ...]
    seed: int
    sequence: str

    def __call__(self, block: Block) -> Floats:
        """Return the figures of a block: (row, draw)."""
        return np.stack(list(self.rows(block).values()))

    def rows(self, block: Block) -> dict[Key, Floats]:
        """Return the figures of a block by what they are: (draw,) each."""
        rows: dict[Key, Floats] = {}
        for one in self.readings:
            rows.update(one.rows(block.n_draws, self.seed, block.first, self.sequence))
        return rows


def draw_many(
    result: Result,
    n_draws: int,
    seed: int,
    *,
    sequence: str = "random",
    executor: AbstractExecutor | None = None,
    block_size: int = BLOCK,
    resume: str | os.PathLike[str] | None = None,
    compiled: bool | None = None,
    progress: Progress | None = None,
) -> Uncertainty:
    """Run the chain for many draws of the uncertain parameters.

    Parameters
    ----------
    result
        The base case of the scenario.
    n_draws
        How many, 2 or more.
    seed
        Root of the random numbers.
    sequence
        ``random``; or ``sobol``, which spreads the draws evenly.
    executor
        Who does the blocks; threads by default.
    block_size
        Draws in a block. Memory grows with it, and with nothing else.
    resume
        A folder in which finished blocks are kept and found again.
    compiled
        Whether to use compiled loops; when None, if the job is large and the extra ``fast`` is
        there.
    progress
        Called with draws done and draws in all.

    Raises
    ------
    SomSimError
        When a draw gives a number that its place in the model cannot take, or the folder holds
        something else.
    """
    if not 2 <= n_draws <= MOST_DRAWS:
        raise SomSimError(f"draws: {n_draws} is not a number of draws (2 to {MOST_DRAWS})")
    if sequence not in SEQUENCES:
        raise SomSimError(f"there is no sequence '{sequence}'; allowed: {', '.join(SEQUENCES)}")
    uncertain = uncertain_parameters(result)
    if compiled is None:
        compiled = fast.is_there() and _size(result, n_draws) > LARGE
    readings = tuple(
        plan_reading(run.spec, run.trajectory, compiled, with_counts=True)
        for run in result.runs.values()
    )
    work = DrawWork(readings=readings, seed=seed, sequence=sequence)
    first = work.rows(Block(number=0, first=0, n_draws=2))
    keys = tuple(first)
    loops = "compiled" if any(one.compiled for one in readings) else "plain"
    folder = None
    if resume is not None:
        identity = run_identity(result, seed, sequence, loops, keys)
        folder = Folder(Path(resume), identity)
        folder.open()
    with Rows(n_rows=len(keys), n_draws=n_draws) as rows:
        done = 0
        missing = []
        for block in blocks_of(n_draws, block_size):
            found = None if folder is None else folder.read(block, len(keys))
            if found is None:
                missing.append(block)
                continue
            rows.put(block.first, found)
            done += block.n_draws
        if progress is not None:
            progress(done, n_draws)
        for block, figures in (executor or make_executor()).run(work, missing):
            rows.put(block.first, figures)
            if folder is not None:
                folder.write(block, figures)
            done += block.n_draws
            if progress is not None:
                progress(done, n_draws)
        numbers = {key: at for at, key in enumerate(keys)}
        spreads, chances = figures_of(result, numbers, rows.row, n_parts(sequence))
        paths = paths_of(result, numbers, rows.row, n_parts(sequence))
    return Uncertainty(
        n_draws=n_draws,
        seed=seed,
        sequence=sequence,
        loops=loops,
        uncertain=uncertain,
        figures=spreads,
        chances=chances,
        paths=paths,
    )


def n_parts(sequence: str) -> int:
    """Return into how many parts, alike but for luck, the draws of a sequence fall."""
    return N_SEQUENCES if sequence == "sobol" else 1


def uncertain_parameters(result: Result) -> tuple[str, ...]:
    """Return the names of what differs between draws, in any strategy.

    Raises
    ------
    SomSimError
        When nothing does: every draw would be the base case.
    """
    found: dict[str, None] = {}
    for run in result.runs.values():
        parameters = run.spec.parameters
        found |= dict.fromkeys(fit_parameters(parameters, base_case(parameters))[0])
        if run.spec.posterior is not None:
            found |= dict.fromkeys(run.spec.posterior.names)
        for position, row in enumerate(run.spec.transitions):
            if row.counts is not None:
                found[f"transitions[{position}].counts"] = None
    if not found:
        raise SomSimError(
            "no parameter of this scenario is uncertain, so every draw would be the base case; "
            "give parameters a 'distribution' first"
        )
    return tuple(found)


def _size(result: Result, n_draws: int) -> int:
    """Return the work of a run: draws x cycles x edges of the largest strategy."""
    models = [run.trajectory.model for run in result.runs.values()]
    return n_draws * max(len(one.regime) * len(one.generator.source) for one in models)


def run_identity(
    result: Result, seed: int, sequence: str, loops: str, keys: tuple[Key, ...]
) -> dict[str, object]:
    """Return what the figures of a block depend on besides its draws."""
    changed: Mapping[str, object] = result.scenario.overrides
    return {
        "scenario": result.scenario.digest,
        "set": {path: str(value) for path, value in changed.items()},
        "som_sim": version(),
        "numpy": np.__version__,
        "seed": seed,
        "sequence": sequence,
        "loops": loops,
        "figures": len(keys),
    }
