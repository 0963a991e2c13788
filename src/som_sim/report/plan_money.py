"""What money tells of few persons: prices, budgets, and postings of person-time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.report import naming
from som_sim.report.disclosure import Disclosure
from som_sim.report.protect import Key, Line, Linked
from som_sim.scenario.prices import PERSON_TIME

if TYPE_CHECKING:
    from som_sim.report.plan import Plan
    from som_sim.result import Result


def tells_small_counts(result: Result, plan: Plan) -> bool:
    """Return whether a file with every posting tells small counts: quantities are person-time.

    Also where the switch shows everything, and then for what is small by the threshold.
    """
    if not naming.has_money(result):
        return False
    return bool(plan.hidden) or any(
        0 < persons < plan.rule.threshold
        for run in result.runs.values()
        for charge in run.books.charges
        for cycle, days in enumerate(run.trajectory.model.calendar.days)
        for one in charge.quantity[cycle].ravel()
        for persons in (persons_behind(charge.price.per, one, days),)
    )


def small_prices(result: Result, rule: Disclosure) -> Iterator[Line]:
    """Yield prices of few persons' time that one strategy alone pays.

    What a tenth more of such a price costs, divided by that tenth, is the person-time itself; where
    two strategies pay it, it is a difference.
    """
    paid: dict[str, dict[str, float]] = {}
    for strategy, run in result.runs.items():
        days = np.array(run.trajectory.model.calendar.days, dtype=float)
        for charge in run.books.charges:
            cycles = charge.quantity.reshape(len(days), -1).any(axis=1)
            if cycles.any():
                found = persons_behind(charge.price.per, charge.quantity, days[cycles])
                paid.setdefault(charge.name, {})[strategy] = found
    for name, persons in paid.items():
        alone = result.reference not in persons or len(persons) == 1
        if alone and any(rule.small(one) for one in persons.values()):
            yield ("price", name)


def single_items(result: Result, rule: Disclosure) -> Iterator[tuple[str, str, int]]:
    """Yield strategy, payer and year of amounts that are one item of few persons and known price.

    Totals of a payer are always shown; where one price with person-time is all that a payer bears
    in a year, the total divided by the price tells how many persons are behind it.
    """
    frame = result.ledger
    frame = frame[(frame["kind"] != "memo") & (frame["amount_oere"] != 0)]
    for (strategy, payer, year), rows in frame.groupby(["strategy", "payer", "year"], sort=False):
        items = rows["item"].unique()
        run = result.runs[str(strategy)]
        charge = next((one for one in run.books.charges if one.name == items[0]), None)
        if len(items) > 1 or charge is None:
            continue
        calendar = run.trajectory.model.calendar
        cycles = np.array(calendar.years) == int(str(year))
        days = np.array(calendar.days, dtype=float)[cycles]
        if rule.small(persons_behind(charge.price.per, charge.quantity[cycles], days)):
            yield str(strategy), str(payer), int(str(year))


def budgets(result: Result, rule: Disclosure) -> Linked:
    """Return the budget lines of every grant; a line is small when few persons are behind it."""
    linked = Linked()
    for strategy, run in result.runs.items():
        years = np.array(run.trajectory.model.calendar.years)
        days = np.array(run.trajectory.model.calendar.days, dtype=float)
        for grant in dict.fromkeys(one.grant for one in run.books.grants):
            by_year: dict[int, list[Key]] = {}
            for charge in run.books.charges:
                if charge.name not in run.spec.grants[grant].covers:
                    continue
                for year in dict.fromkeys(years.tolist()):
                    cycles = years == year
                    kroner = abs(int(charge.amount[cycles].sum())) / 100
                    if not kroner:
                        continue
                    persons = persons_behind(
                        charge.price.per, charge.quantity[cycles], days[cycles]
                    )
                    limit = kroner / persons * rule.threshold if persons else 0.0
                    key = ("budget", strategy, grant, charge.name, year)
                    linked.add(key, kroner, key, limit)
                    by_year.setdefault(year, []).append(key)
            for year, keys in by_year.items():
                total = ("budget_total", strategy, grant, year)
                linked.add(total, sum(linked.figures[key].value for key in keys), total, 0.0)
                linked.fixed.add(total)
                linked.adds_up(keys, total)
    return linked


def persons_behind(per: str, quantity: Any, days: Any) -> float:
    """Return the persons behind a quantity of a year: a mean of person-time, or those who moved.

    Parameters
    ----------
    per
        Unit of the price.
    quantity : (cycle, stratum, programme)
    days : (cycle,)

    Examples
    --------
    >>> persons_behind("person_day", np.full((2, 1, 1), 62.0), np.array([31.0, 31.0]))
    2.0
    >>> persons_behind("hour", np.ones((2, 1, 1)), np.array([31.0, 31.0]))
    0.0
    """
    whole = float(np.asarray(quantity).sum())
    if per in ("entry", "move", "enrolment"):
        return abs(whole)
    if per not in PERSON_TIME:
        return 0.0
    unit = {"person_day": 1.0, "person_month": 365.25 / 12, "person_year": 365.25}[per]
    return abs(whole) * unit / float(np.asarray(days).sum())
