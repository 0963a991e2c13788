"""States with a limited number of places: never fuller at a cycle's end, nobody lost or put out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim as som
from som_sim.core.errors import ScenarioError
from som_sim.engine.cohort import run_cohort
from som_sim.engine.limits import TOLERANCE
from som_sim.engine.trajectory import Trajectory
from som_sim.model.build import build_model
from som_sim.scenario.schema import ScenarioFile

FLOAT = 1e-12
"""Relative: rounding of a run of a few cycles."""
EMPTY_YEARS = 28 / 365.25


def file(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "som_sim": 1,
        "meta": {"title": "limits", "currency": "DKK", "price_year": 2019},
        "time": {"from": "2019-02", "to": "2019-12", "cycle": "month"},
        "domains": {
            "housing": {"street": None, "shelter": {"places": 10, "overflow": "sofa"}, "sofa": None}
        },
        "strata": {"all": None},
        "population": {"initial": [{"stratum": "all", "housing": "street", "persons": 100}]},
        "transitions": [
            {"from": {"housing": "street"}, "to": "shelter", "rate_per_year": 6},
            {"from": {"housing": "sofa"}, "to": "shelter", "rate_per_year": 3},
            {"from": {"housing": "shelter"}, "stay": {"mean": "60 days"}, "to": {"street": 1}},
        ],
        "strategies": {"reference": {}},
    }
    return {**data, **changes}


def housing(**shelter: Any) -> dict[str, Any]:
    return {"domains": {"housing": {"street": None, "shelter": shelter, "sofa": None}}}


def ran(data: dict[str, Any]) -> Trajectory:
    return run_cohort(build_model(ScenarioFile.model_validate(data), "reference"))


def occupied(trajectory: Trajectory, state: int) -> np.ndarray[Any, Any]:
    return trajectory.occupancy[0, 0, 0, 0, :, state]


def test_a_full_state_is_just_full_and_the_rest_overflow() -> None:
    trajectory = ran(file())
    shelter = occupied(trajectory, 1)
    assert np.all(shelter <= 10 + TOLERANCE)
    assert shelter[1:4] == pytest.approx(10, abs=TOLERANCE)
    assert occupied(trajectory, 2)[-1] > 1
    total = trajectory.occupancy[0, 0].sum(axis=(0, 1, 3))
    assert total == pytest.approx(np.full(12, 100.0), rel=FLOAT)
    assert np.all(trajectory.admitted[0, 0, :3, 0] < 1)


def test_a_waiting_state_without_exit_fills_in_closed_form() -> None:
    """Nobody leaves: the cycle's entries are 100 (1 - exp(-6 f t)), so f is known."""
    data = file(
        **housing(places=10),
        transitions=[{"from": {"housing": "street"}, "to": "shelter", "rate_per_year": 6}],
    )
    trajectory = ran(data)
    factor = -np.log(1 - 10 / 100) / (6 * EMPTY_YEARS)
    assert trajectory.admitted[0, 0, 0, 0] == pytest.approx(factor, rel=1e-9)
    assert trajectory.admitted[0, 0, 1:, 0] == pytest.approx(0, abs=1e-9)
    assert occupied(trajectory, 1)[1:] == pytest.approx(10, abs=1e-8)


def test_those_who_would_enter_from_the_overflow_stay_there() -> None:
    data = file(
        population={"initial": [{"stratum": "all", "housing": "sofa", "persons": 100}]},
        transitions=[{"from": {"housing": "sofa"}, "to": "shelter", "rate_per_year": 6}],
    )
    trajectory = ran(data)
    assert occupied(trajectory, 2)[-1] == pytest.approx(90, abs=1e-8)


def test_nobody_is_put_out_of_a_state_that_is_too_full() -> None:
    people = {"initial": [{"stratum": "all", "housing": "shelter", "persons": 50}]}
    trajectory = ran(file(population=people, transitions=file()["transitions"][2:]))
    decay = np.exp(-np.cumsum([0, 28]) / 60)
    assert occupied(trajectory, 1)[:2] == pytest.approx(50 * decay, rel=1e-9)


def test_enough_places_change_no_byte() -> None:
    free = ran(file(**housing()))
    ample = ran(file(**housing(places=1000, overflow="sofa")))
    assert np.array_equal(free.occupancy, ample.occupancy)
    assert np.array_equal(free.person_days, ample.person_days)
    assert np.all(ample.admitted == 1)


def test_arrivals_overflow_too() -> None:
    data = file(transitions=[])
    data["population"] = {
        "initial": [{"stratum": "all", "housing": "street", "persons": 1}],
        "arrivals": [{"stratum": "all", "housing": "shelter", "per_year": 365.25}],
    }
    trajectory = ran(data)
    assert occupied(trajectory, 1)[-1] == pytest.approx(10, abs=1e-8)
    assert occupied(trajectory, 2)[1] == pytest.approx(18, abs=1e-8)


def test_a_discrete_step_is_held_back_too() -> None:
    data = file(
        time={
            "from": "2019-01",
            "to": "2019-12",
            "cycle": "month",
            "step": "discrete",
            "counting": "end",
        },
        transitions=[
            {
                "from": {"housing": "street"},
                "to": "shelter",
                "probability": 0.5,
                "within": "1 month",
            }
        ],
    )
    trajectory = ran(data)
    assert trajectory.admitted[0, 0, 0, 0] == pytest.approx(0.2, rel=1e-9)
    assert occupied(trajectory, 2)[1] == pytest.approx(40, abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(
    places=st.floats(0, 120),
    second=st.floats(0, 120),
    rate=st.floats(0, 30),
    overflow=st.sampled_from([None, "sofa"]),
)
def test_random_places_hold(
    places: float, second: float, rate: float, overflow: str | None
) -> None:
    steps = {"2019-02": places, "2019-06": second}
    shelter = {"places": steps} | ({"overflow": overflow} if overflow else {})
    data = file(**housing(**shelter))
    data["transitions"][0]["rate_per_year"] = rate
    trajectory = ran(data)
    limit = trajectory.model.limits[0].places[:, 0]
    shelter_at = occupied(trajectory, 1)
    gone = np.exp(-np.array(trajectory.model.calendar.days) / 60)
    kept = shelter_at[:-1] * gone
    assert np.all(shelter_at[1:] <= np.maximum(limit, kept) + 1e-6)
    total = trajectory.occupancy[0, 0].sum(axis=(0, 1, 3))
    assert total == pytest.approx(np.full(12, 100.0), rel=FLOAT)


def as_yaml(data: dict[str, Any]) -> str:
    import json

    return json.dumps(data)


def test_the_books_close_and_the_table_says_when_places_were_short() -> None:
    result = som.run(som.loads(as_yaml(file())))
    assert result.ok
    table = result.places
    short = table[table["bound"]]
    assert len(short) and short["persons_end"].to_numpy() == pytest.approx(10, abs=1e-8)
    assert (short["turned_away"] > 0).all()


@pytest.mark.parametrize(
    ("shelter", "message"),
    [
        ({"places": 10, "overflow": "sofaa"}, "did you mean 'sofa'?"),
        ({"places": 10, "overflow": "shelter"}, "the overflow is another state"),
        ({"overflow": "sofa"}, "an overflow goes with 'places'"),
        ({"places": {"2019-04": 10}}, "the places from 2019-02-01 to 2019-04 are missing"),
        ({"places": -1}, "-1 is not a count (0 to 1,000,000,000)"),
    ],
)
def test_wrong_places_are_told(shelter: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        som.loads(as_yaml(file(**housing(**shelter))))
    assert message in str(caught.value)


def test_an_overflow_needs_room_and_arrivals_need_an_overflow() -> None:
    data = file()
    data["domains"]["housing"]["sofa"] = {"places": 3}
    with pytest.raises(ScenarioError, match="limited number of places itself"):
        som.loads(as_yaml(data))
    data = file(**housing(places=10))
    data["population"]["arrivals"] = [{"stratum": "all", "housing": "shelter", "per_year": 3}]
    with pytest.raises(ScenarioError, match="name an 'overflow'"):
        som.loads(as_yaml(data))


def test_a_strategy_may_change_the_places_of_a_state_only() -> None:
    more = {"overrides": {"domains.housing.shelter.places": 40}}
    result = som.run(som.loads(as_yaml(file(strategies={"reference": {}, "more": more}))))
    ends = result.places.groupby("strategy")["persons_end"].max()
    assert ends["more"] > 30 > ends["reference"]
    label = {"overrides": {"domains.housing.shelter.homeless": True}}
    with pytest.raises(ScenarioError, match="all strategies share 'domains'"):
        som.loads(as_yaml(file(strategies={"reference": {}, "more": label})))
