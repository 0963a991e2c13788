"""The summary on the screen: complete, within 80 columns, and a user's text is only text."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

from som_sim.report.summary import print_summary


def summary_of(result: Any, lang: str, width: int = 80) -> str:
    page = io.StringIO()
    print_summary(result, lang, Console(file=page, width=width))
    return page.getvalue()


def words_of(result: Any, lang: str) -> str:
    """The summary with its line breaks taken out."""
    return " ".join(summary_of(result, lang).split())


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("width", [80, 100])
def test_it_fits_and_holds_no_codes_when_piped(result: Any, lang: str, width: int) -> None:
    written = summary_of(result, lang, width)
    assert max(len(line) for line in written.splitlines()) <= width
    assert "\x1b" not in written
    assert "\u00a0" not in written


def test_danish(result: Any) -> None:
    words = words_of(result, "da")
    for said in (
        "ACT-team i Randers",
        "mål højst 75 (7 dage fra 7. februar 2022), i basisåret 86",
        "ACT-team 78,3 nej 38 %",
        "uden nogen ændring fra 86 ville en tælling alligevel vise højst 75 med 13 %",
        "ACT (ACT-team) 20 18,3 20,5 21,0",
        "Kommunen 300.000.000 299.450.000 +550.000 2022",
        "Regionen 300.000.000 300.431.235 -431.235 ikke i perioden",
        "plus er en besparelse i forhold til »Som hidtil«",
        "2019 -900 -101 -800 -10 -1.801 -1.811",
        "ACT-team: 9.877 færre døgn i hjemløshed (Som hidtil: 181.111).",
        "Netto sparer det offentlige 40,50 kr. for hvert undgået døgn.",
        "I alt 3.477.498,00 3.477.498,00 3.427.342,00 50.156,00",
        "2 kontroller, alle stemmer på øren.",
        "Hvad tallene ikke siger",
    ):
        assert said in words


def test_english(result: Any) -> None:
    words = words_of(result, "en")
    for said in (
        "goal at most 75 (7 days from 7 February 2022), baseline 86",
        "Municipality 300,000,000 299,450,000 +550,000 2022",
        "the public sector saves DKK 40.50 for each day avoided.",
        "2 checks, all to the øre.",
    ):
        assert said in words


def test_a_failed_check_is_shown_with_its_residual(result: Any) -> None:
    result.reconciliation.loc[1, ["ok", "actual_oere", "residual_oere"]] = [False, 347_749_801, 1]
    words = words_of(result, "en")
    assert "1 of 2 checks failed:" in words
    assert (
        "act · tranches = award satspulje: expected DKK 3,477,498.00, found DKK 3,477,498.01, "
        "residual DKK 0.01"
    ) in words


def test_many_failed_checks_end_in_a_pointer(result: Any) -> None:
    one = result.reconciliation.iloc[[0]].assign(ok=False)
    result.reconciliation = pd.concat([one] * 25, ignore_index=True)
    assert "and 5 more in reconciliation.csv" in words_of(result, "en")


def test_a_title_is_not_read_as_markup_or_as_codes_for_the_terminal(result: Any) -> None:
    wild = "[bold red]A[/] \x1b[31m :smile: [link=http://x]"
    result.scenario.base.meta.title = result.label(wild, wild)
    result.scenario.strategies["act"].strategies["act"].label = result.label(wild, wild)
    result.targets = result.targets.assign(label_en=wild)
    page = io.StringIO()
    print_summary(result, "en", Console(file=page, width=120, force_terminal=True))
    written = page.getvalue()
    assert "[bold red]A[/]" in written and ":smile:" in written
    assert "\x1b[31m" not in written and "\x1b]8" not in written


def test_long_labels_break_words_but_never_figures(result: Any) -> None:
    long = "En strategi med et navn der fylder alt for meget i en tabel"
    for name in result.strategies:
        result.scenario.strategies[name].strategies[name].label = result.label(long, long)
    written = summary_of(result, "da")
    assert max(len(line) for line in written.splitlines()) <= 80
    assert "1.199.511.391" in written


def test_more_days_and_no_cost_per_day(result: Any) -> None:
    result.comparison["homeless_days_avoided"] = -10.0
    result.comparison["cost_per_homeless_day_avoided_oere"] = pd.array([None], dtype="Int64")
    words = words_of(result, "en")
    assert "10 more days" in words and "each day avoided" not in words


def test_a_payer_without_extra_cost_has_nothing_to_earn_back(result: Any) -> None:
    table = result.break_even_table
    table.loc[table["payer"] == "region", ["year", "first_cost_year"]] = pd.NA
    assert "-431.235 ingen merudgift" in words_of(result, "da")


def test_one_strategy_alone_is_compared_with_nothing(result: Any) -> None:
    result.strategies = ("reference",)
    result.targets = result.targets.iloc[:1]
    for name in ("programmes", "grants", "net_by_year", "comparison"):
        setattr(result, name, getattr(result, name).iloc[:0])
    words = words_of(result, "en")
    assert "Cost and net result" not in words and "Grant" not in words
