"""Runs of many draws: the same bytes however they are done, and right against closed forms."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import som_sim as som
from som_sim.analysis.draws import DrawWork, draw_many
from som_sim.analysis.executors import Block, Processes, Serial, Threads, make_executor
from som_sim.analysis.store import Rows
from som_sim.core.errors import SomSimError
from som_sim.engine import fast
from som_sim.outcomes.reading import plan_reading
from som_sim.outcomes.uncertainty import Uncertainty

ALMOST_NEVER = 4.5
"""Standard errors: one false alarm in 150,000."""
DEATHS = """
som_sim: 1
meta: {title: deaths, currency: DKK, price_year: 2020}
time: {from: 2020-01, to: 2020-12, cycle: month}
domains: {housing: {home: null}}
leave: [dead]
strata: {all: null}
parameters:
  deaths: {value: 0.2, unit: per year, distribution: {gamma: {sd: 0.05}}}
  help: {value: 0.5, is: median, distribution: {lognormal: {ci95: [0.25, 1.0]}}}
  pay: {value: 100, distribution: {uniform: {low: 50, high: 150}}}
population: {initial: [{stratum: all, housing: home, persons: 1000}]}
transitions: [{from: {housing: home}, to: dead, rate_per_year: deaths}]
programmes:
  care:
    eligible: {housing: home}
    places: 100000
    intake: {share_of_waiting: 1}
    stay: {mean: 1000 years}
    effects: [{from: {housing: home}, to: dead, hazard_ratio: help}]
prices:
  pay: {amount: pay, per: enrolment, programme: care, price_year: 2020, payers: {kommune: 1}, account: a}
indices: {flat: {values: {2020: 100}}}
money: {index: flat, discount_rate: 0, base_year: 2020}
values: {years: {per: person_year, in: {housing: home}, amount: 1}}
targets:
  alive: {indicator: {persons_in: {housing: home}}, at: 2020-12-31, goal: 820, better: higher}
strategies: {nothing: {}, care: {programmes: [care]}}
"""


@cache
def deaths() -> som.Result:
    return som.run(som.loads(DEATHS))


@cache
def of_deaths(n_draws: int = 4000, sequence: str = "random") -> Uncertainty:
    return draw_many(deaths(), n_draws, 7, sequence=sequence, compiled=fast.is_there())


def assert_same(one: Uncertainty, other: Uncertainty) -> None:
    assert one.figures.keys() == other.figures.keys()
    assert repr(dict(one.figures)) == repr(dict(other.figures))
    assert repr(dict(one.chances)) == repr(dict(other.chances))


def test_the_base_case_is_as_without_draws() -> None:
    with_draws = som.run(som.loads(DEATHS), draws=20, seed=7)
    for name in ("targets", "ledger", "net_by_year", "values", "comparison", "cost_by_year"):
        base = getattr(deaths(), name)
        wide = getattr(with_draws, name)
        assert base.equals(wide[list(base.columns)]), name
        assert (wide["quantiles"] == "not additive").all()
    assert with_draws.seed == 7 and deaths().seed is None
    assert not len(deaths().intervals) and "draws" not in deaths().summary()


@pytest.mark.parametrize("sequence", ["random", "sobol"])
@pytest.mark.parametrize("compiled", [False, pytest.param(True, id="compiled")])
def test_the_size_of_blocks_changes_no_byte(sequence: str, compiled: bool) -> None:
    if compiled and not fast.is_there():
        pytest.skip("the extra fast is not installed")
    runs = [
        draw_many(
            deaths(),
            60,
            7,
            sequence=sequence,
            compiled=compiled,
            executor=Serial(),
            block_size=size,
        )
        for size in (60, 17, 1)
    ]
    assert_same(runs[0], runs[1])
    assert_same(runs[0], runs[2])


def test_who_does_the_work_changes_no_byte() -> None:
    def run(executor: object) -> Uncertainty:
        return draw_many(
            deaths(),
            90,
            7,
            executor=executor,
            block_size=20,
            compiled=False,  # type: ignore[arg-type]
        )

    alone = run(Serial())
    assert_same(alone, run(Threads(3)))
    assert_same(alone, run(Processes(2)))


def test_more_draws_begin_with_the_same_ones() -> None:
    few, many = draw_many(deaths(), 10, 7), draw_many(deaths(), 11, 7)
    assert few.figures["target", "care", "alive"] != many.figures["target", "care", "alive"]
    work = DrawWork(
        readings=tuple(
            plan_reading(run.spec, run.trajectory, False) for run in deaths().runs.values()
        ),
        seed=7,
        sequence="random",
    )
    whole = work(Block(number=0, first=0, n_draws=11))
    part = work(Block(number=0, first=4, n_draws=3))
    assert (whole[:, 4:7] == part).all()


def test_many_rows_are_gathered_on_disk() -> None:
    block = np.arange(12.0).reshape(3, 4)
    with Rows(n_rows=3, n_draws=10, in_memory=0) as rows:
        rows.put(0, block)
        rows.put(4, block + 100)
        rows.put(8, block[:, :2] + 200)
        assert rows.row(1).tolist() == [4, 5, 6, 7, 104, 105, 106, 107, 204, 205]


def test_quantiles_follow_the_distribution_through_the_chain() -> None:
    """Alive at the end: 1000 exp(-rate t), falling in the rate, so quantiles map to quantiles."""
    found = of_deaths().figures["target", "nothing", "alive"]
    years = 365 / 365.25
    shape = (0.2 / 0.05) ** 2
    rate = stats.gamma(shape, scale=0.2 / shape)
    for p, value, error in (
        (0.025, found.low, found.low_error),
        (0.5, found.median, found.median_error),
        (0.975, found.high, found.high_error),
    ):
        exact = 1000 * math.exp(-rate.ppf(1 - p) * years)
        assert abs(value - exact) < ALMOST_NEVER * error
        assert error < 2


def test_money_follows_its_distribution() -> None:
    """All 1000 are enrolled on the first day, for a price that is uniform from 50 to 150."""
    found = of_deaths().figures["cost", "care", "kommune", 2020, "current"]
    for p, value, error in (
        (0.025, found.low, found.low_error),
        (0.975, found.high, found.high_error),
    ):
        exact = 1000 * (50 + 100 * p) * 100
        assert abs(value - exact) < ALMOST_NEVER * error


def test_chances_hold_parameters_and_luck() -> None:
    """The mean over the rates of the chance of a binomial count, integrated in small steps."""
    chance = of_deaths().chances["nothing", "alive"]
    shape = (0.2 / 0.05) ** 2
    rates = stats.gamma(shape, scale=0.2 / shape).ppf((np.arange(20000) + 0.5) / 20000)
    means = 1000 * np.exp(-rates * 365 / 365.25)
    assert chance.probability is not None and chance.error is not None
    exact = stats.binom.sf(819, 1000, means / 1000).mean()
    assert abs(chance.probability - exact) < ALMOST_NEVER * chance.error
    meets = (means >= 820).mean()
    assert abs(chance.expected_meets - meets) < ALMOST_NEVER * chance.expected_meets_error
    counts = np.arange(2000)
    below = np.array(
        [stats.binom.cdf(count, 1000, means / 1000).mean() for count in counts[600:1000]]
    )
    exact_low = 600 + int(np.argmax(below >= 0.025))
    assert chance.count_low is not None and abs(chance.count_low - exact_low) <= 6
    assert found_wider(chance.count_low, of_deaths().figures["target", "nothing", "alive"].low)


def found_wider(count_low: float, expected_low: float) -> bool:
    return count_low < expected_low


def test_strategies_meet_the_same_draws() -> None:
    """In every draw care helps when its ratio is below 1: the difference knows no luck."""
    figures = of_deaths().figures
    difference = figures["target_difference", "care", "alive"]
    below_one = stats.norm.cdf(math.log(1 / 0.5) / (math.log(4) / 2 / stats.norm.ppf(0.975)))
    error = max(difference.above_zero_error, 1e-3)
    assert abs(difference.above_zero - below_one) < ALMOST_NEVER * error
    apart = figures["target", "care", "alive"].high - figures["target", "nothing", "alive"].low
    assert difference.high < apart
    assert figures["value_difference", "care", "years", "total", "amount"].median > 0


@pytest.mark.slow
def test_errors_of_random_draws_are_as_large_as_runs_differ() -> None:
    """40 runs of 400 draws: the medians differ as much as their errors say, give or take a third."""
    runs = [draw_many(deaths(), 400, seed, executor=Serial()) for seed in range(40)]
    for key in (("target", "care", "alive"), ("value", "care", "years", "total", "amount")):
        medians = [run.figures[key].median for run in runs]
        said = np.mean([run.figures[key].median_error for run in runs])
        # 39 degrees of freedom: the ratio lies within 0.55 to 1.5 in all but 1 of 100,000
        assert 0.55 < np.std(medians, ddof=1) / said < 1.5


def test_even_draws_are_more_exact() -> None:
    shape = (0.2 / 0.05) ** 2
    exact = 1000 * math.exp(-stats.gamma(shape, scale=0.2 / shape).median() * 365 / 365.25)
    key = ("target", "nothing", "alive")
    random, even = of_deaths().figures[key], of_deaths(4000, "sobol").figures[key]
    assert even.median_error < random.median_error / 3
    assert abs(even.median - exact) < max(6 * even.median_error, 0.05)
    assert even.median != random.median


def test_two_seeds_differ_and_one_does_not() -> None:
    assert_same(draw_many(deaths(), 30, 1), draw_many(deaths(), 30, 1))
    one, other = draw_many(deaths(), 30, 1), draw_many(deaths(), 30, 2)
    key = ("target", "care", "alive")
    assert one.figures[key] != other.figures[key]


def test_headline_figures_have_their_error() -> None:
    result = som.run(som.loads(DEATHS), draws=500, seed=3)
    table = result.intervals
    assert set(table["figure"]) == {
        "target", "target_difference", "net", "homeless_days_avoided", "value_difference",
    }  # fmt: skip
    for name in ("median_error", "low_error", "high_error", "probability_error"):
        assert np.isfinite(table[name].astype(float)).all()
    assert (table["low"] <= table["median"]).all() and (table["median"] <= table["high"]).all()
    draws = result.summary()["draws"]
    assert draws["n"] == 500 and draws["quantiles"] == "not additive"
    assert {one["figure"] for one in draws["figures"]["care"]} == set(table["figure"])


def test_a_run_goes_on_from_finished_blocks(tmp_path: Path) -> None:
    folder = tmp_path / "blocks"
    seen: list[int] = []
    half = draw_many(deaths(), 40, 7, block_size=10, resume=folder)
    whole = draw_many(
        deaths(), 80, 7, block_size=10, resume=folder, progress=lambda done, _: seen.append(done)
    )
    assert seen[0] == 40 and seen[-1] == 80
    assert_same(whole, draw_many(deaths(), 80, 7))
    assert_same(half, draw_many(deaths(), 40, 7))


def test_a_spoilt_block_is_done_again(tmp_path: Path) -> None:
    draw_many(deaths(), 30, 7, block_size=10, resume=tmp_path)
    first, second, _ = sorted(tmp_path.glob("draws_*.bin"))
    data = bytearray(first.read_bytes())
    data[50] ^= 1
    first.write_bytes(bytes(data))
    second.write_bytes(second.read_bytes()[:-9])
    assert_same(
        draw_many(deaths(), 30, 7, block_size=10, resume=tmp_path), draw_many(deaths(), 30, 7)
    )


@pytest.mark.parametrize("other", ["seed", "scenario", "sequence", "not draws"])
def test_another_runs_blocks_are_refused(tmp_path: Path, other: str) -> None:
    result, seed, sequence = deaths(), 7, "random"
    if other == "not draws":
        (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    else:
        draw_many(deaths(), 10, 7, resume=tmp_path)
        seed = 8 if other == "seed" else 7
        sequence = "sobol" if other == "sequence" else "random"
        if other == "scenario":
            result = som.run(som.loads(DEATHS, overrides={"transitions[0].rate_per_year": "0.3"}))
    with pytest.raises(SomSimError, match="another"):
        draw_many(result, 10, seed, sequence=sequence, resume=tmp_path)


KILLED = """
import sys, time
import som_sim as som
from som_sim.analysis.draws import draw_many
result = som.run(som.loads(open(sys.argv[1], encoding="utf-8").read()))
draw_many(result, 4000, 7, block_size=20, resume=sys.argv[2], compiled=False)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "deaths.yaml").write_text(DEATHS, encoding="utf-8")
    folder = tmp_path / "blocks"
    command = [sys.executable, "-c", KILLED, str(tmp_path / "deaths.yaml"), str(folder)]
    child = subprocess.Popen(command)
    until = time.monotonic() + 60
    while len(list(folder.glob("draws_*.bin"))) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    n_there = len(list(folder.glob("draws_*.bin")))
    assert 3 <= n_there < 200
    n_draws = 20 * n_there + 40
    resumed = draw_many(deaths(), n_draws, 7, block_size=20, resume=folder, compiled=False)
    assert_same(resumed, draw_many(deaths(), n_draws, 7, compiled=False))


def test_a_draw_that_cannot_be_is_named() -> None:
    new = "deaths: {value: 0.2, distribution: {uniform: {low: 0.1, high: 0.3}}}\n"
    text = DEATHS.replace(
        "deaths: {value: 0.2, unit: per year, distribution: {gamma: {sd: 0.05}}}",
        f"{new}  worse: {{value: 0.2 - deaths}}",
    )
    text = text.replace("rate_per_year: deaths", "rate_per_year: worse")
    with pytest.raises(SomSimError, match=r"strategy 'nothing': .*is not .* in draw \d+"):
        som.run(som.loads(text), draws=50)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"draws": 1}, "draws: 1 is not a number of draws"),
        ({"draws": 10, "sequence": "halton"}, "no sequence 'halton'"),
        ({"draws": 10, "executor": "cloud"}, "no executor 'cloud'"),
        ({"draws": 10, "workers": 0}, "0 workers"),
        ({"draws": 10, "seed": -1}, "seed -1"),
    ],
)
def test_what_cannot_be_is_refused(how: dict[str, object], said: str) -> None:
    with pytest.raises(SomSimError, match=said):
        som.run(som.loads(DEATHS), **how)  # type: ignore[arg-type]


def test_nothing_uncertain_is_refused(repository: Path) -> None:
    with pytest.raises(SomSimError, match="no parameter of this scenario is uncertain"):
        som.run(som.load(repository / "scenarios" / "first.yaml"), draws=10)


def test_executors_by_name() -> None:
    assert make_executor("serial") == Serial() == make_executor("threads", 1)
    assert make_executor("threads", 2) == Threads(2)
    assert make_executor("processes", 3) == Processes(3)
