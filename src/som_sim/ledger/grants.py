"""Grants: award, paid, used and returned are four accounts.

A tranche is paid at the start of its calendar year, or in equal parts at the start of its quarters.
What is used is at most what is available and at most the grant's share of what the covered items
cost the receiver that year, and at most what earlier grants of the strategy leave of it: no krone
is paid twice. A grant takes up its items in the order of `covers`. The rest is returned at the end
of the year, or carried to the next year, where the funder approves, and returned after the last
tranche. What no grant covers stays with the receiver. Where fewer people came than agreed, the
share that is missing is paid back after the last tranche.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from som_sim.core.money import oere_from_kroner, share_out
from som_sim.core.time import Calendar
from som_sim.ledger.ledger import ACCOUNTS_OF_PAYERS, MEMO, NOBODY, TRANSFER, Ints, Ledger
from som_sim.ledger.post import Journal
from som_sim.scenario.schema import Grant

Uncovered = dict[tuple[str, str, int], int]
"""What no grant has covered yet: (payer, item, year) to øre."""
PAID, RETURNED, CLAWBACK = "grant_paid", "grant_returned", "grant_clawback"
AWARD, USED = "grant_award", "grant_used"
QUARTERS = (1, 4, 7, 10)
"""First month of each quarter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantYear:
    """One calendar year of a grant; all amounts in øre.

    Attributes
    ----------
    awarded, paid
        The published tranche.
    carried_in, carried_out
        Unspent money from and to the neighbouring year.
    covered
        What the covered items cost the receiver, less what other grants cover.
    used, returned
        The use, and what goes back to the funder.
    own
        What the receiver finances itself: covered less used.
    clawed_back
        Paid back because fewer people came than agreed; in the last year only.
    """

    grant: str
    year: int
    awarded: int
    paid: int
    carried_in: int
    covered: int
    used: int
    returned: int
    carried_out: int
    own: int
    clawed_back: int = 0


def grant_years(grant: Grant) -> tuple[int, ...]:
    """Return the years of a grant; those between two tranches too when money is carried."""
    if grant.unspent == "carried":
        return tuple(range(min(grant.tranches), max(grant.tranches) + 1))
    return tuple(sorted(grant.tranches))


def tranche_oere(grant: Grant, year: int) -> int:
    """Return the tranche of a year, 0 in a year without one."""
    return oere_from_kroner(grant.tranches[year]) if year in grant.tranches else 0


def keeps_unspent(grant: Grant, year: int) -> bool:
    """Tell whether what is unspent at the end of a year is carried to the next."""
    if grant.unspent != "carried" or year >= max(grant.tranches):
        return False
    return grant.approved is None or year in grant.approved


def largest_use(grant: Grant, cost: int) -> int:
    """Return the most that a grant pays of a cost, in whole øre.

    Examples
    --------
    >>> from decimal import Decimal
    >>> half = Grant(
    ...     funder="stat", to="kommune", covers=("team",), total=Decimal(3), share=Decimal("0.5"),
    ...     tranches={2019: Decimal(3)}, unspent="returned",
    ... )
    >>> largest_use(half, 101), largest_use(half, -5)
    (50, 0)
    """
    return int(max(cost, 0) * Fraction(grant.share))


def plan_grant(
    name: str,
    grant: Grant,
    covered: Mapping[int, int],
    whole: Mapping[int, int] | None = None,
) -> tuple[GrantYear, ...]:
    """Return how a grant runs, year by year.

    Parameters
    ----------
    covered : mapping of year to øre
        What the covered items cost the receiver in each year of the run, less what grants before
        this one cover.
    whole : mapping of year to øre
        What they cost before any grant, of which the grant pays its share; `covered` without it.

    Examples
    --------
    >>> from decimal import Decimal
    >>> grant = Grant(
    ...     funder="stat", to="kommune", covers=("team",), total=Decimal(3),
    ...     tranches={2019: Decimal(1), 2020: Decimal(2)}, unspent="carried",
    ... )
    >>> [(y.used, y.carried_out, y.returned) for y in plan_grant("g", grant, {2019: 40, 2020: 200})]
    [(40, 60, 0), (200, 0, 60)]
    """
    years, carried = [], 0
    for year in grant_years(grant):
        tranche = tranche_oere(grant, year)
        cost = max(covered.get(year, 0), 0)
        share = largest_use(grant, cost if whole is None else whole.get(year, 0))
        used = min(tranche + carried, share, cost)
        unspent = tranche + carried - used
        keeps = keeps_unspent(grant, year)
        years.append(
            GrantYear(
                grant=name,
                year=year,
                awarded=tranche,
                paid=tranche,
                carried_in=carried,
                covered=cost,
                used=used,
                returned=0 if keeps else unspent,
                carried_out=unspent if keeps else 0,
                own=cost - used,
            )
        )
        carried = unspent if keeps else 0
    return tuple(years)


def claw_back(grant: Grant, plan: tuple[GrantYear, ...], people: float) -> tuple[GrantYear, ...]:
    """Return the plan with what is paid back because fewer people came than agreed.

    Parameters
    ----------
    people
        Who started in the programme of the agreement, by the end of the last year of the grant.
    """
    if grant.clawback is None:
        return plan
    missing = max(1 - people / float(grant.clawback.at_least), 0.0)
    used = sum(year.used for year in plan)
    back = round(used * missing * float(grant.clawback.share))
    return (*plan[:-1], replace(plan[-1], clawed_back=min(back, used)))


def item_costs(ledger: Ledger) -> Uncovered:
    """Return what each item costs each payer by year, in øre: refunds taken off, grants not."""
    costs: Uncovered = {}
    grants = [number for number, (account, _) in enumerate(ledger.items) if is_grant(account)]
    rows = (ledger.kind != MEMO) & ~np.isin(ledger.item, grants)
    columns = (ledger.item[rows], ledger.payer[rows], ledger.year[rows], ledger.amount[rows])
    for item, payer, year, amount in zip(*(one.tolist() for one in columns), strict=True):
        key = ACCOUNTS_OF_PAYERS[payer], ledger.items[item][1], year
        costs[key] = costs.get(key, 0) + amount
    return costs


def is_grant(account: str) -> bool:
    """Tell whether an account is one of those of grants."""
    return account in (PAID, RETURNED, CLAWBACK, AWARD, USED)


def plan_grants(
    grants: Mapping[str, Grant], uncovered: Uncovered, people: Callable[[str, int], float]
) -> dict[str, tuple[GrantYear, ...]]:
    """Return how the grants of a strategy run, each in turn on what those before it leave.

    Parameters
    ----------
    grants
        In the order of the strategy.
    uncovered
        What items cost before any grant; used up here.
    people
        Who started in a programme by the end of a year.
    """
    plans = {}
    whole = dict(uncovered)
    for name, grant in grants.items():
        plan = plan_grant(name, grant, covered_cost(uncovered, grant), covered_cost(whole, grant))
        settle(uncovered, grant, plan)
        if grant.clawback is not None:
            plan = claw_back(grant, plan, people(grant.clawback.programme, plan[-1].year))
        plans[name] = plan
    return plans


def covered_cost(uncovered: Uncovered, grant: Grant) -> dict[int, int]:
    """Return what the items of a grant still cost its receiver in each of its years."""
    return {
        year: sum(uncovered.get((grant.to, item, year), 0) for item in grant.covers)
        for year in grant_years(grant)
    }


def settle(uncovered: Uncovered, grant: Grant, plan: tuple[GrantYear, ...]) -> None:
    """Take a grant's use off the items it covers, in the order in which the file names them.

    An item that brings money in (a citizen's payment) has lowered the cost of the others, and is
    taken off with the use, so that a later grant does not pay what the citizen paid.
    """
    for year in (one for one in plan if one.used):
        keys = [(grant.to, item, year.year) for item in grant.covers]
        left = year.used - sum(min(uncovered.get(key, 0), 0) for key in keys)
        for key in keys:
            taken = min(left, max(uncovered.get(key, 0), 0))
            uncovered[key] = max(uncovered.get(key, 0), 0) - taken
            left -= taken


# When it is paid -------------------------------------------------------------------------------


def cycle_on(calendar: Calendar, day: dt.date) -> int:
    """Return the cycle that a day is in, or the nearest one of its year."""
    years = calendar.years
    first = years.index(day.year)
    last = len(years) - 1 - years[::-1].index(day.year)
    return min(max(bisect_right(calendar.boundaries, day) - 1, first), last)


def payment_days(grant: Grant, year: int) -> tuple[dt.date, ...]:
    """Return the days on which a year's tranche is paid, in equal parts."""
    if grant.paid != "quarterly":
        return (dt.date(year, 1, 1),)
    days = [dt.date(year, month, 1) for month in QUARTERS]
    if grant.from_ is not None:  # the quarter of the first month is the first
        start = grant.from_.start
        begun = start.replace(month=max(one for one in QUARTERS if one <= start.month))
        days = [day for day in days if day >= begun]
    return tuple(days)


def last_day_of(year: int) -> dt.date:
    """Return the day on which a grant's year is settled."""
    return dt.date(year, 12, 31)


def payments(grant: Grant, year: GrantYear, calendar: Calendar) -> Iterator[tuple[int, int]]:
    """Yield when a year's tranche is paid: the cycle and the amount in øre."""
    days = payment_days(grant, year.year)
    equal = (Fraction(1, len(days)),) * len(days)
    for day, part in zip(days, share_out(np.array([year.paid]), equal)[0].tolist(), strict=True):
        yield cycle_on(calendar, day), part


def cash(
    grant: Grant, plan: tuple[GrantYear, ...], calendar: Calendar
) -> Iterator[tuple[str, int, int]]:
    """Yield what passes from the funder to the receiver: account, cycle and amount in øre."""
    for year in plan:
        for cycle, amount in payments(grant, year, calendar):
            yield PAID, cycle, amount
        last = cycle_on(calendar, last_day_of(year.year))
        yield RETURNED, last, -year.returned
        yield CLAWBACK, last, -year.clawed_back


def post_grant(
    journal: Journal, grant: Grant, plan: tuple[GrantYear, ...], calendar: Calendar
) -> None:
    """Book a grant's plan: payment and return as transfers, award and use as memo rows."""
    for account, cycle, amount in cash(grant, plan, calendar):
        transaction = journal.transactions(1)
        for payer, sign in ((grant.funder, 1), (grant.to, -1)):
            row = (transaction, cycle, sign * amount)
            _row(journal, account, plan[0].grant, TRANSFER, payer, *row)
    for year in plan:
        first, last = (cycle_on(calendar, dt.date(year.year, *day)) for day in ((1, 1), (12, 31)))
        for account, cycle, payer, amount in (
            (AWARD, first, grant.funder, year.awarded),
            (USED, last, grant.to, year.used),
        ):
            row = (journal.transactions(1), cycle, amount)
            _row(journal, account, year.grant, MEMO, payer, *row)


def _row(
    journal: Journal,
    account: str,
    item: str,
    kind: int,
    payer: str,
    transaction: Ints,
    cycle: int,
    amount: int,
) -> None:
    if not amount and account == CLAWBACK:
        return
    where = np.array([[cycle, NOBODY, NOBODY]])
    number = journal.item_number(account, item)
    journal.add(number, where, kind, payer, transaction, np.array([amount]))
