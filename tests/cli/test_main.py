"""The command line's promises: help, exit codes, no traceback, nothing slow at the start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import NoReturn

import click
import pytest

from som_sim.cli import codes, main, run_command
from som_sim.cli.main import COMMANDS
from som_sim.core.errors import SomSimError

SLOW = ("babel", "matplotlib", "pandas", "rich", "scipy")


def raising(error: BaseException) -> object:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_has_an_example_and_the_exit_codes(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main([*command, "--help"]) == codes.FINE
    shown = capsys.readouterr().out
    assert "Example" in shown and "som-sim " in shown and "Exit codes:" in shown


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["validate", "FILE"]])
def test_help_and_validate_import_nothing_slow(words: list[str], scenario: str) -> None:
    words = [scenario if word == "FILE" else word for word in words]
    program = (
        "import sys; from som_sim.cli.main import main; code = main(sys.argv[1:]); "
        f"print('loaded:', [name for name in {SLOW} if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("loaded: []\n")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--version"]) == codes.FINE
    assert capsys.readouterr().out.startswith("som-sim, version ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Usage: som-sim"),
        (["runn"], "No such command 'runn'"),
        (["run"], "Missing argument 'FILE'"),
        (["run", "FILE", "--throws", "3"], "No such option '--throws'"),
        (["run", "FILE", "--lang", "de"], "'de' is not one of 'da', 'en'"),
        (["run", "FILE", "--set", "meta.price_year"], "is not PATH=VALUE"),
        (["run", "FILE", "--set", "=3"], "is not PATH=VALUE"),
        (["run", "FILE", "--out", ""], "the name of the directory to write to is empty"),
        (["run", "nowhere.yaml"], "nowhere.yaml: no such file"),
        (["validate", "."], "a directory"),
    ],
)
def test_wrong_words_exit_2_with_the_reason(
    words: list[str], said: str, scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [scenario if word == "FILE" else word for word in words]
    assert main.main(words) == codes.WRONG_INPUT
    shown = capsys.readouterr()
    assert said in shown.err and not shown.out and "Traceback" not in shown.err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SomSimError("an amount is\x1b[31m too large"), codes.WRONG_INPUT, "is [31m too large\n"),
        (RuntimeError("odd"), codes.UNEXPECTED, "(RuntimeError: odd); please report it"),
        (KeyboardInterrupt(), codes.INTERRUPTED, "interrupted\n"),
        (click.Abort(), codes.INTERRUPTED, "interrupted\n"),
        (BrokenPipeError(), codes.PIPE_CLOSED, ""),
    ],
)
def test_every_ending_has_a_code_and_no_traceback(
    error: BaseException,
    code: int,
    said: str,
    scenario: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(run_command, "show_progress", raising(error))
    assert main.main(["run", scenario]) == code
    shown = capsys.readouterr()
    assert said in shown.err and not shown.out and "Traceback" not in shown.err


def test_debug_shows_the_traceback_of_our_own_fault(
    scenario: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_command, "show_progress", raising(RuntimeError("odd")))
    assert main.main(["--debug", "run", scenario]) == codes.UNEXPECTED
    assert "Traceback" in capsys.readouterr().err


def test_a_request_to_end_runs_the_clean_up() -> None:
    before = signal.getsignal(signal.SIGTERM)
    cleaned = []
    with pytest.raises(SystemExit) as ending, main._terminate_tidily():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        finally:
            cleaned.append(True)
    assert ending.value.code == codes.TERMINATED and cleaned
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_pipe_that_closes_is_no_trouble(scenario: str) -> None:
    program = "import sys; from som_sim.cli.main import main; sys.exit(main(sys.argv[1:]))"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "run", scenario, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == codes.PIPE_CLOSED
    assert said == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
@pytest.mark.parametrize("words", [["--help"], ["run", "FILE"], ["run", "FILE", "--json"]])
def test_a_full_disk_is_no_fault_of_ours(words: list[str], scenario: str) -> None:
    program = "import sys; from som_sim.cli.main import main; sys.exit(main(sys.argv[1:]))"
    words = [scenario if word == "FILE" else word for word in words]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", program, *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == codes.WRONG_INPUT
    assert done.stderr == "cannot write the output: No space left on device\n"


def test_letters_that_a_terminal_lacks_are_no_trouble(scenario: str) -> None:
    program = "import sys; from som_sim.cli.main import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            program,
            "run",
            scenario,
            "--lang",
            "da",
            "--set",
            "meta.title=Øst Ω",
        ],
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith("Øst ?\n".encode("latin-1"))
