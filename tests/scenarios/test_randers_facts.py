"""The Randers scenario gives the published facts, and says nothing its sources do not say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from pydantic import BaseModel

import som_sim as som
from som_sim.core.time import Duration
from som_sim.outcomes.measure import persons_at
from som_sim.result import Result
from som_sim.scenario.quantities import Condition, Quantity
from som_sim.scenario.schedules import Schedule

# Rates and arrivals are written with two or three digits, so that the facts come back about to
# the whole person, and shares to half a percentage point. The documents are no more exact.
PERSONS_TOLERANCE = 0.5
SHARE_TOLERANCE = 0.005
# A share of the stays or of the people, against a national figure that says "about".
ABOUT_TOLERANCE = 0.02
# Starting persons are rounded to 0.1 and the guides' places start full; the rest is steady.
DRIFT_TOLERANCE = 0.2
CONTACT_TOLERANCE = 1.0
# Two programs, one scenario: rounding of sums, no more.
CROSS_TOLERANCE = 1e-8

OBSERVED = {
    # Position in the file: (figure in the documents, tolerance).
    0: (86, PERSONS_TOLERANCE),
    1: (35, PERSONS_TOLERANCE),
    2: (203, PERSONS_TOLERANCE),
    3: (157, PERSONS_TOLERANCE),
    4: (0.43, SHARE_TOLERANCE),
}
# From a separate program written before the engine: dense matrices, scipy's expm, no sparse code.
INDEPENDENT = {"reference": 85.92085845488, "act": 81.84184724299}
FIRST_YEAR = (*(f"2017-{month:02d}" for month in range(2, 13)), "2018-01")


@pytest.fixture(scope="module")
def result(repository: Path) -> Result:
    return som.run(som.load(repository / "scenarios" / "randers_act.yaml"))


def of_reference(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["strategy"] == "reference"]


def in_first_year(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["start"].astype(str).str[:7].isin(FIRST_YEAR)]


def persons_in(
    result: Result, strategy: str, where: dict[str, str], first: dt.date, end: dt.date
) -> float:
    """Return the distinct persons who fit at some time from `first` up to `end`."""
    run = result.runs[strategy]
    condition = Condition(allowed=tuple((key, (name,)) for key, name in where.items()))
    return persons_at(run.spec, run.trajectory, condition, first, (end - first).days)


def test_every_check_passes(result: Result) -> None:
    assert result.ok
    assert not result.scenario.warnings


@pytest.mark.parametrize("position", OBSERVED)
def test_observed_facts_are_met(result: Result, position: int) -> None:
    table = of_reference(result.observations)
    row = table[table["observation"] == position].iloc[0]
    published, tolerance = OBSERVED[position]
    assert row["value"] == published
    assert row["projected"] == pytest.approx(published, abs=tolerance)


def test_under_30_adds_up() -> None:
    young, complex_people, quarter = 35, 28, 4
    assert young + complex_people / quarter == 42


def test_a_count_nothing_was_fitted_to(result: Result) -> None:
    """Shelter users in 2022: 159. Chance alone gives about 13 more or less (Poisson)."""
    row = of_reference(result.observations).iloc[-1]
    assert row["value"] == 159
    assert abs(row["projected"] - 159) < math.sqrt(159)


def test_share_of_long_stays(result: Result) -> None:
    """14 % over 120 days: each stratum's stays are exponential with its own rate of leaving."""
    person_time = in_first_year(of_reference(result.person_time))
    days = person_time[person_time["housing"] == "shelter"].groupby("stratum")["person_days"].sum()
    flows = in_first_year(of_reference(result.flows))
    flows = flows[flows["domain"] == "housing"]
    ended = flows[flows["from"] == "shelter"].groupby("stratum")["persons"].sum()
    begun = flows[flows["to"] == "shelter"].groupby("stratum")["persons"].sum()
    long = (-120 * ended / days).map(math.exp)
    assert float((begun * long).sum() / begun.sum()) == pytest.approx(0.14, abs=SHARE_TOLERANCE)
    # And from the means in the file, without a run: its own comment.
    by_hand = 0.44 * math.exp(-120 / 49) + 0.28 * math.exp(-120 / 57) + 0.28 * math.exp(-120 / 85)
    assert by_hand == pytest.approx(0.14, abs=SHARE_TOLERANCE)
    for stratum, mean in {"young": 49, "adult": 57, "complex": 85}.items():
        assert days[stratum] / ended[stratum] == pytest.approx(mean, abs=1)


def test_people_at_shelters_on_a_day(result: Result) -> None:
    table = in_first_year(of_reference(result.person_time))
    days = table[table["housing"] == "shelter"]["person_days"].sum()
    assert days / 365 == pytest.approx(34, abs=PERSONS_TOLERANCE)


def test_figures_that_nothing_was_fitted_to(result: Result) -> None:
    table = of_reference(result.occupancy)
    first_day = table[table["date"].astype(str).str[:7] == "2017-02"]
    persons = first_day.groupby("housing")["persons"].sum()
    homeless = persons[["street", "shelter", "sofa"]]
    assert homeless["street"] / homeless.sum() == pytest.approx(732 / 6431, abs=ABOUT_TOLERANCE)
    year = (dt.date(2017, 2, 1), dt.date(2018, 2, 1))
    users = persons_in(result, "reference", {"housing": "shelter"}, *year)
    complex_users = persons_in(
        result, "reference", {"housing": "shelter", "stratum": "complex"}, *year
    )
    assert complex_users / users == pytest.approx(0.25, abs=ABOUT_TOLERANCE)


def test_reference_does_not_drift(result: Result) -> None:
    table = of_reference(result.occupancy)
    homeless = table[table["housing"].isin(["street", "shelter", "sofa"])]
    by_date = homeless.groupby("date")["persons"].sum()
    assert by_date.max() - by_date.min() < DRIFT_TOLERANCE


@pytest.mark.parametrize(
    ("places", "published", "simulated"), [(0, 0.29, 0.28), (1000, 0.71, 0.59)]
)
def test_effects_are_more_careful_than_the_trial(
    randers_file: Path, places: int, published: float, simulated: float
) -> None:
    """Share of 24 months housed, from homeless: At Home/Chez Soi without and with ACT."""
    scenario = som.load(
        randers_file,
        overrides={
            "time.to": "2019-01",
            "parameters.icm_places.value": "0",
            "parameters.act_stay.value": "1000 years",
            "programmes.act.places": f"{{2017-02: {places}}}",
            "population.arrivals": "[]",
            "population.initial": "[{stratum: complex, housing: street, persons: 45}, "
            "{stratum: complex, housing: shelter, persons: 130}, "
            "{stratum: complex, housing: sofa, persons: 100}]",
            # The run ends before these.
            "targets": "{}",
            "observations": "[]",
            "grants": "{}",
            "strategies.act.grants": "[]",
        },
    )
    occupancy = som.run(scenario).occupancy
    occupancy = occupancy[occupancy["strategy"] == "act"]
    persons = occupancy.pivot_table(
        index="date", columns="housing", values="persons", aggfunc="sum"
    )
    # Deaths and moving away are as likely in every state, so shares of those still there will do.
    housed = persons[["home_benefits", "home_active"]].sum(axis=1) / persons.sum(axis=1)
    mean = float((housed.iloc[:-1].to_numpy() + housed.iloc[1:].to_numpy()).mean() / 2)
    assert mean == pytest.approx(simulated, abs=SHARE_TOLERANCE)
    assert mean < published


def test_the_team_fills_as_the_minutes_say(result: Result) -> None:
    table = result.programmes
    act = table[(table["strategy"] == "act") & (table["programme"] == "act")]
    by_month = act.set_index(act["date"].astype(str).str[:7])["persons_in"]
    assert by_month["2019-05"] == 0
    assert by_month["2019-06"] == pytest.approx(7)
    assert by_month["2019-07"] == pytest.approx(9)
    assert by_month.max() == pytest.approx(20)
    assert by_month["2022-12"] == pytest.approx(20)
    contact = persons_in(
        result, "act", {"programme": "act"}, dt.date(2019, 6, 1), dt.date(2022, 1, 1)
    )
    assert contact == pytest.approx(35, abs=CONTACT_TOLERANCE)


def test_guides_finish_what_they_began(result: Result) -> None:
    table = result.programmes
    icm = table[(table["strategy"] == "act") & (table["programme"] == "icm_guides")]
    by_month = icm.set_index(icm["date"].astype(str).str[:7])
    assert by_month["persons_in"]["2018-12"] == pytest.approx(16)
    late = by_month.loc["2019-01":]
    assert (late["enrolled"] == 0).all()
    assert (late["persons_in"] > 0).all()
    assert late["persons_in"].is_monotonic_decreasing


@pytest.mark.parametrize("strategy", INDEPENDENT)
def test_count_of_2022_agrees_with_an_independent_simulation(result: Result, strategy: str) -> None:
    table = result.targets
    row = table[table["strategy"] == strategy].iloc[0]
    assert row["projected"] == pytest.approx(INDEPENDENT[strategy], rel=CROSS_TOLERANCE)
    assert not row["met"]


def test_moved_posts_net_to_nothing(result: Result) -> None:
    ledger = result.ledger
    posts = ledger[ledger["item"].isin(["icm_posts", "act_posts_moved"])]
    by_year = posts.pivot_table(
        index="year", columns="strategy", values="amount_oere", aggfunc="sum"
    )
    assert list(by_year.index) == list(range(2017, 2023))
    assert (by_year["act"] == by_year["reference"]).all()
    moved = posts[posts["item"] == "act_posts_moved"]
    assert set(moved["strategy"]) == {"act"}
    assert set(moved["year"]) == {2019, 2020, 2021, 2022}


def test_grant_is_awarded_as_published(result: Result) -> None:
    grants = result.grants.set_index("year")
    award = {2018: 5_015_600, 2019: 104_322_400, 2020: 110_000_000, 2021: 128_411_800}
    assert grants["award_oere"].to_dict() == award
    assert grants["award_oere"].sum() == 347_749_800
    assert (grants["used_oere"] <= grants["award_oere"]).all()
    assert (grants["used_oere"] <= grants["covered_oere"]).all()
    assert (grants["used_oere"] + grants["returned_oere"] == grants["award_oere"]).all()


def test_region_pays_for_its_own_staff_only(result: Result) -> None:
    ledger = result.ledger
    region = ledger[(ledger["payer"] == "region") & (ledger["amount_oere"] != 0)]
    assert set(region["item"]) == {"act_nurse", "act_psychiatrist"}
    spec = result.scenario.base
    covered = set(spec.grants["satspulje"].covers)
    assert covered.isdisjoint({"act_nurse", "act_psychiatrist", "act_posts_moved", "icm_posts"})


def test_index_is_interpolated_as_it_says(result: Result) -> None:
    values = result.scenario.base.indices["benefit_rates"].values
    for year, value in values.items():
        expected = 10968 * (11944 / 10968) ** ((year - 2016) / 7)
        assert float(value) == pytest.approx(expected, abs=0.005)


def test_everything_names_its_source(result: Result) -> None:
    for spec in result.scenario.strategies.values():
        for name, item in {**spec.prices, **spec.parameters, **spec.grants, **spec.targets}.items():
            assert item.source and item.grade, name
        assert list(unmarked(spec, (), marked=False)) == []


NOT_FACTS = ("som_sim", "meta", "time", "money", "strategies")
"""Sections whose numbers say how the run is made and shown, not what is so in Randers."""


def unmarked(value: object, path: tuple[object, ...], *, marked: bool) -> Iterator[object]:
    """Yield the path of every number that has no source and grade, its own or around it."""
    if path and path[0] in NOT_FACTS:
        return
    marked = marked or bool(getattr(value, "source", None) and getattr(value, "grade", None))
    inner: dict[object, object] = {}
    if isinstance(value, BaseModel):
        inner = {key: getattr(value, key) for key in type(value).model_fields}
    elif isinstance(value, Schedule):
        inner = {date: number for date, number in value.steps}
        inner["caseload"] = value.times
    elif isinstance(value, dict):
        inner = dict(value)
    elif isinstance(value, tuple):
        inner = dict(enumerate(value))
    number = value.number if isinstance(value, Quantity) else value
    figure = isinstance(number, int | float | Decimal | Duration) and not isinstance(number, bool)
    if figure and not marked:
        yield path
    for key, one in inner.items():
        yield from unmarked(one, (*path, key), marked=marked)


def test_first_scenario_fits_on_one_screen(repository: Path) -> None:
    path = repository / "scenarios" / "first.yaml"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 45
    result = som.run(som.load(path))
    assert result.ok
    nothing, support = result.targets["projected"]
    assert nothing == pytest.approx(40, abs=1)
    assert support < nothing
