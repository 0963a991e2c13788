"""What differs between two scenarios: every value found, and steps that add up to the øre."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim as som
from edits import VALID, GoodFile
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.errors import path_text
from som_sim.core.texts import LANGUAGES
from som_sim.core.yaml_tree import parse_yaml
from som_sim.scenario.digests import digest
from som_sim.writing.diff import WORTH_PAYERS
from som_sim.writing.diff_page import page
from som_sim.writing.differences import MISSING, differences, with_difference

edited = GoodFile(VALID).edited
DATA = parse_yaml(VALID, "f").data


@pytest.fixture
def files(tmp_path: Path) -> Any:
    def make(*edits: tuple[str, str]) -> tuple[str, str]:
        for name, text in (("a.yaml", VALID), ("b.yaml", edited(*edits))):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")

    return make


def said(one: som.Diff) -> list[str]:
    return [
        path_text(change.path)
        for step in one.steps
        for it in step.differences
        for change in it.changes
    ]


EDITS = (
    ("hazard_ratio: 2.5", "hazard_ratio: 4"),
    ("2021-01: 20", "2021-01: 30"),
    ("    amount: 1100\n", "    amount: 1300.50\n"),
    ("rate_per_year: 0.08", "rate_per_year: 0.1"),
    ("goal: 30", "goal: 28"),
)


def test_each_difference_is_a_step_and_the_steps_add_up_to_the_oere(files: Any) -> None:
    found = som.diff(*files(*EDITS))
    assert said(found) == [
        "transitions[1].rate_per_year",
        "programmes.act.places.2021-01",
        "programmes.act.effects[0].hazard_ratio",
        "prices.shelter_day.amount",
        "targets.count.goal",
    ]
    assert len(found.steps) == len(EDITS)
    results = [som.run(one) for one in (found.first, found.second)]
    for payer in WORTH_PAYERS:
        whole = [int(one.net(payer).sum()) for one in results]
        steps = [
            one.after.net["act", payer] - one.before.net["act", payer]
            for one in found.steps
            if one.before and one.after
        ]
        assert sum(steps) == whole[1] - whole[0]
        assert payer == "region" or any(steps)
    for step, after in zip(found.steps, found.steps[1:], strict=False):
        assert step.after == after.before
    last = found.steps[-1]
    assert last.before == last.after, "a goal changes no figure"


def test_a_step_that_is_no_scenario_goes_with_the_next(files: Any) -> None:
    found = som.diff(*files(
        ("    home: {}", "    flat: {}"), ("{stratum: adult, housing: home,", "{stratum: adult, housing: flat,"),
        ("to: {home: 0.6, street: 0.4}", "to: {flat: 0.6, street: 0.4}"),
        ("{from: {housing: home}, to: street", "{from: {housing: flat}, to: street"),
        ("{from: {housing: home}, to: dead", "{from: {housing: flat}, to: dead"),
        ("to: home, hazard_ratio: 2.5", "to: flat, hazard_ratio: 2.5"), ("goal: 30", "goal: 29"),
    ))  # fmt: skip
    assert len(found.steps) == 2 and len(found.steps[0].differences) > 5
    assert found.steps[0].before == found.steps[0].after, "only a name"


def test_rows_that_come_and_go_are_told_by_row(files: Any) -> None:
    row = "  - {from: {housing: home}, to: street, rate_per_year: 0.08}\n"
    found = som.diff(
        *files((row, row + "  - {from: {housing: home}, to: shelter, rate_per_year: 0.02}\n"))
    )
    assert said(found) == ["transitions[2]"]
    assert found.steps[0].differences[0].changes[0].before is MISSING
    text = page(found, "da")
    assert "transitions[2]: nyt, {from: {housing: home}, to: shelter, rate_per_year: 0.02}" in text
    assert "= count, act: +" in text and "Kommunen, act: " in text


def test_the_same_and_the_same_in_another_order(files: Any) -> None:
    same = som.diff(*files(("    home: {}", "    home: {} # a comment")))
    assert same.same and same.steps == () and "same scenario" in page(same, "en")
    turned = som.diff(
        *files(("per: year\n    price_year: 2020\n", "price_year: 2020\n    per: year\n"))
    )
    assert not turned.same and [one.differences[0].changes for one in turned.steps] == [()]
    assert "prices.team: the same in another order" in page(turned, "en")
    keys = som.diff(*files(("strata: {young: {}, adult: {}}", "strata: {adult: {}, young: {}}")))
    assert keys.reordered and "another order" in page(keys, "en")


LEAVES = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b"]), st.none(), st.booleans())
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["x", "y", "z"]), inner, max_size=3),
    ),
    max_leaves=8,
)
FILES = st.dictionaries(
    st.sampled_from(["prices", "transitions", "meta", "leave"]), TREES, max_size=4
)


def in_any_order(tree: Any) -> Any:
    """Return a tree with the keys of every mapping sorted."""
    if isinstance(tree, dict):
        return {key: in_any_order(tree[key]) for key in sorted(tree)}
    return [in_any_order(one) for one in tree] if isinstance(tree, list) else tree


@settings(max_examples=300)
@given(FILES, FILES)
def test_the_differences_make_the_second_of_the_first(one: Any, other: Any) -> None:
    kept = copy.deepcopy(one)
    tree = one
    for difference in differences(one, other):
        tree = with_difference(tree, difference)
    assert digest(in_any_order(tree)) == digest(in_any_order(other))
    assert one == kept, "the first is left as it was"
    assert differences(one, one) == ()


def test_the_command(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = files(*EDITS)
    for lang in LANGUAGES:
        assert main(["diff", first, second, "--lang", lang]) == codes.FINE
        assert "{" not in capsys.readouterr().out
    assert main(["diff", first, second, "--json"]) == codes.FINE
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["steps"]) == 5 and answer["steps"][0]["net_oere"]
    assert main(["diff", first, second, "--no-worth"]) == codes.FINE
    quick = capsys.readouterr().out
    assert "=" not in quick and "targets.count.goal: from 30 to 28" in quick
    assert main(["diff", first, "none.yaml"]) == codes.WRONG_INPUT


def test_a_workbook_is_held_against_a_file(files: Any, tmp_path: Path) -> None:
    first, _ = files()
    assert main(["convert", first, str(tmp_path / "c.xlsx")]) == codes.FINE
    assert som.diff(first, tmp_path / "c.xlsx").same
