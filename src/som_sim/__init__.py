"""som_sim: what a social programme does to people and to public money.

``load`` reads a scenario file, ``run`` runs it, and the `Result` holds every figure::

    import som_sim as som

    scenario = som.load("scenarios/randers_act.yaml")
    result = som.run(scenario)
    result.targets, result.net("kommune"), result.reconciliation
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from som_sim import economics
    from som_sim.analysis.backtest import backtest
    from som_sim.analysis.calibration import calibrate
    from som_sim.analysis.rule_shares import rule_shares
    from som_sim.analysis.run import run
    from som_sim.analysis.sensitivity import Sensitivity, sensitivity
    from som_sim.core.errors import Problem, ScenarioError, SomSimError
    from som_sim.frames.events import events
    from som_sim.frames.queues import spells, waits
    from som_sim.ledger.budget import reconcile_budget
    from som_sim.result import Result
    from som_sim.scenario.edit import edit
    from som_sim.scenario.read import load, loads
    from som_sim.scenario.scenario import Scenario
    from som_sim.som.bridge import BridgeResult, run_bridge
    from som_sim.som.read import load_case
    from som_sim.som.result import SomResult, run_case
    from som_sim.writing.audit import Audit, audit
    from som_sim.writing.describe import describe
    from som_sim.writing.diff import Diff, diff

__all__ = [
    "Audit",
    "BridgeResult",
    "Diff",
    "Problem",
    "Result",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "SomResult",
    "SomSimError",
    "audit",
    "backtest",
    "calibrate",
    "describe",
    "diff",
    "economics",
    "edit",
    "events",
    "load",
    "load_case",
    "loads",
    "reconcile_budget",
    "rule_shares",
    "run",
    "run_bridge",
    "run_case",
    "sensitivity",
    "spells",
    "waits",
]

_HOME = {
    "Audit": "som_sim.writing.audit",
    "audit": "som_sim.writing.audit",
    "BridgeResult": "som_sim.som.bridge",
    "backtest": "som_sim.analysis.backtest",
    "calibrate": "som_sim.analysis.calibration",
    "Problem": "som_sim.core.errors",
    "Result": "som_sim.result",
    "Scenario": "som_sim.scenario.scenario",
    "ScenarioError": "som_sim.core.errors",
    "SomResult": "som_sim.som.result",
    "SomSimError": "som_sim.core.errors",
    "describe": "som_sim.writing.describe",
    "Diff": "som_sim.writing.diff",
    "diff": "som_sim.writing.diff",
    "edit": "som_sim.scenario.edit",
    "events": "som_sim.frames.events",
    "Sensitivity": "som_sim.analysis.sensitivity",
    "sensitivity": "som_sim.analysis.sensitivity",
    "spells": "som_sim.frames.queues",
    "waits": "som_sim.frames.queues",
    "load": "som_sim.scenario.read",
    "load_case": "som_sim.som.read",
    "loads": "som_sim.scenario.read",
    "reconcile_budget": "som_sim.ledger.budget",
    "rule_shares": "som_sim.analysis.rule_shares",
    "run": "som_sim.analysis.run",
    "run_bridge": "som_sim.som.bridge",
    "run_case": "som_sim.som.result",
}

_MODULES = ("economics",)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that starting costs nothing."""
    from importlib import import_module

    if name == "__version__":
        return import_module("som_sim.core.version").version()
    if name in _MODULES:
        return import_module(f"som_sim.{name}")
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'som_sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])
