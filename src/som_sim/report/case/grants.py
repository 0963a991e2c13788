"""Sections about grants: what each covers, by year and quarter, and the budget behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from som_sim.core import formats
from som_sim.core.records import in_language
from som_sim.core.texts import one_line, payer_name
from som_sim.ledger.funding import AS_AWARDED, EXPECTED, NONE_COMES
from som_sim.ledger.ledger import MEMO, payer_number
from som_sim.report import naming
from som_sim.report.case.cells import exact_kroner, kroner, number, records, table, words, year
from som_sim.report.case.content import (
    Block,
    Cell,
    Paragraph,
    Table,
)
from som_sim.report.case.economy import maybe_kroner
from som_sim.report.case.view import View, suppressed_note
from som_sim.report.disclosure import SUPPRESSED

if TYPE_CHECKING:
    pass


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
            maybe_kroner(row["peak_funding_oere"], lang, sign=False),
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
    if case == NONE_COMES:
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
