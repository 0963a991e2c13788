"""``som-sim validate``: fine in one line, or every problem in a line of its own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from random_scenarios import as_text, small, time
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.errors import Problem
from som_sim.scenario import read


def test_a_fine_file_is_one_line(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", scenario]) == codes.FINE
    shown = capsys.readouterr()
    assert shown.out == (
        f"{scenario}: fine (2 strategies, 2 states, 2 transitions, 1 programme, 2 prices)\n"
    )
    assert shown.err == ""


def test_every_problem_has_a_line_with_its_place(
    scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(scenario)
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("places: 10", "plases: 10").replace("goal: 15", "goal: many"), encoding="utf-8"
    )
    assert main(["validate", scenario]) == codes.WRONG_INPUT
    shown = capsys.readouterr()
    lines = shown.err.splitlines()
    assert shown.out == "" and len(lines) >= 2
    assert all(line.startswith(f"{scenario}:") for line in lines)
    assert any(
        "programmes.guide.plases: unknown key; did you mean 'places'?" in one for one in lines
    )
    assert any("targets.homeless.goal" in one for one in lines)


def test_set_is_checked_too(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", scenario, "--set", "meta.price_year=soon"]) == codes.WRONG_INPUT
    assert "meta.price_year" in capsys.readouterr().err
    assert main(["validate", scenario, "--set", "meta.price_year=2021"]) == codes.FINE


def test_warnings_stand_beside(
    scenario: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    base = read.load(scenario).base
    warning = Problem(path=("time",), message="a look\x1b[31m is due", file="f", line=3, column=1)
    loaded = SimpleNamespace(base=base, warnings=(warning,), strategies={}, file="f")
    monkeypatch.setattr(read, "load", lambda *_, **__: loaded)
    assert main(["validate", scenario]) == codes.FINE
    assert capsys.readouterr().err == "warning: f:3:1: time: a look [31m is due\n"


def told(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    file = tmp_path / "case.yaml"
    file.write_text(text, encoding="utf-8")
    assert main(["validate", str(file)]) == codes.WRONG_INPUT
    return capsys.readouterr().err


def test_what_only_effects_take_over_1_is_found_before_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = small(
        time=time("2019-01", "2019-12") | {"step": "discrete", "counting": "start"},
        transitions=[
            {
                "from": {"housing": "shelter"},
                "to": "home",
                "probability": Decimal("0.6"),
                "within": "1 month",
            }
        ],
        programmes={
            "act": {
                "eligible": {"housing": "shelter"},
                "places": 5,
                "intake": {"share_of_waiting": 1},
                "effects": [{"from": {"housing": "shelter"}, "to": "home", "risk_ratio": 2}],
            }
        },
        strategies={"reference": {}, "act": {"programmes": ["act"]}},
    )
    shown = told(as_text(data), tmp_path, capsys)
    assert "adult, act, shelter" in shown and "1.2" in shown
    assert "(in strategy act)" in shown


def test_effects_that_together_are_too_fast_are_found_before_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    effect = {"from": {"housing": "shelter"}, "to": "home", "hazard_ratio": 300}
    data = small(
        programmes={
            "act": {
                "eligible": {"housing": "shelter"},
                "places": 5,
                "intake": {"share_of_waiting": 1},
                "effects": [effect, effect, effect],
            }
        },
        strategies={"reference": {}, "act": {"programmes": ["act"]}},
    )
    shown = told(as_text(data), tmp_path, capsys)
    assert "people in adult, act, shelter make 8.1e+07 moves a year" in shown
