"""Who can be where: the states, strata and programmes that people can come into at all.

The answer errs on the side of yes: domains are followed one by one, whatever a parameter holds may
be above 0, and what happens at some time counts as possible. So what is out of reach here is out of
reach in every run of the strategy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from som_sim.core.names import NO_PROGRAMME
from som_sim.scenario.clocks import OUTSIDE
from som_sim.scenario.quantities import Condition, Quantity
from som_sim.scenario.schedules import Schedule
from som_sim.scenario.schema import ScenarioFile, Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What people can come into under one strategy.

    Attributes
    ----------
    strategy, spec
        Its name and its file.
    states
        For each stratum that somebody can be in, the states of each domain.
    programmes
        Those that somebody can be in; and ``none``.
    """

    strategy: str
    spec: ScenarioFile
    states: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    programmes: set[str] = field(default_factory=lambda: {NO_PROGRAMME})

    def holds(self, where: Condition) -> bool:
        """Say whether somebody can ever fit a condition."""
        programmes = where.names("programme")
        if programmes is not None and not self.programmes & set(programmes):
            return False
        strata = where.names("stratum") or tuple(self.states)
        return any(self._holds(where, self.states[one]) for one in strata if one in self.states)

    def _holds(self, where: Condition, reached: dict[str, set[str]]) -> bool:
        left = {
            domain: states & set(where.names(domain) or states)
            for domain, states in reached.items()
        }
        self._at_times(where, left)
        if not all(left.values()):
            return False
        if where.names("homeless") is None:
            return True
        homeless = {
            domain: {one for one in states if self.spec.domains[domain][one].homeless}
            for domain, states in left.items()
        }
        if where.names("homeless") == ("true",):
            return any(homeless.values())
        return all(left[domain] - homeless[domain] for domain in left)

    def _at_times(self, where: Condition, left: dict[str, set[str]]) -> None:
        """Leave only the states in which the clocks that a condition names can stand so.

        A clock that starts anew on exit shows a time inside its states only, and is outside of them
        elsewhere only; where several domains make up its states, anything goes.
        """
        for name, clock in self.spec.clocks.items():
            times = where.names(name)
            if times is None or clock.resets == "never" or len(clock.in_.allowed) != 1:
                continue
            key, names = clock.in_.allowed[0]
            if key == "homeless":
                marked = [d for d in left if any(s.homeless for s in self.spec.domains[d].values())]
                if names != ("true",) or len(marked) != 1:
                    continue
                key = marked[0]
                names = tuple(n for n, one in self.spec.domains[key].items() if one.homeless)
            if times == (OUTSIDE,):
                left[key] -= set(names)
            elif OUTSIDE not in times and clock.resets == "on_exit":
                left[key] &= set(names)

    def moving(self, row: Transition, stratum: str) -> set[str]:
        """Return the states that people of a stratum can leave by a row."""
        if row.stratum is not None and stratum not in row.stratum:
            return set()
        reached = self.states.get(stratum, {})
        domain = row.from_.keys[0]
        left = {key: states & set(row.if_.names(key) or states) for key, states in reached.items()}
        if not left:
            return set()
        left[domain] = reached[domain] & set(row.from_.names(domain) or ())
        self._at_times(row.if_, left)
        return left[domain] if all(left.values()) else set()

    def destinations(self, row: Transition) -> tuple[str, ...]:
        """Return where people can go by a row."""
        if self.spec.time.discrete:  # an effect can add to a probability of 0
            return tuple(row.destinations)
        if row.rate_per_year is not None and not self.ever(row.rate_per_year):
            return ()
        if row.season is not None and not any(row.season):
            return ()
        return tuple(name for name, share in row.destinations.items() if above_0(share))

    def ever(self, schedule: Schedule) -> bool:
        """Say whether a schedule can be above 0 at some time of the run."""
        run = self.spec.time.calendar
        starts = [max(one.start, run.start) if one else run.start for one, _ in schedule.steps]
        ends = [*starts[1:], run.end]
        return above_0(schedule.times) and any(
            start < min(end, run.end) and above_0(one)
            for start, end, (_, one) in zip(starts, ends, schedule.steps, strict=True)
        )

    def moves(self) -> Iterator[tuple[Transition, tuple[str, ...], str, set[str]]]:
        """Yield each row that moves somebody, where to, the stratum, and the states they leave."""
        for row in self.spec.transitions:
            to = self.destinations(row)
            for stratum in self.states if to else ():
                if left := self.moving(row, stratum):
                    yield row, to, stratum, left


def reach(spec: ScenarioFile, strategy: str) -> Reach:
    """Return what people can come into under one strategy.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied, checked.
    strategy
        Name of the strategy.
    """
    found = Reach(strategy=strategy, spec=spec)
    for group in spec.population.initial:
        if above_0(group.persons):
            _add(found, group.stratum, group.states)
    for arrival in spec.population.arrivals:
        if found.ever(arrival.per_year):
            _add(found, arrival.stratum, arrival.states)
    size = -1
    while size != (size := _size(found)):
        _follow_moves(found)
        _follow_ageing(found)
        _follow_programmes(found, spec.strategies[strategy].programmes)
    return found


def above_0(quantity: Quantity | None) -> bool:
    """Say whether a quantity can be above 0; what a parameter holds can."""
    return quantity is None or quantity.number is None or quantity.number > 0


def _size(found: Reach) -> int:
    reached = (len(states) for domains in found.states.values() for states in domains.values())
    return len(found.states) + len(found.programmes) + sum(reached)


def _add(found: Reach, stratum: str, states: dict[str, str]) -> None:
    reached = found.states.setdefault(stratum, {domain: set() for domain in found.spec.domains})
    for domain in reached:  # the others are clocks, which can show any time
        reached[domain] |= {states[domain]} if domain in states else set()


def _follow_moves(found: Reach) -> None:
    for stratum, reached in found.states.items():
        for row in found.spec.transitions:
            if found.moving(row, stratum):
                domain = row.from_.keys[0]
                to = set(found.destinations(row)) - set(found.spec.leave)
                reached[domain] |= to
        for domain, states in found.spec.domains.items():
            reached[domain] |= {
                state.overflow
                for name, state in states.items()
                if state.overflow is not None and name in reached[domain]
            }


def _follow_ageing(found: Reach) -> None:
    for name, stratum in found.spec.strata.items():
        if stratum.ages is not None and name in found.states:
            for domain, states in found.states[name].items():
                for state in states:
                    _add(found, stratum.ages.to, {domain: state})


def _follow_programmes(found: Reach, names: tuple[str, ...]) -> None:
    for name in names:
        programme = found.spec.programmes[name]
        if found.ever(programme.places) and found.holds(enrolling(programme.eligible)):
            found.programmes.add(name)
        if name in found.programmes:
            found.programmes.update(
                one for one, share in programme.onward.items() if above_0(share)
            )


def enrolling(eligible: Condition) -> Condition:
    """Return who waits for a programme: people in none, unless it says which."""
    if eligible.names("programme") is not None:
        return eligible
    return Condition(allowed=(*eligible.allowed, ("programme", (NO_PROGRAMME,))))
