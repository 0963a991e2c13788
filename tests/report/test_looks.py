"""A few figures look as they did when somebody last looked at them.

A figure is held against a small grey picture of itself, so that another version of a font does not
matter and a lost label, bar or axis does. After a change that is meant, look at the figure and write
the pictures anew: ``NEW_LOOKS=1 python -m pytest tests/report/test_looks.py``.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import som_sim
from som_sim.report import figures_money, figures_people
from som_sim.report.disclosure import Disclosure
from som_sim.report.figures import target_figure
from som_sim.report.style import house_style, new_axes, of_axes

LOOKS = Path(__file__).parent / "looks"
SIZE = (180, 100)
TOLERANCE = 3.0
"""Grey levels of 255, mean over the picture: a missing label is more, another font version less."""
SHOW = Disclosure(hide=False)

DRAW: dict[str, Callable[[som_sim.Result], object]] = {
    "target": lambda result: target_figure(result, "homeless_2026", "da"),
    "flows": lambda result: of_axes(
        figures_people.draw_flows(new_axes(), result, "with_support", "housing", "da", SHOW)
    ),
    "states": lambda result: of_axes(
        figures_people.draw_states(new_axes(), result, "with_support", "housing", "da", SHOW)
    ),
    "programme": lambda result: of_axes(
        figures_people.draw_programme(new_axes(), result, "with_support", "support", "da", SHOW)
    ),
    "cash": lambda result: of_axes(
        figures_money.draw_cash_flow(new_axes(), result, "with_support", "da")
    ),
    "waterfall": lambda result: of_axes(
        figures_money.draw_waterfall(new_axes(), result, "with_support", "kommune", "da")
    ),
}


@pytest.fixture(scope="module")
def first(repository: Path) -> som_sim.Result:
    return som_sim.run(som_sim.load(repository / "scenarios" / "first.yaml"))


def small(result: som_sim.Result, name: str) -> Image.Image:
    page = io.BytesIO()
    with house_style():
        DRAW[name](result).savefig(page, format="png", dpi=60, facecolor="white")  # type: ignore[attr-defined]
    with Image.open(page) as drawn:
        return drawn.convert("L").resize(SIZE, Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, float) - np.asarray(other, float)).mean())


@pytest.mark.parametrize("name", DRAW)
def test_a_figure_looks_as_it_did(first: som_sim.Result, name: str) -> None:
    drawn, file = small(first, name), LOOKS / f"{name}.png"
    if os.environ.get("NEW_LOOKS"):
        LOOKS.mkdir(exist_ok=True)
        drawn.save(file)
    with Image.open(file) as known:
        assert difference(drawn, known) < TOLERANCE


def test_another_figure_is_seen_to_look_different(first: som_sim.Result) -> None:
    with Image.open(LOOKS / "flows.png") as known:
        assert difference(small(first, "states"), known) > 2 * TOLERANCE
