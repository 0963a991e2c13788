"""Money: prices and who pays them, price indices, discounting."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StrictInt, Tag, model_validator

from som_sim.scenario.grants import Grant as Grant
from som_sim.scenario.grants import Payer as Payer
from som_sim.scenario.measures import Moves
from som_sim.scenario.payers import RuleUse as RuleUse
from som_sim.scenario.quantities import (
    Count,
    Month,
    Number,
    Ratio,
    Share,
    Span,
    UnitPrice,
    Where,
    fail,
)
from som_sim.scenario.records import Evidence, Line, Name, Record, Text
from som_sim.scenario.schedules import CountOverTime


class Hours(Record):
    """Staff hours: posts times hours, both over time if wished, and what an hour costs on top."""

    posts: CountOverTime
    per_week: CountOverTime | None = None
    per_month: CountOverTime | None = None
    overhead: Ratio | None = None

    @model_validator(mode="after")
    def _one_rate(self) -> Hours:
        if (self.per_week is None) == (self.per_month is None):
            raise fail("write either per_week or per_month")
        return self


class Steps(Evidence):
    """How a saving becomes money: places close in blocks, after notice.

    `varies` is the share of the price that follows each day at once (food, medicine).
    """

    block: Count
    notice: Span | None = None
    varies: Share | None = None


PERSON_TIME = ("person_day", "person_month", "person_year")
PLACE_TIME = ("place_day", "place_month", "place_year")
FIXED = ("month", "quarter", "year", "once")
Unit = Literal[
    "person_day", "person_month", "person_year", "entry", "move", "enrolment", "hour",
    "place_day", "place_month", "place_year", "month", "quarter", "year", "once",
]  # fmt: skip


def _kind_of_payers(value: object) -> str:
    """Tell a rule with its days from shares by payer."""
    by_rule = isinstance(value, RuleUse) or (
        isinstance(value, dict) and bool({"rule", "within"} & value.keys())
    )
    return "by rule" if by_rule else "by shares"


SharesOrRule = Annotated[
    Annotated[dict[Payer, Number], Tag("by shares")] | Annotated[RuleUse, Tag("by rule")],
    Discriminator(_kind_of_payers),
]


class Price(Evidence):
    """What something costs, who pays it, and where it is booked."""

    label: Text | None = None
    amount: UnitPrice
    per: Unit
    in_: Where | None = Field(alias="in", default=None)
    moves: Moves | None = None
    programme: Name | None = None
    places: CountOverTime | None = None
    hours: Hours | None = None
    from_: Month | None = Field(alias="from", default=None)
    to: Month | None = None
    price_year: StrictInt = Field(ge=1980, le=2100)
    index: Name | None = None
    payers: Name | SharesOrRule
    transfer_to: Payer | None = None
    kind: Literal["cost", "transfer"] | None = None
    replaces: Name | None = None
    steps: Steps | None = None
    account: Name
    udvalg: Line | None = None
    paragraph: Line | None = None
    phase: Literal["startup", "operation"] = "operation"

    @property
    def is_transfer(self) -> bool:
        """Whether money only changes hands."""
        return self.transfer_to is not None

    @property
    def sign(self) -> int:
        """-1 for what is saved because a service is replaced, else 1."""
        return 1 if self.replaces is None else -1

    @model_validator(mode="after")
    def _fitting_parts(self) -> Price:
        def wants(key: str, value: object, wanted: bool, why: str) -> None:
            if (value is not None) != wanted:
                raise fail(
                    f"a price per {self.per} {'needs' if wanted else 'takes no'} '{key}'{why}"
                )

        by_person = self.per in PERSON_TIME or self.per == "entry"
        by_place = self.per in PLACE_TIME
        if by_place:
            self._whose_places()
        else:
            wants("in", self.in_, by_person, ", the states it is paid for" if by_person else "")
            wants("places", self.places, False, "")
        wants("hours", self.hours, self.per == "hour", "")
        wants("moves", self.moves, self.per == "move", "")
        if self.per == "enrolment":
            wants("programme", self.programme, True, "")
        if by_person or self.per == "move":
            key = "in" if by_person else "moves"
            wants("programme", self.programme, False, f"; name it within '{key}'")
        return self

    def _whose_places(self) -> None:
        if (self.in_ is None) == (self.places is None and self.programme is None):
            raise fail(
                f"a price per {self.per} needs 'in' (a state that has places), 'programme' or "
                "'places', the number of them"
            )

    @model_validator(mode="after")
    def _of_one_kind(self) -> Price:
        if self.kind == "transfer" and self.transfer_to is None:
            raise fail("kind: transfer needs 'transfer_to', the payer who receives it")
        if self.kind == "cost" and self.transfer_to is not None:
            raise fail("kind: cost takes no 'transfer_to': what somebody receives is a transfer")
        if self.steps is None:
            return self
        if self.per not in PERSON_TIME or self.is_transfer or self.replaces is not None:
            raise fail(
                "'steps' say when days that are not used become money: they go with a cost per "
                "person_day, person_month or person_year"
            )
        return self


class Index(Evidence):
    """A price index: its level by year."""

    label: Text | None = None
    values: dict[int, Number]

    @model_validator(mode="after")
    def _positive(self) -> Index:
        if any(value <= 0 for value in self.values.values()):
            raise fail("an index is above 0 in every year")
        return self


class Money(Record):
    """The index that moves prices, and how later years are discounted."""

    index: Name
    discount_rate: Name | Number
    base_year: StrictInt = Field(ge=1980, le=2100)

    @model_validator(mode="after")
    def _rate(self) -> Money:
        if not isinstance(self.discount_rate, str) and not 0 <= self.discount_rate < 1:
            raise fail(
                f"discount_rate {self.discount_rate} is not a rate a year (0 to 1), such as 0.035"
            )
        return self


class Account(Record):
    """An account of the user's own chart: what it is called there, and the account above it."""

    label: Text | None = None
    under: Name | None = None
    code: Line | None = None
