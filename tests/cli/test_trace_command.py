"""``som-sim trace`` shows what is booked, to the øre, and where it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import som_sim as som
from som_sim.cli.main import main

SCENARIO = "scenarios/randers_act.yaml"


@pytest.fixture(autouse=True)
def at_home(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["trace", SCENARIO, *arguments]) == 0
    return capsys.readouterr().out


def test_items_add_to_the_published_figure(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(told(capsys, "--period", "2020", "--json"))
    result = som.run(som.load(SCENARIO))
    assert sum(row["net_oere"] for row in rows) == result.net("kommune", view="current")[2020]
    shown = told(capsys, "--period", "2020", "--lang", "en")
    assert "Municipality, ACT team, 2020" in shown
    total = next(line for line in shown.splitlines() if line.startswith("Total"))
    assert total.split()[-1].replace(",", "") == f"{sum(r['net_oere'] for r in rows) / 100:+.2f}"


def test_an_item_is_worked_out(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--item", "shelter_day", "--payer", "stat", "--period", "2020-03")
    found: dict[str, Any] = json.loads(told(capsys, *arguments, "--json"))
    (step,) = found["steps"]
    product = step["quantity"] * step["unit_price"] * step["level"] * step["share"] * 100
    assert step["exact"] == pytest.approx(product, rel=1e-12)
    shown = told(capsys, *arguments, "--lang", "da")
    assert "mængde (person_day) x pris x indeks x andel" in shown
    text = Path(SCENARIO).read_text(encoding="utf-8").splitlines()
    place = found["basis"][0]["place"].split(":")
    assert text[int(place[1]) - 1].strip() == "shelter_day:"
    assert "randers_act.yaml:" in shown.replace("\n", "")


def test_the_public_is_traced_payer_by_payer(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(told(capsys, "--payer", "public", "--period", "2021", "--json"))
    result = som.run(som.load(SCENARIO))
    assert sum(row["net_oere"] for row in rows) == result.net("public", view="current")[2021]
    arguments = ("--payer", "society", "--item", "shelter_day", "--period", "2021")
    found = json.loads(told(capsys, *arguments, "--json"))
    assert [one["payer"] for one in found] == ["kommune", "stat"]
    booked = result.ledger.query("strategy == 'act' and item == 'shelter_day' and year == 2021")
    assert sum(one["posted"] for one in found) == booked["amount_oere"].sum()
    assert told(capsys, *arguments, "--lang", "en").count("Rests on") == 2


def test_many_months_are_shown_by_year(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, "--item", "shelter_day", "--lang", "en")
    years = [line.split()[0] for line in shown.splitlines() if line.startswith("20")]
    assert years == ["2017", "2018", "2019", "2020", "2021", "2022"]


def test_a_grant_has_no_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert "paid and paid back" in told(capsys, "--item", "satspulje", "--lang", "en")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--item", "shelter_dy"), "books nothing called 'shelter_dy'; did you mean 'shelter_day'"),
        (("--strategy", "akt"), "there is no strategy 'akt'; did you mean 'act'"),
        (("--period", "now"), "is not a date"),
        (("--period", "2050"), "2050 is outside the run (2017-02-01 to 2023-01-01)"),
        (("--period", "2020-02-15"), "2020-02-15 does not fit cycles of a month"),
        (("--period", "2050", "--item", "shelter_day"), "2050 is outside the run"),
        (("--payer", "kommunen"), "'kommunen' is not one of"),
    ],
)
def test_wrong_words_are_told(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert main(["trace", SCENARIO, *arguments]) == 2
    assert message in capsys.readouterr().err
