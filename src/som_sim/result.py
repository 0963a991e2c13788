"""The result of a run: every figure a user can ask for, as tidy tables.

The record holds what the chain computed. A table is made when it is first asked for and kept; each
look gives a copy of it, so that a changed copy changes no other.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from som_sim.core.errors import SomSimError, suggest
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.book import Books
from som_sim.ledger.explain import Explanation, explain
from som_sim.ledger.reconcile import Check
from som_sim.outcomes.economics import (
    PERSPECTIVES,
    VIEWS,
    BreakEven,
    CostTable,
    break_even,
    net_table,
)
from som_sim.outcomes.effectiveness import Effectiveness, effectiveness
from som_sim.outcomes.measure import TargetResult
from som_sim.outcomes.replicates import Replicates
from som_sim.outcomes.uncertainty import Uncertainty
from som_sim.outcomes.values import ValueTable
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.schema import ScenarioFile

if TYPE_CHECKING:
    import pandas as pd


def _known(what: str, name: str, allowed: tuple[str, ...]) -> None:
    if name not in allowed:
        hint = suggest(name, allowed)
        listed = "" if hint.startswith("allowed") else f" Allowed: {', '.join(allowed)}."
        raise KeyError(f"there is no {what} '{name}'; {hint}{listed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyRun:
    """Everything one strategy's chain produced.

    Attributes
    ----------
    spec
        The file with this strategy's overrides applied.
    trajectory, books, checks, targets, costs, values
        The links of the chain, in order.
    replicates
        What each history says, when the individual engine ran; else None.
    """

    spec: ScenarioFile
    trajectory: Trajectory
    books: Books
    checks: tuple[Check, ...]
    targets: tuple[TargetResult, ...]
    costs: CostTable
    values: ValueTable
    replicates: Replicates | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What `som_sim.run` returns.

    Attributes
    ----------
    scenario
        What was run, with its digest.
    version
        Version of som_sim.
    seed
        Root of the random numbers; None for a run without chance.
    runs : mapping of strategy name to StrategyRun
        In the order of the file; the first is the reference.
    uncertainty
        What the draws say, when there were any; tables then have medians and intervals.
    """

    scenario: Scenario
    version: str
    seed: int | None
    runs: Mapping[str, StrategyRun]
    uncertainty: Uncertainty | None = None
    _tables: dict[str, pd.DataFrame] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def _table(self, name: str) -> pd.DataFrame:
        """Return a copy of the table that a function of `frames` makes, which it does once."""
        from som_sim import frames
        from som_sim.frames.uncertain import widen

        if name not in self._tables:
            self._tables[name] = widen(self, name, getattr(frames, name)(self))
        return self._tables[name].copy()

    @property
    def strategies(self) -> tuple[str, ...]:
        """Names of the strategies; the first is the reference."""
        return tuple(self.runs)

    @property
    def reference(self) -> str:
        """Name of the reference strategy."""
        return self.strategies[0]

    @property
    def ok(self) -> bool:
        """Whether every reconciliation check passed."""
        return all(check.ok for run in self.runs.values() for check in run.checks)

    @property
    def targets(self) -> pd.DataFrame:
        """Each target in each strategy, with expected value, met and probability."""
        return self._table("targets")

    @property
    def sight(self) -> pd.DataFrame:
        """What each target's measure can see of a change, and after how many yearly counts."""
        return self._table("sight")

    @property
    def indicator_paths(self) -> pd.DataFrame:
        """Each target's own indicator at every cycle's start, to draw beside the counts."""
        return self._table("indicator_paths")

    @property
    def observations(self) -> pd.DataFrame:
        """What was counted, beside what each strategy gives."""
        return self._table("observations")

    @property
    def occupancy(self) -> pd.DataFrame:
        """Persons at each cycle boundary, one column a domain."""
        return self._table("occupancy")

    @property
    def person_time(self) -> pd.DataFrame:
        """Person-days in each cycle, one column a domain."""
        return self._table("person_time")

    @property
    def flows(self) -> pd.DataFrame:
        """Expected moves in each cycle, arrivals, leavers and enrolments included."""
        return self._table("flows")

    @property
    def programmes(self) -> pd.DataFrame:
        """Places, persons in the programme, enrolled and waiting, by cycle."""
        return self._table("programmes")

    @property
    def places(self) -> pd.DataFrame:
        """Every cycle of every state with places, and whether they were short."""
        return self._table("places")

    @property
    def ledger(self) -> pd.DataFrame:
        """Postings summed by year, account, item, kind and payer, in øre."""
        return self._table("ledger")

    @property
    def cost_by_year(self) -> pd.DataFrame:
        """What each payer bears by year, in three price views, in øre."""
        return self._table("cost_by_year")

    @property
    def net_by_year(self) -> pd.DataFrame:
        """What each payer saves by year, reference less strategy, in øre."""
        return self._table("net_by_year")

    @property
    def break_even_table(self) -> pd.DataFrame:
        """The year in which each payer has its money back."""
        return self._table("break_even_table")

    @property
    def accounts(self) -> pd.DataFrame:
        """What is booked on each account by year and payer, and with all accounts below it."""
        return self._table("accounts")

    @property
    def economics(self) -> pd.DataFrame:
        """What each strategy is worth to each payer: present value, ratio, rate of return."""
        return self._table("economics")

    @property
    def comparison(self) -> pd.DataFrame:
        """Homeless days and what one less costs the public."""
        return self._table("comparison")

    @property
    def values(self) -> pd.DataFrame:
        """What is not money by year, as it is and discounted at its own rate."""
        return self._table("values")

    @property
    def value_totals(self) -> pd.DataFrame:
        """What is not money over the whole run, and the difference: strategy less reference."""
        return self._table("value_totals")

    @property
    def cost_effectiveness(self) -> pd.DataFrame:
        """What a unit of each value costs the public and society, against the reference."""
        return self._table("cost_effectiveness")

    @property
    def grants(self) -> pd.DataFrame:
        """Each grant by year, as awarded, paid, used and returned, in øre."""
        return self._table("grants")

    @property
    def funding(self) -> pd.DataFrame:
        """What grants bring each payer, as awarded and when tranches fall away; peak funding."""
        return self._table("funding")

    @property
    def savings(self) -> pd.DataFrame:
        """Gross, avoidable and cashable saving by item, payer and year, in øre."""
        return self._table("savings")

    @property
    def liquidity(self) -> pd.DataFrame:
        """What each payer saves in each cycle, and the running sum, in current prices, in øre."""
        return self._table("liquidity")

    @property
    def engine(self) -> str:
        """Which engine ran: ``cohort`` or ``individual``."""
        histories = self.runs[self.reference].replicates
        return "cohort" if histories is None else "individual"

    @property
    def replicates(self) -> pd.DataFrame:
        """How figures vary between histories, with the error of their mean (individual engine)."""
        return self._table("replicates")

    @property
    def monte_carlo(self) -> pd.DataFrame:
        """How sure amounts and values are that were taken from histories (individual engine)."""
        return self._table("monte_carlo")

    @property
    def intervals(self) -> pd.DataFrame:
        """Every headline figure of the draws: median, interval, chance and Monte Carlo error."""
        return self._table("intervals")

    @property
    def target_paths(self) -> pd.DataFrame:
        """What draws say of each counted target at its time of every year: bands and chance."""
        return self._table("target_paths")

    @property
    def reconciliation(self) -> pd.DataFrame:
        """Every check with its residual."""
        return self._table("reconciliation")

    def net_of(self, strategy: str) -> CostTable:
        """Return what a strategy saves against the reference, by payer and year, in øre.

        Raises
        ------
        KeyError
            When there is no such strategy.
        """
        _known("strategy", strategy, self.strategies)
        return net_table(self.runs[self.reference].costs, self.runs[strategy].costs)

    def net(
        self, payer: str, strategy: str | None = None, view: str = "constant"
    ) -> pd.Series[int]:
        """Return a payer's net result by year: reference less strategy, positive is a saving.

        Parameters
        ----------
        payer
            ``kommune``, ``region``, ``stat``, ``fond``, ``borger``, ``public`` or ``society``.
        strategy
            Name of a strategy; the last one in the file by default.
        view
            ``current``, ``constant`` or ``discounted``.

        Returns
        -------
        (year,), øre

        Raises
        ------
        KeyError
            When there is no such payer, strategy or view; the message names those there are.
        """
        import pandas as pd

        _known("payer", payer, PERSPECTIVES)
        _known("view", view, VIEWS)
        table = self.net_of(self.strategies[-1] if strategy is None else strategy)
        return pd.Series(table.amounts[view, payer], index=list(table.years), name=payer)

    def break_even_of(self, payer: str, strategy: str | None = None) -> BreakEven:
        """Return when a payer has its money back, in constant prices.

        Raises
        ------
        KeyError
            When there is no such payer or strategy; the message names those there are.
        """
        _known("payer", payer, PERSPECTIVES)
        table = self.net_of(self.strategies[-1] if strategy is None else strategy)
        return break_even(table.amounts["constant", payer], table.years)

    def break_even(self, payer: str, strategy: str | None = None) -> int | None:
        """Return the year in which a payer has its money back, or None within the horizon."""
        return self.break_even_of(payer, strategy).year

    def cost_effectiveness_of(
        self, value: str, strategy: str, against: str | None = None, payer: str = "public"
    ) -> Effectiveness:
        """Return what a unit of something that is not money costs in a strategy against another.

        Costs are in constant prices and discounted; the value is discounted at its own rate.

        Parameters
        ----------
        value
            A key of the scenario's `values`.
        strategy
            Name of a strategy.
        against
            The strategy it is compared with; the reference by default.
        payer
            ``public``, ``society`` or one payer.

        Raises
        ------
        KeyError
            When there is no such value, strategy or payer; the message names those there are.
        """
        against = self.reference if against is None else against
        for name in (strategy, against):
            _known("strategy", name, self.strategies)
        _known("value", value, tuple(self.runs[strategy].spec.values))
        _known("payer", payer, PERSPECTIVES)
        before, after = self.runs[against], self.runs[strategy]
        return effectiveness(
            value,
            after.spec.values[value],
            payer,
            (before.costs, after.costs),
            (before.values, after.values),
        )

    def pivot(self, *by: str, net: bool = False) -> pd.DataFrame:
        """Add up the ledger by any dimensions: a row for each strategy and each of their values.

        Parameters
        ----------
        by
            Any of ``year``, ``quarter``, ``month``, ``item``, ``account``, ``area``, ``code``,
            ``udvalg``, ``paragraph``, ``phase``, ``kind``, ``payer``, ``stratum``, ``programme``.
        net
            Reference less strategy in place of what each strategy costs.

        Returns
        -------
        DataFrame
            Columns ``strategy``, those of `by`, and ``amount_oere`` in current prices.

        Raises
        ------
        SomSimError
            When there is no such dimension, or the cycles are longer than the periods asked for.

        Examples
        --------
        >>> import som_sim as som
        >>> result = som.run(som.load("scenarios/first.yaml"))
        >>> bool(result.pivot("month")["amount_oere"].sum() == result.pivot()["amount_oere"].sum())
        True
        """
        from som_sim.frames.cuts import pivot

        return pivot(self, by, net=net)

    def explain(
        self, item: str, payer: str, strategy: str | None = None, period: str | None = None
    ) -> Explanation:
        """Return how what a payer bears of an item came about, cycle by cycle.

        Parameters
        ----------
        item
            A price or a grant.
        payer
            ``kommune``, ``region``, ``stat``, ``fond`` or ``borger``.
        strategy
            Name of a strategy; the last one in the file by default.
        period
            A year or a month, such as ``2020`` or ``2020-03``; the whole run by default.

        Returns
        -------
        Explanation
            Its steps are quantity x price x index x share; its basis is what the scenario says,
            with source and line.

        Raises
        ------
        KeyError
            When there is no such payer or strategy; the message names those there are.
        SomSimError
            When nothing of that name is booked, or the period is none.
        """
        from som_sim.core.names import PAYERS

        _known("payer", payer, PAYERS)
        strategy = self.strategies[-1] if strategy is None else strategy
        _known("strategy", strategy, self.strategies)
        run = self.runs[strategy]
        first, end = dt.date.min, dt.date.max
        if period is not None:
            try:
                found = run.trajectory.model.calendar.period(period)
            except ValueError as error:
                raise SomSimError(str(error)) from None
            first, end = found.start, found.end
        return explain(
            run.spec,
            run.trajectory,
            run.books,
            item,
            payer,
            place_of=lambda path: self.scenario.place_of(path, strategy),
            first=first,
            end=end,
        )

    def summary(self) -> dict[str, Any]:
        """Return the headline figures as plain values that JSON can hold."""
        from som_sim.summarise import summarise

        return summarise(self)

    def save(self, directory: str | os.PathLike[str], lang: str | None = None) -> None:
        """Write the tables, the summary and the figures into a folder.

        Parameters
        ----------
        directory
            Made when it is not there.
        lang
            ``da`` or ``en``; the scenario's own language by default.

        Raises
        ------
        SomSimError
            When the folder cannot be written; nothing half-written is left.
        """
        from som_sim.report.save import save  # the one look upward: a convenience for notebooks

        save(self, directory, lang)
