"""The individual engine: many histories of one strategy, one person at a time.

`run_individual` returns every history, on the axis of replicates. `run_mean` adds histories up as
it goes, so that memory does not grow with their number, and returns their mean with the labels of
the cohort engine's run, so that ledger and outcomes read it in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.discrete import count_time
from som_sim.engine.individual.histories import (
    Runner,
    blocks,
    choose_functions,
    empty_counts,
    faster,
    run_key,
)
from som_sim.engine.individual.state import Counts
from som_sim.engine.individual.tables import make_tables
from som_sim.engine.trajectory import Trajectory
from som_sim.model.model import Model

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
MOST_BYTES = 2**31
"""More than this much memory for every history is refused."""
MOST_REPLICATES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some histories of one draw.

    Attributes
    ----------
    draw
        Position of the draw in the model.
    replicates
        Numbers of the histories.
    counts
        What they count, with the history as the first axis.
    """

    draw: int
    replicates: range
    counts: Counts


def each_block(
    model: Model,
    replicates: int,
    seed: int,
    *,
    first_draw: int = 0,
    fast: bool | None = None,
    progress: Progress | None = None,
    watch: Callable[[Runner, int, int, int], None] | None = None,
) -> Iterator[Block]:
    """Yield all histories of all draws of a model, block by block.

    Parameters
    ----------
    first_draw
        Number of the model's first draw, which enters the keys.
    fast
        Whether the kernel is compiled; None to decide by the size of the job.
    watch
        Called after each history with the runner that holds its people and events, the draw, the
        replicate, and how many people it has.
    """
    for draw in range(model.n_draws):
        tables = make_tables(model, draw)
        functions = choose_functions(tables, replicates * model.n_draws, fast)
        runner = Runner(tables, functions, with_log=watch is not None)
        for block in blocks(replicates):
            counts = empty_counts(tables, len(block))
            for row, replicate in enumerate(block):
                own = Counts(*(column[row] for column in counts))
                n = runner.run(run_key(seed, first_draw + draw, replicate), own)
                if watch is not None:
                    watch(runner, draw, replicate, n)
                if fast is None and replicate == 0:
                    left = replicates * (model.n_draws - draw) - 1
                    runner = faster(runner, float(own.flows.sum()), left)
            yield Block(draw=draw, replicates=block, counts=counts)
            if progress is not None:
                done = draw * replicates + block.stop
                progress(done, model.n_draws * replicates)


def run_individual(
    model: Model,
    replicates: int,
    seed: int,
    *,
    first_draw: int = 0,
    fast: bool | None = None,
    progress: Progress | None = None,
) -> Trajectory:
    """Run some histories of a model and keep every one.

    Parameters
    ----------
    model
        One strategy.
    replicates
        How many histories of each draw; 1 or more.
    seed
        0 to 2**64 - 1. The same seed gives the same bytes; strategies of a scenario meet the same
        luck with the same seed.
    first_draw
        Number of the model's first draw.
    fast
        Whether the kernel is compiled; None to decide by the size of the job.
    progress
        Called with histories done and histories in all.

    Raises
    ------
    SomSimError
        When there is no history to run, or their counts would not fit into memory.

    Examples
    --------
    >>> import som_sim as som
    >>> from som_sim.model.build import build_model
    >>> spec = som.load("scenarios/first.yaml").strategies["nothing_new"]
    >>> run = run_individual(build_model(spec, "nothing_new"), replicates=3, seed=1)
    >>> run.occupancy.shape, float(run.occupancy[0, 0, 0, 0, 0].sum())
    ((1, 3, 1, 1, 37, 2), 200.0)
    """
    check_replicates(replicates)
    size = sum(column.nbytes for column in empty_counts(make_tables(model), 1))
    if size * replicates * model.n_draws > MOST_BYTES:
        raise SomSimError(
            f"{replicates} replicates of {model.n_draws} draws need "
            f"{size * replicates * model.n_draws / 2**30:.1f} GB; ask for fewer, or for their mean"
        )
    parts: list[list[Trajectory]] = [[] for _ in range(model.n_draws)]
    for block in each_block(
        model, replicates, seed, first_draw=first_draw, fast=fast, progress=progress
    ):
        parts[block.draw].append(as_trajectory(model, block.counts))
    names = [name for name in FIELDS if name != "model"]
    whole: dict[str, Any] = {
        name: np.concatenate(
            [np.concatenate([getattr(part, name) for part in of_draw], axis=1) for of_draw in parts]
        )
        for name in names
    }
    return Trajectory(model=model, **whole)


def run_mean(
    model: Model,
    replicates: int,
    seed: int,
    *,
    first_draw: int = 0,
    fast: bool | None = None,
    progress: Progress | None = None,
    watch: Callable[[Runner, int, int, int], None] | None = None,
    seen: Callable[[Block], None] | None = None,
) -> Trajectory:
    """Run some histories of a model and return their mean, as one replicate of each draw.

    The model of the result has the persons who were there and the arrivals that came, on average.

    Parameters
    ----------
    seen
        Called with each block of histories.
    """
    check_replicates(replicates)
    sums: list[Counts | None] = [None] * model.n_draws
    for block in each_block(
        model, replicates, seed, first_draw=first_draw, fast=fast, progress=progress, watch=watch
    ):
        added = Counts(*(column.sum(axis=0, keepdims=True) for column in block.counts))
        before = sums[block.draw]
        if before is not None:
            added = Counts(*(old + new for old, new in zip(before, added, strict=True)))
        sums[block.draw] = added
        if seen is not None:
            seen(block)
    means = [Counts(*(column / replicates for column in one)) for one in sums if one is not None]
    whole = [as_trajectory(model, one) for one in means]
    names = [name for name in FIELDS if name != "model"]
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(one, name) for one in whole]) for name in names
    }
    return Trajectory(model=as_happened(model, means), **joined)


FIELDS = (
    "model", "occupancy", "left", "person_days", "flows", "enrolments", "waiting", "admitted",
)  # fmt: skip


def check_replicates(replicates: int) -> None:
    """Refuse a number of histories that is none, or that no machine can run."""
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1:
        raise SomSimError(f"replicates {replicates} is not a whole number of 1 or more")
    if replicates > MOST_REPLICATES:
        raise SomSimError(f"replicates {replicates} are too many; at most {MOST_REPLICATES}")


def as_happened(model: Model, means: list[Counts]) -> Model:
    """Return a model with the persons and arrivals that there were, a regime for each cycle."""
    n_cells, years = model.axes.n_cells, np.array(model.calendar.days) / DAYS_PER_YEAR
    initial = np.zeros_like(model.initial)
    arrivals = np.zeros((model.calendar.n_cycles, model.axes.n_places, model.n_draws))
    for draw, mean in enumerate(means):
        initial[:n_cells, draw] = mean.came[0, 0]
        arrivals[:, :n_cells, draw] = mean.came[0, 1:] / years[:, None]
    return replace(
        model,
        initial=initial,
        arrivals_per_year=arrivals,
        even_per_year=None,
        rates=model.rates[list(model.regime)],
        regime=tuple(range(model.calendar.n_cycles)),
    )


def as_trajectory(model: Model, counts: Counts) -> Trajectory:
    """Return the counts of some histories of one draw on public axes, the history as replicate."""
    axes, n = model.axes, len(counts.occupancy)
    shape = axes.cell_shape

    def public(by_cycle: Array) -> Array:
        """Turn (history, cycle, cell) into (draw, replicate, stratum, programme, cycle, state)."""
        split = by_cycle.reshape(n, -1, *shape)
        return np.ascontiguousarray(np.moveaxis(split, 1, 3)[None])

    days = counts.days
    if model.counting is not None:
        opening, closing = (np.moveaxis(one, 0, 2) for one in (counts.opening, counts.closing))
        cycles = count_time(opening, closing, model.counting)
        days = np.moveaxis(cycles, 2, 0) * np.array(model.calendar.days)[:, None]
    wanted = counts.entered + counts.kept_out
    admitted = np.divide(counts.entered, wanted, out=np.ones_like(wanted), where=wanted > 0)
    return Trajectory(
        model=model,
        occupancy=public(counts.occupancy[:, :, : axes.n_cells]),
        left=np.ascontiguousarray(np.moveaxis(counts.occupancy[:, :, axes.n_cells :], 1, 2)[None]),
        person_days=public(days),
        flows=counts.flows[None].copy(),
        enrolments=counts.enrolments.reshape(1, *counts.enrolments.shape[:3], *shape).copy(),
        waiting=counts.waiting[None].copy(),
        admitted=admitted[None],
    )
