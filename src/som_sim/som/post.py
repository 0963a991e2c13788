"""Book a case: every cost and every consequence, rounded once for each start year and year.

The ledger is that of a scenario, with calendar years as cycles and the years in which participants
start as strata. It holds what the intervention changes: what it costs is positive, what it saves
negative; the reference's ledger would be empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from som_sim.core.errors import SomSimError
from som_sim.core.money import LARGEST_POSTING, OERE_PER_KRONE, AmountTooLargeError, share_out
from som_sim.core.names import NO_PROGRAMME, PAYERS
from som_sim.ledger.ledger import COST, NOBODY, PROVIDER, TRANSFER, Ledger
from som_sim.ledger.post import Journal
from som_sim.som.case import Payment, SomCase
from som_sim.som.identity import consequence_units, cost_units, participants_of

STRATEGY = "intervention"
Units = Mapping[tuple[int | None, int], Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A cost or a consequence, with what it comes to before it is rounded.

    Attributes
    ----------
    name, part
        Its key in the file; ``cost`` or ``consequence``.
    payment
        The cost itself, or the price of the consequence.
    units, kroner : mapping of (start year, year), exact
        Start year None is nobody's. Kroner are those of each calendar year.
    """

    name: str
    part: str
    payment: Payment
    units: Units
    kroner: Units


def items(case: SomCase) -> Iterator[Item]:
    """Yield every cost and consequence of a case."""
    for name, cost in case.costs.items():
        units = cost_units(case, cost)
        yield Item(
            name=name, part="cost", payment=cost, units=units, kroner=_kroner(case, cost, units)
        )
    for name, used in consequence_units(case):
        price = case.prices[case.consequences[name].price]
        by_start: Units = {(start, year): n for (start, year), n in used.items()}
        yield Item(
            name=name,
            part="consequence",
            payment=price,
            units=by_start,
            kroner=_kroner(case, price, by_start),
        )


def _kroner(case: SomCase, payment: Payment, units: Units) -> Units:
    """Return units times price, at the price level of each year."""
    name = payment.index or case.money.index
    values = case.indices[name].values if name else None
    amount = Fraction(payment.amount)

    def level(year: int) -> Fraction:
        if values is None:
            return Fraction(1)
        return Fraction(values[year]) / Fraction(values[payment.price_year])

    return {key: n * amount * level(key[1]) for key, n in units.items()}


def book_case(case: SomCase, part: str | None = None) -> Ledger:
    """Return the ledger of a case, or of one part of it (``cost``, ``consequence``).

    Raises
    ------
    AmountTooLargeError
        Naming the item whose amount does not fit.
    """
    years = case.time.years
    starts = tuple(participants_of(case))
    journal = Journal()
    for item in items(case):
        if part in (None, item.part):
            try:
                _post(journal, item, years, starts)
            except SomSimError as error:
                raise AmountTooLargeError(f"{item.name}: {error}") from None
    return journal.ledger(
        STRATEGY,
        strata=tuple(f"start_{year}" for year in starts),
        programmes=(NO_PROGRAMME,),
        years=years,
    )


def _post(journal: Journal, item: Item, years: tuple[int, ...], starts: tuple[int, ...]) -> None:
    number = journal.item_number(item.payment.account, item.name)
    amounts = {key: oere(kroner) for key, kroner in item.kroner.items()}
    where = np.array(
        [
            (years.index(year), NOBODY if start is None else starts.index(start), NOBODY)
            for start, year in amounts
        ],
        dtype=np.int64,
    ).reshape(-1, 3)
    amount = np.array(list(amounts.values()), dtype=np.int64)
    transaction = journal.transactions(len(amount))
    payers = {one: item.payment.payers[one] for one in PAYERS if one in item.payment.payers}
    receiver = item.payment.transfer_to
    kind = COST if receiver is None else TRANSFER
    shares = share_out(amount, tuple(payers.values()))
    for position, payer in enumerate(payers):
        journal.add(number, where, kind, payer, transaction, shares[:, position])
    journal.add(number, where, kind, receiver or PROVIDER, transaction, -amount)


def oere(kroner: Fraction) -> int:
    """Round exact kroner once to øre, halves to even.

    Examples
    --------
    >>> oere(Fraction(1, 3)), oere(Fraction(5, 1000))
    (33, 0)
    """
    rounded = round(kroner * OERE_PER_KRONE)
    if abs(rounded) >= LARGEST_POSTING:
        raise AmountTooLargeError("an amount is too large to be booked in øre")
    return rounded
