"""``som-sim calibrate`` and ``som-sim backtest``: fit a scenario to what was observed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from som_sim.cli import codes
from som_sim.cli.options import (
    file_argument,
    knowledge_option,
    set_option,
    show_warnings,
)
from som_sim.cli.progress import show_progress
from som_sim.core.errors import SomSimError
from som_sim.core.texts import one_line

if TYPE_CHECKING:
    import pandas as pd

    from som_sim.analysis.calibration import Calibration


def _names(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> tuple[str, ...] | None:
    return None if text is None else tuple(one.strip() for one in text.split(",") if one.strip())


def _sampling(command: Any) -> Any:
    """Add the options that both commands have.

    What says how to sample reaches the command by the names that `som_sim.calibrate` has for it.
    """
    for option in reversed(
        (
            click.option(
                "--parameters",
                metavar="NAMES",
                callback=_names,
                help="Which parameters to fit, with commas between; all with a distribution "
                "when not said.",
            ),
            click.option(
                "--strategy",
                metavar="NAME",
                help="The strategy under which things were observed; the first when not said.",
            ),
            click.option(
                "--draws",
                "n_draws",
                type=click.IntRange(min=10),
                default=2000,
                show_default=True,
            ),
            click.option(
                "--steps",
                "n_steps",
                type=click.IntRange(min=10),
                default=300,
                show_default=True,
                help="Steps of each walker of the sampler.",
            ),
            click.option(
                "--walkers",
                "n_walkers",
                type=click.IntRange(min=4),
                default=128,
                show_default=True,
            ),
            click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True),
            set_option,
            knowledge_option,
            click.option("--quiet", is_flag=True, help="Show no progress."),
        )
    ):
        command = option(command)
    return file_argument(command)


@click.command(
    epilog="""\b
Examples:
  som-sim calibrate case.yaml
  som-sim calibrate history.yaml --base case.yaml --parameters arrivals,stay
"""
    + "\n"
    + codes.HELP
)
@_sampling
@click.option(
    "--base",
    metavar="FILE",
    type=click.Path(),
    help="The scenario that the result extends and stands beside; FILE itself when not said.",
)
@click.option("--replace", is_flag=True, help="Replace the result of a calibration before.")
@click.option("--dry-run", is_flag=True, help="Show what is found and write nothing.")
@click.pass_context
def calibrate(
    context: click.Context,
    /,
    file: str,
    overrides: dict[str, str],
    knowledge: tuple[str, ...],
    quiet: bool,
    base: str | None,
    replace: bool,
    dry_run: bool,
    **sampling: Any,
) -> None:
    """Fit uncertain parameters to a scenario's observations.

    The distributions in FILE are the priors. Shows prior beside posterior, what the calibrated
    model would see of each observation, and in words what cannot be known. Writes
    NAME.calibrated.yaml, which extends the scenario, and NAME.calibrated.csv, the draws that every
    later analysis of it takes. Ends with 1 when the draws are not good enough to use.
    """
    from som_sim.analysis.overlay import overlay_names, write_overlay
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides, knowledge=knowledge)
    show_warnings(scenario)
    target = base or file
    if not dry_run and not replace:
        import os

        for path in overlay_names(target):
            if os.path.lexists(path):
                raise SomSimError(f"{path} is there already; write --replace to replace it")
    from som_sim.analysis.calibration import calibrate as fit

    with show_progress(wanted=not quiet and sys.stderr.isatty()) as progress:
        found = fit(scenario, **sampling, progress=progress)
    _show(found)
    if not dry_run:
        overlay, table = write_overlay(found, target, replace=replace)
        click.echo(f"written: {overlay}, {table}")
    if not found.draws.converged:
        context.exit(codes.CHECK_FAILED)


@click.command(
    epilog="""\b
Example:
  som-sim backtest case.yaml --until 2017-01-01
"""
    + "\n"
    + codes.HELP
)
@_sampling
@click.option(
    "--until",
    metavar="DATE",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    required=True,
    help="What was complete before this day is used; what came after is forecast.",
)
@click.pass_context
def backtest(
    context: click.Context,
    /,
    file: str,
    overrides: dict[str, str],
    knowledge: tuple[str, ...],
    quiet: bool,
    until: Any,
    **sampling: Any,
) -> None:
    """Calibrate on what was known before a day, and score the forecast of what came after.

    The model is held against 'no change' (the last observation of the same thing) and 'last trend'
    (the line through the last two), by the share of what came that lies in their 95 % intervals and
    the mean logarithm of the probability they gave to it.
    """
    from som_sim.analysis.backtest import backtest as test
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides, knowledge=knowledge)
    show_warnings(scenario)
    with show_progress(wanted=not quiet and sys.stderr.isatty()) as progress:
        found = test(scenario, until.date(), **sampling, progress=progress)
    _show(found.calibration)
    click.echo(f"\nForecasts of what came after {found.until}:")
    click.echo(_as_text(found.table))
    click.echo("\nScores (a higher log_score is better):")
    click.echo(_as_text(found.scores))
    if not found.calibration.draws.converged:
        context.exit(codes.CHECK_FAILED)


def _show(found: Calibration) -> None:
    click.echo("Parameters (in years or per year):")
    click.echo(_as_text(found.parameters))
    click.echo("\nObservations, and what the calibrated model would see:")
    click.echo(_as_text(found.observations))
    remarks = found.remarks()
    if remarks:
        click.echo("\nWhat to bear in mind:")
    for remark in remarks:
        click.echo(f"- {one_line(remark)}")
    click.echo(
        f"{len(found.values)} draws, {100 * found.draws.accepted:.0f} % of moves accepted, "
        f"seed {found.seed}"
    )


def _as_text(table: pd.DataFrame) -> str:
    shown = table.map(lambda one: one_line(one) if isinstance(one, str) else one)
    return shown.to_string(index=False, float_format=lambda value: f"{value:.4g}")
