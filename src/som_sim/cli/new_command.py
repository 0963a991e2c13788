"""``som-sim new``: a commented scenario to begin with."""

from __future__ import annotations

import os

import click

from som_sim.cli import codes
from som_sim.core.texts import LANGUAGES, text
from som_sim.core.write import write_whole
from som_sim.writing.starter import KINDS


@click.command(
    epilog="""\b
Examples:
  som-sim new case.yaml
  som-sim new sag.yaml --kind full --lang da --year 2027
  som-sim new randers.yaml --municipality Randers
  som-sim new sag.yaml --municipality Viborg --homeless 60 --lang da
"""
    + "\n"
    + codes.HELP
)
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--kind", type=click.Choice(KINDS), default="minimal", show_default=True,
              help="How much of the format to show.")  # fmt: skip
@click.option(
    "--municipality",
    metavar="NAME",
    help="A first draft for this municipality, from the knowledge base, in place of --kind.",
)
@click.option(
    "--homeless",
    type=click.IntRange(1, 100_000),
    help="How many homeless people it counted in week 6, where the knowledge base has no count.",
)
@click.option("--title", help="What the case is called.")
@click.option(
    "--year", type=click.IntRange(2013, 2090), help="First year of the run; else next year."
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True,
              help="Language of the comments and of the reports.")  # fmt: skip
def new(
    file: str,
    kind: str,
    municipality: str | None,
    homeless: int | None,
    title: str | None,
    year: int | None,
    lang: str,
) -> None:
    """Write a scenario to begin with: it runs as it is, and its comments say how to go on.

    A file that is there already is left alone.
    """
    name = os.path.basename(file)
    if municipality is not None:
        from som_sim.writing.municipality import municipal_starter

        written = municipal_starter(
            municipality, homeless=homeless, lang=lang, year=year, title=title, name=name
        )
    else:
        from som_sim.writing.starter import starter

        if homeless is not None:
            raise click.UsageError("--homeless goes with --municipality")
        written = starter(kind, lang=lang, year=year, title=title, name=name)
    write_whole(file, written.encode("utf-8"), replace=False)
    click.echo(text("new.written", lang, file=file))
