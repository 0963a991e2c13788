"""Figures of people: where they are, how they move, who has a place, and how likely a count is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.core import formats
from som_sim.core.names import ARRIVAL
from som_sim.core.texts import text, way_out
from som_sim.report import naming
from som_sim.report.alluvial import Band, Ends, bands_between
from som_sim.report.axes import number, number_axis, time_axis
from som_sim.report.disclosure import Disclosure
from som_sim.report.figures import footnote
from som_sim.report.labels import spread
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
    disclosure: Disclosure | None = None,
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
        States that a table would leave out at some date are drawn together, as the others.
    """
    rule = disclosure or Disclosure()
    table = states_over_time(result, strategy, domain)
    hidden = hidden_at_some_time(table.to_numpy(dtype=float), rule)
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


def hidden_at_some_time(persons: NDArray[np.float64], rule: Disclosure) -> NDArray[np.bool_]:
    """Tell which states are left out of a table of persons at some date.

    A drawing can be measured, so these are only drawn together.

    Parameters
    ----------
    persons : (date, state)

    Returns
    -------
    (state,), bool
    """
    by_date = np.array([rule.mask(row[:, None])[:-1, 0] for row in persons])
    return np.asarray(by_date.any(axis=0))


def yearly_flows(result: Result, strategy: str, domain: str) -> pd.DataFrame:
    """Return moves in a domain over the whole run, a year on average: from, to, persons."""
    rows = result.flows
    rows = rows[(rows["strategy"] == strategy) & (rows["domain"] == domain)]
    years = result.scenario.base.time.calendar.n_cycles / _cycles_a_year(result)
    table = rows.groupby(["from", "to"], sort=False)["persons"].sum().reset_index()
    table["persons"] = table["persons"] / years
    return table


def _cycles_a_year(result: Result) -> float:
    return 12 / result.scenario.base.time.calendar.months_per_cycle


def draw_flows(
    ax: Axes,
    result: Result,
    strategy: str,
    domain: str,
    lang: str,
    disclosure: Disclosure | None = None,
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
        Small flows are not drawn.
    """
    rule = disclosure or Disclosure()
    flows = yearly_flows(result, strategy, domain)
    flows = flows[[value > 0 and not rule.small(value) for value in flows["persons"]]]
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
    disclosure: Disclosure | None = None,
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
        Small numbers of persons are not drawn: the line has a gap.
    """
    rule = disclosure or Disclosure()
    rows = result.programmes
    rows = rows[(rows["strategy"] == strategy) & (rows["programme"] == programme)]
    dates = rows["date"].to_numpy(dtype="datetime64[D]")
    places = rows["places"].to_numpy(dtype=float)
    inside = rows["persons_in"].to_numpy(dtype=float)
    waiting = np.maximum(rows["waiting"].to_numpy(float) - rows["enrolled"].to_numpy(float), 0)
    waiting = np.where(places > 0, waiting, 0.0)
    labels = []
    lines = [("in", inside, strategy_look(1)), ("waiting", waiting, strategy_look(2))]
    if np.isfinite(places).all() and places.any():
        lines.insert(0, ("places", places, (INK, (1.5, 1.5))))
    for kind, values, (colour, dashes) in lines:
        style = "steps-post" if kind == "places" else "default"
        if kind != "places":
            values = np.where([rule.small(float(one)) for one in values], np.nan, values)
        ax.plot(dates, values, color=colour, linewidth=2, dashes=dashes, drawstyle=style)
        name = text(f"programmes.{kind}", lang)
        last, seen = float(values[-1]), values[np.isfinite(values)]
        shown = number(last, lang, 0 if kind == "places" else 1) if np.isfinite(last) else ""
        if len(seen):
            written = f"{name} {shown}".rstrip()
            labels.append(EndLabel(text=written, at=float(seen[-1]), colour=colour))
    ax.set_ylim(0, max(float(max(v.max() for _, v, _ in lines)), 1.0) * 1.1)
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
