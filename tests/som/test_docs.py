"""The page about SØM names every key of a case, and its example is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from som_sim.core.records import Record
from som_sim.som import case as forms
from som_sim.som.read import loads_case
from som_sim.som.result import run_case


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "som.md").read_text(encoding="utf-8")


def test_every_key_of_a_case_is_described(page: str) -> None:
    described = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`[^`\n]+`", page))))
    keys = {
        field.alias or key
        for one in vars(forms).values()
        if isinstance(one, type) and issubclass(one, Record) and one.__module__ == forms.__name__
        for key, field in one.model_fields.items()
    }
    assert keys - described == set()


def test_the_example_is_a_case(page: str) -> None:
    example = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0]
    case = loads_case(example)
    assert not case.warnings
    assert run_case(case).ok
