"""In short: what the case asks, what came out, who pays and who gains, on a page or two."""

from __future__ import annotations

from typing import Any

import numpy as np

from som_sim.core import formats
from som_sim.core.texts import one_line, payer_name
from som_sim.report import figures, naming
from som_sim.report.case.cells import MINUS, kroner, records, table, words
from som_sim.report.case.content import (
    PLACE,
    Block,
    Bullets,
    Cell,
    Facts,
    Paragraph,
    Picture,
    Reference,
    Table,
)
from som_sim.report.case.view import View
from som_sim.report.disclosure import SUPPRESSED
from som_sim.report.money import is_ever_behind, net_table


def target_when(view: View, row: dict[str, Any]) -> str:
    """Say when a target is counted."""
    during = naming.target_window(view.result, str(row["target"]))
    if during is not None:
        first, last = (formats.date(day, view.lang) for day in during)
        return view.say("targets.during", first=first, last=last)
    day, days = formats.date(str(row["at"]), view.lang), float(row["over_days"])
    if not days > 1:
        return day
    return view.say("targets.days_from", days=formats.number(days, view.lang), date=day)


def drawn_targets(view: View) -> tuple[str, ...]:
    """Return the targets that have a figure: those counted at a date whose numbers are shown."""
    return tuple(name for name in figures.drawn_targets(view.result) if not view.plan.target(name))


def measured(view: View, target: str, value: float) -> str:
    """Write a figure of a target: a number, per cent where it is a share, or the mark."""
    return SUPPRESSED if view.plan.target(target) else _written(view, target, value, 1)


def measured_cell(view: View, target: str, value: float) -> Cell:
    """Return a cell with a figure of a target."""
    number = None if view.plan.target(target) else float(value)
    return Cell(text=measured(view, target, value), number=number)


def _written(view: View, target: str, value: float, decimals: int) -> str:
    if naming.is_share(view.result, target):
        return formats.percent(value, view.lang, decimals)
    return formats.number(value, view.lang, decimals).replace("-", MINUS)


def stated(view: View, target: str, value: float) -> str:
    """Write a figure of a target with the decimals it was stated with."""
    share = naming.is_share(view.result, target)
    return _written(view, target, value, formats.decimals_of(100 * value if share else value))


def goal_words(view: View, row: dict[str, Any]) -> str:
    """Write a goal with its direction."""
    side = "at_most" if row["better"] == "lower" else "at_least"
    return view.say(side, value=stated(view, row["target"], float(row["goal"])))


def answers(view: View) -> Bullets:
    """Say in a few sentences what came out."""
    points = []
    for target in dict.fromkeys(view.result.targets["target"]):
        points.append(_target_answer(view, str(target)))
    for strategy in view.followed:
        points += _money_answers(view, strategy)
        points += _days_answer(view, strategy)
    return Bullets(points=tuple(points))


def _target_answer(view: View, target: str) -> str:
    frame = view.result.targets
    rows = records(frame[frame["target"] == target])
    told = "; ".join(
        view.say(
            "brief.expected",
            strategy=view.strategy(row["strategy"]),
            value=measured(view, target, float(row["projected"])),
            met=view.say("brief.met" if row["met"] else "brief.not_met"),
            chance=view.say(
                "brief.chance", chance=formats.percent(float(row["probability"]), view.lang)
            )
            if np.isfinite(row["probability"]) and not view.plan.target(target)
            else "",
        )
        for row in rows
    )
    return view.say(
        "brief.target",
        label=one_line(str(rows[0][f"label_{view.lang}"])),
        goal=goal_words(view, rows[0]),
        when=target_when(view, rows[0]),
        told=told[:1].upper() + told[1:],
    )


def _money_answers(view: View, strategy: str) -> list[str]:
    net = net_table(view.result, strategy, "constant")
    if not net.size:
        return []
    told = []
    for payer in net:
        total = int(net[payer].sum())
        key = "brief.saves" if total > 0 else "brief.pays" if total < 0 else "brief.same"
        amount = formats.kroner(abs(total), view.lang, 0)
        told.append(view.say(key, payer=payer_name(str(payer), view.lang), amount=amount))
    first, last = net.index[0], net.index[-1]
    return [
        view.say(
            "brief.money",
            strategy=view.strategy(strategy),
            reference=view.reference,
            first=first,
            last=last,
            told="; ".join(told).removesuffix("."),  # a unit may end in a full stop
            price_year=naming.price_year(view.result),
        )
    ]


def _days_answer(view: View, strategy: str) -> list[str]:
    rows = view.result.comparison
    row = records(rows[rows["strategy"] == strategy])[0]
    avoided = float(row["homeless_days_avoided"])
    base = float(row["homeless_days"]) + avoided
    if not base or any(view.plan.small_days(one) for one in (base, float(row["homeless_days"]))):
        return []
    key = "days.avoided" if avoided >= 0 else "days.added"
    said = view.say(
        key,
        strategy=view.strategy(strategy),
        reference=view.reference,
        days=formats.number(abs(avoided), view.lang),
        base=formats.number(base, view.lang),
    )
    cost = rows.loc[rows["strategy"] == strategy, "cost_per_homeless_day_avoided_oere"].iloc[0]
    if naming.has_money(view.result) and _is_number(cost):
        key = "days.cost" if int(cost) >= 0 else "days.saving"
        amount = formats.kroner(abs(int(cost)), view.lang, 0)
        said += " " + view.say(key, cost=amount, price_year=naming.price_year(view.result))
    return [said]


def _is_number(value: object) -> bool:
    import pandas as pd

    return not bool(pd.isna(value))  # type: ignore[call-overload]


def payer_summary(view: View, strategy: str, key: str) -> Table | None:
    """Return what each payer bears and gains in a strategy, and when it has its money back."""
    result, lang = view.result, view.lang
    net = net_table(result, strategy, "constant")
    if not net.size:
        return None
    discounted = net_table(result, strategy, "discounted").sum()
    cost: Any = result.cost_by_year.groupby(["strategy", "payer"])["constant_oere"].sum()
    rows = [
        (
            words(payer_name(str(payer), lang)),
            kroner(int(cost[result.reference, payer]), lang),
            kroner(int(cost[strategy, payer]), lang),
            kroner(int(net[payer].sum()), lang, sign=True),
            kroner(int(discounted.get(payer, 0)), lang, sign=True),
            _back(view, strategy, str(payer), net[payer]),
        )
        for payer in net
    ]
    heads = (
        (view.say("money.payer"), "text"),
        view.reference,
        view.strategy(strategy),
        view.say("money.net"),
        view.say("money.net_discounted"),
        (view.say("money.break_even"), "text"),
    )
    return table(
        key,
        lang,
        heads,
        rows,
        caption=view.say(
            "money.title",
            strategy=view.strategy(strategy),
            first=net.index[0],
            last=net.index[-1],
            price_year=naming.price_year(result),
        ),
        note=view.say("money.note", reference=view.reference),
    )


def _back(view: View, strategy: str, payer: str, net: Any) -> Cell:
    if not is_ever_behind(net):
        return words(view.say("money.never_behind"))
    year = view.result.break_even(payer, strategy)
    return words(view.say("money.never") if year is None else year)


def target_picture(view: View, target: str, *, apart: bool = False) -> Picture:
    """Return the figure of a target, with its numbers by year."""
    result, lang = view.result, view.lang
    paths = result.indicator_paths
    paths = paths[paths["target"] == target]
    wide = paths.pivot(index="date", columns="strategy", values="persons")
    kept = [date for date in wide.index if str(date)[5:7] == str(wide.index[0])[5:7]]
    rows = [
        (
            words(formats.date(str(date), lang)),
            *(measured_cell(view, target, float(wide[name][date])) for name in result.strategies),
        )
        for date in kept
    ]
    label = one_line(
        str(result.targets.loc[result.targets["target"] == target, f"label_{lang}"].iloc[0])
    )
    numbers = table(
        f"numbers_{target}",
        lang,
        ((view.say("date"), "text"), *(view.strategy(name) for name in result.strategies)),
        rows,
        caption=view.say("numbers.of", what=label),
    )
    return Picture(
        key=f"target_{target}",
        caption=view.say("target.caption", label=label),
        alt=figures.target_words(result, target, lang),
        draw=lambda: figures.target_figure(result, target, lang),
        numbers=numbers,
        apart=apart,
    )


def net_picture(view: View, strategy: str, *, apart: bool = False) -> Picture | None:
    """Return the figure of the cumulative net, with its numbers by year."""
    result, lang = view.result, view.lang
    net = net_table(result, strategy, "constant")
    if not net.size:
        return None
    running = net.cumsum()
    numbers = table(
        f"numbers_net_{strategy}",
        lang,
        ((view.say("year"), "text"), *(payer_name(str(payer), lang) for payer in running)),
        [
            (
                words(year),
                *(kroner(int(running[payer][year]), lang, sign=True) for payer in running),
            )
            for year in running.index
        ],
        caption=view.say("numbers.of", what=view.say("net.caption_short")),
        note=view.say("numbers.constant", price_year=naming.price_year(result)),
    )
    return Picture(
        key=f"net_{strategy}",
        caption=view.say("net.caption", strategy=view.strategy(strategy)),
        alt=figures.net_words(result, strategy, lang),
        draw=lambda: figures.cumulative_net_figure(result, strategy, lang),
        numbers=numbers,
        apart=apart,
    )


def headline(view: View) -> Facts:
    """Return the few figures that a reader looks for first."""
    result, lang, facts = view.result, view.lang, []
    for row in records(result.targets):
        if row["strategy"] != (view.followed or result.strategies)[0]:
            continue
        if view.plan.target(row["target"]):
            continue  # the sentences below say that it is left out
        about = view.say("facts.goal", goal=goal_words(view, row))
        if np.isfinite(row["probability"]):
            chance = formats.percent(float(row["probability"]), lang)
            about += ", " + view.say("facts.chance", chance=chance)
        label = one_line(str(row[f"label_{lang}"]))
        shown = measured(view, row["target"], float(row["projected"]))
        facts.append((view.say("facts.expected", label=label), shown, about))
    for strategy in view.followed[:1]:
        net = net_table(result, strategy, "constant")
        for payer in (one for one in ("kommune", "public") if one in net):
            year = result.break_even(payer, strategy)
            ever = is_ever_behind(net[payer])
            about = view.say("facts.never") if year is None else view.say("facts.back", year=year)
            facts.append(
                (
                    view.say("facts.net", payer=payer_name(payer, lang)),
                    _shortly(view, int(net[payer].sum())),
                    about if ever else view.say("money.never_behind"),
                )
            )
    return Facts(facts=tuple(facts[:4]))


def _shortly(view: View, oere: int) -> str:
    """Write an amount for a headline: in millions where it has them."""
    if abs(oere) < 100_000_000:
        written = formats.kroner(oere, view.lang, 0)
        return ("+" if oere > 0 else "") + written.replace("-", MINUS)
    written = formats.signed(oere / 100_000_000, view.lang, 2).replace("-", MINUS)
    return f"{written} {view.say('net.unit.million')}"


def brief_blocks(view: View) -> tuple[Block, ...]:
    """Return the page or two that tell the whole case."""
    blocks: list[Block] = []
    description = view.base.meta.description
    if description is not None:
        blocks.append(Paragraph(text=one_line(description.into(view.lang))))
    blocks += [headline(view), answers(view)]
    target, strategy = brief_target(view), brief_strategy(view)
    if target is not None:
        blocks.append(target_picture(view, target, apart=True))
    if strategy is not None:
        net = net_picture(view, strategy, apart=True)
        summary = payer_summary(view, strategy, f"payers_{strategy}")
        blocks += [one for one in (net, summary) if one is not None]
    return tuple(blocks)


def brief_target(view: View) -> str | None:
    """Return the target whose figure stands in 'in short', and only there."""
    return next(iter(drawn_targets(view)), None)


def brief_strategy(view: View) -> str | None:
    """Return the strategy whose money stands in 'in short', and only there."""
    if not naming.has_money(view.result):
        return None
    return next(iter(view.followed), None)


def see(view: View, picture: Picture, key: str) -> Reference:
    """Return a sentence about a figure of 'in short'; on paper its numbers stand below it."""
    said = view.say(key, it=PLACE, where=view.say("section.brief"))
    return Reference(kind="figure", key=picture.key, text=said, numbers=picture.numbers)
