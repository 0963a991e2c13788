"""From SØM's answer to the simulated one, step by step, each krone of the difference named.

The case names a scenario that simulates the same thing, and for each dynamic the changes that take
it out. With all of them taken out the simulation is static; then they are put back one at a time,
in the order of the file. A step is what the net changes by, so the steps add up to the whole
difference, exactly: every figure is a sum of postings in øre.

The first step, ``static``, holds the case against the static simulation. It is 0 when the two say
the same thing, and a few øre where monthly bills are rounded twelve times a year; anything else is
something that one of the files has and the other has not.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np

from som_sim.chain import run_strategy
from som_sim.core.errors import ScenarioError, SomSimError, suggest
from som_sim.core.names import PAYERS
from som_sim.core.yaml_scalars import plain_number
from som_sim.ledger.ledger import MEMO, PROVIDER, Ledger, payer_number
from som_sim.outcomes.economics import PERSPECTIVES, VIEWS, net_table
from som_sim.scenario.files import boundary, read_named
from som_sim.scenario.read import loads
from som_sim.scenario.scenario import Scenario
from som_sim.som.case import Bridge
from som_sim.som.read import Case
from som_sim.som.result import SomResult, run_case

Totals = Mapping[tuple[str, str], int]
Accounts = Mapping[tuple[str, str], int]
STATIC = "static"
_TWO_WAYS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
"""A number that a Danish reader takes for thousands; the reader of files refuses it."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORDS = ("true", "false", "null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """The net of one answer.

    Attributes
    ----------
    totals : mapping of (view, payer) to øre
        Over all years.
    accounts : mapping of (account, payer) to øre
        The same in current prices, by account.
    """

    totals: Totals
    accounts: Accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the bridge.

    Attributes
    ----------
    kind
        ``static``, or as in the file.
    label : mapping of language to words
        Empty when the kind says it all.
    change
        What the net changes by.
    """

    kind: str
    label: Mapping[str, str]
    change: Net


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeResult:
    """What `run_bridge` returns; amounts are øre, plus is a saving.

    Attributes
    ----------
    case, scenario, strategy
        What was calculated, what was simulated, and which strategy against the first.
    som
        SØM's calculation.
    start, end
        Its net, and the simulated one.
    steps
        From the one to the other; they add up exactly.
    """

    case: Case
    scenario: Scenario
    strategy: str
    som: SomResult
    start: Net
    end: Net
    steps: tuple[Step, ...]


def run_bridge(case: Case, progress: Callable[[int, int], None] | None = None) -> BridgeResult:
    """Calculate a case, simulate it with more and more dynamics, and name the differences.

    Parameters
    ----------
    case
        A case with a `bridge`.
    progress
        Called with runs done and runs in all.

    Raises
    ------
    SomSimError
        When the case has no bridge or lacks an input, or the two files do not fit together.
    """
    bridge = case.spec.bridge
    if bridge is None:
        raise SomSimError(f"{case.file}: the case has no 'bridge': name the scenario and the steps")
    som = run_case(case)
    if not som.has("net_total"):
        missing = ", ".join(case.spec.missing_inputs)
        raise SomSimError(f"{case.file}: without {missing} there is no answer to start from")
    nets = [_som_net(som)]
    scenario: Scenario | None = None
    n_steps = len(bridge.steps)
    for done in range(n_steps + 1):
        scenario = _scenario(case, bridge, done)
        _same_yardstick(case, scenario, bridge)
        nets.append(_simulated_net(scenario, bridge.strategy))
        if progress is not None:
            progress(done + 1, n_steps + 1)
    assert scenario is not None
    steps = [Step(kind=STATIC, label=MappingProxyType({}), change=_less(nets[1], nets[0]))]
    for one, before, after in zip(bridge.steps, nets[1:], nets[2:], strict=False):
        label = {} if one.label is None else {"da": one.label.da, "en": one.label.en}
        steps.append(
            Step(kind=one.kind, label=MappingProxyType(label), change=_less(after, before))
        )
    return BridgeResult(
        case=case,
        scenario=scenario,
        strategy=bridge.strategy,
        som=som,
        start=nets[0],
        end=nets[-1],
        steps=tuple(steps),
    )


def _scenario(case: Case, bridge: Bridge, done: int) -> Scenario:
    """Return the scenario with all steps but the first ones taken out."""
    folder = os.path.dirname(case.file)
    try:
        named = read_named(bridge.scenario, folder, boundary(folder))
    except ValueError as error:
        problem = case.document.problem(("bridge", "scenario"), str(error))
        raise ScenarioError([problem]) from None
    overrides: dict[str, str] = {}
    for step in bridge.steps[done:]:
        for path, value in step.without.items():
            overrides.setdefault(path, yaml_text(value))
    try:
        return loads(
            named.content, named.shown, overrides=overrides, folder=os.path.dirname(named.shown)
        )
    except ScenarioError as error:
        where = (
            "as it stands" if done == len(bridge.steps) else f"without '{bridge.steps[done].kind}'"
        )
        found = case.document.problem(
            ("bridge", "scenario"), f"the scenario cannot be read {where}; see what follows"
        )
        raise ScenarioError([found, *error.problems]) from None


def yaml_text(value: Any) -> str:
    """Write a value on one line of YAML, numbers as they were.

    Examples
    --------
    >>> yaml_text({"kommune": Decimal("0.5"), "from": "2024-01", "places": Decimal("1.125")})
    '{kommune: 0.5, from: "2024-01", places: 1.1250}'
    """
    if isinstance(value, dict):
        inner = (f"{yaml_text(str(key))}: {yaml_text(one)}" for key, one in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(yaml_text(one) for one in value)}]"
    if isinstance(value, Decimal):
        number = plain_number(value)
        return f"{number}0" if _TWO_WAYS.fullmatch(number) else number
    if isinstance(value, str) and _NAME.fullmatch(value) and value not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def _same_yardstick(case: Case, scenario: Scenario, bridge: Bridge) -> None:
    """Refuse a comparison in which the two answers are counted in different ways."""

    def refuse(message: str, *path: str) -> None:
        raise ScenarioError([case.document.problem(path, message)])

    names = tuple(scenario.strategies)
    if bridge.strategy not in names[1:]:
        refuse(
            f"'{bridge.strategy}' is no strategy of {scenario.file} beside its reference; "
            f"{suggest(bridge.strategy, names[1:])}",
            "bridge", "strategy",
        )  # fmt: skip
    spec, base = case.spec, scenario.base
    if base.money is None:
        refuse(f"{scenario.file} says nothing of money", "bridge", "scenario")
        return
    here, there = spec.money, base.money
    for key, words in (("base_year", "discounted to"), ("discount_rate", "discounted at")):
        ours, theirs = getattr(here, key), getattr(there, key)
        if ours != theirs:
            refuse(f"{words} {ours} here and {theirs} in {scenario.file}", "money", key)
    if spec.meta.price_year != base.meta.price_year:
        years = f"{spec.meta.price_year} here and of {base.meta.price_year} in {scenario.file}"
        refuse(f"constant prices are those of {years}", "meta", "price_year")


def _som_net(som: SomResult) -> Net:
    totals = {(v, p): int(som.net(p, v).sum()) for v in VIEWS for p in PERSPECTIVES}
    return Net(totals=totals, accounts=_accounts(som.ledger, -1))


def _simulated_net(scenario: Scenario, strategy: str) -> Net:
    reference = next(iter(scenario.strategies))
    runs = [run_strategy(scenario.strategies[name], name) for name in (reference, strategy)]
    net = net_table(runs[0].costs, runs[1].costs)
    totals = {(v, p): int(net.amounts[v, p].sum()) for v in VIEWS for p in PERSPECTIVES}
    sides = [_accounts(run.books.ledger, sign) for run, sign in zip(runs, (1, -1), strict=True)]
    keys = dict.fromkeys([*sides[0], *sides[1]])
    return Net(
        totals=totals, accounts={key: sum(side.get(key, 0) for side in sides) for key in keys}
    )


def _accounts(ledger: Ledger, sign: int) -> Accounts:
    """Return what payers bear by account, in current prices, times a sign."""
    rows = (ledger.kind != MEMO) & (ledger.payer != payer_number(PROVIDER))
    keys = np.stack([ledger.item[rows], ledger.payer[rows]])
    found: dict[tuple[str, str], int] = {}
    for (item, payer), amount in zip(keys.T, ledger.amount[rows], strict=True):
        key = (ledger.items[item][0], PAYERS[payer])
        found[key] = found.get(key, 0) + sign * int(amount)
    return found


def _less(after: Net, before: Net) -> Net:
    keys = dict.fromkeys([*before.accounts, *after.accounts])
    return Net(
        totals={key: after.totals[key] - before.totals[key] for key in after.totals},
        accounts={key: after.accounts.get(key, 0) - before.accounts.get(key, 0) for key in keys},
    )
