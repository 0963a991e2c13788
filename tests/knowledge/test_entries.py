"""The packaged numbers: each has a source, and says what the sources say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from som_sim.core.errors import ScenarioError
from som_sim.core.yaml_tree import parse_yaml
from som_sim.knowledge.entry_forms import (
    CountForm,
    EffectForm,
    GoalForm,
    IndexForm,
    PriceForm,
)
from som_sim.knowledge.files import (
    FILES,
    KnowledgeFile,
    knowledge_base,
    laid_over,
    packaged,
    read_knowledge,
)
from som_sim.knowledge.search import concerns, figures, items, search

BASE = knowledge_base()
CHECKED = dt.date(2026, 11, 22)


@pytest.mark.parametrize("name", sorted(BASE.entries))
def test_every_entry_says_where_it_comes_from(name: str) -> None:
    entry = BASE.entries[name]
    assert entry.source in BASE.sources
    assert entry.grade in ("A", "B", "C", "D")
    assert entry.last_checked
    assert figures(entry)
    assert entry.label.da and entry.label.en


def test_no_name_stands_in_two_files() -> None:
    names = [name for file in FILES for name in (*packaged(file).entries, *packaged(file).rules)]
    assert len(names) == len(set(names))
    used = {one.source for one in BASE.entries.values()}
    used |= {later.source for one in BASE.entries.values() for later in getattr(one, "later", ())}
    assert set(BASE.sources) - used <= {"plan18", "status19", "derived"}


def test_the_14_goals_of_the_virksomhedsplan() -> None:
    goals = {name: one for name, one in BASE.entries.items() if isinstance(one, GoalForm)}
    assert len(goals) == 14
    n = {name: one.n for name, one in goals.items() if one.n}
    assert sorted(n.values()) == [8, 31, 37, 47, 98, 106, 203, 851]
    for one in goals.values():
        assert (one.goal < one.baseline) == (one.better == "lower")
    assert [one.later[0].value for one in goals.values() if one.later] == [
        Decimal("0.71"), Decimal("0.53"),
    ]  # fmt: skip


def test_what_is_derived_follows_from_what_is_stated() -> None:
    def price(name: str, year: int) -> Decimal:
        entry = BASE.entries[name]
        assert isinstance(entry, PriceForm)
        return entry.values[year]

    def effect(name: str) -> EffectForm:
        entry = BASE.entries[name]
        assert isinstance(entry, EffectForm)
        return entry

    assert round(price("section_110_place_year", 2023) / 365) == price(
        "section_110_place_day", 2023
    )
    days = effect("chez_soi_act_days_to_home")
    ratio = Decimal(str(days.without)) / Decimal(str(days.value))
    assert round(ratio, 1) == effect("chez_soi_act_to_home").value
    assert round(Decimal(4345) / Decimal(173592), 3) == effect("mortality_homeless").value
    lost = 1 - 0.8 ** (1 / 36)
    assert round(lost, 4) == float(effect("odense_housing_first_lost_a_month").value)


def test_an_index_never_bridges_a_gap() -> None:
    for one in BASE.entries.values():
        if isinstance(one, IndexForm):
            years = sorted(one.values)
            assert years == list(range(years[0], years[-1] + 1))


def test_words_are_found_in_both_languages() -> None:
    assert "homeless_randers" in search(BASE, "hjemløse Randers")
    assert "homeless_randers" in search(BASE, "homeless randers")
    assert list(search(BASE, "nothing of the kind")) == []
    assert set(items(BASE)) == {*BASE.entries, *BASE.rules}


def test_what_has_grown_old_is_told() -> None:
    def told(day: dt.date, age: int = 730) -> set[tuple[str, str]]:
        return {(one.name, one.kind) for one in concerns(BASE, day, age)}

    update = {("kontanthjaelp_30_plus", "update"), ("kontanthjaelp_under_30", "update"),
              ("section_110_own_payment", "update")}  # fmt: skip
    assert told(CHECKED) == update
    assert told(dt.date(2023, 12, 31)) == set()
    assert ("homeless_denmark", "update") in told(dt.date(2027, 1, 1))
    assert len([one for one in told(dt.date(2030, 1, 1)) if one[1] == "unchecked"]) == len(
        items(BASE)
    )
    assert len(told(CHECKED + dt.timedelta(days=1), 0)) == len(items(BASE)) + len(update)


OWN = """\
entries:
  our_day: {kind: price, label: Ours, values: {2024: 1300}, per: person_day, source: ours}
  no_source: {kind: count, label: Theirs, values: {2024: 3}, unit: persons}
  section_110_day: {kind: price, label: Ours, values: {2024: 1}, per: person_day, source: vp19}
"""


def own(text: str) -> KnowledgeFile:
    return read_knowledge(parse_yaml(text, "own.yaml"))


def test_an_own_file_is_laid_over() -> None:
    known = laid_over(BASE, own(OWN))
    ours = known.entries["section_110_day"]
    assert isinstance(ours, PriceForm) and ours.values == {2024: 1}
    assert isinstance(known.entries["homeless_randers"], CountForm)
    found = {(one.name, one.kind) for one in concerns(known, CHECKED)}
    assert {("our_day", "no_source"), ("no_source", "no_source"), ("our_day", "unchecked")} <= found


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("kind: price, label: Ours, values: {2024: 1300}", "kind: prize, label: Ours, values: {2024: 1300}", "own.yaml:2:3: entries.our_day: say which 'kind' it is: price, effect"),
        ("values: {2024: 1300}, ", "", "write 'values' by price year, or 'undated'"),
        ("2024: 1300", "24: 1300", "24 must be 1980 or more"),
        ("2024: 1300", "2024: a lot", "'a lot' is not a number"),
        ("per: person_day, source: ours", "per: night, source: ours", "entries.our_day.per: 'night' is not allowed"),
        ("unit: persons", "units: persons", "did you mean 'unit'|'unit' is missing"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_told_with_its_place(find: str, put: str, said: str) -> None:
    assert find in OWN
    with pytest.raises(ScenarioError) as refused:
        own(OWN.replace(find, put))
    assert any(one in str(refused.value) for one in said.split("|"))
