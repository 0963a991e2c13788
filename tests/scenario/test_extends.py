"""Files that extend others: the same as one file written by hand, every problem in its own file."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edits import VALID, GoodFile
from random_scenarios import as_text
from som_sim.core.errors import ScenarioError
from som_sim.core.yaml_tree import parse_yaml
from som_sim.scenario.digests import digest
from som_sim.scenario.extends import MAX_BASES, extended
from som_sim.scenario.read import load, loads

CASE = """\
extends: base.yaml
meta: {title: {da: En anden, en: Another}}
population:
  arrivals: [{stratum: young, housing: street, per_year: 24}]
programmes:
  act: {intake: {share_of_waiting: 0.25}}
  cti:
    eligible: {housing: home}
    places: 5
    intake: {share_of_waiting: 1}
    stay: {mean: 9 months}
grants: {pool: {tranches: {2020: 50157}, total: 1093381}}
strategies:
  cti: {programmes: [cti]}
"""
EDITS = (
    ("{da: Prøve, en: Sample}", "{da: En anden, en: Another}"),
    ("per_year: 12", "per_year: 24"),
    ("share_of_waiting: 0.5", "share_of_waiting: 0.25"),
    (
        "prices:\n",
        "  cti: {eligible: {housing: home}, places: 5, intake: {share_of_waiting: 1}, "
        "stay: {mean: 9 months}}\nprices:\n",
    ),
    ("2020: 50156", "2020: 50157"),
    ("total: 1093380", "total: 1093381"),
    ("sources: {report", "  cti: {programmes: [cti]}\nsources: {report"),
)


edited = GoodFile(VALID).edited


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of scenarios, with the good file as a base; names are told from above it."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "base.yaml").write_text(VALID, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = "cases/case.yaml") -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    return name


def told(text: str, name: str = "cases/case.yaml") -> str:
    """Return what the user is told about a file."""
    with pytest.raises(ScenarioError) as caught:
        load(write(text, name))
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_a_file_and_its_base_are_the_same_as_one_file(here: Path) -> None:
    case, whole = load(write(CASE)), loads(edited(*EDITS))
    assert case.digest == whole.digest
    assert case.strategies == whole.strategies
    assert list(case.strategies) == ["reference", "act", "cti"]
    assert case.bases == (("cases/base.yaml", loads(VALID).digest),)
    assert whole.bases == ()


def test_a_list_takes_the_place_of_a_list(here: Path) -> None:
    case = load(
        write(
            "extends: base.yaml\npopulation: {initial: [{stratum: young, housing: home, persons: 1}]}"
        )
    )
    assert [group.stratum for group in case.base.population.initial] == ["young"]
    assert len(case.base.population.arrivals) == 1


def test_a_year_is_the_same_key_with_and_without_quotes(here: Path) -> None:
    case = load(write("extends: base.yaml\nindices: {wages: {values: {'2020': 99}}}"))
    assert dict(case.base.indices["wages"].values) == {2020: 99, 2021: 100}


def test_a_chain_is_read_from_its_end(here: Path) -> None:
    write("extends: base.yaml\nmeta: {price_year: 2020, author: A}", "cases/middle.yaml")
    case = load(write("extends: ../cases/middle.yaml\nmeta: {author: B}", "mine/case.yaml"))
    assert (case.base.meta.price_year, case.base.meta.author) == (2020, "B")
    middle = load("cases/middle.yaml")
    assert case.bases == (("cases/middle.yaml", middle.digest), *middle.bases)
    assert middle.bases == (("cases/base.yaml", loads(VALID).digest),)


def test_the_base_of_a_file_below_it_is_found_from_that_file(here: Path) -> None:
    write("extends: ../base.yaml", "cases/deep/inner.yaml")
    assert load(write("extends: deep/inner.yaml")).digest == loads(VALID).digest


def test_what_is_removed_is_gone_before_the_file_is_laid_over(here: Path) -> None:
    case = load(
        write(
            "extends: base.yaml\n"
            "remove: [programmes.act.places, population.arrivals, 'transitions[1]', "
            "'transitions[3]', grants.pool.tranches.2020, programmes.act.effects]\n"
            "programmes: {act: {places: {2021-01: 3}}}\n"
            "grants: {pool: {total: 1043224}}\n"
        )
    )
    act, rows = case.base.programmes["act"], case.base.transitions
    assert [period.text for period, _ in act.places.steps if period] == ["2021-01"]
    assert case.base.population.arrivals == act.effects == ()
    assert [list(row.destinations) for row in rows] == [["home", "street"], ["shelter"]]


def test_problems_stand_where_the_value_stands(here: Path) -> None:
    broken = edited(("per_year: 12", "per_year: -12"), ("home: 0.6", "home: 0.7"))
    write(broken, "cases/base.yaml")
    case = CASE.replace("total: 1093381", "total: 7").replace("places: 5", "places: -5")
    assert told(case.replace("arrivals:", "initial:").replace("per_year", "persons")) == (
        "cases/case.yaml:9:13: programmes.cti.places: -5 is not a count (0 to 1,000,000,000)\n"
        "cases/case.yaml:12:49: grants.pool.total: the tranches add to 1093381, not to the stated "
        "total 7\n"
        "cases/base.yaml:18:51: population.arrivals[0].per_year: -12 is not a rate (0 to 1,000,000)\n"
        "cases/base.yaml:20:52: transitions[0].to: the shares add to 1.1; they must add to 1"
    )


def test_a_row_after_a_removed_one_keeps_its_place(here: Path) -> None:
    write(edited(("rate_per_year: 0.08", "rate_per_year: -1")), "cases/base.yaml")
    assert told("extends: base.yaml\nremove: ['transitions[0]', programmes.act.effects]") == (
        "cases/base.yaml:21:56: transitions[0].rate_per_year: -1 is not a rate (0 to 1,000,000)"
    )


BROKEN = (
    # (the file, what the user is told)
    ("extends: 7", "1:10: extends: write the name of one file, such as base.yaml"),
    ("extends: [base.yaml]", "1:1: extends: write the name of one file, such as base.yaml"),
    ("extends: bas.yaml", "1:10: extends: there is no file 'cases/bas.yaml'"),
    ("extends: .", "1:10: extends: 'cases' is not a file with text"),
    ("extends: /etc/passwd", "1:10: extends: '/etc/passwd' begins at the root; write the way from this file"),
    (
        "extends: ../../x.yaml",
        "1:10: extends: '../../x.yaml' is too far away; a scenario reads files of its own folder, "
        "of folders next to it, and below these",
    ),
    ("extends: case.yaml", "1:10: extends: a circle: cases/case.yaml extends cases/case.yaml"),
    ("extend: base.yaml", "1:1: extend: unknown key; did you mean 'extends'?"),
    (
        "remove: [meta]",
        "1:1: remove: 'remove' goes with 'extends': it takes things out of the file that is "
        "extended",
    ),
    (
        "extends: base.yaml\nremove: prices",
        "2:9: remove: write a list of paths, such as [programmes.act, prices.act_team]",
    ),
    (
        "extends: base.yaml\nremove: [programmes.atc, 'transitions[9]', '[', programmes.act.stay.mean.x]",
        "2:10: remove[0]: programmes.atc: programmes has no 'atc'; did you mean 'act'?\n"
        "cases/case.yaml:2:26: remove[1]: transitions[9]: transitions is a list that has [0] to "
        "[3]\n"
        "cases/case.yaml:2:44: remove[2]: [: '[' is not a path; write it as prices.act_team.amount"
        "\n"
        "cases/case.yaml:2:49: remove[3]: programmes.act.stay.mean.x: programmes.act.stay.mean "
        "holds one value, with nothing below it",
    ),
    (
        "extends: base.yaml\nprices: {team: null}\ndomains: {housing: {street: }}\ngrants: ~",
        "2:16: prices.team: nothing stands here, but cases/base.yaml says something; to take it "
        "out, write 'remove: [prices.team]'\n"
        "cases/case.yaml:3:28: domains.housing.street: nothing stands here, but cases/base.yaml "
        "says something; to take it out, write 'remove: [domains.housing.street]'\n"
        "cases/case.yaml:4:9: grants: nothing stands here, but cases/base.yaml says something; to "
        "take it out, write 'remove: [grants]'",
    ),
    (
        "extends: base.yaml\nprices: {team: {amonut: 7}}",
        "2:17: prices.team.amonut: unknown key; allowed: source, grade, note, label, in, "
        "moves, programme, places, hours, from, to, index, transfer_to, kind, replaces, steps, "
        "udvalg, paragraph, phase",
    ),
    (
        "extends: base.yaml\nremove: [strata]",
        "1:1: 'strata' is missing",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_every_way_to_get_it_wrong(here: Path, text: str, message: str) -> None:
    assert told(text) == f"cases/case.yaml:{message}"


def test_a_broken_base_is_told_alone(here: Path) -> None:
    write("som_sim: 1\nmeta: {title: [", "cases/base.yaml")
    assert told(CASE) == "cases/base.yaml:2:16: a value is missing before the end of the file"
    write("extends: nowhere.yaml", "cases/base.yaml")
    assert told(CASE) == "cases/base.yaml:1:10: extends: there is no file 'cases/nowhere.yaml'"
    Path("cases/base.yaml").write_bytes(b"# " + b"x" * 1_000_001)
    assert told(CASE) == "cases/base.yaml: larger than 1000000 bytes, the most that is read"


def test_a_circle_of_several_is_refused(here: Path) -> None:
    write("extends: ../cases/case.yaml", "mine/one.yaml")
    assert told("extends: ../mine/one.yaml") == (
        "mine/one.yaml:1:10: extends: a circle: cases/case.yaml extends mine/one.yaml extends "
        "cases/case.yaml"
    )


def test_a_chain_has_an_end(here: Path) -> None:
    for number in range(1, MAX_BASES):
        write(
            f"extends: {f'{number - 1}.yaml' if number > 1 else 'base.yaml'}",
            f"cases/{number}.yaml",
        )
    last = load(write(f"extends: {MAX_BASES - 1}.yaml"))
    assert len(last.bases) == MAX_BASES
    assert last.digest == loads(VALID).digest
    assert told("extends: case.yaml", "cases/more.yaml") == (
        "cases/1.yaml:1:10: extends: a chain of more than 5 bases; extend one that stands nearer "
        "the end"
    )


def test_links_lead_no_further_than_names(here: Path) -> None:
    outside = here.parent / f"{here.name}_outside.yaml"
    outside.write_text(VALID, encoding="utf-8")
    Path("cases/link.yaml").symlink_to(outside)
    assert "'link.yaml' is too far away" in told("extends: link.yaml")
    Path("cases/near.yaml").symlink_to(here / "cases" / "base.yaml")
    assert load(write("extends: near.yaml")).digest == loads(VALID).digest


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(here: Path) -> None:
    os.mkfifo("cases/pipe.yaml")
    assert "'cases/pipe.yaml' is not a file with text" in told("extends: pipe.yaml")


@pytest.mark.skipif(os.geteuid() == 0, reason="everything can be read by this user")
def test_a_locked_base_is_located(here: Path) -> None:
    Path("cases/base.yaml").chmod(0)
    assert "'cases/base.yaml' cannot be read: Permission denied" in told(CASE)


def test_text_needs_a_folder_to_extend_from(here: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(CASE, "f")
    assert str(caught.value) == (
        "f:1:10: extends: this text stands in no folder to find the file from; load the scenario "
        "as a file, or say which folder is meant (folder=...)"
    )
    assert loads(CASE, "f", folder=here / "cases").digest == load(write(CASE)).digest


def test_set_changes_what_the_base_says(here: Path) -> None:
    name = write(CASE)
    case = load(name, overrides={"prices.team.amount": "5"})
    assert case.base.prices["team"].amount.exact == 5
    with pytest.raises(ScenarioError, match=r"^--set: prices.team.amount: -5 is not"):
        load(name, overrides={"prices.team.amount": "-5"})


def test_the_digest_is_of_the_tree(here: Path) -> None:
    assert digest({"a": 1}) != digest({"a": "1"})
    assert load(write(CASE)).digest != load(write(CASE.replace("places: 5", "places: 6"))).digest
    base = write(VALID.replace("per_year: 12", "per_year: 13"), "cases/base.yaml")
    changed = load(write("extends: base.yaml"))
    assert changed.bases == ((base, changed.digest),)
    assert changed.digest != loads(VALID).digest


# Any split of a file in two ---------------------------------------------------------------------


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Paths of what is no mapping: a file says these whole."""
    if not isinstance(value, dict):
        return [path]
    return [leaf for key, one in value.items() for leaf in leaves(one, (*path, key))]


def every_path(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if not isinstance(value, dict | list):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(one for key, inner in items for one in every_path(inner, (*path, key)))]


WHOLE = parse_yaml(VALID, "whole.yaml")


@given(st.data())
def test_what_a_base_says_otherwise_is_laid_over(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A base with other values at some paths, and a file with the right ones: the good file."""
    changed = data.draw(st.lists(st.sampled_from(leaves(WHOLE.data)), min_size=1, unique=True))
    base: Any = copy.deepcopy(WHOLE.data)
    own: dict[str | int, Any] = {}
    for path in changed:
        below, above = base, own
        for part in path[:-1]:
            below, above = below[part], above.setdefault(part, {})
        above[path[-1]] = below[path[-1]]
        below[path[-1]] = data.draw(st.sampled_from([7, "other", ["a", {"b": 1}], {"c": {"d": 2}}]))
    folder = tmp_path_factory.mktemp("split")
    (folder / "base.yaml").write_text(as_text(base), encoding="utf-8")
    merged, _ = extended(parse_yaml(as_text({"extends": "base.yaml", **own}), "f"), str(folder))
    assert digest(merged.data) == digest(WHOLE.data)
    assert set(merged.positions) == set(every_path(WHOLE.data))
    for path in changed:
        assert merged.positions[path].file is None, "its place is in the file, not in the base"
