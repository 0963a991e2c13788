"""A good file, its edits, and what a user is then told: for the tests of wrong files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from som_sim.core.errors import ScenarioError
from som_sim.scenario.read import loads

VALID = (Path(__file__).parent / "scenario" / "valid.yaml").read_text(encoding="utf-8")


class GoodFile:
    """The text of a file without errors."""

    def __init__(self, text: str) -> None:
        self.text = text

    def edited(self, *edits: tuple[str, str]) -> str:
        """Return the file with each text, found exactly once, replaced by another."""
        text = self.text
        for find, replace in edits:
            assert text.count(find) == 1, find
            text = text.replace(find, replace)
        return text

    def problems(self, *edits: tuple[str, str]) -> list[str]:
        """Return each thing that the user is told about the file with some edits."""
        with pytest.raises(ScenarioError) as caught:
            loads(self.edited(*edits), "f")
        return [str(problem) for problem in caught.value.problems]

    def told(self, *edits: tuple[str, str]) -> str:
        """Return all that the user is told, a line for each problem."""
        return "\n".join(self.problems(*edits))


def library(repository: Path) -> list[Path]:
    """Return the scenario files of the library, without other files that lie beside them."""
    files = sorted((repository / "scenarios").rglob("*.yaml"))
    return [
        file
        for file in files
        if re.search(r"^(som_sim|extends):", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
