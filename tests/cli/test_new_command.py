"""``som-sim new``: what it writes runs as it is, in both languages, and hides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim as som
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.scenario.schema import ScenarioFile
from som_sim.writing.starter import KINDS, starter


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_new_then_run(
    kind: str, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "case.yaml")
    assert main(["new", file, "--kind", kind, "--lang", lang, "--year", "2026"]) == codes.FINE
    shown = capsys.readouterr().out
    assert shown.splitlines()[-1].strip() == f"som-sim run {file}"
    assert main(["run", file]) == codes.FINE
    run = capsys.readouterr()
    assert run.err == "", "a starter is without warnings"
    assert ("Mål nået" if lang == "da" else "Goal met") in run.out
    text = Path(file).read_text(encoding="utf-8")
    assert (
        "#da" not in text
        and "#en" not in text
        and "YEAR" not in text
        and "som-sim run case" in text
    )


def test_the_full_starter_has_every_section_and_its_places_run_out() -> None:
    scenario = som.loads(starter("full", year=2026))
    given = scenario.base.model_fields_set
    assert len(given) >= 19 and given <= set(ScenarioFile.model_fields)
    result = som.run(scenario)
    assert result.ok and result.places["bound"].any()
    expected = result.targets.set_index(["target", "strategy"])["projected"]["homeless"]
    assert expected["with_support"] < expected["nothing_new"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("year", [2013, 2024, 2035, 2090])
def test_any_first_year(kind: str, year: int) -> None:
    scenario = som.loads(starter(kind, year=year))
    assert scenario.warnings == ()
    assert scenario.base.meta.price_year == year


@settings(max_examples=15)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30))
def test_any_title_is_data(title: str) -> None:
    if title.strip():
        assert som.loads(starter(title=title, year=2026)).base.meta.title.da == title


def test_the_two_languages_are_the_same_scenario() -> None:
    texts = [starter("full", lang=lang, year=2026, title="T") for lang in ("da", "en")]
    same = [one.replace("language: da", "language: en") for one in texts]
    assert som.loads(same[0]).digest == som.loads(same[1]).digest
    assert texts[0].count("#") > 20


def test_a_file_that_is_there_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "case.yaml"
    file.write_text("mine", encoding="utf-8")
    assert main(["new", str(file)]) == codes.WRONG_INPUT
    assert "is there already" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="no starter 'huge'"):
        starter("huge")
