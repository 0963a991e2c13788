"""Every number of a file with its evidence: its own, or that of the item that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from som_sim.core.errors import Path
from som_sim.core.time import Duration
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.schedules import Schedule
from som_sim.scenario.schema import (
    Grant,
    Index,
    Observation,
    Parameter,
    Price,
    ScenarioFile,
    Target,
    Transition,
    Value,
)

SECTIONS = (
    "parameters", "population", "transitions", "programmes", "prices", "indices", "grants",
    "values", "targets", "observations", "correlations",
)  # fmt: skip
"""Where the numbers stand that somebody must be able to vouch for."""

OWN_NUMBERS = (Price, Index, Grant, Target, Observation, Value)
"""Items with a number of their own, whatever other numbers stand in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A number as stated in the file.

    Attributes
    ----------
    path
        Where it stands.
    source, grade
        Its evidence; empty when nothing is said.
    """

    path: Path
    source: str
    grade: str


def stated(spec: ScenarioFile) -> Iterator[Stated]:
    """Yield every number of a file that is stated and not calculated from others.

    A number in an item has the item's evidence when it has none of its own. What only names a
    parameter is not stated there: the parameter is.
    """
    for section in SECTIONS:
        yield from _below(getattr(spec, section), (section,), "", "")


def _below(value: Any, path: Path, source: str, grade: str) -> Iterator[Stated]:
    if isinstance(value, Quantity):
        if value.number is not None:
            yield Stated(path=path, source=value.source or source, grade=value.grade or grade)
    elif isinstance(value, Schedule):
        inside = (*path, "posts") if value.times else path
        for period, quantity in value.steps:
            yield from _below(quantity, (*inside, period.text) if period else inside, source, grade)
        if value.times:
            yield from _below(value.times, (*path, "caseload"), source, grade)
    elif isinstance(value, BaseModel):
        source = getattr(value, "source", None) or source
        grade = getattr(value, "grade", None) or grade
        if _has_own_number(value):
            yield Stated(path=path, source=source, grade=grade)
            return
        for key, field in type(value).model_fields.items():
            yield from _below(getattr(value, key), (*path, field.alias or key), source, grade)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _below(inner, (*path, key), source, grade)
    elif isinstance(value, tuple) and not all(isinstance(one, float) for one in value):
        for position, inner in enumerate(value):
            yield from _below(inner, (*path, position), source, grade)


def _has_own_number(value: BaseModel) -> bool:
    if isinstance(value, Parameter):
        return isinstance(value.amount, Decimal | Duration)
    if isinstance(value, Transition) and value.counts is not None:
        return True
    return isinstance(value, OWN_NUMBERS)
