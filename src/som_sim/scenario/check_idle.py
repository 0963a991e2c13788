"""Warnings about what is allowed but can do nothing; those about people are in `cautions`."""

from __future__ import annotations

from som_sim.scenario.check_payers import bearers
from som_sim.scenario.findings import Findings
from som_sim.scenario.payers import rule_in
from som_sim.scenario.schema import Price, ScenarioFile


def check_idle(findings: Findings) -> None:
    """Warn of grants to somebody who bears nothing of what they cover, and of a law nobody asks."""
    prices = findings.spec.prices.values()
    if findings.spec.law is not None and all(isinstance(one.payers, dict) for one in prices):
        findings.warn(
            ("law",), "no price names a rule of law, so the date whose rules hold changes nothing"
        )
    for name, grant in findings.spec.grants.items():
        covered = [findings.spec.prices.get(item) for item in grant.covers]
        if not any(price is None or grant.to in _payers(findings.spec, price) for price in covered):
            findings.warn(
                ("grants", name, "to"),
                f"'{grant.to}' bears nothing of what it covers: {', '.join(grant.covers)}",
            )


def _payers(spec: ScenarioFile, price: Price) -> set[str]:
    """Return everyone who bears a part of a price, at some time."""
    if isinstance(price.payers, dict):
        return {payer for payer, share in price.payers.items() if share > 0}
    name = price.payers if isinstance(price.payers, str) else price.payers.rule
    rule = rule_in(spec, name)
    return bearers(rule) if rule else set()  # that there is none is said by check_prices
