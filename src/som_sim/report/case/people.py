"""Sections about people: who it is for, what is done, and what comes of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from som_sim.core import formats
from som_sim.core.texts import one_line
from som_sim.report import figures_draws, figures_people, naming
from som_sim.report.case.brief import (
    brief_target,
    drawn_targets,
    goal_words,
    measured,
    measured_cell,
    see,
    stated,
    target_picture,
    target_when,
)
from som_sim.report.case.cells import number, persons, records, table, words, year
from som_sim.report.case.content import Block, Bullets, Cell, Paragraph, Picture, Table
from som_sim.report.case.sight import sight_blocks
from som_sim.report.case.view import View, suppressed_note
from som_sim.report.chance import chance_lines
from som_sim.report.disclosure import SUPPRESSED
from som_sim.report.plan import ALL, SERIES, programme_series, said_arrivals, start_counts
from som_sim.report.style import house_style, new_axes, of_axes


def purpose(view: View) -> tuple[Block, ...]:
    """Say what is wanted: the question and the targets."""
    blocks: list[Block] = []
    names = ", ".join(f"»{view.strategy(name)}«" for name in view.followed)
    if names:
        said = view.say("purpose.compare", strategies=names, reference=f"»{view.reference}«")
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


def outcomes(view: View) -> tuple[Block, ...]:
    """Hold what is expected against the targets, and show where people are."""
    blocks: list[Block] = []
    if len(view.result.targets):
        notes = (view.say("targets.note"), *chance_lines(view.result, view.lang))
        blocks += [outcome_table(view), Paragraph(text=" ".join(notes), note=True)]
        blocks += sight_blocks(view)
    for name in drawn_targets(view):
        picture = target_picture(view, name)
        in_brief = name == brief_target(view)
        blocks.append(see(view, picture, "see.target") if in_brief else picture)
        if len(view.result.targets["probability"].dropna()):
            blocks.append(chance_picture(view, name))
        if figures_draws.goal_paths(view.result, name):
            blocks.append(goal_picture(view, name))
    seen = observation_table(view)
    if seen is not None:
        blocks.append(seen)
    for strategy in (view.followed or view.result.strategies)[-1:]:
        for domain in view.base.domains:
            if view.plan.draws_states:
                blocks.append(states_picture(view, strategy, domain))
            blocks.append(flows_picture(view, strategy, domain))
    return tuple(blocks)


INTERVALS = (("low", "high"), ("p05", "p95"), ("p025", "p975"), ("lower", "upper"))
"""Names that a table with draws may give the ends of an interval, after the column's own name."""


def _interval(view: View, row: dict[str, Any]) -> str | None:
    for names in INTERVALS:
        ends = [row.get(f"projected_{name}") for name in names]
        shown = [measured(view, str(row["target"]), float(one)) for one in ends if one is not None]
        if len(shown) == len(names):
            return "–".join(shown)
    return None


def outcome_table(view: View) -> Table:
    """Return each target in each strategy; an interval where the run has draws."""
    rows, intervals = [], []
    for row in records(view.result.targets):
        chance, still = row["probability"], row["probability_no_change"]
        hidden = view.plan.target(row["target"])
        intervals.append(_interval(view, row))
        rows.append(
            [
                words(row[f"label_{view.lang}"]),
                words(view.strategy(row["strategy"])),
                words(goal_words(view, row)),
                measured_cell(view, row["target"], row["projected"]),
                words(view.say("yes" if row["met"] else "no")),
                *(
                    words(SUPPRESSED)
                    if hidden
                    else Cell(text=formats.percent(one, view.lang), number=float(one))
                    for one in (chance, still)
                ),
            ]
        )
    heads: list[str | tuple[str, str]] = [
        (view.say("purpose.target"), "text"), (view.say("targets.strategy"), "text"),
        view.say("purpose.goal"), view.say("targets.expected"), (view.say("targets.met"), "text"),
        view.say("targets.probability"), view.say("outcomes.no_change"),
    ]  # fmt: skip
    if any(intervals):
        heads.insert(4, view.say("outcomes.interval"))
        for line, one in zip(rows, intervals, strict=True):
            line.insert(4, words(one or "–"))
    away = any(view.plan.target(row["target"]) for row in records(view.result.targets))
    return table(
        "outcomes",
        view.lang,
        heads,
        rows,
        caption=view.say("outcomes.caption"),
        note=suppressed_note(view, away),
    )


def observation_table(view: View) -> Table | None:
    """Return what was counted beside what each strategy gives."""
    frame, lang = view.result.observations, view.lang
    if not len(frame):
        return None
    rows = []
    away = False
    for of, group in frame.groupby("observation", sort=False):
        hidden = view.plan.observation(int(str(of)))
        away |= hidden
        first = group.iloc[0]
        values = {row["strategy"]: row["projected"] for row in records(group)}
        whole = float(first["value"])
        share = 0 < whole < 1
        decimals = 0 if share else 1

        def shown(
            value: float, share: bool = share, decimals: int = decimals, hidden: bool = hidden
        ) -> Cell:
            if hidden:
                return words(SUPPRESSED)
            if share:
                return Cell(text=formats.percent(value, lang), number=value)
            return number(value, lang, decimals)

        rows.append(
            (
                words(first[f"label_{lang}"]),
                words(formats.date(str(first["at"]), lang)),
                shown(whole, decimals=formats.decimals_of(whole)),
                *(shown(float(values[name])) for name in view.result.strategies),
                words(view.source(first["source"])),
            )
        )
    heads = [
        (view.say("observed.what"), "text"), (view.say("observed.from"), "text"),
        view.say("observed.counted"), *(view.strategy(name) for name in view.result.strategies),
        (view.say("purpose.source"), "text"),
    ]  # fmt: skip
    caption, note = view.say("observed.caption"), suppressed_note(view, away)
    return table("observations", lang, heads, rows, caption=caption, note=note)


def chance_picture(view: View, target: str) -> Picture:
    """Return the figure of how likely the count is to meet each goal."""
    result, lang = view.result, view.lang
    rows = records(result.targets[result.targets["target"] == target])
    told = "; ".join(
        f"{view.strategy(row['strategy'])} {formats.percent(row['probability'], lang)}"
        for row in rows
    )
    label = one_line(str(rows[0][f"label_{lang}"]))

    def draw() -> object:
        with house_style():
            return of_axes(figures_people.draw_probability(new_axes(), result, target, lang))

    return Picture(
        key=f"chance_{target}",
        caption=view.say("chance.caption", label=label),
        alt=view.say("chance.alt", label=label, told=told, goal=goal_words(view, rows[0])),
        draw=draw,  # type: ignore[arg-type]
    )


def goal_picture(view: View, target: str) -> Picture:
    """Return the figure of how likely the count of each year is to meet the goal."""
    result, lang = view.result, view.lang
    row = records(result.targets[result.targets["target"] == target])[0]
    return Picture(
        key=f"goal_over_time_{target}",
        caption=view.say("draws.goal_caption", label=one_line(str(row[f"label_{lang}"]))),
        alt=figures_draws.goal_words(result, target, lang),
        draw=lambda: figures_draws.goal_over_time_figure(result, target, lang),
    )


def _month(view: View, date: str) -> str:
    """Return the month and year of a date."""
    return formats.date(date, view.lang).split(" ", 1)[1]


def states_picture(view: View, strategy: str, domain: str) -> Picture:
    """Return the figure of persons by state over time, with the numbers at each year's start."""
    result, lang = view.result, view.lang
    wide = figures_people.states_over_time(result, strategy, domain)
    month = str(wide.index[0])[5:]
    kept = [date for date in wide.index if str(date)[5:] == month]
    last = wide.index[-1]
    dates = kept if last in kept else [*kept, last]
    counts = wide.loc[dates].to_numpy(dtype=float).T
    hidden = hidden_by_date(view, domain, [str(state) for state in wide], dates)
    totals = np.vstack([counts, counts.sum(axis=0)])
    names = [*(naming.state(result, domain, str(state), lang) for state in wide), view.say("total")]
    rows = [
        (words(name), *(persons(v, lang, hidden=bool(h)) for v, h in zip(line, mask, strict=True)))
        for name, line, mask in zip(names, totals, hidden, strict=True)
    ]
    heads = [(view.say("group.state"), "text"), *(_month(view, str(date)) for date in dates)]
    numbers = table(
        f"numbers_states_{strategy}_{domain}",
        lang,
        heads,
        rows,
        caption=view.say("states.numbers"),
        total=True,
        note=suppressed_note(view, bool(hidden.any())),
    )

    def draw() -> object:
        with house_style():
            ax = figures_people.draw_states(new_axes(), result, strategy, domain, lang, view.plan)
            return of_axes(ax)

    return Picture(
        key=f"states_{strategy}_{domain}",
        caption=view.say("states.caption", strategy=view.strategy(strategy)),
        alt=view.say("states.alt", strategy=view.strategy(strategy)),
        draw=draw,  # type: ignore[arg-type]
        numbers=numbers,
    )


def hidden_by_date(view: View, domain: str, states: list[str], dates: list[Any]) -> np.ndarray:
    """Return what is left out of persons by date: a row a state and one for the total."""
    return np.array(
        [[view.plan.state(domain, state, str(date)) for date in dates] for state in (*states, ALL)]
    )


def flows_picture(view: View, strategy: str, domain: str) -> Picture:
    """Return the figure of moves between states, with the numbers a year."""
    result, lang = view.result, view.lang
    flows = figures_people.yearly_flows(result, strategy, domain)
    flows = flows[flows["persons"] > 0].sort_values("persons", ascending=False)
    hidden = [view.plan.flow(domain, str(a), str(b)) for a, b in flows[["from", "to"]].to_numpy()]
    rows = [
        (
            words(figures_people.flow_name(result, domain, str(a), lang)),
            words(figures_people.flow_name(result, domain, str(b), lang)),
            persons(float(moved), lang, hidden=mask),
        )
        for (a, b, moved), mask in zip(flows.itertuples(index=False), hidden, strict=True)
        if not mask
    ]
    heads = [
        (view.say("flows.from"), "text"), (view.say("flows.to"), "text"), view.say("flows.persons"),
    ]  # fmt: skip
    threshold = formats.as_stated(view.plan.rule.threshold, lang)
    numbers = table(
        f"numbers_flows_{strategy}_{domain}",
        lang,
        heads,
        rows,
        caption=view.say("flows.numbers"),
        note=view.say("flows.left_out", threshold=threshold) if any(hidden) else "",
    )

    def draw() -> object:
        with house_style():
            axes = new_axes((0.29, 0.08, 0.42, 0.74), rows=len(view.base.domains[domain]) + 3)
            ax = figures_people.draw_flows(axes, result, strategy, domain, lang, view.plan)
            return of_axes(ax)

    return Picture(
        key=f"flows_{strategy}_{domain}",
        caption=view.say("flows.caption", strategy=view.strategy(strategy)),
        alt=view.say("flows.alt", strategy=view.strategy(strategy)),
        draw=draw,  # type: ignore[arg-type]
        numbers=numbers,
    )
