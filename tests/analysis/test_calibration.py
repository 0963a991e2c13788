"""Calibration against posteriors in closed form, and its files against what they must say."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import som_sim as som
from random_scenarios import Data, as_text, small
from som_sim.analysis.backtest import LAST_TREND, MODEL, NO_CHANGE, backtest
from som_sim.analysis.calibration import Calibration, calibrate
from som_sim.analysis.likelihood import Likelihood, likelihood_of
from som_sim.analysis.overlay import overlay_text, table_text, write_overlay, written
from som_sim.analysis.problem import make_problem
from som_sim.cli import codes
from som_sim.cli.main import main
from som_sim.core.errors import ScenarioError, SomSimError
from som_sim.model.draws import draw_parameters

pytest.importorskip("emcee", reason="calibration needs the extra 'calibration'")

FALSE_ALARM = 4.5
"""Standard errors that a mean of draws may miss its closed form by: once in 150,000 tests."""
QUICK = {"n_draws": 2000, "n_walkers": 64, "n_steps": 90, "compiled": False}


def counted(kind: str, where: Data, year: int, value: object, **more: Any) -> Data:
    during = {"from": f"{year}-01", "to": f"{year}-12"}
    return {"indicator": {kind: where}, "during": during, "value": value, **more}


def arrivals_case(*values: int, **parameters: Any) -> Data:
    """People who come at an unknown rate and are counted as they come, year by year."""
    come = {
        "value": 40,
        "unit": "per year",
        "distribution": {"gamma": {"mean": 40, "sd": 20}},
    }
    return small(
        time={"from": "2017-01", "to": "2019-12", "cycle": "year"},
        parameters={"come": come, **parameters},
        transitions=[{"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 3}],
        population={
            "initial": [{"stratum": "adult", "housing": "home", "persons": 5}],
            "arrivals": [{"stratum": "adult", "housing": "shelter", "per_year": "come"}],
        },
        observations=[
            counted("entries_to", {"housing": "shelter"}, 2017 + at, value)
            for at, value in enumerate(values)
        ],
    )


def fitted(data: Data, **options: Any) -> Calibration:
    return calibrate(som.loads(as_text(data)), **{**QUICK, **options})


def check_moments(found: Calibration, name: str, exact: Any) -> None:
    draws = found.values[:, found.names.index(name)]
    ess = min(found.draws.ess[found.names.index(name)], len(draws))
    allowed = FALSE_ALARM * exact.std() / math.sqrt(ess)
    assert draws.mean() == pytest.approx(exact.mean(), abs=allowed)
    assert draws.std() == pytest.approx(exact.std(), rel=FALSE_ALARM / math.sqrt(ess))


# Closed forms ----------------------------------------------------------------------------------


def test_counts_of_arrivals_give_the_gamma_posterior() -> None:
    """A gamma prior (shape 4, 0.1 a year) and three years of counts."""
    found = fitted(arrivals_case(52, 61, 48))
    years = (365 + 365 + 365) / 365.25
    check_moments(found, "come", stats.gamma(4 + 161, scale=1 / (0.1 + years)))
    assert found.draws.converged
    point = found.point[0]
    # The most likely score: the mode of prior times likelihood on the normal scale of the prior.
    scores = np.linspace(-1, 4, 20001)
    values = stats.gamma(4, scale=10).ppf(stats.norm.cdf(scores))
    density = stats.norm.logpdf(scores) + stats.poisson.logpmf(161, values * years)
    assert point == pytest.approx(values[density.argmax()], rel=1e-3)


def test_a_share_among_n_gives_the_beta_posterior() -> None:
    data = arrivals_case(50)
    share = {"value": Decimal("0.5"), "distribution": {"beta": {"events": 5, "n": 10}}}
    data["parameters"] = {"to_home": share}
    data["population"]["arrivals"][0]["per_year"] = 50
    data["domains"] = {"housing": {"shelter": {}, "home": {}, "sofa": {}}}
    data["transitions"] = [
        {
            "from": {"housing": "shelter"},
            "stay": {"mean": "60 days"},
            "to": {"home": "to_home", "sofa": "1 - to_home"},
        }
    ]
    moves = {"from": {"housing": "shelter"}, "to": "home"}
    data["observations"] = [counted("share_of_moves", moves, 2017, Decimal("0.43"), n=37)]
    check_moments(fitted(data), "to_home", stats.beta(5 + 16, 5 + 21))


def test_a_figure_with_its_standard_deviation_is_normal() -> None:
    data = arrivals_case(50)
    data["parameters"]["come"]["distribution"] = {"lognormal": {"sd": 5}}
    data["observations"] = [counted("person_days_in", {"stratum": "adult"}, 2017, 9000, sd=600)]
    # Everybody who comes stays: the days of the first five, and half a year of each who comes.
    per_person = 365 * 365 / 365.25 / 2
    grid = np.linspace(15, 90, 20001)
    spread = math.log(1 + (5 / 40) ** 2) ** 0.5
    prior = stats.lognorm(spread, scale=40 * math.exp(-(spread**2) / 2))
    weight = prior.pdf(grid) * stats.norm.pdf(9000, 5 * 365 + per_person * grid, 600)
    exact = stats.rv_histogram((weight[:-1], grid))
    check_moments(fitted(data), "come", exact)


def test_counts_that_vary_more_than_chance_teach_less() -> None:
    plain = fitted(arrivals_case(60, 60))
    data = arrivals_case(60, 60)
    for one in data["observations"]:
        one["overdispersion"] = 4
    loose = fitted(data)
    assert loose.values.std() > 1.4 * plain.values.std()
    assert loose.problem.seen[0].likelihood.kind == "negative_binomial"


@pytest.mark.parametrize(
    "likelihood, exact",
    [
        (Likelihood(kind="poisson", value=7), lambda m: stats.poisson.logpmf(7, m)),
        (
            Likelihood(kind="negative_binomial", value=7, spread=3.0),
            lambda m: stats.nbinom.logpmf(7, m / 2, 1 / 3),
        ),
        (Likelihood(kind="binomial", value=7, n=9), lambda m: stats.binom.logpmf(7, 9, m)),
        (Likelihood(kind="normal", value=7, spread=2.0), lambda m: stats.norm.logpdf(7, m, 2)),
    ],
)
def test_each_likelihood_is_that_of_its_distribution(likelihood: Likelihood, exact: Any) -> None:
    means = np.array([0.2, 0.5, 0.9]) if likelihood.n else np.array([0.5, 4.0, 11.0])
    np.testing.assert_allclose(likelihood.log(means), exact(means), rtol=1e-10)
    many = likelihood.simulate(np.full(40_000, means[1]), np.random.default_rng(1))
    assert many.mean() == pytest.approx(means[1], abs=4.5 * many.std() / 200)
    assert np.isfinite(likelihood.log(np.zeros(1))).all()


# Simulated data: the ranks of the truth are even -----------------------------------------------


def ranks(n: int, *, overdispersed: bool = False) -> np.ndarray:
    """Rank the true arrivals among their posterior, for data simulated from the prior."""
    rng = np.random.default_rng(11)
    found = []
    for _ in range(n):
        truth = rng.gamma(4, 10)
        means = [truth * 365 / 365.25] * 2
        if overdispersed:
            values = [int(rng.negative_binomial(m / 5, 1 / 6)) for m in means]
        else:
            values = [int(rng.poisson(m)) for m in means]
        draws = fitted(
            arrivals_case(*values), n_draws=200, n_walkers=16, n_steps=60, seed=int(truth * 1000)
        ).values
        found.append(float((draws < truth).mean()))
    return np.array(found)


@pytest.mark.slow
def test_ranks_of_the_truth_are_even() -> None:
    found = ranks(80)
    assert stats.kstest(found, "uniform").pvalue > 1e-4
    inside = ((found > 0.025) & (found < 0.975)).mean()
    assert stats.binomtest(round(inside * 80), 80, 0.95).pvalue > 1e-4


@pytest.mark.slow
def test_ranks_show_a_likelihood_that_is_too_sure() -> None:
    """The control: data that vary six times as much as the likelihood believes."""
    assert stats.kstest(ranks(50, overdispersed=True), "uniform").pvalue < 1e-4


# What cannot be known --------------------------------------------------------------------------


def test_what_the_data_cannot_tell_is_said() -> None:
    unseen = {"value": Decimal("0.2"), "distribution": {"beta": {"sd": Decimal("0.05")}}}
    data = arrivals_case(50, 55, unseen=unseen)
    data["transitions"].append(
        {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": "unseen"}
    )
    data["population"]["initial"][0]["persons"] = Decimal("0.01")
    data["transitions"][0]["rate_per_year"] = Decimal("0.01")
    said = fitted(data).remarks()
    assert any(one.startswith("unseen: the observations say next to nothing") for one in said)
    assert not any(one.startswith("come:") for one in said)


def test_what_is_known_only_together_is_said() -> None:
    more = {"value": 400, "unit": "per year", "distribution": {"lognormal": {"sd": 120}}}
    data = arrivals_case(801, 822, 790, more=more)
    data["parameters"]["come"] = more
    data["population"]["arrivals"].append(
        {"stratum": "adult", "housing": "shelter", "per_year": "more"}
    )
    said = fitted(data).remarks()
    assert any("come and more: known only together (correlation -0.9" in one for one in said)


def test_what_the_model_cannot_explain_is_said() -> None:
    data = arrivals_case(20, 100)
    found = fitted(data)
    assert (
        sum("was seen where the calibrated model would see" in one for one in found.remarks()) == 2
    )
    assert (found.observations["tail"] < 0.001).all()


def test_an_observation_that_does_not_say_how_sure_it_is_is_left_out_and_named() -> None:
    data = arrivals_case(50)
    data["observations"].append(counted("mean_persons_in", {"housing": "home"}, 2017, 30))
    found = fitted(data)
    assert found.left_out == (1,)
    assert any("observations[1] was left out" in one for one in found.remarks())


def test_too_few_steps_are_said() -> None:
    found = fitted(arrivals_case(50), n_draws=20, n_walkers=6, n_steps=10)
    assert not found.draws.converged and "not good enough to use" in found.remarks()[0]


# Files -----------------------------------------------------------------------------------------


@pytest.fixture
def case(tmp_path: Path) -> Path:
    stay = {"value": "61 days", "distribution": {"lognormal": {"sd": "10 days"}}, "note": "a guess"}
    data = arrivals_case(52, 61, stay=stay)
    data["transitions"] = [{"from": {"housing": "shelter"}, "stay": {"mean": "stay"}, "to": "home"}]
    data["population"]["arrivals"][0]["per_year"] = "come"
    data["targets"] = {
        "entries": {
            "indicator": {"entries_to": {"housing": "shelter"}},
            "during": {"from": "2019-01", "to": "2019-12"},
            "goal": 50,
            "better": "lower",
        }
    }
    file = tmp_path / "case.yaml"
    file.write_text(as_text(data), encoding="utf-8")
    return file


def test_the_overlay_states_the_point_and_later_draws_are_rows_of_its_table(case: Path) -> None:
    found = calibrate(som.load(case), **QUICK)
    overlay, table = write_overlay(found, case)
    scenario = som.load(overlay)
    assert len(scenario.warnings) == len(som.load(case).warnings)
    spec = scenario.base
    assert spec.posterior is not None and spec.posterior.names == ("come", "stay")
    drawn = draw_parameters(spec, 1000, seed=3)
    rows = {tuple(row) for row in np.loadtxt(table, delimiter=",", skiprows=1).tolist()}
    assert {(c, s) for c, s in zip(drawn["come"], drawn["stay"], strict=True)} <= rows
    # A block on its own is the same rows, and each row comes once before any comes again.
    block = draw_parameters(spec, 10, seed=3, first=500)
    np.testing.assert_array_equal(block["stay"], drawn["stay"][500:510])
    assert len(set(draw_parameters(spec, 2000, seed=3)["come"])) == len({c for c, _ in rows})
    base = som.run(scenario).targets["projected"][0]
    assert base == pytest.approx(found.point[0] * 365 / 365.25, rel=1e-4)


def test_same_seed_same_bytes_and_another_seed_other_draws(case: Path) -> None:
    quick = {**QUICK, "n_steps": 30, "n_draws": 100}
    one, again, other = (calibrate(som.load(case), **quick, seed=seed) for seed in (1, 1, 2))
    parameters = som.load(case).base.parameters
    texts = [overlay_text(found, parameters, "case.yaml", "t.csv") for found in (one, again)]
    assert texts[0] == texts[1]
    assert table_text(one, one.names) == table_text(again, again.names)
    assert not np.array_equal(one.values, other.values)


def test_a_value_is_written_as_the_file_writes_it() -> None:
    parameters = som.loads(as_text(arrivals_case(5, stay={"value": "2 months"}))).base.parameters
    assert written(parameters["stay"], 61.23456 / 365.25) == "61.2346 days"
    assert written(parameters["come"], 1234567.8) == "1234570"
    assert written(parameters["come"], 0.00001234567) == "0.0000123457"


def test_another_case_takes_the_parameters_that_it_has(case: Path, tmp_path: Path) -> None:
    found = calibrate(som.load(case), **QUICK)
    other = tmp_path / "other.yaml"
    data = arrivals_case(5)
    del data["parameters"]["come"]["distribution"]
    other.write_text(as_text(data), encoding="utf-8")
    overlay, table = write_overlay(found, other)
    spec = som.load(overlay).base
    assert spec.posterior is not None and spec.posterior.names == ("come",)
    assert table.read_text(encoding="utf-8").splitlines()[0] == "come"
    none = tmp_path / "none.yaml"
    none.write_text(as_text(small()), encoding="utf-8")
    with pytest.raises(SomSimError, match="has none of the parameters"):
        write_overlay(found, none)


def test_files_that_are_there_are_left_as_they_are(case: Path) -> None:
    found = calibrate(som.load(case), **QUICK)
    write_overlay(found, case)
    before = sorted((one.name, one.read_bytes()) for one in case.parent.iterdir())
    with pytest.raises(SomSimError, match="is there already"):
        write_overlay(found, case)
    assert sorted((one.name, one.read_bytes()) for one in case.parent.iterdir()) == before
    write_overlay(found, case, replace=True)


@pytest.mark.parametrize(
    "table, message",
    [
        ("come\n1\n", "a table of draws has a line of names and 2 to 100,000 draws, not 1"),
        ("come\n1\nx\n3\n", "t.csv:3:1: posterior: 'x' is no finite number"),
        ("come\n30\n50,1\n", "t.csv:3:1: posterior: 2 cells, but the first line has 1 names"),
        ("come,come\n30,30\n50,50\n", "t.csv:1:1: posterior: 'come' is no name of one column"),
        ("coem\n30\n50\n", "the column 'coem' is no parameter; did you mean 'come'?"),
        ("come\n41\n50\n", "40 lies outside its draws in 'posterior' (41 to 50"),
    ],
)
def test_a_table_of_draws_that_is_wrong_is_told(tmp_path: Path, table: str, message: str) -> None:
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    data = {**arrivals_case(5), "posterior": "t.csv"}
    del data["parameters"]["come"]["distribution"]
    file = tmp_path / "case.yaml"
    file.write_text(as_text(data), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        som.load(file)
    assert message in str(caught.value)


def test_draws_and_a_distribution_of_one_parameter_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("come\n30\n50\n", encoding="utf-8")
    file = tmp_path / "case.yaml"
    file.write_text(as_text({**arrivals_case(5), "posterior": "t.csv"}), encoding="utf-8")
    with pytest.raises(ScenarioError, match="its draws stand in 'posterior' already"):
        som.load(file)


# What was known then ---------------------------------------------------------------------------


def test_a_backtest_scores_three_forecasts_of_what_came() -> None:
    data = arrivals_case(50, 56, 62)
    found = backtest(som.loads(as_text(data)), dt.date(2019, 1, 1), **QUICK)
    by_way = {one.way: one for one in found.forecasts}
    assert set(by_way) == {MODEL, NO_CHANGE, LAST_TREND}
    assert by_way[NO_CHANGE].log_score == pytest.approx(stats.poisson.logpmf(62, 56))
    assert by_way[LAST_TREND].log_score == pytest.approx(stats.poisson.logpmf(62, 62), rel=1e-3)
    # The model: a negative binomial, the gamma posterior mixed with Poisson counts.
    years = 730 / 365.25
    p = (0.1 + years) / (0.1 + years + 365 / 365.25)
    exact = stats.nbinom(4 + 106, p)
    assert by_way[MODEL].log_score == pytest.approx(exact.logpmf(62), abs=0.05)
    assert by_way[MODEL].low == pytest.approx(exact.ppf(0.025), abs=1.5)
    assert by_way[MODEL].high == pytest.approx(exact.ppf(0.975), abs=1.5)
    assert all(one.covered for one in found.forecasts)
    assert found.scores.set_index("way")["forecasts"].to_dict() == dict.fromkeys(by_way, 1)
    assert [one.position for one in found.calibration.problem.seen] == [0, 1]


def test_a_backtest_needs_both_sides() -> None:
    scenario = som.loads(as_text(arrivals_case(50, 56)))
    with pytest.raises(SomSimError, match="complete before 2016-01-01"):
        backtest(scenario, dt.date(2016, 1, 1), **QUICK)
    with pytest.raises(SomSimError, match="complete after 2021-01-01"):
        backtest(scenario, dt.date(2021, 1, 1), **QUICK)


# What is asked for wrongly ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, message",
    [
        ({"strategy": "act"}, "'act' is no strategy"),
        ({"parameters": ("cmoe",)}, "'cmoe' is no parameter with a distribution; there are come"),
        ({"n_walkers": 3}, "an even number of walkers"),
        ({"n_steps": 5}, "too few"),
        ({"observations": ()}, "no observation says how sure it is"),
    ],
)
def test_what_cannot_be_asked_is_said(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SomSimError, match=message):
        fitted(arrivals_case(50), **options)


def test_without_a_prior_there_is_nothing_to_fit() -> None:
    data = arrivals_case(50)
    del data["parameters"]["come"]["distribution"]
    with pytest.raises(SomSimError, match="there is no prior to begin with"):
        fitted(data)


def test_the_run_ends_with_the_last_observation() -> None:
    data = arrivals_case(50)
    problem = make_problem(som.loads(as_text(data)))
    assert problem.spec.time.calendar.end == dt.date(2018, 1, 1)


@pytest.mark.parametrize(
    "observation, message",
    [
        (counted("entries_to", {"housing": "home"}, 2017, 5, sd=2), "'sd', above 0, is"),
        (
            counted("entries_to", {"housing": "home"}, 2017, 5, overdispersion=1),
            "'overdispersion' is of a count",
        ),
        (
            counted("mean_persons_in", {"housing": "home"}, 2017, 5, overdispersion=2),
            "'overdispersion' is of a count",
        ),
        (counted("mean_persons_in", {"housing": "home"}, 2017, 5, sd=0), "'sd', above 0, is"),
    ],
)
def test_how_sure_an_observation_is_must_fit_it(observation: Data, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        som.loads(as_text({**arrivals_case(), "observations": [observation]}))


def test_a_count_is_poisson_when_the_file_says_nothing_else() -> None:
    observation = som.loads(as_text(arrivals_case(50))).base.observations[0]
    assert likelihood_of(observation) == Likelihood(kind="poisson", value=50)


# The commands ----------------------------------------------------------------------------------

FEW = ["--draws", "200", "--walkers", "16", "--steps", "60", "--quiet"]


def test_calibrate_shows_and_writes(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", str(case), *FEW, "--dry-run"]) in (codes.FINE, codes.CHECK_FAILED)
    assert list(case.parent.iterdir()) == [case]
    main(["calibrate", str(case), *FEW])
    shown = capsys.readouterr().out
    assert "come" in shown and "entries_to" in shown and "case.calibrated.yaml" in shown
    assert main(["run", str(case.with_name("case.calibrated.yaml")), "--quiet"]) == codes.FINE
    assert main(["calibrate", str(case), *FEW]) == codes.WRONG_INPUT
    assert "write --replace to replace it" in capsys.readouterr().err


def test_draws_that_are_not_good_enough_end_with_1(case: Path) -> None:
    few = ["--draws", "20", "--walkers", "6", "--steps", "10", "--quiet", "--dry-run"]
    assert main(["calibrate", str(case), *few]) == codes.CHECK_FAILED


def test_backtest_shows_scores(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["backtest", str(case), *FEW, "--until", "2018-01-01"])
    shown = capsys.readouterr().out
    assert "no_change" in shown and "log_score" in shown
