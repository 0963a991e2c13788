"""Cuts of the ledger and the user's own tree of accounts, against sums by hand."""

from __future__ import annotations

from typing import Any

import pytest

import som_sim as som
from random_scenarios import Data, as_text, result_of, small, with_money
from som_sim.core.errors import ScenarioError, SomSimError

CHART = {
    "social": {"label": {"da": "Socialområdet", "en": "Social services"}, "code": "V5"},
    "shelters": {"under": "social", "code": "5.38.42"},
    "hjoernestenen": {"under": "shelters"},
    "jobs": {},
}


def price(amount: int, account: str, **more: Any) -> Data:
    return {"amount": amount, "per": "month", "price_year": 2019, "payers": {"kommune": 1},
            "account": account, **more}  # fmt: skip


def case(**sections: Any) -> Data:
    prices = {
        "house": price(100, "hjoernestenen", udvalg="Socialudvalget", paragraph="SEL § 110"),
        "leader": price(10, "shelters", phase="startup", to="2019-02"),
        "broker": price(1, "jobs", payers={"kommune": 0.5, "stat": 0.5}),
    }
    return with_money(small(**sections), prices, accounts=CHART)


def found(result: som.Result, *by: str) -> dict[Any, int]:
    table = result.pivot(*by)
    return {
        key[0] if len(key) == 1 else key: amount
        for *key, amount in table[[*by, "amount_oere"]].itertuples(index=False)
        for key in [tuple(key)]
    }


def test_cuts_by_hand() -> None:
    result = result_of(case())
    assert found(result, "area") == {"jobs": 1200, "social": 122_000}
    assert found(result, "code") == {"": 1200, "5.38.42": 122_000}
    assert found(result, "quarter") == {
        "2019-Q1": 32_300, "2019-Q2": 30_300, "2019-Q3": 30_300, "2019-Q4": 30_300,
    }  # fmt: skip
    assert found(result, "month")["2019-02"] == 11_100
    assert found(result, "phase") == {"operation": 121_200, "startup": 2_000}
    assert found(result, "udvalg", "paragraph")["Socialudvalget", "SEL § 110"] == 120_000
    assert found(result, "payer", "account")["stat", "jobs"] == 600
    assert found(result) == {(): 123_200}


def test_each_account_has_its_own_and_all_below_it() -> None:
    table = result_of(case()).accounts.query("payer == 'kommune'").set_index("account")
    assert list(table.index) == ["jobs", "social", "shelters", "hjoernestenen"], "as a tree"
    assert table["own_oere"].to_dict() == {
        "jobs": 600, "social": 0, "shelters": 2_000, "hjoernestenen": 120_000,
    }  # fmt: skip
    assert table["total_oere"].to_dict() == {
        "jobs": 600, "social": 122_000, "shelters": 122_000, "hjoernestenen": 120_000,
    }  # fmt: skip
    assert table["depth"].to_list() == [0, 0, 1, 2]
    assert table["code"].to_list() == ["", "V5", "5.38.42", "5.38.42"]
    assert table["label_da"].to_list()[:2] == ["jobs", "Socialområdet"]


def test_net_is_reference_less_strategy() -> None:
    strategies = {"reference": {}, "act": {"overrides": {"prices.house.amount": 70}}}
    result = result_of(case(strategies=strategies))
    table = result.pivot("account", net=True).set_index("account")["amount_oere"]
    assert table.to_dict() == {"hjoernestenen": 36_000, "jobs": 0, "shelters": 0}


def test_what_cannot_be_cut_is_told() -> None:
    result = result_of(case(time={"from": "2019-01", "to": "2019-12", "cycle": "year"}) | {
        "prices": {"house": price(100, "jobs")}})  # fmt: skip
    with pytest.raises(SomSimError, match="cycles of a year cannot be shown by month"):
        result.pivot("month")
    with pytest.raises(SomSimError, match="'acount' is no dimension of the ledger; did you mean"):
        result.pivot("acount")
    with pytest.raises(SomSimError, match="'year' stands twice"):
        result.pivot("year", "payer", "year")
    assert found(result, "year") == {2019: 120_000}


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        ({**CHART, "jobs": {"under": "sociale"}}, "'sociale' is no account; did you mean 'social'"),
        ({**CHART, "social": {"under": "hjoernestenen"}}, "goes in a circle: 'social' would be"),
        ({**CHART, "jobs": {"under": "jobs"}}, "goes in a circle: 'jobs' would be under itself"),
        ({name: CHART[name] for name in ("social", "jobs")}, "'shelters' is no account; allowed"),
    ],
)
def test_a_chart_that_does_not_hang_together(chart: Data, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        som.loads(as_text({**case(), "accounts": chart}))
    assert message in str(caught.value)


def test_accounts_of_grants_are_kept_for_grants_and_can_stand_in_the_chart() -> None:
    data = case()
    data["prices"]["broker"]["account"] = "grant_paid"
    with pytest.raises(ScenarioError, match="'grant_paid' is kept for grants"):
        som.loads(as_text(data))
    data = case()
    data["accounts"] = {**CHART, "income": {}, "grant_paid": {"under": "income"}}
    data["grants"] = {"pool": {"funder": "stat", "to": "kommune", "covers": "house",
                               "tranches": {2019: 50}, "total": 50, "unspent": "returned"}}  # fmt: skip
    data["strategies"] = {"reference": {"grants": "pool"}}
    table = result_of(data).accounts.query("payer == 'kommune'").set_index("account")
    assert table["total_oere"]["income"] == -5_000
