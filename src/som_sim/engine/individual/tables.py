"""What the kernel reads: one draw of a model as flat arrays.

Edges are grouped by the cell they leave and by *channel*: the moves of one domain are a channel,
so are moves of programme status, and ageing. Each channel of a person has a random clock of its
own, so that what happens in one domain does not change the luck in another.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.individual.hashing import decision_key
from som_sim.engine.individual.registry import (
    Flags1,
    Flags2,
    Floats1,
    Floats2,
    Floats3,
    Ints1,
    Ints2,
    Keys1,
    structure,
)
from som_sim.engine.individual.stay_tables import (
    ages_at_start,
    says_so_far,
    stay_domains,
    stay_names,
    stay_tables,
)
from som_sim.model.clocks import ClockRule
from som_sim.model.limits import WAIT
from som_sim.model.model import AGEING, PROGRAMME_MOVE, Model

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


@structure
class Tables(NamedTuple):
    """One draw of a model, read only.

    Times are in days from the run's start. *pace* numbers the pairs of rates and length that
    cycles have; *at* is the position of an edge in the kernel's own order.
    """

    discrete: bool
    join_at_start: bool
    n_cells: int
    n_places: int
    n_channels: int
    n_cycles: int
    n_rules: int
    n_limits: int
    n_clocks: int
    starts: Floats1  # (cycle + 1,)
    pace: Ints1  # (cycle,)
    first: Ints2  # (cell, channel + 1): where a cell's edges of a channel begin
    edge: Ints1  # (at,): number of the edge in the model's generator
    target: Ints1  # (at,)
    rate: Floats2  # (pace, at): per day; in a discrete step the probability
    total: Floats3  # (pace, cell, channel)
    staying: Floats3  # (pace, cell, channel): chance of no move in a cycle
    salt: Keys1  # (channel,): when the next move comes
    salt_way: Keys1  # (channel,): which way it goes
    initial_cell: Ints1  # (group,)
    initial_code: Keys1  # (group,): of where it is, the same in every strategy
    initial_persons: Floats1  # (group,)
    initial_days: Floats2  # (group, clock): time so far
    initial_age: Floats2  # (group, stay channel): days in their state; below 0 one of their own
    come_cell: Ints1  # (group,)
    come_code: Keys1  # (group,)
    come_mean: Floats2  # (cycle, group): expected persons
    come_even: Flags1  # (group,)
    come_days: Floats2  # (group, clock)
    status: Ints1  # (cell,): programme status
    rule_status: Ints1  # (rule,)
    eligible: Flags2  # (rule, cell)
    rule_rank: Ints2  # (rule, cell): declared priority, 0 goes first
    enrol_to: Ints2  # (rule, cell)
    places: Floats2  # (rule, cycle)
    most: Floats2  # (rule, cycle)
    share: Floats1  # (rule,)
    salt_rule: Keys1  # (rule,)
    inside: Flags2  # (limit, cell)
    limit_places: Floats2  # (limit, cycle)
    limit_rank: Ints2  # (limit, cell): declared priority, 0 goes first
    limit_state: Ints2  # (limit, cell): state of the limit's domain
    entry_limit: Ints1  # (at,): the limit an edge enters, or -1
    spill: Ints1  # (at,): where the edge to the overflow state stands, or -1
    overflow: Ints2  # (limit, cell)
    salt_limit: Keys1  # (limit,)
    timer: Ints1  # (at,): passed at a time of its own: `NO_TIMER`, `EDGE` or `WINDOW`
    clock_channel: Ints1  # (clock,)
    clock_in: Flags2  # (clock, cell)
    clock_at: Ints2  # (clock, cell): position on the clock
    clock_resets: Ints1  # (clock,): `ON_EXIT`, `NEVER` or `WINDOW`
    clock_first: Ints1  # (clock,): position of the first time
    clock_phases: Ints1  # (clock,): positions of each time
    clock_edges: Floats2  # (clock, edge): days
    clock_window: Floats1  # (clock,): days
    n_stays: int  # channels, the last ones, of stays whose length has a memory
    stay_state: Ints2  # (stay channel, cell): state of its domain
    stay_law: Ints2  # (stay channel, cell): row of the next two, or -1
    stay_days: Floats2  # (law, knot): days since people came into the state
    stay_used: Floats2  # (law, knot): the length of a stay without memory, in days, used up by then
    age_days: Floats2  # (law, knot): days in the state of people who are met there
    age_share: Floats2  # (law, knot): share of them who have been there so long at the most
    salt_age: Keys1  # (stay channel,)
    stay_steps: Ints1  # (law,): 1 where people leave at certain lengths only


NO_TIMER, EDGE, WINDOW = 0, 1, 2
ON_EXIT, NEVER = 0, 1


def _timers(model: Model) -> tuple[ClockRule, ...]:
    """Return the clocks that count days; in a discrete step they pass by cycles, by chance."""
    return () if model.discrete else model.clocks


def _timer_kinds(model: Model) -> Ints:
    """Return which edges are passed at a time of their own: (edge,)."""
    edges = model.generator
    kind = np.full(len(edges.source), NO_TIMER)
    for rule in _timers(model):
        own = np.flatnonzero(edges.domain == rule.domain)
        further = rule.at(edges.target[own]) - rule.at(edges.source[own])
        passing = (further == rule.phases) & rule.inside[edges.source[own]]
        kind[own] = np.where(passing, EDGE, WINDOW)
    return kind


def _clocks(model: Model, timer: Ints) -> dict[str, Any]:
    rules, n_cells = _timers(model), model.axes.n_cells
    edges = np.full((len(rules), max((len(one.edges_days) for one in rules), default=0)), np.inf)
    for row, one in zip(edges, rules, strict=True):
        row[: len(one.edges_days)] = one.edges_days
    kinds = {"on_exit": ON_EXIT, "never": NEVER, "window": WINDOW}
    by_cell = (len(rules), n_cells)
    cells = np.arange(n_cells)
    return {
        "timer": timer,
        "clock_channel": np.array([one.domain for one in rules], dtype=np.int64),
        "clock_in": np.array([one.inside for one in rules], dtype=bool).reshape(by_cell),
        "clock_at": np.array([one.at(cells) for one in rules], dtype=np.int64).reshape(by_cell),
        "clock_resets": np.array([kinds[one.resets] for one in rules], dtype=np.int64),
        "clock_first": np.array([one.first for one in rules], dtype=np.int64),
        "clock_phases": np.array([one.phases for one in rules], dtype=np.int64),
        "clock_edges": edges,
        "clock_window": np.array([one.window_days for one in rules], dtype=np.float64),
    }


def _days_at(model: Model, cells: Ints) -> NDArray[np.float64]:
    """Return the least time so far that cells stand for: (cell, clock)."""
    days = np.zeros((len(cells), len(_timers(model))))
    for number, rule in enumerate(_timers(model)):
        starts = np.array([0.0, *rule.edges_days])
        passed = np.maximum(rule.at(cells) - rule.first, 0) // rule.phases
        days[:, number] = starts[passed]
    return days


def channel_names(model: Model) -> tuple[str, ...]:
    """Return the name of each channel."""
    return (*model.axes.domains, "programme", "stratum", *stay_names(model))


def _channels(model: Model) -> Ints:
    """Return the channel of each edge: (edge,)."""
    n_domains = len(model.axes.domains)
    domain = model.generator.domain
    channel = np.where(domain == PROGRAMME_MOVE, n_domains, domain)
    channel = np.where(domain == AGEING, n_domains + 1, channel)
    for number, own in enumerate(stay_domains(model)):
        for law in model.stays:
            if law.domain == own:
                channel[law.edges] = n_domains + 2 + number
    if model.discrete:  # one move a cycle, whichever it is
        channel = np.zeros_like(channel)
    return channel


def make_tables(model: Model, draw: int = 0) -> Tables:
    """Return one draw of a model as the kernel reads it."""
    axes, calendar = model.axes, model.calendar
    n_cells = axes.n_cells
    channel = _channels(model)
    n_channels = 1 if model.discrete else len(channel_names(model))
    source = model.generator.source
    order = np.lexsort((model.generator.target, channel, source))
    group = (source * n_channels + channel)[order]
    begins = np.searchsorted(group, np.arange(n_cells * n_channels + 1))
    first = begins[np.arange(n_cells)[:, None] * n_channels + np.arange(n_channels + 1)]
    paces, pace = np.unique(
        np.stack([np.array(model.regime), np.array(calendar.days)]), axis=1, return_inverse=True
    )
    unit = 1.0 if model.discrete else 1 / DAYS_PER_YEAR
    rate = model.rates[paces[0]][:, order, draw] * unit
    timer = _timer_kinds(model)[order]
    rate = np.where(timer == NO_TIMER, rate, 0.0)  # passed when it is time, not at a rate
    by_group = np.zeros((len(rate), n_cells * n_channels))
    for one, by_edge in zip(by_group, rate, strict=True):
        np.add.at(one, group, by_edge)
    total = by_group.reshape(len(rate), n_cells, n_channels)
    if model.discrete:
        staying = np.maximum(1.0 - total, 0.0)
        salts = [decision_key("move")]
    else:
        staying = np.exp(-total * paces[1][:, None, None])
        for position in (timer != NO_TIMER).nonzero()[0]:  # always looked at more closely
            staying[:, source[order[position]], channel[order[position]]] = -1.0
        first_stay = n_channels - len(stay_domains(model))
        staying[:, :, first_stay:][total[:, :, first_stay:] > 0] = -1.0
        salts = [decision_key("move", name) for name in channel_names(model)]
    tables = Tables(
        discrete=model.discrete,
        join_at_start=model.arrivals_join == "start",
        n_cells=n_cells,
        n_places=axes.n_places,
        n_channels=n_channels,
        n_cycles=calendar.n_cycles,
        n_rules=len(model.programmes),
        n_limits=len(model.limits),
        n_clocks=len(_timers(model)),
        starts=np.concatenate([[0.0], np.cumsum(calendar.days)]),
        pace=pace.ravel(),
        first=first,
        edge=order,
        target=model.generator.target[order],
        rate=np.ascontiguousarray(rate),
        total=total,
        staying=staying,
        salt=np.array(salts),
        salt_way=np.array([decision_key("way", str(number)) for number in salts]),
        **_people(model, draw),
        **_rules(model, draw),
        **_limits(model, draw, order),
        **_clocks(model, timer),
        **stay_tables(model, draw),
    )
    return Tables(*(_in_a_row(field) for field in tables))


def simple_edges(model: Model) -> NDArray[np.bool_]:
    """Tell along which edges people move at the model's rate and nothing else: (edge,).

    Not where an entry may be held back, where a clock passes at a time of its own, nor where the
    length of stay has a memory.
    """
    simple = np.ones(len(model.generator.source), dtype=bool)
    for law in model.stays:
        simple[law.edges] = False
    for limit in model.limits:
        simple[limit.entry] = False
        simple[limit.spill[limit.spill != WAIT]] = False
    if not model.discrete:
        for clock in model.clocks:
            simple[model.generator.domain == clock.domain] = False
    return simple


def _in_a_row(field: Any) -> Any:
    """Return an array as the compiled kernel reads it: its numbers one after the other."""
    return np.ascontiguousarray(field) if isinstance(field, np.ndarray) else field


def _codes(model: Model, cells: Ints, what: str) -> Keys:
    """Return a code for where each group is, whatever programmes a strategy has."""
    names = [model.axes.cell_name(int(cell)) for cell in cells]
    return np.array([decision_key(what, name) for name in names], dtype=np.uint64)


def _there(model: Model, draw: int) -> dict[str, Any]:
    """Return the groups of the start: one for all who are alike, wherever the file lists them."""
    timers, so_far = len(_timers(model)), ages_at_start(model)
    found: dict[tuple[int, tuple[float, ...], tuple[float, ...]], float] = {}
    if timers or says_so_far(model):
        for one, age in zip(model.groups, so_far.tolist(), strict=True):
            alike = (one.cell, one.days[:timers], tuple(age))
            found[alike] = found.get(alike, 0.0) + float(one.persons[draw])
    else:
        initial, none = model.initial[: model.axes.n_cells, draw], (0.0,) * so_far.shape[1]
        found = {(int(cell), (), none): float(initial[cell]) for cell in np.flatnonzero(initial)}
    codes = []
    for cell, days, ages in found:
        times = [str(float(one)) for one in (*days, *ages)] if any(days) or any(ages) else []
        codes.append(decision_key("initial", model.axes.cell_name(cell), *times))
    n = len(found)
    return {
        "initial_cell": np.array([cell for cell, _, _ in found], dtype=np.int64),
        "initial_code": np.array(codes, dtype=np.uint64),
        "initial_persons": np.array(list(found.values())),
        "initial_days": np.array([days for _, days, _ in found]).reshape(n, timers),
        "initial_age": np.array([ages for _, _, ages in found]).reshape(n, so_far.shape[1]),
    }


def _people(model: Model, draw: int) -> dict[str, Any]:
    even = model.arrived_evenly()[:, : model.axes.n_cells, draw]
    by_chance = model.arrived()[:, : model.axes.n_cells, draw] - even
    mixed = (even != 0).any(axis=0)  # what subtracting leaves there is no more than rounding
    by_chance[:, mixed] = np.where(abs(by_chance) < 1e-12, 0.0, by_chance)[:, mixed]
    random_cells, even_cells = (np.flatnonzero(one.any(axis=0)) for one in (by_chance, even))
    cells = np.concatenate([random_cells, even_cells])
    return {
        **_there(model, draw),
        "come_days": _days_at(model, cells),
        "come_cell": cells,
        "come_code": np.concatenate(
            [
                _codes(model, random_cells, "arrival"),
                _codes(model, even_cells, "arrival at even distances"),
            ]
        ),
        "come_mean": np.concatenate([by_chance[:, random_cells], even[:, even_cells]], axis=1),
        "come_even": np.repeat([False, True], [len(random_cells), len(even_cells)]),
    }


def _rules(model: Model, draw: int) -> dict[str, Any]:
    axes, rules = model.axes, model.programmes
    cells = np.arange(axes.n_cells).reshape(axes.cell_shape)
    by_cell = (len(rules), axes.n_cells)
    enrol_to = np.zeros(by_cell, dtype=np.int64)
    for number, rule in enumerate(rules):
        enrol_to[number] = np.broadcast_to(cells[:, [rule.status]], axes.cell_shape).ravel()
    by_cycle = (len(rules), model.calendar.n_cycles)
    return {
        "status": np.unravel_index(np.arange(axes.n_cells), axes.cell_shape)[1],
        "rule_status": np.array([rule.status for rule in rules], dtype=np.int64),
        "eligible": np.array([rule.eligible for rule in rules], dtype=bool).reshape(by_cell),
        "rule_rank": _ranks([rule.rank for rule in rules], axes.n_cells),
        "enrol_to": enrol_to,
        "places": np.array([rule.places[:, draw] for rule in rules]).reshape(by_cycle),
        "most": np.array([rule.most[:, draw] for rule in rules]).reshape(by_cycle),
        "share": np.array([rule.share_of_waiting[draw] for rule in rules]),
        "salt_rule": np.array([decision_key("rule", one.name) for one in rules], dtype=np.uint64),
    }


def _ranks(ranks: list[Ints | None], n_cells: int) -> Ints:
    """Return the declared priority of each cell, 0 where none is: (rule or limit, cell)."""
    alike = np.zeros(n_cells, dtype=np.int64)
    every = [alike if one is None else one for one in ranks]
    return np.array(every, dtype=np.int64).reshape(len(ranks), n_cells)


def _limits(model: Model, draw: int, order: Ints) -> dict[str, Any]:
    axes, limits = model.axes, model.limits
    where = np.empty_like(order)
    where[order] = np.arange(len(order))
    entry_limit = np.full(len(order), -1)
    spill = np.full(len(order), -1)
    for number, limit in enumerate(limits):
        entry_limit[where[limit.entry]] = number
        there = limit.spill != WAIT
        spill[where[limit.entry[there]]] = where[limit.spill[there]]
    by_cell = (len(limits), axes.n_cells)
    states = [
        np.tile(axes.state_position(limit.domain), axes.n_cells // axes.n_states)
        for limit in limits
    ]
    salts = [decision_key("places", limit.domain, limit.state) for limit in limits]
    return {
        "inside": np.array([limit.inside for limit in limits], dtype=bool).reshape(by_cell),
        "limit_places": np.array([limit.places[:, draw] for limit in limits]).reshape(
            len(limits), model.calendar.n_cycles
        ),
        "limit_rank": _ranks([one.rank for one in limits], axes.n_cells),
        "limit_state": np.array(states, dtype=np.int64).reshape(by_cell),
        "entry_limit": entry_limit,
        "spill": spill,
        "overflow": np.array([one.overflow for one in limits], dtype=np.int64).reshape(by_cell),
        "salt_limit": np.array(salts, dtype=np.uint64),
    }
