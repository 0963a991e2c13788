"""Every record and every number of a file, with its path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from som_sim.core.errors import Path, Problem
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.schedules import Schedule


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every record and quantity below a value with its path in the file."""
    if isinstance(value, BaseModel):
        yield path, value
        for key, field in type(value).model_fields.items():
            yield from walk(getattr(value, key), (*path, field.alias or key))
    elif isinstance(value, Quantity):
        yield path, value
    elif isinstance(value, Schedule):
        for period, quantity in value.steps:
            inside = (*path, "posts") if value.times else path
            yield (*inside, period.text) if period else inside, quantity
        if value.times:
            yield (*path, "caseload"), value.times
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, tuple):
        for position, inner in enumerate(value):
            yield from walk(inner, (*path, position))


def problem_at(path: Path, message: str) -> Problem:
    """Return a problem that is placed at the key which a path ends in."""
    return Problem(path=path, message=message, at_key=True)
