"""What can be wrong, said once: a `Problem` has a place and a sentence, an error carries them all.

The reader never stops at the first problem. It collects `Problem` records and raises one
`ScenarioError` that lists every one of them, each as ``file:line:column: path: what is wrong``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""The way to a place in a scenario file: keys and list positions, outermost first."""


def path_text(path: Path) -> str:
    """Write a path as users know it from their file.

    Examples
    --------
    >>> path_text(("transitions", 1, "to", "own_home"))
    'transitions[1].to.own_home'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in a user's input, and where.

    Attributes
    ----------
    path
        Keys and list positions that lead to the place; empty when the whole file is meant.
    message
        What is wrong and what is allowed, in one sentence without a full stop.
    at_key
        True when the key itself is wrong (unknown key), so that the position is the key's.
    file, line, column
        The place in the text, counted from 1; line 0 when no place in a text is known.
    cell
        Sheet and cell in a workbook, where line and column only say what comes first.
    """

    path: Path
    message: str
    at_key: bool = False
    file: str = ""
    line: int = 0
    column: int = 0
    cell: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else ""
        if self.cell:
            place = f"{self.file}: {self.cell}: "
        if not place and self.file:
            place = f"{self.file}: "
        where = path_text(self.path)
        return f"{place}{where}: {self.message}" if where else f"{place}{self.message}"


class SomSimError(Exception):
    """Base of every error som_sim raises on purpose."""


class ScenarioError(SomSimError):
    """The input is wrong; `problems` holds every problem found.

    Attributes
    ----------
    problems : tuple of Problem
        In the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def suggest(name: object, allowed: Iterable[str]) -> str:
    """Return the end of a message that helps with a misspelt name.

    Examples
    --------
    >>> suggest("plases", ["places", "stay"])
    "did you mean 'places'?"
    >>> suggest("xyz", ["places", "stay"])
    'allowed: places, stay'
    """
    names = [str(one) for one in allowed]
    near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"allowed: {', '.join(names)}" if names else "none is declared"
