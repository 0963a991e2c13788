"""``som-sim validate``: read a scenario and say what is wrong with it, or that it is fine."""

from __future__ import annotations

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, set_option
from som_sim.core.texts import one_line


@click.command(
    epilog="""\b
Example:
  som-sim validate scenarios/randers_act.yaml
"""
    + "\n"
    + codes.HELP
)
@file_argument
@set_option
def validate(file: str, overrides: dict[str, str]) -> None:
    """Check a scenario file without running it.

    Lists every problem as file:line:column: path: what is wrong, what is allowed. Of a file that is
    fine it says what it has, and what each effect given as a share reached comes to net.
    """
    from som_sim.model.effects import net_effects
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides)
    base = scenario.base
    counts = {
        "strategy": ("strategies", len(base.strategies)),
        "state": ("states", sum(len(states) for states in base.domains.values())),
        "transition": ("transitions", len(base.transitions)),
        "programme": ("programmes", len(base.programmes)),
        "price": ("prices", len(base.prices)),
    }
    written = ", ".join(
        f"{count} {one if count == 1 else many}" for one, (many, count) in counts.items()
    )
    click.echo(f"{file}: fine ({written})")
    for net in net_effects(base):
        click.echo(
            f"{net.place}: {100 * net.share:.4g} % with the programme and {100 * net.without:.4g} "
            f"% without it within {net.within}, net {net.points:+.4g} percentage points: hazard "
            f"ratio {net.hazard_ratio:.4g}"
        )
    for warning in scenario.warnings:
        click.echo(f"warning: {one_line(str(warning))}", err=True)
