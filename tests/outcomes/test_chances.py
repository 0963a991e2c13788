"""Chances of many draws at once are those of each alone."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from som_sim.outcomes.chance import (
    chance_of_goal,
    chance_of_share,
    chances_of_goal,
    chances_of_share,
)


@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize("goal", ["-1", "0", "7", "7.5", "0.63", "1"])
def test_a_draw_has_its_own_chance(better: str, goal: str) -> None:
    means = np.array([0.1, 3.0, 7.0, 12.5])
    found = chances_of_goal(means, Decimal(goal), better)
    assert found.tolist() == [chance_of_goal(one, Decimal(goal), better) for one in means]
    shares = np.array([0.0, 0.3, 0.63, 1.0])
    found = chances_of_share(shares, 47, Decimal(goal), better)
    assert found.tolist() == [chance_of_share(one, 47, Decimal(goal), better) for one in shares]
