"""The fan around a count, and the chance of its goal over time, are the numbers of the tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import poisson

import som_sim as som
from som_sim.core.texts import LANGUAGES
from som_sim.report import figures, figures_draws
from som_sim.report.case.build import build_case
from som_sim.report.style import new_axes

RANDERS = Path(__file__).parents[2] / "scenarios" / "randers_act.yaml"
TARGET = "homeless_2022"


@cache
def result() -> som.Result:
    return som.run(som.load(RANDERS), draws=60, seed=1)


def test_the_year_of_the_target_says_what_the_target_says() -> None:
    table = result().target_paths
    targets = result().targets.set_index("strategy")
    for name in result().strategies:
        rows = table[table["strategy"] == name].set_index("date")
        assert list(rows.index) == [f"{year}-02-07" for year in range(2017, 2023)]
        there, target = rows.loc["2022-02-07"], targets.loc[name]
        assert there["expected_p50"] == pytest.approx(target["projected_median"], rel=1e-12)
        assert there["expected_p025"] == pytest.approx(target["projected_low"], rel=1e-12)
        assert there["counted_p975"] == target["count_high"]
        assert there["probability"] == pytest.approx(target["draws_probability"], rel=1e-12)


def test_bands_lie_within_one_another_and_counts_vary_more() -> None:
    table = result().target_paths
    for what in ("expected", "counted"):
        bands = table[[f"{what}_{one}" for one in ("p025", "p25", "p50", "p75", "p975")]].to_numpy()
        assert (np.diff(bands, axis=1) >= 0).all()
    assert (table["counted_p975"] > table["expected_p975"]).all()
    assert (table["counted_p025"] < table["expected_p025"]).all()
    first = table.iloc[0]  # hardly anything is unsure at the start, so the count is Poisson
    assert first["counted_p975"] == poisson.ppf(0.975, first["expected_p50"])


def test_a_run_without_draws_has_no_fan() -> None:
    plain = som.run(som.load(RANDERS))
    assert not len(plain.target_paths)
    assert not figures_draws.goal_paths(plain, TARGET)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_figures_show_the_numbers(lang: str) -> None:
    ax = figures.draw_target(new_axes(), result(), TARGET, lang)
    points = figures_draws.fan_of(result(), "act", TARGET)
    written = " ".join(
        one.get_text() for one in ax.figure.findobj(match=lambda a: hasattr(a, "get_text"))
    )
    assert f"{points[-1].counted[0]:.0f} - {points[-1].counted[-1]:.0f}" in written
    assert "95" in written
    ax = figures_draws.draw_goal_over_time(new_axes(), result(), TARGET, lang)
    drawn = [line.get_ydata() for line in ax.get_lines() if len(line.get_xdata()) == len(points)]
    chances = [100 * point.probability for point in points]
    assert any(np.allclose(np.asarray(one, dtype=float), chances) for one in drawn)
    assert figures_draws.goal_words(result(), TARGET, lang)


def test_the_case_has_the_figure() -> None:
    keys = [picture.key for picture in build_case(result(), "en").pictures()]
    assert f"goal_over_time_{TARGET}" in keys
