"""``som-sim set``: values change, comments stay, nothing wrong is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from som_sim.cli import codes
from som_sim.cli.main import main


def test_values_change_and_comments_stay(scenario: str) -> None:
    file = Path(scenario)
    file.write_text("# mine\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    words = ["set", scenario, "programmes.guide.places={2020-01: 5}", "meta.title.en=a, b"]
    assert main(words) == codes.FINE
    after = file.read_text(encoding="utf-8")
    assert after.startswith("# mine\n") and "places: {2020-01: 5}" in after and '"a, b"' in after
    assert len(after.splitlines()) == len(before.splitlines())


def test_what_is_wrong_is_told_and_nothing_written(
    scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(scenario).read_text(encoding="utf-8")
    assert main(["set", scenario, "programmes.guide.places=1.000", "time={"]) == codes.WRONG_INPUT
    said = capsys.readouterr().err
    assert "1.000 can be read in two ways" in said and "change: time: " in said
    assert main(["set", scenario, "programmes.guide.places=many people"]) == codes.WRONG_INPUT
    assert f"{scenario}:" in capsys.readouterr().err
    assert main(["set", scenario, "programmes.guide"]) == codes.WRONG_INPUT
    assert Path(scenario).read_text(encoding="utf-8") == before
    assert main(["set", scenario, "meta.price_year=soon", "--unchecked"]) == codes.FINE
