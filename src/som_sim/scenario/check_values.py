"""Checks on what is not money."""

from __future__ import annotations

from som_sim.core.errors import Path
from som_sim.knowledge.rules import discount_rates
from som_sim.scenario.check_measures import check_moves, check_people
from som_sim.scenario.findings import Findings
from som_sim.scenario.values import Value


def check_values(findings: Findings) -> None:
    """Each value is about people or moves that exist, and is discounted in a way that is known."""
    for name, value in findings.spec.values.items():
        path: Path = ("values", name)
        _check_parts(findings, path, value)
        if value.in_ is not None and value.per != "move":
            check_people(findings, (*path, "in"), value.in_)
        if value.moves is not None and value.per == "move":
            check_moves(findings, path, value.moves)
        _check_discounting(findings, path, value)


def _check_parts(findings: Findings, path: Path, value: Value) -> None:
    """Check that the keys are those that go with `per`."""
    wanted = ("from", "to") if value.per == "move" else ("in",)
    for key, part in (("in", value.in_), ("from", value.from_), ("to", value.to)):
        if key in wanted and part is None:
            findings.error(path, f"a value per {value.per} needs '{key}'")
        if key not in wanted and part is not None:
            findings.error(
                (*path, key),
                f"a value per {value.per} takes no '{key}', but {_listed(wanted)}",
                at_key=True,
            )


def _listed(keys: tuple[str, ...]) -> str:
    return " and ".join(f"'{key}'" for key in keys)


def _check_discounting(findings: Findings, path: Path, value: Value) -> None:
    rate = value.discount_rate
    if isinstance(rate, str):
        findings.known((*path, "discount_rate"), "discount rate", rate, tuple(discount_rates()))
    elif not 0 <= rate < 1:
        findings.error(
            (*path, "discount_rate"), f"{rate:f} is not a rate a year (0 to 1), such as 0.035"
        )
    elif not rate and value.base_year is not None:
        findings.error(
            (*path, "base_year"),
            "the year that discounting starts from goes with a 'discount_rate' above 0",
        )
