"""What a reader calls the things of a file: their labels, or their names."""

from __future__ import annotations

from typing import Any

from som_sim.core.texts import one_line, text, way_out
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import ScenarioFile


def label(item: Any, name: str, lang: str) -> str:
    """Return the label of an item as one line, or its name with spaces."""
    found = getattr(item, "label", None)
    written = one_line(found.into(lang)) if found is not None else ""
    return written or name.replace("_", " ")


def state_label(spec: ScenarioFile, name: str, lang: str, domain: str | None = None) -> str:
    """Return the label of a state, of any domain that has it, or of a way to leave."""
    for key, states in spec.domains.items():
        if name in states and domain in (None, key):
            return label(states[name], name, lang)
    return way_out(name, lang)


def leave_label(name: str, lang: str) -> str:
    """Return what a way to leave is called.

    Examples
    --------
    >>> leave_label("moved_away", "da"), leave_label("to_prison", "da")
    ('flytter væk', 'to prison')
    """
    if name in ("dead", "moved_away"):
        return text(f"flows.{name}", lang).lower()
    return name.replace("_", " ")


def condition_words(spec: ScenarioFile, where: Condition | None, lang: str) -> str:
    """Return whom a condition means, in words.

    Examples
    --------
    >>> import som_sim as som
    >>> spec = som.load("scenarios/first.yaml").base
    >>> condition_words(spec, spec.programmes["support"].eligible, "da")
    'Hjemløs'
    """
    if where is None or not where.allowed:
        return text("describe.everyone", lang)
    return "; ".join(_one_of(spec, key, names, lang) for key, names in where.allowed)


def _one_of(spec: ScenarioFile, key: str, names: tuple[str, ...], lang: str) -> str:
    if key == "homeless":
        return text(f"describe.homeless.{names[0]}", lang)
    if key == "stratum":
        called = [label(spec.strata.get(one), one, lang) for one in names]
    elif key == "programme":
        called = [
            text("describe.no_programme", lang)
            if one == "none"
            else label(spec.programmes.get(one), one, lang)
            for one in names
        ]
    else:
        called = [state_label(spec, one, lang, key) for one in names]
    return listed(called, lang, "or")


def listed(words: list[str], lang: str, last: str = "and") -> str:
    """Return words as a list with *and* or *or* before the last.

    Examples
    --------
    >>> listed(["a", "b", "c"], "da"), listed(["a", "b"], "en", "or")
    ('a, b og c', 'a or b')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {text(f'describe.{last}', lang)} {words[-1]}"
