"""What the sections of a scenario are built of; most of it is what every file is built of."""

from __future__ import annotations

from pydantic import Field

from som_sim.core.records import Evidence as Evidence
from som_sim.core.records import Line as Line
from som_sim.core.records import Name as Name
from som_sim.core.records import Names as Names
from som_sim.core.records import Record as Record
from som_sim.core.records import SomeNames as SomeNames
from som_sim.core.records import Text as Text
from som_sim.core.records import Words as Words
from som_sim.scenario.quantities import Month


class Window(Record):
    """First and last month of a window, both included."""

    from_: Month = Field(alias="from")
    to: Month
