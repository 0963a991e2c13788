"""``som-sim run`` from a file to an answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from som_sim import frames
from som_sim.cli import codes, progress, run_command
from som_sim.cli.main import main

PROGRAM = "import sys; from som_sim.cli.main import main; sys.exit(main(sys.argv[1:]))"


def test_the_summary_alone_writes_nothing(
    scenario: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", scenario]) == codes.FINE
    shown = capsys.readouterr()
    assert "A [small] scenario" in shown.out
    assert "checks, all to the øre" in shown.out
    assert "\x1b" not in shown.out and shown.err == ""
    assert max(map(len, shown.out.splitlines())) <= 80
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


def test_the_language_is_what_is_asked_else_the_scenarios_own(
    scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", scenario, "--lang", "da"]) == codes.FINE
    assert "Et [lille] scenarie" in capsys.readouterr().out
    assert main(["run", scenario, "--set", "meta.language=da"]) == codes.FINE
    assert "Et [lille] scenarie" in capsys.readouterr().out
    assert main(["run", scenario, "--set", "meta.language=da", "--lang", "en"]) == codes.FINE
    assert "A [small] scenario" in capsys.readouterr().out


@pytest.mark.parametrize("how", [[], ["--json"], ["--quiet"]])
def test_warnings_stand_beside(
    scenario: str, capsys: pytest.CaptureFixture[str], how: list[str]
) -> None:
    file = Path(scenario)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("home: {}}", "home: {}, flat: {}}"), encoding="utf-8")
    assert main(["run", scenario, *how]) == codes.FINE
    shown = capsys.readouterr()
    assert shown.err == (
        f"warning: {scenario}:7:57: domains.housing.flat: nobody can come into this state: nobody "
        "starts or arrives in it, and no move leads to it\n"
    )
    assert "nobody can come" not in shown.out


def test_json_is_all_there_is_on_stdout(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", scenario, "--json", "--set", "targets.homeless.goal=30"]) == codes.FINE
    summary = json.loads(capsys.readouterr().out)
    assert summary["seed"] is None
    target = summary["strategies"]["guided"]["targets"]["homeless"]
    assert target["goal"] == 30 and target["met"] is True


def test_what_was_set_is_written_and_the_file_by_its_name_alone(
    scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change = "targets.homeless.goal=30"
    assert main(["run", scenario, "--json", "--set", change]) == codes.FINE
    summary = json.loads(capsys.readouterr().out)
    assert summary["file"] == "small.yaml"
    assert summary["set"] == {"targets.homeless.goal": "30"}


def test_out_holds_the_results_and_quiet_says_nothing(
    scenario: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", scenario, "--out", str(out), "--quiet"]) == codes.FINE
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err == ""
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert {"target_homeless.svg", "cumulative_net_guided.png"} <= set(summary["files"])
    for name in summary["files"]:
        assert (out / name).stat().st_size > 0


def test_the_same_file_gives_the_same_bytes(scenario: str, tmp_path: Path) -> None:
    written = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", PROGRAM, "run", scenario, "--out", str(out), "--quiet"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert written[0] == written[1]


def test_a_directory_that_cannot_be_written_is_said_before_the_run(
    scenario: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_command, "show_progress", None)  # calling it would be a fault
    assert main(["run", scenario, "--out", scenario]) == codes.WRONG_INPUT
    said = capsys.readouterr().err
    assert said == f"cannot write to {scenario}: it is a file, not a directory\n"


def test_a_failed_check_is_shown_written_and_exits_1(
    scenario: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = frames.reconciliation

    def plant(result: object) -> object:
        table = real(result)  # type: ignore[arg-type]
        table.loc[0, "ok"] = False
        return table

    monkeypatch.setattr(frames, "reconciliation", plant)
    out = tmp_path / "out"
    assert main(["run", scenario, "--out", str(out)]) == codes.CHECK_FAILED
    shown = capsys.readouterr()
    assert "checks failed:" in shown.out
    assert "reconciliation checks failed" in shown.err
    assert (out / "summary.json").exists()


def test_the_bar_comes_only_when_a_run_is_slow(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.show_progress(wanted=False) as advance:
        assert advance is None
    with progress.show_progress(wanted=True) as advance:
        assert advance is not None
        advance(1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "BAR_AFTER_SECONDS", -1.0)
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich then takes what it writes to for a terminal
    with progress.show_progress(wanted=True) as advance:
        assert advance is not None
        advance(1, 2)
        advance(2, 2)
    shown = capsys.readouterr()
    assert "100%" in shown.err and shown.out == ""


def test_draws_are_asked_for_on_the_command_line(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(repository / "scenarios" / "randers_act.yaml")
    blocks = str(tmp_path / "blocks")
    asked = ["run", file, "--draws", "40", "--seed", "5", "--json", "--resume", blocks]
    assert main(asked) == codes.FINE
    first = capsys.readouterr().out
    draws = json.loads(first)["draws"]
    assert (draws["n"], draws["seed"], draws["sequence"]) == (40, 5, "random")
    assert main([*asked, "--executor", "serial", "--workers", "2"]) == codes.FINE
    assert capsys.readouterr().out == first
    assert (
        main(["run", file, "--draws", "40", "--seed", "6", "--resume", blocks]) == codes.WRONG_INPUT
    )
    assert "holds the draws of another run" in capsys.readouterr().err
