"""Where the checks put what they find, and the look-ups they share."""

from __future__ import annotations

from dataclasses import dataclass, field

from som_sim.core.errors import Path, Problem, suggest
from som_sim.core.names import NO_PROGRAMME
from som_sim.scenario.distributions import Distribution
from som_sim.scenario.names import DeclaredNames
from som_sim.scenario.parameters import BaseCase, base_case, quantity_unit, quantity_value
from som_sim.scenario.quantities import RANGES, Condition, Quantity
from som_sim.scenario.schema import ScenarioFile
from som_sim.scenario.uncertainty import fit_parameters
from som_sim.scenario.units import fitting_units


@dataclass(slots=True, kw_only=True)
class Findings:
    """The file under inspection and the problems found so far.

    Attributes
    ----------
    base
        The parameters at their stated values.
    distributions, unfit
        The distribution of each uncertain parameter, or why it has none.
    """

    spec: ScenarioFile
    names: DeclaredNames
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    base: BaseCase = field(init=False)
    distributions: dict[str, Distribution] = field(init=False)
    unfit: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        parameters = self.spec.parameters
        self.base = base_case(parameters)
        self.distributions, self.unfit = fit_parameters(parameters, self.base)

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
            if key in self.names.clocks and key not in self.spec.clocks:
                continue  # it is unsound, which is said there
            what = f"state of {key}" if key in self.names.domains else key
            for name in listed:
                if key in self.names.clocks and key not in self.names.domains:
                    self._time((*path, key), key, name, allowed)
                else:
                    self.known((*path, key), what, name, allowed)

    def _time(self, path: Path, clock: str, name: str, allowed: tuple[str, ...]) -> None:
        """Check that a clock can be at a time; one that it cannot may lack an edge."""
        if name not in allowed:
            edges = ", ".join(edge.text for edge in self.spec.clocks[clock].edges)
            self.error(
                path,
                f"'{name}' is no time between edges of the clock {clock} ({edges}); write "
                f"'{allowed[-1]}', for one, or add an edge to the clock",
            )

    def values_of(self, key: str) -> tuple[str, ...]:
        """Return the names a key of a condition can take."""
        if key == "stratum":
            return self.names.strata
        if key == "programme":
            return (NO_PROGRAMME, *self.names.programmes)
        if key == "homeless":
            return ("true", "false")
        return self.names.domains.get(key) or self.names.clocks.get(key, ())

    @property
    def cell_keys(self) -> tuple[str, ...]:
        """Keys that a condition on people can have."""
        return (*self.names.domains, *self.names.clocks, "stratum", "programme", "homeless")

    def number(self, quantity: Quantity | None) -> float | None:
        """Return a quantity's value, through its parameters; None where that is unsound."""
        if quantity is None:
            return None
        if quantity.number is not None:
            return quantity.number
        try:
            unit = quantity_unit(quantity, self.base.units)
            value = quantity_value(quantity, self.base.values)
        except (ValueError, KeyError):  # said by check_parameters
            return None
        fits = unit in fitting_units(quantity.kind) and RANGES[quantity.kind][1](value)
        return value if fits else None
