"""Cautions about people: where nobody comes, what nobody leaves, what nobody is eligible for."""

from __future__ import annotations

from collections.abc import Iterator

from som_sim.core.errors import Path, Problem
from som_sim.scenario.check_so_far import rows_with_memory
from som_sim.scenario.measures import Measured, Moves
from som_sim.scenario.quantities import Condition
from som_sim.scenario.reach import Reach
from som_sim.scenario.walk import problem_at

Reached = tuple[Reach, ...]
Warnings = Iterator[Problem]


def unreached(reached: Reached) -> Warnings:
    """Warn of strata, states and ways to leave that nobody comes into."""
    base = reached[0].spec
    for stratum in base.strata:
        if not any(stratum in one.states for one in reached):
            yield problem_at(("strata", stratum), "nobody is ever in this stratum")
    for domain, states in base.domains.items():
        for state in states:
            if not any(state in at[domain] for one in reached for at in one.states.values()):
                yield problem_at(
                    ("domains", domain, state),
                    "nobody can come into this state: nobody starts or arrives in it, and no move "
                    "leads to it",
                )
    ways = {way for one in reached for _, to, _, _ in one.moves() for way in to}
    for position, way in enumerate(base.leave):
        if way not in ways:
            yield problem_at(("leave", position), "nobody leaves this way: no move leads to it")


def unleft(reached: Reached) -> Warnings:
    """Warn of states that people come into and never leave, not even by leaving the model."""
    left: set[tuple[str, str]] = set()
    for one in reached:
        for row, to, stratum, states in one.moves():
            left |= {(row.from_.keys[0], state) for state in states}
            if set(to) & set(one.spec.leave):
                for domain, others in one.states[stratum].items():
                    allowed = set(row.if_.names(domain) or others)
                    if domain != row.from_.keys[0]:
                        left |= {(domain, state) for state in others & allowed}
    for domain, listed in reached[0].spec.domains.items():
        entered = {one for all_ in reached for at in all_.states.values() for one in at[domain]}
        stuck = [state for state in listed if state in entered and (domain, state) not in left]
        if len(listed) == 1:
            continue
        if set(stuck) == entered:
            yield problem_at(
                ("domains", domain),
                "nobody moves in this domain; what never changes is better a stratum",
            )
            continue
        for state in stuck:
            yield problem_at(
                ("domains", domain, state),
                "nobody can leave this state: no move leads out of it",
            )


def unmoving(reached: Reached) -> Warnings:
    """Warn of rows that ask a clock for a time which people in their states cannot have."""
    clocks = reached[0].spec.clocks
    lists = [one.spec.transitions for one in reached]
    for position in range(min(map(len, lists))):
        rows = [(one, one.spec.transitions[position]) for one in reached]
        if not all(set(row.if_.keys) & set(clocks) for _, row in rows):
            continue
        if not any(one.moving(row, stratum) for one, row in rows for stratum in one.states):
            why = "this row moves nobody: nobody can be in these states at this time of the clock"
            yield problem_at(("transitions", position), why)


def empty_programmes(reached: Reached) -> Warnings:
    """Warn of programmes and grants that no strategy has, and programmes that nobody can enter."""
    chosen = [one.spec.strategies[one.strategy] for one in reached]
    for name in reached[0].spec.grants:
        if not any(name in strategy.grants for strategy in chosen):
            yield problem_at(("grants", name), "no strategy has this grant")
    for name in reached[0].spec.programmes:
        having = [
            one
            for one, strategy in zip(reached, chosen, strict=True)
            if name in strategy.programmes
        ]
        if not having:
            yield problem_at(("programmes", name), "no strategy has this programme")
        elif not any(name in one.programmes for one in having):
            if not any(one.ever(one.spec.programmes[name].places) for one in having):
                yield problem_at(("programmes", name, "places"), "there is never a place")
            else:
                yield problem_at(
                    ("programmes", name, "eligible"),
                    "nobody is ever eligible: no people can be in these states together",
                )


def shared_evenly(reached: Reached) -> Warnings:
    """Warn of priorities, which only runs of single persons follow."""
    base = reached[0].spec
    paths: list[Path] = [
        ("domains", domain, name)
        for domain, states in base.domains.items()
        for name in states
        if any(one.spec.domains[domain][name].priority for one in reached)
    ]
    paths += [
        ("programmes", name)
        for name in base.programmes
        if any(one.spec.programmes[name].priority for one in reached)
    ]
    for path in paths:
        yield problem_at(
            (*path, "priority"),
            "a run of expected numbers shares short places evenly all the same; only "
            "--engine individual lets these people go first",
        )


def forgotten(reached: Reached) -> Warnings:
    """Warn of times so far in states that people leave as if they had just come."""
    for number, group in enumerate(reached[0].spec.population.initial):
        for domain in group.so_far:
            if not any(any(rows_with_memory(one.spec, group, domain)) for one in reached):
                yield problem_at(
                    ("population", "initial", number, "so_far", domain),
                    "this changes nothing: no stay of these people has a length with a memory",
                )


def unmeasured(reached: Reached) -> Warnings:
    """Warn of what is measured or valued on people there cannot be, or on moves nobody makes."""
    base = reached[0].spec
    measured: list[tuple[Path, Measured]] = [
        *((("targets", name), one) for name, one in base.targets.items()),
        *((("observations", number), one) for number, one in enumerate(base.observations)),
    ]
    for path, one in measured:
        indicator = one.indicator
        here = (*path, "indicator", indicator.kind)
        yield from _always_0(reached, here, indicator.where, indicator.moving)
    for name, value in base.values.items():
        path = ("values", name) if value.in_ is None else ("values", name, "in")
        yield from _always_0(reached, path, value.in_, value.moves)


def _always_0(
    reached: Reached, path: Path, where: Condition | None, moves: Moves | None
) -> Warnings:
    people = where if moves is None else moves.from_
    if people is not None and not any(one.holds(people) for one in reached):
        yield problem_at(path, "this is always 0: nobody can be in these states together")
    elif moves is not None and not any(
        states & set(moves.from_.names(row.from_.keys[0]) or ()) and set(to) & set(moves.to)
        for one in reached
        for row, to, _, states in one.moves()
    ):
        yield problem_at(path, "this is always 0: no transition makes these moves")
