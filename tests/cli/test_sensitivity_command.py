"""``som-sim sensitivity``: the table on the screen, the files, and what is wrong in words."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from som_sim.cli import codes
from som_sim.cli.main import main

UNSURE = "parameters: {speed: {value: 2, is: median, distribution: {lognormal: {ci95: [1, 4]}}}}\n"


@pytest.fixture
def unsure(scenario: str) -> str:
    text = Path(scenario).read_text(encoding="utf-8")
    text = text.replace("hazard_ratio: 2", "hazard_ratio: speed") + UNSURE
    Path(scenario).write_text(text, encoding="utf-8")
    return scenario


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("da", ("Følsomhed: én forudsætning", "Kommunen, nettoresultat", "Speed", "1 – 4")),
        ("en", ("Sensitivity: one assumption", "Municipality, net result", "Speed", "1 – 4")),
    ],
)
def test_each_outcome_has_its_table(
    unsure: str, lang: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sensitivity", unsure, "--lang", lang]) == codes.FINE
    shown = capsys.readouterr().out
    for word in words:
        assert word in shown, word
    tried = {"da": "Hvad der ikke er prøvet", "en": "What was not tried"}[lang]
    assert tried in shown and max(map(len, shown.splitlines())) <= 120


def test_what_turns_it_is_said_and_what_does_not(
    unsure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    only = ["--outcome", "net:kommune", "--range", "speed=1,30", "--prices", "50%"]
    assert main(["sensitivity", unsure, *only]) == codes.FINE
    shown = capsys.readouterr().out
    assert "0 at" in shown and "stated with the calculation" in shown
    assert "Prices are set 50%" in shown
    assert main(["sensitivity", unsure, "--outcome", "target:homeless"]) == codes.FINE
    assert "meets the goal of 15" in capsys.readouterr().out


def test_files_are_written_with_where_they_come_from(
    unsure: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    command = ["sensitivity", unsure, "--out", str(out), "--set", "parameters.speed.value=2"]
    assert main([*command, "--quiet"]) == codes.FINE
    assert capsys.readouterr().out == ""
    names = {path.name for path in out.iterdir()}
    assert {"sensitivity.csv", "sensitivity.json", "tornado_net_kommune.svg"} <= names
    assert {"tornado_target_homeless.png", "tornado_chance_homeless.png"} <= names
    summary = json.loads((out / "sensitivity.json").read_text(encoding="utf-8"))
    assert len(summary["scenario"]) == 64 and summary["set"] == {"parameters.speed.value": "2"}
    assert summary["versions"]["som_sim"] and summary["seed"] is None
    (row,) = summary["outcomes"]["net:kommune"]["inputs"]
    with (out / "sensitivity.csv").open(encoding="utf-8") as file:
        table = next(csv.DictReader(file))
    assert float(table["at_low"]) == row["at_low"] and table["outcome"] == "net:kommune"
    again = tmp_path / "again"
    assert main(["sensitivity", unsure, "--out", str(again), *command[4:], "--quiet"]) == 0
    for name in names:
        assert (out / name).read_bytes() == (again / name).read_bytes(), name


def test_files_of_a_run_stay_beside_it(unsure: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    assert main(["run", unsure, "--out", out, "--quiet"]) == codes.FINE
    before = {path.name: path.read_bytes() for path in Path(out).iterdir()}
    assert main(["sensitivity", unsure, "--out", out, "--quiet"]) == codes.FINE
    for name, content in before.items():
        assert (Path(out) / name).read_bytes() == content


def test_json_is_all_that_is_printed(unsure: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["sensitivity", unsure, "--json", "--level", "0.5", "--no-thresholds"]
    assert main(command) == codes.FINE
    summary = json.loads(capsys.readouterr().out)
    assert summary["level"] == 0.5
    assert summary["outcomes"]["net:kommune"]["inputs"][0]["threshold_status"] == ""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--outcome", "net:komune"], "did you mean 'net:kommune'"),
        (["--range", "speed=4"], "'speed=4' is not NAME=LOW,HIGH"),
        (["--range", "speed=4,1"], "the low first"),
        (["--range", "sped=1,4"], "did you mean 'speed'"),
        (["--prices", "much"], "'much' is no share"),
        (["--strategy", "best"], "there is no strategy 'best'"),
        (["--range", "speed=-1,4"], "small.yaml:34:14: parameters.speed: at -1"),
    ],
)
def test_what_is_wrong_is_said(
    unsure: str, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sensitivity", unsure, *more]) == codes.WRONG_INPUT
    assert said in capsys.readouterr().err


def test_nothing_uncertain_is_told(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", scenario]) == codes.WRONG_INPUT
    assert "nothing to vary" in capsys.readouterr().err
