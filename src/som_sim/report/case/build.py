"""The whole case from one result: every section, table, figure and text, once, for all formats."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from som_sim.core import formats
from som_sim.core.texts import one_line
from som_sim.report import naming
from som_sim.report.case import assumptions, brief, economy, evidence, grants, outcomes, people
from som_sim.report.case.content import Block, Bullets, Case, Section
from som_sim.report.case.view import Beside, View
from som_sim.report.disclosure import Disclosure
from som_sim.report.plan import Plan

if TYPE_CHECKING:
    from som_sim.result import Result

SECTIONS: tuple[tuple[str, Callable[[View], tuple[Block, ...]]], ...] = (
    ("purpose", people.purpose),
    ("group", people.target_group),
    ("programme", people.programme),
    ("method", evidence.method),
    ("outcomes", outcomes.outcomes),
    ("economy", economy.economy),
    ("grant", grants.grants),
    ("sensitivity", evidence.sensitivity),
    ("not_counted", evidence.not_counted),
    ("follow", evidence.follow_up),
    ("checklist", evidence.checklist),
    ("assumptions", assumptions.assumptions),
    ("reconciliation", evidence.reconciliation),
)
"""The sections after 'in short', in the order in which a grant-giver reads."""


def build_case(
    result: Result,
    lang: str | None = None,
    disclosure: Disclosure | Plan | None = None,
    beside: Beside | None = None,
) -> Case:
    """Return the content of the case in one language.

    Parameters
    ----------
    result
        What a run gave.
    lang
        ``"da"`` or ``"en"``; else the scenario's own, else English.
    disclosure
        Whether small counts are left out; they are by default.
    beside
        What is read from the scenario: SØM's checklist, and a drawing of the model.

    Examples
    --------
    >>> import som_sim as som
    >>> case = build_case(som.run(som.load("scenarios/first.yaml")), "en")
    >>> [section.key for section in case.sections][:3]
    ['brief', 'purpose', 'group']
    """
    language = naming.language(result, lang)
    view = View(
        result=result, lang=language, rule=disclosure or Disclosure(), beside=beside or Beside()
    )
    short = Section(key="brief", title=view.say("section.brief"), blocks=brief.brief_blocks(view))
    limits = Bullets(points=view.limits)
    sections = [short]
    for key, make in SECTIONS:
        sections.append(Section(key=key, title=view.say(f"section.{key}"), blocks=make(view)))
    calendar = view.base.time.calendar
    description = view.base.meta.description
    return Case(
        lang=language,
        title=naming.title(result, language),
        subtitle=view.say(
            "case.subtitle",
            first=formats.date(calendar.start, language),
            last=formats.date(naming.last_day(result), language),
        ),
        description=one_line(description.into(language)) if description is not None else "",
        origin=view.say("case.origin", digest=naming.digest(result), version=result.version),
        warning="" if result.ok else view.say("case.failed"),
        brief=Section(key="short", title=view.say("section.brief"), blocks=(*short.blocks, limits)),
        sections=tuple(sections),
    )
