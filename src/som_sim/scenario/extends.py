"""``extends: base.yaml``: a file that says only what differs from another.

The base is read first, with the base that it extends in turn. What the file removes is taken out
of it; then the file's own keys are laid over it: mappings are merged key by key, lists and single
values take the place of what was there. Nothing disappears silently: ``null`` over something is a
problem, and only ``remove`` removes. Every value keeps the place where it stands, in whichever
file that is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from som_sim.core.errors import Path, Problem, ScenarioError, path_text
from som_sim.core.locate import keys_at, near_names
from som_sim.core.yaml_tree import Document, Position
from som_sim.scenario.digests import digest
from som_sim.scenario.documents import parse_document
from som_sim.scenario.files import boundary, read_named
from som_sim.scenario.overrides import existing, in_month_order, parse_path
from som_sim.scenario.prune import Rest, without
from som_sim.scenario.schema import ScenarioFile

EXTENDS, REMOVE = "extends", "remove"
MAX_BASES = 5
"""Longest chain of bases below a file."""

Bases = tuple[tuple[str, str], ...]
Trail = tuple[tuple[str, str], ...]


def extended(document: Document, folder: str | None) -> tuple[Document, Bases]:
    """Return a document with all that it extends, as if it were one file.

    Parameters
    ----------
    document
        The scenario as it stands in its file.
    folder
        Where its base is looked for; None for text that came from no file.

    Returns
    -------
    Document
        Without the keys ``extends`` and ``remove``.
    bases : tuple of (name, digest)
        The file it extends, the file that one extends, and so on; each digest is of the whole tree
        that a base gives.

    Raises
    ------
    ScenarioError
        When a base cannot be read, or cannot be laid under the file.
    """
    if EXTENDS in document.data and folder is None:
        message = (
            "this text stands in no folder to find the file from; load the scenario as a file, or "
            "say which folder is meant (folder=...)"
        )
        raise _error(document, (EXTENDS,), message)
    here = os.path.realpath(os.path.join(folder or "", os.path.basename(document.file)))
    return _extended(document, folder or "", boundary(folder or ""), ((here, document.file),))


def _extended(document: Document, folder: str, within: str, trail: Trail) -> tuple[Document, Bases]:
    """Follow one step of the chain; `trail` holds (true path, name) of every file on the way."""
    if EXTENDS not in document.data:
        _refuse_misspelt(document)
        return document, ()
    name = document.data[EXTENDS]
    if not isinstance(name, str) or not name:
        raise _error(document, (EXTENDS,), "write the name of one file, such as base.yaml")
    try:
        file = read_named(name, folder, within)
    except ValueError as error:
        raise _error(document, (EXTENDS,), str(error)) from None
    if file.identity in [identity for identity, _ in trail]:
        circle = " extends ".join([*(shown for _, shown in trail), file.shown])
        raise _error(document, (EXTENDS,), f"a circle: {circle}")
    if len(trail) > MAX_BASES:
        message = f"a chain of more than {MAX_BASES} bases; extend one that stands nearer the end"
        raise _error(document, (EXTENDS,), message)
    base, bases = _extended(
        _marked(parse_document(file.content, file.shown)),
        os.path.dirname(file.shown),
        within,
        (*trail, (file.identity, file.shown)),
    )
    return _laid_over(base, document), ((file.shown, digest(base.data)), *bases)


def _marked(document: Document) -> Document:
    """Return a document in which each position names the file."""
    positions = {
        path: replace(position, file=document.file) for path, position in document.positions.items()
    }
    return replace(document, positions=MappingProxyType(positions))


def _error(document: Document, path: Path, message: str, *, at_key: bool = False) -> ScenarioError:
    return ScenarioError([document.problem(path, message, at_key=at_key)])


def _refuse_misspelt(document: Document) -> None:
    """Say first what would make all that a base says seem to be missing."""
    if REMOVE in document.data:
        message = "'remove' goes with 'extends': it takes things out of the file that is extended"
        raise _error(document, (REMOVE,), message, at_key=True)
    sections = keys_at(ScenarioFile, ())
    for key in document.data:
        if key not in sections and not near_names(key, sections) and near_names(key, [EXTENDS]):
            message = f"unknown key; did you mean '{EXTENDS}'?"
            raise _error(document, (key,), message, at_key=True)


# One file over another -------------------------------------------------------------------------


def _laid_over(base: Document, own: Document) -> Document:
    """Return a base with what a file removes taken out and what it says laid over."""
    laying = _Laying(base, own)
    data = {key: value for key, value in own.data.items() if key not in (EXTENDS, REMOVE)}
    merged = laying.both(laying.rest.data, data, (), ())
    if laying.problems:
        raise ScenarioError(sorted(laying.problems, key=lambda one: (one.line, one.column)))
    return replace(own, data=merged, positions=MappingProxyType(laying.positions))


class _Laying:
    """One pass over two trees, noting for every value where it stands."""

    def __init__(self, base: Document, own: Document) -> None:
        self.base, self.own = base, own
        self.problems: list[Problem] = []
        self.positions: dict[Path, Position] = {}
        self.rest = self.removed()

    def removed(self) -> Rest:
        """Return what is left of the base."""
        listed = self.own.data.get(REMOVE, [])
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            message = "write a list of paths, such as [programmes.act, prices.act_team]"
            raise _error(self.own, (REMOVE,), message)
        paths = []
        for number, text in enumerate(listed):
            try:
                paths.append(existing(self.base.data, parse_path(text), new=False))
            except ValueError as error:
                message = f"{text}: {error}"
                self.problems.append(self.own.problem((REMOVE, number), message))
        return without(self.base.data, paths)

    def both(self, below: Any, above: Any, path: Path, to: Path) -> Any:
        """Return `above`, which is at `path` of the file, over `below`, as it is at `to`."""
        if not isinstance(below, dict) or not isinstance(above, dict):
            if above is None and below not in (None, {}, []):
                message = (
                    f"nothing stands here, but {self.base.file} says something; to take it out, "
                    f"write '{REMOVE}: [{path_text(to)}]'"
                )
                self.problems.append(self.own.problem(path, message))
            return self.one(above, self.own.positions, path, to)
        self.positions[to] = self.own.positions[path]
        mine = {str(key): key for key in above}  # 2018 and '2018' are the same key
        merged = {}
        for key, value in below.items():
            if str(key) in mine:
                same = mine.pop(str(key))
                merged[key] = self.both(value, above[same], (*path, same), (*to, key))
            else:
                merged[key] = self.one(value, self.base.positions, None, (*to, key))
        for key in mine.values():
            merged[key] = self.one(above[key], self.own.positions, (*path, key), (*to, key))
        return in_month_order(below, merged)

    def one(
        self, value: Any, positions: Mapping[Path, Position], path: Path | None, to: Path
    ) -> Any:
        """Return a value that only one of the files has; `path` is None when that is the base."""
        self.positions[to] = positions[self.rest.original(to) if path is None else path]
        if isinstance(value, dict | list):
            below = value.items() if isinstance(value, dict) else enumerate(value)
            for key, inner in below:
                self.one(inner, positions, None if path is None else (*path, key), (*to, key))
        return value
