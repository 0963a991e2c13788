"""What a plain (unquoted) scalar of a YAML file means, decided from its raw text.

The rules are those of the YAML 1.2 core schema, except that numbers which a Danish reader and a
YAML reader understand differently are refused: ``1.000`` is a thousand to one and one to the other.
"""

from __future__ import annotations

import re
from decimal import Decimal

MAX_DIGITS = 20
"""Most digits before or after the decimal point of a number; the nation's budget has 13."""

Scalar = str | int | Decimal | bool | None

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_PERCENT = re.compile(r"([-+]?[0-9]+(?:[.,][0-9]+)?)\s*%")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.?(inf|nan)(inity)?", re.IGNORECASE)
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_THOUSANDS_OR_DECIMAL = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_DOTTED_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{3}){2,}")
_DECIMAL_COMMA = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+")
_COMMA_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3}){2,}(\.[0-9]+)?")


def number_trap(text: str) -> str | None:
    """Say what is wrong with a number that people and machines read differently.

    Returns None when `text` is no such number.

    Examples
    --------
    >>> number_trap("1.000")
    '1.000 can be read in two ways; did you mean 1000? write 1000 or 1.0'
    >>> number_trap("3,5")
    '3,5 has a decimal comma; write 3.5'
    """
    if _THOUSANDS_OR_DECIMAL.fullmatch(text):
        whole = text.replace(".", "")
        decimal = text.rstrip("0") if text.endswith("0") else f"{text}0"
        decimal += "0" if decimal.endswith(".") else ""
        message = f"can be read in two ways; did you mean {whole}? write {whole} or {decimal}"
    elif _DOTTED_THOUSANDS.fullmatch(text):
        message = f"has dots between thousands; write {text.replace('.', '')}"
    elif _DECIMAL_COMMA.fullmatch(text):
        message = f"has a decimal comma; write {text.replace('.', '').replace(',', '.')}"
    elif _COMMA_THOUSANDS.fullmatch(text):
        message = f"has commas between thousands; write {text.replace(',', '')}"
    elif _LEADING_ZERO.fullmatch(text):
        bare = re.sub(r"^([-+]?)0+(?=[0-9])", r"\1", text)
        message = f"begins with 0; write '{text}' in quotes if it is a code, {bare} if a number"
    elif _NOT_FINITE.fullmatch(text):
        message = "is not a finite number"
    else:
        return None
    return f"{text} {message}"


def percent_trap(text: str) -> str | None:
    """Say how to write a percentage; None when `text` is none.

    Examples
    --------
    >>> percent_trap("3,5 %")
    '3,5 % has a sign for percent; write 0.035'
    """
    found = _PERCENT.fullmatch(text.strip())
    if found is None:
        return None
    number = Decimal(found[1].replace(",", ".")) / 100
    return f"{text.strip()} has a sign for percent; write {plain_number(number)}"


def plain_number(number: Decimal) -> str:
    """Write a number without an exponent and without zeros that say nothing.

    Examples
    --------
    >>> plain_number(Decimal("1E+3")), plain_number(Decimal("0.20"))
    ('1000', '0.2')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def yaml_words(value: object) -> str:
    """Write a value as a user of YAML knows it.

    Examples
    --------
    >>> yaml_words(None), yaml_words(True), yaml_words([1]), yaml_words("no")
    ('nothing', 'true', 'a list', "'no'")
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 60 else f"'{value[:57]}...'"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def resolve(text: str) -> Scalar:
    """Return the value of a plain scalar; a ValueError carries what is wrong with it."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if text[0] not in "+-.0123456789iInN":
        return text
    trap = number_trap(text)
    if trap is not None:
        raise ValueError(trap)
    if _INT.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(f"a number may have at most {MAX_DIGITS} digits")
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        raise ValueError(f"{text} is no decimal number; quote it if it is a code")
    if found := _DECIMAL.fullmatch(text):
        exponent = int((found.group(3) or "e0")[1:][:6])
        if len(text) > 2 * MAX_DIGITS or abs(exponent) > MAX_DIGITS:
            raise ValueError(f"a number may have at most {MAX_DIGITS} digits on each side")
        return Decimal(text)
    return text
