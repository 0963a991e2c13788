"""What pydantic finds wrong, said in our words and placed in the user's file.

Pydantic speaks of types and of the branches of unions; a user wrote keys and values. Here its
locations are reduced to the part that is in the file, several complaints of a union about one value
become one, and each kind of error gets a sentence of its own.
"""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from som_sim.core.errors import Path, Problem, suggest
from som_sim.core.records import MISSING
from som_sim.core.yaml_scalars import yaml_words
from som_sim.core.yaml_tree import Document


def locate(error: ValidationError, document: Document, model: type[BaseModel]) -> list[Problem]:
    """Return one problem for each thing that is wrong.

    Parameters
    ----------
    error
        What ``model.model_validate(document.data)`` raised.
    document
        The tree with its places.
    model
        The model of the whole tree, for the names of its keys.
    """
    found = [_found(dict(details), document.data) for details in error.errors(include_url=False)]
    misspelt = _misspelt(found, document, model)
    problems = []
    for one in _one_per_union(found):
        if one.kind == "missing" and one.missing in misspelt.get(one.path, ()):
            continue
        if one.kind == "too_short" and any(
            other is not one and other.path[: len(one.path)] == one.path for other in found
        ):
            continue  # what stands there is wrong, not too little
        message = _sentence(one, document, model)
        problems.append(document.problem(one.path, message, at_key=one.at_key))
    return problems


@dataclass(slots=True, kw_only=True)
class _Found:
    """One of pydantic's errors, with its location cut to what is in the data."""

    kind: str
    path: Path
    value: object
    context: dict[str, Any]
    message: str
    at_key: bool = False
    missing: str = ""
    union: Path | None = None
    branch: str = ""
    kinds: tuple[str, ...] = ()


def _found(details: dict[str, Any], data: Any) -> _Found:
    loc: list[Any] = list(details["loc"])
    kind = str(details["type"])
    one = _Found(
        kind=kind,
        path=(),
        value=details.get("input"),
        context=details.get("ctx", {}),
        message=str(details["msg"]),
        at_key=kind == "extra_forbidden" or details.get("input", "") is None,
    )
    if kind == "missing":
        one.missing = str(loc.pop())
    path: list[str | int] = []
    for part in loc:
        key = _key(data, part)
        if key is not None:
            path.append(key)
            data = data[key]
        elif part == "[key]":
            one.at_key = True
        elif one.union is None:
            one.union, one.branch = tuple(path), str(part)
    one.path = tuple(path)
    return one


def _key(data: Any, part: str | int) -> str | int | None:
    """Return the key or index of `data` that a part of a location means; None for a union's."""
    if isinstance(data, dict):
        return part if part in data else next((key for key in data if str(key) == str(part)), None)
    return part if isinstance(data, list) and isinstance(part, int) and part < len(data) else None


# Unions ----------------------------------------------------------------------------------------

_EXPECTED = {
    "string_type": "a text",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "tuple_type": "a list",
    "list_type": "a list",
    "int_type": "a whole number",
    "bool_type": "true or false",
}
"""Errors that say a value is of another kind altogether, and what was expected."""


def _one_per_union(found: list[_Found]) -> Iterator[_Found]:
    """Yield the errors with those of each union cut to the branch the user must have meant."""
    unions: dict[Path, dict[str, list[_Found]]] = {}
    for one in found:
        if one.union is not None:
            unions.setdefault(one.union, {}).setdefault(one.branch, []).append(one)
    seen: set[Path] = set()
    for one in found:
        if one.union is None:
            yield one
        elif one.union not in seen:
            seen.add(one.union)
            yield from _meant(one.union, list(unions[one.union].values()))


def _meant(union: Path, branches: list[list[_Found]]) -> list[_Found]:
    """Return the errors of the branch whose kind fits the value, or one error for all branches."""
    fitting = [
        branch
        for branch in branches
        if not any(one.path == union and one.kind in _EXPECTED for one in branch)
    ]
    if fitting:
        return max(fitting, key=_fit)
    first = branches[0][0]
    first.kinds = tuple(one.kind for branch in branches for one in branch if one.kind in _EXPECTED)
    return [first]


def _fit(branch: list[_Found]) -> tuple[int, bool]:
    """Rank a branch: how far it got into the value, then whether it speaks our words."""
    return max(len(one.path) for one in branch), branch[0].kind == "som_sim"


# Sentences -------------------------------------------------------------------------------------


def _sentence(one: _Found, document: Document, model: type[BaseModel]) -> str:
    if one.kind == "som_sim":
        return MISSING if one.value is None else str(one.context["message"])
    if one.kind == "missing":
        others = [
            str(key) for key in document.value(one.path) if key not in keys_at(model, one.path)
        ]
        near = near_names(one.missing, others)
        return f"'{one.missing}' is missing" + (f"; is '{near[0]}' meant?" if near else "")
    if one.kind == "extra_forbidden":
        present = document.value(one.path[:-1])
        known = keys_at(model, one.path[:-1])
        allowed = [key for key in known if key not in present] or known
        return f"unknown key; {suggest(one.path[-1], allowed)}"
    if one.kind == "string_type" and one.at_key:
        return _not_a_name(one)
    if one.kind in _EXPECTED:
        expected = dict.fromkeys(_EXPECTED[kind] for kind in one.kinds or (one.kind,))
        if one.value is None:
            return f"{MISSING}; expected {' or '.join(expected)}"
        quoted = list(expected) == ["a text"] and isinstance(one.value, bool | int | Decimal)
        hint = "; quote it to make it one" if quoted else ""
        return f"expected {' or '.join(expected)}, not {yaml_words(one.value)}{hint}"
    if one.kind in _SENTENCES:
        return _SENTENCES[one.kind](one)
    return one.message[:1].lower() + one.message[1:]


def _literal(one: _Found) -> str:
    expected = str(one.context["expected"])
    allowed = re.findall(r"'([^']*)'", expected) or [expected]
    if one.value is None:
        return f"{MISSING}; write one of {', '.join(allowed)}"
    if isinstance(one.value, dict | list):
        return f"expected one of {', '.join(allowed)}; not {yaml_words(one.value)}"
    return f"{yaml_words(one.value)} is not allowed; {_hint(one.value, allowed)}"


def _hint(value: object, allowed: list[str]) -> str:
    return suggest(value if isinstance(value, str) else "", allowed)


def _too_short(one: _Found) -> str:
    least = one.context["min_length"]
    return f"at least {least} {'is' if least == 1 else 'are'} needed here"


def _not_a_name(one: _Found) -> str:
    if one.value is None:
        return f"{MISSING}; expected a name"
    rule = "small letters a to z, digits and _, beginning with a letter"
    return f"{yaml_words(one.value)} is not a name; write {rule}"


_NOT_WHOLE = "is not a whole number"
_NOT_BOOL = "is not true or false"
_SENTENCES: dict[str, Callable[[_Found], str]] = {
    "literal_error": _literal,
    "string_pattern_mismatch": _not_a_name,
    "string_too_long": lambda one: f"too long; at most {one.context['max_length']} characters",
    "string_unicode": lambda one: "holds characters that are no text",
    "invalid_key": _not_a_name,
    "int_parsing": lambda one: f"{yaml_words(one.value)} {_NOT_WHOLE}",
    "int_parsing_size": lambda one: f"{yaml_words(one.value)} {_NOT_WHOLE} of a usual size",
    "int_from_float": lambda one: f"{yaml_words(one.value)} {_NOT_WHOLE}",
    "bool_parsing": lambda one: f"{yaml_words(one.value)} {_NOT_BOOL}",
    "too_short": _too_short,
    "greater_than": lambda one: f"{yaml_words(one.value)} must be above {one.context['gt']}",
    "greater_than_equal": lambda one: (
        f"{yaml_words(one.value)} must be {one.context['ge']} or more"
    ),
    "less_than": lambda one: f"{yaml_words(one.value)} must be below {one.context['lt']}",
    "less_than_equal": lambda one: f"{yaml_words(one.value)} must be {one.context['le']} or less",
}


# The keys of a model ---------------------------------------------------------------------------


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that the model at a path of the file knows.

    Examples
    --------
    >>> from som_sim.core.records import Text
    >>> keys_at(Text, ())
    ['da', 'en']
    """
    here: list[Any] = [model]
    for part in path:
        here = [inner for one in here for inner in _below(one, part)]
    return [
        field.alias or name
        for one in here
        if isinstance(one, type) and issubclass(one, BaseModel)
        for name, field in one.model_fields.items()
    ]


def near_names(name: str | int, known: list[str]) -> list[str]:
    """Return the known name that `suggest` would name, if there is one."""
    return difflib.get_close_matches(str(name), known, n=1, cutoff=0.6)


def _below(annotation: Any, part: str | int) -> list[Any]:
    """Return the types that `part` of a value of this type can have."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.items()
        found = [one.annotation for name, one in fields if (one.alias or name) == part]
    else:
        origin = getattr(get_origin(annotation), "__name__", "")
        item = {"dict": 1, "tuple": 0, "list": 0}.get(origin)
        found = [] if item is None else [get_args(annotation)[item]]
    return [one for each in found for one in _plain(each)]


def _plain(annotation: Any) -> list[Any]:
    """Return the members of a union, without what Annotated adds."""
    if get_origin(annotation) in (Union, types.UnionType):
        return [one for member in get_args(annotation) for one in _plain(member)]
    if hasattr(annotation, "__metadata__"):
        return _plain(annotation.__origin__)
    return [annotation]


def _misspelt(
    found: list[_Found], document: Document, model: type[BaseModel]
) -> dict[Path, set[str]]:
    """Return, for each mapping, the known keys that its unknown keys are close to.

    When ``plases`` stands where ``places`` is missing, that is one mistake.
    """
    near: dict[Path, set[str]] = {}
    for one in found:
        if one.kind == "extra_forbidden":
            parent = one.path[:-1]
            known = [key for key in keys_at(model, parent) if key not in document.value(parent)]
            near.setdefault(parent, set()).update(near_names(one.path[-1], known))
    return near
