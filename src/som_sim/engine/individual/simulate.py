"""Histories as a run reads them: their mean, and how many persons each had in a window."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.individual.compiled import plain_functions
from som_sim.engine.individual.events import Events, events_of, intervals, persons_within
from som_sim.engine.individual.histories import Runner, empty_counts, run_key
from som_sim.engine.individual.people import TICKS_PER_DAY
from som_sim.engine.individual.run import Block, Progress, run_mean
from som_sim.engine.individual.state import CAME, TURNED_AWAY, Counts
from som_sim.engine.individual.tables import make_tables, simple_edges
from som_sim.engine.trajectory import Trajectory
from som_sim.model.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Persons in some cells at a date, or at some time in a window.

    Attributes
    ----------
    cells : bytes of (stratum, programme, state), bool
    day
        When it opens, at the start of the day.
    over_days
        Its length; 0 for the date itself.
    """

    cells: bytes
    day: dt.date
    over_days: float

    @classmethod
    def of(cls, cells: NDArray[np.bool_], day: dt.date, over_days: float = 0.0) -> Window:
        """Return the window of some cells: (stratum, programme, state), bool."""
        return cls(cells=cells.astype(bool).tobytes(), day=day, over_days=float(over_days))


class Histories:
    """Histories that can be asked again: the same ones come back from the same seed.

    Attributes
    ----------
    replicates, seed
        How many of each draw, and what they are made from.
    first_draw
        Number of the model's first draw, which enters the keys.
    """

    def __init__(
        self, model: Model, replicates: int, seed: int, fast: bool | None, first_draw: int = 0
    ) -> None:
        self.model, self.replicates, self.seed, self.fast = model, replicates, seed, fast
        self.first_draw = first_draw
        self._counted: dict[Window, NDArray[np.float64]] = {}

    @property
    def moves_by_rate(self) -> NDArray[np.bool_]:
        """Edges along which people move at the model's rate and nothing else: (edge,), bool."""
        return simple_edges(self.model)

    def persons_in(
        self, cells: NDArray[np.bool_], day: dt.date, over_days: float = 0.0
    ) -> NDArray[np.float64]:
        """Return how many persons each history had in some cells at some time in a window.

        Histories are run again for a window that was not asked for when they were.

        Returns
        -------
        (draw, replicate)
        """
        window = Window.of(cells, day, over_days)
        if window not in self._counted:
            self.simulate([window])
        return self._counted[window]

    def simulate(
        self,
        windows: Iterable[Window] = (),
        progress: Progress | None = None,
        seen: Callable[[Block], None] | None = None,
    ) -> Trajectory:
        """Run the histories, count them in windows and return their mean."""
        wanted = list(dict.fromkeys(windows))
        counts = np.zeros((len(wanted), self.model.n_draws, self.replicates))
        by_cells: dict[bytes, list[int]] = {}
        for number, window in enumerate(wanted):
            by_cells.setdefault(window.cells, []).append(number)
        spans = [_span(self.model, window) for window in wanted]

        def watch(runner: Runner, draw: int, replicate: int, n: int) -> None:
            events = events_of(runner.log)
            stays = intervals(within_cycles(self.model, events))
            for cells, numbers in by_cells.items():
                inside = np.zeros(self.model.axes.n_places, dtype=bool)
                inside[: self.model.axes.n_cells] = np.frombuffer(cells, dtype=bool)
                found = persons_within(stays, inside, [spans[number] for number in numbers])
                counts[numbers, draw, replicate] = found

        mean = run_mean(
            self.model,
            self.replicates,
            self.seed,
            first_draw=self.first_draw,
            fast=self.fast,
            progress=progress,
            watch=watch if wanted else None,
            seen=seen,
        )
        self._counted.update(zip(wanted, counts, strict=True))
        return replace(mean, replicated=self)


def within_cycles(model: Model, events: Events) -> Events:
    """Return events with the moves of a discrete step just before the end of their cycle.

    They then fall into a window that closes with the cycle, as moves in continuous time do.
    """
    if not model.discrete:
        return events
    moved = events.kind >= 0
    if model.arrivals_join == "end":
        moved |= (events.kind == CAME) | (events.kind == TURNED_AWAY)
    return replace(events, time=events.time - np.where(moved, 0.5 / TICKS_PER_DAY, 0.0))


def _span(model: Model, window: Window) -> tuple[float, float]:
    """Return a window in days from the run's start.

    Raises
    ------
    ValueError
        When it is outside the run, or within a cycle of a discrete step.
    """
    calendar = model.calendar
    first = float((window.day - calendar.start).days)
    last = first + window.over_days
    if not 0 <= first <= last <= (calendar.end - calendar.start).days:
        raise ValueError("the window is not within the run")
    if model.discrete and window.day not in calendar.boundaries:
        raise ValueError("in a discrete step people are counted at the start of a cycle")
    return first, last


def simulate(
    model: Model,
    replicates: int,
    seed: int,
    windows: Iterable[Window] = (),
    *,
    fast: bool | None = None,
    progress: Progress | None = None,
    seen: Callable[[Block], None] | None = None,
) -> Trajectory:
    """Run histories of a model and return their mean, which knows the histories it is of.

    Parameters
    ----------
    windows
        In which persons are to be counted; others can be asked for later, at the price of a run.

    Examples
    --------
    >>> import numpy as np
    >>> import som_sim as som
    >>> from som_sim.model.build import build_model
    >>> spec = som.load("scenarios/first.yaml").strategies["nothing_new"]
    >>> mean = simulate(build_model(spec, "nothing_new"), 4, seed=1)
    >>> homeless = np.array([[[True, False]]])
    >>> mean.replicated.persons_in(homeless, mean.model.calendar.start).tolist()
    [[40.0, 40.0, 40.0, 40.0]]
    """
    return Histories(model, replicates, seed, fast).simulate(windows, progress, seen)


def history_events(model: Model, replicate: int, seed: int, *, draw: int = 0) -> Events:
    """Return every event of one history, person by person.

    Parameters
    ----------
    replicate
        Number of the history, from 0.
    seed
        As in the run that it is a history of.

    Examples
    --------
    >>> import som_sim as som
    >>> from som_sim.model.build import build_model
    >>> spec = som.load("scenarios/first.yaml").strategies["nothing_new"]
    >>> events = history_events(build_model(spec, "nothing_new"), 0, seed=1)
    >>> int(events.person[-1]), float(events.time[0])
    (199, 0.0)
    """
    tables = make_tables(model, draw)
    runner = Runner(tables, plain_functions(), with_log=True)
    counts = Counts(*(column[0] for column in empty_counts(tables, 1)))
    runner.run(run_key(seed, draw, replicate), counts)
    return events_of(runner.log)
