"""Grants: award, paid, used and returned are four accounts.

A tranche is paid at the start of its calendar year. What is used is at most what is available and
at most what the covered items cost the receiver that year, less what earlier grants of the strategy
already cover: no krone is paid twice. A grant takes up its items in the order of `covers`. The rest
is returned at the end of the year, or carried to the next year and returned after the last tranche.
What no grant covers stays with the receiver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from som_sim.core.money import oere_from_kroner
from som_sim.ledger.ledger import ACCOUNTS_OF_PAYERS, MEMO, NOBODY, TRANSFER, Ints
from som_sim.ledger.post import Journal
from som_sim.scenario.schema import Grant

Uncovered = dict[tuple[str, str, int], int]
"""What no grant has covered yet: (payer, item, year) to øre."""


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


def grant_years(grant: Grant) -> tuple[int, ...]:
    """Return the years of a grant; those between two tranches too when money is carried."""
    if grant.unspent == "carried":
        return tuple(range(min(grant.tranches), max(grant.tranches) + 1))
    return tuple(sorted(grant.tranches))


def tranche_oere(grant: Grant, year: int) -> int:
    """Return the tranche of a year, 0 in a year without one."""
    return oere_from_kroner(grant.tranches[year]) if year in grant.tranches else 0


def plan_grant(name: str, grant: Grant, covered: Mapping[int, int]) -> tuple[GrantYear, ...]:
    """Return how a grant runs, year by year.

    Parameters
    ----------
    covered : mapping of year to øre
        What the covered items cost the receiver in each year of the run.

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
    last = max(grant.tranches)
    for year in grant_years(grant):
        tranche = tranche_oere(grant, year)
        cost = max(covered.get(year, 0), 0)
        used = min(tranche + carried, cost)
        unspent = tranche + carried - used
        keeps = grant.unspent == "carried" and year < last
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
            )
        )
        carried = unspent if keeps else 0
    return tuple(years)


def item_costs(journal: Journal, years: tuple[int, ...]) -> Uncovered:
    """Return what each item costs each payer by year, in øre, refunds taken off.

    Parameters
    ----------
    years : (cycle,), calendar year of each cycle
    """
    costs: Uncovered = {}
    for rows in journal.rows:
        for item, cycle, payer, amount in rows[rows[:, 4] != MEMO][:, (0, 1, 5, 7)].tolist():
            key = ACCOUNTS_OF_PAYERS[payer], journal.items[item][1], years[cycle]
            costs[key] = costs.get(key, 0) + amount
    return costs


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


def post_grant(
    journal: Journal, grant: Grant, plan: tuple[GrantYear, ...], years: tuple[int, ...]
) -> None:
    """Book a grant's plan: payment and return as transfers, award and use as memo rows."""
    for year in plan:
        first = years.index(year.year)
        last = len(years) - 1 - years[::-1].index(year.year)
        for account, cycle, amount in (
            ("paid", first, year.paid),
            ("returned", last, -year.returned),
        ):
            transaction = journal.transactions(1)
            for payer, sign in ((grant.funder, 1), (grant.to, -1)):
                _row(
                    journal,
                    f"grant_{account}",
                    year.grant,
                    TRANSFER,
                    payer,
                    transaction,
                    cycle,
                    sign * amount,
                )
        for account, cycle, payer, amount in (
            ("award", first, grant.funder, year.awarded),
            ("used", last, grant.to, year.used),
        ):
            transaction = journal.transactions(1)
            _row(journal, f"grant_{account}", year.grant, MEMO, payer, transaction, cycle, amount)


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
    where = np.array([[cycle, NOBODY, NOBODY]])
    number = journal.item_number(account, item)
    journal.add(number, where, kind, payer, transaction, np.array([amount]))
