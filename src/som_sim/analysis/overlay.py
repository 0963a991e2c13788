"""A calibration as files: a scenario that extends the calibrated one, and its table of draws.

The base stays as it is, with its golden result. The overlay states the most likely values and names
the table, and every analysis that draws parameters takes whole rows of it.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

from som_sim.analysis.calibration import Calibration
from som_sim.core.errors import SomSimError
from som_sim.core.time import DAYS_PER_YEAR, Duration
from som_sim.core.write import write_whole
from som_sim.scenario.parameters import scale_of
from som_sim.scenario.schema import Parameter

SUFFIX = ".calibrated"
SOURCE = "calibrated"
DIGITS = 6


def overlay_names(base: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Return the names of the overlay of a file and of its table of draws, beside it."""
    path = Path(base)
    return path.with_name(f"{path.stem}{SUFFIX}.yaml"), path.with_name(f"{path.stem}{SUFFIX}.csv")


def write_overlay(
    found: Calibration, base: str | os.PathLike[str], *, replace: bool = False
) -> tuple[Path, Path]:
    """Write the overlay of a file and its table of draws beside it, the table first.

    Parameters
    ----------
    found
        A calibration of that file, or of another with the same parameters.
    base
        The scenario file that the overlay extends.
    replace
        Whether files of these names may be replaced.

    Raises
    ------
    SomSimError
        When they are there already, or cannot be written.
    """
    overlay, table = overlay_names(base)
    if not replace:
        for path in (overlay, table):
            if os.path.lexists(path):
                raise SomSimError(f"{path} is there already, and is left as it is")
    write_whole(table, table_text(found).encode(), replace=replace)
    write_whole(overlay, overlay_text(found, Path(base).name, table.name).encode(), replace=replace)
    return overlay, table


def table_text(found: Calibration) -> str:
    """Return the draws as CSV, a column a parameter, in years or per year."""
    lines = [",".join(found.names)]
    lines += [",".join(f"{value:.10g}" for value in row) for row in found.values.tolist()]
    return "\n".join(lines) + "\n"


def overlay_text(found: Calibration, base: str, table: str) -> str:
    """Return the overlay as YAML."""
    parameters = found.problem.spec.parameters
    removed = [
        f"parameters.{name}.{key}"
        for name in found.names
        for key, given in (
            ("distribution", parameters[name].distribution),
            ("is", parameters[name].is_),
            ("source", parameters[name].source),
            ("grade", parameters[name].grade),
            ("note", parameters[name].note),
        )
        if given is not None
    ]
    file = os.path.basename(found.scenario.file)
    title = f"Fitted to {len(found.problem.seen)} observations of {file}"
    lines = [
        f"# The most likely values of a calibration; its {len(found.values)} draws are in {table}.",
        f"# som_sim {found.version}, seed {found.seed}, scenario {found.scenario.digest[:12]}.",
        "som_sim: 1",
        f"extends: {json.dumps(base, ensure_ascii=False)}",
        f"remove: [{', '.join(removed)}]",
        f"posterior: {json.dumps(table, ensure_ascii=False)}",
        "parameters:",
        *(
            f"  {name}: {{value: {written(parameters[name], value)}, source: {SOURCE}}}"
            for name, value in zip(found.names, found.point.tolist(), strict=True)
        ),
        f"sources: {{{SOURCE}: {{title: {json.dumps(title, ensure_ascii=False)}}}}}",
    ]
    return "\n".join(lines) + "\n"


def written(parameter: Parameter, value: float) -> str:
    """Return a value in base units as the file writes the parameter's own."""
    if isinstance(parameter.amount, Duration):
        return f"{_plain(value * DAYS_PER_YEAR)} days"
    scale = scale_of(parameter)
    if not scale:
        raise SomSimError("a parameter without a scale is not fitted")
    return _plain(value / scale)


def _plain(number: float) -> str:
    """Return a number with some digits and no exponent."""
    text = f"{Decimal(repr(float(f'{number:.{DIGITS}g}'))):f}"
    return text.removesuffix(".0")
