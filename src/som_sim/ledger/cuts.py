"""Any cut of the ledger: by month, quarter or year, account, payer or people, or several of these.

Every cut is a sum of the same postings, so two cuts of the same money always agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError, suggest
from som_sim.core.time import Calendar
from som_sim.ledger.ledger import (
    ACCOUNTS_OF_PAYERS,
    KINDS,
    MEMO,
    NOBODY,
    PROVIDER,
    Ledger,
    payer_number,
)
from som_sim.scenario.schema import Account, ScenarioFile

Key = tuple[str | int, ...]
PERIODS = ("year", "quarter", "month")
NONE = ""
"""Where a posting is about nobody in particular, or an item has no such mark."""


def cut(
    spec: ScenarioFile, calendar: Calendar, ledger: Ledger, by: Sequence[str]
) -> dict[Key, int]:
    """Add up the postings of payers, memo rows left out.

    Parameters
    ----------
    spec
        The strategy's file.
    calendar
        Of the run.
    ledger
        Its postings.
    by
        Names of `DIMENSIONS`; none of them gives the total.

    Returns
    -------
    mapping of one value for each name of `by` to øre
        In the order of the values; what adds to 0 is there too.

    Raises
    ------
    SomSimError
        When there is no such dimension, one stands twice, or the cycles are too long for it.
    """
    for name in by:
        if list(by).count(name) > 1:
            raise SomSimError(f"'{name}' stands twice among the dimensions")
    rows = (ledger.kind != MEMO) & (ledger.payer != payer_number(PROVIDER))
    columns = [_column(spec, calendar, ledger, name)[rows] for name in by]
    totals: dict[Key, int] = {}
    for *key, amount in zip(
        *(one.tolist() for one in (*columns, ledger.amount[rows])), strict=True
    ):
        totals[tuple(key)] = totals.get(tuple(key), 0) + amount
    return dict(sorted(totals.items()))


def _column(spec: ScenarioFile, calendar: Calendar, ledger: Ledger, name: str) -> NDArray[Any]:
    """Return the value of a dimension for each row: (row,)."""
    if name not in DIMENSIONS:
        raise SomSimError(f"'{name}' is no dimension of the ledger; {suggest(name, DIMENSIONS)}")
    if name in PERIODS:
        periods = np.array(periods_of(calendar, name), dtype=object)
        return periods[ledger.cycle] if len(periods) else periods
    of_item = _OF_ITEM.get(name)
    if of_item is not None:
        values = np.array([of_item(spec, *item) for item in ledger.items], dtype=object)
        return values[ledger.item] if len(values) else values
    labels, numbers = {
        "kind": (KINDS, ledger.kind),
        "payer": (ACCOUNTS_OF_PAYERS, ledger.payer),
        "stratum": ((*ledger.strata, NONE), ledger.stratum),
        "programme": ((*ledger.programmes, NONE), ledger.programme),
    }[name]
    assert NOBODY == -1, "the last label is that of nobody"
    column: NDArray[Any] = np.array(labels, dtype=object)[numbers]
    return column


def periods_of(calendar: Calendar, name: str) -> list[str | int]:
    """Return the year, quarter or month of each cycle: (cycle,).

    Raises
    ------
    SomSimError
        When a cycle is longer than the period: its amounts are not cut up.
    """
    if (name, calendar.unit) in (("month", "quarter"), ("month", "year"), ("quarter", "year")):
        raise SomSimError(f"cycles of a {calendar.unit} cannot be shown by {name}")
    days = calendar.boundaries[:-1]
    if name == "month":
        return [f"{day:%Y-%m}" for day in days]
    if name == "quarter":
        return [f"{day.year}-Q{(day.month + 2) // 3}" for day in days]
    return list(calendar.years)


# Accounts --------------------------------------------------------------------------------------


def path_of(accounts: Mapping[str, Account], name: str) -> tuple[str, ...]:
    """Return an account and those above it, the highest first.

    Examples
    --------
    >>> tree = {"social": Account(), "shelter": Account(under="social")}
    >>> path_of(tree, "shelter"), path_of(tree, "other")
    (('social', 'shelter'), ('other',))
    """
    path = [name]
    while path[0] in accounts and (above := accounts[path[0]].under) is not None:
        path.insert(0, above)
    return tuple(path)


def code_of(accounts: Mapping[str, Account], name: str) -> str:
    """Return the code of an account in the user's chart: its own, or the nearest one above."""
    codes = [accounts[one].code for one in path_of(accounts, name) if one in accounts]
    return next((code for code in reversed(codes) if code), NONE)


def _of_price(key: str) -> Callable[[ScenarioFile, str, str], str]:
    """Return a function that looks a key up in the price of an item; grants have none."""

    def look(spec: ScenarioFile, account: str, item: str) -> str:
        return str(getattr(spec.prices[item], key) or NONE) if item in spec.prices else NONE

    return look


_OF_ITEM: Mapping[str, Callable[[ScenarioFile, str, str], str]] = {
    "item": lambda spec, account, item: item,
    "account": lambda spec, account, item: account,
    "area": lambda spec, account, item: path_of(spec.accounts, account)[0],
    "code": lambda spec, account, item: code_of(spec.accounts, account),
    "udvalg": _of_price("udvalg"),
    "paragraph": _of_price("paragraph"),
    "phase": _of_price("phase"),
}
DIMENSIONS = (*PERIODS, *_OF_ITEM, "kind", "payer", "stratum", "programme")
"""What a cut can be by. `area` is the highest account above; `code` that of the user's chart."""


def account_totals(
    spec: ScenarioFile, calendar: Calendar, ledger: Ledger
) -> dict[tuple[str, int, str], tuple[int, int]]:
    """Return what is booked on each account, and on it and all below it.

    Returns
    -------
    mapping of (account, year, payer) to (own øre, øre with all below)
    """
    totals: dict[tuple[str, int, str], tuple[int, int]] = {}
    for (account, year, payer), amount in cut(
        spec, calendar, ledger, ("account", "year", "payer")
    ).items():
        for one in path_of(spec.accounts, str(account)):
            key = one, int(year), str(payer)
            own, whole = totals.get(key, (0, 0))
            totals[key] = own + amount * (one == account), whole + amount
    return totals
