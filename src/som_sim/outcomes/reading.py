"""What is read from each draw of a strategy: planned once, from the base case.

A `Reading` knows which sums a run must add up and which moments it must store, and turns the run of
a block of draws into rows of figures. Rows are the same, in the same order, for every block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.names import PAYERS
from som_sim.engine.backward import chance_counted
from som_sim.engine.cohort import run_cohort
from som_sim.engine.fast import can_run, fast_part_of_cycle, run_fast
from som_sim.engine.keep import Keep
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.windows import part_of_cycle
from som_sim.ledger.expected import (
    NO_REFUNDS,
    CostPlan,
    Refunds,
    cost_by_payer,
    cost_lines,
    plan_costs,
)
from som_sim.ledger.expected_grants import draw_tranches
from som_sim.ledger.history_shares import Histories
from som_sim.ledger.sums import Asked, Sum, sum_groups, time_in, value_of
from som_sim.model.build import build_model
from som_sim.model.draws import draw_parameters
from som_sim.model.resolve import Resolver
from som_sim.outcomes.known import cannot_compete
from som_sim.outcomes.measured import (
    MeasurePlan,
    boundaries_read,
    measure_draws,
    plan_measure,
    value_sum,
)
from som_sim.outcomes.uncertainty import Key
from som_sim.outcomes.yearly import yearly_days
from som_sim.scenario.schema import ScenarioFile

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one strategy is read.

    Attributes
    ----------
    spec, strategy
        The file with the strategy's overrides applied, and its name.
    compiled
        Whether people are moved by the compiled loops.
    keep, sums
        What a run stores, and the sums behind its tallies.
    costs, targets, values, homeless
        Plans; for values and homeless days the number of a sum.
    paths : mapping of (target, date) to MeasurePlan
        How a target that is counted at a date is found at its time of every year.
    there
        Cells that hold people at the start, where the distribution of counts is known and wanted.
    """

    spec: ScenarioFile
    strategy: str
    compiled: bool
    keep: Keep
    sums: tuple[Sum, ...]
    costs: CostPlan
    targets: Mapping[str, MeasurePlan]
    values: Mapping[str, int]
    homeless: int
    paths: Mapping[tuple[str, str], MeasurePlan]
    there: tuple[int, ...] = ()

    def rows(self, n_draws: int, seed: int, first: int, sequence: str) -> dict[Key, Floats]:
        """Return the figures of some draws: (draw,) each.

        Raises
        ------
        SomSimError
            Naming strategy and draw.
        """
        try:
            drawn = draw_parameters(self.spec, n_draws, seed, first, sequence)
            tranches = draw_tranches(self.spec, self.strategy, n_draws, seed, first)
            return self.figures({**drawn, **tranches}, n_draws, first)
        except SomSimError as error:
            raise SomSimError(f"strategy '{self.strategy}': {error}") from error

    def figures(
        self, drawn: Mapping[str, Floats], n_draws: int, first: int = 0
    ) -> dict[Key, Floats]:
        """Return the figures at given values of the parameters: (draw,) each."""
        trajectory = self._run(drawn, n_draws, first)
        resolver = Resolver(values=drawn, n_draws=n_draws, first=first)
        money, others = self._money(trajectory, resolver), self._others(trajectory, resolver)
        return _in_range({**money, **others}, first)

    def of_histories(
        self, trajectory: Trajectory, resolver: Resolver, refunds: Refunds = NO_REFUNDS
    ) -> dict[Key, Floats]:
        """Return costs, values and homeless days of histories, each a draw: (draw,) each.

        Parameters
        ----------
        trajectory
            What `each_as_draw` gave.
        refunds
            As for `cost_lines`.
        """
        money = self._money(trajectory, resolver, refunds)
        return _in_range({**money, **self._not_money(trajectory, resolver)}, 0)

    def _run(self, drawn: Mapping[str, Floats], n_draws: int, first: int) -> Trajectory:
        if not drawn:  # every number stands in the file itself, so all draws are alike
            drawn = {"": np.zeros(n_draws)}
        model = build_model(self.spec, self.strategy, drawn, first)
        return run_fast(model, self.keep) if self.compiled else run_cohort(model, keep=self.keep)

    def _money(
        self, trajectory: Trajectory, resolver: Resolver, refunds: Refunds = NO_REFUNDS
    ) -> dict[Key, Floats]:
        sums = list(self.sums)
        lines = cost_lines(self.spec, self.costs, sums, trajectory, resolver, refunds)
        years = self.costs.years
        rows: dict[Key, Floats] = {}
        for key, amount in lines.items():
            for at, year in enumerate(years):
                rows["ledger", self.strategy, *key, year] = amount[at]
        by_payer = cost_by_payer(lines, len(years), resolver.n_draws)
        for payer, by_year in zip(PAYERS, by_payer, strict=True):
            for at, year in enumerate(years):
                rows["cost", self.strategy, payer, year] = by_year[at]
        return rows

    def _others(self, trajectory: Trajectory, resolver: Resolver) -> dict[Key, Floats]:
        rows: dict[Key, Floats] = {}
        step = fast_part_of_cycle if self.compiled else part_of_cycle
        for name, plan in self.targets.items():
            found = measure_draws(plan, name, list(self.sums), trajectory, step)
            rows["target", self.strategy, name] = found
        for (name, date), plan in self.paths.items():
            rows["path", self.strategy, name, date] = (
                rows["target", self.strategy, name]
                if plan.day == self.targets[name].day
                else measure_draws(plan, name, list(self.sums), trajectory, step)
            )
        return {**rows, **self._of_whom(trajectory), **self._not_money(trajectory, resolver)}

    def _not_money(self, trajectory: Trajectory, resolver: Resolver) -> dict[Key, Floats]:
        rows: dict[Key, Floats] = {}
        years, year_of = self.costs.years, self.costs.year_of
        for name, number in self.values.items():
            by_group = value_of(number, self.sums[number], trajectory)
            amount = resolver.number(self.spec.values[name].amount)
            by_year = sum_groups(by_group, year_of, len(years)) * amount
            for at, year in enumerate(years):
                rows["value", self.strategy, name, year] = by_year[at]
        days = value_of(self.homeless, self.sums[self.homeless], trajectory)
        everything = (0,) * len(year_of)
        rows["homeless_days", self.strategy] = sum_groups(days, everything, 1)[0]
        return rows

    def _of_whom(self, trajectory: Trajectory) -> dict[Key, Floats]:
        """Return who was there at the start, and the chance that each is counted."""
        model = trajectory.model
        rows: dict[Key, Floats] = {}
        if not self.there:
            return rows
        points: dict[Key, MeasurePlan] = {
            ("target", self.strategy, name): plan for name, plan in self.targets.items()
        }
        points |= {("path", self.strategy, *name): plan for name, plan in self.paths.items()}
        chances: dict[tuple[object, ...], Floats] = {}
        for key, plan in points.items():
            if plan.where is None or plan.day is None:
                continue
            same = (plan.where.tobytes(), plan.day, plan.over_days)
            if same not in chances:
                chances[same] = chance_counted(model, plan.where, plan.day, plan.over_days)
            for place in self.there:
                rows["counted", *key, place] = chances[same][place]
        for place in self.there:
            rows["there", self.strategy, place] = model.initial[place]
        return rows


def _in_range(rows: dict[Key, Floats], first: int) -> dict[Key, Floats]:
    """Return rows, all of whose numbers are finite.

    Raises
    ------
    SomSimError
        Naming the first draw whose figure is none.
    """
    for key, row in rows.items():
        bad = np.flatnonzero(~np.isfinite(row))
        if bad.size:
            what = " ".join(str(part) for part in (key[0], *key[2:]))
            raise SomSimError(f"{what} is no finite number in draw {first + int(bad[0])}")
    return rows


def plan_reading(
    spec: ScenarioFile,
    base: Trajectory,
    compiled: bool,
    with_counts: bool = False,
    own: Histories | None = None,
) -> Reading:
    """Return how a strategy is read.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied.
    base
        The base case of the strategy.
    compiled
        Whether to use the compiled loops where they can do what the model asks for.
    with_counts
        Whether to read of whom counts are made up, where no draw can have people who compete.
    own
        The histories of the base case, in the individual engine.
    """
    model = base.model
    there: tuple[int, ...] = ()
    if with_counts and cannot_compete(model):
        there = tuple(int(place) for place in np.flatnonzero(model.initial[:, 0]))
    asked = Asked()
    costs = plan_costs(spec, base, asked, own)
    targets = {
        name: plan_measure(spec, base, target, asked) for name, target in spec.targets.items()
    }
    values = {name: asked.add(value_sum(spec, base, value)) for name, value in spec.values.items()}
    always = np.ones(model.calendar.n_cycles, dtype=bool)
    homeless = np.broadcast_to(model.homeless, model.axes.cell_shape)
    homeless_sum = asked.add(time_in(model, homeless, "person_day", always))
    boundaries: set[int] = set()
    enrolments: set[int] = set()
    paths = _paths(spec, base, targets)
    for plan in (*targets.values(), *paths.values()):
        more, starts = boundaries_read(plan, model.calendar)
        boundaries |= more
        enrolments |= starts
    return Reading(
        spec=spec,
        strategy=model.strategy,
        compiled=compiled and can_run(model),
        keep=Keep(
            boundaries=tuple(sorted(boundaries)),
            enrolments=tuple(sorted(enrolments)),
            person_days=False,
            flows=False,
            tallies=tuple(one.tally for one in asked.sums),
            groups=costs.groups,
        ),
        sums=tuple(asked.sums),
        costs=costs,
        targets=targets,
        values=values,
        homeless=homeless_sum,
        paths=paths,
        there=there,
    )


def _paths(
    spec: ScenarioFile, base: Trajectory, targets: Mapping[str, MeasurePlan]
) -> dict[tuple[str, str], MeasurePlan]:
    """Return how targets that are counted at a date are found at their time of every year."""
    return {
        (name, day.isoformat()): replace(plan, day=day)
        for name, plan in targets.items()
        if plan.day is not None
        for day in yearly_days(base.model.calendar, spec.targets[name])
    }
