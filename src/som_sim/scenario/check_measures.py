"""Checks on what is measured: targets and observations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from som_sim.core.errors import Path
from som_sim.scenario.check_model import check_destinations
from som_sim.scenario.findings import Findings
from som_sim.scenario.measures import SHARES, Measured, Moves, Observation, Stays, Target
from som_sim.scenario.quantities import Condition

LARGEST = 10**12
"""Far beyond what can be counted in persons, moves or days; it keeps figures within floats."""


def check_measures(findings: Findings) -> None:
    """Targets and observations measure somebody, within the run, in numbers of their kind."""
    for name, target in findings.spec.targets.items():
        path: Path = ("targets", name)
        _check_measured(findings, path, target)
        _check_numbers(findings, path, target, ("baseline", "goal"))
    for position, observation in enumerate(findings.spec.observations):
        path = ("observations", position)
        _check_measured(findings, path, observation)
        _check_numbers(findings, path, observation, ("value",))


def _check_measured(findings: Findings, path: Path, measured: Measured) -> None:
    indicator = measured.indicator
    here = (*path, "indicator", indicator.kind)
    if indicator.where is not None:
        check_people(findings, here, indicator.where)
    if indicator.moving is not None:
        check_moves(findings, here, indicator.moving)
    if indicator.share_of_stays is not None:
        check_stays(findings, here, indicator.share_of_stays)
    _check_when(findings, path, measured)


def check_people(findings: Findings, path: Path, where: Condition) -> None:
    """Check that a condition says who is meant, and that somebody can be."""
    findings.condition(path, where, findings.cell_keys)
    if not where.allowed:
        findings.error(path, "name at least one condition")
    elif where.names("homeless") == ("true",) and not any(
        state.homeless for domain in findings.spec.domains.values() for state in domain.values()
    ):
        findings.error(path, "no state is marked homeless: true")


def check_moves(findings: Findings, path: Path, moves: Moves) -> None:
    """Check that moves leave states of one domain for others of it."""
    where = moves.from_
    findings.condition((*path, "from"), where, findings.cell_keys)
    domains = [key for key in where.keys if key in findings.names.domains]
    if len(domains) != 1:
        findings.error((*path, "from"), "name the states of exactly one domain")
    else:
        check_destinations(findings, (*path, "to"), domains[0], where, moves.to)


def check_stays(findings: Findings, path: Path, stays: Stays) -> None:
    """Check that a share of stays is over an edge of a clock that starts anew with each stay."""
    domains = tuple(findings.names.domains)
    findings.condition((*path, "of"), stays.of, (*domains, "stratum", "programme", "homeless"))
    if not findings.known((*path, "clock"), "clock", stays.clock, tuple(findings.names.clocks)):
        return
    clock = findings.spec.clocks.get(stays.clock)
    if clock is None:  # unsound, which is said there
        return
    if clock.resets != "on_exit":
        findings.error(
            (*path, "clock"),
            f"'{stays.clock}' adds up several stays; a share of stays needs resets: on_exit",
        )
    if all(edge.days != stays.over.days for edge in clock.edges):
        edges = ", ".join(edge.text for edge in clock.edges)
        findings.error(
            (*path, "over"), f"{stays.over.text} is no edge of '{stays.clock}'; its edges: {edges}"
        )


def _check_when(findings: Findings, path: Path, measured: Measured) -> None:
    calendar = findings.spec.time.calendar
    if measured.at is not None:
        inside = (calendar.end - measured.at.start).days
        over = measured.over.days if measured.over else 0
        if measured.at.start < calendar.start or over > inside or inside < 0:
            last = calendar.end - dt.timedelta(days=1)
            findings.error(
                (*path, "at"),
                f"{measured.at.text} is not wholly within the run ({calendar.start} to {last})",
            )
    if measured.during is not None:
        boundaries = set(calendar.boundaries)
        if measured.during.from_.start >= measured.during.to.end:
            findings.error((*path, "during"), "the window ends before it starts")
        elif not {measured.during.from_.start, measured.during.to.end} <= boundaries:
            findings.error((*path, "during"), "the window must be whole cycles within the run")


def _check_numbers(
    findings: Findings, path: Path, measured: Target | Observation, keys: tuple[str, ...]
) -> None:
    """Check that a share is a share, and that only a share says among how many."""
    kind = measured.indicator.kind
    most, words = (1, "share (0 to 1)") if kind in SHARES else (LARGEST, "number of 0 or more")
    if kind not in SHARES and measured.n is not None:
        findings.error((*path, "n"), f"n is how many a share is counted among; {kind} is no share")
    for key in keys:
        number: Decimal | None = getattr(measured, key)
        if number is not None and not 0 <= number <= most:
            hint = f"; write {number / 100:f} for {number:f} %" if 1 < number <= 100 else ""
            findings.error((*path, key), f"{number:f} is no {words}{hint}")
