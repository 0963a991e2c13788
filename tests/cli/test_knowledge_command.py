"""``som-sim knowledge``: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from som_sim.cli.main import main

Capture = pytest.CaptureFixture[str]

RULE = """\
rules:
  deal:
    title: A deal
    law: none
    source: ours
    last_checked: 2026-11-22
    periods: [{pays: {kommune: 1}, refunds: [{from: region, to: kommune, share: 0.5}]}]
    examples: [{what: half, stays: [{from: 2024-01-01, to: 2024-01-10, per_day: 10}], bears: {kommune: 50, region: %s}}]
"""


def test_lists_are_by_kind_and_language(capsys: Capture) -> None:
    assert main(["knowledge", "list", "--kind", "goal", "--lang", "da"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 15
    assert shown[-1] == "14 i alt"
    assert any("Færre hjemløse: baseline 86 (2017), goal 75 (2022)" in line for line in shown)
    assert main(["knowledge", "list"]) == 0
    assert "dk_section_110 " in capsys.readouterr().out


def test_one_is_shown_whole(capsys: Capture) -> None:
    assert main(["knowledge", "show", "dk_section_110"]) == 0
    shown = capsys.readouterr().out
    assert "  2023-10-01 - 2026-03-31: kommune 1; stat -> kommune: 0.5 up to 120 days" in shown
    assert "law: SEL § 110" in shown
    assert main(["knowledge", "show", "kontanthjaelp_30_plus", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["kontanthjaelp_30_plus"]
    assert found["values"] == {"2016": "10968", "2023": "11944", "2024": "12326"}
    for name in ("dk_section_176", "dk_section_85a", "dk_section_110_own_payment", "goal_alcohol"):
        assert main(["knowledge", "show", name, "--lang", "da"]) == 0


def test_an_unknown_name_ends_with_2(capsys: Capture) -> None:
    assert main(["knowledge", "show", "dk_section_111"]) == 2
    assert "did you mean 'dk_section_110'?" in capsys.readouterr().err


def test_words_are_looked_for(capsys: Capture) -> None:
    assert main(["knowledge", "search", "egen", "bolig"]) == 0
    assert "housing_first_support_low" in capsys.readouterr().out


def test_what_is_old_ends_with_1(capsys: Capture) -> None:
    assert main(["knowledge", "check", "--as-of", "2026-11-22"]) == 1
    shown = capsys.readouterr().out
    assert "kontanthjaelp_30_plus: a newer figure was expected on 2025-01-01" in shown
    assert main(["knowledge", "check", "--as-of", "2023-12-31"]) == 0
    assert "0 to look into" in capsys.readouterr().out
    assert main(["knowledge", "check", "--as-of", "soon"]) == 2
    assert main(["knowledge", "check"]) in (0, 1)


def test_an_own_rule_is_held_to_its_example(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    look = ["knowledge", "check", "--as-of", "2023-12-31", "--knowledge", str(file), "--json"]
    file.write_text(RULE % "50", encoding="utf-8")
    assert main(look) == 0
    file.write_text(RULE % "49", encoding="utf-8")
    capsys.readouterr()
    assert main(look) == 1
    assert json.loads(capsys.readouterr().out) == [
        {"name": "deal", "concern": "example", "detail": "1: region 50.00, not 49.00"}
    ]
    file.write_text("rules: {deal: {}}", encoding="utf-8")
    assert main(look) == 2
    assert "own.yaml:1:9: rules.deal: 'title' is missing" in capsys.readouterr().err
