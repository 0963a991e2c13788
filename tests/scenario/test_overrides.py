"""Changes by path: what is set, what is refused, and where messages about a change point."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from som_sim.core.errors import path_text
from som_sim.core.yaml_tree import Document, Position, parse_yaml
from som_sim.scenario.overrides import SHARED, apply_overrides, parse_path

TEXT = """\
time: {to: 2021-12}
prices:
  team: {amount: 100, payers: {kommune: 1}}
transitions:
  - {to: home, rate_per_year: 0.1}
  - {to: street, rate_per_year: 0.2}
grants: {pool: {tranches: {2018: 5, 2019: 6}}}
strategies:
  act:
    overrides:
      prices.team.payers: {stat: 1}
      prices.team.amount: 200
"""
ORIGIN = ("strategies", "act", "overrides")


@pytest.fixture
def document() -> Document:
    return parse_yaml(TEXT, "f")


names = st.text("abcdefgh_0123456789-", min_size=1, max_size=8)
paths = st.lists(names | st.integers(0, 10**8), min_size=1, max_size=6)


@given(names, paths)
def test_a_path_is_read_as_messages_write_it(first: str, rest: list[str | int]) -> None:
    path = (first, *rest)
    assert parse_path(path_text(path)) == path


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "[]", "a]b"])
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(ValueError, match="is not a path; write it as prices"):
        parse_path(text)


def test_an_existing_value_and_a_new_key_are_set(document: Document) -> None:
    changes = {
        "prices.team.amount": Decimal("7.5"),
        "prices.team.udvalg": "social",
        "prices.rent": {"amount": 1},
        "transitions[1].to": "dead",
        "grants.pool.tranches.2019": 9,
        "grants.pool.tranches[2018]": 8,
    }
    changed, problems = apply_overrides(document, changes, None)
    assert problems == []
    assert changed.data["prices"] == {
        "team": {"amount": Decimal("7.5"), "payers": {"kommune": 1}, "udvalg": "social"},
        "rent": {"amount": 1},
    }
    assert changed.data["transitions"][1] == {"to": "dead", "rate_per_year": Decimal("0.2")}
    assert changed.data["grants"] == {"pool": {"tranches": {2018: 8, 2019: 9}}}


def test_the_input_stays_as_it_is(document: Document) -> None:
    data, positions = copy.deepcopy(document.data), dict(document.positions)
    apply_overrides(document, {"prices.team.payers.kommune": 0, "transitions": []}, None)
    assert document.data == data
    assert document.positions == positions


def test_later_changes_see_earlier_ones(document: Document) -> None:
    first = {"kommune": 1}
    changes = {"prices.team.payers": first, "prices.team.payers.region": 2}
    changed, problems = apply_overrides(document, changes, None)
    assert problems == []
    assert changed.data["prices"]["team"]["payers"] == {"kommune": 1, "region": 2}
    assert first == {"kommune": 1}


def test_a_change_by_a_strategy_is_placed_where_it_is_written(document: Document) -> None:
    changes = document.value(ORIGIN)
    changed, problems = apply_overrides(document, changes, ORIGIN)
    assert problems == []
    assert changed.data["prices"]["team"] == {"amount": 200, "payers": {"stat": 1}}
    assert str(changed.problem(("prices", "team", "amount"), "m")) == (
        "f:12:27: prices.team.amount: m"
    )
    assert str(changed.problem(("prices", "team", "payers", "stat"), "m")) == (
        "f:11:34: prices.team.payers.stat: m"
    )
    assert ("prices", "team", "payers", "kommune") not in changed.positions
    assert str(changed.problem(("prices", "team"), "m")) == "f:3:3: prices.team: m"


def test_a_change_on_the_command_line_has_no_line(document: Document) -> None:
    changed, _ = apply_overrides(document, {"prices.team.amount": 1}, None)
    assert changed.positions[("prices", "team", "amount")] == Position(file="--set")
    problem = changed.problem(("prices", "team", "amount"), "m")
    assert str(problem) == "--set: prices.team.amount: m"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prises.team.amount", "the file has no 'prises'; did you mean 'prices'?"),
        ("prices.teem.amount", "prices has no 'teem'; did you mean 'team'?"),
        (
            "prices.rent.amount",
            "prices has no 'rent'; allowed: team",
        ),
        ("prices.team.amount.x", "prices.team.amount holds one value, with nothing below it"),
        ("transitions[2].to", "transitions is a list that has [0] to [1]"),
        ("transitions.first", "transitions is a list that has [0] to [1]"),
        ("prices..x", "'prices..x' is not a path; write it as prices.act_team.amount"),
        ("som_sim", "som_sim says how to read the file and cannot be changed"),
    ],
)
def test_what_cannot_be_changed(document: Document, text: str, message: str) -> None:
    changed, problems = apply_overrides(document, {text: 1, "prices.team.amount": 3}, None)
    assert [str(problem) for problem in problems] == [f"--set: {text}: {message}"]
    assert changed.data["prices"]["team"]["amount"] == 3  # the others are applied all the same


@pytest.mark.parametrize("section", [name for name in SHARED if name != "som_sim"])
def test_strategies_share_axes_and_yardsticks(section: str) -> None:
    text = f"{section}: {{to: 1}}\n" * (section != "strategies")
    text += f"strategies: {{act: {{overrides: {{{section}.to: 2}}}}, to: 1}}"
    document = parse_yaml(text, "f")
    _, problems = apply_overrides(document, {f"{section}.to": 2}, ORIGIN)
    assert [(problem.line > 0, problem.message) for problem in problems] == [
        (True, f"all strategies share '{section}'; change it in its own section")
    ]
    changed, problems = apply_overrides(document, {f"{section}.to": 2}, None)
    assert problems == []
    assert changed.data[section]["to"] == 2
