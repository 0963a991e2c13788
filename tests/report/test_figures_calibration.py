"""The figure of a calibration says what its table says, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

import som_sim as som
from random_scenarios import as_text, small
from som_sim.analysis.calibration import Calibration
from som_sim.report.figures_calibration import calibration_figure

pytest.importorskip("emcee", reason="calibration needs the extra 'calibration'")


@pytest.fixture(scope="module")
def found() -> Calibration:
    come = {"value": 40, "unit": "per year", "distribution": {"gamma": {"mean": 40, "sd": 20}}}
    unseen = {"value": Decimal("0.5"), "distribution": {"beta": {"sd": Decimal("0.1")}}}
    data = small(
        time={"from": "2017-01", "to": "2017-12", "cycle": "year"},
        parameters={"come": come, "unseen_share": unseen},
        population={
            "initial": [{"stratum": "adult", "housing": "home", "persons": 5}],
            "arrivals": [{"stratum": "adult", "housing": "home", "per_year": "come"}],
        },
        transitions=[
            {
                "from": {"housing": "shelter"},
                "to": "home",
                "probability": "unseen_share",
                "within": "1 year",
            }
        ],
        observations=[
            {
                "indicator": {"entries_to": {"housing": "home"}},
                "during": {"from": "2017-01", "to": "2017-12"},
                "value": 55,
            }
        ],
    )
    return som.calibrate(
        som.loads(as_text(data)), n_draws=300, n_walkers=32, n_steps=60, compiled=False
    )


@pytest.mark.parametrize(
    ("lang", "learnt", "axis"),
    [("da", "lært", "gange medianen før"), ("en", "learnt", "times the median before")],
)
def test_every_parameter_has_its_bars_and_what_was_learnt(
    found: Calibration, lang: str, learnt: str, axis: str
) -> None:
    (ax,) = calibration_figure(found, lang).axes
    assert [one.get_text() for one in ax.get_yticklabels()] == ["come", "unseen share"]
    assert ax.get_xlabel() == axis
    written = [one.get_text() for one in ax.texts]
    shares = [one for one in written if one.endswith(f"% {learnt}")]
    table = found.parameters
    assert shares == [f"{max(round(100 * one), 0)} % {learnt}" for one in table["learnt"]]
    first = table.iloc[0]
    before, after, point = ax.lines[:3]
    assert list(before.get_xdata()) == pytest.approx(
        [first["prior_low"] / first["prior_median"], first["prior_high"] / first["prior_median"]]
    )
    assert list(after.get_xdata()) == pytest.approx(
        [first["low"] / first["prior_median"], first["high"] / first["prior_median"]]
    )
    assert list(point.get_xdata()) == pytest.approx([first["point"] / first["prior_median"]])
