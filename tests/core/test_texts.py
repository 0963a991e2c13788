"""The catalogue: both languages for every key, with the same placeholders."""

from __future__ import annotations

from string import Formatter

import pytest

from som_sim.core.texts import CATALOGUE, PAYERS, one_line, payer_name, text


def placeholders(written: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(written) if name is not None}


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_each_key_says_the_same_in_both_languages(key: str) -> None:
    danish, english = CATALOGUE[key]
    assert danish.strip() and english.strip()
    assert placeholders(danish) == placeholders(english)


def test_an_unknown_key_or_language_is_an_error() -> None:
    with pytest.raises(KeyError, match="no text 'nothing'"):
        text("nothing", "da")
    with pytest.raises(ValueError, match="unknown language 'de'; allowed: da, en"):
        text("yes", "de")
    with pytest.raises(KeyError, match="goal"):
        text("target.goal_line", "da", when="2022")


def test_every_payer_has_a_name_and_an_unknown_one_keeps_its_own() -> None:
    for payer in PAYERS:
        assert payer_name(payer, "da") != payer
    assert payer_name("havnen", "en") == "havnen"


def test_a_users_text_becomes_one_harmless_line() -> None:
    assert one_line("a\x1b[31mb\n\tc\u202e") == "a [31mb c"
    assert one_line("Ærø · 20 % – [red]") == "Ærø · 20 % – [red]"
