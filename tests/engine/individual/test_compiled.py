"""The compiled kernel gives the bytes of the plain one."""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
from typing import Any

import pytest

from individuals import discrete, enrolling, initial, two_domains
from random_scenarios import model_of, small
from som_sim.engine.individual import compiled, histories
from som_sim.engine.individual.registry import KERNEL
from som_sim.engine.individual.run import FIELDS, run_individual
from som_sim.engine.stamps import source_digest
from som_sim.engine.trajectory import Trajectory

numba = pytest.importorskip("numba")


KERNEL_MODULES = {one.__module__ for one in KERNEL.values()}


def digest(run: Trajectory) -> str:
    arrays = [getattr(run, name).tobytes() for name in FIELDS if name != "model"]
    return hashlib.sha256(b"".join(arrays)).hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize("make", [two_domains, enrolling, discrete])
def test_both_kernels_give_the_same_bytes(make: Any) -> None:
    model = model_of(make())
    plain = run_individual(model, 3, seed=1, fast=False)
    fast = run_individual(model, 3, seed=1, fast=True)
    assert digest(plain) == digest(fast)


@pytest.mark.slow
def test_tiles_do_not_change_a_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    model = model_of(two_domains())
    whole = run_individual(model, 2, seed=1, fast=True)
    monkeypatch.setattr(histories, "TILE", 7)
    assert digest(run_individual(model, 2, seed=1, fast=True)) == digest(whole)


def test_without_numba_the_plain_kernel_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histories, "compiled_functions", lambda: None)
    model = model_of(two_domains())
    assert digest(run_individual(model, 1, seed=1, fast=True)) == digest(
        run_individual(model, 1, seed=1, fast=False)
    )


def test_a_small_job_is_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("compiled for a small job")

    monkeypatch.setattr(histories, "compiled_functions", refuse)
    run_individual(model_of(two_domains()), 1, seed=1)


def test_few_people_who_move_often_are_a_large_job(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def not_installed() -> None:
        asked.append(True)

    monkeypatch.setattr(histories, "compiled_functions", not_installed)
    monkeypatch.setattr(histories, "LARGE_JOB", 2000)
    data = small(
        population=initial(shelter=1),
        transitions=[
            {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 2000},
            {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 2000},
        ],
    )
    run_individual(model_of(data), 1, seed=1)
    assert not asked
    run_individual(model_of(data), 4, seed=1)
    assert asked == [True]


def test_every_field_has_a_kind_that_the_compiled_kernel_knows() -> None:
    for kind in compiled.STRUCTURES.values():
        for one in kind.__annotations__.values():
            assert one.__forward_arg__ in compiled.FIELD_KINDS
    assert "run_history" in KERNEL


def test_whatever_the_compiled_code_holds_is_in_its_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields are found by their position: one more in `Tables`, and old code reads another."""
    within = {name.rsplit(".", 1)[-1] for name in compiled.sources()}
    assert {"compiled", "registry", "state", "tables", "places"} <= within
    for name in compiled.sources():
        for node in ast.walk(ast.parse(inspect.getsource(sys.modules[name]))):
            if isinstance(node, ast.ImportFrom) and name in KERNEL_MODULES and node.module:
                own = node.module.startswith("som_sim.")
                assert not own or node.module in compiled.sources(), (name, node.module)
    before, plain = source_digest(compiled.sources()), inspect.getsource
    monkeypatch.setattr(
        inspect,
        "getsource",
        lambda one: plain(one) + ("#" if one.__name__.endswith(".tables") else ""),
    )
    assert source_digest(compiled.sources()) != before
