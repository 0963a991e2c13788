"""Transitions from a table: what its lines mean, and where each problem in it is told."""

from __future__ import annotations

from decimal import Decimal
from math import log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from random_scenarios import Data, as_text, small
from som_sim.core.cells import parse_cells
from som_sim.core.errors import ScenarioError
from som_sim.model.build import build_model
from som_sim.scenario.read import load, loads
from som_sim.scenario.scenario import Scenario
from som_sim.scenario.table_rows import MAX_LINES

ROUNDING = 1e-12
"""A rate is a few float operations."""
STATES = {"housing": {"shelter": {"homeless": True}, "home": None, "sofa": None}}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cases").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = "cases/moves.csv") -> None:
    Path(name).write_text(text, encoding="utf-8")


def case(**sections: object) -> Data:
    data = small(domains=STATES, strata={"young": None, "adult": None}, leave=["dead"])
    return {**data, "transitions": [{"table": "moves.csv"}], **sections}


def read(table: str, **sections: object) -> Scenario:
    write(table)
    return loads(as_text(case(**sections)), "cases/case.yaml", folder="cases")


def told(table: str, **sections: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(table, **sections)
    return "\n".join(str(problem) for problem in caught.value.problems)


def rates(table: str, **sections: object) -> dict[tuple[str, str, str], float]:
    """Return the rate of each move by stratum, from, to; those of 0 left out."""
    model = build_model(read(table, **sections).base, "reference")
    axes, edges = model.axes, model.generator
    places = [(stratum, state) for stratum in axes.strata for state in axes.states[0]]
    ends = [*(state for _, state in places), *axes.leave]
    return {
        (*places[source], ends[target]): float(rate)
        for source, target, rate in zip(edges.source, edges.target, edges.rate[:, 0], strict=True)
        if rate
    }


# What a table means ------------------------------------------------------------------------------

FULL = """\
stratum;domain;from;to;rate_per_year;probability;within;mean_stay;share
young;housing;home;shelter;0,08;;;;
adult;housing;home;shelter;0,05;;;;
;housing;home;dead;;0,02;1 year;;
;housing;shelter;home;;;;61 days;0,6
;housing;shelter;sofa;;;;61 days;0,4
young;housing;sofa;home;;0,5;6 months;;
young;housing;sofa;shelter;;0,25;6 months;;
"""


def test_each_form_of_a_line() -> None:
    found = rates(FULL)
    half_year = 2 * log(4)  # 75 % have left the sofa within half a year
    expected = {
        ("young", "home", "shelter"): 0.08,
        ("adult", "home", "shelter"): 0.05,
        ("young", "home", "dead"): -log(0.98),
        ("adult", "home", "dead"): -log(0.98),
        ("young", "shelter", "home"): 0.6 * 365.25 / 61,
        ("adult", "shelter", "home"): 0.6 * 365.25 / 61,
        ("young", "shelter", "sofa"): 0.4 * 365.25 / 61,
        ("adult", "shelter", "sofa"): 0.4 * 365.25 / 61,
        ("young", "sofa", "home"): half_year * 2 / 3,
        ("young", "sofa", "shelter"): half_year / 3,
    }
    assert found == pytest.approx(expected, rel=ROUNDING)


def test_a_table_is_the_same_as_its_rows_written_out() -> None:
    written = [
        {"from": {"housing": "home"}, "stratum": "young", "to": "shelter", "rate_per_year": Decimal("0.08")},
        {"from": {"housing": "home"}, "stratum": "adult", "to": "shelter", "rate_per_year": Decimal("0.05")},
        {"from": {"housing": "home"}, "probabilities": {"dead": Decimal("0.02")}, "within": "1 year"},
        {"from": {"housing": "shelter"}, "stay": {"mean": "61 days"}, "to": {"home": Decimal("0.6"), "sofa": Decimal("0.4")}},
        {"from": {"housing": "sofa"}, "stratum": "young", "probabilities": {"home": Decimal("0.5"), "shelter": Decimal("0.25")}, "within": "6 months"},
    ]  # fmt: skip
    scenario = loads(as_text(case(transitions=written)))
    assert read(FULL).strategies == scenario.strategies


def test_a_line_can_be_for_those_in_a_state_of_another_domain() -> None:
    domains = {**STATES, "work": {"in_work": None, "no_work": None}}
    table = (
        "domain;from;to;if.work;rate_per_year;probability;within\n"
        "housing;home;sofa;in_work;0,5;;\n"
        "housing;home;sofa;no_work;0,25;;\n"
        "housing;sofa;home;in_work;;0,5;1 year\n"
        "housing;sofa;shelter;in_work;;0,25;1 year\n"
        "housing;shelter;home;;3;;\n"
    )
    in_work, no_work = {"work": "in_work"}, {"work": "no_work"}
    written = [
        {"from": {"housing": "home"}, "if": in_work, "to": "sofa", "rate_per_year": Decimal("0.5")},
        {"from": {"housing": "home"}, "if": no_work, "to": "sofa", "rate_per_year": Decimal("0.25")},
        {"from": {"housing": "sofa"}, "if": in_work, "probabilities": {"home": Decimal("0.5"), "shelter": Decimal("0.25")}, "within": "1 year"},
        {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 3},
    ]  # fmt: skip
    start = {
        "population": {
            "initial": [{"stratum": "young", "housing": "home", "work": "in_work", "persons": 3}]
        }
    }
    scenario = loads(as_text(case(domains=domains, transitions=written, **start)))
    assert read(table, domains=domains, **start).strategies == scenario.strategies
    twice = table + "housing;home;sofa;in_work;1;;\n"
    assert "this move stands twice; the first is on line 2" in told(twice, domains=domains, **start)
    strange = table.replace("in_work", "at_work", 1)
    assert "moves.csv:2:19: transitions[0].if.work: 'at_work'" in told(
        strange, domains=domains, **start
    )
    assert "unknown column 'if.'" in told(table.replace("if.work", "if."), domains=domains, **start)


def test_commas_quotes_spaces_and_empty_lines_do_not_matter() -> None:
    plain = 'domain,from,to,rate_per_year,source\r\n\r\n"housing", "home",sofa , 0.5,\r\n,,,,\r\n'
    same = "\ufeffdomain;from;to;rate_per_year\nhousing;home;sofa;0,5;;\n"
    assert read(plain).strategies == read(same).strategies
    assert rates(plain) == {("young", "home", "sofa"): 0.5, ("adult", "home", "sofa"): 0.5}


def test_a_length_can_have_a_decimal_comma_too() -> None:
    found = rates("domain;from;to;mean_stay;share\nhousing;home;sofa;0,5 years;1\n")
    assert found["young", "home", "sofa"] == pytest.approx(2)


def test_a_matrix_with_those_who_stay() -> None:
    """The line from a state to itself says who stays; it makes no move, and the row adds to 1."""
    found = rates(
        "stratum,domain,from,to,probability,within\n"
        "young,housing,home,home,0.7,1 year\n"
        "young,housing,home,sofa,0.2,1 year\n"
        "young,housing,home,dead,0.1,1 year\n"
    )
    total = -log(0.7)
    expected = {("young", "home", "sofa"): total * 2 / 3, ("young", "home", "dead"): total / 3}
    assert found == pytest.approx(expected, rel=ROUNDING)


def test_parameters_and_expressions_stand_in_cells() -> None:
    parameters = {"pace": {"value": Decimal("0.25")}, "wait": {"value": "3 months"}}
    found = rates(
        "stratum,domain,from,to,rate_per_year,mean_stay,share\n"
        "young,housing,home,sofa,pace * 2,,\n"
        "young,housing,sofa,home,,wait,1\n",
        parameters=parameters,
    )
    assert found == pytest.approx({("young", "home", "sofa"): 0.5, ("young", "sofa", "home"): 4})


def test_evidence_of_a_line_and_of_the_table() -> None:
    item = {"table": "moves.csv", "source": "report", "grade": "C"}
    scenario = read(
        "domain;from;to;rate_per_year;source;grade;note\n"
        "housing;home;sofa;0,5;trial;B;after a year\n"
        "housing;sofa;home;0,5;;;\n",
        transitions=[item],
        sources={"trial": {"title": "A trial"}, "report": {"title": "A report"}},
    )
    first, second = scenario.base.transitions
    assert (first.source, first.grade, second.source) == ("report", "C", "report")
    assert first.rate_per_year is not None and second.rate_per_year is not None
    ((_, rate),) = first.rate_per_year.steps
    assert (rate.source, rate.grade, rate.note) == ("trial", "B", "after a year")
    assert second.rate_per_year.steps[0][1].source == ""


def test_tables_stand_beside_rows_and_one_another() -> None:
    write("domain,from,to,rate_per_year\nhousing,sofa,home,2", "cases/other.csv")
    written = {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 1}
    found = rates(
        "domain,from,to,rate_per_year\nhousing,home,sofa,3",
        transitions=[written, {"table": "moves.csv"}, {"table": "other.csv"}],
    )
    young = {move[1:]: rate for move, rate in found.items() if move[0] == "young"}
    assert young == {("home", "shelter"): 1, ("home", "sofa"): 3, ("sofa", "home"): 2}


def test_a_strategy_can_have_another_table() -> None:
    write("domain,from,to,rate_per_year\nhousing,home,sofa,2", "cases/better.csv")
    better = {"overrides": {"transitions[0].table": "better.csv"}}
    strategies = {"reference": {}, "better": better}
    scenario = read("domain,from,to,rate_per_year\nhousing,home,sofa,3", strategies=strategies)
    found = [
        build_model(spec, name).generator.rate[0, 0] for name, spec in scenario.strategies.items()
    ]
    assert found == [3, 2]
    again = load_with({"transitions[0].table": "better.csv"})
    assert build_model(again.base, "reference").generator.rate[0, 0] == 2


def load_with(overrides: dict[str, str]) -> Scenario:
    return loads(as_text(case()), "case.yaml", folder="cases", overrides=overrides)


def test_what_stands_in_a_table_is_in_the_digest() -> None:
    table = "domain;from;to;rate_per_year\nhousing;home;sofa;3,0\n"
    digest = read(table).digest
    assert read(table.replace("3,0", " 3 ")).digest == digest
    assert read(table.replace("3,0", "3,1")).digest != digest
    write("domain,from,to,rate_per_year\nhousing,home,sofa,2", "cases/better.csv")
    better = {"reference": {}, "better": {"overrides": {"transitions[0].table": "better.csv"}}}
    with_two = read(table, strategies=better).digest
    write("domain,from,to,rate_per_year\nhousing,home,sofa,5", "cases/better.csv")
    assert read(table, strategies=better).digest != with_two


def test_the_table_of_a_base_is_found_from_the_base() -> None:
    Path("common").mkdir()
    write("domain,from,to,rate_per_year\nhousing,home,sofa,3", "common/moves.csv")
    write(as_text(case()), "common/base.yaml")
    write("{extends: ../common/base.yaml}", "cases/case.yaml")
    assert len(load("cases/case.yaml").base.transitions) == 1
    write("domain,from,to,rate_per_year\nhousing,home,sofa,-3", "common/moves.csv")
    with pytest.raises(ScenarioError) as caught:
        load("cases/case.yaml")
    assert str(caught.value) == (
        "common/moves.csv:2:19: transitions[0].rate_per_year: -3 is not a rate (0 to 1,000,000)"
    )


# What is wrong -----------------------------------------------------------------------------------

HEAD = "stratum;domain;from;to;rate_per_year;probability;within;mean_stay;share\n"
COLUMNS = (
    "allowed: stratum, domain, from, to, rate_per_year, probability, within, mean_stay, share, "
    "source, grade, note, if.DOMAIN"
)
AT = "cases/moves.csv:"
ITEM = "transitions[0]: "


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        # what the sections say of a row, at the cell it comes from
        (["old;housing;home;sofa;1;;;;"], "2:1: transitions[0].stratum: 'old' is no stratum; allowed: young, adult"),
        (["adult;house;home;sofa;1;;;;"], "2:7: transitions[0].from.house: unknown key; did you mean 'housing'?"),
        (["adult;housing;hme;sofa;1;;;;"], "2:15: transitions[0].from.housing: 'hme' is no state of housing; did you mean 'home'?"),
        (
            ["adult;housing;home;sof;1;;;;"],
            "2:20: transitions[0].to: 'sof' is no state of housing or way to leave; did you mean 'sofa'?",
        ),
        (["adult;housing;home;sofa;-1;;;;"], "2:25: transitions[0].rate_per_year: -1 is not a rate (0 to 1,000,000)"),
        (["adult;housing;home;sofa;pcae;;;;"], "2:25: transitions[0].rate_per_year: 'pcae' is no number and no parameter; none is declared"),
        (["adult;housing;home;home;1;;;;"], "2:20: transitions[0].to: 'home' is where these people already are"),
        (
            ["adult;housing;home;sofa;;;;61 days;0,5", "adult;housing;home;sfa;;;;61 days;0,4"],
            "2:36: transitions[0].to: the shares add to 0.9; they must add to 1\n"
            f"{AT}3:20: transitions[0].to.sfa: 'sfa' is no state of housing or way to leave; did you mean 'sofa'?",
        ),
        (["adult;housing;home;sofa;;;;61;1"], "2:28: transitions[0].stay.mean: 61 has no unit; write a duration such as '61 days'"),
        (
            ["adult;housing;home;sofa;;0,5;1 year;;", "adult;housing;home;dead;;1,5;1 year;;"],
            "3:26: transitions[0].probabilities.dead: 1.5 is not a probability (0 to 1)",
        ),
        (
            ["adult;housing;home;sofa;;0,5;1 year;;", "adult;housing;home;dead;;0,5;1 year;;"],
            "2:26: transitions[0].probabilities: the probabilities add to 1 or more; in continuous time "
            "somebody always stays, so they must add to less than 1",
        ),
        (["adult;housing;home;sofa;;0,5;1 yr;;"], "2:30: transitions[0].within: '1 yr' is not a duration; write a number above 0 and hours, days, weeks, months or years, such as '61 days'"),
        (
            ["adult;housing;home;sofa;1;;;;", "adult;housing;sofa;home;1;;;;", ";housing;home;sofa;1;;;;"],
            "4:2: transitions[2]: transitions[0] already moves people from home to sofa; name different "
            "strata or different 'if' in the two rows",
        ),
        # what the table as such says
        ([], f"1:1: {ITEM}an empty table; the first line names the columns: stratum, domain, from, to, and rate_per_year; probability and within; mean_stay and share"),
        (["adult;housing;home;sofa;;;;;"], f"2:1: {ITEM}write one of: rate_per_year; probability and within; mean_stay and share; here: none of them"),
        (["adult;housing;home;sofa;1;0,5;;;"], f"2:1: {ITEM}write one of: rate_per_year; probability and within; mean_stay and share; here: rate_per_year and probability"),
        (["adult;;home;sofa;1"], f"2:7: {ITEM}'domain' is empty"),
        (["adult;housing"], f"2:7: {ITEM}'from' is empty"),
        (["adult;housing;home;sofa;1;;;;;x"], f"2:31: {ITEM}there is no column here; each has its name on the first line"),
        (["adult;housing;home;sofa;1.000"], f"2:25: {ITEM}1.000 can be read in two ways; did you mean 1000? write 1000 or 1.0"),
        (["adult;housing;home;sofa;1", "adult;housing;home;sofa;2"], f"3:20: {ITEM}this move stands twice; the first is on line 2"),
        (
            ["adult;housing;home;sofa;;0,2;1 year;;", "adult;housing;home;dead;;0,1;6 months;;"],
            f"3:30: {ITEM}the probabilities out of one state are within one time, and line 2 says 1 year",
        ),
        (
            ["adult;housing;home;sofa;;;;1 day;0,5", "adult;housing;home;dead;;;;2 days;0,5"],
            f"3:28: {ITEM}people in one state have one mean stay, and line 2 says 1 day",
        ),
        (
            ["adult;housing;home;sofa;;0,2;1 year;;", "adult;housing;home;home;;0,7;1 year;;"],
            f"3:26: {ITEM}with those who stay the row must add to 1; it adds to 0.9",
        ),
        (["adult;housing;home;home;;1;1 year;;"], f"2:20: {ITEM}nobody leaves; leave this line out"),
        (['adult;"housing;home;sofa;1'], f"2:7: {ITEM}the quotation mark opened here is never closed; a cell stands on one line"),
        (['adult;"housing" x;home;sofa;1'], f"2:17: {ITEM}';' is missing after the closing quotation mark"),
        (["adult;hou\x1bsing;home;sofa;1"], f"2:10: {ITEM}the character U+001B is not allowed in a table"),
        (["adult;housing;;sofa;1", "adult;housing;home;;1"], f"2:15: {ITEM}'from' is empty\n{AT}3:20: {ITEM}'to' is empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_cell(lines: list[str], message: str) -> None:
    assert told(HEAD + "\n".join(lines)) == AT + message


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("domain;from;to;rate\nhousing;home;sofa;1", f"1:16: {ITEM}unknown column 'rate'; {COLUMNS}"),
        ("domain;from;to;to;rate_per_year\nhousing;home;sofa;;1", f"1:16: {ITEM}the column 'to' stands twice"),
        (
            "from;to;rate_per_year\nhome;sofa;1",
            f"1:1: {ITEM}the column 'domain' is missing; write stratum, domain, from, to, and "
            "rate_per_year; probability and within; mean_stay and share",
        ),
        ("", f"1:1: {ITEM}an empty table; the first line names the columns: stratum, domain, from, to, and rate_per_year; probability and within; mean_stay and share"),
        ("domain,from,to,rate_per_year\nhousing,home,sofa,\"0,5\"", f"2:19: {ITEM}0,5 has a decimal comma; write 0.5"),
        (
            "domain,from,to,rate_per_year,source\nhousing,home,sofa,1,raport",
            "2:21: transitions[0].rate_per_year.source: source 'raport' is not declared in 'sources'; none is declared",
        ),
        ("domain,from,to,rate_per_year,grade\nhousing,home,sofa,1,F", "2:19: transitions[0].rate_per_year: grade 'F' is not one of A, B, C, D"),
        (
            "domain,from,to,rate_per_year\n" + "housing,home,sofa,1\n" * MAX_LINES,
            f"{MAX_LINES + 1}:1: {ITEM}more than {MAX_LINES} lines",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_columns(table: str, message: str) -> None:
    assert told(table) == AT + message


def test_a_file_that_is_no_text_is_located() -> None:
    Path("cases/moves.csv").write_bytes("domain;from\nhusf\u00e6lde;x".encode("cp1252"))
    with pytest.raises(ScenarioError) as caught:
        loads(as_text(case()), "cases/case.yaml", folder="cases")
    assert str(caught.value) == (f"{AT}2:5: {ITEM}byte 0xe6 is not UTF-8; save the file as UTF-8")


ROW = {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 1}


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([{"table": "nowhere.csv"}], "transitions[0].table: there is no file 'cases/nowhere.csv'"),
        ([{"table": "../../x.csv"}], "transitions[0].table: '../../x.csv' is too far away; a scenario reads files of its own folder, of folders next to it, and below these"),
        ([{"table": 7}], "transitions[0].table: write the name of one file, such as moves.csv"),
        ([{"table": "moves.csv", "stratum": "young"}], "transitions[0].stratum: unknown key; allowed: table, source, grade, note"),
        ([{"table": "moves.csv"}, ROW], "transitions[1]: a row stands after a table; put tables last, so that the rows written here keep their numbers"),
        ([{"table": "moves.csv", "grade": "F"}], "transitions[0].grade: 'F' is not allowed; allowed: A, B, C, D"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_item(items: list[Data], message: str) -> None:
    table = "domain,from,to,rate_per_year\nhousing,home,sofa,3"
    first = told(table, transitions=items)
    assert first.startswith("cases/case.yaml:1:") and first.endswith(f": {message}")
    assert first.count("\n") == 0


def test_problems_elsewhere_are_told_with_those_of_the_table() -> None:
    act = {
        "eligible": {"housing": "hme"}, "places": 5, "intake": {"share_of_waiting": 1},
        "effects": [{"from": {"housing": "home"}, "to": "sofa", "hazard_ratio": 2}],
    }  # fmt: skip
    found = told("domain,from,to,rat\nhousing,home,sofa,3", programmes={"act": act})
    assert found.splitlines()[0].endswith(
        "programmes.act.eligible.housing: 'hme' is no state of housing; did you mean 'home'?"
    )
    assert found.splitlines()[1:] == [f"{AT}1:16: {ITEM}unknown column 'rat'; {COLUMNS}"]


def test_text_needs_a_folder_for_its_tables() -> None:
    with pytest.raises(ScenarioError, match="this text stands in no folder to find the file from"):
        loads(as_text(case()), "f")


def test_cells_have_their_places() -> None:
    cells = parse_cells('a; "b ""c""" ;\n\n  d;;e', "t.csv")
    assert [[(one.text, one.line, one.column) for one in row] for row in cells.rows] == [
        [("a", 1, 1), ('b "c"', 1, 4), ("", 1, 15)],
        [("d", 3, 3), ("", 3, 5), ("e", 3, 6)],
    ]


@pytest.mark.parametrize(
    ("text", "separator", "value"),
    [
        ("0,43", ";", Decimal("0.43")),
        ("1,125", ";", Decimal("1.125")),
        ("-0,5", ";", Decimal("-0.5")),
        ("0.43", ";", Decimal("0.43")),
        ("7", ";", 7),
        ("1,5 years", ";", "1.5 years"),
        ("true", ";", "true"),
        ("a_rate", ",", "a_rate"),
        ("0.43", ",", Decimal("0.43")),
    ],
)
def test_what_a_cell_says(text: str, separator: str, value: object) -> None:
    cells = parse_cells(f"x{separator}y\n{text}{separator}", "t.csv")
    assert cells.value(cells.rows[1][0]) == value


@given(st.text(alphabet='ab;,"\n\r 0.5', max_size=80) | st.text() | st.binary(max_size=80))
def test_any_text_is_cells_or_problems_with_a_place(content: str | bytes) -> None:
    try:
        cells = parse_cells(content, "t.csv")
    except ScenarioError as error:
        assert all(one.line >= 1 and one.column >= 1 for one in error.problems)
        return
    assert all(cell.text == cell.text.strip() for row in cells.rows for cell in row)


CELLS = st.sampled_from(
    ["", "young", "housing", "home", "shelter", "sofa", "dead", "0,5", "0.5", "1", "-1", "1 year",
     "61 days", "pace", "1.000", '"', "æ", "from", "share"]
)  # fmt: skip


@given(st.lists(st.lists(CELLS, min_size=1, max_size=10), max_size=8), st.data())
def test_any_table_is_read_or_refused_with_places(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]], data: st.DataObject
) -> None:
    names = data.draw(st.permutations(HEAD.strip().split(";")))
    folder = tmp_path_factory.mktemp("any")
    text = "\n".join(";".join(line) for line in [names, *lines])
    (folder / "moves.csv").write_text(text, encoding="utf-8")
    try:
        loads(as_text(case()), "case.yaml", folder=folder)
    except ScenarioError as error:
        assert all(one.line >= 1 and one.file.endswith("moves.csv") for one in error.problems)
