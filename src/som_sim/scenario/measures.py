"""What is measured on a run: indicators, targets and observations."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictInt, model_validator

from som_sim.scenario.quantities import Date, Number, Span, Where, fail
from som_sim.scenario.records import Evidence, Names, Record, Text, Window


class ShareOfMoves(Record):
    """Among the moves out of some states, the share that goes to the named states."""

    from_: Where = Field(alias="from")
    to: Names


class Indicator(Record):
    """What is measured: exactly one of the three."""

    persons_in: Where | None = None
    entries_to: Where | None = None
    share_of_moves: ShareOfMoves | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Indicator:
        given = [key for key in type(self).model_fields if getattr(self, key) is not None]
        if len(given) != 1:
            raise fail("write exactly one of persons_in, entries_to, share_of_moves")
        return self


class Measured(Evidence):
    """An indicator and when it is measured."""

    label: Text | None = None
    indicator: Indicator
    at: Date | None = None
    over: Span | None = None
    during: Window | None = None

    @model_validator(mode="after")
    def _when(self) -> Measured:
        if self.indicator.persons_in is not None:
            if self.at is None or self.during is not None:
                raise fail(
                    "persons_in is measured 'at' a date, if wished 'over' a time from that date"
                )
        elif self.during is None or self.at is not None or self.over is not None:
            raise fail("moves are measured 'during' a window: {from: 2017-02, to: 2018-01}")
        return self


class Target(Measured):
    """What is wanted, measured on the whole population."""

    baseline: Number | None = None
    goal: Number
    better: Literal["lower", "higher"]


class Observation(Measured):
    """What was counted, to hold against the simulated figure."""

    value: Number
    n: StrictInt | None = Field(default=None, gt=0)
