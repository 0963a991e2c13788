"""What a user writes of moves: how long people stay, where they go, how many were counted."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StrictInt, model_validator

from som_sim.scenario.quantities import (
    Condition,
    Probability,
    Quantity,
    Ratio,
    Share,
    Span,
    Stay,
    Where,
    fail,
)
from som_sim.scenario.records import Evidence, Name, Record, SomeNames
from som_sim.scenario.schedules import RateOverTime, Season

Counted = Annotated[StrictInt, Field(ge=0, le=10**9)]


class LengthOfStay(Record):
    """How long people stay, when the chance of leaving is the same on every day.

    By its mean, its median, or the share of stays that last over a time.
    """

    mean: Stay | None = None
    median: Stay | None = None
    share: Share | None = None
    over: Stay | None = None

    @model_validator(mode="before")
    @classmethod
    def _says_which(cls, value: object) -> object:
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            raise fail(f"say what {value} is: {{mean: {value}}} or {{median: {value}}}")
        return value

    @model_validator(mode="after")
    def _one_form(self) -> LengthOfStay:
        given = {key for key in type(self).model_fields if getattr(self, key) is not None}
        if given not in ({"mean"}, {"median"}, {"share", "over"}):
            here = " and ".join(sorted(given, reverse=True)) or "none of them"
            raise fail(f"write one of: 'mean'; 'median'; 'share' and 'over'; here: {here}")
        if self.share is not None and self.share.number in (0, 1):
            raise fail(NOT_BETWEEN.format(f"{self.share.number:g}"))
        return self


class Weibull(Record):
    """Below a shape of 1 people leave less and less the longer they stay; above 1 more and more."""

    shape: Ratio


class Spread(Record):
    """How much the lengths of stays differ: their standard deviation."""

    sd: Stay


SHAPES, SPREADS = (0.1, 10.0), (0.1, 10.0)
NO_SHAPE = "the shape is {}; it must be from 0.1 to 10"
NO_SPREAD = "the standard deviation is {} times the mean; it must be from 0.1 to 10 times"
LAWS = ("weibull", "lognormal", "gamma")


class StayInState(LengthOfStay):
    """How long people stay in a state; with a law, how long they have been there matters.

    A mean alone has no memory. A law goes with the mean; observed `lengths` stand alone.
    """

    weibull: Weibull | None = None
    lognormal: Spread | None = None
    gamma: Spread | None = None
    lengths: Annotated[tuple[Stay, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> StayInState:
        given = {key for key in type(self).model_fields if getattr(self, key) is not None}
        forms = [{"mean"}, {"median"}, {"share", "over"}, {"lengths"}]
        if given not in [*forms, *({"mean", law} for law in LAWS)]:
            here = " and ".join(sorted(given, reverse=True)) or "none of them"
            raise fail(
                "write one of: 'mean', alone or with 'weibull', 'lognormal' or 'gamma'; 'median'; "
                f"'share' and 'over'; 'lengths'; here: {here}"
            )
        if self.share is not None and self.share.number in (0, 1):
            raise fail(NOT_BETWEEN.format(f"{self.share.number:g}"))
        return self

    @property
    def kind(self) -> str:
        """The key of its law, or nothing where stays have no memory."""
        return next((k for k in (*LAWS, "lengths") if getattr(self, k) is not None), "")


NOT_BETWEEN = "a share of {} over a time says nothing of the mean; it must be above 0 and below 1"

FORMS = (
    ("stay", "to"),
    ("stay", "counts"),
    ("rate_per_year", "to"),
    ("probability", "within", "to"),
    ("probabilities", "within"),
    ("counts", "stayed", "within"),
)
"""The keys that make a transition, in each way to write one."""


def _in_words(form: tuple[str, ...]) -> str:
    *first, last = (f"'{key}'" for key in form)
    return f"{', '.join(first)} and {last}"


class Transition(Evidence):
    """One row of moves out of a state, in one of `FORMS`.

    A stay with shares of where people go, or with counts of where they went; a rate per year;
    probabilities within a stated time; or counts of who had gone where, and stayed, after a time.
    """

    from_: Where = Field(alias="from")
    if_: Where = Field(alias="if", default=Condition())
    stratum: SomeNames | None = None
    to: Name | dict[Name, Share] | None = None
    stay: StayInState | None = None
    rate_per_year: RateOverTime | None = None
    season: Season | None = None
    probability: Probability | None = None
    probabilities: dict[Name, Probability] | None = None
    counts: dict[Name, Counted] | None = None
    stayed: Counted | None = None
    within: Span | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Transition:
        keys = dict.fromkeys(key for form in FORMS for key in form)
        has = [key for key in keys if getattr(self, key) is not None]
        if set(has) not in [set(form) for form in FORMS]:
            ways = "; ".join(map(_in_words, FORMS))
            here = ", ".join(sorted(has)) if has else "none of them"
            raise fail(f"write one of: {ways}; here: {here}")
        if isinstance(self.to, dict) and self.stay is None:
            raise fail("shares in 'to' go with 'stay'; name one state here")
        if self.counts is not None and not self.n_counted:
            raise fail("nobody was counted, so nothing can be said of where people go")
        if not self.destinations:
            raise fail("name at least one state that people go to")
        return self

    @property
    def n_counted(self) -> int:
        """How many people were counted, those who stayed among them."""
        return sum((self.counts or {}).values()) + (self.stayed or 0)

    @property
    def destinations(self) -> dict[str, Quantity | None]:
        """Where people go, each with its share or probability if it has one of its own."""
        if self.counts is not None:
            kind = "share" if self.stay is not None else "probability"
            return {
                name: Quantity(kind=kind, number=count / self.n_counted)
                for name, count in self.counts.items()
            }
        if self.probabilities is not None:
            return dict(self.probabilities)
        if isinstance(self.to, dict):
            return dict(self.to)
        return {str(self.to): self.probability}

    @property
    def destinations_key(self) -> str:
        """The key under which the destinations stand."""
        if self.counts is not None:
            return "counts"
        return "to" if self.probabilities is None else "probabilities"
