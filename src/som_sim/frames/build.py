"""What the tables share: building a frame, and going through the strategies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from som_sim.scenario.schema import Text

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result, StrategyRun


def frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return rows as a frame with these columns, also when there are no rows."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def concat(parts: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return frames below one another; without any, an empty one with these columns.

    Parts without rows are left out: their columns have no types, and would take the others' away.
    """
    import pandas as pd

    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))


def runs(result: Result) -> Iterator[tuple[str, StrategyRun]]:
    """Yield each strategy with its run, the reference first."""
    yield from result.runs.items()


def label(label: Text | None, name: str) -> dict[str, str]:
    """Return a text in both languages as columns, or the name where there is no text."""
    return {
        "label_da": label.da if label else name,
        "label_en": label.en if label else name,
    }
