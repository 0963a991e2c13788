"""What a scenario compiles to: cells, rates, effects, places, against the words of the file."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from plain_loop import PlainModel, days_of
from random_scenarios import Data, model_of, scenarios, small, time
from som_sim.model.model import AGEING, PROGRAMME_MOVE, Model

ROUNDING = 1e-12
"""A rate is a few float operations; relative, and absolute for rates that should be 0."""
YEAR = 365.25
FEW = 40
"""Whole scenarios in every run of the tests."""
OTHER_MOVES = {PROGRAMME_MOVE: "programme", AGEING: "stratum"}


def labelled_rates(model: Model, cycle: int = 0) -> dict[tuple[object, object, str], float]:
    """Return the rate of each move by the labels of where it comes from and goes."""
    axes, edges = model.axes, model.generator_in(cycle)
    places: list[object] = []
    for stratum in axes.strata:
        for programme in axes.programmes:
            for state in range(axes.n_states):
                names = tuple(
                    axes.states[number][axes.state_position(domain)[state]]
                    for number, domain in enumerate(axes.domains)
                )
                places.append((stratum, programme, names))
    places += axes.leave
    found: dict[tuple[object, object, str], float] = {}
    for source, target, domain, rate in zip(
        edges.source, edges.target, edges.domain, edges.rate[:, 0], strict=True
    ):
        name = OTHER_MOVES.get(domain) or axes.domains[domain]
        move = places[source], places[target], name
        found[move] = found.get(move, 0.0) + rate
    return found


def dense(model: Model) -> np.ndarray:
    """Return the generator as a matrix, diagonal and all."""
    edges = model.generator
    q = np.zeros((edges.n_places, edges.n_places))
    np.add.at(q, (edges.source, edges.target), edges.rate[:, 0])
    return q - np.diag(edges.exit_rates()[:, 0])


@settings(max_examples=FEW)
@given(scenarios(money=False))
def test_every_move_has_the_rate_that_the_file_says(data: Data) -> None:
    for strategy in data["strategies"]:
        model, plain = model_of(data, strategy), PlainModel(data, strategy)
        for cycle, day in enumerate(plain.boundaries[:-1]):
            found, expected = labelled_rates(model, cycle), plain.rates(day)
            assert {move for move, rate in found.items() if rate} == {
                move for move, rate in expected.items() if rate
            }
            for move, rate in expected.items():
                assert found.get(move, 0.0) == pytest.approx(rate, rel=ROUNDING, abs=ROUNDING), move


@settings(max_examples=FEW)
@given(scenarios(money=False))
def test_rows_add_to_nothing_and_no_rate_is_negative(data: Data) -> None:
    for strategy in data["strategies"]:
        model = model_of(data, strategy)
        q, edges = dense(model), model.generator
        largest = max(float(edges.exit_rates().max()), 1.0)
        assert np.abs(q.sum(axis=1)).max() <= ROUNDING * largest
        assert np.all(edges.rate >= 0)
        assert np.all(q - np.diag(np.diag(q)) >= 0)
        assert np.all(edges.source < model.axes.n_cells), "somebody comes back from having left"
        assert not edges.exit_rates()[model.axes.n_cells :].any()
        assert np.all(edges.source != edges.target)
        order = np.lexsort((edges.source, edges.target))
        assert np.array_equal(order, np.arange(len(order))), "edges are not sorted by target"


@settings(max_examples=FEW)
@given(scenarios(money=False))
def test_a_move_changes_one_thing(data: Data) -> None:
    for source, target, domain in labelled_rates(model_of(data, "act")):
        if target in data["leave"]:
            continue
        (stratum, programme, states), (s, p, after) = source, target  # type: ignore[misc]
        changed = [one for one, a, b in zip(data["domains"], states, after, strict=True) if a != b]
        changed += ["programme"] * (programme != p) + ["stratum"] * (stratum != s)
        assert changed == [domain]


FROM_SHELTER = {"from": {"housing": "shelter"}}


@pytest.mark.parametrize(
    ("row", "rate"),
    [
        ({"to": "home", "rate_per_year": Decimal("2.5")}, 2.5),
        ({"to": "home", "rate_per_year": 0}, 0),
        ({"to": "home", "stay": {"mean": "61 days"}}, YEAR / 61),
        ({"to": {"home": 1}, "stay": {"mean": "6 months"}}, 2),
        ({"to": "home", "stay": {"mean": "2 hours"}}, YEAR * 12),
        ({"to": "home", "probability": Decimal("0.5"), "within": "1 year"}, np.log(2)),
        ({"to": "home", "probability": Decimal("0.5"), "within": "1 month"}, 12 * np.log(2)),
        ({"probabilities": {"home": Decimal("0.5")}, "within": "2 years"}, np.log(2) / 2),
        ({"to": "home", "probability": 0, "within": "1 year"}, 0),
        ({"to": "home", "rate_per_year": "pace"}, 0.75),
        ({"to": "home", "stay": {"mean": "wait"}}, 4),
    ],
)
def test_each_form_of_a_transition(row: Data, rate: float) -> None:
    parameters = {"pace": {"value": Decimal("0.75")}, "wait": {"value": "3 months"}}
    model = model_of(small(transitions=[{**FROM_SHELTER, **row}], parameters=parameters))
    assert model.generator.rate[:, 0] == pytest.approx([rate], rel=ROUNDING)
    assert model.generator.source.tolist() == [0]
    assert model.generator.target.tolist() == [1]


def test_a_row_of_probabilities_is_one_row() -> None:
    """Two rows compete and add up; one row of the same probabilities is net of the other exit."""
    half = Decimal("0.4")
    one_row = [{**FROM_SHELTER, "probabilities": {"home": half, "dead": half}, "within": "1 year"}]
    two_rows = [
        {**FROM_SHELTER, "to": to, "probability": half, "within": "1 year"}
        for to in ("home", "dead")
    ]
    total = {}
    for name, rows in (("one", one_row), ("two", two_rows)):
        model = model_of(small(transitions=rows, leave=["dead"]))
        total[name] = float(model.generator.exit_rates()[0, 0])
    assert total["one"] == pytest.approx(-np.log(0.2), rel=ROUNDING)
    assert total["two"] == pytest.approx(-2 * np.log(0.6), rel=ROUNDING)


def test_places_step_with_the_calendar() -> None:
    act = {"eligible": {}, "places": {"2019-03": 7, "2019-04": 9, "2019-10": 0, "2030-01": 99},
           "intake": {"share_of_waiting": 1}, "stay": {"mean": "1 year"}}  # fmt: skip
    data = small(programmes={"act": act}, strategies={"reference": {"programmes": "act"}})
    (rule,) = model_of(data).programmes
    assert rule.places[:, 0].tolist() == [0, 0, 7, *[9] * 6, 0, 0, 0]
    early = {**act, "places": {"2001-01": 3, "2002-01": 4}}
    (rule,) = model_of({**data, "programmes": {"act": early}}).programmes
    assert rule.places[:, 0].tolist() == [4] * 12
    (rule,) = model_of({**data, "programmes": {"act": {**act, "places": 5}}}).programmes
    assert rule.places[:, 0].tolist() == [5] * 12


def test_groups_in_the_same_cell_add_up() -> None:
    person = {"stratum": "adult", "housing": "home"}
    initial = [{**person, "persons": 2}, {**person, "persons": Decimal("0.5")}]
    model = model_of(small(population={"initial": initial}))
    assert model.initial[:, 0].tolist() == [0, 2.5]


def test_moving_on_shares_out_the_end_of_a_stay() -> None:
    rules = {"eligible": {}, "places": 5, "intake": {"share_of_waiting": 1},
             "stay": {"mean": "6 months"}}  # fmt: skip
    act = {**rules, "moves_on_to": {"icm": Decimal("0.3")}}
    course = {"programmes": ["act", "icm"]}
    data = small(
        programmes={"act": act, "icm": rules}, strategies={"reference": course}, transitions=[]
    )
    rates = labelled_rates(model_of(data))
    here = ("home",)
    expected = {
        (("adult", "act", here), ("adult", "icm", here), "programme"): 0.6,
        (("adult", "act", here), ("adult", "none", here), "programme"): 1.4,
        (("adult", "icm", here), ("adult", "none", here), "programme"): 2.0,
    }
    found = {move: rate for move, rate in rates.items() if move[0][2] == here}  # type: ignore[index]
    assert found == pytest.approx(expected, rel=ROUNDING)
    assert days_of("6 months") * 2 == pytest.approx(YEAR)


def test_effects_of_one_programme_multiply_and_stay_inside_it() -> None:
    domains = {"housing": {"shelter": {"homeless": True}, "home": None},
               "activity": {"benefits": None, "work": None}}  # fmt: skip
    effect = {"from": {"housing": "shelter"}, "to": "home"}
    act = {
        "eligible": {},
        "places": 5,
        "intake": {"share_of_waiting": 1},
        "stay": {"mean": "1 year"},
        "effects": [
            {**effect, "hazard_ratio": Decimal("2.5")},
            {**effect, "hazard_ratio": 3, "if": {"activity": "work"}},
            {**effect, "hazard_ratio": 2, "if": {"stratum": "old"}},
        ],
    }
    person = {"stratum": "adult", "housing": "shelter", "activity": "work", "persons": 1}
    data = small(
        domains=domains,
        strata={"adult": None, "old": None},
        population={"initial": [person]},
        transitions=[
            {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 1},
            {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 1},
        ],
        programmes={"act": act},
        strategies={"reference": {"programmes": "act"}},
        time=time("2019-01", "2019-03"),
    )
    rates = labelled_rates(model_of(data))
    for stratum, programme, activity, rate in [
        ("adult", "none", "benefits", 1),
        ("adult", "none", "work", 1),
        ("old", "none", "work", 1),
        ("adult", "act", "benefits", 2.5),
        ("adult", "act", "work", 7.5),
        ("old", "act", "benefits", 5),
        ("old", "act", "work", 15),
    ]:
        out = (stratum, programme, ("shelter", activity)), (stratum, programme, ("home", activity))
        back = out[::-1]
        assert rates[*out, "housing"] == pytest.approx(rate, rel=ROUNDING)
        assert rates[*back, "housing"] == 1
