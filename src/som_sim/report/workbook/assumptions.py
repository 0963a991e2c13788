"""The sheet of assumptions: every price, share, index and rate that the money sheets build on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from som_sim.core.records import in_language
from som_sim.core.texts import payer_name
from som_sim.ledger.post import Charge
from som_sim.outcomes.economics import rate_of
from som_sim.report import naming
from som_sim.report.case.assumptions import parameter_value
from som_sim.report.workbook.sheets import Book, Sheet
from som_sim.scenario.exact import exact_kroner

if TYPE_CHECKING:
    from som_sim.knowledge.rules import PayerSplit


NOTE_WIDTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in which the bill of a price is split, numbered within the price.

    Attributes
    ----------
    price, number
        Which it is.
    split
        Who settles the bill and who refunds.
    """

    price: str
    number: int
    split: PayerSplit


def variant(book: Book, strategy: str, charge: Charge) -> str:
    """Return under which name a strategy's price stands among the assumptions.

    That is its own name, unless an earlier strategy has another price under it. A dot, which no
    name of a scenario has, keeps it apart from all other prices.
    """
    owner = ""
    for name, run in book.result.runs.items():
        first = next((one for one in run.books.charges if one.name == charge.name), None)
        if first is None:
            continue
        owner = owner or name
        if _same(first, charge):
            return charge.name if name == owner else f"{charge.name}.{name}"
    return charge.name


def _same(one: Charge, other: Charge) -> bool:
    """Return whether two strategies' prices of one name can share a line."""
    return (
        one.unit_price == other.unit_price
        and one.ways == other.ways
        and one.price.price_year == other.price.price_year
        and one.price.index == other.price.index
    )


def all_charges(book: Book) -> dict[str, Charge]:
    """Return each price of the run once, under the name of `variant`."""
    found: dict[str, Charge] = {}
    for strategy, run in book.result.runs.items():
        for charge in run.books.charges:
            if charge.quantity.any():
                found.setdefault(variant(book, strategy, charge), charge)
    return found


def write_assumptions(book: Book) -> None:
    """Write the sheet; the cells of all inputs are then known to the book."""
    sheet = book.sheet("assumptions")
    note = "sheet.published" if book.values_only else "sheet.assumptions_note"
    sheet.title("sheet.assumptions_title", book.say(note))
    sheet.page.set_column(0, 0, 38)
    sheet.page.set_column(1, 8, 14)
    sheet.page.set_column(4, 4, 26)
    sheet.page.set_column(6, 6, 24)
    sheet.page.set_column(9, 9, NOTE_WIDTH)
    for write in (_general, _prices, _shares, _indices, _rates, _parameters):
        write(book, sheet)
        sheet.row += 2


def _section(sheet: Sheet, key: str, note: str = "") -> None:
    sheet.text(sheet.row, 0, sheet.book.say(key), "section")
    if note:
        sheet.text(sheet.row, 1, note, "note")
    sheet.row += 1


def _general(book: Book, sheet: Sheet) -> None:
    base = book.result.scenario.base
    _section(sheet, "sheet.general")
    sheet.text(sheet.row, 0, book.say("prices.year"))
    sheet.number(sheet.row, 1, base.meta.price_year, "year")
    sheet.row += 1
    if base.money is not None:
        sheet.text(sheet.row, 0, book.say("sheet.base_year"))
        sheet.number(sheet.row, 1, base.money.base_year, "year")
        sheet.row += 1
    if not book.values_only:
        sheet.text(sheet.row, 0, book.say("sheet.input"))
        sheet.page.write_blank(sheet.row, 1, None, book.looks["input_number"])


def _prices(book: Book, sheet: Sheet) -> None:
    _section(sheet, "prices.caption")
    heads = (
        "budget.item", "prices.kroner", "sheet.overhead", "sheet.unit_price", "budget.unit",
        "prices.year", "indices.name", "purpose.source", "assumptions.grade", "assumptions.note",
    )  # fmt: skip
    sheet.heads(sheet.row, [book.say(head) for head in heads], 99)
    for name, charge in all_charges(book).items():
        sheet.row += 1
        row, price = sheet.row, charge.price
        spec = book.result.scenario.base
        sheet.text(row, 0, _called(book, name))
        amount = price.sign * exact_kroner(price.amount, spec.parameters)
        sheet.entry(row, 1, float(amount), ("price", name), look="input_kroner")
        overhead = float(charge.unit_price / amount - 1) if amount else 0.0
        sheet.entry(row, 2, overhead, ("overhead", name), look="input_share", high=10)
        own, extra = book.cells["price", name], book.cells["overhead", name]
        sheet.formula(row, 3, f"{own}*(1+{extra})", float(charge.unit_price))
        book.cells["unit", name] = sheet.where(row, 3)
        sheet.text(row, 4, naming.unit(price.per, book.lang), "after")
        sheet.number(row, 5, price.price_year, "year")
        index = price.index or (spec.money.index if spec.money else "")
        sheet.text(row, 6, naming.index(book.result, index, book.lang) if index else "")
        sheet.text(row, 7, price.source or "")
        sheet.text(row, 8, price.grade or "")
        sheet.long(row, 9, in_language(price.note, book.lang), NOTE_WIDTH)


def _called(book: Book, name: str) -> str:
    """Return what a line of a price is called; one of a strategy alone says of which."""
    price, _, strategy = name.partition(".")
    called = naming.price(book.result, price, book.lang)
    if not strategy:
        return called
    return f"{called} ({naming.strategy(book.result, strategy, book.lang)})"


def ways(book: Book) -> list[Way]:
    """Return every way in which every price is split, in the order of the file."""
    return [
        Way(price=name, number=number, split=split)
        for name, charge in all_charges(book).items()
        for number, split in enumerate(charge.ways)
    ]


def _shares(book: Book, sheet: Sheet) -> None:
    _section(sheet, "sheet.shares", book.say("sheet.shares_note"))
    heads = (
        "budget.item", "rules.from", "rules.to", "sheet.who", "sheet.what", "sheet.share",
    )  # fmt: skip
    sheet.heads(sheet.row, [book.say(head) for head in heads], 99)
    for way in ways(book):
        pays = way.split.pays
        for place, (payer, share) in enumerate(pays):
            key = ("share", way.price, way.number, payer)
            sheet.row += 1
            _way(book, sheet, way, payer_name(payer, book.lang), book.say("sheet.pays"))
            if place < len(pays) - 1:
                sheet.entry(sheet.row, 5, float(share), key, look="input_share", low=0, high=1)
                continue
            others = [book.cells["share", way.price, way.number, one] for one, _ in pays[:-1]]
            rest = "-".join(["1", *others])
            sheet.formula(sheet.row, 5, rest, float(share), "share")
            book.cells[key] = sheet.where(sheet.row, 5)
        for place, refund in enumerate(way.split.refunds):
            sheet.row += 1
            what = book.say("sheet.refunds", receiver=payer_name(refund.receiver, book.lang))
            _way(book, sheet, way, payer_name(refund.giver, book.lang), what)
            refunded = ("refund", way.price, way.number, place)
            given = float(refund.share)
            sheet.entry(sheet.row, 5, given, refunded, look="input_share", low=0, high=1)


def _way(book: Book, sheet: Sheet, way: Way, who: str, what: str) -> None:
    split = way.split
    sheet.text(sheet.row, 0, _called(book, way.price))
    sheet.text(sheet.row, 1, split.valid_from or "–")
    sheet.text(sheet.row, 2, split.valid_to or "–")
    sheet.text(sheet.row, 3, who)
    sheet.text(sheet.row, 4, what)


def _indices(book: Book, sheet: Sheet) -> None:
    _section(sheet, "indices.caption")
    sheet.heads(
        sheet.row,
        [
            book.say("indices.name"),
            book.say("year"),
            book.say("sheet.level"),
            book.say("purpose.source"),
        ],
        99,
    )
    for name, index in book.result.scenario.base.indices.items():
        for year, level in sorted(index.values.items()):
            sheet.row += 1
            label = index.label.into(book.lang) if index.label else name
            sheet.text(sheet.row, 0, label)
            sheet.number(sheet.row, 1, year, "year")
            sheet.entry(sheet.row, 2, float(level), ("index", name, year), low=1e-9)
            sheet.text(sheet.row, 3, index.source or "", "after")


def _rates(book: Book, sheet: Sheet) -> None:
    """Write a rate for each year and the factor that follows; the base year's factor is 1."""
    base = book.result.scenario.base
    if base.money is None:
        return
    _section(sheet, "sheet.discounting")
    heads = ("year", "sheet.rate", "sheet.factor")
    sheet.heads(sheet.row, [book.say(head) for head in heads], 99)
    rate, zero = rate_of(base.money.discount_rate), base.money.base_year
    run_years = sorted(set(base.time.calendar.years))
    years = list(range(min(zero, run_years[0]), max(zero, run_years[-1]) + 1))
    first = sheet.row + 1
    rows = {year: first + place for place, year in enumerate(years)}
    factors = {zero: 1.0}
    for year in years:
        yearly = rate.rate(year - zero) if year > zero else rate.rate(0)
        sheet.number(rows[year], 0, year, "year")
        if year != zero:
            key = ("rate", year)
            sheet.entry(rows[year], 1, yearly, key, look="input_share", low=0, high=0.9999)
    for year in [one for one in years if one > zero]:
        factors[year] = factors[year - 1] / (1 + rate.rate(year - zero))
    for year in reversed([one for one in years if one < zero]):
        factors[year] = factors[year + 1] * (1 + rate.rate(0))
    for year in years:
        before = sheet.where(rows[year] - 1, 2), sheet.where(rows[year] + 1, 2)
        own = sheet.where(rows[year], 1)
        later, earlier = f"{before[0]}/(1+{own})", f"{before[1]}*(1+{own})"
        formula = "1" if year == zero else later if year > zero else earlier
        sheet.formula(rows[year], 2, formula, factors[year], "factor")
        book.cells["factor", year] = sheet.where(rows[year], 2)
    sheet.row = rows[years[-1]]


def _parameters(book: Book, sheet: Sheet) -> None:
    """List the parameters of the model: they move people, so a change of them takes a new run."""
    _section(sheet, "assumptions.parameters", book.say("sheet.parameters_note"))
    heads = ("assumptions.name", "assumptions.value", "purpose.source", "assumptions.grade")
    sheet.heads(sheet.row, [book.say(head) for head in heads], 99)
    sheet.text(sheet.row, 9, book.say("assumptions.note"), "head")
    for name, one in book.result.scenario.base.parameters.items():
        sheet.row += 1
        label = one.label.into(book.lang) if one.label else name
        shown = (label, parameter_value(one, book.lang), one.source, one.grade)
        for column, written in enumerate(shown):
            sheet.text(sheet.row, column, written or "")
        sheet.long(sheet.row, 9, in_language(one.note, book.lang), NOTE_WIDTH)
