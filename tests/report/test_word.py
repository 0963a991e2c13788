"""The Word document: real styles and tables, a municipality's own template, harmless texts."""

from __future__ import annotations

import dataclasses
import io
import itertools
import sys
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

import som_sim
from som_sim.core.errors import SomSimError
from som_sim.report.case.build import build_case
from som_sim.report.case.content import Case
from som_sim.report.word import WHOLE_ROWS, word_bytes


@pytest.fixture(scope="module")
def written(cases: dict[str, Case]) -> Any:
    return docx.Document(io.BytesIO(word_bytes(cases["da"])))


def styled(document: Any, style: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.name == style]


def test_headings_captions_and_contents_are_real(written: Any, cases: dict[str, Case]) -> None:
    case = cases["da"]
    assert styled(written, "Heading 1") == [section.title for section in case.sections]
    assert styled(written, "Title") == [case.title]
    captions = styled(written, "Caption")
    assert len(captions) == len(list(case.tables())) + len(list(case.pictures()))
    fields = [one.text or "" for one in written.element.body.iter(qn("w:instrText"))]
    assert sum(one.startswith("TOC ") for one in fields) == 1
    assert sum(one.startswith("SEQ ") for one in fields) == len(captions)


def test_tables_can_be_edited_and_have_a_header_row(written: Any, cases: dict[str, Case]) -> None:
    tables = list(cases["da"].tables())
    assert len(written.tables) == len(tables)
    for made, table in zip(written.tables, tables, strict=True):
        assert made._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
        shown = [[cell.text for cell in row.cells] for row in made.rows]
        assert shown == [
            [one.heading for one in table.columns],
            *([cell.text for cell in row] for row in table.rows),
        ]


def kept(row: Any) -> bool:
    return all(one.pPr.find(qn("w:keepNext")) is not None for one in row.iter(qn("w:p")))


def test_short_tables_stay_whole_and_long_ones_leave_no_row_alone(
    written: Any, cases: dict[str, Case]
) -> None:
    sizes = set()
    for made, table in zip(written.tables, cases["da"].tables(), strict=True):
        rows = made._tbl.tr_lst
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        assert kept(rows[0]) and (len(rows) < 3 or kept(rows[-2])) and (
            len(rows) < 4 or kept(rows[-3])
        )  # fmt: skip
        assert kept(rows[-1]) == bool(table.note)
        whole = all(kept(row) for row in rows[:-1])
        assert whole == (len(table.rows) <= WHOLE_ROWS)
        sizes.add(whole)
    assert sizes == {True, False}


def test_captions_stay_with_their_tables_and_figures(written: Any) -> None:
    body = list(written.element.body)
    for one, after in itertools.pairwise(body):
        if after.tag == qn("w:tbl") or one.find(".//" + qn("w:drawing")) is not None:
            assert one.pPr.find(qn("w:keepNext")) is not None


def test_figures_say_what_they_show(written: Any, cases: dict[str, Case]) -> None:
    described = [one.get("descr") for one in written.element.body.iter(qn("wp:docPr"))]
    assert described == [picture.alt for picture in cases["da"].pictures()]


@pytest.mark.parametrize(("lang", "tag"), [("da", "da-DK"), ("en", "en-GB")])
def test_the_language_is_said(cases: dict[str, Case], lang: str, tag: str) -> None:
    document = docx.Document(io.BytesIO(word_bytes(cases[lang])))
    found = document.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang"))
    assert {one.get(qn("w:val")) for one in found} == {tag}


def test_the_same_case_gives_the_same_bytes(
    randers: som_sim.Result, cases: dict[str, Case]
) -> None:
    assert word_bytes(build_case(randers, "da")) == word_bytes(cases["da"])


def test_a_municipalitys_own_template_gives_styles_header_and_page(
    cases: dict[str, Case], tmp_path: Path
) -> None:
    template = docx.Document()
    template.sections[0].header.paragraphs[0].text = "Randers Kommune"
    template.styles["Heading 1"].font.name = "Georgia"
    template.sections[0].left_margin = 1234440
    template.add_paragraph("Text of the template itself")
    file = tmp_path / "own.docx"
    template.save(str(file))
    made = docx.Document(io.BytesIO(word_bytes(cases["en"], str(file))))
    assert made.sections[0].header.paragraphs[0].text == "Randers Kommune"
    assert made.sections[0].left_margin == 1234440
    assert made.styles["Heading 1"].font.name == "Georgia"
    assert "Text of the template itself" not in [one.text for one in made.paragraphs]
    assert len(styled(made, "Heading 1")) == len(cases["en"].sections)


def test_a_template_without_our_styles_still_gives_a_document(
    cases: dict[str, Case], tmp_path: Path
) -> None:
    template = docx.Document()
    for name in ("Caption", "List Bullet", "Light List Accent 1", "TOC Heading", "Subtitle"):
        style = template.styles[name].element
        style.getparent().remove(style)
    file = tmp_path / "bare.docx"
    template.save(str(file))
    made = docx.Document(io.BytesIO(word_bytes(cases["en"], str(file))))
    assert len(made.tables) == len(list(cases["en"].tables()))


@pytest.mark.parametrize("content", [None, b"no Word file"])
def test_a_template_that_is_none_is_said(
    cases: dict[str, Case], tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "own.docx"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SomSimError, match="template"):
        word_bytes(cases["en"], str(file))


def test_a_users_text_is_only_text(hostile: Any) -> None:
    made = word_bytes(build_case(hostile, "en"))
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        body = parts.read("word/document.xml").decode()
    assert "&lt;script&gt;" in body and "<script>" not in body
    assert docx.Document(io.BytesIO(made)).paragraphs[0].text.startswith("=1+1<script>")


def test_a_missing_library_names_the_extra(
    cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(SomSimError, match=r"som-sim\[report\]"):
        word_bytes(cases["da"])


def test_a_long_title_stands_whole_on_the_page(cases: dict[str, Case]) -> None:
    case = dataclasses.replace(cases["en"], title="En lang titel " * 60)
    made = docx.Document(io.BytesIO(word_bytes(case)))
    assert made.paragraphs[0].text == case.title
    assert made.core_properties.title == case.title[:255]


def own_template(folder: Path, change: Any) -> Path:
    document = docx.Document()
    change(document)
    document.save(str(folder / "own.docx"))
    return folder / "own.docx"


def test_a_template_of_words_own_kind_is_taken(cases: dict[str, Case], tmp_path: Path) -> None:
    file = own_template(tmp_path, lambda one: one.add_paragraph("old text"))
    kind = tmp_path / "own.dotx"
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(kind, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(b"document.main+xml", b"template.main+xml"))
    made = docx.Document(io.BytesIO(word_bytes(cases["en"], str(kind))))
    assert made.paragraphs[0].text == cases["en"].title


def empty_body(document: Any) -> None:
    for child in list(document.element.body):
        document.element.body.remove(child)


def caption_of_letters(document: Any) -> None:
    styles = document.styles
    for name in ("Caption", "Table Grid"):
        styles[name]._element.getparent().remove(styles[name]._element)
        styles.add_style(name, WD_STYLE_TYPE.CHARACTER)


@pytest.mark.parametrize("change", [empty_body, caption_of_letters])
def test_a_template_without_a_page_or_with_a_style_of_another_kind_is_taken(
    cases: dict[str, Case], tmp_path: Path, change: Any
) -> None:
    made = word_bytes(cases["en"], str(own_template(tmp_path, change)))
    assert len(docx.Document(io.BytesIO(made)).tables) == len(list(cases["en"].tables()))


def test_a_template_whose_margins_leave_no_room_is_said(
    cases: dict[str, Case], tmp_path: Path
) -> None:
    def no_room(document: Any) -> None:
        document.sections[0].left_margin = document.sections[0].page_width

    with pytest.raises(SomSimError, match="no room"):
        word_bytes(cases["en"], str(own_template(tmp_path, no_room)))
