"""A file without the items that are wrong in themselves, for checking the rest of it.

An item that is taken out still counts as declared (`names`), list positions keep their meaning
(`Rest.original`), and what only seems wrong because something is gone is not said (`Rest.follows`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from som_sim.core.errors import Path, Problem

ITEMS: tuple[Path, ...] = (
    ("clocks",),
    ("parameters",),
    ("population", "initial"),
    ("population", "arrivals"),
    ("transitions",),
    ("programmes",),
    ("prices",),
    ("accounts",),
    ("knowledge", "rules"),
    ("indices",),
    ("grants",),
    ("values",),
    ("targets",),
    ("observations",),
    ("strategies",),
    ("sources",),
)
"""Sections whose items stand on their own; of other sections the whole is taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What is left of a tree.

    Attributes
    ----------
    data
        The tree without some of its items; it shares all else with the tree it was.
    removed
        The paths taken out.
    kept
        For each list that was shortened, the positions in the file of what is left.
    """

    data: Any
    removed: frozenset[Path]
    kept: dict[Path, list[int]]

    def original(self, path: Path) -> Path:
        """Return the path in the file of a path in `data`."""
        for parent in sorted(self.kept, key=len):  # a list before the lists within it
            size = len(parent)
            if path[:size] == parent and len(path) > size and isinstance(path[size], int):
                path = (*parent, self.kept[parent][int(path[size])], *path[size + 1 :])
        return path

    def restored(self, problem: Problem) -> Problem:
        """Return a problem in `data` with its path, and the rows it mentions, as in the file."""
        rows = self.kept.get(("transitions",))
        message = problem.message
        if rows is not None:
            message = re.sub(
                r"\btransitions\[(\d+)\]", lambda row: f"transitions[{rows[int(row[1])]}]", message
            )
        return replace(problem, path=self.original(problem.path), message=message)

    def follows(self, problem: Problem) -> bool:
        """Say whether a problem may be there only because something was taken out."""
        gone = {path[0] for path in self.removed}
        if problem.path == ("population",):
            return "population" in gone
        if problem.path == ():
            return "money" in gone
        at_effect = problem.path[:1] == ("programmes",) and problem.path[2:3] == ("effects",)
        return at_effect and len(problem.path) == 4 and "transitions" in gone


def item_of(path: Path) -> Path:
    """Return what to take out for a problem at a path; the path ``()`` means the whole file.

    Examples
    --------
    >>> item_of(("prices", "bed_day", "payers", "kommune"))
    ('prices', 'bed_day')
    >>> item_of(("time", "from"))
    ('time',)
    """
    for section in ITEMS:
        if path[: len(section)] == section:
            return path[: len(section) + 1]
    return path[:1]


def without(data: Any, paths: Iterable[Path]) -> Rest:
    """Return a tree without the items at some paths."""
    removed: set[Path] = set()
    for path in sorted(paths, key=len):
        if not any(path[:size] in removed for size in range(len(path))):
            removed.add(path)
    kept: dict[Path, list[int]] = {}
    data = _copy(data, (), removed, kept)
    return Rest(data=data, removed=frozenset(removed), kept=kept)


def _copy(data: Any, path: Path, removed: set[Path], kept: dict[Path, list[int]]) -> Any:
    if not any(one[: len(path)] == path for one in removed):
        return data
    if isinstance(data, list):
        indices = [index for index in range(len(data)) if (*path, index) not in removed]
        if len(indices) < len(data):
            kept[path] = indices
        return [_copy(data[index], (*path, index), removed, kept) for index in indices]
    return {
        key: _copy(value, (*path, key), removed, kept)
        for key, value in data.items()
        if (*path, key) not in removed
    }
