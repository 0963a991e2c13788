"""What is measured on a run: indicators, targets and observations."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictInt, model_validator

from som_sim.scenario.quantities import Condition, Date, Number, Span, Where, fail
from som_sim.scenario.records import Evidence, Name, Record, SomeNames, Text, Window

SHARES = ("share_of_moves", "share_of_stays")
"""Indicators that are a share (0 to 1) of something."""
COUNTS = ("persons_in", "distinct_persons_in", "entries_to", "moves")
"""Indicators that somebody counts in whole numbers; the others are means and sums of time."""


class Moves(Record):
    """Moves out of some states of one domain to other states of it."""

    from_: Where = Field(alias="from")
    to: SomeNames


class Stays(Record):
    """Stays in the set of a clock that end, and a time that some of them have lasted over."""

    clock: Name
    over: Span
    of: Where = Condition()


class Indicator(Record):
    """What is measured: exactly one of these."""

    persons_in: Where | None = None
    distinct_persons_in: Where | None = None
    mean_persons_in: Where | None = None
    person_days_in: Where | None = None
    entries_to: Where | None = None
    moves: Moves | None = None
    share_of_moves: Moves | None = None
    share_of_stays: Stays | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Indicator:
        kinds = tuple(type(self).model_fields)
        if sum(getattr(self, kind) is not None for kind in kinds) != 1:
            raise fail(f"write exactly one of {', '.join(kinds)}")
        return self

    @property
    def kind(self) -> str:
        """The name of what is measured."""
        return next(key for key in type(self).model_fields if getattr(self, key) is not None)

    @property
    def where(self) -> Condition | None:
        """The people it is about; None when it is about moves."""
        what = getattr(self, self.kind)
        return what if isinstance(what, Condition) else None

    @property
    def moving(self) -> Moves | None:
        """The moves it is about; None when it is about people or entries."""
        return self.moves or self.share_of_moves


class Measured(Evidence):
    """An indicator and when it is measured."""

    label: Text | None = None
    indicator: Indicator
    at: Date | None = None
    over: Span | None = None
    during: Window | None = None

    @model_validator(mode="after")
    def _when(self) -> Measured:
        kind = self.indicator.kind
        if kind == "persons_in":
            if self.at is None or self.during is not None:
                raise fail(
                    "persons_in is measured 'at' a date, if wished 'over' a time from that date"
                )
        elif self.during is None or self.at is not None or self.over is not None:
            raise fail(
                f"{kind} is measured 'during' a window in whole months: "
                "{from: 2017-02, to: 2018-01}"
            )
        return self


class Target(Measured):
    """What is wanted, measured on the whole population."""

    baseline: Number | None = None
    goal: Number
    better: Literal["lower", "higher"]
    n: StrictInt | None = Field(default=None, gt=0, le=10**9)


class Observation(Measured):
    """What was counted, to hold against the simulated figure, and how sure it is.

    A count varies as a Poisson number, or `overdispersion` times as much; a share as that among its
    `n`; what is no count has its standard deviation as `sd`.
    """

    value: Number
    n: StrictInt | None = Field(default=None, gt=0, le=10**9)
    overdispersion: Number | None = None
    sd: Number | None = None

    @model_validator(mode="after")
    def _how_sure(self) -> Observation:
        counted = self.indicator.kind in COUNTS
        if self.overdispersion is not None and (not counted or self.overdispersion <= 1):
            raise fail("'overdispersion' is of a count, and above 1: its variance over its mean")
        if self.sd is not None and (counted or self.n is not None or self.sd <= 0):
            raise fail(
                "'sd', above 0, is the standard deviation of what is no count and has no 'n'"
            )
        return self
