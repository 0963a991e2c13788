"""Checks on what the effects of programmes say, each on its own and beside the others."""

from __future__ import annotations

from itertools import combinations

from som_sim.core.errors import Path
from som_sim.scenario.findings import Findings
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import Effect, Programme

SHARE_WITHOUT = (
    "a share of {} without the programme gives no hazard to compare with; it is above 0 and below 1"
)
SHARE_WITH = "a share of {} would take an endless hazard; it is below 1"


def check_effects(findings: Findings) -> None:
    """Check that each effect has a size and a time, and that no two change a row in two ways."""
    for name, programme in findings.spec.programmes.items():
        for position, effect in enumerate(programme.effects):
            path: Path = ("programmes", name, "effects", position)
            _check_share_reached(findings, path, effect)
            _check_during(findings, path, effect)
        if findings.spec.time.discrete:
            _check_kinds(findings, name, programme)


def _check_share_reached(findings: Findings, path: Path, effect: Effect) -> None:
    """Check that two shares have a hazard ratio."""
    if effect.share_reached is None:
        return
    path = (*path, "share_reached")
    share = findings.number(effect.share_reached.share)
    without = findings.number(effect.share_reached.without)
    if without in (0, 1):
        findings.error((*path, "without"), SHARE_WITHOUT.format(f"{without:g}"))
    if share == 1:
        findings.error((*path, "share"), SHARE_WITH.format("1"))


def _check_during(findings: Findings, path: Path, effect: Effect) -> None:
    """Check that the window of an effect is some time of the run, in whole cycles."""
    if effect.during is None:
        return
    calendar, path = findings.spec.time.calendar, (*path, "during")
    start, end = effect.during.from_.start, effect.during.to.end
    if start >= end:
        findings.error(path, "the window ends before it starts")
    elif end <= calendar.start or start >= calendar.end:
        findings.warn(path, "the window is outside the run, so the effect changes nothing")
    else:
        for key, edge in (("from", start), ("to", end)):
            if calendar.start < edge < calendar.end and edge not in calendar.boundaries:
                findings.error(
                    (*path, key), f"the window must be whole cycles of a {calendar.unit}"
                )


def _check_kinds(findings: Findings, name: str, programme: Programme) -> None:
    """Check that one kind of effect changes a row of probabilities."""
    for (i, one), (j, two) in combinations(enumerate(programme.effects), 2):
        kinds = [_hazard(one.kind), _hazard(two.kind)]
        if kinds[0] != kinds[1] and _meet(one, two):
            findings.error(
                ("programmes", name, "effects", j),
                f"effects[{i}] changes the same row by {one.kind}; write both in one kind, or "
                "tell them apart by 'if' or 'during'",
            )


def _hazard(kind: str) -> str:
    return "hazard_ratio" if kind == "share_reached" else kind


def _meet(one: Effect, two: Effect) -> bool:
    """Tell whether some people in some cycle are under both effects, in one row."""
    if one.during is not None and two.during is not None:
        first, second = sorted((one.during, two.during), key=lambda window: window.from_.start)
        if second.from_.start >= first.to.end:
            return False
    return one.from_.keys == two.from_.keys and all(
        _overlap(a, b) for a, b in ((one.from_, two.from_), (one.if_, two.if_))
    )


def _overlap(one: Condition, two: Condition) -> bool:
    """Tell whether two conditions can hold at once."""
    return all(set(names) & set(two.names(key) or names) for key, names in one.allowed)
