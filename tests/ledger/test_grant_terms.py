"""Grants on terms: shares, quarters, approvals, agreed numbers of people, tranches that may fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from random_scenarios import Data, as_text, result_of, small, with_money
from som_sim import loads
from som_sim.core.errors import ScenarioError

if TYPE_CHECKING:
    import som_sim as som

TEAM = {"amount": 1200, "per": "year", "price_year": 2019, "payers": {"kommune": 1},
        "account": "team", "programme": "act"}  # fmt: skip
ACT = {"eligible": {"housing": "shelter"}, "places": {"2019-01": 10},
       "intake": {"share_of_waiting": 1}}  # fmt: skip


def case(first: str = "2019-01", last: str = "2021-12", **terms: Any) -> Data:
    """A team of 1,200 kr. a year, and a grant of 900, 900 and 1,500 kr. on some terms."""
    data = small(
        time={"from": first, "to": last, "cycle": "month"},
        programmes={"act": ACT},
        strategies={"reference": {}, "act": {"programmes": "act", "grants": ["pool"]}},
    )
    tranches = {2019: 900, 2020: 900, 2021: 1500}
    pool = {"funder": "stat", "to": "kommune", "covers": ["team"], "tranches": tranches,
            "total": 3300, "unspent": "returned", **terms}  # fmt: skip
    return with_money(data, {"team": TEAM}, grants={"pool": pool})


def years(result: som.Result, *columns: str) -> list[tuple[int, ...]]:
    table = result.grants[[f"{name}_oere" for name in columns]]
    return [tuple(int(one) for one in row) for row in table.itertuples(index=False)]


def paid(result: som.Result, account: str = "grant_paid") -> dict[str, int]:
    """What the kommune got in each month in which it got something."""
    run = result.runs["act"]
    book, starts = run.books.ledger, run.trajectory.model.calendar.boundaries
    got: dict[str, int] = {}
    for cycle, item, payer, amount in zip(
        book.cycle, book.item, book.payer, book.amount, strict=True
    ):
        if book.items[item][0] == account and payer == 0:
            month = f"{starts[cycle]:%Y-%m}"
            got[month] = got.get(month, 0) - int(amount)
    return got


# Share and own financing ----------------------------------------------------------------------


def test_a_share_of_the_cost_leaves_the_rest_to_the_receiver() -> None:
    found = years(result_of(case(share=0.75)), "used", "own", "returned")
    assert found == [(90_000, 30_000, 0), (90_000, 30_000, 0), (90_000, 30_000, 60_000)]


def test_a_share_is_never_rounded_up() -> None:
    """A third of 1,200.01 kr. is 400.00333..; 120,001 øre x 0.3333 = 39,996.33."""
    data = case(share=0.3333)
    data["prices"]["team"] = {**TEAM, "amount": 1200.01}
    assert years(result_of(data), "used")[0] == (39_996,)


def test_another_grant_may_cover_the_rest_and_no_krone_of_it_twice() -> None:
    data = case(share=0.75)
    data["grants"]["fund"] = {**data["grants"]["pool"], "funder": "fond", "share": 1}
    data["strategies"]["act"]["grants"] = ["pool", "fund"]
    assert years(result_of(data), "used", "own") == [
        (90_000, 30_000), (90_000, 30_000), (90_000, 30_000), (30_000, 0), (30_000, 0), (30_000, 0),
    ]  # fmt: skip


# Payment --------------------------------------------------------------------------------------


def test_a_tranche_is_paid_in_quarters_that_add_to_it() -> None:
    data = case(paid="quarterly")
    data["grants"]["pool"] |= {"tranches": {2019: 900.01}, "total": 900.01}
    assert paid(result_of(data)) == {
        "2019-01": 22_501, "2019-04": 22_500, "2019-07": 22_500, "2019-10": 22_500,
    }  # fmt: skip


def test_quarters_before_the_project_are_left_out() -> None:
    data = case(paid="quarterly", **{"from": "2019-08"})
    data["grants"]["pool"] |= {"tranches": {2019: 900, 2020: 400}, "total": 1300}
    assert paid(result_of(data)) == {
        "2019-07": 45_000, "2019-10": 45_000,
        "2020-01": 10_000, "2020-04": 10_000, "2020-07": 10_000, "2020-10": 10_000,
    }  # fmt: skip


def test_quarters_outside_the_run_are_paid_at_its_ends() -> None:
    data = case(first="2019-03", last="2020-05", paid="quarterly")
    data["grants"]["pool"] |= {"tranches": {2019: 400, 2020: 400}, "total": 800}
    assert paid(result_of(data)) == {
        "2019-03": 10_000, "2019-04": 10_000, "2019-07": 10_000, "2019-10": 10_000,
        "2020-01": 10_000, "2020-04": 10_000, "2020-05": 20_000,
    }  # fmt: skip
    table = result_of(data).ledger.query("account == 'grant_paid' and payer == 'stat'")
    assert table["amount_oere"].tolist() == [40_000, 40_000]


def test_quarterly_payment_makes_the_kommune_wait_for_its_money() -> None:
    """By the end of each month: a hundred out; 900 in January, or 225 at each quarter's start."""
    at_once, in_parts = result_of(case()), result_of(case(paid="quarterly"))
    assert at_once.net("kommune", view="current").equals(in_parts.net("kommune", view="current"))
    peaks = [
        one.funding.query("payer == 'kommune'")[["peak_funding_oere", "peak_at"]].values.tolist()
        for one in (at_once, in_parts)
    ]
    # After 2019 and 2020 it is 600 short; in December 2021 1,500 came and 300 went back.
    assert peaks[0] == [[60_000, "2021-01-01"]]
    assert peaks[1] == [[60_000, "2021-01-01"]]
    march = [one.liquidity.query("payer == 'kommune' and start == '2019-03-01'") for one in
             (at_once, in_parts)]  # fmt: skip
    assert [int(one["cumulative_oere"].iloc[0]) for one in march] == [60_000, -7_500]


# Unspent money --------------------------------------------------------------------------------


def test_unspent_money_is_carried_only_out_of_years_that_are_approved() -> None:
    data = case(unspent="carried", approved=[2020])
    data["grants"]["pool"] |= {"tranches": {2019: 1500, 2020: 1500, 2021: 1500}, "total": 4500}
    assert years(result_of(data), "used", "returned", "carried_out") == [
        (120_000, 30_000, 0), (120_000, 0, 30_000), (120_000, 60_000, 0),
    ]  # fmt: skip


# Clawback -------------------------------------------------------------------------------------


def test_fewer_people_than_agreed_are_paid_back_for() -> None:
    """Ten start, 25 were agreed: of the 3,000 kr. used 15 / 25 go back, or half of that."""
    agreed = {"programme": "act", "at_least": 25}
    result = result_of(case(clawback=agreed))
    assert years(result, "used", "clawed_back")[-1] == (120_000, 180_000)
    assert paid(result, "grant_clawback") == {"2021-12": -180_000}
    assert result.ok
    assert result.grants["used_oere"].sum() == 300_000
    half = result_of(case(clawback={**agreed, "share": 0.5}))
    assert years(half, "clawed_back")[-1] == (90_000,)
    enough = result_of(case(clawback={**agreed, "at_least": 10}))
    assert years(enough, "clawed_back")[-1] == (0,)


# Tranches with conditions ---------------------------------------------------------------------


LAW = {2020: {"needs": "the Finance Act of 2020", "probability": 0.9},
       2021: {"needs": "the Finance Act of 2021", "probability": 0.8}}  # fmt: skip


def test_what_if_a_conditional_tranche_falls_away() -> None:
    result = result_of(case(conditions=LAW))
    table = result.funding.query("payer == 'kommune'").set_index("case")
    assert table["grants_oere"].to_dict() == {
        "as_awarded": 300_000,
        "without pool 2020": 210_000,
        "without pool 2021": 180_000,
        "no_conditional_tranche": 90_000,
        "expected": 90_000 + 81_000 + 96_000,
    }
    assert table["net_oere"].to_dict() == {
        name: got - 360_000 for name, got in table["grants_oere"].to_dict().items()
    }
    chances = table["probability"].round(6).to_dict()
    assert chances.pop("expected") != chances, "no number"
    assert chances == {"as_awarded": 0.72, "without pool 2020": 0.08, "without pool 2021": 0.18,
                       "no_conditional_tranche": 0.02}  # fmt: skip
    assert table["peak_funding_oere"].iloc[:4].tolist() == [60_000, 150_000, 180_000, 270_000]
    state = result.funding.query("payer == 'stat'")
    assert (state["grants_oere"].to_numpy() == -table["grants_oere"].to_numpy()).all()


def test_the_headline_takes_conditions_as_given() -> None:
    free, bound = result_of(case()), result_of(case(conditions=LAW))
    assert free.ledger.equals(bound.ledger)


def test_where_a_chance_is_unknown_nothing_is_expected() -> None:
    conditions = {2020: {"needs": "the Finance Act"}}
    table = result_of(case(conditions=conditions)).funding
    assert set(table["case"]) == {"as_awarded", "without pool 2020"}
    assert table["probability"].isna().all()


def test_a_later_grant_steps_in_where_a_tranche_falls_away() -> None:
    data = case(conditions={2020: LAW[2020]})
    data["grants"]["fund"] = {**case()["grants"]["pool"], "funder": "fond"}
    data["strategies"]["act"]["grants"] = ["pool", "fund"]
    table = result_of(data).funding.set_index(["payer", "case"])["grants_oere"]
    # The fund's 900 of 2020 pay the 300 that the pool leaves, or all 900 they can.
    assert table["fond", "as_awarded"] == -60_000
    assert table["fond", "without pool 2020"] == -30_000 - 90_000
    assert table["kommune", "without pool 2020"] == 360_000 - 30_000


# Refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"share": 0}, "share 0 is not a share above 0 and at most 1"),
        ({"share": 1.5}, "share 1.5 is not a share above 0"),
        ({"approved": [2019]}, "'approved' names years whose unspent money is carried"),
        ({"unspent": "carried", "approved": [2021]}, "approved: 2021 is not before the last"),
        ({"conditions": {2022: {"needs": "x"}}}, "conditions: 2022 has no tranche"),
        ({"conditions": {2020: {"needs": "x", "probability": 2}}}, "2 is not a probability (0 to"),
        ({"conditions": {2020: {"probability": 1}}}, "'needs' is missing"),
        ({"clawback": {"programme": "akt", "at_least": 3}}, "'akt' is no programme; did you mean"),
        ({"clawback": {"programme": "act", "at_least": 0}}, "at_least is a number of people above"),
        ({"from": "2019-08"}, "'from' is the first month of quarterly payment"),
        ({"paid": "quarterly", "from": "2020-01"}, "is not in the year of the first tranche, 2019"),
        ({"paid": "monthly"}, "'monthly' is not allowed"),
    ],
)
def test_terms_that_cannot_be_meant(terms: Data, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(as_text(case(**terms)))
    assert message in str(caught.value)


def test_too_many_conditions_to_go_through() -> None:
    data = case()
    all_ = {year: {"needs": "x"} for year in (2019, 2020, 2021)}
    data["grants"] = {f"pool_{n}": {**data["grants"]["pool"], "conditions": all_} for n in range(3)}
    data["strategies"]["act"]["grants"] = list(data["grants"])
    with pytest.raises(ScenarioError, match="more than 8 tranches have conditions"):
        loads(as_text(data))


@pytest.mark.parametrize("order", [["pool", "fund"], ["fund", "pool"]])
def test_shares_of_two_grants_are_of_the_whole_cost_in_any_order(order: list[str]) -> None:
    """0.6 and 0.4 of 1,200 kr. are 720 and 480: together all of it, whoever comes first."""
    data = case(share=0.6)
    data["grants"]["fund"] = {**data["grants"]["pool"], "funder": "fond", "share": 0.4}
    data["strategies"]["act"]["grants"] = order
    found = result_of(data).grants
    used = found[found["year"] == 2019].set_index("grant")[["used_oere", "own_oere"]]
    assert used["used_oere"].to_dict() == {"pool": 72_000, "fund": 48_000}
    assert used["own_oere"].iloc[-1] == 0
