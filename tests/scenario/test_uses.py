"""Numbers from the knowledge base by name: what they become, and what cannot be meant."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import som_sim as som
from som_sim.core.errors import ScenarioError
from som_sim.core.yaml_tree import parse_yaml
from som_sim.knowledge.files import knowledge_base
from som_sim.scenario.json_schema import json_schema
from som_sim.scenario.uses import KNOWN_UNITS

CASE = """\
som_sim: 1
meta: {title: A case of names, currency: DKK, price_year: 2023}
time: {from: 2022-01, to: 2023-12, cycle: month}
domains: {housing: {shelter: {homeless: true}, home: {}}}
leave: [dead]
strata: {all: {}}
population: {initial: [{stratum: all, housing: shelter, persons: {use: {entry: homeless_randers, year: 2017}}}]}
parameters:
  faster: {use: chez_soi_act_to_home}
transitions:
  - {from: {housing: shelter}, to: dead, rate_per_year: {use: mortality_homeless}}
  - {from: {housing: shelter}, to: home, rate_per_year: 0.5}
programmes:
  act:
    eligible: {housing: shelter}
    places: 5
    intake: {share_of_waiting: 1}
    stay: {mean: {use: cti_length}}
    effects: [{from: {housing: shelter}, to: home, hazard_ratio: faster}]
indices: {npi: {use: nettoprisindeks_2022_2023}}
money: {index: npi, discount_rate: 0.035, base_year: 2022}
prices:
  night: {use: section_110_day, in: {housing: shelter}, payers: {kommune: 1}, account: shelter}
  benefit:
    use: {entry: kontanthjaelp_30_plus, year: 2023}
    in: {housing: shelter}
    payers: {kommune: 1}
    transfer_to: borger
    account: benefit
targets:
  homeless: {use: goal_homeless, indicator: {persons_in: {homeless: true}}, at: 2023-06-01}
observations:
  - {use: {entry: homeless_randers, year: 2017}, indicator: {persons_in: {homeless: true}}, at: 2022-02-01}
strategies: {reference: {}, act: {programmes: act}}
"""


def test_names_become_figures_with_their_evidence() -> None:
    scenario = som.loads(CASE)
    base = scenario.base
    night = base.prices["night"]
    assert (night.price_year, night.per, night.source, night.grade) == (
        2022, "person_day", "kb_impactinsider", "C",
    )  # fmt: skip
    assert base.sources["kb_impactinsider"].url == "https://impactinsider.dk"
    assert base.prices["benefit"].price_year == 2023
    assert base.indices["npi"].values == {2022: 100, 2023: Decimal("102.2")}
    assert base.parameters["faster"].source == "kb_chez_soi"
    target = base.targets["homeless"]
    assert (target.baseline, target.goal, target.better) == (86, 75, "lower")
    assert base.population.initial[0].persons.number == 86
    assert base.population.initial[0].persons.source == "kb_act19"
    assert base.observations[0].value == 86
    assert som.run(scenario).ok


def test_a_name_is_the_same_as_what_it_stands_for() -> None:
    written_out = CASE.replace(
        "use: section_110_day,",
        "label: {da: Døgn på § 110-boform, en: Day at a section 110 shelter}, amount: 1100, "
        "per: person_day, price_year: 2022, source: kb_impactinsider, grade: C, note: "
        "'\"over 1,100\" about 2022; another source says 1,507 about 2023',",
    )
    sources = (
        "sources: {kb_impactinsider: {title: 'Impact Insider, pris for et døgn på forsorgshjem', "
        "url: 'https://impactinsider.dk'}}\n"
    )
    one, other = som.run(som.loads(CASE)), som.run(som.loads(written_out + sources))
    assert one.ledger.equals(other.ledger)


def test_the_digest_is_of_what_a_name_stands_for(tmp_path: Path) -> None:
    own = "entries:\n  section_110_day: {kind: price, label: Ours, values: {2022: 1200}, per: person_day, source: ours}\n"
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    plain = som.load(tmp_path / "case.yaml")
    ours = som.load(tmp_path / "case.yaml", knowledge=[tmp_path / "own.yaml"])
    assert plain.digest != ours.digest
    assert ours.base.prices["night"].source == "kb_ours"
    assert ours.base.sources["kb_ours"].title == "ours"
    (tmp_path / "own.yaml").write_text(own.replace("1200", "1300"), encoding="utf-8")
    changed = som.load(tmp_path / "case.yaml", knowledge=[tmp_path / "own.yaml"])
    assert changed.digest != ours.digest


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("use: section_110_day", "use: section_110_dag", "f:23:16: prices.night.use: 'section_110_dag' is nothing that the knowledge base has; did you mean"),
        ("use: section_110_day", "use: nonsense_of_mine", "see 'som-sim knowledge list'"),
        ("use: section_110_day,", "use: section_110_day, amount: 1,", "f:23:33: prices.night.amount: 'section_110_day' gives this; take it out"),
        ("use: section_110_day", "use: mortality_homeless", "'mortality_homeless' is of kind effect; prices take price"),
        ("use: section_110_day", "use: 7", "write the name of an entry, or {entry: name, year: 2023}"),
        ("{entry: kontanthjaelp_30_plus, year: 2023}", "kontanthjaelp_30_plus", "'kontanthjaelp_30_plus' has 2016, 2023, 2024; say which is meant: use: {entry: kontanthjaelp_30_plus, year: 2024}"),
        ("{entry: kontanthjaelp_30_plus, year: 2023}", "{entry: kontanthjaelp_30_plus, year: 2020}", "has nothing for 2020; it has 2016, 2023, 2024"),
        ("use: section_110_day", "use: residential_treatment_month", "'price_year' is missing"),
        ("rate_per_year: {use: mortality_homeless}", "rate_per_year: {use: goal_homeless}", "'goal_homeless' is of kind goal, which gives no single value"),
        ("rate_per_year: {use: mortality_homeless}", "rate_per_year: {use: section_110_day}", "transitions[0].rate_per_year.use: 'section_110_day' is in kr.; 'rate_per_year' takes per year"),
        ("rate_per_year: {use: mortality_homeless}", "rate_per_year: {use: chez_soi_act_to_home}", "'chez_soi_act_to_home' is in hazard ratio; 'rate_per_year' takes per year"),
        ("hazard_ratio: faster", "hazard_ratio: {use: chez_soi_act_housed}", "'chez_soi_act_housed' is in share of the time; 'hazard_ratio' takes hazard ratio"),
        ("{share_of_waiting: 1}", "{persons_per_month: {use: cti_length}}", "'cti_length' is in time; 'persons_per_month' has no entry that fits"),
        ("persons: {use: {entry: homeless_randers, year: 2017}}", "persons: {use: chez_soi_net_cost_person_year}", "is in Canadian dollars; 'persons' takes persons or citizens"),
        ("to: 2023-12", "to: 2024-12", "index 'npi' has no value for 2024"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(find: str, put: str, said: str) -> None:
    assert find in CASE
    with pytest.raises(ScenarioError) as refused:
        som.loads(CASE.replace(find, put), "f")
    assert said in str(refused.value)


def test_a_unit_of_ones_own_words_is_taken_as_it_is(tmp_path: Path) -> None:
    own = "entries: {ours: {kind: effect, label: Ours, value: 0.5, unit: om året, source: us}}\n"
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(
        CASE.replace("rate_per_year: 0.5", "rate_per_year: {use: ours}"), encoding="utf-8"
    )
    read = som.load(tmp_path / "case.yaml", knowledge=[tmp_path / "own.yaml"])
    assert read.base.transitions[1].rate_per_year is not None


def test_every_unit_of_the_packaged_entries_is_known() -> None:
    units = {getattr(one, "unit", None) for one in knowledge_base().entries.values()} - {None}
    assert units <= KNOWN_UNITS


def test_the_schema_for_editors_knows_names() -> None:
    schema = Draft202012Validator(json_schema())
    text = CASE.replace("money:", "knowledge: [own.yaml]\nmoney:")

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {str(key): plain(one) for key, one in value.items()}
        if isinstance(value, list):
            return [plain(one) for one in value]
        return float(value) if isinstance(value, Decimal) else value

    assert [one.message for one in schema.iter_errors(plain(parse_yaml(text, "f").data))] == []
