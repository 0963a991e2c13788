"""What a measure of the targets can see, in the case."""

from __future__ import annotations

from som_sim.core import formats
from som_sim.core.texts import text
from som_sim.report.case.cells import table, words
from som_sim.report.case.content import Block, Cell, Paragraph
from som_sim.report.case.view import View
from som_sim.report.sight import found, note_words, records_of, rejected, stated, years


def sight_blocks(view: View) -> tuple[Block, ...]:
    """Say how small a true change each target's measure can see, and when the simulated one is."""
    lang, rows = view.lang, []
    for row in records_of(view.result.sight):
        if view.plan.target(row["target"]):
            continue
        smallest, chance = row["smallest"], row["chance_goal_seen"]
        when = row["years_to_see"]
        rows.append(
            (
                words(row[f"label_{lang}"]),
                words(view.strategy(row["strategy"])),
                words(f"{stated(row, row['baseline'], lang)} – {stated(row, row['goal'], lang)}"),
                words(found(row, lang)) if smallest is None
                else Cell(text=found(row, lang), number=float(smallest)),
                words(rejected(row, lang)),
                Cell(text=formats.percent(chance, lang), number=float(chance)),
                words(years(row, lang)) if when is None
                else Cell(text=years(row, lang), number=float(when)),
            )
        )  # fmt: skip
    if not rows:
        return ()
    heads = [
        (view.say("sight.target"), "text"), (view.say("sight.strategy"), "text"),
        view.say("sight.change"), view.say("sight.seen_from"), view.say("sight.rejected_at"),
        view.say("sight.goal_seen"), view.say("sight.years_head"),
    ]  # fmt: skip
    pace = text("sight.pace_simulated", lang)
    shown = table("sight", lang, heads, rows, caption=view.say("sight.caption"))
    notes = f"{view.say('sight.columns', pace=pace)} {note_words(lang)}"
    return shown, Paragraph(text=notes, note=True)
