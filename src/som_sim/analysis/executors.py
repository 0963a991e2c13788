"""Who does the work: one after the other, threads, or processes.

An executor gets a piece of work and a list of blocks, and yields what each block gave, in any
order. What a block gives depends on nothing but its number, so the result of a run is the same
whoever did it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError

Floats = NDArray[np.float64]
KINDS = ("serial", "threads", "processes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of draws: its number, its first draw, and how many there are."""

    number: int
    first: int
    n_draws: int


Work = Callable[[Block], Floats]


class AbstractExecutor(Protocol):
    """What does the work of blocks."""

    def run(self, work: Work, blocks: Sequence[Block]) -> Iterator[tuple[Block, Floats]]:
        """Yield each block with what it gave, in any order."""


@dataclass(frozen=True, slots=True)
class Serial:
    """One block after the other."""

    def run(self, work: Work, blocks: Sequence[Block]) -> Iterator[tuple[Block, Floats]]:
        """Yield each block with what it gave, in order."""
        for block in blocks:
            yield block, work(block)


@dataclass(frozen=True, slots=True)
class Threads:
    """Several blocks at a time in this process; compiled loops run side by side."""

    n_workers: int

    def run(self, work: Work, blocks: Sequence[Block]) -> Iterator[tuple[Block, Floats]]:
        """Yield each block with what it gave, as they finish."""
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(self.n_workers) as pool:
            yield from _as_they_finish(pool, work, blocks, 2 * self.n_workers)


@dataclass(frozen=True, slots=True)
class Processes:
    """Several blocks at a time, each in a process of its own; worth it for minutes of work."""

    n_workers: int

    def run(self, work: Work, blocks: Sequence[Block]) -> Iterator[tuple[Block, Floats]]:
        """Yield each block with what it gave, as they finish."""
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        pool = ProcessPoolExecutor(
            self.n_workers, mp_context=get_context("spawn"), initializer=_take, initargs=(work,)
        )
        with pool:
            yield from _as_they_finish(pool, _do, blocks, 2 * self.n_workers)


_mine: list[Work] = []


def _take(work: Work) -> None:
    """Keep the work that this process is to do."""
    _mine[:] = [work]


def _do(block: Block) -> Floats:
    return _mine[0](block)


def _as_they_finish(
    pool: Executor, work: Any, blocks: Sequence[Block], n_ahead: int
) -> Iterator[tuple[Block, Floats]]:
    """Hand out blocks, a few ahead, so that finished ones never pile up."""
    waiting: dict[Future[Floats], Block] = {}
    left = iter(blocks)
    try:
        while True:
            for block in left:
                waiting[pool.submit(work, block)] = block
                if len(waiting) >= n_ahead:
                    break
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for one in done:
                yield waiting.pop(one), one.result()
    finally:
        for one in waiting:
            one.cancel()


def make_executor(kind: str = "threads", n_workers: int | None = None) -> AbstractExecutor:
    """Return an executor by its name.

    Parameters
    ----------
    kind
        One of `KINDS`.
    n_workers
        How many at a time; as many as there are processors, at most 8, when not said.

    Raises
    ------
    SomSimError
        When there is no such executor, or no worker.
    """
    if kind not in KINDS:
        raise SomSimError(f"there is no executor '{kind}'; allowed: {', '.join(KINDS)}")
    if n_workers is not None and n_workers < 1:
        raise SomSimError(f"{n_workers} workers do no work; write 1 or more")
    workers = min(os.cpu_count() or 1, 8) if n_workers is None else n_workers
    if kind == "serial" or workers == 1:
        return Serial()
    return Threads(workers) if kind == "threads" else Processes(workers)
