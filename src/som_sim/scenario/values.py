"""What is not money: what a year in a home, an entry or a move is worth in a unit of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, StrictInt

from som_sim.scenario.measures import Moves
from som_sim.scenario.quantities import Amount, Number, Where
from som_sim.scenario.records import Evidence, Name, SomeNames, Text

ValueUnit = Literal["person_day", "person_month", "person_year", "entry", "move"]


class Value(Evidence):
    """A value that is not money, per person-time, entry or move."""

    label: Text | None = None
    per: ValueUnit
    in_: Where | None = Field(alias="in", default=None)
    from_: Where | None = Field(alias="from", default=None)
    to: SomeNames | None = None
    amount: Amount
    better: Literal["higher", "lower"] = "higher"
    discount_rate: Name | Number = Decimal(0)
    base_year: StrictInt | None = Field(default=None, ge=1980, le=2100)

    @property
    def moves(self) -> Moves | None:
        """The moves it is counted on; None when it is about time or entries."""
        if self.from_ is None or self.to is None:
            return None
        return Moves.model_validate({"from": self.from_, "to": self.to})
