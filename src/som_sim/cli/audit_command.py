"""``som-sim audit``: what somebody who checks a case would ask of its file."""

from __future__ import annotations

import json

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, set_option
from som_sim.core.texts import LANGUAGES, one_line


@click.command(
    epilog="""\b
Examples:
  som-sim audit scenarios/randers_act.yaml
  som-sim audit case.yaml --lang da --all
  som-sim audit case.yaml --strict
"""
    + "\n"
    + codes.HELP
)
@file_argument
@set_option
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the scenario's own.")
@click.option(
    "--all", "whole", is_flag=True, help="List every finding, not the first ten of a kind."
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON and nothing else.")
@click.option(
    "--strict", is_flag=True, help="Exit with 1 when anything is found or a line is not answered."
)
@click.pass_context
def audit(
    context: click.Context,
    file: str,
    overrides: dict[str, str],
    lang: str | None,
    whole: bool,
    as_json: bool,
    strict: bool,
) -> None:
    """Say where the numbers of a case are from, and what the SØM checklist still misses.

    Lists numbers without a source, with a source that only illustrates, with weak evidence (D) or
    from long ago; what may be counted twice; transfers that would be counted as gains. Then goes
    through the checklist of a calculation with SØM, line by line. Nothing is run.
    """
    from som_sim.scenario.read import load
    from som_sim.writing.audit import audit as audited
    from som_sim.writing.audit_page import data, page

    scenario = load(file, overrides=overrides)
    language = lang or scenario.base.meta.language or "en"
    found = audited(scenario)
    if as_json:
        click.echo(json.dumps(data(found, language), ensure_ascii=False, indent=2))
    else:
        click.echo(page(found, one_line(file), language, whole=whole), nl=False)
    if strict and not found.ok:
        context.exit(codes.CHECK_FAILED)
