"""The Monte Carlo error of money and of what is not money, in a run of histories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from som_sim.frames.build import frame
from som_sim.outcomes.economics import GROUPS, PERSPECTIVES, VIEWS, view_factors
from som_sim.outcomes.monte_carlo import Estimate, estimate, estimate_of_ratio

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result

Array = NDArray[np.float64]
Row = dict[str, Any]
TOTAL = "total"
COLUMNS = (
    "figure", "strategy", "name", "year", "view", "unit", "booked", "mean", "error", "low", "high",
    "sd", "p05", "p95",
)  # fmt: skip


def monte_carlo(result: Result) -> pd.DataFrame:
    """Return how sure every amount and value is that was taken from histories.

    Amounts are in øre, by year and over the run; `booked` is the sum of postings, which the error
    belongs to. Without the individual engine there are no rows.
    """
    rows: list[Row] = []
    if result.engine == "individual":
        for strategy in result.strategies:
            rows += _costs(result, strategy)
            rows += _not_money(result, strategy)
    return frame(rows, COLUMNS)


def costs_of_histories(result: Result, strategy: str, payer: str, view: str) -> Array:
    """Return what a payer bears in each year of each history: (year, replicate), øre."""
    run = result.runs[strategy]
    assert run.replicates is not None
    years = run.costs.years
    factors = view_factors(run.spec, years)[view]
    borne = np.zeros((len(years), run.replicates.replicates))
    for member in GROUPS.get(payer, (payer,)):
        for at, year in enumerate(years):
            borne[at] += run.replicates.figures["cost", strategy, member, year]
    found: Array = borne * factors[:, None]
    return found


def _costs(result: Result, strategy: str) -> Iterator[Row]:
    costs, years = result.runs[strategy].costs, result.runs[strategy].costs.years
    net = result.net_of(strategy)
    for payer in PERSPECTIVES:
        for view in VIEWS:
            mine = costs_of_histories(result, strategy, payer, view)
            before = costs_of_histories(result, result.reference, payer, view)
            tables = [("cost", mine, costs.amounts[view, payer])]
            if strategy != result.reference:
                tables.append(("net", before - mine, net.amounts[view, payer]))
            for figure, each, booked in tables:
                key = {"figure": figure, "strategy": strategy, "name": payer, "view": view}
                for at, year in enumerate(years):
                    found = estimate(each[at], float(booked[at]))
                    yield _row(key, year, "oere", int(booked[at]), found)
                whole = estimate(each.cumsum(axis=0)[-1], float(booked.sum()))
                yield _row(key, TOTAL, "oere", int(booked.sum()), whole)


def _not_money(result: Result, strategy: str) -> Iterator[Row]:
    run, reference = result.runs[strategy], result.runs[result.reference]
    assert run.replicates is not None and reference.replicates is not None
    key: Row = {"strategy": strategy, "view": ""}
    for name, value in run.spec.values.items():
        mine = _whole_value(result, strategy, name)
        booked = float(run.values.amounts[name].sum())
        about = {**key, "figure": "value", "name": name}
        yield _row(about, TOTAL, value.per, booked, estimate(mine, booked))
        if strategy != result.reference and name in reference.values.amounts:
            more = booked - float(reference.values.amounts[name].sum())
            each = mine - _whole_value(result, result.reference, name)
            about = {**key, "figure": "value_difference", "name": name}
            yield _row(about, TOTAL, value.per, more, estimate(each, more))
    if strategy == result.reference:
        return
    avoided = reference.replicates.homeless_days - run.replicates.homeless_days
    table = next(row for row in result.comparison.to_dict("records") if row["strategy"] == strategy)
    days = float(table["homeless_days_avoided"])
    about = {**key, "figure": "homeless_days_avoided", "name": ""}
    yield _row(about, TOTAL, "person_day", days, estimate(avoided, days))
    cost = table["cost_per_homeless_day_avoided_oere"]
    if not _missing(cost):
        spent = sum(
            sign * costs_of_histories(result, one, "public", "constant").cumsum(axis=0)[-1]
            for one, sign in ((strategy, 1.0), (result.reference, -1.0))
        )
        about = {"figure": "cost_per_homeless_day_avoided", "strategy": strategy,
                 "name": "public", "view": "constant"}  # fmt: skip
        found = estimate_of_ratio(np.asarray(spent), avoided, float(cost))
        yield _row(about, TOTAL, "oere", int(cost), found)


def _whole_value(result: Result, strategy: str, name: str) -> Array:
    """Return a value over the run in each history: (replicate,)."""
    run = result.runs[strategy]
    assert run.replicates is not None
    years = run.values.years
    rows = [run.replicates.figures["value", strategy, name, year] for year in years]
    whole: Array = np.array(rows).cumsum(axis=0)[-1]
    return whole


def _missing(cell: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(cell))


def _row(key: Row, year: int | str, unit: str, booked: float, found: Estimate) -> Row:
    return {**key, "year": year, "unit": unit, "booked": booked, **asdict(found)}
