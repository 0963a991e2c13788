"""``som-sim rules``: what rules that count refund in a case, beside single persons' stays."""

from __future__ import annotations

import json

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, knowledge_option, set_option, show_warnings
from som_sim.core.texts import LANGUAGES, one_line, text


@click.command(
    epilog="""\b
Examples:
  som-sim rules scenarios/randers_act.yaml
  som-sim rules case.yaml --histories 1000 --lang da
"""
    + "\n"
    + codes.HELP
)
@file_argument
@set_option
@knowledge_option
@click.option(
    "--histories",
    type=click.IntRange(1, 100_000),
    default=200,
    help="On how many histories refunds are measured; 200 when not said.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def rules(
    file: str,
    overrides: dict[str, str],
    knowledge: tuple[str, ...],
    histories: int,
    lang: str,
    as_json: bool,
) -> None:
    """Show what rules that count refund, and the difference to single persons.

    A rule that counts what each person has used is exact only for persons. This runs the same model
    one person at a time, settles their stays under the rule, and prints the refund of each year
    beside the case's own, and the share of the days within each limit.
    """
    from som_sim.analysis.rule_shares import rule_shares
    from som_sim.chain import run
    from som_sim.core.formats import kroner, percent
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides, knowledge=knowledge)
    show_warnings(scenario)
    found = rule_shares(run(scenario), histories=histories)
    if as_json:
        tables = {name: getattr(found, name).to_dict("records") for name in ("years", "within")}
        click.echo(json.dumps({"histories": histories, **tables}, ensure_ascii=False, indent=2))
        return
    click.echo(text("rules.head", lang, prices=found.years["price"].nunique(), histories=histories))
    for row in found.years.to_dict("records"):
        shares = [one / row["bill_oere"] for one in (row["refunded_oere"], row["measured_oere"])]
        click.echo(
            one_line(
                text(
                    "rules.year",
                    lang,
                    strategy=row["strategy"],
                    price=row["price"],
                    year=row["year"],
                    way=text(f"rules.way.{row['way']}", lang),
                    own=percent(shares[0], lang, 2),
                    measured=percent(shares[1], lang, 2),
                    difference=kroner(int(row["difference_oere"]), lang, 0),
                )
            )
        )
    for row in found.within.to_dict("records"):
        click.echo(
            one_line(
                text(
                    "rules.within",
                    lang,
                    strategy=row["strategy"],
                    price=row["price"],
                    limit=f"{row['limit']:g}",
                    share=percent(row["within"], lang, 1),
                )
            )
        )
