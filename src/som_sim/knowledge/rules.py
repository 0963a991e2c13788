"""Rules of law on who pays, as dated data: packaged, or from a municipality's own file.

A period of a rule says who settles a bill and what others give back of it. What is given back is a
share, steps of shares over what the rule counts for each person (days, weeks, time, cost), or an
amount a day. One engine (`som_sim.ledger.settle`) reads them all; no rule has code of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from som_sim.knowledge.files import packaged, packaged_discount_rates
from som_sim.knowledge.rule_forms import (
    CounterForm,
    ExampleForm,
    PeriodForm,
    RefundForm,
    RuleForm,
    calendar_months,
)

Counter = CounterForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The share given back up to a limit of what is counted.

    Attributes
    ----------
    up_to
        The limit: days, weeks or kroner, as the counter counts; calendar months for time; None for
        no limit.
    share
        Of the bill, 0 to 1.
    """

    up_to: Decimal | None
    share: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """What one payer gives back to another of the same bill.

    Attributes
    ----------
    giver, receiver
        Payers.
    steps
        Shares by what is counted; a plain share is one step without a limit. What lies beyond the
        last limit is not refunded.
    per_day
        Kroner a day in place of a share, at most what the receiver still bears of the bill after
        refunds by share; else None.
    """

    giver: str
    receiver: str
    steps: tuple[Step, ...]
    per_day: Decimal | None = None

    @property
    def counted(self) -> bool:
        """Whether it needs to know what a person has used so far."""
        return any(step.up_to is not None for step in self.steps)

    @property
    def share(self) -> Fraction:
        """The share of a refund that is a plain share."""
        if self.counted or self.per_day is not None:
            raise ValueError("this refund is no plain share")
        return self.steps[0].share


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerSplit:
    """How one bill is settled while a rule holds.

    Attributes
    ----------
    pays : tuple of (payer, share)
        Who settles the bill; shares add to 1.
    refunds
        What others give back of the same bill.
    valid_from, valid_to
        First and last day, both included; None is open.
    """

    pays: tuple[tuple[str, Fraction], ...]
    refunds: tuple[Refund, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Tell whether the split is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    @property
    def counted(self) -> bool:
        """Whether it needs to know what each person has used so far."""
        return any(refund.counted for refund in self.refunds)

    @property
    def plain(self) -> bool:
        """Whether it is shares of the bill and nothing else."""
        return not any(refund.counted or refund.per_day is not None for refund in self.refunds)

    @property
    def limits(self) -> tuple[Decimal, ...]:
        """Every limit of its steps, each once, rising."""
        found = {step.up_to for one in self.refunds for step in one.steps}
        return tuple(sorted(limit for limit in found if limit is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerRule:
    """A rule of law on who pays, as dated splits.

    Attributes
    ----------
    counter
        What the steps count, person by person; None when there are none.
    examples
        Worked by hand; they are run as tests.
    """

    name: str
    title: Mapping[str, str]
    law: str
    source: str
    periods: tuple[PayerSplit, ...]
    counter: Counter | None = None
    note: str = ""
    examples: tuple[ExampleForm, ...] = ()

    def on(self, day: dt.date) -> PayerSplit | None:
        """Return the split in force on a day, or None where the rule has none."""
        return next((period for period in self.periods if period.holds_on(day)), None)

    def as_of(self, day: dt.date) -> PayerRule:
        """Return the rule as it was on a day, as if it held at all times.

        Where the rule says nothing about the day, what is returned says nothing about any day.

        Examples
        --------
        >>> old = payer_rules()["dk_section_110"].as_of(dt.date(2023, 9, 30))
        >>> old.on(dt.date(2030, 1, 1)).refunds[0].share
        Fraction(1, 2)
        """
        split = self.on(day)
        if split is None:
            return replace(self, periods=(), counter=None)
        always = replace(split, valid_from=None, valid_to=None)
        counter = self.counter.model_copy(update={"from_": None}) if self.counter else None
        return replace(self, periods=(always,), counter=counter if split.counted else None)


def make_rule(name: str, form: RuleForm) -> PayerRule:
    """Return a rule from what its file says."""
    return PayerRule(
        name=name,
        title=MappingProxyType({"da": form.title.da, "en": form.title.en}),
        law=form.law,
        source=form.source,
        note=form.note or "",
        counter=form.counter,
        examples=form.examples,
        periods=tuple(_split(period) for period in form.periods),
    )


def _split(period: PeriodForm) -> PayerSplit:
    return PayerSplit(
        pays=tuple((str(payer), Fraction(share)) for payer, share in period.pays.items()),
        refunds=tuple(_refund(one) for one in period.refunds),
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )


def _refund(form: RefundForm) -> Refund:
    steps = [
        Step(
            up_to=Decimal(calendar_months(step.up_to) or 0)
            if isinstance(step.up_to, str)
            else step.up_to,
            share=Fraction(step.share),
        )
        for step in form.steps
    ]
    if form.share is not None:
        steps = [Step(up_to=None, share=Fraction(form.share))]
    return Refund(giver=form.from_, receiver=form.to, steps=tuple(steps), per_day=form.per_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountRate:
    """A yearly real rate that may step down with the years since the base year.

    Attributes
    ----------
    steps : tuple of (first year since base, rate)
    """

    name: str
    source: str
    steps: tuple[tuple[int, float], ...]

    def rate(self, years_since_base: int) -> float:
        """Return the rate of a year.

        Examples
        --------
        >>> discount_rates()["dk_ministry_2021"].rate(36)
        0.025
        """
        return [rate for first, rate in self.steps if first <= max(years_since_base, 0)][-1]


@cache
def payer_rules() -> Mapping[str, PayerRule]:
    """Return the packaged payer rules by name.

    Examples
    --------
    >>> payer_rules()["dk_section_110"].on(dt.date(2019, 1, 1)).refunds[0].share
    Fraction(1, 2)
    """
    rules = packaged("payer_rules.yaml").rules
    return MappingProxyType({name: make_rule(name, form) for name, form in rules.items()})


@cache
def discount_rates() -> Mapping[str, DiscountRate]:
    """Return the packaged discount rates by name."""
    rates = packaged_discount_rates().discount_rates
    return MappingProxyType(
        {
            name: DiscountRate(
                name=name,
                source=rate.source,
                steps=tuple((first, float(value)) for first, value in rate.steps.items()),
            )
            for name, rate in rates.items()
        }
    )
