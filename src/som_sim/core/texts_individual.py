"""Texts about histories of single persons, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

INDIVIDUAL_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "individual.note": (
            "En person ad gangen: tallene er gennemsnit af {n} forløb, og sandsynligheder er "
            "andelen af forløb. Hvor sikre de er, står i replicates.csv og "
            "monte_carlo.csv.",
            "One person at a time: figures are means of {n} histories, and probabilities are "
            "shares of histories. How sure they are stands in replicates.csv and "
            "monte_carlo.csv.",
        ),
        "story.title": (
            "Person {person} (af 0 til {last}) · strategi: {strategy} · forløb {replicate} · "
            "startværdi (seed) {seed}",
            "Person {person} (of 0 to {last}) · strategy: {strategy} · history {replicate} · "
            "seed {seed}",
        ),
        "story.there": ("er der fra begyndelsen: {where}", "is there at the start: {where}"),
        "story.came": ("kommer til: {where}", "arrives: {where}"),
        "story.turned_away": (
            "kommer til, hvor der er fuldt, og må et andet sted hen: {where}",
            "arrives where it is full and goes elsewhere: {where}",
        ),
        "story.move": ("{about}: fra {before} til {after}", "{about}: from {before} to {after}"),
        "story.programme": (
            "indsats: fra {before} til {after}",
            "programme: from {before} to {after}",
        ),
        "story.ageing": ("gruppe: fra {before} til {after}", "group: from {before} to {after}"),
        "story.clock": ("{about}: nu {after}", "{about}: now {after}"),
        "story.leaves": ("forlader modellen: {after}", "leaves the model: {after}"),
        "story.enrolled": ("begynder i {after}", "starts in {after}"),
        "story.queued": ("venter på en plads: {after}", "waits for a place: {after}"),
        "story.gave_up": ("venter ikke længere: {after}", "no longer waits: {after}"),
        "story.waited": (" efter {days} dages ventetid", " after waiting {days} days"),
        "story.end": ("her slutter forløbet: {where}", "here the run ends: {where}"),
        "story.no_programme": ("ingen indsats", "no programme"),
        "story.money": (
            "Det kostede personens forløb i alt, i løbende priser:",
            "What the person cost over the run, in current prices:",
        ),
        "story.free": (
            "Ingen af scenariets priser gælder denne person.",
            "None of the scenario's prices is about this person.",
        ),
    }
)
