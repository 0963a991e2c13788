"""What is left of an effect after a programme: phases against the exact exponential fade."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import expm

from random_scenarios import Data, model_of, result_of, scenario_of, small, time, with_money
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import run_cohort
from som_sim.engine.trajectory import Trajectory
from som_sim.model.afterwards import EDGES_IN_HALF_LIVES, N_PHASES
from som_sim.model.model import PROGRAMME_MOVE, Model
from som_sim.model.states import cells_where
from som_sim.scenario.quantities import Condition

EXACT = 1e-12
"""Relative: each cycle's series is good to float rounding, and a run is a few dozen cycles."""
OUT = {"from": {"housing": "shelter"}, "to": "home"}
BACK = {"from": {"housing": "home"}, "to": "shelter"}
TRANSITIONS = [
    {**OUT, "rate_per_year": 3},
    {**BACK, "rate_per_year": Decimal("0.5")},
]
LASTING = {**OUT, "hazard_ratio": 4, "afterwards": {"half_life": "24 months"}}
ACT: Data = {
    "eligible": {},
    "places": {"2019-01": 60, "2019-02": 0},
    "intake": {"share_of_waiting": 1},
    "stay": {"mean": "1 year"},
    "effects": [LASTING],
}
AFTER = tuple(f"after act {number}" for number in (1, 2, 3, 4))


def with_act(effects: list[Data] | None = None, **changes: Any) -> Data:
    """Return a scenario in which everybody is enrolled at once, and nobody later."""
    sections = {key: changes.pop(key) for key in ("strata", "transitions") if key in changes}
    act = {**ACT, **({} if effects is None else {"effects": effects}), **changes}
    return small(
        **{
            "time": time("2019-01", "2022-12"),
            "transitions": TRANSITIONS,
            "programmes": {"act": act},
            "strategies": {"reference": {}, "act": {"programmes": ["act"]}},
            **sections,
        }
    )


def ratios(model: Model, cycle: int = 0, source: int = 0, target: int = 1) -> dict[str, float]:
    """Return by status the rate of a move between states over the rate of those in none."""
    axes, edges = model.axes, model.generator_in(cycle)
    found = {}
    for start, end, domain, rate in zip(
        edges.source, edges.target, edges.domain, edges.rate[:, 0], strict=True
    ):
        if domain == 0 and start % axes.n_states == source and end % axes.n_states == target:
            _, status, _ = np.unravel_index(start, axes.cell_shape)
            found[axes.programmes[status]] = float(rate)
    return {status: rate / found["none"] for status, rate in found.items()}


def strength(half_life: float, start: float, end: float) -> float:
    """What is left on average between two times after leaving, by quadrature."""
    return float(quad(lambda t: 2 ** (-t / half_life), start, end)[0] / (end - start))


def by_status(trajectory: Trajectory) -> np.ndarray:
    """Return persons by (status, boundary)."""
    return trajectory.occupancy[0, 0].sum(axis=(0, 3))


# Statuses, strengths and times -----------------------------------------------------------------


def test_the_phases_are_those_of_the_docs() -> None:
    assert EDGES_IN_HALF_LIVES == (0, 0.5, 1, 2, 4)
    assert N_PHASES == 4


def test_statuses_follow_a_programme_whose_effect_lasts() -> None:
    axes = model_of(with_act(), "act").axes
    assert axes.programmes == ("none", "act", *AFTER)
    assert model_of(with_act()).axes.programmes == ("none",)
    ends = with_act(effects=[{**OUT, "hazard_ratio": 4}])
    assert model_of(ends, "act").axes.programmes == ("none", "act")


def test_statuses_of_several_programmes_stand_after_all_of_them() -> None:
    """Names that begin alike, and one that is 'after', keep their own statuses."""
    rules = {**ACT, "places": 5}
    names = ["act", "act_2", "after"]
    data = small(
        transitions=TRANSITIONS,
        programmes={**dict.fromkeys(names, rules), "icm": {**rules, "effects": []}},
        strategies={"reference": {"programmes": [*names, "icm"]}},
    )
    model = model_of(data)
    expected = [f"after {name} {number}" for name in names for number in (1, 2, 3, 4)]
    assert model.axes.programmes == ("none", *names, "icm", *expected)
    found = ratios(model)
    assert found["icm"] == 1
    for name in names:
        assert found[name] == pytest.approx(4, rel=EXACT)
        same = [found[f"after {name} {number}"] for number in (1, 2, 3, 4)]
        assert same == [found[f"after act {number}"] for number in (1, 2, 3, 4)]


def test_in_each_phase_the_logarithm_has_faded_to_its_mean() -> None:
    found = ratios(model_of(with_act(), "act"))
    assert found["act"] == pytest.approx(4, rel=EXACT)
    for status, (start, end) in zip(AFTER, pairwise(EDGES_IN_HALF_LIVES), strict=True):
        expected = math.log(4) * strength(2, 2 * start, 2 * end)
        assert math.log(found[status]) == pytest.approx(expected, rel=EXACT)
    shares = [math.log(found[status]) / math.log(4) for status in AFTER]
    assert shares == pytest.approx([0.845, 0.598, 0.361, 0.135], abs=5e-4)


def test_a_ratio_below_one_fades_up_to_one() -> None:
    protects = {**BACK, "hazard_ratio": Decimal("0.25"), "afterwards": {"half_life": "1 year"}}
    found = ratios(model_of(with_act(effects=[protects]), "act"), 0, 1, 0)
    steps = [found[status] for status in ("act", *AFTER, "none")]
    assert steps == sorted(steps)
    assert steps[0] == pytest.approx(0.25, rel=EXACT)
    assert steps[1] == pytest.approx(0.25 ** strength(1, 0, 0.5), rel=EXACT)


def test_two_effects_share_the_phases_of_the_longest_and_fade_each_at_its_own_pace() -> None:
    short = {**BACK, "hazard_ratio": 2, "afterwards": {"half_life": "6 months"}}
    ends = {**OUT, "hazard_ratio": 3}
    model = model_of(with_act(effects=[LASTING, short, ends]), "act")
    out, back = ratios(model), ratios(model, 0, 1, 0)
    assert out["act"] == pytest.approx(4 * 3, rel=EXACT)
    for status, (start, end) in zip(AFTER, pairwise(EDGES_IN_HALF_LIVES), strict=True):
        whole = strength(2, 2 * start, 2 * end)
        assert out[status] == pytest.approx(4**whole, rel=EXACT)
        assert back[status] == pytest.approx(2 ** strength(0.5, 2 * start, 2 * end), rel=EXACT)


def test_a_half_life_can_be_a_parameter() -> None:
    named = {**LASTING, "afterwards": {"half_life": "life"}}
    data = {**with_act(effects=[named]), "parameters": {"life": {"value": "24 months"}}}
    plain = model_of(with_act(), "act")
    assert np.array_equal(model_of(data, "act").generator.rate, plain.generator.rate)


def test_an_effect_on_some_people_fades_for_them_only() -> None:
    some = {**LASTING, "if": {"stratum": "old"}}
    data = with_act(effects=[some], strata={"adult": None, "old": None})
    model = model_of(data, "act")
    axes, edges = model.axes, model.generator
    out = edges.domain == 0
    stratum, status, state = np.unravel_index(edges.source[out], axes.cell_shape)
    changed = (state == 0) & (edges.rate[out, 0] != 3)
    assert set(zip(stratum[changed], status[changed], strict=True)) == {
        (1, number) for number in range(1, 6)
    }


def test_people_pass_the_phases_in_turn_at_the_pace_of_the_fade() -> None:
    model = model_of(with_act(), "act")
    axes, edges = model.axes, model.generator
    moves = edges.domain == PROGRAMME_MOVE
    found = {
        (axes.programmes[one], axes.programmes[two]): rate
        for one, two, rate in zip(
            np.unravel_index(edges.source[moves], axes.cell_shape)[1],
            np.unravel_index(edges.target[moves], axes.cell_shape)[1],
            edges.rate[moves, 0],
            strict=True,
        )
    }
    assert found == pytest.approx(
        {
            ("act", "after act 1"): 1.0,
            ("after act 1", "after act 2"): 1 / (2 * 0.5),
            ("after act 2", "after act 3"): 1 / (2 * 0.5),
            ("after act 3", "after act 4"): 1 / (2 * 1),
            ("after act 4", "none"): 1 / (2 * 2),
        },
        rel=EXACT,
    )


def test_numbers_in_each_phase_are_those_of_the_chain() -> None:
    trajectory = run_cohort(model_of(with_act(), "act"))
    years = np.concatenate([[0], np.cumsum(trajectory.model.calendar.days)]) / DAYS_PER_YEAR
    leaving = [1, 1, 1, 0.5, 0.25]  # the programme, then the phases
    chain = np.diag([-one for one in leaving] + [0.0]) + np.diag(leaving, k=1)
    expected = np.array([60 * expm(chain * t)[0] for t in years]).T
    found = by_status(trajectory)
    np.testing.assert_allclose(found[1:], expected[:5], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(found[0], expected[5], rtol=1e-10, atol=1e-10)


# How good the approximation is -----------------------------------------------------------------


def left_on_average(half_lives: np.ndarray) -> np.ndarray:
    """Return what is left of an effect, averaged over everybody who left at time 0."""
    phases = list(pairwise(EDGES_IN_HALF_LIVES))
    pace = [1 / (end - start) for start, end in phases]
    chain = np.diag([-one for one in pace]) + np.diag(pace[:-1], k=1)
    strengths = np.array([strength(1, start, end) for start, end in phases])
    return np.array([expm(chain * t)[0] @ strengths for t in half_lives])


def test_the_whole_of_a_faded_effect_is_a_sixteenth_less_than_exactly() -> None:
    """Each phase lasts as long on average as its part of the fade, so only the tail is missing."""
    model = model_of(with_act(), "act")
    found = ratios(model)
    phases = pairwise(EDGES_IN_HALF_LIVES)
    lasting = {
        status: 2 * (end - start) for status, (start, end) in zip(AFTER, phases, strict=True)
    }
    whole = sum(math.log(found[status]) * years for status, years in lasting.items())
    exact = math.log(4) * 2 / math.log(2)
    assert whole == pytest.approx(exact * (1 - 2**-4), rel=EXACT)


def test_what_is_left_on_average_follows_the_exact_fade() -> None:
    """The figures of the docstring of `afterwards` and of docs/scenario-file.md."""
    t = np.linspace(0, 12, 241)
    error = left_on_average(t) - 2**-t
    assert error[0] == error.min() == pytest.approx(-0.155, abs=5e-4)
    assert error.max() == pytest.approx(0.011, abs=5e-4)
    assert np.abs(error[t >= 0.5]).max() == pytest.approx(0.092, abs=1e-3)
    assert np.abs(error[t >= 1]).max() == pytest.approx(0.060, abs=1e-3)
    assert np.abs(error[t >= 2]).max() == pytest.approx(0.020, abs=1e-3)


def test_the_engine_gives_that_average_to_those_who_have_left() -> None:
    """In a programme of an hour everybody leaves at once; what is left then follows the phases."""
    trajectory = run_cohort(model_of(with_act(stay={"mean": "1 hour"}), "act"))
    log_ratio = {status: math.log(one) for status, one in ratios(trajectory.model).items()}
    weights = np.array([log_ratio[status] for status in trajectory.model.axes.programmes])
    average = weights @ by_status(trajectory) / 60 / math.log(4)
    boundaries = trajectory.model.calendar.boundaries
    since = np.array([(day - boundaries[0]).days - 1 / 24 for day in boundaries[1:]])
    expected = left_on_average(since / DAYS_PER_YEAR / 2)
    np.testing.assert_allclose(average[1:], expected, atol=1e-4)


# What changes nothing, and what ends it ---------------------------------------------------------


@pytest.mark.parametrize("half_life", ["6 days", "24 months", "30 years"])
def test_a_ratio_of_one_leaves_nothing_behind(half_life: str) -> None:
    one = {**OUT, "hazard_ratio": 1, "afterwards": {"half_life": half_life}}
    data = with_act(effects=[one])
    reference, act = (run_cohort(model_of(data, name)) for name in ("reference", "act"))
    assert by_status(act)[2:].any()
    for name in ("occupancy", "person_days"):
        found, same = (getattr(one, name).sum(axis=3) for one in (act, reference))
        np.testing.assert_allclose(found, same, rtol=EXACT)


def test_a_moment_of_fading_is_none() -> None:
    soon = {**LASTING, "afterwards": {"half_life": "1 hour"}}
    ends = {**OUT, "hazard_ratio": 4}
    found, same = (
        run_cohort(model_of(with_act(effects=[one]), "act")).occupancy.sum(axis=3)
        for one in (soon, ends)
    )
    np.testing.assert_allclose(found, same, rtol=1e-3)


def test_an_endless_half_life_keeps_the_effect() -> None:
    forever = {**LASTING, "afterwards": {"half_life": "100000 years"}}
    ratio = ratios(model_of(with_act(effects=[forever]), "act"))
    assert ratio["after act 1"] == pytest.approx(4 ** strength(1, 0, 0.5), rel=EXACT)
    trajectory = run_cohort(model_of(with_act(effects=[forever]), "act"))
    assert by_status(trajectory)[3:, -1].sum() < 0.01


def test_those_who_have_left_are_in_no_programme() -> None:
    data = with_act()
    spec, axes = scenario_of(data).strategies["act"], model_of(data, "act").axes
    for where, statuses in (
        (("none",), (0, 2, 3, 4, 5)),
        (("act",), (1,)),
        (("none", "act"), range(6)),
    ):
        cells = cells_where(spec, axes, Condition(allowed=(("programme", where),)))
        assert np.flatnonzero(cells.any(axis=(0, 2))).tolist() == list(statuses)


@pytest.mark.parametrize("eligible", [{}, {"programme": "none"}, {"programme": ["none"]}])
def test_those_who_have_left_can_be_enrolled_again(eligible: Data) -> None:
    """With a place for all in a month two years on, everybody is in the programme again."""
    places = {"2019-01": 60, "2019-02": 0, "2021-01": 60, "2021-02": 0}
    trajectory = run_cohort(model_of(with_act(eligible=eligible, places=places), "act"))
    persons = by_status(trajectory)
    assert persons[2:6, 23].min() > 1
    assert persons[1, 24] == pytest.approx(60, rel=EXACT)
    assert persons[2:6, 24].max() < 1e-9
    assert trajectory.waiting[0, 0, 24, 0] == pytest.approx(60 - persons[1, 23], rel=0.2)
    axes = trajectory.model.axes
    came = trajectory.enrolments[0, 0, 24, 0].sum(axis=(0, 2))
    assert came[2:].sum() > came[0] > 0
    assert len(came) == len(axes.programmes)


def test_those_in_another_programme_only_are_not_eligible_again() -> None:
    places = {"2019-01": 60, "2019-02": 0, "2021-01": 60}
    icm = {**ACT, "effects": [], "eligible": {"programme": "act"}, "places": places}
    data = with_act()
    data["programmes"]["icm"] = icm
    data["strategies"]["act"] = {"programmes": ["act", "icm"]}
    trajectory = run_cohort(model_of(data, "act"))
    came = trajectory.enrolments[0, 0, :, 1].sum(axis=(0, 1, 3))
    assert np.flatnonzero(came).tolist() == [1]


def test_enrolment_elsewhere_ends_what_was_left() -> None:
    icm = {
        **ACT,
        "effects": [],
        "places": {"2020-01": 60, "2020-02": 0},
        "stay": {"mean": "2 years"},
    }
    data = with_act()
    data["programmes"]["icm"] = icm
    data["strategies"]["act"] = {"programmes": ["act", "icm"]}
    trajectory = run_cohort(model_of(data, "act"))
    axes = trajectory.model.axes
    assert axes.programmes == ("none", "act", "icm", *AFTER)
    persons = by_status(trajectory)
    assert persons[3:, 11].min() > 0.1
    assert persons[3:, 12].max() < 1e-9
    assert persons[[1, 2], 12].sum() == pytest.approx(60, rel=EXACT)
    found = ratios(trajectory.model)
    assert found["icm"] == 1


def test_moving_on_keeps_nothing_and_leaving_keeps_the_effect() -> None:
    """Of those whose stay ends 0.4 move on; the others and all who drop out have left."""
    icm = {**ACT, "effects": [], "places": 0, "stay": {"mean": "1000 years"}}
    data = with_act(moves_on_to={"icm": Decimal("0.4")}, drop_out={"rate_per_year": 1})
    data["programmes"]["icm"] = icm
    data["strategies"]["act"] = {"programmes": ["act", "icm"]}
    model = model_of(data, "act")
    axes, edges = model.axes, model.generator
    moves = edges.domain == PROGRAMME_MOVE
    source, target = (
        np.unravel_index(places[moves], axes.cell_shape)[1]
        for places in (edges.source, edges.target)
    )
    rate = edges.rate[moves, 0]
    to = {axes.programmes[one]: rate[(source == 1) & (target == one)] for one in (0, 2, 3)}
    assert to["none"].size == 0
    np.testing.assert_allclose(to["icm"], 0.4, rtol=EXACT)
    np.testing.assert_allclose(to["after act 1"], 0.6 + 1, rtol=EXACT)


def test_nobody_keeps_more_than_the_programme_has_come_to() -> None:
    """The ramp holds for those who have left too: what is left is a share of what was reached."""
    data = with_act(places={"2019-07": 60}, ramp_up="12 months")
    model = model_of(data, "act")
    for cycle in range(model.calendar.n_cycles):
        found = ratios(model, cycle)
        reached = math.log(found["act"]) / math.log(4)
        assert reached == pytest.approx(min(max((cycle - 5.5) / 12, 0), 1), abs=0.012)
        for status, (start, end) in zip(AFTER, pairwise(EDGES_IN_HALF_LIVES), strict=True):
            left = math.log(found[status]) / math.log(4)
            assert left == pytest.approx(reached * strength(1, start, end), rel=EXACT)


def test_an_effect_during_a_window_leaves_nothing_outside_it() -> None:
    during = {**LASTING, "during": {"from": "2019-01", "to": "2019-06"}}
    model = model_of(with_act(effects=[during]), "act")
    assert ratios(model, 5)["after act 1"] == pytest.approx(4 ** strength(1, 0, 0.5), rel=EXACT)
    assert set(ratios(model, 6).values()) == {1.0}


# Money and tables -------------------------------------------------------------------------------


def priced() -> Data:
    day = {"amount": 100, "per": "person_day", "price_year": 2019, "payers": {"kommune": 1}}
    prices = {
        "none": {**day, "in": {"programme": "none"}, "account": "a"},
        "act": {**day, "in": {"programme": "act"}, "account": "b"},
        "all": {**day, "in": {"stratum": "adult"}, "account": "c"},
        "entry": {**day, "per": "entry", "in": {"programme": "none"}, "account": "d"},
        "start": {**day, "per": "enrolment", "programme": "act", "account": "e"},
    }
    return with_money(with_act(), {key: {**one, "index": "pl"} for key, one in prices.items()})


def test_days_after_a_programme_are_paid_as_days_in_none() -> None:
    result = result_of(priced())
    assert result.ok
    act = result.runs["act"]
    amounts = {charge.name: int(charge.amount.sum()) for charge in act.books.charges}
    days = {status: 0.0 for status in act.trajectory.model.axes.programmes}
    for status, name in enumerate(act.trajectory.model.axes.programmes):
        days[name] = float(act.trajectory.person_days[0, 0, :, status].sum())
    outside = days["none"] + sum(days[status] for status in AFTER)
    assert min(days[status] for status in AFTER) > 100
    half = 48 * 6 / 2  # øre that rounding a posting of each cycle and status can move
    assert amounts["none"] == pytest.approx(10_000 * outside, abs=half)
    assert amounts["act"] == pytest.approx(10_000 * days["act"], abs=half)
    assert amounts["all"] == amounts["none"] + amounts["act"]


def test_passing_a_phase_is_no_entry_and_no_start() -> None:
    """People enter 'none' once, when they leave the programme, and start it once."""
    act = result_of(priced()).runs["act"]
    amounts = {charge.name: int(charge.amount.sum()) for charge in act.books.charges}
    in_act = by_status(act.trajectory)[1]
    assert amounts["entry"] == pytest.approx(10_000 * (60 - in_act[-1]), abs=48 * 6 / 2)
    assert amounts["start"] == 60 * 10_000


def test_tables_name_the_statuses_and_people_are_followed_through_them() -> None:
    result = result_of(with_act())
    assert result.ok
    flows = result.flows[result.flows["strategy"] == "act"]
    occupancy = result.occupancy[result.occupancy["strategy"] == "act"]
    assert list(dict.fromkeys(occupancy["programme"])) == ["none", "act", *AFTER]
    changes = flows[flows["domain"] == "programme"]
    assert set(zip(changes["from"], changes["to"], strict=True)) == {
        ("none", "act"),
        *pairwise(("act", *AFTER, "none")),
    }
    assert (changes["programme"] == changes["from"]).all()
    held = occupancy.groupby(["date", "programme"])["persons"].sum().unstack()
    moves = changes[changes["to"] != "act"]
    for status in ("none", "act", *AFTER):
        come = moves[moves["to"] == status].groupby("start")["persons"].sum()
        gone = moves[moves["from"] == status].groupby("start")["persons"].sum()
        change = come.sub(gone, fill_value=0).to_numpy()
        if len(change):
            np.testing.assert_allclose(np.diff(held[status]), change, atol=1e-9)
    assert list(dict.fromkeys(result.programmes["programme"])) == ["act"]
