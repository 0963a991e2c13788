"""A small case whose answer can be added up by hand, and random ones."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

# 10 start in 2024 and 20 in 2025; net success 0.8 - 0.2 = 0.6, so 6 and 12 succeed more.
# A course of 12 months from January ends in the year it began; the first number is about the year
# after. A success saves half a shelter year (550,000) for two years and a quarter in the third.
CASE = """\
som_case: 1
meta: {title: {da: En sag, en: A case}, currency: DKK, price_year: 2023}
time: {from: 2024, to: 2030}
participants: {start: {2024: 10, 2025: 20}}
course: {length: 12 months}
consequences_from: year_after
success: {with: 0.8, reference: 0.2}
costs:
  start: {kind: startup, per: once, from: 2024, amount: 100000, price_year: 2023, payers: {kommune: 1}, account: team, udvalg: Socialudvalget}
  team: {kind: operation, per: year, from: 2024, to: 2025, amount: 500000, price_year: 2023, payers: {kommune: 0.9, region: 0.1}, account: team, udvalg: Socialudvalget}
  course: {kind: operation, per: participant, amount: 20000, price_year: 2023, payers: {kommune: 1}, account: team, udvalg: Sundhedsudvalget}
  before: {kind: saved, per: year, from: 2025, to: 2025, amount: 50000, price_year: 2023, payers: {kommune: 1}, account: before}
consequences:
  shelter: {price: shelter_year, less: [0.5, 0.5, 0.25]}
  benefit: {price: benefit_year, more: [1]}
prices:
  shelter_year: {unit: a year, amount: 550000, price_year: 2023, payers: {kommune: 0.5, stat: 0.5}, account: shelter, udvalg: Socialudvalget}
  benefit_year: {unit: a year, amount: 1000, price_year: 2023, payers: {kommune: 0.8, stat: 0.2}, transfer_to: borger, account: benefit}
money: {discount_rate: 0.25, base_year: 2024}
"""


@dataclass(frozen=True)
class Plain:
    """Random inputs of a case with one cost and one consequence."""

    participants: int
    rate: Decimal
    price: Decimal
    cost: Decimal
    units: tuple[Decimal, ...]

    def text(self) -> str:
        listed = ", ".join(str(one) for one in self.units)
        return (
            "som_case: 1\n"
            "meta: {title: x, currency: DKK, price_year: 2023}\n"
            "time: {from: 2023, to: 2033}\n"
            f"participants: {{start: {{2023: {self.participants}, 2024: 3}}}}\n"
            "course: {length: 6 months}\n"
            "consequences_from: success_year\n"
            f"success: {{net: {self.rate}}}\n"
            f"costs: {{team: {{kind: operation, per: year, amount: {self.cost}, price_year: 2023, "
            "payers: {kommune: 1}, account: team}}\n"
            f"consequences: {{used: {{price: unit, less: [{listed}]}}}}\n"
            f"prices: {{unit: {{unit: one, amount: {self.price}, price_year: 2023, "
            "payers: {kommune: 0.5, stat: 0.5}, account: used}}\n"
            "money: {discount_rate: 0.035, base_year: 2023}\n"
        )


def kroner(most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 100).map(lambda oere: Decimal(oere) / 100)


plain_cases = st.builds(
    Plain,
    participants=st.integers(0, 500),
    rate=st.integers(-100, 100).map(lambda n: Decimal(n) / 100),
    price=kroner(1_000_000),
    cost=kroner(1_000_000),
    units=st.lists(
        st.integers(-20, 200).map(lambda n: Decimal(n) / 4), min_size=1, max_size=10
    ).map(tuple),
)
