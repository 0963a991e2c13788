"""``som-sim bridge``: from SØM's answer to the simulated one, each krone named."""

from __future__ import annotations

import click

from som_sim.cli import codes
from som_sim.core.texts import LANGUAGES, one_line, text

WIDEST = 110
PAYERS = ("kommune", "region", "stat", "fond", "borger", "public", "society")
VIEWS = ("discounted", "constant", "current")


@click.command(
    epilog="""\b
Examples:
  som-sim bridge scenarios/som/skaeve_boliger.yaml
  som-sim bridge scenarios/som/skaeve_boliger.yaml --view current --out out --payer kommune
"""
    + "\n"
    + codes.HELP
)
@click.argument("file", metavar="CASE", type=click.Path())
@click.option(
    "--view",
    type=click.Choice(VIEWS),
    default="discounted",
    show_default=True,
    help="The prices in which the page and the figure are.",
)
@click.option(
    "--payer",
    type=click.Choice(PAYERS),
    default="public",
    show_default=True,
    help="Whose waterfall is drawn.",
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(),
    help="Write summary.json, tables (CSV) and the waterfall (SVG, PNG) into this directory.",
)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language; else the case's, else English."
)
@click.option("--json", "as_json", is_flag=True, help="Print the bridge as JSON and nothing else.")
@click.pass_context
def bridge(
    context: click.Context,
    file: str,
    view: str,
    payer: str,
    out: str | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Explain the difference between SØM's answer and the simulated one.

    CASE is a SØM case with a 'bridge': the scenario that simulates it, and the steps between.
    """
    from som_sim.som.read import load_case

    case = load_case(file)
    for warning in case.warnings:
        click.echo(f"warning: {one_line(str(warning))}", err=True)
    from som_sim.report.bridge_report import print_bridge, save_bridge, summarise_bridge
    from som_sim.som.bridge import run_bridge

    result = run_bridge(case)
    language = lang or case.spec.meta.language or "en"
    if out is not None:
        save_bridge(result, out, language, payer, view)
    if as_json:
        from som_sim.report.som_save import as_json as json_text

        click.echo(json_text(summarise_bridge(result)), nl=False)
    else:
        from rich.console import Console

        console = Console(highlight=False)
        console.width = min(console.width, WIDEST)
        with console.capture() as page:
            print_bridge(result, language, console, view)
        click.echo(page.get(), nl=False, color=console.color_system is not None)
        if out is not None:
            click.echo("\n" + text("summary.written", language, directory=out))
    if not result.som.ok:
        click.echo("reconciliation checks failed", err=True)
        context.exit(codes.CHECK_FAILED)
