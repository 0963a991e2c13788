"""What a reader is told about the knowledge base, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KNOWLEDGE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "knowledge.found": ("{items} i alt", "{items} in all"),
        "knowledge.law": ("  lov: {value}", "  law: {value}"),
        "knowledge.figures": ("  tal: {value}", "  figures: {value}"),
        "knowledge.grade": ("  evidens: {value}", "  grade: {value}"),
        "knowledge.source": ("  kilde: {value}", "  source: {value}"),
        "knowledge.note": ("  bemærkning: {value}", "  note: {value}"),
        "knowledge.last_checked": ("  sidst tjekket: {value}", "  last checked: {value}"),
        "knowledge.next_update": ("  ventes fornyet: {value}", "  next update: {value}"),
        "knowledge.update": (
            "{name}: et nyere tal ventedes {detail}",
            "{name}: a newer figure was expected on {detail}",
        ),
        "knowledge.unchecked": (
            "{name}: sidst holdt op mod kilden: {detail}",
            "{name}: last held against its source: {detail}",
        ),
        "knowledge.no_source": ("{name}: uden kilde: {detail}", "{name}: no source: {detail}"),
        "knowledge.example": (
            "{name}: reglen giver ikke eksempel {detail}",
            "{name}: the rule does not give example {detail}",
        ),
        "rules.head": (
            "{prices} priser med en regel, der tæller; målt på {histories} historier",
            "{prices} prices with a rule that counts; measured on {histories} histories",
        ),
        "rules.year": (
            "{strategy}, {price}, {year}: refunderet {own} ({way}), person for person {measured}, "
            "forskel {difference}",
            "{strategy}, {price}, {year}: refunded {own} ({way}), person by person {measured}, "
            "difference {difference}",
        ),
        "rules.way.within": ("angivet", "stated"),
        "rules.way.clock": ("ur", "clock"),
        "rules.way.histories": ("historier", "histories"),
        "rules.within": (
            "{strategy}, {price}: {share} af dagene inden for {limit}",
            "{strategy}, {price}: {share} of the days within {limit}",
        ),
        "knowledge.checked": (
            "{items} poster set efter pr. {day}: {concerns} at se på",
            "{items} items looked at as of {day}: {concerns} to look into",
        ),
    }
)
