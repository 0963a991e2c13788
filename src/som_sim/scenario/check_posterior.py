"""Checks on a table of joint draws."""

from __future__ import annotations

from som_sim.core.errors import Path, suggest
from som_sim.scenario.findings import Findings
from som_sim.scenario.parameters import is_derived
from som_sim.scenario.posterior import POSTERIOR


def check_posterior(findings: Findings) -> None:
    """Draws are of parameters that have no distribution beside them, around the stated value."""
    posterior = findings.spec.posterior
    if posterior is None:
        return
    path: Path = (POSTERIOR,)
    for position, name in enumerate(posterior.names):
        parameter = findings.spec.parameters.get(name)
        if name not in findings.names.parameters:
            known = suggest(name, findings.names.parameters)
            findings.error(path, f"the column '{name}' is no parameter; {known}")
        elif parameter is None:  # unsound, which is said there
            continue
        elif is_derived(parameter):
            findings.error(path, f"'{name}' follows from other parameters and has no draws")
        elif parameter.distribution is not None:
            findings.error(
                ("parameters", name, "distribution"),
                f"its draws stand in '{POSTERIOR}' already; remove one of the two",
            )
        elif name in findings.base.values:
            column = [row[position] for row in posterior.draws]
            value = findings.base.values[name]
            if not min(column) <= value <= max(column):
                findings.error(
                    ("parameters", name, "value"),
                    f"{value:.6g} lies outside its draws in '{POSTERIOR}' ({min(column):.6g} to "
                    f"{max(column):.6g}, in years or per year)",
                )
