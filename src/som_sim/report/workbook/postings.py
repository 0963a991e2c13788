"""The sheet of postings: quantity times price, rounded once to øre and shared over the payers.

Each row is a formula of its own, and rounds as the ledger does: halves to even where an amount is
made, and by largest remainder where it is shared. A yearly amount that is spread over cycles is
rounded as a running sum, so that its year has the right total. The numbers are worked out in the
same order as in the ledger; where an amount ends on half an øre but for its last digit, the formula
goes the way that the ledger went.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from som_sim.core.errors import SomSimError
from som_sim.core.money import share_out
from som_sim.core.names import NO_PROGRAMME, PAYERS
from som_sim.core.texts import payer_name
from som_sim.knowledge.rules import PayerSplit
from som_sim.ledger.post import SPREAD_EVENLY, Charge, splits
from som_sim.report import naming
from som_sim.report.workbook.assumptions import variant
from som_sim.report.workbook.sheets import Book, Sheet, column_name, span
from som_sim.result import StrategyRun

MOST_ROWS = 200_000
HEADS = (
    "targets.strategy", "sheet.start", "year", "sheet.item", "account", "assumptions.group",
    "programme.name", "budget.quantity", "budget.price", "sheet.exact", "sheet.running",
    "sheet.rounded", "sheet.amount",
)  # fmt: skip
STRATEGY, START, YEAR, ITEM, ACCOUNT, STRATUM, PROGRAMME = range(7)
QUANTITY, PRICE, EXACT, RUNNING, ROUNDED, AMOUNT, FIRST_PAYER = range(7, 14)
KEYS = ("strategy", "item", "account")
"""What formulas look up by its name in the scenario, in hidden columns after the payers."""
FIRST_KEY = FIRST_PAYER + len(PAYERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One row: what is bought where, how its price moves, and how its bill is split.

    Attributes
    ----------
    strategy, charge, split, way
        What it is about; `way` numbers the split within the price.
    cycle, stratum, programme
        Positions on the axes of the charge.
    follows
        Whether the row above is the same item earlier in the same year, whose running sum it takes
        on.
    """

    strategy: str
    charge: Charge
    split: PayerSplit
    way: int
    cycle: int
    stratum: int
    programme: int
    follows: bool


def postings(name: str, run: StrategyRun) -> Iterator[Posting]:
    """Yield the rows of a strategy, item by item and cell by cell, in time."""
    calendar = run.trajectory.model.calendar
    for charge in run.books.charges:
        numbered = [
            (number, split, cycles)
            for number, (split, cycles) in enumerate(splits(charge, calendar))
        ]
        spread = charge.price.per in SPREAD_EVENLY
        cells = np.argwhere(charge.quantity.any(axis=0))
        for stratum, programme in cells.tolist():
            before = None
            for cycle in np.flatnonzero(charge.quantity[:, stratum, programme]).tolist():
                held = [(n, one) for n, one, cycles in numbered if cycles[cycle]]
                if not held:
                    continue
                year = calendar.years[cycle]
                yield Posting(
                    strategy=name,
                    charge=charge,
                    split=held[0][1],
                    way=held[0][0],
                    cycle=cycle,
                    stratum=stratum,
                    programme=programme,
                    follows=spread and before == year,
                )
                before = year


def half_even(cell: str) -> str:
    """Return the formula that rounds a cell to a whole number, halves to even.

    Examples
    --------
    >>> half_even("J5")
    'ROUND(J5,0)-IF(ABS(J5-TRUNC(J5))=0.5,SIGN(J5)*MOD(ROUND(J5,0),2),0)'
    """
    rounded = f"ROUND({cell},0)"
    return f"{rounded}-IF(ABS({cell}-TRUNC({cell}))=0.5,SIGN({cell})*MOD({rounded},2),0)"


def rounding(cell: str, kroner: float, oere: int) -> str:
    """Return the formula that rounds kroner to whole øre as the ledger did.

    Programs differ in the last digit of a product, so what is within a tenth of a thousandth of an
    øre of a half is taken as a half, and goes to the even number.

    Parameters
    ----------
    cell
        Holds the amount.
    kroner, oere
        The amount, and what the ledger made of it.

    Examples
    --------
    >>> rounding("K5", 0.025, 2) == half_even("ROUND(K5*100,4)")
    True
    >>> rounding("K5", 0.0249999999999, 3)
    'ROUND(ROUND(K5*100,4)+0.0001,0)'
    """
    snapped = round(kroner * 100, 4)
    cents = f"ROUND({cell}*100,4)"
    if round(snapped) == oere:  # halves to even
        return half_even(cents)
    return f"ROUND({cents}{'+' if oere > snapped else '-'}0.0001,0)"


def part_formula(amount: str, shares: list[str], place: int) -> str:
    """Return the formula of one part of an amount shared out by largest remainder.

    Parameters
    ----------
    amount
        The cell with the amount in øre.
    shares
        The cells with the shares, in order.
    place
        Which part.
    """
    if len(shares) == 1:
        return amount
    if len(shares) == 2:  # the larger remainder is the one of half or more; a tie is the first's
        first = f"ROUND(ROUND({amount}*{shares[0]},6),0)"
        return first if place == 0 else f"{amount}-{first}"
    size = f"ABS({amount})"
    whole = [f"INT(ROUND({size}*{share},6))" for share in shares]
    left = [f"ROUND({size}*{s}-{w},6)" for s, w in zip(shares, whole, strict=True)]
    ahead = [
        f"({left[other]}{'>=' if other < place else '>'}{left[place]})"
        for other in range(len(shares))
        if other != place
    ]
    spare = f"{size}-{'-'.join(whole)}"
    return f"SIGN({amount})*({whole[place]}+(({'+'.join(ahead)})<({spare})))"


def payer_formula(book: Book, posting: Posting, payer: str, amount: str) -> str:
    """Return what a payer bears of a posting, as a formula; empty when it is never concerned."""
    price, split = variant(book, posting.strategy, posting.charge), posting.split
    terms = []
    names = [one for one, _ in split.pays]
    if payer in names:
        cells = [book.cells["share", price, posting.way, one] for one in names]
        terms.append("+" + part_formula(amount, cells, names.index(payer)))
    for place, refund in enumerate(split.refunds):
        if payer in (refund.giver, refund.receiver):
            share = book.cells["refund", price, posting.way, place]
            sign = "+" if payer == refund.giver else "-"
            terms.append(f"{sign}ROUND(ROUND({amount}*{share},6),0)")
    if posting.charge.price.transfer_to == payer:
        terms.append(f"-{amount}")
    return "".join(terms).removeprefix("+")


def borne(posting: Posting) -> dict[str, int]:
    """Return what each payer bears of a posting, in øre, as the ledger has it."""
    place = (posting.cycle, posting.stratum, posting.programme)
    amount = np.array([posting.charge.amount[place]])
    split = posting.split
    shares = share_out(amount, tuple(share for _, share in split.pays))[0].tolist()
    parts = dict.fromkeys(PAYERS, 0)
    for (payer, _), share in zip(split.pays, shares, strict=True):
        parts[payer] += share
    for refund in split.refunds:
        given = int(share_out(amount, (refund.share, 1 - refund.share))[0, 0])
        parts[refund.giver] += given
        parts[refund.receiver] -= given
    if posting.charge.price.transfer_to:
        parts[posting.charge.price.transfer_to] -= int(amount[0])
    return parts


def write_postings(book: Book) -> None:
    """Write every posting; the columns are then known to the book, for sums over them.

    Raises
    ------
    SomSimError
        When there are more postings than a sheet should hold.
    """
    rows = [one for name, run in book.result.runs.items() for one in postings(name, run)]
    if len(rows) > MOST_ROWS:
        raise SomSimError(
            f"{len(rows)} postings are too many for a workbook (at most {MOST_ROWS}); use a longer "
            "cycle, or ask for the other formats"
        )
    sheet = book.sheet("postings")
    sheet.title("sheet.postings_title", book.say("sheet.postings_note"))
    heads = [book.say(key) for key in HEADS]
    heads += [payer_name(payer, book.lang) for payer in PAYERS]
    for head in ("targets.strategy", "sheet.item", "account"):
        heads.append(book.say("sheet.key", what=book.say(head)))
    sheet.heads(sheet.row, heads, QUANTITY)
    sheet.page.freeze_panes(sheet.row + 1, 0)
    sheet.page.repeat_rows(sheet.row)
    sheet.page.set_column(STRATEGY, PROGRAMME, 20)
    sheet.page.set_column(START, YEAR, 11)
    sheet.page.set_column(ITEM, ITEM, 32)
    sheet.page.set_column(STRATUM, STRATUM, 26)
    sheet.page.set_column(QUANTITY, FIRST_KEY - 1, 14)
    sheet.page.set_column(FIRST_KEY, FIRST_KEY + len(KEYS) - 1, 14, None, {"hidden": True})
    first = sheet.row + 1
    running = [0.0, 0.0]
    for place, posting in enumerate(rows):
        _write_row(book, sheet, first + place, posting, running)
    last = max(first + len(rows) - 1, first)
    for key, column in (
        ("start", START), ("year", YEAR), *((key, FIRST_KEY + i) for i, key in enumerate(KEYS)),
        *((payer, FIRST_PAYER + i) for i, payer in enumerate(PAYERS)),
    ):  # fmt: skip
        book.cells["postings", key] = span((first, column), (last, column), sheet=sheet.name)


def leave_out_postings(book: Book) -> None:
    """Let formulas over the postings be made where only their values are written."""
    for key in ("strategy", "start", "year", "item", "account", *PAYERS):
        book.cells["postings", key] = ""


def _write_row(book: Book, sheet: Sheet, row: int, posting: Posting, running: list[float]) -> None:
    charge = posting.charge
    run = book.result.runs[posting.strategy]
    calendar, axes = run.trajectory.model.calendar, run.trajectory.model.axes
    year = calendar.years[posting.cycle]
    by_person = charge.quantity.shape[1:] == axes.cell_shape[:2]
    sheet.text(row, STRATEGY, naming.strategy(book.result, posting.strategy, book.lang))
    sheet.page.write_datetime(row, START, calendar.boundaries[posting.cycle], book.looks["date"])
    sheet.number(row, YEAR, year, "year")
    sheet.text(row, ITEM, naming.price(book.result, charge.name, book.lang))
    sheet.text(row, ACCOUNT, naming.account(charge.price.account, book.lang))
    for column, name in enumerate((posting.strategy, charge.name, charge.price.account)):
        sheet.text(row, FIRST_KEY + column, name)
    if by_person:
        sheet.text(
            row, STRATUM, naming.stratum(book.result, axes.strata[posting.stratum], book.lang)
        )
        sheet.text(row, PROGRAMME, _programme(book, axes.programmes[posting.programme]))
    place = (posting.cycle, posting.stratum, posting.programme)
    quantity = float(charge.quantity[place])
    unit = float(charge.unit_kroner[posting.cycle])
    exact = quantity * unit
    before = running[0] if posting.follows else 0.0
    rounded_before = running[1] if posting.follows else 0.0
    running[0], running[1] = before + exact, rounded_before + int(charge.amount[place])
    cells = {column: f"{column_name(column)}{row + 1}" for column in range(FIRST_PAYER)}
    above = {column: f"{column_name(column)}{row}" for column in (RUNNING, ROUNDED)}
    sheet.number(row, QUANTITY, quantity)
    sheet.formula(row, PRICE, price_formula(book, posting, year), unit, "number")
    sheet.formula(row, EXACT, f"{cells[QUANTITY]}*{cells[PRICE]}", exact, "number")
    carried = f"{above[RUNNING]}+" if posting.follows else ""
    sheet.formula(row, RUNNING, carried + cells[EXACT], running[0], "number")
    sheet.formula(
        row, ROUNDED, rounding(cells[RUNNING], running[0], int(running[1])), running[1], "whole"
    )
    less = f"-{above[ROUNDED]}" if posting.follows else ""
    sheet.formula(row, AMOUNT, cells[ROUNDED] + less, int(charge.amount[place]), "whole")
    parts: dict[str, Any] = borne(posting)
    for number, payer in enumerate(PAYERS):
        formula = payer_formula(book, posting, payer, cells[AMOUNT])
        if formula:
            sheet.formula(row, FIRST_PAYER + number, formula, parts[payer], "whole")


def _programme(book: Book, name: str) -> str:
    """Return what a programme is called; who is in none has a dash."""
    if name == NO_PROGRAMME:
        return "–"
    left = next((one for one in book.result.scenario.base.programmes
                 if name.startswith(f"after {one} ")), None)  # fmt: skip
    if left is not None:
        number = name.rpartition(" ")[2]
        label = naming.programme(book.result, left, book.lang)
        return book.say("sheet.after", programme=label, number=number)
    return naming.programme(book.result, name, book.lang)


def price_formula(book: Book, posting: Posting, year: int) -> str:
    """Return the formula of a unit's price at the level of a year."""
    money, price = book.result.scenario.base.money, posting.charge.price
    name = price.index or (money.index if money is not None else "")
    now, then = (book.cells["index", name, when] for when in (year, price.price_year))
    unit = book.cells["unit", variant(book, posting.strategy, posting.charge)]
    return f"{unit}*({now}/{then})"
