"""``som-sim run``: the whole chain from a scenario file to a summary and a directory of results."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, knowledge_option, set_option, show_warnings
from som_sim.cli.progress import show_progress
from som_sim.core.texts import LANGUAGES, text
from som_sim.report import naming

if TYPE_CHECKING:
    from som_sim.result import Result

WIDEST = 100
SEQUENCES = ("random", "sobol")
EXECUTORS = ("serial", "threads", "processes")


@click.command(
    epilog="""\b
Examples:
  som-sim run scenarios/randers_act.yaml
  som-sim run scenarios/randers_act.yaml --out out --lang da
  som-sim run scenarios/randers_act.yaml --engine individual --replicates 1000 --seed 1
  som-sim run scenarios/randers_act.yaml --draws 10000 --seed 1 --out out
  som-sim run scenarios/randers_act.yaml --engine individual --draws 500 --replicates 20
  som-sim run scenarios/randers_act.yaml --json --set targets.homeless_2022.goal=70
"""
    + "\n"
    + codes.HELP
)
@file_argument
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(),
    help="Write summary.json, tables (CSV) and figures (SVG, PNG) into this directory. "
    "Without it nothing is written.",
)
@click.option(
    "--draws",
    type=click.IntRange(min=2),
    metavar="N",
    help="Run the chain for N draws of the uncertain parameters too: medians, intervals, chances.",
)
@click.option(
    "--sequence",
    type=click.Choice(SEQUENCES),
    default=SEQUENCES[0],
    help="How parameters are drawn: at random, or spread evenly (sobol).",
)
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Draw N blocks at a time.")
@click.option(
    "--executor",
    type=click.Choice(EXECUTORS),
    default="threads",
    help="Who runs the draws. The result does not depend on it.",
)
@click.option(
    "--resume",
    metavar="DIR",
    type=click.Path(),
    help="Keep finished blocks of draws in this directory, and go on from those that are there.",
)
@set_option
@knowledge_option
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help="Language of summary and figures; else the scenario's meta.language, else English.",
)
@click.option(
    "--engine",
    type=click.Choice(("cohort", "individual")),
    default="cohort",
    show_default=True,
    help="Expected numbers, or histories of single persons.",
)
@click.option(
    "--replicates",
    metavar="N",
    type=click.IntRange(1),
    help="How many histories of each strategy, with --engine individual; else 200. With "
    "--draws, of each draw; else 20.",
)
@click.option(
    "--seed",
    metavar="S",
    type=click.IntRange(0, 2**64 - 1),
    help="Root of the random numbers; else 0.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON and nothing else.")
@click.option("--quiet", is_flag=True, help="Print no summary and no progress.")
@click.pass_context
def run(
    context: click.Context,
    file: str,
    out: str | None,
    draws: int | None,
    sequence: str,
    workers: int | None,
    executor: str,
    resume: str | None,
    overrides: dict[str, str],
    knowledge: tuple[str, ...],
    lang: str | None,
    engine: str,
    replicates: int | None,
    seed: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run a scenario and show what comes of it: targets, who pays, who gains, when."""
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides, knowledge=knowledge)
    show_warnings(scenario)
    if out is not None:
        from som_sim.report.save import check_directory

        check_directory(out)

    from som_sim.analysis.run import run as run_scenario

    with show_progress(wanted=not quiet and sys.stderr.isatty()) as progress:
        result = run_scenario(
            scenario,
            engine=engine,
            replicates=replicates,
            draws=draws,
            seed=seed,
            sequence=sequence,
            workers=workers,
            executor=executor,
            resume=resume,
            progress=progress,
        )
    if out is not None:
        from som_sim.report.save import save

        save(result, out, lang)
    if as_json:
        from som_sim.report.save import summary_text

        click.echo(summary_text(result), nl=False)
    elif not quiet:
        _show(result, naming.language(result, lang), out)
    failed = int((~result.reconciliation["ok"].astype(bool)).sum())
    if failed:
        click.echo(
            f"{failed} of {len(result.reconciliation)} reconciliation checks failed", err=True
        )
        context.exit(codes.CHECK_FAILED)


def _show(result: Result, language: str, out: str | None) -> None:
    from rich.console import Console

    from som_sim.report.summary import print_summary

    console = Console(highlight=False)
    console.width = min(console.width, WIDEST)
    with console.capture() as page:
        print_summary(result, language, console)
    click.echo(page.get(), nl=False, color=console.color_system is not None)
    if out is not None:
        click.echo("\n" + text("summary.written", language, directory=out))
