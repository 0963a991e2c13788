"""The tornado says what the table says: order, ends, values and evidence, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

import som_sim as som
from som_sim.core.formats import plain
from som_sim.report.figures_tornado import MOST_BARS, tornado_figure, tornado_words
from som_sim.report.sensitivity import figures, input_name
from som_sim.report.style import BLUE, ORANGE


@pytest.fixture(scope="module")
def found(repository: Path) -> som.Sensitivity:
    scenario = som.load(repository / "scenarios" / "randers_act.yaml")
    outcomes = ["net:kommune", "target:homeless_2022", "chance:homeless_2022"]
    return som.sensitivity(scenario, outcomes)


def bars_of(ax: Axes) -> list[Rectangle]:
    return [one for one in ax.patches if isinstance(one, Rectangle)]


def written(ax: Axes) -> list[str]:
    return [plain(one.get_text()) for one in ax.texts]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_bars_end_where_the_table_says(found: som.Sensitivity, lang: str) -> None:
    (ax,) = tornado_figure(found, "target:homeless_2022", lang).axes
    way = found.of("target:homeless_2022")
    bars = bars_of(ax)
    assert len(bars) == 2 * min(len(way.bars), MOST_BARS)
    for place, bar in enumerate(way.bars[:MOST_BARS]):
        low, high = bars[2 * place], bars[2 * place + 1]
        for patch, end, colour in ((low, bar.at_low, ORANGE), (high, bar.at_high, BLUE)):
            assert patch.get_x() + patch.get_width() == pytest.approx(end)
            assert to_hex(patch.get_facecolor()) == colour.lower()
    labels = [one.get_text().replace("\n", " ") for one in ax.get_yticklabels()]
    for label, bar in zip(labels, way.bars, strict=False):
        assert label.startswith(input_name(bar.input, lang)[:20])
        assert figures(bar.input.low, lang) in written(ax)


def test_base_goal_and_evidence_are_written(found: som.Sensitivity) -> None:
    (ax,) = tornado_figure(found, "target:homeless_2022", "da").axes
    words = written(ax)
    assert "Hovedforløb 81,8" in words and "Mål 75" in words
    assert "evidens C · tilpasset" in words and "88,7 → 74,3" in words
    assert any(one.startswith("Yderligere 1 ") for one in words)
    (ax,) = tornado_figure(found, "net:kommune", "en").axes
    words = written(ax)
    assert "Base −492" in words and "grade B · chez soi" in words


def test_what_moves_nothing_has_no_bar(found: som.Sensitivity) -> None:
    (ax,) = tornado_figure(found, "net:kommune", "en").axes
    moving = [bar for bar in found.of("net:kommune").bars if bar.span]
    assert len(moving) < len(found.varied.inputs)
    assert len(bars_of(ax)) == 2 * len(moving)


def test_a_chance_is_in_per_cent(found: som.Sensitivity) -> None:
    (ax,) = tornado_figure(found, "chance:homeless_2022", "da").axes
    assert "Hovedforløb 24,5 %" in written(ax)
    assert "24 %" in plain(tornado_words(found, "chance:homeless_2022", "da"))


def test_words_name_the_longest_bars(found: som.Sensitivity) -> None:
    said = tornado_words(found, "net:kommune", "en")
    first = found.of("net:kommune").bars[0]
    assert input_name(first.input, "en") in said and "−993,888" in said
