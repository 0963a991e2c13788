"""Discrete steps in one pass give what the plain path gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import som_sim as som
from discrete_scenarios import discrete, discrete_scenarios
from many_draws import FIELDS, assert_same, some_draws, some_tallies, with_draws
from random_scenarios import Data, model_of
from som_sim.engine import fast, onepass
from som_sim.engine.cohort import run_cohort
from som_sim.engine.keep import EVERYTHING, Keep
from som_sim.model.build import build_model
from som_sim.model.model import Model

pytest.importorskip("numba")

SCENARIOS = Path(__file__).parents[2] / "scenarios"
MANY = onepass.WIDTH + 3
COUNTINGS = ("start", "end", "half_cycle")


def moving(n_draws: int, counting: str = "half_cycle", join: str = "end") -> Model:
    """Return a model whose chances differ between draws and change, and that others come to."""
    model = with_draws(model_of(discrete(n_cycles=6, counting=counting, arrivals_join=join)), 1)
    rng = np.random.default_rng(3)
    rates = rng.uniform(0.5, 1.2, (3, 1, n_draws)) * model.rates[:1]
    coming = rng.uniform(0, 9, (3, model.axes.n_places, n_draws))
    coming[:, model.axes.n_cells :] = 0.0
    return replace(
        model,
        initial=model.initial * rng.uniform(0.5, 2.0, n_draws),
        rates=rates,
        generator=replace(model.generator, rate=rates[0]),
        arrivals_per_year=coming,
        regime=(0, 1, 1, 2, 0, 2),
    )


def totals(model: Model) -> Keep:
    """Return what a run of many draws keeps: sums whose groups come back, and two boundaries."""
    return Keep(
        boundaries=(2, 6),
        enrolments=(),
        person_days=False,
        flows=False,
        tallies=some_tallies(model),
        groups=(0, 0, 1, 0, 1, 1),
    )


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize("join", ["start", "end"])
@pytest.mark.parametrize("n_draws", [1, MANY])
def test_it_agrees_with_the_plain_path(counting: str, join: str, n_draws: int) -> None:
    model = moving(n_draws, counting, join)
    assert fast.in_one_pass(model)
    for keep in (totals(model), replace(EVERYTHING, tallies=some_tallies(model))):
        assert_same(fast.run_fast(model, keep), run_cohort(model, keep=keep))


def agrees(data: Data, n_draws: int) -> None:
    """Hold every strategy, without its programmes, against the plain path."""
    for strategy in data["strategies"]:
        model = replace(with_draws(model_of(data, strategy), n_draws), programmes=(), limits=())
        if model.counting in COUNTINGS:
            assert fast.in_one_pass(model)
            keep = Keep(tallies=some_tallies(model))
            assert_same(fast.run_fast(model, keep), run_cohort(model, keep=keep))


@settings(max_examples=15, deadline=None)
@given(discrete_scenarios())
def test_it_agrees_on_random_scenarios(data: Data) -> None:
    agrees(data, 2)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(discrete_scenarios())
def test_it_agrees_on_many_random_scenarios(data: Data) -> None:
    agrees(data, MANY)


@pytest.mark.parametrize("chosen", [slice(0, 1), slice(5, MANY - 2), slice(MANY - 4, MANY)])
def test_a_draw_is_the_same_alone_and_in_any_block(chosen: slice) -> None:
    """To the last bit."""
    model = moving(MANY)
    keep = replace(EVERYTHING, tallies=some_tallies(model), groups=(0, 0, 1, 0, 1, 1))
    together = fast.run_fast(model, keep)
    alone = fast.run_fast(some_draws(model, chosen), keep)
    for field in FIELDS:
        assert (getattr(alone, field) == getattr(together, field)[chosen]).all(), field


def test_vectors_give_the_bytes_of_the_loop_as_it_is_written() -> None:
    model = moving(MANY)
    keep = replace(EVERYTHING, tallies=some_tallies(model))
    slow = fast.run_in_one_pass(model, keep, onepass.move_discrete)
    compiled = fast.run_in_one_pass(model, keep)
    for field in FIELDS:
        assert getattr(slow, field).tobytes() == getattr(compiled, field).tobytes(), field


def test_other_runs_take_the_loop_that_knows_them() -> None:
    assert not fast.in_one_pass(model_of(discrete(counting="simpson")))
    spec = som.load(SCENARIOS / "first.yaml").strategies["with_support"]
    model = build_model(spec, "with_support")
    assert not fast.in_one_pass(model)
    assert not fast.in_one_pass(replace(model, counting="end"))  # it has a programme
