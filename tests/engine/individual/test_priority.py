"""Who goes first to a place in a state: in every event, against theory, against simpy.

Every bound of five standard errors would raise a false alarm less than once in a million runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from numpy.typing import NDArray

import som_sim as som
from random_scenarios import Data, as_text, model_of, scenario_of, small
from som_sim.core.yaml_tree import parse_yaml
from som_sim.engine.individual.run import FIELDS, run_individual
from som_sim.engine.trajectory import Trajectory
from som_sim.model.model import Model
from som_sim.scenario.convert import converted
from som_sim.scenario.documents import parse_document
from som_sim.scenario.json_schema import json_schema
from turns import check_turns

STRATA = ("young", "adult", "old")
LIST = [{"stratum": "young"}, {"stratum": "adult"}]
AT_ONCE = 50_000
"""Rate per year at which who has come wants a place: after ten minutes."""


def served(
    priority: Any,
    rates: Sequence[int],
    *,
    places: Any = 3,
    years: int = 1,
    stay: Any,
    comes: int = AT_ONCE,
    **more: Any,
) -> Data:
    """Return three groups of people who come, want one of a few places, and go home from it."""
    state = {"places": places, **({"priority": priority} if priority else {})}
    return small(
        **{
            "time": {"from": "2019-01", "to": f"{2018 + years}-12", "cycle": "quarter"},
            "domains": {"housing": {"outside": {"homeless": True}, "served": state, "done": None}},
            "strata": {name: None for name in STRATA},
            "population": {
                "initial": [{"stratum": "old", "housing": "done", "persons": 1}],
                "arrivals": [
                    {"stratum": name, "housing": "outside", "per_year": rate}
                    for name, rate in zip(STRATA, rates, strict=True)
                ],
            },
            "transitions": [
                {"from": {"housing": "outside"}, "to": "served", "rate_per_year": comes},
                {"from": {"housing": "served"}, "stay": stay, "to": {"done": 1}},
            ],
            **more,
        }
    )


# Every admission --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "priority",
    [LIST, [{"stratum": ["old", "young"]}], [{"homeless": False}, {"stratum": "old"}]],
)
def test_who_fits_the_first_condition_goes_first(priority: Any) -> None:
    model = model_of(served(priority, (30, 40, 50), stay={"mean": "10 days"}))
    ((rank,),) = ([one.rank for one in model.limits],)
    assert rank is not None and check_turns(model, [rank], seed=1) > 20


def test_the_first_condition_that_fits_counts() -> None:
    priority = [{"stratum": "young"}, {"stratum": ["young", "adult"]}, {"homeless": True}]
    model = model_of(served(priority, (30, 40, 50), stay={"mean": "10 days"}))
    rank = model.limits[0].rank
    assert rank is not None
    # (stratum, state): outside, which is homeless; served; done
    assert rank.reshape(3, 3).tolist() == [[0, 0, 0], [1, 1, 1], [2, 3, 3]]


def test_the_check_sees_a_line_without_priority() -> None:
    model = model_of(served([], (30, 40, 50), stay={"mean": "10 days"}))
    declared = model_of(served(LIST, (30, 40, 50), stay={"mean": "10 days"}))
    rank = declared.limits[0].rank
    assert rank is not None and model.limits[0].rank is None
    with pytest.raises(AssertionError):
        check_turns(model, [rank], seed=1)


def test_the_longest_waiting_go_first_where_ranks_are_alike() -> None:
    model = model_of(served([], (30, 40, 50), stay={"mean": "10 days"}))
    assert check_turns(model, [None], seed=1) == 0


def test_a_rank_follows_people_while_they_wait() -> None:
    """Whoever has waited 20 days goes before all others, and passes that edge while waiting."""
    data = served(
        [{"waiting": "over 20 days"}, {"stratum": "young"}],
        (30, 40, 50),
        stay={"mean": "10 days"},
        clocks={"waiting": {"in": {"housing": "outside"}, "resets": "on_exit",
                            "edges": ["20 days"]}},
    )  # fmt: skip
    about = {one.path[-1] for one in scenario_of(data).warnings}
    assert "priority" in about and "waiting" not in about
    model = model_of(data)
    rank = model.limits[0].rank
    assert rank is not None and set(rank) == {0, 1, 2}
    assert check_turns(model, [rank], seed=1) > 10


def test_in_a_discrete_step_too() -> None:
    data = served(
        LIST,
        (60, 60, 60),
        places=4,
        stay=None,
        time={"from": "2019-01", "to": "2020-12", "cycle": "month", "step": "discrete",
              "counting": "end"},
        transitions=[
            {"from": {"housing": "outside"}, "to": "served", "probability": 1, "within": "1 month"},
            {"from": {"housing": "served"}, "to": "done", "probability": 0.5, "within": "1 month"},
        ],
    )  # fmt: skip
    model = model_of(data)
    rank = model.limits[0].rank
    assert rank is not None and check_turns(model, [rank], seed=1) > 5
    occupancy = run_individual(model, 3, seed=1).occupancy[0, :, :, 0, :, 1].sum(axis=1)
    assert (occupancy <= 4).all() and (occupancy[:, 2:] == 4).mean() > 0.9


# Theory -----------------------------------------------------------------------------------------


def mean_waits(rates_per_day: Sequence[float], servers: int, days: float) -> list[float]:
    """Return the mean wait of each class in an M/M/c queue in which nobody is interrupted.

    References
    ----------
    Cobham, A. (1954). Priority assignment in waiting line problems. Journal of the Operations
    Research Society of America 2(1), 70-76. doi:10.1287/opre.2.1.70
    """
    offered = sum(rates_per_day) * days
    terms = [offered**k / math.factorial(k) for k in range(servers)]
    last = offered**servers / math.factorial(servers) * servers / (servers - offered)
    someone_waits = last / (sum(terms) + last)
    waits, before = [], 0.0
    for rate in rates_per_day:
        after = before + rate * days / servers
        waits.append(someone_waits * days / servers / ((1 - before) * (1 - after)))
        before = after
    return waits


RATES, DAYS, SERVERS = (20, 25, 30), 12.0, 3
REPLICATES = 300


def waits_seen(run: Trajectory, model: Model, warm: int) -> NDArray[np.float64]:
    """Return mean waits by Little's law from the time spent outside: (replicate, stratum), days."""
    outside = run.person_days[0, :, :, 0, warm:, 0].sum(axis=-1)
    days = sum(model.calendar.days[warm:])
    rates = np.array(RATES) / 365.25
    return outside / days / rates - 365.25 / AT_ONCE


def assert_as_in_theory(seen: NDArray[np.float64], expected: Sequence[float]) -> None:
    error = seen.std(axis=0, ddof=1) / math.sqrt(len(seen))
    assert (error < 0.06 * np.array(expected)).all()  # or the test could not fail
    assert (abs(seen.mean(axis=0) - expected) < 5 * error).all()


@pytest.mark.slow
def test_waits_by_class_are_as_cobham_says() -> None:
    """After a year of warming up; and without a priority the same bound fails in every class."""
    expected = mean_waits([rate / 365.25 for rate in RATES], SERVERS, DAYS)
    assert expected[0] < 4 < expected[1] < 8 < 20 < expected[2]
    for priority in (LIST, []):
        data = served(priority, RATES, places=SERVERS, years=6, stay={"mean": "12 days"})
        model = model_of(data)
        run = run_individual(model, REPLICATES, seed=1, fast=True)
        seen = waits_seen(run, model, warm=4)
        if priority:
            assert_as_in_theory(seen, expected)
            continue
        for number in range(len(STRATA)):
            with pytest.raises(AssertionError):
                assert_as_in_theory(seen[:, [number]], [expected[number]])


def test_the_formula_without_classes_is_that_of_an_mmc_queue() -> None:
    """Two servers in closed form: the mean wait is the load squared over 1 less it, in stays."""
    load = 0.3
    (wait,) = mean_waits([2 * load], 2, 1.0)
    assert math.isclose(wait, load**2 / (1 - load**2))


# Another program --------------------------------------------------------------------------------


def simpy_waits(seed: int, *, ranks: Sequence[int]) -> NDArray[np.float64]:
    """Return days spent outside in a year by each group, by simpy; the lengths are Weibull."""
    import simpy

    rng = np.random.default_rng(seed)
    env = simpy.Environment()
    places = simpy.PriorityResource(env, capacity=SERVERS)
    spent = np.zeros(len(STRATA))
    scale = DAYS / math.gamma(1 + 1 / 0.7)

    def person(group: int) -> Any:
        came = env.now
        yield env.timeout(rng.exponential(365.25 / AT_ONCE))
        with places.request(priority=ranks[group]) as wanted:
            yield wanted
            spent[group] += env.now - came
            outside[group].remove(came)
            yield env.timeout(scale * rng.weibull(0.7))

    outside: list[list[float]] = [[] for _ in STRATA]

    def arrivals(group: int) -> Any:
        while True:
            yield env.timeout(rng.exponential(365.25 / RATES[group]))
            outside[group].append(env.now)
            env.process(person(group))

    for group in range(len(STRATA)):
        env.process(arrivals(group))
    env.run(until=365)
    still = [sum(365 - came for came in one) for one in outside]
    return spent + np.array(still)


@pytest.mark.slow
def test_lengths_with_a_memory_are_as_in_an_independent_simulation() -> None:
    """A year from empty, lengths by Weibull, two conditions; another order of groups is seen."""
    stay = {"mean": "12 days", "weibull": {"shape": 0.7}}
    model = model_of(served(LIST, RATES, places=SERVERS, stay=stay))
    run = run_individual(model, REPLICATES, seed=1, fast=True)
    ours = run.person_days[0, :, :, 0, :, 0].sum(axis=-1)

    def assert_same(theirs: NDArray[np.float64]) -> None:
        error = np.sqrt((ours.var(axis=0, ddof=1) + theirs.var(axis=0, ddof=1)) / REPLICATES)
        assert (abs(ours.mean(axis=0) - theirs.mean(axis=0)) < 5 * error).all()

    assert_same(np.stack([simpy_waits(seed, ranks=(0, 1, 2)) for seed in range(REPLICATES)]))
    other = np.stack([simpy_waits(seed, ranks=(1, 0, 2)) for seed in range(REPLICATES)])
    with pytest.raises(AssertionError):
        assert_same(other)


# The file ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_plain_and_compiled_are_the_same_bytes() -> None:
    pytest.importorskip("numba")
    model = model_of(served(LIST, (30, 40, 50), stay={"mean": "10 days"}))
    plain, fast = (run_individual(model, 2, seed=1, fast=fast) for fast in (False, True))
    for name in FIELDS:
        if name != "model":
            assert getattr(plain, name).tobytes() == getattr(fast, name).tobytes()


def test_a_strategy_may_change_it_and_expected_numbers_do_not_follow_it() -> None:
    data = served([], (30, 40, 50), stay={"mean": "10 days"}, comes=100)
    data["strategies"] = {
        "reference": {},
        "young_first": {"overrides": {"domains.housing.served.priority": LIST}},
    }
    scenario = scenario_of(data)
    (warning,) = [one for one in scenario.warnings if one.path[-1] == "priority"]
    assert warning.column and str(warning).endswith(
        "domains.housing.served.priority: a run of expected numbers shares short places evenly all "
        "the same; only --engine individual lets these people go first"
    )
    expected = som.run(scenario).runs
    runs = [one.trajectory.person_days for one in expected.values()]
    assert runs[0].tobytes() == runs[1].tobytes()
    outside = [
        one.trajectory.person_days[0, 0, 0, 0, :, 0].sum()
        for one in som.run(scenario, engine="individual", replicates=20, seed=1).runs.values()
    ]
    assert outside[1] < outside[0] / 2


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"priority": LIST}, r"served\.priority: a priority goes with 'places'"),
        ({"places": 1, "priority": [{"stratum": "yung"}]}, r"priority\[0\]\.stratum: 'yung' is no"),
        ({"places": 1, "priority": [{"hosing": "done"}]}, r"priority\[0\]\.hosing: unknown key"),
        ({"places": 1, "priority": [{"housing": "served"}]}, r"priority\[0\]: these people have a"),
    ],
)
def test_what_no_priority_can_be(state: Data, words: str) -> None:
    data = served([], (30, 40, 50), stay={"mean": "10 days"})
    data["domains"]["housing"]["served"] = state
    with pytest.raises(som.ScenarioError, match=words):
        scenario_of(data)


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_it_comes_back_from_another_form_and_passes_the_schema(form: str) -> None:
    document = parse_yaml(as_text(served(LIST, (30, 40, 50), stay={"mean": "10 days"})), "a")
    back = parse_document(converted(document, form, "da"), f"a.{form}").data
    assert back["domains"]["housing"]["served"]["priority"] == LIST
    check = Draft202012Validator(json_schema())
    assert check.is_valid(back)
    back["domains"]["housing"]["served"]["priority"] = "young"
    assert not check.is_valid(back)


def test_a_difference_names_it(tmp_path: Path) -> None:
    data = served(LIST, (30, 40, 50), stay={"mean": "10 days"}, comes=100)
    for name, priority in (("a", LIST), ("b", LIST[::-1])):
        data["domains"]["housing"]["served"]["priority"] = priority
        (tmp_path / f"{name}.yaml").write_text(as_text(data))
    found = som.diff(str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"))
    changes = [
        change.path for step in found.steps for it in step.differences for change in it.changes
    ]
    assert ("domains", "housing", "served", "priority") in [one[:4] for one in changes]


def test_a_description_says_in_what_order() -> None:
    data = served(LIST, (30, 40, 50), stay={"mean": "10 days"})
    said = som.describe(scenario_of(data))
    assert "of those who wait, first: young, then adult; then all others" in said
