"""What an audit says of a case."""

from __future__ import annotations

AUDIT_TEXTS = {
    "audit.title": ("Gennemgang af {file}", "Audit of {file}"),
    "audit.numbers": (
        "{n} tal er oplyst i filen; {sourced} har en kilde, {bare} har ingen, {illustrative} er "
        "kun til illustration, {weak} har svag evidens (D).",
        "{n} numbers are stated in the file; {sourced} have a source, {bare} have none, "
        "{illustrative} only illustrate, {weak} have weak evidence (D).",
    ),
    "audit.kind.no_source": ("Tal uden kilde", "Numbers without a source"),
    "audit.kind.illustrative": ("Tal til illustration", "Numbers that only illustrate"),
    "audit.kind.weak": ("Svag evidens (D)", "Weak evidence (D)"),
    "audit.kind.stale": ("Gamle tal", "Old numbers"),
    "audit.kind.double_count": ("Måske talt med to gange", "Perhaps counted twice"),
    "audit.kind.transfer": (
        "Overførsler, der ligner gevinster",
        "Transfers that look like gains",
    ),
    "audit.no_source": ("ingen kilde", "no source"),
    "audit.illustrative": ("kilden er »{source}«", "the source is “{source}”"),
    "audit.weak": ("kilde »{source}«, evidens D", "source “{source}”, grade D"),
    "audit.stale.price": (
        "prisen er fra {year}, og forløbet begynder i {first}",
        "the price is of {year}, and the run begins in {first}",
    ),
    "audit.stale.source": (
        "kilden er fra {year}, og forløbet begynder i {first}",
        "the source is of {year}, and the run begins in {first}",
    ),
    "audit.double.days": (
        "samme dage for de samme borgere på konto »{account}« som prices.{other}",
        "the same days of the same people on account “{account}” as prices.{other}",
    ),
    "audit.double.grants": (
        "»{price}« er også dækket af grants.{other} i strategien »{strategy}«",
        "“{price}” is also covered by grants.{other} in strategy “{strategy}”",
    ),
    "audit.double.values": (
        "samme tid for de samme borgere som values.{other}; de to kan ikke lægges sammen",
        "the same time of the same people as values.{other}; the two cannot be added",
    ),
    "audit.transfer": (
        "ligner en ydelse, men har ingen `transfer_to`: færre på ydelse ville tælle som en gevinst "
        "for samfundet, selv om borgeren får mindre",
        "looks like a benefit but has no `transfer_to`: less of it would be counted as a gain to "
        "society, though the citizen receives less",
    ),
    "audit.more": ("… og {more} til", "… and {more} more"),
    "audit.checklist": ("Tjekliste for en SØM-beregning", "Checklist of a calculation with SØM"),
    "audit.status.answered": ("besvaret", "answered"),
    "audit.status.partly": ("delvis", "partly"),
    "audit.status.open": ("mangler", "open"),
    "audit.result": (
        "{answered} af {n} punkter er besvaret, {partly} delvis, {open} mangler.",
        "{answered} of {n} lines are answered, {partly} partly, {open} are open.",
    ),
    # the lines of the checklist
    "audit.ask.reference": (
        "Er det beskrevet, hvad der ellers ville ske?",
        "Is it described what would happen otherwise?",
    ),
    "audit.ask.target_group": (
        "Gælder evidensen den målgruppe, indsatsen har?",
        "Is the evidence about the people the programme is for?",
    ),
    "audit.ask.measure": (
        "Måler effekten det samme som succesmålet?",
        "Does the effect measure what success is?",
    ),
    "audit.ask.level": ("Hvor stærk er evidensen?", "How strong is the evidence?"),
    "audit.ask.net": (
        "Er succesraten netto for det, der ville ske alligevel?",
        "Is the success rate net of what would happen anyway?",
    ),
    "audit.ask.drop_out": ("Er der regnet med frafald?", "Is drop-out reckoned with?"),
    "audit.ask.phases": (
        "Er opstart og drift holdt adskilt?",
        "Are start-up and operation kept apart?",
    ),
    "audit.ask.saved": (
        "Er udgifter kun sparet, hvor en ydelse virkelig erstattes?",
        "Are costs saved only where a service is really replaced?",
    ),
    "audit.ask.price_year": ("Hvilket prisniveau er brugt?", "Which price level is used?"),
    "audit.ask.twice": (
        "Er konsekvenserne kun talt med én gang?",
        "Are consequences counted only once?",
    ),
    "audit.ask.horizon": ("Hvor lang er tidshorisonten?", "How long is the horizon?"),
    "audit.ask.payers": (
        "Er fordelingen på betalere og refusionsregler dateret?",
        "Are the split over payers and the refund rules dated?",
    ),
    "audit.ask.sensitivity": (
        "Kan følsomheden for succesrate og priser vises?",
        "Can the sensitivity to success rate and prices be shown?",
    ),
    "audit.ask.not_counted": ("Hvad er ikke regnet i kroner?", "What is not counted in kroner?"),
    "audit.ask.follow_up": ("Hvordan følges der op?", "How will it be followed up?"),
    # answers
    "audit.say.no_effects": ("Filen har ingen effekter.", "The file has no effects."),
    "audit.say.no_programmes": ("Filen har ingen indsatser.", "The file has no programmes."),
    "audit.say.no_prices": ("Filen har ingen priser.", "The file has no prices."),
    "audit.say.reference": (
        "Der sammenlignes med »{label}« (indsatser: {programmes}).",
        "The comparison is with “{label}” (programmes: {programmes}).",
    ),
    "audit.say.reference.no": (
        "Beskriv den i meta.description.",
        "Describe it in meta.description.",
    ),
    "audit.say.target_group": (
        "Hver af disse har en målgruppe (eligible): {names}.",
        "Each of these says who it is for (eligible): {names}.",
    ),
    "audit.say.target_group.no": (
        "Skriv i `note`, om evidensen gælder samme målgruppe: {names}.",
        "Say in `note` whether the evidence is about the same people: {names}.",
    ),
    "audit.say.measure": (
        "Effekten er {kinds}; målene er {targets}, beregnet fra de samme bevægelser.",
        "The effect is a {kinds}; the targets are {targets}, calculated from the same moves.",
    ),
    "audit.say.measure.no": (
        "Der skal både være en effekt og et mål (targets).",
        "There must be both an effect and a target.",
    ),
    "audit.say.level": ("Styrken er angivet: {grades}.", "The grade is stated: {grades}."),
    "audit.say.level.no": (
        "Ingen `grade` (A til D): {names}.",
        "No `grade` (A to D): {names}.",
    ),
    "audit.say.net": (
        "Ja: {names} er i forhold til dem uden indsatsen, og referencen simuleres.",
        "Yes: {names} is in relation to those without the programme, and the reference is "
        "simulated.",
    ),
    "audit.say.drop_out": ("Frafald er med i: {names}.", "Drop-out is in: {names}."),
    "audit.say.drop_out.no": (
        "Ingen `drop_out`: {names}.",
        "No `drop_out`: {names}.",
    ),
    "audit.say.phases": (
        "Opstart: {names}. Resten er drift.",
        "Start-up: {names}. The rest is operation.",
    ),
    "audit.say.phases.no": (
        "Ingen pris har `phase: startup`.",
        "No price has `phase: startup`.",
    ),
    "audit.say.saved": (
        "Disse udgifter falder med antallet af borgere: {names}.",
        "These costs fall with the number of people: {names}.",
    ),
    "audit.say.saved.none": (
        "Ingen udgifter falder med antallet af borgere.",
        "No costs fall with the number of people.",
    ),
    "audit.say.saved.no": (
        "Skriv i `note`, om pladser virkelig lukkes: {names}.",
        "Say in `note` whether places are really closed: {names}.",
    ),
    "audit.say.price_year": (
        "Faste priser fra {year}; prisår {years}, flyttet med {names}.",
        "Constant prices of {year}; price years {years}, moved by {names}.",
    ),
    "audit.say.price_year.no": (
        "Prisindeks uden kilde: {names}.",
        "A price index without a source: {names}.",
    ),
    "audit.say.twice": (
        "{n} priser holdt op mod hinanden.",
        "{n} prices held against each other.",
    ),
    "audit.say.twice.no": ("Se: {names}.", "See: {names}."),
    "audit.say.horizon": (
        "{first} til {last}: {years} år.",
        "{first} to {last}: {years} years.",
    ),
    "audit.say.payers": ("Regler med dato: {names}.", "Dated rules: {names}."),
    "audit.say.payers.no": (
        "Faste andele uden regel og paragraf: {names}.",
        "Fixed shares without a rule or a paragraph: {names}.",
    ),
    "audit.say.sensitivity": (
        "{n} af {of} effekter har en fordeling; strategier med andre tal: {names}.",
        "{n} of {of} effects have a distribution; strategies with other values: {names}.",
    ),
    "audit.say.sensitivity.no": (
        "Ingen fordeling: {names}.",
        "No distribution: {names}.",
    ),
    "audit.say.not_counted": (
        "Vist ved siden af, ikke i kroner: {names}.",
        "Shown beside, not in kroner: {names}.",
    ),
    "audit.say.not_counted.no": (
        "Skriv det i meta.description, eller vis det under `values`.",
        "Say it in meta.description, or show it under `values`.",
    ),
    "audit.say.follow_up": (
        "Mål: {names}. Optalt indtil nu: {n}.",
        "Targets: {names}. Counted so far: {n}.",
    ),
    "audit.say.follow_up.no": ("Filen har ingen mål.", "The file has no targets."),
    "audit.say.follow_up.note": (
        "Skriv i `note`, hvem der måler hvornår: {names}.",
        "Say in `note` who measures when: {names}.",
    ),
}
