"""The bridge as a page, as tables, and as a waterfall."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from som_sim.core.formats import signed
from som_sim.core.texts import one_line, payer_name, text
from som_sim.frames.build import frame
from som_sim.outcomes.economics import PERSPECTIVES, VIEWS
from som_sim.report.axes import number_axis
from som_sim.report.naming import DIGEST_CHARACTERS
from som_sim.report.page import Page
from som_sim.report.save import SUMMARY, save_files, write_text
from som_sim.report.som_save import as_json
from som_sim.report.som_summary import signed_kroner
from som_sim.report.style import (
    BLUE,
    INK,
    RULE,
    TEXT_POINTS,
    VERMILLION,
    dress,
    lines_of,
    new_axes,
    save_figure,
)
from som_sim.som.bridge import BridgeResult, Net, Step

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.console import Console

SHOWN_PAYERS = ("kommune", "region", "stat", "public", "society")
THOUSAND_KRONER = 100_000
"""In øre."""
BAR_WIDTH = 0.62
NAME_CHARACTERS = 12
WHOLE_WIDTH = (0.08, 0.16, 0.88, 0.66)
"""No labels stand to the right of a waterfall."""
HEADROOM = 0.12
"""Share of the height left free for the figures above the bars."""


def rows_of(result: BridgeResult) -> list[tuple[str, Step | None, Net]]:
    """Return the bridge line by line: SØM's answer, the steps, the simulated answer."""
    return [
        ("som", None, result.start),
        *((step.kind, step, step.change) for step in result.steps),
        ("simulated", None, result.end),
    ]


def step_words(kind: str, step: Step | None, lang: str) -> str:
    """Return what a reader calls a line of the bridge."""
    if step is not None and step.label:
        return one_line(step.label[lang])
    return text(f"bridge.{kind}", lang)


def view_words(result: BridgeResult, view: str, lang: str) -> str:
    """Return a price view in words."""
    return text(f"bridge.view.{view}", lang, year=result.case.spec.meta.price_year)


def strategy_words(result: BridgeResult, lang: str) -> str:
    """Return the label of the strategy."""
    label = result.scenario.base.strategies[result.strategy].label
    return one_line(label.into(lang)) if label else result.strategy.replace("_", " ")


def print_bridge(result: BridgeResult, lang: str, console: Console, view: str) -> None:
    """Print the bridge for every payer for whom anything changes.

    Parameters
    ----------
    result
        What `run_bridge` returned.
    lang
        ``"da"`` or ``"en"``.
    console
        Where to print.
    view
        ``current``, ``constant`` or ``discounted``.
    """
    page = Page(console, lang)
    page.say(one_line(result.case.spec.meta.title.into(lang)), style="bold underline")
    page.say(
        text(
            "bridge.origin",
            lang,
            case=result.case.digest[:DIGEST_CHARACTERS],
            scenario=result.scenario.digest[:DIGEST_CHARACTERS],
            version=result.som.version,
        ),
        style="dim",
    )
    page.head(text("bridge.title", lang, strategy=strategy_words(result, lang)))
    lines = rows_of(result)
    shown = [p for p in SHOWN_PAYERS if any(net.totals[view, p] for _, _, net in lines)]
    heads = [text("bridge.step", lang), *(payer_name(payer, lang) for payer in shown)]
    page.table(
        heads,
        [
            (
                step_words(kind, step, lang),
                *(signed_kroner(net.totals[view, payer], lang) for payer in shown),
            )
            for kind, step, net in lines
        ],
        bold_last=True,
    )
    page.say(text("bridge.note", lang, view=view_words(result, view, lang)), style="dim")


def bridge_table(result: BridgeResult) -> pd.DataFrame:
    """Return every line of the bridge for every payer in three price views, in øre."""
    rows = [
        {
            "position": position,
            "step": kind,
            "label_da": step_words(kind, step, "da"),
            "label_en": step_words(kind, step, "en"),
            "payer": payer,
            **{f"{view}_oere": net.totals[view, payer] for view in VIEWS},
        }
        for position, (kind, step, net) in enumerate(rows_of(result))
        for payer in PERSPECTIVES
    ]
    columns = ("position", "step", "label_da", "label_en", "payer", *(f"{v}_oere" for v in VIEWS))
    return frame(rows, columns)


def accounts_table(result: BridgeResult) -> pd.DataFrame:
    """Return every line of the bridge by account and payer, in current prices, in øre."""
    rows = [
        {
            "position": position,
            "step": kind,
            "account": account,
            "payer": payer,
            "current_oere": oere,
        }
        for position, (kind, _, net) in enumerate(rows_of(result))
        for (account, payer), oere in sorted(net.accounts.items())
        if oere
    ]
    return frame(rows, ("position", "step", "account", "payer", "current_oere"))


def summarise_bridge(result: BridgeResult) -> dict[str, Any]:
    """Return the bridge as plain values; amounts are øre."""
    return {
        "format": 1,
        "case": result.case.digest,
        "scenario": result.scenario.digest,
        "strategy": result.strategy,
        "versions": {"som_sim": result.som.version},
        "ok": result.som.ok,
        "lines": [
            {
                "step": kind,
                "label": {lang: step_words(kind, step, lang) for lang in ("da", "en")},
                "net_oere": {
                    payer: {view: net.totals[view, payer] for view in VIEWS}
                    for payer in PERSPECTIVES
                },
            }
            for kind, step, net in rows_of(result)
        ],
    }


def save_bridge(
    result: BridgeResult, directory: str | os.PathLike[str], lang: str, payer: str, view: str
) -> None:
    """Write summary, tables and the waterfall of one payer into a directory.

    Raises
    ------
    SomSimError
        When the directory cannot be written to; what was there is then untouched.
    """
    from som_sim.report.tables import csv_text

    def write(folder: Path) -> None:
        write_text(folder / "bridge.csv", csv_text(bridge_table(result)))
        write_text(folder / "bridge_accounts.csv", csv_text(accounts_table(result)))
        save_figure(
            bridge_figure(result, payer, view, lang),
            folder / f"bridge_{payer}",
            title=figure_words(result, payer, view, lang),
            creator=f"som_sim {result.som.version}",
        )
        files = tuple(sorted(path.name for path in folder.iterdir()))
        write_text(folder / SUMMARY, as_json(summarise_bridge(result), files))

    save_files(directory, write)


def figure_words(result: BridgeResult, payer: str, view: str, lang: str) -> str:
    """Say in one sentence what the waterfall shows."""
    written = "; ".join(
        f"{step_words(kind, step, lang)} {signed_kroner(net.totals[view, payer], lang)}"
        for kind, step, net in rows_of(result)
    )
    return f"{payer_name(payer, lang)}: {written}"


def bridge_figure(result: BridgeResult, payer: str, view: str, lang: str) -> Figure:
    """Draw the waterfall: SØM's answer, each step up or down, the simulated answer."""
    ax = new_axes()
    ax.set_position(WHOLE_WIDTH)
    level = 0.0
    lines = rows_of(result)
    for position, (kind, _, net) in enumerate(lines):
        amount = net.totals[view, payer] / THOUSAND_KRONER
        whole = kind in ("som", "simulated")
        bottom, top = (0.0, amount) if whole else (level, level + amount)
        colour = INK if whole else BLUE if amount >= 0 else VERMILLION
        ax.bar(position, top - bottom, BAR_WIDTH, bottom=bottom, color=colour, zorder=3)
        ax.annotate(
            signed(amount, lang),
            (position, max(bottom, top)),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=INK,
            fontsize=TEXT_POINTS,
        )
        if position:
            ax.plot([position - 1, position], [level, level], color=RULE, zorder=1)
        level = top
    ax.axhline(0, color=INK, linewidth=1.0)
    names = [lines_of(step_words(kind, step, lang), NAME_CHARACTERS) for kind, step, _ in lines]
    ax.set_xticks(range(len(lines)), names)
    low, high = ax.get_ylim()
    room = HEADROOM * (high - low)
    ax.set_ylim(low - (room if low < 0 else 0), high + room)
    number_axis(ax, lang)
    subtitle = text(
        "bridge.figure_subtitle",
        lang,
        payer=payer_name(payer, lang),
        unit=text("net.unit.thousand", lang),
        view=view_words(result, view, lang),
    )
    dress(
        ax,
        title=text("bridge.figure_title", lang, strategy=strategy_words(result, lang)),
        subtitle=subtitle,
        footnote="\n\n"
        + text(
            "bridge.origin",
            lang,
            case=result.case.digest[:DIGEST_CHARACTERS],
            scenario=result.scenario.digest[:DIGEST_CHARACTERS],
            version=result.som.version,
        ),
    )
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure
