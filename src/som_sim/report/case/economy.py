"""Sections about money: who pays, when, for what, and what a grant covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from som_sim.core import formats
from som_sim.core.names import PAYERS
from som_sim.core.records import in_language
from som_sim.core.texts import one_line, payer_name
from som_sim.ledger.ledger import MEMO, payer_number
from som_sim.outcomes.appraisal import participants
from som_sim.report import figures_money, naming
from som_sim.report.case.brief import brief_strategy, net_picture, payer_summary, see
from som_sim.report.case.cells import exact_kroner, kroner, number, records, table, words, year
from som_sim.report.case.content import (
    PLACE,
    Block,
    Cell,
    Paragraph,
    Picture,
    Reference,
    Table,
)
from som_sim.report.case.view import View, suppressed_note
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
                _maybe_kroner(found["net_present_value_oere"], lang),
                _maybe_number(found["benefit_cost_ratio"], lang),
                words(SUPPRESSED)
                if few
                else _maybe_kroner(found["net_per_participant_oere"], lang),
                _maybe_kroner(found["net_per_homeless_day_avoided_oere"], lang),
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


AS_AWARDED, EXPECTED = "as_awarded", "expected"
"""The case of `Result.funding` in which every tranche comes."""


def _maybe_kroner(oere: Any, lang: str, *, sign: bool = True) -> Cell:
    """Return an amount, or a dash where there is none: what is expected has no peak."""
    import pandas as pd

    return words("–") if pd.isna(oere) else kroner(int(oere), lang, sign=sign)


def _maybe_number(value: float, lang: str) -> Cell:
    return number(value, lang, 2) if np.isfinite(value) else words("–")


def funding_table(view: View, strategy: str) -> Table | None:
    """Return what a missing tranche does to the receivers of grants, or None without conditions."""
    frame, lang = view.result.funding, view.lang
    rows = frame[frame["strategy"] == strategy]
    if rows["case"].nunique() < 2:
        return None
    to = {grant.to for grant in view.result.scenario.strategies[strategy].grants.values()}
    body = [
        (
            words(_case_words(view, strategy, str(row["case"]))),
            words(payer_name(row["payer"], lang)),
            kroner(int(row["grants_oere"]), lang),
            kroner(int(row["net_oere"]), lang, sign=True),
            _maybe_kroner(row["peak_funding_oere"], lang, sign=False),
        )
        for row in records(rows[rows["payer"].isin(to)])
    ]
    heads = [
        (view.say("funding.case"), "text"), (view.say("money.payer"), "text"),
        view.say("funding.grants"), view.say("money.net"), view.say("key.peak"),
    ]  # fmt: skip
    caption = view.say("funding.caption")
    return table(f"funding_{strategy}", lang, heads, body, caption=caption)


def _case_words(view: View, strategy: str, case: str) -> str:
    if case == AS_AWARDED:
        return view.say("funding.as_awarded")
    if case == "no_conditional_tranche":
        return view.say("funding.none")
    if case == EXPECTED:
        return view.say("funding.expected")
    said = case.removeprefix("without ")
    name, _, when = said.rpartition(" ")
    if name in view.result.scenario.strategies[strategy].grants:
        return view.say(
            "funding.without", grant=naming.grant(view.result, name, view.lang), year=when
        )
    return said


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


def grants(view: View) -> tuple[Block, ...]:
    """Say what each grant covers, by year, with the budget behind it and what the payer adds."""
    frame = view.result.grants
    if not len(frame):
        return (Paragraph(text=view.say("grant.none")),)
    blocks: list[Block] = []
    for key in dict.fromkeys(zip(frame["strategy"], frame["grant"], strict=True)):
        strategy, name = (str(part) for part in key)
        grant = view.result.scenario.strategies[strategy].grants[name]
        said = view.say(
            "grant.about",
            grant=naming.grant(view.result, name, view.lang),
            total=formats.kroner(int(grant.total * 100), view.lang, 0),
            funder=payer_name(grant.funder, view.lang),
            to=payer_name(grant.to, view.lang),
            unspent=view.say(f"grant.{grant.unspent}"),
        )
        blocks.append(Paragraph(text=said))
        if grant.note:
            blocks.append(
                Paragraph(text=_begun(one_line(in_language(grant.note, view.lang))), note=True)
            )
        blocks += [grant_table(view, strategy, name), budget_table(view, strategy, name)]
        blocks.append(quarter_table(view, strategy, name))
    for strategy in dict.fromkeys(str(one) for one in frame["strategy"]):
        what_if = funding_table(view, strategy)
        if what_if is not None:
            blocks.append(what_if)
    return tuple(blocks)


def _begun(written: str) -> str:
    return written[:1].upper() + written[1:]


def grant_table(view: View, strategy: str, name: str) -> Table:
    """Return a grant by year: award, paid, used, returned, and what its receiver pays itself."""
    lang, frame = view.lang, view.result.grants
    rows = frame[(frame["strategy"] == strategy) & (frame["grant"] == name)]
    kinds = ["award", "paid", "covered", "used", "returned"]
    kinds += [kind for kind in ("clawed_back", "carried_out") if rows[f"{kind}_oere"].any()]
    kinds.append("own")
    body = [
        (
            year(int(row["year"])),
            *(exact_kroner(int(row[f"{kind}_oere"]), lang) for kind in kinds),
        )
        for row in records(rows)
    ]
    totals = {kind: int(rows[f"{kind}_oere"].sum()) for kind in kinds}
    if "carried_out" in totals:  # a balance, of which the last one is what is left
        totals["carried_out"] = int(rows["carried_out_oere"].iloc[-1])
    sums = [exact_kroner(amount, lang) for amount in totals.values()]
    heads = [
        (view.say("year"), "text"),
        *(view.say("grant.own" if kind == "own" else f"grants.{kind}") for kind in kinds),
    ]
    return table(
        f"grant_{strategy}_{name}",
        lang,
        heads,
        [*body, (words(view.say("total")), *sums)],
        caption=view.say(
            "grants.title",
            grant=naming.grant(view.result, name, lang),
            strategy=view.strategy(strategy),
        ),
        total=True,
    )


def budget_table(view: View, strategy: str, name: str) -> Table:
    """Return the budget of what a grant covers: quantity, unit price and amount, year by year."""
    lang = view.lang
    run = view.result.runs[strategy]
    grant = run.spec.grants[name]
    years = np.array(run.trajectory.model.calendar.years)
    rows: list[tuple[Cell, ...]] = []
    sums, away = 0, False
    for charge in run.books.charges:
        if charge.name not in grant.covers:
            continue
        for when in sorted(set(years.tolist())):
            cycles = years == when
            oere = int(charge.amount[cycles].sum())
            if not oere:
                continue
            sums += oere
            unit = float(charge.unit_kroner[cycles].max())
            hidden = view.plan.budget(strategy, name, charge.name, when)
            away |= hidden
            rows.append(
                (
                    words(naming.price(view.result, charge.name, lang)),
                    year(when),
                    words(SUPPRESSED)
                    if hidden
                    else number(float(charge.quantity[cycles].sum()), lang, 1),
                    words(naming.unit(charge.price.per, lang)),
                    number(unit, lang, 2),
                    words(SUPPRESSED) if hidden else exact_kroner(oere, lang),
                    words(in_language(charge.price.note, lang)),
                )
            )
    rows.append(
        (
            words(view.say("total")),
            *(words("") for _ in range(4)),
            exact_kroner(sums, lang),
            words(""),
        )
    )
    heads = [
        (view.say("budget.item"), "text"), (view.say("year"), "text"), view.say("budget.quantity"),
        (view.say("budget.unit"), "text"), view.say("budget.price"), view.say("budget.amount"),
        (view.say("budget.note"), "long"),
    ]  # fmt: skip
    return table(
        f"budget_{strategy}_{name}",
        lang,
        heads,
        rows,
        caption=view.say("budget.caption", grant=naming.grant(view.result, name, lang)),
        total=True,
        note=f"{view.say('budget.prices')} {suppressed_note(view, away)}".strip(),
    )


def costs_by_quarter(view: View, strategy: str, name: str) -> Mapping[str, int]:
    """Return what the covered items cost the receiver by quarter, in øre, refunds taken off."""
    run = view.result.runs[strategy]
    grant = run.spec.grants[name]
    ledger = run.books.ledger
    starts = run.trajectory.model.calendar.boundaries[:-1]
    quarters = [f"{day.year} · {(day.month + 2) // 3}" for day in starts]
    covered = [number for number, (_, item) in enumerate(ledger.items) if item in grant.covers]
    rows = (
        np.isin(ledger.item, covered)
        & (ledger.kind != MEMO)
        & (ledger.payer == payer_number(grant.to))
    )
    sums = dict.fromkeys(quarters, 0)
    for cycle, amount in zip(
        ledger.cycle[rows].tolist(), ledger.amount[rows].tolist(), strict=True
    ):
        sums[quarters[cycle]] += amount
    first = min((i for i, one in enumerate(sums.values()) if one), default=0)
    last = max((i for i, one in enumerate(sums.values()) if one), default=-1)
    return dict(list(sums.items())[first : last + 1])


def quarter_table(view: View, strategy: str, name: str) -> Table:
    """Return the covered cost by quarter: what a funder that pays by quarter asks for."""
    lang = view.lang
    sums = costs_by_quarter(view, strategy, name)
    by_year: dict[str, list[int]] = {}
    for quarter, amount in sums.items():
        when, _, part = quarter.partition(" · ")
        by_year.setdefault(when, [0, 0, 0, 0])[int(part) - 1] += amount
    rows = [
        (
            year(int(when)),
            *(exact_kroner(one, lang) for one in parts),
            exact_kroner(sum(parts), lang),
        )
        for when, parts in by_year.items()
    ]
    totals = [sum(parts[i] for parts in by_year.values()) for i in range(4)]
    rows.append(
        (
            words(view.say("total")),
            *(exact_kroner(one, lang) for one in (*totals, sum(totals))),
        )
    )
    heads = [
        (view.say("year"), "text"),
        *(view.say("quarter", number=one) for one in (1, 2, 3, 4)),
        view.say("total"),
    ]
    return table(
        f"quarters_{strategy}_{name}",
        lang,
        heads,
        rows,
        caption=view.say("quarter.caption", grant=naming.grant(view.result, name, lang)),
        total=True,
    )
