"""A result made by hand: two strategies, one target, four payers, one grant."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

import som_sim
from som_sim.core.texts import LANGUAGES
from som_sim.report.case.build import build_case
from som_sim.report.case.content import Case
from som_sim.report.save import TABLES

YEARS = tuple(range(2017, 2023))
MONTHS = tuple(f"{year}-{month:02d}-01" for year in YEARS for month in range(1, 13))[1:]
NET = {
    "kommune": (0, -5_000_000, -90_000_000, -40_000_000, 60_000_000, 130_000_000),
    "region": (0, 0, -10_123_456, -11_000_000, -11_000_000, -11_000_000),
    "stat": (0, -5_015_600, -80_000_000, -30_000_000, 10_000_000, 150_000_000),
    "borger": (0, 0, -1_000_000, -2_000_000, -2_500_000, -2_500_000),
}


def label(da: str, en: str) -> SimpleNamespace:
    return SimpleNamespace(da=da, en=en)


class FabricatedResult:
    """What the reports ask of a result, with attributes that a test may change."""

    label = staticmethod(label)

    uncertainty = None
    reference = "reference"
    runs = MappingProxyType({"reference": SimpleNamespace(replicates=None)})

    def __init__(self) -> None:
        strategies = {
            "reference": SimpleNamespace(label=label("Som hidtil", "As before")),
            "act": SimpleNamespace(label=label("ACT-team", "ACT team")),
        }
        spec = SimpleNamespace(strategies=strategies)
        self.scenario = SimpleNamespace(
            file="randers.yaml",
            digest="0123456789abcdef" * 4,
            base=SimpleNamespace(
                meta=SimpleNamespace(
                    title=label("ACT-team i Randers", "ACT team in Randers"),
                    price_year=2019,
                    language=None,
                ),
                money=object(),
                time=SimpleNamespace(calendar=SimpleNamespace(end=dt.date(2023, 1, 1))),
                domains={
                    "housing": {"shelter": SimpleNamespace(label=label("Herberg", "Shelter"))}
                },
                programmes={"act": SimpleNamespace(label=label("ACT", "ACT"))},
                grants={"satspulje": SimpleNamespace(label=label("Satspulje", "State pool"))},
                targets={
                    "homeless_2022": SimpleNamespace(
                        indicator=SimpleNamespace(persons_in=object(), kind="persons_in"),
                        during=None,
                    )
                },
            ),
            strategies={"reference": spec, "act": spec},
        )
        self.version = "0.1.0"
        self.seed: int | None = None
        self.strategies: tuple[str, ...] = ("reference", "act")
        self.targets = pd.DataFrame(
            [
                self._target("reference", 85.6, False, 0.1342),
                self._target("act", 78.3, False, 0.3765),
            ]
        )
        self.sight = pd.DataFrame(
            [self._sight("reference", 0.05, None), self._sight("act", 0.18, 12)]
        ).astype({"n": "Int64", "years_to_see": "Int64"})
        time = np.arange(len(MONTHS))
        paths = {"reference": 86 - 0.01 * time, "act": 86 - 9 / (1 + np.exp(-(time - 34) / 6))}
        self.indicator_paths = pd.DataFrame(
            [
                {"strategy": name, "target": "homeless_2022", "date": date, "persons": persons}
                for name, path in paths.items()
                for date, persons in zip(MONTHS, path, strict=True)
            ]
        )
        self.observations = pd.DataFrame(
            [
                {
                    "strategy": strategy,
                    "label_da": "Tælling",
                    "label_en": "Count",
                    "at": at,
                    "value": value,
                    "projected": 86.0,
                    "source": "ACT19",
                    "target": "homeless_2022",
                }
                for strategy in self.strategies
                for at, value in (("2017-02-06", 86.0), ("2019-02-04", 91.0))
            ]
        )
        self.net_by_year = pd.DataFrame(self._money("act", sign=1))
        self.cost_by_year = pd.DataFrame(
            self._money("reference", sign=0, base=5_000_000_000)
            + self._money("act", sign=-1, base=5_000_000_000)
        )
        self.break_even_table = pd.DataFrame(
            {
                "strategy": ["act"] * 6,
                "payer": ["kommune", "region", "stat", "borger", "public", "society"],
                "year": pd.array([2022, None, 2022, None, 2022, 2022], dtype="Int64"),
                "first_year": pd.array([2018, 2019, 2018, 2019, 2018, 2018], dtype="Int64"),
            }
        )
        self.comparison = pd.DataFrame(
            {
                "strategy": ["act"],
                "homeless_days": [171_234.5],
                "homeless_days_avoided": [9_876.5],
                "net_public_constant_oere": [40_000_000],
                "cost_per_homeless_day_avoided_oere": pd.array([-4050], dtype="Int64"),
            }
        )
        self.values = pd.DataFrame(
            {"strategy": ["act"], "value": ["life_quality"], "year": [2019], "amount": [3.25]}
        )
        self.value_totals = pd.DataFrame(
            [
                {
                    "strategy": strategy,
                    "value": "life_quality",
                    "label_da": "Leveår i god kvalitet",
                    "label_en": "Life years in good quality",
                    "better": "higher",
                    "amount": 120.25 + more,
                    "discounted": 120.25 + more,
                    "difference": more,
                    "difference_discounted": more,
                }
                for strategy, more in (("reference", 0.0), ("act", 9.5))
            ]
        )
        self.cost_effectiveness = pd.DataFrame(
            {
                "strategy": ["act"] * 2,
                "value": ["life_quality"] * 2,
                "payer": ["public", "society"],
                "added_cost_discounted_oere": [11_875_000, -5_000_000],
                "gained_discounted": [9.5, 9.5],
                "verdict": ["dearer_and_better", "cheaper_and_better"],
                "cost_per_unit_oere": pd.array([1_250_000, None], dtype="Int64"),
            }
        )
        self.programmes = pd.DataFrame(
            {
                "strategy": ["act"] * 3,
                "programme": ["act"] * 3,
                "date": ["2019-06-01", "2019-07-01", "2020-01-01"],
                "places": [7.0, 9.0, 20.0],
                "enrolled": [7.0, 2.5, 11.0],
                "persons_in": [7.0, 9.0, 18.25],
                "waiting": [21.0, 14.0, 3.0],
            }
        )
        self.places = pd.DataFrame(
            {
                "strategy": ["act"],
                "domain": ["housing"],
                "state": ["shelter"],
                "start": ["2019-06-01"],
                "places": [34.0],
                "persons_end": [34.0],
                "bound": [True],
                "admitted": [0.9],
                "turned_away": [1.5],
            }
        )
        self.grants = pd.DataFrame(
            {
                "strategy": ["act"] * 4,
                "grant": ["satspulje"] * 4,
                "year": [2018, 2019, 2020, 2021],
                "award_oere": [5_015_600, 104_322_400, 110_000_000, 128_411_800],
                "paid_oere": [5_015_600, 104_322_400, 110_000_000, 128_411_800],
                "used_oere": [0, 104_322_400, 110_000_000, 128_411_800],
                "returned_oere": [5_015_600, 0, 0, 0],
                "carried_out_oere": [0, 0, 0, 0],
            }
        )
        self.reconciliation = pd.DataFrame(
            {
                "strategy": ["reference", "act"],
                "check": ["payers = total", "tranches = award"],
                "expected_oere": [1, 347_749_800],
                "actual_oere": [1, 347_749_800],
                "residual_oere": [0, 0],
                "ok": [True, True],
                "detail": ["the payers' side", "the published tranche"],
                "expected_persons": [np.nan, np.nan],
                "actual_persons": [np.nan, np.nan],
                "residual_persons": [np.nan, np.nan],
            }
        )
        self.occupancy = pd.DataFrame(
            {
                "strategy": ["act", "act"],
                "date": ["2017-02-01", "2017-02-01"],
                "stratum": ["adult", "adult"],
                "programme": ["", "act"],
                "housing": ["street", "own_home"],
                "persons": [0.1 + 0.2, 1e-12],
            }
        )
        self.flows = pd.DataFrame({"strategy": ["act"], "start": ["2017-02-01"], "persons": [2.0]})
        self.person_time = pd.DataFrame({"strategy": ["act"], "person_days": [61.5]})
        self.economics = pd.DataFrame({"strategy": ["act"], "net_present_value_oere": [-5]})
        # Tables that no report looks into are there, and empty.
        for name in TABLES.values():
            if not hasattr(self, name):
                setattr(self, name, pd.DataFrame({"strategy": []}))
        self.ledger = pd.DataFrame(
            {"strategy": ["act"], "year": [2019], "payer": ["kommune"], "amount_oere": [12345]}
        )

    @staticmethod
    def _target(strategy: str, projected: float, met: bool, probability: float) -> dict[str, Any]:
        return {
            "strategy": strategy,
            "target": "homeless_2022",
            "label_da": "Hjemløse i Randers i tælleugen",
            "label_en": "Homeless people in Randers in the count week",
            "at": "2022-02-07",
            "over_days": 7.0,
            "baseline": 86.0,
            "goal": 75.0,
            "better": "lower",
            "projected": projected,
            "met": met,
            "probability": probability,
            "chance_from": "poisson_upper_bound",
            "probability_no_change": 0.1274,
            "n": pd.NA,
        }

    @staticmethod
    def _sight(strategy: str, chance: float, years: int | None) -> dict[str, Any]:
        return {
            "strategy": strategy,
            "target": "homeless_2022",
            "label_da": "Hjemløse i Randers i tælleugen",
            "label_en": "Homeless people in Randers in the count week",
            "baseline": 86.0,
            "n": None,
            "goal": 75.0,
            "better": "lower",
            "chance_from": "poisson_upper_bound",
            "probability_no_change": 0.1274,
            "rejected_at": 70,
            "smallest": 63.83,
            "smallest_change": -22.17,
            "chance_goal_seen": 0.3066,
            "chance_projected_seen": chance,
            "years_to_see": years,
        }

    @staticmethod
    def _money(strategy: str, *, sign: int, base: int = 0) -> list[dict[str, Any]]:
        payers = {payer: [base + sign * one for one in nets] for payer, nets in NET.items()}
        payers["public"] = [
            sum(parts)
            for parts in zip(*(payers[p] for p in ("kommune", "region", "stat")), strict=True)
        ]
        payers["society"] = [
            sum(parts) for parts in zip(payers["public"], payers["borger"], strict=True)
        ]
        return [
            {
                "strategy": strategy,
                "payer": payer,
                "year": year,
                "current_oere": amount,
                "constant_oere": amount,
                "discounted_oere": amount,
            }
            for payer, amounts in payers.items()
            for year, amount in zip(YEARS, amounts, strict=True)
        ]

    def break_even(self, payer: str, strategy: str | None = None) -> int | None:
        table = self.break_even_table
        year = table.loc[table["payer"] == payer, "year"].iloc[0]
        return None if pd.isna(year) else int(year)

    def summary(self) -> dict[str, Any]:
        return {"format": 1, "scenario": {"digest": self.scenario.digest}, "seed": self.seed}


@pytest.fixture
def result() -> Any:
    return FabricatedResult()


@pytest.fixture(scope="session")
def randers(randers_file: Path) -> som_sim.Result:
    """One run of the Randers scenario, for all tests of the case."""
    return som_sim.run(som_sim.load(randers_file))


@pytest.fixture(scope="session")
def cases(randers: som_sim.Result) -> dict[str, Case]:
    """The Randers case in each language."""
    return {lang: build_case(randers, lang) for lang in LANGUAGES}


HOSTILE = "=1+1<script>alert(1)</script> #strong[x] $x$ & @SUM(A1)"
"""A text that would be a formula, a tag or markup in a format that did not take it for text."""


@pytest.fixture(scope="session")
def hostile(repository: Path) -> som_sim.Result:
    """A run in which every text that a user writes tries to be more than a text."""
    file = repository / "scenarios" / "first.yaml"
    tree: Any = YAML(typ="safe").load(file.read_text(encoding="utf-8"))

    def spoil(value: Any) -> None:
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            if key in ("label", "title", "description", "note"):
                value[key] = HOSTILE
            elif isinstance(one, dict | list):
                spoil(one)

    spoil(tree)
    tree["prices"]["shelter_day"]["note"] = HOSTILE
    tree["prices"]["shelter_day"]["udvalg"] = HOSTILE
    tree["meta"]["title"] = HOSTILE
    page = io.StringIO()
    YAML(typ="safe").dump(tree, page)
    return som_sim.run(som_sim.loads(page.getvalue()))
