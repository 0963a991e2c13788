"""A table is made once for each result, and a copy of it is the user's own."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from functools import cache
from pathlib import Path

import pytest

import som_sim as som
from som_sim import frames
from som_sim.report.save import TABLES

FIRST = Path(__file__).parent.parent / "scenarios" / "first.yaml"


@cache
def result() -> som.Result:
    return som.run(som.load(FIRST))


@pytest.mark.parametrize("name", TABLES.values())
def test_a_table_is_made_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = replace(result())
    made, make = [], getattr(frames, name)
    monkeypatch.setattr(frames, name, lambda one: made.append(name) or make(one))
    first, second = getattr(fresh, name), getattr(fresh, name)
    assert made == [name]
    assert first.equals(second)


@pytest.mark.parametrize("name", TABLES.values())
def test_a_changed_copy_changes_nothing(name: str) -> None:
    before = getattr(result(), name).copy()
    mine = getattr(result(), name)
    for column in mine.columns:
        mine[column] = mine[column].iloc[::-1].to_numpy()
    mine["new"] = 1
    del mine["strategy"]
    assert getattr(result(), name).equals(before)


def test_two_results_keep_their_tables_apart() -> None:
    other = som.run(som.load(FIRST, overrides={"population.initial[0].persons": "80"}))
    assert result().targets["projected"].iloc[0] < other.targets["projected"].iloc[0]
    assert not replace(result(), version="other")._tables


def test_a_result_is_still_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        result().seed = 1  # type: ignore[misc]
    kept = next(one for one in fields(som.Result) if one.name == "_tables")
    assert not kept.compare and not kept.repr and not kept.init
