"""Programmes: who is enrolled, for how long, and what it does to how people move."""

from __future__ import annotations

from pydantic import Field, model_validator

from som_sim.scenario.quantities import (
    Condition,
    Difference,
    Probability,
    Quantity,
    RatePerYear,
    Ratio,
    Share,
    Span,
    Stay,
    Where,
    fail,
)
from som_sim.scenario.records import Evidence, Name, Record, SomeNames, Text, Window
from som_sim.scenario.schedules import CountOverTime, Places
from som_sim.scenario.transitions import StayInState


class Fading(Record):
    """How an effect fades when people have left the programme."""

    half_life: Stay


class ShareReached(Record):
    """An effect as published: the share that reached a state, with and without the programme."""

    share: Probability
    without: Probability
    within: Span


EFFECT_KINDS = ("hazard_ratio", "share_reached", "odds_ratio", "risk_ratio", "difference")


class Effect(Evidence):
    """How a programme changes moves of the people in it, said in exactly one way.

    A hazard ratio multiplies rates. The others but `share_reached` are for a discrete step: an odds
    ratio against staying, a ratio of probabilities, or a difference between them.
    """

    from_: Where = Field(alias="from")
    if_: Where = Field(alias="if", default=Condition())
    to: SomeNames
    hazard_ratio: Ratio | None = None
    share_reached: ShareReached | None = None
    odds_ratio: Ratio | None = None
    risk_ratio: Ratio | None = None
    difference: Difference | None = None
    during: Window | None = None
    afterwards: Fading | None = None

    @property
    def kind(self) -> str:
        """Which of `EFFECT_KINDS` it is."""
        return next(kind for kind in EFFECT_KINDS if getattr(self, kind) is not None)

    @model_validator(mode="after")
    def _one_kind(self) -> Effect:
        given = [kind for kind in EFFECT_KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise fail(f"write exactly one of {', '.join(EFFECT_KINDS)}")
        return self


class Intake(Record):
    """How many of those waiting are enrolled at a cycle's start, while places are free."""

    share_of_waiting: Share | None = None
    persons_per_month: CountOverTime | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Intake:
        if (self.share_of_waiting is None) == (self.persons_per_month is None):
            raise fail("write either share_of_waiting or persons_per_month")
        return self


class DropOut(Record):
    """People who leave a programme before their stay ends, for no other programme."""

    rate_per_year: RatePerYear


class Programme(Evidence):
    """A programme that people are enrolled in, one at a time."""

    label: Text | None = None
    eligible: Where
    priority: tuple[Where, ...] = ()
    places: Places
    intake: Intake
    stay: StayInState | None = None
    drop_out: DropOut | None = None
    ramp_up: Span | None = None
    moves_on_to: Name | dict[Name, Share] | None = None
    effects: tuple[Effect, ...] = ()

    @property
    def onward(self) -> dict[str, Quantity | None]:
        """Programmes that people move on to when their stay ends, with the share of each."""
        if isinstance(self.moves_on_to, dict):
            return dict(self.moves_on_to)
        return {self.moves_on_to: None} if self.moves_on_to else {}
