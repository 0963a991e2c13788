"""What a run of an engine leaves behind, on the same axes whatever the engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.keep import EVERYTHING, Keep
from som_sim.model.model import Model

Array = NDArray[np.float64]


class Replicated(Protocol):
    """Histories of single persons that a run is the mean of.

    Attributes
    ----------
    replicates
        How many of each draw.
    """

    replicates: int

    @property
    def moves_by_rate(self) -> NDArray[np.bool_]:
        """Edges along which people move at the model's rate and nothing else: (edge,), bool."""

    def persons_in(self, cells: NDArray[np.bool_], day: dt.date, over_days: float = 0.0) -> Array:
        """Return how many persons each history had in some cells in a window: (draw, replicate)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """People, time and moves of one strategy.

    Attributes
    ----------
    model
        What was run.
    occupancy : (draw, replicate, stratum, programme, cycle + 1, state), persons
        At each cycle's start, after enrolment; the last at the end of the run.
    left : (draw, replicate, leave, cycle + 1), persons
        Gone by each boundary.
    person_days : (draw, replicate, stratum, programme, cycle, state), person-days
    flows : (draw, replicate, cycle, edge), expected moves
        Along the edges of the model's generator; every move counts, not only net ones.
    enrolments : (draw, replicate, cycle, rule, stratum, programme, state), persons
        Enrolled at the cycle's start from each cell, by programme rule.
    waiting : (draw, replicate, cycle, rule), persons
        Eligible at the cycle's start, before enrolment.
    admitted : (draw, replicate, cycle, limit), share of entries that a state with places admits
        1 where places suffice. `model` holds the rates as they were run.
    keep
        What was stored. Of what was not, the axis of cycles is shorter or empty.
    tallies : (draw, replicate, group of cycles, tally)
        The sums that `keep` asks for.
    replicated
        The histories that this is the mean of, with one replicate; None for expected numbers.
    """

    model: Model
    occupancy: Array
    left: Array
    person_days: Array
    flows: Array
    enrolments: Array
    waiting: Array
    admitted: Array
    keep: Keep = EVERYTHING
    tallies: Array = field(default_factory=lambda: np.zeros((0, 1, 0, 0)))
    replicated: Replicated | None = None

    def __post_init__(self) -> None:
        for name in (
            "occupancy",
            "left",
            "person_days",
            "flows",
            "enrolments",
            "waiting",
            "admitted",
            "tallies",
        ):
            getattr(self, name).setflags(write=False)
