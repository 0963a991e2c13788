"""The PDFs: whole, short, readable by machines, and harmless whatever a user writes."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest

import som_sim
from som_sim.core.errors import SomSimError
from som_sim.core.texts import CATALOGUE, LANGUAGES
from som_sim.report.case.build import build_case
from som_sim.report.case.content import Case
from som_sim.report.html import template
from som_sim.report.pdf import drawable, pdf_bytes

page_validation = pytest.importorskip("page", reason="needs the package page-validation")
MOST_SHORT_PAGES = 2


def pages(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def failures(content: bytes) -> list[tuple[str, str]]:
    report = page_validation.validate_pdf_bytes(content, profile="ua1")
    assert report.rules.total > 50
    return [(one.rule_id, one.message) for one in report.failures]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("short", [True, False])
def test_it_is_a_pdf_that_can_be_read_aloud(cases: dict[str, Case], lang: str, short: bool) -> None:
    made = pdf_bytes(cases[lang], short=short)
    assert failures(made) == []
    with pikepdf.open(io.BytesIO(made)) as document:
        assert str(document.Root.Lang).startswith(lang)
        assert str(document.docinfo["/Title"]) == cases[lang].title
    if short:
        assert pages(made) <= MOST_SHORT_PAGES


def test_the_check_sees_a_document_without_a_language(cases: dict[str, Case]) -> None:
    page = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes(cases["da"], short=True))) as document:
        del document.Root.Lang
        document.save(page)
    assert failures(page.getvalue())


def test_the_same_case_gives_the_same_bytes(
    randers: som_sim.Result, cases: dict[str, Case]
) -> None:
    assert pdf_bytes(build_case(randers, "da")) == pdf_bytes(cases["da"])


def test_a_users_text_is_never_markup(hostile: Any) -> None:
    case = build_case(hostile, "en")
    assert "#strong[x]" in case.title
    assert failures(pdf_bytes(case)) == []
    # The template is fixed; the case comes as data, of which nothing is ever evaluated as markup.
    assert "eval(" not in template("case.typ")
    with pikepdf.open(io.BytesIO(pdf_bytes(case))) as document:
        assert "#strong[x]" in str(document.docinfo["/Title"])


@pytest.mark.parametrize(
    "title",
    [
        "Hjem \N{HOUSE BUILDING} til \N{WOMAN}",
        "Z\N{COMBINING SHORT STROKE OVERLAY}a",
        "\N{CJK UNIFIED IDEOGRAPH-4E2D}",
    ],
)
def test_letters_that_no_font_has_do_not_cost_the_file(repository: Path, title: str) -> None:
    page = (repository / "scenarios/first.yaml").read_text("utf-8")
    page = page.replace("My first scenario", title).replace("en: Homeless}", f"en: {title}}}")
    case = build_case(som_sim.run(som_sim.loads(page)), "en")
    assert case.title == title
    assert failures(pdf_bytes(case, short=True)) == []
    assert failures(pdf_bytes(case)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_letter_of_our_own_texts_is_drawn(lang: str) -> None:
    ours = "".join(two[LANGUAGES.index(lang)] for two in CATALOGUE.values())
    assert drawable(ours) == ours


def test_a_missing_library_names_the_extra(
    cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(SomSimError, match=r"som-sim\[report\]"):
        pdf_bytes(cases["da"])
