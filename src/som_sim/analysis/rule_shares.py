"""What a rule refunds as a case reckons it, beside what it refunds of single persons' stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.ledger.history_shares import Histories, Measured, measure
from som_sim.ledger.post import Charge, splits
from som_sim.result import Result, StrategyRun
from som_sim.scenario.payers import RuleUse, rule_in

if TYPE_CHECKING:
    import pandas as pd

HISTORIES = 200
COLUMNS = (
    "strategy", "price", "rule", "way", "year", "bill_oere", "refunded_oere", "measured_oere",
    "difference_oere",
)  # fmt: skip
WITHIN_COLUMNS = ("strategy", "price", "rule", "limit", "within")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShares:
    """Refunds of every price whose rule counts what people have used.

    Attributes
    ----------
    histories
        On how many histories refunds were measured.
    years
        By strategy, price and year: the bill, what is refunded of it as the case has it, what is
        refunded by the histories, and the difference, in øre. `way` is how the case finds it:
        ``within``, ``clock`` or ``histories``.
    within
        By strategy, price and limit of the rule: the share of the days within it, as `within` of
        `payers` takes it.
    """

    histories: int
    years: pd.DataFrame
    within: pd.DataFrame


def rule_shares(result: Result, *, histories: int = HISTORIES) -> RuleShares:
    """Hold what rules refund in a result against single persons, one after the other.

    Parameters
    ----------
    result
        What `som_sim.run` returned.
    histories
        How many; their own chance falls with the square root.

    Examples
    --------
    >>> import som_sim as som
    >>> result = som.run(som.load("scenarios/first.yaml"))
    >>> len(rule_shares(result, histories=2).years)  # no rule in it counts
    0
    """
    import pandas as pd

    years: list[tuple[object, ...]] = []
    within: list[tuple[object, ...]] = []
    for strategy, run in result.runs.items():
        for charge in run.books.charges:
            use = charge.price.payers
            rule = rule_in(run.spec, use.rule) if isinstance(use, RuleUse) else None
            if rule is None or charge.price.in_ is None or run.trajectory.model.discrete:
                continue
            assert isinstance(use, RuleUse)
            over = Histories(model=run.trajectory.model, n=histories)
            found = measure(run.spec, charge.price, rule, over)
            named = (strategy, charge.name, rule.name)
            years += [(*named, _way(use), *row) for row in _by_year(run, charge, found)]
            within += [(*named, limit, share) for limit, share in found.within.items()]
    return RuleShares(
        histories=histories,
        years=pd.DataFrame(years, columns=list(COLUMNS)),
        within=pd.DataFrame(within, columns=list(WITHIN_COLUMNS)),
    )


def _way(use: RuleUse) -> str:
    if use.clock is not None:
        return "clock"
    return "histories" if use.histories is not None else "within"


def _by_year(
    run: StrategyRun, charge: Charge, found: Measured
) -> list[tuple[int, int, int, int, int]]:
    """Return year, bill, refund as booked, refund as measured, and their difference."""
    calendar = run.trajectory.model.calendar
    use = charge.price.payers
    rule = rule_in(run.spec, use.rule) if isinstance(use, RuleUse) else None
    assert rule is not None
    bills: NDArray[np.float64] = charge.amount.sum(axis=(1, 2)).astype(np.float64)
    booked, measured = np.zeros(len(bills)), np.zeros(len(bills))
    for split, cycles in splits(charge, calendar):
        share = float(sum(refund.share for refund in split.refunds))
        booked += np.where(cycles, bills * share, 0.0)
    for cycle, first in enumerate(calendar.boundaries[:-1]):
        held = rule.on(first)
        if held is not None:
            for refund in held.refunds:
                of_bill = found.shares[refund.giver, refund.receiver, held.valid_from][cycle]
                measured[cycle] += bills[cycle] * np.nan_to_num(of_bill)
    rows = []
    all_years = np.array(calendar.years)
    for year in dict.fromkeys(calendar.years):
        mine = all_years == year
        bill, here, there = (round(float(one[mine].sum())) for one in (bills, booked, measured))
        if bill:
            rows.append((year, bill, here, there, here - there))
    return rows
