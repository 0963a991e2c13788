"""``knowledge: my_rules.yaml``: a municipality's own rules and numbers over the packaged ones.

The name of a file, or a list of them, is replaced by what the files say, a later one over an
earlier one, name by name. Each value keeps the place where it stands, so whatever is wrong is told
with its file, line and column; and the digest of the scenario is of what the files say.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from som_sim.core.errors import Path, ScenarioError, suggest
from som_sim.core.read import read_content
from som_sim.core.yaml_tree import Document, Position, parse_yaml
from som_sim.knowledge.files import KnowledgeFile
from som_sim.scenario.files import boundary, read_named
from som_sim.scenario.overrides import SET

SECTION = "knowledge"


def with_knowledge(
    document: Document, folder: str | None, files: Sequence[str | os.PathLike[str]] = ()
) -> Document:
    """Return a document with what its knowledge files say in place of their names.

    Parameters
    ----------
    document
        The scenario, with all that it extends.
    folder
        Where it stands; None for text that came from no file.
    files
        More files, named by who runs the scenario; they are laid over those of the scenario.

    Raises
    ------
    ScenarioError
        When a file cannot be read, or is no knowledge file.
    """
    named = document.data.get(SECTION)
    parts: list[tuple[dict[str | int, Any], Document | None]] = []
    if isinstance(named, dict):
        parts.append((named, None))
    elif named is not None:
        parts += [(one.data, one) for one in _named(document, named, folder)]
    parts += [(one.data, one) for one in map(_given, files)]
    if not parts or (len(parts) == 1 and parts[0][1] is None):
        return document
    data: dict[str | int, Any] = {}
    positions = {
        path: place
        for path, place in document.positions.items()
        if path[:1] != (SECTION,) or isinstance(named, dict) or len(path) == 1
    }
    for content, own in parts:
        for section, items in content.items():
            _lay_over(data, positions, section, items, own)
    return replace(
        document,
        data={**document.data, SECTION: data},
        positions=MappingProxyType(positions),
    )


def _lay_over(
    data: dict[str | int, Any],
    positions: dict[Path, Position],
    section: str | int,
    items: Any,
    own: Document | None,
) -> None:
    """Put a section of a file over what stands there, name by name."""
    below = data.get(section)
    both = isinstance(below, dict) and isinstance(items, dict)
    data[section] = {**below, **items} if both else items  # type: ignore[dict-item]
    if own is None:
        return
    replaced = [(SECTION, section, name) for name in items] if both else [(SECTION, section)]
    for path in [path for path in positions if any(path[: len(one)] == one for one in replaced)]:
        del positions[path]
    for path, place in own.positions.items():
        if path[:1] == (section,):
            positions[(SECTION, *path)] = replace(place, file=own.file)


def _named(document: Document, named: object, folder: str | None) -> list[Document]:
    """Read the files that a scenario names."""
    names = [named] if isinstance(named, str) else named
    if not isinstance(names, list) or not all(isinstance(one, str) and one for one in names):
        message = "write the name of a file such as my_rules.yaml, or a list of them"
        raise ScenarioError([document.problem((SECTION,), message)])
    if folder is None:
        message = (
            "this text stands in no folder to find the file from; load the scenario as a file, or "
            "say which folder is meant (folder=...)"
        )
        raise ScenarioError([document.problem((SECTION,), message)])
    documents = []
    for number, name in enumerate(names):
        path: Path = (SECTION, number) if isinstance(named, list) else (SECTION,)
        position = document.positions.get(path)
        file = position.file if position else None
        home = folder if file is None or file == SET else os.path.dirname(file)
        try:
            found = read_named(name, home, boundary(folder))
        except ValueError as error:
            raise ScenarioError([document.problem(path, str(error))]) from None
        documents.append(_checked(parse_yaml(found.content, found.shown)))
    return documents


def _given(path: str | os.PathLike[str]) -> Document:
    """Read a file that the user of a scenario names."""
    return _checked(read_file(path))


def read_file(path: str | os.PathLike[str]) -> Document:
    """Read a knowledge file as a tree, from wherever it is.

    Raises
    ------
    ScenarioError
        When it cannot be read.
    """
    name, content = read_content(path)
    return parse_yaml(content, name)


def _checked(document: Document) -> Document:
    """Say first when a file is something else: its sections would all seem unknown."""
    known = tuple(KnowledgeFile.model_fields)
    strange = [key for key in document.data if key not in known]
    if strange:
        raise ScenarioError(
            document.problem((key,), f"unknown section; {suggest(key, known)}", at_key=True)
            for key in strange
        )
    return document
