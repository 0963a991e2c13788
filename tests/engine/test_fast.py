"""The compiled engine gives what the plain one gives."""

from __future__ import annotations

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
from som_sim.engine import fast, kernels
from som_sim.engine.cohort import run_cohort
from som_sim.engine.keep import EVERYTHING, Keep
from som_sim.engine.trajectory import Trajectory
from som_sim.model.build import build_model
from som_sim.model.model import Model

pytest.importorskip("numba")

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def runs(model: Model) -> tuple[Trajectory, Trajectory]:
    keep = Keep(tallies=some_tallies(model), groups=tuple(i // 3 for i in range(len(model.regime))))
    return fast.run_fast(model, keep), run_cohort(model, keep=keep)


@pytest.mark.parametrize("file", ["first.yaml", "randers_act.yaml"])
@pytest.mark.parametrize("n_draws", [1, 3])
def test_the_two_agree_on_scenarios(file: str, n_draws: int) -> None:
    for name, spec in som.load(SCENARIOS / file).strategies.items():
        assert_same(*runs(with_draws(build_model(spec, name), n_draws)))


@pytest.mark.parametrize("counting", ["start", "end", "half_cycle"])
@pytest.mark.parametrize("join", ["start", "end"])
def test_the_two_agree_in_a_discrete_step(counting: str, join: str) -> None:
    overrides = {"time.counting": counting, "time.arrivals_join": join}
    scenario = som.load(SCENARIOS / "hiv_chancellor_1997.yaml", overrides=overrides)
    for name, spec in scenario.strategies.items():
        model = with_draws(build_model(spec, name), 3)
        coming = np.full_like(model.arrivals_per_year, 2.0)
        coming[:, model.axes.n_cells :] = 0.0
        assert_same(*runs(replace(model, arrivals_per_year=coming)))


@settings(max_examples=25, deadline=None)
@given(scenarios())
def test_the_two_agree_on_random_scenarios(data: Data) -> None:
    for strategy in data["strategies"]:
        model = with_draws(model_of(data, strategy), 3)
        if fast.can_run(model):
            assert_same(*runs(model))
        else:
            assert model.limits


@settings(max_examples=15, deadline=None)
@given(discrete_scenarios())
def test_the_two_agree_on_random_discrete_scenarios(data: Data) -> None:
    for strategy in data["strategies"]:
        model = with_draws(model_of(data, strategy), 2)
        if fast.can_run(model):
            assert_same(*runs(model))


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(scenarios())
def test_the_two_agree_on_many_random_scenarios(data: Data) -> None:
    for strategy in data["strategies"]:
        model = with_draws(model_of(data, strategy), 2)
        if fast.can_run(model):
            assert_same(*runs(model))


def test_a_stay_of_hours_is_the_same() -> None:
    """Many terms, far from the mode, and cycles of four lengths."""
    spec = som.load(SCENARIOS / "first.yaml").strategies["with_support"]
    model = with_draws(build_model(spec, "with_support"), 3)
    rates = model.rates * np.array([1.0, 40.0, 1500.0])
    stiff = replace(model, rates=rates, generator=replace(model.generator, rate=rates[0]))
    assert_same(*runs(stiff))


def test_too_many_moves_are_refused_in_the_same_words() -> None:
    spec = som.load(SCENARIOS / "first.yaml").strategies["nothing_new"]
    model = build_model(spec, "nothing_new")
    rates = model.rates * 1e9
    model = replace(model, rates=rates, generator=replace(model.generator, rate=rates[0]))
    said = []
    for run in (run_cohort, fast.run_fast):
        with pytest.raises(SomSimError) as caught:
            run(model)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_a_draw_is_the_same_alone_and_among_others() -> None:
    """To the last bit, also where groups of draws begin and end."""
    spec = som.load(SCENARIOS / "randers_act.yaml").strategies["act"]
    n_draws = kernels.LANES + 3
    model = with_draws(build_model(spec, "act"), n_draws)
    keep = Keep(boundaries=(30, 71), person_days=False, flows=False, tallies=some_tallies(model))
    together = fast.run_fast(model, keep)
    last = kernels.LANES
    for chosen in (slice(0, 1), slice(5, last + 1), slice(last - 1, n_draws)):
        alone = fast.run_fast(some_draws(model, chosen), keep)
        for field in FIELDS:
            assert (getattr(alone, field) == getattr(together, field)[chosen]).all(), field


def test_the_loops_are_the_same_before_they_are_compiled() -> None:
    spec = som.load(SCENARIOS / "first.yaml", overrides={"time.to": "2026-03"}).strategies
    for name, one in spec.items():
        model = with_draws(build_model(one, name), 2)
        keep = replace(EVERYTHING, tallies=some_tallies(model))
        slow = fast.run_fast(model, keep, kernels.move_draws)
        compiled = fast.run_fast(model, keep)
        for field in FIELDS:
            found, expected = getattr(slow, field), getattr(compiled, field)
            np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-10)


def test_what_the_loops_do_not_know_is_not_sent_to_them() -> None:
    assert not fast.can_run(model_of(discrete(counting="simpson")))
    short = som.load(SCENARIOS / "first.yaml", overrides={"domains.housing.homeless.places": "30"})
    assert not fast.can_run(build_model(short.base, "nothing_new"))


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def no_numba(name: str, *rest: object, **more: object) -> object:
        if name.startswith("numba"):
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", no_numba)
    fast._compiled.cache_clear()
    try:
        with pytest.raises(SomSimError, match=r"som-sim\[fast\]"):
            fast._compiled()
    finally:
        monkeypatch.undo()
        fast._compiled.cache_clear()
