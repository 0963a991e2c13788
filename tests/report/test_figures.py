"""The figures: they say what the result says, and the same result gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from scipy.stats import poisson

from som_sim.report import figures
from som_sim.report.axes import number_axis
from som_sim.report.style import new_axes, save_figure, strategy_look


def texts(ax: Any) -> str:
    return "\n".join(text.get_text() for text in ax.texts)


def boxes(ax: Any) -> list[Any]:
    """The room that each label beside the axes takes, in pixels."""
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    beside = [text for text in ax.texts if text.get_position()[0] > 1]
    return [text.get_window_extent(renderer) for text in beside]


def assert_apart(ax: Any) -> None:
    found = boxes(ax)
    assert len(found) > 1
    for i, one in enumerate(found):
        assert not any(one.overlaps(other) for other in found[i + 1 :])


@pytest.mark.parametrize("expected", [0.0, 0.05, 1.0, 12.5, 86.0, 4000.0])
@pytest.mark.parametrize("share", figures.BAND)
def test_the_band_is_poisson(expected: float, share: float) -> None:
    found = figures.poisson_quantile(share, np.array([expected]))
    assert found[0] == poisson.ppf(share, expected)


def test_a_target_shows_goal_expected_and_counted(result: Any) -> None:
    ax = new_axes()
    assert figures.draw_target(ax, result, "homeless_2022", "da") is ax
    shown = texts(ax)
    assert "Mål 75 (2022)" in shown
    assert "ACT-team\nforventet 78,3 (2022)" in shown
    assert "Som hidtil\nforventet 85,6 (2022)" in shown
    assert "talt 86" in shown and "talt 91" in shown
    assert "8 af 10 tællinger\nmed »ACT-team«\n(67 til 90 i 2022)" in shown
    assert "scenarie 01234567, som_sim 0.1.0" in shown
    assert ax.get_ylim()[0] == 0
    assert_apart(ax)


def test_the_net_shows_each_payer_and_its_break_even(result: Any) -> None:
    ax = new_axes()
    assert figures.draw_cumulative_net(ax, result, "act", "en") is ax
    shown = texts(ax)
    assert "Municipality +0.55\n○ breaks even 2022" in shown
    assert "Region −0.43" in shown
    assert "Society" not in shown
    whole = " ".join(shown.split())  # the subtitle takes two lines
    assert "2019 prices" in whole and "compared with “As before”" in whole
    assert_apart(ax)


def test_a_payer_with_nothing_is_left_out_and_no_break_even_is_said(result: Any) -> None:
    net = result.net_by_year
    result.net_by_year = net.assign(
        constant_oere=net["payer"].isin(["kommune", "public", "society"]) * -1_000_00
    )
    result.break_even_table["year"] = pd.array([None] * 6, dtype="Int64")
    ax = new_axes()
    figures.draw_cumulative_net(ax, result, "act", "da")
    shown = texts(ax)
    assert "Kommunen −6" in shown and "1.000 kr." in shown
    assert "Regionen" not in shown
    assert "Offentligt i alt" not in shown  # the same line as the one payer's
    assert "Ingen af merudgifterne er tjent hjem ved udgangen af 2022" in shown


@pytest.mark.parametrize("oere", [0, 100])
def test_where_nobody_pays_more_nothing_is_earned_back(result: Any, oere: int) -> None:
    result.net_by_year = result.net_by_year.assign(constant_oere=oere)
    ax = new_axes()
    figures.draw_cumulative_net(ax, result, "act", "da")
    assert "tjent hjem" not in texts(ax)


def test_a_users_text_is_no_formula_and_may_be_long(result: Any, tmp_path: Path) -> None:
    wild = "$\\frac{x}$ <b>& \x1b[31m " + "meget lang betegnelse " * 10
    result.scenario.strategies["act"].strategies["act"].label = result.label(wild, wild)
    result.targets = result.targets.assign(label_da=wild)
    ax = new_axes()
    figures.draw_target(ax, result, "homeless_2022", "da")
    assert_apart(ax)
    assert "$\\frac{x}$ <b>&" in texts(ax) and "\x1b" not in texts(ax)
    words = figures.target_words(result, "homeless_2022", "da")
    assert "\x1b" not in words
    save_figure(ax.figure, tmp_path / "wild", title=words, creator="som_sim")


@pytest.mark.parametrize("draw", ["target", "net"])
def test_the_same_result_gives_the_same_bytes(result: Any, tmp_path: Path, draw: str) -> None:
    written = []
    for run in ("one", "two"):
        if draw == "target":
            figure = figures.target_figure(result, "homeless_2022", "da")
        else:
            figure = figures.cumulative_net_figure(result, "act", "da")
        paths = save_figure(figure, tmp_path / run, title="Titel", creator="som_sim 0.1.0")
        written.append([path.read_bytes() for path in paths])
    assert written[0] == written[1]
    svg = written[0][0].decode()
    assert "<title>Titel</title>" in svg and "dc:date" not in svg
    assert "<text" in svg and "Verdana" in svg  # text stays text
    assert written[0][1].startswith(b"\x89PNG")


def test_drawing_changes_no_settings_and_obeys_none(result: Any, tmp_path: Path) -> None:
    import matplotlib

    def png(name: str) -> bytes:
        figure = figures.target_figure(result, "homeless_2022", "en")
        return save_figure(figure, tmp_path / name, title="", creator="")[1].read_bytes()

    plain = png("plain")
    with matplotlib.rc_context({"axes.facecolor": "red", "lines.linewidth": 9, "font.size": 30}):
        assert png("mine") == plain
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_words_for_those_who_cannot_see_it(result: Any) -> None:
    assert "Goal: 75" in figures.target_words(result, "homeless_2022", "en")
    assert "ACT team 78.3" in figures.target_words(result, "homeless_2022", "en")
    assert "Kommunen +0,55 mio. kr." in figures.net_words(result, "act", "da")


@pytest.mark.parametrize(
    ("step", "shown"),
    [(0.25, "0.75"), (0.025, "0.075"), (2.5, "7.5"), (0.2, "0.6"), (20.0, "60"), (1000.0, "3,000")],
)
def test_the_numbers_on_the_axis_are_written_in_full(step: float, shown: str) -> None:
    ax = new_axes()
    ax.set_yticks([0, step, 2 * step, 3 * step])
    number_axis(ax, "en")
    assert ax.yaxis.get_major_formatter()(3 * step) == shown


def test_the_goal_and_the_counts_are_as_stated(result: Any) -> None:
    result.targets = result.targets.assign(goal=35.5)
    result.observations = result.observations.assign(value=90.5)
    ax = new_axes()
    figures.draw_target(ax, result, "homeless_2022", "en")
    assert "Goal 35.5 (2022)" in texts(ax) and "counted 90.5" in texts(ax)
    assert "Goal: 35.5." in figures.target_words(result, "homeless_2022", "en")


def test_a_target_after_the_last_cycles_start_is_in_the_figure(result: Any) -> None:
    paths = result.indicator_paths
    result.indicator_paths = paths[paths["date"].str.endswith("-01-01")]  # cycles of a year
    ax = new_axes()
    figures.draw_target(ax, result, "homeless_2022", "en")
    when = np.datetime64("2022-02-07")
    day = float((when - np.datetime64("1970-01-01")).astype(int))
    low, high = ax.get_xlim()
    assert low < day < high
    thick = [line for line in ax.lines if line.get_linewidth() == 2.0]
    ends = [(line.get_xdata()[-1], line.get_ydata()[-1]) for line in thick]
    assert ends == [(when, 85.6), (when, 78.3)]  # the lines reach the dots


def test_thirty_strategies_all_look_different() -> None:
    looks = [strategy_look(position) for position in range(30)]
    assert len(set(looks)) == 30


def test_the_words_end_in_one_full_stop(result: Any) -> None:
    for lang in ("da", "en"):
        words = figures.net_words(result, "act", lang)
        assert words.endswith(".") and not words.endswith("..")
