"""Every claim of the README that can be run is run."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import numpy as np
import pytest

import som_sim as som
from som_sim.cli.main import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FIGURE = ROOT / "docs" / "figures" / "target_homeless_2022.png"
PIXELS_APART = 0.02
"""Mean difference of two renderings, of 1: fonts differ a little between systems."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture(autouse=True)
def _at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def squeezed(text: str) -> str:
    """White space at line ends and its amount within a line are not what the README claims."""
    lines = (re.sub(r"[ \u00a0]+", " ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


@pytest.mark.parametrize("block", blocks("console"))
def test_commands_print_what_the_readme_shows(
    block: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, _, expected = block.partition("\n")
    assert command.startswith("$ som-sim ")
    assert main(command.split()[2:]) == 0
    got = squeezed(capsys.readouterr().out)
    checker = doctest.OutputChecker()
    assert checker.check_output(squeezed(expected), got, doctest.ELLIPSIS), got


@pytest.mark.parametrize("block", blocks("python"))
def test_python_runs(block: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scenarios = ROOT / "scenarios"
    (tmp_path / "scenarios").symlink_to(scenarios)
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {})
    assert (tmp_path / "out" / "readme" / "summary.json").exists()


def test_first_scenario_is_the_file_and_runs() -> None:
    (shown,) = blocks("yaml")
    assert (
        shown.rstrip() == (ROOT / "scenarios" / "first.yaml").read_text(encoding="utf-8").rstrip()
    )
    assert som.run(som.loads(shown)).ok


def test_figure_is_the_one_a_run_draws(tmp_path: Path) -> None:
    from matplotlib.image import imread

    som.run(som.load("scenarios/randers_act.yaml")).save(tmp_path, "en")
    drawn = imread(tmp_path / FIGURE.name)
    kept = imread(FIGURE)
    assert drawn.shape == kept.shape
    assert float(np.abs(drawn - kept).mean()) < PIXELS_APART


def test_links_and_targets_exist() -> None:
    for path in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / path).exists(), path
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
