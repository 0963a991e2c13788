"""What is written on one line reads back as the same values, as YAML and as JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from som_sim.core.yaml_flow import flow
from som_sim.core.yaml_tree import parse_value
from som_sim.scenario.digests import digest

TEXTS = st.one_of(
    st.text(st.characters(blacklist_categories=("Cs", "Cc"), max_codepoint=0xFFFF), max_size=12),
    st.sampled_from(
        ["2017-02", "no", "0101", "1.000", "3,5", "null", "~", "a: b", "a #b", "- a", "=1+1", "x,y",
         "61 days", "stay / 2", "{}", "[", "%", "&a", "*a", "!a", "é ø", "'", '"', "0x10", ".5", ""]
    ),
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**6), 10**6, places=3, allow_nan=False, allow_infinity=False),
)
KEYS = st.one_of(TEXTS.filter(bool), st.integers(0, 3000))
TREES = st.recursive(
    st.one_of(TEXTS, NUMBERS, st.none(), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=3).filter(
            lambda one: len({str(key) for key in one}) == len(one)
        ),
    ),
    max_leaves=6,
)


@given(TREES)
def test_it_reads_back(value: Any) -> None:
    written = flow(value)
    assert "\n" not in written
    assert digest(parse_value(written, "f")) == digest(value)
    assert flow(parse_value(written, "f")) == written or isinstance(value, str | dict | list)


@given(TREES)
def test_json_reads_back_in_both(value: Any) -> None:
    written = flow(value, as_json=True)
    assert digest(parse_value(written, "f")) == digest(value)
    assert digest(json.loads(written, parse_float=Decimal)) == digest(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1.5: 2}, {True: 1}])
def test_what_no_file_can_hold_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="that a file can hold"):
        flow(value)
