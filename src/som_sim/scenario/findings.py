"""Where the checks put what they find, and the look-ups they share."""

from __future__ import annotations

from dataclasses import dataclass, field

from som_sim.core.errors import Path, Problem, suggest
from som_sim.core.names import NO_PROGRAMME
from som_sim.scenario.names import DeclaredNames
from som_sim.scenario.quantities import Condition, Quantity, number_in_range
from som_sim.scenario.schema import ScenarioFile


@dataclass(slots=True, kw_only=True)
class Findings:
    """The file under inspection and the problems found so far."""

    spec: ScenarioFile
    names: DeclaredNames
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def error(self, path: Path, message: str, *, at_key: bool = False) -> None:
        """Add an error."""
        self.errors.append(Problem(path=path, message=message, at_key=at_key))

    def warn(self, path: Path, message: str) -> None:
        """Add a warning."""
        self.warnings.append(Problem(path=path, message=message))

    def known(self, path: Path, what: str, name: object, allowed: tuple[str, ...]) -> bool:
        """Check that a name is declared; `what` says what it should be."""
        if name in allowed:
            return True
        self.error(path, f"'{name}' is no {what}; {suggest(name, allowed)}")
        return False

    def condition(self, path: Path, where: Condition, allowed_keys: tuple[str, ...]) -> None:
        """Check the keys and names of a condition."""
        for key, listed in where.allowed:
            if key not in allowed_keys:
                self.error((*path, key), f"unknown key; {suggest(key, allowed_keys)}", at_key=True)
                continue
            allowed = self.values_of(key)
            for name in listed:
                what = f"state of {key}" if key in self.names.domains else key
                self.known((*path, key), what, name, allowed)

    def values_of(self, key: str) -> tuple[str, ...]:
        """Return the names a key of a condition can take."""
        if key == "stratum":
            return self.names.strata
        if key == "programme":
            return (NO_PROGRAMME, *self.names.programmes)
        if key == "homeless":
            return ("true", "false")
        return self.names.domains.get(key, ())

    @property
    def cell_keys(self) -> tuple[str, ...]:
        """Keys that a condition on people can have."""
        return (*self.names.domains, "stratum", "programme", "homeless")

    def number(self, quantity: Quantity | None) -> float | None:
        """Return a quantity's value, through its parameter; None where that is unsound."""
        if quantity is None:
            return None
        if quantity.number is not None:
            return quantity.number
        parameter = self.spec.parameters.get(quantity.parameter)
        try:
            return None if parameter is None else number_in_range(quantity.kind, parameter.value)
        except ValueError:
            return None
