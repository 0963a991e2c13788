"""The documentation says what is so: its first scenario runs, its pages name every key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import som_sim
from som_sim.knowledge.rules import discount_rates, payer_rules
from som_sim.scenario import schema


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "scenario-file.md").read_text(encoding="utf-8")


def sections() -> Iterator[type[BaseModel]]:
    for value in vars(schema).values():
        if isinstance(value, type) and issubclass(value, schema.Record):
            yield value


def test_the_first_scenario_fits_on_a_screen_and_runs(repository: Path) -> None:
    file = repository / "scenarios" / "first.yaml"
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 40
    result: Any = som_sim.run(som_sim.load(file))
    assert result.reconciliation["ok"].all()


def test_every_key_of_the_format_is_described(page: str) -> None:
    code = re.findall(r"```.*?```|`[^`\n]+`", page, re.DOTALL)
    described = set(re.findall(r"[a-z_0-9]+", " ".join(code)))
    keys = {
        field.alias or key for section in sections() for key, field in section.model_fields.items()
    }
    assert keys - described == set()


def test_every_packaged_rule_is_described(page: str) -> None:
    assert [name for name in (*payer_rules(), *discount_rates()) if f"`{name}`" not in page] == []


def test_no_section_is_described_that_the_format_lacks(page: str) -> None:
    described = re.findall(r"^### `(\w+)`", page, re.MULTILINE)
    assert sorted(described) == sorted(schema.ScenarioFile.model_fields)


def test_every_public_name_is_on_the_page_about_python(repository: Path) -> None:
    page = (repository / "docs" / "api.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\.\. auto\w+:: som_sim\.(\w+)$", page, re.MULTILINE)
    assert sorted(shown) == sorted(som_sim.__all__)
