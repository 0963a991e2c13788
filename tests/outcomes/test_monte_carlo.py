"""How sure money and values are that were taken from histories."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from scipy import stats

import som_sim as som
from individuals import enrolling, initial
from random_scenarios import Data, scenario_of, scenarios, small
from som_sim.core.errors import SomSimError
from som_sim.core.names import PAYERS
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.outcomes.monte_carlo import estimate, estimate_of_ratio

FALSE_ALARM = 1e-6
RUN_DAYS = 365
PRICE = 100
MONEY = {
    "indices": {"prices": {"values": {"2019": 100}, "source": "none"}},
    "money": {"index": "prices", "discount_rate": Decimal("0.03"), "base_year": 2019},
    "sources": {"none": {"title": "for the test"}},
}


def priced(per: str, **sections: Any) -> Data:
    price = {"amount": PRICE, "per": per, "in": {"housing": "shelter"}, "price_year": 2019,
             "payers": {"kommune": Decimal("0.75"), "stat": Decimal("0.25")}, "account": "a"}  # fmt: skip
    return small(**{"prices": {"day": price}, **MONEY, **sections})


def leaving(rate: float = 2.0) -> Data:
    """Sixty people who leave a shelter for good: a day in it costs money."""
    rows = [{"from": {"housing": "shelter"}, "to": "home", "rate_per_year": Decimal(str(rate))}]
    return priced("person_day", transitions=rows)


def of(result: Any, figure: str, name: str, strategy: str = "reference") -> dict[str, Any]:
    rows = result.monte_carlo.to_dict("records")
    (row,) = [
        row
        for row in rows
        if (row["figure"], row["name"], row["strategy"]) == (figure, name, strategy)
        and row["year"] == "total"
        and row["view"] in ("current", "")
    ]
    return dict(row)


def moments_of_a_stay(rate: float) -> tuple[float, float]:
    """Mean and variance of an exponential stay cut at the run's end, in days."""
    r, t = rate / DAYS_PER_YEAR, float(RUN_DAYS)
    mean = (1 - math.exp(-r * t)) / r
    second = 2 * (1 - math.exp(-r * t) * (1 + r * t)) / r**2
    return mean, second - mean**2


def variance_fits(sd: float, n: int, variance: float) -> float:
    """Return the p-value of a standard deviation of n sums of many, which are near normal."""
    p = float(stats.chi2.cdf((n - 1) * sd**2 / variance, n - 1))
    return 2 * min(p, 1 - p)


def test_the_cost_of_person_time_varies_as_stays_do() -> None:
    n = 300
    result = som.run(scenario_of(leaving()), engine="individual", replicates=n, seed=1)
    row = of(result, "cost", "kommune")
    mean, variance = moments_of_a_stay(2.0)
    scale = PRICE * 100 * 0.75
    assert abs(row["mean"] - 60 * mean * scale) < 5 * math.sqrt(60 * variance / n) * scale
    assert variance_fits(row["sd"], n, 60 * variance * scale**2) > FALSE_ALARM
    # The control: two thirds of the variance would be found out.
    assert variance_fits(row["sd"], n, 60 * variance * scale**2 * 1.7) < FALSE_ALARM
    assert row["error"] == pytest.approx(row["sd"] / math.sqrt(n))


def test_the_cost_of_entries_varies_as_a_poisson_number() -> None:
    n = 300
    arrive = {"stratum": "adult", "housing": "shelter", "per_year": 50}
    data = priced(
        "entry",
        population={**initial(home=0), "arrivals": [arrive]},
        transitions=[{"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 2}],
    )
    row = of(som.run(scenario_of(data), engine="individual", replicates=n, seed=1), "cost", "stat")
    variance = 50 * RUN_DAYS / DAYS_PER_YEAR * (PRICE * 100 * 0.25) ** 2
    assert variance_fits(row["sd"], n, variance) > FALSE_ALARM
    assert variance_fits(row["sd"], n, variance * 1.7) < FALSE_ALARM


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Thirty runs of 12 histories; the control takes intervals of a third of the width."""
    scenario = scenario_of(leaving())
    truth = 60 * moments_of_a_stay(2.0)[0] * PRICE * 100 * 0.75
    held = narrow = 0
    for seed in range(30):
        run = som.run(scenario, engine="individual", replicates=12, seed=seed)
        row = of(run, "cost", "kommune")
        held += row["low"] <= truth <= row["high"]
        narrow += abs(row["booked"] - truth) <= (row["high"] - row["low"]) / 6
    assert stats.binomtest(held, 30, 0.95).pvalue > FALSE_ALARM
    assert stats.binomtest(narrow, 30, 0.95).pvalue < FALSE_ALARM


def one_and_many(data: Data, n: int = 3) -> float:
    """Return the largest gap, in half øre a posting, of a history booked alone and among many."""
    scenario = scenario_of(data)
    alone = som.run(scenario, engine="individual", replicates=1, seed=4)
    many = som.run(scenario, engine="individual", replicates=n, seed=4)
    worst = 0.0
    for name, run in alone.runs.items():
        each = many.runs[name].replicates
        assert each is not None
        rounded = 0.5 * max(len(run.books.ledger.amount), 1) + 1
        for payer in PAYERS:
            for at, year in enumerate(run.costs.years):
                gap = run.costs.amounts["current", payer][at]
                mine = each.figures["cost", name, payer, year][0]
                worst = max(worst, abs(gap - mine) / (rounded + 1e-9 * abs(mine)))
        for value, amounts in run.values.amounts.items():
            mine = [each.figures["value", name, value, year][0] for year in run.values.years]
            np.testing.assert_allclose(mine, amounts, rtol=1e-9, atol=1e-9)
    return worst


@pytest.mark.parametrize("name", ["first", "randers_act", "shelter_long_stays"])
def test_a_history_costs_among_many_what_it_costs_alone(name: str) -> None:
    """Rules that count, grants and all; the postings of a run of one history are rounded."""
    scenario = som.load(f"scenarios/{name}.yaml")
    alone = som.run(scenario, engine="individual", replicates=1, seed=4)
    many = som.run(scenario, engine="individual", replicates=3, seed=4)
    for strategy, run in alone.runs.items():
        each = many.runs[strategy].replicates
        assert each is not None
        for payer in PAYERS:
            booked = run.costs.amounts["current", payer]
            mine = [each.figures["cost", strategy, payer, year][0] for year in run.costs.years]
            np.testing.assert_allclose(mine, booked, rtol=2e-7, atol=600)


COUNTS = """\
som_sim: 1
meta: {title: Stays, currency: DKK, price_year: 2024}
time: {from: 2024-01, to: 2025-12, cycle: quarter}
domains: {housing: {shelter: {homeless: true}, home: {}}}
strata: {all: {}}
population:
  initial: [{stratum: all, housing: home, persons: 30}]
  arrivals: [{stratum: all, housing: home, per_year: 12}]
transitions:
  - {from: {housing: shelter}, stay: {mean: 60 days}, to: home}
  - {from: {housing: home}, to: shelter, rate_per_year: 1.5}
indices: {flat: {values: {2024: 1, 2025: 1}}}
money: {index: flat, discount_rate: 0, base_year: 2024}
prices:
  night: {amount: 1000, per: person_day, in: {housing: shelter}, price_year: 2024,
          payers: {rule: dk_section_110, histories: 30}, account: shelter}
  start: {amount: 70, per: entry, in: {housing: home}, price_year: 2024, payers: {region: 1}, account: b}
strategies: {reference: {}}
"""


def test_a_rule_that_counts_is_settled_in_each_history_and_arrivals_are_those_that_came() -> None:
    alone = som.run(som.loads(COUNTS), engine="individual", replicates=1, seed=4)
    many = som.run(som.loads(COUNTS), engine="individual", replicates=40, seed=4)
    each = many.runs["reference"].replicates
    assert each is not None
    for payer in ("kommune", "stat", "region"):
        rows = np.array([each.figures["cost", "reference", payer, year] for year in (2024, 2025)])
        booked = alone.runs["reference"].costs.amounts["current", payer]
        np.testing.assert_allclose(rows[:, 0], booked, rtol=1e-6, atol=5)
        booked = many.runs["reference"].costs.amounts["current", payer]
        np.testing.assert_allclose(rows.mean(axis=1), booked, rtol=1e-6, atol=5)
    state, kommune = (each.figures["cost", "reference", who, 2024] for who in ("stat", "kommune"))
    assert (state / kommune).std() > 0.01  # the share differs between histories


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(scenarios())
def test_a_history_costs_among_many_what_it_costs_alone_in_random_scenarios(data: Data) -> None:
    try:
        worst = one_and_many(data)
    except SomSimError:
        assume(False)
        return
    assert worst <= 1


def test_differences_are_taken_history_by_history() -> None:
    data = enrolling(
        prices=leaving()["prices"], **MONEY,
        values={"days": {"per": "person_day", "in": {"housing": "home"}, "amount": 1,
                         "better": "higher", "source": "none"}},
    )  # fmt: skip
    data["strategies"] = {"nothing": {}, "act": {"programmes": ["act"]}, "same": {}}
    result = som.run(scenario_of(data), engine="individual", replicates=20, seed=2)
    same = of(result, "net", "kommune", "same")
    assert (same["booked"], same["error"], same["sd"]) == (0, 0.0, 0.0)
    assert of(result, "value_difference", "days", "same")["error"] == 0.0
    net = of(result, "net", "kommune", "act")
    figures = [
        result.runs[name].replicates.figures["cost", name, "kommune", 2019]  # type: ignore[union-attr]
        for name in ("nothing", "act")
    ]
    assert net["sd"] == pytest.approx(float((figures[0] - figures[1]).std(ddof=1)))
    apart = math.hypot(
        *(of(result, "cost", "kommune", name)["error"] for name in ("nothing", "act"))
    )
    assert 0 < net["error"] < apart
    assert net["booked"] == int(result.net("kommune", "act", "current").sum())
    assert net["low"] < net["booked"] < net["high"]


def test_the_error_of_a_ratio_is_that_of_ratios_of_means() -> None:
    """Many samples of 50 pairs: the delta method's error is the spread of their ratios."""
    rng = np.random.default_rng(1)
    bottom = rng.normal(10.0, 3.0, size=(4000, 50))
    top = 2 * bottom + rng.normal(0.0, 4.0, size=(4000, 50))
    ratios = top.mean(axis=1) / bottom.mean(axis=1)
    errors = [
        estimate_of_ratio(a, b, 2.0).error for a, b in zip(top[:200], bottom[:200], strict=True)
    ]
    assert np.mean(errors) == pytest.approx(ratios.std(), rel=0.05)
    apart = np.hypot(top.std(), 2 * bottom.std()) / 10 / math.sqrt(50)  # the control: as if apart
    assert np.mean(errors) != pytest.approx(apart, rel=0.05)
    near = estimate_of_ratio(top[0], bottom[0] - 10, 2.0)
    assert math.isnan(near.error) and math.isnan(near.low)


def test_one_history_has_no_error() -> None:
    found = estimate(np.array([5.0]), 5.0)
    assert math.isnan(found.error) and math.isnan(found.low)
    line = som.run(scenario_of(leaving()), engine="individual", replicates=1)
    assert math.isnan(of(line, "cost", "kommune")["error"])


def test_expected_numbers_have_no_monte_carlo_error(tmp_path: Any) -> None:
    result = som.run(scenario_of(leaving()))
    assert len(result.monte_carlo) == 0
    result.save(tmp_path / "cohort")
    assert not (tmp_path / "cohort" / "monte_carlo.csv").exists()
    histories = som.run(scenario_of(leaving()), engine="individual", replicates=4)
    histories.save(tmp_path / "histories")
    assert (tmp_path / "histories" / "monte_carlo.csv").exists()
    totals = histories.summary()["monte_carlo_totals"]
    assert {row["figure"] for row in totals} == {"cost"}
