"""A file to a scenario: strategies, digest, changes, and files that are none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from som_sim.core.errors import ScenarioError
from som_sim.core.locate import keys_at
from som_sim.core.yaml_tree import MAX_BYTES, parse_yaml
from som_sim.scenario import read
from som_sim.scenario.names import declared_names
from som_sim.scenario.prune import without
from som_sim.scenario.read import load, loads
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import ScenarioFile

FILE = Path(__file__).parent / "valid.yaml"
VALID = FILE.read_text(encoding="utf-8")


def told(text: str, overrides: Mapping[str, str] | None = None) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "f", overrides=overrides)
    return "\n".join(str(problem) for problem in caught.value.problems)


# What is read ------------------------------------------------------------------------------------


def test_each_strategy_is_the_whole_file_with_its_overrides() -> None:
    scenario = load(FILE)
    assert scenario.file == str(FILE)
    assert list(scenario.strategies) == ["reference", "act"]
    assert scenario.base is scenario.strategies["reference"]
    assert scenario.base.parameters["stay"].value == "61 days"
    assert scenario.strategies["act"].parameters["stay"].value == "50 days"
    assert scenario.strategies["act"].prices == scenario.base.prices
    assert scenario.warnings == ()


def test_a_scenario_cannot_be_changed() -> None:
    scenario = loads(VALID)
    with pytest.raises(AttributeError):
        scenario.file = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario.strategies["new"] = scenario.base  # type: ignore[index]


def test_strategies_without_overrides_are_validated_once() -> None:
    text = VALID.replace(", overrides: {parameters.stay.value: 50 days}", "")
    scenario = loads(text)
    assert scenario.strategies["act"] is scenario.strategies["reference"]


# Digest ------------------------------------------------------------------------------------------


def digest(text: str, **overrides: str) -> str:
    changes = {key.replace("__", "."): value for key, value in overrides.items()}
    return loads(text, overrides=changes).digest


def test_the_digest_is_of_the_content() -> None:
    same = "# a comment\n" + VALID.replace("2400000.50", "2400000.5  # kr").replace("0.6,", "0.60,")
    assert digest(same) == digest(VALID)
    assert digest(json.dumps(parse_yaml(VALID, "f").data, default=float)) == digest(VALID)
    assert len(digest(VALID)) == 64
    assert digest(VALID.replace("persons: 34", "persons: 35")) != digest(VALID)


def test_the_digest_knows_the_order_of_strategies() -> None:
    lines = VALID.splitlines(keepends=True)
    at = next(index for index, line in enumerate(lines) if line.startswith("  reference: {}"))
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    assert digest("".join(lines)) != digest(VALID)


def test_the_digest_is_that_of_the_file_with_the_changes_written_into_it() -> None:
    written = VALID.replace("persons: 34", "persons: 40")
    changed = loads(VALID, overrides={"population.initial[0].persons": "40"}).digest
    assert changed == digest(written) != digest(VALID)


def test_the_digest_keeps_text_and_number_apart() -> None:
    assert read.digest({"a": 1}) != read.digest({"a": "1"})
    assert read.digest({"a": "true"}) != read.digest({"a": True})
    assert read.digest({"a": [1, 2]}) != read.digest({"a": [2, 1]})
    assert read.digest({"a": Decimal("2.50")}) == read.digest({"a": Decimal("2.5")})
    assert read.digest({"a": Decimal("2.0")}) == read.digest({"a": 2})
    assert read.digest({"a": Decimal(f"0.{'1' * 38}")}) != read.digest(
        {"a": Decimal("0." + "1" * 37)}
    )
    assert read.digest({"a": {}}) != read.digest({"a": []})


# Changes -----------------------------------------------------------------------------------------


def test_set_changes_every_strategy_and_a_strategy_comes_last() -> None:
    changes = {"programmes.act.places": "{2020-06: 3}", "parameters.stay.value": "9 days"}
    scenario = loads(VALID, overrides=changes)
    assert [len(one.programmes["act"].places.steps) for one in scenario.strategies.values()] == [
        1,
        1,
    ]
    assert [one.parameters["stay"].value for one in scenario.strategies.values()] == [
        "9 days",
        "50 days",
    ]


def test_set_may_change_what_strategies_share() -> None:
    overrides = {"time.cycle": "quarter", "programmes.act.places": "20"}
    assert loads(VALID, overrides=overrides).base.time.cycle == "quarter"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            "prices.team.amount",
            "1.000",
            "--set: prices.team.amount: 1.000 can be read in two ways; did you mean 1000? "
            "write 1000 or 1.0",
        ),
        (
            "prices.team.amount",
            "{",
            "--set: prices.team.amount: a value is missing before the end of the file",
        ),
        (
            "prices.team.amount",
            "lots of it",
            "--set: prices.team.amount: 'lots of it' is not an amount in kroner; write 1100 or "
            "96.71, without separators between thousands",
        ),
        (
            "prices.teem.amount",
            "1",
            "--set: prices.teem.amount: prices has no 'teem'; did you mean 'team'?",
        ),
        (
            "prices.team.amuont",
            "1",
            "--set: prices.team.amuont: unknown key; allowed: source, grade, note, label, in, "
            "moves, programme, places, hours, from, to, index, transfer_to, kind, replaces, steps, "
            "udvalg, paragraph, phase",
        ),
        ("som_sim", "1", "--set: som_sim: som_sim says how to read the file and cannot be changed"),
    ],
)
def test_what_set_cannot_do(path: str, value: str, message: str) -> None:
    assert told(VALID, {path: value}) == message


def test_problems_of_set_and_of_the_file_are_told_together() -> None:
    text = VALID.replace("persons: 34", "persons: -34")
    assert told(text, {"prices.team.per": "yaer", "time.cycle": "{"}).splitlines() == [
        "--set: time.cycle: a value is missing before the end of the file",
        "--set: prices.team.per: 'yaer' is not allowed; did you mean 'year'?",
        "f:15:51: population.initial[0].persons: -34 is not a count (0 to 1,000,000,000)",
    ]


# Files that are none -----------------------------------------------------------------------------


def refused(path: str | os.PathLike[str]) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    (problem,) = caught.value.problems
    return str(problem)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    missing = tmp_path / "missing.yaml"
    assert refused(missing) == f"{missing}: no such file"
    assert refused(tmp_path) == f"{tmp_path}: this is a directory; name a scenario file"
    assert "cannot be read: " in refused(tmp_path / ("x" * 5000))
    assert "cannot be read: " in refused("a\0b")
    below_a_file = FILE / "x.yaml"
    assert "cannot be read: " in refused(below_a_file)
    empty = tmp_path / "empty.yaml"
    empty.write_bytes(b"")
    assert refused(empty) == f"{empty}: the file is empty"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text(VALID)
    path.chmod(0)
    assert refused(path) == f"{path}: cannot be read: Permission denied"


def test_no_more_is_read_than_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(10 * MAX_BYTES)
    assert refused(path) == f"{path}: larger than {MAX_BYTES} bytes, the most that is read"


# Errors ------------------------------------------------------------------------------------------


def test_a_long_list_is_cut_in_the_text_and_whole_in_the_data() -> None:
    rows = "".join(f"  - {{zzz{number}: 1}}\n" for number in range(80))
    with pytest.raises(ScenarioError) as caught:
        loads(VALID.replace("programmes:\n  act:", rows + "programmes:\n  act:"), "f")
    lines = str(caught.value).splitlines()
    assert len(caught.value.problems) > read.MAX_SHOWN
    assert lines[-1] == f"... and {len(caught.value.problems) - read.MAX_SHOWN} more"
    assert len(lines) == read.MAX_SHOWN + 1


def test_two_strategies_with_the_same_problem() -> None:
    overrides = "overrides: {programmes.act.places: many}"
    text = VALID.replace("reference: {}", f"reference: {{{overrides}}}")
    text = text.replace("overrides: {parameters.stay.value: 50 days}", overrides)
    said = told(text).splitlines()
    assert [line.split(": ")[0] for line in said] == ["f:66:50", "f:67:79"]
    assert said[0].endswith("(in strategy reference)")
    assert said[1].endswith("(in strategy act)")


def test_names_are_declared_whatever_is_wrong_below_them() -> None:
    data = parse_yaml(VALID, "f").data
    whole = declared_names(data)
    assert dict(whole.domains) == {"housing": ("street", "shelter", "home")}
    assert (whole.leave, whole.programmes, whole.prices) == (
        ("dead",),
        ("act",),
        ("shelter_day", "team"),
    )
    broken = declared_names({**data, "programmes": {"act": 7}, "leave": "dead", "strata": 5})
    assert (broken.programmes, broken.leave, broken.strata) == (("act",), ("dead",), ())
    assert declared_names(None) == declared_names({})


def test_taking_items_out_keeps_track_of_their_places() -> None:
    data = {"a": [0, 1, 2, 3], "b": {"c": 1, "d": [5, 6]}, "e": {}}
    rest = without(data, [("a", 1), ("a", 2), ("b", "c"), ("b", "d", 0), ("e",), ("e", "x")])
    assert rest.data == {"a": [0, 3], "b": {"d": [6]}}
    assert rest.original(("a", 1, "x")) == ("a", 3, "x")
    assert rest.original(("b", "d", 0)) == ("b", "d", 1)
    assert rest.original(("b",)) == ("b",)
    assert data["a"] == [0, 1, 2, 3]


def test_the_keys_of_a_model_are_those_a_user_writes() -> None:
    assert keys_at(ScenarioFile, ("population", "arrivals", 3)) == [
        *("source", "grade", "note", "stratum", "per_year", "season", "spacing"),
    ]
    assert "from" in keys_at(ScenarioFile, ("transitions", 0))
    assert keys_at(ScenarioFile, ("transitions", 0, "stay")) == [
        *("mean", "median", "share", "over", "weibull", "lognormal", "gamma", "lengths"),
    ]
    assert keys_at(ScenarioFile, ("nowhere", "at", "all")) == []


# Any damage --------------------------------------------------------------------------------------

VALUES: list[Any] = [
    *(None, True, 0, -1, 5, 10**19, "x", "act", "shelter", "1 day", "2020-01", "9999-12", "x y"),
    *("1e400 days", "999999999 years", [], {}, [[]], ["shelter"], {"value": 1}, {"5": 1}),
    *({"housing": "shelter"}, {"housing": []}, {"value": "1 day"}, [None], "æ" * 99),
]


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = list(data) if isinstance(data, dict) else []
    keys = list(range(len(data))) if isinstance(data, list) else keys
    return [one for key in keys for one in [(*path, key), *_places(data[key], (*path, key))]]


TREE = json.loads(json.dumps(parse_yaml(VALID, "f").data, default=float))
PLACES = _places(TREE)


@given(
    st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from([*VALUES, "(gone)"])), max_size=3)
)
@example([(("targets", "count", "over"), "999999999 years")])
@example([(("prices", "team", "amount"), 10**19)])
@settings(max_examples=200)
def test_any_damage_is_told_with_its_place(edits: list[tuple[tuple[Any, ...], Any]]) -> None:
    data = json.loads(json.dumps(TREE))
    for path, value in edits:
        inner = data
        for part in path[:-1]:
            inner = inner[part] if _has(inner, part) else None
        if _has(inner, path[-1]):
            if value == "(gone)":
                del inner[path[-1]]
            else:
                inner[path[-1]] = value
    try:
        scenario = loads(json.dumps(data, ensure_ascii=False) if data else "", "f")
    except ScenarioError as error:
        assert error.problems
        assert all(problem.file == "f" and problem.message for problem in error.problems)
        assert all(problem.line == 1 for problem in error.problems) or not data
    else:
        assert isinstance(scenario, Scenario)


def _has(data: Any, part: Any) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def test_the_parser_is_loaded_when_a_file_is_read_and_not_before() -> None:
    code = (
        "import sys; from som_sim.scenario.read import loads;"
        "print({'ruamel.yaml', 'numpy', 'pandas', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
