"""SØM's checklist for the reader of a case: names as labels, the answer apart from what is missing.

The audit tells an author what to write where; a reader is told what is known and what is not.
"""

from __future__ import annotations

import datetime as dt
import re

from som_sim.core import formats
from som_sim.core.texts import CATALOGUE, one_line, text
from som_sim.scenario.payers import rule_in
from som_sim.scenario.schema import ScenarioFile
from som_sim.writing.audit import Line
from som_sim.writing.checklist import Answer
from som_sim.writing.names import label

MISSING_ENDS = (".no", ".note")
MISSING = ("no_effects", "no_programmes", "no_prices")
MORE = re.compile(r" \(\+(\d+)\)$")
ASIDE = re.compile(r"^(\S+) \((.*)\)$")

ReaderLine = tuple[str, str, str, str]


def reader_lines(spec: ScenarioFile, found: tuple[Line, ...], lang: str) -> tuple[ReaderLine, ...]:
    """Return the checklist in a reader's words.

    Parameters
    ----------
    spec
        The file.
    found
        The checklist of its audit.
    lang
        ``"da"`` or ``"en"``.

    Returns
    -------
    Of each line the question, whether it is answered, the answer, and what is missing.
    """
    lines = []
    for one in found:
        answers: tuple[list[str], list[str]] = ([], [])
        for answer in one.answer:
            answers[_is_missing(answer[0])].append(_sentence(spec, answer, lang))
        lines.append(
            (
                text(f"audit.ask.{one.name}", lang), text(f"audit.status.{one.status}", lang),
                " ".join(answers[0]), " ".join(answers[1]),
            )
        )  # fmt: skip
    return tuple(lines)


def _is_missing(key: str) -> bool:
    return key.endswith(MISSING_ENDS) or key.rpartition(".")[2] in MISSING


def _sentence(spec: ScenarioFile, answer: Answer, lang: str) -> str:
    key, values = answer
    name = key.removeprefix("audit.say.")
    filled = {one: _worded(spec, name, one, value, lang) for one, value in values}
    return text(f"check.say.{name}", lang, **filled)


PLAIN = ("year", "years", "n", "of", "grades", "first", "last")
"""Values that are no names."""


def _worded(spec: ScenarioFile, name: str, what: str, value: str, lang: str) -> str:
    """Return a value as a reader meets it: names by their labels, dates and numbers written out."""
    if name == "horizon":
        return _horizon(spec, what, value, lang)
    if what in PLAIN:
        return value
    more = MORE.search(value)
    names = MORE.sub("", value).split(", ")
    shown = list(dict.fromkeys(_label(spec, one, lang) for one in names))
    if shown == ["–"]:
        return text("check.say.none", lang)
    if more is not None:
        shown[-1] += " " + text("check.more", lang, n=more[1])
    return ", ".join(shown)


def _horizon(spec: ScenarioFile, what: str, value: str, lang: str) -> str:
    if what == "years":
        return formats.number(float(value), lang, 1)
    day = spec.time.from_.start if what == "first" else spec.time.to.end - dt.timedelta(days=1)
    return formats.date(day, lang)


def _label(spec: ScenarioFile, written: str, lang: str) -> str:
    """Return what a reader calls a name, or a path of the file that begins with one."""
    aside = ASIDE.match(written)
    name = aside[1] if aside else written
    if f"effect.{name}" in CATALOGUE:
        return text(f"effect.{name}", lang)
    parts = re.split(r"[.\[]", name)
    if len(parts) > 1 and parts[0] in ("programmes", "prices", "targets", "transitions"):
        name = parts[1]
    if name in spec.targets:
        when = spec.targets[name].at
        day = f" ({formats.date(when.start, lang)})" if when is not None else ""
        return label(spec.targets[name], name, lang) + (
            day if aside and "_" not in aside[2] else ""
        )
    rule = rule_in(spec, name)
    if rule is not None:
        return one_line(rule.title[lang])
    for section in (
        spec.programmes, spec.prices, spec.strategies, spec.indices, spec.values, spec.grants,
    ):  # fmt: skip
        if name in section:
            return label(section[name], name, lang)
    return name.replace("_", " ")
