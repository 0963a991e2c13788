"""What effects do to probabilities, against answers worked out by hand, in every draw."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import expm

from discrete_scenarios import discrete, probabilities, row_of, with_programme
from random_scenarios import Data, model_of, scenario_of, small
from som_sim.core.sums import sum_in_order
from som_sim.model.build import build_model
from som_sim.model.draws import DrawError
from som_sim.model.effects import NEUTRAL, net_effects
from som_sim.model.model import Model
from som_sim.model.resolve import Resolver
from som_sim.model.rows import changed_probabilities, changed_row
from som_sim.model.states import make_axes

ROUNDING = 1e-12
"""A row is a few float operations; relative."""
FROM_A = {"from": {"health": "a"}}
ROW = {"b": "0.3", "c": "0.2"}
"""Half stay in a."""


def sick(*effects: Data, row: Mapping[str, str] = ROW, **sections: Any) -> Data:
    """One row, from a to b and c, and a programme with some effects on it."""
    keys = {key: sections.pop(key) for key in ("stay", "places", "ramp_up") if key in sections}
    rows = [row_of("health", "a", dict(row))]
    return with_programme(discrete(**{"transitions": rows, **sections}), *effects, **keys)


def on(to: Any, **kind: Any) -> Data:
    return {**FROM_A, "to": to, **kind}


def treated(data: Data, cycle: int = 0, status: str = "act") -> dict[str, float]:
    """Return the probabilities of leaving state a in a status, by destination.

    The end of a stay that never ends is left out.
    """
    found = probabilities(model_of(data, "act"), cycle)
    here = f"adult, {status}, a"
    return {
        to.removeprefix(f"adult, {status}, "): p
        for (source, to), p in found.items()
        if source == here and (p or not to.startswith("adult, none"))
    }


def drawn(data: Data, first: int = 0, **values: list[float]) -> Model:
    spec = scenario_of(data).strategies["act"]
    draws = {name: np.array(one, dtype=float) for name, one in values.items()}
    return build_model(spec, "act", values=draws, first=first)


def close(value: object) -> Any:
    return pytest.approx(value, rel=ROUNDING, abs=1e-15)


# Each kind against its formula --------------------------------------------------------------------


def by_generator(p: np.ndarray, ratios: list[float]) -> np.ndarray:
    """The row that a chain with absorbing exits gives when its rates are multiplied.

    The rates are those whose own chain gives the row; found by the whole row and checked here.
    """

    def row(rates: np.ndarray) -> np.ndarray:
        q = np.zeros((len(rates) + 1,) * 2)
        q[0] = [-rates.sum(), *rates]
        out: np.ndarray = expm(q)[0, 1:]
        return out

    rates = -np.log(1 - p.sum()) * p / p.sum()
    assert row(rates) == close(p)
    return row(rates * ratios)


@pytest.mark.parametrize("ratio", ["0", "0.509", "1.5", "4"])
def test_a_hazard_ratio_is_on_the_competing_hazards_behind_the_row(ratio: str) -> None:
    found = treated(sick(on("b", hazard_ratio=Decimal(ratio))))
    expected = by_generator(np.array([0.3, 0.2]), [float(ratio), 1])
    assert [found["b"], found["c"]] == close(expected)
    if ratio == "4":
        assert found["c"] < 0.2, "fewer are left for the exit that competes"
        assert found["b"] < 1 - 0.7**4, "exit by exit is another, wrong, answer"


def test_a_hazard_ratio_on_the_only_exit_is_a_power_of_staying() -> None:
    found = treated(sick(on("b", hazard_ratio=2), row={"b": "0.3"}))
    assert found == close({"b": 1 - 0.7**2})


def test_an_odds_ratio_is_against_staying() -> None:
    """Odds 0.6 and 0.4 become 1.2 and 0.4, of 2.6 with staying at 1."""
    found = treated(sick(on("b", odds_ratio=2)))
    assert found == close({"b": 1.2 / 2.6, "c": 0.4 / 2.6})
    stay = 1 - sum(found.values())
    assert found["b"] / stay == close(2 * 0.3 / 0.5)
    assert found["c"] / stay == close(0.2 / 0.5)


def test_an_odds_ratio_of_two_outcomes_is_the_schoolbook_one() -> None:
    found = treated(sick(on("b", odds_ratio=3), row={"b": "0.25"}))
    assert found == close({"b": 0.5})


def test_a_risk_ratio_multiplies_and_a_difference_is_added() -> None:
    assert treated(sick(on("b", risk_ratio=Decimal("0.5")))) == close({"b": 0.15, "c": 0.2})
    assert treated(sick(on(["b", "c"], risk_ratio=Decimal("1.5")))) == close({"b": 0.45, "c": 0.3})
    assert treated(sick(on("b", difference=Decimal("0.1")))) == close({"b": 0.4, "c": 0.2})
    assert treated(sick(on("c", difference=Decimal("-0.2")))) == close({"b": 0.3, "c": 0})


@pytest.mark.parametrize(
    ("kind", "sizes", "expected"),
    [
        ("risk_ratio", (2, 0.6), 0.36),
        ("difference", (0.2, -0.1), 0.4),
        ("odds_ratio", (2, 2), 2.4 / 3.8),
    ],
)
def test_effects_on_one_move_multiply_and_differences_add(
    kind: str, sizes: tuple[float, float], expected: float
) -> None:
    data = sick(*(on("b", **{kind: Decimal(str(size))}) for size in sizes))
    assert treated(data)["b"] == close(expected)


def test_an_effect_is_on_those_it_names_and_on_nobody_else() -> None:
    strata = {"adult": None, "young": None}
    data = sick(on("b", risk_ratio=0, **{"if": {"stratum": "young"}}), strata=strata)
    found = probabilities(model_of(data, "act"))
    assert found["young, act, a", "young, act, b"] == 0
    for cell in ("young, none", "adult, act", "adult, none"):
        assert found[f"{cell}, a", f"{cell}, b"] == 0.3


@pytest.mark.parametrize("kind", list(NEUTRAL))
def test_an_effect_that_changes_nothing_changes_no_byte(kind: str) -> None:
    row = {"b": "0.13", "c": "0.29", "dead": "0.31"}
    with_, without = (
        model_of(sick(*effects, row=row), "act").rates
        for effects in ([on("b", **{kind: int(NEUTRAL[kind])})], [])
    )
    assert with_.tobytes() == without.tobytes()


def test_other_domains_and_the_end_of_a_stay_stand_as_they_are() -> None:
    """The row that an effect was measured on is the file's; what stands beside it is no part."""
    rows = [row_of("health", "a", {"b": "0.3"}), row_of("work", "out", {"in": "0.2"})]
    more: Data = {
        "domains": {"health": {"a": None, "b": None}, "work": {"out": None, "in": None}},
        "leave": [],
        "population": {
            "initial": [{"stratum": "adult", "health": "a", "work": "out", "persons": 1}]
        },
        "transitions": rows,
    }
    for kind, expected in (("hazard_ratio", 0.51), ("odds_ratio", 0.6 / 1.3), ("risk_ratio", 0.6)):
        data = sick(on("b", **{kind: 2}), stay={"mean": "10 years"}, **more)
        found = probabilities(model_of(data, "act"))
        here = "adult, act, a, out"
        assert found[here, "adult, act, b, out"] == close(expected)
        assert found[here, "adult, act, a, in"] == 0.2
        assert found[here, "adult, none, a, out"] == close(0.1)


def test_two_domains_can_be_changed_in_two_ways() -> None:
    rows = [row_of("health", "a", {"b": "0.3"}), row_of("work", "out", {"in": "0.2"})]
    data = sick(
        on("b", risk_ratio=2),
        {"from": {"work": "out"}, "to": "in", "difference": Decimal("0.1")},
        domains={"health": {"a": None, "b": None}, "work": {"out": None, "in": None}},
        leave=[],
        population={"initial": [{"stratum": "adult", "health": "a", "work": "out", "persons": 1}]},
        transitions=rows,
    )
    found = probabilities(model_of(data, "act"))
    assert found["adult, act, a, out", "adult, act, b, out"] == close(0.6)
    assert found["adult, act, a, out", "adult, act, a, in"] == close(0.3)


# Draws --------------------------------------------------------------------------------------------


def uncertain(kind: str, **sections: Any) -> Data:
    return sick(on("b", **{kind: "size"}), parameters={"size": {"value": 1}}, **sections)


SIZES = {
    "hazard_ratio": [0.0, 0.5, 1.0, 3.0],
    "odds_ratio": [0.0, 0.5, 1.0, 3.0],
    "risk_ratio": [0.0, 0.5, 1.0, 2.5],
    "difference": [-0.3, -0.1, 0.0, 0.5],
}


@pytest.mark.parametrize("kind", list(SIZES))
def test_each_draw_has_the_bytes_it_has_alone(kind: str) -> None:
    """Also where one draw's effect changes nothing and those of its neighbours do."""
    together = drawn(uncertain(kind), size=SIZES[kind]).rates
    for number, size in enumerate(SIZES[kind]):
        alone = drawn(uncertain(kind), size=[size]).rates
        assert alone.tobytes() == together[..., number : number + 1].tobytes()


def test_a_long_row_has_the_bytes_in_a_block_that_it_has_alone() -> None:
    """`sum` adds eight numbers or more in another order when they stand alone."""
    rng = np.random.default_rng(1)
    rows = rng.dirichlet(np.ones(14), 50)[:, :13].T
    sizes = rng.uniform(0.2, 3, rows.shape)
    for kind in ("hazard_ratio", "odds_ratio"):
        together = changed_row(rows, kind, sizes)
        for draw in range(50):
            alone = changed_row(rows[:, draw : draw + 1], kind, sizes[:, draw : draw + 1])
            assert alone.tobytes() == together[:, draw : draw + 1].tobytes()
    assert sum_in_order(np.zeros((0, 3))).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("kind", "sizes", "moves"),
    [
        ("risk_ratio", [1, 2.6, 2.7, 9], "b 0.81, c 0.2"),
        ("difference", [0, 0.5, 0.51, 9], "b 0.81, c 0.2"),
        ("difference", [0, -0.25, -0.31, 9], "b -0.01, c 0.2"),
    ],
)
def test_a_row_that_is_no_distribution_names_people_moves_and_draw(
    kind: str, sizes: list[float], moves: str
) -> None:
    sizes = [one for one in sizes if kind != "difference" or one <= 1]
    with pytest.raises(DrawError) as caught:
        drawn(uncertain(kind), first=100, size=sizes)
    assert str(caught.value) == (
        f"adult, act, a: the probabilities of a move in one cycle ({moves}) are no distribution: "
        "each is 0 or more, and together they are at most 1 in draw 102"
    )
    assert caught.value.draw == 102


def test_a_row_may_be_all_leaving_but_no_more() -> None:
    assert treated(sick(on("b", difference=Decimal("0.5")))) == close({"b": 0.8, "c": 0.2})
    with pytest.raises(DrawError, match=r"b 0.80001, c 0.2"):
        model_of(sick(on("b", difference=Decimal("0.50001"))), "act")


def test_what_ends_beside_a_row_counts_with_it() -> None:
    """Half leave the programme each cycle; the row itself would be a distribution."""
    data = sick(on("b", risk_ratio=2), stay={"mean": "2 years"})
    with pytest.raises(DrawError) as caught:
        model_of(data, "act")
    assert "adult, act, a: " in str(caught.value)
    assert "(b 0.6, c 0.2, none 0.5)" in str(caught.value)


def test_a_stay_drawn_shorter_than_a_cycle_is_refused() -> None:
    data = sick(stay={"mean": "length"}, parameters={"length": {"value": "5 years"}})
    with pytest.raises(DrawError, match=r"none 1\.25\) are no .* in draw 1$"):
        drawn(data, length=[5, 0.8, 5])


def test_a_probability_drawn_too_large_is_named_too() -> None:
    data = sick(parameters={"p": {"value": Decimal("0.3")}})
    data["transitions"][0]["probabilities"]["b"] = "p"
    with pytest.raises(DrawError, match=r"^adult, none, a: .*\(b 0\.9, c 0\.2\).* in draw 1$"):
        drawn(data, p=[0.3, 0.9])


@pytest.mark.parametrize("kind", ["hazard_ratio", "odds_ratio"])
def test_where_nobody_stays_there_are_no_odds_and_no_hazard(kind: str) -> None:
    everybody = {"b": "0.7", "c": "0.3"}
    with pytest.raises(DrawError) as caught:
        drawn(uncertain(kind, row=everybody), first=7, size=[1, 2])
    assert str(caught.value) == (
        f"adult, act, a: nobody stays, so a {kind} has no meaning here in draw 8"
    )
    drawn(uncertain(kind, row=everybody), size=[1, 1])
    assert treated(sick(on("b", risk_ratio=Decimal("0.5")), row=everybody))["b"] == close(0.35)


def test_two_kinds_on_one_row_are_refused_where_they_meet() -> None:
    """Files that say so are refused when they are read; this is the last line of defence."""
    data = sick(on("b", risk_ratio=1))
    spec = scenario_of(data).strategies["act"]
    axes, given = make_axes(spec, "act"), model_of(data, "act").generator
    neutral = np.ones_like(given.rate)
    cell = next(i for i in range(axes.n_cells) if axes.cell_name(i) == "adult, act, a")
    in_row = (given.source == cell)[:, None]
    effects = {"risk_ratio": np.where(in_row, 2.0, 1.0), "odds_ratio": neutral}
    resolver = Resolver(values={})
    assert changed_probabilities(given, effects, axes, resolver).max() == close(0.6)
    effects["odds_ratio"] = np.where(in_row, 0.5, 1.0)
    with pytest.raises(DrawError) as caught:
        changed_probabilities(given, effects, axes, resolver)
    assert str(caught.value) == (
        "adult, act, a: risk_ratio and odds_ratio cannot change one row together"
    )


@given(
    st.lists(st.floats(1e-6, 1), min_size=2, max_size=6),
    st.lists(st.floats(0, 20), min_size=5, max_size=5),
    st.sampled_from(["hazard_ratio", "odds_ratio"]),
)
def test_ratios_of_odds_and_hazards_always_give_a_distribution(
    parts: list[float], sizes: list[float], kind: str
) -> None:
    p = np.array(parts)[1:, None] / sum(parts)
    size = np.array(sizes[: len(p)])[:, None]
    changed = changed_row(p, kind, size)
    assert np.all(changed >= 0)
    assert changed.sum() <= 1 + ROUNDING
    back = np.where(size > 1e-3, 1 / np.maximum(size, 1e-3), 1.0)
    if np.all(size > 1e-3) and changed.sum() < 0.999999:
        assert changed_row(changed, kind, back) == pytest.approx(p, rel=1e-6)


# A share reached ----------------------------------------------------------------------------------


def reached(share: Any, without: Any, **more: Any) -> Data:
    return on(
        "b", share_reached={"share": share, "without": without, "within": "12 months"}, **more
    )


def test_a_share_reached_is_a_ratio_of_logarithms() -> None:
    """Of those without, 1 in 4 in a year; at 3.853 times the hazard, 0.67."""
    data = sick(reached(Decimal("0.67"), Decimal("0.25")), row={"b": "0.25"})
    assert treated(data) == close({"b": 0.67})
    continuous = small(
        transitions=[{"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 3}]
    )
    effect = {
        "from": {"housing": "shelter"},
        "to": "home",
        "share_reached": {
            "share": Decimal("0.67"), "without": Decimal("0.25"), "within": "12 months",
        },
    }  # fmt: skip
    rates = model_of(with_programme(continuous, effect), "act").generator.rate[:, 0]
    assert max(rates) == close(3 * np.log(0.33) / np.log(0.75))


def test_a_share_reached_by_nobody_stops_the_move_and_an_equal_one_changes_nothing() -> None:
    assert treated(sick(reached(0, Decimal("0.4"))))["b"] == 0
    same = sick(reached(Decimal("0.4"), Decimal("0.4")))
    assert model_of(same, "act").rates.tobytes() == model_of(sick(), "act").rates.tobytes()


@pytest.mark.parametrize(
    ("share", "without", "told"),
    [
        ([0.5, 1.0], [0.2, 0.2], "share: a share of 1 would take an endless hazard; it is below 1"),
        (
            [0.5, 0.5],
            [0.2, 0.0],
            "without: a share of 0 without the programme gives no hazard to compare with; it is "
            "above 0 and below 1",
        ),
        (
            [0.5, 0.5],
            [0.2, 1.0],
            "without: a share of 1 without the programme gives no hazard to compare with; it is "
            "above 0 and below 1",
        ),
    ],
)
def test_shares_drawn_without_a_hazard_ratio_are_refused(
    share: list[float], without: list[float], told: str
) -> None:
    parameters = {"s": {"value": Decimal("0.5")}, "w": {"value": Decimal("0.2")}}
    with pytest.raises(DrawError) as caught:
        drawn(sick(reached("s", "w"), parameters=parameters), s=share, w=without)
    place = "programmes.act.effects[0].share_reached"
    assert str(caught.value) == f"{place}.{told} in draw 1"


def test_a_share_next_to_1_is_no_number_either() -> None:
    parameters = {"s": {"value": Decimal("0.5")}, "w": {"value": Decimal("0.2")}}
    with pytest.raises(DrawError, match=r"the hazard ratio of .* is not a ratio .* in draw 0"):
        drawn(sick(reached("s", "w"), parameters=parameters), s=[0.5], w=[1e-9])


def test_net_of_2_per_cent_12_per_cent_is_10_points() -> None:
    parameters = {"gross": {"value": Decimal("0.12")}, "usual": {"value": "gross / 6"}}
    data = sick(
        on("c", risk_ratio=1, during={"from": "2017-01", "to": "2017-12"}), parameters=parameters
    )
    assert list(net_effects(scenario_of(data).base)) == []
    (net,) = net_effects(scenario_of(sick(reached("gross", "usual"), parameters=parameters)).base)
    assert net.place == "programmes.act.effects[0]"
    assert net.points == pytest.approx(10)
    assert net.hazard_ratio == close(np.log(0.88) / np.log(0.98))
    assert (net.share, net.without) == close((0.12, 0.02))
    assert net.within == "12 months"


# When an effect is in force -----------------------------------------------------------------------


def test_an_effect_is_in_force_in_its_window() -> None:
    data = sick(on("b", risk_ratio=2, during={"from": "2018-01", "to": "2019-12"}), n_cycles=5)
    assert [treated(data, cycle)["b"] for cycle in range(5)] == close([0.3, 0.6, 0.6, 0.3, 0.3])
    for window in ({"from": "2010-01", "to": "2018-12"}, {"from": "2017-01", "to": "2018-12"}):
        data = sick(on("b", risk_ratio=2, during=window), n_cycles=5)
        assert [treated(data, cycle)["b"] for cycle in range(5)] == close([0.6, 0.6, 0.3, 0.3, 0.3])


def test_two_kinds_can_take_turns() -> None:
    data = sick(
        on("b", risk_ratio=2, during={"from": "2017-01", "to": "2018-12"}),
        on("b", difference=Decimal("-0.2"), during={"from": "2019-01", "to": "2019-12"}),
    )
    assert [treated(data, cycle)["b"] for cycle in range(4)] == close([0.6, 0.6, 0.1, 0.3])


def test_no_effect_outlives_its_window_in_those_who_left() -> None:
    fading = {"afterwards": {"half_life": "4 years"}}
    window = {"from": "2017-01", "to": "2018-12"}
    data = sick(on("b", risk_ratio=2, during=window, **fading), row={"b": "0.1"})
    after = [treated(data, cycle, "after act 1")["b"] for cycle in range(4)]
    assert after[:2] == [after[0]] * 2
    assert after[0] > 0.15
    assert after[2:] == [0.1, 0.1]


PHASES = ((0, 0.5), (0.5, 1), (1, 2), (2, 4))


@pytest.mark.parametrize(
    ("kind", "size"),
    [("odds_ratio", 3.0), ("risk_ratio", 0.25), ("difference", -0.16), ("hazard_ratio", 2.0)],
)
def test_what_is_left_of_an_effect_is_its_mean_over_the_phase(kind: str, size: float) -> None:
    """On the log scale for ratios; a difference fades itself."""
    fading = {"afterwards": {"half_life": "4 years"}}
    effect = on("b", **{kind: Decimal(str(size))}, **fading)
    data = sick(effect, row={"b": "0.2"}, stay={"mean": "10 years"})
    for number, (start, end) in enumerate(PHASES, start=1):
        left = quad(lambda t: 2**-t, start, end)[0] / (end - start)
        part = size * left if kind == "difference" else size**left
        expected = {
            "odds_ratio": 0.25 * part / (1 + 0.25 * part),
            "risk_ratio": 0.2 * part,
            "difference": 0.2 + part,
            "hazard_ratio": 1 - 0.8**part,
        }[kind]
        found = treated(data, status=f"after act {number}")
        assert found.pop("b") == pytest.approx(expected, rel=1e-9)
        following = f"adult, after act {number + 1}, a" if number < 4 else "adult, none, a"
        assert found == close({following: 1 / (4 * (end - start))})


def test_an_effect_grows_with_its_programme_on_the_log_scale() -> None:
    """Over two years, by the mean of each: a quarter, three quarters, then all of it."""
    keys: Data = {"places": {"2017-01": 10}, "ramp_up": "24 months"}
    ratio = sick(on("b", risk_ratio=Decimal("0.5")), **keys)
    found = [treated(ratio, cycle)["b"] for cycle in range(3)]
    assert found == pytest.approx([0.3 * 0.5**s for s in (0.25, 0.75, 1)], rel=2e-3)
    difference = sick(on("b", difference=Decimal("-0.2")), **keys)
    found = [treated(difference, cycle)["b"] for cycle in range(3)]
    assert found == pytest.approx([0.3 - 0.2 * s for s in (0.25, 0.75, 1)], rel=2e-3)
