"""Grants as a user writes them: tranches, and what they cover."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from som_sim.scenario.quantities import Kroner
from som_sim.scenario.records import Evidence, Names, Text

Payer = Literal["kommune", "region", "stat", "fond", "borger"]


class Grant(Evidence):
    """Money from a funder, in tranches by calendar year."""

    label: Text | None = None
    funder: Payer
    to: Payer
    covers: Names = Field(min_length=1)
    tranches: dict[int, Kroner] = Field(min_length=1)
    total: Kroner
    unspent: Literal["returned", "carried"]
