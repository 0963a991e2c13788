"""What an engine needs to know, as arrays without labels to look up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.time import DAYS_PER_YEAR, Calendar
from som_sim.model.clocks import ClockRule
from som_sim.model.limits import PlaceLimit

PROGRAMME_MOVE = -1
"""The `domain` of an edge that changes a person's programme status."""
AGEING = -2
"""The `domain` of an edge that changes a person's stratum."""
EQUILIBRIUM_AGE = -1.0
"""In place of days so far: of people who are met at a moment that has nothing to do with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """A sparse generator: every possible move as one edge.

    Attributes
    ----------
    n_places
        Cells and ways to leave; nobody moves out of the latter.
    source, target : (edge,), int
        From which cell to which cell or way to leave; sorted by target, then source.
    domain : (edge,), int
        Position of the domain the move is in, or `PROGRAMME_MOVE`.
    rate : (edge, draw), per year, >= 0; in a discrete step the probability per cycle
        The diagonal is not stored: it is minus the sum of a cell's rates.
    """

    n_places: int
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    domain: NDArray[np.int64]
    rate: NDArray[np.float64]

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return int(self.rate.shape[1])

    def exit_rates(self) -> NDArray[np.float64]:
        """Return the total rate out of each place.

        Returns
        -------
        (place, draw), per year
        """
        total = np.zeros((self.n_places, self.n_draws))
        np.add.at(total, self.source, self.rate)
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRule:
    """Who is enrolled in a programme at a cycle's start.

    Attributes
    ----------
    name
        Name of the programme.
    status : int
        Its position among the programme statuses.
    eligible : (cell,), bool
        Cells whose people wait for it.
    places : (cycle, draw), persons
    share_of_waiting : (draw,), 0 to 1
    most : (cycle, draw), persons
        Enrolled in a cycle at the most; infinite where the file sets no number.
    rank : (cell,), int, or None
        Who goes first, 0 before 1: the declared priority, which the individual engine follows.
    """

    name: str
    status: int
    eligible: NDArray[np.bool_]
    places: NDArray[np.float64]
    share_of_waiting: NDArray[np.float64]
    most: NDArray[np.float64]
    rank: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People who are there at the start, as the file lists them.

    Attributes
    ----------
    cell : int
        The cell they are in.
    days : tuple of float
        Their time so far on each clock.
    persons : (draw,)
    so_far : (domain,), days
        How long they have been in their state of each domain; `EQUILIBRIUM_AGE` where that is as
        long as people have been who are met there.
    """

    cell: int
    days: tuple[float, ...]
    persons: NDArray[np.float64]
    so_far: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StayLaw:
    """The lengths of stay of one row or programme, where they have a memory.

    Attributes
    ----------
    place
        Its path in the file.
    domain
        Position of the domain; `PROGRAMME_MOVE` for stays in a programme.
    kind
        ``weibull``, ``lognormal``, ``gamma`` or ``lengths``.
    cells : (cell,), bool
        Whose people stay so.
    edges : (edge,), bool
        Of the row, or the end of the programme's stay.
    mean : (draw,), years
    numbers : (number, draw)
        The shape; the standard deviation in years; or the lengths in years.
    """

    place: str
    domain: int
    kind: str
    cells: NDArray[np.bool_]
    edges: NDArray[np.bool_]
    mean: NDArray[np.float64]
    numbers: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One strategy, ready to be moved through time.

    Attributes
    ----------
    strategy
        Name of the strategy.
    axes, calendar
        Labels and cycles.
    initial : (place, draw), persons
    generator
        Every move, with the rates of the first regime.
    rates : (regime, edge, draw), per year
        Rates differ between regimes, constant within each.
    arrivals_per_year : (regime, place, draw), persons per year
    even_per_year : (regime, place, draw), persons per year, or None for nobody
        Of the arrivals, those who come at even distances where people are whole.
    regime : (cycle,), which regime each cycle runs under
    programmes
        In the order in which they enrol.
    homeless : (state,), bool
    limits
        States with a limited number of places.
    clocks, groups
        The clocks, and who is there at the start with their exact time so far.
    stays
        Lengths of stay that have a memory.
    counting
        How a discrete step counts person-time (``half_cycle``, ``start``, ``end``, ``simpson``);
        None in continuous time.
    arrivals_join
        Whether arrivals of a discrete step join at the cycle's ``start`` or ``end``.
    """

    strategy: str
    axes: Axes
    calendar: Calendar
    initial: NDArray[np.float64]
    generator: Generator
    rates: NDArray[np.float64]
    arrivals_per_year: NDArray[np.float64]
    regime: tuple[int, ...]
    programmes: tuple[ProgrammeRule, ...]
    homeless: NDArray[np.bool_]
    limits: tuple[PlaceLimit, ...] = ()
    clocks: tuple[ClockRule, ...] = ()
    groups: tuple[Group, ...] = ()
    even_per_year: NDArray[np.float64] | None = None
    stays: tuple[StayLaw, ...] = ()
    counting: str | None = None
    arrivals_join: str = "end"

    @property
    def discrete(self) -> bool:
        """Whether people move once a cycle, by probabilities."""
        return self.counting is not None

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return int(self.initial.shape[1])

    def generator_in(self, cycle: int) -> Generator:
        """Return the moves with the rates of a cycle."""
        return replace(self.generator, rate=self.rates[self.regime[cycle]])

    def arrivals_in(self, cycle: int) -> NDArray[np.float64]:
        """Return arrivals under the rates of a cycle: (place, draw), persons per year."""
        arrivals: NDArray[np.float64] = self.arrivals_per_year[self.regime[cycle]]
        return arrivals

    def arrived(self) -> NDArray[np.float64]:
        """Return the persons who arrive in each cycle: (cycle, place, draw)."""
        return self._by_cycle(self.arrivals_per_year)

    def arrived_evenly(self) -> NDArray[np.float64]:
        """Return those of them who come at even distances: (cycle, place, draw)."""
        if self.even_per_year is None:
            return np.zeros((len(self.regime), *self.arrivals_per_year.shape[1:]))
        return self._by_cycle(self.even_per_year)

    def _by_cycle(self, per_year: NDArray[np.float64]) -> NDArray[np.float64]:
        years = np.array(self.calendar.days) / DAYS_PER_YEAR
        persons: NDArray[np.float64] = per_year[list(self.regime)] * years[:, None, None]
        return persons

    def steps(self) -> tuple[str, ...]:
        """Return the order of events in a cycle, in words."""
        steps = [f"enrol in {rule.name}" for rule in self.programmes]
        steps += [f"hold back who finds no place in {limit.state}" for limit in self.limits]
        moving = "move people in continuous time while others arrive and leave"
        if self.discrete:
            moving = f"move people once; arrivals join at the {self.arrivals_join}"
        if (self.generator.domain == AGEING).any():
            moving += ", and age"
        if self.clocks:
            moving += f"; time passes on {', '.join(clock.name for clock in self.clocks)}"
        return (*steps, moving)
