"""Random scenarios with what only single persons can do: stays with a memory, and who goes first.

`single_scenarios` takes a small random scenario and adds lengths of stay with a memory, in states
and in programmes, times so far, states with places, and priorities for both. Runs of expected
numbers refuse such stays, so nothing of it is in `scenarios`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from random_scenarios import Data, conditions, hundredths, over_time, scenarios

LENGTHS = st.sampled_from(["12 hours", "5 days", "61 days", "9 weeks", "14 months"])
SO_FAR = st.sampled_from(["equilibrium", "equilibrium", "0 days", "6 hours"])
"""No time that is beyond the longest of some lengths."""


def laws(mean: str) -> st.SearchStrategy[Data]:
    """A law of the length of stay, whose mean is known or which has lengths of its own."""
    spread = st.sampled_from([mean, f"{mean} / 2", f"2 * {mean}"])
    return st.one_of(
        hundredths(0.5, 4).map(lambda shape: {"mean": mean, "weibull": {"shape": shape}}),
        spread.map(lambda sd: {"mean": mean, "lognormal": {"sd": sd}}),
        spread.map(lambda sd: {"mean": mean, "gamma": {"sd": sd}}),
        st.lists(LENGTHS, min_size=1, max_size=4).map(lambda lengths: {"lengths": lengths}),
    )


@st.composite
def single_scenarios(draw: st.DrawFn, *, competing: bool = True) -> Data:
    """Draw a valid scenario of few people that only the individual engine runs.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    competing
        Whether places can be short.
    """
    data = draw(scenarios(money=False, max_cycles=4, months_only=True))
    data |= {"targets": {}, "observations": []}  # of few people nobody may move
    _few(draw, data)
    _memory(draw, data)
    for programme in data["programmes"].values():
        programme["priority"] = draw(first_ones(data, {}))
        if not competing:
            programme |= {"places": 10_000, "intake": {"share_of_waiting": Decimal("0.7")}}
            programme.pop("ramp_up", None)
    if competing:
        _places(draw, data)
    for course in data["strategies"].values():
        course.pop("overrides", None)
    return data


def _few(draw: st.DrawFn, data: Data) -> None:
    population = data["population"]
    for group in population["initial"]:
        group["persons"] = draw(hundredths(0, 12))
    population["initial"][0]["persons"] += 1
    for arrival in population["arrivals"]:
        arrival["per_year"] = draw(hundredths(0, 40))


def _memory(draw: st.DrawFn, data: Data) -> None:
    """Give stays a memory: at most one row for people in one state."""
    taken: set[tuple[str, str]] = set()
    for row in data["transitions"]:
        ((domain, here),) = row["from"].items()
        states = {(domain, one) for one in ([here] if isinstance(here, str) else here)}
        timed = {"stay", "rate_per_year"} & set(row)
        if not timed or states & taken or not draw(st.integers(0, 3)):
            continue
        taken |= states
        row.pop("rate_per_year", None)
        row["stay"] = draw(LENGTHS.flatmap(laws))
    for programme in data["programmes"].values():
        if "mean" in programme["stay"] and draw(st.booleans()):
            programme["stay"] = draw(laws(programme["stay"]["mean"]))
    for group in data["population"]["initial"]:
        group["so_far"] = {
            domain: draw(SO_FAR) for domain in data["domains"] if (domain, group[domain]) in taken
        }


@st.composite
def first_ones(draw: st.DrawFn, data: Data, full: Data) -> list[Data]:
    """Conditions on people, none of them only on those who are in a state that is full."""
    keys = (*data["domains"], "stratum", "homeless", "programme")
    listed = draw(st.lists(conditions(data, keys), max_size=3))
    return [
        kept for one in listed if (kept := {k: v for k, v in one.items() if v != full.get(k, "")})
    ]


def _places(draw: st.DrawFn, data: Data) -> None:
    """Limit the places of a state or two, of which none is the overflow of the other."""
    for domain, states in data["domains"].items():
        if not draw(st.integers(0, 3)):
            continue
        name, other = draw(st.permutations(list(states)))[:2]
        arriving = any(one[domain] == name for one in data["population"]["arrivals"])
        limited: dict[str, Any] = {"places": draw(over_time(data, hundredths(0, 8)))}
        if arriving or draw(st.booleans()):
            limited["overflow"] = other
        limited["priority"] = draw(first_ones(data, {domain: name}))
        states[name] = {**(states[name] or {}), **limited}
