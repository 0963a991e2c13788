"""Cycles moved by products give what the plain path gives."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import som_sim as som
from discrete_scenarios import discrete, discrete_scenarios
from many_draws import FIELDS, assert_same, some_draws, some_tallies, with_draws
from random_scenarios import Data, model_of, scenarios
from som_sim.core.errors import SomSimError
from som_sim.core.time import Calendar
from som_sim.engine import fast, kernels, products
from som_sim.engine.cohort import run_cohort
from som_sim.engine.keep import EVERYTHING, Keep
from som_sim.engine.stamps import source_digest
from som_sim.engine.trajectory import Trajectory
from som_sim.model.build import build_model
from som_sim.model.model import Model

pytest.importorskip("numba")

SCENARIOS = Path(__file__).parents[2] / "scenarios"
MANY = products.WIDTH + 3
COUNTINGS = ("start", "end", "half_cycle")
GROUPS = (0, 0, 1, 0, 1, 1)


def moving(n_draws: int, counting: str | None = "half_cycle", join: str = "end") -> Model:
    """Return a model whose rates differ between draws and change, and that others come to.

    Without a way of counting it is in continuous time, over six months of three lengths.
    """
    data = discrete(n_cycles=6, counting=counting or "end", arrivals_join=join)
    model = with_draws(model_of(data), 1)
    rng = np.random.default_rng(3)
    rates = rng.uniform(0.5, 1.2, (3, 1, n_draws)) * model.rates[:1] * (1 if counting else 20)
    coming = rng.uniform(0, 9, (3, model.axes.n_places, n_draws))
    coming[:, model.axes.n_cells :] = 0.0
    months = tuple(dt.date(2024, 1 + month, 1) for month in range(7))
    return replace(
        model,
        initial=model.initial * rng.uniform(0.5, 2.0, n_draws),
        rates=rates,
        generator=replace(model.generator, rate=rates[0]),
        arrivals_per_year=coming,
        regime=(0, 1, 1, 2, 0, 2),
        counting=counting,
        calendar=model.calendar if counting else Calendar(unit="month", boundaries=months),
    )


def totals(model: Model) -> Keep:
    """Return what a run of many draws keeps: sums whose groups come back, and two boundaries."""
    return Keep(
        boundaries=(2, 6),
        enrolments=(),
        person_days=False,
        flows=False,
        tallies=some_tallies(model),
        groups=GROUPS,
    )


def everything(model: Model) -> Keep:
    return replace(EVERYTHING, tallies=some_tallies(model), groups=GROUPS)


@pytest.mark.parametrize("counting", [*COUNTINGS, None])
@pytest.mark.parametrize("join", ["start", "end"])
@pytest.mark.parametrize("n_draws", [1, MANY])
def test_they_agree_with_the_plain_path(counting: str | None, join: str, n_draws: int) -> None:
    model = moving(n_draws, counting, join)
    for keep in (totals(model), everything(model)):
        assert_same(fast.run_products(model, keep), run_cohort(model, keep=keep))


def agree(data: Data, n_draws: int) -> None:
    """Hold every strategy, without its programmes and full states, against the plain path."""
    for strategy in data["strategies"]:
        model = replace(with_draws(model_of(data, strategy), n_draws), programmes=(), limits=())
        if fast.can_run(model):
            keep = Keep(tallies=some_tallies(model))
            assert_same(fast.run_products(model, keep), run_cohort(model, keep=keep))


@settings(max_examples=15, deadline=None)
@given(discrete_scenarios())
def test_they_agree_on_random_scenarios_in_discrete_steps(data: Data) -> None:
    agree(data, 2)


@settings(max_examples=15, deadline=None)
@given(scenarios())
def test_they_agree_on_random_scenarios(data: Data) -> None:
    agree(data, 2)


@pytest.mark.slow
@settings(max_examples=140, deadline=None)
@given(discrete_scenarios(), scenarios())
def test_they_agree_on_many_random_scenarios(stepping: Data, flowing: Data) -> None:
    agree(stepping, MANY)
    agree(flowing, MANY)


def test_stays_of_hours_are_the_same() -> None:
    """Many terms, and draws that need few beside draws that need many."""
    model = moving(3, None)
    rates = model.rates * np.array([1.0, 30.0, 900.0])
    model = replace(model, rates=rates, generator=replace(model.generator, rate=rates[0]))
    keep = everything(model)
    assert_same(fast.run_products(model, keep), run_cohort(model, keep=keep))


def same_bytes(found: Trajectory, expected: Trajectory) -> None:
    for field in FIELDS:
        assert getattr(found, field).tobytes() == getattr(expected, field).tobytes(), field


@pytest.mark.parametrize("counting", ["half_cycle", None])
@pytest.mark.parametrize("chosen", [slice(0, 1), slice(5, MANY - 2), slice(MANY - 4, MANY)])
def test_a_draw_is_the_same_alone_and_in_any_block(counting: str | None, chosen: slice) -> None:
    """To the last bit, also beside draws that need more terms."""
    model = moving(MANY, counting)
    if counting is None:
        rates = model.rates * np.linspace(1, 50, MANY)
        model = replace(model, rates=rates, generator=replace(model.generator, rate=rates[0]))
    keep = everything(model)
    together = fast.run_products(model, keep)
    alone = fast.run_products(some_draws(model, chosen), keep)
    for field in FIELDS:
        assert (getattr(alone, field) == getattr(together, field)[chosen]).all(), field


@pytest.mark.parametrize("counting", ["half_cycle", None])
def test_threads_give_the_same_bytes(counting: str | None) -> None:
    model = moving(4 * MANY, counting)
    keep = everything(model)
    parts = [some_draws(model, slice(first, first + MANY)) for first in range(0, 4 * MANY, MANY)]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda part: fast.run_products(part, keep), parts))
    for part, found in zip(parts, at_once, strict=True):
        same_bytes(found, fast.run_products(part, keep))


@pytest.mark.parametrize("counting", ["half_cycle", None])
def test_vectors_give_the_bytes_of_the_loop_as_it_is_written(counting: str | None) -> None:
    model = moving(MANY, counting)
    keep = everything(model)
    slow = fast.run_products(model, keep, products.move_products)
    same_bytes(fast.run_products(model, keep), slow)


def monthly(n_months: int, n_regimes: int = 1) -> Model:
    """Return a small model in continuous time over so many months."""
    months = tuple(dt.date(2024 + k // 12, 1 + k % 12, 1) for k in range(n_months + 1))
    model = moving(2, None)
    return replace(
        model,
        calendar=Calendar(unit="month", boundaries=months),
        regime=tuple(k * n_regimes // n_months for k in range(n_months)),
        rates=np.repeat(model.rates[:1], n_regimes, axis=0),
        arrivals_per_year=np.repeat(model.arrivals_per_year[:1], n_regimes, axis=0),
    )


def test_products_are_taken_where_rates_and_lengths_come_back() -> None:
    """Short of that, worked out for every place, the shares would cost more than the series."""
    assert fast.by_products(monthly(120))
    assert not fast.by_products(monthly(12))
    assert fast.by_products(monthly(240, n_regimes=2))
    assert not fast.by_products(monthly(120, n_regimes=120))


def test_rates_that_are_0_in_some_draws_do_not_change_the_path() -> None:
    models = [monthly(n_months) for n_months in range(1, 60)]
    chosen = [fast.by_products(model) for model in models]
    assert len(set(chosen)) == 2
    for model, expected in zip(models, chosen, strict=True):
        nobody = replace(model, rates=0 * model.rates, initial=0 * model.initial)
        assert fast.by_products(nobody) == expected


def test_a_run_takes_the_path_that_is_chosen() -> None:
    for model in (monthly(120), monthly(12)):
        keep = Keep(tallies=some_tallies(model))
        chosen = fast.by_products(model)
        other = fast._compiled()
        expected = fast.run_products(model, keep) if chosen else fast.run_fast(model, keep, other)
        same_bytes(fast.run_fast(model, keep), expected)
        assert_same(fast.run_fast(model, keep), run_cohort(model, keep=keep))


def test_other_models_take_the_loop_that_knows_them() -> None:
    assert fast.by_products(model_of(discrete(counting="end")))
    assert not fast.by_products(model_of(discrete(counting="simpson")))
    spec = som.load(SCENARIOS / "first.yaml").strategies["with_support"]
    helped = build_model(spec, "with_support")
    assert helped.programmes
    short = som.load(SCENARIOS / "first.yaml", overrides={"domains.housing.homeless.places": "30"})
    full = build_model(short.base, "nothing_new")
    assert full.limits
    for model in (monthly(120), moving(2)):
        assert fast.by_products(replace(model, programmes=(), limits=()))
        assert not fast.by_products(replace(model, programmes=helped.programmes))
        assert not fast.by_products(replace(model, limits=full.limits))


def test_too_many_moves_are_refused_in_the_same_words() -> None:
    model = monthly(120)
    rates = model.rates * 1e9
    model = replace(model, rates=rates, generator=replace(model.generator, rate=rates[0]))
    said = []
    for run in (run_cohort, fast.run_products):
        with pytest.raises(SomSimError) as caught:
            run(model)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_weights_of_lanes_without_a_draw_are_0() -> None:
    weights = np.zeros((3, 60, 4))
    assert kernels.weigh(np.array([2.0, 30.0, 9e9, 9e9]), 0.1, 2, weights) < 60
    assert (weights[:, :, 2:] == 0).all()
    np.testing.assert_allclose(weights[0].sum(axis=0)[:2], 1.0)


def test_compiled_loops_are_made_anew_when_what_they_are_made_of_has_changed() -> None:
    pytest.importorskip("numba")
    assert {one.rsplit(".")[-1] for one in fast.SOURCES} == {"kernels", "products", "vectors"}
    for products_only in (False, True):
        kept = fast._compiled(products_only)._cache._cache_file  # type: ignore[attr-defined]
        assert kept._source_stamp == source_digest(fast.SOURCES)
