"""Distributions: each family against scipy, each form against a hand-worked answer or its inverse."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from som_sim.core.time import DAYS_PER_YEAR
from som_sim.scenario.distribution_fit import beta_by_interval, fit, gamma_by_interval
from som_sim.scenario.distribution_forms import EXPERT_SAMPLE, DistributionForm, statement
from som_sim.scenario.distributions import (
    Beta,
    Discrete,
    Distribution,
    Gamma,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
    median,
)
from som_sim.scenario.units import DURATION, NUMBER, PER_YEAR, PERSONS

CLOSED = 1e-12
"""Closed forms of a few operations, relative."""
SEARCHED = 1e-6
"""Bisection stops at float precision; quantiles of large shapes lose some digits of it."""
Z = 1.959963984540054

FAMILIES = [
    (Beta(3, 7), stats.beta(3, 7)),
    (Beta(0.4, 0.6), stats.beta(0.4, 0.6)),
    (Gamma(103.4, 0.59), stats.gamma(103.4, scale=0.59)),
    (Gamma(0.5, 2), stats.gamma(0.5, scale=2)),
    (Normal(-1, 2.5), stats.norm(-1, 2.5)),
    (Lognormal(0.9, 0.23), stats.lognorm(0.23, scale=math.exp(0.9))),
    (Uniform(-1, 4), stats.uniform(-1, 5)),
    (Triangular(1, 2, 5), stats.triang(0.25, 1, 4)),
    (Triangular(1, 1, 5), stats.triang(0, 1, 4)),
    (Triangular(1, 5, 5), stats.triang(1, 1, 4)),
    (Pert(1, 2, 5), stats.beta(2, 4, loc=1, scale=4)),
    (Discrete((1, 2, 5), (0.2, 0.5, 0.3)), stats.rv_discrete(values=((1, 2, 5), (0.2, 0.5, 0.3)))),
]


@pytest.mark.parametrize(("ours", "theirs"), FAMILIES, ids=lambda one: str(one)[:30])
def test_each_family_is_scipys(ours: Distribution, theirs: stats.rv_continuous) -> None:
    p = np.array([1e-6, 0.025, 0.2, 0.21, 0.5, 0.69, 0.71, 0.975, 1 - 1e-6])
    assert ours.quantile(p) == pytest.approx(theirs.ppf(p), rel=1e-9, abs=1e-12)
    assert ours.mean == pytest.approx(theirs.mean(), rel=CLOSED)
    assert ours.sd == pytest.approx(theirs.std(), rel=CLOSED)
    assert median(ours) == pytest.approx(theirs.median(), rel=1e-9)
    assert ours.support == pytest.approx(theirs.support())


@pytest.mark.parametrize(
    ("distribution", "mode"),
    [
        (Beta(3, 7), 0.25),
        (Beta(1, 2), 0),
        (Beta(2, 0.5), 1),
        (Beta(1, 1), None),
        (Beta(0.5, 0.5), None),
        (Gamma(3, 2), 4),
        (Gamma(0.5, 2), 0),
        (Normal(3, 1), 3),
        (Lognormal(0, 1), math.exp(-1)),
        (Uniform(0, 1), None),
        (Triangular(1, 2, 5), 2),
        (Pert(1, 2, 5), 2),
        (Discrete((1, 2), (0.4, 0.6)), 2),
        (Discrete((1, 2), (0.5, 0.5)), None),
    ],
)
def test_modes(distribution: Distribution, mode: float | None) -> None:
    assert distribution.mode == (None if mode is None else pytest.approx(mode))


def test_steps_of_a_discrete_distribution_may_round() -> None:
    tenth = Discrete(tuple(range(10)), (0.1,) * 10)
    assert tenth.quantile(np.array([2.0**-53, 1 - 2.0**-53])).tolist() == [0, 9]
    assert median(Discrete((1, 2), (0.5, 0.5))) == 1


# Forms -----------------------------------------------------------------------------------------


def written(family: str, **form: object) -> DistributionForm:
    return DistributionForm.model_validate({family: form})


def fitted(
    family: str, value: float = 1.0, what: str = "mean", scale: float = 1.0, **form: object
) -> Distribution:
    return fit(written(family, **form), value, what, NUMBER, scale)


def d(number: float) -> Decimal:
    return Decimal(repr(number))


def test_moments_by_hand() -> None:
    assert fitted("normal", 3, sd=d(0.5)) == Normal(3, 0.5)
    assert fitted("gamma", 6, sd=d(3)) == Gamma(4, 1.5)
    # (0.3 * 0.7 / 0.01) - 1 = 20 people, 6 of whom
    beta = fitted("beta", 0.3, sd=d(0.1))
    assert isinstance(beta, Beta)
    assert (beta.a, beta.b) == pytest.approx((6, 14), rel=CLOSED)
    lognormal = fitted("lognormal", 2, sd=d(2))
    assert isinstance(lognormal, Lognormal)
    assert lognormal.log_sd == pytest.approx(math.sqrt(math.log(2)), rel=CLOSED)
    assert lognormal.log_mean == pytest.approx(math.log(2) / 2, rel=CLOSED)


def test_a_mean_beside_the_sd_frees_the_value() -> None:
    assert fitted("gamma", 5.5, "median", mean=d(6), sd=d(3)) == Gamma(4, 1.5)


def test_intervals_by_hand() -> None:
    normal = fitted("normal", ci95=[d(1), d(3)])
    assert isinstance(normal, Normal)
    assert (normal.centre, normal.sd) == pytest.approx((2, 1 / Z), rel=CLOSED)
    lognormal = fitted("lognormal", ci95=[d(1.6), d(3.9)])
    assert median(lognormal) == pytest.approx(math.sqrt(1.6 * 3.9), rel=CLOSED)
    assert fitted("uniform", ci={"level": d(0.5), "low": d(1), "high": d(2)}) == Uniform(0.5, 2.5)


def test_counts_by_hand() -> None:
    assert fitted("beta", 0.3, events=12, n=40) == Beta(12, 28)
    assert fitted("beta", 0.1, events=0, n=12, prior=d(0.5)) == Beta(0.5, 12.5)
    form = written("gamma", events=12, person_time="150 years")
    assert fit(form, 0.08, "mean", PER_YEAR, 1.0) == Gamma(12, 1 / 150)
    assert fit(form, 0.08, "mean", PER_YEAR, 1.0).mean == pytest.approx(0.08, rel=CLOSED)


def test_an_experts_words_are_worth_people() -> None:
    beta = fitted("beta", 0.3, expert="3 of 10, fairly sure")
    assert isinstance(beta, Beta)
    assert (beta.a, beta.b) == pytest.approx((7.5, 17.5), rel=CLOSED)
    for words, n in EXPERT_SAMPLE.items():
        assert statement(f"3  af 10,  {words.upper()}") == (0.3, n)
    assert statement("2.5 out of 10, sure") == statement("2.5 ud af 10, sikker") == (0.25, 70)


def test_the_intervals_told_of_the_experts_words_are_so() -> None:
    told = {3: (0.01, 0.82), 8: (0.06, 0.63), 25: (0.14, 0.49), 70: (0.20, 0.41), 200: (0.24, 0.37)}
    assert set(told) == set(EXPERT_SAMPLE.values())
    for n, ends in told.items():
        quantiles = Beta(0.3 * n, 0.7 * n).quantile(np.array([0.025, 0.975]))
        assert quantiles == pytest.approx(ends, abs=0.006)


def test_ends_and_peaks() -> None:
    assert fitted("uniform", low=1, high=3) == Uniform(1, 3)
    assert fitted("triangular", 2, "mode", low=1, high=5) == Triangular(1, 2, 5)
    assert fitted("pert", low=1, mode=2, high=5) == Pert(1, 2, 5)
    assert fitted("discrete", values=[3, 1], probabilities=[d(0.25), d(0.75)]) == Discrete(
        (1, 3), (0.75, 0.25)
    )


def test_durations_are_in_years_whatever_their_unit() -> None:
    days = fit(written("normal", sd="6 days"), 61 / DAYS_PER_YEAR, "mean", DURATION, None)
    assert days.sd * DAYS_PER_YEAR == pytest.approx(6, rel=CLOSED)
    stated = fit(written("normal", sd=6), 61 / DAYS_PER_YEAR, "mean", DURATION, 1 / DAYS_PER_YEAR)
    assert stated == days
    months = fit(written("uniform", low="1 month", high="2 months"), 0.1, "mean", DURATION, None)
    assert months.support == pytest.approx((1 / 12, 2 / 12), rel=CLOSED)


MEAN, CV = st.floats(1e-3, 1e3), st.floats(0.01, 2)


@given(st.sampled_from(["gamma", "lognormal", "normal"]), MEAN, CV)
def test_moments_come_back(family: str, mean: float, cv: float) -> None:
    found = fitted(family, mean, sd=d(cv * mean))
    assert found.mean == pytest.approx(mean, rel=CLOSED)
    assert found.sd == pytest.approx(cv * mean, rel=1e-9)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.95))
def test_moments_of_a_share_come_back(mean: float, part: float) -> None:
    sd = part * math.sqrt(mean * (1 - mean))
    found = fitted("beta", mean, sd=d(sd))
    assert (found.mean, found.sd) == pytest.approx((mean, sd), rel=1e-9)


LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


@given(st.sampled_from(["lognormal", "normal", "uniform"]), MEAN, st.floats(1.01, 50), LEVELS)
def test_intervals_come_back(family: str, low: float, ratio: float, level: float) -> None:
    ci = {"level": d(level), "low": d(low), "high": d(low * ratio)}
    ends = fitted(family, ci=ci).quantile(np.array([(1 - level) / 2, (1 + level) / 2]))
    assert ends == pytest.approx([low, low * ratio], rel=1e-9)


@given(st.floats(0.1, 1e5), st.floats(1e-3, 1e3), LEVELS)
def test_a_gamma_comes_back_from_its_interval(shape: float, scale: float, level: float) -> None:
    ends = Gamma(shape, scale).quantile(np.array([(1 - level) / 2, (1 + level) / 2]))
    assume(ends[0] > 1e-200)
    found = gamma_by_interval(float(ends[0]), float(ends[1]), level)
    assert (found.shape, found.scale) == pytest.approx((shape, scale), rel=SEARCHED)


@given(st.floats(0.5, 1e3), st.floats(0.5, 1e3), LEVELS)
def test_a_beta_comes_back_from_its_interval(a: float, b: float, level: float) -> None:
    ends = Beta(a, b).quantile(np.array([(1 - level) / 2, (1 + level) / 2]))
    assume(ends[0] > 1e-9 and ends[1] < 1 - 1e-9)
    found = beta_by_interval(float(ends[0]), float(ends[1]), level)
    assert (found.a, found.b) == pytest.approx((a, b), rel=SEARCHED)


def told(family: str, value: float = 0.3, what: str = "mean", **form: object) -> str:
    unit, scale = form.pop("unit", NUMBER), form.pop("scale", 1.0)
    with pytest.raises(ValueError) as caught:
        fit(written(family, **form), value, what, unit, scale)  # type: ignore[arg-type]
    return str(caught.value)


def test_what_no_distribution_can_be() -> None:
    assert told("normal", sd=0) == "sd must be above 0; a value without a distribution is certain"
    assert told("normal", what="median", sd=1) == (
        "sd alone takes the value as the mean, but it is the median; add the mean, as {mean: ..., "
        "sd: ...}"
    )
    assert told("normal", sd="6 days") == "'6 days' is a duration, but the value is a number"
    assert told("gamma", sd=6, unit=DURATION, scale=None) == (
        "6 has no unit; write a duration such as '6 days'"
    )
    positive = "is above 0; its mean or the ends of its interval must be too"
    assert told("gamma", 0, sd=1) == f"a gamma {positive}"
    assert told("lognormal", -1, sd=1) == f"a lognormal {positive}"
    assert told("lognormal", ci95=[0, 1]) == f"a lognormal {positive}"
    assert told("gamma", ci95=[-1, 1]) == f"a gamma {positive}"
    order = "the lower end of an interval comes first and is below the upper"
    assert told("normal", ci95=[2, 1]) == told("beta", ci95=[1, 1]) == order
    assert told("beta", sd=1, unit=PERSONS) == (
        "a beta is a share from 0 to 1, but the value is persons"
    )
    assert told("beta", 1.2, sd=1) == (
        "a beta is a share, and its mean is between 0 and 1, not 1.2"
    )
    assert told("beta", 0.3, sd=d(0.5)) == (
        "sd 0.5 is too large for a beta with mean 0.3; it must be below 0.458"
    )
    assert told("beta", ci95=[0, d(0.5)]) == (
        "the ends of an interval of a beta are above 0 and below 1"
    )
    nothing = "no distribution of this family has this interval"
    assert told("beta", ci95=[d(0.5), d(0.50000001)]) == nothing
    assert told("gamma", ci95=[d(0.5), d(0.50000001)]) == nothing
    assert told("gamma", events=3, person_time="2 years", unit=DURATION) == (
        "events in person_time give a rate per year, but the value is a duration"
    )
    assert told("uniform", low=2, high=2) == "low must be below high"
    assert told("pert", low=1, high=2) == (
        "the value is the mean; say 'is: mode', or add the mode here"
    )
    assert told("triangular", low=1, mode=3, high=2) == "low, mode and high must be in that order"
    assert told("discrete", values=[1, 1], probabilities=[d(0.5), d(0.5)]) == (
        "a value stands here twice"
    )


def refused(form: object) -> str:
    with pytest.raises(ValidationError) as caught:
        DistributionForm.model_validate(form)
    return "; ".join(str(one["msg"]) for one in caught.value.errors())


WORDS = ", ".join(EXPERT_SAMPLE)
FAMILY_NAMES = "beta, gamma, lognormal, normal, uniform, triangular, pert, dirichlet, discrete"


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, f"write one of {FAMILY_NAMES}"),
        (
            {"normal": {"sd": 1}, "gamma": {"sd": 1}},
            f"write one of {FAMILY_NAMES}",
        ),
        ({"normal": {}}, "write one of: sd; mean and sd; ci95; ci; here: nothing"),
        (
            {"normal": {"sd": 1, "ci95": [1, 2]}},
            "write one of: sd; mean and sd; ci95; ci; here: ci95 and sd",
        ),
        ({"normal": {"sd": "much"}}, "'much' is neither a number nor a duration such as '6 days'"),
        ({"normal": {"sd": True}}, "true is neither a number nor a duration such as '6 days'"),
        ({"normal": {"ci95": [1]}}, "write the lower and the upper end, such as [1.6, 3.9]"),
        (
            {"normal": {"ci": {"level": 95, "low": 1, "high": 2}}},
            "level 95 is not a share between 0 and 1, such as 0.95",
        ),
        ({"beta": {"events": 5, "n": 4}}, "events are 0 or more and at most n, prior is 0 or more"),
        (
            {"beta": {"events": 0, "n": 4}},
            "0 of 4 alone would be sure for ever; add what was believed before, such as prior: 0.5",
        ),
        (
            {"beta": {"expert": "3 of 10, sort of"}},
            "'3 of 10, sort of' is no statement; write it in quotes, as \"3 of 10, fairly sure\"; "
            f"the words are {WORDS}",
        ),
        ({"beta": {"expert": "10 of 10, sure"}}, "10 of 10 is not a share between 0 and 1"),
        ({"gamma": {"events": 0, "person_time": "1 year"}}, "events must be above 0"),
        (
            {"gamma": {"events": 3, "person_time": 150}},
            "person_time 150 has no unit; write such as '150 years'",
        ),
        (
            {"dirichlet": {"group": "g", "count": 0}},
            "count and n must be above 0; leave out a share that cannot be",
        ),
        (
            {"discrete": {"values": [1], "probabilities": [1]}},
            "write two values or more, and as many probabilities",
        ),
        (
            {"discrete": {"values": [1, 2], "probabilities": [0, 1]}},
            "each probability must be above 0",
        ),
        (
            {"discrete": {"values": [1, 2], "probabilities": [1, 1]}},
            "the probabilities add to 2; they must add to 1",
        ),
    ],
)
def test_what_is_no_form(form: object, message: str) -> None:
    assert refused(form) == message
