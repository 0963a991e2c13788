"""Sections about money: who pays, when, and for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.core import formats
from som_sim.core.names import PAYERS
from som_sim.core.texts import one_line, payer_name
from som_sim.ledger.funding import AS_AWARDED
from som_sim.outcomes.appraisal import participants
from som_sim.report import figures_money, naming
from som_sim.report.case.brief import brief_strategy, net_picture, payer_summary, see
from som_sim.report.case.cells import kroner, number, records, table, words, year
from som_sim.report.case.content import (
    PLACE,
    Block,
    Cell,
    Paragraph,
    Picture,
    Reference,
    Table,
)
from som_sim.report.case.view import View
from som_sim.report.disclosure import SUPPRESSED
from som_sim.report.money import SAVINGS, net_by_account, net_table
from som_sim.report.monte_carlo import lines
from som_sim.report.style import house_style, new_axes, of_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def economy(view: View) -> tuple[Block, ...]:
    """Say who pays and who gains, over the whole run and year by year."""
    if not naming.has_money(view.result):
        return (Paragraph(text=view.say("economy.none")),)
    blocks: list[Block] = [Paragraph(text=view.say("economy.how", reference=view.reference))]
    for strategy in view.followed:
        summary = payer_summary(view, strategy, f"payers_{strategy}")
        if summary is None:
            continue
        in_brief = strategy == brief_strategy(view)
        if in_brief:
            said = view.say("see.payers", it=PLACE, where=view.say("section.brief"))
            blocks.append(Reference(kind="table", key=summary.key, text=said))
        else:
            blocks.append(summary)
        blocks.append(key_figures(view, strategy))
        payers = [str(payer) for payer in net_table(view.result, strategy, "constant")]
        said = " ".join(lines(view.result, strategy, payers, view.lang))
        blocks += [Paragraph(text=said, note=True)] if said else []
        picture = net_picture(view, strategy)
        if picture is not None:
            blocks.append(see(view, picture, "see.net") if in_brief else picture)
        blocks.append(cash_picture(view, strategy))
        for payer in ("kommune",):
            if len(net_by_account(view.result, strategy, payer)):
                blocks.append(waterfall_picture(view, strategy, payer))
        blocks += savings(view, strategy)
        committees = committee_table(view, strategy)
        if committees is not None:
            blocks.append(committees)
    return tuple(blocks)


def key_figures(view: View, strategy: str) -> Table:
    """Return the figures a grant-giver looks for: present value, ratio, peak need, cost a day."""
    lang, frame, funding = view.lang, view.result.economics, view.result.funding
    frame = frame[frame["strategy"] == strategy].set_index("payer")
    peaks = funding[(funding["strategy"] == strategy) & (funding["case"] == AS_AWARDED)]
    by_payer = {row["payer"]: row for row in records(peaks)}
    net = net_table(view.result, strategy, "constant")
    runs = view.result.runs
    whole = participants(runs[view.result.reference].trajectory, runs[strategy].trajectory)
    few = view.plan.rule.small(whole)
    rows = []
    for payer in [one for one in ("kommune", "region", "stat", "public", "society") if one in net]:
        found: Any = frame.loc[payer]
        peak = by_payer.get(payer)
        rows.append(
            (
                words(payer_name(payer, lang)),
                maybe_kroner(found["net_present_value_oere"], lang),
                _maybe_number(found["benefit_cost_ratio"], lang),
                words(SUPPRESSED) if few else maybe_kroner(found["net_per_participant_oere"], lang),
                maybe_kroner(found["net_per_homeless_day_avoided_oere"], lang),
                words("–") if peak is None else kroner(int(peak["peak_funding_oere"]), lang),
                words(_peak_when(view, peak)),
            )
        )
    heads = [
        (view.say("money.payer"), "text"), view.say("key.present_value"), view.say("key.ratio"),
        view.say("key.participant"), view.say("key.day"), view.say("key.peak"),
        (view.say("key.peak_at"), "text"),
    ]  # fmt: skip
    return table(
        f"key_figures_{strategy}",
        lang,
        heads,
        rows,
        caption=view.say("key.caption", strategy=view.strategy(strategy)),
        note=" ".join([view.say("key.note", base_year=_base_year(view)), *_dashes(view, rows)]),
    )


def _peak_when(view: View, peak: dict[str, Any] | None) -> str:
    if peak is None:
        return "–"
    day = str(peak["peak_at"])
    return formats.date(day, view.lang) if day else view.say("key.never_out")


def _dashes(view: View, rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Say why a figure is not there, for each column in which one is missing."""
    keys = {2: "key.dash_ratio", 3: "key.dash_participant", 4: "key.dash_day", 5: "key.dash_sum"}
    return [
        view.say(key)
        for column, key in keys.items()
        if any(row[column].text == "–" for row in rows)
    ]


def _base_year(view: View) -> int | str:
    money = view.base.money
    return money.base_year if money is not None else "–"


def maybe_kroner(oere: Any, lang: str, *, sign: bool = True) -> Cell:
    """Return an amount, or a dash where there is none: what is expected has no peak."""
    import pandas as pd

    return words("–") if pd.isna(oere) else kroner(int(oere), lang, sign=sign)


def _maybe_number(value: float, lang: str) -> Cell:
    return number(value, lang, 2) if np.isfinite(value) else words("–")


def cash_table(view: View, strategy: str) -> Table:
    """Return the net of each payer by year, in that year's prices."""
    lang = view.lang
    net = net_table(view.result, strategy, "current")
    rows = [
        (year(int(when)), *(kroner(int(net[payer][when]), lang, sign=True) for payer in net))
        for when in net.index
    ]
    totals = (words(view.say("total")), *(kroner(int(net[p].sum()), lang, sign=True) for p in net))
    heads = [(view.say("year"), "text"), *(payer_name(str(payer), lang) for payer in net)]
    return table(
        f"cash_{strategy}",
        lang,
        heads,
        [*rows, totals],
        caption=view.say("cash.numbers", strategy=view.strategy(strategy)),
        total=True,
        note=view.say("money.note", reference=view.reference),
    )


def cash_picture(view: View, strategy: str) -> Picture:
    """Return the figure of the cash flow with its numbers."""
    result, lang = view.result, view.lang

    def draw() -> object:
        with house_style():
            ax = figures_money.draw_cash_flow(new_axes(), result, strategy, lang)
            return of_axes(ax)

    return Picture(
        key=f"cash_{strategy}",
        caption=view.say("cash.caption", strategy=view.strategy(strategy)),
        alt=view.say("cash.alt", strategy=view.strategy(strategy)),
        draw=draw,  # type: ignore[arg-type]
        numbers=cash_table(view, strategy),
    )


def waterfall_picture(view: View, strategy: str, payer: str) -> Picture:
    """Return the figure of what a payer's net is made of, with its numbers."""
    result, lang = view.result, view.lang
    parts = net_by_account(result, strategy, payer)
    rows = [
        (words(naming.account(str(name), lang)), kroner(int(amount), lang, sign=True))
        for name, amount in parts.items()
    ]
    rows.append((words(view.say("fall.net")), kroner(int(parts.sum()), lang, sign=True)))
    numbers = table(
        f"accounts_{strategy}_{payer}",
        lang,
        [(view.say("account"), "text"), view.say("fall.kroner")],
        rows,
        caption=view.say("fall.numbers", payer=payer_name(payer, lang)),
        total=True,
        note=view.say("fall.cash"),
    )

    def draw() -> object:
        with house_style():
            axes = new_axes((0.3, 0.08, 0.6, 0.74), rows=len(rows))
            ax = figures_money.draw_waterfall(axes, result, strategy, payer, lang)
            return of_axes(ax)

    return Picture(
        key=f"waterfall_{strategy}_{payer}",
        caption=view.say("fall.caption", payer=payer_name(payer, lang)),
        alt=view.say("fall.alt", payer=payer_name(payer, lang)),
        draw=draw,  # type: ignore[arg-type]
        numbers=numbers,
    )


def savings(view: View, strategy: str) -> list[Block]:
    """Return how much of what is saved becomes cash, where the file says how costs follow use."""
    frame, lang = view.result.savings, view.lang
    frame = frame[frame["strategy"] == strategy]
    sums: Any = frame.groupby("payer", sort=False)[[f"{kind}_oere" for kind in SAVINGS]].sum()
    if not len(sums) or bool((sums["gross_oere"] == sums["cashable_oere"]).all()):
        return []
    rows = [
        (
            words(payer_name(payer, lang)),
            *(kroner(int(sums.loc[payer, f"{kind}_oere"]), lang, sign=True) for kind in SAVINGS),
        )
        for payer in PAYERS
        if payer in sums.index
    ]
    heads = [
        (view.say("money.payer"), "text"),
        *(view.say(f"savings.{kind}") for kind in SAVINGS),
    ]
    numbers = table(
        f"savings_{strategy}",
        lang,
        heads,
        rows,
        caption=view.say("savings.caption", strategy=view.strategy(strategy)),
        note=view.say("savings.note"),
    )
    if "kommune" not in sums.index:
        return [numbers]
    payer = payer_name("kommune", lang)

    def draw() -> Figure:
        with house_style():
            axes = new_axes((0.3, 0.08, 0.6, 0.74), rows=5)
            ax = figures_money.draw_savings(axes, view.result, strategy, "kommune", lang)
            return of_axes(ax)

    return [
        Picture(
            key=f"savings_{strategy}",
            caption=view.say("savings.figure", payer=payer),
            alt=view.say("savings.alt", payer=payer),
            draw=draw,
            numbers=numbers,
        )
    ]


def committee_table(view: View, strategy: str) -> Table | None:
    """Return the municipality's net by committee and year, where the file names committees."""
    frame, lang = view.result.ledger, view.lang
    names = {name: price.udvalg for name, price in view.base.prices.items() if price.udvalg}
    if not names:
        return None
    rows = frame[(frame["payer"] == "kommune") & (frame["kind"] != "memo")].copy()
    rows["committee"] = [
        view.say("account.grant")
        if account.startswith("grant_")
        else one_line(names.get(item) or view.say("committee.none"))
        for item, account in zip(rows["item"], rows["account"], strict=True)
    ]
    sums = (
        rows.groupby(["committee", "year", "strategy"])["amount_oere"].sum().unstack(fill_value=0)
    )
    sums = sums.reindex(columns=[view.result.reference, strategy], fill_value=0)
    net = (sums[view.result.reference] - sums[strategy]).unstack(fill_value=0)
    net = net.reindex(columns=sorted(net.columns))
    body = [
        (
            words(name),
            *(kroner(int(net[when][name]), lang, sign=True) for when in net),
            kroner(int(net.loc[name].sum()), lang, sign=True),
        )
        for name in net.index
    ]
    body.append(
        (
            words(view.say("total")),
            *(kroner(int(net[when].sum()), lang, sign=True) for when in net),
            kroner(int(net.to_numpy().sum()), lang, sign=True),
        )
    )
    heads = [
        (view.say("committee"), "text"),
        *(str(when) for when in net),
        view.say("total"),
    ]
    return table(
        f"committees_{strategy}",
        lang,
        heads,
        body,
        caption=view.say("committee.caption", strategy=view.strategy(strategy)),
        total=True,
    )
