"""A scenario in which nobody moves, so that every bill can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

import som_sim as som
from som_sim.ledger.ledger import ACCOUNTS_OF_PAYERS, KINDS

FROZEN = """\
som_sim: 1
meta: {{title: Nobody moves, currency: DKK, price_year: 2019}}
time: {{from: {first}, to: {last}, cycle: {cycle}}}
domains: {{housing: {{shelter: {{homeless: true}}, home: {{}}}}}}
leave: [dead]
strata: {{adult: {{}}, other: {{}}}}
population:
  initial:
    - {{stratum: adult, housing: shelter, persons: {persons}}}
    - {{stratum: other, housing: home, persons: 4}}
  arrivals: [{arrivals}]
indices:
  flat: {{values: {{{flat}}}}}
  pl: {{values: {{2018: 98, 2019: 100, 2020: 102, 2021: 105, 2022: 110, 2023: 112, 2024: 115}}}}
money: {{index: flat, discount_rate: 0.04, base_year: 2019}}
{more}
prices:
{prices}
grants: {{{grants}}}
strategies: {{reference: {{}}, other: {{{strategy}}}}}
"""
FLAT = ", ".join(f"{year}: 100" for year in range(2015, 2030))

Row = tuple[int, str, str, int]
"""cycle, kind, payer, øre"""


@dataclass(frozen=True)
class Frozen:
    """A run of a frozen scenario, with what tests ask of it."""

    result: som.Result

    def rows(self, item: str, strategy: str = "other") -> list[Row]:
        """Return an item's postings in the order of booking, the provider's side included."""
        ledger = self.result.runs[strategy].books.ledger
        return [
            (int(cycle), KINDS[kind], ACCOUNTS_OF_PAYERS[payer], int(amount))
            for cycle, number, kind, payer, amount in zip(
                ledger.cycle, ledger.item, ledger.kind, ledger.payer, ledger.amount, strict=True
            )
            if ledger.items[number][1] == item
        ]

    def billed(self, item: str, strategy: str = "other") -> list[int]:
        """Return what providers receive for an item in each cycle, in øre."""
        run = self.result.runs[strategy]
        amounts = [0] * run.trajectory.model.calendar.n_cycles
        for cycle, _, payer, amount in self.rows(item, strategy):
            amounts[cycle] -= amount if payer == "provider" else 0
        return amounts

    def by_year(self, strategy: str = "other") -> dict[tuple[int, str, str, str], int]:
        """Return the published ledger: (year, item, kind, payer) to øre."""
        table = self.result.ledger
        mine = table[table["strategy"] == strategy]
        keys = zip(mine["year"], mine["item"], mine["kind"], mine["payer"], strict=True)
        return dict(zip(keys, mine["amount_oere"], strict=True))


Freeze = Callable[..., Frozen]


@pytest.fixture(scope="session")
def freeze() -> Freeze:
    """Return a function that runs the frozen scenario with some prices."""

    def run(
        *prices: str,
        first: str = "2019-01",
        last: str = "2019-03",
        cycle: str = "month",
        persons: float = 10,
        arrivals: str = "",
        more: str = "",
        grants: str = "",
        strategy: str = "",
    ) -> Frozen:
        text = FROZEN.format(
            first=first,
            last=last,
            cycle=cycle,
            persons=persons,
            arrivals=arrivals,
            more=more,
            prices="\n".join(f"  {price}" for price in prices),
            grants=grants,
            strategy=strategy,
            flat=FLAT,
        )
        result = som.run(som.loads(text))
        failed = [check for run in result.runs.values() for check in run.checks if not check.ok]
        assert not failed, failed
        return Frozen(result=result)

    return run
