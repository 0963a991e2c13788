"""``som-sim som``: the page, the JSON, the directory, the table, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from som_cases import CASE
from som_sim.cli import codes
from som_sim.cli.main import main


@pytest.fixture
def case_file(tmp_path: Path) -> str:
    file = tmp_path / "case.yaml"
    file.write_text(CASE, encoding="utf-8")
    return str(file)


def test_the_page_shows_net_by_payer_and_what_is_uncertain(
    case_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["som", case_file, "--lang", "en"]) == codes.FINE
    shown = capsys.readouterr()
    assert "30 participants starting 2024-2025; net success rate 60.0%" in shown.out
    assert "80.0% with the intervention against 20.0% without" in shown.out
    assert "Sundhedsudvalget" in shown.out and "Net success rate" in shown.out
    assert "all to the øre" in shown.out and shown.err == ""
    assert main(["som", case_file, "--lang", "da"]) == codes.FINE
    assert "Budgetøkonomisk nettoresultat" in capsys.readouterr().out


def test_json_and_directory_hold_the_same_figures(
    case_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["som", case_file, "--json", "--out", str(tmp_path / "out")]) == codes.FINE
    printed = json.loads(capsys.readouterr().out)
    written = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    files = written.pop("files")
    assert written == printed
    assert sorted(files) == sorted(
        path.name for path in (tmp_path / "out").iterdir() if path.name != "summary.json"
    )
    net = printed["net_oere"]["kommune"]["current"]
    assert net["2024"] == -75_000_000
    assert sum(v for year, v in net.items() if year != "total") == net["total"]
    ledger = (tmp_path / "out" / "ledger.csv").read_text(encoding="utf-8")
    assert "intervention,2024,team,start,,cost,kommune,10000000" in ledger


def test_a_table_is_written_and_read_like_the_case(
    case_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("case.csv", "case.xlsx"):
        table = str(tmp_path / name)
        assert main(["som", case_file, "--json", "--table", table]) == codes.FINE
        first = json.loads(capsys.readouterr().out)
        assert main(["som", table, "--json"]) == codes.FINE
        second = json.loads(capsys.readouterr().out)
        assert {**second, "file": ""} == {**first, "file": ""}


def test_the_scenario_it_writes_runs_and_has_the_same_net(
    case_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = str(tmp_path / "scenario.yaml")
    assert main(["som", case_file, "--json", "--scenario", scenario]) == codes.FINE
    som = json.loads(capsys.readouterr().out)["net_oere"]["kommune"]["current"]
    assert main(["run", scenario, "--json"]) == codes.FINE
    run = json.loads(capsys.readouterr().out)["strategies"]["intervention"]["net_oere"]
    assert run["kommune"]["current"] == som


def test_a_gross_success_rate_is_refused(
    case_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["som", case_file, "--set", "success={with: 0.8}"]) == codes.WRONG_INPUT
    assert "0.8 is a gross success rate" in capsys.readouterr().err
    assert main(["som", "nowhere.yaml"]) == codes.WRONG_INPUT
    assert "nowhere.yaml: no such file" in capsys.readouterr().err
