"""A day that is not used is no money until a block of places closes, against figures by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import som_sim as som
from random_scenarios import Data, as_text, result_of, small, with_money
from som_sim.core.errors import ScenarioError
from som_sim.outcomes.savings import closed_blocks

paths = st.lists(st.integers(-400, 400).map(lambda n: n / 10), min_size=1, max_size=24)


@given(paths, st.integers(1, 12), st.integers(0, 8))
def test_notice_only_takes_away(saved: list[float], block: int, notice: int) -> None:
    empty, ended = closed_blocks(np.array(saved), block, notice)
    assert (ended <= empty).all()
    assert (np.abs(empty * block) <= np.abs(saved) + 1e-6).all(), "never more than is saved"
    assert (np.abs(np.array(saved) - empty * block) < block).all(), "every whole block"
    assert (ended[np.array(saved) < 0] == empty[np.array(saved) < 0]).all()
    plain = [
        min(max(one, 0) for one in empty[cycle - notice : cycle + 1]) if cycle >= notice else 0
        for cycle in range(len(saved))
    ]
    assert np.array_equal(ended, np.where(empty < 0, empty, plain))


@given(st.lists(paths.filter(lambda one: len(one) >= 6), min_size=1, max_size=3))
def test_draws_are_counted_one_by_one(draws: list[list[float]]) -> None:
    saved = np.array([one[:6] for one in draws])
    whole = closed_blocks(saved, 4, 2)
    for position, one in enumerate(saved):
        alone = closed_blocks(one, 4, 2)
        assert all(np.array_equal(w[position], a) for w, a in zip(whole, alone, strict=True))


def test_a_block_that_floats_just_miss_is_whole() -> None:
    assert (0.7 + 0.1) * 10 < 8
    assert closed_blocks(np.array([(0.7 + 0.1) * 10]), 8)[0] == 1
    assert closed_blocks(np.array([-1e-12]), 3)[0] == 0, "no place more is needed for rounding"


# A whole case ---------------------------------------------------------------------------------


def case(steps: Data | None, persons: int = 9, **more: Any) -> Data:
    """Twenty people at a shelter; the strategy has `persons` fewer from April on, for good."""
    arrivals = [{"stratum": "adult", "housing": "shelter", "per_year": 0}]
    act = {
        "eligible": {"housing": "shelter"}, "places": {"2019-04": persons},
        "intake": {"share_of_waiting": 1},
    }  # fmt: skip
    night = {
        "amount": 100, "per": "person_month", "in": {"housing": "shelter", "programme": "none"},
        "price_year": 2019, "payers": {"kommune": 0.75, "region": 0.25}, "account": "shelter",
        **({"steps": steps} if steps else {}), **more,
    }  # fmt: skip
    data = small(
        population={"initial": [{"stratum": "adult", "housing": "shelter", "persons": 20}],
                    "arrivals": arrivals},
        transitions=[], programmes={"act": act},
        strategies={"reference": {}, "act": {"programmes": "act"}},
    )  # fmt: skip
    return with_money(data, {"night": night})


def saved(data: Data) -> dict[str, tuple[int, int, int]]:
    table = result_of(data).savings
    keys = ["gross_oere", "avoidable_oere", "cashable_oere"]
    return {payer: tuple(row) for payer, *row in table[["payer", *keys]].itertuples(index=False)}  # type: ignore[misc]


def test_nine_months_of_nine_people_in_blocks_of_four() -> None:
    """Gross 9 x 9 x 100 kr.; two blocks of four are empty for nine months, and after notice six."""
    assert saved(case({"block": 4, "notice": "3 months"})) == {
        "kommune": (607_500, 540_000, 360_000),
        "region": (202_500, 180_000, 120_000),
    }


def test_a_part_follows_each_day_at_once() -> None:
    """A fifth of the gross, and four fifths of the blocks."""
    found = saved(case({"block": 4, "notice": "3 months", "varies": 0.2}))
    assert found["kommune"] == (607_500, 121_500 + 432_000, 121_500 + 288_000)


def test_fewer_than_a_block_are_worth_nothing() -> None:
    assert saved(case({"block": 10}))["kommune"] == (607_500, 0, 0)


def test_without_steps_the_three_are_one() -> None:
    assert saved(case(None))["kommune"] == (607_500, 607_500, 607_500)


def test_more_use_opens_blocks_at_once() -> None:
    data = case({"block": 4, "notice": "3 months"})
    data["strategies"] = dict(reversed(data["strategies"].items()))
    assert saved(data)["kommune"] == (-607_500, -540_000, -540_000)


def test_the_gross_saving_is_the_net_that_is_booked() -> None:
    result = result_of(case({"block": 4}))
    for payer in ("kommune", "region"):
        gross = result.savings.query(f"payer == '{payer}'")["gross_oere"].sum()
        assert gross == result.net(payer, view="current").sum()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"steps": {"block": 0}}, "a block has some places; it is above 0"),
        ({"steps": {"block": 4, "varies": 1.2}}, "1.2 is not a share (0 to 1)"),
        ({"steps": {"notice": "3 months"}}, "'block' is missing"),
        ({"steps": {"block": 4}, "transfer_to": "borger"}, "they go with a cost per person_day"),
        ({"steps": {"block": 4}, "per": "entry"}, "they go with a cost per person_day"),
    ],
)
def test_steps_that_cannot_be_meant(more: Data, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        som.loads(as_text(case(**{"steps": None, **more})))
    assert message in str(caught.value)
