"""Who pays a price: shares, a rule of law by name, or a rule with the days that lie within it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from som_sim.core.records import Evidence, Name, Record, fail
from som_sim.core.time import DAYS_PER_UNIT
from som_sim.knowledge.rule_forms import Day, Payer, Share, calendar_months
from som_sim.knowledge.rules import PayerRule, PayerSplit, Refund, Step, make_rule, payer_rules

if TYPE_CHECKING:
    from som_sim.scenario.clocks import Clock
    from som_sim.scenario.schema import ScenarioFile


MOST_HISTORIES = 100_000


class Law(Record):
    """The date whose rules hold throughout the run."""

    as_of: Day


def _limits(value: object) -> object:
    """Let limits be numbers or lengths of time; as keys they are texts."""
    return {str(key): one for key, one in value.items()} if isinstance(value, dict) else value


class RuleUse(Evidence):
    """A rule that counts what each person has used, and how a run of expected numbers knows it.

    By shares of the bill `within` each limit; by a `clock` of the model; or measured on so many
    `histories` of single persons.
    """

    rule: Name
    within: Annotated[dict[str, Share], BeforeValidator(_limits)] = Field(default_factory=dict)
    clock: Name | None = None
    histories: StrictInt | None = Field(default=None, ge=1, le=MOST_HISTORIES)

    @model_validator(mode="after")
    def _one_way(self) -> RuleUse:
        if sum((bool(self.within), self.clock is not None, self.histories is not None)) > 1:
            raise fail("write one of within, clock and histories")
        return self

    @property
    def measured(self) -> bool:
        """Whether the shares are found by running the model."""
        return self.clock is not None or self.histories is not None

    def shares(self) -> dict[Decimal, Decimal]:
        """Return the share within each limit, in the unit of the rule's steps."""
        return {limit_of(key): share for key, share in self.within.items()}


def limit_of(key: str) -> Decimal:
    """Return a limit as the steps of a rule hold it.

    Raises
    ------
    ArithmeticError
        When it is neither a number nor a length of time.

    Examples
    --------
    >>> limit_of("120"), limit_of("2 years")
    (Decimal('120'), Decimal('24'))
    """
    months = calendar_months(key)
    return Decimal(key) if months is None else Decimal(months)


def rule_names(spec: ScenarioFile) -> tuple[str, ...]:
    """Return the names of all rules, a municipality's own first."""
    own = spec.knowledge.rules if spec.knowledge else {}
    return tuple(dict.fromkeys([*own, *payer_rules()]))


def rule_in(spec: ScenarioFile, name: str) -> PayerRule | None:
    """Return a rule as a scenario sees it: its own before the packaged one, at the law's date."""
    own = spec.knowledge.rules.get(name) if spec.knowledge else None
    rule = make_rule(name, own) if own else payer_rules().get(name)
    return rule.as_of(spec.law.as_of) if rule and spec.law else rule


def ways_to_split(
    spec: ScenarioFile, payers: str | RuleUse | Mapping[Payer, Decimal]
) -> tuple[PayerSplit, ...]:
    """Return the dated plain splits of a price; a period that cannot be one is left out.

    A refund by steps becomes a plain share where the file says how much lies within each limit.
    """
    if isinstance(payers, Mapping):
        return (PayerSplit(pays=tuple((one, Fraction(share)) for one, share in payers.items())),)
    name, within = (payers, {}) if isinstance(payers, str) else (payers.rule, payers.shares())
    rule = rule_in(spec, name)
    found = [plain_split(split, within) for split in rule.periods] if rule else []
    return tuple(split for split in found if split is not None)


def plain_split(split: PayerSplit, within: Mapping[Decimal, Decimal]) -> PayerSplit | None:
    """Return a split with plain shares for its steps, or None when `within` lacks a limit.

    Examples
    --------
    >>> from datetime import date
    >>> split = payer_rules()["dk_section_110"].on(date(2024, 1, 1))
    >>> plain_split(split, {Decimal(120): Decimal("0.6")}).refunds[0].share
    Fraction(3, 10)
    """
    if any(refund.per_day is not None for refund in split.refunds):
        return None
    if any(limit not in within for limit in split.limits):
        return None
    return replace(split, refunds=tuple(_plain(refund, within) for refund in split.refunds))


def _plain(refund: Refund, within: Mapping[Decimal, Decimal]) -> Refund:
    share, below = Fraction(0), Fraction(0)
    for step in refund.steps:
        here = Fraction(1) if step.up_to is None else Fraction(within[step.up_to])
        share += step.share * (here - below)
        below = here
    return replace(refund, steps=(Step(up_to=None, share=share),))


def bins_within(clock: Clock, rule: PayerRule, limit: Decimal) -> tuple[str, ...] | None:
    """Return the times of a clock that lie within a limit of a rule; None without such an edge."""
    weeks = rule.counter is not None and rule.counter.counts == "weeks"
    days = float(limit) * (DAYS_PER_UNIT["week"] if weeks else 1.0)
    number = next((n for n, edge in enumerate(clock.edges) if edge.days == days), None)
    return None if number is None else clock.bins[: number + 1]
