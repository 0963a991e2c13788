"""What each chance of a target was taken from, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from som_sim.core.texts import text
from som_sim.report import naming

if TYPE_CHECKING:
    from som_sim.result import Result


def chance_lines(result: Result, lang: str, target: str | None = None) -> list[str]:
    """Say what the chances of targets were taken from.

    Parameters
    ----------
    target
        Its name; all targets together when not said.

    Returns
    -------
    One line for all strategies; or, where they differ, one for each way with its strategies.

    Examples
    --------
    >>> import som_sim as som
    >>> result = som.run(som.load("scenarios/first.yaml"))
    >>> for line in chance_lines(result, "en"):
    ...     print(line[:45])
    Probability, Nothing new: binomial for those
    Probability, With support: Poisson, an upper
    """
    rows: list[dict[str, Any]] = [
        {str(key): cell for key, cell in row.items()}
        for row in result.targets.to_dict("records")
        if row["chance_from"] and target in (None, row["target"])
    ]
    strategies: dict[str, dict[str, None]] = {}
    for row in rows:
        strategies.setdefault(str(row["chance_from"]), {})[str(row["strategy"])] = None
    if len(strategies) == 1:
        return [
            text("chance_from.all", lang, how=text(f"chance_from.{how}", lang))
            for how in strategies
        ]
    return [
        text(
            "chance_from.some",
            lang,
            strategies=", ".join(naming.strategy(result, name, lang) for name in names),
            how=text(f"chance_from.{how}", lang),
        )
        for how, names in strategies.items()
    ]
