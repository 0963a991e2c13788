"""A few figures look as they did when somebody last looked at them.

A figure is held against a small grey picture of itself, so that another version of a font does not
matter and a lost label, bar or axis does. After a change that is meant, look at the figure and write
the pictures anew: ``NEW_LOOKS=1 python -m pytest tests/report/test_looks.py``.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import som_sim
from som_sim.report import figures_money, figures_people
from som_sim.report.case.build import build_case
from som_sim.report.case.content import Case
from som_sim.report.disclosure import Disclosure
from som_sim.report.figures import target_figure
from som_sim.report.pdf import compiled
from som_sim.report.style import house_style, new_axes, of_axes

LOOKS = Path(__file__).parent / "looks"
SIZE, PAGE = (180, 100), (240, 340)
TOLERANCE = 3.0
"""Grey levels of 255, mean over the picture."""
PATCH, PATCH_TOLERANCE = 20, 4.0
"""Pixels of a patch, and grey levels its mean may change: another version of a font shifts letters
by a pixel and stays under it; a label, a bar or a line that is lost or moved is more."""
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


def worst_patch(one: Image.Image, other: Image.Image) -> float:
    """Return the largest change of the mean grey of a patch."""
    apart = np.asarray(one, float) - np.asarray(other, float)
    rows, columns = (size // PATCH for size in apart.shape)
    patches = apart[: rows * PATCH, : columns * PATCH].reshape(rows, PATCH, columns, PATCH)
    return float(np.abs(patches.mean(axis=(1, 3))).max())


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
        assert worst_patch(drawn, known) < PATCH_TOLERANCE


def read(figure: Any) -> Image.Image:
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=60, facecolor="white")
    with Image.open(page) as drawn:
        return drawn.convert("L").resize(SIZE, Image.Resampling.BOX)


@pytest.mark.parametrize("name", DRAW)
def test_a_lost_label_is_seen_and_letters_a_little_larger_are_not(
    first: som_sim.Result, name: str
) -> None:
    with Image.open(LOOKS / f"{name}.png") as known, house_style():
        larger, lost = DRAW[name](first), DRAW[name](first)
        for one in larger.axes[0].texts:  # type: ignore[attr-defined]
            one.set_fontsize(1.02 * one.get_fontsize())
        assert worst_patch(read(larger), known) < PATCH_TOLERANCE / 2
        lost.axes[0].texts[-1].set_visible(False)  # type: ignore[attr-defined]
        assert worst_patch(read(lost), known) > PATCH_TOLERANCE


@pytest.mark.parametrize("short", [True, False])
def test_the_first_page_looks_as_it_did(first: som_sim.Result, short: bool) -> None:
    drawn = front(build_case(first, "da"), short=short)
    file = LOOKS / f"page_{'short' if short else 'whole'}.png"
    if os.environ.get("NEW_LOOKS"):
        drawn.save(file)
    with Image.open(file) as known:
        assert worst_patch(drawn, known) < PATCH_TOLERANCE
        lost = front(replace(build_case(first, "da"), subtitle=""), short=short)
        assert worst_patch(lost, known) > PATCH_TOLERANCE


def front(case: Case, *, short: bool) -> Image.Image:
    """Return the first page of a case, small and grey; its version and digest are left out."""
    same = replace(case, origin="")
    page = compiled(same, "png", short=short)
    with Image.open(io.BytesIO(page[0] if isinstance(page, list) else page)) as drawn:
        return drawn.convert("L").resize(PAGE, Image.Resampling.BOX)


def test_another_figure_is_seen_to_look_different(first: som_sim.Result) -> None:
    with Image.open(LOOKS / "flows.png") as known:
        assert difference(small(first, "states"), known) > 2 * TOLERANCE
