"""``som-sim sight``: what the measures of targets can see of a change, through chance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from som_sim.cli import codes
from som_sim.cli.options import knowledge_option, set_option, show_warnings
from som_sim.core.texts import LANGUAGES, one_line, text

if TYPE_CHECKING:
    from som_sim.report.page import Page

WIDTH = 110


@click.command(
    epilog="""\b
Examples:
  som-sim sight
  som-sim sight scenarios/randers_act.yaml --lang da
"""
    + "\n"
    + codes.HELP
)
@click.argument("file", metavar="[FILE]", type=click.Path(), required=False)
@set_option
@knowledge_option
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def sight(
    file: str | None,
    overrides: dict[str, str],
    knowledge: tuple[str, ...],
    lang: str,
    as_json: bool,
) -> None:
    """Show how small a true change each target's measure can see, and after how many years.

    For the targets of FILE; without one for the goals of the knowledge base, the 14 goals of the
    Virksomhedsplan. Beside it stands the chance that 'no change' would also show the target met.
    """
    if file is None and overrides:
        raise click.UsageError("--set changes a FILE; name one")
    rows = _of_goals(knowledge) if file is None else _of_scenario(file, overrides, knowledge, lang)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False))
        return
    from rich.console import Console

    from som_sim.report.page import Page
    from som_sim.report.sight import print_table

    console = Console(highlight=False)
    page = Page(console if console.is_terminal else Console(highlight=False, width=WIDTH), lang)
    if file is None:
        page.head(text("sight.goals", lang, count=len(rows)))
    else:
        page.head(text("sight.caption", lang))
    print_table(page, rows, simulated=file is not None)
    if file is None:
        _print_more(page, rows)


def _of_goals(knowledge: tuple[str, ...]) -> list[dict[str, Any]]:
    from som_sim.knowledge.files import knowledge_base, laid_over, read_knowledge
    from som_sim.outcomes.goals import sight_of_goals
    from som_sim.scenario.own_knowledge import read_file

    known = knowledge_base()
    for path in knowledge:
        known = laid_over(known, read_knowledge(read_file(path)))
    return sight_of_goals(known)


def _of_scenario(
    file: str, overrides: dict[str, str], knowledge: tuple[str, ...], lang: str
) -> list[dict[str, Any]]:
    from som_sim.chain import run
    from som_sim.report import naming
    from som_sim.report.sight import records_of
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides, knowledge=knowledge)
    show_warnings(scenario)
    result = run(scenario)
    rows = records_of(result.sight)
    return [{**row, "name": naming.strategy(result, row["strategy"], lang)} for row in rows]


def _print_more(page: Page, rows: list[dict[str, Any]]) -> None:
    """Print what came later, and how many goals nothing can be said of."""
    from som_sim.core.formats import percent

    lang = page.lang
    for row in rows:
        for later in row["later"]:
            page.say(
                text(
                    "sight.later",
                    lang,
                    label=one_line(str(row[f"label_{lang}"])),
                    later=percent(later["value"], lang),
                    baseline=percent(row["baseline"], lang),
                    n=row["n"],
                    chance=percent(later["chance"], lang),
                ),
                bullet=True,
            )
    without = sum(row["probability_no_change"] is None for row in rows)
    if without:
        page.say(text("sight.no_n", lang, count=without), bullet=True)
