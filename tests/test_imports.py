"""Rooms of the package import one way, and leave slow libraries alone until they are needed."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import som_sim

PACKAGE = "som_sim"
SOURCE = Path(som_sim.__path__[0]).resolve()

# A module imports only from its own room and from rooms before it; those in one row are equals.
ORDER = (
    ("core",),
    ("knowledge",),
    ("economics",),
    ("scenario",),
    ("model",),
    ("engine",),
    ("ledger",),
    ("outcomes",),
    ("chain", "frames", "result", "summarise"),
    ("som",),
    ("analysis",),
    ("report",),
    ("writing",),
    ("cli",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}

# What any room may take from the package itself: it is read before anything else is imported.
FREE_NAMES = frozenset({"__version__"})

# `save` is there for notebooks; the writing is the report's.
EXCEPTIONS = frozenset(
    {
        ("som_sim.result", "som_sim.report.save.save"),
        ("som_sim.analysis.sensitivity", "som_sim.report.sensitivity_save.save"),
    }
)

SLOW_LIBRARIES = frozenset({"scipy", "pandas", "matplotlib"})


def room(module: str) -> str:
    """Return the part of a module's name after the package: ``core`` for ``som_sim.core.time``."""
    return module.split(".")[1] if "." in module else ""


def imported(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything a module imports, inside functions as well.

    ``from som_sim import x`` and ``from . import x`` give ``som_sim.x``: what is named counts, not
    only where it is looked up.
    """
    home = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            start = home[: len(home) - node.level + 1] if node.level else []
            base = ".".join([*start, *(node.module.split(".") if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def against_the_order(text: str, module: str, *, is_package: bool = False) -> list[str]:
    """Return one line for each import by which a module reaches into a later room."""
    found = []
    own_rank = RANK[room(module)]
    for line, name in imported(ast.parse(text), module, is_package=is_package):
        if name.split(".")[0] != PACKAGE or name.removeprefix(f"{PACKAGE}.") in FREE_NAMES:
            continue
        if (module, name) in EXCEPTIONS:
            continue
        rank = RANK.get(room(name))
        if rank is None:
            found.append(f"{module}:{line}: imports {name}, which is in no room")
        elif rank > own_rank:
            found.append(f"{module}:{line}: imports {name}, a later room than its own")
    return found


def source_modules() -> list[tuple[str, Path]]:
    """Return name and file of every module of the package but its root, which may be lazy."""
    modules = []
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name not in (PACKAGE, f"{PACKAGE}.__main__"):
            modules.append((name, path))
    return modules


def test_every_room_has_its_place_in_the_order() -> None:
    assert {room(name) for name, _ in source_modules()} <= set(RANK)


def test_imports_run_one_way() -> None:
    found = [
        line
        for name, path in source_modules()
        for line in against_the_order(
            path.read_text(encoding="utf-8"), name, is_package=path.name == "__init__.py"
        )
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("som_sim.core.time", "from som_sim.engine import cohort"),
        ("som_sim.core.time", "import som_sim.engine.cohort as cohort"),
        ("som_sim.core.time", "from ..engine import cohort"),
        ("som_sim.core.time", "from .. import engine"),
        ("som_sim.core.time", "def f():\n    from som_sim.engine.cohort import simulate"),
        ("som_sim.ledger.post", "from som_sim import outcomes"),
        ("som_sim.ledger.post", "from som_sim import load"),
        ("som_sim.ledger.post", "import som_sim"),
        ("som_sim.result", "from som_sim.report.files import write"),
    ],
)
def test_an_import_against_the_order_is_found(module: str, text: str) -> None:
    assert len(against_the_order(text, module)) == 1


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("som_sim.engine.cohort", "from som_sim.core import time"),
        ("som_sim.engine.cohort", "from .generator import rates"),
        ("som_sim.engine.cohort", "from ..core.time import years"),
        ("som_sim.engine.cohort", "import numpy as np\nfrom scipy import linalg"),
        ("som_sim.chain", "from som_sim.result import Result"),
        ("som_sim.report.files", "from som_sim import __version__"),
    ],
)
def test_an_import_along_the_order_is_left_alone(module: str, text: str) -> None:
    assert against_the_order(text, module) == []


def test_every_module_imports() -> None:
    for found in pkgutil.walk_packages(som_sim.__path__, f"{PACKAGE}."):
        if not found.name.endswith(".__main__"):
            importlib.import_module(found.name)


def test_a_public_name_is_never_hidden_by_a_module_of_that_name() -> None:
    """Importing ``som_sim.run`` somewhere must not turn ``som_sim.run`` into a module."""
    for found in pkgutil.walk_packages(som_sim.__path__, f"{PACKAGE}."):
        if not found.name.endswith(".__main__"):
            importlib.import_module(found.name)
    hidden = [name for name in som_sim.__all__ if isinstance(getattr(som_sim, name), ModuleType)]
    assert hidden == ["economics"], "a room that is offered as a module"


# Runs the statements given to it, then prints as its last line what was imported by then.
PROBE = """
import json, sys
code = 0
try:
    exec(sys.argv.pop(1))
except SystemExit as stop:
    code = stop.code or 0
modules = sorted({name.partition(".")[0] for name in sys.modules})
print()
print(json.dumps({"code": code, "modules": modules}))
"""


def imported_by(statements: str, *arguments: str, folder: Path) -> tuple[int, set[str]]:
    """Return exit code and top-level modules of a fresh interpreter that ran some statements."""
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, statements, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    answer = json.loads(ran.stdout.splitlines()[-1])
    return answer["code"], set(answer["modules"])


@pytest.mark.parametrize("arguments", [("--help",), ("validate", "scenarios/randers_act.yaml")])
def test_the_quick_commands_load_no_slow_library(
    arguments: tuple[str, ...], repository: Path
) -> None:
    code, modules = imported_by(
        "from som_sim.cli.main import main; raise SystemExit(main())", *arguments, folder=repository
    )
    assert code == 0
    assert not modules & SLOW_LIBRARIES


def test_the_package_itself_loads_no_slow_library(repository: Path) -> None:
    _, modules = imported_by("import som_sim", folder=repository)
    assert PACKAGE in modules
    assert not modules & SLOW_LIBRARIES


def test_the_probe_sees_a_slow_library(repository: Path) -> None:
    _, modules = imported_by("import scipy", folder=repository)
    assert "scipy" in modules
