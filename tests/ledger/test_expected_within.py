"""The closed form of the share within a limit, against the engine on made-up persons."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from som_sim.knowledge.rules import PayerRule, payer_rules
from som_sim.ledger.expected_within import expected_share_within
from som_sim.ledger.settle import Stays, settle

PERSONS = 3000
YEAR = 365.0
"""The running year from 1 January 2030."""

FALSE_ALARM = 1e-6
START = float(dt.date(2030, 1, 1).toordinal())


def lives(stay: float, gap: float, seed: int) -> Stays:
    """Return the stays of people who begin in the service, for one running year."""
    rng = np.random.default_rng(seed)
    n = int(3 * YEAR / (stay + gap) + 30)
    lengths = np.stack(
        [rng.exponential(stay, (PERSONS, n)), rng.exponential(gap, (PERSONS, n))], axis=2
    ).reshape(PERSONS, -1)
    ends = np.cumsum(lengths, axis=1)
    start, end = (
        np.concatenate([np.zeros((PERSONS, 1)), ends[:, :-1]], axis=1)[:, ::2],
        ends[:, ::2],
    )
    end = np.minimum(end, YEAR)
    mine = end > start
    person = np.broadcast_to(np.arange(PERSONS)[:, None], start.shape)[mine]
    return Stays(
        person=person, start=START + start[mine], end=START + end[mine], cost=(end - start)[mine]
    )


@pytest.mark.parametrize(("stay", "gap"), [(60.0, 240.0), (25.0, 75.0), (200.0, 40.0)])
def test_it_is_what_the_engine_gives_on_average(stay: float, gap: float) -> None:
    rule: PayerRule = payer_rules()["dk_section_110"].as_of(dt.date(2024, 1, 1))
    stays = lives(stay, gap, seed=int(stay))
    done = settle(rule, stays)
    within = np.bincount(stays.person[done.stay], weights=done.within[120.0])
    days = np.bincount(stays.person[done.stay], weights=done.days)
    share = within.sum() / days.sum()
    # the standard error of a ratio of means, over persons
    error = np.std(within - share * days) / days.mean() / math.sqrt(PERSONS)
    bound = error * math.sqrt(2 * math.log(2 / FALSE_ALARM))
    assert abs(share - expected_share_within(120, stay, gap, YEAR)) < bound
    assert bound < 0.03, "the sample could tell a wrong engine"


def test_the_ends() -> None:
    assert expected_share_within(0, 60, 240) == 0
    assert expected_share_within(365.25, 60, 240) == pytest.approx(1)
    assert expected_share_within(120, 1, 1e4) == pytest.approx(1, abs=1e-6)
    assert expected_share_within(90, 1e9, 1) == pytest.approx(90 / 365.25, rel=1e-6)
    shares = [expected_share_within(limit, 60, 240) for limit in (30, 60, 90, 120, 200)]
    assert shares == sorted(shares)


@pytest.mark.parametrize("wrong", [(-1, 60, 240), (400, 60, 240), (120, 0, 240), (120, 60, -1)])
def test_what_is_no_year_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="within the year"):
        expected_share_within(*wrong)
