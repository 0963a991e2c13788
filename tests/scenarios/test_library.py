"""Every scenario of the library runs, balances, says where it is from, and gives what it gave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from golden import golden_file, result_of, scenarios

UPDATE = "python tests/golden.py"
FLOATS_AGREE = 1e-8
"""Relative: figures are kept with ten digits."""


def differences(kept: Any, found: Any, where: str = "") -> list[str]:
    """Return every place where two results differ; whole numbers must be the same."""
    if isinstance(kept, dict) and isinstance(found, dict):
        keys = dict.fromkeys([*kept, *found])
        return [
            one
            for key in keys
            for one in (
                differences(kept[key], found[key], f"{where}.{key}")
                if key in kept and key in found
                else [f"{where}.{key} is in one of them only"]
            )
        ]
    if isinstance(kept, list) and isinstance(found, list) and len(kept) == len(found):
        pairs = enumerate(zip(kept, found, strict=True))
        return [one for n, (a, b) in pairs for one in differences(a, b, f"{where}[{n}]")]
    if isinstance(kept, float) or isinstance(found, float):
        if kept is None or found is None:
            return [] if kept is found else [f"{where}: kept {kept}, found {found}"]
        near = abs(kept - found) <= FLOATS_AGREE * max(1.0, abs(kept))
        return [] if near else [f"{where}: kept {kept}, found {found}"]
    return [] if kept == found else [f"{where}: kept {kept}, found {found}"]


@pytest.mark.parametrize("scenario", list(scenarios()), ids=lambda path: path.stem)
def test_a_scenario_gives_its_golden_result(scenario: Path) -> None:
    kept_file = golden_file(scenario)
    assert kept_file.is_file(), f"no golden result yet; look at it, then keep it with: {UPDATE}"
    kept = json.loads(kept_file.read_text(encoding="utf-8"))
    found = result_of(scenario)
    assert found["ok"]
    wrong = differences(kept, json.loads(json.dumps(found)))
    assert not wrong, f"if this is meant: {UPDATE}\n" + "\n".join(wrong[:20])


def test_a_golden_result_stands_beside_a_scenario() -> None:
    known = {golden_file(path) for path in scenarios()}
    folders = {path.parent for path in known}
    assert {one for folder in folders for one in folder.glob("*.golden.json")} == known


def test_a_difference_is_found_wherever_it_is() -> None:
    kept = {"a": {"b": [1, 2.0, None]}, "c": "x"}
    assert differences(kept, {"a": {"b": [1, 2.0 + 1e-9, None]}, "c": "x"}) == []
    for other in (
        {"a": {"b": [2, 2.0, None]}, "c": "x"},
        {"a": {"b": [1, 2.001, None]}, "c": "x"},
        {"a": {"b": [1, 2.0, 0.5]}, "c": "x"},
        {"a": {"b": [1, 2.0]}, "c": "x"},
        {"a": {"b": [1, 2.0, None]}, "c": "y"},
        {"a": {"b": [1, 2.0, None]}},
    ):
        assert len(differences(kept, other)) == 1
