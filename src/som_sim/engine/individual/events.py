"""The events of one history, put in order: who was where, from when to when.

`intervals` is the one function that everything about single persons is made from: counts in a
window, lengths of stays, days in a personal year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.individual.state import CAME, ENROLLED, QUEUED, THERE, TURNED_AWAY, Log

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """What happened in one history, person by person and in the order of time.

    Attributes
    ----------
    person : (event,), int
        Number of the person: those there at the start first, then those who came, in time.
    time : (event,), days from the run's start
    place : (event,), int
        The cell or way to leave in which the person is after it.
    kind : (event,), int
        The number of the edge along which they moved, or a kind of `state`.
    waited : (event,), days
        How long they had waited for it; not a number where nobody waits.
    """

    person: Ints
    time: Floats
    place: Ints
    kind: Ints
    waited: Floats

    @property
    def changes(self) -> NDArray[np.bool_]:
        """Tell which events put a person into another place, or begin their history: (event,)."""
        return changes_place(self.kind)


def changes_place(kind: Ints) -> NDArray[np.bool_]:
    """Tell which kinds of event put a person into a place: (event,)."""
    starts = (kind == THERE) | (kind == CAME) | (kind == TURNED_AWAY)
    changing: NDArray[np.bool_] = (kind >= 0) | starts | ((kind <= ENROLLED) & (kind > QUEUED))
    return changing


def events_of(log: Log) -> Events:
    """Return the events of a log that is full, sorted by person."""
    n = int(log.n[0])
    order = np.argsort(log.person[:n], kind="stable")
    return Events(
        person=log.person[:n][order],
        time=log.time[:n][order],
        place=log.place[:n][order],
        kind=log.kind[:n][order],
        waited=log.waited[:n][order],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """Who was where: the persons one after the other, each in the order of time.

    Attributes
    ----------
    person : (interval,), int
    place : (interval,), int
    start, end : (interval,), days from the run's start
        The last of a person ends at infinity.
    """

    person: Ints
    place: Ints
    start: Floats
    end: Floats


def intervals(events: Events) -> Intervals:
    """Return where everybody of a history was, and when.

    Examples
    --------
    >>> events = Events(
    ...     person=np.array([0, 0, 1]),
    ...     time=np.array([0.0, 12.5, 0.0]),
    ...     place=np.array([0, 1, 1]),
    ...     kind=np.array([-1, 3, -1]),
    ...     waited=np.full(3, np.nan),
    ... )
    >>> found = intervals(events)
    >>> found.start, found.end
    (array([ 0. , 12.5,  0. ]), array([12.5,  inf,  inf]))
    """
    kept = events.changes
    person, start = events.person[kept], events.time[kept]
    end = np.full(len(start), np.inf)
    same = person[1:] == person[:-1]
    end[:-1][same] = start[1:][same]
    return Intervals(person=person, place=events.place[kept], start=start, end=end)


def persons_within(
    stays: Intervals, inside: NDArray[np.bool_], windows: list[tuple[float, float]]
) -> Ints:
    """Return how many different persons were in some places at some time in each window.

    Parameters
    ----------
    inside : (place,), bool
    windows
        From when up to, not including, when; a moment has both the same.

    Returns
    -------
    (window,)
    """
    here = inside[stays.place]
    person, start, end = stays.person[here], stays.start[here], stays.end[here]
    counts = np.zeros(len(windows), dtype=np.int64)
    for number, (first, last) in enumerate(windows):
        seen = person[(end > first) & ((start < last) | (start <= first))]
        counts[number] = len(seen) and 1 + np.count_nonzero(seen[1:] != seen[:-1])
    return counts


def days_in_running_year(
    stays: Intervals, inside: NDArray[np.bool_], days: float, year: float = 365.25
) -> Intervals:
    """Return when each person had been in some places for so many days of their running year.

    A personal year begins when a person is there for the first time, or for the first time after
    their last year has ended. Days of several stays add up within it. What is returned is the time
    spent there after the limit: the part of each stay that a rule for long stays is about.

    Parameters
    ----------
    inside : (place,), bool
    days
        The limit, such as 120.
    year
        Length of the personal year in days.

    Returns
    -------
    Intervals
        In the order of persons and time; a year that ends within a stay begins anew at once.

    Raises
    ------
    ValueError
        When a stay has no end: cut them off with `until` first.
    """
    if np.isinf(stays.end).any():
        raise ValueError("stays must end; cut them off at the end of the run with `until`")
    found: list[tuple[int, int, float, float]] = []
    last, opened, spent = -1, -np.inf, 0.0
    here = np.flatnonzero(inside[stays.place])
    for at in here:
        person, start, end = int(stays.person[at]), float(stays.start[at]), float(stays.end[at])
        if person != last:
            last, opened, spent = person, -np.inf, 0.0
        while start < end:
            if start >= opened + year:
                opened, spent = start, 0.0
            stop = min(end, opened + year)
            over = max(start, start + days - spent)
            if over < stop:
                found.append((person, int(stays.place[at]), over, stop))
            spent += stop - start
            start = stop
    columns = list(zip(*found, strict=True)) or [(), (), (), ()]
    return Intervals(
        person=np.array(columns[0], dtype=np.int64),
        place=np.array(columns[1], dtype=np.int64),
        start=np.array(columns[2], dtype=float),
        end=np.array(columns[3], dtype=float),
    )


def until(stays: Intervals, end: float) -> Intervals:
    """Return intervals cut off at a moment, such as the end of the run."""
    kept = stays.start < end
    return Intervals(
        person=stays.person[kept],
        place=stays.place[kept],
        start=stays.start[kept],
        end=np.minimum(stays.end[kept], end),
    )
