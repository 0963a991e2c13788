"""Write a result to a directory: all of it, or nothing.

Every file is first written in a hidden folder: beside the directory while that does not exist, and
within it when it does, so that moving is one atomic step on one file system. A new directory then
appears as a whole. In one that is there the old ``summary.json`` goes first and the new one comes
last, so that a directory with a ``summary.json`` always holds the tables and figures it speaks of.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from som_sim.core.errors import SomSimError
from som_sim.report import naming
from som_sim.report.money import net_table
from som_sim.report.tables import csv_text

if TYPE_CHECKING:
    from som_sim.result import Result

SUMMARY = "summary.json"
TABLES: Mapping[str, str] = {
    "targets": "targets",
    "sight": "sight",
    "observations": "observations",
    "indicator_paths": "indicator_paths",
    "net_by_year": "net_by_year",
    "cost_by_year": "cost_by_year",
    "break_even": "break_even_table",
    "economics": "economics",
    "comparison": "comparison",
    "values": "values",
    "value_totals": "value_totals",
    "cost_effectiveness": "cost_effectiveness",
    "grants": "grants",
    "savings": "savings",
    "funding": "funding",
    "liquidity": "liquidity",
    "programmes": "programmes",
    "places": "places",
    "reconciliation": "reconciliation",
    "ledger": "ledger",
    "accounts": "accounts",
    "occupancy": "occupancy",
    "flows": "flows",
    "person_time": "person_time",
}
"""The name of each table on disk, and of the result's frame it is written from."""
TABLES_OF_DRAWS: Mapping[str, str] = {
    "intervals": "intervals",
    "target_paths": "target_paths",
}
"""Those that only a run with draws has."""


def tables_of(result: Result) -> Mapping[str, str]:
    """Return the tables that a result is written as, by their names on disk."""
    return TABLES if result.uncertainty is None else {**TABLES, **TABLES_OF_DRAWS}


def summary_text(result: Result, files: tuple[str, ...] = ()) -> str:
    """Return the summary as JSON text, with the names of the files that were written beside it."""
    summary = result.summary() | ({"files": list(files)} if files else {})
    return json.dumps(summary, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def save(result: Result, directory: str | os.PathLike[str], lang: str | None = None) -> None:
    """Write summary, tables and figures into a directory, which is made if it is not there.

    Files that an earlier save listed in its summary and this one does not write are removed; other
    files are left alone.

    Parameters
    ----------
    result
        What a run gave.
    directory
        Where to write.
    lang
        The language of the figures, ``"da"`` or ``"en"``; else the scenario's own, else English.

    Raises
    ------
    SomSimError
        When the directory cannot be written to; what was there is then untouched.
    """
    lang = naming.language(result, lang)
    save_files(directory, lambda folder: _write_all(result, folder, lang))


def save_files(directory: str | os.PathLike[str], write: Callable[[Path], None]) -> None:
    """Fill a directory with what `write` puts into a folder, all of it or nothing.

    Parameters
    ----------
    directory
        Where the files go; it is made if it is not there.
    write
        Writes every file, `SUMMARY` among them, whose ``files`` lists the others.

    Raises
    ------
    SomSimError
        When the directory cannot be written to; what was there is then untouched.
    """
    check_directory(directory)
    target = Path(os.path.abspath(directory))
    try:
        home = target if target.is_dir() else target.parent
        home.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=home))
    except OSError as error:
        raise _cannot_write(target, error) from None
    try:
        ready = staging / "ready"  # unlike its parent, made with the user's usual permissions
        ready.mkdir()
        write(ready)
        if target.exists():
            _move_in(ready, target)
        else:
            os.replace(ready, target)
    except OSError as error:
        raise _cannot_write(target, error) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def check_directory(directory: str | os.PathLike[str]) -> None:
    """Raise when results cannot be written to a directory, before any time is spent on a run.

    Raises
    ------
    SomSimError
        With one sentence that says why.
    """
    if not os.fspath(directory).strip():
        raise SomSimError("the name of the directory to write to is empty")
    target = Path(directory)
    if target.exists() and not target.is_dir():
        raise SomSimError(f"cannot write to {target}: it is a file, not a directory")
    existing = target.absolute()
    while not existing.exists():
        existing = existing.parent
    if not existing.is_dir():
        raise SomSimError(f"cannot write to {target}: {existing} is a file, not a directory")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise SomSimError(f"cannot write to {target}: no permission to write in {existing}")


def _cannot_write(target: Path, error: OSError) -> SomSimError:
    return SomSimError(f"cannot write to {target}: {error.strerror or error}")


def _write_all(result: Result, folder: Path, lang: str) -> None:
    for name, frame in tables_of(result).items():
        write_text(folder / f"{name}.csv", csv_text(getattr(result, frame)))
    if getattr(result, "engine", "cohort") == "individual":
        write_text(folder / "replicates.csv", csv_text(result.replicates))
        write_text(folder / "monte_carlo.csv", csv_text(result.monte_carlo))
    _write_figures(result, folder, lang)
    files = tuple(sorted(path.name for path in folder.iterdir()))
    write_text(folder / SUMMARY, summary_text(result, files))


def write_text(path: Path, written: str) -> None:
    """Write a text file with the same bytes on every system."""
    path.write_text(written, encoding="utf-8", newline="\n")


def _write_figures(result: Result, folder: Path, lang: str) -> None:
    from som_sim.report import figures
    from som_sim.report.figures_draws import goal_over_time_figure, goal_paths, goal_words
    from som_sim.report.style import save_figure

    creator = f"som_sim {result.version}"
    for target in figures.drawn_targets(result):
        save_figure(
            figures.target_figure(result, target, lang),
            folder / f"target_{target}",
            title=figures.target_words(result, target, lang),
            creator=creator,
        )
        if goal_paths(result, target):
            save_figure(
                goal_over_time_figure(result, target, lang),
                folder / f"goal_over_time_{target}",
                title=goal_words(result, target, lang),
                creator=creator,
            )
    for strategy in result.strategies[1:]:
        if not net_table(result, strategy, "constant").size:
            continue
        save_figure(
            figures.cumulative_net_figure(result, strategy, lang),
            folder / f"cumulative_net_{strategy}",
            title=figures.net_words(result, strategy, lang),
            creator=creator,
        )


def _move_in(ready: Path, target: Path) -> None:
    names = sorted(path.name for path in ready.iterdir() if path.name != SUMMARY)
    earlier = _files_of_earlier_save(target)
    (target / SUMMARY).unlink(missing_ok=True)
    for name in earlier - set(names):
        (target / name).unlink(missing_ok=True)
    for name in names:
        os.replace(ready / name, target / name)
    os.replace(ready / SUMMARY, target / SUMMARY)


def _files_of_earlier_save(target: Path) -> set[str]:
    """Return the files in a directory that the summary in it lists as its own."""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        listed = json.loads((target / SUMMARY).read_text(encoding="utf-8")).get("files", [])
        return {
            name
            for name in listed
            if isinstance(name, str) and Path(name).name == name and (target / name).is_file()
        }
    return set()
