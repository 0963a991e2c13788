"""Who waited how long, and how long people stayed, over histories of single persons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.individual.events import Events, Intervals, events_of, intervals
from som_sim.engine.individual.histories import Runner
from som_sim.engine.individual.run import run_mean
from som_sim.engine.individual.state import CAME, ENROLLED, GAVE_UP, QUEUED, TURNED_AWAY
from som_sim.frames.build import frame
from som_sim.frames.events import strategy_model
from som_sim.model.limits import PlaceLimit
from som_sim.model.model import Model, ProgrammeRule
from som_sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

YEAR_DAYS = 365.25
Array = NDArray[np.float64]


def _histories(model: Model, replicates: int, seed: int) -> Iterator[Events]:
    found: list[Events] = []

    def watch(runner: Runner, draw: int, replicate: int, n: int) -> None:
        events = events_of(runner.log)
        found.append(events)

    run_mean(model, replicates, seed, watch=watch)
    yield from found


def waits(
    scenario: Scenario, strategy: str | None = None, *, replicates: int = 100, seed: int = 0
) -> pd.DataFrame:
    """Return who waited how long for each programme and each state with places.

    Parameters
    ----------
    scenario
        What `load` returned.
    strategy
        Name of a strategy; the last one in the file by default.
    replicates, seed
        The histories, as in a run.

    Returns
    -------
    DataFrame
        One row a programme or state. `served` persons a history, with the mean, median and 90 %
        quantile of the days they waited; those who entered a state at once waited 0 days, those
        who arrived in it among them. For states also how many a history had to wait (`waited`),
        gave up, and went to the overflow. `waiting` are those who still wait when the run ends;
        how long they have waited is in no figure, so where they are many the days are too few.

    Examples
    --------
    >>> import som_sim as som
    >>> table = waits(som.load("scenarios/first.yaml"), replicates=3)
    >>> table[["kind", "name"]].to_numpy().tolist()
    [['programme', 'support']]
    """
    model = strategy_model(scenario, strategy)
    events = list(_histories(model, replicates, seed))
    rows = []
    for number, rule in enumerate(model.programmes):
        days = [one.waited[one.kind == ENROLLED - number] for one in events]
        row = _row(model, "programme", rule.name, days, replicates)
        rows.append({**row, "waiting": sum(_eligible_at_end(rule, one) for one in events)})
    for number, limit in enumerate(model.limits):
        entered = [_days_to_enter(limit, one) for one in events]
        row = _row(model, "state", limit.state, entered, replicates)
        rows.append({**row, **_at_the_door(number, limit, events)})
    for row in rows:
        for key in ("waited", "gave_up", "overflowed", "waiting"):
            if key in row:
                row[key] = row[key] / replicates
    columns = (
        "strategy", "kind", "name", "served", "mean_days", "p50_days", "p90_days", "waited",
        "gave_up", "overflowed", "waiting",
    )  # fmt: skip
    return frame(rows, columns)


def _days_to_enter(limit: PlaceLimit, events: Events) -> Array:
    """Return how long those who entered a state had waited, those who arrived in it among them."""
    moved = events.waited[np.isin(events.kind, limit.entry)]
    arrived = _arrives(events) & np.append(limit.inside, False)[_cells(limit, events)]
    return np.concatenate([np.nan_to_num(moved), np.zeros(int(arrived.sum()))])


def _at_the_door(number: int, limit: PlaceLimit, events: list[Events]) -> dict[str, Any]:
    """Return how many of all histories did not enter a state at once, and what became of them.

    In a discrete step everybody stands in line for a moment: who waits 0 days does not wait.
    """
    found = dict.fromkeys(("waited", "gave_up", "overflowed", "waiting"), 0)
    over = np.append(np.isin(np.arange(len(limit.inside)), limit.overflow[limit.inside]), False)
    for one in events:
        entered = one.waited[np.isin(one.kind, limit.entry)]
        away = one.waited[one.kind == GAVE_UP - number]
        at_once = (entered == 0).sum() + (away == 0).sum()
        waited = int((one.kind == QUEUED - number).sum() - at_once)
        turned = (one.kind == TURNED_AWAY) & over[_cells(limit, one)]
        spilled = np.isin(one.kind, limit.spill[limit.spill >= 0])
        found["waited"] += waited
        found["gave_up"] += int((away > 0).sum())
        found["overflowed"] += int(spilled.sum() + turned.sum())
        found["waiting"] += waited - int((entered > 0).sum() + (away > 0).sum())
    return found


def _arrives(events: Events) -> NDArray[np.bool_]:
    return np.isin(events.kind, (CAME, TURNED_AWAY))


def _cells(limit: PlaceLimit, events: Events) -> NDArray[np.int64]:
    """Return the cell of each event; of those who have left, the number of cells."""
    return np.minimum(events.place, len(limit.inside))


def _eligible_at_end(rule: ProgrammeRule, events: Events) -> int:
    """Return how many are eligible for a programme when the run ends."""
    stays = intervals(events)
    last = np.minimum(stays.place[np.isinf(stays.end)], len(rule.eligible))
    return int(np.append(rule.eligible, False)[last].sum())


def _row(model: Model, kind: str, name: str, days: list[Array], replicates: int) -> dict[str, Any]:
    every = np.concatenate(days)
    p50, p90 = np.quantile(every, (0.5, 0.9)) if len(every) else (np.nan, np.nan)
    return {
        "strategy": model.strategy,
        "kind": kind,
        "name": name,
        "served": len(every) / replicates,
        "mean_days": every.mean() if len(every) else np.nan,
        "p50_days": p50,
        "p90_days": p90,
    }


def spells(
    scenario: Scenario, strategy: str | None = None, *, replicates: int = 100, seed: int = 0
) -> pd.DataFrame:
    """Return how long people stayed in each state, and how many came back.

    Parameters
    ----------
    scenario, strategy, replicates, seed
        As for `waits`.

    Returns
    -------
    DataFrame
        One row a state of a domain: `persons` who were there at some time and `spells` that ended,
        a history; mean, median and 90 % quantile of their length in days; and `returned`, the
        share of spells that ended a year or more before the run did after which the person was
        there again within a year. A spell that began before the run began counts from its start.
    """
    model = strategy_model(scenario, strategy)
    axes = model.axes
    end = float((model.calendar.end - model.calendar.start).days)
    stays = [intervals(one) for one in _histories(model, replicates, seed)]
    rows = []
    for domain, states in zip(axes.domains, axes.states, strict=True):
        position = axes.state_position(domain)
        for number, state in enumerate(states):
            inside = np.zeros(axes.n_places, dtype=bool)
            inside[: axes.n_cells] = np.tile(position == number, axes.n_cells // axes.n_states)
            persons, lengths, back, asked = 0, [np.zeros(0)], 0, 0
            for one in stays:
                who, start, stop = joined(one, inside)
                persons += len(np.unique(who))
                ended = stop < end
                lengths.append((stop - start)[ended])
                again = np.full(len(who), np.inf)
                same = who[1:] == who[:-1]
                again[:-1][same] = (start[1:] - stop[:-1])[same]
                early = stop < end - YEAR_DAYS
                asked += int(early.sum())
                back += int((early & (again <= YEAR_DAYS)).sum())
            every = np.concatenate(lengths)
            p50, p90 = np.quantile(every, (0.5, 0.9)) if len(every) else (np.nan, np.nan)
            rows.append(
                {
                    "strategy": model.strategy,
                    "domain": domain,
                    "state": state,
                    "persons": persons / replicates,
                    "spells": len(every) / replicates,
                    "mean_days": every.mean() if len(every) else np.nan,
                    "p50_days": p50,
                    "p90_days": p90,
                    "returned": back / asked if asked else np.nan,
                }
            )
    columns = (
        "strategy", "domain", "state", "persons", "spells", "mean_days", "p50_days", "p90_days",
        "returned",
    )  # fmt: skip
    return frame(rows, columns)


def joined(stays: Intervals, inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Array, Array]:
    """Return the spells in some places, those without a gap between them as one.

    Returns
    -------
    person, start, end : (spell,)
    """
    here = inside[stays.place]
    who, start, end = stays.person[here], stays.start[here], stays.end[here]
    follows = (who[1:] == who[:-1]) & (start[1:] == end[:-1])
    first = np.append(True, ~follows)[: len(who)]
    last = np.append(~follows, True)[-len(who) :] if len(who) else first
    return who[first], start[first], end[last]
