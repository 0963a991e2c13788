"""What a sourced number looks like in a knowledge file.

It is a price, an effect, an index, a count or a goal. Whatever its kind, an entry says where it
comes from, how strong the evidence is, when somebody last held it against its source, and when it
is expected to change.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    Discriminator,
    Field,
    PlainValidator,
    StrictInt,
    Tag,
    WithJsonSchema,
    model_validator,
)

from som_sim.core.records import Evidence, Line, Name, Record, Text, Words, fail
from som_sim.core.time import parse_duration
from som_sim.core.yaml_scalars import yaml_words
from som_sim.knowledge.rule_forms import Day

KINDS = ("price", "effect", "index", "count", "goal")
FIRST_YEAR, LAST_YEAR = 1980, 2100


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise fail(f"{yaml_words(value)} is not a number")
    return Decimal(value)


def _value(value: object) -> Decimal | str:
    if not isinstance(value, str):
        return _number(value)
    try:
        parse_duration(value)
    except ValueError as error:
        raise fail(str(error)) from None
    return value


Number = Annotated[Decimal, PlainValidator(_number), WithJsonSchema({"type": "number"})]
NumberOrTime = Annotated[
    Decimal | str, PlainValidator(_value), WithJsonSchema({"type": ["number", "string"]})
]
Length = Annotated[str, PlainValidator(_value), WithJsonSchema({"type": "string"})]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Unit = Literal[
    "person_day", "person_month", "person_year", "entry", "enrolment", "hour",
    "month", "quarter", "year", "once",
]  # fmt: skip


class SourceForm(Record):
    """Where numbers come from."""

    title: Words
    url: Line | None = None
    date: Line | None = None
    note: Line | None = None


class KnownForm(Evidence):
    """What every entry says; `source` is a key of `sources`."""

    label: Text
    last_checked: Day | None = None
    next_update: Day | None = None


class PriceForm(KnownForm):
    """A unit price in kroner, by the year of its price level; `undated` where none is stated."""

    kind: Literal["price"]
    values: dict[Year, Number] = Field(default_factory=dict)
    undated: Number | None = None
    per: Unit

    @model_validator(mode="after")
    def _one_kind(self) -> PriceForm:
        if bool(self.values) == (self.undated is not None):
            raise fail("write 'values' by price year, or 'undated' where no year is stated")
        return self


class EffectForm(KnownForm):
    """What a programme or a circumstance does; `without` is the comparison."""

    kind: Literal["effect"]
    value: NumberOrTime
    without: NumberOrTime | None = None
    within: Length | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Words
    n: StrictInt | None = Field(default=None, gt=0)


class IndexForm(KnownForm):
    """A price index by year."""

    kind: Literal["index"]
    values: dict[Year, Number]

    @model_validator(mode="after")
    def _positive(self) -> IndexForm:
        if not self.values or any(value <= 0 for value in self.values.values()):
            raise fail("an index has a value above 0 for one year at least")
        return self


class CountForm(KnownForm):
    """What was counted, by year."""

    kind: Literal["count"]
    values: dict[Year, Number]
    unit: Words
    n: StrictInt | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _some(self) -> CountForm:
        if not self.values:
            raise fail("a count has a value for one year at least")
        return self


class LaterForm(Record):
    """What came of a goal, later."""

    value: Number
    at: Words
    source: Name | None = None


class GoalForm(KnownForm):
    """A goal with its baseline, the number it is counted among, and later results."""

    kind: Literal["goal"]
    baseline: Number
    baseline_at: Line | None = None
    n: StrictInt | None = Field(default=None, gt=0)
    goal: Number
    goal_at: Line | None = None
    better: Literal["lower", "higher"]
    unit: Words
    later: tuple[LaterForm, ...] = ()


def _kind(value: object) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return f"as {kind}" if kind in KINDS else None


EntryForm = Annotated[
    Annotated[PriceForm, Tag("as price")]
    | Annotated[EffectForm, Tag("as effect")]
    | Annotated[IndexForm, Tag("as index")]
    | Annotated[CountForm, Tag("as count")]
    | Annotated[GoalForm, Tag("as goal")],
    Discriminator(
        _kind,
        custom_error_type="som_sim",
        custom_error_message="{message}",
        custom_error_context={"message": f"say which 'kind' it is: {', '.join(KINDS)}"},
    ),
]
