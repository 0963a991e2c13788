"""Money over time: who is out of pocket when, and what if a tranche falls away.

The liquidity of a payer is the running sum of reference less strategy, cycle by cycle, in current
prices; its peak funding is how far that falls below 0. A tranche with a condition is taken as given
in the base case. Here each is taken away in turn, and all of them together: grants are planned
anew, nothing else changes, since what people do does not depend on who pays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from som_sim.core.names import PAYERS
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.book import Books, grants_of, started
from som_sim.ledger.grants import GrantYear, cash, is_grant, item_costs, plan_grants
from som_sim.ledger.ledger import MEMO, Ints, Ledger, payer_number
from som_sim.scenario.schema import Grant, ScenarioFile

Tranche = tuple[str, int]
"""Grant and year."""
AS_AWARDED, NONE_COMES, EXPECTED = "as_awarded", "no_conditional_tranche", "expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What becomes of the tranches that have conditions.

    Attributes
    ----------
    name
        ``as_awarded``, ``without GRANT YEAR``, ``no_conditional_tranche`` or ``expected``.
    lost
        The tranches that fall away.
    probability
        Of just this; None where a condition has none. Conditions are taken to be independent.
    """

    name: str
    lost: frozenset[Tranche]
    probability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """What a payer bears in a case, in øre of current prices.

    Attributes
    ----------
    grants
        What grants bring the payer, or below 0 cost it, over the run.
    net
        Reference less strategy over the run.
    peak
        The most that the payer is out of pocket at the end of a cycle; None for what is expected.
    peak_cycle
        The first cycle at whose end it is; None where the payer never is.
    """

    payer: str
    case: Case
    grants: float
    net: float
    peak: int | None
    peak_cycle: int | None


def by_cycle(ledger: Ledger, payers: tuple[str, ...]) -> Ints:
    """Return what some payers bear together in each cycle: (cycle,), øre."""
    rows = (ledger.kind != MEMO) & np.isin(ledger.payer, [payer_number(one) for one in payers])
    total = np.zeros(len(ledger.years), dtype=np.int64)
    np.add.at(total, ledger.cycle[rows], ledger.amount[rows])
    return total


def peak_funding(net: Ints) -> tuple[int, int | None]:
    """Return how far a running sum falls below 0, and in which cycle it first is there.

    Parameters
    ----------
    net : (cycle,), øre

    Examples
    --------
    >>> peak_funding(np.array([-5, -5, 20, -1]))
    (10, 1)
    >>> peak_funding(np.array([5, -5]))
    (0, None)
    """
    running = np.cumsum(net)
    lowest = int(running.min(initial=0))
    return (-lowest, int(np.argmin(running))) if lowest < 0 else (0, None)


def cases(grants: dict[str, Grant]) -> list[Case]:
    """Return what can become of the grants of a strategy: as awarded, each lost alone, all lost."""
    conditional = [(name, year) for name, one in grants.items() for year in sorted(one.conditions)]
    lost = [(AS_AWARDED, frozenset[Tranche]())]
    lost += [(f"without {name} {year}", frozenset([(name, year)])) for name, year in conditional]
    if len(conditional) > 1:
        lost.append((NONE_COMES, frozenset(conditional)))
    return [Case(name=name, lost=one, probability=_probability(grants, one)) for name, one in lost]


def _probability(grants: dict[str, Grant], lost: frozenset[Tranche]) -> float | None:
    chance = 1.0
    for name, grant in grants.items():
        for year, condition in grant.conditions.items():
            if condition.probability is None:
                return None
            comes = float(condition.probability)
            chance *= 1 - comes if (name, year) in lost else comes
    return chance


def without(grants: dict[str, Grant], lost: frozenset[Tranche]) -> dict[str, Grant]:
    """Return grants as if some tranches had never come; the years stay as they are."""
    left = {}
    for name, grant in grants.items():
        tranches = {
            year: amount * ((name, year) not in lost) for year, amount in grant.tranches.items()
        }
        left[name] = grant.model_copy(
            update={"tranches": tranches, "total": sum(tranches.values())}
        )
    return left


def plans_without(
    spec: ScenarioFile, trajectory: Trajectory, ledger: Ledger, lost: frozenset[Tranche]
) -> dict[str, tuple[GrantYear, ...]]:
    """Return how the grants of a strategy run when some tranches fall away."""
    grants = without(grants_of(spec, ledger.strategy), lost)
    return plan_grants(grants, item_costs(ledger), lambda *asked: started(trajectory, *asked))


@dataclass(slots=True)
class _Cash:
    """What grants bring payers by cycle, worked out once for each set of lost tranches."""

    spec: ScenarioFile
    trajectory: Trajectory
    ledger: Ledger
    known: dict[frozenset[Tranche], dict[str, Ints]] = field(default_factory=dict)

    def of(self, payer: str, lost: frozenset[Tranche]) -> Ints:
        """Return what a payer gets in each cycle: (cycle,), øre."""
        if lost not in self.known:
            self.known[lost] = self._worked_out(lost)
        return self.known[lost][payer]

    def _worked_out(self, lost: frozenset[Tranche]) -> dict[str, Ints]:
        calendar = self.trajectory.model.calendar
        got = {payer: np.zeros(calendar.n_cycles, dtype=np.int64) for payer in PAYERS}
        for name, plan in plans_without(self.spec, self.trajectory, self.ledger, lost).items():
            grant = self.spec.grants[name]
            for _, cycle, amount in cash(grant, plan, calendar):
                got[grant.to][cycle] += amount
                got[grant.funder][cycle] -= amount
        return got


def funding(
    spec: ScenarioFile, trajectory: Trajectory, books: Books, reference: Ledger
) -> Iterator[Funding]:
    """Yield what each payer bears in each case, and what is expected over all of them.

    Parameters
    ----------
    spec, trajectory, books
        Of a strategy.
    reference
        The ledger of the reference.
    """
    ledger = books.ledger
    grants = grants_of(spec, ledger.strategy)
    got = _Cash(spec, trajectory, ledger)
    for payer in PAYERS:
        net = by_cycle(reference, (payer,)) - by_cycle(ledger, (payer,))
        without_grants = net - booked_grants(ledger, payer)
        for case in cases(grants):
            brought = got.of(payer, case.lost)
            peak, cycle = peak_funding(without_grants + brought)
            yield Funding(
                payer=payer,
                case=case,
                grants=int(brought.sum()),
                net=int((without_grants + brought).sum()),
                peak=peak,
                peak_cycle=cycle,
            )
        mean = _expected(grants, payer, got)
        if mean is not None:
            yield Funding(
                payer=payer,
                case=Case(name=EXPECTED, lost=frozenset(), probability=None),
                grants=mean,
                net=int(without_grants.sum()) + mean,
                peak=None,
                peak_cycle=None,
            )


def _expected(grants: dict[str, Grant], payer: str, got: _Cash) -> float | None:
    """Return what grants bring a payer on average; None without conditions, or chances of them."""
    conditional = [(name, year) for name, one in grants.items() for year in one.conditions]
    if not conditional or _probability(grants, frozenset()) is None:
        return None
    mean = 0.0
    for comes in product((True, False), repeat=len(conditional)):
        lost = frozenset(one for one, there in zip(conditional, comes, strict=True) if not there)
        mean += (_probability(grants, lost) or 0.0) * int(got.of(payer, lost).sum())
    return mean


def booked_grants(ledger: Ledger, payer: str) -> Ints:
    """Return what the postings of grants bring a payer in each cycle: (cycle,), øre."""
    items = [number for number, (account, _) in enumerate(ledger.items) if is_grant(account)]
    rows = (ledger.kind != MEMO) & np.isin(ledger.item, items)
    rows &= ledger.payer == payer_number(payer)
    got = np.zeros(len(ledger.years), dtype=np.int64)
    np.add.at(got, ledger.cycle[rows], -ledger.amount[rows])
    return got
