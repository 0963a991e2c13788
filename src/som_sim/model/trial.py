"""What only the compiled model shows: moves that no engine could follow.

A file can be sound row by row and still give a cell more moves than it can take, by several rows,
effects and the end of a programme together. Compiling each strategy at its stated values finds it
before anything runs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from som_sim.core.errors import Problem, SomSimError
from som_sim.core.limits import MAX_EXPECTED_JUMPS
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.model.build import build_model
from som_sim.model.model import Model
from som_sim.scenario.schema import ScenarioFile


def trial_problems(specs: Mapping[str, ScenarioFile], file: str) -> list[Problem]:
    """Return what is wrong with the models of a scenario without errors, each thing once.

    Parameters
    ----------
    specs
        The file of each strategy.
    file
        The name to show in messages.
    """
    found: dict[str, list[str]] = {}
    for name, spec in specs.items():
        try:
            message = _too_fast(build_model(spec, name))
        except SomSimError as error:
            message = str(error)
        if message:
            found.setdefault(message, []).append(name)
    return [
        Problem(
            path=(),
            message=message
            if len(names) == len(specs)
            else f"{message} (in strategy {' and '.join(names)})",
            file=file,
        )
        for message, names in found.items()
    ]


def _too_fast(model: Model) -> str:
    """Return which cell people leave too often for one cycle, or nothing."""
    if model.discrete:
        return ""
    for cycle, days in enumerate(model.calendar.days):
        rates = model.generator_in(cycle).exit_rates()[:, 0]
        cell = int(np.argmax(rates))
        if rates[cell] * days / DAYS_PER_YEAR > MAX_EXPECTED_JUMPS:
            return (
                f"people in {model.axes.cell_name(cell)} make {rates[cell]:.4g} moves a year, by "
                f"several rows or effects together: more than {MAX_EXPECTED_JUMPS:,} in the cycle "
                f"from {model.calendar.boundaries[cycle]}; choose longer stays or a shorter cycle"
            )
    return ""
