"""Clocks over states that people leave at different rates: against time counted exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm

from random_scenarios import Data, result_of, small
from som_sim.core.errors import SomSimError
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.model.passing import mean_time, unlike

SETTLED = 1e-6
"""Relative: what is left of the start after the years that a run is given to settle."""
Floats = NDArray[np.float64]
STATES = ("street", "shelter", "sofa")
CASES = {
    "only the shelter leads home": {
        ("street", "shelter"): 7, ("shelter", "street"): 4, ("shelter", "home"): 4,
    },
    "a few stay in the street": {
        ("street", "shelter"): 0.5, ("shelter", "street"): 0.5, ("street", "home"): 0.2,
        ("shelter", "home"): 6,
    },
    "three states": {
        ("street", "shelter"): 4.5, ("street", "sofa"): 1, ("street", "home"): 0.3,
        ("shelter", "street"): 1, ("shelter", "sofa"): 1.5, ("shelter", "home"): 2.6,
        ("sofa", "street"): 1, ("sofa", "shelter"): 1.5, ("sofa", "home"): 1,
    },
}  # fmt: skip
Moves = dict[tuple[str, str], float]


def homeless(moves: Moves, edges: list[str], years: int = 60, **sections: Any) -> Data:
    """Return a scenario in which people become homeless in the street, run until it settles."""
    rows = [
        {"from": {"housing": a}, "to": b, "rate_per_year": Decimal(str(rate))}
        for (a, b), rate in {**moves, ("home", "street"): 0.3}.items()
    ]
    names = {name for move in moves for name in move}
    domains = {"housing": {name: {"homeless": True} for name in STATES if name in names}}
    return small(
        time={"from": "1961-01", "to": f"{1960 + years}-12", "cycle": "year"},
        domains={"housing": {**domains["housing"], "home": None}},
        clocks={"time_homeless": {"in": {"homeless": True}, "resets": "on_exit", "edges": edges}},
        population={"initial": [{"stratum": "adult", "housing": "home", "persons": 100}]},
        transitions=rows,
        **sections,
    )


def within(moves: Moves) -> Floats:
    """Return the generator of the homeless states, in the order street, shelter, sofa."""
    matrix = np.zeros((3, 3))
    for (a, b), rate in moves.items():
        i = STATES.index(a)
        matrix[i, i] -= rate
        if b in STATES:
            matrix[i, STATES.index(b)] += rate
    used = np.flatnonzero(np.diag(matrix))
    return matrix[np.ix_(used, used)]


def at_end(data: Data) -> dict[tuple[str, str], float]:
    table = result_of(data).occupancy
    last = table[(table["date"] == table["date"].max()) & (table["time_homeless"] != "outside")]
    groups = last.groupby(["housing", "time_homeless"])["persons"].sum()
    return {(str(a), str(b)): float(n) for (a, b), n in groups.items()}


def share_in(found: dict[tuple[str, str], float], time: str) -> float:
    return sum(n for (_, name), n in found.items() if name == time) / sum(found.values())


@pytest.mark.parametrize("name", CASES)
def test_the_share_of_the_homeless_who_are_so_for_long_is_exact(name: str) -> None:
    found = at_end(homeless(CASES[name], ["1 year"]))
    g = within(CASES[name])
    short = np.linalg.solve(g, (expm(g) - np.eye(len(g))).sum(axis=1))[0]
    mean = -np.linalg.inv(g).sum(axis=1)[0]
    assert share_in(found, "over 1 year") == pytest.approx(1 - short / mean, rel=SETTLED)


def test_several_edges_are_near() -> None:
    """Whom a person is with at the second edge is approximate; a hundredth of the homeless."""
    found = at_end(homeless(CASES["three states"], ["1 month", "6 months", "1 year"]))
    g = within(CASES["three states"])
    days = [0.0, 1 / 12, 0.5, 1.0]
    gone = [np.linalg.solve(g, (expm(g * t) - np.eye(3)).sum(axis=1))[0] for t in days]
    mean = -np.linalg.inv(g).sum(axis=1)[0]
    exact = [*np.diff(gone) / mean, 1 - gone[-1] / mean]
    times = ("under 1 month", "1 month to 6 months", "6 months to 1 year", "over 1 year")
    assert [share_in(found, time) for time in times] == pytest.approx(exact, abs=0.01)


def test_in_a_discrete_step_the_numbers_are_those_of_cycles_counted_one_by_one() -> None:
    moves = {("street", "shelter"): 0.3, ("shelter", "street"): 0.1, ("shelter", "home"): 0.25}
    data = homeless(moves, ["6 months"])
    step = {"step": "discrete", "counting": "end", "cycle": "month"}
    data["time"] = {"from": "2000-01", "to": "2029-12", **step}
    for row in data["transitions"]:
        row |= {"probability": row.pop("rate_per_year"), "within": "1 month"}
    found = at_end(data)
    p = np.eye(2) + within(moves)
    short = sum(np.linalg.matrix_power(p, n).sum(axis=1)[0] for n in range(6))
    mean = np.linalg.inv(np.eye(2) - p).sum(axis=1)[0]
    assert share_in(found, "over 6 months") == pytest.approx(1 - short / mean, rel=SETTLED)


@pytest.mark.parametrize("first", [True, False])
def test_a_long_clock_counts_through_the_times_of_a_short_one(first: bool) -> None:
    """Many leave the shelter on the first day; the order of the clocks does not matter."""
    data = homeless({("street", "shelter"): 3}, ["6 months"])
    short, long_ = 90, 3
    rows = {"under 1 day": short, "over 1 day": long_}
    data["transitions"] += [
        {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": rate, "if": {"spell": time}}
        for time, rate in rows.items()
    ]
    data["transitions"].append({"from": {"housing": "shelter"}, "to": "street", "rate_per_year": 2})
    spell = {"in": {"housing": "shelter"}, "resets": "on_exit", "edges": ["1 day"]}
    both = {"spell": spell, **data["clocks"]}
    data["clocks"] = both if first else dict(reversed(both.items()))
    found = at_end(data)
    out = short + 2
    day = out / np.expm1(out / DAYS_PER_YEAR)
    g = np.array([[-3, 3, 0], [2, -out - day, day], [2, 0, -long_ - 2]])
    gone = np.linalg.solve(g, (expm(g * 0.5) - np.eye(3)).sum(axis=1))[0]
    mean = -np.linalg.inv(g).sum(axis=1)[0]
    assert share_in(found, "over 6 months") == pytest.approx(1 - gone / mean, rel=1e-4)


def test_who_waits_for_a_place_passes_the_edges_meanwhile() -> None:
    """Ten places, 30 of them free in a year, and 90 who wait: three years, in no order."""
    moves = {("street", "shelter"): 50, ("shelter", "street"): 3}
    data = homeless(moves, ["30 days", "1 year"], years=30)
    data["domains"]["housing"]["shelter"]["places"] = 10
    data["clocks"]["time_homeless"]["in"] = {"housing": "street"}
    group = {"stratum": "adult", "housing": "street", "time_homeless": "0 days", "persons": 100}
    data["population"] = {"initial": [group]}
    data["time"]["cycle"] = "month"
    result = result_of(data)
    assert result.places["bound"].all()
    assert result.reconciliation["ok"].all()
    assert result.places["persons_end"].to_numpy()[1:] == pytest.approx(10, abs=1e-8)
    found = at_end(data)
    for time, days in (("under 30 days", 30), ("over 1 year", DAYS_PER_YEAR)):
        gone = -np.expm1(-days / DAYS_PER_YEAR / 3)
        share = gone if time.startswith("under") else 1 - gone
        assert share_in(found, time) == pytest.approx(share, rel=0.01)


def test_moves_too_many_to_follow_are_refused_with_the_reason() -> None:
    lost = np.array([[1.0], [0.0]])
    ends = np.array([0, 1]), np.array([1, 0])
    assert unlike(*ends, lost).all()
    with pytest.raises(SomSimError, match="take a nearer edge or longer stays"):
        mean_time(*ends, np.array([[1e5], [1e5]]), lost, 5.0)


def test_each_draw_is_on_its_own() -> None:
    lost = np.array([[1.0, 4.0, 2.0], [0.0, 0.5, 2.0]])
    rate = np.array([[3.0, 80.0, 1.0], [1.0, 9.0, 2.0]])
    ends = np.array([0, 1]), np.array([1, 0])
    together = mean_time(*ends, rate, lost, 0.5)
    for draw in range(3):
        alone = mean_time(*ends, rate[:, [draw]], lost[:, [draw]], 0.5)
        for one, block in zip(alone, together, strict=True):
            assert (one[:, 0] == block[:, draw]).all()
    assert unlike(*ends, lost).tolist() == [[True, True, False], [True, True, False]]
