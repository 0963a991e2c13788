"""A scenario file to a `Scenario`, or to every problem in it.

The stages are: text to tree; the files it extends; changes by ``--set``; for each strategy its
overrides, the tables it names, the sections one by one (pydantic), and what the sections must agree
on (`check`).
Problems of all stages are reported together. An item that is wrong in itself is taken out before
the sections are held against each other, so that one look at the file shows as much as can be
known.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pydantic import ValidationError

from som_sim.core.errors import Path, Problem, ScenarioError
from som_sim.core.locate import keys_at, locate, near_names
from som_sim.core.read import read_content
from som_sim.core.yaml_tree import Document, parse_value
from som_sim.scenario.cautions import cautions
from som_sim.scenario.check import check
from som_sim.scenario.check_case import check_case, problems_of
from som_sim.scenario.digests import digest
from som_sim.scenario.documents import parse_document
from som_sim.scenario.extends import extended
from som_sim.scenario.names import declared_names
from som_sim.scenario.overrides import SET, apply_overrides
from som_sim.scenario.own_knowledge import with_knowledge
from som_sim.scenario.posterior import with_posterior
from som_sim.scenario.prune import item_of, without
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import ScenarioFile
from som_sim.scenario.tables import SECTION as TABLES_IN
from som_sim.scenario.tables import Tables, is_table
from som_sim.scenario.uses import with_entries

MAX_SHOWN = 50
"""Most problems that the text of an error lists; its `problems` hold them all."""


def load(
    path: str | os.PathLike[str],
    *,
    overrides: Mapping[str, str] | None = None,
    knowledge: Sequence[str | os.PathLike[str]] = (),
) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path
        The file.
    overrides
        Changes by path, such as ``{"programmes.act.places": "12"}``; the values are YAML. They come
        before the overrides of the strategies.
    knowledge
        Files of own rules and numbers, laid over those that the scenario names.

    Raises
    ------
    ScenarioError
        With every problem found. What is wrong with the file as such is a problem too.
    """
    name, text = read_content(path, kind="scenario file")
    return loads(text, name, overrides=overrides, folder=os.path.dirname(name), knowledge=knowledge)


def loads(
    text: str | bytes,
    file: str = "<text>",
    *,
    overrides: Mapping[str, str] | None = None,
    folder: str | os.PathLike[str] | None = None,
    knowledge: Sequence[str | os.PathLike[str]] = (),
) -> Scenario:
    """Read a scenario from text.

    Parameters
    ----------
    text
        The content of a file.
    file
        The name to show in messages.
    overrides
        As for `load`.
    folder
        Where the files that the text names are looked for; without it, it can name none.
    knowledge
        As for `load`.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    document = parse_document(text, file)
    if "som_case" in document.data and "som_sim" not in document.data:
        message = "this is a case for SØM's calculation; run it with 'som-sim som'"
        raise ScenarioError([document.problem(("som_case",), message, at_key=True)])
    place = None if folder is None else os.fsdecode(folder)
    document, bases = extended(document, place)
    document, problems = _set(document, overrides or {})
    document = with_entries(with_knowledge(document, place, knowledge))
    tables = Tables(folder=place)
    read: dict[str, _Validated] = {}
    documents: dict[str, Document] = {}
    plain: _Validated | None = None
    for name, changes in _strategies(document):
        if changes:
            origin = ("strategies", name, "overrides")
            changed, found = apply_overrides(document, changes, origin)
            problems += found
            read[str(name)] = _validate(changed, tables)
            documents[str(name)] = changed
        else:
            read[str(name)] = plain = plain or _validate(document, tables)
            documents[str(name)] = document
    problems += _said_once({name: one.errors for name, one in read.items()})
    if plain is None:  # what every strategy overrides must be sound all the same
        problems += _validate(document, tables).errors
    files = (document.file, *(name for name, _ in bases))
    if problems:
        raise _error(_in_order(problems, files))
    strategies = {name: one.spec for name, one in read.items() if one.spec}
    counted = problems_of(check_case(strategies), len(strategies))
    if counted:
        raise _error(_in_order(_placed(counted, document), files))
    warnings = _said_once({name: one.warnings for name, one in read.items()})
    warnings += _placed(cautions(strategies), document)
    return Scenario(
        file=file,
        digest=digest([document.data, tables.content()] if tables.read else document.data),
        bases=bases,
        overrides=MappingProxyType(dict(overrides or {})),
        strategies=MappingProxyType(strategies),
        warnings=tuple(_in_order(warnings, files)),
        documents=MappingProxyType(documents),
    )


def _set(document: Document, overrides: Mapping[str, str]) -> tuple[Document, list[Problem]]:
    """Apply what ``--set`` says."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for path, text in overrides.items():
        try:
            values[path] = parse_value(text, SET)
        except ScenarioError as error:
            problems += [
                Problem(path=(), message=f"{path}: {one.message}", file=SET)
                for one in error.problems
            ]
    document, found = apply_overrides(document, values, None)
    return document, problems + found


def _strategies(document: Document) -> list[tuple[str | int, dict[str, object]]]:
    """Return each strategy and its overrides; a broken section counts as one without overrides."""
    section = document.data.get("strategies")
    if not isinstance(section, dict) or not section:
        return [("", {})]
    listed = []
    for name, strategy in section.items():
        found = strategy.get("overrides") if isinstance(strategy, dict) else None
        texts = found if isinstance(found, dict) else {}
        listed.append((name, {key: one for key, one in texts.items() if isinstance(key, str)}))
    return listed


# Validation ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Validated:
    """One strategy's file, if it is sound, and what was found in it."""

    spec: ScenarioFile | None
    errors: list[Problem]
    warnings: list[Problem]


def _validate(document: Document, tables: Tables) -> _Validated:
    document, problems = tables.expanded(document)
    document, more = with_posterior(document, tables)
    problems += more
    try:
        spec = ScenarioFile.model_validate(document.data)
    except ValidationError as error:
        problems += [
            one
            for one in locate(error, document, ScenarioFile)
            if not is_table(_item(document, one.path))
        ]
    else:
        errors, warnings = check(spec, declared_names(document.data))
        placed = {"errors": _placed(errors, document), "warnings": _placed(warnings, document)}
        return _Validated(spec=spec, **placed)
    problems += _check_the_rest(document, problems)
    return _Validated(spec=None, errors=problems, warnings=[])


def _item(document: Document, path: Path) -> object:
    """Return the item of the list of transitions that a path leads into, if it does."""
    return document.value(path[:2]) if path[:1] == (TABLES_IN,) and len(path) > 1 else None


def _placed(problems: list[Problem], document: Document) -> list[Problem]:
    return [document.problem(one.path, one.message, at_key=one.at_key) for one in problems]


_ROUNDS = 4
"""Taking one thing out can show that another is wrong; after so many rounds we stop looking."""


def _check_the_rest(document: Document, problems: list[Problem]) -> list[Problem]:
    """Return what `check` says of the file without its unsound items, as far as it can be told."""
    unsound = {item_of(one.path) for one in problems}
    sections = keys_at(ScenarioFile, ())
    for path in unsound:
        if len(path) == 1 and path[0] not in sections and near_names(path[0], sections):
            return []  # a section under a misspelt name: all that needs it would seem wrong
    for _ in range(_ROUNDS):
        if () in unsound:
            break
        rest = without(document.data, unsound)
        try:
            spec = ScenarioFile.model_validate(rest.data)
        except ValidationError as error:
            found = locate(error, replace(document, data=rest.data, positions={}), ScenarioFile)
            unsound |= {item_of(rest.original(one.path)) for one in found}
            continue
        errors, _ = check(spec, declared_names(document.data))
        return _placed([rest.restored(one) for one in errors if not rest.follows(one)], document)
    return []


# Reporting -------------------------------------------------------------------------------------


def _said_once(found: Mapping[str, list[Problem]]) -> list[Problem]:
    """Return each problem once, saying which strategies have it when not all do."""
    having: dict[Problem, list[str]] = {}
    for strategy, problems in found.items():
        for one in dict.fromkeys(problems):
            having.setdefault(one, []).append(strategy)
    return [
        one
        if len(names) == len(found)
        else replace(one, message=f"{one.message} (in strategy {' and '.join(names)})")
        for one, names in having.items()
    ]


def _in_order(problems: list[Problem], files: tuple[str, ...]) -> list[Problem]:
    """Return problems by their place: what has none first, then file by file."""
    rank = {file: number for number, file in enumerate(files)}

    def place(one: Problem) -> tuple[int, str, int, int]:
        return (rank.get(one.file, len(rank)) if one.line else -1, one.file, one.line, one.column)

    return sorted(dict.fromkeys(problems), key=place)


def _error(problems: list[Problem]) -> ScenarioError:
    error = ScenarioError(problems)
    lines = [str(one) for one in error.problems[:MAX_SHOWN]]
    more = len(error.problems) - len(lines)
    error.args = ("\n".join([*lines, f"... and {more} more"] if more else lines),)
    return error
