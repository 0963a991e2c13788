"""One person's history in words."""

from __future__ import annotations

import numpy as np

from som_sim.core.formats import date, kroner, number
from som_sim.core.texts import one_line, payer_name, text, way_out
from som_sim.outcomes.economics import PERSPECTIVES
from som_sim.outcomes.story import Step, Story
from som_sim.scenario.schema import ScenarioFile

SUMS = ("public", "society")


def story_text(spec: ScenarioFile, story: Story, lang: str) -> str:
    """Return a person's history in words, one line an event, and what they cost whom.

    Parameters
    ----------
    spec
        The file, whose labels are used.
    lang
        ``da`` or ``en``.
    """
    labels = _Labels(spec, lang)
    lines = [
        text(
            "story.title",
            lang,
            person=story.person,
            last=story.n_persons - 1,
            strategy=labels.of(spec.strategies[story.model.strategy], story.model.strategy),
            replicate=story.replicate,
            seed=story.seed,
        ),
        "",
    ]
    for step in story.steps:
        lines.append(f"{date(step.date, lang)}: {_in_words(step, story, labels, lang)}")
    if story.steps[-1].cell >= 0:
        where = labels.where(story, story.steps[-1].cell)
        lines.append(
            f"{date(story.model.calendar.end, lang)}: " + text("story.end", lang, where=where)
        )
    lines += ["", *_money(story, lang)]
    return "\n".join(one_line(line) for line in lines) + "\n"


class _Labels:
    """What a reader calls things."""

    def __init__(self, spec: ScenarioFile, lang: str) -> None:
        self.spec, self.lang = spec, lang

    def of(self, item: object, name: str) -> str:
        label = getattr(item, "label", None)
        return name.replace("_", " ") if label is None else str(getattr(label, self.lang))

    def state(self, domain: str, name: str) -> str:
        states = self.spec.domains.get(domain, {})
        return self.of(states.get(name), name)

    def programme(self, name: str) -> str:
        if name == "none":
            return text("story.no_programme", self.lang)
        return self.of(self.spec.programmes.get(name), name)

    def stratum(self, name: str) -> str:
        return self.of(self.spec.strata.get(name), name)

    def where(self, story: Story, cell: int) -> str:
        """Return where a cell is: stratum, each domain's state, and the programme."""
        axes = story.model.axes
        stratum, programme, state = np.unravel_index(cell, axes.cell_shape)
        states = [
            self.state(domain, axes.states[number][axes.state_position(domain)[state]])
            for number, domain in enumerate(axes.domains)
        ]
        parts = [self.stratum(axes.strata[stratum]), *states]
        return ", ".join([*parts, self.programme(axes.programmes[programme])])


def _in_words(step: Step, story: Story, labels: _Labels, lang: str) -> str:
    where = labels.where(story, step.cell) if step.cell >= 0 else ""
    before, after = step.before, step.after
    if step.what in ("move", "queued", "gave_up"):
        before, after = labels.state(step.about, before), labels.state(step.about, after)
    elif step.what in ("programme", "enrolled"):
        before, after = labels.programme(before), labels.programme(after)
    elif step.what == "ageing":
        before, after = labels.stratum(before), labels.stratum(after)
    else:
        after = way_out(after, lang).lower()
    said = text(
        f"story.{step.what}",
        lang,
        about=step.about.replace("_", " "),
        before=before,
        after=after,
        where=where,
    )
    if step.waited:
        said += text("story.waited", lang, days=number(step.waited, lang))
    return said


def _money(story: Story, lang: str) -> list[str]:
    if not any(story.oere.values()):
        return [text("story.free", lang)]
    lines = [text("story.money", lang)]
    for payer in PERSPECTIVES:
        if story.oere.get(payer) or payer in SUMS:
            lines.append(f"  {payer_name(payer, lang)}: {kroner(story.oere[payer], lang)}")
    return lines
