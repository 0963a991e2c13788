"""Write a SØM calculation or a bridge to a directory: all of it, or nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from som_sim.report.save import SUMMARY, save_files, write_text
from som_sim.report.tables import csv_text
from som_sim.som import frames
from som_sim.som.result import SomResult
from som_sim.som.summary import summarise_som

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("ledger", "net_by_year", "quantities", "committees", "reconciliation")


def som_text(result: SomResult, files: tuple[str, ...] = ()) -> str:
    """Return the figures as JSON text, with the names of the files written beside it."""
    return as_json(summarise_som(result), files)


def as_json(summary: dict[str, Any], files: tuple[str, ...] = ()) -> str:
    """Return a summary as JSON text."""
    listed = {"files": list(files)} if files else {}
    return json.dumps(summary | listed, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def save_som(result: SomResult, directory: str | os.PathLike[str]) -> None:
    """Write summary and tables of a SØM calculation into a directory.

    Raises
    ------
    SomSimError
        When the directory cannot be written to; what was there is then untouched.
    """

    def write(folder: Path) -> None:
        tables: dict[str, pd.DataFrame] = {name: getattr(frames, name)(result) for name in TABLES}
        if result.has("net_total"):
            tables["sensitivity"] = frames.sensitivity(result)
        for name, table in tables.items():
            write_text(folder / f"{name}.csv", csv_text(table))
        files = tuple(sorted(path.name for path in folder.iterdir()))
        write_text(folder / SUMMARY, som_text(result, files))

    save_files(directory, write)
