"""Events of single persons as a table: one row an event."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from som_sim.core.errors import SomSimError, suggest
from som_sim.engine.individual.events import Events
from som_sim.engine.individual.simulate import history_events
from som_sim.frames.build import frame
from som_sim.model.build import build_model
from som_sim.model.model import Model
from som_sim.outcomes.story import steps_of
from som_sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


def events(
    scenario: Scenario, strategy: str | None = None, *, replicate: int = 0, seed: int = 0
) -> pd.DataFrame:
    """Return everything that happens to everybody in one history, one row an event.

    Parameters
    ----------
    scenario
        What `load` returned.
    strategy
        Name of a strategy; the last one in the file by default.
    replicate
        Number of the history, from 0.
    seed
        As in the run that it is a history of.

    Returns
    -------
    DataFrame
        Sorted by person and time: `person`, `date`, `day` (days from the run's start), `event`,
        `about`, `from`, `to`, `waited_days`, and where the person is after it: `stratum`,
        `programme` and one column a domain, empty when they have left.

    Raises
    ------
    SomSimError
        When there is no such strategy.

    Examples
    --------
    >>> import som_sim as som
    >>> table = events(som.load("scenarios/first.yaml"), seed=1)
    >>> table.loc[0, ["event", "housing"]].to_list()
    ['there', 'homeless']
    """
    model = strategy_model(scenario, strategy)
    return events_frame(model, history_events(model, replicate, seed))


def strategy_model(scenario: Scenario, strategy: str | None) -> Model:
    """Return the model of a strategy, or of the last one in the file.

    Raises
    ------
    SomSimError
        When there is no such strategy.
    """
    name = list(scenario.strategies)[-1] if strategy is None else strategy
    if name not in scenario.strategies:
        hint = suggest(name, tuple(scenario.strategies))
        raise SomSimError(f"there is no strategy '{name}'; {hint}")
    return build_model(scenario.strategies[name], name)


def events_frame(model: Model, found: Events) -> pd.DataFrame:
    """Return events as a table with names in place of positions."""
    axes = model.axes
    columns = (
        "strategy", "person", "date", "day", "event", "about", "from", "to", "waited_days",
        "stratum", "programme", *axes.domains,
    )  # fmt: skip
    rows = []
    begins = np.flatnonzero(np.append(True, found.person[1:] != found.person[:-1]))
    bounds = [*begins, len(found.person)] if len(found.person) else [0]
    positions = {domain: axes.state_position(domain) for domain in axes.domains}
    for first, last in pairwise(bounds):
        own = slice(first, last)
        one = Events(
            person=found.person[own], time=found.time[own], place=found.place[own],
            kind=found.kind[own], waited=found.waited[own],
        )  # fmt: skip
        for step in steps_of(model, one):
            where: dict[str, object] = {}
            if step.cell >= 0:
                stratum, programme, state = np.unravel_index(step.cell, axes.cell_shape)
                where = {"stratum": axes.strata[stratum], "programme": axes.programmes[programme]}
                for number, domain in enumerate(axes.domains):
                    where[domain] = axes.states[number][positions[domain][state]]
            rows.append(
                {
                    "strategy": model.strategy,
                    "person": int(found.person[first]),
                    "date": _iso(step.date),
                    "day": step.day,
                    "event": step.what,
                    "about": step.about,
                    "from": step.before,
                    "to": step.after,
                    "waited_days": np.nan if step.waited is None else step.waited,
                    **where,
                }
            )
    return frame(rows, columns)


def _iso(day: dt.date) -> str:
    return day.isoformat()
