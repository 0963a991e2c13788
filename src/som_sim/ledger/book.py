"""Book one strategy: every price, then every grant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.grants import GrantYear, item_costs, plan_grants, post_grant
from som_sim.ledger.history_shares import Histories
from som_sim.ledger.ledger import Ledger
from som_sim.ledger.post import Charge, Journal, charges, post_charge
from som_sim.ledger.quantities import enrolments_draws
from som_sim.scenario.schema import Grant, ScenarioFile


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


def book(spec: ScenarioFile, trajectory: Trajectory, own: Histories | None = None) -> Books:
    """Book the base case of one strategy.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied.
    trajectory
        Its run.
    own
        The histories that the run is the mean of, in the individual engine: rules that count are
        settled on them, person by person.
    """
    strategy = trajectory.model.strategy
    calendar = trajectory.model.calendar
    journal = Journal()
    charged = tuple(charges(spec, trajectory, own))
    for charge in charged:
        post_charge(journal, charge, trajectory)
    uncovered = item_costs(journal.close(strategy, trajectory))
    grants = grants_of(spec, strategy)
    plans = plan_grants(grants, uncovered, lambda *asked: started(trajectory, *asked))
    for name, plan in plans.items():
        post_grant(journal, grants[name], plan, calendar)
    return Books(
        ledger=journal.close(strategy, trajectory),
        charges=charged,
        grants=tuple(year for plan in plans.values() for year in plan),
    )


def grants_of(spec: ScenarioFile, strategy: str) -> dict[str, Grant]:
    """Return the grants of a strategy, in its order."""
    return {name: spec.grants[name] for name in spec.strategies[strategy].grants}


def started(trajectory: Trajectory, programme: str, year: int) -> float:
    """Return the persons who started in a programme by the end of a year, in the base case."""
    cycles = np.array(trajectory.model.calendar.years) <= year
    return float(enrolments_draws(trajectory, programme)[0][cycles].sum())
