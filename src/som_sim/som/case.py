"""What a user writes about a SØM calculation, section by section.

A case is a small file of its own form (``som_case: 1``): who takes part, what it costs, how many
more succeed than otherwise would have, and what a success saves, year by year. Money is said with
the same words as in a scenario.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from som_sim.core.time import Duration
from som_sim.core.yaml_scalars import yaml_words
from som_sim.scenario.prices import Index, Payer
from som_sim.scenario.quantities import Kroner, Number, Span, fail
from som_sim.scenario.records import Evidence, Line, Name, Record, Text, Words
from som_sim.scenario.schema import Source

MOST_LAGS = 10
"""Years after success for which consequences can be stated, as in SØM."""
Year = Annotated[StrictInt, Field(ge=1980, le=2100)]
Positive = Annotated[Number, Field(ge=0)]
Inputs = Literal["participants", "course", "success", "costs", "consequences"]


class CaseMeta(Record):
    """Title, currency and the price year of constant prices."""

    title: Text
    description: Text | None = None
    author: Line | None = None
    language: Literal["da", "en"] | None = None
    currency: Literal["DKK"]
    price_year: Year


class CaseTime(Record):
    """First and last calendar year of the calculation, both included."""

    from_: Year = Field(alias="from")
    to: Year

    @model_validator(mode="after")
    def _in_order(self) -> CaseTime:
        if self.from_ > self.to:
            raise fail(f"the calculation ends ({self.to}) before it starts ({self.from_})")
        return self

    @property
    def years(self) -> tuple[int, ...]:
        """All years of the calculation."""
        return tuple(range(self.from_, self.to + 1))


class Participants(Evidence):
    """How many start in each year."""

    start: dict[int, Positive] = Field(min_length=1)


class Course(Evidence):
    """How long a course lasts, and in which month (1 to 12) courses begin."""

    length: Span
    begins: StrictInt = Field(default=1, ge=1, le=12)


class Success(Evidence):
    """The share of participants who succeed, net of what would have happened anyway."""

    measure: Text | None = None
    net: Number | None = None
    with_: Number | None = Field(alias="with", default=None)
    reference: Number | None = None
    evidence_level: Literal[1, 2, 3] | None = None

    @model_validator(mode="before")
    @classmethod
    def _not_a_bare_number(cls, value: object) -> object:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            raise fail(
                f"{yaml_words(value)} can be gross or net; write {{with: ..., reference: ...}}, "
                "the share that succeeds with the intervention and the share that would have done "
                "so anyway, or {net: ...} when a study gives the difference itself"
            )
        return value

    @model_validator(mode="after")
    def _net_of_the_reference(self) -> Success:
        if self.net is not None:
            if self.with_ is not None or self.reference is not None:
                raise fail("write either 'net', or 'with' and 'reference'")
            if not -1 <= self.net <= 1:
                raise fail(f"net {self.net} is not a difference of shares (-1 to 1)")
            return self
        if self.with_ is not None and self.reference is None:
            raise fail(
                f"{self.with_} is a gross success rate: without 'reference', the share that would "
                "have succeeded anyway, nothing can be said of what the intervention adds"
            )
        if self.with_ is None or self.reference is None:
            raise fail("write 'with' and 'reference', or 'net'")
        for key, share in (("with", self.with_), ("reference", self.reference)):
            if not 0 <= share <= 1:
                raise fail(f"{key}: {share} is not a share (0 to 1)")
        return self

    @property
    def rate(self) -> Decimal:
        """The net success rate."""
        if self.net is not None:
            return self.net
        assert self.with_ is not None and self.reference is not None
        return self.with_ - self.reference


class Payment(Evidence):
    """What costs and prices have in common: an amount, who pays it, where it is booked."""

    label: Text | None = None
    amount: Kroner
    price_year: Year
    index: Name | None = None
    payers: dict[Payer, Number] = Field(min_length=1)
    transfer_to: Payer | None = None
    account: Name
    udvalg: Line | None = None
    paragraph: Line | None = None

    @model_validator(mode="after")
    def _whole(self) -> Payment:
        for payer, share in self.payers.items():
            if not 0 <= share <= 1:
                raise fail(f"payers.{payer}: {share:f} is not a share (0 to 1)")
        total = sum(self.payers.values(), Decimal(0))
        if total != 1:
            raise fail(f"payers: the shares add to {total:f}; they must add to 1")
        if self.transfer_to in self.payers:
            raise fail(f"'{self.transfer_to}' would pay itself")
        return self


class Cost(Payment):
    """A cost of the intervention, or a cost of the reference that it saves."""

    kind: Literal["startup", "operation", "saved"]
    per: Literal["year", "participant", "once"]
    from_: Year | None = Field(alias="from", default=None)
    to: Year | None = None

    @model_validator(mode="after")
    def _years(self) -> Cost:
        if self.per == "participant" and (self.from_ or self.to):
            raise fail(
                "a cost per participant falls in the year they start; it takes no 'from', 'to'"
            )
        if self.per == "once" and self.to:
            raise fail("a cost once falls in the year 'from'; it takes no 'to'")
        if self.from_ and self.to and self.from_ > self.to:
            raise fail("the cost ends before it starts")
        return self


class CasePrice(Payment):
    """What one unit of a consequence costs."""

    unit: Words


class Consequence(Evidence):
    """How much less, or more, a person who succeeds uses of something, by year after success."""

    label: Text | None = None
    price: Name
    less: tuple[Number, ...] | None = Field(default=None, min_length=1, max_length=MOST_LAGS)
    more: tuple[Number, ...] | None = Field(default=None, min_length=1, max_length=MOST_LAGS)

    @model_validator(mode="after")
    def _one_side(self) -> Consequence:
        if (self.less is None) == (self.more is None):
            raise fail("write either 'less' or 'more', a list with a number for each year")
        return self

    @property
    def per_success(self) -> tuple[Decimal, ...]:
        """Units more that a success brings, by year after success; less is negative."""
        if self.more is not None:
            return self.more
        assert self.less is not None
        return tuple(-one for one in self.less)


class CaseMoney(Record):
    """How later years are discounted, and what moves prices between years.

    Without an index nothing is moved: every price must then be at the level of `meta.price_year`.
    """

    index: Name | None = None
    discount_rate: Name | Number
    base_year: Year

    @model_validator(mode="after")
    def _rate(self) -> CaseMoney:
        if not isinstance(self.discount_rate, str) and not 0 <= self.discount_rate < 1:
            raise fail(
                f"discount_rate {self.discount_rate} is not a rate a year (0 to 1), such as 0.035"
            )
        return self


FIGURES = (
    "net_total", "net_per_participant", "cost_total", "cost_per_participant", "benefit_total",
    "benefit_per_participant",
)  # fmt: skip


class Published(Evidence):
    """A figure that somebody has published of this very case, and how it was rounded."""

    figure: Literal[
        "net_total", "net_per_participant", "cost_total", "cost_per_participant", "benefit_total",
        "benefit_per_participant",
    ]  # fmt: skip
    payer: Literal["kommune", "region", "stat", "fond", "borger", "public", "society"]
    amount: Number
    rounded_to: Number = Field(gt=0)
    view: Literal["constant", "discounted"] = "discounted"
    derived: bool = False


class Missing(Record):
    """An input that was not published."""

    input: Inputs
    note: Text | None = None


class BridgeStep(Record):
    """One dynamic of the simulation, and the changes that take it out."""

    kind: Literal["phase_in", "relapse", "places", "refund_rules", "price_level", "other"]
    label: Text | None = None
    without: dict[str, Any] = Field(min_length=1)


class Bridge(Record):
    """The scenario that simulates the same case, and the steps from SØM's answer to its."""

    scenario: Line
    strategy: Name
    steps: tuple[BridgeStep, ...] = Field(min_length=1)


def _version(value: object) -> object:
    if isinstance(value, bool):
        raise fail(f"{yaml_words(value)} is not allowed; allowed: 1")
    return value


class SomCase(Record):
    """The whole file."""

    som_case: Annotated[Literal[1], BeforeValidator(_version)]
    meta: CaseMeta
    target_group: Text | None = None
    reference: Text | None = None
    time: CaseTime
    participants: Participants | None = None
    course: Course | None = None
    success: Success | None = None
    consequences_from: Literal["success_year", "year_after"] | None = None
    costs: dict[Name, Cost] = Field(default_factory=dict)
    consequences: dict[Name, Consequence] = Field(default_factory=dict)
    prices: dict[Name, CasePrice] = Field(default_factory=dict)
    indices: dict[Name, Index] = Field(default_factory=dict)
    money: CaseMoney
    missing: tuple[Missing, ...] = ()
    published: tuple[Published, ...] = ()
    bridge: Bridge | None = None
    sources: dict[Name, Source] = Field(default_factory=dict)

    @property
    def missing_inputs(self) -> tuple[str, ...]:
        """The inputs that the file says were not published."""
        return tuple(one.input for one in self.missing)

    @property
    def complete(self) -> bool:
        """Whether every input is there, so that the whole result can be calculated."""
        return not self.missing

    @property
    def course_length(self) -> Duration:
        """How long a course lasts."""
        assert self.course is not None
        return self.course.length
