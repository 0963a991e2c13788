"""A municipality's first draft: sourced where it can be, steady when nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim as som
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.errors import SomSimError
from som_sim.writing.municipality import balance, municipal_starter


@pytest.mark.parametrize("year", [2024, 2027])
def test_the_count_stays_as_it_is_when_nothing_changes(year: int) -> None:
    scenario = som.loads(municipal_starter("Randers Kommune", year=year))
    assert scenario.warnings == ()
    result = som.run(scenario)
    projected = result.targets.set_index("strategy")["projected"]
    assert projected["as_now"] == pytest.approx(86, abs=0.1)
    assert projected["housing_first"] < 84
    assert result.ok
    people = result.occupancy.query("strategy == 'as_now'").groupby("date")["persons"].sum()
    assert people.max() - people.min() < 0.2


def test_what_has_no_source_says_so() -> None:
    audit = som.audit(som.loads(municipal_starter("Randers", year=2027)))
    assert not audit.of("no_source")
    bare = {one.place for one in audit.of("illustrative")}
    assert "prices.shelter_day" not in bare and "parameters.to_home" not in bare
    assert "transitions[3].rate_per_year" in bare


def test_a_count_that_is_not_known_must_be_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "a.yaml")
    assert main(["new", file, "--municipality", "Ærø"]) == codes.WRONG_INPUT
    assert "no count of homeless people in Ærø" in capsys.readouterr().err
    words = ["new", file, "--municipality", "Ærø", "--homeless", "12", "--lang", "da"]
    assert main(words) == codes.FINE
    assert som.load(file).base.meta.title.da == "Hjemløshed i Ærø"
    assert som.load(file).warnings == ()
    assert main(["run", file]) == codes.FINE
    assert main(["new", str(tmp_path / "b.yaml"), "--homeless", "12"]) == codes.WRONG_INPUT
    with pytest.raises(SomSimError, match="is empty"):
        municipal_starter("  ")


@settings(max_examples=10)
@given(st.text(min_size=1, max_size=20), st.integers(1, 5000))
def test_any_name_is_data(name: str, homeless: int) -> None:
    try:
        text = municipal_starter(name, homeless=homeless, year=2027)
    except SomSimError as error:
        assert "is empty" in str(error)
        return
    assert som.loads(text).base.targets["homeless"].baseline == homeless


def test_figures_that_cannot_be_kept_are_refused() -> None:
    with pytest.raises(SomSimError, match="cannot stay as they are"):
        balance(100, 0.1, 0.5, 56)
