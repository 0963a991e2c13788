"""Random scenarios of single persons: what must hold whatever the file says."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim as som
from random_scenarios import Data, model_of, scenario_of
from single_scenarios import single_scenarios
from som_sim.engine.individual import histories
from som_sim.engine.individual.run import FIELDS, run_individual
from som_sim.engine.individual.simulate import history_events
from som_sim.engine.trajectory import Trajectory
from som_sim.model.model import Model
from turns import check_turns, declared

FEW, MANY = 8, 60
SOME_TICKS = 1e-3
"""Days. Each time something else happens to people, what is left of a wait is cut to whole ticks."""
STRATEGY = st.sampled_from(["reference", "act"])


def digest(run: Trajectory) -> str:
    arrays = [getattr(run, name).tobytes() for name in FIELDS if name != "model"]
    return hashlib.sha256(b"".join(arrays)).hexdigest()


def lives(model: Model) -> Counter[tuple[tuple[float, int], ...]]:
    """Return what happened to everybody, whoever they are."""
    events = history_events(model, 0, 1)
    stories: dict[int, list[tuple[float, int]]] = {}
    changes = events.changes
    for person, time, place in zip(
        events.person[changes], events.time[changes], events.place[changes], strict=True
    ):
        stories.setdefault(int(person), []).append((float(time), int(place)))
    return Counter(map(tuple, stories.values()))


def check_bytes(data: Data, strategy: str) -> None:
    """The same seed gives the same bytes, in blocks and tiles of any size, and one by one."""
    model = model_of(data, strategy)
    together = run_individual(model, 3, seed=1)
    one = digest(together)
    for replicate in range(3):
        kind = history_events(model, replicate, 1).kind
        moves = np.bincount(kind[kind >= 0], minlength=len(model.generator.source))
        np.testing.assert_array_equal(moves, together.flows[0, replicate].sum(axis=0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(histories, "BLOCK", 2)
        patch.setattr(histories, "TILE", 3)
        assert digest(run_individual(model_of(data, strategy), 3, seed=1)) == one


def check_one_more(data: Data, strategy: str) -> None:
    """One person more is one life more, and nobody else's is another."""
    before = lives(model_of(data, strategy))
    first, *others = data["population"]["initial"]
    initial = [{**first, "persons": first["persons"] + 1}, *others]
    after = lives(
        model_of({**data, "population": {**data["population"], "initial": initial}}, strategy)
    )
    assert not before - after and (after - before).total() == 1


def check_places(data: Data, strategy: str) -> None:
    """Nobody goes before their turn, and no state is fuller than its places let it be."""
    model = model_of(data, strategy)
    check_turns(model, declared(model), seed=1)
    inside = run_individual(model, 2, seed=1).occupancy[0]
    by_cycle = np.moveaxis(inside, 3, 1).reshape(2, model.calendar.n_cycles + 1, -1)
    for limit in model.limits:
        there = by_cycle[:, :, limit.inside].sum(axis=2)
        most = np.maximum(there[:, :-1], np.ceil(limit.places[:, 0]))
        assert (there[:, 1:] <= most).all()


def check_idle(data: Data) -> None:
    """Programmes without effect leave everybody where they are without them, but for some ticks."""
    idle = {
        name: {
            **rules,
            "effects": [{**one, "hazard_ratio": Decimal(1)} for one in rules["effects"]],
        }
        for name, rules in data["programmes"].items()
    }
    strategies = {"reference": {}, "act": {"programmes": data["strategies"]["act"]["programmes"]}}
    changed = {**data, "programmes": idle, "strategies": strategies}
    runs = [run_individual(model_of(changed, name), 2, seed=1) for name in strategies]
    without, within = (one.person_days.sum(axis=3) for one in runs)
    np.testing.assert_allclose(within, without, rtol=0, atol=SOME_TICKS)


CHECKS: tuple[Any, ...] = (check_bytes, check_places)


@settings(max_examples=FEW)
@given(single_scenarios(), STRATEGY)
def test_the_same_bytes_and_everybody_in_turn(data: Data, strategy: str) -> None:
    for check in CHECKS:
        check(data, strategy)


@settings(max_examples=FEW)
@given(single_scenarios(competing=False), STRATEGY)
def test_where_nobody_competes_each_has_a_life_of_their_own(data: Data, strategy: str) -> None:
    check_one_more(data, strategy)
    check_idle(data)


@settings(max_examples=FEW)
@given(single_scenarios())
def test_the_whole_chain_adds_up(data: Data) -> None:
    result = som.run(scenario_of(data), engine="individual", replicates=2)
    assert result.ok, result.reconciliation[~result.reconciliation["ok"]].to_dict("records")


@pytest.mark.slow
@settings(max_examples=MANY)
@given(single_scenarios(), single_scenarios(competing=False), STRATEGY)
def test_many_scenarios(data: Data, free: Data, strategy: str) -> None:
    for check in CHECKS:
        check(data, strategy)
    check_one_more(free, strategy)
    check_idle(free)


@pytest.mark.slow
@settings(max_examples=MANY)
@given(single_scenarios(), STRATEGY)
def test_plain_and_compiled_are_the_same_bytes(data: Data, strategy: str) -> None:
    pytest.importorskip("numba")
    model = model_of(data, strategy)
    plain, fast = (run_individual(model, 2, seed=1, fast=fast) for fast in (False, True))
    assert digest(plain) == digest(fast)
