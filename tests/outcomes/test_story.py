"""One person's history: told in words, and adding up to everybody's."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import som_sim as som
from individuals import discrete, enrolling, initial, two_domains
from random_scenarios import Data, model_of, scenario_of, small
from som_sim.cli.main import main
from som_sim.engine.individual.events import Events, days_in_running_year, intervals, until
from som_sim.engine.individual.run import run_individual
from som_sim.engine.individual.simulate import history_events
from som_sim.outcomes.story import counts_of, follow, steps_of

MONEY = {
    "prices": {
        "day": {"amount": 1000, "per": "person_day", "in": {"homeless": True}, "price_year": 2019,
                "payers": {"kommune": Decimal("0.5"), "stat": Decimal("0.5")}, "account": "shelter"},
        "team": {"amount": 50000, "per": "month", "price_year": 2019, "payers": {"kommune": 1},
                 "account": "team"},
    },
    "indices": {"prices": {"values": {2019: 100, 2020: 102}}},
    "money": {"index": "prices", "discount_rate": Decimal("0.035"), "base_year": 2019},
}  # fmt: skip


def full(**sections: Any) -> Data:
    return small(
        domains={"housing": {"shelter": {"homeless": True, "places": 5}, "home": None}},
        population=initial(shelter=5, home=30),
        transitions=[
            {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 6},
            {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 3},
        ],
        **sections,
    )


def person(events: Events, number: int) -> Events:
    own = events.person == number
    return Events(
        person=events.person[own], time=events.time[own], place=events.place[own],
        kind=events.kind[own], waited=events.waited[own],
    )  # fmt: skip


@pytest.mark.parametrize("make", [two_domains, enrolling, full, discrete])
def test_persons_add_up_to_their_history(make: Any) -> None:
    """What the engine counted while it moved people is what their events say."""
    model = model_of(make())
    run = run_individual(model, 1, seed=1)
    events = history_events(model, 0, seed=1)
    people = [counts_of(model, person(events, n)) for n in range(events.person.max() + 1)]
    days = np.moveaxis(run.person_days[0, 0], 2, 0).reshape(model.calendar.n_cycles, -1)
    occupancy = np.moveaxis(run.occupancy[0, 0], 2, 0).reshape(model.calendar.n_cycles + 1, -1)
    assert np.array_equal(sum(one.flows[0] for one in people), run.flows[0, 0])
    everybody = sum(one.occupancy[0] for one in people)
    assert np.array_equal(everybody[:, : model.axes.n_cells], occupancy)
    enrolled = sum(one.enrolments[0] for one in people)
    assert np.array_equal(enrolled, run.enrolments[0, 0].reshape(enrolled.shape))
    if not model.discrete:
        assert np.array_equal(sum(one.days[0] for one in people), days)
    else:
        half = sum((one.opening[0] + one.closing[0]) / 2 for one in people)
        lengths = np.array(model.calendar.days)[:, None]
        np.testing.assert_allclose(half * lengths, days, rtol=1e-12)


def test_what_persons_cost_adds_up_to_the_ledger_less_fixed_prices() -> None:
    scenario = scenario_of({**two_domains(), **MONEY})
    spec = scenario.strategies["reference"]
    run = som.run(scenario, engine="individual", replicates=1, seed=1)
    book = run.ledger
    shelter = book[(book["item"] == "day") & (book["payer"] == "kommune")]["amount_oere"].sum()
    first = follow(spec, "reference", 0, seed=1)
    told = [follow(spec, "reference", n, seed=1).oere["kommune"] for n in range(first.n_persons)]
    roundings = first.n_persons * 24
    assert abs(sum(told) - shelter) <= roundings
    assert max(told) > 0


def test_a_person_who_waits_says_so() -> None:
    model = model_of(full())
    events = history_events(model, 0, seed=1)
    steps = [s for n in range(35) for s in steps_of(model, person(events, n))]
    queued = [s for s in steps if s.what == "queued"]
    entered = [s for s in steps if s.what == "move" and s.after == "shelter" and s.waited]
    assert queued and entered and all(s.after == "shelter" for s in queued)
    assert len(entered) <= len(queued)


def test_there_is_no_such_person() -> None:
    spec = scenario_of(small()).strategies["reference"]
    with pytest.raises(
        som.SomSimError, match="there is no person 60; this history has persons 0 to 59"
    ):
        follow(spec, "reference", 60)
    nobody = scenario_of(small(population=initial(shelter=0.001))).strategies["reference"]
    with pytest.raises(som.SomSimError, match="there is no person 0; this history has nobody"):
        follow(nobody, "reference", 0)


def test_the_same_person_in_another_strategy_meets_the_same_luck(repository: Path) -> None:
    scenario = som.load(repository / "scenarios" / "randers_act.yaml")
    one, two = (follow(spec, name, 0, seed=1).steps for name, spec in scenario.strategies.items())
    assert [(s.date, s.after) for s in one] == [(s.date, s.after) for s in two]


def test_follow_tells_the_story(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(repository / "scenarios" / "first.yaml")
    assert main(["follow", file, "--person", "3", "--lang", "en", "--seed", "1"]) == 0
    told = capsys.readouterr().out
    assert "Person 3 (of 0 to 199)" in told and "is there at the start: Everyone, Homeless" in told
    assert "What the person cost over the run" in told and "Municipality: " in told
    assert main(["follow", file, "--person", "3", "--lang", "da"]) == 0
    assert "er der fra begyndelsen" in capsys.readouterr().out
    for name in ("events.csv", "events.parquet"):
        assert main(["follow", file, "--events", str(tmp_path / name)]) == 0
    written = pd.read_csv(tmp_path / "events.csv")
    again = pd.read_parquet(tmp_path / "events.parquet")
    assert len(written) == len(again) == len(som.events(som.load(file)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.csv", "events.parquet"]
    (tmp_path / "other").write_text("")
    assert (tmp_path / "events.csv").stat().st_mode == (tmp_path / "other").stat().st_mode
    assert main(["follow", file, "--events", str(tmp_path / "loud.PARQUET")]) == 0
    pd.read_parquet(tmp_path / "loud.PARQUET")


def test_follow_says_what_is_wrong(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(repository / "scenarios" / "first.yaml")
    assert main(["follow", file]) == 2
    assert "say whom to follow" in capsys.readouterr().err
    assert main(["follow", file, "--person", "1000"]) == 2
    assert "there is no person 1000" in capsys.readouterr().err
    assert main(["follow", file, "--person", "1", "--replicate", str(2**64)]) == 2
    assert "'--replicate'" in capsys.readouterr().err
    assert main(["follow", file, "--person", "1", "--strategy", "with_suport"]) == 2
    assert "did you mean 'with_support'" in capsys.readouterr().err
    assert main(["follow", file, "--events", str(tmp_path / "no" / "a.csv")]) == 2
    assert "cannot write" in capsys.readouterr().err


def stays(*spells: tuple[int, float, float]) -> Any:
    people, start, end = (np.array(column) for column in zip(*spells, strict=True))
    kinds = np.full(len(people), -1)
    events = Events(
        person=np.repeat(people, 2), time=np.stack([start, end], axis=1).ravel(),
        place=np.tile([0, 1], len(people)), kind=np.repeat(kinds, 2),
        waited=np.full(2 * len(people), np.nan),
    )  # fmt: skip
    return until(intervals(events), 2000.0)


@pytest.mark.parametrize(
    ("spells", "late"),
    [
        ([(0, 0, 100)], []),
        ([(0, 0, 150)], [(0, 120, 150)]),
        ([(0, 0, 100), (0, 200, 250)], [(0, 220, 250)]),  # 100 + 20 days within one year
        ([(0, 0, 100), (0, 400, 450)], []),  # a new year began at day 400
        ([(0, 0, 500)], [(0, 120, 365.25), (0, 485.25, 500)]),
        ([(0, 10, 140), (1, 0, 119)], [(0, 130, 140)]),
    ],
)
def test_days_of_a_personal_year(spells: Any, late: Any) -> None:
    inside = np.array([True, False])
    found = days_in_running_year(stays(*spells), inside, 120)
    told = list(zip(found.person.tolist(), found.start.tolist(), found.end.tolist(), strict=True))
    assert told == late
