"""The format as a JSON Schema, so that an editor completes keys and checks while one writes.

The models of `schema` give most of it. Added here is what is resolved before the models see a file:
``extends`` and ``remove``, tables among the transitions, texts and lists in their short forms. A
file that extends another says only what differs, so nothing is required of it outside lists.

A schema knows shapes, not meanings: a name that is nowhere declared passes it. What a schema
refuses, the reader refuses too; ``som-sim validate`` has the last word.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from som_sim.scenario.extends import EXTENDS, REMOVE
from som_sim.scenario.key_words import KEY_WORDS
from som_sim.scenario.programmes import EFFECT_KINDS
from som_sim.scenario.quantities import USE, USE_SHAPE
from som_sim.scenario.records import Evidence
from som_sim.scenario.schema import ScenarioFile
from som_sim.scenario.tables import TABLE
from som_sim.scenario.transitions import FORMS

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PARTIAL = "partial_"
NAME = "^[a-z][a-z0-9_]*$"
FILES = {"knowledge"}
"""Sections that stand in files of their own, by name."""
NOISE = ("title", "default")


def json_schema() -> Schema:
    """Return the JSON Schema of a scenario file (draft 2020-12).

    Examples
    --------
    >>> schema = json_schema()
    >>> "domains" in schema["then"]["properties"]
    True
    """
    whole = ScenarioFile.model_json_schema(by_alias=True)
    definitions: Schema = whole.pop("$defs")
    for name, adapt in _ADAPTED.items():
        if name in definitions:
            definitions[name] = adapt(definitions[name])
    whole, definitions = _tidy(whole), {name: _tidy(one) for name, one in definitions.items()}
    for section in ("domains", "strata"):
        _may_be_empty(whole["properties"][section])
    whole["properties"]["knowledge"] = _or_files(whole["properties"]["knowledge"])
    for one in definitions.values():
        _lists_in_short(one)
    _named_files(whole["properties"])
    partial = _partial(whole, definitions)
    partial["properties"] |= {
        EXTENDS: {
            "type": "string",
            "minLength": 1,
            "description": "the file that this one extends",
        },
        REMOVE: {
            "type": "array",
            "items": {"type": "string"},
            "description": "paths of what is taken out of the file that is extended",
        },
    }
    return {
        "$schema": DIALECT,
        "title": "som_sim scenario",
        "description": "A scenario of som_sim: one file says everything about a case.",
        "type": "object",
        "if": {"required": [EXTENDS]},
        "then": partial,
        "else": whole,
        "$defs": definitions,
    }


# What the models do not say -------------------------------------------------------------------


def _text(schema: Schema) -> Schema:
    return {"anyOf": [{"type": "string", "minLength": 1}, schema]}


def _transition(schema: Schema) -> Schema:
    """Add the ways to write a row, and a table in its place."""
    schema["anyOf"] = [{"required": list(form)} for form in FORMS]
    evidence = {key: schema["properties"][key] for key in Evidence.model_fields}
    table = {
        "type": "object",
        "description": "A table of moves, a CSV file beside the scenario.",
        "required": [TABLE],
        "additionalProperties": False,
        "properties": {TABLE: {"type": "string", "minLength": 1}, **evidence},
    }
    return {"if": {"required": [TABLE]}, "then": table, "else": schema}


def _effect(schema: Schema) -> Schema:
    schema["oneOf"] = [{"required": [kind]} for kind in EFFECT_KINDS]
    return schema


def _one_key(schema: Schema) -> Schema:
    return schema | {"minProperties": 1, "maxProperties": 1}


def _cell(schema: Schema) -> Schema:
    """Say what the other keys of a group of people are: a domain and its state, or a time."""
    return schema | {"additionalProperties": {"type": "string"}}


def _or_files(schema: Schema) -> Schema:
    """Let what stands in files of its own be named."""
    file = {"type": "string", "minLength": 1}
    rest = {key: value for key, value in schema.items() if key != "description"}
    said = {"description": schema["description"]} if "description" in schema else {}
    return {**said, "anyOf": [file, {"type": "array", "items": file}, rest]}


def _with_use(schema: Schema) -> Schema:
    """Let an item be made of an entry of the knowledge base, which gives some of its keys."""
    schema["anyOf"] = [{"required": schema.pop("required", [])}, {"required": [USE]}]
    schema["properties"][USE] = USE_SHAPE
    return schema


_ADAPTED: dict[str, Callable[[Schema], Schema]] = {
    "Text": _text,
    "Transition": _transition,
    "Effect": _effect,
    "Indicator": _one_key,
    "DistributionForm": _one_key,
    "Initial": _cell,
    "Arrival": _cell,
    "Price": _with_use,
    "Index": _with_use,
    "Target": _with_use,
    "Observation": _with_use,
    "Parameter": _with_use,
}


def _tidy(schema: Any) -> Any:
    """Return a schema without titles and defaults that say nothing, and without null."""
    if isinstance(schema, list):
        return [_tidy(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept: Schema = {}
    for key, value in schema.items():
        if key in NOISE and not isinstance(value, dict):
            continue
        if key == "properties":
            kept[key] = {name: _described(name, _tidy(one)) for name, one in value.items()}
        elif key != "default":
            kept[key] = _tidy(value)
    if "patternProperties" in kept:
        kept.setdefault("additionalProperties", False)
    members = kept.get("anyOf")
    if isinstance(members, list) and {"type": "null"} in members:
        members = [one for one in members if one != {"type": "null"}]
        rest = {key: value for key, value in kept.items() if key != "anyOf"}
        kept = {**members[0], **rest} if len(members) == 1 else {**rest, "anyOf": members}
    return kept


def _named_files(sections: Schema) -> None:
    """Let a section that is read from other files be their names."""
    names = {"type": "string", "minLength": 1}
    for key in FILES & sections.keys():
        sections[key] = {"anyOf": [names, {"type": "array", "items": names}]}


def _described(key: str, schema: Schema) -> Schema:
    """Say what a key holds, where nothing else does."""
    if key not in KEY_WORDS or "description" in schema:
        return schema
    return {"description": KEY_WORDS[key][1], **schema}


def _may_be_empty(schema: Schema) -> None:
    """Let a state or stratum without keys of its own be written as nothing."""
    for key in ("patternProperties", "additionalProperties"):
        below = schema.get(key)
        if key == "patternProperties" and isinstance(below, dict):
            below = next(iter(below.values()))
        if isinstance(below, dict):
            if "$ref" in below:
                reference = below.pop("$ref")
                below["anyOf"] = [{"$ref": reference}, {"type": "null"}]
            else:
                _may_be_empty(below)


def _lists_in_short(schema: Any) -> None:
    """Let a list of names be one name, as the reader does."""
    if isinstance(schema, list):
        for one in schema:
            _lists_in_short(one)
    if not isinstance(schema, dict):
        return
    for one in schema.values():
        _lists_in_short(one)
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, dict) and items.get("pattern") == NAME:
        listed = {key: schema.pop(key) for key in list(schema) if key != "description"}
        schema["anyOf"] = [dict(items), listed]


# A file that extends another ------------------------------------------------------------------


def _partial(whole: Schema, definitions: Schema) -> Schema:
    """Return the schema of a file that says only what differs; its parts join `definitions`."""

    def loose(schema: Any) -> Any:
        if isinstance(schema, list):
            return [loose(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if schema.get("type") == "array":
            return copy.deepcopy(schema)  # a list takes the place of a list, whole
        kept: Schema = {}
        for key, value in schema.items():
            if key in ("required", "minProperties", "oneOf") or _all_required(key, value):
                continue
            if key == "$ref":
                kept[key] = reference(value)
            elif key in ("properties", "patternProperties"):
                kept[key] = {name: loose(one) for name, one in value.items()}
            else:
                kept[key] = loose(value)
        return kept

    def reference(target: str) -> str:
        name = target.rsplit("/", 1)[1]
        mine = f"{PARTIAL}{name}"
        if mine not in definitions:
            definitions[mine] = {}
            definitions[mine] = loose(definitions[name])
        return f"#/$defs/{mine}"

    made = loose(whole)
    assert isinstance(made, dict)
    return made


def _all_required(key: str, value: Any) -> bool:
    return key == "anyOf" and all(list(one) == ["required"] for one in value)
