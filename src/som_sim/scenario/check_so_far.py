"""Checks on how long people of the start have been in a state whose length of stay has a memory."""

from __future__ import annotations

from collections.abc import Iterator

from som_sim.core.errors import Path, suggest
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.scenario.findings import Findings
from som_sim.scenario.schema import Initial, ScenarioFile, Transition
from som_sim.scenario.time_so_far import parse_so_far


def check_so_far(findings: Findings, path: Path, group: Initial) -> None:
    """Check that a time so far is of a domain, and that observed lengths are as long."""
    for domain, text in group.so_far.items():
        here = (*path, "so_far", domain)
        if domain not in findings.names.domains:
            words = f"unknown key; {suggest(domain, tuple(findings.names.domains))}"
            findings.error(here, words, at_key=True)
            continue
        days = parse_so_far(text)
        for position, row in rows_with_memory(findings.spec, group, domain):
            if days is None or row.stay is None or row.stay.lengths is None:
                continue
            lengths = [findings.number(one) for one in row.stay.lengths]
            longest = max(one or 0.0 for one in lengths) * DAYS_PER_YEAR
            if None not in lengths and days >= longest:
                findings.error(
                    here,
                    f"nobody stays for {text}: the longest length of transitions[{position}] is "
                    f"{longest:.6g} days",
                )


def rows_with_memory(
    spec: ScenarioFile, group: Initial, domain: str
) -> Iterator[tuple[int, Transition]]:
    """Yield the rows by whose law of stay people of the start leave their state of a domain."""
    for position, row in enumerate(spec.transitions):
        if row.stay is None or not row.stay.kind or row.from_.keys[:1] != (domain,):
            continue
        if group.states.get(domain) in (row.from_.names(domain) or ()) and (
            row.stratum is None or group.stratum in row.stratum
        ):
            yield position, row
