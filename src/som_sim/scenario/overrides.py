"""Changes to a scenario, named by path: what a strategy changes, and what ``--set`` changes.

A path is written as messages write it: ``programmes.icm_guides.places``,
``transitions[3].rate_per_year``. The changed tree is a new one; the place of a changed value is
that of the change, so that a message points at the line to mend.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from som_sim.core.errors import Path, Problem, path_text, suggest
from som_sim.core.yaml_tree import Document, Position

SET = "--set"
"""What messages name as the file of a change made on the command line."""

SHARED = (
    "som_sim", "meta", "time", "domains", "clocks", "leave", "strata", "strategies", "targets",
    "observations", "values", "posterior", "sources", "indices", "money", "accounts",
)  # fmt: skip
"""Axes and yardsticks: strategies can only be compared when they have these in common."""

OF_A_STATE = ("places", "priority")
"""What strategies may change of a state: ``domains.housing.shelter.places`` and ``.priority``."""
STATE_DEPTH = 3

MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_STEP = re.compile(r"\.?(?P<name>[^.\[\]]+)|\[(?P<index>[0-9]{1,9})\]")


def parse_path(text: str) -> Path:
    """Read a path as `som_sim.core.errors.path_text` writes it.

    Raises
    ------
    ValueError
        When the text is no path.

    Examples
    --------
    >>> parse_path("transitions[3].to.own_home")
    ('transitions', 3, 'to', 'own_home')
    """
    parts: list[str | int] = []
    at = 0
    while found := _STEP.match(text, at):
        name, dotted = found.group("name"), found.group().startswith(".")
        if name is not None and dotted != bool(parts):
            break
        parts.append(int(found.group("index")) if name is None else name)
        at = found.end()
    if at < len(text) or not parts:
        raise ValueError(f"'{text}' is not a path; write it as prices.act_team.amount")
    return tuple(parts)


def apply_overrides(
    document: Document, overrides: Mapping[str, object], origin: Path | None
) -> tuple[Document, list[Problem]]:
    """Return the document with some values replaced or added.

    Parameters
    ----------
    document
        The tree to change; it stays as it is.
    overrides
        The new value of each path. The thing that holds it must exist; the last key may be new.
    origin
        The path in `document` where `overrides` stand, for a strategy. None for ``--set``, which
        may also change what strategies share.

    Returns
    -------
    Document
        With every override that could be applied.
    list of Problem
        One for every other.
    """
    data: Any = document.data
    positions = dict(document.positions)
    problems: list[Problem] = []
    for text, value in overrides.items():
        try:
            path = existing(data, parse_path(text))
            _allowed(path, origin)
        except ValueError as error:
            problems.append(_problem(document, text, str(error), origin))
            continue
        data = _replaced(data, path, value)
        for known in [one for one in positions if one[: len(path)] == path]:
            del positions[known]
        if origin is None:
            positions[path] = Position(file=SET)
        else:
            there = (*origin, text)
            for known, position in document.positions.items():
                if known[: len(there)] == there:
                    positions[path + known[len(there) :]] = position
    return replace(document, data=data, positions=MappingProxyType(positions)), problems


def _problem(document: Document, text: str, message: str, origin: Path | None) -> Problem:
    if origin is None:
        return Problem(path=(), message=f"{text}: {message}", file=SET)
    return document.problem((*origin, text), message, at_key=True)


def _allowed(path: Path, origin: Path | None) -> None:
    section = path[0]
    if section == "som_sim":
        raise ValueError("som_sim says how to read the file and cannot be changed")
    of_a_state = section == "domains" and len(path) > STATE_DEPTH and path[3] in OF_A_STATE
    if origin is not None and section in SHARED and not of_a_state:
        raise ValueError(f"all strategies share '{section}'; change it in its own section")


def existing(data: object, path: Path, *, new: bool = True) -> Path:
    """Return the path with each key as it stands in the tree (``2018`` may be text or a number).

    Parameters
    ----------
    data
        The tree.
    path
        A path that leads into it.
    new
        Whether the last key may be one that is not there yet.

    Raises
    ------
    ValueError
        With the sentence for the user, when it leads nowhere.
    """
    found: list[str | int] = []
    for depth, part in enumerate(path):
        last = depth == len(path) - 1
        holder = path_text(tuple(found)) or "the file"
        key: str | int = part
        below: Any = None
        if isinstance(data, list):
            if not isinstance(part, int) or part >= len(data):
                size = f"[0] to [{len(data) - 1}]" if data else "nothing"
                raise ValueError(f"{holder} is a list that has {size}")
            below = data[part]
        elif isinstance(data, dict):
            key = next((one for one in data if str(one) == str(part)), part)
            if key not in data and not (last and new):
                raise ValueError(f"{holder} has no '{part}'; {suggest(part, map(str, data))}")
            below = data.get(key)
        else:
            raise ValueError(f"{holder} holds one value, with nothing below it")
        found.append(key)
        data = below
    return tuple(found)


def _replaced(data: Any, path: Path, value: object) -> Any:
    """Return a tree that shares all but the changed branch with `data`."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    changed = data.copy()
    changed[head] = _replaced(data[head], rest, value) if rest else value
    return in_month_order(data, changed) if isinstance(data, dict) else changed


def in_month_order(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, Any]:
    """Return a schedule to which months were added with each in its place.

    What is no schedule, or had its months in another order before, stays as it is: an order that
    the user wrote is the user's to mend.

    Examples
    --------
    >>> before = {"2020-01": 1, "2021-01": 2}
    >>> list(in_month_order(before, before | {"2020-06": 3}))
    ['2020-01', '2020-06', '2021-01']
    """
    months = [str(key) for key in before]
    if len(after) == len(before) or not months or months != sorted(months):
        return after
    if not all(MONTH.fullmatch(str(key)) for key in after):
        return after
    return dict(sorted(after.items(), key=lambda one: str(one[0])))
