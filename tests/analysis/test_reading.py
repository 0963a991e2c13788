"""What is read from draws is what the chain posts, when a draw is the base case."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings

import som_sim as som
from discrete_scenarios import discrete_scenarios
from random_scenarios import Data, result_of, scenarios
from som_sim.core.names import PAYERS
from som_sim.engine import fast
from som_sim.model.draws import stated_parameters
from som_sim.outcomes.measure import persons_at
from som_sim.outcomes.reading import plan_reading

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""A whole scenario shrinks for minutes; the figure that differs says enough."""
SAME = 1e-9
"""Relative: the same products and sums in another order."""
POSTINGS_PER_OERE = 1.0
"""A posting is off by half an øre, and each payer's share of it by at most one."""


def assert_as_posted(result: som.Result, compiled: bool = False) -> None:
    """Hold every figure of a draw at the stated values against the base case."""
    for name, run in result.runs.items():
        reading = plan_reading(run.spec, run.trajectory, compiled)
        drawn = {**stated_parameters(run.spec), "": np.zeros(1)}
        rows = {key: float(row[0]) for key, row in reading.figures(drawn, 1).items()}
        for target in run.targets:
            found = rows.pop(("target", name, target.target))
            assert found == pytest.approx(target.projected, rel=SAME, abs=SAME)
            for key in [key for key in rows if key[:3] == ("path", name, target.target)]:
                aim = run.spec.targets[target.target]
                where, day = aim.indicator.persons_in, dt.date.fromisoformat(key[3])
                assert where is not None
                over = aim.over.days if aim.over else 0.0
                there = persons_at(run.spec, run.trajectory, where, day, over)
                assert rows.pop(key) == pytest.approx(there, rel=SAME, abs=SAME)
        for value, amounts in run.values.amounts.items():
            for year, amount in zip(run.values.years, amounts, strict=True):
                found = rows.pop(("value", name, value, year))
                assert found == pytest.approx(amount, rel=SAME, abs=SAME)
        days = float(run.trajectory.person_days[0, 0][..., run.trajectory.model.homeless].sum())
        assert rows.pop(("homeless_days", name)) == pytest.approx(days, rel=SAME, abs=SAME)
        assert_as_the_ledger(result, name, rows)


def assert_as_the_ledger(result: som.Result, name: str, rows: dict[tuple, float]) -> None:
    run = result.runs[name]
    n_postings = len(run.books.ledger.amount) + 10
    largest = float(np.abs(run.books.ledger.amount).max(initial=0))
    allowed = POSTINGS_PER_OERE * n_postings + SAME * n_postings * largest
    ledger = result.ledger[result.ledger["strategy"] == name]
    for row in ledger.to_dict("records"):
        key = ("ledger", name, *(row[k] for k in ("account", "item", "kind", "payer", "year")))
        assert rows.pop(key) == pytest.approx(row["amount_oere"], abs=allowed), key
    for payer in PAYERS:
        for year, amount in zip(run.costs.years, run.costs.amounts["current", payer], strict=True):
            found = rows.pop(("cost", name, payer, year))
            assert found == pytest.approx(float(amount), abs=allowed), (payer, year)
    for key, amount in rows.items():  # rows of which nothing was posted
        assert abs(amount) <= allowed, key


@pytest.mark.parametrize("file", sorted(path.name for path in SCENARIOS.glob("*.yaml")))
@pytest.mark.parametrize("compiled", [False, True])
def test_a_draw_at_the_stated_values_is_the_base_case(file: str, compiled: bool) -> None:
    if compiled and not fast.is_there():
        pytest.skip("the extra fast is not installed")
    assert_as_posted(som.run(som.load(SCENARIOS / file)), compiled)


SECOND_GRANT = """
  second:
    funder: fond
    to: kommune
    covers: [act_leader, shelter_day, shelter_own_payment]
    tranches: {2019: 3000000, 2020: 90000000, 2021: 300000}
    total: 93300000
    unspent: carried
"""


def test_two_grants_pay_no_krone_twice_in_a_draw_either() -> None:
    """The second covers some of the first's items, and one that brings money in."""
    text = (SCENARIOS / "randers_act.yaml").read_text(encoding="utf-8")
    text = text.replace("grants: [satspulje]", "grants: [satspulje, second, third]")
    third = SECOND_GRANT.replace("second", "third").replace("fond", "region")
    text = text.replace("\ntargets:", f"{SECOND_GRANT}{third.lstrip(chr(10))}\ntargets:")
    assert_as_posted(_run(text))


def test_a_birthday_in_a_state_is_no_entry_in_a_draw_either() -> None:
    text = (SCENARIOS / "randers_act.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "en: Under 30}}\n", "en: Under 30}, ages: {to: adult, after: 4 years}}\n", 1
    )
    target = """
  entries:
    indicator: {entries_to: {housing: shelter, stratum: adult}}
    during: {from: 2019-01, to: 2019-12}
    goal: 75
    better: lower
"""
    text = text.replace("\ntargets:", f"\ntargets:{target}", 1)
    assert_as_posted(_run(text))


def _run(text: str) -> som.Result:
    return som.run(som.loads(text))


@settings(max_examples=30, deadline=None, phases=NO_SHRINKING)
@given(scenarios())
def test_so_it_is_on_random_scenarios(data: Data) -> None:
    assert_as_posted(result_of(data))


@settings(max_examples=10, deadline=None, phases=NO_SHRINKING)
@given(discrete_scenarios())
def test_so_it_is_on_random_discrete_scenarios(data: Data) -> None:
    assert_as_posted(result_of(data))


@pytest.mark.slow
@settings(max_examples=500, deadline=None, phases=NO_SHRINKING)
@given(scenarios())
def test_so_it_is_on_many_random_scenarios(data: Data) -> None:
    assert_as_posted(result_of(data))
