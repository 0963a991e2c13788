"""``som-sim convert``: a scenario from YAML, JSON or a workbook to another of them."""

from __future__ import annotations

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument
from som_sim.core.texts import LANGUAGES, text


@click.command(
    epilog="""\b
Examples:
  som-sim convert case.yaml case.xlsx --lang da
  som-sim convert case.xlsx case.yaml
"""
    + "\n"
    + codes.HELP
)
@file_argument
@click.argument("out", metavar="OUT", type=click.Path())
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True,
              help="Language of sheets and headings of a workbook.")  # fmt: skip
def convert(file: str, out: str, lang: str) -> None:
    """Write a scenario in another format: .yaml, .json or .xlsx, by the name of OUT.

    A workbook has one sheet a section, and every command reads it as it reads YAML. What the file
    extends is written into it; comments are not carried over. OUT may not be there yet.
    """
    from som_sim.scenario.convert import convert as converted

    converted(file, out, lang=lang)
    click.echo(text("new.written", lang, file=out))
