"""Arguments, options and warnings that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from som_sim.core.texts import one_line

if TYPE_CHECKING:
    from som_sim.scenario.scenario import Scenario

SET_EXAMPLE = "--set programmes.act.intake.share_of_waiting=0.3"


def read_overrides(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> dict[str, str]:
    """Turn each ``PATH=VALUE`` into an entry; of two for one path the last one counts."""
    overrides = {}
    for value in values:
        path, equals, text = value.partition("=")
        if not equals or not path.strip():
            raise click.BadParameter(
                f"'{value}' is not PATH=VALUE, as in {SET_EXAMPLE}", context, parameter
            )
        overrides[path.strip()] = text
    return overrides


def show_warnings(scenario: Scenario) -> None:
    """Print on stderr what deserves a look in a scenario."""
    for warning in scenario.warnings:
        click.echo(f"warning: {one_line(str(warning))}", err=True)


file_argument = click.argument("file", metavar="FILE", type=click.Path())
set_option = click.option(
    "--set",
    "overrides",
    metavar="PATH=VALUE",
    multiple=True,
    callback=read_overrides,
    help=f"Read the file with this value in place of its own; may be given again. "
    f"As in {SET_EXAMPLE}.",
)
knowledge_option = click.option(
    "--knowledge",
    "knowledge",
    metavar="FILE",
    multiple=True,
    type=click.Path(),
    help="Lay a file of own rules and numbers over those that the scenario names; may be given "
    "again.",
)
