"""What every section is made from: the result, the reader's language, and the disclosure rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from som_sim.core import formats
from som_sim.core.texts import CATALOGUE, text
from som_sim.report import naming
from som_sim.report.disclosure import Disclosure
from som_sim.report.plan import Plan, plan_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from som_sim.analysis.sensitivity import Sensitivity
    from som_sim.result import Result
    from som_sim.scenario.schema import ScenarioFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands in a case beside the result: read from the scenario, not from the run.

    Attributes
    ----------
    checklist
        Lines of SØM's checklist: a question, its status, the answer, and what is missing.
    diagram, diagram_words
        Draws the model, and says what the drawing shows.
    sensitivity
        What moves the result most; None where nothing can be varied.
    """

    checklist: tuple[tuple[str, str, str, str], ...] = ()
    diagram: Callable[[], Figure] | None = None
    diagram_words: str = ""
    sensitivity: Sensitivity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A result as one reader sees it.

    Attributes
    ----------
    result, lang, rule
        What is shown, in which language, and the rule or the plan of what is left out.
    beside
        What was read from the scenario.
    """

    result: Result
    lang: str
    rule: Disclosure | Plan
    beside: Beside = Beside()
    _plans: list[Plan] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def plan(self) -> Plan:
        """What is left out, decided when it is first asked for."""
        if not self._plans:
            self._plans.append(plan_of(self.result, self.rule))
        return self._plans[0]

    @property
    def base(self) -> ScenarioFile:
        """The file as the reference sees it."""
        return self.result.scenario.base

    @property
    def followed(self) -> tuple[str, ...]:
        """The strategies that are held against the reference."""
        return naming.followed(self.result)

    @property
    def limits(self) -> tuple[str, ...]:
        """What the figures do not say; a run with draws does include the uncertain effects."""
        first = "limits.1" if self.result.uncertainty is None else "limits.draws"
        return tuple(self.say(key) for key in (first, "limits.2", "limits.3"))

    @property
    def reference(self) -> str:
        """What the reference is called."""
        return naming.strategy(self.result, self.result.reference, self.lang)

    def say(self, key: str, **values: object) -> str:
        """Return a text of the catalogue."""
        return text(key, self.lang, **values)

    def known(self, kind: str, name: str) -> str:
        """Return what the catalogue calls a name of a kind, or the name itself."""
        key = f"{kind}.{name}"
        return self.say(key) if key in CATALOGUE else name

    def source(self, name: str | None) -> str:
        """Return the short name of a source, as the list of sources has it."""
        return naming.source(name, self.lang)

    def strategy(self, name: str) -> str:
        """Return what a strategy is called."""
        return naming.strategy(self.result, name, self.lang)


def suppressed_note(view: View, hidden: bool) -> str:
    """Say what the mark means, where there is one."""
    threshold = formats.as_stated(view.plan.rule.threshold, view.lang)
    return view.say("disclosure.note", threshold=threshold) if hidden else ""
