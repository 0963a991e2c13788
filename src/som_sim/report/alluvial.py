"""Where the ribbons of a flow diagram begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Ends = dict[str, tuple[float, float]]

GAP = 0.04
"""Room between two ends, as a share of all that flows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One ribbon: from where to where, and its two ends as heights."""

    start: str
    end: str
    left: tuple[float, float]
    right: tuple[float, float]


def bands_between(
    flows: Sequence[tuple[str, str, float]], order: Sequence[str]
) -> tuple[list[Band], Ends, Ends]:
    """Return the ribbons, and the room of each name on the left and on the right.

    Parameters
    ----------
    flows : (from, to, size)
        Sizes above 0.
    order
        Names from the top down.

    Examples
    --------
    >>> bands, left, right = bands_between([("a", "b", 2.0), ("a", "c", 1.0)], ["a", "b", "c"])
    >>> left["a"], [band.end for band in bands]
    ((0.0, 3.0), ['b', 'c'])
    """
    whole = sum(size for _, _, size in flows)
    left = _ends([(start, size) for start, _, size in flows], order, GAP * whole)
    right = _ends([(end, size) for _, end, size in flows], order, GAP * whole)
    at_left = {name: low for name, (low, _) in left.items()}
    at_right = {name: low for name, (low, _) in right.items()}
    place = {name: position for position, name in enumerate(order)}
    bands = []
    for start, end, size in sorted(flows, key=lambda one: (place[one[0]], place[one[1]])):
        ends = (at_left[start], at_left[start] + size), (at_right[end], at_right[end] + size)
        bands.append(Band(start=start, end=end, left=ends[0], right=ends[1]))
        at_left[start] += size
        at_right[end] += size
    return bands, left, right


def _ends(sizes: Sequence[tuple[str, float]], order: Sequence[str], gap: float) -> Ends:
    ends: Ends = {}
    top = 0.0
    for name in order:
        size = sum(one for owner, one in sizes if owner == name)
        if size:
            ends[name] = (top, top + size)
            top += size + gap
    return ends
