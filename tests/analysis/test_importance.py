"""Everything uncertain at once: shares of a variance and the worth of knowing, in closed form."""

from __future__ import annotations

import json
from functools import cache
from math import exp, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

import som_sim as som
from som_sim.analysis.importance import Importance, explained, worth_of
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.errors import SomSimError

CASE = """
som_sim: 1
meta: {title: sum, currency: DKK, price_year: 2020}
time: {from: 2020-01, to: 2020-03, cycle: month}
domains: {housing: {home: null}}
leave: [dead]
strata: {all: null}
parameters:
  large: {value: 1000, distribution: {gamma: {sd: 30}}}
  small: {value: 500, distribution: {gamma: {sd: 10}}}
  idle: {value: 3, distribution: {gamma: {sd: 1}}}
population: {initial: [{stratum: all, housing: home, persons: 10}]}
transitions: [{from: {housing: home}, to: dead, rate_per_year: 0.1}]
programmes: {p: {eligible: {housing: home}, places: 0, intake: {share_of_waiting: 1}, stay: {mean: 1 year}}}
prices:
  a: {amount: large, per: once, programme: p, from: 2020-01, price_year: 2020, payers: {kommune: 1}, account: a}
  b: {amount: small, per: once, programme: p, from: 2020-01, price_year: 2020, payers: {kommune: 1}, account: b}
  c: {amount: 1490, per: once, programme: p, from: 2020-01, price_year: 2020, payers: {stat: 1}, transfer_to: kommune, account: c}
indices: {flat: {values: {2020: 100}}}
money: {index: flat, discount_rate: 0, base_year: 2020}
strategies: {nothing: {}, something: {programmes: [p]}}
"""
N = 4000
CLOSE = 4.5 / sqrt(N)
"""Standard errors of a share or a correlation: one false alarm in 150,000."""
MEAN, SDS = -10.0, {"large": 30.0, "small": 10.0}


@cache
def found() -> Importance:
    one = som.sensitivity(som.loads(CASE), ["net:kommune"], draws=N, seed=3)
    assert one.importance is not None
    return one.importance


def worth(sd: float) -> float:
    """Return what knowing a normal net is worth: E max(0, net) where its mean is below 0."""
    z = MEAN / sd
    return MEAN * float(ndtr(z)) + sd * exp(-z * z / 2) / sqrt(2 * pi)


def test_shares_of_a_sum_are_those_of_its_variances() -> None:
    parts = {one.input.name: one for one in found().parts["net:kommune"]}
    total = sum(sd * sd for sd in SDS.values())
    for name, sd in SDS.items():
        assert parts[name].share == pytest.approx(sd * sd / total, abs=CLOSE)
        assert parts[name].rank_correlation == pytest.approx(-sd / sqrt(total), abs=CLOSE)
    assert parts["idle"].share < CLOSE and parts["idle"].worth < worth(30.0) / 5
    assert [one.input.name for one in found().parts["net:kommune"]][:2] == ["large", "small"]


def test_knowing_is_worth_what_it_is_for_a_normal_net() -> None:
    parts = {one.input.name: one for one in found().parts["net:kommune"]}
    slack = 4.5 * 30 / sqrt(N)
    assert found().worth["net:kommune"] == pytest.approx(worth(sqrt(1000.0)), abs=slack)
    assert parts["large"].worth == pytest.approx(worth(30.0), abs=slack)
    assert parts["small"].worth == pytest.approx(worth(10.0), abs=slack)
    assert parts["large"].worth > parts["small"].worth


def test_a_curve_is_followed_and_noise_is_not() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=N)
    assert explained(x, x**3 - x)[0] == pytest.approx(1.0, abs=0.01)
    assert explained(x, rng.normal(size=N))[0] < CLOSE
    assert worth_of(np.array([-5.0, 2.0, 3.0, 4.0])) == pytest.approx(5 / 4)


def test_the_same_seed_gives_the_same_table_and_few_draws_are_refused() -> None:
    again = som.sensitivity(som.loads(CASE), ["net:kommune"], draws=N, seed=3).importance
    assert again is not None
    assert again.table.equals(found().table)
    with pytest.raises(SomSimError, match="too few"):
        som.sensitivity(som.loads(CASE), ["net:kommune"], draws=50)


def test_the_command_shows_and_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sum.yaml"
    file.write_text(CASE, encoding="utf-8")
    command = ["sensitivity", str(file), "--outcome", "net:kommune", "--draws", "200"]
    assert main([*command, "--seed", "1", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "Everything uncertain at once: 200 draws (seed 1)" in shown
    assert "Worth of knowing, DKK" in shown and "Knowing everything would be worth" in shown
    summary = json.loads((tmp_path / "out" / "sensitivity.json").read_text(encoding="utf-8"))
    assert summary["seed"] == 1 and summary["importance"]["draws"] == 200
    assert (tmp_path / "out" / "importance.csv").read_text(encoding="utf-8").count("\n") == 4
    assert main([*command[:-1], "99"]) == codes.WRONG_INPUT
