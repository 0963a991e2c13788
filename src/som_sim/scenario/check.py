"""Everything the sections of a file must agree on, checked together and reported together.

Each check is a function of one section that adds to a `Findings`; the list at the end runs them
all. Names are looked up in what the file *declares*, so that one wrong programme is one problem.
"""

from __future__ import annotations

from som_sim.core.errors import Problem, suggest
from som_sim.scenario.check_clocks import check_clocks
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
from som_sim.scenario.check_posterior import check_posterior
from som_sim.scenario.check_prices import check_accounts
from som_sim.scenario.check_rates import check_rates
from som_sim.scenario.check_schedules import check_ageing, check_schedules
from som_sim.scenario.check_values import check_values
from som_sim.scenario.findings import Findings
from som_sim.scenario.names import DeclaredNames
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.schema import ScenarioFile
from som_sim.scenario.walk import walk


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
    for path, value in walk(findings.spec):
        if path[:1] == ("knowledge",):
            continue  # a knowledge file says its sources in full
        source = getattr(value, "source", None)
        if source and source not in findings.names.sources:
            findings.error(
                (*path, "source"),
                f"source '{source}' is not declared in 'sources'; "
                + suggest(source, findings.names.sources),
            )
        if isinstance(value, Quantity) and value.number is None:
            check_use(findings, path, value)


CHECKS = (
    check_domains,
    check_clocks,
    check_parameters,
    check_correlations,
    check_posterior,
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
    check_accounts,
    check_grants,
    check_measures,
    check_values,
    check_rates,
    check_idle,
    check_evidence,
)
