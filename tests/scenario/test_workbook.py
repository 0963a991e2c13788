"""Workbooks: the same scenario comes back, Danish habits are understood, every cell is named."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

import som_sim as som
from edits import VALID, GoodFile, library
from random_scenarios import Data, as_text, scenarios
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.errors import ScenarioError, SomSimError
from som_sim.core.yaml_tree import parse_yaml
from som_sim.scenario import workbook_read
from som_sim.scenario.convert import converted
from som_sim.scenario.digests import digest
from som_sim.scenario.documents import parse_document
from som_sim.scenario.workbook_cells import cell_of, value_of
from som_sim.scenario.workbook_layout import column_meant, heading
from som_sim.scenario.workbook_read import parse_workbook
from som_sim.scenario.workbook_write import workbook_bytes
from som_sim.writing.starter import starter

edited = GoodFile(VALID).edited
DATA = parse_yaml(VALID, "f").data
FORMS = ("yaml", "json", "xlsx")


def changed(change: Callable[[Any], object], lang: str = "en", data: Any = DATA) -> bytes:
    """Return the good file as a workbook with something done to it."""
    book = load_workbook(io.BytesIO(workbook_bytes(data, lang)))
    change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def told(content: bytes) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        som.loads(content, "f.xlsx")
    return [str(one) for one in caught.value.problems]


# The same scenario ----------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", FORMS)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_scenario_has_one_digest_in_all_formats(
    wanted: str, lang: str, repository: Path
) -> None:
    texts = [file.read_text(encoding="utf-8") for file in library(repository)]
    for text in (*texts, VALID, starter("full", year=2026)):
        document = parse_yaml(text, "f")
        again = parse_document(converted(document, wanted, lang), f"f.{wanted}")
        assert digest(again.data) == digest(document.data)


@settings(max_examples=20)
@given(scenarios(), st.sampled_from(["da", "en"]))
def test_any_scenario_comes_back(drawn: Data, lang: str) -> None:
    data = parse_yaml(as_text(drawn), "f").data
    assert digest(parse_workbook(workbook_bytes(data, lang), "f").data) == digest(data)


TEXTS = st.one_of(
    st.text(st.characters(blacklist_categories=("Cs", "Cc"), max_codepoint=0xFFFF), max_size=12),
    st.sampled_from(
        ["=1+1", "+1", "-1", "@x", "2017", "2017-02", "0,43", "1.000", "61 dage", "ja", "null", "~",
         "→ effects", '"', "{", "[a", " a ", "a\nb", "", "true", "#REF!", "0101"]
    ),
)  # fmt: skip
LEAVES = st.one_of(
    TEXTS, st.integers(-(10**12), 10**12), st.booleans(), st.none(),
    st.decimals(-(10**6), 10**6, places=6), st.lists(TEXTS, max_size=2),
)  # fmt: skip
NAMES = st.sampled_from(
    ["a", "note", "to", "from", "payers", "gruppe", "konto", "kommune", "2019", "2019-06", "label",
     "da", "order", "name", "domain", "x.y", "effects", "see"]
)  # fmt: skip
RECORDS = st.dictionaries(
    NAMES, st.one_of(LEAVES, st.dictionaries(NAMES, LEAVES, max_size=3)), max_size=4
)


@settings(max_examples=30)
@given(
    st.fixed_dictionaries(
        {"som_sim": st.just(1)},
        optional={
            "meta": RECORDS,
            "transitions": st.lists(st.one_of(RECORDS, st.none()), max_size=3),
            "leave": st.lists(TEXTS, max_size=2),
            "prices": st.dictionaries(NAMES, st.one_of(RECORDS, LEAVES), max_size=3),
            "programmes": st.dictionaries(
                NAMES, st.fixed_dictionaries({"effects": st.lists(RECORDS, max_size=2)}), max_size=2
            ),
            "domains": st.dictionaries(
                NAMES, st.dictionaries(NAMES, st.one_of(RECORDS, st.none()), max_size=2), max_size=2
            ),
            "population": st.dictionaries(
                st.sampled_from(["initial", "arrivals"]), st.lists(RECORDS, max_size=2), max_size=2
            ),
        },
    ),
    st.sampled_from(["da", "en"]),
)  # fmt: skip
def test_any_tree_comes_back_or_is_refused(data: dict[Any, Any], lang: str) -> None:
    """What lies in a workbook in an unusual way comes back as it was, or nothing is written."""
    from som_sim.core.yaml_tree import Document

    document = Document(data=data, positions={(): workbook_read.Position()}, file="f")
    try:
        written = converted(document, "xlsx", lang)
    except (SomSimError, ScenarioError):
        assert '"' in str(data) or any(word in str(data) for word in ("order", "name", "domain", "x.y", "effects"))  # fmt: skip
        return
    assert digest(parse_workbook(written, "f").data) == digest(data)


def test_the_same_scenario_gives_the_same_bytes() -> None:
    assert workbook_bytes(DATA) == workbook_bytes(DATA)


def test_a_workbook_runs_as_the_file_does(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(VALID, encoding="utf-8")
    assert (
        main(["convert", str(tmp_path / "a.yaml"), str(tmp_path / "a.xlsx"), "--lang", "da"]) == 0
    )
    results = [som.run(som.load(tmp_path / name)) for name in ("a.yaml", "a.xlsx")]
    assert results[0].ledger.equals(results[1].ledger)
    assert results[0].scenario.digest == results[1].scenario.digest


def test_a_file_can_extend_a_workbook_and_a_workbook_a_file(tmp_path: Path) -> None:
    (tmp_path / "base.xlsx").write_bytes(workbook_bytes(DATA))
    case = "extends: base.xlsx\nprogrammes: {act: {places: 30}}\n"
    (tmp_path / "case.yaml").write_text(case, encoding="utf-8")
    scenario = som.load(tmp_path / "case.yaml")
    assert scenario.bases[0][0].endswith("base.xlsx")
    top = parse_yaml(case.replace("base.xlsx", "base.yaml"), "f").data
    (tmp_path / "top.xlsx").write_bytes(workbook_bytes(top))
    (tmp_path / "base.yaml").write_text(VALID, encoding="utf-8")
    assert som.load(tmp_path / "top.xlsx").digest == scenario.digest


# By hand, and in Danish ------------------------------------------------------------------------


def by_hand() -> bytes:
    """Return a workbook as somebody in a Danish municipality would fill it in."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets: dict[str, list[list[Any]]] = {
        "Scenarie": [["Nøgle", "Værdi"], ["som_sim", 1]],
        "Om": [["nøgle", "værdi"], ["titel", "Prøve, 1,5"], ["valuta", "DKK"], ["prisår", 2021]],
        "Tid": [["Nøgle", "Værdi"], ["fra", dt.datetime(2020, 1, 1)], ["til", "2021-12"], ["periode", "month"]],
        "Domæner": [["Domæne", "Tilstand", "Hjemløs", "Betegnelse.da", "Betegnelse.en"],
                    ["bolig", "herberg", "ja", "Herberg", "Shelter"], ["bolig", "hjem", "nej", "Hjem", "Home"]],
        "Grupper": [["Navn"], ["voksne"]],
        "Borgere.ved start": [["Gruppe", "bolig", "Personer"], ["voksne", "herberg", 34], ["voksne", "hjem", "120,5"]],
        "Overgange": [["Fra.bolig", "Til", "Rate pr. år", "Ophold.middel", "Til.hjem", "Bemærkning"],
                      ["herberg", None, None, "61,5 dage", 1, "0,5 er nok"],
                      [None, None, None, None, None, None],
                      ["hjem", "herberg", "0,08", None, None, None]],
        "_noter": [["hvad som helst", "=1"]],
        "Strategier": [["Navn"], ["nu"]],
    }  # fmt: skip
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book["Tid"]["B2"].number_format = "mmm-yy"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_danish_headings_commas_and_words_are_understood() -> None:
    data = parse_workbook(by_hand(), "f").data
    assert data == {
        "som_sim": 1,
        "meta": {"title": "Prøve, 1,5", "currency": "DKK", "price_year": 2021},
        "time": {"from": "2020-01", "to": "2021-12", "cycle": "month"},
        "domains": {
            "bolig": {
                "herberg": {"homeless": True, "label": {"da": "Herberg", "en": "Shelter"}},
                "hjem": {"homeless": False, "label": {"da": "Hjem", "en": "Home"}},
            }
        },
        "strata": {"voksne": {}},
        "population": {
            "initial": [
                {"stratum": "voksne", "bolig": "herberg", "persons": 34},
                {"stratum": "voksne", "bolig": "hjem", "persons": Decimal("120.5")},
            ]
        },
        "transitions": [
            {"from": {"bolig": "herberg"}, "stay": {"mean": "61.5 days"}, "to": {"hjem": 1}, "note": "0,5 er nok"},
            {"from": {"bolig": "hjem"}, "to": "herberg", "rate_per_year": Decimal("0.08")},
        ],
        "strategies": {"nu": {}},
    }  # fmt: skip
    assert som.run(som.loads(by_hand(), "f.xlsx")).ok


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0,43", Decimal("0.43")), ("1.234,50", Decimal("1234.50")), ("2,125", Decimal("2.125")),
        ("-3,5", Decimal("-3.5")), ("12 måneder", "12 months"), ("1 år", "1 years"),
        ("30 døgn", "30 days"), ("2,5 days", "2.5 days"), (34.0, 34), (0.1, Decimal("0.1")),
        ("{a: 1}", {"a": 1}), ("[a, b]", ["a", "b"]), ('"61 dage"', "61 dage"), ("null", None),
        (True, True), ("stay / 2", "stay / 2"), (dt.date(2021, 3, 1), "2021-03-01"),
    ],
)  # fmt: skip
def test_what_a_cell_says(cell: object, value: object) -> None:
    assert value_of(cell, words=False) == value


@pytest.mark.parametrize("cell", ["1.000", "0101", "1.234.567", dt.time(3), float("nan"), "{a"])
def test_what_can_be_read_in_two_ways_is_asked(cell: object) -> None:
    with pytest.raises((ValueError, ScenarioError)):
        value_of(cell, words=False)


@given(st.lists(NAMES, min_size=1, max_size=3), st.sampled_from(["da", "en"]))
def test_a_heading_means_its_column(parts: list[str], lang: str) -> None:
    column = tuple(part for part in parts if "." not in part) or ("a",)
    assert column_meant(heading(column, lang)) == column


@given(
    st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)
)
def test_a_number_in_a_cell_is_exact(number: int | Decimal) -> None:
    try:
        again = value_of(cell_of(number, words=False), words=False)
    except ValueError as error:
        assert "digits" in str(error)
        return
    assert Decimal(again) == Decimal(number)


# What is wrong --------------------------------------------------------------------------------


def put(sheet: str, cell: str, value: object) -> Callable[[Any], object]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def move(sheet: str, name: str) -> Callable[[Any], object]:
    def change(book: Any) -> None:
        book[sheet].title = name

    return change


WRONG = (
    # (what is done to the workbook, the beginning of what is told)
    (put("prices", "B2", "1.100"), "f.xlsx: prices!B2: 1.100 can be read in two ways"),
    (put("prices", "B2", "mange"), "f.xlsx: prices!B2: prices.shelter_day.amount: 'mange' is no"),
    (put("prices", "B1", "amuont"), "f.xlsx: prices!B1: prices.shelter_day.amuont: unknown key; did you mean 'amount'?"),
    (put("prices", "A3", "shelter_day"), "f.xlsx: prices!A3: the name 'shelter_day' is there twice"),
    (put("prices", "A3", None), "f.xlsx: prices!B3: a row without a name"),
    (put("prices", "B1", None), "f.xlsx: prices!B2: there is no heading above this"),
    (put("prices", "C1", "beløb"), "f.xlsx: prices!C1: the heading 'beløb' is there twice"),
    (put("prices", "B2", "=1+1"), "f.xlsx: prices!B2: the formula has no value yet"),
    (put("strata", "A2", "Young"), "f.xlsx: strata!A2: strata.Young: 'Young' is not a name"),
    (put("transitions", "A2", "sheltr"), "f.xlsx: transitions!A2: transitions[0].from.housing: 'sheltr' is no state"),
    (put("transitions", "A2", "{a"), "f.xlsx: transitions!A2: expected ',' or '}'"),
    (put("programmes.effects", "A2", "akt"), "f.xlsx: programmes.effects!A2: 'akt' is no row of the sheet 'programmes'"),
    (put("programmes.effects", "A2", None), "f.xlsx: programmes.effects!B2: '' is no row of the sheet"),
    (put("scenario", "A2", None), "f.xlsx: scenario!B2: a row without a key"),
    (move("grants", "tilskut"), "f.xlsx: scenario!A15: there is no sheet 'grants', and no value stands here"),
    (move("grants", "Mål"), "f.xlsx: "),
    (move("domains", "_domains"), "f.xlsx: scenario!A5: there is no sheet 'domains'"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_each_thing_that_is_wrong_has_its_cell(
    change: Callable[[Any], object], message: str
) -> None:
    said = told(changed(change))
    assert any(one.startswith(message) for one in said), "\n".join(said)


def test_keys_and_values_of_a_record_have_their_cells() -> None:
    rows = [one.value for one in load_workbook(io.BytesIO(workbook_bytes(DATA)))["meta"]["A"]]
    assert rows == ["key", "title.da", "title.en", "currency", "price_year"]
    assert told(changed(put("meta", "B4", "EUR"))) == [
        "f.xlsx: meta!B4: meta.currency: 'EUR' is not allowed; allowed: DKK"
    ]
    said = told(changed(put("meta", "A5", "prisaar")))
    assert any(one.startswith("f.xlsx: meta!A5: meta.prisaar: unknown key; ") for one in said)
    assert told(changed(put("meta", "A5", "titel.da")))[0].startswith(
        "f.xlsx: meta!A5: the key 'titel.da' is there twice"
    )


def test_problems_come_in_the_order_of_the_sheets() -> None:
    def change(book: Any) -> None:
        book["prices"]["B2"] = "9 kr"
        book["meta"]["B4"] = "EUR"
        book["prices"]["B3"] = "9 kr"

    assert [one.split(": ")[1] for one in told(changed(change))] == [
        "meta!B4", "prices!B2", "prices!B3",
    ]  # fmt: skip


def test_a_value_and_values_below_it_cannot_both_stand() -> None:
    def change(book: Any) -> None:
        sheet = book["transitions"]
        heads = {cell.value: cell.column_letter for cell in sheet[1]}
        sheet[f"{heads['to']}2"] = "home"

    assert "in this row" in told(changed(change))[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and no more", "cannot be read as a workbook"),
        (b"PK\x03\x04" + b"0" * 1_000_001, "larger than 1000000 bytes"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "is not UTF-8"),
    ],
)
def test_what_is_no_workbook_is_said(content: bytes, message: str) -> None:
    assert message in told(content)[0]


def test_a_file_that_unpacks_to_more_than_a_scenario_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet.xml", b" " * 40_000_000)
    assert "larger when unpacked" in told(made.getvalue())[0]


def test_a_sheet_with_a_far_cell_is_refused() -> None:
    assert "far cells" in told(changed(put("prices", "XFD90000", 1)))[0]


def test_no_text_becomes_a_formula_or_another_value() -> None:
    text = edited(("title: {da: Prøve, en: Sample}", "title: {da: '=1+1', en: '@SUM(A1)'}"))
    data = parse_yaml(text, "f").data
    content = workbook_bytes(data)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        pages = [name for name in archive.namelist() if "worksheets/" in name]
        assert not any(b"<f>" in archive.read(name) for name in pages)
    sheet = load_workbook(io.BytesIO(content))["meta"]
    assert sheet["B2"].value == "=1+1" and sheet["B2"].data_type == "s" and sheet["B2"].quotePrefix
    assert som.loads(content, "f.xlsx").base.meta.title.da == "=1+1"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_workbook_or_a_problem(tail: bytes) -> None:
    with pytest.raises(ScenarioError):
        parse_document(b"PK\x03\x04" + tail, "f")


# The command ----------------------------------------------------------------------------------


def test_convert_leaves_what_is_there_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(VALID, encoding="utf-8")
    files = [str(tmp_path / name) for name in ("a.yaml", "a.json", "a.xlsx", "b.yaml")]
    for before, after in pairwise(files):
        assert main(["convert", before, after]) == codes.FINE
    assert len({som.load(file).digest for file in files}) == 1
    assert main(["convert", files[0], files[1]]) == codes.WRONG_INPUT
    assert "is there already" in capsys.readouterr().err
    assert main(["convert", files[0], str(tmp_path / "a.doc")]) == codes.WRONG_INPUT
    assert "no format ends so" in capsys.readouterr().err
    assert main(["convert", str(tmp_path / "no.yaml"), files[1]]) == codes.WRONG_INPUT


def test_json_has_letters_in_two_codes() -> None:
    text = '{"a": "\\ud83d\\ude00 \\\\ud83d", "b": {"2019": 1.50}}'
    assert parse_document(text, "f.json").data == {
        "a": "\U0001f600 \\ud83d", "b": {"2019": Decimal("1.50")},
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_what_another_program_saves_is_the_same_scenario(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(workbook_bytes(DATA, "da"))
    words = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
             "--convert-to", "xlsx", "--outdir", str(tmp_path), str(tmp_path / "in" / "a.xlsx")]  # fmt: skip
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    assert som.load(tmp_path / "a.xlsx").digest == som.loads(VALID).digest
