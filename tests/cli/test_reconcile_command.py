"""``som-sim reconcile``: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from som_sim.cli.main import main

Capture = pytest.CaptureFixture[str]
BUDGET = "Post;Beløb\nIndsats;2.000\n  Løn;1.200\n  Husleje;{rent}\n"


def test_a_budget_that_holds(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "b.csv").write_text(BUDGET.format(rent="800"), encoding="utf-8")
    code = main(["reconcile", str(tmp_path / "b.csv"), "--all"])
    shown = capsys.readouterr()
    assert code == 0
    assert "1 sums: 1 exact, 0 with a rounding residual, 0 with an error" in shown.out
    assert "line 2: Indsats: exact: stated 2,000, 2 parts add to 2,000, residual 0" in shown.out


def test_an_error_ends_with_1_and_its_likely_cause(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "b.csv").write_text(BUDGET.format(rent="-800"), encoding="utf-8")
    code = main(["reconcile", str(tmp_path / "b.csv"), "--lang", "da"])
    shown = capsys.readouterr()
    assert code == 1
    assert "linje 2: Indsats: FEJL: angivet 2.000" in shown.out
    assert "måske: forkert fortegn på 'Husleje' (linje 4): 800" in shown.out


def test_the_packaged_budgets(capsys: Capture) -> None:
    code = main(["reconcile", "randers_2019_center", "--json"])
    shown = capsys.readouterr()
    assert code == 0
    sums = json.loads(shown.out)["sums"]
    assert [one["verdict"] for one in sums] == ["rounding", "exact", "exact", "rounding"]
    assert [one["residual"] for one in sums] == ["1", "0", "0", "-1"]


@pytest.mark.parametrize("content", ["", "Post;Beløb\nalt;3\n"])
def test_wrong_input_ends_with_2(tmp_path: Path, capsys: Capture, content: str) -> None:
    (tmp_path / "b.csv").write_text(content, encoding="utf-8")
    code = main(["reconcile", str(tmp_path / "b.csv")])
    shown = capsys.readouterr()
    assert code == 2
    assert "b.csv" in shown.err
    assert shown.out == ""
