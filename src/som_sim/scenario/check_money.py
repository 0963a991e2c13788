"""Checks on prices, payers, indices, discounting and grants."""

from __future__ import annotations

import datetime as dt

from som_sim.core.errors import Path
from som_sim.core.limits import BASE_YEAR_REACH, MOST_CONDITIONS
from som_sim.knowledge.rules import discount_rates
from som_sim.scenario.check_payers import check_payers
from som_sim.scenario.check_prices import check_parts
from som_sim.scenario.findings import Findings
from som_sim.scenario.schema import Price


def check_money(findings: Findings) -> None:
    """Where there are prices there is an index and a discount rate to view them with."""
    spec = findings.spec
    money = spec.money
    if money is None:
        if findings.names.prices or findings.names.grants:
            findings.error(
                (), "'money' is missing: prices and grants need an index and a discount rate"
            )
        return
    if findings.known(("money", "index"), "index", money.index, findings.names.indices):
        index = spec.indices.get(money.index)
        if index is not None and spec.meta.price_year not in index.values:
            findings.error(
                ("meta", "price_year"),
                f"index '{money.index}' has no value for {spec.meta.price_year}",
            )
    first, last = spec.time.calendar.years[0], spec.time.calendar.years[-1]
    if not first - BASE_YEAR_REACH <= money.base_year <= last + BASE_YEAR_REACH:
        findings.error(
            ("money", "base_year"),
            f"{money.base_year} is more than {BASE_YEAR_REACH} years from the run ({first} to "
            f"{last})",
        )
    if isinstance(money.discount_rate, str):
        findings.known(
            ("money", "discount_rate"),
            "discount rate",
            money.discount_rate,
            tuple(discount_rates()),
        )


def check_prices(findings: Findings) -> None:
    """Each price names people, payers and an index that exist in every year it is charged."""
    spec = findings.spec
    for name, price in spec.prices.items():
        path: Path = ("prices", name)
        if price.in_ is not None:
            findings.condition((*path, "in"), price.in_, findings.cell_keys)
        check_parts(findings, path, price)
        if price.programme is not None:
            findings.known(
                (*path, "programme"), "programme", price.programme, findings.names.programmes
            )
        if price.from_ and price.to and price.from_.start > price.to.start:
            findings.error((*path, "to"), "the price ends before it starts")
        _check_on_cycles(findings, path, price)
        charged = charged_days(findings, price)
        if price.index:
            findings.known((*path, "index"), "index", price.index, findings.names.indices)
        years = {price.price_year, *(day.year for day in charged)}
        _check_years(findings, path, price.index or (spec.money.index if spec.money else ""), years)
        if price.index and spec.money:
            _check_years(findings, path, spec.money.index, years - {price.price_year})
        check_payers(findings, path, price, charged)


def _check_years(findings: Findings, path: Path, index: str, years: set[int]) -> None:
    """Check that an index has every year it is needed for."""
    if index in findings.spec.indices:
        values = findings.spec.indices[index].values
        missing = [str(year) for year in sorted(years) if year not in values]
        if missing:
            findings.error(
                path,
                f"index '{index}' has no value for {', '.join(missing)}; add them, or another "
                "index: a missing year is never guessed",
            )


def _check_on_cycles(findings: Findings, path: Path, price: Price) -> None:
    """Check that a price starts and ends with a cycle: half a cycle is never left out silently."""
    calendar = findings.spec.time.calendar
    for key, period, day in (
        ("from", price.from_, price.from_.start if price.from_ else None),
        ("to", price.to, price.to.end if price.to else None),
    ):
        if (
            period
            and day
            and calendar.start < day < calendar.end
            and day not in calendar.boundaries
        ):
            findings.error((*path, key), f"{period.text} does not fit cycles of a {calendar.unit}")


def charged_days(findings: Findings, price: Price) -> list[dt.date]:
    """Return the first day of each cycle in which a price is charged."""
    return [
        day
        for day in findings.spec.time.calendar.boundaries[:-1]
        if (price.from_ is None or price.from_.start <= day)
        and (price.to is None or day < price.to.end)
    ]


def check_grants(findings: Findings) -> None:
    """Tranches add to the stated total, fall in the run, and cover prices that exist."""
    spec = findings.spec
    years = set(spec.time.calendar.years)
    for name, grant in spec.grants.items():
        path: Path = ("grants", name)
        if name in findings.names.prices:
            findings.error(path, "a price has this name already; choose another", at_key=True)
        if grant.funder == grant.to:
            findings.error((*path, "to"), "the funder and the receiver are the same")
        for position, item in enumerate(grant.covers):
            here = (*path, "covers", position)
            known = findings.known(here, "price", item, findings.names.prices)
            if known and grant.covers.index(item) < position:
                findings.error(here, f"'{item}' stands here twice")
        if grant.clawback is not None:
            here = (*path, "clawback", "programme")
            findings.known(here, "programme", grant.clawback.programme, findings.names.programmes)
        for year in grant.tranches:
            if year not in years:
                findings.error(
                    (*path, "tranches", year),
                    f"{year} is outside the run ({min(years)} to {max(years)})",
                )
        if spec.money:
            awarded = set(grant.tranches) & years
            _check_years(findings, (*path, "tranches"), spec.money.index, awarded)
        total = sum(grant.tranches.values())
        if total != grant.total:
            findings.error(
                (*path, "total"),
                f"the tranches add to {total}, not to the stated total {grant.total}",
            )
    if sum(len(grant.conditions) for grant in spec.grants.values()) > MOST_CONDITIONS:
        findings.error(
            ("grants",),
            f"more than {MOST_CONDITIONS} tranches have conditions; all they can come to together "
            "is worked out, so let several depend on one",
        )
