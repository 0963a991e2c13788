"""``som-sim diff``: what differs between two scenarios, and what each difference is worth."""

from __future__ import annotations

import json
import sys

import click

from som_sim.cli import codes
from som_sim.core.texts import LANGUAGES


@click.command(
    epilog="""\b
Examples:
  som-sim diff before.yaml after.yaml
  som-sim diff scenarios/randers_act.yaml mine.yaml --lang da --no-worth
"""
    + "\n"
    + codes.HELP
)
@click.argument("first", metavar="A", type=click.Path())
@click.argument("second", metavar="B", type=click.Path())
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else that of A.")
@click.option(
    "--worth/--no-worth",
    default=True,
    show_default=True,
    help="Run what lies between A and B, to say what each difference is worth.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON and nothing else.")
def diff(first: str, second: str, lang: str | None, worth: bool, as_json: bool) -> None:
    """Say what differs between two scenarios, and what each difference is worth.

    The differences are laid over A one after another, and each step is run: what it changes in
    targets and in each payer's net result is what that difference is worth. The steps add up to
    the whole difference.
    """
    from som_sim.writing.diff import diff as compared
    from som_sim.writing.diff_page import data, page

    def progress(done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done}/{total}", nl=done == total, err=True)

    found = compared(first, second, worth=worth, progress=progress)
    language = lang or found.first.base.meta.language or "en"
    if as_json:
        click.echo(json.dumps(data(found, language), ensure_ascii=False, indent=2))
    else:
        click.echo(page(found, language), nl=False)
