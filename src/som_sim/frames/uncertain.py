"""What draws add to the tables: medians and intervals beside the base case.

Quantiles do not add up, and every table that holds some says so in its column ``quantiles``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.frames.build import frame
from som_sim.outcomes.economics import PERSPECTIVES, VIEWS
from som_sim.outcomes.uncertainty import (
    LEVEL,
    NOT_ADDITIVE,
    Key,
    Spread,
    Uncertainty,
    error_of_share,
)

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result

Row = dict[str, Any]
Cells = Callable[[Uncertainty, Row], Row]
TOTAL = "total"
BANDS = ("p025", "p25", "p50", "p75", "p975")
EXPECTED = tuple(f"expected_{one}" for one in BANDS)
COUNTED = tuple(f"counted_{one}" for one in BANDS)
INTERVALS = (
    "figure", "strategy", "name", "unit", "base", "median", "median_error", "low", "low_error",
    "high", "high_error", "probability", "probability_error", "chance_from",
    "sd_parameters", "sd_noise", "sd_chance", "quantiles",
)  # fmt: skip


def widen(result: Result, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with what the draws say of its figures; others as they are."""
    import pandas as pd

    found = result.uncertainty
    if found is None or name not in CELLS:
        return table
    if name == "ledger":
        table = _with_more_lines(found, table)
    cells = [
        CELLS[name](found, {str(k): v for k, v in row.items()}) for row in table.to_dict("records")
    ]
    more = pd.DataFrame(cells, index=table.index).astype(
        {key: "Int64" for one in cells[:1] for key in one if key.endswith("_oere")}
    )
    more["quantiles"] = NOT_ADDITIVE
    return pd.concat([table, more], axis=1)


def _with_more_lines(found: Uncertainty, table: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger with lines of which the base case has none and some draws have."""
    import pandas as pd

    names = ("strategy", "account", "item", "kind", "payer", "year")
    there = set(table[list(names)].itertuples(index=False, name=None))
    more = [
        dict(zip(names, key[1:], strict=True)) | {"amount_oere": 0}
        for key, spread in found.figures.items()
        if key[0] == "ledger" and key[1:] not in there and (spread.low or spread.high)
    ]
    if not more:
        return table
    return pd.concat([table, pd.DataFrame(more)[list(table.columns)]], ignore_index=True)


def _target(found: Uncertainty, row: Row) -> Row:
    name = row["strategy"], row["target"]
    chance = found.chances[name]
    return {
        **found.columns(("target", *name), "projected"),
        "count_low": chance.count_low,
        "count_median": chance.count_median,
        "count_high": chance.count_high,
        "draws_probability": chance.probability,
        "draws_probability_error": chance.error,
        "draws_chance_from": chance.chance_from or "",
        "expected_meets": chance.expected_meets,
        "expected_meets_error": chance.expected_meets_error,
        **found.columns(("target_difference", *name), "difference"),
    }


def _ledger(found: Uncertainty, row: Row) -> Row:
    names = ("strategy", "account", "item", "kind", "payer", "year")
    key: Key = ("ledger", *(row[name] for name in names))
    return found.columns(key, "amount", "_oere", decimals=0)


def _costs(found: Uncertainty, row: Row) -> Row:
    return _views(found, ("cost", row["strategy"], row["payer"], row["year"]), "")


def _nets(found: Uncertainty, row: Row) -> Row:
    key: Key = (row["strategy"], row["payer"], row["year"])
    net = found.figures["net", *key, "constant"]
    so_far = found.figures["cumulative", *key, "constant"]
    return {
        **_views(found, ("net", *key), ""),
        "probability_positive": net.above_zero,
        "probability_positive_error": net.above_zero_error,
        **_views(found, ("cumulative", *key), "cumulative_"),
        "cumulative_probability_positive": so_far.above_zero,
        "cumulative_probability_positive_error": so_far.above_zero_error,
    }


def _views(found: Uncertainty, key: Key, before: str) -> Row:
    cells: Row = {}
    for view in VIEWS:
        cells.update(found.columns((*key, view), f"{before}{view}", "_oere", decimals=0))
    return cells


def _values(found: Uncertainty, row: Row) -> Row:
    key: Key = ("value", row["strategy"], row["value"], row["year"])
    return {
        **found.columns((*key, "amount"), "amount"),
        **found.columns((*key, "discounted"), "discounted"),
    }


def _value_totals(found: Uncertainty, row: Row) -> Row:
    key: Key = (row["strategy"], row["value"], TOTAL)
    return {
        **found.columns(("value", *key, "amount"), "amount"),
        **found.columns(("value", *key, "discounted"), "discounted"),
        **found.columns(("value_difference", *key, "amount"), "difference"),
        **found.columns(("value_difference", *key, "discounted"), "difference_discounted"),
    }


def _comparison(found: Uncertainty, row: Row) -> Row:
    avoided: Key = ("homeless_days_avoided", row["strategy"])
    return {
        **found.columns(("homeless_days", row["strategy"]), "homeless_days"),
        **found.columns(avoided, "homeless_days_avoided"),
        "probability_avoided": found.figures[avoided].above_zero,
        "probability_avoided_error": found.figures[avoided].above_zero_error,
    }


CELLS: dict[str, Cells] = {
    "targets": _target,
    "ledger": _ledger,
    "cost_by_year": _costs,
    "net_by_year": _nets,
    "values": _values,
    "value_totals": _value_totals,
    "comparison": _comparison,
}
"""What the draws say of a row, by table."""


def intervals(result: Result) -> pd.DataFrame:
    """Return every headline figure: base case, median, interval, chance, each with its error.

    The chance is of a target met, of a net above 0, or of less homelessness and more of a value
    than in the reference. Without draws there are no rows.
    """
    found = result.uncertainty
    rows: list[Row] = []
    if found is None:
        return frame(rows, INTERVALS)

    def add(figure: str, key: Key, name: str, unit: str, base: float, **chance: Any) -> None:
        spread = found.figures[key]
        rows.append(
            {
                "figure": figure,
                "strategy": key[1],
                "name": name,
                "unit": unit,
                "base": base,
                **{what: getattr(spread, what) for what in INTERVALS[5:11]},
                "probability": spread.above_zero,
                "probability_error": spread.above_zero_error,
                "chance_from": "",
                **_levels(spread),
                **chance,
                "quantiles": NOT_ADDITIVE,
            }
        )

    for strategy, run in result.runs.items():
        for one in run.targets:
            chance = found.chances[strategy, one.target]
            if chance.probability is None:
                met, error = chance.expected_meets, chance.expected_meets_error
            else:
                met, error = chance.probability, chance.error or 0.0
            key: Key = ("target", strategy, one.target)
            met_by = {"probability": met, "probability_error": error,
                      "chance_from": chance.chance_from or ""}  # fmt: skip
            add("target", key, one.target, run.spec.targets[one.target].indicator.kind,
                one.projected, **met_by)  # fmt: skip
        if strategy == result.reference:
            continue
        _add_differences(result, strategy, add)
    return frame(rows, INTERVALS)


def _levels(spread: Spread) -> Row:
    """Return parameters and chance apart; no numbers where draws are not run as histories."""
    found = spread.levels
    if found is None:
        return dict.fromkeys(("sd_parameters", "sd_noise", "sd_chance"), np.nan)
    return {
        "sd_parameters": found.parameters,
        "sd_noise": found.noise,
        "sd_chance": found.chance,
    }


def target_paths(result: Result) -> pd.DataFrame:
    """Return what the draws say of each counted target at its time of every year.

    Without draws there are no rows.
    """
    rows: list[Row] = []
    paths = {} if result.uncertainty is None else result.uncertainty.paths
    for (strategy, target), points in paths.items():
        for point in points:
            rows.append(
                {
                    "strategy": strategy,
                    "target": target,
                    "date": point.date,
                    **dict(zip(EXPECTED, point.expected, strict=True)),
                    **dict(zip(COUNTED, point.counted, strict=True)),
                    "probability": point.probability,
                    "probability_error": point.error,
                    "quantiles": NOT_ADDITIVE,
                }
            )
    columns = ("strategy", "target", "date", *EXPECTED, *COUNTED, "probability",
               "probability_error", "quantiles")  # fmt: skip
    return frame(rows, columns)


def draws_summary(result: Result) -> dict[str, Any]:
    """Return what the draws say as plain values that JSON can hold."""
    found = result.uncertainty
    assert found is not None
    figures: dict[str, list[Row]] = {}
    for row in intervals(result).to_dict("records"):
        plain = {str(key): _plain(cell) for key, cell in row.items() if key != "quantiles"}
        figures.setdefault(str(plain.pop("strategy")), []).append(plain)
    return {
        "n": found.n_draws,
        "seed": found.seed,
        "sequence": found.sequence,
        "loops": found.loops,
        **({} if found.histories is None else {"histories": found.histories}),
        "interval": LEVEL,
        "quantiles": NOT_ADDITIVE,
        "uncertain": list(found.uncertain),
        "figures": figures,
    }


def _plain(cell: Any) -> Any:
    """Return a cell as JSON holds it: no number that is none."""
    return None if isinstance(cell, float) and not np.isfinite(cell) else cell


def _add_differences(result: Result, strategy: str, add: Callable[..., None]) -> None:
    """Add what a strategy changes: targets, net over the run, homeless days, values."""
    run, reference = result.runs[strategy], result.runs[result.reference]
    before = {one.target: one.projected for one in reference.targets}
    for one in run.targets:
        target = run.spec.targets[one.target]
        key: Key = ("target_difference", strategy, one.target)
        assert result.uncertainty is not None
        if key not in result.uncertainty.figures:
            continue
        spread = result.uncertainty.figures[key]
        better = spread.above_zero if target.better == "higher" else spread.below_zero
        add("target_difference", key, one.target, target.indicator.kind,
            one.projected - before[one.target], probability=better,
            probability_error=error_of_share(better, result.uncertainty.n_draws))  # fmt: skip
    net = result.net_of(strategy)
    for payer in PERSPECTIVES:
        total = int(net.amounts["constant", payer].sum())
        add("net", ("net", strategy, payer, TOTAL, "constant"), payer, "oere", total)
    days = [
        float(np.sum(one.trajectory.person_days[0, 0][..., one.trajectory.model.homeless]))
        for one in (reference, run)
    ]
    key = ("homeless_days_avoided", strategy)
    add("homeless_days_avoided", key, "", "person_day", days[0] - days[1])
    for name, value in run.spec.values.items():
        more = float(run.values.amounts[name].sum() - reference.values.amounts[name].sum())
        key = ("value_difference", strategy, name, TOTAL, "amount")
        assert result.uncertainty is not None
        spread = result.uncertainty.figures[key]
        better = spread.above_zero if value.better == "higher" else spread.below_zero
        add("value_difference", key, name, value.per, more, probability=better)
