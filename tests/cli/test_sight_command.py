"""``som-sim sight``: the goals of the knowledge base, or a file's targets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from som_sim.cli import codes, main

FIRST = str(Path(__file__).parent.parent.parent / "scenarios" / "first.yaml")


@pytest.mark.parametrize(("lang", "word"), [("da", "Mål ses"), ("en", "Goal seen")])
def test_goals_are_shown(lang: str, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["sight", "--lang", lang]) == codes.FINE
    shown = capsys.readouterr().out
    assert "35 " in shown and "14" in shown
    assert word in shown
    assert "> 100" in shown


def test_goals_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["sight", "--json"]) == codes.FINE
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 14
    drugs = next(row for row in rows if row["name"] == "goal_drugs")
    assert drugs["later"][0]["chance"] == pytest.approx(0.2458, abs=1e-4)


def test_targets_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["sight", FIRST, "--json"]) == codes.FINE
    rows = json.loads(capsys.readouterr().out)
    assert {row["strategy"] for row in rows} == {"nothing_new", "with_support"}
    assert main.main(["sight", FIRST]) == codes.FINE
    assert "With support" in capsys.readouterr().out


def test_set_needs_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["sight", "--set", "meta.price_year=2020"]) == codes.WRONG_INPUT
    assert "name one" in capsys.readouterr().err
