"""``som-sim schema``: the format as a JSON Schema, for editors."""

from __future__ import annotations

import click

from som_sim.cli import codes
from som_sim.core.write import write_whole


@click.command(
    epilog="""\b
Examples:
  som-sim schema --out som_sim.schema.json
  som-sim schema | head
"""
    + "\n"
    + codes.HELP
)
@click.option("--out", metavar="FILE", type=click.Path(), help="Write it here, not on stdout.")
def schema(out: str | None) -> None:
    """Print the JSON Schema of a scenario file, so that an editor completes and checks.

    In VS Code with the YAML extension, write as the first line of a scenario:
    '# yaml-language-server: $schema=som_sim.schema.json'
    """
    import json

    from som_sim.scenario.json_schema import json_schema

    written = json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"
    if out is None:
        click.echo(written, nl=False)
    else:
        write_whole(out, written.encode("utf-8"))
