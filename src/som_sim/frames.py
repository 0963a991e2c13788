"""Tidy tables of a result: one fact a row, ISO dates, labels in place of positions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.names import ARRIVAL, PAYERS
from som_sim.ledger.ledger import KINDS, PROVIDER, payer_number
from som_sim.model.model import AGEING, PROGRAMME_MOVE, Model
from som_sim.outcomes.economics import PERSPECTIVES, VIEWS, CostTable
from som_sim.outcomes.measure import measure, persons_at
from som_sim.scenario.schema import Text

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result, StrategyRun

NO_DAYS_AVOIDED = 1e-9
"""Relative to the reference's homeless days: a smaller difference is float rounding, not an effect
to divide by."""


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def _concat(parts: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))


def _runs(result: Result) -> Iterator[tuple[str, StrategyRun]]:
    yield from result.runs.items()


def _label(label: Text | None, name: str) -> dict[str, str]:
    return {
        "label_da": label.da if label else name,
        "label_en": label.en if label else name,
    }


def targets(result: Result) -> pd.DataFrame:
    """Return each target in each strategy."""
    rows = []
    for name, run in _runs(result):
        for one in run.targets:
            target = run.spec.targets[one.target]
            window = target.during.from_ if target.during else target.at
            assert window is not None
            rows.append(
                {
                    "strategy": name,
                    "target": one.target,
                    **_label(target.label, one.target),
                    "at": window.start.isoformat(),
                    "over_days": target.over.days if target.over else 0.0,
                    "baseline": np.nan if target.baseline is None else float(target.baseline),
                    "goal": float(target.goal),
                    "better": target.better,
                    "projected": one.projected,
                    "met": one.met,
                    "probability": np.nan if one.probability is None else one.probability,
                    "probability_no_change": np.nan
                    if one.probability_no_change is None
                    else one.probability_no_change,
                }
            )
    columns = (
        "strategy", "target", "label_da", "label_en", "at", "over_days", "baseline", "goal",
        "better", "projected", "met", "probability", "probability_no_change",
    )  # fmt: skip
    return _frame(rows, columns)


def indicator_paths(result: Result) -> pd.DataFrame:
    """Return each count target's indicator at the start of every cycle."""
    rows = []
    for name, run in _runs(result):
        calendar = run.trajectory.model.calendar
        for key, target in run.spec.targets.items():
            where = target.indicator.persons_in
            if where is None:
                continue
            over = target.over.days if target.over else 0.0
            for day in calendar.boundaries[:-1]:
                if (calendar.end - day).days >= over:
                    persons = persons_at(run.spec, run.trajectory, where, day, over)
                    rows.append(
                        {
                            "strategy": name,
                            "target": key,
                            "date": day.isoformat(),
                            "persons": persons,
                        }
                    )
    return _frame(rows, ("strategy", "target", "date", "persons"))


def observations(result: Result) -> pd.DataFrame:
    """Return what was counted beside what each strategy gives."""
    rows = []
    for name, run in _runs(result):
        for number, one in enumerate(run.spec.observations):
            window = one.during.from_ if one.during else one.at
            assert window is not None
            same = [
                key
                for key, target in run.spec.targets.items()
                if (target.indicator, target.over) == (one.indicator, one.over)
            ]
            rows.append(
                {
                    "strategy": name,
                    "observation": number,
                    **_label(one.label, f"observations[{number}]"),
                    "at": window.start.isoformat(),
                    "value": float(one.value),
                    "projected": measure(run.spec, run.trajectory, one),
                    "source": one.source or "",
                    "target": same[0] if same else "",
                }
            )
    columns = (
        "strategy", "observation", "label_da", "label_en", "at", "value", "projected", "source",
        "target",
    )  # fmt: skip
    return _frame(rows, columns)


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
    return pd.DataFrame({**table, value: moved.ravel()})


def occupancy(result: Result) -> pd.DataFrame:
    """Return persons at each cycle boundary, after enrolment."""
    parts = [
        _cells(
            run.trajectory.model, run.trajectory.occupancy[0, 0], _dates(run, 0), "date", "persons"
        )
        for _, run in _runs(result)
    ]
    return _concat(parts, ())


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
        for _, run in _runs(result)
    ]
    return _concat(parts, ())


def _dates(run: StrategyRun, drop: int) -> tuple[str, ...]:
    boundaries = run.trajectory.model.calendar.boundaries
    return tuple(day.isoformat() for day in boundaries[: len(boundaries) - drop])


FLOW_COLUMNS = ("strategy", "start", "stratum", "programme", "domain", "from", "to", "persons")


def flows(result: Result) -> pd.DataFrame:
    """Return expected moves in each cycle, summed over the states of other domains.

    Arrivals come ``from`` ``arrival``, once for each domain; leavers go ``to`` the way they left,
    in the domain whose transition took them; a change of programme is in the domain ``programme``,
    ageing in the domain ``stratum``.
    """
    parts = [_flows(run) for _, run in _runs(result)]
    table = _concat(parts, FLOW_COLUMNS)
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
    return _concat([moves, _arrivals(run, starts), _enrolled(run, starts)], FLOW_COLUMNS)


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
    return _frame(rows, FLOW_COLUMNS)


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
    return _frame(rows, FLOW_COLUMNS)


def programmes(result: Result) -> pd.DataFrame:
    """Return places, persons in the programme, enrolled and waiting at each cycle's start."""
    rows = []
    for name, run in _runs(result):
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
    return _frame(rows, columns)


def ledger(result: Result) -> pd.DataFrame:
    """Return postings of payers, summed by year, account, item, kind and payer."""
    rows = []
    for name, run in _runs(result):
        book = run.books.ledger
        published = book.payer != payer_number(PROVIDER)
        keys = np.stack([book.year, book.item, book.kind, book.payer])[:, published]
        unique, inverse = np.unique(keys, axis=1, return_inverse=True)
        amounts = np.zeros(unique.shape[1], dtype=np.int64)
        np.add.at(amounts, inverse.ravel(), book.amount[published])
        for (year, item, kind, payer), amount in zip(unique.T, amounts, strict=True):
            account, label = book.items[item]
            rows.append(
                {
                    "strategy": name,
                    "year": int(year),
                    "account": account,
                    "item": label,
                    "kind": KINDS[kind],
                    "payer": PAYERS[payer],
                    "amount_oere": int(amount),
                }
            )
    columns = ("strategy", "year", "account", "item", "kind", "payer", "amount_oere")
    return _frame(rows, columns)


def _by_payer(tables: list[CostTable]) -> pd.DataFrame:
    rows = []
    for table in tables:
        for payer in PERSPECTIVES:
            for number, year in enumerate(table.years):
                amounts = {f"{v}_oere": int(table.amounts[v, payer][number]) for v in VIEWS}
                rows.append({"strategy": table.strategy, "payer": payer, "year": year, **amounts})
    return _frame(rows, ("strategy", "payer", "year", *(f"{view}_oere" for view in VIEWS)))


def cost_by_year(result: Result) -> pd.DataFrame:
    """Return what each payer bears by year."""
    return _by_payer([run.costs for _, run in _runs(result)])


def net_by_year(result: Result) -> pd.DataFrame:
    """Return what each payer saves by year, for every strategy but the reference."""
    return _by_payer([result.net_of(name) for name in result.strategies[1:]])


def break_even_table(result: Result) -> pd.DataFrame:
    """Return when each payer has its money back, in constant prices."""
    rows = [
        {
            "strategy": name,
            "payer": payer,
            "year": found.year,
            "first_cost_year": found.first_year,
        }
        for name in result.strategies[1:]
        for payer in PERSPECTIVES
        for found in (result.break_even_of(payer, name),)
    ]
    table = _frame(rows, ("strategy", "payer", "year", "first_cost_year"))
    return table.astype({"year": "Int64", "first_cost_year": "Int64"})


def comparison(result: Result) -> pd.DataFrame:
    """Return homeless days, days avoided and what one costs the public, in constant prices."""
    import pandas as pd

    rows = []
    days = {
        name: float(run.trajectory.person_days[0, 0][..., run.trajectory.model.homeless].sum())
        for name, run in _runs(result)
    }
    for name in result.strategies:
        avoided = days[result.reference] - days[name]
        net = int(result.net_of(name).amounts["constant", "public"].sum())
        rows.append(
            {
                "strategy": name,
                "homeless_days": days[name],
                "homeless_days_avoided": avoided,
                "net_public_constant_oere": net,
                "cost_per_homeless_day_avoided_oere": round(-net / avoided)
                if avoided > NO_DAYS_AVOIDED * days[result.reference]
                else None,
            }
        )
    columns = (
        "strategy", "homeless_days", "homeless_days_avoided", "net_public_constant_oere",
        "cost_per_homeless_day_avoided_oere",
    )  # fmt: skip
    table = _frame(rows, columns)
    last = columns[-1]
    table[last] = pd.array(table[last].to_list(), dtype="Int64")
    return table


def grants(result: Result) -> pd.DataFrame:
    """Return each grant by year."""
    rows = [
        {
            "strategy": name,
            "grant": year.grant,
            "year": year.year,
            "award_oere": year.awarded,
            "paid_oere": year.paid,
            "carried_in_oere": year.carried_in,
            "covered_oere": year.covered,
            "used_oere": year.used,
            "returned_oere": year.returned,
            "carried_out_oere": year.carried_out,
        }
        for name, run in _runs(result)
        for year in run.books.grants
    ]
    columns = (
        "strategy", "grant", "year", "award_oere", "paid_oere", "carried_in_oere", "covered_oere",
        "used_oere", "returned_oere", "carried_out_oere",
    )  # fmt: skip
    return _frame(rows, columns)


def reconciliation(result: Result) -> pd.DataFrame:
    """Return every check; figures in persons stand in columns of their own."""
    rows = [
        {
            "strategy": name,
            "check": check.check,
            f"expected_{check.unit}": check.expected,
            f"actual_{check.unit}": check.actual,
            f"residual_{check.unit}": check.residual,
            "ok": check.ok,
            "detail": check.detail,
        }
        for name, run in _runs(result)
        for check in run.checks
    ]
    oere = ("expected_oere", "actual_oere", "residual_oere")
    persons = ("expected_persons", "actual_persons", "residual_persons")
    table = _frame(rows, ("strategy", "check", *oere, "ok", "detail", *persons))
    return table.astype(dict.fromkeys(oere, "Int64"))
