"""Stays whose length has a memory, against their laws in closed form.

Every bound would raise a false alarm less than once in a million runs.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import som_sim as som
from individuals import initial
from random_scenarios import Data, model_of, scenario_of, small
from som_sim.engine.cohort import run_cohort
from som_sim.engine.fast import run_fast
from som_sim.engine.individual.run import run_mean
from som_sim.engine.individual.simulate import history_events
from som_sim.engine.individual.stay_tables import KNOTS, TICK
from som_sim.engine.individual.stays import days_until, used_after
from som_sim.engine.individual.tables import make_tables
from som_sim.model.stay_curves import cumulative_hazard
from stay_laws import END, FALSE_ALARM, LAWS, MEAN, PEOPLE, act, assert_follows, days_of


def leaving(stay: Data, *rows: Data, persons: int = PEOPLE, **sections: Any) -> Data:
    """Return people in the shelter who leave it for a home once and for all."""
    row = {"from": {"housing": "shelter"}, "stay": stay, "to": "home"}
    return small(
        time={"from": "2019-01", "to": "2019-12", "cycle": "month"},
        population=initial(shelter=persons),
        transitions=[row, *rows],
        **sections,
    )


@pytest.mark.parametrize("name", LAWS)
def test_lengths_follow_their_law(name: str) -> None:
    keys, law = LAWS[name]
    model = model_of(leaving({"mean": "61 days", **keys}))
    assert_follows(days_of(model), PEOPLE, law.sf, END)


@pytest.mark.parametrize("name", LAWS)
def test_the_bound_sees_another_mean(name: str) -> None:
    keys, law = LAWS[name]
    model = model_of(leaving({"mean": "110 days", **keys}))
    with pytest.raises(AssertionError):
        assert_follows(days_of(model), PEOPLE, law.sf, END)


def test_observed_lengths_are_met_to_the_day() -> None:
    days = days_of(model_of(leaving({"lengths": ["1 day", "3 days", "3 days", "31 days"]})))
    assert len(days) == PEOPLE
    at, count = np.unique(days, return_counts=True)
    np.testing.assert_array_equal(at, [1, 3, 31])
    for number, share in zip(count, (0.25, 0.5, 0.25), strict=True):
        chance = stats.binomtest(int(number), PEOPLE, share).pvalue
        assert chance > FALSE_ALARM


@pytest.mark.parametrize("name", ["weibull", "lognormal", "gamma"])
def test_a_programme_multiplies_the_hazard(name: str) -> None:
    keys, law = LAWS[name]
    model = model_of(leaving({"mean": "61 days", **keys}, **act("2.5")))
    assert_follows(days_of(model), PEOPLE, lambda t: law.sf(t) ** 2.5, END)


def test_a_programme_on_observed_lengths() -> None:
    """Of two lengths, half stay beyond the first; with a hazard ratio of 3 an eighth do."""
    days = days_of(model_of(leaving({"lengths": ["5 days", "50 days"]}, **act("3"))))
    assert stats.binomtest(int((days == 50).sum()), PEOPLE, 1 / 8).pvalue > FALSE_ALARM
    assert set(days) == {5, 50}


def test_another_row_may_end_the_stay_first() -> None:
    keys, law = LAWS["lognormal"]
    death = {"from": {"housing": "shelter"}, "to": "dead", "rate_per_year": 3}
    model = model_of(leaving({"mean": "61 days", **keys}, death, leave=["dead"]))
    rate = 3 / 365.25
    assert_follows(days_of(model), PEOPLE, lambda t: law.sf(t) * np.exp(-rate * t), END)


@pytest.mark.parametrize("name", ["weibull", "gamma"])
def test_what_happens_meanwhile_leaves_the_law(name: str) -> None:
    """In one long cycle people find and lose work some thirty times, and enter and leave again."""
    keys, law = LAWS[name]
    work = [
        {"from": {"work": one}, "to": other, "rate_per_year": 30}
        for one, other in (("none_yet", "some"), ("some", "none_yet"))
    ]
    data = leaving({"mean": "61 days", **keys}, *work)
    data["time"] = {"from": "2019-01", "to": "2019-12", "cycle": "year"}
    data["domains"]["work"] = {"none_yet": None, "some": None}
    data["population"]["initial"][0]["work"] = "none_yet"
    model = model_of(data)
    events = history_events(model, 0, 1)
    moved = events.kind >= 0
    home = model.generator.domain[events.kind[moved]] == 0
    assert_follows(events.time[moved][home], PEOPLE, law.sf, END)


def test_the_table_is_read_the_same_both_ways() -> None:
    model = model_of(leaving({"mean": "61 days", "gamma": {"sd": "40 days"}}))
    tables = make_tables(model)
    for days in np.linspace(0.5, 364, 50):
        used = used_after(tables, 0, float(days))
        assert days_until(tables, 0, used) == pytest.approx(days, rel=1e-12)
        exact = MEAN * float(cumulative_hazard("gamma", np.array([days]), MEAN, 40.0)[0])
        assert used == pytest.approx(exact, rel=1e-5)


def test_shares_of_where_people_go() -> None:
    keys, _ = LAWS["gamma"]
    row = {"from": {"housing": "shelter"}, "stay": {"mean": "61 days", **keys},
           "to": {"home": Decimal("0.3"), "dead": Decimal("0.7")}}  # fmt: skip
    data = leaving({"mean": "61 days", **keys}, leave=["dead"])
    run = run_mean(model_of({**data, "transitions": [row]}), 1, seed=1)
    home = int(run.occupancy[0, 0, 0, 0, -1, 1])
    assert stats.binomtest(home, PEOPLE, 0.3).pvalue > FALSE_ALARM


def test_mean_occupancy_in_steady_state_is_arrivals_times_mean_stay() -> None:
    """Little's law; after a year of arrivals the number there is Poisson distributed."""
    data = leaving({"mean": "61 days", "gamma": {"sd": "40 days"}}, persons=1)
    data["population"]["arrivals"] = [
        {"stratum": "adult", "housing": "shelter", "per_year": Decimal("730.5")}
    ]
    n = 8
    run = run_mean(model_of(data), n, seed=1)
    there = round(float(run.occupancy[0, 0, 0, 0, -1, 0]) * n)
    expected = 2 * MEAN * n
    assert min(stats.poisson.cdf(there, expected), stats.poisson.sf(there - 1, expected)) > (
        FALSE_ALARM / 2
    )


def test_a_new_stay_begins_at_every_entry() -> None:
    """Stays of 10 days in turn: everybody moves on day 10, 20, 30 and so on."""
    data = leaving({"lengths": ["10 days"]}, persons=20)
    back = {"from": {"housing": "home"}, "stay": {"lengths": ["10 days"]}, "to": "shelter"}
    data["transitions"].append(back)
    days = days_of(model_of(data))
    np.testing.assert_array_equal(np.unique(days), np.arange(10, END, 10))
    assert len(days) == 20 * 36


def test_moves_of_another_domain_do_not_begin_the_stay_anew() -> None:
    data = leaving({"lengths": ["100 days"]}, **act("1"))
    model = model_of({**data, "population": initial(shelter=50)})
    programme = data["programmes"]["act"]
    ending = {**data, "programmes": {"act": {**programme, "stay": {"mean": "20 days"}}}}
    ending["population"] = initial(shelter=50)
    for one in (model, model_of(ending)):
        run = run_mean(one, 1, seed=1)
        assert run.occupancy[0, 0, 0, :, 3].sum(axis=0)[0] == 50  # day 90
        assert run.occupancy[0, 0, 0, :, 4].sum(axis=0)[0] == 0


def mixed(**sections: Any) -> Data:
    stay = {"mean": "61 days", "weibull": {"shape": Decimal("0.7")}}
    back = {"from": {"housing": "home"}, "stay": {"lengths": ["9 days", "40 days"]},
            "to": "shelter"}  # fmt: skip
    return leaving(stay, back, persons=40, **sections)


@pytest.mark.parametrize("places", [{}, {"places": 15}])
def test_plain_and_compiled_are_the_same_bytes(places: Data) -> None:
    pytest.importorskip("numba")
    domains = {"housing": {"shelter": {"homeless": True}, "home": places or None}}
    model = model_of(mixed(domains=domains))
    plain, fast = (run_mean(model, 2, seed=1, fast=fast) for fast in (False, True))
    assert plain.occupancy.tobytes() == fast.occupancy.tobytes()
    assert plain.person_days.tobytes() == fast.person_days.tobytes()
    assert plain.flows.tobytes() == fast.flows.tobytes()


def test_places_in_the_way_change_nothing_where_they_never_run_out() -> None:
    domains = {"housing": {"shelter": {"homeless": True}, "home": {"places": 1000}}}
    one, other = (
        run_mean(model_of(mixed(**more)), 2, seed=1) for more in ({}, {"domains": domains})
    )
    np.testing.assert_allclose(one.occupancy, other.occupancy)


def test_one_person_more_changes_nobody_else() -> None:
    def lives(persons: int) -> list[tuple[float, ...]]:
        data = {**mixed(), "population": initial(shelter=persons)}
        events = history_events(model_of(data), 0, 1)
        return [tuple(events.time[events.person == p]) for p in range(40)]

    assert lives(40) == lives(41)


def test_strategies_meet_the_same_luck() -> None:
    """Who is in a programme with a ratio above 1 leaves no later than without it."""
    keys, _ = LAWS["weibull"]
    stay = {"mean": "61 days", **keys}

    def left(data: Data) -> NDArray[np.float64]:
        events = history_events(model_of(data), 0, 1)
        moved = events.kind >= 0
        when = np.full(200, np.inf)
        when[events.person[moved]] = events.time[moved]
        return when

    without, within = left(leaving(stay, persons=200)), left(leaving(stay, persons=200, **act("2")))
    assert (within <= without).all() and (within < without).any()


def test_expected_numbers_are_refused_in_one_message() -> None:
    data = mixed()
    scenario = scenario_of(data)
    assert scenario.warnings == ()
    words = r"transitions\[0\]\.stay: .*--engine individual$"
    with pytest.raises(som.SomSimError, match=words):
        som.run(scenario)
    for engine in (run_cohort, run_fast):
        with pytest.raises(som.SomSimError, match=words):
            engine(model_of(data))
    assert len(som.run(scenario, engine="individual", replicates=2).replicates)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Stays in shelter: 2 months on average, Weibull with shape 0.7; the numbers above"),
        ("da", "Ophold i home: en af 9 dage, 40 dage; tallene ovenfor"),
    ],
)
def test_a_description_says_so(lang: str, words: str) -> None:
    data = mixed()
    data["transitions"][0]["stay"]["mean"] = "2 months"
    assert words in str(som.describe(scenario_of(data), lang=lang))


@pytest.mark.parametrize(
    ("stay", "words"),
    [
        ({"weibull": {"shape": 2}}, "write one of: 'mean', alone or with"),
        ({"mean": "9 days", "gamma": {"sd": "9 days"}, "weibull": {"shape": 2}}, "write one of"),
        ({"mean": "9 days", "weibull": {"shape": 0}}, "shape"),
        ({"mean": "9 days", "gamma": {"sd": "0 days"}}, "sd"),
        ({"lengths": []}, "lengths"),
        ({"lengths": ["0 days"]}, "lengths"),
    ],
)
def test_what_no_stay_can_be(stay: Data, words: str) -> None:
    with pytest.raises(som.ScenarioError, match=words):
        scenario_of(leaving(stay))


@pytest.mark.parametrize(
    ("kind", "number", "law"),
    [
        ("weibull", 0.1, lambda t: stats.weibull_min.sf(t, 0.1, scale=MEAN / math.gamma(11))),
        ("weibull", 10, lambda t: stats.weibull_min.sf(t, 10, scale=MEAN / math.gamma(1.1))),
        ("lognormal", 6.1, lambda t: stats.lognorm.sf(
            t, math.sqrt(math.log(1.01)), scale=MEAN / math.sqrt(1.01))),
        ("gamma", 6.1, lambda t: stats.gamma.sf(t, 100, scale=0.61)),
        ("gamma", 610, lambda t: stats.gamma.sf(t, 0.01, scale=6100)),
    ],
)  # fmt: skip
def test_the_table_is_close_to_the_law(kind: str, number: float, law: Any) -> None:
    """At the ends of what is allowed, between the times at which the table is exact."""
    knots = np.geomspace(TICK, 3650, KNOTS)
    middle = (knots[1:] + knots[:-1]) / 2
    there = cumulative_hazard(kind, knots, MEAN, number)
    share = np.exp(-np.interp(middle, knots, there))
    np.testing.assert_allclose(share, law(middle), rtol=0, atol=1e-4)


def test_two_stays_with_a_memory_of_the_same_people() -> None:
    row = {"from": {"housing": "shelter"}, "stay": {"lengths": ["9 days"]}, "to": "dead"}
    with pytest.raises(som.ScenarioError, match=r"transitions\[1\].stay: transitions\[0\] says"):
        scenario_of(leaving({"lengths": ["9 days"]}, row, leave=["dead"]))


def test_a_parameter_may_hold_the_numbers() -> None:
    parameters = {
        "a_mean": {"value": "61 days"},
        "a_shape": {"value": Decimal("0.7")},
    }
    named = leaving({"mean": "a_mean", "weibull": {"shape": "a_shape"}}, parameters=parameters)
    stated = leaving({"mean": "61 days", "weibull": {"shape": Decimal("0.7")}})
    np.testing.assert_array_equal(days_of(model_of(named)), days_of(model_of(stated)))
    assert replace(model_of(named), strategy="other").stays
