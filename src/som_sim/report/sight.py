"""What a measure can see, in words: of a run's targets, and of the goals of the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.core.formats import decimals_of, number, percent
from som_sim.core.texts import one_line, text
from som_sim.outcomes.sight import LEVEL, MOST_YEARS, POWER
from som_sim.report import naming
from som_sim.report.page import Page

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.result import Result


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table of sight, with None for what is missing."""
    rows = []
    for row in table.to_dict("records"):
        rows.append(
            {
                str(key): None
                if not isinstance(cell, (str, bool)) and (cell is None or cell != cell)
                else cell
                for key, cell in row.items()
            }
        )
    return rows


def stated(row: dict[str, Any], value: float, lang: str) -> str:
    """Write a stated value: a share in per cent, a count as it is."""
    if row["n"] is not None:
        return percent(value, lang, min(decimals_of(100 * value), 1))
    return number(value, lang, min(decimals_of(value), 1))


def found(row: dict[str, Any], lang: str) -> str:
    """Write a true value that was computed."""
    value = row["smallest"]
    if value is None:
        return text("none", lang)
    return number(value, lang, 1) if row["n"] is None else percent(value, lang)


def rejected(row: dict[str, Any], lang: str) -> str:
    """Write the number from which chance is a poor explanation."""
    if row["rejected_at"] is None:
        return text("none", lang)
    if row["n"] is None:
        return number(row["rejected_at"], lang)
    count, n = number(row["rejected_at"], lang), number(row["n"], lang)
    return text("sight.of", lang, count=count, n=n)


def years(row: dict[str, Any], lang: str) -> str:
    """Write after how many yearly measures a change can be seen."""
    if row["years_to_see"] is None:
        return text("sight.over", lang, years=MOST_YEARS)
    return number(row["years_to_see"], lang)


def print_sight(page: Page, result: Result, target: str) -> None:
    """Print what the measure of a target can see, and when; nothing where nobody counts."""
    lang, table = page.lang, result.sight
    rows = records_of(table[table["target"] == target])
    if not rows:
        return
    page.say(smallest_words(rows[0], lang))
    if rows[0]["smallest"] is None:
        return
    for row in rows:
        if row["strategy"] == result.reference and len(rows) > 1:
            continue
        page.say(years_words(row, naming.strategy(result, row["strategy"], lang), lang))


def smallest_words(row: dict[str, Any], lang: str) -> str:
    """Say in a sentence what a measure can see."""
    baseline = stated(row, row["baseline"], lang)
    if row["smallest"] is None:
        return text("sight.blind", lang, baseline=baseline)
    return text(
        "sight.smallest",
        lang,
        baseline=baseline,
        smallest=found(row, lang),
        rejected=rejected(row, lang),
        goal=stated(row, row["goal"], lang),
        chance=percent(row["chance_goal_seen"], lang),
    )


def years_words(row: dict[str, Any], strategy: str, lang: str) -> str:
    """Say in a sentence after how many years a simulated change can be seen."""
    when = row["years_to_see"]
    key = "sight.never" if when is None else "sight.year" if when == 1 else "sight.years"
    return text(key, lang, strategy=strategy, years=MOST_YEARS if when is None else when)


def note_words(lang: str) -> str:
    """Say with which test it was asked."""
    return text("sight.note", lang, level=percent(LEVEL, lang), power=percent(POWER, lang))


HEADS = ("no_change", "seen_from", "rejected_at", "goal_seen", "years_head")


def cells(row: dict[str, Any], lang: str) -> tuple[str, ...]:
    """Return the cells of a row below `HEADS`; dashes where a share has no N."""
    if row["probability_no_change"] is None or not np.isfinite(row["probability_no_change"]):
        return (text("none", lang),) * len(HEADS)
    return (
        percent(row["probability_no_change"], lang),
        found(row, lang),
        rejected(row, lang),
        percent(row["chance_goal_seen"], lang),
        years(row, lang),
    )


def print_table(page: Page, rows: list[dict[str, Any]], *, simulated: bool) -> None:
    """Print rows of sight as a table, and what its columns mean."""
    lang = page.lang
    if not rows:
        page.say(text("sight.none", lang))
        return
    lines = []
    for row in rows:
        n = number(row["n"], lang) if row["n"] is not None else text("none", lang)
        shown = {**row, "n": row["n"] or (1 if row.get("share") else None)}
        change = f"{stated(shown, row['baseline'], lang)} - {stated(shown, row['goal'], lang)}"
        name = one_line(str(row[f"label_{lang}"]))
        if simulated:
            name = text("sight.row", lang, label=name, strategy=row["name"])
        lines.append((name, change, n, *cells(row, lang)))
    heads = [
        *(text(f"sight.{head}", lang) for head in ("target", "change", "n")),
        *(text(f"sight.{head}", lang) for head in HEADS),
    ]
    page.table(heads, lines, bold_last=False)
    pace = text("sight.pace_simulated" if simulated else "sight.pace_goal", lang)
    page.say(text("sight.columns", lang, pace=pace), style="dim")
    page.say(note_words(lang), style="dim")
