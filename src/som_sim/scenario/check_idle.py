"""Warnings about what is allowed but can do nothing; those about people are in `cautions`."""

from __future__ import annotations

from som_sim.knowledge.rules import payer_rules
from som_sim.scenario.findings import Findings
from som_sim.scenario.schema import Price


def check_idle(findings: Findings) -> None:
    """Warn of grants to somebody who bears nothing of what they cover."""
    for name, grant in findings.spec.grants.items():
        covered = [findings.spec.prices.get(item) for item in grant.covers]
        if not any(price is None or grant.to in _payers(price) for price in covered):
            findings.warn(
                ("grants", name, "to"),
                f"'{grant.to}' bears nothing of what it covers: {', '.join(grant.covers)}",
            )


def _payers(price: Price) -> set[str]:
    """Return everyone who bears a part of a price, at some time."""
    if isinstance(price.payers, dict):
        return {payer for payer, share in price.payers.items() if share > 0}
    rule = payer_rules().get(price.payers)
    if rule is None:  # said by check_prices
        return set()
    pays = {payer for period in rule.periods for payer, share in period.pays if share > 0}
    return pays | {refund.giver for period in rule.periods for refund in period.refunds}
