"""Look through what is known, and see what has grown old or has no source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from som_sim.core.records import in_language
from som_sim.knowledge.entry_forms import (
    CountForm,
    EffectForm,
    GoalForm,
    IndexForm,
    KnownForm,
    PriceForm,
)
from som_sim.knowledge.files import KnowledgeFile
from som_sim.knowledge.rule_forms import RuleForm

MAX_AGE_DAYS = 730
"""Days after which what was checked against its source wants a new look, when nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something in the knowledge that wants a look.

    Attributes
    ----------
    name
        Of the entry or rule.
    kind
        ``update`` (a newer figure is expected by now), ``unchecked`` (nobody has held it against
        its source, or not for long), ``no_source``.
    detail
        A date, or what is missing.
    """

    name: str
    kind: str
    detail: str


def items(known: KnowledgeFile) -> dict[str, KnownForm | RuleForm]:
    """Return everything that has a name, entries and rules, by name."""
    return dict(sorted({**known.rules, **known.entries}.items()))


def kind_of(item: KnownForm | RuleForm) -> str:
    """Return ``rule`` or the kind of an entry."""
    return "rule" if isinstance(item, RuleForm) else str(getattr(item, "kind", ""))


def search(known: KnowledgeFile, words: str) -> dict[str, KnownForm | RuleForm]:
    """Return what mentions every word, in its name, text, source or note, in Danish or English.

    Examples
    --------
    >>> from som_sim.knowledge.files import knowledge_base
    >>> list(search(knowledge_base(), "egenbetaling"))
    ['dk_section_110_own_payment', 'section_110_own_payment']
    """
    wanted = words.lower().split()
    return {
        name: item
        for name, item in items(known).items()
        if all(word in " ".join(_texts(known, name, item)).lower() for word in wanted)
    }


def _texts(known: KnowledgeFile, name: str, item: KnownForm | RuleForm) -> Iterator[str]:
    yield name
    yield kind_of(item)
    title = item.title if isinstance(item, RuleForm) else item.label
    yield from (title.da, title.en, in_language(item.note, "da"), item.source or "")
    if isinstance(item, RuleForm):
        yield item.law
    elif item.source in known.sources:
        yield known.sources[item.source].title


def figures(item: KnownForm) -> str:
    """Return the figures of an entry in one line.

    Examples
    --------
    >>> from som_sim.knowledge.files import knowledge_base
    >>> figures(knowledge_base().entries["goal_homeless"])
    'baseline 86 (2017), goal 75 (2022), lower is better, persons'
    """
    if isinstance(item, PriceForm):
        if item.undated is not None:
            return f"{_plain(item.undated)} kr. per {item.per}, year not stated"
        return f"{_by_year(item.values)} kr. per {item.per}"
    if isinstance(item, IndexForm):
        return _by_year(item.values)
    if isinstance(item, CountForm):
        n = f", n = {item.n}" if item.n else ""
        return f"{_by_year(item.values)} {item.unit}{n}"
    if isinstance(item, EffectForm):
        parts = [f"{_plain(item.value)} {item.unit}"]
        parts += [f"without {_plain(item.without)}"] if item.without is not None else []
        parts += [f"within {item.within}"] if item.within else []
        parts += [f"{_plain(item.low)} to {_plain(item.high)}"] if item.low is not None else []
        return ", ".join([*parts, f"n = {item.n}"] if item.n else parts)
    if isinstance(item, GoalForm):
        at, by = (f" ({one})" if one else "" for one in (item.baseline_at, item.goal_at))
        n = f", n = {item.n}" if item.n else ""
        later = "".join(f", later {_plain(one.value)} ({one.at})" for one in item.later)
        return (
            f"baseline {_plain(item.baseline)}{at}{n}, goal {_plain(item.goal)}{by}, "
            f"{item.better} is better, {item.unit}{later}"
        )
    return ""


def _by_year(values: dict[int, Decimal]) -> str:
    return ", ".join(f"{_plain(value)} ({year})" for year, value in sorted(values.items()))


def _plain(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def concerns(
    known: KnowledgeFile, as_of: dt.date, max_age_days: int = MAX_AGE_DAYS
) -> tuple[Concern, ...]:
    """Return what wants a look on a day: entries and rules grown old, figures without a source.

    Examples
    --------
    >>> from som_sim.knowledge.files import knowledge_base
    >>> concerns(knowledge_base(), dt.date(2026, 11, 22))[0].name
    'kontanthjaelp_30_plus'
    """
    return tuple(
        one
        for name, item in items(known).items()
        for one in _concerns(known, name, item, as_of, max_age_days)
    )


def _concerns(
    known: KnowledgeFile, name: str, item: KnownForm | RuleForm, as_of: dt.date, max_age_days: int
) -> Iterator[Concern]:
    if item.next_update is not None and item.next_update <= as_of:
        yield Concern(name=name, kind="update", detail=item.next_update.isoformat())
    checked = item.last_checked
    if checked is None or checked + dt.timedelta(days=max_age_days) < as_of:
        yield Concern(
            name=name, kind="unchecked", detail=checked.isoformat() if checked else "never"
        )
    if isinstance(item, RuleForm):
        return
    if item.source is None:
        yield Concern(name=name, kind="no_source", detail="no 'source'")
    elif item.source not in known.sources:
        yield Concern(name=name, kind="no_source", detail=f"'{item.source}' is not in 'sources'")
    for later in getattr(item, "later", ()):
        if later.source not in known.sources:
            yield Concern(name=name, kind="no_source", detail=f"later result {later.at}")
