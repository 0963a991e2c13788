"""``som-sim bridge``: the page, the JSON, and the directory with tables and waterfall."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from som_sim.cli import codes
from som_sim.cli.main import main


def test_page_json_and_directory(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(repository / "scenarios" / "som" / "skaeve_boliger.yaml")
    out = tmp_path / "out"
    assert main(["bridge", case, "--lang", "da", "--out", str(out)]) == codes.FINE
    page = capsys.readouterr().out
    assert "SØM's svar" in page and "Tilbagefald" in page and "Simuleret svar" in page
    assert {path.name for path in out.iterdir()} == {
        "bridge.csv", "bridge_accounts.csv", "bridge_public.svg", "bridge_public.png",
        "summary.json",
    }  # fmt: skip
    assert main(["bridge", case, "--json"]) == codes.FINE
    lines = json.loads(capsys.readouterr().out)["lines"]
    totals = [line["net_oere"]["kommune"]["current"] for line in lines]
    assert sum(totals[:-1]) == totals[-1]


def test_a_case_without_a_bridge_is_refused(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(repository / "scenarios" / "som" / "icm_young_vive_2019.yaml")
    assert main(["bridge", case]) == codes.WRONG_INPUT
    assert "has no 'bridge'" in capsys.readouterr().err
