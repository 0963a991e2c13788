"""Checks on rules whose shares are measured on a run: by a clock of the model, or on histories."""

from __future__ import annotations

import datetime as dt

from som_sim.core.errors import Path
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.knowledge.rules import PayerRule
from som_sim.scenario.clocks import Clock
from som_sim.scenario.findings import Findings
from som_sim.scenario.payers import RuleUse, bins_within
from som_sim.scenario.schema import PERSON_TIME, Price


def check_measured(
    findings: Findings,
    path: Path,
    price: Price,
    rule: PayerRule,
    use: RuleUse,
    charged: list[dt.date],
) -> bool:
    """Check that the shares of a rule can be measured; tell whether they can.

    Parameters
    ----------
    path
        Of the price.
    charged
        First day of each cycle in which the price is charged.
    """
    key = "clock" if use.clock is not None else "histories"
    here: Path = (*path, "payers", key)
    if price.per not in PERSON_TIME or price.in_ is None:
        findings.error(
            here,
            f"a price per {price.per} is not paid by people's time, of which stays are made; write "
            "the shares",
        )
        return False
    if use.clock is None:
        if findings.spec.time.discrete:
            findings.error(here, "a discrete step has no stays to measure; write the shares")
            return False
        return True
    if not findings.known(here, "clock", use.clock, tuple(findings.spec.clocks)):
        return False
    clock = findings.spec.clocks[use.clock]
    said = _unfit(clock, rule, price, charged)
    if said is not None:
        findings.error(here, said)
        return False
    start = findings.spec.time.calendar.start
    counter = rule.counter
    if counter is not None and counter.from_ is not None and start < counter.from_:
        findings.warn(
            here,
            f"clock '{use.clock}' counts from {start}, rule '{rule.name}' from {counter.from_}: "
            "who is there on that day has used more by the clock than by the rule",
        )
    return True


def _unfit(clock: Clock, rule: PayerRule, price: Price, charged: list[dt.date]) -> str | None:
    """Return why a clock does not count what a rule counts; None when it does."""
    counter = rule.counter
    if counter is None:
        return f"rule '{rule.name}' counts nothing; name it alone"
    if counter.counts not in ("days", "weeks"):
        what = "the time since the first day" if counter.counts == "time" else "cost"
        return f"rule '{rule.name}' counts {what}, which no clock does; measure it on 'histories'"
    if counter.window == "calendar_year":
        return (
            f"rule '{rule.name}' starts anew with the calendar year, which no clock does; measure "
            "it on 'histories'"
        )
    if counter.window == "running_year":
        if clock.window is None or clock.window.days != DAYS_PER_YEAR:
            return f"rule '{rule.name}' needs a clock with 'resets: window, window: 1 year'"
    elif clock.resets != "never":
        return f"rule '{rule.name}' needs a clock with 'resets: never'"
    limits = {limit for day in charged if (split := rule.on(day)) for limit in split.limits}
    for limit in sorted(limits):
        if bins_within(clock, rule, limit) is None:
            return f"the clock has no edge at {limit:f} {counter.counts}, a limit of the rule"
    paid = dict(price.in_.allowed) if price.in_ else {}
    for key, states in clock.in_.allowed:
        if not set(paid.get(key, ())) or not set(paid[key]) <= set(states):
            return (
                f"the price is paid where the clock does not run; name its {key} as the clock does"
            )
    return None
