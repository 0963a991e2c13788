"""What each scenario in the library comes to, kept in a file beside it.

``python tests/golden.py`` writes the results anew, of all scenarios or of those named; look at the
difference before you commit it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import som_sim
from som_sim.som.read import load_case
from som_sim.som.result import run_case
from som_sim.som.summary import summarise_som

LIBRARY = Path(__file__).resolve().parent.parent / "scenarios"
ENDING = ".golden.json"
KEPT = ("targets", "net_oere", "break_even", "homeless_days_avoided", "values")
NOT_KEPT = ("versions", "format", "case")
DIGITS = 10
"""Of a number that is not whole øre: libraries differ in the last ones."""


def scenarios() -> Iterator[Path]:
    """Yield every scenario of the library, and every SØM case."""
    yield from sorted(LIBRARY.glob("*.yaml"))
    yield from sorted((LIBRARY / "som").glob("*.yaml"))


def golden_file(scenario: Path) -> Path:
    """Return where the result of a scenario is kept."""
    return scenario.with_name(scenario.stem + ENDING)


def result_of(scenario: Path) -> dict[str, Any]:
    """Run a scenario or a case and return the figures that are kept."""
    if scenario.parent.name == "som":
        summary = summarise_som(run_case(load_case(scenario)))
        kept = {key: value for key, value in summary.items() if key not in NOT_KEPT}
        kept["reconciliation"] = {"failed": kept["reconciliation"]["failed"]}
        return rounded(kept)
    summary = som_sim.run(som_sim.load(scenario)).summary()
    return rounded(
        {
            "ok": summary["ok"],
            "reference": summary["reference"],
            "strategies": {
                name: {key: strategy[key] for key in KEPT if key in strategy}
                for name, strategy in summary["strategies"].items()
            },
        }
    )


def rounded(value: Any) -> Any:
    """Return a tree with every float at so many digits."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def text_of(result: dict[str, Any]) -> str:
    """Return a result as it is kept."""
    return json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


if __name__ == "__main__":
    named = {Path(one).resolve() for one in sys.argv[1:]}
    for path in scenarios():
        if not named or path.resolve() in named:
            golden_file(path).write_text(text_of(result_of(path)), encoding="utf-8", newline="\n")
            print(f"wrote {golden_file(path).relative_to(LIBRARY.parent)}")
