"""The two figures of a case: the count against its target, and who gains and who pays.

Each `draw_...` function takes a result and axes, draws, and returns the axes, so that a notebook
can place it in a figure of its own. Each `..._figure` function makes the whole figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from som_sim.core import formats
from som_sim.core.names import PUBLIC
from som_sim.core.texts import one_line, payer_name, text
from som_sim.report import naming
from som_sim.report.axes import number, number_axis, signed, time_axis, year_axis
from som_sim.report.figures_draws import draw_fan, fan_of
from som_sim.report.money import net_table
from som_sim.report.style import (
    INK,
    LABEL_CHARACTERS,
    PAYER_COLOURS,
    SOFT_INK,
    TEXT_POINTS,
    EndLabel,
    dress,
    house_style,
    label_ends,
    lines_of,
    new_axes,
    strategy_look,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from som_sim.result import Result

BAND = (0.1, 0.9)
HEADROOM = 1.12
MILLION_OERE = 100_000_000
THOUSAND_OERE = 100_000


def poisson_quantile(share: float, expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the smallest count that a Poisson number does not exceed with this probability.

    Parameters
    ----------
    share
        The probability, between 0 and 1.
    expected : (...,)
        The expected count.

    Examples
    --------
    >>> poisson_quantile(0.1, np.array([86.0, 0.0])).tolist()
    [74.0, 0.0]
    """
    from scipy.special import pdtr, pdtrik

    found = np.ceil(np.where(expected > 0, pdtrik(share, np.maximum(expected, 1e-12)), 0.0))
    one_less = np.maximum(found - 1, 0.0)
    enough = pdtr(one_less, expected) >= share
    quantile: NDArray[np.float64] = np.where(enough, one_less, found)
    return quantile


def target_figure(result: Result, target: str, lang: str) -> Figure:
    """Return the whole figure of `draw_target`."""
    with house_style():
        return _figure_of(draw_target(new_axes(), result, target, lang))


def cumulative_net_figure(result: Result, strategy: str, lang: str) -> Figure:
    """Return the whole figure of `draw_cumulative_net`."""
    with house_style():
        return _figure_of(draw_cumulative_net(new_axes(), result, strategy, lang))


def _figure_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def footnote(result: Result, lang: str) -> str:
    """Return the line below a figure: what makes it again."""
    return text(
        "figure.origin",
        lang,
        title=naming.title(result, lang),
        digest=naming.digest(result),
        version=result.version,
    )


def drawn_targets(result: Result) -> tuple[str, ...]:
    """Return the targets that have a path to draw: those counted at a date."""
    return tuple(
        name
        for name, target in result.scenario.base.targets.items()
        if target.indicator.persons_in is not None
    )


def target_words(result: Result, target: str, lang: str) -> str:
    """Say in one sentence what the figure of a target shows."""
    rows = result.targets[result.targets["target"] == target]
    expected = "; ".join(
        f"{naming.strategy(result, row['strategy'], lang)} {number(row['projected'], lang, 1)}"
        for row in rows.to_dict("records")
    )
    first = rows.iloc[0]
    return text(
        "target.alt",
        lang,
        label=one_line(str(first[f"label_{lang}"])),
        when=str(first["at"])[:4],
        expected=expected,
        goal=formats.as_stated(first["goal"], lang),
    )


def draw_target(ax: Axes, result: Result, target: str, lang: str) -> Axes:
    """Draw the expected count of each strategy with the goal and what was counted.

    Parameters
    ----------
    ax
        Axes to draw on; labels stand to the right of them.
    result
        What a run gave.
    target
        The name of a target that is counted at a date.
    lang
        ``"da"`` or ``"en"``.

    Notes
    -----
    The band holds 8 of 10 counts around the first strategy after the reference when the number
    counted is Poisson, so that a reader sees what chance alone does to one count. Each line passes
    through its value at the target's own date, which need not be the start of a cycle.
    """
    import pandas as pd

    targets = result.targets
    rows = {row["strategy"]: row for row in targets[targets["target"] == target].to_dict("records")}
    first = rows[result.strategies[0]]
    goal, when = float(first["goal"]), str(first["at"])[:10]
    paths = result.indicator_paths
    paths = paths[paths["target"] == target]
    start, end = str(paths["date"].min()), naming.last_day(result)
    followed = (naming.followed(result) or result.strategies)[0]
    labels: list[EndLabel] = []
    highest, fanned = goal, bool(fan_of(result, followed, target))
    for position, strategy in enumerate(result.strategies):
        projected = float(rows[strategy]["projected"])
        path = paths[paths["strategy"] == strategy].set_index("date")["persons"]
        path = pd.concat([path.drop(when, errors="ignore"), pd.Series({when: projected})])
        path = path.sort_index()
        dates = path.index.to_numpy(dtype="datetime64[D]")
        tie = np.array([dates[-1], np.datetime64(end)])  # from the last value to its label
        expected = path.to_numpy(dtype=float)
        colour, dashes = strategy_look(position)
        name = lines_of(naming.strategy(result, strategy, lang), LABEL_CHARACTERS)
        if strategy == followed:
            fan = fan_of(result, strategy, target)
            if fan:
                highest = max(highest, draw_fan(ax, fan, colour))
                low, high = (np.array([point.counted[at] for point in fan]) for at in (0, -1))
                there = [point.date for point in fan].index(when)
                reach = np.array([_day(when)[0], np.datetime64(end)])
                ax.plot(reach, [low[there]] * 2, color=colour, linewidth=0.8, zorder=2)
            else:
                low, high = (poisson_quantile(share, expected) for share in BAND)
                ax.fill_between(
                    dates, low, high, step="post", color=colour, alpha=0.13, linewidth=0
                )
                ax.plot(tie, [low[-1]] * 2, color=colour, linewidth=0.8, zorder=2)
                there = path.index.get_loc(when)
            band = text(
                "draws.fan" if fan else "target.band",
                lang,
                strategy=lines_of(name, LABEL_CHARACTERS, 1),
                low=number(low[there], lang),
                high=number(high[there], lang),
                when=when[:4],
            )
            labels.append(EndLabel(text=band, at=float(low[there if fan else -1]), colour=colour))
            highest = max(highest, float(high.max()))
        ax.plot(dates, expected, color=colour, linewidth=2.0, dashes=dashes, zorder=3)
        ax.plot(tie, [expected[-1]] * 2, color=colour, linewidth=0.8, zorder=2)
        ax.plot(_day(when), [projected], "o", color=colour, markersize=6, zorder=4)
        value = text("target.value", lang, value=number(projected, lang, 1), when=when[:4])
        labels.append(EndLabel(text=f"{name}\n{value}", at=float(expected[-1]), colour=colour))
        highest = max(highest, float(expected.max()))
    ax.axhline(goal, color=INK, linewidth=1.0, linestyle=(0, (1.5, 2.5)))
    ax.plot(_day(when), [goal], "D", color=INK, markersize=7, zorder=5)
    goal_text = text("target.goal_line", lang, goal=formats.as_stated(goal, lang), when=when[:4])
    labels.append(EndLabel(text=goal_text, at=goal, colour=INK))
    highest = max(highest, _observed(ax, result, target, lang))

    ax.set_ylim(0, highest * HEADROOM)
    time_axis(ax, start, end)
    number_axis(ax, lang)
    days = float(first["over_days"])
    window = (
        text("target.window_days", lang, days=number(days, lang))
        if days > 1
        else text("target.window_moment", lang)
    )
    dress(
        ax,
        title=str(first[f"label_{lang}"]),
        subtitle=text("target.subtitle", lang, window=window),
        footnote=(text("draws.fan_note", lang) + "\n" if fanned else "") + footnote(result, lang),
    )
    label_ends(ax, labels)
    return ax


def _day(date: str) -> NDArray[np.datetime64]:
    return np.array([date[:10]], dtype="datetime64[D]")


def _observed(ax: Axes, result: Result, target: str, lang: str) -> float:
    """Draw what was counted, each dot with its value; return the highest."""
    seen = result.observations
    seen = seen[seen["target"] == target].drop_duplicates(["at", "value"]).sort_values("at")
    for row in seen.to_dict("records"):
        day, value = _day(str(row["at"])), float(row["value"])
        ax.plot(day, [value], "o", color=INK, markersize=7, zorder=6, clip_on=False)
        ax.annotate(
            text("target.observed", lang, value=formats.as_stated(value, lang)),
            (day[0], value),
            xytext=(0, 8),
            textcoords="offset points",
            ha="left",
            va="bottom",
            fontsize=TEXT_POINTS,
            color=INK,
            annotation_clip=False,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1},
            zorder=6,
        )
    return float(seen["value"].max()) if len(seen) else 0.0


def _net_paths(result: Result, strategy: str) -> pd.DataFrame:
    """Return the cumulative net in constant prices, in øre, of payers and of the public.

    The public is left out where one payer is all of it: two lines would lie on each other.
    """
    table = net_table(result, strategy, "constant")
    twice = "public" in table and any(
        bool((table[payer] == table["public"]).all()) for payer in table if payer in PUBLIC
    )
    hidden = ["society", "public"] if twice else ["society"]
    return table.drop(columns=hidden, errors="ignore").cumsum()


def money_unit(table: pd.DataFrame) -> tuple[str, int, int]:
    """Return the unit's key, its øre, and the decimals that labels show."""
    largest = int(table.abs().to_numpy().max()) if table.size else 0
    if largest >= MILLION_OERE:
        return "net.unit.million", MILLION_OERE, 1 if largest >= 10 * MILLION_OERE else 2
    return "net.unit.thousand", THOUSAND_OERE, 0


def net_words(result: Result, strategy: str, lang: str) -> str:
    """Say in one sentence what the figure of the cumulative net shows."""
    table = _net_paths(result, strategy)
    unit, oere, decimals = money_unit(table)
    values = "; ".join(
        f"{payer_name(str(payer), lang)} "
        f"{signed(int(table[payer].iloc[-1]) / oere, lang, decimals)} {text(unit, lang)}"
        for payer in table
    )
    last = table.index[-1] if len(table) else ""
    written = text("net.alt", lang, last=last, values=values)
    return written[:-1] if written.endswith("..") else written  # a unit may end in a full stop


def draw_cumulative_net(ax: Axes, result: Result, strategy: str, lang: str) -> Axes:
    """Draw the cumulative net of each payer by year in constant prices, with its break-even.

    Parameters
    ----------
    ax
        Axes to draw on; labels stand to the right of them.
    result
        What a run gave.
    strategy
        The strategy that is compared with the reference.
    lang
        ``"da"`` or ``"en"``.
    """
    table = _net_paths(result, strategy)
    unit, oere, decimals = money_unit(table)
    years = table.index.to_numpy(dtype=int)
    labels: list[EndLabel] = []
    ax.axhline(0, color=INK, linewidth=1.0)
    broke_even = False
    for payer in table:
        colour = PAYER_COLOURS.get(str(payer), SOFT_INK)
        heights = table[payer].to_numpy(dtype=float) / oere
        ax.plot(
            years,
            heights,
            color=colour,
            linewidth=3.0 if payer == "public" else 2.0,
            marker="o",
            markersize=4,
            clip_on=False,
            zorder=3,
        )
        lines = [payer_name(str(payer), lang) + " " + signed(heights[-1], lang, decimals)]
        year = result.break_even(str(payer), strategy)
        if year is not None and (table[payer] < 0).any():
            broke_even = True
            lines.append("○ " + text("net.break_even", lang, year=year))
            ax.plot(
                [year],
                [table[payer].loc[year] / oere],
                "o",
                markerfacecolor="white",
                markeredgecolor=colour,
                markeredgewidth=2.0,
                markersize=10,
                clip_on=False,
                zorder=4,
            )
        labels.append(EndLabel(text="\n".join(lines), at=float(heights[-1]), colour=colour))
    year_axis(ax, years)
    ax.margins(y=0.08)
    number_axis(ax, lang)
    source = footnote(result, lang)
    if not broke_even and bool((table < 0).to_numpy().any()):
        source = text("net.no_break_even", lang, last=years[-1]) + "\n" + source
    dress(
        ax,
        title=text("net.title", lang, strategy=naming.strategy(result, strategy, lang)),
        subtitle=text(
            "net.subtitle",
            lang,
            first=years[0] if len(years) else "",
            unit=text(unit, lang),
            price_year=naming.price_year(result),
            reference=naming.strategy(result, result.strategies[0], lang),
        ),
        footnote=source,
    )
    label_ends(ax, labels)
    return ax
