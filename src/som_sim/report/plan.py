"""What of a run is left out of a case: decided once, for every table, figure, sentence and sheet.

Three groups of linked figures are protected, each with what was decided before it
(`som_sim.report.protect`):

- persons by state and month in every strategy, with their totals and the targets and observations
  that are sums of states; a state is left out of a whole calendar year, in all strategies;
- persons at the start by group and state, and moves between states in a mean year, which follow
  from each other and from the persons by state;
- the budgets of grants, where a quantity of person-time times a published price is an amount.

A programme's persons, intake and waiting are left out of a whole calendar year, of table and figure
alike. A target that is a small number is left out wherever it would be told.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.core.names import ARRIVAL
from som_sim.report import naming
from som_sim.report.disclosure import Disclosure
from som_sim.report.plan_money import budgets, small_prices
from som_sim.report.protect import Key, Line, Linked, Sum, protect
from som_sim.scenario.quantities import Condition

if TYPE_CHECKING:
    from som_sim.result import Result

ALL = "all"
"""In place of a stratum or a state: the total over them."""
TOTAL_ORDER, TARGET_ORDER = 1, 2
"""A total is left out when no inner figure helps, a target when no total helps."""
SERIES = ("in", "taken", "waiting")
NEAREST_TEN = 10.0
MOST_DAYS = 31
"""A count over a longer time says little of the count on a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is left out of a case.

    Attributes
    ----------
    rule
        The switch and the threshold.
    hidden
        Names of what is left out, such as ``("state", "housing", "street", "2019")``.
    exposed
        Small figures that the shown ones give away although nothing more could be left out.
    days
        Days of the run.
    """

    rule: Disclosure
    hidden: frozenset[Line] = frozenset()
    exposed: frozenset[Key] = frozenset()
    _states: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    days: float = 1.0

    def small_days(self, days: float) -> bool:
        """Return whether person-days over the whole run are those of few persons."""
        return self.rule.small(days / self.days)

    def state(self, domain: str, state: str, date: str) -> bool:
        """Return whether persons in a state, or in all (`ALL`), are left out at a date."""
        return state_line(domain, state, date) in self.hidden

    def states_drawn_together(self, domain: str) -> frozenset[str]:
        """Return the states that are left out in some year: a drawing can be measured."""
        if domain not in self._states:
            self._states[domain] = frozenset(
                str(line[2])
                for line in self.hidden
                if isinstance(line, tuple) and line[0] == "state" and line[1] == domain
            )
        return self._states[domain]

    @property
    def draws_states(self) -> bool:
        """Whether persons by state may be drawn: the top of the drawing is the total."""
        return not any(isinstance(line, tuple) and line[0] == "total" for line in self.hidden)

    def start(self, domain: str, stratum: str, state: str, date: str) -> bool:
        """Return whether persons of a group in a state at the start are left out."""
        if stratum == ALL:
            return self.state(domain, state, date)
        if state == ALL:
            return ("start", ALL, stratum, ALL) in self.hidden
        return ("start", domain, stratum, state) in self.hidden

    def flow(self, domain: str, start: str, end: str) -> bool:
        """Return whether the moves from one state to another are left out."""
        return ("flow", domain, start, end) in self.hidden

    def programme(self, strategy: str, programme: str, series: str, year: str) -> bool:
        """Return whether a programme's persons, intake or waiting are left out of a year."""
        return ("programme", strategy, programme, series, year) in self.hidden

    def target(self, name: str) -> bool:
        """Return whether a target's numbers are left out."""
        return ("target", name) in self.hidden

    def observation(self, number: int) -> bool:
        """Return whether an observation's numbers are left out."""
        return ("observation", number) in self.hidden

    def price(self, name: str) -> bool:
        """Return whether what a change of a price does to the net is left out."""
        return ("price", name) in self.hidden

    def budget(self, strategy: str, grant: str, item: str, year: int) -> bool:
        """Return whether a line of a grant's budget is left out."""
        return ("budget", strategy, grant, item, year) in self.hidden


def state_line(domain: str, state: str, date: str) -> Line:
    """Return the name under which persons in a state are left out: by calendar year."""
    year = date[:4]
    return ("total", year) if state == ALL else ("state", domain, state, year)


def plan_of(result: Result, rule: Disclosure | Plan | None = None) -> Plan:
    """Return what is left out of everything that is published of a run.

    Parameters
    ----------
    result
        What a run gave.
    rule
        The switch and the threshold; a plan is returned as it is.

    Examples
    --------
    >>> import som_sim as som
    >>> result = som.run(som.load("scenarios/first.yaml"))
    >>> plan_of(result).state("housing", "homeless", "2024-01-01")
    False
    >>> plan_of(result, Disclosure(threshold=60)).state("housing", "homeless", "2024-01-01")
    True
    """
    if isinstance(rule, Plan):
        return rule
    rule = rule or Disclosure()
    if not rule.hide:
        return Plan(rule=rule)
    hidden = frozenset(_small_targets(result, rule))
    lost: frozenset[Key] = frozenset()
    source = _Source(result=result, rule=rule)
    for linked in (*_states(source), _edges(source), budgets(result, rule)):
        found = protect(linked, hidden)
        hidden, lost = found.hidden, lost | found.exposed
    hidden |= frozenset(_small_programmes(result, rule)) | frozenset(small_prices(result, rule))
    calendar = result.scenario.base.time.calendar
    days = float((calendar.end - calendar.start).days)
    return Plan(rule=rule, hidden=hidden, exposed=lost, days=days)


# Targets and observations ------------------------------------------------------------------------


def _small_targets(result: Result, rule: Disclosure) -> Iterator[Line]:
    """Yield the targets and observations of which some number of persons is small."""
    paths = result.indicator_paths
    frame = result.targets
    for name in result.scenario.base.targets:
        if naming.is_share(result, name):
            continue
        rows = frame[frame["target"] == name]
        values = [*rows["projected"], *rows["baseline"]]
        values += list(paths.loc[paths["target"] == name, "persons"])
        days = _days_of(result.scenario.base.targets[name])
        if any(rule.small(float(value) / days) for value in values if value == value):
            yield ("target", name)
    for number, one in enumerate(result.scenario.base.observations):
        if one.indicator.kind.startswith("share"):
            continue
        seen = result.observations
        seen = seen[seen["observation"] == number]
        days = _days_of(one)
        if any(rule.small(float(value) / days) for value in [*seen["projected"], *seen["value"]]):
            yield ("observation", number)


def _days_of(measured: Any) -> float:
    """Return by what a measure is divided to be persons: person-days by the days of the window."""
    if measured.indicator.kind != "person_days_in" or measured.during is None:
        return 1.0
    return float((measured.during.to.end - measured.during.from_.start).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A sum of states that a reader knows from a target or an observation."""

    line: Line
    domain: str
    states: frozenset[str]
    strata: frozenset[str] | None
    date: str | None


def _known_sums(result: Result) -> Iterator[_Known]:
    """Yield the sums of states that targets and observations tell.

    One that counts over a week is taken to tell the number on a day too: the moves of a week are
    about known.
    """
    base = result.scenario.base
    for name, target in base.targets.items():
        where = target.indicator.persons_in
        if where is not None and _is_brief(target):
            yield from _one_sum(result, ("target", name), where, None)
    for number, seen in enumerate(base.observations):
        where, at = seen.indicator.persons_in, seen.at
        if where is not None and at is not None and _is_brief(seen):
            day = at.start.isoformat()
            yield from _one_sum(result, ("observation", number), where, day)


def _is_brief(measured: Any) -> bool:
    """Return whether a count over a time is near the count on a day."""
    return measured.over is None or measured.over.days <= MOST_DAYS


def _one_sum(result: Result, line: Line, where: Condition, day: str | None) -> Iterator[_Known]:
    domains = result.scenario.base.domains
    marked = [name for name, states in domains.items() if any(s.homeless for s in states.values())]
    strata: frozenset[str] | None = None
    found: dict[str, set[str]] = {}
    for key, names in where.allowed:
        if key == "stratum":
            strata = frozenset(names)
        elif key in domains:
            found.setdefault(key, set(domains[key])).intersection_update(names)
        elif key == "homeless" and len(marked) == 1:
            states = domains[marked[0]]
            wanted = {name for name, one in states.items() if one.homeless == (names == ("true",))}
            found.setdefault(marked[0], set(states)).intersection_update(wanted)
        else:
            return  # no sum of states of one domain
    if len(found) == 1:
        domain, states_in = next(iter(found.items()))
        yield _Known(line=line, domain=domain, states=frozenset(states_in), strata=strata, date=day)


# Persons by state and month ----------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Source:
    """A run, the rule, and what is looked up of the run more than once."""

    result: Result
    rule: Disclosure
    tables: dict[tuple[str, str], Any] = field(default_factory=dict)

    def table(self, domain: str, strategy: str) -> Any:
        """Return persons by date and state."""
        from som_sim.report.figures_people import states_over_time

        if (domain, strategy) not in self.tables:
            self.tables[domain, strategy] = states_over_time(self.result, strategy, domain)
        return self.tables[domain, strategy]


def _add_states(linked: Linked, source: _Source, strategy: str, dates: Container[str]) -> None:
    """Add persons by state at some dates, their totals, and the sums told of them."""
    result, limit = source.result, source.rule.threshold
    known = [one for one in _known_sums(result) if one.strata is None]
    for domain in result.scenario.base.domains:
        table = source.table(domain, strategy)
        all_dates = [str(one) for one in table.index]
        values = table.to_numpy(dtype=float)
        for row, date in enumerate(all_dates):
            if date not in dates:
                continue
            keys = [("state", strategy, date, domain, str(state)) for state in table]
            for key, value in zip(keys, values[row], strict=True):
                linked.add(key, float(value), state_line(domain, key[4], date), limit)
            total = ("total", strategy, date)
            line = state_line(domain, ALL, date)
            linked.add(total, float(values[row].sum()), line, limit)
            linked.order[line] = TOTAL_ORDER
            linked.adds_up(keys, total)
            for one in known:
                near = one.date is None or date == _nearest(all_dates, one.date)
                if one.domain == domain and near:
                    parts = [key for key in keys if key[4] in one.states]
                    _tell(linked, one, (strategy, date), parts, limit)


def _tell(
    linked: Linked, known: _Known, about: tuple[str, str], parts: list[Any], limit: float
) -> None:
    """Add the sum that a target or an observation tells."""
    told = ("told", known.line, *about)
    linked.add(told, sum(linked.figures[key].value for key in parts), known.line, limit)
    linked.order[known.line] = TARGET_ORDER
    linked.adds_up(parts, told)


def _nearest(dates: list[str], day: str) -> str:
    """Return the last date that is not after a day, else the first."""
    return max((one for one in dates if one <= day), default=dates[0])


def _states(source: _Source) -> Iterator[Linked]:
    """Yield persons by state year by year: what is left out of one year says nothing of another."""
    dates = [str(one) for one in source.result.occupancy["date"].unique()]
    for year in dict.fromkeys(date[:4] for date in dates):
        linked = Linked()
        for strategy in source.result.strategies:
            _add_states(linked, source, strategy, {one for one in dates if one[:4] == year})
        yield linked


# The start, and moves ----------------------------------------------------------------------------


def start_counts(result: Result, domain: str) -> Any:
    """Return persons at the start in the reference: a row a group, a column a state."""
    rows = result.occupancy
    first = rows["date"].iloc[0]
    rows = rows[(rows["strategy"] == result.reference) & (rows["date"] == first)]
    wide = rows.groupby(["stratum", domain])["persons"].sum().unstack(fill_value=0.0)
    base = result.scenario.base
    states = [state for state in base.domains[domain] if state in wide]
    return wide.reindex(index=list(base.strata), columns=states, fill_value=0.0)


def _edges(source: _Source) -> Linked:
    """Return the start by group, the moves of a mean year, and the persons at their ends."""
    linked, result = Linked(), source.result
    followed = (naming.followed(result) or result.strategies)[-1]
    dates = sorted({str(one) for one in result.occupancy["date"]})
    ends = (dates[0], dates[-1])
    for strategy in dict.fromkeys((result.reference, followed)):
        _add_states(linked, source, strategy, ends)
    for domain in result.scenario.base.domains:
        _add_start(linked, source, domain, dates[0])
        _add_flows(linked, source, (followed, domain), ends)
    return linked


def _add_start(linked: Linked, source: _Source, domain: str, date: str) -> None:
    result, limit = source.result, source.rule.threshold
    wide = start_counts(result, domain)
    for stratum in wide.index:
        parts = [("start", domain, str(stratum), str(state)) for state in wide]
        for key in parts:
            value = float(wide.loc[stratum, key[3]])
            linked.add(key, value, key, limit)
        total = ("start", ALL, str(stratum), ALL)
        linked.add(total, float(wide.loc[stratum].sum()), total, limit)
        linked.order[total] = TOTAL_ORDER
        linked.adds_up(parts, total)
    for state in wide:
        parts = [("start", domain, str(stratum), str(state)) for stratum in wide.index]
        linked.adds_up(parts, ("state", result.reference, date, domain, str(state)))
    totals = [("start", ALL, str(stratum), ALL) for stratum in wide.index]
    linked.adds_up(totals, ("total", result.reference, date))
    for one in _known_sums(result):
        if one.domain != domain or one.strata is None:
            continue
        parts = [
            ("start", domain, stratum, state)
            for stratum in wide.index
            for state in wide
            if stratum in one.strata and state in one.states
        ]
        _tell(linked, one, ("start", date), parts, limit)


def _add_flows(linked: Linked, source: _Source, of: tuple[str, str], ends: tuple[str, str]) -> None:
    from som_sim.report.figures_people import yearly_flows, years_of

    result, limit = source.result, source.rule.threshold
    strategy, domain = of
    flows = {
        ("flow", domain, str(start), str(end)): float(persons)
        for start, end, persons in yearly_flows(result, strategy, domain).itertuples(index=False)
        if persons > 0
    }
    for key, persons in flows.items():
        linked.add(key, persons, key, limit)
    for state in result.scenario.base.domains[domain]:
        stays = [("state", strategy, date, domain, state) for date in ends]
        if any(key not in linked.figures for key in stays):
            continue
        parts: list[tuple[Key, float]] = [(stays[0], 1.0), (stays[1], -1.0)]
        parts += [(key, years_of(result)) for key in flows if key[3] == state]
        parts += [(key, -years_of(result)) for key in flows if key[2] == state]
        rest = sum(weight * linked.figures[key].value for key, weight in parts)
        linked.sums.append(Sum(parts=tuple(parts), low=rest, high=rest))
    coming = [key for key in flows if key[2] == ARRIVAL]
    whole = sum(flows[key] for key in coming)
    if coming:  # how many come is told to the nearest ten
        said = said_arrivals(whole)
        low, high = said - NEAREST_TEN / 2, said + NEAREST_TEN / 2
        low = 0.0 if said <= NEAREST_TEN else low
        linked.sums.append(Sum(parts=tuple((key, 1.0) for key in coming), low=low, high=high))


def said_arrivals(arrivals: float) -> float:
    """Return how many come in a year as it is told where small counts are left out.

    Examples
    --------
    >>> said_arrivals(73.6), said_arrivals(2.0)
    (70.0, 10.0)
    """
    return max(NEAREST_TEN, round(arrivals / NEAREST_TEN) * NEAREST_TEN)


# Programmes --------------------------------------------------------------------------------------


def programme_series(rows: Any) -> dict[str, Any]:
    """Return what a programme's table and figure show: persons in it, taken in, waiting.

    Parameters
    ----------
    rows
        Rows of `Result.programmes` of one programme in one strategy.
    """
    places = rows["places"].to_numpy(dtype=float)
    waiting = np.maximum(rows["waiting"].to_numpy(float) - rows["enrolled"].to_numpy(float), 0)
    return {
        "in": rows["persons_in"].to_numpy(dtype=float),
        "taken": rows["enrolled"].to_numpy(dtype=float),
        "waiting": np.where(places > 0, waiting, 0.0),
    }


def _small_programmes(result: Result, rule: Disclosure) -> Iterator[Line]:
    frame = result.programmes
    for (strategy, name), rows in frame.groupby(["strategy", "programme"], sort=False):
        years = rows["date"].str[:4].to_numpy()
        for series, values in programme_series(rows).items():
            for year in dict.fromkeys(years.tolist()):
                here = values[years == year]
                told = [here.sum()] if series == "taken" else [*here, here.mean()]
                if any(rule.small(float(value)) for value in told):
                    yield ("programme", str(strategy), str(name), series, year)
