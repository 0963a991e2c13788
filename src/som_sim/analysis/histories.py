"""Draws of the parameters, each run as some histories of single persons.

The keys of all luck are those of the individual engine: seed, draw, replicate, person, decision.
They name no strategy, so the same history of two strategies has the same luck, and no block or
worker, so the result is the same whoever does the work. Every history's figures are kept, a draw's
beside each other, because only so the spread between draws can be told from chance.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from som_sim.analysis.draws import MOST_DRAWS, n_parts, run_identity, uncertain_parameters
from som_sim.analysis.executors import AbstractExecutor, Block, make_executor
from som_sim.analysis.figures import figures_of, paths_of
from som_sim.analysis.store import Folder, Rows, blocks_of
from som_sim.core.errors import SomSimError
from som_sim.engine.individual.compiled import LARGE_JOB
from som_sim.engine.individual.each import each_as_draw
from som_sim.engine.individual.run import Block as SomeHistories
from som_sim.engine.individual.simulate import Histories, Window
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.expected_grants import draw_tranches
from som_sim.ledger.history_shares import Histories as Settled
from som_sim.ledger.sums import sum_groups, value_of
from som_sim.model.build import build_model
from som_sim.model.draws import SEQUENCES, draw_parameters
from som_sim.model.resolve import Resolver
from som_sim.outcomes.measured import MeasurePlan
from som_sim.outcomes.reading import Reading, plan_reading
from som_sim.outcomes.uncertainty import Key, Uncertainty
from som_sim.result import Result

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
BLOCK = 8
"""Draws run at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryWork:
    """The work of one block: every strategy, with the same draws and the same luck.

    Attributes
    ----------
    readings
        One a strategy.
    seed, sequence
        How parameters are drawn and what histories are made from.
    replicates
        Histories of each draw.
    fast
        Whether the kernel is compiled; None to decide by the size of one draw's job.
    """

    readings: tuple[Reading, ...]
    seed: int
    sequence: str
    replicates: int
    fast: bool | None

    def __call__(self, block: Block) -> Floats:
        """Return the figures of a block: (row, draw x history)."""
        return np.stack(list(self.rows(block).values()))

    def rows(self, block: Block) -> dict[Key, Floats]:
        """Return the figures of a block by what they are: (draw x history,) each."""
        rows: dict[Key, Floats] = {}
        for one in self.readings:
            parts = self._strategy(one, block)
            rows.update({key: np.concatenate([part[key] for part in parts]) for key in parts[0]})
        return rows

    def _strategy(self, one: Reading, block: Block) -> list[dict[Key, Floats]]:
        n, first = block.n_draws, block.first
        try:
            drawn = {
                **draw_parameters(one.spec, n, self.seed, first, self.sequence),
                **draw_tranches(one.spec, one.strategy, n, self.seed, first),
            }
            return [
                self._draw(one, {key: row[at : at + 1] for key, row in drawn.items()}, first + at)
                for at in range(n)
            ]
        except SomSimError as error:
            raise SomSimError(f"strategy '{one.strategy}': {error}") from error

    def _draw(self, one: Reading, values: Mapping[str, Floats], draw: int) -> dict[Key, Floats]:
        """Return the figures of the histories of one draw: (history,) each."""
        model = build_model(one.spec, one.strategy, values or {"": np.zeros(1)}, draw)
        plans = plans_of(one)
        counted: dict[Key, list[tuple[Floats, Floats | None]]] = {}
        parts: list[dict[Key, Floats]] = []

        def seen(some: SomeHistories) -> None:
            n = len(some.replicates)
            each = each_as_draw(model, some.counts, one.keep)
            resolver = Resolver(
                values={key: np.repeat(row, n) for key, row in values.items()}, n_draws=n
            )
            parts.append(one.of_histories(each, resolver))
            for key, plan in plans.items():
                if plan.where is None:
                    counted.setdefault(key, []).append(_sums(plan, one, each))

        windows = {
            key: Window.of(plan.where, plan.day, plan.over_days)
            for key, plan in plans.items()
            if plan.where is not None and plan.day is not None
        }
        histories = Histories(model, self.replicates, self.seed, self.fast, draw)
        histories.simulate(windows.values(), seen=seen)
        rows = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
        for key, plan in plans.items():
            if plan.where is not None and plan.day is not None:
                rows[key] = histories.persons_in(plan.where, plan.day, plan.over_days)[0]
            else:
                rows[key] = _of_means(str(key[2]), counted[key], draw)
        return rows


def plans_of(one: Reading) -> dict[Key, MeasurePlan]:
    """Return how targets, and those counted at a date in every year, are found."""
    plans: dict[Key, MeasurePlan] = {
        ("target", one.strategy, name): plan for name, plan in one.targets.items()
    }
    return plans | {("path", one.strategy, *name): plan for name, plan in one.paths.items()}


def _sums(plan: MeasurePlan, one: Reading, each: Trajectory) -> tuple[Floats, Floats | None]:
    """Return what an indicator's sums are in each history: top and bottom, (history,)."""

    def whole(number: int) -> Floats:
        by_group = value_of(number, one.sums[number], each)
        total: Floats = sum_groups(by_group, (0,) * len(by_group), 1)[0]
        return total

    bottom = None if plan.bottom is None else whole(plan.bottom)
    return whole(plan.top) / plan.divide_by, bottom


def _of_means(name: str, parts: list[tuple[Floats, Floats | None]], draw: int) -> Floats:
    """Return an indicator by history: (history,).

    A share is the ratio of two means. Each history then has the number whose mean is that ratio and
    whose variance is the ratio's (the delta method), since a share of nobody's moves is none.
    """
    top = np.concatenate([part[0] for part in parts])
    bottoms = [part[1] for part in parts if part[1] is not None]
    if not bottoms:
        return top
    bottom = np.concatenate(bottoms)
    mean = float(bottom.mean())
    if not mean:
        raise SomSimError(
            f"targets.{name}: nobody moves in any history of draw {draw}, so a share of these "
            "moves means nothing"
        )
    ratio = float(top.mean()) / mean
    found: Floats = ratio + (top - ratio * bottom) / mean
    return found


def draw_histories(
    result: Result,
    n_draws: int,
    replicates: int,
    seed: int,
    *,
    sequence: str = "random",
    executor: AbstractExecutor | None = None,
    block_size: int = BLOCK,
    resume: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Uncertainty:
    """Run many draws of the uncertain parameters, each as some histories.

    Parameters
    ----------
    result
        The base case, of the individual engine.
    n_draws, replicates
        How many draws, and histories of each; 2 or more.
    seed, sequence, executor, block_size, resume, progress
        As for `draw_many`.

    Raises
    ------
    SomSimError
        When there are too few or too many, or as `draw_many` does.
    """
    check_histories(n_draws, replicates)
    if sequence not in SEQUENCES:
        raise SomSimError(f"there is no sequence '{sequence}'; allowed: {', '.join(SEQUENCES)}")
    uncertain = uncertain_parameters(result)
    work = HistoryWork(
        readings=tuple(_reading(result, name, seed) for name in result.runs),
        seed=seed,
        sequence=sequence,
        replicates=replicates,
        fast=_fast(result, n_draws * replicates),
    )
    keys = tuple(work.rows(Block(number=0, first=0, n_draws=1)))
    folder = None
    if resume is not None:
        identity = run_identity(result, seed, sequence, f"histories {replicates}", keys)
        folder = Folder(Path(resume), identity)
        folder.open()
    with Rows(n_rows=len(keys), n_draws=n_draws * replicates) as rows:
        done, missing = 0, []
        for block in blocks_of(n_draws, block_size):
            found = None if folder is None else folder.read(_wide(block, replicates), len(keys))
            if found is None:
                missing.append(block)
                continue
            rows.put(block.first * replicates, found)
            done += block.n_draws
        if progress is not None:
            progress(done, n_draws)
        for block, figures in (executor or make_executor()).run(work, missing):
            rows.put(block.first * replicates, figures)
            if folder is not None:
                folder.write(_wide(block, replicates), figures)
            done += block.n_draws
            if progress is not None:
                progress(done, n_draws)
        numbers = {key: at for at, key in enumerate(keys)}
        parts = n_parts(sequence)
        spreads, chances = figures_of(result, numbers, rows.row, parts, replicates)
        paths = paths_of(result, numbers, rows.row, parts, replicates)
    return Uncertainty(
        n_draws=n_draws,
        seed=seed,
        sequence=sequence,
        loops="histories",
        uncertain=uncertain,
        figures=spreads,
        chances=chances,
        paths=paths,
        histories=replicates,
    )


def check_histories(n_draws: int, replicates: int) -> None:
    """Raise when there are too few draws or histories of each, or too many.

    Raises
    ------
    SomSimError
        Saying which.
    """
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 2:
        raise SomSimError("draws need 2 or more replicates each, to tell chance from parameters")
    if n_draws < 2 or n_draws * replicates > MOST_DRAWS:
        raise SomSimError(
            f"draws: {n_draws} of {replicates} histories is not a number of draws (2 draws to "
            f"{MOST_DRAWS} histories)"
        )


def _reading(result: Result, name: str, seed: int) -> Reading:
    """Return how a strategy is read; shares of rules that count are those of the base case."""
    run = result.runs[name]
    assert run.replicates is not None
    model = build_model(run.spec, name)
    own = Settled(model=model, n=run.replicates.replicates, seed=seed)
    return plan_reading(run.spec, run.trajectory, compiled=False, own=own)


def _fast(result: Result, histories: int) -> bool | None:
    """Return whether the whole job is large enough to compile for; else each draw decides."""
    persons = max(
        float(run.trajectory.occupancy[0, 0].sum()) for run in result.runs.values()
    )  # over all boundaries: persons x cycles of a history
    return True if persons * histories >= LARGE_JOB else None


def _wide(block: Block, replicates: int) -> Block:
    """Return the columns of a block, as a block."""
    return Block(
        number=block.number, first=block.first * replicates, n_draws=block.n_draws * replicates
    )
