"""Checks on states with a limited number of places."""

from __future__ import annotations

from som_sim.core.errors import Path
from som_sim.scenario.check_schedules import check_steps
from som_sim.scenario.findings import Findings
from som_sim.scenario.quantities import Condition


def check_places(findings: Findings) -> None:
    """Check that those for whom there is no place have somewhere to go, or stand somewhere."""
    spec = findings.spec
    for domain, states in spec.domains.items():
        for name, state in states.items():
            path: Path = ("domains", domain, name)
            if state.places is None:
                if state.overflow is not None:
                    findings.error((*path, "overflow"), "an overflow goes with 'places'")
                if state.priority:
                    findings.error((*path, "priority"), "a priority goes with 'places'")
                continue
            _check_priority(findings, path, state.priority)
            check_steps(findings, (*path, "places"), state.places)
            first, start = state.places.first, spec.time.calendar.start
            if first is not None and first.start > start:
                findings.error(
                    (*path, "places"),
                    f"the places from {start} to {first.text} are missing; begin with "
                    f"{start:%Y-%m}",
                )
            if state.overflow is None:
                _check_arrivals(findings, path, domain, name)
                continue
            here = (*path, "overflow")
            other = states.get(state.overflow)
            what = f"state of {domain}"
            if not findings.known(here, what, state.overflow, findings.names.domains[domain]):
                continue
            if state.overflow == name:
                findings.error(here, "the overflow is another state")
            elif other is not None and other.places is not None:
                findings.error(here, f"'{state.overflow}' has a limited number of places itself")


def _check_priority(findings: Findings, path: Path, priority: tuple[Condition, ...]) -> None:
    """Check that those who go first are people who can wait for the state at all."""
    domain, name = path[1], str(path[2])
    for number, first in enumerate(priority):
        here = (*path, "priority", number)
        findings.condition(here, first, findings.cell_keys)
        if first.names(str(domain)) == (name,):
            findings.error(here, f"these people have a place in '{name}'; nobody of them waits")


def _check_arrivals(findings: Findings, path: Path, domain: str, name: str) -> None:
    for arrival in findings.spec.population.arrivals:
        if arrival.states.get(domain) == name:
            findings.error(
                path,
                "people arrive here, and when it is full they have nowhere to wait; name an "
                "'overflow'",
            )
            return
