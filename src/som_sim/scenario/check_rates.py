"""Checks that nobody is expected to move too often in one cycle.

A slip in a unit (``0.0001 hours``) gives a rate that no run can follow. What a row, a stay or an
effect says on its own is found here; sums of many are found when the cycle is run.
"""

from __future__ import annotations

import math

from som_sim.core.errors import Path
from som_sim.core.limits import MAX_EXPECTED_JUMPS
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.scenario.findings import Findings
from som_sim.scenario.quantities import Condition, Quantity
from som_sim.scenario.schedules import Schedule
from som_sim.scenario.schema import Effect, LengthOfStay, Transition
from som_sim.scenario.transitions import NO_SHAPE, NO_SPREAD, SHAPES, SPREADS, StayInState

ROUNDING = 1e-9
Rates = dict[str, tuple[Path, float]]
"""For each destination the place of its rate within the row, and the rate per year."""


CONTINUOUS = "a length with a memory needs continuous time"


def check_rates(findings: Findings) -> None:
    """Check each row, stay and effect of a run in continuous time."""
    spec = findings.spec
    _check_memory(findings)
    if spec.time.discrete:
        return
    for position, row in enumerate(spec.transitions):
        path: Path = ("transitions", position)
        rates = _row_rates(findings, row)
        key, total = next(iter(rates.values()), ((), 0.0))
        if row.destinations_key != "to" or isinstance(row.to, dict):
            total = sum(rate for _, rate in rates.values())
        if not _too_high(findings, (*path, *key), total):
            _check_effects(findings, path, row, rates)
    for name, stratum in spec.strata.items():
        if stratum.ages is not None:
            rate = _inverse(findings.number(stratum.ages.after))
            _too_high(findings, ("strata", name, "ages", "after"), rate)
    for name, programme in spec.programmes.items():
        if programme.stay is not None:
            stay_key, rate = _stay_rate(findings, programme.stay)
            _too_high(findings, ("programmes", name, "stay", *stay_key), rate)
        if programme.drop_out is not None:
            rate = findings.number(programme.drop_out.rate_per_year) or 0.0
            _too_high(findings, ("programmes", name, "drop_out", "rate_per_year"), rate)


def _check_memory(findings: Findings) -> None:
    """Check that stays with a memory are alone in their state, and in continuous time."""
    rows = [
        (position, row)
        for position, row in enumerate(findings.spec.transitions)
        if row.stay is not None and row.stay.kind
    ]
    for number, (position, row) in enumerate(rows):
        assert row.stay is not None
        path: Path = ("transitions", position, "stay")
        _check_law(findings, path, row.stay)
        if findings.spec.time.discrete:
            findings.error((*path, row.stay.kind), CONTINUOUS)
        for before, other in rows[:number]:
            strata = set(row.stratum or findings.names.strata)
            same = row.from_.keys == other.from_.keys and strata & set(other.stratum or strata)
            if same and _overlap(row.from_, other.from_) and _overlap(row.if_, other.if_):
                findings.error(
                    path,
                    f"transitions[{before}] says how long these people stay already; write both "
                    "as one row, with shares in 'to'",
                )

    for name, programme in findings.spec.programmes.items():
        if programme.stay is not None and programme.stay.kind:
            path = ("programmes", name, "stay")
            _check_law(findings, path, programme.stay)
            if findings.spec.time.discrete:
                findings.error((*path, programme.stay.kind), CONTINUOUS)


def _check_law(findings: Findings, path: Path, stay: StayInState) -> None:
    """Check that the numbers of a law are some that the engine follows closely."""
    if stay.weibull is not None:
        shape = findings.number(stay.weibull.shape)
        if shape is not None and not SHAPES[0] <= shape <= SHAPES[1]:
            findings.error((*path, "weibull", "shape"), NO_SHAPE.format(f"{shape:.6g}"))
    spread = stay.lognormal or stay.gamma
    if spread is not None:
        sd, mean = findings.number(spread.sd), findings.number(stay.mean)
        if sd and mean and not SPREADS[0] <= sd / mean <= SPREADS[1]:
            words = NO_SPREAD.format(f"{sd / mean:.6g}")
            findings.error((*path, stay.kind, "sd"), words)


def _cycle_years(findings: Findings) -> float:
    return max(findings.spec.time.calendar.days) / DAYS_PER_YEAR


def _beyond(findings: Findings, rate: float) -> bool:
    return rate * _cycle_years(findings) > MAX_EXPECTED_JUMPS * (1 + ROUNDING)


def _too_high(findings: Findings, path: Path, rate: float) -> bool:
    """Say so when a rate per year gives more moves in a cycle than a run can follow."""
    if not _beyond(findings, rate):
        return False
    findings.error(
        path,
        f"comes to a rate of {rate:.4g} a year, more than {MAX_EXPECTED_JUMPS:,} moves in one "
        "cycle; choose a longer stay, a lower rate or a shorter cycle",
    )
    return True


def _inverse(years: float | None) -> float:
    return 1 / years if years else 0.0


def _stay_rate(findings: Findings, stay: LengthOfStay) -> tuple[Path, float]:
    """Return the key that says how long people stay, and the rate of leaving."""
    if isinstance(stay, StayInState) and stay.lengths is not None:
        lengths = [findings.number(one) or 0.0 for one in stay.lengths]
        return ("lengths",), _inverse(sum(lengths) / len(lengths))
    if stay.mean is not None:
        return ("mean",), _inverse(findings.number(stay.mean))
    if stay.median is not None:
        return ("median",), math.log(2) * _inverse(findings.number(stay.median))
    share = findings.number(stay.share)
    if share is None or not 0 < share < 1:
        return ("over",), 0.0
    return ("over",), -math.log(share) * _inverse(findings.number(stay.over))


def _row_rates(findings: Findings, row: Transition) -> Rates:
    """Return the highest rate of each destination; nothing where it cannot be told."""
    shares = {name: findings.number(share) for name, share in row.destinations.items()}
    season = max(row.season or (1.0,))
    if row.rate_per_year is not None:
        key, rate = _highest(findings, row.rate_per_year)
        return {name: (("rate_per_year", *key), season * rate) for name in shares}
    if row.stay is not None:
        stay_key, rate = _stay_rate(findings, row.stay)
        where: Path = ("stay", *stay_key)
        alone = row.counts is None and not isinstance(row.to, dict)
        return {
            name: (where, season * rate * (1.0 if alone else share or 0.0))
            for name, share in shares.items()
        }
    assert row.within is not None
    total = sum(share or 0.0 for share in shares.values())
    if not 0 < total < 1:
        return {}
    whole = -math.log1p(-total) / row.within.years
    # The time is the likely slip: a probability below 1 gives few moves by itself.
    return {
        name: (("within",), season * whole * (share or 0.0) / total)
        for name, share in shares.items()
    }


def _highest(findings: Findings, schedule: Schedule) -> tuple[Path, float]:
    """Return the step of a schedule with the highest rate within the run, and that rate."""
    days = findings.spec.time.calendar.boundaries[:-1]
    best: tuple[Path, float] = ((), 0.0)
    for day in days:
        step: tuple[Path, Quantity] | None = None
        for period, quantity in schedule.steps:
            if period is None or period.start <= day:
                step = (() if period is None else (period.text,)), quantity
        rate = (findings.number(step[1]) or 0.0) if step else 0.0
        if step and rate > best[1]:
            best = step[0], rate
    return best


def _check_effects(findings: Findings, path: Path, row: Transition, rates: Rates) -> None:
    """Check each destination of a row times the largest effect on it."""
    for name, (_, rate) in rates.items():
        largest: tuple[float, Path] = (1.0, path)
        for programme_name, programme in findings.spec.programmes.items():
            for position, effect in enumerate(programme.effects):
                size = findings.number(effect.hazard_ratio) or 1.0
                if size > largest[0] and name in effect.to and _meets(findings, effect, row):
                    here: Path = ("programmes", programme_name, "effects", position)
                    largest = size, (*here, "hazard_ratio")
        if largest[0] > 1 and _beyond(findings, rate * largest[0]):
            ((domain, froms),) = row.from_.allowed
            findings.error(
                largest[1],
                f"times the rate of transitions[{path[1]}] from {domain} {' or '.join(froms)} to "
                f"{name} this comes to {rate * largest[0]:.4g} a year, more than "
                f"{MAX_EXPECTED_JUMPS:,} moves in one cycle",
            )
            return


def _meets(findings: Findings, effect: Effect, row: Transition) -> bool:
    """Tell whether an effect is on some of the people of a row."""
    strata = set(row.stratum or findings.names.strata)
    if len(row.from_.allowed) != 1 or effect.from_.keys != row.from_.keys:
        return False
    return bool(strata & set(effect.if_.names("stratum") or strata)) and all(
        _overlap(one, two) for one, two in ((effect.from_, row.from_), (effect.if_, row.if_))
    )


def _overlap(one: Condition, two: Condition) -> bool:
    return all(set(names) & set(two.names(key) or names) for key, names in one.allowed)
