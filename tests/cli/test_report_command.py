"""``som-sim report``: what it writes, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import openpyxl
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


def test_both_languages_are_what_each_is_alone(first: str, tmp_path: Path) -> None:
    asked = ["report", first, "--format", "html,docx", "--out"]
    assert main([*asked, str(tmp_path / "both"), "--lang", "both"]) == codes.FINE
    both = {path.name: path.read_bytes() for path in (tmp_path / "both").iterdir()}
    each: dict[str, bytes] = {}
    for lang in ("da", "en"):
        assert main([*asked, str(tmp_path / lang), "--lang", lang]) == codes.FINE
        each |= {path.name: path.read_bytes() for path in (tmp_path / lang).iterdir()}
    assert len(both) == 4 and both == each


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


def test_a_workbook_that_tells_small_counts_is_marked_and_said(
    first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["report", first, "--out", str(tmp_path), "--format", "xlsx", "--lang", "en"]
    assert main(asked) == codes.FINE
    assert "Warning: case_en.xlsx is a working file" in capsys.readouterr().err
    book = openpyxl.load_workbook(tmp_path / "case_en.xlsx")
    assert str(book["Summary"]["A5"].value).startswith("Working file, not for publication")
    assert all("Not for publication" in str(sheet.oddFooter.center.text) for sheet in book)
    assert main([*asked, "--publish"]) == codes.FINE
    assert capsys.readouterr().err == ""
    assert main([*asked, "--small-counts", "show"]) == codes.FINE
    assert "small numbers of persons are shown" in capsys.readouterr().err


def test_a_workbook_for_publication_has_values_only(
    first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["report", first, "--out", str(tmp_path), "--format", "xlsx", "--lang", "en"]
    assert main(asked) == codes.FINE
    live = openpyxl.load_workbook(tmp_path / "case_en.xlsx", data_only=True)
    assert main([*asked, "--publish"]) == codes.FINE
    book = openpyxl.load_workbook(tmp_path / "case_en.xlsx")
    left_out = {"Postings", "Accounts", "Liquidity"}
    assert set(live.sheetnames) - set(book.sheetnames) == left_out
    assert not book.defined_names
    for sheet in book:
        assert not sheet.data_validations.dataValidation
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
    checks = book["Reconciliation"].iter_rows(min_row=5, values_only=True)
    items = [
        row
        for row in checks
        if (row[1] and ": Shelter" in row[1]) or "Housing support" in str(row[1])
    ]
    assert items and all(row[2] is None and row[4] is not None for row in items)
    for row, shown in zip(live["Cash flow"], book["Cash flow"], strict=True):
        assert [cell.value for cell in row] == [cell.value for cell in shown]


def test_what_may_be_published_cannot_show_small_counts(
    first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["report", first, "--out", str(tmp_path), "--publish", "--small-counts", "show"]
    assert main(asked) == codes.WRONG_INPUT
    assert "leaves small counts out" in capsys.readouterr().err


def test_an_amount_of_few_persons_at_a_known_price_is_said(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (repository / "scenarios" / "first.yaml").read_text(encoding="utf-8")
    page = page.replace(
        "payers: {kommune: 1}, account: bostoette", "payers: {region: 1}, account: b"
    )
    page = page.replace("places: {2024-07: 10}", "places: {2024-07: 3}")
    file = tmp_path / "few.yaml"
    file.write_text(page, encoding="utf-8")
    asked = [
        "report",
        str(file),
        "--out",
        str(tmp_path / "out"),
        "--format",
        "html",
        "--lang",
        "en",
    ]
    assert main(asked) == codes.FINE
    told = capsys.readouterr().err
    assert "fewer than 5 persons are behind these amounts" in told
    assert "With support, Region 2025" in told
