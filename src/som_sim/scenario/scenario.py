"""What reading a scenario file gives: one validated file per strategy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from som_sim.core.errors import Path, Problem
from som_sim.core.yaml_tree import Document
from som_sim.scenario.schema import ScenarioFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario as read, checked, and ready to compile.

    Attributes
    ----------
    file
        Name of the file as the user gave it.
    digest
        SHA-256 of the content, in hexadecimal: the same for two files that differ only in comments,
        white space or the way a number is written, another when any value or the order changes. It
        is of the whole, so a file that extends another has the digest of the two in one, and what
        stands in tables counts.
    strategies : read-only mapping of name to ScenarioFile
        In the order of the file, the first being the reference; each is the whole file with the
        overrides of that strategy applied.
    bases : tuple of (name, digest)
        The file it extends, the file that one extends, and so on; empty when it extends none.
    overrides : read-only mapping of path to text
        What was set over the file when it was read, as ``--set`` writes it.
    warnings
        What is allowed but deserves a look.
    documents : mapping of strategy to Document
        The tree that each strategy was read from, with the place of every value.
    """

    file: str
    digest: str
    strategies: Mapping[str, ScenarioFile]
    bases: tuple[tuple[str, str], ...] = ()
    overrides: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[Problem, ...] = ()
    documents: Mapping[str, Document] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False
    )

    @property
    def base(self) -> ScenarioFile:
        """The file as the reference strategy sees it."""
        return next(iter(self.strategies.values()))

    def place_of(self, path: Path, strategy: str) -> str:
        """Return where something stands, as ``file:line:column``; the file where that is unknown.

        Parameters
        ----------
        path
            Its keys and positions, such as ``("prices", "shelter_day")``.
        strategy
            An override of the strategy stands where the strategy says it.
        """
        if strategy not in self.documents:
            return self.file
        found = self.documents[strategy].problem(path, "", at_key=True)
        return f"{found.file}:{found.line}:{found.column}" if found.line else found.file
