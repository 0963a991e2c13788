"""Checks on grants, read from the postings and held against the file."""

from __future__ import annotations

from collections.abc import Iterator

from som_sim.core.money import oere_from_kroner
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.book import Books, started
from som_sim.ledger.grants import grant_years, keeps_unspent, largest_use, tranche_oere
from som_sim.ledger.ledger import MEMO, Ledger, payer_number
from som_sim.ledger.reconcile_money import Finding, same
from som_sim.scenario.schema import ScenarioFile

HALF_AN_OERE = 0.5 + 1e-6
"""In øre: what rounding once can move an amount, and the float before it."""


def _booked(ledger: Ledger, grant: str, account: str, payer: str, year: int | None = None) -> int:
    if (account, grant) not in ledger.items:
        return 0
    rows = (ledger.item == ledger.items.index((account, grant))) & (
        ledger.payer == payer_number(payer)
    )
    if year is not None:
        rows &= ledger.year == year
    return int(ledger.amount[rows].sum())


def _cost(ledger: Ledger, payer: str, item: str, year: int) -> int:
    """Return what an item costs a payer in a year by the postings, refunds taken off."""
    total = 0
    for number, (_, name) in enumerate(ledger.items):
        if name == item:
            rows = (ledger.item == number) & (ledger.payer == payer_number(payer))
            rows &= (ledger.kind != MEMO) & (ledger.year == year)
            total += int(ledger.amount[rows].sum())
    return total


def grants_hold(spec: ScenarioFile, trajectory: Trajectory, books: Books) -> Iterator[Finding]:
    """Awards are the published tranches; use stays within them and within the covered cost."""
    ledger = books.ledger
    plans = {(one.grant, one.year): one for one in books.grants}
    for name in spec.strategies[ledger.strategy].grants:
        grant = spec.grants[name]
        yield same(
            f"grant_award_equals_total:{name}",
            oere_from_kroner(grant.total),
            _booked(ledger, name, "grant_award", grant.funder),
            "the stated total of the grant",
        )
        carried = 0
        for year in grant_years(grant):
            tranche = tranche_oere(grant, year)
            award = _booked(ledger, name, "grant_award", grant.funder, year)
            paid = _booked(ledger, name, "grant_paid", grant.funder, year)
            used = _booked(ledger, name, "grant_used", grant.to, year)
            returned = -_booked(ledger, name, "grant_returned", grant.funder, year)
            yield same(
                f"grant_award_equals_tranche:{name}:{year}", tranche, award, "the published tranche"
            )
            yield same(f"grant_paid_equals_award:{name}:{year}", award, paid, "paid as awarded")
            cost = max(sum(_cost(ledger, grant.to, item, year) for item in grant.covers), 0)
            ceiling = min(tranche + carried, largest_use(grant, cost))
            yield (
                f"grant_used_within_bounds:{name}:{year}",
                ceiling,
                used,
                0 <= used <= ceiling,
                "at most the money at hand and the covered cost",
            )
            keeps = keeps_unspent(grant, year)
            kept = plans[name, year].carried_out if keeps and (name, year) in plans else 0
            yield same(
                f"grant_money_accounted_for:{name}:{year}",
                paid + carried,
                used + returned + kept,
                "paid and carried in = used, returned and carried out",
            )
            carried = kept
        yield from _clawback(spec, trajectory, ledger, name)


def _clawback(
    spec: ScenarioFile, trajectory: Trajectory, ledger: Ledger, name: str
) -> Iterator[Finding]:
    """Hold what is paid back for want of people against the agreement."""
    grant = spec.grants[name]
    back = -_booked(ledger, name, "grant_clawback", grant.funder)
    if grant.clawback is None:
        if back:
            yield same(f"grant_clawback:{name}", 0, back, "nothing is agreed")
        return
    years = grant_years(grant)
    used = sum(_booked(ledger, name, "grant_used", grant.to, year) for year in years)
    people = started(trajectory, grant.clawback.programme, years[-1])
    missing = max(1 - people / float(grant.clawback.at_least), 0.0)
    exact = used * missing * float(grant.clawback.share)
    yield (
        f"grant_clawback:{name}",
        round(exact),
        back,
        abs(back - exact) <= HALF_AN_OERE and 0 <= back <= used,
        "of what was used, the share for people who did not come",
    )


def grants_pay_once(spec: ScenarioFile, trajectory: Trajectory, books: Books) -> Iterator[Finding]:
    """Grants of one receiver that cover the same items use no more together than the items cost."""
    ledger = books.ledger
    grants = {name: spec.grants[name] for name in spec.strategies[ledger.strategy].grants}
    groups: dict[tuple[str, ...], tuple[str, frozenset[str]]] = {}
    for one in grants.values():
        for other in grants.values():
            if one.to == other.to and set(one.covers) & set(other.covers):
                items = frozenset(one.covers) | frozenset(other.covers)
                within = tuple(
                    name
                    for name, grant in grants.items()
                    if grant.to == one.to and items.issuperset(grant.covers)
                )
                if len(within) > 1:
                    groups.setdefault(within, (one.to, items))
                    if len(items) < len(groups[within][1]):
                        groups[within] = one.to, items
    for within, (receiver, items) in groups.items():
        for year in sorted({year for name in within for year in grant_years(grants[name])}):
            used = sum(_booked(ledger, name, "grant_used", receiver, year) for name in within)
            cost = sum(max(_cost(ledger, receiver, item, year), 0) for item in items)
            yield (
                f"grants_pay_once:{'+'.join(within)}:{year}",
                cost,
                used,
                used <= cost,
                "used by all of them, at most what the items cost the receiver",
            )
