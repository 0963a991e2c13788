"""Clocks: the time so far in a set of states, in bins.

A clock is told like a domain: its states are the bins between its edges, and for a clock that
starts anew on exit ``outside``. A condition names its time as ``under 30 days``,
``30 days to 120 days``, ``over 120 days`` or ``outside``; before anything else reads it, the time
is replaced by the bins it covers (`with_bins`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, model_validator

from som_sim.core.time import Duration, parse_duration
from som_sim.scenario.quantities import Span, Where, fail
from som_sim.scenario.records import Record, Text

OUTSIDE = "outside"
"""The state of a clock that does not run: nobody's time is counted."""
WINDOW_PHASES = 4
"""A personal window passes in so many phases in the cohort engine; its length varies by half."""
MOST_EDGES = 40
_TIME = re.compile(r"(under|over) (.+)|(.+) to (.+)")
NEW = re.compile(r"0(\.0+)? \w+")


class Clock(Record):
    """How long people have been in a set of states so far.

    `resets` says when the time starts anew: `on_exit`, when they leave the set; `window`, a stated
    time after they first entered it; `never`. Time counts only while they are in the set.
    """

    label: Text | None = None
    in_: Where = Field(alias="in")
    resets: Literal["on_exit", "window", "never"]
    window: Span | None = None
    edges: tuple[Span, ...] = Field(min_length=1, max_length=MOST_EDGES)

    @model_validator(mode="after")
    def _sound(self) -> Clock:
        if (self.resets == "window") != (self.window is not None):
            raise fail("'window', a time from the first entry, goes with 'resets: window'")
        for before, after in pairwise(self.edges):
            if before.days >= after.days:
                raise fail(f"the edges must grow; {after.text} stands after {before.text}")
        if self.window is not None and self.edges[-1].days >= self.window.days:
            raise fail(f"the edge {self.edges[-1].text} is never reached within {self.window.text}")
        return self

    @property
    def bins(self) -> tuple[str, ...]:
        """Names of the times between the edges."""
        return bin_names(self.edges)

    @property
    def states(self) -> tuple[str, ...]:
        """Names of what a person can be in; a window has each time once for each of its phases."""
        if self.resets == "never":
            return self.bins
        phases = WINDOW_PHASES if self.resets == "window" else 1
        return (OUTSIDE, *(name for name in self.bins for _ in range(phases)))

    def bin_of(self, days: float) -> int:
        """Return the position of the time that so many days are in."""
        return sum(edge.days <= days for edge in self.edges)


def bin_names(edges: Sequence[Duration]) -> tuple[str, ...]:
    """Return the names of the times between edges.

    Examples
    --------
    >>> bin_names([parse_duration("1 day"), parse_duration("30 days")])
    ('under 1 day', '1 day to 30 days', 'over 30 days')
    """
    between = (f"{before.text} to {after.text}" for before, after in pairwise(edges))
    return (f"under {edges[0].text}", *between, f"over {edges[-1].text}")


def parse_time_so_far(text: object) -> float:
    """Read a time so far such as ``45 days`` or ``0 days``: days.

    Raises
    ------
    ValueError
        With the sentence for the user.
    """
    if not isinstance(text, str):
        raise ValueError("write the time so far as a duration, such as '45 days' or '0 days'")
    return 0.0 if NEW.fullmatch(text.strip()) else parse_duration(text).days


def bins_between(edges: Sequence[Duration], text: str) -> tuple[str, ...] | None:
    """Return the bins that a time covers; None where it is no time between edges.

    Examples
    --------
    >>> bins_between([parse_duration("1 day"), parse_duration("30 days")], "under 30 days")
    ('under 1 day', '1 day to 30 days')
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    names = bin_names(edges)
    side, one, low, high = match.groups()
    try:
        if side == "under":
            last = _edge(edges, one)
            return None if last is None else names[: last + 1]
        first = _edge(edges, one if side else low)
        end = len(names) - 1 if side else _edge(edges, high)
    except ValueError:
        return None
    return None if first is None or end is None or first >= end else names[first + 1 : end + 1]


def _edge(edges: Sequence[Duration], text: str) -> int | None:
    days = parse_duration(text).days
    return next((number for number, edge in enumerate(edges) if edge.days == days), None)


def declared_edges(section: object) -> dict[str, tuple[Duration, ...]]:
    """Return the edges of every clock in the raw tree of a file; none of those that are unsound."""
    found = {}
    for name, clock in section.items() if isinstance(section, Mapping) else ():
        edges = clock.get("edges") if isinstance(clock, Mapping) else None
        if not isinstance(edges, list) or not all(isinstance(one, str) for one in edges):
            edges = []
        try:
            parsed = tuple(parse_duration(one) for one in edges)
        except ValueError:
            parsed = ()
        found[str(name)] = parsed
    return found


def declared_states(section: object) -> dict[str, tuple[str, ...]]:
    """Return what conditions can name of every clock in the raw tree of a file."""
    return {
        name: (OUTSIDE, *bin_names(edges)) if edges else ()
        for name, edges in declared_edges(section).items()
    }


def with_bins(tree: Any) -> Any:
    """Return the raw tree of a file with times in its conditions replaced by bins.

    What is no time of the clock stays as it is, for the checks to say.
    """
    if not isinstance(tree, dict) or not tree.get("clocks"):
        return tree
    clocks = {name: edges for name, edges in declared_edges(tree["clocks"]).items() if edges}
    return {key: one if key == "clocks" else _with_bins(one, clocks) for key, one in tree.items()}


def _with_bins(tree: Any, clocks: Mapping[str, Sequence[Duration]]) -> Any:
    if isinstance(tree, list):
        return [_with_bins(one, clocks) for one in tree]
    if not isinstance(tree, dict):
        return tree
    return {
        key: _times(clocks[key], one) if key in clocks else _with_bins(one, clocks)
        for key, one in tree.items()
    }


def _times(edges: Sequence[Duration], value: Any) -> Any:
    listed = value if isinstance(value, list) else [value]
    found = [
        name
        for one in listed
        for name in ((isinstance(one, str) and bins_between(edges, one)) or (one,))
    ]
    return value if found == listed else found
