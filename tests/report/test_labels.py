"""Labels at line ends: apart, in order, and no further from their lines than needed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from som_sim.report.labels import spread

ROUNDING = 1e-9
labels = st.lists(st.tuples(st.floats(0, 100), st.floats(0.5, 8)), min_size=1, max_size=10)


@given(labels)
def test_no_two_labels_overlap_and_order_is_kept(wishes: list[tuple[float, float]]) -> None:
    wanted, heights = (np.array(part) for part in zip(*wishes, strict=True))
    placed = spread(wanted, heights, 0, 100)
    order = np.argsort(wanted, kind="stable")
    gaps = np.diff(placed[order])
    assert np.all(gaps >= (heights[order][:-1] + heights[order][1:]) / 2 - ROUNDING)
    assert placed[order[0]] - heights[order[0]] / 2 >= -ROUNDING
    assert placed[order[-1]] + heights[order[-1]] / 2 <= 100 + ROUNDING


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([80, 10, 50], [4, 4, 4], 0, 100).tolist() == [80, 10, 50]


def test_labels_on_one_spot_share_the_shift() -> None:
    assert spread([50, 50, 50], [4, 4, 4], 0, 100).tolist() == [46, 50, 54]
    assert spread([], [], 0, 1).size == 0
