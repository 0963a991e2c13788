"""The workbook: recalculated by another program it gives the ledger, to the øre."""

from __future__ import annotations

import io
import re
import sys
import warnings
import zipfile
from itertools import takewhile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import som_sim
from office import convert, needs_office
from som_sim.core.errors import SomSimError
from som_sim.report import naming
from som_sim.report.case.build import build_case
from som_sim.report.case.content import Case
from som_sim.report.disclosure import SUPPRESSED, Disclosure
from som_sim.report.workbook.book import workbook_bytes
from som_sim.report.workbook.postings import FIRST_KEY
from som_sim.report.workbook.sheets import column_name

FLOAT_SLACK = 1e-9
"""Relative: a quantity times a price before it is rounded, computed by another program."""
THREE_PAYERS = """
som_sim: 1
meta: {title: Three payers, currency: DKK, price_year: 2024}
time: {from: 2024-01, to: 2026-06, cycle: month}
domains: {housing: {street: {homeless: true}, home: {}}}
strata: {all: {}}
population: {initial: [{stratum: all, housing: street, persons: 23}]}
transitions:
  - {from: {housing: street}, to: home, rate_per_year: 0.7}
  - {from: {housing: home}, to: street, rate_per_year: 0.2}
prices:
  bed: {amount: 333.33, per: person_day, in: {housing: street}, price_year: 2023, payers: {kommune: 0.35, region: 0.35, stat: 0.3}, account: bed}
  team: {amount: 1000000.01, per: year, price_year: 2024, payers: {region: 0.15, stat: 0.6, fond: 0.125, kommune: 0.125}, account: team}
  fee: {amount: 12.34, per: person_day, in: {housing: street}, price_year: 2024, payers: {borger: 1}, transfer_to: kommune, account: fee}
indices: {prices: {values: {2023: 97.3, 2024: 100, 2025: 102.7, 2026: 104.9}}}
money: {index: prices, discount_rate: 0.035, base_year: 2025}
grants:
  one: {funder: stat, to: kommune, covers: [bed, fee], tranches: {2024: 300000, 2025: 10000}, total: 310000, unspent: carried}
  two: {funder: fond, to: kommune, covers: [bed, team], tranches: {2024: 200000, 2025: 40000}, total: 240000, unspent: returned}
strategies: {reference: {}, with_grants: {grants: [one, two], overrides: {prices.team.amount: 1200000.03}}}
"""


def read(file: Path, *, formulas: bool = False) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it does not read every part of a chart
        return openpyxl.load_workbook(file, data_only=not formulas)


def write(result: som_sim.Result, folder: Path, lang: str = "en") -> Path:
    file = folder / "case.xlsx"
    file.write_bytes(workbook_bytes(result, build_case(result, lang)))
    return file


def formula_cells(file: Path) -> list[tuple[str, str]]:
    return [
        (sheet.title, cell.coordinate)
        for sheet in read(file, formulas=True)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type == "f"
    ]


def differences(file: Path, recalculated: Path) -> list[tuple[str, str, Any, Any]]:
    """Every formula whose value in the file is not what the other program made of it."""
    ours, theirs = read(file), read(recalculated)
    found = []
    for sheet, place in formula_cells(file):
        one, other = ours[sheet][place].value, theirs[sheet][place].value
        if isinstance(one, int | float) and isinstance(other, int | float):
            exact = re.fullmatch(r"[IJK]\d+", place) and sheet in ("Postings", "Posteringer")
            same = abs(one - other) <= (FLOAT_SLACK * abs(one) if exact else 1e-6)
        else:
            same = one == other
        if not same:
            found.append((sheet, place, one, other))
    return found


def named(workbook: Any, name: str) -> Any:
    """The cell that a name of the workbook stands for."""
    sheet, place = workbook.defined_names[name].attr_text.split("!")
    return workbook[sheet.strip("'")][place.replace("$", "")]


def net_totals(file: Path) -> dict[tuple[str, str], float]:
    """What the reconciliation sheet shows as this workbook's totals."""
    rows = read(file)["Reconciliation"].iter_rows(min_row=5, values_only=True)
    return {row[:2]: row[2] for row in takewhile(lambda row: row[1] is not None, rows)}


def expected_totals(result: som_sim.Result) -> dict[tuple[str, str], float]:
    from som_sim.core.texts import payer_name, text

    return {
        (
            naming.strategy(result, strategy, "en"),
            f"{payer_name(payer, 'en')}, {text(f'sheet.{view}', 'en')}",
        ): int(amounts.sum()) / 100
        for strategy in result.strategies[1:]
        for (view, payer), amounts in result.net_of(strategy).amounts.items()
        if amounts.any()
    }


@pytest.fixture(scope="module")
def randers_book(randers: som_sim.Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(randers, tmp_path_factory.mktemp("book"))


@needs_office
def test_recalculated_by_libreoffice_every_formula_gives_what_the_run_gave(
    randers: som_sim.Result, randers_book: Path, tmp_path: Path
) -> None:
    again = convert(randers_book, "xlsx", tmp_path)
    assert len(formula_cells(randers_book)) > 10_000
    assert differences(randers_book, again) == []
    assert net_totals(again) == expected_totals(randers)


@needs_office
def test_many_payers_spread_amounts_and_grants_that_meet_are_recalculated(tmp_path: Path) -> None:
    result = som_sim.run(som_sim.loads(THREE_PAYERS))
    assert result.ok
    file = write(result, tmp_path)
    again = convert(file, "xlsx", tmp_path)
    assert differences(file, again) == []
    assert net_totals(again) == expected_totals(result)


@needs_office
def test_amounts_that_end_on_half_an_oere_round_as_in_the_ledger(
    repository: Path, tmp_path: Path
) -> None:
    result = som_sim.run(som_sim.load(repository / "scenarios" / "skaeve_boliger.yaml"))
    file = write(result, tmp_path)
    assert differences(file, convert(file, "xlsx", tmp_path)) == []


@needs_office
def test_a_wrong_value_planted_beside_a_formula_is_found(
    randers_book: Path, tmp_path: Path
) -> None:
    planted = tmp_path / "planted.xlsx"
    wrong = "123456789.12"
    with zipfile.ZipFile(randers_book) as before, zipfile.ZipFile(planted, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/worksheets/sheet5.xml":
                content, n = re.subn(
                    rb"(<f>ROUND\(SUMIFS[^<]*</f><v>)[^<]*",
                    rb"\g<1>" + wrong.encode(),
                    content,
                    count=1,
                )
                assert n == 1
            after.writestr(name, content)
    again = convert(planted, "xlsx", tmp_path)
    found = differences(planted, again)
    assert len(found) == 1 and found[0][2] == float(wrong)


def change(file: Path, target: Path, values: dict[str, float]) -> Path:
    workbook = read(file, formulas=True)
    for name, value in values.items():
        named(workbook, name).value = value
    workbook.save(target)
    return target


@needs_office
def test_changed_inputs_move_every_total_as_a_new_run_does(
    randers_file: Path, randers_book: Path, tmp_path: Path
) -> None:
    inputs = {
        "in_price_shelter_day": 1312.45,
        "in_price_act_leader": 287.5,
        "in_index_benefit_rates_2021": 12034.56,
        "in_price_treatment_month": 39000.01,
    }
    changed = convert(change(randers_book, tmp_path / "changed.xlsx", inputs), "xlsx", tmp_path)
    rerun = som_sim.run(
        som_sim.load(
            randers_file,
            overrides={
                "prices.shelter_day.amount": "1312.45",
                "prices.act_leader.amount": "287.5",
                "indices.benefit_rates.values.2021": "12034.56",
                "prices.treatment_month.amount": "39000.01",
            },
        )
    )
    assert net_totals(changed) == expected_totals(rerun)


@needs_office
def test_a_changed_share_rate_or_tranche_moves_the_totals_as_a_new_run_does(tmp_path: Path) -> None:
    file = write(som_sim.run(som_sim.loads(THREE_PAYERS)), tmp_path)
    inputs = {
        "in_share_bed_0_kommune": 0.2,
        "in_share_bed_0_region": 0.5,
        "in_rate_2026": 0.05,
        "in_rate_2024": 0.05,
        "in_tranche_with_grants_two_2025": 45000.5,
    }
    changed = convert(change(file, tmp_path / "changed.xlsx", inputs), "xlsx", tmp_path)
    edited = (
        THREE_PAYERS.replace("{kommune: 0.35, region: 0.35,", "{kommune: 0.2, region: 0.5,")
        .replace("discount_rate: 0.035", "discount_rate: 0.05")
        .replace("2025: 40000}, total: 240000", "2025: 45000.5}, total: 245000.5")
    )
    assert net_totals(changed) == expected_totals(som_sim.run(som_sim.loads(edited)))


TWO_SHARES = THREE_PAYERS.replace(
    "tranches: {2024: 300000, 2025: 10000}, total: 310000, unspent: carried",
    "share: 0.6, paid: quarterly, from: 2024-05, "
    "tranches: {2024: 300000.03, 2025: 10000.01}, total: 310000.04, unspent: carried",
).replace(
    "fond, to: kommune, covers: [bed, team],", "fond, to: kommune, covers: [bed], share: 0.4,"
)


def balances(sheet: Any) -> dict[tuple[str, str], list[float]]:
    """What the sheet of liquidity shows by strategy heading and payer, cycle by cycle."""
    found: dict[tuple[str, str], list[float]] = {}
    heading, columns = "", {}
    for row in sheet.iter_rows(min_row=3, values_only=True):
        if isinstance(row[0], str) and " compared with " in row[0]:
            heading = row[0].split(" compared with ")[0]
        elif row[0] == "From":
            columns = {
                i: one.split(":")[0] for i, one in enumerate(row) if one and "balance" in one
            }
        elif columns and hasattr(row[0], "year"):
            for i, payer in columns.items():
                found.setdefault((heading, payer), []).append(row[i])
    return found


def expected_balances(result: som_sim.Result) -> dict[tuple[str, str], list[float]]:
    from som_sim.core.texts import payer_name

    frame = result.liquidity
    return {
        (naming.strategy(result, str(strategy), "en"), payer_name(str(payer), "en")): [
            one / 100 for one in rows["cumulative_oere"]
        ]
        for (strategy, payer), rows in frame.groupby(["strategy", "payer"])
        if rows["net_oere"].any()
    }


@needs_office
@pytest.mark.parametrize("page", ["randers", "quarters"])
def test_the_balance_of_each_month_is_the_liquidity_of_the_run(
    randers: som_sim.Result, randers_book: Path, tmp_path: Path, page: str
) -> None:
    result = randers if page == "randers" else som_sim.run(som_sim.loads(TWO_SHARES))
    file = randers_book if page == "randers" else write(result, tmp_path)
    again = convert(file, "xlsx", tmp_path)
    assert differences(file, again) == []
    shown = balances(read(again)["Liquidity"])
    assert shown == expected_balances(result) and len(shown) >= 5


@needs_office
def test_a_changed_tranche_and_price_move_the_balance_as_a_new_run_does(tmp_path: Path) -> None:
    file = write(som_sim.run(som_sim.loads(TWO_SHARES)), tmp_path)
    inputs = {"in_tranche_with_grants_one_2024": 320000.05, "in_price_bed": 350.5}
    changed = convert(change(file, tmp_path / "changed.xlsx", inputs), "xlsx", tmp_path)
    edited = (
        TWO_SHARES.replace("2024: 300000.03", "2024: 320000.05")
        .replace("total: 310000.04", "total: 330000.06")
        .replace("amount: 333.33", "amount: 350.5")
    )
    rerun = som_sim.run(som_sim.loads(edited))
    assert balances(read(changed)["Liquidity"]) == expected_balances(rerun)
    assert net_totals(changed) == expected_totals(rerun)


def test_the_lowest_balance_is_the_peak_of_the_funding(
    randers: som_sim.Result, randers_book: Path
) -> None:
    sheet = read(randers_book)["Liquidity"]
    rows = list(sheet.iter_rows(min_row=1, max_row=10, values_only=True))
    at = next(i for i, row in enumerate(rows) if row[0] == "Lowest balance")
    funding = randers.funding
    peaks = funding[funding["case"] == "as_awarded"].set_index("payer")
    for payer, label in (("kommune", "Municipality"), ("region", "Region"), ("stat", "State")):
        column = rows[at - 1].index(label)
        assert rows[at][column] == -int(peaks.loc[payer, "peak_funding_oere"]) / 100
        assert rows[at + 1][column].date().isoformat() == peaks.loc[payer, "peak_at"]


def test_every_price_index_and_share_is_a_marked_and_named_input(randers_book: Path) -> None:
    workbook = read(randers_book, formulas=True)
    names = set(workbook.defined_names)
    assert {
        "in_price_shelter_day",
        "in_index_benefit_rates_2019",
        "in_refund_shelter_day_0_0",
    } <= names
    assert "in_tranche_act_satspulje_2019" in names and "in_rate_2020" in names
    for name in names:
        cell = named(workbook, name)
        assert cell.fill.fgColor.rgb == "FFFFF2CC" and isinstance(cell.value, int | float), name
        assert any(
            cell.coordinate in one.sqref for one in cell.parent.data_validations.dataValidation
        )


def test_money_sheets_are_formulas(randers_book: Path) -> None:
    workbook = read(randers_book, formulas=True)
    for title in ("Cash flow", "Accounts"):
        numbers = [
            cell
            for row in workbook[title].iter_rows(min_row=5, min_col=4)
            for cell in row
            if isinstance(cell.value, int | float)
        ]
        assert numbers == [], title


def test_sheets_print_on_a4_and_charts_say_what_they_show(randers_book: Path) -> None:
    for sheet in read(randers_book, formulas=True):
        assert sheet.page_setup.paperSize == 9 and sheet.page_setup.fitToWidth in (1, None)
    with zipfile.ZipFile(randers_book) as parts:
        drawings = [
            parts.read(one).decode() for one in parts.namelist() if "/drawings/drawing" in one
        ]
    described = [re.findall(r'<xdr:cNvPr [^>]*descr="([^"]+)"', one) for one in drawings]
    assert len(described) >= 3 and all(described)


def test_a_users_text_is_never_a_formula(hostile: Any, tmp_path: Path) -> None:
    file = write(hostile, tmp_path)
    workbook = read(file, formulas=True)
    texts = [
        (cell.data_type, cell.value)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and "alert(1)" in cell.value
    ]
    assert len(texts) > 5 and {kind for kind, _ in texts} == {"s"}
    assert any(value.startswith("=1+1") for _, value in texts)


def test_a_label_is_no_formula_of_a_chart(repository: Path, tmp_path: Path) -> None:
    page = (repository / "scenarios" / "first.yaml").read_text(encoding="utf-8")
    page = page.replace("en: Homeless}", "en: \"=cmd|' /C calc'!A0\"}")
    file = write(som_sim.run(som_sim.loads(page)), tmp_path)
    sheets = read(file, formulas=True).sheetnames
    with zipfile.ZipFile(file) as parts:
        charts = [parts.read(one).decode() for one in parts.namelist() if "/charts/chart" in one]
    formulas = [one for chart in charts for one in re.findall(r"<c:f>([^<]*)</c:f>", chart)]
    assert formulas
    for formula in formulas:
        sheet, _, cells = formula.rpartition("!")
        assert sheet.strip("'") in sheets and re.fullmatch(r"[$A-Z0-9:]+", cells), formula


def test_small_counts_are_left_out_of_the_sheet_of_persons(
    randers: som_sim.Result, randers_book: Path
) -> None:
    def cells(workbook: Any) -> list[Any]:
        return [cell for row in workbook["Persons"].iter_rows(values_only=True) for cell in row]

    assert SUPPRESSED in cells(read(randers_book))
    shown = workbook_bytes(randers, build_case(randers, "en"), Disclosure(hide=False))
    again: Any = openpyxl.load_workbook(io.BytesIO(shown), data_only=True)
    assert SUPPRESSED not in cells(again)


def test_sheets_call_things_by_their_labels(randers: som_sim.Result, tmp_path: Path) -> None:
    base = randers.scenario.base
    names = {*base.prices, *base.indices, *randers.strategies, *base.programmes, *base.grants}
    names |= {one.account for one in base.prices.values()} | {"none", "grant_paid"}
    names -= {*base.sources, "fitted"}
    for sheet in read(write(randers, tmp_path, "da")):
        last = FIRST_KEY if sheet.title == "Posteringer" else sheet.max_column  # then hidden ones
        for row in sheet.iter_rows(min_row=3, max_col=last):
            assert not [cell.value for cell in row if cell.value in names], sheet.title


def test_the_band_of_others_is_what_the_total_leaves(randers_book: Path) -> None:
    rows = list(read(randers_book)["Persons"].iter_rows(values_only=True))
    heads = next(row for row in rows if row[0] == "Date")
    line = next(row for row in rows if hasattr(row[0], "year"))
    known = [one for one, head in zip(line, heads, strict=True) if head not in (None, "Date")]
    shown = [one for one in known[:-2] if one != SUPPRESSED]
    assert heads[-1] == "Of which others" and SUPPRESSED in known
    assert known[-1] == pytest.approx(known[-2] - sum(shown), abs=0.3)


def test_the_same_result_gives_the_same_bytes(randers: som_sim.Result, randers_book: Path) -> None:
    assert workbook_bytes(randers, build_case(randers, "en")) == randers_book.read_bytes()


def test_a_scenario_without_money_has_a_workbook(tmp_path: Path) -> None:
    bare = re.sub(r"(?ms)^prices:.*?(?=^strategies:)", "", THREE_PAYERS)
    bare = re.sub(r"\{grants: \[one, two\].*", "{}}", bare)
    assert "Summary" in read(write(som_sim.run(som_sim.loads(bare)), tmp_path)).sheetnames


def test_a_missing_library_names_the_extra(
    randers: som_sim.Result, cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(SomSimError, match=r"som-sim\[report\]"):
        workbook_bytes(randers, cases["en"])


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_have_their_letters(column: int, name: str) -> None:
    assert column_name(column) == name


def test_a_strategy_that_changes_nothing_has_a_workbook(tmp_path: Path) -> None:
    first, _, _ = THREE_PAYERS.partition("grants:")
    result = som_sim.run(som_sim.loads(first + "strategies: {reference: {}, same: {}}\n"))
    assert "Summary" in read(write(result, tmp_path)).sheetnames


def test_a_very_long_note_makes_no_row_higher_than_may_be(tmp_path: Path) -> None:
    page = THREE_PAYERS.replace("account: team}", f"account: team, note: {'why ' * 490}}}")
    sheet = read(write(som_sim.run(som_sim.loads(page)), tmp_path))["Assumptions"]
    assert 400 < max(one.height or 0 for one in sheet.row_dimensions.values()) <= 409


ALIKE = """
som_sim: 1
meta: {title: Names that look alike, currency: DKK, price_year: 2024}
time: {from: 2024-01, to: 2025-12, cycle: quarter}
domains: {housing: {street: {homeless: true}, home: {}}}
strata: {all: {}}
population:
  initial:
    - {stratum: all, housing: street, persons: 230}
    - {stratum: all, housing: home, persons: 230}
transitions: [{from: {housing: street}, to: home, rate_per_year: 0.7}]
prices:
  bed: {amount: 100, per: person_day, in: {housing: street}, price_year: 2024, payers: {kommune: 1}, account: bed}
  bed_a: {amount: 7, per: person_day, in: {housing: home}, price_year: 2024, payers: {kommune: 1}, account: bed}
indices: {prices: {values: {2024: 100, 2025: 102.7}}}
money: {index: prices, discount_rate: 0.035, base_year: 2024}
grants:
  c: {funder: stat, to: kommune, covers: [bed], tranches: {2024: 300000}, total: 300000, unspent: returned}
  b_c: {funder: fond, to: kommune, covers: [bed_a], tranches: {2024: 200000}, total: 200000, unspent: returned}
strategies:
  reference: {}
  a: {label: {da: Kort, en: Short}, grants: [b_c], overrides: {prices.bed.amount: 120}}
  a_b: {grants: [c]}
"""


@needs_office
def test_names_that_look_alike_are_kept_apart(tmp_path: Path) -> None:
    result = som_sim.run(som_sim.loads(ALIKE))
    file = write(result, tmp_path)
    with zipfile.ZipFile(file) as parts:
        names = re.findall(r'definedName name="(in_[^"]*)"', parts.read("xl/workbook.xml").decode())
    assert len(names) == len(set(names)) and sum("tranche" in one for one in names) == 2
    assert net_totals(convert(file, "xlsx", tmp_path)) == expected_totals(result)
    shown = [row[0] for row in read(file)["Assumptions"].iter_rows(values_only=True)]
    assert {"bed", "bed (Short)", "bed a"} <= set(shown)
