"""What is allowed but deserves a look: each warning seen once, and not where it should not be."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

import som_sim as som
from random_scenarios import Data, result_of, scenario_of, scenarios, small, time, with_money

STATES: Data = {"shelter": {"homeless": True}, "home": None, "flat": None}
ROWS: list[Data] = [
    {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 3},
    {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 1},
]


def warned(**sections: object) -> list[str]:
    """Return the warnings of the small scenario with some sections, without their places."""
    return [
        str(warning).removeprefix(f"<text>:1:{warning.column}: ")
        for warning in scenario_of(small(**sections)).warnings
    ]


def act(**keys: object) -> Data:
    intake = {"share_of_waiting": 1}
    programme = {"eligible": {"housing": "shelter"}, "places": 5, "intake": intake,
                 "stay": {"mean": "1 year"}}  # fmt: skip
    return {
        "programmes": {"act": {**programme, **keys}},
        "strategies": {"reference": {}, "new": {"programmes": "act"}},
    }


def test_the_small_scenario_has_nothing_to_look_at() -> None:
    assert warned() == []


@pytest.mark.parametrize("name", ["first", "randers_act", "hiv_chancellor_1997"])
def test_nor_have_the_scenarios_of_the_package(repository: Path, name: str) -> None:
    assert som.load(repository / "scenarios" / f"{name}.yaml").warnings == ()


def test_a_priority_that_only_single_persons_follow() -> None:
    message = (
        "programmes.act.priority: a run of expected numbers shares short places evenly all the "
        "same; only --engine individual lets these people go first"
    )
    assert warned(**act(priority=[{"stratum": "adult"}])) == [message]
    assert warned(**act()) == []


NOBODY_COMES = (
    "nobody can come into this state: nobody starts or arrives in it, and no move leads to it"
)


def test_a_state_nobody_can_reach() -> None:
    domains = {"housing": STATES}
    message = [f"domains.housing.flat: {NOBODY_COMES}"]
    assert warned(domains=domains) == message
    away = {"from": {"housing": "flat"}, "to": "home", "rate_per_year": 1}
    assert warned(domains=domains, transitions=[*ROWS, away]) == message
    never = {
        "from": {"housing": "home"},
        "to": "flat",
        "rate_per_year": {"2019-01": 0, "2019-03": 0},
    }
    assert warned(domains=domains, transitions=[*ROWS, away, never]) == message
    none = {"stratum": "adult", "housing": "flat", "persons": 0}
    start = small()["population"]["initial"]
    assert (
        warned(domains=domains, transitions=[*ROWS, away], population={"initial": [*start, none]})
        == message
    )


@pytest.mark.parametrize(
    "sections",
    [
        {"transitions": [*ROWS, {"from": {"housing": "home"}, "to": "flat", "rate_per_year": {"2019-01": 0, "2019-03": 1}}]},
        {"transitions": [*ROWS, {"from": {"housing": "home"}, "to": "flat", "rate_per_year": "pace"}]},
        {"arrivals": [{"stratum": "adult", "housing": "flat", "per_year": 3}]},
        {"shelter": {"homeless": True, "places": 5, "overflow": "flat"}},
        {"strategies": {"reference": {}, "new": {"overrides": {"transitions[2].rate_per_year": 4}}},
         "transitions": [*ROWS, {"from": {"housing": "home"}, "to": "flat", "rate_per_year": 0}]},
    ],
)  # fmt: skip
def test_a_state_somebody_can_reach(sections: Data) -> None:
    population = {**small()["population"], "arrivals": sections.pop("arrivals", [])}
    states = {**STATES, "shelter": sections.pop("shelter", STATES["shelter"])}
    rows = [
        *sections.pop("transitions", ROWS),
        {"from": {"housing": "flat"}, "to": "home", "rate_per_year": 1},
    ]
    found = warned(
        domains={"housing": states}, population=population, transitions=rows,
        parameters={"pace": {"value": 0}} if "pace" in str(rows) else {}, **sections,
    )  # fmt: skip
    assert found == []


def test_conditions_and_strata_are_followed() -> None:
    """Employed people find a flat; whoever is young ages into those who find work."""
    data: Data = {
        "domains": {"housing": STATES, "work": {"none": None, "job": None}},
        "strata": {"young": {"ages": {"to": "adult", "after": "5 years"}}, "adult": None},
        "population": {"initial": [{"stratum": "young", "housing": "shelter", "work": "none", "persons": 9}]},
        "transitions": [
            *ROWS,
            {"from": {"housing": "home"}, "to": "flat", "rate_per_year": 1, "if": {"work": "job"}},
            {"from": {"housing": "flat"}, "to": "home", "rate_per_year": 1},
            {"from": {"work": "none"}, "to": "job", "rate_per_year": 1, "stratum": "adult"},
            {"from": {"work": "job"}, "to": "none", "rate_per_year": 1},
        ],
    }  # fmt: skip
    assert warned(**data) == []
    kept = {"young": None, "adult": None}
    assert warned(**{**data, "strata": kept}) == [
        f"domains.housing.flat: {NOBODY_COMES}",
        "domains.work: nobody moves in this domain; what never changes is better a stratum",
        f"domains.work.job: {NOBODY_COMES}",
        "strata.adult: nobody is ever in this stratum",
    ]


def test_a_state_nobody_can_leave() -> None:
    message = ["domains.housing.home: nobody can leave this state: no move leads out of it"]
    assert warned(transitions=ROWS[:1]) == message
    assert warned(transitions=[ROWS[0], {**ROWS[1], "rate_per_year": 0}]) == message


def test_leaving_the_model_from_another_domain_is_leaving() -> None:
    data: Data = {
        "domains": {"housing": {"shelter": None, "home": None}, "work": {"none": None, "job": None}},
        "population": {"initial": [{"stratum": "adult", "housing": "shelter", "work": "none", "persons": 9}]},
    }  # fmt: skip
    to_work = {"from": {"work": "none"}, "to": "job", "rate_per_year": 1}
    dying = {"from": {"housing": ["shelter", "home"]}, "to": "dead", "rate_per_year": 1}
    stuck = "domains.work.job: nobody can leave this state: no move leads out of it"
    assert warned(**data, transitions=[*ROWS, to_work]) == [stuck]
    assert warned(**data, transitions=[*ROWS, to_work, dying], leave=["dead"]) == []
    jobless = {**dying, "if": {"work": "none"}}
    assert warned(**data, transitions=[*ROWS, to_work, jobless], leave=["dead"]) == [stuck]


def test_a_way_to_leave_nobody_takes() -> None:
    assert warned(leave=["dead"]) == ["leave[0]: nobody leaves this way: no move leads to it"]


def test_a_programme_nobody_is_eligible_for() -> None:
    nobody = [
        "programmes.act.eligible: nobody is ever eligible: no people can be in these states together"
    ]
    assert warned(**act()) == []
    assert warned(**act(eligible={"housing": "home", "homeless": True})) == nobody
    assert warned(**act(eligible={"homeless": False, "housing": "shelter"})) == nobody
    strata = {"strata": {"adult": None, "young": None}}
    found = warned(**act(eligible={"stratum": "young"}), **strata)
    assert found == ["strata.young: nobody is ever in this stratum", *nobody]
    other = {"cti": act()["programmes"]["act"]}
    programmes = {"programmes": {**act(eligible={"programme": "cti"})["programmes"], **other}}
    alone = warned(**{**act(), **programmes})
    assert alone == [*nobody, "programmes.cti: no strategy has this programme"]
    both = {"reference": {}, "new": {"programmes": ["act", "cti"]}}
    assert warned(**{**act(), **programmes, "strategies": both}) == []


def test_a_programme_without_places() -> None:
    assert warned(**act(places={"2019-03": 0})) == ["programmes.act.places: there is never a place"]
    later = act(places={"2020-01": 5})
    assert warned(**later) == ["programmes.act.places: there is never a place"]
    opened = {
        "reference": {},
        "new": {"programmes": "act", "overrides": {"programmes.act.places": 3}},
    }
    assert warned(**{**later, "strategies": opened}) == []


def test_people_who_move_on_need_no_places() -> None:
    cti = {**act()["programmes"]["act"], "places": 0}
    programmes = {**act(moves_on_to="cti")["programmes"], "cti": cti}
    strategies = {"reference": {}, "new": {"programmes": ["act", "cti"]}}
    assert warned(programmes=programmes, strategies=strategies) == []


def priced(price: Data, **sections: object) -> list[str]:
    full = {
        "amount": 5,
        "per": "year",
        "account": "a",
        "price_year": 2019,
        "payers": {"kommune": 1},
    }
    return warned(**with_money({}, {"item": {**full, **price}}), **sections)


@pytest.mark.parametrize(
    ("price", "message"),
    [
        ({}, []),
        ({"from": "2019-03", "to": "2019-12"}, []),
        ({"from": "2018-12"}, ["prices.item.from: the run begins with 2019-01; nothing is charged before"]),
        ({"to": "2020-01"}, ["prices.item.to: the run ends with 2019-12; nothing is charged after"]),
        ({"to": "2018-12"}, ["prices.item.to: never charged: the run begins with 2019-01"]),
        ({"from": "2020-01"}, ["prices.item.from: never charged: the run ends with 2019-12"]),
        ({"per": "entry", "in": {"housing": "home", "homeless": True}},
         ["prices.item.in: never charged: nobody can be in these states together"]),
        ({"programme": "cti"}, ["programmes.cti: no strategy has this programme",
                                "prices.item.programme: never charged: nobody is ever in 'cti'"]),
        ({"per": "person_day", "in": {"programme": "act"}}, []),
        ({"per": "person_day", "in": {"programme": "cti"}},
         ["programmes.cti: no strategy has this programme",
          "prices.item.in: never charged: nobody can be in these states together"]),
    ],
)  # fmt: skip
def test_a_price_that_is_never_charged(price: Data, message: list[str]) -> None:
    sections = act()
    if "cti" in str(price):
        sections["programmes"]["cti"] = sections["programmes"]["act"]
    assert sorted(priced(price, **sections)) == sorted(message)


def test_a_price_of_a_programme_nobody_enters() -> None:
    """Staff is paid whether anybody comes; a price for each who starts is not."""
    closed = act(places=0)
    place = "programmes.act.places: there is never a place"
    assert priced({"programme": "act"}, **closed) == [place]
    assert priced({"programme": "act", "per": "enrolment"}, **closed) == [
        "prices.item.programme: never charged: nobody is ever in 'act'",
        place,
    ]


def test_a_grant_no_strategy_has() -> None:
    grant = {"funder": "stat", "to": "kommune", "covers": ["item"], "tranches": {2019: 5}, "total": 5,
             "unspent": "returned"}  # fmt: skip
    assert priced({}, grants={"pool": grant}) == ["grants.pool: no strategy has this grant"]
    having = {"reference": {}, "new": {"grants": "pool"}}
    assert priced({}, grants={"pool": grant}, strategies=having) == []


def test_a_parameter_nobody_uses() -> None:
    rows = [{**ROWS[0], "rate_per_year": "pace"}, ROWS[1]]
    parameters: Data = {"pace": {"value": "twice / 2"}, "twice": {"value": 3}}
    assert warned(transitions=rows, parameters=parameters) == []
    idle: Data = {"idle": {"value": "other + 1"}, "other": {"value": 2}}
    assert warned(transitions=rows, parameters={**parameters, **idle}) == [
        "parameters.idle: nothing uses this parameter",
        "parameters.other: nothing uses this parameter",
    ]
    faster = {"reference": {}, "new": {"overrides": {"transitions[0].rate_per_year": "idle"}}}
    assert warned(transitions=rows, parameters={**parameters, **idle}, strategies=faster) == []


def test_all_shares_of_a_group_are_used_when_one_is() -> None:
    group = {"dirichlet": {"group": "ways", "n": 40}}
    parameters = {
        "home": {"value": Decimal("0.25"), "distribution": group},
        "rest": {"value": Decimal("0.75"), "distribution": group},
    }
    row = {"from": {"housing": "shelter"}, "to": "home", "probability": "home", "within": "1 year"}
    assert warned(transitions=[row, ROWS[1]], parameters=parameters) == []


def test_a_source_nobody_uses() -> None:
    sources = {"report": {"title": "A report"}, "other": {"title": "Another"}}
    rows = [{**ROWS[0], "source": "report"}, ROWS[1]]
    assert warned(transitions=rows, sources=sources) == ["sources.other: nothing names this source"]
    rows = [{**ROWS[0], "rate_per_year": {"value": 3, "source": "report"}}, ROWS[1]]
    assert warned(transitions=rows, sources=sources) == ["sources.other: nothing names this source"]


DURING = {"during": {"from": "2019-01", "to": "2019-12"}}


@pytest.mark.parametrize(
    ("indicator", "message"),
    [
        ({"persons_in": {"housing": "home"}}, ""),
        ({"persons_in": {"housing": "home", "homeless": True}}, "nobody can be in these states together"),
        ({"persons_in": {"programme": "cti"}}, "nobody can be in these states together"),
        ({"person_days_in": {"programme": "act"}}, ""),
        ({"entries_to": {"housing": "home", "homeless": True}}, "nobody can be in these states together"),
        ({"moves": {"from": {"housing": "home"}, "to": "shelter"}}, ""),
        ({"moves": {"from": {"housing": "home"}, "to": "dead"}}, "no transition makes these moves"),
        ({"share_of_moves": {"from": {"housing": "home", "homeless": True}, "to": "dead"}},
         "nobody can be in these states together"),
    ],
)  # fmt: skip
def test_an_indicator_over_no_people(indicator: Data, message: str) -> None:
    (kind,) = indicator
    when = {"at": "2019-06-01"} if kind == "persons_in" else DURING
    sections = act()
    sections["programmes"]["cti"] = sections["programmes"]["act"]
    leaving = {"from": {"housing": "shelter"}, "to": "dead", "rate_per_year": 1}
    target = {"indicator": indicator, "goal": 1, "better": "lower", **when}
    observation = {"indicator": indicator, "value": 1, **when}
    if kind == "share_of_moves":
        target, observation = ({**one, "n": 5} for one in (target, observation))
    found = warned(
        **sections, transitions=[*ROWS, leaving], leave=["dead"],
        targets={"few": target}, observations=[observation],
    )  # fmt: skip
    expected = [f"{place}.indicator.{kind}: this is always 0: {message}"
                for place in ("targets.few", "observations[0]") if message]  # fmt: skip
    assert found == ["programmes.cti: no strategy has this programme", *expected]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"per": "person_year", "in": {"housing": "home"}}, []),
        ({"per": "person_year", "in": {"housing": "home", "homeless": True}},
         ["values.life.in: this is always 0: nobody can be in these states together"]),
        ({"per": "move", "from": {"housing": "home"}, "to": "shelter"}, []),
        ({"per": "move", "from": {"housing": "home"}, "to": "dead"},
         ["values.life: this is always 0: no transition makes these moves"]),
    ],
)  # fmt: skip
def test_a_value_of_nobody(value: Data, message: list[str]) -> None:
    leaving = {"from": {"housing": "shelter"}, "to": "dead", "rate_per_year": 1}
    values = {"life": {"amount": 1, **value}}
    assert warned(transitions=[*ROWS, leaving], leave=["dead"], values=values) == message


def test_a_strategy_equal_to_the_reference() -> None:
    sections = act()
    strategies = {"reference": {}, "same": {"label": "Same"}, "new": {"programmes": "act"}}
    message = "strategies.same: the same as the reference, 'reference': its programmes, grants and values are no others"
    assert warned(**{**sections, "strategies": strategies}) == [message]
    strategies["same"] = {"overrides": {"transitions[0].rate_per_year": 3}}
    assert warned(**{**sections, "strategies": strategies}) == [message]
    strategies["same"] = {"overrides": {"transitions[0].rate_per_year": 4}}
    assert warned(**{**sections, "strategies": strategies}) == []


def test_a_warning_has_its_place(tmp_path: Path) -> None:
    text = (
        "som_sim: 1\n"
        "meta: {title: small, currency: DKK, price_year: 2019}\n"
        "time: {from: 2019-01, to: 2019-12, cycle: month}\n"
        "domains:\n  housing:\n    shelter: {}\n    home: {}\n    flat: {}\n"
        "strata: {adult: {}}\n"
        "population: {initial: [{stratum: adult, housing: home, persons: 1}]}\n"
        "transitions:\n"
        "  - {from: {housing: shelter}, to: home, rate_per_year: 1}\n"
        "  - {from: {housing: home}, to: shelter, rate_per_year: 1}\n"
        "strategies: {reference: {}}\n"
    )
    assert [str(one) for one in som.loads(text, "f").warnings] == [
        f"f:8:5: domains.housing.flat: {NOBODY_COMES}"
    ]
    base = tmp_path / "base.yaml"
    base.write_text(text, encoding="utf-8")
    found = som.loads("extends: base.yaml", "f", folder=tmp_path).warnings
    assert [str(one) for one in found] == [f"{base}:8:5: domains.housing.flat: {NOBODY_COMES}"]


def test_in_a_discrete_step_an_effect_can_make_what_was_impossible() -> None:
    rows = [
        {"from": {"housing": one}, "to": to, "probability": p, "within": "1 month"}
        for one, to, p in (("shelter", "home", 0), ("home", "shelter", Decimal("0.1")))
    ]
    steps = {**time("2019-01", "2019-12"), "step": "discrete", "counting": "end"}
    assert warned(time=steps, transitions=rows) == []


@given(scenarios(money=False))
def test_nobody_is_where_a_warning_says_that_nobody_can_be(data: Data) -> None:
    """A state or stratum out of reach is empty in every strategy's run, at every time."""
    result = result_of(data)
    persons = result.occupancy["persons"]
    for warning in result.scenario.warnings:
        section, *names = warning.path
        if section == "strata":
            assert persons[result.occupancy["stratum"] == names[0]].sum() == 0
        elif "nobody can come into" in warning.message:
            assert persons[result.occupancy[names[0]] == names[1]].sum() == 0
        elif section == "programmes" and names[1:] in (["eligible"], ["places"]):
            assert persons[result.occupancy["programme"] == names[0]].sum() == 0


def test_a_law_that_no_price_asks() -> None:
    message = "law: no price names a rule of law, so the date whose rules hold changes nothing"
    law = {"as_of": "2020-01-01"}
    assert warned(law=law) == [message]
    night = {
        "price_year": 2019,
        "amount": 1,
        "per": "person_day",
        "in": {"housing": "shelter"},
        "account": "night",
    }
    asked = with_money(small(law=law), {"night": {**night, "payers": "dk_section_110"}})
    assert not any("law:" in str(one) for one in scenario_of(asked).warnings)
