"""A small scenario that the commands can run in a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

SCENARIO = """\
som_sim: 1
meta:
  title: {da: "Et [lille] scenarie", en: "A [small] scenario"}
  currency: DKK
  price_year: 2020
time: {from: 2020-01, to: 2021-12, cycle: month}
domains: {housing: {street: {homeless: true}, home: {}}}
strata: {adult: {}}
population: {initial: [{stratum: adult, housing: street, persons: 40}]}
transitions:
  - {from: {housing: street}, to: home, rate_per_year: 0.5}
  - {from: {housing: home}, to: street, rate_per_year: 0.5}
programmes:
  guide:
    eligible: {housing: street}
    places: 10
    intake: {share_of_waiting: 0.5}
    stay: {mean: 12 months}
    effects: [{from: {housing: street}, to: home, hazard_ratio: 2}]
prices:
  night:
    {amount: 500, per: person_day, in: {housing: street},
     price_year: 2020, index: flat, payers: {kommune: 1}, account: shelter}
  team:
    {amount: 900000, per: year, programme: guide,
     price_year: 2020, index: flat, payers: {kommune: 1}, account: team}
indices: {flat: {values: {2020: 100, 2021: 102}}}
money: {index: flat, discount_rate: 0.035, base_year: 2020}
targets:
  homeless:
    {indicator: {persons_in: {homeless: true}}, at: 2021-06-01,
     baseline: 40, goal: 15, better: lower}
strategies: {reference: {}, guided: {programmes: guide}}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return str(file)
