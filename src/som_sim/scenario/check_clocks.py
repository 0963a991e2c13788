"""Checks on clocks, and on how long people have been somewhere when they come."""

from __future__ import annotations

from itertools import pairwise

from som_sim.core.errors import Path
from som_sim.core.limits import MAX_CELLS, MAX_EXPECTED_JUMPS
from som_sim.core.time import DAYS_PER_UNIT
from som_sim.scenario.clocks import OUTSIDE, parse_time_so_far
from som_sim.scenario.findings import Findings
from som_sim.scenario.names import RESERVED
from som_sim.scenario.schema import Arrival, Clock, Initial, ScenarioFile

ROUNDING = 1e-9


def check_clocks(findings: Findings) -> None:
    """Clocks have a name and a set of their own, and edges that a cycle can follow."""
    spec = findings.spec
    for name, clock in spec.clocks.items():
        path: Path = ("clocks", name)
        if name in RESERVED or name in findings.names.domains:
            findings.error(path, "this name is taken; choose another", at_key=True)
        keys = (*findings.names.domains, "homeless")
        findings.condition((*path, "in"), clock.in_, keys)
        if not clock.in_.allowed:
            findings.error((*path, "in"), "name the states in which the time counts")
        _check_edges(findings, path, clock)
    if spec.clocks:
        _check_size(findings)


def _check_edges(findings: Findings, path: Path, clock: Clock) -> None:
    time = findings.spec.time
    cycle_days = time.calendar.months_per_cycle * DAYS_PER_UNIT["month"]
    if time.discrete:
        if clock.resets == "window":
            findings.error((*path, "resets"), "a personal window needs a continuous step")
        for position, edge in enumerate(clock.edges):
            cycles = edge.days / cycle_days
            if abs(cycles - round(cycles)) > ROUNDING or round(cycles) < 1:
                findings.error(
                    (*path, "edges", position),
                    f"{edge.text} is not a whole number of cycles; in a discrete step people "
                    "move only at their ends",
                )
        return
    days = [0.0, *(edge.days for edge in clock.edges)]
    for position, (before, after) in enumerate(pairwise(days)):
        if max(time.calendar.days) / (after - before) > MAX_EXPECTED_JUMPS:
            findings.error(
                (*path, "edges", position),
                "too near the edge before for cycles of this length; leave it out, or take a "
                "shorter cycle",
            )


def _check_size(findings: Findings) -> None:
    size = n_cells(findings.spec)
    if size > MAX_CELLS:
        findings.error(
            ("clocks",),
            f"strata, programmes, states and times of the clocks make {size:,} cells; at most "
            f"{MAX_CELLS:,} can be run: take fewer clocks or edges",
        )


def n_cells(spec: ScenarioFile) -> int:
    """Return how many cells the largest strategy can have, its programmes without afterwards."""
    size = len(spec.strata) * (1 + max(len(one.programmes) for one in spec.strategies.values()))
    for states in spec.domains.values():
        size *= len(states)
    for clock in spec.clocks.values():
        size *= len(clock.states)
    return size


def check_time_so_far(findings: Findings, path: Path, group: Initial | Arrival) -> None:
    """Check the time so far of people who are there at the start, or who arrive."""
    for name, clock in findings.spec.clocks.items():
        known = all(set(names) <= set(findings.values_of(key)) for key, names in clock.in_.allowed)
        if name in findings.names.domains or not clock.in_.allowed or not known:
            continue  # said by check_clocks
        inside = is_inside(findings.spec, clock, group.states)
        given = group.states.get(name)
        if given is None:
            if inside and isinstance(group, Initial):
                findings.error(
                    path,
                    f"'{name}' is missing: say how long these people have been there, such as "
                    "'45 days' or '0 days'",
                )
            continue
        here = (*path, name)
        try:
            days = parse_time_so_far(given)
        except ValueError as error:
            findings.error(here, str(error))
            continue
        if not inside and clock.resets == "on_exit":
            findings.error(here, f"these people are {OUTSIDE} the states of this clock")
        if clock.window is not None and days >= clock.window.days:
            findings.error(here, f"{given} is not within {clock.window.text}")


def is_inside(spec: ScenarioFile, clock: Clock, states: dict[str, object]) -> bool:
    """Tell whether people in some states, one of each domain, are in the set of a clock."""
    return all(_fits(spec, key, names, states) for key, names in clock.in_.allowed)


def _fits(spec: ScenarioFile, key: str, names: tuple[str, ...], states: dict[str, object]) -> bool:
    if key != "homeless":
        return states.get(key) in names
    homeless = any(
        one.homeless
        for domain, listed in spec.domains.items()
        for name, one in listed.items()
        if states.get(domain) == name
    )
    return str(homeless).lower() in names
