"""The content of a case: whole, in both languages, true to the result, with small counts out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import som_sim
from som_sim.cli.report_command import _beside
from som_sim.core.texts import CATALOGUE, LANGUAGES
from som_sim.report.alluvial import bands_between
from som_sim.report.case.assumptions import _limit
from som_sim.report.case.build import SECTIONS, build_case
from som_sim.report.case.content import PLACE, Bullets, Case, Facts, Paragraph, Reference, Table
from som_sim.report.case.evidence import interval_table
from som_sim.report.case.view import Beside, View
from som_sim.report.disclosure import SUPPRESSED, Disclosure
from som_sim.report.style import SHAPES, house_style, new_axes, of_axes, shaped

EXPECTED = ("brief", *(key for key, _ in SECTIONS))


def find(case: Case, key: str) -> Table:
    return next(table for table in case.tables() if table.key == key)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_section_is_there_and_says_something(cases: dict[str, Case], lang: str) -> None:
    case = cases[lang]
    assert tuple(section.key for section in case.sections) == EXPECTED
    assert all(section.title and section.blocks for section in case.sections)


def test_both_languages_have_the_same_tables_and_figures(cases: dict[str, Case]) -> None:
    shapes = [
        [(one.key, len(one.columns), len(one.rows)) for one in cases[lang].tables()]
        for lang in LANGUAGES
    ]
    assert shapes[0] == shapes[1]
    drawn = [[one.key for one in cases[lang].pictures()] for lang in LANGUAGES]
    assert drawn[0] == drawn[1] and len(drawn[0]) >= 8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_figure_and_table_stands_once_and_references_find_it(
    cases: dict[str, Case], lang: str
) -> None:
    case = cases[lang]
    figures = [one.key for one in case.pictures()]
    tables = [one.key for one in case.tables()]
    assert len(set(figures)) == len(figures) and len(set(tables)) == len(tables)
    shown = [tuple(cell.text for row in one.rows for cell in row) for one in case.tables()]
    assert len(set(shown)) == len(shown)
    numbers = case.numbers()
    found = [
        one for section in case.sections for one in section.blocks if isinstance(one, Reference)
    ]
    assert found
    for one in found:
        assert numbers[one.kind, one.key] >= 1 and one.text.count(PLACE) == 1
    # On paper a figure's numbers stand below it or where it is spoken of: never twice, never lost.
    apart = [one for one in case.pictures() if one.apart]
    assert {one.key for one in apart} <= {one.key for one in found if one.numbers is not None}


ENGLISH = re.compile(
    r"\b(the|and|of|with|from|year|about|stay|sofa to|illustrative|fitted|derived|without|"
    r"people|hours)\b"
)


@pytest.mark.parametrize("name", ["randers_act", "young_hostel_cti", "skaeve_boliger"])
def test_a_danish_reader_meets_no_english(repository: Path, name: str) -> None:
    scenario = som_sim.load(repository / "scenarios" / f"{name}.yaml")
    case = build_case(som_sim.run(scenario), "da", beside=_beside(scenario, "da"))
    told = [cell.text for one in case.tables() for row in one.rows for cell in row]
    told += [part for one in case.tables() for part in (one.caption, one.note)]
    told += [column.heading for one in case.tables() for column in one.columns]
    told += [part for one in case.pictures() for part in (one.caption, one.alt)]
    blocks = [block for section in case.sections for block in section.blocks]
    told += [one.text for one in blocks if isinstance(one, Paragraph | Reference)]
    told += [point for one in blocks if isinstance(one, Bullets) for point in one.points]
    names = re.compile(r"At Home/Chez Soi|Housing First|derived vp19|»[^«]*«")
    assert [one for one in told if ENGLISH.search(names.sub("", one))] == []
    assert [one for one in told if re.search(r"\b[a-z]+_[a-z_]+\b", one)] == []


def test_no_text_is_missing_in_a_language() -> None:
    for key, (da, en) in CATALOGUE.items():
        assert da.strip() and en.strip(), key
        fields = [sorted(part.split("}")[0] for part in one.split("{")[1:]) for one in (da, en)]
        assert fields[0] == fields[1], key


def test_every_catalogue_of_texts_is_part_of_the_one() -> None:
    folder = Path(som_sim.__file__).parent / "core"
    for path in sorted(folder.glob("texts_*.py")):
        said = vars(import_module(f"som_sim.core.{path.stem}"))
        texts = [one for name, one in said.items() if name.isupper() and isinstance(one, Mapping)]
        assert texts and all(set(one) <= set(CATALOGUE) for one in texts), path.name


def test_money_in_the_case_is_money_in_the_ledger(
    randers: som_sim.Result, cases: dict[str, Case]
) -> None:
    net = randers.net("kommune", "act", "current")
    cash = find(cases["en"], "cash_act")
    column = [one.heading for one in cash.columns].index("Municipality")
    shown = [row[column].number for row in cash.rows]
    assert shown == [amount / 100 for amount in [*net, net.sum()]]
    accounts = find(cases["en"], "accounts_act_kommune")
    assert accounts.rows[-1][1].number == int(net.sum()) / 100
    parts = [round(100 * float(row[1].number or 0)) for row in accounts.rows]
    assert sum(parts[:-1]) == parts[-1]


def test_quarters_add_up_to_what_the_grant_covers(cases: dict[str, Case]) -> None:
    quarters = find(cases["en"], "quarters_act_satspulje")
    budget = find(cases["en"], "budget_act_satspulje")
    assert quarters.rows[-1][-1].number == budget.rows[-1][5].number


def test_small_counts_are_left_out_and_the_switch_shows_them(
    randers: som_sim.Result, cases: dict[str, Case]
) -> None:
    hidden = find(cases["en"], "start_housing")
    street = hidden.rows[0]
    # The target tells how many are homeless, and so the street in all, but not by group.
    assert [cell.text for cell in street[1:]] == [SUPPRESSED] * 3 + ["9.1"]
    treatment, work = (hidden.rows[at] for at in (3, 5))
    assert treatment[-1].text == work[-1].text == SUPPRESSED
    assert SUPPRESSED in hidden.note and "5" in hidden.note
    shown = find(build_case(randers, "en", Disclosure(hide=False)), "start_housing")
    assert [cell.text for cell in shown.rows[0][1:]] == ["2.6", "1.9", "4.6", "9.1"]
    assert shown.note == ""


def test_a_figure_writes_no_number_that_its_table_hides(cases: dict[str, Case]) -> None:
    states = next(one for one in cases["en"].pictures() if one.key.startswith("states_"))
    assert states.numbers is not None
    hidden = [row[0].text for row in states.numbers.rows if row[-1].text == SUPPRESSED]
    assert hidden == ["Residential treatment", "Own home in work or education"]
    axes = states.draw().axes[0]
    labels = [text.get_text() for text in axes.texts]
    # A band can be measured: it is drawn together with what would give it away.
    assert not any(one.startswith(name.split()[0]) for name in hidden for one in labels
                   if not one.startswith("Own home on"))  # fmt: skip
    assert any(one.startswith("Others\n") for one in labels)


def test_the_headline_is_the_result(randers: som_sim.Result, cases: dict[str, Case]) -> None:
    facts = next(one for one in cases["en"].brief.blocks if isinstance(one, Facts))
    assert facts.facts[0][1] == "81.8"
    assert facts.facts[1][1].startswith("−DKK") or "−" in facts.facts[1][1]


def test_a_failed_check_is_said_first(
    cases: dict[str, Case], randers: som_sim.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cases["da"].warning == ""
    monkeypatch.setattr(type(randers), "ok", property(lambda _: False))
    assert "Afstemningen fejler" in build_case(randers, "da").warning


def test_the_way_to_cash_is_the_savings_of_the_result(
    randers: som_sim.Result, cases: dict[str, Case]
) -> None:
    shown = find(cases["en"], "savings_act")
    sums = randers.savings.groupby("payer")["cashable_oere"].sum()
    row = next(one for one in shown.rows if one[0].text == "Municipality")
    assert row[-1].number == int(sums["kommune"]) / 100 != row[1].number


def test_what_stands_beside_the_result_is_shown(randers: som_sim.Result) -> None:
    beside = Beside(
        checklist=(("Is it described?", "partly", "It is.", "Who does it."),),
        diagram=lambda: of_axes(new_axes()),
        diagram_words="A drawing of nothing.",
    )
    case = build_case(randers, "en", beside=beside)
    shown = [cell.text for cell in find(case, "checklist").rows[0]]
    assert shown == ["Is it described?", "partly", "It is.", "Who does it."]
    model = next(one for one in case.pictures() if one.key == "model")
    assert model.alt == "A drawing of nothing." and "<svg" in model.svg()


def test_intervals_of_draws_are_shown_where_there_are_any(randers: som_sim.Result) -> None:
    row = {
        "figure": "net", "strategy": "act", "name": "kommune", "unit": "oere", "base": -100_00,
        "median": -90_00.0, "low": -300_00.0, "high": 50_00.0, "probability": 0.2,
    }  # fmt: skip

    class WithDraws:
        intervals = pd.DataFrame([row])

        def __getattr__(self, name: str) -> Any:
            return getattr(randers, name)

    found = interval_table(View(result=WithDraws(), lang="en", rule=Disclosure()))  # type: ignore[arg-type]
    assert found is not None
    assert [cell.text for cell in found.rows[0]][2:] == ["−100", "−90", "−300", "+50", "20%"]


def test_a_scenario_without_money_or_targets_has_a_case(repository: Path) -> None:
    text = (repository / "scenarios" / "first.yaml").read_text(encoding="utf-8")
    lines = text.splitlines()
    first = next(i for i, one in enumerate(lines) if one.startswith("prices:"))
    last = next(i for i, one in enumerate(lines) if one.startswith("strategies:"))
    bare = "\n".join([*lines[:first], *lines[last:]])
    case = build_case(som_sim.run(som_sim.loads(bare)), "da")
    assert tuple(section.key for section in case.sections) == EXPECTED
    for picture in case.pictures():
        assert "<svg" in picture.svg()


def test_the_same_case_gives_the_same_drawing(randers: som_sim.Result) -> None:
    first, second = (next(build_case(randers, "da").pictures()).svg() for _ in range(2))
    assert first == second


def test_ribbons_keep_their_size() -> None:
    flows = [("a", "b", 2.0), ("a", "c", 3.0), ("b", "c", 4.0)]
    bands, left, right = bands_between(flows, ["a", "b", "c"])
    sizes = {(one.start, one.end): one.left[1] - one.left[0] for one in bands}
    assert sizes == pytest.approx({(a, b): size for a, b, size in flows})
    for ends, names in ((left, {"a": 5.0, "b": 4.0}), (right, {"b": 2.0, "c": 7.0})):
        assert {name: high - low for name, (low, high) in ends.items()} == pytest.approx(names)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_names_of_small_flows_stand_on_each_other(cases: dict[str, Case], shape: str) -> None:
    flows = next(one for one in cases["da"].pictures() if one.key.startswith("flows_"))
    with shaped(shape), house_style():
        figure = flows.draw()
        renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        rooms = [one.get_window_extent(renderer) for one in figure.axes[0].texts]
    assert len(rooms) > 12
    for number, one in enumerate(rooms):
        assert not any(one.overlaps(other) for other in rooms[number + 1 :])


def test_hostile_texts_stay_texts(hostile: Any) -> None:
    case = build_case(hostile, "en")
    assert "<script>" in case.title  # kept as it is: each format writes it as text
    for picture in case.pictures():
        assert "<script>" not in picture.svg()


def test_limits_of_refunds_say_what_they_count(randers: som_sim.Result) -> None:
    assert "50 % op til 120 døgn" in str(build_case(randers, "da"))
    view = View(result=randers, lang="da", rule=Disclosure())
    assert _limit(view, "2 years", "time") == "2 år"
    assert _limit(view, Decimal(26), "weeks") == "26 uger"
    assert _limit(view, Decimal(830000), "cost") == "830.000 kr."


def test_arrivals_do_not_give_away_the_small_flows_among_them(randers: som_sim.Result) -> None:
    assert "Omkring 70 nye personer" in str(build_case(randers, "da"))
    shown = build_case(randers, "da", Disclosure(hide=False))
    assert "Omkring 74 nye personer" in str(shown)


def test_a_tranche_with_a_chance_has_an_expected_case() -> None:
    page = """
som_sim: 1
meta: {title: A tranche with a chance, currency: DKK, price_year: 2024}
time: {from: 2024-01, to: 2024-12, cycle: quarter}
domains: {housing: {street: {homeless: true}, home: {}}}
strata: {all: {}}
population: {initial: [{stratum: all, housing: street, persons: 230}]}
transitions: [{from: {housing: street}, to: home, rate_per_year: 0.7}]
prices:
  bed: {amount: 100, per: person_day, in: {housing: street}, price_year: 2024, payers: {kommune: 1}, account: bed}
indices: {prices: {values: {2024: 100}}}
money: {index: prices, discount_rate: 0.035, base_year: 2024}
grants:
  had: {funder: stat, to: kommune, covers: [bed], tranches: {2024: 300}, total: 300, unspent: returned, conditions: {2024: {needs: an Act, probability: 0.6}}}
strategies: {reference: {}, act: {grants: [had]}}
"""
    result = som_sim.run(som_sim.loads(page))
    for lang, expected in (("da", "Forventet"), ("en", "Expected")):
        shown = next(t for t in build_case(result, lang).tables() if t.key == "funding_act")
        last = shown.rows[-1]
        assert expected in last[0].text and last[-1].text == "–"
        assert last[2].text == "180"  # 0.6 of 300
