"""The names a scenario file declares, read from the raw tree.

A name counts as declared even when what stands under it is wrong, so that one mistake in a
programme does not become ten mistakes in everything that mentions it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from som_sim.scenario.clocks import declared_states

RESERVED = (
    "stratum", "programme", "homeless", "persons", "per_year", "source", "grade", "note",
    "season", "spacing", "so_far", "strategy", "date", "start", "from", "to", "domain",
    "person_days",
)  # fmt: skip
"""Keys of groups of people, keys of conditions, and columns of tables that have one a domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredNames:
    """What the rest of the file may refer to, in the order of the file.

    Attributes
    ----------
    domains
        The states of each domain.
    clocks
        The times of each clock that a condition can name; none where its edges are unsound.
    strata, programmes, prices, accounts, grants, parameters, indices, sources
        The keys of the section of that name.
    leave
        The ways to leave all domains at once.
    rules
        Own rules on who pays.
    """

    domains: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    clocks: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    strata: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    indices: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def declared_names(data: object) -> DeclaredNames:
    """Collect the names that the tree of a file declares, whatever else is wrong with it.

    Parameters
    ----------
    data
        The plain tree of a file, as `som_sim.core.yaml_tree.parse_yaml` returns it.

    Examples
    --------
    >>> names = declared_names({"strata": {"young": {}}, "leave": ["dead"], "domains": 7})
    >>> names.strata, names.leave, dict(names.domains)
    (('young',), ('dead',), {})
    """
    tree = data if isinstance(data, Mapping) else {}
    domains = tree.get("domains")
    knowledge = tree.get("knowledge")
    return DeclaredNames(
        domains=MappingProxyType(
            {str(name): _keys(states) for name, states in domains.items()}
            if isinstance(domains, Mapping)
            else {}
        ),
        clocks=MappingProxyType(declared_states(tree.get("clocks"))),
        strata=_keys(tree.get("strata")),
        programmes=_keys(tree.get("programmes")),
        prices=_keys(tree.get("prices")),
        accounts=_keys(tree.get("accounts")),
        grants=_keys(tree.get("grants")),
        parameters=_keys(tree.get("parameters")),
        indices=_keys(tree.get("indices")),
        sources=_keys(tree.get("sources")),
        leave=_keys(tree.get("leave")),
        rules=_keys(knowledge.get("rules")) if isinstance(knowledge, Mapping) else (),
    )


def _keys(section: object) -> tuple[str, ...]:
    """Return the names of a section, also when it has the wrong shape."""
    if isinstance(section, str):
        return (section,)
    return tuple(str(key) for key in section) if isinstance(section, Mapping | list | tuple) else ()
