"""What each published chance was taken from, and that it holds against histories."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from scipy import stats

import som_sim as som
from individuals import enrolling, initial, two_domains
from random_scenarios import Data, scenario_of, scenarios, small
from som_sim.analysis.draws import Block, DrawWork
from som_sim.analysis.figures import known_chances
from som_sim.core.errors import SomSimError
from som_sim.engine.cohort import run_cohort
from som_sim.engine.individual.simulate import simulate
from som_sim.model.build import build_model
from som_sim.model.draws import draw_parameters
from som_sim.outcomes.chance import CHANCES_FROM, chance_of_goal
from som_sim.outcomes.known import Known
from som_sim.outcomes.measure import window_of
from som_sim.outcomes.reading import plan_reading

FALSE_ALARM = 1e-7
"""Of each comparison with histories."""
HOMELESS = {"persons_in": {"housing": "shelter"}}


def targets(**more: Any) -> dict[str, Any]:
    return {
        "count": {"indicator": HOMELESS, "at": "2019-06-01", "goal": 25, "better": "lower",
                  "baseline": 30, **more},
        "moves": {"indicator": {"entries_to": {"housing": "home"}}, "goal": 20, "better": "higher",
                  "during": {"from": "2019-01", "to": "2019-12"}},
        "share": {"indicator": {"share_of_moves": {"from": {"housing": "shelter"}, "to": "home"}},
                  "goal": Decimal("0.5"), "better": "higher", "n": 20,
                  "during": {"from": "2019-01", "to": "2019-12"}},
        "mean": {"indicator": {"mean_persons_in": {"housing": "home"}}, "goal": 10,
                 "better": "higher", "during": {"from": "2019-01", "to": "2019-12"}},
    }  # fmt: skip


def named(result: Any) -> dict[str, str]:
    rows = result.targets.to_dict("records")
    return {row["target"]: row["chance_from"] for row in rows}


def test_each_chance_is_published_with_what_it_was_taken_from() -> None:
    data = small(targets=targets())
    result = som.run(scenario_of(data))
    free = {"count": "known", "moves": "poisson", "share": "binomial", "mean": ""}
    assert named(result) == free
    assert set(free.values()) - {""} < set(CHANCES_FROM)
    summary = result.summary()["strategies"]["reference"]["targets"]
    assert summary["count"]["chance_from"] == "known"
    data["domains"] = {"housing": {"shelter": {"homeless": True, "places": 70}, "home": None}}
    assert named(som.run(scenario_of(data)))["count"] == "poisson_upper_bound"
    histories = som.run(scenario_of(data), engine="individual", replicates=5)
    assert named(histories) == {**free, "count": "histories", "moves": "histories"}


def test_a_closed_population_has_a_binomial_chance_and_no_change_a_poisson_one() -> None:
    result = som.run(scenario_of(small(targets=targets())))
    (row,) = result.targets[result.targets["target"] == "count"].to_dict("records")
    share = row["projected"] / 60
    assert row["probability"] == pytest.approx(stats.binom.cdf(25, 60, share), abs=1e-12)
    poisson = chance_of_goal(row["projected"], Decimal(25), "lower")
    assert abs(row["probability"] - poisson) > 0.02
    assert row["probability_no_change"] == chance_of_goal(30.0, Decimal(25), "lower")


def test_arrivals_alone_have_a_poisson_chance() -> None:
    arrive = {"stratum": "adult", "housing": "shelter", "per_year": 90}
    data = small(population={**initial(home=0), "arrivals": [arrive]}, targets=targets(goal=12))
    result = som.run(scenario_of(data))
    (row,) = result.targets[result.targets["target"] == "count"].to_dict("records")
    assert row["chance_from"] == "known"
    poisson = chance_of_goal(row["projected"], Decimal(12), "lower")
    assert row["probability"] == pytest.approx(poisson, abs=1e-12)


def uncertain(**sections: Any) -> Data:
    data = two_domains(
        parameters={
            "rate": {"value": 2, "is": "mean", "distribution": {"gamma": {"sd": 1}}},
            "many": {"value": 30, "is": "mean", "distribution": {"gamma": {"sd": 3}}},
        },
        targets={"count": targets()["count"] | {"over": "7 days"}},
        **sections,
    )
    data["transitions"][1]["rate_per_year"] = "rate"
    data["population"]["initial"][0]["persons"] = "many"
    return data


def test_draws_have_the_chance_that_each_draw_has_alone() -> None:
    """Each draw of a run, made the base case of a run of its own."""
    scenario = scenario_of(uncertain())
    result = som.run(scenario, draws=6, seed=3)
    assert result.uncertainty is not None
    chance = result.uncertainty.chances["reference", "count"]
    assert chance.chance_from == "known"
    drawn = draw_parameters(scenario.base, 6, seed=3)
    alone = []
    for draw in range(6):
        data = uncertain()
        for name in ("rate", "many"):
            data["parameters"][name] = {"value": Decimal(repr(float(drawn[name][draw])))}
        row = som.run(scenario_of(data)).targets.iloc[0]
        assert row["chance_from"] == "known"
        alone.append(row["probability"])
    assert chance.probability == pytest.approx(np.mean(alone), abs=1e-9)
    blocks = som.run(scenario, draws=6, seed=3, block_size=4, executor="serial").uncertainty
    assert blocks is not None
    assert (blocks.chances, blocks.paths) == (result.uncertainty.chances, result.uncertainty.paths)
    rows = result.targets
    assert list(rows["draws_chance_from"]) == ["known"]
    assert list(result.intervals["chance_from"]) == ["known"]


def test_draws_in_which_people_can_compete_say_that_they_are_poisson() -> None:
    data = enrolling(
        parameters={"rate": {"value": 2, "is": "mean", "distribution": {"gamma": {"sd": 1}}}},
        targets={"count": targets()["count"]},
    )
    data["transitions"][1]["rate_per_year"] = "rate"
    result = som.run(scenario_of(data), draws=3)
    (row,) = result.targets.to_dict("records")
    assert (row["chance_from"], row["draws_chance_from"]) == ("known", "poisson_upper_bound")
    poisson = [chance_of_goal(one, Decimal(25), "lower") for one in _expected(data, 3)]
    assert row["draws_probability"] == pytest.approx(np.mean(poisson))


def _expected(data: Data, n: int) -> Any:
    result = som.run(scenario_of(data))
    run = result.runs["reference"]
    work = DrawWork(
        readings=(plan_reading(run.spec, run.trajectory, False),), seed=0, sequence="random"
    )
    return work.rows(Block(number=0, first=0, n_draws=n))["target", "reference", "count"]


def test_quantiles_of_a_count_are_those_of_the_mixture_of_draws() -> None:
    target = scenario_of(small(targets=targets())).base.targets["count"]
    whom = Known(
        persons=np.full((1, 300), 40.0),
        chance=np.tile([[0.25, 0.5, 0.75]], (1, 100)),
        others=np.zeros(300),
    )
    met, (low, median, high) = known_chances(target, whom, (0.025, 0.5, 0.975))
    shares = (0.25, 0.5, 0.75)
    np.testing.assert_allclose(met[:3], [stats.binom.cdf(25, 40, p) for p in shares], atol=1e-12)
    mixed = np.mean([stats.binom.cdf(np.arange(41), 40, p) for p in shares], axis=0)
    wanted = [int(np.argmax(mixed >= p)) for p in (0.025, 0.5, 0.975)]
    assert [low, median, high] == wanted


def against_histories(data: Data, replicates: int) -> tuple[int, float]:
    """Return in how many targets the known chance was held against histories; the least p-value."""
    least, held = 1.0, 0
    scenario = scenario_of(data)
    result = som.run(scenario)
    for name, run in result.runs.items():
        known = [one for one in run.targets if one.chance_from == "known"]
        for one in known:
            target = run.spec.targets[one.target]
            model = run.trajectory.model
            window = window_of(run.spec, model, target)
            assert window is not None and one.probability is not None
            mean = simulate(build_model(run.spec, name), replicates, seed=5)
            assert mean.replicated is not None
            counts = mean.replicated.persons_in(*window)[0]
            goal = float(target.goal)
            met = int((counts <= goal if target.better == "lower" else counts >= goal).sum())
            p = stats.binomtest(met, replicates, min(max(one.probability, 0.0), 1.0)).pvalue
            least, held = min(least, float(p)), held + 1
    return held, least


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(scenarios())
def test_the_known_chance_is_the_share_of_histories_in_random_scenarios(data: Data) -> None:
    try:
        held, least = against_histories(data, 40)
    except SomSimError:
        assume(False)
        return
    assume(held)
    assert least > FALSE_ALARM


def test_the_known_chance_is_the_share_of_histories() -> None:
    for make in (small, two_domains):
        held, least = against_histories(make(targets={"count": targets()["count"]}), 100)
        assert held and least > FALSE_ALARM


def test_a_poisson_chance_would_be_seen_to_be_another() -> None:
    """The negative control of the comparison: 300 people who are all known."""
    data = small(
        population=initial(shelter=300),
        targets={"count": targets()["count"] | {"at": "2019-01-15", "goal": 255}},
    )
    result = som.run(scenario_of(data))
    (row,) = result.targets.to_dict("records")
    model = build_model(result.runs["reference"].spec, "reference")
    cells = np.array([[[True, False]]])
    day = run_cohort(model).model.calendar.start.replace(day=15)
    mean = simulate(model, 300, seed=2)
    assert mean.replicated is not None
    met = int((mean.replicated.persons_in(cells, day)[0] <= 255).sum())
    poisson = chance_of_goal(row["projected"], Decimal(255), "lower")
    assert stats.binomtest(met, 300, row["probability"]).pvalue > FALSE_ALARM
    assert stats.binomtest(met, 300, poisson).pvalue < FALSE_ALARM
