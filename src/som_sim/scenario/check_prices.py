"""Checks on what a price is for: moves, places, staff hours, a service that is replaced."""

from __future__ import annotations

from som_sim.core.errors import Path
from som_sim.scenario.check_measures import check_moves
from som_sim.scenario.check_schedules import check_steps
from som_sim.scenario.findings import Findings
from som_sim.scenario.schema import PLACE_TIME, Price


def check_parts(findings: Findings, path: Path, price: Price) -> None:
    """Check the parts of a price that not every price has."""
    if price.moves is not None:
        check_moves(findings, (*path, "moves"), price.moves)
    if price.places is not None:
        check_steps(findings, (*path, "places"), price.places)
    if price.hours is not None:
        for key in ("posts", "per_week", "per_month"):
            schedule = getattr(price.hours, key)
            if schedule is not None:
                check_steps(findings, (*path, "hours", key), schedule)
    if price.per in PLACE_TIME and price.in_ is not None:
        _check_state_with_places(findings, path, price)
    if price.steps is not None and findings.number(price.steps.block) == 0:
        findings.error((*path, "steps", "block"), "a block has some places; it is above 0")
    if price.replaces is not None:
        _check_replaced(findings, (*path, "replaces"), path[-1], price)


def _check_state_with_places(findings: Findings, path: Path, price: Price) -> None:
    """Check that `in` names one state, and that it has places."""
    assert price.in_ is not None
    here: Path = (*path, "in")
    if len(price.in_.allowed) != 1 or len(price.in_.allowed[0][1]) != 1:
        findings.error(here, "the places of one state are paid for: name it, as {housing: shelter}")
        return
    ((domain, (name,)),) = price.in_.allowed
    state = findings.spec.domains.get(domain, {}).get(name)
    if state is not None and state.places is None:
        findings.error(here, f"state '{name}' has no 'places'; say there how many, or here")
    elif domain not in findings.names.domains and domain in findings.cell_keys:
        findings.error(here, f"'{domain}' has no places; name a state, as {{housing: shelter}}")


def _check_replaced(findings: Findings, path: Path, name: str | int, price: Price) -> None:
    """Check that what is saved is another price, and a cost."""
    if not findings.known(path, "price", price.replaces, findings.names.prices):
        return
    service = findings.spec.prices.get(str(price.replaces))
    if price.replaces == name:
        findings.error(path, "a price cannot replace itself")
    elif price.is_transfer:
        findings.error(path, "what is saved is a cost; it takes no 'transfer_to'")
    elif service is not None and service.is_transfer:
        findings.error(path, f"'{price.replaces}' is a transfer: less of it saves society nothing")
    elif service is not None and service.replaces is not None:
        findings.error(path, f"'{price.replaces}' is a saving itself")


GRANT_ACCOUNTS = (
    "grant_paid", "grant_returned", "grant_clawback", "grant_award", "grant_used",
)  # fmt: skip
"""What grants are booked on; a chart of accounts may place them too."""


def check_accounts(findings: Findings) -> None:
    """Check that accounts hang together, and that prices are booked on accounts of the chart."""
    accounts = findings.spec.accounts
    if not accounts:
        return
    for name, account in accounts.items():
        path: Path = ("accounts", name, "under")
        if account.under is None:
            continue
        if not findings.known(path, "account", account.under, findings.names.accounts):
            continue
        above: list[str | None] = [account.under]
        while above[-1] in accounts and above.count(above[-1]) == 1:
            above.append(accounts[str(above[-1])].under)
        if name in above:
            findings.error(path, f"goes in a circle: '{name}' would be under itself")
    for name, price in findings.spec.prices.items():
        if price.account not in GRANT_ACCOUNTS:
            here: Path = ("prices", name, "account")
            findings.known(here, "account", price.account, findings.names.accounts)
        else:
            findings.error(("prices", name, "account"), f"'{price.account}' is kept for grants")
