"""A scenario in words and drawings: what it says, in both languages, and that labels are data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

import som_sim as som
from edits import VALID, GoodFile, library
from random_scenarios import Data, scenario_of, scenarios
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.texts import LANGUAGES
from som_sim.report.style import SHAPES, shaped
from som_sim.writing.describe import describe
from som_sim.writing.diagram import diagram, diagram_words
from som_sim.writing.draw import draw
from som_sim.writing.mermaid import mermaid, safe
from som_sim.writing.moves import moves
from som_sim.writing.names import leave_label
from som_sim.writing.starter import starter

edited = GoodFile(VALID).edited


def test_a_scenario_in_words() -> None:
    said = describe(som.loads(VALID), "da").splitlines()
    assert said[0] == "Prøve"
    for one in (
        "- Fra 2020-01 til 2021-12, begge med, regnet måned for måned i løbende tid.",
        "- housing: hver borger er i én tilstand: street (tæller som hjemløs), shelter (tæller som hjemløs) og home.",
        "- shelter → home: 3,59 om året",
        "- home → street: 0,08 om året",
        "- 12 nye borgere om året.",
        "- act: for adult; street eller shelter. Pladser: 7 fra 2020-06, 20 fra 2021-01. 50 % af dem, der venter, optages i hver periode, mens der er ledige pladser. Ophold: 2 år i gennemsnit. Fra shelter til home: 2,5 gange så hurtigt.",
        "- team: 2.400.000,50 kr. pr. år, 2020-priser. Betaler: Kommunen 90 %, Regionen 10 %.",
        "- pool: 1.093.380 kr. fra Staten til Kommunen, til team.",
        "- count: højst 30 i 2021-W06.",
        "- act: act og pool. Andre tal i: parameters.stay.value.",
    ):
        assert one in said


def test_the_moves_are_those_of_the_file_in_figures_by_hand() -> None:
    found = {(one.source, one.to): one for one in moves(som.loads(VALID).base)}
    assert found["shelter", "home"].high == pytest.approx(0.6 * 365.25 / 61)
    assert found["home", "dead"].high == pytest.approx(0.0253178, rel=1e-5)
    assert found["shelter", "home"].programmes == ("act",)
    assert found["home", "street"].programmes == ()


def test_the_starter_is_described_whole() -> None:
    said = describe(som.loads(starter("full", year=2026)), "en")
    for words in (
        "after it: light support", "drop-out: 0.1 a year", "afterwards the effect halves in 1 year",
        "received by: citizen", "other values in: domains.housing.shelter.places", "when full: with",
    ):  # fmt: skip
        assert words in said.lower()


@settings(max_examples=25)
@given(scenarios())
def test_any_scenario_can_be_described_and_drawn(drawn: Data) -> None:
    try:
        scenario = scenario_of(drawn)
    except som.ScenarioError:
        return
    for lang in LANGUAGES:
        said = describe(scenario, lang)
        assert "{" not in said and len(said.splitlines()) > 8
        chart = mermaid(scenario.base, lang)
        assert chart.startswith("flowchart LR\n")
    assert len(diagram(scenario).axes) == len(scenario.base.domains)


def test_every_scenario_of_the_library_is_described(repository: Path) -> None:
    for file in library(repository):
        for lang in LANGUAGES:
            assert "nan" not in describe(som.load(file), lang).lower().split()


def overlapping(figure: Any) -> list[tuple[str, str]]:
    """Return the texts of a figure's first axes that stand on each other."""
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    found = [(one.get_text(), one.get_window_extent(renderer)) for one in figure.axes[0].texts]
    return [
        (one, other)
        for number, (one, room) in enumerate(found)
        for other, taken in found[number + 1 :]
        if room.overlaps(taken)
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["randers_act", "young_hostel_cti", "aftercare"])
def test_no_words_of_the_diagram_stand_on_each_other(
    repository: Path, name: str, lang: str
) -> None:
    scenario = som.load(repository / "scenarios" / f"{name}.yaml")
    for shape in SHAPES:
        with shaped(shape):
            assert overlapping(diagram(scenario, lang)) == []


def test_words_at_the_start_of_all_arrows_would(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("som_sim.writing.arrows.PLACES", (0.05,))
    assert overlapping(diagram(som.load(repository / "scenarios" / "randers_act.yaml"), "da"))


HOSTILE = 'a"]; click s0 \\"javascript:alert(1)\\" %%{init}%% <script>alert(1)</script> `x` $y$ #quot; --> b'


def test_labels_are_data() -> None:
    scenario = som.loads(
        edited(("home: {}", f'home: {{label: "{HOSTILE.replace(chr(34) + "]", "]")}"}}'))
    )
    label = scenario.base.domains["housing"]["home"].label
    assert label is not None and "<script>" in label.en
    chart = mermaid(scenario.base, "en")
    (line,) = [one for one in chart.splitlines() if "click" in one]
    shown = re.fullmatch(r'    s2\["(.*)"\]', line)
    assert shown is not None and not set('"<>`[];{}$') & set(re.sub(r"#\d+;", "", shown[1]))
    figure = diagram(scenario)
    assert figure.axes[0].texts


@given(st.text(max_size=40))
def test_no_sign_of_mermaid_is_left(words: str) -> None:
    written = safe(words)
    assert not set('"<>`[]{}|\\&\n') & set(written)
    assert re.fullmatch(r"(?:[^#;]|#\d+;)*", written)


def test_the_same_scenario_gives_the_same_figure(tmp_path: Path) -> None:
    scenario = som.loads(VALID)
    for name in ("a.svg", "b.svg", "a.png"):
        draw(scenario, tmp_path / name, "da")
    svg = (tmp_path / "a.svg").read_bytes()
    assert svg == (tmp_path / "b.svg").read_bytes()
    assert b"shelter" in svg and b"<title>Diagram over tilstande" in svg
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "shelter → home: 3,59" in diagram_words(scenario, "da")


def test_the_command(scenario: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", scenario]) == codes.FINE
    assert capsys.readouterr().out.startswith("A [small] scenario\n\nThe run\n")
    assert main(["describe", scenario, "--lang", "da", "--mermaid"]) == codes.FINE
    assert capsys.readouterr().out.startswith("flowchart LR\n")
    figure = str(tmp_path / "a.svg")
    assert main(["describe", scenario, "--figure", figure]) == codes.FINE
    assert capsys.readouterr().out == "" and Path(figure).stat().st_size > 1000
    assert main(["describe", scenario, "--figure", "a.doc"]) == codes.WRONG_INPUT


def test_ways_to_leave_are_named_in_the_language() -> None:
    assert leave_label("moved_away", "da") == "flytter væk"
    assert leave_label("dead", "en") == "die"
