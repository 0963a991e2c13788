"""``som-sim describe``: the model in words, and as a diagram."""

from __future__ import annotations

import os

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, set_option
from som_sim.core.errors import SomSimError
from som_sim.core.texts import LANGUAGES

ENDINGS = (".svg", ".png")


@click.command(
    epilog="""\b
Examples:
  som-sim describe scenarios/randers_act.yaml --lang da
  som-sim describe case.yaml --figure case.svg
  som-sim describe case.yaml --mermaid > case.mmd
"""
    + "\n"
    + codes.HELP
)
@file_argument
@set_option
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the scenario's own.")
@click.option("--mermaid", "as_mermaid", is_flag=True, help="Print a diagram as Mermaid text.")
@click.option("--figure", metavar="FILE", type=click.Path(), help="Draw a diagram: .svg or .png.")
def describe(
    file: str, overrides: dict[str, str], lang: str | None, as_mermaid: bool, figure: str | None
) -> None:
    """Say in words what a scenario is about, or draw its states and how people move.

    Rates are those of the base case, a year, at the start of the run; of several groups the least
    and the highest. Nothing is run.
    """
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides)
    language = lang or scenario.base.meta.language or "en"
    if figure is not None:
        if os.path.splitext(figure)[1].lower() not in ENDINGS:
            raise SomSimError(f"{figure}: write to a name that ends in {' or '.join(ENDINGS)}")
        from som_sim.writing.draw import draw

        draw(scenario, figure, language)
    if as_mermaid:
        from som_sim.writing.mermaid import mermaid

        click.echo(mermaid(scenario.base, language))
    elif figure is None:
        from som_sim.writing.describe import describe as described

        click.echo(described(scenario, language), nl=False)
