"""Waiting times and spells, against what the same histories count and against theory."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import som_sim as som
from individuals import enrolling, initial
from random_scenarios import Data, scenario_of, small
from som_sim.engine.individual.events import Intervals
from som_sim.frames.queues import joined, spells, waits


def full() -> Data:
    return small(
        domains={"housing": {"shelter": {"homeless": True, "places": 5}, "home": None}},
        population=initial(shelter=5, home=30),
        transitions=[
            {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 6},
            {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 3},
        ],
    )


def test_those_served_are_those_enrolled() -> None:
    scenario = scenario_of(enrolling())
    table = waits(scenario, replicates=5, seed=1).set_index("name")
    run = som.run(scenario, engine="individual", replicates=5, seed=1)
    assert table.loc["act", "served"] == pytest.approx(run.programmes["enrolled"].sum())
    assert 0 < table.loc["act", "p50_days"] <= table.loc["act", "p90_days"]


def test_those_who_enter_a_full_state_have_waited() -> None:
    table = waits(scenario_of(full()), replicates=10, seed=1).set_index("name")
    row = table.loc["shelter"]
    assert row["waited"] >= row["served"] * 0.5  # it is nearly always full
    assert row["mean_days"] > 30 and row["overflowed"] == 0


def test_spells_have_their_mean_and_people_come_back() -> None:
    data = small(time={"from": "2011-01", "to": "2030-12", "cycle": "year"})
    table = spells(scenario_of(data), replicates=10, seed=1).set_index("state")
    # Rates of 3 and 0.5 a year; a few long spells are cut off by the end of the run.
    assert table.loc["shelter", "mean_days"] == pytest.approx(365.25 / 3, rel=0.05)
    assert table.loc["shelter", "returned"] == pytest.approx(1 - np.exp(-0.5), abs=0.05)
    assert table.loc["home", "returned"] == pytest.approx(1 - np.exp(-3), abs=0.05)
    assert table.loc["shelter", "persons"] == 60


def test_spells_without_a_gap_are_one() -> None:
    stays = Intervals(
        person=np.array([0, 0, 0, 1]),
        place=np.array([0, 1, 0, 2]),
        start=np.array([0.0, 5.0, 9.0, 0.0]),
        end=np.array([5.0, 9.0, 12.0, 3.0]),
    )
    who, start, end = joined(stays, np.array([True, True, False]))
    assert (who.tolist(), start.tolist(), end.tolist()) == ([0], [0.0], [12.0])
    who, start, end = joined(stays, np.array([True, False, False]))
    assert (start.tolist(), end.tolist()) == ([0.0, 9.0], [5.0, 12.0])
    assert len(joined(stays, np.zeros(3, dtype=bool))[0]) == 0


@pytest.mark.parametrize("table", [waits, spells, som.events])
def test_a_strategy_that_is_not_there_is_named(table: Any) -> None:
    with pytest.raises(som.SomSimError, match="there is no strategy 'refrence'; did you mean"):
        table(scenario_of(small()), "refrence")


def arriving(**time: Any) -> Data:
    """Return people who come to a shelter, or to the sofa when it is full."""
    step = {"within": "1 month"} if time else {}
    rate = "probability" if time else "rate_per_year"
    return small(
        domains={
            "housing": {
                "shelter": {"homeless": True, "places": 3, "overflow": "sofa"},
                "sofa": None,
                "home": None,
            }
        },
        population={
            **initial(home=4),
            "arrivals": [{"stratum": "adult", "housing": "shelter", "per_year": 60}],
        },
        transitions=[
            {"from": {"housing": "shelter"}, "to": "home", rate: Decimal("0.4"), **step},
            {"from": {"housing": "sofa"}, "to": "shelter", rate: Decimal("0.5"), **step},
            {"from": {"housing": "home"}, "to": "shelter", rate: Decimal("0.5"), **step},
        ],
        **(
            {"time": {"from": "2019-01", "to": "2019-12", "cycle": "month", **time}} if time else {}
        ),
    )


@pytest.mark.parametrize("time", [{}, {"step": "discrete", "counting": "end"}])
def test_everybody_at_the_door_is_counted_once(time: dict[str, str]) -> None:
    """Against the events of a history, one by one."""
    scenario = scenario_of(arriving(**time))
    row = waits(scenario, replicates=1, seed=1).iloc[0]
    told = som.events(scenario, seed=1)
    turned = (told["event"] == "turned_away").sum()
    moves = told[told["event"] == "move"]
    before = told.groupby("person")["housing"].shift()
    spilled = ((told["event"] == "move") & (told["to"] == "sofa") & (before == "home")).sum()
    assert turned > 5 and spilled > 0
    assert row["overflowed"] == turned + spilled
    came = ((told["event"] == "came") & (told["housing"] == "shelter")).sum()
    assert came > 0 and row["served"] == came + (moves["to"] == "shelter").sum()
    waiting: set[int] = set()
    waited = 0
    for _, same in told.groupby("day"):
        for one in same.itertuples():
            if one.event == "queued":
                waiting.add(one.person)
            elif one.event == "gave_up" or (one.event == "move" and one.to == "shelter"):
                waiting.discard(one.person)
        waited += len(waiting & set(same.loc[same["event"] == "queued", "person"]))
    assert row["waiting"] == len(waiting) > 0
    assert row["waited"] == waited


def test_who_is_eligible_at_the_end_still_waits() -> None:
    scenario = scenario_of(enrolling())
    row = waits(scenario, replicates=5, seed=1).iloc[0]
    last = som.run(scenario, engine="individual", replicates=5, seed=1).occupancy
    last = last[last["date"] == last["date"].max()]
    here = last["housing"].isin(["shelter", "sofa"]) & (last["programme"] == "none")
    assert row["waiting"] == pytest.approx(last.loc[here, "persons"].sum())
