"""Sections about what comes of it: targets, states, moves, beside what was observed."""

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
    target_picture,
)
from som_sim.report.case.cells import number, persons, records, table, words
from som_sim.report.case.content import Block, Cell, Paragraph, Picture, Table
from som_sim.report.case.sight import sight_blocks
from som_sim.report.case.view import View, suppressed_note
from som_sim.report.chance import chance_lines
from som_sim.report.disclosure import SUPPRESSED
from som_sim.report.plan import ALL
from som_sim.report.style import house_style, new_axes, of_axes


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
