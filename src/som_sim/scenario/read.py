"""A scenario file to a `Scenario`, or to every problem in it.

The stages are: text to tree; changes by ``--set``; for each strategy its overrides, the sections
one by one (pydantic), and what the sections must agree on (`check`). Problems of all stages are
reported together. An item that is wrong in itself is taken out before the sections are held
against each other, so that one look at the file shows as much as can be known.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from pydantic import ValidationError

from som_sim.core.errors import Problem, ScenarioError
from som_sim.core.yaml_tree import MAX_BYTES, Document, parse_value, parse_yaml
from som_sim.scenario.check import check
from som_sim.scenario.locate import keys_at, locate, near_names
from som_sim.scenario.names import declared_names
from som_sim.scenario.overrides import SET, apply_overrides
from som_sim.scenario.prune import item_of, without
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import ScenarioFile

MAX_SHOWN = 50
"""Most problems that the text of an error lists; its `problems` hold them all."""


def load(path: str | os.PathLike[str], *, overrides: Mapping[str, str] | None = None) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path
        The file.
    overrides
        Changes by path, such as ``{"programmes.act.places": "12"}``; the values are YAML. They come
        before the overrides of the strategies.

    Raises
    ------
    ScenarioError
        With every problem found. What is wrong with the file as such is a problem too.
    """
    name = os.fsdecode(path)
    try:
        with open(name, "rb") as file:
            text = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        message = "no such file"
    except IsADirectoryError:
        message = "this is a directory; name a scenario file"
    except (OSError, ValueError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    else:
        return loads(text, name, overrides=overrides)
    raise ScenarioError([Problem(path=(), message=message, file=name)])


def loads(
    text: str | bytes, file: str = "<text>", *, overrides: Mapping[str, str] | None = None
) -> Scenario:
    """Read a scenario from text; `file` is the name to show in messages.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    document = parse_yaml(text, file)
    document, problems = _set(document, overrides or {})
    read: dict[str, _Validated] = {}
    plain: _Validated | None = None
    for name, changes in _strategies(document):
        if changes:
            origin = ("strategies", name, "overrides")
            changed, found = apply_overrides(document, changes, origin)
            problems += found
            read[str(name)] = _validate(changed)
        else:
            read[str(name)] = plain = plain or _validate(document)
    problems += _said_once({name: one.errors for name, one in read.items()})
    if problems:
        raise _error(problems)
    warnings = _said_once({name: one.warnings for name, one in read.items()})
    return Scenario(
        file=file,
        digest=digest(document.data),
        strategies=MappingProxyType({n: one.spec for n, one in read.items() if one.spec}),
        warnings=tuple(_in_order(warnings)),
    )


def digest(data: object) -> str:
    """Return the SHA-256 of a tree as canonical JSON, in which order counts and 1.50 is 1.5."""
    return hashlib.sha256(_canonical(data).encode()).hexdigest()


def _canonical(value: object) -> str:
    if isinstance(value, dict):
        items = (f"{json.dumps(str(key))}:{_canonical(one)}" for key, one in value.items())
        return f"{{{','.join(items)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_canonical, value))}]"
    if isinstance(value, Decimal):
        text = f"{value:f}"  # normalize() would round to the digits of the context
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text if value else "0"
    return json.dumps(value)


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


def _validate(document: Document) -> _Validated:
    try:
        spec = ScenarioFile.model_validate(document.data)
    except ValidationError as error:
        problems = locate(error, document, ScenarioFile)
    else:
        errors, warnings = check(spec, declared_names(document.data))
        placed = {"errors": _placed(errors, document), "warnings": _placed(warnings, document)}
        return _Validated(spec=spec, **placed)
    problems += _check_the_rest(document, problems)
    return _Validated(spec=None, errors=problems, warnings=[])


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


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda one: (one.line, one.column))


def _error(problems: list[Problem]) -> ScenarioError:
    error = ScenarioError(_in_order(problems))
    lines = [str(one) for one in error.problems[:MAX_SHOWN]]
    more = len(error.problems) - len(lines)
    error.args = ("\n".join([*lines, f"... and {more} more"] if more else lines),)
    return error
