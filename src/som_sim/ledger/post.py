"""From quantities to postings: price, index, one rounding, and the payers' shares.

For each cycle, item, stratum and programme the amount is rounded once to øre and shared over the
payers by largest remainder; from there on only whole øre are added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.money import AmountTooLargeError, round_to_oere, share_out
from som_sim.core.time import Calendar
from som_sim.engine.trajectory import Trajectory
from som_sim.knowledge.rules import PayerSplit
from som_sim.ledger.history_shares import Histories
from som_sim.ledger.ledger import COST, NOBODY, PROVIDER, TRANSFER, Ledger, payer_number
from som_sim.ledger.price_level import level_ratio
from som_sim.ledger.quantities import depends_on_people, quantities, stated
from som_sim.ledger.ways import ways_of
from som_sim.model.resolve import Resolver
from som_sim.scenario.exact import exact_kroner
from som_sim.scenario.payers import RuleUse
from som_sim.scenario.schema import Price, ScenarioFile

Ints = NDArray[np.int64]
ONE_DAY = dt.timedelta(days=1)
SPREAD_EVENLY = ("month", "quarter", "year")
"""Units of a fixed amount: its year adds to the stated amount, whatever the cycles."""


@dataclass(slots=True, kw_only=True)
class Journal:
    """Rows gathered while posting; turned into a frozen `Ledger` at the end."""

    items: list[tuple[str, str]] = field(default_factory=list)
    rows: list[Ints] = field(default_factory=list)
    n_transactions: int = 0

    def item_number(self, account: str, item: str) -> int:
        """Return the number of an item, giving it one if it is new."""
        if (account, item) not in self.items:
            self.items.append((account, item))
        return self.items.index((account, item))

    def transactions(self, size: int) -> Ints:
        """Return numbers for `size` new transactions."""
        numbers = np.arange(self.n_transactions, self.n_transactions + size)
        self.n_transactions += size
        return numbers

    def add(
        self, item: int, where: Ints, kind: int, payer: str, transaction: Ints, amount: Ints
    ) -> None:
        """Add rows.

        Parameters
        ----------
        where : (row, 3), cycle, stratum, programme
        transaction, amount : (row,)
        """
        rows = np.empty((len(amount), 8), dtype=np.int64)
        rows[:, 0], rows[:, 1:4] = item, where
        rows[:, 4], rows[:, 5], rows[:, 6], rows[:, 7] = (
            kind,
            payer_number(payer),
            transaction,
            amount,
        )
        self.rows.append(rows[amount != 0])

    def close(self, strategy: str, trajectory: Trajectory) -> Ledger:
        """Return the ledger of all rows so far, on the axes of a run."""
        model = trajectory.model
        return self.ledger(
            strategy,
            strata=model.axes.strata,
            programmes=model.axes.programmes,
            years=model.calendar.years,
        )

    def ledger(
        self,
        strategy: str,
        *,
        strata: tuple[str, ...],
        programmes: tuple[str, ...],
        years: tuple[int, ...],
    ) -> Ledger:
        """Return the ledger of all rows so far; `years` has the year of each cycle."""
        rows = np.concatenate([np.zeros((0, 8), dtype=np.int64), *self.rows])
        columns = [np.ascontiguousarray(rows[:, column]) for column in range(8)]
        item, cycle, stratum, programme, kind, payer, transaction, amount = columns
        return Ledger(
            strategy=strategy,
            strata=strata,
            programmes=programmes,
            items=tuple(self.items),
            years=years,
            cycle=cycle,
            item=item,
            stratum=stratum,
            programme=programme,
            kind=kind,
            payer=payer,
            transaction=transaction,
            amount=amount,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One price of a strategy with its expected amounts.

    Attributes
    ----------
    name, price
        The item and the price in the file.
    ways
        The dated splits of the bill.
    quantity : (cycle, stratum, programme) or (cycle, 1, 1)
    unit_price
        Price of a unit at the level of its price year, to the last digit: overhead is in it, and
        what is saved is below 0.
    levels : (cycle,), what moves it to the level of each cycle's year
    unit_kroner : (cycle,), price of a unit at the level of each cycle's year
    amount : as `quantity`, øre
    """

    name: str
    price: Price
    ways: tuple[PayerSplit, ...]
    quantity: NDArray[np.float64]
    unit_price: Fraction
    levels: NDArray[np.float64]
    unit_kroner: NDArray[np.float64]
    amount: Ints


def charges(
    spec: ScenarioFile, trajectory: Trajectory, own: Histories | None = None
) -> Iterator[Charge]:
    """Yield every price that the strategy charges.

    A price that names a programme is charged only where the strategy has that programme.
    """
    years = np.array(trajectory.model.calendar.years)
    resolver = stated(spec)
    for name, price in spec.prices.items():
        if price.programme and price.programme not in trajectory.model.axes.programmes:
            continue
        amount: NDArray[np.float64] = quantities(spec, trajectory, price, resolver)[0]
        levels = price_levels(spec, price, years, np.array([one.any() for one in amount]))
        exact = exact_unit_price(spec, price, resolver)
        unit = float(exact) * levels
        yield Charge(
            name=name,
            price=price,
            ways=ways_of(spec, price, trajectory, own),
            quantity=amount,
            unit_price=exact,
            levels=levels,
            unit_kroner=unit,
            amount=_rounded(name, price, amount * unit[:, None, None], years),
        )


def exact_unit_price(spec: ScenarioFile, price: Price, resolver: Resolver) -> Fraction:
    """Return the price of a unit in the base case, at the level of its price year.

    Parameters
    ----------
    resolver
        Of the base case.
    """
    exact = price.sign * exact_kroner(price.amount, spec.parameters)
    if price.hours is None or price.hours.overhead is None:
        return exact
    overhead = float(resolver.number(price.hours.overhead)[0])
    return exact * (1 + Fraction(Decimal(repr(overhead))))


def unit_prices(price: Price, resolver: Resolver) -> NDArray[np.float64]:
    """Return the price of a unit in every draw, at the level of its price year: (draw,), kroner.

    Parameters
    ----------
    resolver
        With the parameters of the draws.
    """
    unit: NDArray[np.float64] = price.sign * resolver.number(price.amount)
    if price.hours is not None and price.hours.overhead is not None:
        unit = unit * (1 + resolver.number(price.hours.overhead))
    return unit


def price_levels(
    spec: ScenarioFile, price: Price, years: Ints, charged: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return what moves a price to the level of each cycle's year; 0 where nothing is charged.

    Parameters
    ----------
    years : (cycle,)
    charged : (cycle,), bool

    Returns
    -------
    (cycle,)
    """
    index = spec.indices[price.index or _money_index(spec)].values
    return np.array(
        [
            level_ratio(index, int(y), price.price_year) if on else 0.0
            for y, on in zip(years, charged, strict=True)
        ]
    )


def _rounded(name: str, price: Price, kroner: NDArray[np.float64], years: Ints) -> Ints:
    try:
        return _even(kroner, years) if price.per in SPREAD_EVENLY else round_to_oere(kroner)
    except AmountTooLargeError as error:
        raise AmountTooLargeError(f"prices.{name}: {error}") from None


def _money_index(spec: ScenarioFile) -> str:
    assert spec.money is not None
    return spec.money.index


def _even(kroner: NDArray[np.float64], years: Ints) -> Ints:
    """Round a fixed amount so that each calendar year adds to its own rounded total."""
    parts = np.zeros(kroner.shape, dtype=np.int64)
    for year in np.unique(years):
        cycles = years == year
        so_far = round_to_oere(np.cumsum(kroner[cycles], axis=0))
        parts[cycles] = np.diff(so_far, axis=0, prepend=0)
    return parts


def splits(charge: Charge, calendar: Calendar) -> Iterator[tuple[PayerSplit, NDArray[np.bool_]]]:
    """Yield each way the bill is split, with the cycles in which it holds: (cycle,).

    Raises
    ------
    SomSimError
        When no one split of the rule holds throughout a cycle with amounts: nothing is left out,
        and a rule that ends within a cycle is not stretched to the cycle's end.
    """
    settled = ~charge.amount.any(axis=(1, 2))
    for period in charge.ways:
        holds = np.array(
            [
                period.holds_on(first) and period.holds_on(after - ONE_DAY)
                for first, after in pairwise(calendar.boundaries)
            ]
        )
        settled |= holds
        yield period, holds
    if not settled.all():
        payers = charge.price.payers
        rule = payers.rule if isinstance(payers, RuleUse) else payers
        first, after = list(pairwise(calendar.boundaries))[int(np.argmin(settled))]
        raise SomSimError(
            f"prices.{charge.name}.payers: no one split of rule '{rule}' holds from {first} to "
            f"{after - ONE_DAY}; choose a shorter cycle, end the price before, or write the shares"
        )


def post_charge(journal: Journal, charge: Charge, trajectory: Trajectory) -> None:
    """Book one price: who settles the bill, who refunds, who receives."""
    item = journal.item_number(charge.price.account, charge.name)
    for split, cycles in splits(charge, trajectory.model.calendar):
        amounts = np.where(cycles[:, None, None], charge.amount, 0)
        where = np.argwhere(amounts)
        amount = amounts[tuple(where.T)]
        if not depends_on_people(charge.price):
            where[:, 1] = NOBODY
            where[:, 2] = _programme_number(charge.price, trajectory)
        transaction = journal.transactions(len(amount))
        receiver = charge.price.transfer_to
        kind = COST if receiver is None else TRANSFER
        try:
            shares = share_out(amount, tuple(share for _, share in split.pays))
        except AmountTooLargeError as error:
            raise AmountTooLargeError(f"prices.{charge.name}.payers: {error}") from None
        for part, (payer, _) in enumerate(split.pays):
            journal.add(item, where, kind, payer, transaction, shares[:, part])
        journal.add(item, where, kind, receiver or PROVIDER, transaction, -amount)
        for refund in split.refunds:
            refunded = share_out(amount, (refund.share, 1 - refund.share))[:, 0]
            journal.add(item, where, TRANSFER, refund.giver, transaction, refunded)
            journal.add(item, where, TRANSFER, refund.receiver, transaction, -refunded)


def _programme_number(price: Price, trajectory: Trajectory) -> int:
    programmes = trajectory.model.axes.programmes
    return programmes.index(price.programme) if price.programme else NOBODY
