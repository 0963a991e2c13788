"""The cohort engine against other ways to do the same work, side by side in one run.

    python benchmarks/cohort.py            # the table of docs/performance.md, about two minutes
    python benchmarks/cohort.py --small    # a tenth of the work, to see that it runs

Each way is timed several times in turn, and the fastest time of each counts: noise of a machine
that does other work only ever adds time. Times are the processor's, on one thread each: linear
algebra is held to one as well. Needs the extra `fast`. Every way gives the same numbers, which is
checked.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when numpy is imported

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

import som_sim as som
from som_sim.analysis.draws import BLOCK, draw_many
from som_sim.analysis.executors import Serial
from som_sim.core.axes import Axes
from som_sim.core.time import DAYS_PER_YEAR, Calendar
from som_sim.engine.fast import run_fast
from som_sim.engine.keep import EVERYTHING, Keep, Tally
from som_sim.model.build import build_model
from som_sim.model.draws import draw_parameters
from som_sim.model.model import Generator, Model
from som_sim.outcomes.reading import plan_reading

Floats = NDArray[np.float64]
SCENARIO = Path(__file__).parents[1] / "scenarios" / "randers_act.yaml"
N_STATES, N_EDGES, N_CYCLES, ROUNDS = 12, 35, 120, 3
AGREE = 1e-9


def small_model(
    n_draws: int, *, discrete: bool, ramp: bool, months: bool = False, seed: int = 1
) -> Model:
    """Return 12 states and 35 moves, whose rates differ between draws, and with a ramp by cycle.

    Its cycles have 30 days, or are months.
    """
    start = dt.date(2020, 1, 1)
    boundaries = [
        dt.date(2020 + cycle // 12, 1 + cycle % 12, 1)
        if months
        else start + dt.timedelta(days=30 * cycle)
        for cycle in range(N_CYCLES + 1)
    ]
    rng = np.random.default_rng(1)  # the same moves whatever the rates
    pairs = [(i, j) for j in range(N_STATES) for i in range(N_STATES) if i != j]
    chosen = sorted(rng.permutation(len(pairs))[:N_EDGES])
    source, target = np.array([pairs[one] for one in chosen]).T
    rng = np.random.default_rng(seed)
    rate = rng.uniform(0.005, 0.05, (N_EDGES, n_draws)) * (1.0 if discrete else 12.0)
    steps = np.linspace(1.0, 2.0, N_CYCLES) if ramp else np.ones(1)
    initial = np.zeros((N_STATES, n_draws))
    initial[0] = 1000.0
    return Model(
        strategy="small",
        axes=Axes(
            strata=("all",),
            programmes=("none",),
            domains=("d",),
            states=(tuple(f"s{one}" for one in range(N_STATES)),),
            leave=(),
        ),
        calendar=Calendar(unit="month", boundaries=tuple(boundaries)),
        initial=initial,
        generator=Generator(
            n_places=N_STATES, source=source, target=target, domain=np.zeros_like(source), rate=rate
        ),
        rates=rate * steps[:, None, None],
        arrivals_per_year=np.zeros((len(steps), N_STATES, n_draws)),
        regime=tuple(range(N_CYCLES)) if ramp else (0,) * N_CYCLES,
        programmes=(),
        homeless=np.zeros(N_STATES, dtype=bool),
        counting="half_cycle" if discrete else None,
    )


def matrices(model: Model, cycle: int) -> Floats:
    """Return rates or probabilities as dense matrices: (draw, state, state)."""
    rate = model.rates[model.regime[cycle]].T
    dense = np.zeros((len(rate), N_STATES, N_STATES))
    dense[:, model.generator.source, model.generator.target] = rate
    at = np.arange(N_STATES)
    dense[:, at, at] = (1.0 if model.discrete else 0.0) - dense.sum(axis=2)
    return dense


def numpy_products(model: Model) -> Floats:
    """Return person-days by draw and state, the way of numpy: batched ``x @ P``."""
    step = matrices(model, 0)
    persons = np.ascontiguousarray(model.initial.T)[:, None]
    total = np.zeros_like(persons)
    for days in model.calendar.days:
        after = persons @ step
        total += (persons + after) * (days / 2)
        persons = after
    return total[:, 0]


def exponentials(model: Model) -> Floats:
    """Return person-days by draw and state by matrix exponentials of the block matrix.

    One for each draw, each set of rates and each length of cycle; occupancy, person-time and flows
    as well.
    """
    n_draws = model.n_draws
    persons = np.ascontiguousarray(model.initial.T)[:, None]
    total = np.zeros_like(persons)
    source = model.generator.source
    occupancy, flows = [persons], []
    powers: dict[int, Floats] = {}
    for cycle, days in enumerate(model.calendar.days):
        if cycle and model.regime[cycle] != model.regime[cycle - 1]:
            powers.clear()
        if days not in powers:
            block = np.zeros((n_draws, 2 * N_STATES, 2 * N_STATES))
            block[:, :N_STATES, :N_STATES] = matrices(model, cycle)
            block[:, :N_STATES, N_STATES:] = np.eye(N_STATES)
            powers[days] = expm(block * (days / DAYS_PER_YEAR))[:, :N_STATES]
        both = persons @ powers[days]
        persons, spent = both[..., :N_STATES], both[..., N_STATES:]
        total += spent * DAYS_PER_YEAR
        occupancy.append(persons)
        flows.append(spent[:, 0, source] * model.rates[model.regime[cycle]].T)
    return total[:, 0]


def fastest(*ways: Callable[[], Floats]) -> list[float]:
    """Return the fastest time of each way, timed in turn, and see that they agree."""
    times = [float("inf")] * len(ways)
    for _ in range(ROUNDS):
        found = []
        for number, way in enumerate(ways):
            began = time.process_time()
            found.append(way())
            times[number] = min(times[number], time.process_time() - began)
        common = min(map(len, found))
        for other in found[1:]:
            assert np.allclose(found[0][:common], other[:common], rtol=AGREE)
    return times


def print_row(work: str, ours: float, reference: str, theirs: float, wanted: str) -> None:
    ratio = theirs / ours
    print(f"| {work} | {ours:.3g} s | {reference}: {theirs:.3g} s | {ratio:.1f} x | {wanted} |")


def print_small(n_draws: int) -> None:
    """Print the rows of 12 states and 35 moves."""
    size = f"{n_draws:,} draws"
    model = small_model(n_draws, discrete=True, ramp=False)
    tallies = tuple(Tally(cells=np.arange(N_STATES) == one) for one in range(N_STATES))
    totals = Keep(
        boundaries=(), enrolments=(), person_days=False, flows=False,
        tallies=tallies, groups=(0,) * N_CYCLES,
    )  # fmt: skip

    def three() -> Floats:
        runs = [run_fast(model, totals).tallies[:, 0, 0] for _ in range(3)]
        return runs[0]

    def products() -> Floats:
        runs = [numpy_products(model) for _ in range(3)]
        return runs[0]

    ours, theirs = fastest(three, products)
    work = f"discrete, 12 states, 35 moves, 120 cycles, {size} x 3, totals only"
    print_row(work, ours, "numpy, `x @ P`", theirs, "10 x")
    print_continuous(n_draws, "3 x")
    print_continuous(n_draws, "", months=True)
    print_continuous(n_draws, "20 x", ramp=True)


def print_continuous(n_draws: int, wanted: str, ramp: bool = False, months: bool = False) -> None:
    """Print a row in continuous time; a ramp's reference is of a few draws, scaled.

    Both ways move blocks of draws, as a run of many draws does: what 10,000 draws would fill is
    memory that nobody has touched, and the time to get it is the system's.
    """
    parts = [
        small_model(min(BLOCK, n_draws - lo), discrete=False, ramp=ramp, months=months, seed=lo)
        for lo in range(0, n_draws, BLOCK)
    ]
    theirs_of = parts[:1] if ramp else parts
    n_theirs = sum(part.n_draws for part in theirs_of)

    def all_of_it() -> Floats:
        runs = (run_fast(part, EVERYTHING) for part in parts)
        return np.concatenate([run.person_days[:, 0, 0, 0].sum(axis=1) for run in runs])

    def by_expm() -> Floats:
        return np.concatenate([exponentials(part) for part in theirs_of])

    ours, theirs = fastest(all_of_it, by_expm)
    rates, each = "rates that stay", "one `expm` a draw, products"
    if months:
        rates, each = f"{rates}, months of 28 to 31 days", "one `expm` a draw and length, products"
    if ramp:
        rates, each = "rates that change every cycle", "`expm` of each draw and cycle, scaled"
    work = f"continuous, the same size, {rates}: occupancy, person-time, flows"
    print_row(work, ours, f"scipy, {each}", theirs * n_draws / n_theirs, wanted)


def print_chain(n_draws: int) -> None:
    """Print what the whole chain takes beside its kernel."""
    result = som.run(som.load(SCENARIO))
    readings = [plan_reading(run.spec, run.trajectory, True) for run in result.runs.values()]

    def models(first: int) -> list[Model]:
        return [
            build_model(one.spec, one.strategy, draw_parameters(one.spec, BLOCK, 0, first), first)
            for one in readings
        ]

    chain = kernel = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        draw_many(result, n_draws, 0, executor=Serial(), compiled=True)
        chain = min(chain, time.process_time() - began)
        spent = 0.0
        for first in range(0, n_draws, BLOCK):
            for one, model in zip(readings, models(first), strict=True):
                began = time.process_time()
                run_fast(model, one.keep)
                spent += time.process_time() - began
        kernel = min(kernel, spent)
    work = f"whole chain, Randers, both strategies, {n_draws:,} draws"
    print(f"| {work} | {chain:.3g} s | its kernel: {kernel:.3g} s | {chain / kernel:.1f} of it |"
          " at most 3 |")  # fmt: skip


def print_memory(n_draws: int) -> None:
    """Print the most memory that runs of so many draws, and of a tenth, ever took."""
    most = []
    for n in (n_draws // 10, n_draws):
        command = [sys.executable, __file__, "--memory", str(n)]
        most.append(float(subprocess.run(command, capture_output=True, check=True).stdout))
    print(f"| memory, Randers, {n_draws:,} draws | {most[1]:.0f} MB | {n_draws // 10:,} draws: "
          f"{most[0]:.0f} MB | {most[1] / most[0]:.1f} of it | under 1 GB, flat |")  # fmt: skip


def run_for_memory(n_draws: int) -> None:
    """Run draws and print the most memory it took, in MB."""
    result = som.run(som.load(SCENARIO))
    draw_many(result, n_draws, 0, executor=Serial(), compiled=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--small", action="store_true", help="a tenth of the work")
    parser.add_argument("--memory", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory:
        run_for_memory(asked.memory)
        return
    part = 10 if asked.small else 1
    print("| work | this engine | reference | ratio | wanted |\n|---|---|---|---|---|")
    print_memory(100_000 // part)  # first: a child's peak begins at that of its parent
    print_small(10_000 // part)
    print_chain(10_000 // part)


if __name__ == "__main__":
    main()
