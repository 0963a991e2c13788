"""Where a figure comes from: each factor, each source, and the line that says it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

import som_sim as som
from som_sim.core.errors import SomSimError

TEXT = """\
som_sim: 1
meta: {title: t, currency: DKK, price_year: 2019}
time: {from: 2019-01, to: 2020-12, cycle: month}
domains: {housing: {shelter: {homeless: true}, home: {}}}
strata: {adult: {}}
parameters:
  fee: {value: 1000, unit: kroner, source: report, grade: B}
  more: {value: 1.1, source: report}
population: {initial: [{stratum: adult, housing: shelter, persons: 10}]}
indices:
  pl: {values: {2019: 100, 2020: 102}, source: report}
money: {index: pl, discount_rate: 0.04, base_year: 2019}
prices:
  night:
    amount: fee * more
    per: person_day
    in: {housing: shelter}
    price_year: 2019
    payers: dk_section_110
    account: shelter
    grade: C
  team: {amount: 7, per: month, price_year: 2019, payers: {kommune: 0.9, stat: 0.1}, account: team}
grants:
  pool: {funder: stat, to: kommune, covers: night, tranches: {2019: 50}, total: 50,
         unspent: returned, source: report}
strategies:
  reference: {}
  act:
    grants: pool
    overrides:
      prices.team.amount: 9
sources: {report: {title: The report}}
"""


@pytest.fixture(scope="module")
def result() -> som.Result:
    return som.run(som.loads(TEXT, "case.yaml"))


def test_every_factor_of_a_cycle(result: som.Result) -> None:
    found = result.explain("night", "stat", "act", period="2020-02")
    (step,) = found.steps
    assert step.start == dt.date(2020, 2, 1)
    assert step.quantity == pytest.approx(290, rel=1e-12)
    assert step.unit_price == Fraction(1100)
    assert (step.level, step.share) == (1.02, Fraction(1, 2))
    assert step.exact == pytest.approx(290 * 1100 * 1.02 * 0.5 * 100, rel=1e-12)
    assert step.posted == found.posted == 16_269_000
    assert found.unit == "person_day" and found.account == "shelter"


def test_kommune_and_state_bear_the_bill_together(result: som.Result) -> None:
    parts = [result.explain("night", payer, "act", "2019").posted for payer in ("kommune", "stat")]
    assert parts[0] == pytest.approx(parts[1], abs=12)
    assert {step.share for step in result.explain("night", "kommune", "act").steps} == {
        Fraction(1, 2)
    }
    table = result.pivot("item", "year").set_index(["strategy", "item", "year"])["amount_oere"]
    assert sum(parts) == table["act", "night", 2019]


def test_all_that_it_rests_on_with_sources_and_lines(result: som.Result) -> None:
    basis = result.explain("night", "kommune", "act").basis
    assert [(one.what, one.text.split(" (")[0], one.place, one.grade) for one in basis] == [
        ("price", "fee * more kr. / person_day", "case.yaml:14:3", "C"),
        ("parameter", "fee = 1000", "case.yaml:7:3", "B"),
        ("parameter", "more = 1.1", "case.yaml:8:3", ""),
        ("index", "pl: 100", "case.yaml:11:3", ""),
        ("payers", "dk_section_110", "case.yaml:19:5", ""),
    ]
    assert basis[1].source == basis[3].source == "The report"
    assert "SEL § 110" in basis[-1].text


def test_an_override_stands_where_the_strategy_says_it(result: som.Result) -> None:
    def place(strategy: str) -> str:
        return result.scenario.place_of(("prices", "team", "amount"), strategy)

    assert place("reference") == "case.yaml:22:10"
    assert place("act") == "case.yaml:31:7"
    assert result.scenario.place_of(("prices",), "none such") == "case.yaml"
    assert [result.explain("team", "kommune", name).steps[0].unit_price
            for name in result.strategies] == [7, 9]  # fmt: skip


def test_a_grant_is_what_was_paid_and_paid_back(result: som.Result) -> None:
    found = result.explain("pool", "kommune")
    assert found.posted == -5_000 and not found.steps
    (basis,) = found.basis
    assert (basis.text, basis.place, basis.source) == (
        "50 kr. (2019)", "case.yaml:24:63", "The report",
    )  # fmt: skip


def test_what_is_not_there_is_told(result: som.Result) -> None:
    with pytest.raises(SomSimError, match="books nothing called 'nigth'; did you mean 'night'"):
        result.explain("nigth", "kommune")
    with pytest.raises(SomSimError, match="books nothing called 'pool'"):
        result.explain("pool", "kommune", "reference")
    with pytest.raises(SomSimError, match="is not a date"):
        result.explain("night", "kommune", period="last year")
    with pytest.raises(KeyError, match="did you mean 'kommune'"):
        result.explain("night", "komune")
