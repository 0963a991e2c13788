"""``som-sim schema``: on stdout, or into a file in one step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.errors import SomSimError
from som_sim.core.write import write_whole


def test_it_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == codes.FINE
    printed = capsys.readouterr().out
    assert json.loads(printed)["title"] == "som_sim scenario"
    file = tmp_path / "schema.json"
    assert main(["schema", "--out", str(file)]) == codes.FINE
    assert file.read_text(encoding="utf-8") == printed
    assert [one.name for one in tmp_path.iterdir()] == ["schema.json"]


def test_a_place_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "--out", str(tmp_path)]) == codes.WRONG_INPUT
    assert "it is a directory" in capsys.readouterr().err
    assert main(["schema", "--out", str(tmp_path / "none" / "a")]) == codes.WRONG_INPUT
    assert "cannot write" in capsys.readouterr().err


def test_a_file_keeps_its_permissions_and_is_kept_when_wished(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write_whole(file, b"new")
    assert file.read_bytes() == b"new" and file.stat().st_mode & 0o777 == 0o640
    with pytest.raises(SomSimError, match="is there already"):
        write_whole(file, b"newer", replace=False)
    with pytest.raises(SomSimError, match="is empty"):
        write_whole(" ", b"")
    assert file.read_bytes() == b"new"
