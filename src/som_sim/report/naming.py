"""What a reader calls things: the labels of a scenario, or its names where it has no labels.

Everything here comes from a user's file and is treated as text, never as markup or a formula.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from som_sim.core.texts import CATALOGUE, one_line, text
from som_sim.scenario.measures import SHARES

if TYPE_CHECKING:
    from som_sim.result import Result

DIGEST_CHARACTERS = 8


def _label(item: Any, name: str, lang: str) -> str:
    label = getattr(item, "label", None)
    written = one_line(str(getattr(label, lang))) if label is not None else ""
    return written or name.replace("_", " ")


def title(result: Result, lang: str) -> str:
    """Return the scenario's title."""
    return one_line(str(getattr(result.scenario.base.meta.title, lang)))


def has_money(result: Result) -> bool:
    """Return whether the scenario says anything about money."""
    return result.scenario.base.money is not None


def price_year(result: Result) -> int:
    """Return the year whose prices constant prices are in."""
    return int(result.scenario.base.meta.price_year)


def last_day(result: Result) -> str:
    """Return the last day of the run, as ISO text."""
    end = result.scenario.base.time.calendar.end
    return (end - datetime.timedelta(days=1)).isoformat()


def state(result: Result, domain: str, name: str, lang: str) -> str:
    """Return the label of a state of a domain."""
    return _label(result.scenario.base.domains[domain].get(name), name, lang)


def digest(result: Result) -> str:
    """Return the start of the scenario's digest, enough to tell two files apart."""
    return str(result.scenario.digest)[:DIGEST_CHARACTERS]


def strategy(result: Result, name: str, lang: str) -> str:
    """Return the label of a strategy."""
    return _label(result.scenario.strategies[name].strategies[name], name, lang)


def programme(result: Result, name: str, lang: str) -> str:
    """Return the label of a programme."""
    return _label(result.scenario.base.programmes.get(name), name, lang)


def grant(result: Result, name: str, lang: str) -> str:
    """Return the label of a grant."""
    return _label(result.scenario.base.grants.get(name), name, lang)


def value(result: Result, name: str, lang: str) -> str:
    """Return the label of something that is not money."""
    return _label(result.scenario.base.values.get(name), name, lang)


def account(name: str, lang: str) -> str:
    """Return what a reader calls an account; one without a text keeps its own name.

    Examples
    --------
    >>> account("doegnbehandling", "en"), account("my_account", "en")
    ('Residential treatment', 'My account')
    """
    key = f"account.{name}"
    if key in CATALOGUE:
        return text(key, lang)
    written = name.replace("_", " ")
    return written[:1].upper() + written[1:]


def unit(name: str, lang: str) -> str:
    """Return what a reader calls the unit of a price.

    Examples
    --------
    >>> unit("person_day", "da"), unit("bed_night", "da")
    ('persondøgn', 'bed night')
    """
    key = f"unit.{name}"
    return text(key, lang) if key in CATALOGUE else name.replace("_", " ")


def index(result: Result, name: str, lang: str) -> str:
    """Return the label of a price index."""
    return _label(result.scenario.base.indices.get(name), name, lang)


def check(result: Result, name: str, lang: str) -> str:
    """Return what a check of the reconciliation holds against what, and of which items or payers.

    One without a text keeps its own name.
    """
    kind, *about = name.split(":")
    key = f"check.{kind}"
    if key not in CATALOGUE:
        return name
    base = result.scenario.base
    shown = []
    for one in about:
        if one in base.prices:
            shown.append(price(result, one, lang))
        elif one in base.grants:
            shown.append(grant(result, one, lang))
        else:
            named = f"payer.{one}"
            shown.append(text(named, lang) if named in CATALOGUE else account(one, lang))
    return text(key, lang) + (f": {', '.join(shown)}" if shown else "")


def price(result: Result, name: str, lang: str) -> str:
    """Return the label of a price."""
    return _label(result.scenario.base.prices.get(name), name, lang)


def stratum(result: Result, name: str, lang: str) -> str:
    """Return the label of a stratum."""
    return _label(result.scenario.base.strata.get(name), name, lang)


def source(name: str | None, lang: str) -> str:
    """Return the short name of a source, as the list of sources of a case has it.

    Examples
    --------
    >>> source("illustrative", "da"), source("mortality_dk", "en")
    ('til illustration', 'mortality dk')
    """
    if not name:
        return ""
    key = f"source.{name}"
    return text(key, lang) if key in CATALOGUE else name.replace("_", " ")


def is_share(result: Result, target: str) -> bool:
    """Return whether a target is a share (of moves) rather than a number of persons."""
    return result.scenario.base.targets[target].indicator.kind in SHARES


def target_window(result: Result, target: str) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day of the months a target is measured in, if it has such."""
    during = result.scenario.base.targets[target].during
    return (during.from_.start, during.to.end - datetime.timedelta(days=1)) if during else None


def language(result: Result, lang: str | None) -> str:
    """Return the language asked for, else the scenario's own, else English."""
    return lang or result.scenario.base.meta.language or "en"


def followed(result: Result) -> tuple[str, ...]:
    """Return the strategies that are compared with the reference."""
    return tuple(result.strategies[1:])
