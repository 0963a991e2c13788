"""``som-sim report``: the investment case as files that can be handed in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from som_sim.cli import codes
from som_sim.cli.options import file_argument, set_option, show_warnings
from som_sim.core.texts import LANGUAGES, one_line, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from som_sim.analysis.sensitivity import Sensitivity
    from som_sim.report.case.view import Beside
    from som_sim.report.plan import Plan
    from som_sim.result import Result
    from som_sim.scenario.scenario import Scenario

BOTH = "both"
"""In place of a language: the case in each of them."""


def read_formats(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[str, ...]:
    """Return the formats in a list with commas."""
    from som_sim.core.errors import SomSimError
    from som_sim.report.write import check_formats

    names = [one.strip().lower() for one in (value or "").split(",") if one.strip()]
    try:
        return check_formats(names)
    except SomSimError as error:
        raise click.BadParameter(str(error), context, parameter) from None


@click.command(
    epilog="""\b
Examples:
  som-sim report scenarios/randers_act.yaml --out out/case --lang da
  som-sim report scenarios/randers_act.yaml --out out/case --lang both --format html
  som-sim report scenarios/randers_act.yaml --out out/case --draws 1000 --seed 1
"""
    + "\n"
    + codes.HELP
)
@file_argument
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(),
    required=True,
    help="Write the case into this directory.",
)
@click.option(
    "--format",
    "formats",
    metavar="LIST",
    callback=read_formats,
    help="Formats with commas between; all of them by default.",
)
@click.option(
    "--lang",
    type=click.Choice([*LANGUAGES, BOTH]),
    help="Language of the case; else the scenario's meta.language, else English.",
)
@click.option(
    "--template",
    metavar="DOCX",
    type=click.Path(),
    help="A Word file whose styles, header and footer the Word document takes over.",
)
@click.option(
    "--small-counts",
    type=click.Choice(["hide", "show"]),
    default="hide",
    show_default=True,
    help="Leave out counts under 5, and those that give them away, or show them.",
)
@click.option(
    "--publish",
    is_flag=True,
    help="Write only what may be published: the workbook as values, without postings.",
)
@click.option(
    "--draws",
    type=click.IntRange(min=2),
    metavar="N",
    help="Run N draws of the uncertain parameters too, and show medians and intervals.",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="S", help="Seed of the draws.")
@click.option(
    "--sensitivity/--no-sensitivity",
    default=True,
    show_default=True,
    help="Vary one assumption at a time, and show what moves the result most.",
)
@set_option
@click.pass_context
def report(
    context: click.Context,
    file: str,
    out: str,
    formats: tuple[str, ...],
    lang: str | None,
    template: str | None,
    small_counts: str,
    publish: bool,
    draws: int | None,
    seed: int | None,
    sensitivity: bool,
    overrides: dict[str, str],
) -> None:
    """Write the investment case of a scenario, ready to hand in."""
    if publish and small_counts == "show":
        raise click.UsageError("--publish leaves small counts out; --small-counts show shows them")
    from som_sim.scenario.read import load

    scenario = load(file, overrides=overrides)
    show_warnings(scenario)
    from som_sim.report.save import check_directory

    check_directory(out)
    from som_sim.analysis.run import run as run_scenario
    from som_sim.report import naming
    from som_sim.report.disclosure import Disclosure
    from som_sim.report.plan import plan_of
    from som_sim.report.write import write_report

    result = run_scenario(scenario, draws=draws, seed=seed)
    language = naming.language(result, None if lang == BOTH else lang)
    plan = plan_of(result, Disclosure(hide=small_counts == "hide"))
    found = _sensitivity(result, sensitivity)
    written: tuple[Path, ...] = ()
    for one in LANGUAGES if lang == BOTH else (language,):
        written += write_report(
            result,
            out,
            formats,
            one,
            disclosure=plan,
            publish=publish,
            template=template,
            beside=replace(_beside(scenario, one), sensitivity=found),
        )
    click.echo(text("report.written", language, files=", ".join(str(path) for path in written)))
    for line in _warnings(result, plan, written, language, publish=publish):
        click.echo(line, err=True)
    failed = int((~result.reconciliation["ok"].astype(bool)).sum())
    if failed:
        click.echo(
            f"{failed} of {len(result.reconciliation)} reconciliation checks failed", err=True
        )
        context.exit(codes.CHECK_FAILED)


def _sensitivity(result: Result, wanted: bool) -> Sensitivity | None:
    """Return what moves the result most, or say why there is no such thing."""
    from som_sim.core.errors import SomSimError
    from som_sim.report.case.sensitivity import analyse

    if not wanted:
        return None
    try:
        return analyse(result)
    except SomSimError as error:
        click.echo(f"warning: the case has no sensitivity: {one_line(str(error))}", err=True)
        return None


def _warnings(
    result: Result, plan: Plan, written: tuple[Path, ...], language: str, *, publish: bool
) -> Iterator[str]:
    """Yield what somebody who hands the files on must know about small counts."""
    from som_sim.core import formats
    from som_sim.core.texts import payer_name
    from som_sim.report import naming
    from som_sim.report.plan_money import single_items, tells_small_counts

    if not plan.rule.hide:
        yield text("report.shown", language)
        return
    threshold = formats.as_stated(plan.rule.threshold, language)
    books = [path.name for path in written if path.suffix == ".xlsx"]
    if books and not publish and tells_small_counts(result, plan):
        for book in books:
            yield text("report.working_file", language, file=book, threshold=threshold)
    alone = [
        f"{naming.strategy(result, strategy, language)}, {payer_name(payer, language)} {year}"
        for strategy, payer, year in single_items(result, plan.rule)
    ]
    if alone:
        yield text("report.exposed", language, threshold=threshold, told="; ".join(alone))
    if plan.exposed:
        yield text("report.exposed_count", language, count=len(plan.exposed))


def _beside(scenario: Scenario, language: str) -> Beside:
    """Return what the case takes from the scenario itself."""
    from som_sim.report.case.view import Beside
    from som_sim.writing.audit import audit
    from som_sim.writing.checklist_words import reader_lines
    from som_sim.writing.diagram import diagram, diagram_words

    return Beside(
        checklist=reader_lines(scenario.base, audit(scenario).checklist, language),
        diagram=lambda: diagram(scenario, language),
        diagram_words=diagram_words(scenario, language),
    )
