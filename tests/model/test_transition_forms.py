"""Each way to write a transition or a stay, against a hand-computed answer."""

from __future__ import annotations

from decimal import Decimal
from math import exp, log

import numpy as np
import pytest

from random_scenarios import Data, model_of, scenario_of, small, time
from som_sim.core.errors import ScenarioError
from som_sim.core.rates import rate_from_share_over
from som_sim.model.build import build_model
from som_sim.model.counted import draw_counted
from som_sim.model.draws import DrawError, draw_parameters

ROUNDING = 1e-12
"""A rate is a few float operations."""
N_DRAWS = 20_000
FIVE_SIGMA = 5.0
"""A mean of draws this many standard errors off happens once in two million tests."""
YEAR = 365.25
THREE = {"housing": {"shelter": {"homeless": True}, "home": None, "sofa": None, "street": None}}
FROM_SHELTER: Data = {"from": {"housing": "shelter"}}
LEFT = {"home": 16, "sofa": 13, "street": 8}


def rates(**row: object) -> list[float]:
    """Return the rates out of the shelter of one row, in the order of its destinations."""
    data = small(domains=THREE, transitions=[{**FROM_SHELTER, **row}])
    generator = model_of(data).generator
    return [float(one) for one in generator.rate[np.argsort(generator.target), 0]]


def told(**row: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        scenario_of(small(domains=THREE, transitions=[{**FROM_SHELTER, **row}]))
    return " | ".join(one.message for one in caught.value.problems)


@pytest.mark.parametrize(
    ("stay", "rate"),
    [
        # a mean of 61 days is left 365.25 / 61 times a year
        ({"mean": "61 days"}, YEAR / 61),
        # half have left after 40 days, so the mean is 40 / 0.6931 = 57.7 days
        ({"median": "40 days"}, YEAR / 57.70780163555855),
        ({"median": "1 year"}, log(2)),
        # 14 % stay over 120 days: exp(-120 / mean) = 0.14, so the mean is 120 / 1.966 = 61.03 days
        ({"share": Decimal("0.14"), "over": "120 days"}, YEAR * -log(0.14) / 120),
        ({"share": Decimal("0.5"), "over": "40 days"}, YEAR / 57.70780163555855),
    ],
)
def test_a_stay_by_mean_median_or_share(stay: Data, rate: float) -> None:
    assert rates(stay=stay, to="home") == pytest.approx([rate], rel=ROUNDING)
    shares = {"home": Decimal("0.75"), "sofa": Decimal("0.25")}
    split = rates(stay=stay, to=shares)
    assert split == pytest.approx([0.75 * rate, 0.25 * rate], rel=ROUNDING)


def test_the_share_over_a_time_is_what_comes_out() -> None:
    """Of stays that nothing else ends, 14 % are over 120 days in the model."""
    (rate,) = rates(stay={"share": Decimal("0.14"), "over": "120 days"}, to="home")
    assert exp(-rate * 120 / YEAR) == pytest.approx(0.14, rel=ROUNDING)


def test_counts_of_who_went_where_split_a_stay() -> None:
    """37 people left: 16, 13 and 8 of them."""
    found = rates(stay={"mean": "6 months"}, counts=LEFT)
    assert found == pytest.approx([2 * 16 / 37, 2 * 13 / 37, 2 * 8 / 37], rel=ROUNDING)


def test_counts_within_a_time_are_a_row_of_probabilities() -> None:
    """Of 49 people 37 had left: the total rate is -log(12 / 49), shared 16 to 13 to 8."""
    found = rates(counts=LEFT, stayed=12, within="1 year")
    total = log(49 / 12)
    assert found == pytest.approx([total * 16 / 37, total * 13 / 37, total * 8 / 37], rel=ROUNDING)
    half = rates(counts=LEFT, stayed=12, within="6 months")
    assert half == pytest.approx([2 * one for one in found], rel=ROUNDING)
    row = {name: Decimal(count) / 49 for name, count in LEFT.items()}
    same = rates(probabilities={name: round(p, 15) for name, p in row.items()}, within="1 year")
    assert found == pytest.approx(same, rel=ROUNDING)


def test_a_season_multiplies_each_form() -> None:
    season = [2, *[1] * 11]
    for row in ({"stay": {"median": "40 days"}, "to": "home"}, {"stay": {"mean": "1 year"}, "counts": {"home": 5}},
                {"counts": {"home": 1}, "stayed": 1, "within": "1 year"}):  # fmt: skip
        assert rates(**row, season=season) == pytest.approx([2 * one for one in rates(**row)])


def programme(stay: Data) -> Data:
    return {
        "act": {
            "eligible": {"housing": "shelter"}, "places": 5, "intake": {"share_of_waiting": 1},
            "stay": stay,
        }
    }  # fmt: skip


@pytest.mark.parametrize(
    ("stay", "rate"),
    [
        ({"median": "24 months"}, log(2) / 2),
        ({"share": Decimal("0.1"), "over": "3 years"}, log(10) / 3),
    ],
)
def test_the_stay_in_a_programme(stay: Data, rate: float) -> None:
    data = small(programmes=programme(stay), strategies={"reference": {"programmes": "act"}})
    model = model_of(data)
    ends = model.generator.domain == -1
    assert model.generator.rate[ends, 0] == pytest.approx([rate, rate], rel=ROUNDING)


def test_the_stay_in_a_programme_in_steps_of_a_year() -> None:
    """Half have left after two steps: each step lets 1 - sqrt(1/2) go."""
    data = small(
        time={**time("2019-01", "2022-12", "year"), "step": "discrete", "counting": "end"},
        transitions=[{**FROM_SHELTER, "to": "home", "probability": Decimal("0.1"), "within": "1 year"}],
        programmes=programme({"median": "2 years"}),
        strategies={"reference": {"programmes": "act"}},
    )  # fmt: skip
    model = model_of(data)
    ends = model.generator.domain == -1
    assert model.generator.rate[ends, 0] == pytest.approx([1 - 0.5**0.5] * 2, rel=ROUNDING)


def test_counts_in_discrete_time_are_used_as_given() -> None:
    """The textbook's row: 1251, 350, 116 and 17 of 1734."""
    data = small(
        domains={"health": {"a": None, "b": None, "c": None}},
        leave=["dead"],
        population={"initial": [{"stratum": "adult", "health": "a", "persons": 1000}]},
        time={**time("2019-01", "2022-12", "year"), "step": "discrete", "counting": "end"},
        transitions=[
            {"from": {"health": "a"}, "counts": {"b": 350, "c": 116, "dead": 17}, "stayed": 1251,
             "within": "1 year"},
            {"from": {"health": "b"}, "counts": {"c": 512, "dead": 15}, "stayed": 0, "within": "1 year"},
        ],
    )  # fmt: skip
    edges = model_of(data).generator
    found = dict(zip(zip(edges.source, edges.target, strict=True), edges.rate[:, 0], strict=True))
    expected = {(0, 1): 350 / 1734, (0, 2): 116 / 1734, (0, 3): 17 / 1734,
                (1, 2): 512 / 527, (1, 3): 15 / 527}  # fmt: skip
    assert found == pytest.approx(expected, rel=ROUNDING)


# Uncertainty of counts ---------------------------------------------------------------------------


def counted(**row: object) -> Data:
    return small(domains=THREE, transitions=[{**FROM_SHELTER, **row}])


def test_counts_are_drawn_as_a_dirichlet() -> None:
    """Means, variances and covariances of the shares against the closed forms."""
    spec = scenario_of(counted(counts=LEFT, stayed=12, within="1 year")).base
    drawn = draw_counted(spec, N_DRAWS, seed=7)
    shares = np.stack([drawn[f"transitions[0].counts.{to}"] for to in LEFT])
    n = 49
    mean = np.array([16, 13, 8]) / n
    covariance = (np.diag(mean) - np.outer(mean, mean)) / (n + 1)
    error = np.sqrt(np.diag(covariance) / N_DRAWS)
    assert np.all(np.abs(shares.mean(axis=1) - mean) < FIVE_SIGMA * error)
    assert np.cov(shares) == pytest.approx(covariance, rel=0.1)
    assert np.all(shares.sum(axis=0) < 1)


def test_drawn_counts_reach_the_rates() -> None:
    spec = scenario_of(counted(stay={"mean": "6 months"}, counts=LEFT)).base
    values = draw_parameters(spec, 50, seed=1)
    model = build_model(spec, "reference", values)
    assert model.generator.rate.shape == (3, 50)
    assert model.generator.rate.sum(axis=0) == pytest.approx([2] * 50, rel=ROUNDING)
    first = values["transitions[0].counts.home"]
    assert model.generator.rate[0] == pytest.approx(2 * first, rel=ROUNDING)
    assert len(set(first)) == 50
    base = build_model(spec, "reference")
    assert base.generator.rate[0, 0] == pytest.approx(2 * 16 / 37, rel=ROUNDING)


def test_draws_of_counts_are_their_own() -> None:
    """A block is the same whatever came before it, and another row changes nothing."""
    row = {"counts": LEFT, "stayed": 12, "within": "1 year"}
    spec = scenario_of(counted(**row)).base
    whole, block = draw_counted(spec, 40, seed=3), draw_counted(spec, 10, seed=3, first=30)
    name = "transitions[0].counts.sofa"
    assert np.array_equal(whole[name][30:], block[name])
    other: Data = {"from": {"housing": "home"}, "to": "sofa", "rate_per_year": 1}
    more = small(domains=THREE, transitions=[other, {**FROM_SHELTER, **row}])
    moved = draw_counted(scenario_of(more).base, 40, seed=3)
    assert np.array_equal(whole[name], moved["transitions[1].counts.sofa"])


def test_where_nobody_went_nobody_goes() -> None:
    counts = {"home": 5, "sofa": 0}
    assert rates(stay={"mean": "1 year"}, counts=counts) == pytest.approx([1, 0])
    spec = scenario_of(counted(stay={"mean": "1 year"}, counts=counts)).base
    drawn = draw_counted(spec, 9, seed=3)
    assert drawn["transitions[0].counts.sofa"].tolist() == [0] * 9
    assert drawn["transitions[0].counts.home"].tolist() == [1] * 9


# What is refused ---------------------------------------------------------------------------------

WAYS = (
    "write one of: 'stay' and 'to'; 'stay' and 'counts'; 'rate_per_year' and 'to'; 'probability', "
    "'within' and 'to'; 'probabilities' and 'within'; 'counts', 'stayed' and 'within'; here: "
)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"stay": {}, "to": "home"}, "write one of: 'mean', alone or with 'weibull', 'lognormal' or 'gamma'; 'median'; 'share' and 'over'; 'lengths'; here: none of them"),
        (
            {"stay": {"mean": "1 day", "median": "1 day"}, "to": "home"},
            "write one of: 'mean', alone or with 'weibull', 'lognormal' or 'gamma'; 'median'; 'share' and 'over'; 'lengths'; here: median and mean",
        ),
        (
            {"stay": {"share": Decimal("0.1")}, "to": "home"},
            "write one of: 'mean', alone or with 'weibull', 'lognormal' or 'gamma'; 'median'; 'share' and 'over'; 'lengths'; here: share",
        ),
        (
            {"stay": {"share": 0, "over": "120 days"}, "to": "home"},
            "a share of 0 over a time says nothing of the mean; it must be above 0 and below 1",
        ),
        (
            {"stay": {"share": Decimal("1.5"), "over": "120 days"}, "to": "home"},
            "1.5 is not a share (0 to 1)",
        ),
        (
            {"stay": {"share": Decimal("0.5"), "over": 120}, "to": "home"},
            "120 has no unit; write a duration such as '61 days'",
        ),
        ({"counts": LEFT, "within": "1 year"}, f"{WAYS}counts, within"),
        ({"counts": LEFT, "stayed": 5, "to": "home"}, f"{WAYS}counts, stayed, to"),
        ({"counts": {}, "stay": {"mean": "1 day"}}, "nobody was counted, so nothing can be said of where people go"),
        (
            {"counts": {"home": 0}, "stayed": 0, "within": "1 year"},
            "nobody was counted, so nothing can be said of where people go",
        ),
        ({"counts": {"home": -1}, "stay": {"mean": "1 day"}}, "-1 must be 0 or more"),
        ({"counts": {"home": Decimal("1.5")}, "stay": {"mean": "1 day"}}, "expected a whole number, not 1.5"),
        (
            {"counts": {"home": 5}, "stayed": 0, "within": "1 year"},
            "the probabilities add to 1 or more; in continuous time somebody always stays, so they "
            "must add to less than 1",
        ),
        (
            {"counts": {"hme": 5}, "stay": {"mean": "1 day"}},
            "'hme' is no state of housing or way to leave; did you mean 'home'?",
        ),
        ({"counts": {"shelter": 5}, "stay": {"mean": "1 day"}}, "'shelter' is where these people already are"),
    ],
)  # fmt: skip
def test_every_way_to_get_it_wrong(row: Data, message: str) -> None:
    assert told(**row) == message


def test_a_parameter_can_be_no_share_over_a_time_either() -> None:
    row = {"stay": {"share": "long", "over": "120 days"}, "to": "home"}
    parameters: Data = {"long": {"value": 1}}
    sound = "says nothing of the mean; it must be above 0 and below 1"
    with pytest.raises(ScenarioError) as caught:
        scenario_of({**counted(**row), "parameters": parameters})
    assert [str(one) for one in caught.value.problems] == [
        f"<text>:1:{caught.value.problems[0].column}: transitions[0].stay.share: a share of 1 over a time {sound}"
    ]
    spec = scenario_of({**counted(**row), "parameters": {"long": {"value": Decimal("0.14")}}}).base
    with pytest.raises(
        DrawError, match=r"^transitions\[0\].stay.share: a share of 1 over .* in draw 6"
    ):
        build_model(spec, "reference", {"long": np.array([0.5, 1.0])}, first=5)


def test_the_conversion_refuses_what_it_cannot_convert() -> None:
    for share in (0.0, 1.0, -0.1):
        with pytest.raises(ValueError, match="above 0 and below 1"):
            rate_from_share_over(np.array([0.5, share]), np.array([1.0, 1.0]))
