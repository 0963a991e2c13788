"""The web page: whole in one file, harmless, and found accessible by axe in a real browser."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import som_sim
from som_sim.core.errors import SomSimError
from som_sim.report.case.build import build_case
from som_sim.report.case.content import Case, Picture, Table
from som_sim.report.html import html_text

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BROWSER_READY = CHROMIUM is not None and all(
    importlib.util.find_spec(one) for one in ("playwright", "axe_playwright_python")
)
needs_browser = pytest.mark.skipif(
    not BROWSER_READY, reason="needs Chromium and the packages playwright and axe-playwright-python"
)
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def page(cases: dict[str, Case]) -> str:
    return html_text(cases["da"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        one = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


def test_every_table_and_figure_is_on_the_page(page: str, cases: dict[str, Case]) -> None:
    blocks = [block for section in cases["da"].sections for block in section.blocks]
    tables = sum(isinstance(one, Table) for one in blocks) + sum(
        isinstance(one, Picture) and one.numbers is not None for one in blocks
    )
    assert page.count("<table ") == tables
    assert page.count("<svg ") == 2 * sum(isinstance(one, Picture) for one in blocks)
    assert page.count('role="img" aria-label="') == page.count("<svg ")


def test_nothing_is_fetched_from_outside(page: str) -> None:
    fetched = re.findall(r'(?:src|href)\s*=\s*"(?!#)[^"]*"|@import|url\((?!#)[^)]*\)', page)
    assert fetched == []


def test_ids_are_given_once_and_every_reference_has_one(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page)) and all(
        (a or b) in set(ids) for a, b in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page)
    )


def test_a_users_text_is_never_a_tag(hostile: Any) -> None:
    written = html_text(build_case(hostile, "en"))
    assert "<script>alert" not in written
    assert "&lt;script&gt;alert(1)" in written
    assert written.count("<script>") == 1  # the page's own


def test_the_same_case_gives_the_same_bytes(randers: som_sim.Result, page: str) -> None:
    assert html_text(build_case(randers, "da")) == page


def test_a_missing_library_names_the_extra(
    cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(SomSimError, match=r"som-sim\[report\]"):
        html_text(cases["da"])


@needs_browser
@pytest.mark.parametrize("lang", ["da", "en"])
def test_axe_finds_nothing_and_nothing_is_asked_for(
    browser: Any, cases: dict[str, Case], tmp_path: Path, lang: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "case.html"
    file.write_text(html_text(cases[lang]), encoding="utf-8")
    asked: list[str] = []
    said: list[str] = []
    tab = browser.new_page(bypass_csp=True)
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = Axe().run(tab).response["violations"]
    tab.close()
    assert asked == [file.as_uri()]
    assert said == []
    assert [(one["id"], one["impact"]) for one in found] == []


@needs_browser
def test_tables_sort_and_a_phone_need_not_scroll_sideways(
    browser: Any, page: str, tmp_path: Path
) -> None:
    file = tmp_path / "case.html"
    file.write_text(page, encoding="utf-8")
    tab = browser.new_page(viewport=PHONE)
    tab.goto(file.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    table = tab.locator("table:visible", has_text="Kommunen").first
    net = table.locator("thead button").nth(3)
    net.click()
    shown = table.locator("tbody tr td:nth-child(4)").evaluate_all(
        "cells => cells.map(cell => Number(cell.dataset.n))"
    )
    assert shown == sorted(shown)
    net.click()
    back = table.locator("tbody tr td:nth-child(4)").evaluate_all(
        "cells => cells.map(cell => Number(cell.dataset.n))"
    )
    assert back == sorted(shown, reverse=True)
    tab.close()
