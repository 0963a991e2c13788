"""What differs between two scenario files, item by item.

Both are taken as one tree each, with what they extend. A difference is one value
where values can be changed one by one, else an item: a named record, a row of a list, or a section.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from som_sim.core.errors import Path, path_text
from som_sim.scenario.digests import digest
from som_sim.scenario.workbook_layout import KEYED

Tree = dict[str | int, Any]


class Missing:
    """Stands where a file has nothing."""

    def __repr__(self) -> str:
        return "-"


MISSING = Missing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A value that differs.

    Attributes
    ----------
    path
        Where it stands; in a list that has grown or shrunk, by its number in the file that has it.
    before, after
        The values; `MISSING` where a file has nothing there.
    """

    path: Path
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that differs in one item.

    Attributes
    ----------
    path
        Of the item.
    after
        The whole item in the second file; `MISSING` when it is not there.
    changes : tuple of Change
    """

    path: Path
    after: Any
    changes: tuple[Change, ...]

    @property
    def place(self) -> str:
        """The path as users know it."""
        return path_text(self.path)


def differences(before: Tree, after: Tree) -> tuple[Difference, ...]:
    """Return what differs between two trees, in the order of the first.

    Examples
    --------
    >>> [(one.place, one.changes[0].before, one.changes[0].after)
    ...  for one in differences({"prices": {"a": {"amount": 1}}}, {"prices": {"a": {"amount": 2}}})]
    [('prices.a', 1, 2)]
    """
    found = []
    for path in _items(before, after):
        one, other = _at(before, path), _at(after, path)
        if _same(one, other):
            continue
        changes = tuple(_changes(one, other, path))
        if len(changes) > 1 and _apart(before, path, other, changes):
            found += [Difference(path=it.path, after=it.after, changes=(it,)) for it in changes]
        else:
            found.append(Difference(path=path, after=other, changes=changes))
    return tuple(found)


def with_difference(tree: Tree, difference: Difference) -> Tree:
    """Return a tree in which one item is as the second file has it."""
    changed: Tree = _with(tree, difference.path, difference.after)
    return changed


def _apart(tree: Tree, path: Path, wanted: Any, changes: tuple[Change, ...]) -> bool:
    """Say whether the changes of an item can be made one by one."""
    for change in changes:
        inside = [_at(tree, change.path[:depth]) for depth in range(len(change.path))]
        if any(isinstance(one, Missing) for one in inside):
            return False
        if isinstance(inside[-1], list) and isinstance(change.after, Missing):
            return False
        if isinstance(inside[-1], list) and isinstance(change.before, Missing):
            return False
        tree = _with(tree, change.path, change.after)
    return _same(_at(tree, path), wanted)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Missing) or isinstance(other, Missing):
        return one is other
    return digest(one) == digest(other)


def _keys(one: Any, other: Any) -> list[str]:
    """Return the keys of two mappings, in the order of the first, then those of the second."""
    return list(dict.fromkeys([*map(str, one), *map(str, other)]))


def _at(tree: Any, path: Path) -> Any:
    for part in path:
        if isinstance(tree, list):
            tree = tree[part] if isinstance(part, int) and part < len(tree) else MISSING
        elif isinstance(tree, dict):
            tree = next((one for key, one in tree.items() if str(key) == str(part)), MISSING)
        else:
            return MISSING
    return tree


def _items(before: Tree, after: Tree) -> Iterator[Path]:
    """Yield the path of every item that either tree has."""
    for section in _keys(before, after):
        one, other = _at(before, (section,)), _at(after, (section,))
        mappings = isinstance(one, dict) and isinstance(other, dict)
        if mappings and section not in KEYED:
            for name in _keys(one, other):
                inner, its = _at(one, (name,)), _at(other, (name,))
                if section == "population" and isinstance(inner, list) and isinstance(its, list):
                    yield from _rows((section, name), inner, its)
                else:
                    yield (section, name)
        elif isinstance(one, list) and isinstance(other, list):
            yield from _rows((section,), one, other)
        else:
            yield (section,)


def _rows(path: Path, one: list[Any], other: list[Any]) -> Iterator[Path]:
    """Yield each row of lists of the same length, else the list."""
    if len(one) == len(other) and all(isinstance(row, dict) for row in (*one, *other)):
        yield from ((*path, number) for number in range(len(one)))
    else:
        yield path


def _changes(one: Any, other: Any, path: Path) -> Iterator[Change]:
    """Yield the values that differ below a path; the order of keys alone is none."""
    if isinstance(one, dict) and isinstance(other, dict) and one and other:
        for key in _keys(one, other):
            yield from _changes(_at(one, (key,)), _at(other, (key,)), (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and _of_records(one, other):
        yield from _row_changes(one, other, path)
    elif not _same(one, other):
        yield Change(path=path, before=one, after=other)


def _of_records(one: list[Any], other: list[Any]) -> bool:
    return all(isinstance(row, dict) for row in (*one, *other))


def _row_changes(one: list[Any], other: list[Any], path: Path) -> Iterator[Change]:
    """Yield what differs between two lists of records, rows that moved up or down left out."""
    matcher = SequenceMatcher(a=[digest(row) for row in one], b=[digest(row) for row in other])
    for _, start, end, from_, to in matcher.get_opcodes():
        left, right = one[start:end], other[from_:to]
        if left == right:
            continue
        if len(left) == len(right):
            for number, (row, its) in enumerate(zip(left, right, strict=True), start=from_):
                yield from _changes(row, its, (*path, number))
            continue
        for number, row in enumerate(left, start=start):
            yield Change(path=(*path, number), before=row, after=MISSING)
        for number, row in enumerate(right, start=from_):
            yield Change(path=(*path, number), before=MISSING, after=row)


def _with(tree: Any, path: Path, value: Any) -> Any:
    head, rest = path[0], path[1:]
    if isinstance(tree, list):
        assert isinstance(head, int)
        return [_with(row, rest, value) if rest and at == head else value if at == head else row
                for at, row in enumerate(tree)]  # fmt: skip
    key = next((one for one in tree if str(one) == str(head)), head)
    if not rest and isinstance(value, Missing):
        return {name: one for name, one in tree.items() if name != key}
    inner = _with(tree.get(key, {}), rest, value) if rest else value
    return {**tree, key: inner}
