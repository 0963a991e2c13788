"""Draws that are run as histories: parameters and chance apart, and the same bytes always."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import som_sim as som
from random_scenarios import Data, scenario_of, small
from som_sim.analysis.executors import Block, Processes, Serial, Threads
from som_sim.analysis.histories import HistoryWork, _reading, draw_histories
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.model.draws import draw_parameters
from som_sim.outcomes.two_levels import levels_of, spread_of_histories, without_noise
from som_sim.outcomes.uncertainty import Uncertainty

PRICE, PERSONS, RUN_DAYS = 100, 60, 365
ALMOST_NEVER = 5.0
"""Standard errors: a false alarm in two million."""


def leaving(spread: str = "0.8", **sections: Any) -> Data:
    """Sixty people who leave a shelter for good, at a rate that is not known."""
    return small(
        parameters={
            "rate": {"value": 2, "is": "mean", "distribution": {"gamma": {"sd": Decimal(spread)}}}
        },
        transitions=[{"from": {"housing": "shelter"}, "to": "home", "rate_per_year": "rate"}],
        prices={
            "day": {"amount": PRICE, "per": "person_day", "in": {"housing": "shelter"},
                    "price_year": 2019, "payers": {"kommune": 1}, "account": "a"},
        },
        indices={"prices": {"values": {"2019": 100}, "source": "none"}},
        money={"index": "prices", "discount_rate": Decimal("0.03"), "base_year": 2019},
        sources={"none": {"title": "for the test"}},
        strategies={"reference": {}, "same": {}},
        targets={
            "count": {"indicator": {"persons_in": {"homeless": True}}, "at": "2019-06-01",
                      "over": "7 days", "goal": 25, "better": "lower"},
            "share": {"indicator": {"share_of_moves": {"from": {"housing": "shelter"},
                                                       "to": "home"}},
                      "during": {"from": "2019-01", "to": "2019-12"}, "goal": 1,
                      "better": "higher", "n": 10},
            "moves": {"indicator": {"moves": {"from": {"housing": "shelter"}, "to": "home"}},
                      "during": {"from": "2019-01", "to": "2019-12"}, "goal": 50,
                      "better": "higher"},
        },
        **sections,
    )  # fmt: skip


def base(data: Data, replicates: int, seed: int = 1) -> som.Result:
    return som.run(scenario_of(data), engine="individual", replicates=replicates, seed=seed)


def drawn(result: som.Result, n: int, k: int, **options: Any) -> Uncertainty:
    return draw_histories(result, n, k, 1, **options)


def test_noise_is_told_from_parameters() -> None:
    """Means of four numbers with deviation 6, around centres with deviation 2."""
    rng = np.random.default_rng(3)
    n, k = 4000, 4
    centres = rng.normal(10.0, 2.0, size=(n, 1))
    values = centres + rng.normal(0.0, 6.0, size=(n, k))
    found = levels_of(values)
    error = math.sqrt(2 / n) * (4 + 9)  # of a variance of means
    assert abs(found.parameters**2 - 4) < ALMOST_NEVER * error
    assert abs(found.chance**2 - 36) < ALMOST_NEVER * 36 * math.sqrt(2 / (n * (k - 1)))
    assert found.noise == pytest.approx(found.chance / 2)
    naive = float(values.mean(axis=1).var(ddof=1))
    assert abs(naive - 4) > ALMOST_NEVER * error  # the control: left in, it would be found out
    spread = spread_of_histories(values.ravel(), k)
    assert spread.low == pytest.approx(10 - 1.96 * 2, abs=0.4)
    assert spread.high == pytest.approx(10 + 1.96 * 2, abs=0.4)
    assert without_noise(values).mean() == pytest.approx(values.mean())


def test_where_nothing_but_chance_differs_parameters_have_no_spread() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(0.0, 1.0, size=(400, 5))
    wide = float(np.ptp(np.quantile(values.mean(axis=1), (0.025, 0.975))))
    spread = spread_of_histories(values.ravel(), 5)
    assert spread.levels is not None and spread.levels.parameters < 0.5 * spread.levels.noise
    assert spread.high - spread.low < 0.5 * wide
    assert spread_of_histories(np.zeros(10), 5).high == 0.0


def stay(rate: float) -> tuple[float, float]:
    """Mean and variance of an exponential stay cut at the run's end, in days."""
    r, t = rate / DAYS_PER_YEAR, float(RUN_DAYS)
    mean = (1 - math.exp(-r * t)) / r
    return mean, 2 * (1 - math.exp(-r * t) * (1 + r * t)) / r**2 - mean**2


def test_a_run_tells_the_parameter_from_the_chance_of_stays() -> None:
    """The mean cost at each drawn rate, and the variance around it, are known in closed form."""
    n, k = 60, 6
    result = base(leaving(), k)
    found = drawn(result, n, k).figures["cost", "reference", "kommune", 2019, "current"]
    rates = draw_parameters(result.runs["reference"].spec, n, 1)["rate"]
    means = np.array([stay(float(rate))[0] for rate in rates]) * PERSONS * PRICE * 100
    chance = math.sqrt(np.mean([stay(float(rate))[1] for rate in rates]) * PERSONS) * PRICE * 100
    assert found.levels is not None
    assert found.levels.chance == pytest.approx(chance, rel=ALMOST_NEVER / math.sqrt(2 * n * k))
    # How far the corrected variance can be off when the rates are given: noise, and its estimate.
    noise = chance**2 / k
    between = float(means.var(ddof=1))
    error = math.sqrt((4 * between * noise + 2 * noise**2) / n + 2 * noise**2 / (n * (k - 1)))
    assert abs(found.levels.parameters**2 - between) < ALMOST_NEVER * error
    assert found.median == pytest.approx(float(np.median(means)), rel=0.05)


def test_a_draw_is_a_run_at_its_parameters() -> None:
    """Draw 0 has the keys of a base case, so a run at its rate gives the same histories."""
    k = 5
    result = base(leaving(), k)
    work = HistoryWork(readings=(_reading(result, "reference", 1),), seed=1, sequence="random",
                       replicates=k, fast=None)  # fmt: skip
    rows = work.rows(Block(number=0, first=0, n_draws=2))
    data = leaving()
    rate = draw_parameters(result.runs["reference"].spec, 2, 1)["rate"][0]
    data["parameters"] = {"rate": {"value": Decimal(repr(float(rate)))}}
    alone = base(data, k).runs["reference"].replicates
    assert alone is not None
    cost = "cost", "reference", "kommune", 2019
    np.testing.assert_allclose(rows[cost][:k], alone.figures[cost], rtol=1e-12)
    for name in ("count", "moves"):
        assert rows["target", "reference", name][:k].tolist() == alone.targets[name].tolist()
    assert rows["target", "reference", "share"][:k].mean() == pytest.approx(1.0)
    assert (rows[cost][k:] != rows[cost][:k]).all()


def test_each_draw_has_luck_of_its_own() -> None:
    """Where only a price is uncertain people move alike in all draws, but for chance."""
    data = leaving()
    data["transitions"][0]["rate_per_year"] = 2
    data["prices"]["day"]["amount"] = "rate"
    result = base(data, 4)
    work = HistoryWork(readings=(_reading(result, "reference", 1),), seed=1, sequence="random",
                       replicates=4, fast=None)  # fmt: skip
    whole = work.rows(Block(number=0, first=0, n_draws=4))["homeless_days", "reference"]
    assert len(set(whole.tolist())) == 16
    part = work.rows(Block(number=0, first=3, n_draws=1))["homeless_days", "reference"]
    assert part.tolist() == whole[12:].tolist()


def same(one: Uncertainty, other: Uncertainty) -> bool:
    return repr(one) == repr(other)


def test_no_block_and_no_worker_changes_a_byte(tmp_path: Path) -> None:
    result = base(leaving(), 3)
    whole = drawn(result, 7, 3, executor=Serial(), block_size=7)
    assert same(whole, drawn(result, 7, 3, executor=Threads(2), block_size=2))
    assert same(whole, drawn(result, 7, 3, executor=Processes(2), block_size=3))
    assert not same(whole, draw_histories(result, 7, 3, 2))
    assert same(whole, drawn(result, 7, 3, resume=tmp_path / "kept", block_size=4))
    assert same(whole, drawn(result, 7, 3, resume=tmp_path / "kept", block_size=4))


def test_strategies_meet_the_same_luck() -> None:
    result = som.run(scenario_of(leaving()), engine="individual", draws=4, replicates=3, seed=5)
    assert result.uncertainty is not None and result.seed == 5
    net = result.uncertainty.figures["net", "same", "kommune", "total", "current"]
    assert (net.low, net.median, net.high, net.above_zero) == (0.0, 0.0, 0.0, 0.0)
    assert net.levels is not None and net.levels.chance == 0.0
    cost = result.uncertainty.figures["cost", "same", "kommune", "total", "current"]
    assert cost.levels is not None and cost.levels.chance > 0


def test_chances_and_tables_hold_both() -> None:
    result = som.run(scenario_of(leaving()), engine="individual", draws=5, replicates=4, seed=1)
    found = result.uncertainty
    assert found is not None and (found.histories, found.loops) == (4, "histories")
    chance = found.chances["reference", "count"]
    assert chance.chance_from == "histories" and chance.probability is not None
    assert (chance.probability * 20) % 1 == pytest.approx(0.0, abs=1e-9)
    assert found.chances["reference", "share"].chance_from == "binomial"
    (point,) = found.paths["reference", "count"]
    assert point.probability == chance.probability
    table = result.intervals.set_index(["figure", "strategy", "name"])
    row = table.loc["target", "reference", "count"]
    assert row["sd_noise"] == pytest.approx(row["sd_chance"] / 2)
    assert result.summary()["draws"]["histories"] == 4


def test_too_few_histories_are_refused() -> None:
    scenario = scenario_of(leaving())
    with pytest.raises(som.SomSimError, match="2 or more replicates each"):
        som.run(scenario, engine="individual", draws=4, replicates=1)
    with pytest.raises(som.SomSimError, match="not a number of draws"):
        som.run(scenario, engine="individual", draws=10_000_000, replicates=2)
    with pytest.raises(som.SomSimError, match="replicates go with engine 'individual'"):
        som.run(scenario, draws=4, replicates=2)
