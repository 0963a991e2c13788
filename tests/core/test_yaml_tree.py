"""Text to tree: values, places, every trap with its sentence, and nothing breaks the reader."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from som_sim.core.errors import ScenarioError
from som_sim.core.yaml_scalars import number_trap
from som_sim.core.yaml_tree import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Document,
    Position,
    parse_value,
    parse_yaml,
)


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        parse_yaml(text, "f")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-7", -7),
        ("+7", 7),
        ("0", 0),
        ("0.43", Decimal("0.43")),
        ("0.125", Decimal("0.125")),
        ("1.6", Decimal("1.6")),
        ("1.0", Decimal("1.0")),
        ("1.0000", Decimal("1.0000")),
        ("1e-9", Decimal("1e-9")),
        (".5", Decimal("0.5")),
        ("5.", Decimal("5")),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("no", "no"),
        ("on", "on"),
        ("2017-02", "2017-02"),
        ("2017-02-15", "2017-02-15"),
        ("2017-W06", "2017-W06"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("61 days", "61 days"),
        ("'0101'", "0101"),
        ("'1.000'", "1.000"),
        ('"æ\\u00e6"', "ææ"),
        ("-", "-"),
        (".", "."),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    if text == "-":
        text = "'-'"
    read = parse_yaml(f"a: {text}", "f").data["a"]
    assert read == value
    assert type(read) is type(value)


def test_a_decimal_keeps_every_digit_of_the_text() -> None:
    assert str(parse_yaml("a: 0.1000000000000000055511151231257827", "f").data["a"]) == (
        "0.1000000000000000055511151231257827"
    )


def test_blocks_of_text_and_comments() -> None:
    text = "a: |  # comment\n  one\n  two\nb: >-\n  one\n  two\n"
    assert parse_yaml(text, "f").data == {"a": "one\ntwo\n", "b": "one two"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.000", "1.000 can be read in two ways; did you mean 1000? write 1000 or 1.0"),
        ("1.250", "1.250 can be read in two ways; did you mean 1250? write 1250 or 1.25"),
        ("12.500", "12.500 can be read in two ways; did you mean 12500? write 12500 or 12.5"),
        ("-1.125", "-1.125 can be read in two ways; did you mean -1125? write -1125 or -1.1250"),
        ("1.234.567", "1.234.567 has dots between thousands; write 1234567"),
        ("1,234,567.5", "1,234,567.5 has commas between thousands; write 1234567.5"),
        ("3,5", "3,5 has a decimal comma; write 3.5"),
        ("1.234,50", "1.234,50 has a decimal comma; write 1234.50"),
        ("0101", "0101 begins with 0; write '0101' in quotes if it is a code, 101 if a number"),
        ("007.5", "007.5 begins with 0; write '007.5' in quotes if it is a code, 7.5 if a number"),
        (".nan", ".nan is not a finite number"),
        ("-.Inf", "-.Inf is not a finite number"),
        ("nan", "nan is not a finite number"),
        ("9" * 21, "a number may have at most 20 digits"),
        ("1e21", "a number may have at most 20 digits on each side"),
        ("1e-999999999999", "a number may have at most 20 digits on each side"),
    ],
)
def test_number_traps(text: str, message: str) -> None:
    assert problems(f"a: {text}") == [f"f:1:4: a: {message}"]


@given(st.integers(-(10**12), 10**12))
def test_thousands_as_danes_write_them_never_pass_as_numbers(number: int) -> None:
    danish = f"{number:,}".replace(",", ".")
    assert (number_trap(danish) is not None) == (abs(number) >= 1000)
    assert parse_yaml(f"a: {number}", "f").data == {"a": number}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**9))
def test_two_decimals_are_read_exactly(amount: Decimal) -> None:
    assert parse_yaml(f"a: {amount:f}", "f").data == {"a": amount}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f: the file is empty"),
        ("# only a comment\n", "f: the file is empty"),
        ("---\n...\n", "f: the file is empty"),
        ("- 1\n", "f:1:1: the top level must be keys with values, such as 'som_sim: 1'"),
        ("som_sim", "f:1:1: the top level must be keys with values, such as 'som_sim: 1'"),
        ("a: 1\na: 2", "f:2:1: a: this key stands twice; the first is on line 1"),
        ("1: a\n'1': b", "f:2:1: 1: this key stands twice; the first is on line 1"),
        ("'1': a\n1: b", "f:2:1: [1]: this key stands twice; the first is on line 1"),
        (
            "1.5: a",
            "f:1:1: a key must be a name or a whole number, not 1.5; quote it if it is a name",
        ),
        (
            "b: {true: 1}",
            "f:1:5: b: a key must be a name or a whole number, not true; quote it if it is a name",
        ),
        ("[1]: a", "f:1:1: a key must be a name or a whole number"),
        (
            "0101: a",
            "f:1:1: 0101 begins with 0; write '0101' in quotes if it is a code, 101 if a number",
        ),
        ("a: !b 1", "f:1:4: a: tags such as !b are not allowed; remove it"),
        (
            "a: !!python/object/apply:os.system [ls]",
            "f:1:4: a: tags such as !!python/object/apply:os.system are not allowed; remove it",
        ),
        ("!!str a: 1", "f:1:1: tags such as !!str are not allowed; remove it"),
        (
            "a: &x {b: 1}\nc: {<<: *x}",
            "f:2:5: c: merge keys (<<) are not read, since they hide what stands where; "
            "repeat the lines",
        ),
        ("a: 1\n---\nb: 2", "f:2:1: a second document ('---'); one file is one document"),
        ("%YAML 1.1\n---\na: 1", "f:2:1: only YAML 1.2 is read; leave the %YAML line out"),
        (
            "a: {b: 3,5, c: 1}",
            "f:1:10: a[5]: has no value; if 3,5 is a number, write 3.5",
        ),
        ("a: *b", "f:1:4: a: *b is used before it is defined"),
        ("a: &b [1, *b]", "f:1:11: a[1]: *b contains itself"),
        (b"a: 1\nb: \xe6", "f:2:4: byte 0xe6 is not UTF-8; save the file as UTF-8"),
        (
            "a: 1\n".encode("utf-16"),
            "f:1:1: byte 0xff is not UTF-8; save the file as UTF-8",
        ),
        ('a: "\\e[31m"', "f:1:4: a: the character U+001B is not allowed in a text"),
        ('"\\ud800": 1', "f:1:1: the character U+D800 is not allowed in a text"),
        ("a: x\x01", "f:1:5: the character U+0001 is not allowed in YAML"),
        ("a:\n\tb: 1", "f:2:1: a tab; indent with spaces"),
        ("a: @x", "f:1:4: a value cannot begin with '@'; quote it"),
        ("a: 'x\nb: 1\n", "f:1:4: the quotation mark opened here is never closed"),
        (
            "a: {b: 1\nc: 2",
            "f:2:2: expected ',' or '}' to go on with the brace opened at line 1, column 4",
        ),
        (
            "a:\n  b: 1\n c: 2",
            "f:3:2: this does not line up with the lines it belongs to since line 1; "
            "check indentation",
        ),
        (
            "a: b: c",
            "f:1:5: a colon is not allowed here; check the indentation, or quote a text with ': '",
        ),
        ("a: 1\nb\nc: 2", "f:2:1: a key without a colon"),
        ("a: ]", "f:1:4: a value is missing before ]"),
        ("a: - b", "f:1:4: a list item ('- ') must start on its own line"),
        ("a: " + "[" * 60, f"f:1:53: nested deeper than {MAX_DEPTH} levels"),
        ("a" * (MAX_BYTES + 1), "f: larger than 1000000 bytes, the most that is read"),
    ],
)
def test_what_is_refused(text: str | bytes, message: str) -> None:
    assert problems(text) == [message]


def test_all_problems_are_collected_in_the_order_of_the_file() -> None:
    text = "a: 1.000\nb: {c: 1.000, c: !x 1}\nd: [0101, .inf]\na: 2\ne: @"
    assert [line.split(": ")[0] for line in problems(text)] == [
        "f:1:4",
        "f:2:8",
        "f:2:15",
        "f:2:18",
        "f:3:5",
        "f:3:11",
        "f:4:1",
        "f:5:4",
    ]


def test_positions_of_keys_and_values() -> None:
    document = parse_yaml("a:\n  b: [x, {c: 1}]\n  2018: 5\n", "f")
    assert document.positions[("a", "b", 1, "c")] == Position(2, 14, 2, 11)
    assert document.positions[("a", "b", 0)] == Position(2, 7, 2, 7)
    assert document.positions[("a", 2018)] == Position(3, 9, 3, 3)
    assert str(document.problem(("a", "b", 1, "c"), "m")) == "f:2:14: a.b[1].c: m"
    assert str(document.problem(("a", "b", 1, "c"), "m", at_key=True)) == "f:2:11: a.b[1].c: m"
    assert str(document.problem(("a", "b"), "m")) == "f:2:3: a.b: m"  # a list: at its key
    assert str(document.problem(("a", "z", "y"), "m")) == "f:1:1: a.z.y: m"  # nearest key
    assert str(document.problem((), "m")) == "f:1:1: m"


def test_what_stands_below_an_alias_is_where_the_anchor_is() -> None:
    document = parse_yaml("a: &x {b: 1}\nc: *x\n", "f")
    assert document.data == {"a": {"b": 1}, "c": {"b": 1}}
    assert document.data["a"] is not document.data["c"]
    assert document.positions[("c",)] == Position(1, 4, 2, 1)
    assert document.positions[("c", "b")] == Position(1, 11, 1, 8)


def test_exploding_aliases_are_refused_before_they_are_written_out() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    start = time.process_time()
    said = problems("\n".join(lines))
    assert time.process_time() - start < 2  # 10**30 values would never end
    assert said[0] == f"f:1:1: more than {MAX_NODES} values once its aliases are written out"


def test_aliases_cannot_nest_deeper_than_the_limit() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 90)]
    assert problems("\n".join(lines)) == [
        f"f:1:1: nested deeper than {MAX_DEPTH} once its aliases are written out"
    ]


def test_a_single_value_is_read_by_the_same_rules() -> None:
    assert parse_value("{2019-06: 7, 2020-01: 0.5}", "--set") == {
        "2019-06": 7,
        "2020-01": Decimal("0.5"),
    }
    with pytest.raises(ScenarioError, match=r"^--set:1:1: 1\.000 can be read in two ways"):
        parse_value("1.000", "--set")


# Any text at all ---------------------------------------------------------------------------------

VALID = """\
som_sim: 1  # version
meta: {title: {da: "Æ", en: 'x'}, note: &n |
  text}
transitions:
  - {from: {housing: [street, shelter]}, to: dead, probability: 0.025, within: 1 year}
  - from: &here {housing: own_home}
    rate_per_year: 1e-2
    if: *here
grants: {tranches: {2018: 50156, 2019: 1043224.50}}
""".replace("&n |\n  text", "&n text")
PIECES = ["&a ", "*a", "!!x ", "<<: ", "? ", "- ", ": ", "[", "]", "{", "}", "'", '"', "\\U", "|\n"]
PIECES += ["\t", "\n", "\r", "---\n", "%YAML 9", "#", "@", "1.000", "\x00", "\ufeff", "\u2028", "~"]


def outcome(text: str | bytes) -> Document | None:
    try:
        return parse_yaml(text, "f")
    except ScenarioError as error:
        assert error.problems
        assert all(problem.message and problem.file == "f" for problem in error.problems)
        return None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    outcome(raw)


@given(st.text(st.characters(exclude_categories=()), max_size=100))
def test_any_text_is_read_or_refused(text: str) -> None:
    outcome(text)


@given(st.lists(st.sampled_from([*PIECES, "a", "b: 1", " ", "  "]), max_size=30).map("".join))
@settings(max_examples=300)
def test_any_pieces_of_yaml_are_read_or_refused(text: str) -> None:
    outcome(text)


@given(st.lists(st.tuples(st.integers(0, len(VALID)), st.sampled_from(PIECES)), max_size=5))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_any_damage_to_a_good_file_is_read_or_refused(edits: list[tuple[int, str]]) -> None:
    text = VALID
    for at, piece in edits:
        text = text[:at] + piece + text[at:]
    outcome(text)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=6)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner),
    max_leaves=15,
)


@given(st.dictionaries(st.text("abcdefg_", min_size=1, max_size=5), TREES, min_size=1))
def test_json_is_read_as_it_is(tree: dict[str, Any]) -> None:
    document = parse_yaml(json.dumps(tree, ensure_ascii=False), "f")
    assert document.data == tree
    for path, position in document.positions.items():
        document.value(path)
        assert position.line >= 1
        assert position.column >= 1
