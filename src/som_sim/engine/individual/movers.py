"""Who moves in a cycle: most people do not, so this is asked first."""

from __future__ import annotations

import numpy as np

from som_sim.engine.individual.hashing import uniform, uniforms_at
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import State
from som_sim.engine.individual.tables import Tables


@kernel
def find_movers(T: Tables, S: State, first: int, last: int, cycle: int) -> int:
    """Write who of some persons move in a cycle into `S.moving`.

    A person moves when the first random length of any of their clocks ends within the cycle:
    ``-log(u) / rate < days``, which is ``u > exp(-rate days)``.

    Returns
    -------
    How many they are.
    """
    pace = T.pace[cycle]
    found = 0
    if T.n_channels == 1:
        for p in range(first, last):
            cell = S.cell[p]
            if 0 <= cell < T.n_cells:
                S.moving[found] = p
                if uniform(S.key[p], T.salt[0], cycle, 0) > T.staying[pace, cell, 0]:
                    found += 1
        return found
    for p in range(first, last):
        cell = S.cell[p]
        if cell < 0 or cell >= T.n_cells:
            continue
        for channel in range(T.n_channels):
            staying = T.staying[pace, cell, channel]
            if staying < 1.0 and uniform(S.key[p], T.salt[channel], cycle, 0) > staying:
                S.moving[found] = p
                found += 1
                break
    return found


def find_movers_numpy(T: Tables, S: State, first: int, last: int, cycle: int) -> int:
    """Do the same for everybody at once, where the kernel is not compiled."""
    cell = S.cell[first:last]
    here = first + np.flatnonzero((cell >= 0) & (cell < T.n_cells))
    staying = T.staying[T.pace[cycle], S.cell[here]]
    moving = np.zeros(len(here), dtype=bool)
    for channel in range(T.n_channels):
        u = uniforms_at(S.key[here], T.salt[channel], cycle)
        moving |= (staying[:, channel] < 1.0) & (u > staying[:, channel])
    found = int(moving.sum())
    S.moving[:found] = here[moving]
    return found
