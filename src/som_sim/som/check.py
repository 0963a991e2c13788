"""What the sections of a case must agree on; every problem is found, and placed by the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from som_sim.core.errors import Path, Problem, suggest
from som_sim.core.limits import BASE_YEAR_REACH
from som_sim.knowledge.rules import discount_rates
from som_sim.scenario.check_case import TRANSFERS
from som_sim.som.case import Cost, Payment, SomCase
from som_sim.som.identity import last_year_with_consequences, success_year

Problems = Iterator[Problem]


def check(case: SomCase) -> list[Problem]:
    """Return every problem between sections."""
    return [problem for run in CHECKS for problem in run(case)]


def cautions(case: SomCase) -> list[Problem]:
    """Return what is allowed but deserves a look."""
    return [problem for run in CAUTIONS for problem in run(case)]


def _error(path: Path, message: str, *, at_key: bool = False) -> Problem:
    return Problem(path=path, message=message, at_key=at_key)


def _inputs(case: SomCase) -> Problems:
    """Every input is there, or is said to be missing; never both."""
    there = {
        "participants": case.participants is not None,
        "course": case.course is not None,
        "success": case.success is not None,
        "costs": bool(case.costs),
        "consequences": bool(case.consequences),
    }
    for name, given in there.items():
        if not given and name not in case.missing_inputs:
            yield _error(
                (),
                f"'{name}' is missing; if it was not published, say so: "
                f"missing: [{{input: {name}}}]",
            )
    for position, one in enumerate(case.missing):
        if case.missing_inputs.index(one.input) < position:
            yield _error(("missing", position), f"'{one.input}' stands here twice")
    if case.consequences and case.consequences_from is None:
        yield _error(
            (),
            "'consequences_from' is missing; write success_year when the first number of a "
            "consequence is about the year in which the course ends, year_after when it is about "
            "the next",
        )


def _years(case: SomCase) -> Problems:
    """Everything falls within the calculation."""
    first, last = case.time.from_, case.time.to
    span = f"({first} to {last})"
    if case.participants is not None:
        for year in case.participants.start:
            if not first <= year <= last:
                yield _error(
                    ("participants", "start", year), f"{year} is outside the calculation {span}"
                )
    for name, cost in case.costs.items():
        for key, one in (("from", cost.from_), ("to", cost.to)):
            if one is not None and not first <= one <= last:
                yield _error(("costs", name, key), f"{one} is outside the calculation {span}")
        if cost.per == "once" and cost.from_ is None:
            yield _error(("costs", name), "a cost once needs 'from', the year in which it falls")
        if cost.per == "participant" and case.participants is None:
            yield _error(("costs", name, "per"), "there are no participants to count it by")
    base = case.money.base_year
    if not first - BASE_YEAR_REACH <= base <= last + BASE_YEAR_REACH:
        yield _error(
            ("money", "base_year"), f"{base} is more than {BASE_YEAR_REACH} years from {span[1:-1]}"
        )


def _names(case: SomCase) -> Problems:
    """Every name points at something."""
    for name, consequence in case.consequences.items():
        if consequence.price not in case.prices:
            yield _error(
                ("consequences", name, "price"),
                f"'{consequence.price}' is no price; {suggest(consequence.price, case.prices)}",
            )
        if name in case.costs:
            yield _error(
                ("consequences", name), "a cost has this name already; choose another", at_key=True
            )
    rate = case.money.discount_rate
    if isinstance(rate, str) and rate not in discount_rates():
        yield _error(
            ("money", "discount_rate"),
            f"'{rate}' is no discount rate; {suggest(rate, discount_rates())}",
        )
    yield from _sources(case, (), case.sources)


def _sources(value: object, path: Path, sources: object) -> Problems:
    assert isinstance(sources, dict)
    source = getattr(value, "source", None)
    if isinstance(source, str) and source not in sources:
        yield _error(
            (*path, "source"),
            f"source '{source}' is not declared in 'sources'; {suggest(source, sources)}",
        )
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _sources(getattr(value, name), (*path, field.alias or name), sources)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _sources(one, (*path, key), sources)
    elif isinstance(value, tuple):
        for position, one in enumerate(value):
            yield from _sources(one, (*path, position), sources)


def payments(case: SomCase) -> Iterator[tuple[Path, Payment]]:
    """Yield every cost and every price with its path."""
    for name, cost in case.costs.items():
        yield ("costs", name), cost
    for name, price in case.prices.items():
        yield ("prices", name), price


def _price_levels(case: SomCase) -> Problems:
    """Every amount can be moved to every year in which it is used: no mixed price years."""
    level = case.meta.price_year
    for path, one in payments(case):
        index = one.index or case.money.index
        if index is None:
            if one.price_year != level:
                yield _error(
                    (*path, "price_year"),
                    f"{one.price_year} is another price year than the case's {level}, and 'money' "
                    "names no index to move it by",
                )
            continue
        if index not in case.indices:
            yield _error((*path, "index"), f"'{index}' is no index; {suggest(index, case.indices)}")
            continue
        needed = {one.price_year, level, *_used_years(case, one)}
        yield from _index_years(case, path, index, needed)
        if case.money.index is None:
            yield _error(("money",), "prices are moved by an index; say which one in 'index'")


def _index_years(case: SomCase, path: Path, index: str, needed: set[int]) -> Problems:
    absent = sorted(needed - set(case.indices[index].values))
    if absent:
        yield _error(
            path,
            f"index '{index}' has no value for {', '.join(map(str, absent))}; add them, or another "
            "index: a missing year is never guessed",
        )
    main = case.money.index
    if main is not None and main != index and main in case.indices:
        absent = sorted(needed - set(case.indices[main].values))
        if absent:
            yield _error(path, f"index '{main}' has no value for {', '.join(map(str, absent))}")


def _used_years(case: SomCase, payment: Payment) -> set[int]:
    """Return the years in which an amount is booked, or at least may be."""
    years = case.time.years
    if isinstance(payment, Cost):
        if payment.per == "participant":
            return set(case.participants.start if case.participants else ())
        if payment.per == "once":
            return {payment.from_ or years[0]}
        return {y for y in years if (payment.from_ or y) <= y <= (payment.to or y)}
    return set(years)


def _overrun(case: SomCase) -> Problems:
    """Consequences after the last year are left out, and that is worth knowing."""
    if case.participants is None or case.course is None or not case.consequences:
        return
    last = last_year_with_consequences(case)
    if last is not None and last > case.time.to:
        yield _error(
            ("time", "to"),
            f"consequences go on to {last}; those after {case.time.to} are not counted",
        )
    late = [c for c in case.participants.start if success_year(c, case.course) > case.time.to]
    for year in late:
        yield _error(
            ("participants", "start", year),
            f"those who start in {year} end their course after {case.time.to}: they cost, and no "
            "success of theirs is counted",
        )


def _not_positive(case: SomCase) -> Problems:
    if case.success is not None and case.success.rate <= 0:
        yield _error(("success",), f"the net success rate is {case.success.rate}: nobody gains")


def _transfers(case: SomCase) -> Problems:
    """Refuse a benefit, a tax or a user's payment that is booked as a cost of society."""
    for path, one in payments(case):
        labels = (one.label.da, one.label.en) if one.label else ()
        texts = (str(path[-1]), one.account, *labels)
        words = [word for text in texts for word in re.findall(r"[^\W_]+", text.lower())]
        word = next((one for one in words if one in TRANSFERS), None)
        if word is not None and one.transfer_to is None:
            yield _error(
                path,
                f"'{word}' is money that changes hands; without 'transfer_to' less of it would "
                "count as a gain to society. Name who receives it, or call it what it is",
            )


CHECKS = (_inputs, _years, _names, _price_levels, _transfers)
CAUTIONS = (_overrun, _not_positive)
