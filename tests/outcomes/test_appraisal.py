"""What a case is worth, against figures by hand."""

from __future__ import annotations

from typing import Any

import pytest

from random_scenarios import Data, result_of, small, with_money


def price(amount: int, **more: Any) -> Data:
    return {"amount": amount, "per": "year", "price_year": 2019, "payers": {"kommune": 1},
            "account": "services", **more}  # fmt: skip


ACT = {"eligible": {"housing": "shelter"}, "places": {"2019-01": 10},
       "intake": {"share_of_waiting": 1}, "stay": {"mean": "2 years"}, "moves_on_to": "icm"}  # fmt: skip
ICM = {"eligible": {}, "places": 0, "intake": {"share_of_waiting": 0}}


def case(**prices: Data) -> Data:
    data = small(
        time={"from": "2019-01", "to": "2021-12", "cycle": "year"},
        programmes={"act": ACT, "icm": ICM},
        strategies={
            "reference": {},
            "act": {"programmes": ["act", "icm"], "overrides": {"prices.old.to": "2019-12"}},
        },
    )
    return with_money(data, prices, money={"index": "pl", "discount_rate": 0.1, "base_year": 2019})


OLD = price(121)
TEAM = price(200, account="team", programme="act", to="2019-12")


def row(data: Data, payer: str = "kommune") -> dict[str, Any]:
    table = result_of(data).economics
    return dict(table[table["payer"] == payer].iloc[0])


def test_an_investment_of_one_year_and_savings_of_two() -> None:
    found = row(case(old=OLD, team=TEAM))
    # Net: -200, 121, 121; discounted -200, 110, 100.
    assert found["net_present_value_oere"] == 1_000
    assert (found["benefits_oere"], found["costs_oere"]) == (21_000, 20_000)
    assert found["benefit_cost_ratio"] == pytest.approx(1.05, rel=1e-12)
    assert -200 + 121 / (1 + found["internal_rate_of_return"]) + 121 / (
        1 + found["internal_rate_of_return"]
    ) ** 2 == pytest.approx(0, abs=1e-9)
    assert found["payback_years"] == pytest.approx(1 + 79 / 121, rel=1e-12)


def test_participants_are_those_who_start_in_what_is_new() -> None:
    """Ten start at once; who moves on from act to icm leaves a place, and is no new participant."""
    result = result_of(case(old=OLD, team=TEAM))
    starts = result.programmes.query("strategy == 'act' and programme == 'act'")["enrolled"].sum()
    found = result.economics.iloc[0]
    assert found["participants"] == pytest.approx(starts, rel=1e-12) and starts > 10
    assert found["net_per_participant_oere"] == round(1_000 / starts)
    avoided = result.comparison["homeless_days_avoided"].iloc[1]
    assert avoided == pytest.approx(0, abs=1e-6), "the programme has no effect here"
    assert result.economics["net_per_homeless_day_avoided_oere"].isna().all()


def test_posts_that_move_within_an_account_are_neither_benefit_nor_cost() -> None:
    moved = price(121, programme="act", **{"from": "2020-01"})
    found = row(case(old=OLD, moved=moved, team=TEAM))
    assert (found["benefits_oere"], found["costs_oere"]) == (0, 20_000)
    assert found["benefit_cost_ratio"] == 0


def test_a_grant_lowers_the_cost_of_who_gets_it_and_saves_society_nothing() -> None:
    data = case(old=OLD, team=TEAM)
    data["grants"] = {"pool": {"funder": "stat", "to": "kommune", "covers": ["team"],
                               "tranches": {2019: 150}, "total": 150, "unspent": "returned"}}  # fmt: skip
    data["strategies"]["act"]["grants"] = "pool"
    assert (row(data)["benefits_oere"], row(data)["costs_oere"]) == (21_000, 5_000)
    assert row(data, "stat")["costs_oere"] == 15_000
    society = row(data, "society")
    assert (society["benefits_oere"], society["costs_oere"]) == (21_000, 20_000)
    assert society["net_present_value_oere"] == 1_000


def test_who_pays_nothing_has_no_ratio_and_no_rate() -> None:
    found = row(case(old=OLD, team=TEAM), "region")
    assert found["net_present_value_oere"] == 0
    for figure in ("benefit_cost_ratio", "internal_rate_of_return", "payback_years"):
        assert found[figure] != found[figure], "not a number"
