"""``som-sim validate``: read a scenario and say what is wrong with it, or that it is fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, knowledge_option, set_option, show_warnings
from som_sim.core.errors import ScenarioError

if TYPE_CHECKING:
    from som_sim.model.effects import NetEffect
    from som_sim.scenario.schema import ScenarioFile


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
@knowledge_option
def validate(file: str, overrides: dict[str, str], knowledge: tuple[str, ...]) -> None:
    """Check a scenario file, and compile its strategies, without running them.

    Lists every problem as file:line:column: path: what is wrong, what is allowed. Of a file that is
    fine it says what it has, and what each effect given as a share reached comes to net; and on
    stderr what is allowed but deserves a look.
    """
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides, knowledge=knowledge)
    from som_sim.model.trial import trial_problems

    if problems := trial_problems(scenario.strategies, scenario.file):
        raise ScenarioError(problems)
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
    for net in _net_effects(base):
        click.echo(
            f"{net.place}: {100 * net.share:.4g} % with the programme and {100 * net.without:.4g} "
            f"% without it within {net.within}, net {net.points:+.4g} percentage points: hazard "
            f"ratio {net.hazard_ratio:.4g}"
        )
    show_warnings(scenario)


def _net_effects(base: ScenarioFile) -> tuple[NetEffect, ...]:
    """Return what shares reached come to; without any, numpy is not waited for."""
    effects = (effect for programme in base.programmes.values() for effect in programme.effects)
    if not any(effect.share_reached for effect in effects):
        return ()
    from som_sim.model.effects import net_effects

    return tuple(net_effects(base))
