"""``som-sim report``: what it writes, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from som_sim.cli import codes
from som_sim.cli.main import main


@pytest.fixture
def first(repository: Path) -> str:
    return str(repository / "scenarios" / "first.yaml")


def test_a_case_is_written_in_the_language_asked_for(
    first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "case"
    code = main(["report", first, "--out", str(out), "--format", "html", "--lang", "da"])
    assert code == codes.FINE
    assert [path.name for path in out.iterdir()] == ["case_da.html"]
    assert "Casen er skrevet" in capsys.readouterr().out
    page = (out / "case_da.html").read_text(encoding="utf-8")
    assert '<html lang="da">' in page
    assert "Modellen: steder og flytninger" in page and "Er det beskrevet" in page


def test_an_unknown_format_is_said_before_anything_runs(
    first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "case"
    code = main(["report", first, "--out", str(out), "--format", "htlm"])
    assert code == codes.WRONG_INPUT
    assert "did you mean 'html'" in capsys.readouterr().err
    assert not out.exists()


def test_a_file_in_the_way_is_said(
    first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "case"
    out.write_text("mine", encoding="utf-8")
    code = main(["report", first, "--out", str(out), "--format", "html"])
    assert code == codes.WRONG_INPUT
    assert "it is a file" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "mine"


def test_draws_give_intervals(randers_file: Path, tmp_path: Path) -> None:
    asked = ["--format", "html", "--draws", "20", "--seed", "1", "--lang", "en"]
    assert main(["report", str(randers_file), "--out", str(tmp_path), *asked]) == codes.FINE
    page = (tmp_path / "case_en.html").read_text(encoding="utf-8")
    assert "Uncertainty of the assumptions" in page and "drawn at random (seed 1)" in page
    assert "uncertainty about the effects is not included" not in page


def test_small_counts_can_be_shown(first: str, tmp_path: Path) -> None:
    shown = ["--format", "html", "--small-counts", "show"]
    assert main(["report", first, "--out", str(tmp_path), *shown]) == codes.FINE
