"""Book one strategy: every price, then every grant."""

from __future__ import annotations

from dataclasses import dataclass

from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.grants import (
    GrantYear,
    covered_cost,
    item_costs,
    plan_grant,
    post_grant,
    settle,
)
from som_sim.ledger.ledger import Ledger
from som_sim.ledger.post import Charge, Journal, charges, post_charge
from som_sim.scenario.schema import ScenarioFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The ledger of one strategy and what it was booked from.

    Attributes
    ----------
    ledger
        Every posting.
    charges
        Every price with its quantities.
    grants
        Every grant year.
    """

    ledger: Ledger
    charges: tuple[Charge, ...]
    grants: tuple[GrantYear, ...]


def book(spec: ScenarioFile, trajectory: Trajectory) -> Books:
    """Book the base case of one strategy.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied.
    trajectory
        Its run.
    """
    strategy = trajectory.model.strategy
    years = trajectory.model.calendar.years
    journal = Journal()
    charged = tuple(charges(spec, trajectory))
    for charge in charged:
        post_charge(journal, charge, trajectory)
    uncovered = item_costs(journal, years)
    plans: list[GrantYear] = []
    for name in spec.strategies[strategy].grants:
        grant = spec.grants[name]
        plan = plan_grant(name, grant, covered_cost(uncovered, grant))
        settle(uncovered, grant, plan)
        post_grant(journal, grant, plan, years)
        plans.extend(plan)
    return Books(ledger=journal.close(strategy, trajectory), charges=charged, grants=tuple(plans))
