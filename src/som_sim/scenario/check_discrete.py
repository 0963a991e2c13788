"""Checks on what goes with a discrete step, and what only goes with it."""

from __future__ import annotations

from som_sim.core.errors import Path
from som_sim.core.time import DAYS_PER_UNIT
from som_sim.scenario.findings import Findings
from som_sim.scenario.schema import Measured

DISCRETE_KINDS = ("odds_ratio", "risk_ratio", "difference")


def check_step(findings: Findings) -> None:
    """Check that rows, effects and measures fit the kind of step."""
    if findings.spec.time.discrete:
        _check_rows(findings)
        _check_programmes(findings)
        _check_measures(findings)
        return
    for name, programme in findings.spec.programmes.items():
        for position, effect in enumerate(programme.effects):
            if effect.kind in DISCRETE_KINDS:
                findings.error(
                    ("programmes", name, "effects", position, effect.kind),
                    f"{effect.kind} is for a discrete step; in continuous time write a "
                    "hazard_ratio or share_reached",
                )


def _check_rows(findings: Findings) -> None:
    calendar = findings.spec.time.calendar
    cycle_days = calendar.months_per_cycle * DAYS_PER_UNIT["month"]
    cycle = {1: "1 month", 3: "3 months", 12: "1 year"}[calendar.months_per_cycle]
    for position, row in enumerate(findings.spec.transitions):
        path: Path = ("transitions", position)
        if row.within is None:
            findings.error(
                path,
                "in a discrete step write the probability of the move in one cycle, "
                f"'within: {cycle}'",
            )
        elif row.within.days != cycle_days:
            findings.error(
                (*path, "within"),
                f"{row.within.text} is not the length of a cycle; give the probability within "
                f"{cycle}, or take another cycle or a continuous step, which converts it",
            )


def _check_programmes(findings: Findings) -> None:
    simpson = findings.spec.time.counting == "simpson"
    for name, programme in findings.spec.programmes.items():
        if programme.drop_out is not None:
            findings.error(
                ("programmes", name, "drop_out"),
                "a rate does not go with a discrete step; shorten the 'stay' instead",
            )
        if simpson:
            findings.error(
                ("programmes", name),
                "Simpson's rule needs smooth numbers, and enrolment makes them jump; count by "
                "half_cycle, start or end",
            )


def _check_measures(findings: Findings) -> None:
    calendar = findings.spec.time.calendar
    measured: list[tuple[Path, Measured]] = [
        *((("targets", name), one) for name, one in findings.spec.targets.items()),
        *((("observations", i), one) for i, one in enumerate(findings.spec.observations)),
    ]
    for path, one in measured:
        if one.at is not None and (one.over or one.at.start not in calendar.boundaries):
            findings.error(
                (*path, "over" if one.over else "at"),
                "in a discrete step people are counted at the start of a cycle, on one day",
            )
