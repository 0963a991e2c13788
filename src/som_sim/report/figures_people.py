"""Figures of people: where they are, how they move, who has a place, and how likely a count is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from som_sim.core import formats
from som_sim.core.names import ARRIVAL
from som_sim.core.texts import text, way_out
from som_sim.report import naming
from som_sim.report.alluvial import Band, Ends, bands_between
from som_sim.report.axes import number, number_axis, time_axis
from som_sim.report.disclosure import Disclosure
from som_sim.report.figures import footnote
from som_sim.report.labels import spread
from som_sim.report.plan import Plan, plan_of, programme_series
from som_sim.report.style import (
    INK,
    LABEL_CHARACTERS,
    LINE_SPACING,
    SOFT_INK,
    STATE_COLOURS,
    TEXT_POINTS,
    TIE_INCHES,
    EndLabel,
    dress,
    label_ends,
    lines_of,
    of_axes,
    strategy_look,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from som_sim.result import Result


PROGRAMME_LINES = (("in", 1), ("waiting", 2))
"""What a programme's figure draws, and in which look."""


def states_over_time(result: Result, strategy: str, domain: str) -> pd.DataFrame:
    """Return persons by date and state of a domain: a row a date, a column a state."""
    rows = result.occupancy[result.occupancy["strategy"] == strategy]
    table = rows.groupby(["date", domain], sort=False)["persons"].sum().unstack(domain)
    return table[[state for state in result.scenario.base.domains[domain] if state in table]]


def draw_states(
    ax: Axes,
    result: Result,
    strategy: str,
    domain: str,
    lang: str,
    disclosure: Disclosure | Plan | None = None,
) -> Axes:
    """Draw the persons in each state of a domain over time, one on top of the other.

    Parameters
    ----------
    ax
        Axes to draw on; labels stand to the right of them.
    result
        What a run gave.
    strategy, domain
        What is drawn.
    lang
        ``"da"`` or ``"en"``.
    disclosure
        States that a table would leave out at some date are drawn together, as the others: a
        drawing can be measured.
    """
    plan = plan_of(result, disclosure)
    table = states_over_time(result, strategy, domain)
    together = plan.states_drawn_together(domain)
    hidden = np.array([str(state) in together for state in table])
    bands = [
        (naming.state(result, domain, str(state), lang), table[state].to_numpy(dtype=float))
        for state, away in zip(table, hidden, strict=True)
        if not away
    ]
    if hidden.any():
        bands.append(
            (text("states.others", lang), table.to_numpy(dtype=float)[:, hidden].sum(axis=1))
        )
    dates = table.index.to_numpy(dtype="datetime64[D]")
    below = np.zeros(len(dates))
    labels = []
    for position, (name, persons) in enumerate(bands):
        colour = STATE_COLOURS[position % len(STATE_COLOURS)]
        above = below + persons
        ax.fill_between(dates, below, above, color=colour, alpha=0.85, linewidth=0.5, ec="white")
        written = f"{lines_of(name, LABEL_CHARACTERS)}\n{number(float(persons[-1]), lang)}"
        labels.append(EndLabel(text=written, at=float(above[-1] + below[-1]) / 2, colour=colour))
        below = above
    ax.set_ylim(0, max(float(below.max()) if len(below) else 1.0, 1e-9) * 1.05)
    time_axis(ax, str(dates[0]), str(dates[-1]))
    number_axis(ax, lang)
    dress(
        ax,
        title=text("states.title", lang, strategy=naming.strategy(result, strategy, lang)),
        subtitle=text("states.subtitle", lang),
        footnote=footnote(result, lang),
    )
    label_ends(ax, labels)
    return ax


def yearly_flows(result: Result, strategy: str, domain: str) -> pd.DataFrame:
    """Return moves in a domain over the whole run, a year on average: from, to, persons."""
    rows = result.flows
    rows = rows[(rows["strategy"] == strategy) & (rows["domain"] == domain)]
    table = rows.groupby(["from", "to"], sort=False)["persons"].sum().reset_index()
    table["persons"] = table["persons"] / years_of(result)
    return table


def years_of(result: Result) -> float:
    """Return how many years a run covers."""
    calendar = result.scenario.base.time.calendar
    return float(calendar.n_cycles * calendar.months_per_cycle / 12)


def draw_flows(
    ax: Axes,
    result: Result,
    strategy: str,
    domain: str,
    lang: str,
    disclosure: Disclosure | Plan | None = None,
) -> Axes:
    """Draw the moves between states of a domain in a mean year, from left to right.

    Parameters
    ----------
    ax
        Axes to draw on.
    result
        What a run gave.
    strategy, domain
        What is drawn.
    lang
        ``"da"`` or ``"en"``.
    disclosure
        Small flows, and those that would give them away, are not drawn.
    """
    plan = plan_of(result, disclosure)
    flows = yearly_flows(result, strategy, domain)
    moves = flows[["from", "to"]].to_numpy()
    shown = np.array([not plan.flow(domain, str(a), str(b)) for a, b in moves], dtype=bool)
    flows = flows[(flows["persons"] > 0).to_numpy() & shown]
    order = [ARRIVAL, *result.scenario.base.domains[domain], *result.scenario.base.leave]
    bands, left, right = bands_between(
        [(str(a), str(b), float(p)) for a, b, p in flows.itertuples(index=False)], order
    )
    colour = {name: STATE_COLOURS[i % len(STATE_COLOURS)] for i, name in enumerate(order)}
    for band in bands:
        _ribbon(ax, band, colour[band.start])
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(max([high for ends in (left, right) for _, high in ends.values()] or [1.0]), 0)
    for ends, x, side in ((left, 0.0, "right"), (right, 1.0, "left")):
        for name, (low, high) in ends.items():
            ax.plot([x, x], [low, high], color=colour[name], linewidth=6, solid_capstyle="butt")
        labels = {
            name: f"{lines_of(flow_name(result, domain, name, lang), LABEL_CHARACTERS)} "
            f"{number(high - low, lang)}"
            for name, (low, high) in ends.items()
        }
        _label_side(ax, ends, labels, x, side)
    dress(
        ax,
        title=text("flows.title", lang, strategy=naming.strategy(result, strategy, lang)),
        subtitle=text("flows.subtitle", lang),
        footnote=footnote(result, lang),
    )
    ax.axis("off")
    return ax


def _label_side(ax: Axes, ends: Ends, labels: dict[str, str], x: float, side: str) -> None:
    """Write the names of the ends of ribbons on one side, apart, each tied to its end."""
    high = float(ax.get_ylim()[0])
    position = ax.get_position()
    figure = of_axes(ax)
    per_point = high / (position.height * figure.get_figheight() * 72)
    tie = (1 if side == "left" else -1) * TIE_INCHES / (position.width * figure.get_figwidth())
    room = [
        ((one.count("\n") + 1) * LINE_SPACING + 0.3) * TEXT_POINTS * per_point
        for one in labels.values()
    ]
    middles = [(low + top) / 2 for low, top in ends.values()]
    for written, at, place in zip(
        labels.values(), middles, spread(middles, room, 0.0, high), strict=True
    ):
        ax.plot(
            [x + 0.1 * tie, x + 0.35 * tie, x + 0.65 * tie, x + 0.85 * tie],
            [at, at, place, place],
            color=SOFT_INK,
            linewidth=0.8,
            clip_on=False,
        )
        ax.text(
            x + tie,
            float(place),
            written,
            ha=side,
            va="center",
            fontsize=TEXT_POINTS,
            color=INK,
            linespacing=LINE_SPACING,
            parse_math=False,
        )


def flow_name(result: Result, domain: str, name: str, lang: str) -> str:
    """Return what a reader calls an end of a flow: a state, arriving, or a way of leaving."""
    if name == ARRIVAL:
        return text("flows.arrival", lang)
    if name in result.scenario.base.domains[domain]:
        return naming.state(result, domain, name, lang)
    return way_out(name, lang)


def _ribbon(ax: Axes, band: Band, colour: str) -> None:
    x = np.linspace(0, 1, 40)
    ease = x * x * (3 - 2 * x)
    low = band.left[0] + (band.right[0] - band.left[0]) * ease
    high = band.left[1] + (band.right[1] - band.left[1]) * ease
    ax.fill_between(x, low, high, color=colour, alpha=0.45, linewidth=0)


def draw_programme(
    ax: Axes,
    result: Result,
    strategy: str,
    programme: str,
    lang: str,
    disclosure: Disclosure | Plan | None = None,
) -> Axes:
    """Draw a programme's places, the persons in it and those who wait, over time.

    Parameters
    ----------
    ax
        Axes to draw on; labels stand to the right of them.
    result
        What a run gave.
    strategy, programme
        What is drawn.
    lang
        ``"da"`` or ``"en"``.
    disclosure
        Years with small numbers of persons are not drawn: the line has a gap.
    """
    plan = plan_of(result, disclosure)
    rows = result.programmes
    rows = rows[(rows["strategy"] == strategy) & (rows["programme"] == programme)]
    dates = rows["date"].to_numpy(dtype="datetime64[D]")
    places = rows["places"].to_numpy(dtype=float)
    series = programme_series(rows)
    labels = []
    lines = [(kind, series[kind], strategy_look(look)) for kind, look in PROGRAMME_LINES]
    if np.isfinite(places).all() and places.any():
        lines.insert(0, ("places", places, (INK, (1.5, 1.5))))
    highest = 0.0
    for kind, values, (colour, dashes) in lines:
        style = "steps-post" if kind == "places" else "default"
        if kind != "places":
            away = [plan.programme(strategy, programme, kind, day[:4]) for day in rows["date"]]
            values = np.where(away, np.nan, values)
        ax.plot(dates, values, color=colour, linewidth=2, dashes=dashes, drawstyle=style)
        highest = max(highest, float(np.max(values, initial=0.0, where=np.isfinite(values))))
        name = text(f"programmes.{kind}", lang)
        last, seen = float(values[-1]), values[np.isfinite(values)]
        shown = number(last, lang, 0 if kind == "places" else 1) if np.isfinite(last) else ""
        if len(seen):
            written = f"{name} {shown}".rstrip()
            labels.append(EndLabel(text=written, at=float(seen[-1]), colour=colour))
    ax.set_ylim(0, max(highest, 1.0) * 1.1)
    time_axis(ax, str(dates[0]), naming.last_day(result))
    number_axis(ax, lang)
    name = naming.programme(result, programme, lang)
    dress(
        ax,
        title=text("programme.title", lang, programme=name),
        subtitle=text("programme.subtitle", lang, strategy=naming.strategy(result, strategy, lang)),
        footnote=footnote(result, lang),
    )
    label_ends(ax, labels)
    return ax


def draw_probability(ax: Axes, result: Result, target: str, lang: str) -> Axes:
    """Draw how likely the count is to meet each goal, for every strategy.

    Parameters
    ----------
    ax
        Axes to draw on; labels stand to the right of them.
    result
        What a run gave.
    target
        The name of a target that is counted.
    lang
        ``"da"`` or ``"en"``.
    """
    from som_sim.outcomes.measure import chances

    rows = result.targets[result.targets["target"] == target].to_dict("records")
    goal, better = float(rows[0]["goal"]), str(rows[0]["better"])
    means = [float(row["projected"]) for row in rows]
    low = max(0, int(min([*means, goal]) - 3 * np.sqrt(max(means)) - 1))
    high = int(max([*means, goal]) + 3 * np.sqrt(max(means)) + 2)
    goals = np.arange(low, high + 1)
    labels = []
    for position, row in enumerate(rows):
        colour, dashes = strategy_look(position)
        run = result.runs[str(row["strategy"])]
        seen = None if run.replicates is None else run.replicates.targets[target]
        wanted, projected = run.spec.targets[target], float(row["projected"])
        chance_at, _ = chances(run.spec, run.trajectory, wanted, projected, seen)
        by_goal = [100 * (chance_at(Decimal(one)) or 0.0) for one in goals.tolist()]
        ax.plot(goals, by_goal, color=colour, linewidth=2, dashes=dashes)
        at = 100 * float(row["probability"])
        ax.plot([goal], [at], "o", color=colour, markersize=7, zorder=4)
        name = lines_of(naming.strategy(result, str(row["strategy"]), lang), LABEL_CHARACTERS)
        chance = formats.percent(float(row["probability"]), lang)
        written = text("chance.label", lang, strategy=name, chance=chance)
        labels.append(EndLabel(text=written, at=at, colour=colour))
    ax.axvline(goal, color=INK, linewidth=1, linestyle=(0, (1.5, 2.5)))
    ax.set_ylim(0, 105)
    ax.set_xlim(low, high)
    number_axis(ax, lang)
    key = "chance.axis_lower" if better == "lower" else "chance.axis_higher"
    ax.set_xlabel(text(key, lang), fontsize=TEXT_POINTS, color=SOFT_INK)
    stated = formats.as_stated(goal, lang)
    dress(
        ax,
        title=text("chance.title", lang, label=str(rows[0][f"label_{lang}"])),
        subtitle=text("chance.subtitle", lang, goal=stated),
        footnote="\n" + footnote(result, lang),
    )
    label_ends(ax, labels)
    return ax
