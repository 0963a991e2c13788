"""Gross, avoidable and cashable: when a day that is not used becomes money.

A shelter with 33 guests in place of 34 has the same staff and the same rent. So a price can say in
what blocks places close (`steps`): the **gross** saving is days times price, as it is booked; the
**avoidable** one is what closing every whole block that is empty would save, beside the part that
follows each day at once; the **cashable** one is what is left of it after notice, from when a block
has been empty throughout. All three hold against the reference: a block is empty when that many
places fewer are used than there. Where a whole block more is used, it opens at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.core.money import OERE_PER_KRONE, whole_oere
from som_sim.core.names import PAYERS
from som_sim.core.time import Calendar
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.book import Books
from som_sim.ledger.ledger import MEMO, Ints, Ledger, payer_number
from som_sim.ledger.post import Charge, splits
from som_sim.ledger.quantities import stated, units_per_cycle
from som_sim.scenario.schema import ScenarioFile

Array = NDArray[np.float64]
A_HAIR = 1e-9
"""Of a block: what floats may lack of a whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What one payer saves on one item, by year, against the reference; current prices.

    Attributes
    ----------
    gross, avoidable, cashable : (year,), øre
        Below 0 where it costs more. Without `steps` the three are the same.
    """

    item: str
    account: str
    payer: str
    gross: Ints
    avoidable: Ints
    cashable: Ints


def closed_blocks(saved: Array, block: float, notice: int = 0) -> tuple[Array, Array]:
    """Return how many blocks of places are empty, and how many have been throughout a notice.

    Parameters
    ----------
    saved : (..., cycle), places used less than in the reference
    block
        Places that close together.
    notice
        Cycles from when a block is empty until its cost ends.

    Returns
    -------
    (..., cycle), (..., cycle)
        Below 0 where blocks must open, which takes no notice.

    Examples
    --------
    >>> empty, ended = closed_blocks(np.array([3.0, 4.0, 9.0, 8.0, -5.0]), 4, notice=1)
    >>> empty.tolist(), ended.tolist()
    ([0.0, 1.0, 2.0, 2.0, -1.0], [0.0, 0.0, 1.0, 2.0, -1.0])
    """
    whole = np.trunc(saved / block + np.copysign(A_HAIR, saved)) + 0.0
    closed = np.maximum(whole, 0.0)
    ended = closed.copy()
    for back in range(1, notice + 1):
        earlier = np.zeros_like(closed)
        earlier[..., back:] = closed[..., :-back]
        ended = np.minimum(ended, earlier)
    return whole, np.where(whole < 0, whole, ended)


def savings(
    spec: ScenarioFile, trajectory: Trajectory, books: Books, reference: Books
) -> Iterator[Saving]:
    """Yield what each payer saves on each item of a strategy or of the reference.

    Parameters
    ----------
    spec, trajectory, books
        Of the strategy.
    reference
        The books of the reference.
    """
    ledgers = reference.ledger, books.ledger
    calendar = trajectory.model.calendar
    mine = {one.name: one for one in books.charges}
    theirs = {one.name: one for one in reference.charges}
    for account, item in dict.fromkeys((*ledgers[0].items, *ledgers[1].items)):
        net = {
            payer: _by_cycle(ledgers[0], account, item, payer)
            - _by_cycle(ledgers[1], account, item, payer)
            for payer in PAYERS
        }
        avoidable = cashable = net
        if item in mine and mine[item].price.steps is not None:
            stepped = _in_steps(spec, calendar, mine[item], theirs.get(item))
            avoidable, cashable = (_shared(one, mine[item], calendar, net) for one in stepped)
        for payer in PAYERS:
            gross, free, cash = (
                by_year(one[payer], calendar) for one in (net, avoidable, cashable)
            )
            if gross.any() or free.any() or cash.any():
                yield Saving(
                    item=item,
                    account=account,
                    payer=payer,
                    gross=gross,
                    avoidable=free,
                    cashable=cash,
                )


def by_year(amounts: Ints, calendar: Calendar) -> Ints:
    """Add cycles up by calendar year: (year,)."""
    years = sorted(set(calendar.years))
    total = np.zeros(len(years), dtype=np.int64)
    np.add.at(total, np.searchsorted(years, calendar.years), amounts)
    return total


def _by_cycle(ledger: Ledger, account: str, item: str, payer: str) -> Ints:
    """Return what a payer bears of an item: (cycle,), øre."""
    total = np.zeros(len(ledger.years), dtype=np.int64)
    if (account, item) in ledger.items:
        rows = (ledger.item == ledger.items.index((account, item))) & (ledger.kind != MEMO)
        rows &= ledger.payer == payer_number(payer)
        np.add.at(total, ledger.cycle[rows], ledger.amount[rows])
    return total


def _in_steps(
    spec: ScenarioFile, calendar: Calendar, charge: Charge, before: Charge | None
) -> tuple[Ints, Ints]:
    """Return the avoidable and the cashable saving of an item: (cycle,), øre, over all payers."""
    steps = charge.price.steps
    assert steps is not None
    resolver = stated(spec)
    units = units_per_cycle(calendar, charge.price.per.removeprefix("person_"))
    used = [np.zeros(calendar.n_cycles)] * 2
    unit = charge.unit_kroner
    if before is not None:
        used[0] = before.quantity.sum(axis=(1, 2)) / units
        unit = np.where(before.unit_kroner != 0, before.unit_kroner, unit)
    used[1] = charge.quantity.sum(axis=(1, 2)) / units
    saved = used[0] - used[1]
    block = float(resolver.number(steps.block)[0])
    varies = 0.0 if steps.varies is None else float(resolver.number(steps.varies)[0])
    cycles = 0 if steps.notice is None else _cycles_of(calendar, steps.notice.days)
    a_place = units * unit * OERE_PER_KRONE
    empty, ended = (
        whole_oere(a_place * (varies * saved + (1 - varies) * blocks * block))
        for blocks in closed_blocks(saved, block, cycles)
    )
    return empty, ended


def _cycles_of(calendar: Calendar, days: float) -> int:
    """Return the cycles that a time takes, a part of one being a whole: 6 months are 6 months."""
    mean = float(np.mean(calendar.days))
    return max(int(np.ceil(days / mean - 0.05)), 1)


def _shared(
    amounts: Ints, charge: Charge, calendar: Calendar, net: Mapping[str, Ints]
) -> dict[str, Ints]:
    """Share an item's saving over payers as its bill is shared: each (cycle,), adding to it.

    What rounding leaves goes to the payer with the largest share. Where nothing is charged there is
    no split to go by, and all of it goes as the net does.
    """
    shares = {payer: np.zeros(calendar.n_cycles) for payer in PAYERS}
    for split, holds in splits(charge, calendar):
        for payer in PAYERS:
            share = sum(float(one) for who, one in split.pays if who == payer)
            for refund in split.refunds:
                part = float(refund.share)
                share += part * ((refund.giver == payer) - (refund.receiver == payer))
            shares[payer][holds] = share
    parts = {payer: np.rint(amounts * shares[payer]).astype(np.int64) for payer in PAYERS}
    most = np.argmax(np.stack([shares[payer] for payer in PAYERS]), axis=0)
    left = amounts - sum(parts.values(), np.zeros_like(amounts))
    for number, payer in enumerate(PAYERS):
        parts[payer] = parts[payer] + np.where(most == number, left, 0)
    unknown = ~np.any([share != 0 for share in shares.values()], axis=0)
    return {payer: np.where(unknown, net[payer], parts[payer]) for payer in PAYERS}
