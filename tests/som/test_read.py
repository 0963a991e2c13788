"""A case file is read whole, or every problem in it is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

import som_sim
from som_cases import CASE
from som_sim.core.errors import ScenarioError, SomSimError
from som_sim.som.read import load_case, loads_case
from som_sim.som.table import write_table

WRONG = [
    # (what is replaced, by what, a part of the message, the line)
    ("success: {with: 0.8, reference: 0.2}", "success: 0.8", "success: 0.8 can be gross or net", 7),
    ("reference: 0.2", "net: 0.6", "write either 'net', or 'with' and 'reference'", 7),
    (", reference: 0.2", "", "0.8 is a gross success rate: without 'reference'", 7),
    ("with: 0.8", "with: 80", "with: 80 is not a share (0 to 1)", 7),
    ("participants:", "partisipants:", "did you mean 'participants'?", 4),
    ("{2024: 10, 2025: 20}", "{2024: 10, 2031: 20}", "2031 is outside the calculation", 4),
    ("consequences_from: year_after", "", "'consequences_from' is missing", 1),
    ("consequences_from: year_after", "consequences_from: later", "'later' is not allowed", 6),
    ("kind: startup, per: once, from: 2024", "kind: startup, per: once", "a cost once needs 'from'", 9),
    ("price: shelter_year", "price: shelter", "'shelter' is no price; did you mean", 14),
    ("less: [0.5", "less: [1,1,1,1,1,1,1,1,1, 0.5", "at most 10", 14),
    ("less: [0.5, 0.5, 0.25]", "less: [1], more: [1]", "write either 'less' or 'more'", 14),
    ("{kommune: 0.5, stat: 0.5}", "{kommune: 0.5, stat: 0.6}", "the shares add to 1.1", 17),
    ("transfer_to: borger", "transfer_to: stat", "'stat' would pay itself", 18),
    ("amount: 1000, price_year: 2023", "amount: 1000, price_year: 2019", "another price year", 18),
    ("discount_rate: 0.25", "discount_rate: dk_ministry_2020", "is no discount rate", 19),
    ("discount_rate: 0.25", "index: pris, discount_rate: 0.25", "'pris' is no index", 9),
    ("base_year: 2024", "base_year: 2095", "more than 60 years", 19),
    ("account: benefit}", "account: benefit, source: vive}", "source 'vive' is not declared", 18),
    ("time: {from: 2024, to: 2030}", "time: {from: 2030, to: 2024}", "ends (2024) before", 3),
    (", transfer_to: borger", "", "'benefit' is money that changes hands", 18),
    ("per: participant,", "per: participant, from: 2024,", "takes no 'from', 'to'", 11),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message", "line"), WRONG)
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, message: str, line: int) -> None:
    assert old in CASE
    with pytest.raises(ScenarioError) as caught:
        loads_case(CASE.replace(old, new), "case.yaml")
    found = [one for one in caught.value.problems if message in str(one)]
    assert found, str(caught.value)
    assert found[0].line == line


def test_all_problems_at_once_and_a_scenario_is_told_apart(repository: Path) -> None:
    text = CASE.replace("price: shelter_year", "price: shelter").replace("2025: 20", "2031: 20")
    with pytest.raises(ScenarioError) as caught:
        loads_case(text)
    assert len(caught.value.problems) == 2
    with pytest.raises(ScenarioError, match="this is a scenario; run it with 'som-sim run'"):
        load_case(repository / "scenarios" / "first.yaml")


def test_a_case_given_to_run_is_told_where_to_go(repository: Path) -> None:
    file = repository / "scenarios" / "som" / "skaeve_boliger.yaml"
    with pytest.raises(ScenarioError, match="run it with 'som-sim som'"):
        som_sim.load(file)


def test_an_input_is_there_or_is_said_to_be_missing() -> None:
    without = CASE.replace("success: {with: 0.8, reference: 0.2}\n", "")
    with pytest.raises(ScenarioError, match="'success' is missing"):
        loads_case(without)
    case = loads_case(without + "missing: [{input: success}]\n")
    assert case.spec.missing_inputs == ("success",) and not case.spec.complete


def test_what_falls_after_the_last_year_is_a_warning() -> None:
    case = loads_case(CASE.replace("to: 2030", "to: 2026"))
    assert any("consequences go on to 2028" in str(one) for one in case.warnings)
    assert not loads_case(CASE).warnings
    nobody = loads_case(CASE.replace("with: 0.8", "with: 0.1"))
    assert any("nobody gains" in str(one) for one in nobody.warnings)


# Tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_case_written_as_a_table_is_the_same_case(tmp_path: Path, ending: str, lang: str) -> None:
    case = loads_case(CASE)
    path = tmp_path / f"case.{ending}"
    write_table(case, path, lang)
    again = load_case(path)
    assert again.digest == case.digest
    assert again.spec == case.spec


def test_words_that_look_like_formulas_stay_words(tmp_path: Path) -> None:
    case = loads_case(CASE.replace("da: En sag", "da: =1+1"))
    for name in ("case.csv", "case.xlsx"):
        write_table(case, tmp_path / name)
        assert load_case(tmp_path / name).spec.meta.title.da == "=1+1"
    assert "'=1+1" in (tmp_path / "case.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message", "line", "column"),
    [
        ("0,8", "1.000", "1.000 can be read in two ways", 12, 14),
        ("Prisår", "Prisaar", "'Prisaar' is no column of this sheet", 21, 68),
        ("[Priser]", "[Prise]", "'Prise' is no sheet of a case; did you mean 'Priser'?", 30, 1),
        ("10", "mange", "'mange' is not a number", 18, 6),
        ("startup", "begyndelse", "'begyndelse' is not allowed", 22, 9),
    ],
)
def test_what_is_wrong_in_a_table_is_said_with_its_cell(
    tmp_path: Path, old: str, new: str, message: str, line: int, column: int
) -> None:
    path = tmp_path / "case.csv"
    write_table(loads_case(CASE), path, "da")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_case(path)
    found = [one for one in caught.value.problems if message in str(one)]
    assert found, str(caught.value)
    assert (found[0].line, found[0].column) == (line, column)


def test_a_year_left_out_between_two_is_no_year_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "case.csv"
    write_table(loads_case(CASE), path, "da")
    text = path.read_text(encoding="utf-8")
    assert "less;0,5;0,5;0,25" in text
    path.write_text(text.replace("less;0,5;0,5;0,25", "less;0,5;;0,25"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="a year before this one is empty"):
        load_case(path)


def test_a_cell_of_a_workbook_is_named_by_sheet_and_place(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "case.xlsx"
    write_table(loads_case(CASE), path, "da")
    book = openpyxl.load_workbook(path)
    book["Deltagere"]["B3"] = "mange"
    book.save(path)
    with pytest.raises(ScenarioError, match=r"case\.xlsx \[Deltagere\]:3:2: .*'mange'"):
        load_case(path)
    book["Deltagere"]["B3"] = 20
    book["Deltagere"]["B2001"] = 20
    book.save(path)
    with pytest.raises(ScenarioError, match=r"\[Deltagere\]: a sheet of a case has at most 2000"):
        load_case(path)
    path.write_bytes(b"PK nothing")
    with pytest.raises(ScenarioError, match="no xlsx workbook"):
        load_case(path)


def test_a_table_has_one_of_two_endings(tmp_path: Path) -> None:
    with pytest.raises(SomSimError, match=r"ends neither in \.csv nor in \.xlsx"):
        write_table(loads_case(CASE), tmp_path / "case.txt")
    with pytest.raises(SomSimError, match="cannot write"):
        write_table(loads_case(CASE), tmp_path / "nowhere" / "case.csv")
