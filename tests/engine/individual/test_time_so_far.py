"""How long people of the start have been where they are, against renewal theory.

Every bound would raise a false alarm less than once in a million runs, and is seen to fail for
people who begin their stays at the start.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from numpy.typing import NDArray
from scipy import integrate, stats

import som_sim as som
from random_scenarios import Data, as_text, model_of, scenario_of, small
from som_sim.core.yaml_tree import parse_yaml
from som_sim.engine.individual.run import run_individual, run_mean
from som_sim.engine.individual.simulate import history_events
from som_sim.model.model import Model
from som_sim.model.stay_curves import longest_met, share_so_far
from som_sim.scenario.convert import converted
from som_sim.scenario.documents import parse_document
from som_sim.scenario.json_schema import json_schema
from stay_laws import END, FALSE_ALARM, LAWS, MEAN, PEOPLE, act, assert_follows, days_of

NUMBERS = {"weibull": 0.7, "weibull above 1": 2.5, "weibull of shape 1": 1.0, "lognormal": 90.0,
           "gamma": 40.0}  # fmt: skip


def there(stay: Data, so_far: str | None, persons: int = PEOPLE, **sections: Any) -> Data:
    """Return people in the shelter, there for some time, who leave it once and for all."""
    group: Data = {"stratum": "adult", "housing": "shelter", "persons": persons}
    if so_far is not None:
        group["so_far"] = {"housing": so_far}
    return small(
        population={"initial": [group]},
        transitions=[{"from": {"housing": "shelter"}, "stay": stay, "to": "home"}],
        **sections,
    )


def leaves(stay: Data, so_far: str | None, **sections: Any) -> NDArray[np.float64]:
    return days_of(model_of(there(stay, so_far, **sections)))


def residual(law: Any) -> Callable[[Any], Any]:
    """Return the share of people met who stay on for more than so many days: 1/mean of the rest."""
    grid = np.concatenate([[0.0], np.geomspace(1e-6, 1e9, 20_001)])
    parts = [integrate.fixed_quad(law.sf, a, b, n=5)[0] for a, b in pairwise(grid)]
    passed = np.concatenate([[0.0], np.cumsum(parts)]) / law.mean()
    return lambda days: 1 - np.interp(days, grid, passed)


@pytest.mark.parametrize("name", LAWS)
def test_the_closed_form_is_the_integral(name: str) -> None:
    _, law = LAWS[name]
    kind, number = name.split()[0], NUMBERS[name]
    days = np.array([0.01, 1.0, 20.0, 61.0, 300.0, 2000.0])
    exact = [integrate.quad(law.sf, 0, at, epsabs=1e-12, limit=500)[0] / MEAN for at in days]
    np.testing.assert_allclose(share_so_far(kind, days, MEAN, number), exact, rtol=1e-9)
    beyond = np.array([longest_met(kind, MEAN, number)])
    assert 1 - share_so_far(kind, beyond, MEAN, number)[0] < 1e-11


@pytest.mark.parametrize("name", LAWS)
def test_who_has_been_there_some_time_stays_as_long_as_others_who_have(name: str) -> None:
    keys, law = LAWS[name]
    stay = {"mean": "61 days", **keys}
    over = lambda days: law.sf(days + 45) / law.sf(45)  # noqa: E731
    assert_follows(leaves(stay, "45 days"), PEOPLE, over, END)
    if name != "weibull of shape 1":  # which has no memory
        with pytest.raises(AssertionError):
            assert_follows(leaves(stay, None), PEOPLE, over, END)


@pytest.mark.parametrize("name", LAWS)
def test_at_equilibrium_the_time_left_is_the_residual_life(name: str) -> None:
    keys, law = LAWS[name]
    stay, over = {"mean": "61 days", **keys}, residual(law)
    assert_follows(leaves(stay, "equilibrium"), PEOPLE, over, END)
    if name != "weibull of shape 1":
        with pytest.raises(AssertionError):
            assert_follows(leaves(stay, None), PEOPLE, over, END)


def test_at_equilibrium_with_observed_lengths() -> None:
    """Of two lengths, half of the people met have up to 10 days left, the others 10 to 30."""
    stay = {"lengths": ["10 days", "30 days"]}
    over = lambda days: 1 - np.interp(days, [0, 10, 30], [0, 0.5, 1])  # noqa: E731
    assert_follows(leaves(stay, "equilibrium"), PEOPLE, over, END)
    with pytest.raises(AssertionError):
        assert_follows(leaves(stay, None), PEOPLE, over, END)


def test_some_time_with_observed_lengths() -> None:
    days = leaves({"lengths": ["5 days", "10 days", "10 days", "30 days"]}, "5 days")
    at, count = np.unique(days, return_counts=True)
    np.testing.assert_array_equal(at, [0, 5, 25])  # the first just ends
    days = leaves({"lengths": ["5 days", "10 days", "10 days", "30 days"]}, "6 days")
    at, count = np.unique(days, return_counts=True)
    np.testing.assert_array_equal(at, [4, 24])
    assert stats.binomtest(int(count[0]), PEOPLE, 2 / 3).pvalue > FALSE_ALARM


@pytest.mark.parametrize("so_far", ["45 days", "equilibrium"])
def test_a_programme_multiplies_the_hazard_that_is_left(so_far: str) -> None:
    keys, law = LAWS["lognormal"]
    days = leaves({"mean": "61 days", **keys}, so_far, **act("2.5"))
    ages = np.array([45.0])
    if so_far == "equilibrium":
        ages = np.interp(
            (np.arange(4000) + 0.5) / 4000,
            share_so_far("lognormal", grid := np.geomspace(1e-3, 1e5, 20_000), MEAN, 90.0),
            grid,
        )
    over = lambda t: (  # noqa: E731
        (law.sf(np.atleast_1d(t)[:, None] + ages) / law.sf(ages)) ** 2.5
    ).mean(axis=1)
    assert_follows(days, PEOPLE, over, END)


def alternating(so_far: str | None) -> Model:
    """Return people who go from shelter to home and back, in proportion to the mean stays."""
    stays = {
        "shelter": {"mean": "61 days", "weibull": {"shape": Decimal("2.5")}},
        "home": {"mean": "122 days", "gamma": {"sd": "40 days"}},
    }
    age = {"so_far": {"housing": so_far}} if so_far else {}
    return model_of(
        small(
            population={
                "initial": [
                    {"stratum": "adult", "housing": state, "persons": persons, **age}
                    for state, persons in (("shelter", 1000), ("home", 2000))
                ]
            },
            transitions=[
                {"from": {"housing": state}, "stay": stay, "to": other}
                for (state, stay), other in zip(stays.items(), ("home", "shelter"), strict=True)
            ],
        )
    )


def test_what_is_in_equilibrium_stays_so() -> None:
    """Every boundary has a third in the shelter; people who have just come leave it together."""

    def least(so_far: str | None) -> float:
        inside = run_individual(alternating(so_far), 1, seed=1).occupancy[0, 0, 0, 0, 1:, 0]
        return min(stats.binomtest(int(n), 3000, 1 / 3).pvalue for n in inside)

    assert least("equilibrium") > FALSE_ALARM / 12
    assert least(None) < FALSE_ALARM / 12


@pytest.mark.slow
def test_plain_and_compiled_are_the_same_bytes() -> None:
    pytest.importorskip("numba")
    model = alternating("equilibrium")
    plain, fast = (run_mean(model, 2, seed=1, fast=fast) for fast in (False, True))
    assert plain.person_days.tobytes() == fast.person_days.tobytes()
    assert plain.flows.tobytes() == fast.flows.tobytes()


def test_one_person_more_changes_nobody_else() -> None:
    keys, _ = LAWS["gamma"]

    def lives(persons: int) -> list[tuple[float, ...]]:
        model = model_of(there({"mean": "61 days", **keys}, "equilibrium", persons))
        events = history_events(model, 0, 1)
        return [tuple(events.time[events.person == p]) for p in range(40)]

    assert lives(40) == lives(41)


def test_a_history_does_not_depend_on_the_one_before() -> None:
    """The third person is there in half of the histories, and comes in the others."""
    keys, _ = LAWS["weibull above 1"]
    data = there({"mean": "61 days", **keys}, "50 days", persons=0)
    data["population"]["initial"][0]["persons"] = Decimal("2.5")
    data["population"]["arrivals"] = [{"stratum": "adult", "housing": "shelter", "per_year": 20}]
    model = model_of(data)
    together = run_individual(model, 8, seed=1).occupancy[0, :, 0, 0, :, 1]
    for replicate, homes in enumerate(together):
        events = history_events(model, replicate, 1)
        moved = np.sort(events.time[events.kind >= 0])
        starts = np.concatenate([[0], np.cumsum(model.calendar.days)])
        np.testing.assert_array_equal(homes, np.searchsorted(moved, starts))


def test_who_comes_begins() -> None:
    """Arrivals have no time so far, though people before them in the list have."""
    keys, law = LAWS["weibull above 1"]
    data = there({"mean": "61 days", **keys}, "equilibrium", persons=300)
    data["population"]["arrivals"] = [
        {"stratum": "adult", "housing": "shelter", "per_year": 20_000}
    ]
    data["time"] = {"from": "2019-01", "to": "2019-01", "cycle": "month"}
    events = history_events(model_of(data), 0, 1)
    came = events.person >= 300
    _, first = np.unique(events.person[came], return_index=True)
    begins = events.time[came][first]
    moved = came & (events.kind >= 0)
    expected = (1 - law.sf(31 - begins)).sum()
    spread = np.sqrt((law.sf(31 - begins) * (1 - law.sf(31 - begins))).sum())
    assert abs(moved.sum() - expected) < 5 * spread


@pytest.mark.parametrize(
    ("so_far", "stay", "words"),
    [
        ({"hosing": "5 days"}, {"lengths": ["9 days"]}, r"so_far\.hosing: unknown key; did you"),
        ({"housing": 45}, {"lengths": ["9 days"]}, r"so_far\.housing: write the time so far as a"),
        ({"housing": "soon"}, {"lengths": ["9 days"]}, r"so_far\.housing: 'soon' is not a dura"),
        ({"housing": "9 days"}, {"lengths": ["9 days"]}, r"so_far\.housing: nobody stays for 9 d"),
    ],
)
def test_what_no_time_so_far_can_be(so_far: Data, stay: Data, words: str) -> None:
    data = there(stay, None)
    data["population"]["initial"][0]["so_far"] = so_far
    with pytest.raises(som.ScenarioError, match=r"population\.initial\[0\]\." + words):
        scenario_of(data)


def test_a_time_that_next_to_nobody_stays() -> None:
    keys, _ = LAWS["weibull above 1"]
    with pytest.raises(som.SomSimError, match=r"so_far\.housing: of the stays of transitions\[0\]"):
        model_of(there({"mean": "61 days", **keys}, "3 years"))


def test_a_time_that_nothing_asks_for_is_a_warning() -> None:
    (warning,) = [
        one
        for one in scenario_of(there({"mean": "61 days"}, "45 days")).warnings
        if "so_far" in one.path
    ]
    assert warning.column and "no stay of these people has a length with a memory" in str(warning)


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_it_comes_back_from_another_form_and_passes_the_schema(form: str) -> None:
    keys, _ = LAWS["gamma"]
    text = as_text(there({"mean": "61 days", **keys}, "equilibrium"))
    back = parse_document(converted(parse_yaml(text, "a"), form, "da"), f"a.{form}").data
    (group,) = back["population"]["initial"]
    assert group["so_far"] == {"housing": "equilibrium"}
    check = Draft202012Validator(json_schema())
    group["persons"] = float(group["persons"])
    back["transitions"][0]["stay"]["mean"] = "61 days"
    assert check.is_valid(back)
    group["so_far"] = {"housing": 45}
    assert not check.is_valid(back)
