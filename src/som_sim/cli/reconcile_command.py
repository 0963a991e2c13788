"""``som-sim reconcile``: add up a budget table, and tell a rounding residual from an error."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from som_sim.cli import codes
from som_sim.core.texts import LANGUAGES, one_line, text

if TYPE_CHECKING:
    from som_sim.ledger.budget import BudgetReport, BudgetSum
    from som_sim.ledger.budget_causes import Cause

SHOWN_CAUSES = 4


@click.command(
    epilog="""\b
Examples:
  som-sim reconcile budget.csv
  som-sim reconcile budget.xlsx --sheet 2019 --amount "Budget 2019"
  som-sim reconcile randers_2019_center --lang da
The two tables of Randers Kommune's budget of 2019 come with the package: randers_2019_center and
randers_2019_units.

"""
    + "\n"
    + codes.HELP
)
@click.argument("file", metavar="BUDGET", type=click.Path())
@click.option("--name", metavar="HEADING", help="The column of names; else found by its heading.")
@click.option("--amount", metavar="HEADING", help="The column of amounts; else found.")
@click.option(
    "--parent",
    metavar="HEADING",
    help="The column that names what each row is a part of; else found. Without one the hierarchy "
    "is a column of levels, or the indentation of the names.",
)
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook; else the first.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the answer.")
@click.option("--all", "show_all", is_flag=True, help="List the sums that are exact as well.")
@click.option("--json", "as_json", is_flag=True, help="Print the sums as JSON and nothing else.")
@click.pass_context
def reconcile(
    context: click.Context,
    file: str,
    name: str | None,
    amount: str | None,
    parent: str | None,
    sheet: str | None,
    lang: str,
    show_all: bool,
    as_json: bool,
) -> None:
    """Add up a budget table (CSV or xlsx) and say which rows do not hold, and why.

    Each row that has parts is exact, off by a rounding residual (up to half a unit for each part),
    or an error, with its likely cause. An error makes the exit code 1.
    """
    from som_sim.ledger.budget import reconcile_budget

    report = reconcile_budget(file, name=name, amount=amount, parent=parent, sheet=sheet)
    if as_json:
        click.echo(json.dumps(_plain(report), ensure_ascii=False, indent=2))
    else:
        for line in _lines(report, lang, show_all=show_all):
            click.echo(one_line(line) if not line.startswith("  ") else f"  {one_line(line)}")
    if not report.ok:
        context.exit(codes.CHECK_FAILED)


def _lines(report: BudgetReport, lang: str, *, show_all: bool) -> list[str]:
    n_errors, n_rounding = len(report.errors), len(report.rounding)
    lines = [
        text(
            "budget.summary",
            lang,
            file=report.file,
            sums=len(report.sums),
            exact=len(report.sums) - n_errors - n_rounding,
            rounding=n_rounding,
            errors=n_errors,
        )
    ]
    for one in report.sums:
        if one.verdict != "exact" or show_all:
            lines.append(_line(one, report.unit, lang))
            lines += [
                "  " + text("budget.likely", lang, cause=_cause(cause, report.unit, lang))
                for cause in one.causes[:SHOWN_CAUSES]
            ]
    return lines


def _line(one: BudgetSum, unit: Decimal, lang: str) -> str:
    from som_sim.core.formats import signed

    return text(
        "budget.line",
        lang,
        line=one.row.line,
        row=one.row.name,
        verdict=text(f"budget.{one.verdict}", lang),
        stated=_amount(one.row.stated, unit, lang),
        parts=len(one.parts),
        total=_amount(one.total, unit, lang),
        residual=signed(one.residual, lang, _decimals(unit)),
    )


def _cause(cause: Cause, unit: Decimal, lang: str) -> str:
    return text(
        f"budget.cause.{cause.kind}",
        lang,
        row=cause.row.name if cause.row else "",
        line=cause.row.line if cause.row else "",
        amount=_amount(cause.should_be, unit, lang),
    )


def _decimals(unit: Decimal) -> int:
    return max(-int(unit.as_tuple().exponent), 0)


def _amount(amount: Decimal, unit: Decimal, lang: str) -> str:
    from som_sim.core.formats import number

    return number(amount, lang, _decimals(unit))


def _plain(report: BudgetReport) -> dict[str, object]:
    """Return the report as plain values; amounts are texts, exact to the last digit."""
    return {
        "file": report.file,
        "ok": report.ok,
        "unit": str(report.unit),
        "sums": [
            {
                "line": one.row.line,
                "row": one.row.name,
                "stated": f"{one.row.stated:f}",
                "parts": [part.name for part in one.parts],
                "total": f"{one.total:f}",
                "residual": f"{one.residual:f}",
                "verdict": one.verdict,
                "causes": [
                    {
                        "kind": cause.kind,
                        "row": cause.row.name if cause.row else None,
                        "line": cause.row.line if cause.row else None,
                        "should_be": f"{cause.should_be:f}",
                    }
                    for cause in one.causes
                ],
            }
            for one in report.sums
        ],
    }
