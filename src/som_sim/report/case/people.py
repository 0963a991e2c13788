"""Sections about people: who it is for, and what is done."""

from __future__ import annotations

from typing import Any

import numpy as np

from som_sim.core import formats
from som_sim.report import figures_people, naming
from som_sim.report.case.brief import (
    goal_words,
    stated,
    target_when,
)
from som_sim.report.case.cells import number, persons, records, table, words, year
from som_sim.report.case.content import Block, Bullets, Paragraph, Picture, Table
from som_sim.report.case.view import View, suppressed_note
from som_sim.report.disclosure import SUPPRESSED
from som_sim.report.plan import ALL, SERIES, programme_series, said_arrivals, start_counts
from som_sim.report.style import house_style, new_axes, of_axes


def purpose(view: View) -> tuple[Block, ...]:
    """Say what is wanted: the question and the targets."""
    blocks: list[Block] = []
    names = ", ".join(
        view.say("purpose.quoted", name=view.strategy(name)) for name in view.followed
    )
    if names:
        reference = view.say("purpose.quoted", name=view.reference)
        said = view.say("purpose.compare", strategies=names, reference=reference)
        blocks.append(Paragraph(text=said))
    rows = []
    frame = view.result.targets
    for row in records(frame[frame["strategy"] == view.result.reference]):
        known = np.isfinite(row["baseline"])
        target = view.base.targets[row["target"]]
        rows.append(
            (
                words(row[f"label_{view.lang}"]),
                words(target_when(view, row)),
                words(baseline_words(view, row) if known else view.say("purpose.no_baseline")),
                words(goal_words(view, row)),
                words(view.source(target.source)),
            )
        )
    if rows:
        heads = [
            (view.say(f"purpose.{key}"), kind)
            for key, kind in (
                ("target", "text"), ("when", "text"), ("baseline", "number"), ("goal", "number"),
                ("source", "text"),
            )
        ]  # fmt: skip
        caption = view.say("purpose.caption")
        blocks.append(table("targets", view.lang, heads, rows, caption=caption))
    return tuple(blocks)


def baseline_words(view: View, row: dict[str, Any]) -> str:
    """Write a target's baseline, or the mark where the target's numbers are left out."""
    if view.plan.target(row["target"]):
        return SUPPRESSED
    return stated(view, row["target"], row["baseline"])


def target_group(view: View) -> tuple[Block, ...]:
    """Say who is there at the start, and who comes."""
    blocks: list[Block] = []
    for domain in view.base.domains:
        blocks.append(start_table(view, domain))
    arrivals = sum(
        (_per_year(view, stratum) for stratum in view.base.strata),
        0.0,
    )
    if arrivals:
        said = view.say("group.arrivals", persons=_arrivals_said(view, arrivals))
        blocks.insert(0, Paragraph(text=said))
    names = ", ".join(naming.stratum(view.result, name, view.lang) for name in view.base.strata)
    blocks.insert(0, Paragraph(text=view.say("group.strata", names=names)))
    return tuple(blocks)


def _arrivals_said(view: View, arrivals: float) -> str:
    """Write arrivals a year, to the nearest ten where small counts are left out.

    The whole less the moves that are shown would give what was left out.
    """
    if view.plan.rule.hide:
        arrivals = said_arrivals(arrivals)
    return formats.number(arrivals, view.lang)


def _per_year(view: View, stratum: str) -> float:
    """Return arrivals of a stratum in a mean year of the run, in the reference."""
    result = view.result
    flows = result.flows
    first = next(iter(view.base.domains))
    rows = flows[
        (flows["strategy"] == result.reference)
        & (flows["stratum"] == stratum)
        & (flows["domain"] == first)
        & (flows["from"] == "arrival")
    ]
    calendar = view.base.time.calendar
    return float(rows["persons"].sum()) * 12 / (calendar.n_cycles * calendar.months_per_cycle)


def start_table(view: View, domain: str) -> Table:
    """Return persons at the start by stratum and state, with small counts left out."""
    result, lang, plan = view.result, view.lang, view.plan
    first = str(result.occupancy["date"].iloc[0])
    wide = start_counts(result, domain)
    states = [str(state) for state in wide]
    counts = wide.to_numpy(dtype=float).T  # a row a state: the names are long
    hidden = np.array(
        [
            [plan.start(domain, str(stratum), state, first) for stratum in (*wide.index, ALL)]
            for state in (*states, ALL)
        ]
    )
    totals = np.vstack(
        [np.column_stack([counts, counts.sum(axis=1)]), np.append(counts.sum(axis=0), counts.sum())]
    )
    names = [naming.state(result, domain, state, lang) for state in states]
    body = [
        (words(name), *(persons(v, lang, hidden=bool(h)) for v, h in zip(line, mask, strict=True)))
        for name, line, mask in zip([*names, view.say("total")], totals, hidden, strict=True)
    ]
    heads = [
        (view.say("group.state"), "text"),
        *(naming.stratum(result, name, lang) for name in wide.index),
        view.say("total"),
    ]
    return table(
        f"start_{domain}",
        lang,
        heads,
        body,
        caption=view.say("group.caption", date=formats.date(str(first), lang)),
        total=True,
        note=suppressed_note(view, bool(hidden.any())),
    )


def programme(view: View) -> tuple[Block, ...]:
    """Say what is done in each strategy, and draw places and waiting."""
    result, lang = view.result, view.lang
    blocks: list[Block] = []
    for name in result.strategies:
        strategy = result.scenario.strategies[name].strategies[name]
        listed = [naming.programme(result, one, lang) for one in strategy.programmes]
        grants = [naming.grant(result, one, lang) for one in strategy.grants]
        said = view.say(
            "programme.strategy" if listed else "programme.nothing",
            strategy=view.strategy(name),
            programmes=", ".join(listed),
        )
        if grants:
            said += " " + view.say("programme.grants", grants=", ".join(grants))
        blocks.append(Paragraph(text=said))
    frame = result.programmes
    for name in view.followed:
        rows = frame[frame["strategy"] == name]
        if len(rows):
            blocks.append(programme_table(view, name))
        for one, group in rows.groupby("programme", sort=False):
            if group["places"].any():
                blocks.append(programme_picture(view, name, str(one)))
    blocks += _short_places(view)
    return tuple(blocks)


def programme_table(view: View, strategy: str) -> Table:
    """Return places, persons and waiting of a strategy's programmes at the start of each year."""
    lang, frame = view.lang, view.result.programmes
    rows = []
    hidden = False
    for name, group in frame[frame["strategy"] == strategy].groupby("programme", sort=False):
        by_year = group.groupby(group["date"].str[:4])
        for when, part in by_year:
            series = programme_series(part)
            inside, taken = float(series["in"].mean()), float(series["taken"].sum())
            waits = series["waiting"]
            if not part["places"].any() and not part["persons_in"].any():
                continue
            places = float(part["places"].max())
            small = [view.plan.programme(strategy, str(name), one, str(when)) for one in SERIES]
            hidden |= any(small)
            rows.append(
                (
                    words(naming.programme(view.result, str(name), lang)),
                    year(int(when)),
                    number(places, lang) if np.isfinite(places) else words(view.say("unlimited")),
                    persons(inside, lang, hidden=small[0]),
                    persons(taken, lang, hidden=small[1]),
                    persons(float(waits.mean()), lang, hidden=small[2]),
                )
            )
    heads = [
        (view.say("programme.name"), "text"), view.say("year"), view.say("programmes.places"),
        view.say("programme.in_mean"), view.say("programmes.enrolled"),
        view.say("programme.waiting_mean"),
    ]  # fmt: skip
    return table(
        f"programmes_{strategy}",
        lang,
        heads,
        rows,
        caption=view.say("programme.caption", strategy=view.strategy(strategy)),
        note=" ".join(
            one for one in (view.say("programme.note"), suppressed_note(view, hidden)) if one
        ),
    )


def programme_picture(view: View, strategy: str, name: str) -> Picture:
    """Return the figure of a programme's places, persons and waiting."""
    result, lang = view.result, view.lang
    label = naming.programme(result, name, lang)
    caption = view.say("programme.figure", programme=label)

    def draw() -> object:
        with house_style():
            ax = figures_people.draw_programme(new_axes(), result, strategy, name, lang, view.plan)
            return of_axes(ax)

    return Picture(
        key=f"programme_{strategy}_{name}",
        caption=caption,
        alt=view.say("programme.alt", programme=label),
        draw=draw,  # type: ignore[arg-type]
    )


def _short_places(view: View) -> list[Block]:
    """Say where places of a state were short, how often, and from when to when."""
    frame = view.result.places
    points = []
    if not len(frame):
        return []
    for key, group in frame.groupby(["strategy", "domain", "state"], sort=False):
        strategy, domain, state = (str(part) for part in key)
        short = group.loc[group["bound"].astype(bool), "start"]
        if len(short):
            points.append(
                view.say(
                    "places.short",
                    strategy=view.strategy(strategy),
                    state=naming.state(view.result, domain, state, view.lang),
                    count=formats.number(len(short), view.lang),
                    total=formats.number(len(group), view.lang),
                    first=formats.date(str(short.min()), view.lang),
                    last=formats.date(str(short.max()), view.lang),
                )
            )
    return [Bullets(points=tuple(points))] if points else []
