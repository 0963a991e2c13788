"""The individual engine against other ways to do the same work, side by side in one run.

    python benchmarks/individual.py            # the table of docs/performance.md, about two minutes
    python benchmarks/individual.py --small    # a tenth of the work, to see that it runs

Each way is timed several times in turn, and the fastest time of each counts: noise of a machine
that does other work only ever adds time. One core. Needs the extra `fast`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

import som_sim as som
from som_sim.engine.individual import compiled
from som_sim.engine.individual.histories import Runner, empty_counts, run_key
from som_sim.engine.individual.registry import KERNEL
from som_sim.engine.individual.run import run_mean
from som_sim.engine.individual.state import Counts
from som_sim.engine.individual.tables import make_tables
from som_sim.model.build import build_model
from som_sim.model.model import Model

N_STATES, N_CYCLES = 12, 120
ROUNDS = 3
ROOT = Path(__file__).resolve().parent.parent


def transitions() -> list[dict[str, Any]]:
    """Return 35 moves between 12 states, one row a state: about 9 in 100 persons move a month."""
    rng = np.random.default_rng(1)
    rows = []
    for state in range(N_STATES):
        others = rng.permutation([one for one in range(N_STATES) if one != state])
        to = others[: 3 if state < N_STATES - 1 else 2]
        shares = {f"s{one}": Decimal(str(round(float(rng.uniform(0.01, 0.05)), 3))) for one in to}
        rows.append(
            {"from": {"housing": f"s{state}"}, "probabilities": shares, "within": "1 month"}
        )
    return rows


def discrete_model(persons: int, *, places: bool) -> Model:
    """Return the model of the discrete rows."""
    each = persons // N_STATES
    programme = {
        "eligible": {"housing": ["s0", "s1", "s2"]},
        "places": persons // 50,
        "intake": {"share_of_waiting": 1},
        "stay": {"mean": "12 months"},
    }
    data: dict[str, Any] = {
        "som_sim": 1,
        "meta": {"title": "benchmark", "currency": "DKK", "price_year": 2019},
        "time": {"from": "2011-01", "to": "2020-12", "cycle": "month", "step": "discrete",
                 "counting": "half_cycle"},
        "domains": {"housing": {f"s{state}": None for state in range(N_STATES)}},
        "strata": {"adult": None},
        "population": {
            "initial": [
                {"stratum": "adult", "housing": f"s{state}", "persons": each}
                for state in range(N_STATES)
            ]
        },
        "transitions": transitions(),
        "programmes": {"act": programme} if places else {},
        "strategies": {"reference": {"programmes": ["act"]} if places else {}},
    }  # fmt: skip
    scenario = som.loads(_yaml(data))
    return build_model(scenario.strategies["reference"], "reference")


def _yaml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    return "null" if value is None else str(value)


def by_numpy(model: Model, persons: int, *, places: int = 0) -> np.ndarray:
    """Return occupancy by cycle: everybody at once, one search for each state and month.

    With places: a first-come queue, the longest waiting found by a partial sort.
    """
    rng = np.random.default_rng(1)
    n = model.axes.n_cells
    matrix = np.zeros((n, n))
    matrix[model.generator.source, model.generator.target] = model.rates[0][:, 0]
    matrix[np.arange(n), np.arange(n)] = 1 - matrix.sum(axis=1)
    cumulative = matrix.cumsum(axis=1)
    cumulative[:, -1] = 1.0
    cell = np.repeat(np.flatnonzero(model.initial[:, 0]), persons // N_STATES)
    eligible = model.programmes[0].eligible if places else np.zeros(n, dtype=bool)
    since = np.where(eligible[cell], 0, 10**6)
    counts = np.zeros((N_CYCLES + 1, n))
    for cycle in range(N_CYCLES):
        if places:
            waiting = np.flatnonzero(eligible[cell])
            free = places - int((cell >= N_STATES).sum())
            if free > 0 and len(waiting):
                k = min(free, len(waiting))
                chosen = waiting[np.argpartition(since[waiting], k - 1)[:k]]
                cell[chosen] += N_STATES
        counts[cycle] = np.bincount(cell, minlength=n)
        u = rng.random(len(cell))
        after = np.empty_like(cell)
        for state in range(n):
            here = np.flatnonzero(cell == state)
            after[here] = np.searchsorted(cumulative[state], u[here], side="right")
        if places:
            now = eligible[after]
            since = np.where(now, np.where(eligible[cell], since, cycle + 1), 10**6)
        cell = after
    counts[N_CYCLES] = np.bincount(cell, minlength=n)
    return counts


def plain_python() -> dict[str, Callable[..., Any]]:
    """Return the kernel as it stands, without what numpy does for everybody at once."""
    kept = compiled.plain_functions.__wrapped__
    before = compiled.find_movers_numpy, compiled.count_boundary_numpy
    try:
        compiled.find_movers_numpy = KERNEL["find_movers"]
        compiled.count_boundary_numpy = KERNEL["count_boundary"]
        return dict(kept())
    finally:
        compiled.find_movers_numpy, compiled.count_boundary_numpy = before


def fastest(ways: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the least time of each way in seconds of the process, in turn."""
    times = dict.fromkeys(ways, np.inf)
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.process_time()
            way()
            times[name] = min(times[name], time.process_time() - began)
    return times


def histories(model: Model, functions: Any, replicates: int) -> None:
    """Run some histories one after the other."""
    tables = make_tables(model)
    runner = Runner(tables, functions, with_log=False)
    counts = empty_counts(tables, 1)
    row = Counts(*(column[0] for column in counts))
    for replicate in range(replicates):
        for column in row:
            column[...] = 0.0
        runner.run(run_key(1, 0, replicate), row)


def report(what: str, ours: float, theirs: float, unit: str, rate: float, wanted: float) -> None:
    times = f"{ours:.2f} s | {theirs:.2f} s | {theirs / ours:.1f} x | {wanted:g} x"
    print(f"| {what} | {times} | {rate:.0f} {unit} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    small = parser.parse_args().small
    persons = N_STATES * (8_000 if small else 80_000)
    n_months = persons * N_CYCLES / 1e6
    functions = compiled.compiled_functions()
    assert functions is not None, "needs numba: pip install som-sim[fast]"
    print("| work | this engine | reference | ratio | wanted | rate |")
    print("|---|---|---|---|---|---|")

    free = discrete_model(persons, places=False)
    run_mean(free, 1, 1, fast=True)
    found = fastest({"ours": lambda: run_mean(free, 1, 1, fast=True),
                     "numpy": lambda: by_numpy(free, persons)})  # fmt: skip
    report(f"{persons:,} persons, {N_CYCLES} months, discrete, free", found["ours"],
           found["numpy"], "M person-months/s", n_months / found["ours"], 5)  # fmt: skip

    places = discrete_model(persons, places=True)
    run_mean(places, 1, 1, fast=True)
    found = fastest({"ours": lambda: run_mean(places, 1, 1, fast=True),
                     "numpy": lambda: by_numpy(places, persons, places=persons // 50)})  # fmt: skip
    report("the same with places and a queue", found["ours"], found["numpy"],
           "M person-months/s", n_months / found["ours"], 3)  # fmt: skip

    scenario = som.load(ROOT / "scenarios" / "randers_act.yaml")
    randers = build_model(scenario.strategies["act"], "act")
    replicates, few = (200, 1) if small else (2_000, 3)
    histories(randers, functions, 2)
    ours = fastest({"ours": lambda: histories(randers, functions, replicates)}, 2)["ours"]
    python = plain_python()
    theirs = fastest({"python": lambda: histories(randers, python, few)}, 1)["python"]
    scale = 10_000 / replicates
    report("Randers (act), 10,000 replicates, scaled", ours * scale, theirs * 10_000 / few,
           "replicates/s", replicates / ours, 100)  # fmt: skip


if __name__ == "__main__":
    main()
