"""Plain values as YAML on one line, which reads back as the same values."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from som_sim.core.errors import ScenarioError
from som_sim.core.yaml_scalars import number_trap, plain_number

_PLAIN = re.compile(r"[^\W_](?:[\w .%()/*+'-]*[\w.%)'])?")
"""Texts that need no quotation marks anywhere, when nothing else is read in them."""


def flow(value: object, *, as_json: bool = False) -> str:
    """Write a value on one line.

    Parameters
    ----------
    value
        dict, list, tuple, str, bool, None or a number.
    as_json
        Whether the line is to be JSON too.

    Raises
    ------
    TypeError
        When the value, or one in it, is of another kind or not finite.

    Examples
    --------
    >>> flow({"places": {"2019-06": 7}, "note": "so: that", "of": [0.5, None]})
    '{places: {2019-06: 7}, note: "so: that", of: [0.5, null]}'
    """
    if isinstance(value, dict):
        items = (
            f"{_key(key, as_json)}: {flow(one, as_json=as_json)}" for key, one in value.items()
        )
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one, as_json=as_json) for one in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _text(value, as_json)
    return number_text(value)


def number_text(value: object) -> str:
    """Write a number so that nobody reads it in two ways.

    Examples
    --------
    >>> number_text(2.125), number_text(1e-7), number_text(Decimal("1E+3"))
    ('2.1250', '0.0000001', '1000')
    """
    if isinstance(value, int):
        return str(value)
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    if not isinstance(exact, Decimal) or not exact.is_finite():
        raise TypeError(f"{value!r} is no value that a file can hold")
    written = plain_number(exact)
    return f"{written}0" if number_trap(written) else written


def _key(key: object, as_json: bool) -> str:
    if not isinstance(key, str | int) or isinstance(key, bool):
        raise TypeError(f"{key!r} is no key that a file can hold")
    return json.dumps(str(key)) if as_json else flow(key)


def _text(text: str, as_json: bool) -> str:
    if not as_json and _PLAIN.fullmatch(text) and _read_alone(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)


def _read_alone(text: str) -> Any:
    from som_sim.core.yaml_tree import parse_value

    try:
        return parse_value(f"[{text}]", "")[0]
    except ScenarioError:
        return None
