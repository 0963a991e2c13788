"""Warnings about what is allowed but can do nothing in this run."""

from __future__ import annotations

from itertools import product

from som_sim.core.errors import Path
from som_sim.knowledge.rules import payer_rules
from som_sim.scenario.findings import Findings
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import Price


def check_idle(findings: Findings) -> None:
    """Warn of places after the run, programmes for nobody, and grants for what costs nothing."""
    calendar = findings.spec.time.calendar
    for name, programme in findings.spec.programmes.items():
        path: Path = ("programmes", name)
        first = programme.places.first
        if first is not None and first.start >= calendar.end:
            findings.warn(
                (*path, "places"), "the places begin after the run, so nobody is enrolled"
            )
        if not _fits_somebody(findings, programme.eligible):
            findings.warn(
                (*path, "eligible"),
                "nobody fits this: no such state is marked homeless as it says",
            )
    for name, grant in findings.spec.grants.items():
        covered = [findings.spec.prices.get(item) for item in grant.covers]
        if not any(price is None or grant.to in _payers(price) for price in covered):
            findings.warn(
                ("grants", name, "to"),
                f"'{grant.to}' bears nothing of what it covers: {', '.join(grant.covers)}",
            )


def _fits_somebody(findings: Findings, where: Condition) -> bool:
    """Tell whether some combination of states is homeless, or not, as a condition says."""
    wanted = where.names("homeless")
    if wanted is None:
        return True
    states = []
    for domain, listed in findings.spec.domains.items():
        meant = where.names(domain) or tuple(listed)
        states.append([state.homeless for name, state in listed.items() if name in meant])
    return any(any(cell) == (wanted == ("true",)) for cell in product(*states))


def _payers(price: Price) -> set[str]:
    """Return everyone who bears a part of a price, at some time."""
    if isinstance(price.payers, dict):
        return {payer for payer, share in price.payers.items() if share > 0}
    rule = payer_rules().get(price.payers)
    if rule is None:  # said by check_prices
        return set()
    pays = {payer for period in rule.periods for payer, share in period.pays if share > 0}
    return pays | {refund.giver for period in rule.periods for refund in period.refunds}
