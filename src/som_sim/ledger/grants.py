"""Grants: award, paid, used and returned are four accounts.

A tranche is paid at the start of its calendar year. What is used is at most what is available and
at most what the covered items cost the receiver that year, less what other grants already cover:
no krone is paid twice. The rest is returned at the end of the year, or carried to the next year
and returned after the last tranche. What no grant covers stays with the receiver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from som_sim.core.money import oere_from_kroner
from som_sim.ledger.ledger import MEMO, NOBODY, TRANSFER, Ints, payer_number
from som_sim.ledger.post import Journal
from som_sim.scenario.schema import Grant


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
    for year in sorted(grant.tranches):
        tranche = oere_from_kroner(grant.tranches[year])
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


def covered_cost(journal: Journal, grant: Grant, years: tuple[int, ...]) -> dict[int, int]:
    """Return what the covered items cost the receiver by year, in øre, refunds taken off."""
    totals = dict.fromkeys(sorted(set(years)), 0)
    receiver = payer_number(grant.to)
    items = [number for number, (_, item) in enumerate(journal.items) if item in grant.covers]
    for rows in journal.rows:
        mine = rows[(rows[:, 5] == receiver) & (rows[:, 4] != MEMO) & np.isin(rows[:, 0], items)]
        for cycle, amount in zip(mine[:, 1], mine[:, 7], strict=True):
            totals[years[cycle]] += int(amount)
    return totals


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
