"""Budget tables: what is exact, what is rounding, what is an error, and which row it is."""

from __future__ import annotations

import random
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim as som
from som_sim.core.errors import ScenarioError
from som_sim.ledger.budget import BudgetReport, reconcile_budget
from som_sim.ledger.budget_grid import PACKAGED


def packaged(name: str) -> str:
    return files("som_sim.knowledge").joinpath("budgets", f"{name}.csv").read_text(encoding="utf-8")


def report(folder: Path, text: str, name: str = "budget.csv", **columns: str) -> BudgetReport:
    (folder / name).write_text(text, encoding="utf-8")
    return reconcile_budget(folder / name, **columns)  # type: ignore[arg-type]


def test_the_budgets_of_2019_have_four_rounding_residuals_of_one_krone_and_no_error() -> None:
    reports = [som.reconcile_budget(name) for name in PACKAGED]
    assert all(one.ok for one in reports)
    found = {one.row.name: one.residual for each in reports for one in each.rounding}
    assert len([one for each in reports for one in each.rounding]) == 4
    assert {abs(one) for one in found.values()} == {1}
    assert set(found) == {"Myndighed", "Samlet", "Bosteder, cafeer og opsøgende arbejde"}
    assert {one.row.name for each in reports for one in each.sums if one.verdict == "exact"} == {
        "Køb af pladser", "Udfører", "Selvejende tilbud",
    }  # fmt: skip
    assert all(check.ok for each in reports for check in each.checks)


def changed_digits(text: str) -> list[tuple[int, str]]:
    """Return (line, text) for the table with one digit of one amount changed, beyond the units."""
    chance = random.Random(5)
    found = []
    lines = text.splitlines()
    for number, line in enumerate(lines[1:], start=1):
        amount = line.rsplit(";", 1)[1]
        places = [n for n, one in enumerate(amount) if one.isdigit()][:-1]
        for place in places:
            other = chance.choice([one for one in "0123456789" if one != amount[place]])
            if place == places[0] and other == "0":
                continue
            new = amount[:place] + other + amount[place + 1 :]
            changed = [*lines[:number], line[: -len(amount)] + new, *lines[number + 1 :]]
            found.append((number + 1, "\n".join(changed)))
    return found


@pytest.mark.parametrize("name", PACKAGED)
def test_with_one_digit_changed_the_row_is_found(tmp_path: Path, name: str) -> None:
    for line, text in changed_digits(packaged(name)):
        found = report(tmp_path, text)
        assert not found.ok
        suspects = {c.row.line for one in found.errors for c in one.causes if c.row}
        assert line in suspects, text.splitlines()[line - 1]
        assert len(found.errors) <= 2


def test_a_row_that_is_a_sum_and_a_part_is_named_first(tmp_path: Path) -> None:
    text = packaged("randers_2019_center").replace("32.824.476", "32.284.476")
    found = report(tmp_path, text)
    assert [one.row.name for one in found.errors] == ["Myndighed", "Køb af pladser"]
    for one in found.errors:
        assert (one.causes[0].kind, one.causes[0].row and one.causes[0].row.name) == (
            "own_amount", "Køb af pladser",
        )  # fmt: skip


SMALL = """\
Post;Beløb
Indsats;{total}
  Løn;{pay}
  Husleje;4.210,50
  Kørsel;{drive}
"""


@pytest.mark.parametrize(
    ("total", "pay", "drive", "kind", "row"),
    [
        ("17.680,75", "12.345,25", "1.125,00", "exact", ""),
        ("17.680,76", "12.345,25", "1.125,00", "rounding", ""),
        ("17.680,77", "12.345,25", "1.125,00", "error", ""),
        ("17.680,75", "13.245,25", "1.125,00", "transposed", "Løn"),
        ("17.680,75", "12.345,25", "-1.125,00", "sign", "Kørsel"),
        ("17.680,75", "12.345,25", "1.725,00", "digit", "Kørsel"),
        ("16.555,75", "12.345,25", "1.125,00", "twice", "Kørsel"),
        ("99.123,13", "12.345,25", "1.125,00", "missing", ""),
    ],
)
def test_the_likely_cause(
    tmp_path: Path, total: str, pay: str, drive: str, kind: str, row: str
) -> None:
    (one,) = report(tmp_path, SMALL.format(total=total, pay=pay, drive=drive)).sums
    if kind in ("exact", "rounding", "error"):
        assert one.verdict == kind
        return
    assert one.verdict == "error"
    first = one.causes[0]
    assert first.kind == kind
    assert (first.row.name if first.row else "") == row


def test_a_row_under_the_wrong_heading_belongs_here(tmp_path: Path) -> None:
    text = "Post;Beløb\nA;300\n  a;100\n  b;200\nB;707\n  c;500\n  d;207\n"
    assert report(tmp_path, text).ok
    moved = "Post;Beløb\nA;300\n  a;100\nB;707\n  c;500\n  d;207\n  b;200\n"
    errors = report(tmp_path, moved).errors
    assert [one.causes[0].kind for one in errors] == ["misplaced", "twice"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("name,amount,parent\nall,3,\none,1,all\ntwo,2,all\n", {}),
        ("Nr;Post;Beløb;Del af\n1;i alt;3;\n2;et;1;1\n3;to;2;1\n", {}),
        ("Niveau;Post;Beløb\n1;alt;3\n2;et;1\n2;to;2\n", {}),
        ("Post;2018;2019\nalt;3;9\n et;1;4\n to;2;5\n", {"amount": "2019"}),
        ("Post\tBeløb\nalt\t3\n- et\t1\n- to\t2\n", {}),
        ("et;1\nto;2\nI alt;3\n", {}),
        ("Post;Beløb\nUdgifter;\n  et;1\n  to;2\n  I alt;3\n", {}),
        ('item,"DKK"\nall,"1,003.50"\n  one,"1,001.00"\n  two,2.50\n', {}),
        ("Post;Beløb\nalt;1.003,50 kr.\n  et;1 001,00 kr.\n  to;2,50 kr.\n", {}),
        ("Post;Beløb\nalt;−7\n  et;(9)\n  to;2\n", {}),
    ],
)
def test_any_table_with_a_hierarchy_is_read(
    tmp_path: Path, text: str, columns: dict[str, str]
) -> None:
    (one,) = report(tmp_path, text, **columns).sums
    assert one.verdict == "exact"
    assert len(one.parts) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Post;Beløb\nalt;3\nto;3\n", "the table has no hierarchy"),
        ("Post;Beløb\nalt;3\n  to;tre\n", "budget.csv:3:2: 'tre' is not an amount"),
        ("Post;Beløb\nalt;3,5\n  to;1.5\n", "some amounts have a decimal comma"),
        ("Post;Beløb\nalt;3,5\n  to;1,500\n", "decimal sign between thousands"),
        ("Post;Beløb;Del af\nalt;3;\nto;3;al\n", "budget.csv:3:3: there is no row 'al'; did you"),
        ("Post;Beløb;Del af\na;3;b\nb;3;a\n", "'a' is a part of itself"),
        ("Post;Beløb;Del af\na;3;\na;4;\nb;3;a\n", "several rows are called 'a'"),
        ("Post;2018;2019\nalt;3;9\n et;3;9\n", "several columns hold amounts: '2018', '2019'"),
        ("Niveau;Post;Beløb\nen;alt;3\n", "'en' is not a level"),
        ("", "the table is empty"),
        ("Post;Beløb\nalt;ingen\n", "no column holds|is not an amount"),
        ('Post;Beløb\nalt;"3\n', "cannot be split"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        report(tmp_path, text)


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no column 'Beløbb'; did you mean 'Beløb'"):
        report(tmp_path, SMALL, amount="Beløbb")
    with pytest.raises(ScenarioError, match="no such file"):
        reconcile_budget(tmp_path / "none.csv")


def test_a_workbook_is_read_with_its_indentation(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    page = book.active
    page.title = "2019"
    for row in (("Post", "Beløb"), ("Indsats", 30.3), ("Løn", 10.1), ("Husleje", 20.2)):
        page.append(row)
    for line in (3, 4):
        page.cell(line, 1).alignment = openpyxl.styles.Alignment(indent=1)
    book.save(tmp_path / "budget.xlsx")
    (one,) = reconcile_budget(tmp_path / "budget.xlsx", sheet="2019").sums
    assert (one.verdict, one.total) == ("exact", Decimal("30.3"))
    with pytest.raises(ScenarioError, match="there is no sheet '2020'"):
        reconcile_budget(tmp_path / "budget.xlsx", sheet="2020")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ScenarioError, match="no workbook"):
        reconcile_budget(tmp_path / "broken.xlsx")


@settings(max_examples=60)
@given(
    exact=st.lists(st.integers(-10_000_000, 10_000_000), min_size=1, max_size=9),
    comma=st.booleans(),
)
def test_rounding_alone_is_never_an_error(
    tmp_path_factory: pytest.TempPathFactory, exact: list[int], comma: bool
) -> None:
    # amounts in øre, published in whole kroner, a half up
    rounded = [(one + 50) // 100 for one in exact]
    total = (sum(exact) + 50) // 100
    lines = [f"all;{total}", *(f" part {n};{one}" for n, one in enumerate(rounded))]
    found = report(tmp_path_factory.mktemp("b"), "Post;Beløb\n" + "\n".join(lines))
    assert found.ok or abs(found.sums[0].residual) > len(exact) / 2


def test_an_amount_stated_to_the_oere_is_held_to_the_oere(tmp_path: Path) -> None:
    found = report(tmp_path, "Post;Beløb\nI;101,00\n  A;50,00\n  B;50,00\n")
    assert (found.unit, [one.verdict for one in found.sums]) == (Decimal("0.01"), ["error"])


def test_a_stroke_for_no_oere_is_part_of_an_amount(tmp_path: Path) -> None:
    found = report(tmp_path, "Post;Beløb\nI;kr. 1.100,-\n  A;1.000 kr.\n  B;100,-\n")
    assert [(one.verdict, one.total) for one in found.sums] == [("exact", Decimal(1100))]


@pytest.mark.parametrize(
    ("amounts", "message"),
    [
        (("", "100", "200"), "nothing to add up"),
        (("1,234", "0,617", "0,617"), "'0,617' is not an amount"),
        (("2.468", "1.234", "1,234"), "some amounts have a comma between thousands and some a"),
    ],
)
def test_a_table_that_says_nothing_or_two_things_is_refused(
    tmp_path: Path, amounts: tuple[str, str, str], message: str
) -> None:
    whole, one, other = amounts
    with pytest.raises(ScenarioError, match=message):
        report(tmp_path, f"Post;Beløb\nI;{whole}\n  A;{one}\n  B;{other}\n")


def test_a_formula_without_a_value_is_told(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Niveau", "Post", "Beløb"], [1, "I", 300], [2, "A", "=100"], [2, "B", 200]):
        book.active.append(row)
    book.save(tmp_path / "budget.xlsx")
    with pytest.raises(
        ScenarioError, match=r"budget.xlsx:3:3: the formula =100 has no stored value"
    ):
        reconcile_budget(tmp_path / "budget.xlsx")


@pytest.mark.parametrize(
    "table",
    [
        "Budget 2019, alle beløb i kr.;\n\nPost;Beløb\nI;30\n  A;10\n  B;20\n",
        "Kommunens budget\nfor et år, i alt\nPost;Beløb\nI;30,30\n  A;10,10\n  B;20,20\n",
        "Budget\nitem,amount\nI,30\n  A,10\n  B,20\n",
    ],
)
def test_a_title_above_the_headings_is_passed_over(tmp_path: Path, table: str) -> None:
    found = report(tmp_path, table)
    assert [[row.name for row in one.parts] for one in found.sums] == [["A", "B"]]
    assert found.ok


def test_a_title_in_a_workbook_is_passed_over(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Budget 2019"], [], ["Niveau", "Post", "Beløb"], [1, "I", 30], [2, "A", 10], [2, "B", 20]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "budget.xlsx")
    (one,) = reconcile_budget(tmp_path / "budget.xlsx").sums
    assert (one.verdict, one.row.line) == ("exact", 4)
