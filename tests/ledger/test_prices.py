"""What can be paid for, each against a figure by hand; what cannot, refused where it stands."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import som_sim as som
from random_scenarios import Data, as_text, result_of, small, with_money
from som_sim.core.errors import ScenarioError
from som_sim.engine.cohort import run_cohort
from som_sim.ledger.post import unit_prices
from som_sim.ledger.quantities import quantities
from som_sim.model.build import build_model
from som_sim.model.draws import draw_parameters
from som_sim.model.resolve import Resolver
from som_sim.scenario.exact import exact_kroner
from som_sim.scenario.quantities import parse_quantity

if TYPE_CHECKING:
    from conftest import Freeze

PLAIN = {"price_year": 2019, "payers": {"kommune": 1}, "account": "services"}


def price(amount: Any, per: str, **more: Any) -> Data:
    return {"amount": amount, "per": per, **PLAIN, **more}


def by_item(result: som.Result, strategy: str = "reference") -> dict[str, int]:
    table = result.ledger[result.ledger["strategy"] == strategy]
    return {str(key): int(sum_) for key, sum_ in table.groupby("item")["amount_oere"].sum().items()}


def told(data: Data) -> str:
    with pytest.raises(ScenarioError) as caught:
        som.loads(as_text(data), "f")
    return "\n".join(one.message for one in caught.value.problems)


# Moves and places -----------------------------------------------------------------------------


def test_a_price_per_move_is_paid_for_each_move_and_no_other() -> None:
    moves = {"from": {"housing": "shelter"}, "to": "home"}
    result = result_of(with_money(small(), {"helper": price(1000, "move", moves=moves)}))
    flows = result.flows.query("`from` == 'shelter' and to == 'home'")["persons"]
    assert by_item(result)["helper"] == pytest.approx(100_000 * flows.sum(), abs=12)
    assert result.ok


def test_a_move_out_of_the_model_is_paid_for_where_it_starts() -> None:
    data = small(leave=["dead"])
    data["transitions"].append({"from": {"housing": "home"}, "to": "dead", "rate_per_year": 1})
    moves = {"from": {"housing": "home"}, "to": "dead"}
    result = result_of(with_money(data, {"funeral": price(1000, "move", moves=moves)}))
    dead = result.flows.query("to == 'dead'")["persons"].sum()
    assert by_item(result)["funeral"] == pytest.approx(100_000 * dead, abs=12)


def test_places_of_a_state_are_paid_for_whether_used_or_not() -> None:
    data = small(domains={"housing": {"shelter": {"places": {"2019-01": 18, "2019-07": 12}},
                                      "home": None}})  # fmt: skip
    data["population"] = {"initial": [{"stratum": "adult", "housing": "home", "persons": 1}]}
    paid = {"house": price(1100, "place_day", **{"in": {"housing": "shelter"}})}
    days = 18 * 181 + 12 * 184
    assert by_item(result_of(with_money(data, paid))) == {"house": 110_000 * days}


def test_places_of_a_programme_and_places_of_their_own(freeze: Freeze) -> None:
    assert freeze(
        "flats: {amount: 6000, per: place_month, places: {2019-01: 4, 2019-03: 2}, "
        "price_year: 2019, payers: {kommune: 1}, account: flats}"
    ).billed("flats") == [2_400_000, 2_400_000, 1_200_000]
    act = {"eligible": {"housing": "shelter"}, "places": {"2019-04": 10}, "stay": {"mean": "1 year"},
           "intake": {"share_of_waiting": 0}}  # fmt: skip
    data = small(
        programmes={"act": act}, strategies={"reference": {}, "act": {"programmes": "act"}}
    )
    result = result_of(with_money(data, {"team": price(12000, "place_year", programme="act")}))
    assert by_item(result) == {}
    assert by_item(result, "act") == {"team": 12000 * 100 * 10 * 9 // 12}


# Staff ----------------------------------------------------------------------------------------


def test_posts_and_hours_change_over_time_and_carry_an_overhead(freeze: Freeze) -> None:
    frozen = freeze(
        "guides: {amount: 320, per: hour, hours: {posts: {2019-01: 1, 2019-02: 2}, "
        "per_month: {2019-01: 100, 2019-03: 150}, overhead: 0.25}, "
        "price_year: 2019, payers: {kommune: 1}, account: team}"
    )
    assert frozen.billed("guides") == [100 * 40_000, 200 * 40_000, 300 * 40_000]


def test_there_are_no_hours_before_the_first_month_of_the_posts(freeze: Freeze) -> None:
    frozen = freeze(
        "broker: {amount: 250, per: hour, hours: {posts: {2019-02: 1}, per_month: 30}, "
        "price_year: 2019, payers: {kommune: 1}, account: team}"
    )
    assert frozen.billed("broker") == [0, 750_000, 750_000]


# What is saved --------------------------------------------------------------------------------


def test_the_saved_cost_of_a_service_that_is_replaced_is_taken_off() -> None:
    home = {"in": {"housing": "home"}}
    paid = {
        "support": price(100, "person_day", **home),
        "not_needed": price(40, "person_day", replaces="support", **home),
    }
    found = by_item(result_of(with_money(small(), paid)))
    assert found["not_needed"] == pytest.approx(-0.4 * found["support"], abs=12)


def course(**sections: Any) -> Data:
    act = {"eligible": {}, "places": 10, "intake": {"share_of_waiting": 1}}
    return small(programmes={"act": act}, **sections)


def test_a_saving_of_a_service_that_the_strategy_does_not_pay_for_is_refused() -> None:
    """The service costs less than in the reference: that is the saving, once."""
    act = {"programmes": "act", "overrides": {"prices.support.to": "2019-03"}}
    data = with_money(
        course(strategies={"reference": {}, "act": act}),
        {
            "support": price(100, "month"),
            "saved": price(100, "month", replaces="support", programme="act"),
        },
    )
    words = told(data)
    assert words == (
        "'support' is not charged all the time that this is: that it costs less than in the "
        "reference is counted already, and would be counted twice (in strategy act)"
    )
    del data["strategies"]["act"]["overrides"]
    assert result_of(data).ok


# Refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kontanthjaelp", "benefit_adult", "income_tax"])
def test_a_transfer_is_no_cost_of_society(name: str) -> None:
    words = told(with_money(small(), {name: price(100, "month")}))
    assert "is money that changes hands; without 'transfer_to' less of it would count as a" in words
    given = {**price(100, "month"), "transfer_to": "borger"}
    result = result_of(with_money(small(), {name: given}))
    assert result.cost_by_year.query("payer == 'society'")["current_oere"].sum() == 0
    work = {name: price(100, "month", kind="cost")}
    assert result_of(with_money(small(), work)).ok


def test_the_same_price_twice_is_refused_unless_at_other_times() -> None:
    twice = {"one": price(100, "month"), "two": price(100, "month", label="another name")}
    assert told(with_money(small(), twice)) == (
        "the same as 'one' in all that is charged: it would be counted twice"
    )
    twice["one"]["to"], twice["two"]["from"] = "2019-06", "2019-07"
    assert by_item(result_of(with_money(small(), twice))) == {"one": 60_000, "two": 60_000}


def test_places_and_their_days_on_one_account_are_refused() -> None:
    domains = {"housing": {"shelter": {"places": 18}, "home": None}}
    shelter = {"in": {"housing": "shelter"}}
    paid = {
        "place": price(900, "place_day", **shelter),
        "night": price(200, "person_day", **shelter),
    }
    data = with_money(small(domains=domains), paid)
    assert "would be counted twice" in told(data)
    paid["night"]["account"] = "food"
    assert result_of(with_money(small(domains=domains), paid)).ok


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (price(1, "move"), "a price per move needs 'moves'"),
        (price(1, "day"), "'day' is not allowed"),
        (price(1, "month", moves={"from": {"housing": "home"}, "to": "shelter"}), "takes no 'moves'"),
        (price(1, "place_day"), "needs 'in' (a state that has places), 'programme' or 'places'"),
        (price(1, "place_day", places=1, **{"in": {"housing": "shelter"}}), "needs 'in' (a state"),
        (price(1, "place_day", **{"in": {"housing": "shelter"}}), "has no 'places'; say there how"),
        (price(1, "place_day", **{"in": {"stratum": "adult"}}), "'stratum' has no places; name a"),
        (price(1, "place_day", **{"in": {}}), "the places of one state are paid for"),
        (price(1, "month", places=3), "a price per month takes no 'places'"),
        (price(1, "move", moves={"from": {"housing": "home"}, "to": "palace"}), "'palace' is no st"),
        (price(1, "hour", hours={"posts": 1}), "write either per_week or per_month"),
        (price(1, "hour", hours={"posts": -1, "per_week": 1}), "-1 is not a count"),
        (price(1, "hour", hours={"posts": 1, "per_week": 1, "overhead": -1}), "is not a ratio"),
        (price(1, "month", replaces="it"), "a price cannot replace itself"),
        (price(1, "month", replaces="that"), "'that' is no price"),
        (price(1, "month", replaces="other", transfer_to="borger"), "what is saved is a cost"),
        (price(1, "month", replaces="aid"), "'aid' is a transfer: less of it saves society nothing"),
        (price(1, "month", kind="transfer"), "kind: transfer needs 'transfer_to'"),
        (price(1, "month", kind="cost", transfer_to="stat"), "kind: cost takes no 'transfer_to'"),
        (price("a_stay", "month"), "here stands an amount in kroner"),
        (price("fee - 2 * fee", "month"), "which is not an amount in kroner (0 to 40,000,000,000)"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_price(wrong: Data, message: str) -> None:
    parameters = {"a_stay": {"value": "3 days"}, "fee": {"value": 100, "unit": "kroner"}}
    others = {"other": price(7, "month"), "aid": price(8, "month", transfer_to="borger")}
    assert message in told(with_money(small(parameters=parameters), {"it": wrong, **others}))


def test_hours_step_where_cycles_begin() -> None:
    hours = {"posts": {"2019-02": 1}, "per_month": 1}
    data = small(time={"from": "2019-01", "to": "2019-12", "cycle": "quarter"})
    assert "2019-02 does not fit cycles of a quarter" in told(
        with_money(data, {"it": price(1, "hour", hours=hours)})
    )


# Amounts that come from parameters ------------------------------------------------------------


def test_an_expression_is_worked_out_to_the_last_digit() -> None:
    parameters = {"fee": {"value": Decimal("0.1"), "unit": "kroner"}, "n": {"value": 3}}
    data = with_money(
        small(parameters=parameters), {"it": price("n * fee + 10 * fee / 3", "month")}
    )
    scenario = som.loads(as_text(data))
    amount = scenario.base.prices["it"].amount
    assert exact_kroner(amount, scenario.base.parameters) == Fraction(3, 10) + Fraction(1, 3)
    assert by_item(som.run(scenario)) == {"it": round(12 * (30 + 100 / 3))}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("fee", 12), ("-fee + 20", 8), ("fee * 2 ** 3", 96), ("sqrt(fee * 12)", 12),
        ("max(fee, 20)", 20), ("min(fee, 20)", 12), ("1 if fee > 12 else 2", 2),
        ("1 if fee == 12 else 2", 1), ("fee if fee != 12 else 5", 5), ("fee / (6 days / 3 days)", 6),
        ("1 if fee <= 12 else 2", 1), ("1 if fee < 12 else 2", 2), ("1 if fee >= 13 else 2", 2),
        ("144 ** 0.5", 12), ("twice", 24), ("fee * 0.1 - 0.2", 1),
    ],
)  # fmt: skip
def test_exact_arithmetic(text: str, value: int) -> None:
    parameters = som.loads(
        as_text(small(parameters={"fee": {"value": 12}, "twice": {"value": "2 * fee"}}))
    ).base.parameters
    assert exact_kroner(parse_quantity("kroner", text), parameters) == value


def test_an_uncertain_price_is_drawn_and_the_base_case_is_its_value() -> None:
    day = {"value": 1100, "unit": "kroner", "distribution": {"gamma": {"sd": 100}}}
    data = with_money(
        small(parameters={"day": day}),
        {"night": price("day", "person_day", **{"in": {"housing": "shelter"}})},
    )
    scenario = som.loads(as_text(data))
    spec, one = scenario.base, scenario.base.prices["night"]
    values = draw_parameters(spec, 400, seed=1)
    resolver = Resolver(values=values, n_draws=400, first=0)
    prices = unit_prices(one, resolver)
    assert prices.mean() == pytest.approx(1100, abs=4 * 100 / 20)
    assert np.array_equal(prices, values["day"])
    trajectory = run_cohort(build_model(spec, "reference", values))
    bought = quantities(spec, trajectory, one, resolver)
    assert bought.shape == (400, 12, 1, 1)
    books = som.run(scenario).runs["reference"].books
    assert np.array_equal(bought[0], books.charges[0].quantity)
    assert books.charges[0].unit_price == 1100
