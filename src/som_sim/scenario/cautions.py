"""What is allowed in a scenario but deserves a look: it does nothing, or nobody can be meant.

Each caution is a function that yields warnings from what people can come into under every
strategy; the list runs them all. What one strategy uses is used, so a warning holds for the
scenario as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from som_sim.core.errors import Problem
from som_sim.scenario.cautions_people import (
    empty_programmes,
    forgotten,
    shared_evenly,
    unleft,
    unmeasured,
    unmoving,
    unreached,
)
from som_sim.scenario.cautions_use import (
    same_as_reference,
    uncharged,
    unused,
    unused_clocks,
    unused_sources,
)
from som_sim.scenario.reach import reach
from som_sim.scenario.schema import ScenarioFile

CAUTIONS = (
    unreached,
    unleft,
    unmoving,
    empty_programmes,
    shared_evenly,
    forgotten,
    uncharged,
    unmeasured,
    unused,
    unused_clocks,
    unused_sources,
    same_as_reference,
)


def cautions(specs: Mapping[str, ScenarioFile]) -> list[Problem]:
    """Return what deserves a look in a scenario without errors.

    Parameters
    ----------
    specs
        The file of each strategy, the reference first.
    """
    reached = tuple(reach(spec, name) for name, spec in specs.items())
    return [problem for caution in CAUTIONS for problem in caution(reached)]
