"""Checks on what changes over calendar time, and on ageing."""

from __future__ import annotations

from som_sim.core.errors import Path
from som_sim.scenario.findings import Findings
from som_sim.scenario.schedules import Schedule
from som_sim.scenario.schema import Arrival, Transition


def check_schedules(findings: Findings) -> None:
    """Check that steps fall on cycles, rates hold from the start, seasons have months."""
    spec = findings.spec
    for position, row in enumerate(spec.transitions):
        _check_rate(findings, ("transitions", position), "rate_per_year", row.rate_per_year)
        _check_season(findings, ("transitions", position), row)
    for position, arrival in enumerate(spec.population.arrivals):
        path: Path = ("population", "arrivals", position)
        _check_rate(findings, path, "per_year", arrival.per_year)
        _check_season(findings, path, arrival)
    for name, programme in spec.programmes.items():
        here: Path = ("programmes", name)
        _check_steps(findings, (*here, "places"), programme.places)
        if programme.intake.persons_per_month is not None:
            path = (*here, "intake", "persons_per_month")
            _check_steps(findings, path, programme.intake.persons_per_month)
        if programme.ramp_up is not None and programme.places.first is None:
            findings.error(
                (*here, "ramp_up"),
                "the ramp begins with the first places, so 'places' must say from when: "
                "{2019-06: 7}",
            )


def _check_steps(findings: Findings, path: Path, schedule: Schedule) -> None:
    calendar = findings.spec.time.calendar
    for period, _ in schedule.steps:
        if period is None or not calendar.start < period.start < calendar.end:
            continue
        if period.start not in calendar.boundaries:
            findings.error(
                (*path, period.text), f"{period.text} does not fit cycles of a {calendar.unit}"
            )


def _check_rate(findings: Findings, path: Path, key: str, schedule: Schedule | None) -> None:
    if schedule is None:
        return
    _check_steps(findings, (*path, key), schedule)
    start = findings.spec.time.calendar.start
    if schedule.first is not None and schedule.first.start > start:
        findings.error(
            (*path, key),
            f"the rate from {start} to {schedule.first.text} is missing; begin with {start:%Y-%m}",
        )


def _check_season(findings: Findings, path: Path, row: Transition | Arrival) -> None:
    if row.season is not None and findings.spec.time.cycle != "month":
        findings.error((*path, "season"), "a season needs cycles of a month")


def check_ageing(findings: Findings) -> None:
    """Check that people age into another stratum."""
    for name, stratum in findings.spec.strata.items():
        if stratum.ages is not None:
            path: Path = ("strata", name, "ages", "to")
            known = findings.known(path, "stratum", stratum.ages.to, findings.names.strata)
            if known and stratum.ages.to == name:
                findings.error(path, "people already are in this stratum")
