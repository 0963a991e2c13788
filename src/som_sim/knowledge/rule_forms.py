"""What a rule of law on who pays looks like in a file, packaged or a municipality's own."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from som_sim.core.records import Line, Record, Text, Words, fail
from som_sim.core.yaml_scalars import yaml_words

Payer = Literal["kommune", "region", "stat", "fond", "borger"]
Counts = Literal["days", "weeks", "time", "cost"]


def _day(value: object) -> dt.date:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise fail(f"{yaml_words(value)} is not a day; write one such as 2023-10-01") from None


Day = Annotated[dt.date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise fail(f"{yaml_words(value)} is not a number")
    return Decimal(value)


def _share(value: object) -> Decimal:
    number = _number(value)
    if not 0 <= number <= 1:
        raise fail(f"{yaml_words(value)} is not a share (0 to 1)")
    return number


def _positive(value: object) -> Decimal:
    number = _number(value)
    if number <= 0:
        raise fail(f"{yaml_words(value)} is not above 0")
    return number


_LENGTH = re.compile(r"([1-9][0-9]{0,3}) (month|year)s?")


def calendar_months(text: str) -> int | None:
    """Return the months in ``2 years`` or ``18 months``; None for another text.

    Examples
    --------
    >>> calendar_months("2 years"), calendar_months("a while")
    (24, None)
    """
    found = _LENGTH.fullmatch(text)
    return int(found[1]) * (12 if found[2] == "year" else 1) if found else None


def _limit(value: object) -> Decimal | str:
    if not isinstance(value, str):
        return _positive(value)
    if calendar_months(value) is None:
        raise fail(f"'{value}' is not a length of time; write whole months or years: '2 years'")
    return value


_ENDLESS = Decimal("Infinity")
_NUMBER = WithJsonSchema({"type": "number"})
Share = Annotated[Decimal, PlainValidator(_share), _NUMBER]
Positive = Annotated[Decimal, PlainValidator(_positive), _NUMBER]
Limit = Annotated[
    Decimal | str, PlainValidator(_limit), WithJsonSchema({"type": ["number", "string"]})
]


class StepForm(Record):
    """The share that holds up to a limit of what the rule counts; the last step may have none."""

    up_to: Limit | None = None
    share: Share


class RefundForm(Record):
    """What one payer gives back to another: a share, steps of shares, or an amount a day."""

    from_: Payer = Field(alias="from")
    to: Payer
    share: Share | None = None
    steps: tuple[StepForm, ...] = ()
    per_day: Positive | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> RefundForm:
        if sum((self.share is not None, bool(self.steps), self.per_day is not None)) != 1:
            raise fail("write one of share, steps and per_day")
        if self.from_ == self.to:
            raise fail(f"'{self.to}' would refund itself")
        if any(step.up_to is None for step in self.steps[:-1]):
            raise fail("only the last step can do without 'up_to'")
        return self


class CounterForm(Record):
    """What the steps of a rule are steps of, person by person.

    `counts` is days, weeks or cost added up, or the time since the first day. `window` is when it
    starts anew: a running year from the person's first day, the calendar year, or never (no key).
    """

    counts: Counts
    window: Literal["running_year", "calendar_year"] | None = None
    anew: Literal["next_day", "anniversary"] | None = None
    from_: Day | None = Field(alias="from", default=None)

    @model_validator(mode="after")
    def _fitting(self) -> CounterForm:
        if (self.window == "running_year") != (self.anew is not None):
            raise fail("'anew' goes with window: running_year")
        if self.counts == "time" and self.window is not None:
            raise fail("the time since the first day has no window")
        if self.counts == "cost" and self.window == "running_year":
            raise fail("cost is counted in the calendar year, or without a window")
        return self


def _shares(value: object) -> object:
    if not isinstance(value, dict) or not value:
        raise fail("write who pays which share, such as {kommune: 1}")
    return value


class PeriodForm(Record):
    """How bills are settled from one day to another, both included; a missing day is open."""

    valid_from: Day | None = None
    valid_to: Day | None = None
    pays: Annotated[dict[Payer, Share], BeforeValidator(_shares)]
    refunds: tuple[RefundForm, ...] = ()
    note: Line | None = None

    @model_validator(mode="after")
    def _sound(self) -> PeriodForm:
        total = sum(self.pays.values(), Decimal(0))
        if total != 1:
            raise fail(f"the shares of 'pays' add to {total:f}; they must add to 1")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise fail("valid_to is before valid_from")
        for refund in self.refunds:
            if refund.to not in self.pays:
                raise fail(f"'{refund.to}' pays nothing, so it gets nothing back")
        for payer, share in self.pays.items():
            back = _most_back([one for one in self.refunds if one.to == payer])
            if back > share:
                raise fail(
                    f"'{payer}' pays {share:f} of the bill and would get {back:f} of it back"
                )
        return self


def _most_back(refunds: list[RefundForm]) -> Decimal:
    """Return the largest share of a bill that refunds by share or step give back together."""
    limits = {_size(step.up_to) for one in refunds for step in one.steps}
    return max(
        sum((_share_at(one, at) for one in refunds), Decimal(0)) for at in limits | {_ENDLESS}
    )


def _share_at(refund: RefundForm, at: Decimal) -> Decimal:
    """Return what a refund gives back just below a limit."""
    if refund.share is not None:
        return refund.share
    return next((step.share for step in refund.steps if at <= _size(step.up_to)), Decimal(0))


def _size(limit: Decimal | str | None) -> Decimal:
    if limit is None:
        return _ENDLESS
    return Decimal(calendar_months(limit) or 0) if isinstance(limit, str) else limit


class StayForm(Record):
    """A stay of a worked example: its first and last day, and what it costs."""

    person: Line = ""
    from_: Day = Field(alias="from")
    to: Day
    per_day: Positive | None = None
    cost: Positive | None = None

    @model_validator(mode="after")
    def _one_cost(self) -> StayForm:
        if (self.per_day is None) == (self.cost is None):
            raise fail("write either per_day or cost")
        if self.to < self.from_:
            raise fail("the stay ends before it begins")
        return self

    @property
    def days(self) -> int:
        """Days of the stay, the first and the last included."""
        return (self.to - self.from_).days + 1

    @property
    def kroner(self) -> Decimal:
        """What the stay costs."""
        return self.cost if self.cost is not None else (self.per_day or Decimal(0)) * self.days


class ExampleForm(Record):
    """A worked example: people's stays, and what each payer bears of them, by hand."""

    what: Words
    stays: tuple[StayForm, ...]
    bears: dict[Payer, Annotated[Decimal, PlainValidator(_number), _NUMBER]]


class RuleForm(Record):
    """A rule of law on who pays, with its reference, periods and worked examples."""

    title: Text
    law: Words
    source: Words
    note: Line | None = None
    last_checked: Day | None = None
    next_update: Day | None = None
    counter: CounterForm | None = None
    periods: tuple[PeriodForm, ...]
    examples: tuple[ExampleForm, ...] = ()

    @model_validator(mode="after")
    def _periods_in_order(self) -> RuleForm:
        if not self.periods or not all(one.stays for one in self.examples):
            raise fail("a rule has one period at least, an example one stay")
        for before, after in pairwise(self.periods):
            if before.valid_to is None or after.valid_from is None:
                raise fail("only the first period can lack valid_from, the last one valid_to")
            if after.valid_from <= before.valid_to:
                raise fail(f"the period from {after.valid_from} begins before the last one ends")
        return self

    @model_validator(mode="after")
    def _steps_are_counted(self) -> RuleForm:
        stepped = [one for one in self.periods if any(refund.steps for refund in one.refunds)]
        if bool(stepped) != (self.counter is not None):
            raise fail(
                "steps need a 'counter' that says what they count"
                if stepped
                else "a counter does nothing without steps"
            )
        for period in stepped:
            assert self.counter is not None
            first = self.counter.from_
            if first is not None and (period.valid_from is None or period.valid_from < first):
                raise fail(f"a period with steps begins before the counter does ({first})")
            for refund in period.refunds:
                _check_limits(refund.steps, self.counter.counts)
        return self


def _check_limits(steps: tuple[StepForm, ...], counts: Counts) -> None:
    """Limits are of the kind that is counted, and rise."""
    sizes = []
    for step in steps:
        if step.up_to is None:
            continue
        if isinstance(step.up_to, str) != (counts == "time"):
            wanted = "a length of time such as '2 years'" if counts == "time" else "a number"
            raise fail(f"up_to: {step.up_to} is not {wanted}, as the counter counts {counts}")
        if isinstance(step.up_to, str):
            sizes.append(Decimal(calendar_months(step.up_to) or 0))
        else:
            sizes.append(step.up_to)
    if any(after <= before for before, after in pairwise(sizes)):
        raise fail("the limits of steps must rise")
