"""Editing a file: the value changes, and no other letter does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim as som
from edits import VALID
from som_sim.core.errors import ScenarioError, SomSimError, path_text
from som_sim.core.yaml_tree import parse_yaml
from som_sim.scenario.edit import edited_text

ROOT = Path(__file__).parent.parent.parent / "scenarios"
RANDERS = (ROOT / "randers_act.yaml").read_text(encoding="utf-8")


COMMENTED = "".join(f"{line} # {number}\n" for number, line in enumerate(VALID.splitlines()))


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    """Return what stands at a path of a tree."""
    for part in path:
        data = data[part]
    return data


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return every path of a tree that can be written."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()  # fmt: skip
    found = [one for key, inner in below for one in paths(inner, (*path, key))]
    return [path, *found] if path and not any("." in str(part) for part in path) else found


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


DATA = parse_yaml(COMMENTED, "f").data
PLACES = paths(DATA)


def test_values_of_a_long_file_change_and_their_lines_alone() -> None:
    changes = {
        "meta.description.en": "a: b",
        "transitions[3].rate_per_year": 9,
        "parameters.deaths.grade": "C",
        "programmes.act.places.2019-07": None,
    }
    changed = edited_text(RANDERS, changes)
    before, after = RANDERS.splitlines(), changed.splitlines()
    assert sum(a != b for a, b in zip(before, after, strict=True)) == len(changes)
    assert comments(changed) == comments(RANDERS)


@settings(max_examples=25)
@given(st.sampled_from(PLACES), st.sampled_from([1, "x", None, [1], {"a": {"b": [2]}}, "a\nb"]))
def test_any_place_takes_any_value(path: tuple[str | int, ...], value: Any) -> None:
    changed = edited_text(COMMENTED, {path_text(path): value})
    assert parse_yaml(changed, "f").value(path) == value
    before, after = COMMENTED.splitlines(), changed.splitlines()
    if not isinstance(parse_yaml(COMMENTED, "f").value(path), dict | list):
        assert sum(a != b for a, b in zip(before, after, strict=True)) <= 1
        assert comments(changed) == comments(COMMENTED)


@settings(max_examples=12)
@given(st.sampled_from([one for one in PLACES if isinstance(at(DATA, one), dict)]))
def test_a_key_is_added_where_its_mapping_ends(path: tuple[str | int, ...]) -> None:
    changed = edited_text(COMMENTED, {f"{path_text(path)}.added_key": 5})
    assert parse_yaml(changed, "f").value((*path, "added_key")) == 5
    assert comments(changed) == comments(COMMENTED)


LAYOUTS = (
    # (before, path, value, after)
    ("a: {2020-01: 1, 2021-01: 2} # b\n", "a.2020-06", 3, "a: {2020-01: 1, 2020-06: 3, 2021-01: 2} # b\n"),
    ("a:\n  2020-01: 1 # x\n  2021-01: 2\n", "a.2020-06", 3, "a:\n  2020-01: 1 # x\n  2020-06: 3\n  2021-01: 2\n"),
    ("a: {2020-01: 1}\n", "a.2020-06", 3, "a: {2020-01: 1, 2020-06: 3}\n"),
    ("a:\n- 1\n- 2\nb: 1\n", "a", [3], "a: [3]\nb: 1\n"),
    ("a: # why\n  b: 1\nc: 2\n", "a", {"b": 2}, "a: # why\n  {b: 2}\nc: 2\n"),
    ("a: # why\n  b: 1 # so\n\n# end\nc: 2\n", "a.d", 2, "a: # why\n  b: 1 # so\n  d: 2\n\n# end\nc: 2\n"),
    ("a: >-\n  one\n  two\n\n# end\nb: 1\n", "a", "x", "a: x\n\n# end\nb: 1\n"),
    ("a:\n# next\nb: 1\n", "a", 2, "a: 2\n# next\nb: 1\n"),
    ("a: {b: , c: 1}\n", "a.b", 2, "a: {b: 2, c: 1}\n"),
    ("a: {b: }\n", "a.c", 2, "a: {b: , c: 2 }\n"),
    ("a: {}\n", "a.c", 2, "a: {c: 2}\n"),
    ("a: {b: 1,}\n", "a.c", 2, "a: {b: 1, c: 2,}\n"),
    ("a:\n  b: {c: 1,\n      d: 2}\n", "a.b.d", 3, "a:\n  b: {c: 1,\n      d: 3}\n"),
    ("a: [1, 2] # two\n", "a[1]", 5, "a: [1, 5] # two\n"),
    ("a:\n  - b: 1\n    c: 2\n  - b: 3\n", "a[0].d", 9, "a:\n  - b: 1\n    c: 2\n    d: 9\n  - b: 3\n"),
    ("2018: 1\n'2019': 2\n", "2019", 3, "2018: 1\n'2019': 3\n"),
    ("a: 1", "b", 2, "a: 1\nb: 2"),
    ("a: 1\r\nc: 3\r\n", "b", 2, "a: 1\r\nc: 3\r\nb: 2\r\n"),
    ("\ufeffa: 1\n", "a", 2, "\ufeffa: 2\n"),
    ('{"a": {"b": 1.5}}', "a.c", "x", '{"a": {"b": 1.5, "c": "x"}}'),
    ("a: &x {b: 1}\nc: 2\n", "a.b", 2, "a: &x {b: 2}\nc: 2\n"),
)  # fmt: skip


@pytest.mark.parametrize(("before", "path", "value", "after"), LAYOUTS)
def test_every_layout(before: str, path: str, value: Any, after: str) -> None:
    assert edited_text(before, {path: value}, "f") == after


def test_what_an_alias_shares_is_left_to_the_user() -> None:
    with pytest.raises(ScenarioError, match="shared"):
        edited_text("a: &x {b: 1}\nc: *x\n", {"c.b": 2})
    with pytest.raises(ScenarioError, match="shared"):
        edited_text("a: &x {b: 1}\nc: *x\n", {"a.b": 2})


def test_a_path_that_leads_nowhere_is_told() -> None:
    with pytest.raises(ScenarioError) as caught:
        edited_text(VALID, {"programmes.akt.places": 2, "..": 1, "time.from": object()})
    said = [str(one) for one in caught.value.problems]
    assert said[0].startswith("change: programmes.akt.places: programmes has no 'akt'; did you")
    assert "is not a path" in said[1] and "that a file can hold" in said[2]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(VALID, encoding="utf-8")
    file = tmp_path / "case.yaml"
    file.write_text("extends: base.yaml # below\nmeta: {price_year: 2021} # as it was\n", "utf-8")
    return file


def test_a_file_that_extends_takes_what_differs(case: Path) -> None:
    som.edit(
        case, {"programmes.act.places": 30, "meta.price_year": 2020, "programmes.act.note": "m"}
    )
    assert case.read_text(encoding="utf-8") == (
        "extends: base.yaml # below\nmeta: {price_year: 2020} # as it was\n"
        "programmes: {act: {places: 30, note: m}}\n"
    )
    assert som.load(case).base.programmes["act"].note == "m"


def test_a_list_of_the_base_is_not_changed_in_part(case: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"transitions is a list in .*base\.yaml; change it there"
    ):
        som.edit(case, {"transitions[1].rate_per_year": 0.1})
    som.edit(case, {"leave": ["dead"]})
    assert "leave: [dead]" in case.read_text(encoding="utf-8")


def test_nothing_is_written_that_is_no_scenario(case: Path) -> None:
    before = case.read_text(encoding="utf-8")
    with pytest.raises(ScenarioError, match="price_year"):
        som.edit(case, {"meta.price_year": "soon"})
    assert case.read_text(encoding="utf-8") == before
    som.edit(case, {"meta.price_year": "soon"}, check=False)
    assert "soon" in case.read_text(encoding="utf-8")


def test_it_can_be_written_elsewhere(case: Path, tmp_path: Path) -> None:
    before = case.read_text(encoding="utf-8")
    text = som.edit(case, {"meta.price_year": 2020}, out=tmp_path / "new.yaml")
    assert (tmp_path / "new.yaml").read_text(encoding="utf-8") == text != before
    assert case.read_text(encoding="utf-8") == before


def test_files_that_cannot_be_changed_are_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        som.edit(tmp_path / "none.yaml", {"a": 1})
    with pytest.raises(SomSimError, match="is a workbook"):
        som.edit(tmp_path / "case.xlsx", {"a": 1})
