"""Small counts are left out, and nobody can work them out from the totals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from som_sim.report.disclosure import THRESHOLD, Disclosure, complemented, with_totals
from som_sim.report.figures_people import hidden_at_some_time

COUNTS = arrays(
    float,
    array_shapes(min_dims=2, max_dims=2, max_side=6),
    elements=st.integers(0, 40).map(float),
)


def recoverable(hidden: np.ndarray) -> bool:
    """Whether some row or column has lost exactly one figure."""
    return bool((hidden.sum(axis=0) == 1).any() or (hidden.sum(axis=1) == 1).any())


@settings(max_examples=60)
@given(COUNTS)
def test_every_small_count_is_hidden_and_none_follows_from_a_total(counts: np.ndarray) -> None:
    hidden = Disclosure().mask(counts)
    whole = with_totals(counts)
    assert hidden[(whole > 0) & (whole < THRESHOLD)].all()
    assert not recoverable(hidden)


def test_primary_suppression_alone_would_give_the_figure_away() -> None:
    whole = with_totals(np.array([[3.0, 20.0], [30.0, 40.0]]))
    small = (whole > 0) & (whole < THRESHOLD)
    assert recoverable(small)
    assert not recoverable(complemented(whole, small))


@settings(max_examples=30)
@given(COUNTS)
def test_one_switch_shows_everything(counts: np.ndarray) -> None:
    assert not Disclosure(hide=False).mask(counts).any()


def test_a_table_without_small_counts_loses_nothing() -> None:
    assert not Disclosure().mask(np.array([[5.0, 0.0], [12.5, 80.0]])).any()


@pytest.mark.parametrize(
    ("persons", "small"), [(0.0, False), (0.2, True), (4.99, True), (5, False)]
)
def test_the_threshold(persons: float, small: bool) -> None:
    assert Disclosure().small(persons) is small


def test_a_drawing_of_states_cannot_be_measured_for_a_small_count() -> None:
    persons = np.array([[34.0, 9.1, 1.6, 60.0], [33.0, 9.0, 6.0, 61.0], [30.0, 9.0, 6.5, 62.0]])
    hidden = hidden_at_some_time(persons, Disclosure())
    assert hidden.tolist() == [False, True, True, False]  # with the one that would give it away
    assert not hidden_at_some_time(persons, Disclosure(hide=False)).any()
    assert not hidden_at_some_time(persons[1:], Disclosure()).any()
