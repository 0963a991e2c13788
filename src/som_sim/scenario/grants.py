"""Grants as a user writes them: tranches, what they cover, and on what terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, StrictInt, model_validator

from som_sim.scenario.quantities import Kroner, Month, Number, fail
from som_sim.scenario.records import Evidence, Name, Names, Record, Text

Payer = Literal["kommune", "region", "stat", "fond", "borger"]


def _check_share(share: Decimal) -> None:
    if not 0 < share <= 1:
        raise fail(f"share {share:f} is not a share above 0 and at most 1")


class GrantCondition(Evidence):
    """What a tranche still needs, and how likely it is to come; the base case takes it as given."""

    needs: Text
    probability: Number | None = None

    @model_validator(mode="after")
    def _a_probability(self) -> GrantCondition:
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise fail(f"probability {self.probability:f} is not a probability (0 to 1)")
        return self


class Clawback(Record):
    """Fewer people than agreed: the share that is missing, of what was used, is paid back."""

    programme: Name
    at_least: Number
    share: Number = Decimal(1)

    @model_validator(mode="after")
    def _in_range(self) -> Clawback:
        if self.at_least <= 0:
            raise fail("at_least is a number of people above 0")
        _check_share(self.share)
        return self


class Grant(Evidence):
    """Money from a funder, in tranches by calendar year."""

    label: Text | None = None
    funder: Payer
    to: Payer
    covers: Names = Field(min_length=1)
    share: Number = Decimal(1)
    tranches: dict[int, Kroner] = Field(min_length=1)
    total: Kroner
    paid: Literal["yearly", "quarterly"] = "yearly"
    from_: Month | None = Field(alias="from", default=None)
    conditions: dict[int, GrantCondition] = Field(default_factory=dict)
    unspent: Literal["returned", "carried"]
    approved: tuple[StrictInt, ...] | None = None
    clawback: Clawback | None = None

    @model_validator(mode="after")
    def _on_its_terms(self) -> Grant:
        _check_share(self.share)
        for year in self.conditions:
            if year not in self.tranches:
                raise fail(f"conditions: {year} has no tranche")
        if self.approved is not None and self.unspent != "carried":
            raise fail("'approved' names years whose unspent money is carried: unspent: carried")
        for year in self.approved or ():
            if not min(self.tranches) <= year < max(self.tranches):
                raise fail(f"approved: {year} is not before the last tranche, and after the first")
        if self.from_ is not None:
            if self.paid != "quarterly":
                raise fail("'from' is the first month of quarterly payment; write paid: quarterly")
            first = min(self.tranches)
            if self.from_.start.year != first:
                raise fail(
                    f"from {self.from_.text} is not in the year of the first tranche, {first}"
                )
        return self
