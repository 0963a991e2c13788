"""The summary on the screen: complete, within 80 columns, and a user's text is only text."""

from __future__ import annotations

import io
from datetime import date
from types import SimpleNamespace
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
        "mål højst 75 (7 dage fra 7. februar 2022), udgangspunkt 86",
        "ACT-team 78,3 nej 38 %",
        "uden nogen ændring fra 86 ville en tælling alligevel vise højst 75 med 13 %",
        "ACT-team Pladser I gang Optaget Venter",
        "ACT 20 18,3 20,5 14,0",
        "Kommunen 300.000.000 299.450.000 +550.000 2022",
        "Regionen 300.000.000 300.431.235 -431.235 ikke i perioden",
        "plus er en besparelse i forhold til »Som hidtil«",
        "2019 -900 -101 -800 -10 -1.801 -1.811",
        "ACT-team: 9.877 færre døgn i hjemløshed (Som hidtil: 181.111).",
        "Netto sparer det offentlige 40,50 kr. for hvert undgået døgn (faste 2019-priser",
        "Leveår i god kvalitet: +9,50 i forhold til »Som hidtil« (120,25).",
        "Offentligt i alt: betaler 12.500,00 kr. for hver enhed mere",
        "Samfundet i alt: billigere og bedre",
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
        "the public sector saves DKK 40.50 for each day avoided (constant 2019 prices",
        "2 checks, all to the øre.",
    ):
        assert said in words


def test_a_failed_check_is_shown_with_its_residual(result: Any) -> None:
    result.reconciliation.loc[1, ["ok", "actual_oere", "residual_oere"]] = [False, 347_749_801, 1]
    words = words_of(result, "en")
    assert "1 of 2 checks failed:" in words
    assert (
        "act · tranches = award: expected DKK 3,477,498.00, found DKK 3,477,498.01, "
        "residual DKK 0.01 (the published tranche)"
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
    net = result.net_by_year
    net.loc[net["payer"] == "region", "constant_oere"] = 100
    result.break_even_table["year"] = 2017
    assert "Regionen 300.000.000 300.431.235 +6 ingen merudgift" in words_of(result, "da")


def test_what_the_citizen_receives_is_explained(result: Any) -> None:
    assert "som betaleren modtager" not in words_of(result, "da")
    cost = result.cost_by_year
    cost.loc[cost["payer"] == "borger", "constant_oere"] *= -1
    assert "som betaleren modtager" in words_of(result, "da")


def test_a_programme_without_places_takes_in_nobody_from_outside(result: Any) -> None:
    result.programmes["places"] = 0.0
    assert "ACT – 18,3 – –" in words_of(result, "da")
    result.programmes["places"] = float("inf")
    assert "ACT ingen grænse 18,3 20,5 14,0" in words_of(result, "da")


def test_a_payer_for_whom_nothing_changes_is_left_out(result: Any) -> None:
    net = result.net_by_year
    net.loc[net["payer"] == "region", ["current_oere", "constant_oere"]] = 0
    assert "Regionen" not in words_of(result, "da")


def test_a_failed_check_on_persons_is_shown_in_persons(result: Any) -> None:
    checks = result.reconciliation.astype({"expected_oere": float, "actual_oere": float})
    oere, persons = (
        [f"{name}_{unit}" for name in ("expected", "actual", "residual")]
        for unit in ("oere", "persons")
    )
    checks = checks.astype({"residual_oere": float})
    checks.loc[0, ["ok", *oere, *persons]] = [False, *[float("nan")] * 3, 86.0, 86.5, 0.5]
    result.reconciliation = checks
    assert "expected 86.000000000, found 86.500000000, residual 0.500000000" in words_of(
        result, "en"
    )


def test_a_share_is_shown_in_per_cent_over_its_months(result: Any) -> None:
    target = result.scenario.base.targets["homeless_2022"]
    target.indicator.kind = "share_of_moves"
    target.during = SimpleNamespace(
        from_=SimpleNamespace(start=date(2020, 1, 1)), to=SimpleNamespace(end=date(2021, 1, 1))
    )
    result.targets = result.targets.assign(
        baseline=0.43, goal=0.5, better="higher", projected=0.4567, probability=float("nan"),
        probability_no_change=float("nan"),
    )  # fmt: skip
    words = words_of(result, "da")
    assert "mål mindst 50 % (1. januar 2020 til 31. december 2020), udgangspunkt 43 %" in words
    assert "ACT-team 45,7 % nej –" in words
    assert "Små tal" not in words


def test_one_strategy_alone_is_compared_with_nothing(result: Any) -> None:
    result.strategies = ("reference",)
    result.targets = result.targets.iloc[:1]
    for name in ("programmes", "grants", "net_by_year", "comparison", "value_totals"):
        setattr(result, name, getattr(result, name).iloc[:0])
    words = words_of(result, "en")
    assert "Cost and net result" not in words and "Grant" not in words


def test_the_goal_is_shown_as_it_is_stated(result: Any) -> None:
    result.targets = result.targets.assign(goal=35.25, baseline=40.5)
    assert "goal at most 35.25 (7 days from 7 February 2022), baseline 40.5" in words_of(
        result, "en"
    )
    result.scenario.base.targets["homeless_2022"].indicator.kind = "share_of_moves"
    result.targets = result.targets.assign(goal=0.425, baseline=0.29, n=200)
    assert "goal at most 42.5% (7 days from 7 February 2022), baseline 29%" in words_of(
        result, "en"
    )


def test_nobody_waits_while_a_programme_has_no_places(result: Any) -> None:
    result.programmes.loc[0, ["places", "enrolled", "waiting"]] = [0.0, 0.0, 99.0]
    assert "ACT 20 18.3 13.5 11.5" in words_of(result, "en")  # 14 less the 2.5 taken in


def test_without_money_no_day_has_a_cost(result: Any) -> None:
    net = result.net_by_year
    result.net_by_year = net.assign(current_oere=0, constant_oere=0, discounted_oere=0)
    result.comparison["cost_per_homeless_day_avoided_oere"] = pd.array([0], dtype="Int64")
    words = words_of(result, "en")
    assert "9,877 fewer days" in words and "each day avoided" not in words


def test_a_grant_that_carries_money_over_shows_it_and_adds_up(result: Any) -> None:
    assert "Carried over" not in words_of(result, "en")
    result.grants = result.grants.assign(
        paid_oere=[100, 200, 0, 300],
        used_oere=[40, 0, 160, 250],
        returned_oere=[0, 0, 0, 50],
        carried_out_oere=[60, 260, 100, 100],
    )
    words = words_of(result, "en")
    assert "Returned Carried over" in words
    assert "2018 50,156.00 1.00 0.40 0.00 0.60" in words
    assert "6.00 4.50 0.50 1.00" in words  # paid = used + returned + what is left
    assert max(len(line) for line in summary_of(result, "da").splitlines()) <= 80


def test_places_that_are_short_are_told_state_by_state(result: Any) -> None:
    one = result.places.iloc[[0]]
    result.places = one.assign(bound=False)
    assert "Too few places" not in words_of(result, "en")
    result.places = pd.concat(
        [
            one.assign(start=start, bound=bound, strategy=strategy)
            for strategy in ("reference", "act")
            for start, bound in (
                ("2019-05-01", False),
                ("2019-06-01", strategy == "act"),
                ("2019-07-01", strategy == "act"),
            )
        ]
    )
    words = words_of(result, "en")
    assert "Too few places - ACT team: places in Shelter were short in 2 of 3 cycles" in words
    assert "the first from 1 June 2019, the last from 1 July 2019." in words
    assert "As before: places" not in words
    assert "ACT-team: pladserne i Herberg slog ikke til i 2 af 3 perioder" in words_of(result, "da")
