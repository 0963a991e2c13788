"""The scripts that `make check` uses find the fault they are there for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run_script(script: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, script, *arguments], cwd=folder, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<a href="https://example.org/">a link to follow</a>', ""),
        ('<script src="_static/furo.js"></script>', ""),
        ('<link rel="canonical" href="https://example.org/">', ""),
        ('<script src="https://example.org/a.js"></script>', "https://example.org/a.js"),
        ('<img src="//example.org/a.png">', "//example.org/a.png"),
        ('<link rel="stylesheet" href="https://example.org/a.css">', "https://example.org/a.css"),
        ("<style>@import 'https://example.org/b.css';</style>", "https://example.org/b.css"),
        ('<p style="background: url(https://example.org/c.png)">', "https://example.org/c.png"),
    ],
)
def test_a_page_that_loads_from_outside_is_found(
    page: str, fault: str, repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    ran = run_script(repository / "scripts" / "check_offline.py", ".", folder=tmp_path)
    assert ran.returncode == (1 if fault else 0)
    assert ran.stderr == (f"page.html: loads {fault}\n" if fault else "")


def test_an_empty_folder_is_no_built_documentation(repository: Path, tmp_path: Path) -> None:
    ran = run_script(repository / "scripts" / "check_offline.py", ".", folder=tmp_path)
    assert ran.returncode == 1


def test_a_notebook_is_what_its_script_makes(repository: Path, tmp_path: Path) -> None:
    script = repository / "scripts" / "notebooks.py"
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "one.py").write_text("# %% [markdown]\n# # One\n\n# %%\n1 + 1\n", encoding="utf-8")
    paired = folder / "one.ipynb"

    assert run_script(script, "check", folder=tmp_path).returncode == 1  # missing
    assert run_script(script, "write", folder=tmp_path).returncode == 0
    assert run_script(script, "check", folder=tmp_path).returncode == 0
    first = paired.read_bytes()
    run_script(script, "write", folder=tmp_path)
    assert paired.read_bytes() == first

    paired.write_text(paired.read_text(encoding="utf-8").replace("1 + 1", "1 + 2"), "utf-8")
    assert run_script(script, "check", folder=tmp_path).returncode == 1  # edited on one side only

    paired.write_bytes(first)
    (folder / "stray.ipynb").write_bytes(first)
    assert run_script(script, "check", folder=tmp_path).returncode == 1  # no script beside it
