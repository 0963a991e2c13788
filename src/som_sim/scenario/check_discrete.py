"""Checks on what goes with a discrete step, and what only goes with it."""

from __future__ import annotations

from itertools import product

from som_sim.core.errors import Path
from som_sim.core.time import DAYS_PER_UNIT, MONTHS_PER_YEAR
from som_sim.scenario.findings import Findings
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.schema import Measured, Programme, Transition

DISCRETE_KINDS = ("odds_ratio", "risk_ratio", "difference")
ROUNDING = 1e-12
"""Probabilities may pass 1 by float rounding, not by more."""
HALF_LIVES_IN_FIRST_PHASE = 0.5
"""Length of the first of the phases in which an effect fades; each lasts a cycle at least."""


def check_step(findings: Findings) -> None:
    """Check that rows, effects and measures fit the kind of step."""
    if findings.spec.time.discrete:
        _check_counting(findings)
        _check_rows(findings)
        _check_cells(findings)
        _check_stays(findings)
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


def _cycle(findings: Findings) -> str:
    """Return the length of a cycle as a user writes it."""
    return {"month": "1 month", "quarter": "3 months", "year": "1 year"}[findings.spec.time.cycle]


def _check_counting(findings: Findings) -> None:
    time = findings.spec.time
    jumps = time.arrivals_join == "start" and findings.spec.population.arrivals
    if time.counting == "simpson" and jumps:
        findings.error(
            ("time", "counting"),
            "Simpson's rule needs smooth numbers, and arrivals that join at the start of a cycle "
            "make them jump; let them join at its end, or count by half_cycle",
        )


def _check_rows(findings: Findings) -> None:
    calendar = findings.spec.time.calendar
    cycle_days = calendar.months_per_cycle * DAYS_PER_UNIT["month"]
    cycle = _cycle(findings)
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


def _check_cells(findings: Findings) -> None:
    """Check that what can happen to people in one cycle has a probability of at most 1."""
    spec = findings.spec
    rows = {
        position: monthly
        for position, row in enumerate(spec.transitions)
        if (monthly := _monthly(findings, row)) is not None
    }
    months = sorted({day.month for day in spec.time.calendar.boundaries[:-1]})
    said = set()
    for stratum, *states in product(spec.strata, *spec.domains.values()):
        cell = {"stratum": stratum, **dict(zip(spec.domains, states, strict=True))}
        here = [position for position in rows if _moves(spec.transitions[position], cell)]
        ages = spec.strata[stratum].ages
        ageing = _share_of_stay(findings, ages.after) if ages else 0.0
        ageing = 0.0 if ageing > 1 + ROUNDING else ageing  # said by `_check_stays`
        month = max(months, key=lambda m: sum(rows[i][m - 1] for i in here))
        total = ageing + sum(rows[position][month - 1] for position in here)
        seasonal = any(spec.transitions[position].season for position in here)
        if len(here) + bool(ages) + seasonal < 2:  # said where the row itself is checked
            continue
        if not here or here[-1] in said or total <= 1 + ROUNDING:
            continue
        said.add(here[-1])
        others = [f"transitions[{position}]" for position in here[:-1]]
        others += ["ageing"] if ages else []
        findings.error(
            ("transitions", here[-1]),
            f"people in {', '.join(cell.values())} would make a move with probability "
            f"{total:.12g} in one cycle"
            + (f", with {', '.join(others)}" if others else "")
            + (f", in month {month}" if seasonal else "")
            + "; it must be at most 1",
        )


def _monthly(findings: Findings, row: Transition) -> list[float] | None:
    """Return the probability of any move of a row by month of the year.

    None where that is unsound in itself, which is said elsewhere.
    """
    shares = [findings.number(share) for share in row.destinations.values()]
    if row.within is None or None in shares:
        return None
    total = sum(share or 0.0 for share in shares)
    if total > 1 + ROUNDING:
        return None
    return [total * factor for factor in row.season or (1.0,) * MONTHS_PER_YEAR]


def _moves(row: Transition, cell: dict[str, str]) -> bool:
    """Tell whether a row moves people in a cell."""
    where = (*row.from_.allowed, *row.if_.allowed)
    if row.stratum:
        where = (*where, ("stratum", row.stratum))
    return all(cell.get(key) in names for key, names in where)


def _share_of_stay(findings: Findings, stay: Quantity) -> float:
    """Return the share of a stay that one cycle is: the chance that it ends in the cycle."""
    mean = findings.number(stay)
    years = findings.spec.time.calendar.months_per_cycle / MONTHS_PER_YEAR
    return years / mean if mean else 0.0


def _check_stays(findings: Findings) -> None:
    """Check that what lasts for a while lasts a cycle at least."""

    def check(path: Path, stay: Quantity, cycles: float, reason: str) -> None:
        if _share_of_stay(findings, stay) * cycles > 1 + ROUNDING:
            findings.error(path, f"{reason}; take a shorter cycle or a continuous step")

    cycle = _cycle(findings)
    shortest = f"in a discrete step with cycles of {cycle} it is at least {cycle}"
    for name, stratum in findings.spec.strata.items():
        if stratum.ages is not None:
            check(("strata", name, "ages", "after"), stratum.ages.after, 1, shortest)
    for name, programme in findings.spec.programmes.items():
        if programme.stay is not None and programme.stay.mean is not None:
            check(("programmes", name, "stay", "mean"), programme.stay.mean, 1, shortest)
        fading = _longest_fading(findings, programme)
        if fading is not None:
            position, half_life = fading
            path = ("programmes", name, "effects", position, "afterwards", "half_life")
            reason = f"in a discrete step with cycles of {cycle} it is at least two of them"
            check(path, half_life, 1 / HALF_LIVES_IN_FIRST_PHASE, reason)


def _longest_fading(findings: Findings, programme: Programme) -> tuple[int, Quantity] | None:
    """Return the effect with the longest half-life, which sets the length of the phases."""
    found = [
        (findings.number(effect.afterwards.half_life) or 0.0, position, effect.afterwards.half_life)
        for position, effect in enumerate(programme.effects)
        if effect.afterwards is not None
    ]
    return max(found, key=lambda one: one[0])[1:] if found else None


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
