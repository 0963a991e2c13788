"""Where a figure comes from: quantity x price x index x share, down to the line of the scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from som_sim.core.errors import Path, SomSimError, suggest
from som_sim.core.money import OERE_PER_KRONE
from som_sim.core.records import in_language
from som_sim.engine.trajectory import Trajectory
from som_sim.knowledge.rules import PayerSplit
from som_sim.ledger.book import Books
from som_sim.ledger.ledger import MEMO, Ledger, payer_number
from som_sim.ledger.post import Charge, splits
from som_sim.scenario.payers import RuleUse, rule_in
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.schema import ScenarioFile

PlaceOf = Callable[[Path], str]
"""Gives where a path stands in the scenario, as ``file:line:column``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One thing that a figure rests on.

    Attributes
    ----------
    what
        ``price``, ``parameter``, ``index``, ``payers`` or ``grant``.
    text
        What the scenario says.
    place
        Where it says so: ``file:line:column``.
    source, grade
        The title of the source, and the grade; empty when not given.
    """

    what: str
    text: str
    place: str
    source: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One cycle of an item, for one payer.

    Attributes
    ----------
    start
        First day of the cycle.
    quantity
        Expected, in the unit of the price.
    unit_price
        Kroner at the level of the price year.
    level
        What the index makes of it in the year of the cycle.
    share
        What the payer bears of each krone in the end, refunds taken off.
    exact
        The product, in øre.
    posted
        What the postings add to, in øre.
    """

    start: dt.date
    quantity: float
    unit_price: Fraction
    level: float
    share: Fraction
    exact: float
    posted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An item for one payer.

    Attributes
    ----------
    strategy, item, account, payer
        Whose.
    unit
        What one quantity is.
    steps
        Cycle by cycle; of a grant there are none.
    posted
        Their sum in øre, which is what the ledger has.
    basis
        What it rests on, with sources.
    """

    strategy: str
    item: str
    account: str
    payer: str
    unit: str
    steps: tuple[Step, ...]
    posted: int
    basis: tuple[Basis, ...]


def explain(
    spec: ScenarioFile,
    trajectory: Trajectory,
    books: Books,
    item: str,
    payer: str,
    *,
    place_of: PlaceOf = lambda path: "",
    first: dt.date = dt.date.min,
    end: dt.date = dt.date.max,
) -> Explanation:
    """Return how what a payer bears of an item came about.

    Parameters
    ----------
    spec, trajectory, books
        Of a strategy.
    item
        A price or a grant.
    payer
        A payer, or ``provider``.
    place_of
        Where things stand in the scenario.
    first, end
        Cycles that begin from `first` up to, not including, `end`.

    Raises
    ------
    SomSimError
        When nothing of that name is booked.
    """
    ledger = books.ledger
    starts = trajectory.model.calendar.boundaries[:-1]
    wanted = np.array([first <= day < end for day in starts])
    charge = next((one for one in books.charges if one.name == item), None)
    if charge is None:
        return _grant(spec, ledger, item, payer, place_of, wanted)
    posted = _posted(ledger, item, payer)
    shares = _shares(charge, trajectory, payer)
    quantity = charge.quantity.sum(axis=(1, 2))
    steps = []
    for cycle in np.flatnonzero(wanted & (charge.amount.any(axis=(1, 2)) | (posted != 0))):
        share, level = shares[cycle], float(charge.levels[cycle])
        if not share and not posted[cycle]:
            continue
        bill = float(quantity[cycle]) * float(charge.unit_price) * level * OERE_PER_KRONE
        steps.append(
            Step(
                start=starts[cycle],
                quantity=float(quantity[cycle]),
                unit_price=charge.unit_price,
                level=level,
                share=share,
                exact=bill * float(share),
                posted=int(posted[cycle]),
            )
        )
    return Explanation(
        strategy=ledger.strategy,
        item=item,
        account=charge.price.account,
        payer=payer,
        unit=charge.price.per,
        steps=tuple(steps),
        posted=int(posted[wanted].sum()),
        basis=tuple(_basis_of_price(spec, item, place_of)),
    )


def _posted(ledger: Ledger, item: str, payer: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return what is booked on an item for a payer: (cycle,), øre, memo rows left out."""
    numbers = [n for n, (_, name) in enumerate(ledger.items) if name == item]
    rows = np.isin(ledger.item, numbers) & (ledger.kind != MEMO)
    rows &= ledger.payer == payer_number(payer)
    posted = np.zeros(len(ledger.years), dtype=np.int64)
    np.add.at(posted, ledger.cycle[rows], ledger.amount[rows])
    return posted


def _shares(charge: Charge, trajectory: Trajectory, payer: str) -> list[Fraction]:
    """Return what a payer bears of each krone of the bill in each cycle."""
    calendar = trajectory.model.calendar
    shares = [Fraction(0)] * calendar.n_cycles
    for split, holds in splits(charge, calendar):
        for cycle in np.flatnonzero(holds):
            shares[cycle] = net_share(split, payer)
    receiver = charge.price.transfer_to or "provider"
    return [share - (payer == receiver) for share in shares]


def net_share(split: PayerSplit, payer: str) -> Fraction:
    """Return what a payer bears of a bill once refunds are made."""
    share = sum((Fraction(one) for who, one in split.pays if who == payer), Fraction(0))
    for refund in split.refunds:
        share += refund.share * ((refund.giver == payer) - (refund.receiver == payer))
    return share


# What it rests on ------------------------------------------------------------------------------


def _source(spec: ScenarioFile, key: str | None) -> str:
    """Return the title of a source."""
    if key and key in spec.sources:
        return in_language(spec.sources[key].title, "en")
    return key or ""


def _basis_of_price(spec: ScenarioFile, item: str, place_of: PlaceOf) -> Iterator[Basis]:
    price = spec.prices[item]
    amount = price.amount
    yield Basis(
        what="price",
        text=f"{_written(amount)} kr. / {price.per} ({price.price_year})",
        place=place_of(("prices", item)),
        source=_source(spec, amount.source or price.source),
        grade=amount.grade or price.grade or "",
    )
    yield from _parameters(spec, amount.names, place_of, set())
    name = price.index or (spec.money.index if spec.money else "")
    if name in spec.indices:
        index = spec.indices[name]
        yield Basis(
            what="index",
            text=f"{name}: {index.values[price.price_year]} ({price.price_year})",
            place=place_of(("indices", name)),
            source=_source(spec, index.source),
            grade=index.grade or "",
        )
    yield _payers(spec, item, place_of)


def _written(amount: Quantity) -> str:
    if amount.exact is not None:
        return f"{amount.exact:f}"
    return amount.expression.text if amount.expression else amount.parameter


def _parameters(
    spec: ScenarioFile, names: tuple[str, ...], place_of: PlaceOf, seen: set[str]
) -> Iterator[Basis]:
    """Yield the parameters that an amount needs, and those that they need."""
    for name in names:
        if name in seen or name not in spec.parameters:
            continue
        seen.add(name)
        parameter = spec.parameters[name]
        yield Basis(
            what="parameter",
            text=f"{name} = {parameter.value}",
            place=place_of(("parameters", name)),
            source=_source(spec, parameter.source),
            grade=parameter.grade or "",
        )
        needed = getattr(parameter.amount, "names", ())
        yield from _parameters(spec, needed, place_of, seen)


def _payers(spec: ScenarioFile, item: str, place_of: PlaceOf) -> Basis:
    payers = spec.prices[item].payers
    place = place_of(("prices", item, "payers"))
    if isinstance(payers, str | RuleUse):
        name = payers if isinstance(payers, str) else payers.rule
        rule = rule_in(spec, name)
        law = f" ({rule.law})" if rule else ""
        source = rule.source if rule else ""
        return Basis(what="payers", text=f"{name}{law}", place=place, source=source)
    shares = ", ".join(f"{payer} {Decimal(share):f}" for payer, share in payers.items())
    return Basis(what="payers", text=shares, place=place)


def _grant(
    spec: ScenarioFile,
    ledger: Ledger,
    item: str,
    payer: str,
    place_of: PlaceOf,
    wanted: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> Explanation:
    """Return what is booked on a grant."""
    known = sorted({name for _, name in ledger.items})
    if item not in spec.grants or item not in known:
        raise SomSimError(
            f"strategy '{ledger.strategy}' books nothing called '{item}'; {suggest(item, known)}"
        )
    grant = spec.grants[item]
    posted = _posted(ledger, item, payer)
    basis = [
        Basis(
            what="grant",
            text=f"{amount:f} kr. ({year})",
            place=place_of(("grants", item, "tranches", year)),
            source=_source(spec, grant.source),
            grade=grant.grade or "",
        )
        for year, amount in grant.tranches.items()
    ]
    return Explanation(
        strategy=ledger.strategy,
        item=item,
        account="grant",
        payer=payer,
        unit="",
        steps=(),
        posted=int(posted[wanted].sum()),
        basis=tuple(basis),
    )
