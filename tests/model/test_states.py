"""Cells and their labels: positions, conditions, who counts as homeless."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from plain_loop import PlainModel
from random_scenarios import conditions, model_of, scenario_of, scenarios, small
from som_sim.core.axes import Axes
from som_sim.model.states import cells_where, homeless_states
from som_sim.scenario.schema import Indicator

FEW = 40
"""Whole scenarios in every run of the tests."""
SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@given(SIZES)
def test_positions_are_those_of_the_product(sizes: list[int]) -> None:
    domains = tuple(f"d{number}" for number in range(len(sizes)))
    states = tuple(
        tuple(f"{domain}s{number}" for number in range(size))
        for domain, size in zip(domains, sizes, strict=True)
    )
    axes = Axes(
        strata=("a", "b"), programmes=("none",), domains=domains, states=states, leave=("dead",)
    )
    combined = list(product(*states))
    assert axes.n_states == len(combined)
    assert axes.n_cells == 2 * len(combined) == axes.n_places - 1
    for number, domain in enumerate(domains):
        names = [states[number][position] for position in axes.state_position(domain)]
        assert names == [one[number] for one in combined]
        for at, one in enumerate(combined):
            if one[number] != states[number][-1]:
                after = combined[at + axes.stride(domain)]
                assert after[:number] == one[:number]
                assert after[number + 1 :] == one[number + 1 :]


@settings(max_examples=FEW)
@given(scenarios(money=False), st.data())
def test_conditions_mean_the_same_people_as_in_words(data: dict, more: st.DataObject) -> None:
    spec = scenario_of(data).strategies["act"]
    keys = (*data["domains"], "stratum", "homeless", "programme")
    where = more.draw(conditions(data, keys))
    plain = PlainModel(data, "act")
    axes = model_of(data, "act").axes
    condition = Indicator.model_validate({"persons_in": where}).persons_in
    assert condition is not None
    found = cells_where(spec, axes, condition)
    assert found.shape == axes.cell_shape
    assert found.ravel().tolist() == [plain.fits(cell, where) for cell in plain.cells]
    homeless = [plain.fits(cell, {"homeless": True}) for cell in plain.cells]
    expected = np.broadcast_to(homeless_states(spec, axes), axes.cell_shape).ravel()
    assert expected.tolist() == homeless


def test_homeless_in_any_domain_is_homeless() -> None:
    domains = {"housing": {"street": {"homeless": True}, "home": None},
               "activity": {"hiding": {"homeless": True}, "work": None}}  # fmt: skip
    person = {"stratum": "adult", "housing": "home", "activity": "work", "persons": 1}
    data = small(domains=domains, population={"initial": [person]}, transitions=[])
    model = model_of(data)
    assert model.homeless.tolist() == [True, True, True, False]


def test_a_programme_that_the_strategy_lacks_holds_nobody() -> None:
    act = {"eligible": {}, "places": 5, "intake": {"share_of_waiting": 1},
           "stay": {"mean": "1 year"}}  # fmt: skip
    data = small(
        programmes={"act": act}, strategies={"reference": {}, "act": {"programmes": "act"}}
    )
    in_act = Indicator.model_validate({"persons_in": {"programme": "act"}}).persons_in
    assert in_act is not None
    for name, holds in (("reference", 0), ("act", 2)):
        spec = scenario_of(data).strategies[name]
        assert cells_where(spec, model_of(data, name).axes, in_act).sum() == holds
