"""Postings, costs, nets, break-even, grants and the checks of the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from som_sim.core.names import PAYERS
from som_sim.frames.build import frame, runs
from som_sim.frames.outcomes import NO_DAYS_AVOIDED
from som_sim.ledger.funding import by_cycle
from som_sim.ledger.funding import funding as funding_of
from som_sim.ledger.ledger import KINDS, PROVIDER, payer_number
from som_sim.outcomes.appraisal import appraise, participants
from som_sim.outcomes.economics import GROUPS, PERSPECTIVES, VIEWS, CostTable
from som_sim.outcomes.effectiveness import LARGEST_COST
from som_sim.outcomes.savings import savings as savings_of

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result


def ledger(result: Result) -> pd.DataFrame:
    """Return postings of payers, summed by year, account, item, kind and payer."""
    rows = []
    for name, run in runs(result):
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
    return frame(rows, columns)


def _by_payer(tables: list[CostTable]) -> pd.DataFrame:
    rows = []
    for table in tables:
        for payer in PERSPECTIVES:
            for number, year in enumerate(table.years):
                amounts = {f"{v}_oere": int(table.amounts[v, payer][number]) for v in VIEWS}
                rows.append({"strategy": table.strategy, "payer": payer, "year": year, **amounts})
    return frame(rows, ("strategy", "payer", "year", *(f"{view}_oere" for view in VIEWS)))


def cost_by_year(result: Result) -> pd.DataFrame:
    """Return what each payer bears by year."""
    return _by_payer([run.costs for _, run in runs(result)])


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
            "first_cost_year": found.first_cost_year,
        }
        for name in result.strategies[1:]
        for payer in PERSPECTIVES
        for found in (result.break_even_of(payer, name),)
    ]
    table = frame(rows, ("strategy", "payer", "year", "first_cost_year"))
    return table.astype({"year": "Int64", "first_cost_year": "Int64"})


def economics(result: Result) -> pd.DataFrame:
    """Return what each strategy is worth against the reference, for each payer and perspective."""
    rows = []
    days = result.comparison.set_index("strategy")
    base = result.runs[result.reference]
    for name, run in runs(result):
        if name == result.reference:
            continue
        people = participants(base.trajectory, run.trajectory)
        avoided = float(days["homeless_days_avoided"][name])
        if avoided <= NO_DAYS_AVOIDED * float(days["homeless_days"][result.reference]):
            avoided = 0.0
        for payer in PERSPECTIVES:
            ledgers = base.books.ledger, run.books.ledger
            found = appraise(run.spec, payer, result.net_of(name), ledgers)
            worth = found.net_present_value
            rows.append(
                {
                    "strategy": name,
                    "payer": payer,
                    "net_present_value_oere": worth,
                    "benefits_oere": round(found.benefits),
                    "costs_oere": round(found.costs),
                    "benefit_cost_ratio": _number(found.benefit_cost_ratio),
                    "internal_rate_of_return": _number(found.internal_rate_of_return),
                    "payback_years": _number(found.payback_years),
                    "participants": people,
                    "net_per_participant_oere": _each(worth, people),
                    "net_per_homeless_day_avoided_oere": _each(worth, avoided),
                }
            )
    columns = (
        "strategy", "payer", "net_present_value_oere", "benefits_oere", "costs_oere",
        "benefit_cost_ratio", "internal_rate_of_return", "payback_years", "participants",
        "net_per_participant_oere", "net_per_homeless_day_avoided_oere",
    )  # fmt: skip
    whole = [name for name in columns if name.endswith("_oere")]
    return frame(rows, columns).astype(dict.fromkeys(whole, "Int64"))


def _each(oere: int, units: float) -> int | None:
    """Return an amount for each unit; None where there are none, or next to none."""
    return round(oere / units) if abs(oere) < LARGEST_COST * units else None


def _number(value: float | None) -> float:
    return np.nan if value is None else value


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
            "own_oere": year.own,
            "clawed_back_oere": year.clawed_back,
        }
        for name, run in runs(result)
        for year in run.books.grants
    ]
    columns = (
        "strategy", "grant", "year", "award_oere", "paid_oere", "carried_in_oere", "covered_oere",
        "used_oere", "returned_oere", "carried_out_oere", "own_oere", "clawed_back_oere",
    )  # fmt: skip
    return frame(rows, columns)


def savings(result: Result) -> pd.DataFrame:
    """Return gross, avoidable and cashable saving by item, payer and year, in current prices."""
    rows = []
    base = result.runs[result.reference].books
    for name, run in runs(result):
        if name == result.reference:
            continue
        for one in savings_of(run.spec, run.trajectory, run.books, base):
            for position, year in enumerate(run.costs.years):
                amounts = [int(a[position]) for a in (one.gross, one.avoidable, one.cashable)]
                if any(amounts):
                    keys = ("gross_oere", "avoidable_oere", "cashable_oere")
                    rows.append(
                        {
                            "strategy": name,
                            "item": one.item,
                            "account": one.account,
                            "payer": one.payer,
                            "year": year,
                            **dict(zip(keys, amounts, strict=True)),
                        }
                    )
    columns = (
        "strategy", "item", "account", "payer", "year", "gross_oere", "avoidable_oere",
        "cashable_oere",
    )  # fmt: skip
    return frame(rows, columns)


def liquidity(result: Result) -> pd.DataFrame:
    """Return what each payer saves in each cycle, and the running sum, in current prices."""
    rows = []
    base = result.runs[result.reference].books.ledger
    for name, run in runs(result):
        if name == result.reference:
            continue
        starts = run.trajectory.model.calendar.boundaries
        for payer in PERSPECTIVES:
            members = GROUPS.get(payer, (payer,))
            net = by_cycle(base, members) - by_cycle(run.books.ledger, members)
            rows += [
                {
                    "strategy": name,
                    "payer": payer,
                    "start": day.isoformat(),
                    "net_oere": int(amount),
                    "cumulative_oere": int(total),
                }
                for day, amount, total in zip(starts, net, np.cumsum(net), strict=False)
            ]
    return frame(rows, ("strategy", "payer", "start", "net_oere", "cumulative_oere"))


def funding(result: Result) -> pd.DataFrame:
    """Return what each payer bears as awarded and when tranches fall away; its peak funding."""
    rows = []
    base = result.runs[result.reference].books.ledger
    for name, run in runs(result):
        if name == result.reference:
            continue
        calendar = run.trajectory.model.calendar
        for found in funding_of(run.spec, run.trajectory, run.books, base):
            last = found.peak_cycle
            rows.append(
                {
                    "strategy": name,
                    "case": found.case.name,
                    "probability": _number(found.case.probability),
                    "payer": found.payer,
                    "grants_oere": round(found.grants),
                    "net_oere": round(found.net),
                    "peak_funding_oere": found.peak,
                    "peak_at": "" if last is None else calendar.boundaries[last + 1].isoformat(),
                }
            )
    columns = (
        "strategy", "case", "probability", "payer", "grants_oere", "net_oere",
        "peak_funding_oere", "peak_at",
    )  # fmt: skip
    return frame(rows, columns).astype({"peak_funding_oere": "Int64"})


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
        for name, run in runs(result)
        for check in run.checks
    ]
    oere = ("expected_oere", "actual_oere", "residual_oere")
    persons = ("expected_persons", "actual_persons", "residual_persons")
    table = frame(rows, ("strategy", "check", *oere, "ok", "detail", *persons))
    return table.astype(dict.fromkeys(oere, "Int64"))
