"""Two scenarios held against each other: what differs, and what each difference is worth.

The differences are laid one after another over the first scenario, and each step is run. What a
step changes in targets and kroner is what that difference is worth, given those before it; so the
steps add up to the whole difference exactly, and in another order they could be worth something
else. A step that is no scenario by itself is taken together with the next.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from som_sim.core.errors import ScenarioError, SomSimError
from som_sim.core.yaml_flow import flow
from som_sim.scenario.digests import digest
from som_sim.scenario.documents import parse_document
from som_sim.scenario.extends import extended
from som_sim.scenario.read import load, loads
from som_sim.scenario.scenario import Scenario
from som_sim.writing.differences import Difference, Tree, differences, with_difference

MOST_STEPS = 30
"""Most runs between the two; what is left then is one step."""
WORTH_PAYERS = ("kommune", "region", "stat", "public", "society")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a run gives, as far as it is compared.

    Attributes
    ----------
    targets : mapping of (target, strategy) to expected value
    net : mapping of (strategy, payer) to øre
        Net result of all years against the reference, in constant prices.
    """

    targets: dict[tuple[str, str], float]
    net: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One difference or several that go together, and the figures with and without.

    Attributes
    ----------
    differences : tuple of Difference
    before, after
        Figures without and with them; None when nothing was run.
    """

    differences: tuple[Difference, ...]
    before: Figures | None = None
    after: Figures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What differs between two scenarios.

    Attributes
    ----------
    first, second : Scenario
    steps : tuple of Step
        In the order in which they were laid over the first.
    reordered
        Whether the same stands in both in another order, which matters for which strategy is the
        reference.
    """

    first: Scenario
    second: Scenario
    steps: tuple[Step, ...]
    reordered: bool

    @property
    def same(self) -> bool:
        """Whether the two are the same scenario."""
        return self.first.digest == self.second.digest

    @property
    def before(self) -> Figures | None:
        """The figures of the first scenario, if it was run."""
        return self.steps[0].before if self.steps else None

    @property
    def after(self) -> Figures | None:
        """The figures of the second scenario, if it was run."""
        return self.steps[-1].after if self.steps else None


def diff(
    first: str | os.PathLike[str], second: str | os.PathLike[str], *, worth: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Diff:  # fmt: skip
    """Hold two scenario files against each other.

    Parameters
    ----------
    first, second
        The files.
    worth
        Whether to run what lies between them, to say what each difference is worth.
    progress
        Called with steps done and steps in all.

    Raises
    ------
    ScenarioError
        When one of them is no scenario.

    Examples
    --------
    >>> import som_sim as som
    >>> found = som.diff("scenarios/first.yaml", "scenarios/first.yaml")
    >>> found.same, found.steps
    (True, ())
    """
    names = os.fsdecode(first), os.fsdecode(second)
    scenarios = load(names[0]), load(names[1])
    trees = _tree(names[0]), _tree(names[1])
    found = differences(*trees)
    steps: tuple[Step, ...] = tuple(Step(differences=(one,)) for one in found)
    if worth and found:
        steps = _worth(scenarios, trees[0], found, os.path.dirname(names[0]), progress)
    return Diff(
        first=scenarios[0], second=scenarios[1], steps=steps,
        reordered=not found and digest(trees[0]) != digest(trees[1]),
    )  # fmt: skip


def _tree(name: str) -> Tree:
    with open(name, "rb") as file:
        document, _ = extended(parse_document(file.read(), name), os.path.dirname(name))
    return document.data


def _worth(
    scenarios: tuple[Scenario, Scenario], tree: Tree, found: tuple[Difference, ...], folder: str,
    progress: Callable[[int, int], None] | None,
) -> tuple[Step, ...]:  # fmt: skip
    """Run the first scenario, what lies between, and the second."""
    steps: list[Step] = []
    before = figures(scenarios[0])
    awaited: list[Difference] = []
    for number, one in enumerate(found, start=1):
        tree = with_difference(tree, one)
        awaited.append(one)
        last = number == len(found)
        if len(steps) >= MOST_STEPS and not last:
            continue
        after = figures(scenarios[1]) if last else _between(tree, folder)
        if progress is not None:
            progress(number, len(found))
        if after is None:
            continue
        steps.append(Step(differences=tuple(awaited), before=before, after=after))
        before, awaited = after, []
    return tuple(steps)


def _between(tree: Tree, folder: str) -> Figures | None:
    """Return the figures of a scenario between the two; None when it is none."""
    try:
        return figures(loads(flow(tree), "between", folder=folder))
    except (ScenarioError, SomSimError):
        return None


def figures(scenario: Scenario) -> Figures:
    """Run a scenario and return what is compared.

    Raises
    ------
    SomSimError
        When it cannot be run.
    """
    from som_sim.chain import run

    result = run(scenario)
    table = result.targets
    reference, *others = result.strategies
    del reference
    money = scenario.base.money is not None
    return Figures(
        targets={
            (str(row.target), str(row.strategy)): float(str(row.projected))
            for row in table.itertuples(index=False)
        },
        net={
            (strategy, payer): int(result.net(payer, strategy).sum())
            for strategy in (others if money else ())
            for payer in WORTH_PAYERS
        },
    )
