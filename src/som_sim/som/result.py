"""The result of a SØM calculation: net per payer, committee, year and participant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import suggest
from som_sim.core.version import version
from som_sim.ledger.ledger import MEMO, PROVIDER, Ledger, payer_number
from som_sim.ledger.reconcile import Check
from som_sim.outcomes.economics import (
    PERSPECTIVES,
    VIEWS,
    BreakEven,
    CostTable,
    break_even,
    price_views,
    rate_of,
)
from som_sim.som.case import Published, SomCase
from som_sim.som.checks import checks
from som_sim.som.identity import participants_of
from som_sim.som.post import book_case
from som_sim.som.read import Case

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
NO_COMMITTEE = ""
TABLES = (
    "ledger", "net_by_year", "quantities", "committees", "sensitivity", "reconciliation",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SomResult:
    """What `run_case` returns. Amounts are øre; plus is a saving.

    Attributes
    ----------
    case
        What was calculated.
    version
        Version of som_sim.
    ledger
        Every posting: what the intervention costs is positive, what it saves negative.
    costs
        What each payer bears of the intervention alone, start-up and saved costs included.
    borne
        What each payer bears of all.
    checks
        Reconciliation.
    """

    case: Case
    version: str
    ledger: Ledger
    costs: CostTable
    borne: CostTable
    checks: tuple[Check, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the calculation."""
        return self.borne.years

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return all(check.ok for check in self.checks)

    @property
    def n_participants(self) -> Fraction:
        """How many start in all years together."""
        return sum(participants_of(self.case.spec).values(), Fraction(0))

    def net(self, payer: str = "society", view: str = "discounted") -> Ints:
        """Return the net of each year: (year,), øre."""
        return -self.borne.amounts[view, payer]

    def figure(self, figure: str, payer: str, view: str = "discounted") -> int | Fraction:
        """Return a headline figure in øre, such as ``net_total`` or ``cost_per_participant``."""
        what, _, per = figure.partition("_")
        net, cost = int(self.net(payer, view).sum()), int(self.costs.amounts[view, payer].sum())
        amount = {"net": net, "cost": cost, "benefit": net + cost}[what]
        return Fraction(amount) / self.n_participants if per == "per_participant" else amount

    def has(self, figure: str) -> bool:
        """Whether every input that a headline figure needs is there."""
        missing = set(self.case.spec.missing_inputs)
        if figure.endswith("per_participant") and not self.n_participants:
            return False
        if figure.startswith("cost"):
            return not missing & {"costs"}
        needed = {"participants", "course", "success", "consequences"}
        return not missing & (needed | ({"costs"} if figure.startswith("net") else set()))

    def break_even(self, payer: str) -> BreakEven:
        """Return when a payer has its money back for good, in constant prices."""
        return break_even(self.net(payer, "constant"), self.years)

    def som_break_even(self, payer: str) -> int | None:
        """Return SØM's year: the first with a cumulative net of 0 or more.

        It is counted from the first cost, in discounted prices; a later fall below 0 does not
        count.
        """
        net = self.net(payer)
        costs = np.flatnonzero(net < 0)
        if not len(costs):
            return None
        cumulative = np.cumsum(net)
        back = [n for n in range(int(costs[0]), len(net)) if cumulative[n] >= 0]
        return self.years[back[0]] if back else None

    def by_committee(self, payer: str = "kommune") -> Mapping[str, Ints]:
        """Return the net of one payer by committee (udvalg), in current prices: (year,), øre."""
        committees = [self._committee(item) for _, item in self.ledger.items]
        found = {
            one: np.zeros(len(self.years), dtype=np.int64) for one in dict.fromkeys(committees)
        }
        ledger = self.ledger
        rows = (ledger.payer == payer_number(payer)) & (ledger.kind != MEMO)
        for item, cycle, amount in zip(
            ledger.item[rows], ledger.cycle[rows], ledger.amount[rows], strict=True
        ):
            found[committees[item]][cycle] -= amount
        return {name: values for name, values in found.items() if values.any()}

    def _committee(self, item: str) -> str:
        spec = self.case.spec
        if item in spec.costs:
            return spec.costs[item].udvalg or NO_COMMITTEE
        return spec.prices[spec.consequences[item].price].udvalg or NO_COMMITTEE

    def table(self, name: str) -> pd.DataFrame:
        """Return a tidy table.

        Parameters
        ----------
        name
            ``ledger``, ``net_by_year``, ``quantities``, ``committees``, ``sensitivity`` or
            ``reconciliation``.
        """
        from som_sim.som import frames

        if name not in TABLES:
            raise KeyError(f"there is no table '{name}'; {suggest(name, TABLES)}")
        made: pd.DataFrame = getattr(frames, name)(self)
        return made

    def by_item(self, payer: str) -> Mapping[str, int]:
        """Return the net of one payer by cost and consequence, in current prices, øre."""
        ledger = self.ledger
        side = payer_number(payer)
        found = {}
        for number, (_, item) in enumerate(ledger.items):
            rows = (ledger.item == number) & (ledger.payer == side) & (ledger.kind != MEMO)
            found[item] = -int(ledger.amount[rows].sum())
        return found

    def published(self) -> Iterator[PublishedCheck]:
        """Yield each published figure beside the calculated one."""
        for one in self.case.spec.published:
            ours = self.figure(one.figure, one.payer, one.view) if self.has(one.figure) else None
            yield PublishedCheck(published=one, oere=None if ours is None else Fraction(ours))

    def agreement(self) -> Iterator[Agreement]:
        """Yield each published total that stands beside its own figure per participant."""
        by_key: dict[tuple[str, str, str], Published] = {
            (one.figure, one.payer, one.view): one for one in self.case.spec.published
        }
        for (figure, payer, view), total in by_key.items():
            per = by_key.get((figure.replace("_total", "_per_participant"), payer, view))
            if figure.endswith("_total") and per is not None and self.n_participants:
                yield Agreement(total=total, per_participant=per, n=self.n_participants)

    def provider_balance(self) -> int:
        """Return what all providers receive, øre: the mirror of what society bears."""
        rows = self.ledger.payer == payer_number(PROVIDER)
        return -int(self.ledger.amount[rows].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCheck:
    """A published figure and ours.

    Attributes
    ----------
    published
        As in the file.
    oere
        Ours, exact; None where an input was not published.
    """

    published: Published
    oere: Fraction | None

    @property
    def reproduced(self) -> bool | None:
        """Whether ours rounds to the published figure (halves away from 0); None without ours."""
        if self.oere is None:
            return None
        step = Fraction(self.published.rounded_to)
        steps = self.oere / 100 / step
        rounded = (abs(steps) + Fraction(1, 2)).__floor__() * step * (1 if steps >= 0 else -1)
        return rounded == Fraction(self.published.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A published total beside the published figure per participant.

    Attributes
    ----------
    total, per_participant
        As in the file.
    n
        How many participants.
    """

    total: Published
    per_participant: Published
    n: Fraction

    @property
    def product(self) -> Fraction:
        """The figure per participant times the participants, kroner."""
        return Fraction(self.per_participant.amount) * self.n

    @property
    def ok(self) -> bool:
        """Whether some two figures that round to these agree."""
        slack = Fraction(self.total.rounded_to) + Fraction(self.per_participant.rounded_to) * self.n
        return abs(self.product - Fraction(self.total.amount)) <= slack / 2


def run_case(case: Case) -> SomResult:
    """Calculate a case as SØM does.

    Examples
    --------
    >>> from som_sim.som.read import load_case
    >>> result = run_case(load_case("scenarios/som/icm_young_vive_2019.yaml"))
    >>> result.ok
    True
    """
    spec = case.spec
    ledger = book_case(spec)
    return SomResult(
        case=case,
        version=version(),
        ledger=ledger,
        costs=views(spec, book_case(spec, "cost")),
        borne=views(spec, ledger),
        checks=checks(spec, ledger),
    )


def views(case: SomCase, ledger: Ledger) -> CostTable:
    """Return a case's ledger by payer and year in three price views."""
    index = case.indices[case.money.index].values if case.money.index else None
    return price_views(
        ledger,
        case.meta.price_year,
        index=index,
        discounted=(rate_of(case.money.discount_rate), case.money.base_year),
    )


def payers_of(result: SomResult) -> tuple[str, ...]:
    """Return the payers and sums for whom anything changes."""
    return tuple(
        payer
        for payer in PERSPECTIVES
        if any(result.borne.amounts[view, payer].any() for view in VIEWS)
    )
