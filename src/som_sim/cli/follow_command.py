"""``som-sim follow``: one person's history in words, or everybody's events as a table."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, set_option, show_warnings
from som_sim.core.errors import SomSimError, suggest
from som_sim.core.texts import LANGUAGES
from som_sim.core.write import write_whole

if TYPE_CHECKING:
    import pandas as pd

PARQUET = ".parquet"


@click.command(
    epilog="""\b
Examples:
  som-sim follow scenarios/randers_act.yaml --person 17
  som-sim follow scenarios/randers_act.yaml --person 17 --strategy reference --lang da
  som-sim follow scenarios/randers_act.yaml --events events.csv
"""
    + "\n"
    + codes.HELP
)
@file_argument
@click.option("--person", metavar="N", type=click.IntRange(0), help="Number of the person, from 0.")
@click.option("--strategy", metavar="NAME", help="Whose strategy; else the last one in the file.")
@click.option(
    "--replicate",
    metavar="R",
    type=click.IntRange(0, 2**64 - 1),
    default=0,
    help="Which history; else 0.",
)
@click.option(
    "--seed",
    metavar="S",
    type=click.IntRange(0, 2**64 - 1),
    default=0,
    help="Root of the random numbers; else 0.",
)
@click.option(
    "--events",
    "table",
    metavar="PATH",
    type=click.Path(dir_okay=False),
    help="Write every event of the history into this file, CSV or (ending in .parquet) Parquet.",
)
@set_option
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the scenario's own.")
def follow(
    file: str,
    person: int | None,
    strategy: str | None,
    replicate: int,
    seed: int,
    table: str | None,
    overrides: dict[str, str],
    lang: str | None,
) -> None:
    """Follow one person through a history: dates, states, programmes, and money by payer.

    People are numbered from 0: those there at the start in the order of the cells, then those who
    come in the order of time. The same person in another strategy meets the same luck.
    """
    if person is None and table is None:
        raise click.UsageError("say whom to follow with --person, or where --events go")
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides)
    show_warnings(scenario)
    name = list(scenario.strategies)[-1] if strategy is None else strategy
    if name not in scenario.strategies:
        hint = suggest(name, tuple(scenario.strategies))
        raise SomSimError(f"there is no strategy '{name}'; {hint}")
    spec = scenario.strategies[name]
    if person is not None:
        from som_sim.outcomes.story import follow as follow_person
        from som_sim.report.story import story_text

        story = follow_person(spec, name, person, replicate=replicate, seed=seed)
        click.echo(story_text(spec, story, lang or spec.meta.language or "en"), nl=False)
    if table is not None:
        from som_sim.frames.events import events

        write_table(events(scenario, name, replicate=replicate, seed=seed), table)


def write_table(found: pd.DataFrame, path: str) -> None:
    """Write a table to a file, all of it or nothing.

    Raises
    ------
    SomSimError
        When it cannot be written, or Parquet is not installed.
    """
    from som_sim.report.tables import csv_text

    if Path(path).suffix.lower() == PARQUET:
        buffer = io.BytesIO()
        try:
            found.to_parquet(buffer, index=False)
        except ImportError:
            raise SomSimError(
                'writing Parquet needs pyarrow: pip install "som-sim[parquet]"'
            ) from None
        write_whole(path, buffer.getvalue())
    else:
        write_whole(path, csv_text(found).encode())
