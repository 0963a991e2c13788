"""People, time and moves, with labels in place of positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.names import ARRIVAL
from som_sim.frames.build import concat, frame, runs
from som_sim.model.clocks import possible
from som_sim.model.model import AGEING, PROGRAMME_MOVE, Model

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result, StrategyRun


def _cells(
    model: Model, values: NDArray[np.float64], dates: tuple[str, ...], date: str, value: str
) -> pd.DataFrame:
    """Return (stratum, programme, date, state) values as rows with a column a domain."""
    import pandas as pd

    axes = model.axes
    moved = np.moveaxis(values, 2, 0)
    index = np.indices(moved.shape).reshape(4, -1)
    table = {
        "strategy": np.full(moved.size, model.strategy, dtype=object),
        date: np.array(dates, dtype=object)[index[0]],
        "stratum": np.array(axes.strata, dtype=object)[index[1]],
        "programme": np.array(axes.programmes, dtype=object)[index[2]],
    }
    for position, domain in enumerate(axes.domains):
        names = np.array(axes.states[position], dtype=object)
        table[domain] = names[axes.state_position(domain)[index[3]]]
    rows = pd.DataFrame({**table, value: moved.ravel()})
    return rows if not axes.clocks else _at_times(rows, model, index, value)


def _at_times(
    rows: pd.DataFrame, model: Model, index: NDArray[np.intp], value: str
) -> pd.DataFrame:
    """Leave out the times that people cannot be at, and add up the phases of a personal window."""
    cells = np.ravel_multi_index(tuple(index[1:]), model.axes.cell_shape)
    rows = rows.loc[possible(model.clocks, model.axes.n_cells)[cells]]
    keys = [column for column in rows.columns if column != value]
    summed: pd.DataFrame = rows.groupby(keys, sort=False, as_index=False).sum()
    return summed


def occupancy(result: Result) -> pd.DataFrame:
    """Return persons at each cycle boundary, after enrolment."""
    parts = [
        _cells(
            run.trajectory.model, run.trajectory.occupancy[0, 0], _dates(run, 0), "date", "persons"
        )
        for _, run in runs(result)
    ]
    return concat(parts, ())


def person_time(result: Result) -> pd.DataFrame:
    """Return person-days in each cycle."""
    parts = [
        _cells(
            run.trajectory.model,
            run.trajectory.person_days[0, 0],
            _dates(run, 1),
            "start",
            "person_days",
        )
        for _, run in runs(result)
    ]
    return concat(parts, ())


def _dates(run: StrategyRun, drop: int) -> tuple[str, ...]:
    boundaries = run.trajectory.model.calendar.boundaries
    return tuple(day.isoformat() for day in boundaries[: len(boundaries) - drop])


FLOW_COLUMNS = ("strategy", "start", "stratum", "programme", "domain", "from", "to", "persons")


def flows(result: Result) -> pd.DataFrame:
    """Return expected moves in each cycle, summed over the states of other domains.

    Arrivals come ``from`` ``arrival``, once for each domain; leavers go ``to`` the way they left,
    in the domain whose transition took them; a change of programme is in the domain ``programme``,
    ageing in the domain ``stratum``. When a clock passes an edge, that is a move in the domain of
    the clock's name.
    """
    parts = [_flows(run) for _, run in runs(result)]
    table = concat(parts, FLOW_COLUMNS)
    table = table[table["from"] != table["to"]]  # a phase of a window passes within one time
    keys = list(FLOW_COLUMNS[:-1])
    summed: pd.DataFrame = table.groupby(keys, sort=False, as_index=False).sum()
    return summed


def _flows(run: StrategyRun) -> pd.DataFrame:
    import pandas as pd

    trajectory, model = run.trajectory, run.trajectory.model
    axes, edges = model.axes, model.generator
    starts = np.array(_dates(run, 1), dtype=object)
    stratum, programme, _ = np.unravel_index(edges.source, axes.cell_shape)
    labels: dict[str, Any] = {
        "stratum": np.array(axes.strata, dtype=object)[stratum],
        "programme": np.array(axes.programmes, dtype=object)[programme],
        "domain": np.array([*axes.domains, "stratum", "programme"], dtype=object)[edges.domain],
        "from": _state_names(axes, edges.domain, edges.source),
        "to": _state_names(axes, edges.domain, edges.target),
    }
    n_cycles, n_edges = model.calendar.n_cycles, len(edges.source)
    moves = pd.DataFrame(
        {
            "strategy": np.full(n_cycles * n_edges, model.strategy, dtype=object),
            "start": np.repeat(starts, n_edges),
            **{key: np.tile(values, n_cycles) for key, values in labels.items()},
            "persons": trajectory.flows[0, 0].ravel(),
        }
    )
    return concat([moves, _arrivals(run, starts), _enrolled(run, starts)], FLOW_COLUMNS)


def _state_names(axes: Axes, domain: NDArray[np.int64], place: NDArray[np.int64]) -> list[str]:
    names = []
    for one, where in zip(domain, place, strict=True):
        if where >= axes.n_cells:
            names.append(axes.leave[where - axes.n_cells])
        elif one == AGEING:
            names.append(axes.strata[np.unravel_index(where, axes.cell_shape)[0]])
        elif one == PROGRAMME_MOVE:
            names.append(axes.programmes[np.unravel_index(where, axes.cell_shape)[1]])
        else:
            position = axes.state_position(axes.domains[one])[where % axes.n_states]
            names.append(axes.states[one][position])
    return names


def _arrivals(run: StrategyRun, starts: NDArray[np.object_]) -> pd.DataFrame:
    model, rows = run.trajectory.model, []
    axes = model.axes
    arrived = model.arrived()[:, : axes.n_cells, 0]
    for cell in np.flatnonzero(arrived.any(axis=0)):
        stratum, programme, state = np.unravel_index(cell, axes.cell_shape)
        for start, persons in zip(starts, arrived[:, cell], strict=True):
            for position, domain in enumerate(axes.domains):
                to = axes.states[position][axes.state_position(domain)[state]]
                row = (
                    model.strategy, start, axes.strata[stratum], axes.programmes[programme],
                    domain, ARRIVAL, to, persons,
                )  # fmt: skip
                rows.append(dict(zip(FLOW_COLUMNS, row, strict=True)))
    return frame(rows, FLOW_COLUMNS)


def _enrolled(run: StrategyRun, starts: NDArray[np.object_]) -> pd.DataFrame:
    model, rows = run.trajectory.model, []
    axes = model.axes
    for position, rule in enumerate(model.programmes):
        by_status = run.trajectory.enrolments[0, 0, :, position].sum(axis=3)
        for cycle, stratum, programme in np.argwhere(by_status):
            row = (
                model.strategy, starts[cycle], axes.strata[stratum], axes.programmes[programme],
                "programme", axes.programmes[programme], rule.name,
                by_status[cycle, stratum, programme],
            )  # fmt: skip
            rows.append(dict(zip(FLOW_COLUMNS, row, strict=True)))
    return frame(rows, FLOW_COLUMNS)


def programmes(result: Result) -> pd.DataFrame:
    """Return places, persons in the programme, enrolled and waiting at each cycle's start."""
    rows = []
    for name, run in runs(result):
        trajectory = run.trajectory
        for position, rule in enumerate(trajectory.model.programmes):
            inside = trajectory.occupancy[0, 0, :, rule.status].sum(axis=(0, 2))
            enrolled = trajectory.enrolments[0, 0, :, position].sum(axis=(1, 2, 3))
            for cycle, date in enumerate(_dates(run, 1)):
                rows.append(
                    {
                        "strategy": name,
                        "programme": rule.name,
                        "date": date,
                        "places": rule.places[cycle, 0],
                        "enrolled": enrolled[cycle],
                        "persons_in": inside[cycle],
                        "waiting": trajectory.waiting[0, 0, cycle, position],
                    }
                )
    columns = ("strategy", "programme", "date", "places", "enrolled", "persons_in", "waiting")
    return frame(rows, columns)


def places(result: Result) -> pd.DataFrame:
    """Return every cycle of every state with a limited number of places.

    `bound` says that places were short: `admitted` is then the share of those who would have
    entered that did, and `turned_away` how many did not, by overflow or waiting (a person who
    waits counts again in each cycle).
    """
    rows = []
    for name, run in runs(result):
        trajectory, model = run.trajectory, run.trajectory.model
        for position, limit in enumerate(model.limits):
            inside = limit.inside.reshape(model.axes.cell_shape)
            occupied = trajectory.occupancy[0, 0].swapaxes(2, 3)[inside].sum(axis=0)
            entered = trajectory.flows[0, 0][:, limit.entry].sum(axis=1)
            entered += model.arrived()[:, : model.axes.n_cells, 0][:, limit.inside].sum(axis=1)
            for cycle, date in enumerate(_dates(run, 1)):
                admitted = float(trajectory.admitted[0, 0, cycle, position])
                rows.append(
                    {
                        "strategy": name,
                        "domain": limit.domain,
                        "state": limit.state,
                        "start": date,
                        "places": limit.places[cycle, 0],
                        "persons_end": occupied[cycle + 1],
                        "bound": admitted < 1,
                        "admitted": admitted,
                        "turned_away": entered[cycle] * (1 / admitted - 1) if admitted else np.nan,
                    }
                )
    columns = (
        "strategy", "domain", "state", "start", "places", "persons_end", "bound", "admitted",
        "turned_away",
    )  # fmt: skip
    return frame(rows, columns)
