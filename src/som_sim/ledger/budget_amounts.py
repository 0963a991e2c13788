"""Amounts as people write them in a budget, read for a whole column at once.

``1.234`` alone can be a thousand or one and a quarter. Amounts have at most two decimals, so a
sign with three digits after it stands between thousands; and a column is written in one way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

_SPACES = "\u00a0\u202f\u2009 '"
_UNIT = re.compile(r"(?i)\s*(kr\.?|dkk)\s*")
_AMOUNT = re.compile(
    r"[1-9][0-9]{0,2}([.,])[0-9]{3}(?:\1[0-9]{3})*(?:[.,][0-9]{1,2})?|[0-9]+(?:[.,][0-9]{1,2})?"
)
_NO_OERE = re.compile(r"(?<=[0-9])[.,](-|\u2014)$")
"""The stroke that stands for no øre, as in ``100,-``."""
MOST_DECIMALS = 2


def bare(text: str) -> tuple[str, bool] | None:
    """Return the digits and signs of an amount, and whether it is below 0; None for other text.

    Examples
    --------
    >>> bare("-19.218.514 kr."), bare("(1,50)"), bare("Perron 4")
    (('19.218.514', True), ('1,50', True), None)
    """
    plain = _UNIT.sub("", text).replace("\u2212", "-").replace("\u2013", "-").strip()
    negative = False
    plain = _NO_OERE.sub("", plain)
    if plain.startswith("(") and plain.endswith(")"):
        plain, negative = plain[1:-1], True
    elif plain.startswith("-") or plain.endswith("-"):
        plain, negative = plain.strip("-"), True
    elif plain.startswith("+"):
        plain = plain[1:]
    plain = plain.strip()
    for space in _SPACES:
        grouped = re.fullmatch(rf"[0-9]{{1,3}}(?:{space}[0-9]{{3}})+(?:[.,][0-9]{{1,2}})?", plain)
        if grouped:
            plain = plain.replace(space, "")
    return (plain, negative) if _AMOUNT.fullmatch(plain) else None


def decimal_sign(texts: Sequence[str]) -> str:
    """Return the sign before decimals in a column, or an empty text when it has none.

    Raises
    ------
    ValueError
        When some amounts have one sign and some the other.

    Examples
    --------
    >>> decimal_sign(["1.234", "12,5"]), decimal_sign(["1.234", "7"])
    (',', '')
    """
    signs = set()
    between = {one for text in texts for one in re.findall(r"[.,](?=[0-9]{3})", text)}
    if len(between) > 1:
        raise ValueError(
            "some amounts have a comma between thousands and some a point; write them in one way"
        )
    for text in texts:
        found = re.search(r"([.,])[0-9]{1,2}$", text)
        if found:
            signs.add(found[1])
    if len(signs) > 1:
        raise ValueError(
            "some amounts have a decimal comma and some a decimal point; write them in one way"
        )
    return signs.pop() if signs else ""


def amount_of(text: str, negative: bool, sign: str) -> Decimal:
    """Return the amount that a bare text is, in a column with a decimal sign.

    Raises
    ------
    ValueError
        When the text has that sign between thousands.

    Examples
    --------
    >>> amount_of("1.234,5", True, ",")
    Decimal('-1234.5')
    """
    whole, decimals = text, ""
    found = re.search(r"[.,]([0-9]{1,2})$", text)
    if found:
        whole, decimals = text[: found.start()], found[1]
    if sign and sign in whole:
        other = "point" if sign == "," else "comma"
        raise ValueError(
            f"'{text}' has the column's decimal sign between thousands; is a {other} meant?"
        )
    digits = re.sub("[.,]", "", whole)
    number = Decimal(f"{digits}.{decimals}") if decimals else Decimal(digits)
    return -number if negative else number
