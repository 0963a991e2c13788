"""A case as a scenario without dynamics: SØM's answer, with all that a scenario can do.

Those who start in a year are a stratum. From the first day of the run they are where they end: so
many have succeeded, with the intervention or without it, and the others not, and nobody moves. What
a success uses less is paid for those who do not succeed, what it uses more for those who do, in the
years that the case says. The net is then SØM's, but for the rounding of two bills in place of one.

From such a scenario the same reports can be made as from any other, and dynamics can be put in.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from som_sim.core.errors import SomSimError
from som_sim.som.bridge import yaml_text
from som_sim.som.case import Consequence, Payment, SomCase
from som_sim.som.identity import first_years, participants_of
from som_sim.som.read import Case

FLAT = "unchanged"
EVIDENCE = ("source", "grade", "note")
BOOKED = ("account", "udvalg", "paragraph", "transfer_to")
LABELS = {
    "reference": {"da": "Uden indsatsen", "en": "Without the intervention"},
    "intervention": {"da": "Med indsatsen", "en": "With the intervention"},
    "other": {"da": "Ikke lykkedes", "en": "Has not succeeded"},
    "success": {"da": "Lykkedes", "en": "Has succeeded"},
    "before": {"da": "Det, der falder bort", "en": "What falls away"},
}
Row = dict[str, Any]


def scenario_text(case: Case) -> str:
    """Return a case as the text of a scenario file.

    Raises
    ------
    SomSimError
        When an input of the case is missing.

    Examples
    --------
    >>> import som_sim
    >>> from som_sim.som.read import load_case
    >>> case = load_case("scenarios/som/skaeve_boliger.yaml")
    >>> som_sim.run(som_sim.loads(scenario_text(case))).ok
    True
    """
    spec = case.spec
    if spec.missing:
        missing = ", ".join(spec.missing_inputs)
        raise SomSimError(f"{case.file}: without {missing} there is nothing to simulate")
    starts = tuple(participants_of(spec))
    sections: Row = {
        "som_sim": 1,
        "meta": _meta(spec),
        "time": {"from": f"{spec.time.from_}-01", "to": f"{spec.time.to}-12", "cycle": "year"},
        "domains": {"outcome": {key: {"label": LABELS[key]} for key in ("other", "success")}},
        "strata": {_stratum(year): {} for year in starts},
        "population": {"initial": _people(spec, "reference")},
        "programmes": {key: _bare(key) for key in ("before", "intervention")},
        "prices": dict(_prices(spec)),
        "indices": _indices(spec),
        "money": {
            "index": spec.money.index or FLAT,
            "discount_rate": spec.money.discount_rate,
            "base_year": spec.money.base_year,
        },
        "strategies": {
            "reference": {"label": LABELS["reference"], "programmes": ["before"]},
            "intervention": {
                "label": LABELS["intervention"],
                "programmes": ["intervention"],
                "overrides": {"population.initial": _people(spec, "with")},
            },
        },
        "sources": {name: _plain(source.model_dump()) for name, source in spec.sources.items()},
    }
    name = os.path.basename(case.file)
    head = f"# Made from the SØM case {name}: its answer, with no dynamics. Nobody moves.\n"
    return head + "".join(_section(key, value) for key, value in sections.items())


def write_scenario(case: Case, path: str | os.PathLike[str]) -> None:
    """Write a case as a scenario file; an existing file is replaced as a whole.

    Raises
    ------
    SomSimError
        When an input is missing or the file cannot be written.
    """
    text = scenario_text(case)
    target = Path(path)
    try:
        with tempfile.TemporaryDirectory(prefix=".som-", dir=target.absolute().parent) as folder:
            ready = Path(folder) / "scenario.yaml"
            ready.write_text(text, encoding="utf-8", newline="\n")
            os.replace(ready, target)
    except OSError as error:
        raise SomSimError(f"cannot write {target}: {error.strerror or error}") from None


def _section(key: str, value: Any) -> str:
    """Write a section; what it holds stands on a line of its own for each item."""
    if key in ("som_sim", "meta", "time", "money") or not value:
        return f"{key}: {yaml_text(value)}\n"
    return f"{key}:\n" + "".join(f"  {yaml_text(k)}: {yaml_text(v)}\n" for k, v in value.items())


def _plain(item: Row) -> Row:
    return {key: value for key, value in item.items() if value is not None}


def _meta(spec: SomCase) -> Row:
    meta = _plain(spec.meta.model_dump())
    return {key: _plain(value) if isinstance(value, dict) else value for key, value in meta.items()}


def _stratum(year: int) -> str:
    return f"start_{year}"


def _bare(key: str) -> Row:
    """Return a programme that only says which prices a strategy pays."""
    return {
        "label": LABELS[key],
        "eligible": {"outcome": "success"},
        "places": 0,
        "intake": {"share_of_waiting": 0},
        "effects": [],
    }


def _people(spec: SomCase, side: str) -> list[Row]:
    """Return who is where from the first day."""
    assert spec.success is not None and spec.participants is not None
    success, evidence = spec.success, _evidence(spec.participants)
    gross, anyway = success.with_, success.reference
    if success.net is not None:
        gross, anyway = max(success.net, Decimal(0)), max(-success.net, Decimal(0))
    assert gross is not None and anyway is not None
    share = gross if side == "with" else anyway
    rows: list[Row] = []
    for year, persons in spec.participants.start.items():
        for state, part in (("other", 1 - share), ("success", share)):
            where = {"stratum": _stratum(year), "outcome": state}
            rows.append({**where, "persons": persons * part, **evidence})
    return rows


def _evidence(item: Any) -> Row:
    return _plain({key: getattr(item, key) for key in EVIDENCE})


def _payment(item: Payment, label: Any) -> Row:
    row: Row = {} if label is None else {"label": {"da": label.da, "en": label.en}}
    row |= {"price_year": item.price_year, "payers": dict(item.payers)}
    row |= _plain({key: getattr(item, key) for key in BOOKED})
    return row | ({"index": item.index} if item.index else {})


def _prices(spec: SomCase) -> Iterator[tuple[str, Row]]:
    for name, cost in spec.costs.items():
        row = _payment(cost, cost.label) | _evidence(cost)
        row["programme"] = "before" if cost.kind == "saved" else "intervention"
        row["phase"] = "startup" if cost.kind == "startup" else "operation"
        if cost.per == "year":
            first, last = cost.from_ or spec.time.from_, cost.to or spec.time.to
            window = {"from": f"{first}-01", "to": f"{last}-12"}
            yield name, {"amount": cost.amount, "per": "year", **window, **row}
        elif cost.per == "once":
            window = {"from": f"{cost.from_}-01", "to": f"{cost.from_}-12"}
            yield name, {"amount": cost.amount, "per": "once", **window, **row}
        else:
            for year, persons in participants_of(spec).items():
                window = {"from": f"{year}-01", "to": f"{year}-12"}
                amount = f"{_number(persons)} * {_number(cost.amount)}"
                yield f"{name}_{year}", {"amount": amount, "per": "once", **window, **row}
    for name, consequence in spec.consequences.items():
        yield from _consequence(spec, name, consequence)


def _consequence(spec: SomCase, name: str, consequence: Consequence) -> Iterator[tuple[str, Row]]:
    """Yield a price for each start year and year in which something is used less or more."""
    price = spec.prices[consequence.price]
    row = _payment(price, consequence.label) | _evidence(price)
    for start, first in first_years(spec).items():
        for lag, units in enumerate(consequence.per_success):
            year = first + lag
            if not units or year not in spec.time.years:
                continue
            where = {"stratum": _stratum(start), "outcome": "success" if units > 0 else "other"}
            yield (
                f"{name}_{start}_{year}",
                {
                    "amount": f"{_number(abs(units))} * {_number(price.amount)}",
                    "per": "person_year",
                    "in": where,
                    "from": f"{year}-01",
                    "to": f"{year}-12",
                    **row,
                },
            )


def _number(value: Decimal | Fraction) -> str:
    exact = Fraction(value)  # of decimals, so it is one
    return yaml_text(Decimal(exact.numerator) / exact.denominator)


def _indices(spec: SomCase) -> Row:
    if spec.money.index is None:
        years = {spec.meta.price_year, *spec.time.years}
        return {FLAT: {"values": dict.fromkeys(sorted(years), 100)}}
    return {
        name: {"values": dict(index.values), **_evidence(index)}
        for name, index in spec.indices.items()
    }
