"""``som-sim sensitivity``: one thing at a time, and what moves an outcome most."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, knowledge_option, set_option, show_warnings
from som_sim.cli.progress import show_progress
from som_sim.core.texts import LANGUAGES, text

if TYPE_CHECKING:
    from som_sim.analysis.sensitivity import Sensitivity

WIDTH = 120
RANGE_EXAMPLE = "--range icm_places=12,20"


def read_ranges(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Turn each ``NAME=LOW,HIGH`` into an entry."""
    ranges = {}
    for value in values:
        name, equals, ends = value.partition("=")
        numbers = ends.split(",")
        try:
            low, high = (float(one) for one in numbers)
        except ValueError:
            low, high = 0.0, 0.0
            equals = ""
        if not equals or not name.strip():
            raise click.BadParameter(
                f"'{value}' is not NAME=LOW,HIGH, as in {RANGE_EXAMPLE}", context, parameter
            )
        ranges[name.strip()] = (low, high)
    return ranges


def _share(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """Return a share written as 0.2 or 20%."""
    if value is None:
        return None
    written = value.strip()
    try:
        share = float(written.rstrip("%")) / (100 if written.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise click.BadParameter(f"'{value}' is no share, as 20% or 0.2", context, parameter)
    return share


@click.command(
    epilog="""\b
Examples:
  som-sim sensitivity scenarios/randers_act.yaml
  som-sim sensitivity scenarios/randers_act.yaml --outcome net:kommune --prices 20%
  som-sim sensitivity scenarios/randers_act.yaml --range act_to_home=1,20 --out out
  som-sim sensitivity scenarios/randers_act.yaml --outcome net:public --draws 500 --seed 1
"""
    + "\n"
    + codes.HELP
)
@file_argument
@click.option(
    "--outcome",
    "outcomes",
    metavar="KIND:NAME",
    multiple=True,
    help="What to look at: net:PAYER, target:NAME, chance:NAME, days, cost_per_day, value:NAME; "
    "may be given again. The net of municipality and public and all targets when not said.",
)
@click.option(
    "--strategy", metavar="NAME", help="The strategy that is looked at; the last when not said."
)
@click.option(
    "--parameters",
    metavar="NAMES",
    help="Which parameters to vary, with commas between; all uncertain ones when not said.",
)
@click.option(
    "--range",
    "ranges",
    metavar="NAME=LOW,HIGH",
    multiple=True,
    callback=read_ranges,
    help="Vary a parameter between these, in its own unit; may be given again. "
    f"As in {RANGE_EXAMPLE}.",
)
@click.option(
    "--level",
    callback=_share,
    default="95%",
    show_default=True,
    metavar="SHARE",
    help="Middle share of each distribution between low and high.",
)
@click.option(
    "--prices", callback=_share, metavar="SHARE", help="Vary each price too, so much up and down."
)
@click.option(
    "--draws",
    type=click.IntRange(min=100),
    metavar="N",
    help="Run N draws of everything uncertain too: whose uncertainty it is, what knowing is worth.",
)
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), default=0, help="Seed of the draws.")
@click.option("--no-thresholds", is_flag=True, help="Do not look for the values that turn it.")
@click.option(
    "--out", metavar="DIR", type=click.Path(), help="Write table, JSON and figures there."
)
@set_option
@knowledge_option
@click.option("--lang", type=click.Choice(LANGUAGES), help="Else meta.language, else English.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
@click.option("--quiet", is_flag=True, help="Print no tables and no progress.")
def sensitivity(
    file: str,
    outcomes: tuple[str, ...],
    strategy: str | None,
    parameters: str | None,
    ranges: dict[str, tuple[float, float]],
    level: float,
    prices: float | None,
    draws: int | None,
    seed: int,
    no_thresholds: bool,
    out: str | None,
    overrides: dict[str, str],
    knowledge: tuple[str, ...],
    lang: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Vary one assumption at a time, and show what moves the result most.

    Each uncertain parameter goes to its low and its high, all else as stated. Shows the outcome at
    both, the longest span first, and where within its range the outcome turns: a net of 0, a target
    just met.
    """
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides, knowledge=knowledge)
    show_warnings(scenario)
    if out is not None:
        from som_sim.report.save import check_directory

        check_directory(out)
    from som_sim.analysis.sensitivity import sensitivity as analyse

    with show_progress(wanted=not quiet and sys.stderr.isatty()) as progress:
        found = analyse(
            scenario,
            outcomes or None,
            strategy=strategy,
            parameters=_names(parameters),
            level=level,
            ranges=ranges,
            prices=prices,
            thresholds=not no_thresholds,
            draws=draws,
            seed=seed,
            progress=progress,
        )
    if out is not None:
        found.save(out, lang)
    if as_json:
        from som_sim.report.sensitivity_save import summary_text

        click.echo(summary_text(found), nl=False)
    elif not quiet:
        _show(found, lang, out)


def _names(written: str | None) -> tuple[str, ...] | None:
    if written is None:
        return None
    return tuple(one.strip() for one in written.split(",") if one.strip())


def _show(found: Sensitivity, lang: str | None, out: str | None) -> None:
    from rich.console import Console

    from som_sim.report import naming
    from som_sim.report.page import Page
    from som_sim.report.sensitivity import print_sensitivity

    language = naming.language(found.result, lang)
    console = Console(highlight=False)
    console.width = WIDTH if not console.is_terminal else min(console.width, WIDTH)
    with console.capture() as page:
        print_sensitivity(Page(console, language), found)
    click.echo(page.get(), nl=False, color=console.color_system is not None)
    if out is not None:
        click.echo("\n" + text("summary.written", language, directory=out))
