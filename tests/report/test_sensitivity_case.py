"""Sensitivity in the case: the same figures in text, table, drawing and workbook."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import som_sim
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.texts import LANGUAGES, text
from som_sim.report.case.build import build_case
from som_sim.report.case.content import Bullets, Case, Paragraph, Picture, Table
from som_sim.report.case.sensitivity import PRICES, analyse, publishable
from som_sim.report.case.view import Beside
from som_sim.report.disclosure import Disclosure
from som_sim.report.html import html_text
from som_sim.report.plan import Plan
from som_sim.report.sensitivity import groups_together, input_name
from som_sim.report.workbook.book import workbook_bytes


@pytest.fixture(scope="module")
def found(randers: som_sim.Result) -> som_sim.Sensitivity:
    return analyse(randers)


def with_sensitivity(result: som_sim.Result, found: som_sim.Sensitivity, lang: str) -> Case:
    return build_case(result, lang, beside=Beside(sensitivity=found))


def blocks_of(case: Case) -> tuple[Any, ...]:
    return next(one for one in case.sections if one.key == "sensitivity").blocks


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_section_has_a_figure_with_its_numbers_for_each_outcome(
    randers: som_sim.Result, found: som_sim.Sensitivity, lang: str
) -> None:
    blocks = blocks_of(with_sensitivity(randers, found, lang))
    pictures = [one for one in blocks if isinstance(one, Picture)]
    assert [one.key for one in pictures] == ["tornado_net_kommune", "tornado_target_homeless_2022"]
    for picture, way in zip(pictures, found.ways, strict=True):
        bars = [bar for bar in way.bars if bar.span and not bar.input.is_price]
        assert picture.numbers is not None and len(picture.numbers.rows) == len(bars)
        for row, bar in zip(picture.numbers.rows, bars, strict=True):
            assert row[0].text.startswith(input_name(bar.input, lang))
            assert [cell.number for cell in row[1:6]] == [
                bar.input.low, bar.input.base, bar.input.high, bar.at_low, bar.at_high,
            ]  # fmt: skip
    said = " ".join(one.text for one in blocks if isinstance(one, Paragraph))
    assert text("tornado.alone", lang) in said and text("tornado.none.net", lang) in said
    last = blocks[-1]
    assert isinstance(last, Bullets)
    assert any(("ICM-pladser" if lang == "da" else "ICM places") in one for one in last.points)


def test_what_goes_together_is_said_once() -> None:
    class One:
        def __init__(self, name: str, *together: str) -> None:
            self.name, self.together = name, together

    inputs = [One("a", "b"), One("b", "a", "c"), One("c", "b"), One("d"), One("e", "f")]
    found = groups_together(inputs)  # type: ignore[arg-type]
    assert found == [("a", "b", "c"), ("e", "f")]


def test_prices_stand_in_a_table_of_their_own(
    randers: som_sim.Result, found: som_sim.Sensitivity
) -> None:
    blocks = blocks_of(with_sensitivity(randers, found, "en"))
    (table,) = (one for one in blocks if isinstance(one, Table))
    assert table.key == "prices_net_kommune" and "20%" in table.caption
    shelter = next(row for row in table.rows if row[0].text.startswith("Stay at a shelter"))
    bar = next(
        bar for bar in found.of("net:kommune").bars if bar.input.name == "prices.shelter_day"
    )
    assert [cell.number for cell in shelter[1:4]] == [1100, bar.at_low, bar.at_high]
    assert bar.input.high == pytest.approx(1100 * (1 + PRICES))


def test_without_it_the_case_says_what_is_uncertain(randers: som_sim.Result) -> None:
    said = [one.text for one in blocks_of(build_case(randers, "en")) if isinstance(one, Paragraph)]
    assert any("have a distribution in the scenario" in one for one in said)


@pytest.fixture(scope="module")
def book(randers: som_sim.Result, found: som_sim.Sensitivity) -> bytes:
    case = with_sensitivity(randers, found, "en")
    return workbook_bytes(randers, case, sensitivity=found)


def test_the_workbook_has_a_sheet_with_the_figures(book: bytes, found: som_sim.Sensitivity) -> None:
    values = openpyxl.load_workbook(io.BytesIO(book), data_only=True)["Sensitivity"]
    formulas = openpyxl.load_workbook(io.BytesIO(book))["Sensitivity"]
    way = found.of("net:kommune")
    first = way.bars[0]
    row = next(row for row in values.iter_rows() if row[0].value == input_name(first.input, "en"))
    assert [cell.value for cell in row[2:7]] == pytest.approx(
        [first.input.low, first.input.base, first.input.high, first.at_low, first.at_high]
    )
    assert row[7].value == pytest.approx(first.at_low - way.base)
    assert formulas.cell(row[7].row, 8).value == f"=F{row[7].row}-$F${row[7].row - 2}"
    assert row[9].value == "no" and row[10].value == "B"


def test_its_charts_are_native_and_told_in_words(book: bytes, found: som_sim.Sensitivity) -> None:
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        charts = [file.read(one).decode() for one in file.namelist() if "charts/chart" in one]
        drawings = "".join(
            file.read(one).decode() for one in file.namelist() if "drawings/drawing" in one
        )
    own = [one for one in charts if "<c:overlap" in one and 'val="100"' in one]
    assert len([one for one in own if "Sensitivity" in one]) == len(found.ways)
    assert "Bars for each assumption" in drawings


def test_a_users_text_is_no_formula_and_no_tag(hostile: som_sim.Result) -> None:
    found = analyse(hostile)
    case = with_sensitivity(hostile, found, "en")
    assert "<script>alert" not in html_text(case)
    book = workbook_bytes(hostile, case, sensitivity=found)
    sheet = openpyxl.load_workbook(io.BytesIO(book))["Sensitivity"]
    formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas and all(one[1] in "FG" for one in formulas)
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        for name in file.namelist():
            if "charts/chart" in name:
                assert "<c:f>1+1" not in file.read(name).decode()


def test_a_target_that_is_left_out_is_left_out_here_too(found: som_sim.Sensitivity) -> None:
    hidden = Plan(rule=Disclosure(), hidden=frozenset({("target", "homeless_2022")}))
    assert publishable(found, hidden).outcomes == ("net:kommune",)
    for threshold, n in ((74, 2), (75, 1)):  # at its high one assumption gives 74.3
        plan = Plan(rule=Disclosure(threshold=threshold))
        assert len(publishable(found, plan).ways) == n


def test_it_can_be_left_out(repository: Path, tmp_path: Path) -> None:
    first = str(repository / "scenarios" / "first.yaml")
    asked = ["report", first, "--out", str(tmp_path), "--format", "html"]
    assert main([*asked, "--lang", "en", "--no-sensitivity"]) == codes.FINE
    page = (tmp_path / "case_en.html").read_text(encoding="utf-8")
    assert "Prices 20% lower and higher" not in page
    assert main([*asked, "--lang", "en"]) == codes.FINE
    page = (tmp_path / "case_en.html").read_text(encoding="utf-8")
    assert "Prices 20% lower and higher" in page


def test_a_case_in_which_nothing_can_be_varied_is_written_without(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (repository / "scenarios" / "first.yaml").read_text(encoding="utf-8").splitlines()
    first = next(at for at, one in enumerate(lines) if one.startswith("prices:"))
    last = next(at for at, one in enumerate(lines) if one.startswith("targets:"))
    bare = tmp_path / "bare.yaml"
    bare.write_text("\n".join([*lines[:first], *lines[last:]]), encoding="utf-8")
    assert main(["report", str(bare), "--out", str(tmp_path), "--format", "html"]) == codes.FINE
    assert "the case has no sensitivity" in capsys.readouterr().err
