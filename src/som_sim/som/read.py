"""A case file to a `Case`, or to every problem in it, each with its line and column."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import BaseModel, ValidationError

from som_sim.core.errors import Problem, ScenarioError
from som_sim.core.locate import locate
from som_sim.core.read import read_content
from som_sim.core.time import Duration
from som_sim.core.yaml_tree import Document, parse_value, parse_yaml
from som_sim.scenario.digests import digest
from som_sim.scenario.overrides import SET, apply_overrides
from som_sim.som.case import SomCase
from som_sim.som.check import cautions, check

TABLE_ENDINGS = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as read and checked.

    Attributes
    ----------
    file
        Its name as the user gave it.
    digest
        SHA-256 of the content; comments, layout and the order of keys do not count.
    spec
        The file.
    warnings
        What is allowed but deserves a look.
    document
        The tree it was read from.
    """

    file: str
    digest: str
    spec: SomCase
    warnings: tuple[Problem, ...] = ()
    document: Document = field(repr=False)


def load_case(path: str | os.PathLike[str], *, overrides: Mapping[str, str] | None = None) -> Case:
    """Read a SØM case: YAML, or a table as CSV or xlsx by the ending of the name.

    Parameters
    ----------
    path
        The file.
    overrides
        Changes by path, such as ``{"success.net": "0.2"}``; the values are YAML.

    Raises
    ------
    ScenarioError
        With every problem found.

    Examples
    --------
    >>> load_case("scenarios/som/icm_young_vive_2019.yaml").spec.meta.price_year
    2018
    """
    name, text = read_content(path)
    if name.lower().endswith(TABLE_ENDINGS):
        from som_sim.som.table import read_table

        return case_of(read_table(text, name), overrides=overrides)
    return loads_case(text, name, overrides=overrides)


def loads_case(
    text: str | bytes, file: str = "<text>", *, overrides: Mapping[str, str] | None = None
) -> Case:
    """Read a SØM case from YAML text.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    return case_of(parse_yaml(text, file), overrides=overrides)


def case_of(document: Document, *, overrides: Mapping[str, str] | None = None) -> Case:
    """Return the case that a tree holds, or raise with every problem."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for path, text in (overrides or {}).items():
        try:
            values[path] = parse_value(text, SET)
        except ScenarioError as error:
            problems += [
                Problem(path=(), message=f"{path}: {one.message}", file=SET)
                for one in error.problems
            ]
    document, found = apply_overrides(document, values, None)
    problems += found
    _refuse_a_scenario(document)
    try:
        spec = SomCase.model_validate(document.data)
    except ValidationError as error:
        problems += locate(error, document, SomCase)
        raise ScenarioError(_in_order(problems)) from None
    problems += _placed(check(spec), document)
    if problems:
        raise ScenarioError(_in_order(problems))
    return Case(
        file=document.file,
        digest=digest(_meaning(spec)),
        spec=spec,
        warnings=tuple(_placed(cautions(spec), document)),
        document=Document(
            data=document.data,
            positions=MappingProxyType(dict(document.positions)),
            file=document.file,
        ),
    )


def _refuse_a_scenario(document: Document) -> None:
    if "som_sim" in document.data and "som_case" not in document.data:
        message = (
            "this is a scenario; run it with 'som-sim run'. A SØM case begins with 'som_case: 1'"
        )
        raise ScenarioError([document.problem(("som_sim",), message, at_key=True)])


def _meaning(value: object) -> object:
    """Return a tree in which neither the order of keys nor what is not said plays a part."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        said = {fields[key].alias or key: getattr(value, key) for key in fields}
        value = {key: one for key, one in said.items() if one not in (None, (), {})}
    if isinstance(value, dict):
        return {str(key): _meaning(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_meaning(one) for one in value]
    return value.text if isinstance(value, Duration) else value


def _placed(problems: list[Problem], document: Document) -> list[Problem]:
    return [document.problem(one.path, one.message, at_key=one.at_key) for one in problems]


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda one: (one.line, one.column))
