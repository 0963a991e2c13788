"""The arrows of a diagram: curves between boxes, and room for the words at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Point = tuple[float, float]
Curve = tuple[Point, Point, Point]
"""Two ends, and between them the point that bends the curve."""
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
STEPS = 400
PLACES = tuple(0.14 + 0.02 * step for step in range(37))
"""Where along a curve words may stand."""
MIDDLE, ON_BOX, ON_CURVE, OFF_MIDDLE = 0.45, 50.0, 0.5, 0.6
"""Where words would like to stand, and what it costs to cover a box or word, a piece of another
curve, or to stand away from the middle."""


def curve_between(start: Point, end: Point, bend: float) -> Curve:
    """Return a curve that bends to its left by a part of its length."""
    (x0, y0), (x1, y1) = start, end
    return start, ((x0 + x1) / 2 + bend * (y1 - y0), (y0 + y1) / 2 - bend * (x1 - x0)), end


def point_on(curve: Curve, at: float) -> Point:
    """Return the point of a curve at a share of its way.

    Examples
    --------
    >>> point_on(((0.0, 0.0), (1.0, 1.0), (2.0, 0.0)), 0.5)
    (1.0, 0.5)
    """
    a, b, c = (1 - at) ** 2, 2 * at * (1 - at), at**2
    (x0, y0), (x1, y1), (x2, y2) = curve
    return a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2


def outside(curve: Curve, first_box: Box, last_box: Box) -> Curve:
    """Return the part of a curve that is outside the two boxes it joins."""
    steps = [number / STEPS for number in range(STEPS + 1)]
    free = [
        at
        for at in steps
        if not _inside(first_box, point_on(curve, at))
        and not _inside(last_box, point_on(curve, at))
    ]
    if not free:
        return curve
    first, last = free[0], free[-1]
    (x0, y0), (x1, y1), (x2, y2) = curve
    middle = (  # the blossom of the curve at both ends
        (1 - first) * (1 - last) * x0 + (first + last - 2 * first * last) * x1 + first * last * x2,
        (1 - first) * (1 - last) * y0 + (first + last - 2 * first * last) * y1 + first * last * y2,
    )
    return point_on(curve, first), middle, point_on(curve, last)


def places_of_words(
    curves: Sequence[Curve], sizes: Sequence[Point], taken: Sequence[Box]
) -> list[float]:
    """Return where along each curve its words stand, so that as few as can be are covered.

    The widest words choose first; each takes the cheapest place of those left.

    Parameters
    ----------
    curves
        The arrows.
    sizes
        Width and height of the words at each.
    taken
        Room that is taken before: states, and other words.

    Returns
    -------
    The share of each curve's way.

    Examples
    --------
    >>> line = ((0.0, 0.0), (5.0, 0.0), (10.0, 0.0))
    >>> (free,) = places_of_words([line], [(1.0, 1.0)], [])
    >>> (moved,) = places_of_words([line], [(1.0, 1.0)], [(3.0, -1.0, 6.0, 1.0)])
    >>> 0.4 < free < 0.5, abs(moved - free) > 0.15
    (True, True)
    """
    found = [MIDDLE] * len(curves)
    full = list(taken)
    drawn = [[point_on(one, at / 40) for at in range(41)] for one in curves]
    for number in sorted(range(len(curves)), key=lambda one: (-sizes[one][0], one)):
        others = [
            point for other, points in enumerate(drawn) if other != number for point in points
        ]
        costs: Mapping[float, float] = {
            at: _cost(around(point_on(curves[number], at), sizes[number]), at, full, others)
            for at in PLACES
        }
        found[number] = min(PLACES, key=lambda at, costs=costs: (costs[at], at))  # type: ignore[misc]
        full.append(around(point_on(curves[number], found[number]), sizes[number]))
    return found


def _cost(box: Box, at: float, full: Sequence[Box], others: Sequence[Point]) -> float:
    covered = sum(overlap(box, one) > 0 for one in full)
    crossed = sum(_inside(box, point) for point in others)
    return ON_BOX * covered + ON_CURVE * crossed + OFF_MIDDLE * abs(at - MIDDLE) * 10


def crossings(box: Box, curves: Sequence[Curve]) -> int:
    """Return how many pieces of curves run through a box."""
    return sum(_inside(box, point_on(one, at / 40)) for one in curves for at in range(41))


def around(middle: Point, size: Point) -> Box:
    """Return the box of a size round a point."""
    (x, y), (width, height) = middle, size
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def overlap(one: Box, other: Box) -> float:
    """Return the area that two boxes share.

    Examples
    --------
    >>> overlap((0, 0, 2, 2), (1, 1, 3, 3)), overlap((0, 0, 1, 1), (2, 0, 3, 1))
    (1, 0)
    """
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0) * max(high, 0)


def _inside(box: Box, point: Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
