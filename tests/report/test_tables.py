"""CSV that reads back the same and that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from som_sim.report.tables import csv_text, harmless


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+45", "'+45"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=x", "'=x"),
        ("a\r=x\n=y", "a =x =y"),
        ("＝1", "'＝1"),
        ('ACT, "team"', 'ACT, "team"'),
    ],
)
def test_a_formula_becomes_text(text: str, cell: str) -> None:
    assert harmless(text) == cell
    frame = pd.DataFrame({text: [text], "amount": [-5]})
    rows = list(csv.reader(io.StringIO(csv_text(frame), newline="")))
    assert rows == [[cell, "amount"], [cell, "-5"]]


def test_numbers_are_written_so_that_they_read_back() -> None:
    values = [0.1 + 0.2, 1e-300, 1 / 3, 12345678.9, -2.5, float("nan")]
    oere = [1, None, 2**53 + 1, 0, -1, 7]
    frame = pd.DataFrame({"persons": values, "oere": pd.array(oere, dtype="Int64")})
    _, *rows = csv.reader(io.StringIO(csv_text(frame), newline=""))
    assert [float(row[0]) for row in rows[:5]] == values[:5]
    assert [row[1] for row in rows] == ["1", "", "9007199254740993", "0", "-1", "7"]
    assert rows[5][0] == ""


def test_whole_oere_are_whole_also_in_a_column_with_gaps() -> None:
    frame = pd.DataFrame({"residual_oere": [5.0, float("nan"), 0.25], "persons": [5.0, 1.0, 2.0]})
    assert csv_text(frame).splitlines()[1:] == ["5,5.0", ",1.0", "0.25,2.0"]


def test_the_frame_is_left_as_it_was() -> None:
    frame = pd.DataFrame({"label": ["=1"]})
    csv_text(frame)
    assert frame["label"][0] == "=1"
