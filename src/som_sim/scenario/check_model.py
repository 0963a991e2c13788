"""Checks on the people and how they move."""

from __future__ import annotations

from itertools import product

from som_sim.core.errors import Path, suggest
from som_sim.core.names import ARRIVAL, NO_PROGRAMME
from som_sim.scenario.check_clocks import check_time_so_far
from som_sim.scenario.check_so_far import check_so_far
from som_sim.scenario.findings import Findings
from som_sim.scenario.names import RESERVED
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import Arrival, Initial, Transition
from som_sim.scenario.transitions import NOT_BETWEEN, LengthOfStay

ROUNDING = 1e-9
"""Shares written with decimals may miss 1 by float rounding, not by more."""
FLOAT_ROUNDING = 1e-12
"""Probabilities of a discrete step are used as they are, and miss 1 by no more than this."""


def check_domains(findings: Findings) -> None:
    """Names that mean something else are not given to domains, states or ways to leave."""
    states = {state for domain in findings.names.domains.values() for state in domain}
    for domain, listed in findings.spec.domains.items():
        if domain in RESERVED:
            findings.error(("domains", domain), "this name is taken; choose another", at_key=True)
        if not listed:
            findings.error(("domains", domain), "a domain needs at least one state")
    for position, name in enumerate(findings.spec.leave):
        if name in states or name == ARRIVAL or findings.spec.leave.index(name) < position:
            findings.error(("leave", position), f"'{name}' is the name of something else already")
    if NO_PROGRAMME in findings.spec.programmes:
        findings.error(
            ("programmes", NO_PROGRAMME), "this name is taken; choose another", at_key=True
        )


def check_population(findings: Findings) -> None:
    """Everybody starts or arrives in one stratum and one state of each domain."""
    population = findings.spec.population
    for position, group in enumerate(population.initial):
        _check_group(findings, ("population", "initial", position), group)
    for position, arrival in enumerate(population.arrivals):
        _check_group(findings, ("population", "arrivals", position), arrival)
    persons = [findings.number(group.persons) for group in population.initial]
    if not any(persons) and None not in persons and not population.arrivals:
        findings.error(("population",), "there is nobody: no persons at the start, no arrivals")


def _check_group(findings: Findings, path: Path, group: Initial | Arrival) -> None:
    findings.known((*path, "stratum"), "stratum", group.stratum, findings.names.strata)
    domains = findings.names.domains
    check_time_so_far(findings, path, group)
    if isinstance(group, Initial):
        check_so_far(findings, path, group)
    for key, state in group.states.items():
        if key in findings.names.clocks:
            continue
        if key not in domains:
            allowed = (*domains, *findings.names.clocks, *type(group).model_fields)
            findings.error((*path, key), f"unknown key; {suggest(key, allowed)}", at_key=True)
        else:
            findings.known((*path, key), f"state of {key}", state, domains[key])
    for domain in domains:
        if domain not in group.states:
            findings.error(path, f"'{domain}' is missing: name the state these people are in")


def check_transitions(findings: Findings) -> None:
    """Each row moves people out of states of one domain to others of it, and says so once."""
    for position, row in enumerate(findings.spec.transitions):
        path: Path = ("transitions", position)
        domain = moving_domain(findings, (*path, "from"), row.from_)
        for name in row.stratum or ():
            findings.known((*path, "stratum"), "stratum", name, findings.names.strata)
        if domain is None:
            continue
        others = tuple(key for key in findings.names.domains if key != domain)
        asked = without_misplaced(findings, (*path, "if"), row.if_)
        findings.condition((*path, "if"), asked, (*others, *findings.names.clocks))
        key = row.destinations_key
        to = tuple(row.destinations)
        named = key != "to" or isinstance(row.to, dict)
        check_destinations(findings, (*path, key), domain, row.from_, to, keys=named)
        shares = [findings.number(share) for share in row.destinations.values()]
        if row.stay is not None:
            check_stay(findings, (*path, "stay"), row.stay)
        if row.stay and isinstance(row.to, dict) and None not in shares:
            total = sum(share or 0 for share in shares)
            if abs(total - 1) > ROUNDING:
                findings.error((*path, "to"), f"the shares add to {total:.6g}; they must add to 1")
        total_within = sum(share or 0 for share in shares)
        discrete = findings.spec.time.discrete
        if row.within and discrete and total_within > 1 + FLOAT_ROUNDING:
            findings.error((*path, key), f"the probabilities add to {total_within:.12g}, over 1")
        if row.within and not discrete and None not in shares and total_within >= 1:
            findings.error(
                (*path, key if key != "to" else "probability"),
                "the probabilities add to 1 or more; in continuous time somebody always stays, "
                "so they must add to less than 1",
            )
    _check_said_once(findings)


def check_stay(findings: Findings, path: Path, stay: LengthOfStay) -> None:
    """Check that a share of stays over a time, where a parameter holds it, gives a mean."""
    share = findings.number(stay.share)
    if share in (0, 1):
        findings.error((*path, "share"), NOT_BETWEEN.format(f"{share:g}"))


def moving_domain(findings: Findings, path: Path, where: Condition) -> str | None:
    """Return the one domain that a `from` names, or None after saying what is wrong."""
    domains = [key for key in where.keys if key in findings.names.domains]
    findings.condition(
        path, without_misplaced(findings, path, where), tuple(findings.names.domains)
    )
    if len(domains) != 1 or len(where.allowed) != 1:
        if all(key in findings.names.domains for key in where.keys):
            findings.error(path, "a move is in one domain; name exactly one, others go in 'if'")
        return None
    return domains[0]


def without_misplaced(findings: Findings, path: Path, where: Condition) -> Condition:
    """Return a `from` or `if` without keys that stand elsewhere, after saying where."""
    clocks = set(findings.names.clocks) - set(findings.names.domains)
    elsewhere = {}
    if path[-1] == "from":
        elsewhere = {name: "a time on a clock goes in 'if'" for name in clocks}
    if path[0] == "transitions" and "stratum" not in findings.names.domains:
        elsewhere["stratum"] = "a stratum stands beside 'from', as 'stratum' of the row itself"
    for key in where.keys:
        if key in elsewhere:
            findings.error((*path, key), elsewhere[key], at_key=True)
    return Condition(allowed=tuple(one for one in where.allowed if one[0] not in elsewhere))


def check_destinations(
    findings: Findings,
    path: Path,
    domain: str,
    where: Condition,
    to: tuple[str, ...],
    *,
    keys: bool = False,
) -> None:
    """Check that each destination is another state of the domain or a way to leave.

    `keys` says that the destinations are the keys of what stands at the path.
    """
    allowed = (*findings.names.domains[domain], *findings.names.leave)
    for name in to:
        here = (*path, name) if keys else path
        if name not in allowed:
            message = f"'{name}' is no state of {domain} or way to leave; {suggest(name, allowed)}"
            findings.error(here, message, at_key=keys)
        elif name in (where.names(domain) or ()):
            findings.error(here, f"'{name}' is where these people already are", at_key=keys)


def _check_said_once(findings: Findings) -> None:
    """Two rows for the same move would add up; say it once, or tell the rows apart."""
    said: dict[tuple[str, str, str], list[int]] = {}
    rows = findings.spec.transitions
    for position, row in enumerate(rows):
        if len(row.from_.allowed) != 1:
            continue
        ((domain, froms),) = row.from_.allowed
        for start, to in product(froms, row.destinations):
            before = said.setdefault((domain, start, to), [])
            first = next((one for one in before if _meet(findings, rows[one], row)), None)
            if first is not None:
                findings.error(
                    ("transitions", position),
                    f"transitions[{first}] already moves people from {start} to {to}; name "
                    "different strata or different 'if' in the two rows",
                )
                break
            before.append(position)


def _meet(findings: Findings, one: Transition, two: Transition) -> bool:
    """Say whether two rows are about some of the same people."""
    strata = findings.names.strata
    apart = any(
        not set(one.if_.names(key) or ()) & set(two.if_.names(key) or ())
        for key in one.if_.keys
        if two.if_.names(key) is not None
    )
    return bool(set(one.stratum or strata) & set(two.stratum or strata)) and not apart


def check_programmes(findings: Findings) -> None:
    """Programmes reach somebody, lead somewhere, and change moves that exist."""
    for name, programme in findings.spec.programmes.items():
        path: Path = ("programmes", name)
        findings.condition((*path, "eligible"), programme.eligible, findings.cell_keys)
        for number, first in enumerate(programme.priority):
            findings.condition((*path, "priority", number), first, findings.cell_keys)
        if programme.stay is not None:
            check_stay(findings, (*path, "stay"), programme.stay)
        if name in (programme.eligible.names("programme") or ()):
            findings.error((*path, "eligible"), "those already enrolled cannot be enrolled again")
        shares = [
            findings.number(share) for share in programme.onward.values() if share is not None
        ]
        for onward in programme.onward:
            if (
                findings.known(
                    (*path, "moves_on_to"), "programme", onward, findings.names.programmes
                )
                and onward == name
            ):
                findings.error(
                    (*path, "moves_on_to"), "a programme cannot move people on to itself"
                )
        if sum(share or 0 for share in shares) > 1 + ROUNDING:
            findings.error((*path, "moves_on_to"), "the shares add to more than 1")
        for position, effect in enumerate(programme.effects):
            here = (*path, "effects", position)
            domain = moving_domain(findings, (*here, "from"), effect.from_)
            if domain is None:
                continue
            others = tuple(key for key in findings.names.domains if key != domain)
            findings.condition(
                (*here, "if"), effect.if_, (*others, *findings.names.clocks, "stratum")
            )
            check_destinations(findings, (*here, "to"), domain, Condition(), effect.to)
            froms = effect.from_.names(domain) or ()
            known = {*findings.names.domains[domain], *findings.names.leave}
            if {*froms, *effect.to} <= known and not any(
                set(row.from_.names(domain) or ()) & set(froms)
                and set(row.destinations) & set(effect.to)
                for row in findings.spec.transitions
            ):
                findings.error(
                    here,
                    f"no transition moves people from {', '.join(froms)} to "
                    f"{', '.join(effect.to)}; the effect would change nothing",
                )


def check_strategies(findings: Findings) -> None:
    """Strategies use programmes and grants that exist, each once, with what they move on to."""
    for name, strategy in findings.spec.strategies.items():
        for key, listed, allowed in (
            ("programmes", strategy.programmes, findings.names.programmes),
            ("grants", strategy.grants, findings.names.grants),
        ):
            for position, one in enumerate(listed):
                path: Path = ("strategies", name, key, position)
                known = findings.known(path, key.removesuffix("s"), one, allowed)
                if known and listed.index(one) < position:
                    findings.error(path, f"'{one}' stands here twice")
        for one in strategy.programmes:
            programme = findings.spec.programmes.get(one)
            for onward in programme.onward if programme else {}:
                if onward in findings.names.programmes and onward not in strategy.programmes:
                    findings.error(
                        ("strategies", name, "programmes"),
                        f"'{one}' moves people on to '{onward}', which this strategy does not have",
                    )
