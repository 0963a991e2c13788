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
from som_sim.scenario.parameters import Parameters, is_derived, scale_of
from som_sim.scenario.read import load
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

    Of a calibration of another scenario it takes the parameters that the file has too.

    Parameters
    ----------
    found
        A calibration of that file, or of another with some of its parameters.
    base
        The scenario file that the overlay extends.
    replace
        Whether files of these names may be replaced.

    Raises
    ------
    SomSimError
        When they are there already or cannot be written, or the file has none of the parameters.
    ScenarioError
        When the file is wrong.
    """
    overlay, table = overlay_names(base)
    if not replace:
        for path in (overlay, table):
            if os.path.lexists(path):
                raise SomSimError(f"{path} is there already, and is left as it is")
    parameters = load(base).base.parameters
    names = shared_names(found, parameters)
    if not names:
        raise SomSimError(f"{base} has none of the parameters that were fitted")
    write_whole(table, table_text(found, names).encode(), replace=replace)
    text = overlay_text(found, parameters, Path(base).name, table.name)
    write_whole(overlay, text.encode(), replace=replace)
    return overlay, table


def shared_names(found: Calibration, parameters: Parameters) -> tuple[str, ...]:
    """Return the fitted parameters that a file states too."""
    return tuple(
        name for name in found.names if name in parameters and not is_derived(parameters[name])
    )


def table_text(found: Calibration, names: tuple[str, ...]) -> str:
    """Return the draws of some parameters as CSV, a column each, in years or per year."""
    rows = found.values[:, [found.names.index(name) for name in names]].tolist()
    lines = [",".join(names)]
    lines += [",".join(f"{value:.10g}" for value in row) for row in rows]
    return "\n".join(lines) + "\n"


def overlay_text(found: Calibration, parameters: Parameters, base: str, table: str) -> str:
    """Return the overlay of a file with these parameters as YAML."""
    names = shared_names(found, parameters)
    removed = [
        f"parameters.{name}.{key}"
        for name in names
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
        *([f"remove: [{', '.join(removed)}]"] if removed else []),
        f"posterior: {json.dumps(table, ensure_ascii=False)}",
        "parameters:",
    ]
    for name in names:
        value = written(parameters[name], float(found.point[found.names.index(name)]))
        lines.append(f"  {name}: {{value: {value}, source: {SOURCE}}}")
    lines.append(f"sources: {{{SOURCE}: {{title: {json.dumps(title, ensure_ascii=False)}}}}}")
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
