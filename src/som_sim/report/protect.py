"""Which figures of linked tables are left out, so that no small one can be worked out.

The figures of a case hang together: rows add to totals, a state's persons follow from its moves, a
target is a sum of states. Whoever reads them all can solve these equations. A reader who knows
every figure that is shown, and that no figure is below 0, can say of a figure that is left out that
it lies between two bounds, which two linear programmes find. A small figure is protected when the
upper bound reaches the threshold and the bounds are at least the threshold apart: nobody can then
say that it is small, nor how large it is.

Figures that are left out together (a state in all months of a year, in every table) form a line.
Lines with a small figure go first (primary suppression). As long as a small figure is unprotected,
the cheapest line that stands in an equation with it goes too (complementary suppression). At the
end each line that went for nothing comes back. tau-Argus and sdcTable audit their tables in the
same way.

References
----------
Fischetti, Salazar-González (2001), Solving the cell suppression problem on tabular data with linear
constraints. Management Science 47(7). https://doi.org/10.1287/mnsc.47.7.1008.9805
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Key = Hashable
Line = Hashable
Cost = tuple[int, float, str]
SLACK = 1e-6
"""How far a solver may miss a bound, in persons (or in the unit of the figures)."""
FAR = 1000.0
"""How far above all that is known a figure may be thought to lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that is published unless it is left out.

    Attributes
    ----------
    value
        What it is, 0 or more.
    line
        The figures with which it is left out.
    limit
        It is small when it is above 0 and under this; 0 for one that may be shown whatever it is.
    """

    value: float
    line: Line
    limit: float

    @property
    def small(self) -> bool:
        """Whether it may not be shown."""
        return 0 < self.value < self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a reader knows of figures: that a weighted sum of them lies between two numbers."""

    parts: tuple[tuple[Key, float], ...]
    low: float = 0.0
    high: float = 0.0


@dataclass(slots=True, kw_only=True)
class Linked:
    """Figures and the sums between them.

    Attributes
    ----------
    figures
        By key.
    sums
        What is known of them.
    order
        Of a line: lines with a higher number are left out only when no other helps.
    fixed
        Lines that are shown in any case.
    """

    figures: dict[Key, Figure] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    order: dict[Line, int] = field(default_factory=dict)
    fixed: set[Line] = field(default_factory=set)

    def add(self, key: Key, value: float, line: Line, limit: float) -> None:
        """Add a figure; one that is there already stays."""
        self.figures.setdefault(key, Figure(value=max(value, 0.0), line=line, limit=limit))

    def adds_up(self, parts: Iterable[Key], total: Key) -> None:
        """Say that some figures add to another."""
        self.sums.append(Sum(parts=(*((one, 1.0) for one in parts), (total, -1.0))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """What is left out, and the small figures that can be worked out all the same."""

    hidden: frozenset[Line]
    exposed: frozenset[Key] = frozenset()


def protect(linked: Linked, hidden: frozenset[Line] = frozenset()) -> Protection:
    """Return which lines are left out.

    Parameters
    ----------
    linked
        The figures and what a reader knows of them.
    hidden
        Lines that are left out in any case.

    Examples
    --------
    Of three parts and their total the small part goes, and the smallest of the others with it:

    >>> linked = Linked()
    >>> for name, value in {"a": 3.0, "b": 20.0, "c": 40.0, "total": 63.0}.items():
    ...     linked.add(name, value, name, 5.0)
    >>> linked.adds_up(["a", "b", "c"], "total")
    >>> linked.order["total"] = 1
    >>> sorted(protect(linked).hidden)
    ['a', 'b']
    """
    if not any(one.small for one in linked.figures.values()):
        return Protection(hidden=hidden)
    primary = {one.line for one in linked.figures.values() if one.small}
    costs = _costs(linked)
    gone: set[Line] = set(hidden) | primary
    lost: set[Key] = set()
    while True:
        open_one = next(exposed(linked, gone, lost), None)
        if open_one is None:
            break
        more = _cheapest(linked, costs, gone, open_one)
        if more is None:
            lost.add(open_one)
        else:
            gone.add(more)
    extra = [one for one in gone if one not in primary and one not in hidden]
    for line in sorted(extra, key=lambda one: costs[one], reverse=True):
        if next(exposed(linked, gone - {line}, lost), None) is None:
            gone.discard(line)
    return Protection(hidden=frozenset(gone), exposed=frozenset(lost))


def _costs(linked: Linked) -> dict[Line, Cost]:
    """Return what it costs to leave each line out: its order, then its largest figure."""
    largest: dict[Line, float] = {}
    for one in linked.figures.values():
        largest[one.line] = max(largest.get(one.line, 0.0), one.value)
    return {line: (linked.order.get(line, 0), most, str(line)) for line, most in largest.items()}


def _cheapest(linked: Linked, costs: Mapping[Line, Cost], gone: set[Line], key: Key) -> Line | None:
    """Return the cheapest shown line in an equation with a figure, through figures left out."""
    found: set[Line] = set()
    reached, todo = {key}, [key]
    while todo and not found:
        following: list[Key] = []
        for one in linked.sums:
            names = [name for name, _ in one.parts]
            if not reached.intersection(names):
                continue
            for name in names:
                figure = linked.figures[name]
                if figure.line not in gone:
                    if figure.value > 0 and figure.line not in linked.fixed:
                        found.add(figure.line)
                elif name not in reached:
                    reached.add(name)
                    following.append(name)
        todo = following
    return min(found, key=lambda one: costs[one], default=None)


def exposed(
    linked: Linked, hidden: Collection[Line], given_up: Collection[Key] = ()
) -> Iterator[Key]:
    """Yield the small figures that a reader of the others can tell to be small.

    The bounds of many figures are first sought in one programme, whose answer lies inside the true
    bounds; only figures that this does not clear are solved for one by one.

    Parameters
    ----------
    linked
        The figures and what is known of them.
    hidden
        The lines that are left out.
    given_up
        Figures that are not asked about.
    """
    asked = {key: one for key, one in linked.figures.items() if one.small and key not in given_up}
    yield from (key for key, one in asked.items() if one.line not in hidden)
    reader = _Reader(linked, hidden)
    top: dict[Key, float] = {}
    bottom: dict[Key, float] = {}
    for best, sign in ((top, -1.0), (bottom, 1.0)):
        left = [key for key, one in asked.items() if one.line in hidden and key in reader.column]
        while left:  # what one programme does not clear may be cleared by the next
            answer = reader.best([reader.column[key] for key in left], sign)
            best.update({key: float(answer[reader.column[key]]) for key in left})
            still = [key for key in left if not _clear(asked[key], best[key], sign)]
            left = still if len(still) < len(left) else []
    for key in bottom:
        limit = asked[key].limit - SLACK
        if top[key] < limit or top[key] - bottom[key] < limit:
            low, high = reader.bounds(key)
            if high < limit or high - low < limit:
                yield key


def _clear(figure: Figure, found: float, sign: float) -> bool:
    return found >= 2 * figure.limit if sign < 0 else found <= SLACK


def intervals(
    linked: Linked, hidden: Collection[Line], wanted: Iterable[Key]
) -> dict[Key, tuple[float, float]]:
    """Return between which bounds each wanted figure must lie for a reader of what is shown.

    Parameters
    ----------
    linked
        The figures and what is known of them.
    hidden
        The lines that are left out; every other figure is known to the reader.
    wanted
        Keys of figures.
    """
    reader = _Reader(linked, hidden)
    return {
        key: reader.bounds(key)
        if linked.figures[key].line in hidden
        else (linked.figures[key].value,) * 2
        for key in wanted
    }


class _Reader:
    """What somebody who knows the shown figures can say of the others: linear constraints."""

    def __init__(self, linked: Linked, hidden: Collection[Line]) -> None:
        from scipy.sparse import csr_array

        known = {key: one.value for key, one in linked.figures.items() if one.line not in hidden}
        self.column: dict[Key, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        weights: list[float] = []
        low: list[float] = []
        high: list[float] = []
        seen: set[tuple[tuple[tuple[Key, float], ...], float, float]] = set()
        for one in linked.sums:
            parts = tuple((key, weight) for key, weight in one.parts if key not in known)
            given = sum(weight * known[key] for key, weight in one.parts if key in known)
            line = parts, round(one.low - given, 9), round(one.high - given, 9)
            if not parts or line in seen:
                continue
            seen.add(line)
            for key, weight in parts:
                rows.append(len(low))
                columns.append(self.column.setdefault(key, len(self.column)))
                weights.append(weight)
            low.append(one.low - given)
            high.append(one.high - given)
        shape = len(low), len(self.column)
        self.matrix = csr_array((weights, (rows, columns)), shape=shape)
        self.low, self.high = np.array(low), np.array(high)
        self.most = sum(one.value for one in linked.figures.values()) + FAR

    def bounds(self, key: Key) -> tuple[float, float]:
        """Return the least and the most that a figure can be."""
        if key not in self.column:
            return 0.0, float("inf")
        column = self.column[key]
        return float(self.best([column], 1.0)[column]), float(self.best([column], -1.0)[column])

    def best(self, columns: list[int], sign: float) -> NDArray[np.float64]:
        """Return the figures at which the sum of some is least (sign 1) or largest (-1)."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        goal = np.zeros(len(self.column))
        goal[columns] = sign
        within = LinearConstraint(self.matrix, self.low - SLACK, self.high + SLACK)
        solved = milp(goal, bounds=Bounds(0.0, self.most), constraints=within)
        if solved.x is None:  # what is shown is the truth, so there is always an answer
            raise ArithmeticError(f"the audit of small counts found no answer: {solved.message}")
        answer: NDArray[np.float64] = solved.x
        return answer
