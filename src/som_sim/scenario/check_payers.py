"""Checks on who pays a price: shares that add to 1, rules that hold and that can be carried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from som_sim.core.errors import Path, suggest
from som_sim.knowledge.rules import PayerRule, PayerSplit
from som_sim.scenario.check_measured import check_measured
from som_sim.scenario.findings import Findings
from som_sim.scenario.payers import RuleUse, limit_of, plain_split, rule_in, rule_names
from som_sim.scenario.schema import Payer, Price


def check_payers(findings: Findings, path: Path, price: Price, charged: list[dt.date]) -> None:
    """Check who pays a price on the days on which it is charged."""
    here = (*path, "payers")
    if isinstance(price.payers, dict):
        _check_shares(findings, here, price.payers)
        payers: set[str] = set(price.payers)
    else:
        use = RuleUse(rule=price.payers) if isinstance(price.payers, str) else price.payers
        at = here if isinstance(price.payers, str) else (*here, "rule")
        rule = rule_in(findings.spec, use.rule)
        if rule is None:
            if use.rule in findings.names.rules:
                return  # it is wrong in itself, which is told
            findings.error(
                at,
                f"'{use.rule}' is no payer rule; write shares such as {{kommune: 0.9, region: "
                f"0.1}} or a rule; {suggest(use.rule, rule_names(findings.spec))}",
            )
            return
        if use.measured and not check_measured(findings, path, price, rule, use, charged):
            return
        if _within_is_sound(findings, here, rule, use):
            _check_days(findings, at, rule, use, charged)
        payers = bearers(rule)
    if price.transfer_to in payers:
        findings.error((*path, "transfer_to"), f"'{price.transfer_to}' would pay itself")


def bearers(rule: PayerRule) -> set[str]:
    """Return everyone who bears a part of a bill under a rule, at some time."""
    pays = {payer for period in rule.periods for payer, share in period.pays if share > 0}
    return pays | {refund.giver for period in rule.periods for refund in period.refunds}


def _check_shares(findings: Findings, here: Path, payers: Mapping[Payer, Decimal]) -> None:
    beyond = {payer: one for payer, one in payers.items() if not 0 <= one <= 1}
    for payer, share in beyond.items():
        findings.error((*here, payer), f"{share:f} is not a share (0 to 1)")
    total = sum(payers.values(), Decimal(0))
    if total != 1 and not beyond:
        findings.error(here, f"the shares add to {total:f}; they must add to 1")


def _within_is_sound(findings: Findings, here: Path, rule: PayerRule, use: RuleUse) -> bool:
    """Check the shares within each limit: limits of the rule, shares that rise with them."""
    limits = {limit for split in rule.periods for limit in split.limits}
    known = sorted(limits)
    for key in use.within:
        try:
            limit = limit_of(key)
        except ArithmeticError:
            limit = Decimal(-1)
        if limit not in limits:
            listed = ", ".join(f"{one:f}" for one in known) or "it has none"
            unit = " months" if rule.counter and rule.counter.counts == "time" else ""
            findings.error(
                (*here, "within", _as_written(key)),
                f"'{key}' is no limit of rule '{rule.name}'; its limits are {listed}{unit}",
            )
            return False
    if use.within and rule.counter and rule.counter.counts == "cost":
        findings.error(
            (*here, "within"),
            f"rule '{rule.name}' goes by what a person costs, of which no share of the days tells; "
            "write the shares of the payers",
        )
        return False
    shares = use.shares()
    stated = [shares[limit] for limit in known if limit in shares]
    if any(after < before for before, after in pairwise(stated)):
        findings.error(
            (*here, "within"), "what lies within a limit lies within the next; shares must rise"
        )
        return False
    return True


def _as_written(key: str) -> str | int:
    return int(key) if key.isdecimal() else key


def _check_days(
    findings: Findings, here: Path, rule: PayerRule, use: RuleUse, charged: list[dt.date]
) -> None:
    """Check that each day charged has a split that a run of expected numbers can carry."""
    law = findings.spec.law
    shares = use.shares()
    for day in charged:
        split = rule.on(day)
        if split is None:
            when = f"as of {law.as_of}" if law else f"about {day} and later"
            findings.error(
                here,
                f"rule '{rule.name}' says nothing {when}; end the price before, or write the "
                "shares",
            )
            return
        if not use.measured and plain_split(split, shares) is None:
            findings.error(here, _why_not(rule, split, day))
            return
    if (cycle := _split_cycle(findings, rule, charged)) is not None:
        findings.error(
            here,
            f"no one split of rule '{rule.name}' holds from {cycle[0]} to {cycle[1]}; choose a "
            "shorter cycle, end the price before, or write the shares",
        )


def _why_not(rule: PayerRule, split: PayerSplit, day: dt.date) -> str:
    if any(refund.per_day is not None for refund in split.refunds):
        return (
            f"rule '{rule.name}' is an amount a day; write it as a price of its own, with the "
            "citizen as payer and 'transfer_to'"
        )
    counts = rule.counter.counts if rule.counter else ""
    if counts == "cost":
        return (
            f"on {day} rule '{rule.name}' goes by what each person has cost in the year, which "
            f"this run does not know; measure it (payers: {{rule: {rule.name}, histories: 200}}), "
            "end the price before, or write the shares"
        )
    unit = {"time": "months", "weeks": "weeks"}.get(counts, "days")
    limits = " and ".join(f"{limit:f}" for limit in split.limits)
    example = ", ".join(f"{_key(rule, limit)}: 0.7" for limit in split.limits)
    return (
        f"on {day} rule '{rule.name}' goes by each person's first {limits} {unit}, which this run "
        "does not know; say which share of the bill lies within, as in payers: {rule: "
        f"{rule.name}, within: {{{example}}}}}, measure it (histories: 200), end the price before, "
        "or write the shares"
    )


def _key(rule: PayerRule, limit: Decimal) -> str:
    return f"{limit:f} months" if rule.counter and rule.counter.counts == "time" else f"{limit:f}"


def _split_cycle(
    findings: Findings, rule: PayerRule, charged: list[dt.date]
) -> tuple[dt.date, dt.date] | None:
    """Return first and last day of the first cycle charged in which the rule changes or ends."""
    for first, after in pairwise(findings.spec.time.calendar.boundaries):
        last = after - dt.timedelta(days=1)
        if first in charged and not any(
            period.holds_on(first) and period.holds_on(last) for period in rule.periods
        ):
            return first, last
    return None
