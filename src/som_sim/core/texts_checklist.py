"""SØM's checklist as the reader of a case meets it: the answer, and what is missing."""

from __future__ import annotations

CHECKLIST_TEXTS = {
    "check.say.no_effects": (
        "Casen regner ikke med en virkning.",
        "The case reckons with no effect.",
    ),
    "check.say.no_programmes": ("Casen har ingen indsats.", "The case has no programme."),
    "check.say.no_prices": ("Casen har ingen priser.", "The case has no prices."),
    "check.say.reference": (
        "Der sammenlignes med »{label}«. Indsats: {programmes}.",
        "The comparison is with “{label}”. Programmes: {programmes}.",
    ),
    "check.say.none": ("ingen", "none"),
    "check.say.reference.no": (
        "Det er ikke beskrevet, hvad der ellers ville ske.",
        "What would happen otherwise is not described.",
    ),
    "check.say.target_group": (
        "Det er angivet, hvem indsatsen er for: {names}.",
        "It is stated who the programme is for: {names}.",
    ),
    "check.say.target_group.no": (
        "Det er ikke vurderet, om evidensen gælder den samme målgruppe: {names}.",
        "It is not judged whether the evidence is about the same people: {names}.",
    ),
    "check.say.measure": (
        "Virkningen er opgjort som {kinds}. Målet er: {targets}. Begge regnes ud fra de samme "
        "flytninger.",
        "The effect is measured as {kinds}. The target is: {targets}. Both are calculated from "
        "the same moves.",
    ),
    "check.say.measure.no": (
        "Casen mangler enten en virkning eller et mål at holde den op mod.",
        "The case lacks an effect, or a target to hold it against.",
    ),
    "check.say.level": (
        "Evidensens styrke er {grades}, hvor A er stærkest og D svagest.",
        "The strength of the evidence is {grades}, where A is the strongest and D the weakest.",
    ),
    "check.say.level.no": (
        "Evidensens styrke er ikke vurderet: {names}.",
        "The strength of the evidence is not judged: {names}.",
    ),
    "check.say.net": (
        "Ja. Virkningen ({names}) er i forhold til borgere uden indsatsen, og det, der ellers "
        "ville ske, er regnet med.",
        "Yes. The effect ({names}) is relative to people without the programme, and what would "
        "happen otherwise is simulated.",
    ),
    "check.say.drop_out": ("Frafald er regnet med: {names}.", "Drop-out is counted: {names}."),
    "check.say.drop_out.no": (
        "Frafald er ikke angivet for sig, men er en del af, hvor længe borgerne er i indsatsen: "
        "{names}.",
        "Drop-out is not stated on its own, but is part of how long people stay in the "
        "programme: {names}.",
    ),
    "check.say.phases": (
        "Opstart: {names}. Resten er drift.",
        "Start-up: {names}. The rest is operation.",
    ),
    "check.say.phases.no": (
        "Opstart er ikke skilt fra drift.",
        "Start-up is not kept apart from operation.",
    ),
    "check.say.saved": (
        "Disse udgifter følger antallet af borgere: {names}.",
        "These costs follow the number of people: {names}.",
    ),
    "check.say.saved.none": (
        "Ingen udgifter følger antallet af borgere.",
        "No costs follow the number of people.",
    ),
    "check.say.saved.no": (
        "Det er ikke oplyst, om pladser virkelig lukkes: {names}.",
        "It is not stated whether places are really closed: {names}.",
    ),
    "check.say.price_year": (
        "Faste priser i {year}-niveau. Priserne er fra {years} og er regnet om med {names}.",
        "Constant prices of {year}. The prices are of {years} and were moved by {names}.",
    ),
    "check.say.price_year.no": (
        "Prisindekset har ingen offentliggjort kilde: {names}.",
        "The price index has no published source: {names}.",
    ),
    "check.say.twice": (
        "{n} priser er holdt op mod hinanden.",
        "{n} prices were held against each other.",
    ),
    "check.say.twice.no": (
        "Disse kan være talt med to gange: {names}.",
        "These may be counted twice: {names}.",
    ),
    "check.say.horizon": (
        "{first} til {last}, i alt {years} år.",
        "{first} to {last}, {years} years.",
    ),
    "check.say.payers": (
        "Fordelingen følger regler med dato: {names}.",
        "The split follows dated rules: {names}.",
    ),
    "check.say.payers.no": (
        "Fast fordeling uden henvisning til en regel: {names}.",
        "A fixed split without reference to a rule: {names}.",
    ),
    "check.say.sensitivity": (
        "{n} af {of} virkninger er angivet med usikkerhed. Forløb med andre tal: {names}.",
        "{n} of {of} effects are stated with uncertainty. Courses with other values: {names}.",
    ),
    "check.say.sensitivity.no": (
        "Usikkerhed er ikke angivet: {names}.",
        "No uncertainty is stated: {names}.",
    ),
    "check.say.not_counted": (
        "Vist ved siden af kronerne: {names}.",
        "Shown beside the kroner: {names}.",
    ),
    "check.say.not_counted.no": (
        "Kun det, der gælder alle beregninger af denne slags, er nævnt: se afsnittet »Det er ikke "
        "regnet med«.",
        "Only what holds for every calculation of this kind is told: see the section “What is "
        "not counted”.",
    ),
    "check.say.follow_up": (
        "Der måles på: {names}. Optællinger indtil nu: {n}.",
        "What is measured: {names}. Counts so far: {n}.",
    ),
    "check.say.follow_up.no": ("Casen har ingen mål.", "The case has no targets."),
    "check.say.follow_up.note": (
        "Det er ikke oplyst, hvem der måler: {names}.",
        "It is not stated who measures: {names}.",
    ),
    "check.more": ("og {n} til", "and {n} more"),
    "check.missing": ("Hvad der mangler", "What is missing"),
}
