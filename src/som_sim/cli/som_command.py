"""``som-sim som``: SØM's own calculation, from a case file to net per payer and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from som_sim.cli import codes
from som_sim.cli.options import read_overrides
from som_sim.core.texts import LANGUAGES, one_line, text

if TYPE_CHECKING:
    from som_sim.som.result import SomResult

WIDEST = 100


@click.command(
    epilog="""\b
Examples:
  som-sim som scenarios/som/skaeve_boliger.yaml
  som-sim som scenarios/som/skaeve_boliger.yaml --set success.with=0.6 --out out
  som-sim som scenarios/som/skaeve_boliger.yaml --table case.xlsx
"""
    + "\n"
    + codes.HELP
)
@click.argument("file", metavar="FILE", type=click.Path())
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(),
    help="Write som.json and tables (CSV) into this directory.",
)
@click.option(
    "--table",
    metavar="FILE",
    type=click.Path(),
    help="Write the case as a table to fill in: CSV or xlsx, by the ending of the name.",
)
@click.option(
    "--scenario",
    metavar="FILE",
    type=click.Path(),
    help="Write the case as a scenario without dynamics, to make reports of or to put them in.",
)
@click.option(
    "--set",
    "overrides",
    metavar="PATH=VALUE",
    multiple=True,
    callback=read_overrides,
    help="Read the file with this value in place of its own; may be given again. "
    "As in --set success.net=0.2.",
)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language; else the file's, else English."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON and nothing else.")
@click.pass_context
def som(
    context: click.Context,
    file: str,
    out: str | None,
    table: str | None,
    scenario: str | None,
    overrides: dict[str, str],
    lang: str | None,
    as_json: bool,
) -> None:
    """Calculate a case as SØM does: no phase-in, no relapse, net of what would have happened.

    FILE is YAML, or a table as CSV or xlsx.
    """
    from som_sim.som.read import load_case
    from som_sim.som.result import run_case

    case = load_case(file, overrides=overrides)
    for warning in case.warnings:
        click.echo(f"warning: {one_line(str(warning))}", err=True)
    result = run_case(case)
    language = lang or case.spec.meta.language or "en"
    if table is not None:
        from som_sim.som.table import write_table

        write_table(case, table, language)
    if scenario is not None:
        from som_sim.som.simulate import write_scenario

        write_scenario(case, scenario)
    if out is not None:
        from som_sim.report.som_save import save_som

        save_som(result, out)
    if as_json:
        from som_sim.report.som_save import som_text

        click.echo(som_text(result), nl=False)
    else:
        _show(result, language, out)
    if not result.ok:
        click.echo("reconciliation checks failed", err=True)
        context.exit(codes.CHECK_FAILED)


def _show(result: SomResult, language: str, out: str | None) -> None:
    from rich.console import Console

    from som_sim.report.som_summary import print_som

    console = Console(highlight=False)
    console.width = min(console.width, WIDEST)
    with console.capture() as page:
        print_som(result, language, console)
    click.echo(page.get(), nl=False, color=console.color_system is not None)
    if out is not None:
        click.echo("\n" + text("summary.written", language, directory=out))
