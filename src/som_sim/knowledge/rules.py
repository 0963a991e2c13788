"""Payer rules and discount rates, packaged as dated data with their sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from som_sim.core.yaml_tree import parse_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A share of a bill that one payer gives back to another."""

    giver: str
    receiver: str
    share: Fraction


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerRule:
    """A rule of law on who pays, as dated splits."""

    name: str
    title: Mapping[str, str]
    law: str
    source: str
    periods: tuple[PayerSplit, ...]

    def on(self, day: dt.date) -> PayerSplit | None:
        """Return the split in force on a day, or None where the rule has none."""
        return next((period for period in self.periods if period.holds_on(day)), None)


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


def _read(name: str) -> Mapping[str, Any]:
    text = files("som_sim.knowledge").joinpath(name).read_bytes()
    return {str(key): value for key, value in parse_yaml(text, name).data.items()}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@cache
def payer_rules() -> Mapping[str, PayerRule]:
    """Return the packaged payer rules by name.

    Examples
    --------
    >>> payer_rules()["dk_section_110"].on(dt.date(2019, 1, 1)).refunds[0].share
    Fraction(1, 2)
    """
    return MappingProxyType(
        {
            name: PayerRule(
                name=name,
                title=MappingProxyType(rule["title"]),
                law=rule["law"],
                source=rule["source"],
                periods=tuple(
                    PayerSplit(
                        pays=tuple((p, Fraction(share)) for p, share in period["pays"].items()),
                        refunds=tuple(
                            Refund(giver=r["from"], receiver=r["to"], share=Fraction(r["share"]))
                            for r in period.get("refunds", ())
                        ),
                        valid_from=_day(period.get("valid_from")),
                        valid_to=_day(period.get("valid_to")),
                    )
                    for period in rule["periods"]
                ),
            )
            for name, rule in _read("payer_rules.yaml").items()
        }
    )


@cache
def discount_rates() -> Mapping[str, DiscountRate]:
    """Return the packaged discount rates by name."""
    return MappingProxyType(
        {
            name: DiscountRate(
                name=name,
                source=rate["source"],
                steps=tuple((int(first), float(value)) for first, value in rate["steps"].items()),
            )
            for name, rate in _read("discount_rates.yaml").items()
        }
    )
