"""A run of the individual engine through the whole chain."""

from __future__ import annotations

import math

import numpy as np
import pytest

import som_sim as som
from chernoff import allowed, surprise
from individuals import enrolling, two_domains
from random_scenarios import Data, scenario_of, small
from som_sim.engine.individual.simulate import Histories
from som_sim.model.build import build_model

MEASURED = {
    "targets": {
        "week": {"indicator": {"persons_in": {"homeless": True}}, "at": "2019-W20",
                 "over": "7 days", "baseline": 60, "goal": 20, "better": "lower"},
        "year": {"indicator": {"distinct_persons_in": {"homeless": True}},
                 "during": {"from": "2019-03", "to": "2019-10"}, "goal": 60, "better": "lower"},
        "out": {"indicator": {"moves": {"from": {"housing": "shelter"}, "to": "home"}},
                "during": {"from": "2019-01", "to": "2019-12"}, "goal": 60, "better": "higher"},
        "share": {"indicator": {"share_of_moves": {"from": {"housing": "shelter"}, "to": "home"}},
                  "during": {"from": "2019-01", "to": "2019-12"}, "goal": 1, "better": "higher"},
    }
}  # fmt: skip


def measured(data: Data) -> Data:
    return {**data, **MEASURED}


@pytest.mark.parametrize("make", [small, two_domains, enrolling])
def test_windows_agree_with_the_cohort_engine(make: object) -> None:
    """A count week: people seen in it are independent, so the sum is within the bound."""
    scenario = scenario_of(measured(make()))  # type: ignore[operator]
    expected = som.run(scenario).targets.set_index("target")["projected"]
    run = som.run(scenario, engine="individual", replicates=60, seed=3)
    assert run.ok and run.engine == "individual" and run.seed == 3
    seen = run.targets.set_index("target")["projected"]
    for name in ("week", "year"):
        gap = surprise(np.array(seen[name] * 60), np.array(expected[name] * 60))
        assert gap < allowed(2)


def test_a_target_has_the_chance_that_histories_show() -> None:
    run = som.run(scenario_of(measured(small())), engine="individual", replicates=40, seed=1)
    histories = run.runs["reference"].replicates
    assert histories is not None
    table = run.targets.set_index("target")
    week = histories.targets["week"]
    assert table.loc["week", "probability"] == (week <= 20).mean()
    assert table.loc["week", "projected"] == week.mean()
    assert table.loc["out", "probability"] == (histories.targets["out"] >= 60).mean()
    assert math.isnan(table.loc["share", "probability"])
    spread = run.replicates.set_index("figure")
    assert spread.loc["week", "error"] == pytest.approx(week.std(ddof=1) / math.sqrt(40))
    assert (spread["difference"] == 0).all()


def test_a_window_that_was_not_asked_for_gives_the_same_histories() -> None:
    spec = scenario_of(small()).strategies["reference"]
    histories = Histories(build_model(spec, "reference"), 5, seed=1, fast=None)
    mean = histories.simulate()
    cells = np.array([[[True, False]]])
    found = histories.persons_in(cells, mean.model.calendar.boundaries[6])
    assert found.shape == (1, 5)
    assert found.mean() == mean.occupancy[0, 0, 0, 0, 6, 0]


def test_options_go_with_their_engine() -> None:
    scenario = scenario_of(small())
    with pytest.raises(som.SomSimError, match="replicates go with engine 'individual'"):
        som.run(scenario, replicates=3)
    with pytest.raises(som.SomSimError, match="engine 'person' is not one of cohort, individual"):
        som.run(scenario, engine="person")
    with pytest.raises(som.SomSimError, match="not a whole number of 1 or more"):
        som.run(scenario, engine="individual", replicates=0)
