"""Checks on what is measured: targets and observations."""

from __future__ import annotations

import datetime as dt

from som_sim.core.errors import Path
from som_sim.scenario.check_model import check_destinations
from som_sim.scenario.findings import Findings
from som_sim.scenario.schema import Measured


def check_measures(findings: Findings) -> None:
    """Targets and observations measure somebody, within the run."""
    for name, target in findings.spec.targets.items():
        _check_measured(findings, ("targets", name), target)
    for position, observation in enumerate(findings.spec.observations):
        _check_measured(findings, ("observations", position), observation)


def _check_measured(findings: Findings, path: Path, measured: Measured) -> None:
    indicator, calendar = measured.indicator, findings.spec.time.calendar
    here = (*path, "indicator")
    for key in ("persons_in", "entries_to"):
        where = getattr(indicator, key)
        if where is not None:
            findings.condition((*here, key), where, findings.cell_keys)
            if not where.allowed:
                findings.error((*here, key), "name at least one condition")
            elif where.names("homeless") == ("true",) and not any(
                state.homeless
                for domain in findings.spec.domains.values()
                for state in domain.values()
            ):
                findings.error((*here, key), "no state is marked homeless: true")
    if indicator.share_of_moves is not None:
        where = indicator.share_of_moves.from_
        domains = [key for key in where.keys if key in findings.names.domains]
        findings.condition((*here, "share_of_moves", "from"), where, findings.cell_keys)
        if len(domains) != 1:
            findings.error(
                (*here, "share_of_moves", "from"), "name the states of exactly one domain"
            )
        else:
            check_destinations(
                findings,
                (*here, "share_of_moves", "to"),
                domains[0],
                where,
                indicator.share_of_moves.to,
            )
    if measured.at is not None:
        inside = (calendar.end - measured.at.start).days
        over = measured.over.days if measured.over else 0
        if measured.at.start < calendar.start or over > inside or inside < 0:
            last = calendar.end - dt.timedelta(days=1)
            findings.error(
                (*path, "at"),
                f"{measured.at.text} is not wholly within the run ({calendar.start} to {last})",
            )
    if measured.during is not None:
        boundaries = set(calendar.boundaries)
        if measured.during.from_.start >= measured.during.to.end:
            findings.error((*path, "during"), "the window ends before it starts")
        elif not {measured.during.from_.start, measured.during.to.end} <= boundaries:
            findings.error((*path, "during"), "the window must be whole cycles within the run")
