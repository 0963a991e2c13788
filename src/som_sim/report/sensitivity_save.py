"""Write a sensitivity analysis: a table, a summary with where it comes from, and figures.

The files have names of their own and each appears as a whole, so that they can stand beside what
`som-sim run` wrote.
"""

from __future__ import annotations

import io
import json
import os
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from som_sim.analysis.sensitivity_table import shown
from som_sim.core.errors import SomSimError
from som_sim.core.write import write_whole
from som_sim.report import naming
from som_sim.report.save import check_directory
from som_sim.report.tables import csv_text

if TYPE_CHECKING:
    from som_sim.analysis.importance import Importance
    from som_sim.analysis.sensitivity import Sensitivity

FORMAT_VERSION = 1
TABLE, SUMMARY, IMPORTANCE = "sensitivity.csv", "sensitivity.json", "importance.csv"


def summary_of(found: Sensitivity) -> dict[str, Any]:
    """Return a sensitivity analysis as plain values that JSON can hold."""
    result, varied = found.result, found.varied
    columns = [name for name in found.table.columns if name not in ("outcome", "strategy")]
    once = ("outcome_unit", "outcome_base", "threshold")
    outcomes = {}
    for way in found.ways:
        table = found.table[found.table["outcome"] == str(way.outcome)]
        rows = [
            {name: _plain(row[name]) for name in columns if name not in once}
            for row in table.to_dict("records")
        ]
        outcomes[str(way.outcome)] = {
            "unit": way.outcome.unit,
            "base": _plain(shown(way.base, way.outcome.unit)),
            "threshold": _plain(way.threshold),
            "inputs": rows,
        }
    return {
        "format": FORMAT_VERSION,
        "scenario": result.scenario.digest,
        "file": os.path.basename(result.scenario.file),
        "set": {path: str(value) for path, value in result.scenario.overrides.items()},
        "seed": None if found.importance is None else found.importance.seed,
        "versions": {"som_sim": result.version},
        "strategy": found.strategy,
        "reference": result.reference,
        "level": found.level,
        "prices": found.prices,
        "outcomes": outcomes,
        "importance": None if found.importance is None else _drawn(found.importance),
        "not_varied": {
            "parameters": list(varied.left_out),
            "prices": varied.n_prices,
            "counted_transitions": varied.counted,
        },
    }


def _drawn(importance: Importance) -> dict[str, Any]:
    """Return what draws say as plain values."""
    rows = importance.table.to_dict("records")
    return {
        "draws": importance.n_draws,
        "inputs": [{str(key): _plain(value) for key, value in row.items()} for row in rows],
    }


def _plain(value: object) -> object:
    """Return a value of a table, None where it is missing."""
    return None if isinstance(value, float) and not isfinite(value) else value


def summary_text(found: Sensitivity) -> str:
    """Return the summary as JSON text."""
    return json.dumps(summary_of(found), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def save(found: Sensitivity, directory: str | os.PathLike[str], lang: str | None = None) -> None:
    """Write table, summary and figures into a folder.

    Parameters
    ----------
    found
        What a sensitivity analysis gave.
    directory
        Made when it is not there.
    lang
        ``"da"`` or ``"en"``; else the scenario's own, else English.

    Raises
    ------
    SomSimError
        When the folder cannot be written to.
    """
    from som_sim.report.figures_tornado import tornado_figure, tornado_words

    check_directory(directory)
    language = naming.language(found.result, lang)
    files: dict[str, bytes] = {TABLE: csv_text(found.table).encode()}
    for outcome in found.outcomes:
        figure = tornado_figure(found, outcome, language)
        stem = "tornado_" + outcome.replace(":", "_")
        title = tornado_words(found, outcome, language)
        files |= _pictures(figure, stem, title, f"som_sim {found.result.version}")
    if found.importance is not None:
        files[IMPORTANCE] = csv_text(found.importance.table).encode()
    files[SUMMARY] = summary_text(found).encode()
    folder = Path(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SomSimError(f"cannot write to {folder}: {error.strerror or error}") from None
    for name, content in files.items():
        write_whole(folder / name, content)


def _pictures(figure: Any, stem: str, title: str, creator: str) -> dict[str, bytes]:
    """Return a figure as SVG and PNG; the same figure gives the same bytes."""
    from som_sim.report.style import DOTS_PER_INCH, house_style

    found = {}
    for kind, metadata in (
        ("svg", {"Title": title, "Creator": creator, "Date": None}),
        ("png", {"Title": title, "Software": creator}),
    ):
        page = io.BytesIO()
        with house_style():
            figure.savefig(
                page,
                format=kind,
                metadata=metadata,
                bbox_inches="tight",
                pad_inches=0.25,
                dpi=DOTS_PER_INCH,
                facecolor="white",
            )
        found[f"{stem}.{kind}"] = page.getvalue()
    return found
