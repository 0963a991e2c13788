"""Numbers, money, shares and dates as a Danish or an English reader expects them.

Money is exact until here: an integer number of øre becomes a `decimal.Decimal` of kroner and is
rounded, half away from zero, only for what is shown. Babel puts a no-break space (U+00A0) between
a number and its unit, so that a line never breaks there; `plain` turns it into a common space for
places that compare or copy text.

Examples
--------
>>> plain(kroner(123456750, "da")), plain(kroner(123456750, "en"))
('1.234.567,50 kr.', 'DKK 1,234,567.50')
"""

from __future__ import annotations

import datetime
import math
from decimal import ROUND_HALF_UP, Decimal

from som_sim.core.texts import check_language

MISSING = "–"
MOST_DECIMALS = 9
NO_BREAK_SPACE = "\u00a0"
LOCALES = {"da": "da", "en": "en_GB"}
CURRENCY = {"da": "{number}\u00a0kr.", "en": "DKK\u00a0{number}"}


def plain(text: str) -> str:
    """Return the text with common spaces in place of no-break spaces."""
    return text.replace(NO_BREAK_SPACE, " ")


def _decimal(value: float | Decimal) -> Decimal | None:
    """Return the value as the decimal a reader sees it as, or None where there is no number."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int):
        return Decimal(value)
    return Decimal(repr(float(value))) if math.isfinite(value) else None


def number(value: float | Decimal | None, lang: str, decimals: int = 0) -> str:
    """Write a number with a fixed number of decimals.

    Parameters
    ----------
    value
        The number; None, nan and infinities give `MISSING`.
    lang
        ``"da"`` or ``"en"``.
    decimals
        Digits after the decimal sign.

    Examples
    --------
    >>> number(1234.5, "da", 2), number(1234.5, "en", 2), number(None, "da")
    ('1.234,50', '1,234.50', '–')
    """
    from babel.numbers import format_decimal

    check_language(lang)
    exact = None if value is None else _decimal(value)
    if exact is None:
        return MISSING
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if not rounded:
        rounded = abs(rounded)  # "-0" says nothing
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    written: str = format_decimal(rounded, format=pattern, locale=LOCALES[lang])
    return written


def as_stated(value: float, lang: str) -> str:
    """Write a number that a user has stated, with as many decimals as it was stated with.

    Examples
    --------
    >>> as_stated(75.0, "da"), as_stated(35.5, "da"), as_stated(0.1 * 3, "en")
    ('75', '35,5', '0.3')
    """
    return number(value, lang, decimals_of(value))


def decimals_of(value: float) -> int:
    """Return the fewest decimals with which a number is written in full, float rounding apart.

    Examples
    --------
    >>> [decimals_of(value) for value in (20.0, 2.5, 0.25, 0.1 * 3)]
    [0, 1, 2, 1]
    """
    return next(
        (n for n in range(MOST_DECIMALS) if math.isclose(round(value, n), value, rel_tol=1e-9)),
        MOST_DECIMALS,
    )


def signed(value: float | Decimal | None, lang: str, decimals: int = 0) -> str:
    """Write a number with its sign, also when it is positive.

    Examples
    --------
    >>> signed(1.5, "da", 1), signed(-1.5, "da", 1), signed(0.01, "da", 1)
    ('+1,5', '-1,5', '0,0')
    """
    written = number(value, lang, decimals)
    positive = not written.startswith(("-", MISSING)) and any(one in "123456789" for one in written)
    return f"+{written}" if positive else written


def oere_as_kroner(oere: int) -> Decimal:
    """Return an amount in kroner, exactly.

    Examples
    --------
    >>> oere_as_kroner(-5)
    Decimal('-0.05')
    """
    return Decimal(int(oere)).scaleb(-2)


def kroner(oere: int | None, lang: str, decimals: int = 2) -> str:
    """Write an amount of money with its currency.

    Parameters
    ----------
    oere
        The amount in øre; None gives `MISSING`.
    lang
        ``"da"`` or ``"en"``.
    decimals
        Digits after the decimal sign; 2 shows every øre.

    Examples
    --------
    >>> plain(kroner(-250, "da")), plain(kroner(-250, "en", 0))
    ('-2,50 kr.', 'DKK -3')
    """
    if oere is None:
        return MISSING
    return CURRENCY[lang].format(number=number(oere_as_kroner(oere), lang, decimals))


def percent(share: float | None, lang: str, decimals: int = 0) -> str:
    """Write a share of 1 in per cent; what is neither 0 nor 1 is never shown as 0 % or 100 %.

    Examples
    --------
    >>> plain(percent(0.131, "da")), percent(0.131, "en"), plain(percent(0.0004, "da"))
    ('13 %', '13%', 'under 1 %')
    """
    check_language(lang)
    if share is None or not math.isfinite(share):
        return MISSING
    step = 10.0**-decimals
    value, words = share * 100, ""
    if 0 < value < step / 2:
        value, words = step, "under "
    elif 100 - step / 2 <= value < 100:
        value, words = 100 - step, "over "
    sign = f"{NO_BREAK_SPACE}%" if lang == "da" else "%"
    return f"{words}{number(value, lang, decimals)}{sign}"


def date(value: str | datetime.date, lang: str) -> str:
    """Write a date, given as a date or as ISO text, with the month as a word.

    Examples
    --------
    >>> date("2022-02-07", "da"), date("2022-02-07", "en")
    ('7. februar 2022', '7 February 2022')
    """
    from babel.dates import format_date

    check_language(lang)
    day = datetime.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return format_date(day, format="long", locale=LOCALES[lang])
