"""Suppression of linked figures, audited by a programme written anew."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.optimize import linprog

from som_sim.report.protect import Linked, Sum, exposed, intervals, protect

LIMIT = 5.0
COUNTS = arrays(
    float,
    array_shapes(min_dims=2, max_dims=2, max_side=5),
    elements=st.integers(0, 40).map(float),
)


def table(counts: np.ndarray) -> Linked:
    """A table with totals: an inner figure, a row's total, a column's total, all."""
    linked = Linked()
    n_rows, n_columns = counts.shape
    whole = np.zeros((n_rows + 1, n_columns + 1))
    whole[:-1, :-1] = counts
    whole[-1, :-1], whole[:-1, -1], whole[-1, -1] = counts.sum(0), counts.sum(1), counts.sum()
    for place in np.ndindex(whole.shape):
        linked.add(place, whole[place], place, LIMIT)
        linked.order[place] = int(place[0] == n_rows) + int(place[1] == n_columns)
    for row in range(n_rows + 1):
        linked.adds_up([(row, column) for column in range(n_columns)], (row, n_columns))
    for column in range(n_columns + 1):
        linked.adds_up([(row, column) for row in range(n_rows)], (n_rows, column))
    return linked


def bounds(linked: Linked, hidden: frozenset[object], key: object) -> tuple[float, float]:
    """Solve for one figure with every figure as an unknown, those shown fixed."""
    keys = list(linked.figures)
    rows = np.zeros((len(linked.sums), len(keys)))
    for row, one in enumerate(linked.sums):
        for name, weight in one.parts:
            rows[row, keys.index(name)] += weight
    limits = [
        (0, 1e4) if one.line in hidden else (one.value, one.value)
        for one in linked.figures.values()
    ]
    goal = np.zeros(len(keys))
    goal[keys.index(key)] = 1
    found = [
        linprog(sign * goal, A_eq=rows, b_eq=np.zeros(len(rows)), bounds=limits).x
        for sign in (1, -1)
    ]
    return tuple(float(one[keys.index(key)]) for one in found)  # type: ignore[return-value]


@settings(max_examples=25, deadline=None)
@given(COUNTS)
def test_no_small_figure_of_a_table_can_be_told(counts: np.ndarray) -> None:
    linked = table(counts)
    found = protect(linked)
    for key, one in linked.figures.items():
        if one.small and key not in found.exposed:
            assert one.line in found.hidden
            low, high = bounds(linked, found.hidden, key)
            assert high >= LIMIT - 1e-4 and high - low >= LIMIT - 1e-4
    for key in found.exposed:  # given up only where everything in reach is left out already
        assert not any(
            linked.figures[other].value > 0 and other not in found.hidden
            for one in linked.sums
            if key in [name for name, _ in one.parts]
            for other, _ in one.parts
        )


@settings(max_examples=15, deadline=None)
@given(COUNTS)
def test_nothing_is_left_out_for_nothing(counts: np.ndarray) -> None:
    linked = table(counts)
    found = protect(linked)
    if found.exposed:
        return
    primary = {one.line for one in linked.figures.values() if one.small}
    for line in found.hidden - primary:
        assert next(exposed(linked, found.hidden - {line}), None) is not None


def test_leaving_out_the_small_figures_alone_gives_them_away() -> None:
    linked = table(np.array([[3.0, 20.0], [30.0, 40.0]]))
    assert list(exposed(linked, {(0, 0)})) == [(0, 0)]
    assert intervals(linked, {(0, 0)}, [(0, 0)])[0, 0] == pytest.approx((3, 3), abs=1e-4)
    assert protect(linked).hidden == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_two_small_figures_that_only_cover_each_other_take_a_third() -> None:
    linked = table(np.array([[1.0, 2.0, 30.0, 40.0]]))
    hidden = protect(linked).hidden
    # 1 + 2 = 3 would follow from the total, and is itself under the threshold.
    assert (0, 2) in hidden and (0, 3) not in hidden


def test_tables_that_share_a_total_are_protected_together() -> None:
    linked = Linked()
    for name, value in {"a": 3.0, "b": 30.0, "c": 8.0, "d": 25.0, "total": 33.0}.items():
        linked.add(name, value, name, LIMIT)
    linked.order["total"] = 1
    linked.adds_up(["a", "b"], "total")
    linked.adds_up(["c", "d"], "total")
    found = protect(linked, frozenset({"total"}))
    assert found.hidden & {"b", "c"}  # the total follows from the other table


def test_what_is_known_within_bounds_is_used() -> None:
    linked = Linked()
    for name, value in {"a": 3.0, "b": 30.0}.items():
        linked.add(name, value, name, LIMIT)
    assert "b" not in protect(linked).hidden
    linked.sums.append(Sum(parts=(("a", 1.0), ("b", 1.0)), low=30.0, high=34.0))
    assert "b" in protect(linked).hidden


def test_lines_are_left_out_whole() -> None:
    linked = Linked()
    for month, (a, b) in product((1, 2), [(3.0, 30.0)]):
        a += 10 * (month == 2)
        for name, value in {"a": a, "b": b, "c": 50.0, "total": a + b + 50}.items():
            linked.add((name, month), value, name, LIMIT)
        linked.adds_up([(name, month) for name in "abc"], ("total", month))
    linked.order["total"] = 1
    assert protect(linked).hidden == {"a", "b"}


def test_a_figure_that_nothing_can_protect_is_named() -> None:
    linked = Linked()
    linked.add("a", 3.0, "a", LIMIT)
    linked.add("total", 3.0, "total", 0.0)
    linked.fixed.add("total")
    linked.adds_up(["a"], "total")
    assert protect(linked).exposed == {"a"}
