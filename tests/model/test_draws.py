"""Draws: each parameter its own luck, its own distribution, and the same numbers in any block."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from som_sim.core.streams import uniforms
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.model.build import build_model
from som_sim.model.draws import DrawError, draw_parameters, stated_parameters
from som_sim.scenario.read import loads
from som_sim.scenario.schema import ScenarioFile

VALID = (Path(__file__).parents[1] / "scenario" / "valid.yaml").read_text(encoding="utf-8")
STAY = "  stay: {value: 61 days, source: report, grade: C}\n"
N = 4000
FALSE_ALARM = 1e-6
"""Chance that one statistical test here fails although all is well; the seeds are fixed."""


def spec_with(
    *lines: str, correlations: Sequence[str] = (), changes: Sequence[tuple[str, str]] = ()
) -> ScenarioFile:
    """Return the good file with more parameters, correlations, and some places changed."""
    joint = "correlations:\n" + "".join(f"  - {line}\n" for line in correlations)
    text = VALID.replace(STAY, STAY + "".join(f"  {line}\n" for line in lines))
    text = text.replace("population:\n", (joint if correlations else "") + "population:\n", 1)
    for find, new in changes:
        assert text.count(find) == 1
        text = text.replace(find, new)
    return loads(text).base


A = "a: {value: 2.5, is: median, distribution: {lognormal: {ci95: [1.6, 3.9]}}}"
B = "b: {value: 0.3, distribution: {beta: {events: 12, n: 40}}}"
C = "c: {value: 61 days, distribution: {gamma: {sd: 6 days}}}"
D = "d: {value: 0, distribution: {normal: {sd: 2}}}"
E = "e: {value: 2, distribution: {discrete: {values: [1, 3], probabilities: [0.5, 0.5]}}}"
F = "f: {value: 2, is: mode, distribution: {pert: {low: 1, high: 5}}}"
G = "g: {value: 2, is: mode, distribution: {triangular: {low: 1, high: 5}}}"
SHARES = tuple(
    f"s{i}: {{value: {count} / 10, distribution: {{dirichlet: {{group: g, count: {count}}}}}}}"
    for i, count in enumerate((2, 3, 5))
)


def test_draws_follow_their_distributions() -> None:
    draws = draw_parameters(spec_with(A, B, C, D, E, F, G), N, seed=1)
    sigma = np.log(3.9 / 1.6) / 2 / stats.norm.ppf(0.975)
    expected = {
        "a": stats.lognorm(sigma, scale=np.sqrt(1.6 * 3.9)),
        "b": stats.beta(12, 28),
        "c": stats.gamma((61 / 6) ** 2, scale=36 / 61 / DAYS_PER_YEAR),
        "d": stats.norm(0, 2),
        "f": stats.beta(2, 4, loc=1, scale=4),
        "g": stats.triang(0.25, 1, 4),
    }
    for name, distribution in expected.items():
        assert stats.kstest(draws[name], distribution.cdf).pvalue > FALSE_ALARM, name
    ones = int((draws["e"] == 1).sum())
    assert set(draws["e"]) == {1, 3}
    assert stats.binomtest(ones, N, 0.5).pvalue > FALSE_ALARM


def test_the_test_of_distributions_can_fail() -> None:
    draws = draw_parameters(spec_with(D), N, seed=1)
    assert stats.kstest(draws["d"], stats.norm(0.3, 2).cdf).pvalue < FALSE_ALARM


def test_a_draw_is_the_quantile_of_its_number() -> None:
    draws = draw_parameters(spec_with(B), 5, seed=9, first=3)
    chance = uniforms(9, "parameter", "b", n=5, first=3)
    assert draws["b"] == pytest.approx(stats.beta(12, 28).ppf(chance), rel=1e-12)


JOINT = ("{between: [a, b], rank: 0.5}", "{between: [d, b], rank: -0.6}")
ALL = spec_with(
    A, B, C, D, E, F, G, *SHARES, "h: {value: exp(d / 9) * b if a > 2 else sqrt(c / 1 day)}",
    correlations=JOINT,
)  # fmt: skip


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(0, 10**6))
def test_blocks_of_any_size_give_the_same_draws(sizes: list[int], first: int) -> None:
    whole = draw_parameters(ALL, sum(sizes), seed=7, first=first)
    at = first
    for size in sizes:
        block = draw_parameters(ALL, size, seed=7, first=at)
        for name, values in block.items():
            inside = whole[name][at - first : at - first + size]
            assert values.tobytes() == inside.tobytes(), name
        at += size


def test_a_parameter_more_or_less_changes_no_others_draws() -> None:
    few = draw_parameters(spec_with(B, D), 50, seed=3)
    many = draw_parameters(spec_with(A, D, C, *SHARES, B, "z: {value: 2 * b}"), 50, seed=3)
    for name in ("b", "d"):
        assert few[name].tobytes() == many[name].tobytes()


def test_a_correlation_more_changes_only_what_it_brings_in() -> None:
    without = draw_parameters(spec_with(A, B, C, D), 50, seed=3)
    one = draw_parameters(spec_with(A, B, C, D, correlations=JOINT[:1]), 50, seed=3)
    both = draw_parameters(spec_with(A, B, C, D, correlations=JOINT), 50, seed=3)
    assert [name for name in without if not (without[name] == one[name]).all()] == ["b"]
    assert [name for name in one if not (one[name] == both[name]).all()] == ["d"]


def test_another_seed_gives_other_draws_and_the_same_seed_the_same() -> None:
    spec = spec_with(A)
    first, again, other = (draw_parameters(spec, 20, seed=seed)["a"] for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes()
    assert not (first == other).any()


def test_strategies_meet_the_same_luck() -> None:
    text = VALID.replace(STAY, STAY + f"  {C}\n").replace(
        "parameters.stay.value: 50 days", "parameters.c.value: 50 days"
    )
    reference, act = (
        draw_parameters(spec, 500, seed=1)["c"] for spec in loads(text).strategies.values()
    )
    assert stats.spearmanr(reference, act).statistic == pytest.approx(1)
    assert (act < reference).all()


def test_ranks_go_together_as_stated_and_margins_stay() -> None:
    spec = spec_with(A, B, D, correlations=JOINT)
    draws = draw_parameters(spec, N, seed=2)
    # the standard error of a rank correlation is below 1.1 / sqrt(n): five of them
    for (one, two), rank in {("a", "b"): 0.5, ("b", "d"): -0.6, ("a", "d"): 0.0}.items():
        found = stats.spearmanr(draws[one], draws[two]).statistic
        assert found == pytest.approx(rank, abs=5 * 1.1 / np.sqrt(N))
    assert stats.kstest(draws["b"], stats.beta(12, 28).cdf).pvalue > FALSE_ALARM
    assert stats.kstest(draws["d"], stats.norm(0, 2).cdf).pvalue > FALSE_ALARM


def test_shares_of_a_group_add_to_1_and_are_betas_by_themselves() -> None:
    draws = draw_parameters(spec_with(*SHARES), N, seed=4)
    shares = np.array([draws[f"s{i}"] for i in range(3)])
    assert shares.sum(axis=0) == pytest.approx(np.ones(N), abs=1e-15)
    for share, count in zip(shares, (2, 3, 5), strict=True):
        assert stats.kstest(share, stats.beta(count, 10 - count).cdf).pvalue > FALSE_ALARM
    # Dirichlet: covariance -a b / (n^2 (n + 1)); the product of shares has sd below 0.06
    both = (shares[0] * shares[1]).mean()
    assert both == pytest.approx(2 * 3 / (10 * 11), abs=5 * 0.06 / np.sqrt(N))


def test_by_n_is_by_count() -> None:
    by_n = [line.replace(f"count: {c}", "n: 10") for line, c in zip(SHARES, (2, 3, 5), strict=True)]
    one, two = (draw_parameters(spec_with(*lines), 30, seed=1) for lines in (SHARES, by_n))
    assert one["s1"] == pytest.approx(two["s1"], rel=1e-12)


def test_certain_and_derived_parameters_are_drawn_along() -> None:
    draws = draw_parameters(spec_with(C, "half: {value: c / 2}", "k: {value: 3}"), 9, seed=1)
    assert (draws["half"] == draws["c"] / 2).all()
    assert draws["k"].tolist() == [3.0] * 9
    assert draws["stay"].tolist() == [61 / DAYS_PER_YEAR] * 9
    with pytest.raises(ValueError):
        draws["k"][0] = 1
    with pytest.raises(TypeError):
        draws["k"] = draws["c"]  # type: ignore[index]


def test_the_base_case_is_what_the_file_states() -> None:
    values = stated_parameters(spec_with(A, C, "half: {value: c / 2}"))
    assert {name: one.tolist() for name, one in values.items()} == {
        "stay": [61 / DAYS_PER_YEAR],
        "a": [2.5],
        "c": [61 / DAYS_PER_YEAR],
        "half": [61 / DAYS_PER_YEAR / 2],
    }


# Errors in draws -------------------------------------------------------------------------------


def test_an_expression_that_fails_in_a_draw_names_parameter_and_draw() -> None:
    spec = spec_with(D, "q: {value: log(d + 1)}")
    bad = int(np.flatnonzero(draw_parameters(spec_with(D), 99, seed=1, first=5)["d"] <= -1)[0]) + 5
    with pytest.raises(DrawError) as caught:
        draw_parameters(spec, 99, seed=1, first=5)
    assert (caught.value.place, caught.value.draw) == ("parameters.q", bad)
    assert str(caught.value).startswith("parameters.q: log of -")
    assert str(caught.value).endswith(f"is no number in draw {bad}")


def test_a_distribution_too_narrow_for_floats_is_an_error_not_a_number() -> None:
    spec = spec_with(*(line.replace("count: ", "count: 0.000000") for line in SHARES))
    with pytest.raises(DrawError, match="the distribution gives no finite number in draw"):
        draw_parameters(spec, 99, seed=1)


CHANCE, TO = "probability: 0.3", "to: {home: 0.6, street: 0.4}"


@pytest.mark.parametrize(
    ("line", "change", "message"),
    [
        (
            "d: {value: 0.5, distribution: {normal: {sd: 0.4}}}",
            (CHANCE, "probability: d * 1"),
            r"^'d \* 1': -?[0-9.]+ is not a probability \(0 to 1\) in draw [0-9]+$",
        ),
        (
            "d: {value: 0.6, distribution: {beta: {sd: 0.1}}}",
            (TO, "to: {home: d, street: 0.4}"),
            r"^transitions\[0\].to: the shares add to [0-9.]+, not to 1; write one of them as 1 "
            "less the others in draw 20$",
        ),
        (
            "d: {value: 0.3, distribution: {uniform: {low: 0, high: 0.6}}}",
            ("to: shelter, probability: 0.3", "probabilities: {shelter: 0.5, home: d}"),
            r"^transitions\[2\]: the probabilities add to 1[0-9.]+, not to less than 1 in draw",
        ),
        (
            "d: {value: 61 days, distribution: {normal: {sd: 50 days}}}",
            ("mean: stay}", "mean: d / 1}"),
            r"^'d / 1': -[0-9.]+ is not a duration .*in draw",
        ),
        (
            "d: {value: 0.6, distribution: {normal: {sd: 0.4}}}",
            ("hazard_ratio: 2.5", "hazard_ratio: '1 / max(d, 0)'"),
            r"^'1 / max\(d, 0\)': division by zero in draw",
        ),
    ],
)
def test_what_a_place_cannot_take_names_place_and_draw(
    line: str, change: tuple[str, str], message: str
) -> None:
    text = VALID.replace(STAY, STAY + f"  {line}\n")
    assert text.count(change[0]) == 1
    spec = loads(text.replace(*change)).strategies["act"]
    build_model(spec, "act")
    with pytest.raises(DrawError, match=message):
        build_model(spec, "act", draw_parameters(spec, 500, seed=1, first=20), first=20)


def test_moving_on_never_takes_more_than_all() -> None:
    other = (
        "  {}: {{eligible: {{stratum: adult}}, places: 9, intake: {{share_of_waiting: 0.5}}, "
        "stay: {{mean: 9 months}}}}\n"
    )
    spec = spec_with(
        "d: {value: 0.5, distribution: {uniform: {low: 0, high: 1}}}",
        changes=[
            ("programmes:\n", "programmes:\n" + other.format("icm") + other.format("cti")),
            (
                "stay: {mean: 24 months}",
                "stay: {mean: 24 months}\n    moves_on_to: {icm: d, cti: 0.5}",
            ),
            ("act: {programmes: [act]", "act: {programmes: [act, icm, cti]"),
        ],
    )
    build_model(spec, "act")
    with pytest.raises(DrawError, match=r"^programmes.act.moves_on_to: the shares add to 1.[0-9]+"):
        build_model(spec, "act", draw_parameters(spec, 500, seed=1))


# Models from draws -----------------------------------------------------------------------------


def test_a_model_of_draws_has_the_models_of_each_draw() -> None:
    spec = spec_with(
        A, B, C, "k: {value: 2 * c}",
        changes=[
            ("mean: stay}", "mean: k / 2}"),
            (CHANCE, "probability: b"),
            ("hazard_ratio: 2.5", "hazard_ratio: a"),
            (TO, "to: {home: b, street: 1 - b}"),
            ("persons: 34", "persons: 34 * b"),
        ],
    )  # fmt: skip
    draws = draw_parameters(spec, 7, seed=1)
    together = build_model(spec, "act", draws)
    for i in range(7):
        alone = build_model(spec, "act", draw_parameters(spec, 1, seed=1, first=i), first=i)
        assert together.rates[..., i].tobytes() == alone.rates[..., 0].tobytes()
        assert together.initial[:, i].tobytes() == alone.initial[:, 0].tobytes()


def test_a_model_without_parameters_has_one_draw() -> None:
    bare = VALID.replace("parameters:\n" + STAY, "").replace("mean: stay}", "mean: 9 days}")
    bare = bare.replace(", overrides: {parameters.stay.value: 50 days}", "")
    spec = loads(bare).base
    values = draw_parameters(spec, 5, seed=1)
    assert dict(values) == {}
    assert build_model(spec, "act", values).initial.shape[1] == 1
