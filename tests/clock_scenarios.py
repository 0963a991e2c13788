"""Random scenarios whose moves, prices, programmes and indicators ask a clock the time."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from random_scenarios import Data, hundredths, one_or_list, scenarios

EDGES = ("1 day", "9 days", "1 month", "120 days", "2 years")
"""In order; each is at least an hour from the next, so that every cycle can follow."""


@st.composite
def clocks(draw: st.DrawFn, data: Data) -> Data:
    """A clock over some states of housing."""
    edges = draw(st.lists(st.sampled_from(EDGES), min_size=1, max_size=3, unique=True))
    clock: Data = {
        "in": {"housing": draw(some_states(data))},
        "resets": draw(st.sampled_from(["on_exit", "on_exit", "never", "window"])),
        "edges": sorted(edges, key=EDGES.index),
    }
    return clock | ({"window": "3 years"} if clock["resets"] == "window" else {})


def some_states(data: Data) -> st.SearchStrategy[list[str]]:
    states = list(data["domains"]["housing"])
    return st.lists(st.sampled_from(states), min_size=1, unique=True)


def times(clock: Data) -> list[str]:
    """What a condition can name."""
    edges = clock["edges"]
    between = [f"{a} to {b}" for a, b in pairwise(edges)]
    return [f"under {edges[0]}", *between, f"over {edges[-1]}"]


@st.composite
def with_idle_clock(draw: st.DrawFn) -> tuple[Data, Data]:
    """A random scenario without and with a clock that nothing depends on."""
    data = draw(scenarios(max_cycles=4))
    return data, draw(with_a_clock(data))


@st.composite
def with_a_clock(draw: st.DrawFn, data: Data) -> Data:
    """The scenario with a clock, and the time so far of everybody who is there."""
    clock = draw(clocks(data))
    inside = clock["in"]["housing"]
    initial = [
        {**one, "spell": draw(st.sampled_from(["0 days", "5 days", "1 year"]))}
        if one["housing"] in inside
        else one
        for one in data["population"]["initial"]
    ]
    population = {**data["population"], "initial": initial}
    return {**data, "clocks": {"spell": clock}, "population": population}


@st.composite
def with_asked_clock(draw: st.DrawFn) -> Data:
    """A random scenario in which much depends on the time so far."""
    data: Data = deepcopy(draw(with_a_clock(draw(scenarios(max_cycles=4)))))
    clock = data["clocks"]["spell"]
    named = times(clock)
    for row in data["transitions"]:
        if draw(st.integers(0, 2)) == 0 and "table" not in row:
            row["if"] = {**row.get("if", {}), "spell": draw(some_of(named))}
    for programme in data["programmes"].values():
        if draw(st.booleans()):
            programme["eligible"]["spell"] = draw(some_of(named))
        for effect in programme["effects"]:
            if draw(st.integers(0, 3)) == 0:
                effect["if"] = {**effect.get("if", {}), "spell": draw(some_of(named))}
    for price in data.get("prices", {}).values():
        if price["per"] in ("person_day", "person_month", "person_year", "entry"):
            price["in"] = {**price["in"], "spell": draw(some_of(named))}
    # A share of moves that the clock has stopped would be a share of nothing.
    for section in ("targets", "observations"):
        listed = data.get(section, [])
        kept: Any = {} if isinstance(listed, dict) else []
        for key, one in listed.items() if isinstance(listed, dict) else enumerate(listed):
            if "share_of_moves" in one["indicator"]:
                continue
            if isinstance(kept, dict):
                kept[key] = one
            else:
                kept.append(one)
        data[section] = kept
    data["values"] = {
        "long": {
            "per": draw(st.sampled_from(["person_day", "entry"])),
            "in": {"spell": draw(some_of(named))},
            "amount": draw(hundredths(0, 9)),
        }
    }
    return data


def some_of(named: list[str]) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(named), min_size=1, max_size=2, unique=True).map(one_or_list)
