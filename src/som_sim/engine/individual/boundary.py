"""What is counted at a cycle's start: everybody, where they stand."""

from __future__ import annotations

from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import Counts, State
from som_sim.engine.individual.tables import Tables


@kernel
def count_boundary(T: Tables, S: State, C: Counts, cycle: int) -> None:
    """Count persons at a boundary, and as if they stayed where they are through the cycle."""
    for place in range(T.n_places):
        C.occupancy[cycle, place] += S.now[place]
    if cycle < T.n_cycles:
        days = T.starts[cycle + 1] - T.starts[cycle]
        for cell in range(T.n_cells):
            C.days[cycle, cell] += S.now[cell] * days


def count_boundary_numpy(T: Tables, S: State, C: Counts, cycle: int) -> None:
    """Do the same for all places at once, where the kernel is not compiled."""
    C.occupancy[cycle] += S.now
    if cycle < T.n_cycles:
        C.days[cycle] += S.now[: T.n_cells] * (T.starts[cycle + 1] - T.starts[cycle])
