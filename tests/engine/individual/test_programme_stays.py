"""Stays in programmes whose length has a memory, against their laws in closed form.

Lengths are held to the Dvoretzky-Kiefer-Wolfowitz bound at a false alarm once in a million runs;
for each law the same bound fails for another mean.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import som_sim as som
from random_scenarios import Data, model_of, scenario_of, small
from som_sim.engine.cohort import run_cohort
from som_sim.engine.individual.run import run_individual, run_mean
from som_sim.engine.individual.simulate import history_events
from som_sim.model.model import PROGRAMME_MOVE, Model
from stay_laws import END, FALSE_ALARM, LAWS, PEOPLE, assert_follows, days_of


def enrolled(stay: Data, *, persons: int = PEOPLE, years: int = 1, **more: Any) -> Data:
    """Return people who start in a programme on the first day, at most once."""
    programme = {
        "eligible": {"housing": "shelter"},
        "places": {"2019-01": persons, "2019-02": 0},
        "intake": {"share_of_waiting": 1},
        "stay": stay,
    }
    sections = {
        "time": {"from": "2019-01", "to": f"{2018 + years}-12", "cycle": "month"},
        "population": {"initial": [{"stratum": "adult", "housing": "shelter", "persons": persons}]},
        "transitions": [{"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 0}],
        "programmes": {"act": {**programme, **more.pop("act", {})}, **more.pop("others", {})},
        "strategies": {"reference": {"programmes": ["act", *more.pop("names", [])]}},
    }
    return small(**{**sections, **more})


def ends(model: Model, target: int = 0) -> NDArray[np.float64]:
    """Return when people leave a programme for a status, in days: one history."""
    events = history_events(model, 0, 1)
    edges = model.generator
    moved = events.kind >= 0
    wanted = moved.copy()
    kind = events.kind[moved]
    status = np.unravel_index(edges.target[kind], model.axes.cell_shape)[1]
    wanted[moved] = (edges.domain[kind] == PROGRAMME_MOVE) & (status == target)
    return events.time[wanted]


@pytest.mark.parametrize("name", LAWS)
def test_stays_in_a_programme_follow_their_law(name: str) -> None:
    keys, law = LAWS[name]
    assert_follows(ends(model_of(enrolled({"mean": "61 days", **keys}))), PEOPLE, law.sf, END)
    with pytest.raises(AssertionError):
        assert_follows(ends(model_of(enrolled({"mean": "110 days", **keys}))), PEOPLE, law.sf, END)


def test_observed_lengths_are_met_to_the_day() -> None:
    days = ends(model_of(enrolled({"lengths": ["10 days", "50 days", "50 days", "90 days"]})))
    at, count = np.unique(days, return_counts=True)
    np.testing.assert_array_equal(at, [10, 50, 90])
    assert count.sum() == PEOPLE
    for number, share in zip(count, (0.25, 0.5, 0.25), strict=True):
        assert stats.binomtest(int(number), PEOPLE, share).pvalue > FALSE_ALARM


def test_drop_out_has_no_memory_and_competes() -> None:
    keys, law = LAWS["weibull above 1"]
    dropping = {"drop_out": {"rate_per_year": 3}}
    model = model_of(enrolled({"mean": "61 days", **keys}, act=dropping))
    rate = 3 / 365.25
    assert_follows(ends(model), PEOPLE, lambda t: law.sf(t) * np.exp(-rate * t), END)
    with pytest.raises(AssertionError):
        assert_follows(ends(model), PEOPLE, law.sf, END)


def test_a_share_moves_on_and_begins_a_stay_of_its_own() -> None:
    """Two in five move on; the second stay is as long as its law says, whatever the first was."""
    first, law_1 = LAWS["gamma"]
    second, law_2 = LAWS["weibull above 1"]
    data = enrolled(
        {"mean": "61 days", **first},
        years=4,
        act={"moves_on_to": {"icm": Decimal("0.4")}},
        others={"icm": {"eligible": {"housing": "home"}, "places": 9000,
                        "intake": {"share_of_waiting": 0}, "stay": {"mean": "61 days", **second}}},
        names=["icm"],
    )  # fmt: skip
    model = model_of(data)
    events = history_events(model, 0, 1)
    moved = events.kind >= 0
    person, time = events.person[moved], events.time[moved]
    who, at, moves = np.unique(person, return_index=True, return_counts=True)
    assert len(who) == PEOPLE and law_1.sf(4 * 365) < 1e-9
    assert_follows(np.sort(time[at]), PEOPLE, law_1.sf, 4 * 365)
    on = moves == 2
    assert stats.binomtest(int(on.sum()), PEOPLE, 0.4).pvalue > FALSE_ALARM
    lengths = time[at[on] + 1] - time[at[on]]
    assert_follows(lengths, int(on.sum()), law_2.sf, 4 * 365)
    with pytest.raises(AssertionError):
        assert_follows(time[at[on] + 1], int(on.sum()), law_2.sf, 4 * 365)


def test_a_stay_at_home_and_one_in_a_programme_have_clocks_of_their_own() -> None:
    """The moves out of the shelter neither end nor begin the stay in the programme."""
    keys, law = LAWS["weibull above 1"]
    row = {"from": {"housing": "shelter"}, "stay": {"mean": "61 days", **keys}, "to": "home"}
    model = model_of(enrolled({"mean": "61 days", **keys}, transitions=[row]))
    programme = ends(model)
    assert_follows(programme, PEOPLE, law.sf, END)
    every = days_of(model)
    housing = np.setdiff1d(every, programme)
    assert len(every) - len(programme) - len(housing) < 5  # two at the very same tick
    assert_follows(every[~np.isin(every, programme)], PEOPLE, law.sf, END)
    events = history_events(model, 0, 1)
    by_person = [events.time[(events.person == p) & (events.kind >= 0)] for p in range(300)]
    pairs = np.array([one for one in by_person if len(one) == 2])
    order = np.array(
        [model.generator.domain[events.kind[(events.person == p) & (events.kind >= 0)]][0] == 0
         for p in range(300) if len(by_person[p]) == 2]
    )  # fmt: skip
    first = np.where(order, pairs[:, 0], pairs[:, 1])
    second = np.where(order, pairs[:, 1], pairs[:, 0])
    assert stats.spearmanr(first, second).pvalue > FALSE_ALARM


def test_places_free_up_when_a_stay_of_a_certain_length_ends() -> None:
    """Five places and stays of 40 days: five start in January, March, May, ..."""
    data = enrolled({"lengths": ["40 days"]}, persons=100, act={"places": 5})
    run = run_individual(model_of(data), 2, seed=1)
    starts = run.enrolments.sum(axis=(4, 5, 6))[0, :, :, 0]
    np.testing.assert_array_equal(starts, [[5, 0] * 6] * 2)


@pytest.mark.slow
def test_plain_and_compiled_are_the_same_bytes() -> None:
    pytest.importorskip("numba")
    keys, _ = LAWS["gamma"]
    model = model_of(enrolled({"mean": "61 days", **keys}, persons=80, act={"places": 20}))
    plain, fast = (run_mean(model, 2, seed=1, fast=fast) for fast in (False, True))
    assert plain.person_days.tobytes() == fast.person_days.tobytes()
    assert plain.flows.tobytes() == fast.flows.tobytes()


def test_without_a_memory_nothing_else_changed() -> None:
    """A shape of 1 is the stay without one: the expected numbers of the cohort engine."""
    persons = 4000
    plain = model_of(enrolled({"mean": "61 days"}, persons=persons))
    shaped = model_of(enrolled({"mean": "61 days", "weibull": {"shape": 1}}, persons=persons))
    expected = run_cohort(plain).occupancy[0, 0, 0, 1, 1:, 0] / persons
    seen = run_individual(shaped, 1, seed=1).occupancy[0, 0, 0, 1, 1:, 0]
    for number, share in zip(seen, expected, strict=True):
        assert stats.binomtest(int(number), persons, share).pvalue > FALSE_ALARM / 12


def test_expected_numbers_are_refused() -> None:
    keys, _ = LAWS["gamma"]
    scenario = scenario_of(enrolled({"mean": "61 days", **keys}))
    with pytest.raises(som.SomSimError, match=r"programmes\.act\.stay: .*--engine individual$"):
        som.run(scenario)
    result = som.run(scenario, engine="individual", replicates=2)
    assert result.ok and math.isclose(float(result.programmes["enrolled"].iloc[0]), PEOPLE)


def test_a_description_says_so() -> None:
    keys, _ = LAWS["lognormal"]
    said = som.describe(scenario_of(enrolled({"mean": "2 months", **keys})))
    assert "Stay: 2 months on average, lognormal with standard deviation 90 days." in said


@pytest.mark.parametrize(
    ("stay", "words"),
    [
        ({"weibull": {"shape": 2}}, r"act\.stay: write one of: 'mean', alone or with"),
        ({"mean": "9 days", "weibull": {"shape": 40}}, r"act\.stay\.weibull\.shape: the shape is"),
        ({"mean": "9 days", "gamma": {"sd": "9 years"}}, r"act\.stay\.gamma\.sd: the standard"),
        ({"lengths": ["1 second"]}, r"act\.stay\.lengths"),
    ],
)
def test_what_no_stay_can_be(stay: Data, words: str) -> None:
    with pytest.raises(som.ScenarioError, match=words):
        scenario_of(enrolled(stay))


def test_it_needs_continuous_time() -> None:
    data = enrolled({"lengths": ["40 days"]})
    data["time"] |= {"step": "discrete", "counting": "end"}
    data["transitions"] = [{"from": {"housing": "shelter"}, "to": "home", "probability": 0.1,
                            "within": "1 month"}]  # fmt: skip
    words = r"programmes\.act\.stay\.lengths: a length with a memory needs continuous time"
    with pytest.raises(som.ScenarioError, match=words):
        scenario_of(data)
