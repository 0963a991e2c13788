"""A directory of results is whole or it is not touched."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from som_sim.core.errors import SomSimError
from som_sim.report import save as module
from som_sim.report.save import save, summary_text

EXPECTED = {
    "summary.json",
    "target_homeless_2022.svg",
    "target_homeless_2022.png",
    "cumulative_net_act.svg",
    "cumulative_net_act.png",
} | {f"{name}.csv" for name in module.TABLES}


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures have tests of their own and take their time."""
    monkeypatch.setattr(module, "_write_figures", lambda *_: None)


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_everything_is_there_and_the_same_bytes_twice(result: Any, tmp_path: Path) -> None:
    for name in ("one", "two"):
        save(result, tmp_path / "deep" / name, "da")
    first = contents(tmp_path / "deep" / "one")
    assert set(first) == EXPECTED
    assert first == contents(tmp_path / "deep" / "two")
    summary = json.loads(first["summary.json"])
    assert set(summary["files"]) == EXPECTED - {"summary.json"}
    assert {path.name for path in (tmp_path / "deep").iterdir()} == {"one", "two"}


@pytest.mark.usefixtures("no_figures")
def test_a_second_save_removes_what_the_first_wrote_and_nothing_else(
    result: Any, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    save(result, out)
    (out / "mine.txt").write_text("kept")
    (out / "old.csv").write_text("listed")
    (tmp_path / "outside.csv").write_text("kept")
    summary = json.loads((out / "summary.json").read_text())
    summary["files"] += ["old.csv", "../outside.csv", 7]
    (out / "summary.json").write_text(json.dumps(summary))
    save(result, out)
    assert (out / "mine.txt").exists() and (tmp_path / "outside.csv").exists()
    assert not (out / "old.csv").exists()
    (out / "summary.json").write_text("not JSON")
    save(result, out)
    assert json.loads((out / "summary.json").read_text())["format"] == 1


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError, SystemExit])
@pytest.mark.parametrize("before", [True, False])
def test_a_failure_while_writing_leaves_what_was_there(
    result: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: type[BaseException],
    before: bool,
) -> None:
    out = tmp_path / "out"
    if before:
        save(result, out)
    there = contents(out) if before else None

    def fail(*_: object) -> str:
        raise failure

    monkeypatch.setattr(module, "summary_text", fail)
    with pytest.raises(failure):
        save(result, out)
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if before else [])
    if before:
        assert contents(out) == there


@pytest.mark.usefixtures("no_figures")
def test_a_failure_while_moving_leaves_no_summary_to_believe(
    result: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    save(result, out)
    moved = []
    replace = os.replace

    def fail_at_third(source: Path, target: Path) -> None:
        moved.append(target)
        if len(moved) == 3:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_at_third)
    with pytest.raises(SomSimError, match="No space left on device"):
        save(result, out)
    assert set(contents(out)) == {f"{name}.csv" for name in module.TABLES}


def test_a_directory_that_cannot_be_one(result: Any, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SomSimError, match="it is a file, not a directory"):
        save(result, file)
    with pytest.raises(SomSimError, match="is a file, not a directory"):
        save(result, file / "below" / "it")


def test_no_permission_is_one_sentence(
    result: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SomSimError, match="no permission to write in"):
        save(result, tmp_path / "out")


def test_the_summary_is_strict_json(result: Any) -> None:
    assert json.loads(summary_text(result))["seed"] is None
    result.summary = lambda: {"share": float("nan")}
    with pytest.raises(ValueError, match="Out of range float"):
        summary_text(result)


def test_where_nothing_is_paid_there_is_no_figure_of_it(result: Any, tmp_path: Path) -> None:
    result.net_by_year = result.net_by_year.assign(constant_oere=0)
    save(result, tmp_path / "out")
    assert set(contents(tmp_path / "out")) == {
        name for name in EXPECTED if not name.startswith("cumulative_net")
    }


def test_a_directory_without_a_name_is_refused(result: Any) -> None:
    with pytest.raises(SomSimError, match="the name of the directory to write to is empty"):
        save(result, "")
