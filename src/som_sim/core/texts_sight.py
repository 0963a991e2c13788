"""What is said of what a measure can see, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SIGHT_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sight.smallest": (
            "Hvad målingen kan se: den mindste virkelige ændring er fra {baseline} til {smallest}. "
            "Først ved {rejected} er tilfældet en dårlig forklaring. Nås målet på {goal} virkelig, "
            "ses det i én måling med {chance} sandsynlighed.",
            "What the measure can see: the smallest true change is from {baseline} to {smallest}. "
            "Only at {rejected} is chance a poor explanation. If the goal of {goal} is truly "
            "reached, one measure shows that with probability {chance}.",
        ),
        "sight.blind": (
            "Hvad målingen kan se: intet. Fra {baseline} er intet udfald så sjældent, at "
            "tilfældet er en dårlig forklaring.",
            "What the measure can see: nothing. From {baseline} no outcome is so rare that chance "
            "is a poor explanation.",
        ),
        "sight.years": (
            "{strategy}: den simulerede ændring kan ses efter {years} årlige målinger lagt sammen.",
            "{strategy}: the simulated change can be seen after {years} yearly measures together.",
        ),
        "sight.year": (
            "{strategy}: den simulerede ændring kan ses i den første årlige måling.",
            "{strategy}: the simulated change can be seen in the first yearly measure.",
        ),
        "sight.never": (
            "{strategy}: den simulerede ændring kan ikke ses inden for {years} år.",
            "{strategy}: the simulated change cannot be seen within {years} years.",
        ),
        "sight.note": (
            "Test af ingen ændring på niveau {level} (ensidet) og med styrke {power}. "
            "Udgangspunktet er taget som kendt; er det selv talt én gang, kan der ses endnu "
            "mindre.",
            "A test of no change at level {level} (one-sided) with power {power}. The baseline is "
            "taken as known; where it was itself counted once, even less can be seen.",
        ),
        "sight.of": ("{count} af {n}", "{count} of {n}"),
        "sight.caption": (
            "Hvad en måling af målene kan se",
            "What a measure of the targets can see",
        ),
        "sight.goals": (
            "Virksomhedsplanens {count} mål: hvad kan målingerne se?",
            "The {count} goals of the Virksomhedsplan: what can their measures see?",
        ),
        "sight.target": ("Mål", "Goal"),
        "sight.change": ("Fra - til", "From - to"),
        "sight.n": ("N", "N"),
        "sight.no_change": ("Uden ændring", "No change"),
        "sight.seen_from": ("Mindste", "Smallest"),
        "sight.rejected_at": ("Ses fra", "Seen from"),
        "sight.goal_seen": ("Mål ses", "Goal seen"),
        "sight.years_head": ("År", "Years"),
        "sight.row": ("{label}: {strategy}", "{label}: {strategy}"),
        "sight.strategy": ("Strategi", "Strategy"),
        "sight.over": ("> {years}", "> {years}"),
        "sight.columns": (
            "Uden ændring: sandsynligheden for at målet alligevel vises nået. Mindste: den "
            "virkelige værdi nærmest udgangspunktet, som målingen ser. Ses fra: det tal, hvor "
            "tilfældet er en dårlig forklaring. Mål ses: sandsynligheden for, at én måling viser "
            "en ændring, når målet virkelig er nået. År: årlige målinger lagt sammen, før "
            "{pace} kan ses.",
            "No change: the probability that the goal would be shown met all the same. Smallest: "
            "the true value nearest to the baseline that the measure sees. Seen from: the "
            "number at which chance is a poor explanation. Goal seen: the probability that one "
            "measure shows a change when the goal is truly reached. Years: yearly measures added "
            "together before {pace} can be seen.",
        ),
        "sight.pace_goal": ("målets ændring", "the goal's change"),
        "sight.pace_simulated": ("den simulerede ændring", "the simulated change"),
        "sight.later": (
            "{label}: senere {later}. Så langt fra {baseline} eller længere kommer {n} af sig selv "
            "med {chance} sandsynlighed.",
            "{label}: later {later}. {n} come that far from {baseline} or farther by luck alone "
            "with probability {chance}.",
        ),
        "sight.no_n": (
            "{count} mål er andele uden et N: om dem kan intet siges, før N er oplyst.",
            "{count} goals are shares without an N: nothing can be said of them until N is given.",
        ),
        "sight.none": (
            "Intet mål har et udgangspunkt og tælles, så der er intet at se.",
            "No target has a baseline and is counted, so there is nothing to see.",
        ),
    }
)
