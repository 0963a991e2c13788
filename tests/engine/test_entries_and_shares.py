"""Entries and shares of moves against the flows they are made of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from random_scenarios import Data, result_of, small, time, with_money
from som_sim.result import Result

EXACT = 1e-12
"""Relative: sums of the same flows in another order."""
DURING = {"from": "2019-02", "to": "2019-03"}
MONTHS = ("2019-02-01", "2019-03-01")
FOR_EVER = "1000000000000000 years"
DOMAINS: Data = {
    "housing": {"street": {"homeless": True}, "shelter": {"homeless": True}, "home": None},
    "activity": {"benefits": None, "work": None},
}
GROUPS = [("street", "benefits", 26), ("shelter", "work", 60), ("home", "benefits", 30)]
DATA = small(
    time=time("2019-01", "2019-04"),
    domains=DOMAINS,
    leave=["dead"],
    population={
        "initial": [
            {"stratum": "adult", "housing": state, "activity": does, "persons": number}
            for state, does, number in GROUPS
        ],
        "arrivals": [
            {"stratum": "adult", "housing": "shelter", "activity": "benefits", "per_year": 60}
        ],
    },
    transitions=[
        {"from": {"housing": "street"}, "to": "shelter", "rate_per_year": 9},
        {"from": {"housing": "shelter"}, "to": "street", "rate_per_year": 2},
        {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 3},
        {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 1},
        {"from": {"housing": ["street", "shelter"]}, "to": "dead", "rate_per_year": 1},
        {"from": {"activity": "benefits"}, "to": "work", "rate_per_year": 5},
        {"from": {"activity": "work"}, "to": "dead", "rate_per_year": Decimal("0.5")},
    ],
)


def measured(indicator: Data, **sections: Any) -> tuple[float, Result]:
    target = {"indicator": indicator, "during": DURING, "goal": 1, "better": "lower"}
    result = result_of({**DATA, **sections, "targets": {"it": target}})
    (projected,) = result.targets["projected"]
    return projected, result


def flows(result: Result, **where: Any) -> float:
    """Sum the table of flows over the window."""
    table = result.flows
    table = table[table["start"].isin(MONTHS)]
    for key, names in where.items():
        table = table[table[key.rstrip("_")].isin([names] if isinstance(names, str) else names)]
    return float(table["persons"].sum())


def test_entries_are_moves_from_outside_and_arrivals() -> None:
    found, result = measured({"entries_to": {"housing": "shelter"}})
    expected = flows(result, domain="housing", to="shelter")
    assert flows(result, domain="housing", to="shelter", from_="arrival") > 0
    assert found == pytest.approx(expected, rel=EXACT)


def test_moves_within_the_states_are_no_entries() -> None:
    found, result = measured({"entries_to": {"homeless": True}})
    moved = flows(result, domain="housing", from_="home", to=["street", "shelter"])
    came = flows(result, domain="housing", from_="arrival")
    assert found == pytest.approx(moved + came, rel=EXACT)


def test_entries_by_two_domains_take_moves_of_either() -> None:
    """Into (shelter, work): from another housing while in work, or into work while in a shelter."""
    found, result = measured({"entries_to": {"housing": "shelter", "activity": "work"}})
    days = result.person_time.set_index(["start", "housing", "activity"])["person_days"]
    expected = sum(
        (9 * days[m, "street", "work"] + 1 * days[m, "home", "work"]
         + 5 * days[m, "shelter", "benefits"]) / 365.25
        for m in MONTHS
    )  # fmt: skip
    assert found == pytest.approx(expected, rel=EXACT)


ACT: Data = {
    "eligible": {"housing": "shelter"},
    "places": {"2019-02": 9, "2019-03": 14, "2019-04": 90},
    "intake": {"share_of_waiting": 1},
    "stay": {"mean": FOR_EVER},
}


def test_enrolment_is_an_entry_to_the_programme() -> None:
    """9 are enrolled in February, and in March as many as make up for those who died, and 5."""
    sections = {"programmes": {"act": ACT}, "strategies": {"reference": {"programmes": "act"}}}
    found, result = measured({"entries_to": {"programme": "act"}}, **sections)
    enrolled = flows(result, domain="programme", from_="none", to="act")
    assert found == pytest.approx(enrolled, rel=EXACT)
    died = result.flows.query("start == '2019-02-01' and programme == 'act' and to == 'dead'")
    assert found == pytest.approx(14 + died["persons"].sum(), rel=EXACT)

    out_of, result = measured({"entries_to": {"programme": "act", "housing": "home"}}, **sections)
    assert out_of == pytest.approx(
        flows(result, domain="housing", programme="act", to="home"), rel=EXACT
    )

    within, _ = measured({"entries_to": {"housing": "shelter"}}, **sections)
    without, _ = measured({"entries_to": {"housing": "shelter"}})
    assert within == pytest.approx(without, rel=EXACT), "enrolment is no entry to a shelter"


def test_a_price_per_entry_is_paid_where_the_entry_is() -> None:
    price = {"amount": 1000, "per": "entry", "in": {"programme": "act"}, "price_year": 2019,
             "payers": {"kommune": 1}, "account": "start"}  # fmt: skip
    per_enrolment = {**price, "per": "enrolment", "programme": "act"}
    del per_enrolment["in"]
    data = {**DATA, "programmes": {"act": ACT},
            "strategies": {"reference": {"programmes": "act"}}}  # fmt: skip
    result = result_of(with_money(data, {"entry": price, "start": per_enrolment}))
    amounts = result.ledger.set_index("item")["amount_oere"]
    assert amounts["entry"] == amounts["start"] > 1_400_000
    run = result.runs["reference"]
    for charge in run.books.charges:
        by_programme = charge.quantity.sum(axis=(0, 1))
        assert by_programme[0] == 0, "an enrolment stands where it leads to"
        assert by_programme[1] == pytest.approx(run.trajectory.enrolments.sum(), rel=EXACT)


def test_a_share_is_of_the_moves_out_in_that_domain() -> None:
    share = {"share_of_moves": {"from": {"housing": "shelter"}, "to": "home"}}
    found, result = measured(share)
    # Deaths out of work are moves of the domain activity and do not count.
    assert flows(result, domain="activity", to="dead") > 0
    home = flows(result, domain="housing", from_="shelter", to="home")
    assert found == pytest.approx(
        home / flows(result, domain="housing", from_="shelter"), rel=EXACT
    )
    assert found == pytest.approx(3 / 6, rel=EXACT)


def test_a_share_may_go_to_several_states_and_ways_to_leave() -> None:
    share = {"share_of_moves": {"from": {"housing": "shelter"}, "to": ["street", "dead"]}}
    assert measured(share)[0] == pytest.approx(3 / 6, rel=EXACT)


def test_moves_among_the_states_moved_from_do_not_count() -> None:
    out = {"share_of_moves": {"from": {"housing": ["street", "shelter"]}, "to": "home"}}
    found, result = measured(out)
    home = flows(result, domain="housing", from_="shelter", to="home")
    dead = flows(result, domain="housing", to="dead")
    assert found == pytest.approx(home / (home + dead), rel=EXACT)


def test_a_share_of_those_in_a_programme() -> None:
    """Of those in it; who is enrolled out of the others does not move in the domain."""
    effect = {"from": {"housing": "shelter"}, "to": "home", "hazard_ratio": 3}
    for programme, expected in (("act", 9 / 12), ("none", 3 / 6)):
        share = {"from": {"housing": "shelter", "programme": programme}, "to": "home"}
        found, _ = measured(
            {"share_of_moves": share},
            programmes={"act": {**ACT, "effects": [effect]}},
            strategies={"reference": {"programmes": "act"}},
        )
        assert found == pytest.approx(expected, rel=EXACT)
