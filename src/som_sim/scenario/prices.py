"""Money: prices and who pays them, price indices, discounting, grants."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictInt, model_validator

from som_sim.scenario.quantities import Kroner, Month, Number, Where, fail
from som_sim.scenario.records import Evidence, Line, Name, Names, Record, Text

Payer = Literal["kommune", "region", "stat", "fond", "borger"]


class Hours(Record):
    """Staff hours: posts times hours."""

    posts: Number
    per_week: Number | None = None
    per_month: Number | None = None

    @model_validator(mode="after")
    def _one_rate(self) -> Hours:
        if (self.per_week is None) == (self.per_month is None):
            raise fail("write either per_week or per_month")
        if any(
            part is not None and part < 0 for part in (self.posts, self.per_week, self.per_month)
        ):
            raise fail("posts and hours are 0 or more")
        return self


PERSON_TIME = ("person_day", "person_month", "person_year")
FIXED = ("month", "quarter", "year", "once")
Unit = Literal[
    "person_day", "person_month", "person_year", "entry", "enrolment", "hour",
    "month", "quarter", "year", "once",
]  # fmt: skip


class Price(Evidence):
    """What something costs, who pays it, and where it is booked."""

    label: Text | None = None
    amount: Kroner
    per: Unit
    in_: Where | None = Field(alias="in", default=None)
    programme: Name | None = None
    hours: Hours | None = None
    from_: Month | None = Field(alias="from", default=None)
    to: Month | None = None
    price_year: StrictInt = Field(ge=1980, le=2100)
    index: Name | None = None
    payers: Name | dict[Payer, Number]
    transfer_to: Payer | None = None
    account: Name
    udvalg: Line | None = None
    paragraph: Line | None = None
    phase: Literal["startup", "operation"] = "operation"

    @model_validator(mode="after")
    def _fitting_parts(self) -> Price:
        def wants(key: str, value: object, wanted: bool, why: str) -> None:
            if (value is not None) != wanted:
                raise fail(
                    f"a price per {self.per} {'needs' if wanted else 'takes no'} '{key}'{why}"
                )

        by_person = self.per in PERSON_TIME or self.per == "entry"
        wants("in", self.in_, by_person, ", the states it is paid for" if by_person else "")
        wants("hours", self.hours, self.per == "hour", "")
        if self.per == "enrolment":
            wants("programme", self.programme, True, "")
        if by_person:
            wants("programme", self.programme, False, "; name it within 'in'")
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


class Grant(Evidence):
    """Money from a funder, in tranches by calendar year."""

    label: Text | None = None
    funder: Payer
    to: Payer
    covers: Names = Field(min_length=1)
    tranches: dict[int, Kroner] = Field(min_length=1)
    total: Kroner
    unspent: Literal["returned", "carried"]
