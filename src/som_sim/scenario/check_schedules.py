"""Checks on what changes over calendar time, fades or grows, and on ageing."""

from __future__ import annotations

from som_sim.core.errors import Path
from som_sim.scenario.findings import Findings
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.schedules import Schedule
from som_sim.scenario.schema import Arrival, Programme, Transition

RATIOS = ("hazard_ratio", "odds_ratio", "risk_ratio")
"""Kinds of effect that are said as a ratio."""


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
        check_steps(findings, (*here, "places"), programme.places)
        if programme.intake.persons_per_month is not None:
            path = (*here, "intake", "persons_per_month")
            check_steps(findings, path, programme.intake.persons_per_month)
        if programme.ramp_up is not None and programme.places.first is None:
            findings.error(
                (*here, "ramp_up"),
                "the ramp begins with the first places, so 'places' must say from when: "
                "{2019-06: 7}",
            )
        _check_logarithms(findings, here, programme)


def check_steps(findings: Findings, path: Path, schedule: Schedule) -> None:
    """Check that a schedule steps where cycles begin, and within the run."""
    calendar = findings.spec.time.calendar
    inside: Path = (*path, "posts") if schedule.times is not None else path
    for number, (period, _) in enumerate(schedule.steps):
        if number and period is not None and period.start >= calendar.end:
            last = findings.spec.time.to.text
            findings.warn((*inside, period.text), f"never reached: the run ends with {last}")
        if period is None or not calendar.start < period.start < calendar.end:
            continue
        if period.start not in calendar.boundaries:
            findings.error(
                (*inside, period.text), f"{period.text} does not fit cycles of a {calendar.unit}"
            )


def _check_rate(findings: Findings, path: Path, key: str, schedule: Schedule | None) -> None:
    if schedule is None:
        return
    check_steps(findings, (*path, key), schedule)
    start = findings.spec.time.calendar.start
    if schedule.first is not None and schedule.first.start > start:
        findings.error(
            (*path, key),
            f"the rate from {start:%Y-%m} to {schedule.first.text} is missing; begin with "
            f"{start:%Y-%m}",
        )


def _check_season(findings: Findings, path: Path, row: Transition | Arrival) -> None:
    if row.season is not None and findings.spec.time.cycle != "month":
        findings.error((*path, "season"), "a season needs cycles of a month")


def _check_logarithms(findings: Findings, path: Path, programme: Programme) -> None:
    """Check that what grows or fades has a logarithm: a ratio of 0 has none."""
    for position, effect in enumerate(programme.effects):
        if programme.ramp_up is None and effect.afterwards is None:
            continue
        ratios: dict[Path, Quantity | None] = {(kind,): getattr(effect, kind) for kind in RATIOS}
        if effect.share_reached is not None:
            ratios["share_reached", "share"] = effect.share_reached.share
        for kind, ratio in ratios.items():
            if findings.number(ratio) == 0:
                findings.error(
                    (*path, "effects", position, *kind),
                    "an effect that grows ('ramp_up') or fades ('afterwards') must leave some "
                    "moves, as a ratio of 0.01 does: of none at all, half still is none",
                )


def check_ageing(findings: Findings) -> None:
    """Check that people age into another stratum, and never back."""
    following = {
        name: stratum.ages.to
        for name, stratum in findings.spec.strata.items()
        if stratum.ages is not None
    }
    for name, to in following.items():
        path: Path = ("strata", name, "ages", "to")
        if not findings.known(path, "stratum", to, findings.names.strata):
            continue
        if to == name:
            findings.error(path, "people already are in this stratum")
            continue
        later = [to]
        while (after := following.get(later[-1])) is not None and after not in later:
            later.append(after)
        if name in later:
            findings.error(path, f"people would come back to '{name}' when they age on")
