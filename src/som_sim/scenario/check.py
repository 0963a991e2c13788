"""Everything the sections of a file must agree on, checked together and reported together.

Each check is a function of one section that adds to a `Findings`; the list at the end runs them
all. Names are looked up in what the file *declares*, so that one wrong programme is one problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from som_sim.core.errors import Path, Problem, suggest
from som_sim.scenario.check_discrete import check_step
from som_sim.scenario.check_effects import check_effects
from som_sim.scenario.check_idle import check_idle
from som_sim.scenario.check_measures import check_measures
from som_sim.scenario.check_model import (
    check_domains,
    check_population,
    check_programmes,
    check_strategies,
    check_transitions,
)
from som_sim.scenario.check_money import check_grants, check_money, check_prices
from som_sim.scenario.check_parameters import check_correlations, check_parameters, check_use
from som_sim.scenario.check_places import check_places
from som_sim.scenario.check_rates import check_rates
from som_sim.scenario.check_schedules import check_ageing, check_schedules
from som_sim.scenario.check_values import check_values
from som_sim.scenario.findings import Findings
from som_sim.scenario.names import DeclaredNames
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.schedules import Schedule
from som_sim.scenario.schema import ScenarioFile


def check(spec: ScenarioFile, names: DeclaredNames) -> tuple[list[Problem], list[Problem]]:
    """Return the errors and the warnings of a file whose sections are sound on their own.

    Parameters
    ----------
    spec
        The file, or what is left of it when unsound items are taken out.
    names
        What the file declares, unsound items included.
    """
    findings = Findings(spec=spec, names=names)
    for run in CHECKS:
        run(findings)
    return findings.errors, findings.warnings


def check_evidence(findings: Findings) -> None:
    """Every source named is declared; every parameter named exists and fits its place."""
    for path, value in _walk(findings.spec, ()):
        source = getattr(value, "source", None)
        if source and source not in findings.names.sources:
            findings.error(
                (*path, "source"),
                f"source '{source}' is not declared in 'sources'; "
                + suggest(source, findings.names.sources),
            )
        if isinstance(value, Quantity) and value.number is None:
            check_use(findings, path, value)


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield every record and quantity with its path in the file."""
    if isinstance(value, BaseModel):
        yield path, value
        for key, field in type(value).model_fields.items():
            yield from _walk(getattr(value, key), (*path, field.alias or key))
    elif isinstance(value, Quantity):
        yield path, value
    elif isinstance(value, Schedule):
        for period, quantity in value.steps:
            inside = (*path, "posts") if value.times else path
            yield (*inside, period.text) if period else inside, quantity
        if value.times:
            yield (*path, "caseload"), value.times
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, (*path, key))
    elif isinstance(value, tuple):
        for position, inner in enumerate(value):
            yield from _walk(inner, (*path, position))


CHECKS = (
    check_domains,
    check_parameters,
    check_correlations,
    check_population,
    check_transitions,
    check_programmes,
    check_effects,
    check_schedules,
    check_ageing,
    check_step,
    check_places,
    check_strategies,
    check_money,
    check_prices,
    check_grants,
    check_measures,
    check_values,
    check_rates,
    check_idle,
    check_evidence,
)
