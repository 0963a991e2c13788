"""The switch and the threshold of small counts."""

from __future__ import annotations

import pytest

from som_sim.report.disclosure import Disclosure


@pytest.mark.parametrize(
    ("persons", "small"), [(0.0, False), (0.2, True), (4.99, True), (5, False)]
)
def test_the_threshold(persons: float, small: bool) -> None:
    assert Disclosure().small(persons) is small
    assert not Disclosure(hide=False).small(persons)
