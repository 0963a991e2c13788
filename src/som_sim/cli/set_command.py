"""``som-sim set``: change values in a scenario file and keep its comments."""

from __future__ import annotations

from collections.abc import Sequence

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, read_overrides


def _changes(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> dict[str, str]:
    return read_overrides(context, parameter, values)


@click.command(
    name="set",
    epilog="""\b
Examples:
  som-sim set case.yaml programmes.act.places=12
  som-sim set case.yaml 'prices.act_team.amount=2500000' 'meta.title.en=ACT, larger'
"""
    + "\n"
    + codes.HELP,
)
@file_argument
@click.argument("changes", metavar="PATH=VALUE...", nargs=-1, required=True, callback=_changes)
@click.option("--out", metavar="FILE", type=click.Path(), help="Write here; else into FILE itself.")
@click.option("--unchecked", is_flag=True, help="Write also what is no scenario yet.")
def set_values(file: str, changes: dict[str, str], out: str | None, unchecked: bool) -> None:
    """Change values in a scenario file; every comment and all else in it stays as it is.

    A path is written as messages write it: programmes.act.places, transitions[3].rate_per_year. The
    value is YAML. Nothing is written when the file would not be a scenario.
    """
    from som_sim.core.errors import Problem, ScenarioError
    from som_sim.core.yaml_tree import parse_value
    from som_sim.scenario.edit import CHANGE, edit

    values: dict[str, object] = {}
    problems = []
    for path, text in changes.items():
        try:
            values[path] = parse_value(text, CHANGE)
        except ScenarioError as error:
            problems += [
                Problem(path=(), message=f"{path}: {one.message}", file=CHANGE)
                for one in error.problems
            ]
    if problems:
        raise ScenarioError(problems)
    edit(file, values, out=out, check=not unchecked)
