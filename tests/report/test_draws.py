"""The summary of a run with draws, in both languages."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console

import som_sim as som
from som_sim.report.save import save
from som_sim.report.summary import print_summary

RANDERS = Path(__file__).parents[2] / "scenarios" / "randers_act.yaml"


@cache
def result() -> som.Result:
    return som.run(som.load(RANDERS), draws=60, seed=1)


def shown(lang: str) -> str:
    file = io.StringIO()
    print_summary(result(), lang, Console(file=file, width=80))
    return " ".join(file.getvalue().split())


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "en",
            (
                "Uncertainty: 60 draws of 13 uncertain parameters (seed 1)",
                "Homeless in week 6: goal at most 75",
                "which do not add up",
                "Net result 2017-2022, ACT team, DKK at 2019 prices",
                "Homeless days avoided, ACT team:",
            ),
        ),
        (
            "da",
            (
                "Usikkerhed: 60 trækninger af 13 usikre parametre (startværdi 1)",
                "Hjemløse i uge 6: mål højst 75",
                "kan ikke lægges sammen",
                "Nettoresultat 2017-2022, ACT-team, kr. i 2019-priser",
                "Hjemløse døgn undgået, ACT-team:",
            ),
        ),
    ],
)
def test_the_summary_says_how_sure_it_is(lang: str, sentences: tuple[str, ...]) -> None:
    text = shown(lang)
    assert [one for one in sentences if one not in text] == []


def test_the_tables_and_the_summary_hold_it(tmp_path: Path) -> None:
    for name in ("first", "second"):
        save(result(), tmp_path / name, "en")
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("first", "second")
    )
    assert first == second
    assert b"projected_median" in first["targets.csv"] and b"not additive" in first["targets.csv"]
    assert b"constant_median_oere" in first["net_by_year.csv"]
    assert b'"draws": {' in first["summary.json"]
    assert "intervals.csv" in first
