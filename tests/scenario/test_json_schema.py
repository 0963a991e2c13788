"""The JSON Schema: whatever the reader takes passes it, and slips of form do not."""

from __future__ import annotations

import runpy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from edits import VALID, GoodFile, library
from random_scenarios import Data, as_text, scenarios
from som_sim.core.errors import ScenarioError
from som_sim.core.yaml_tree import parse_yaml
from som_sim.scenario.json_schema import json_schema
from som_sim.scenario.key_words import KEY_WORDS
from som_sim.scenario.read import loads

BROKEN = runpy.run_path(str(Path(__file__).parent / "test_broken_files.py"))["BROKEN"]
edited = GoodFile(VALID).edited
VALIDATOR = Draft202012Validator(json_schema())
FORM = ("unknown key", "is missing", "is not allowed; ", "expected ", " is not a ", "has no unit")
"""Words of messages about form, as against names and sums, of which a schema knows nothing."""
MEANING = (
    "resolved",
    "2020-13",
    "2021-W54",
    "discount_rate 3.5",
    "is missing: prices",
    "parameter 'stay'",
    "in strategy",
)


def plain(value: Any) -> Any:
    """Return a tree as JSON has it: keys are text, numbers are floats."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


def found(text: str) -> list[str]:
    """Return what the schema says of a file."""
    data = plain(parse_yaml(text, "f").data)
    return [f"{one.json_path}: {one.message}" for one in VALIDATOR.iter_errors(data)]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_every_scenario_passes(repository: Path) -> None:
    files = library(repository)
    said = {file.name: found(file.read_text(encoding="utf-8")) for file in files}
    assert files and not {name: errors for name, errors in said.items() if errors}


@settings(max_examples=40)
@given(scenarios())
def test_whatever_is_read_passes(data: Data) -> None:
    text = as_text(data)
    try:
        loads(text)
    except ScenarioError:
        return
    assert found(text) == []


SHORT = (
    # what may be written in a shorter or another form than the models have
    ("strata: {young: {}, adult: {}}", "strata: {young: , adult: }"),
    ("places: {2020-06: 7, 2021-01: 20}", "places: {posts: {2020-06: 1}, caseload: 8}"),
    ("hazard_ratio: 2.5", "hazard_ratio: {value: 2.5, source: report, grade: B, note: so}"),
    ("hazard_ratio: 2.5", "hazard_ratio: 2 * exp(0.1)"),
    ("covers: [team]", "covers: team"),
    ("programmes: [act]", "programmes: act"),
    ("title: {da: Prøve, en: Sample}", "title: Sample"),
    ("at: 2021-W06\n    over", "at: 2021-02-08\n    over"),
    ("street: {homeless: true}", "street:"),
)


@pytest.mark.parametrize(("find", "replace"), SHORT)
def test_short_forms_pass(find: str, replace: str) -> None:
    text = edited((find, replace))
    loads(text)
    assert found(text) == []


OF_FORM = [
    (find, replace, message)
    for find, replace, message in BROKEN
    if any(words in message for words in FORM)
    and find != "housing: home, persons"
    and not any(words in message for words in MEANING)
]


def test_some_slips_are_of_form() -> None:
    assert len(OF_FORM) > 15


@pytest.mark.parametrize(("find", "replace", "message"), OF_FORM)
def test_slips_of_form_are_refused(find: str, replace: str, message: str) -> None:
    try:
        text = edited((find, replace))
        said = found(text)
    except ScenarioError:  # no YAML that an editor reads as we do
        return
    assert said, message


WRONG = (
    # (text in the good file, what to write instead, the place that the schema names)
    ("places: {2020-06: 7, 2021-01: 20}", "plases: 7", "$.programmes.act"),
    ("probability: 0.3, within: 1 month", "probability: 1.4, within: 1 month", "$.transitions[2]"),
    ("probability: 0.3, within: 1 month", "probability: 0.3", "$.transitions[2]"),
    ("rate_per_year: 0.08", "rate_per_year: -1", "$.transitions[1]"),
    ("{mean: stay}", "{mean: 5}", "$.transitions[0].stay"),
    ("hazard_ratio: 2.5", "hazard_ratio: 2.5, risk_ratio: 2", "$.programmes.act.effects[0]"),
    ("grade: C", "grade: E", "$.parameters.stay.grade"),
    ("per: year", "per: yaer", "$.prices.team.per"),
    ("{persons_in: {homeless: true}}\n", "{person_in: {homeless: true}}\n", "$.targets.count"),
    ("    better: lower\n", "", "$.targets.count"),
    ("leave: [dead]", "leave: dead", "$.leave"),
    ("strata: {young", "strata: {Young", "$.strata"),
    ("from: 2020-01", "from: 2020", "$.time"),
    ("{report: {title: A report}}", "{report: {}}", "$.sources.report"),
    ("{2020-06: 7, ", "{June: 7, ", "$.programmes.act.places"),
)


@pytest.mark.parametrize(("find", "replace", "place"), WRONG)
def test_wrong_files_are_refused_where_they_are_wrong(find: str, replace: str, place: str) -> None:
    text = edited((find, replace))
    with pytest.raises(ScenarioError):
        loads(text)
    said = found(text)
    assert said and any(one.startswith(place) for one in said), said


def test_a_file_that_extends_says_only_what_differs() -> None:
    case = "extends: base.yaml\nremove: [programmes.icm]\nprogrammes: {act: {places: 30}}\n"
    assert found(case) == []
    assert found(case.replace("places", "plases"))
    assert found(case.replace("remove: [programmes.icm]", "remove: programmes.icm"))
    assert found("extends: 1")
    row = "extends: base.yaml\ntransitions: [{from: {housing: home}}]\n"
    assert found(row), "a list takes the place of a list, so its items are whole"


def test_remove_goes_with_extends() -> None:
    assert found(edited(("som_sim: 1\n", "som_sim: 1\nremove: [programmes.act]\n")))


def test_a_table_stands_for_rows() -> None:
    row = "  - {from: {housing: home}, to: dead, probability: 0.025, within: 1 year}\n"
    assert found(edited((row, row + "  - {table: moves.csv, source: report}\n"))) == []
    assert found(edited((row, row + "  - {table: moves.csv, to: home}\n")))
    assert found(edited((row, row + "  - {table: 3}\n")))


def test_keys_are_described() -> None:
    price = json_schema()["$defs"]["Price"]["properties"]
    assert price["price_year"]["description"] == "the year the amounts are stated in"


def test_no_two_keys_have_one_danish_word() -> None:
    words = [danish for danish, _ in KEY_WORDS.values()]
    assert len(words) == len(set(words))
    clash = {key: word for key, (word, _) in KEY_WORDS.items() if word != key and word in KEY_WORDS}
    assert not clash
