"""Keep each notebook's two files alike: ``python scripts/notebooks.py check|write``.

The ``.py`` (percent format) is what is written, reviewed and linted; the ``.ipynb`` beside it is
what a reader opens. ``write`` makes the second from the first, without outputs; ``check`` fails
when a file is not what ``write`` would make, so also when outputs were committed.
"""

import sys
from pathlib import Path

import jupytext

FOLDER = Path("notebooks")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook_text(script: Path) -> str:
    """Return the .ipynb of a script, always the same text for the same script."""
    notebook = jupytext.read(script)
    notebook.metadata.setdefault("kernelspec", KERNEL)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return jupytext.writes(notebook, fmt="ipynb").rstrip("\n") + "\n"


def write() -> int:
    for script in sorted(FOLDER.glob("*.py")):
        script.with_suffix(".ipynb").write_text(notebook_text(script), encoding="utf-8")
    return 0


def check() -> int:
    scripts = set(FOLDER.glob("*.py"))
    wrong = [
        paired
        for paired in sorted(
            {script.with_suffix(".ipynb") for script in scripts} | set(FOLDER.glob("*.ipynb"))
        )
        if paired.with_suffix(".py") not in scripts
        or not paired.exists()
        or paired.read_text(encoding="utf-8") != notebook_text(paired.with_suffix(".py"))
    ]
    for paired in wrong:
        print(f"{paired}: is not what 'make notebooks' makes from its .py", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    commands = {"check": check, "write": write}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(commands[sys.argv[1]]())
