"""Every sentence of an investment case and of its figures, in Danish and English.

Part of the catalogue in `som_sim.core.texts`, by whose functions it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CASE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # the case as a whole
        "case.subtitle": (
            "Investeringscase, {first} til {last}",
            "Investment case, {first} to {last}",
        ),
        "case.origin": (
            "Regnet med som_sim {version}, scenarie {digest}. Forventede tal (hovedforløb).",
            "Computed with som_sim {version}, scenario {digest}. Expected numbers (base case).",
        ),
        "case.failed": (
            "Afstemningen fejler: se afsnittet Afstemning, før tallene bruges.",
            "The reconciliation fails: see the section Reconciliation before using the figures.",
        ),
        "case.contents": ("Indhold", "Contents"),
        "case.table": ("Tabel", "Table"),
        "case.figure": ("Figur", "Figure"),
        "case.page": ("Side", "Page"),
        "case.of": ("af", "of"),
        "case.numbers": ("Tallene bag figuren", "The numbers behind the figure"),
        "case.skip": ("Gå til indholdet", "Skip to the content"),
        "case.sort": ("Sortér", "Sort"),
        "section.brief": ("Kort fortalt", "In short"),
        "section.purpose": ("Formål", "Purpose"),
        "section.group": ("Målgruppe", "Target group"),
        "section.programme": ("Indsats", "Programme"),
        "section.method": ("Sådan er der regnet", "How it is computed"),
        "section.outcomes": ("Resultater i forhold til målene", "Outcomes against targets"),
        "section.economy": ("Økonomi for hver betaler", "Economy for each payer"),
        "section.grant": ("Tilskud og egenfinansiering", "Grant and own financing"),
        "section.sensitivity": ("Følsomhed", "Sensitivity"),
        "section.not_counted": ("Det er ikke regnet med", "What is not counted"),
        "section.follow": ("Opfølgning", "Follow-up"),
        "section.checklist": ("Tjekliste efter SØM", "SØM checklist"),
        "section.assumptions": ("Forudsætninger og kilder", "Assumptions and sources"),
        "section.reconciliation": ("Afstemning", "Reconciliation"),
        # small words
        "date": ("Dato", "Date"),
        "account": ("Konto", "Account"),
        "everyone": ("alle", "everyone"),
        "months": ("måneder", "months"),
        "homeless": ("hjemløse", "homeless"),
        "not_homeless": ("ikke hjemløse", "not homeless"),
        "quarter": ("{number}. kvartal", "Quarter {number}"),
        "numbers.of": ("{what}: tallene bag figuren", "{what}: the numbers behind the figure"),
        "numbers.constant": (
            "Kr. i {price_year}-priser, lagt sammen fra første år.",
            "DKK at {price_year} prices, added up from the first year.",
        ),
        "disclosure.note": (
            "* Tal over 0 og under {threshold} er udeladt, og andre tal, som de kunne regnes ud "
            "af.",
            "* Numbers above 0 and under {threshold} are left out, and others that would give them "
            "away.",
        ),
        # in short
        "brief.expected": (
            "med »{strategy}« ventes {value}, så målet {met}{chance}",
            "with “{strategy}” {value} is expected, so the goal {met}{chance}",
        ),
        "brief.met": ("nås", "is met"),
        "brief.not_met": ("nås ikke", "is not met"),
        "brief.chance": (
            " (sandsynlighed for at nå det i en optælling: {chance})",
            " (chance of meeting it in a count: {chance})",
        ),
        "brief.target": (
            "{label}: målet er {goal} ({when}). {told}.",
            "{label}: the goal is {goal} ({when}). {told}.",
        ),
        "brief.money": (
            "Økonomi {first}-{last}, »{strategy}« i forhold til »{reference}«, faste "
            "{price_year}-priser. {told}.",
            "Economy {first}-{last}, “{strategy}” compared with “{reference}”, constant "
            "{price_year} "
            "prices. {told}.",
        ),
        "brief.saves": ("{payer}: besparelse på {amount}", "{payer}: a saving of {amount}"),
        "brief.pays": ("{payer}: merudgift på {amount}", "{payer}: an extra cost of {amount}"),
        "brief.same": ("{payer}: ingen forskel", "{payer}: no difference"),
        "facts.expected": ("{label}, forventet", "{label}, expected"),
        "facts.goal": ("mål {goal}", "goal {goal}"),
        "facts.chance": ("{chance} sandsynlighed", "{chance} probability"),
        "facts.net": ("Nettoresultat, {payer}", "Net result, {payer}"),
        "facts.back": ("tjent hjem i {year}", "earned back in {year}"),
        "facts.never": ("ikke tjent hjem i perioden", "not earned back in the period"),
        "see.target": (
            "{it} under »{where}« viser det forventede antal over tid.",
            "{it} under “{where}” shows the expected number over time.",
        ),
        "see.payers": (
            "{it} under »{where}« viser udgifter og nettoresultat for hver betaler i hele "
            "perioden.",
            "{it} under “{where}” shows the costs and the net result of each payer over the "
            "whole period.",
        ),
        "see.net": (
            "{it} under »{where}« viser, hvordan det samlede nettoresultat udvikler sig.",
            "{it} under “{where}” shows how the cumulative net result develops.",
        ),
        # purpose
        "purpose.compare": (
            "Her sammenlignes {strategies} med {reference} (basisalternativet).",
            "This case compares {strategies} with {reference} (the reference).",
        ),
        "purpose.quoted": ("»{name}«", "“{name}”"),
        "purpose.target": ("Mål", "Target"),
        "purpose.when": ("Hvornår", "When"),
        "purpose.baseline": ("Udgangspunkt", "Baseline"),
        "purpose.goal": ("Ønsket", "Goal"),
        "purpose.source": ("Kilde", "Source"),
        "purpose.caption": ("Målene", "The targets"),
        # target group
        "group.strata": (
            "Beregningen følger disse grupper: {names}.",
            "The calculation follows these groups: {names}.",
        ),
        "group.arrivals": (
            "Omkring {persons} nye personer kommer til om året.",
            "About {persons} new people come each year.",
        ),
        "group.state": ("Hvor de er", "Where they are"),
        "group.caption": (
            "Personer ved begyndelsen, {date} (forventede tal)",
            "Persons at the start, {date} (expected numbers)",
        ),
        # programme
        "programme.strategy": (
            "»{strategy}« består af: {programmes}.",
            "“{strategy}” is: {programmes}.",
        ),
        "programme.nothing": (
            "»{strategy}« har ingen særlig indsats.",
            "“{strategy}” has no programme of its own.",
        ),
        "programme.grants": ("Tilskud: {grants}.", "Grants: {grants}."),
        "programme.name": ("Indsats", "Programme"),
        "programme.in_mean": ("I gang, gennemsnit", "In it, mean"),
        "programme.waiting_mean": ("Venter, gennemsnit", "Waiting, mean"),
        "programme.caption": (
            "Pladser og deltagere år for år: {strategy}",
            "Places and participants year by year: {strategy}",
        ),
        "programme.note": (
            "Pladser er det højeste i året. Optaget er summen over året. Venter: de i målgruppen, "
            "der ikke blev optaget, mens indsatsen har pladser.",
            "Places are the most in the year. Taken in is the sum of the year. Waiting: those "
            "eligible who were not taken in, while the programme has places.",
        ),
        "programme.figure": (
            "Pladser og venteliste: {programme}",
            "Places and waiting: {programme}",
        ),
        "programme.title": (
            "{programme}: pladser og venteliste",
            "{programme}: places and waiting",
        ),
        "programme.subtitle": (
            "Antal personer ved begyndelsen af hver periode, »{strategy}«",
            "Number of persons at the start of each cycle, “{strategy}”",
        ),
        "programme.alt": (
            "Linjediagram over pladser, personer i gang og personer, der venter: {programme}. "
            "Tallene står i tabellen over pladser og deltagere.",
            "Line chart of places, persons in it and persons waiting: {programme}. The numbers "
            "stand in the table of places and participants.",
        ),
        # method
        "method.people": (
            "Modellen følger forventede antal personer i {n_strata} grupper fra {first} til "
            "{last}. "
            "Hver person er ét sted ad gangen og flytter sig med den hastighed, som "
            "forudsætningerne siger. Nogle kommer til, andre dør eller flytter.",
            "The model follows expected numbers of persons in {n_strata} groups from {first} to "
            "{last}. Each person is in one place at a time and moves as fast as the assumptions "
            "say. Some arrive, others die or move away.",
        ),
        "method.programmes": (
            "En indsats har et begrænset antal pladser. Kun de, der har en plads, har gavn af den, "
            "og plads bliver ledig, når nogen stopper. Tilbagefald er med: den, der får en bolig, "
            "kan miste den igen.",
            "A programme has a limited number of places. Only those with a place benefit, and a "
            "place becomes free when somebody leaves. Relapse is included: a person who gets a "
            "home "
            "may lose it again.",
        ),
        "method.money": (
            "Hver måneds forbrug ganges med prisen, rundes én gang til hele øre og deles mellem "
            "betalerne efter reglerne. Alle totaler er summer af disse beløb.",
            "Each cycle's use is multiplied by the price, rounded once to whole øre and split over "
            "the payers by the rules. All totals are sums of these amounts.",
        ),
        "method.net": (
            "Nettoresultatet er udgiften i »{reference}« minus udgiften i strategien. Plus er en "
            "besparelse.",
            "The net result is the cost in “{reference}” less the cost in the strategy. Plus is a "
            "saving.",
        ),
        "method.chance": (
            "Det forventede er et gennemsnit. En enkelt optælling svinger omkring det, derfor "
            "vises "
            "også sandsynligheden for at nå målet.",
            "The expected number is a mean. A single count varies around it, so the chance of "
            "meeting the goal is shown too.",
        ),
        "method.som": (
            "SØM regner deltagere gange succesrate gange konsekvens gange pris. Her er succesen "
            "ikke sat på forhånd, men følger af, hvem der får plads, hvornår, og hvem der falder "
            "tilbage.",
            "SØM computes participants times success rate times consequence times price. Here "
            "success is not set beforehand, but follows from who gets a place, when, and who "
            "relapses.",
        ),
        "method.prices": (
            "Priser flyttes mellem år med »{index}«. Faste priser er i {price_year}-niveau. "
            "Tilbagediskontering: {rate}, til {base_year}.",
            "Prices move between years by “{index}”. Constant prices are at the level of "
            "{price_year}. Discounting: {rate}, to {base_year}.",
        ),
        # outcomes
        "outcomes.caption": ("Forventet resultat og mål", "Expected outcome and goal"),
        "outcomes.no_change": ("Sandsynlighed uden ændring", "Probability with no change"),
        "outcomes.interval": ("Usikkerhed", "Interval"),
        "target.caption": (
            "{label}: forventet, mål og talt",
            "{label}: expected, goal and counted",
        ),
        "observed.what": ("Hvad er talt", "What was counted"),
        "observed.from": ("Fra", "From"),
        "observed.counted": ("Talt", "Counted"),
        "observed.caption": (
            "Modellen holdt op mod det, der er talt",
            "The model held against what was counted",
        ),
        "chance.caption": (
            "{label}: sandsynlighed for at nå et mål",
            "{label}: the chance of meeting a goal",
        ),
        "chance.title": ("{label}: hvor sandsynligt er målet?", "{label}: how likely is the goal?"),
        "chance.subtitle": (
            "Sandsynlighed i procent for, at optællingen når målet. Den lodrette linje er målet "
            "{goal}",
            "Probability in per cent that the count meets the goal. The upright line is the goal "
            "{goal}",
        ),
        "chance.axis_lower": ("Mål: højst så mange", "Goal: at most this many"),
        "chance.axis_higher": ("Mål: mindst så mange", "Goal: at least this many"),
        "chance.label": ("{strategy}\n{chance} ved målet", "{strategy}\n{chance} at the goal"),
        "chance.alt": (
            "Kurve over sandsynligheden for at nå forskellige mål: {label}. Ved målet {goal}: "
            "{told}.",
            "Curve of the chance of meeting different goals: {label}. At the goal {goal}: {told}.",
        ),
        "states.title": ("Hvor personerne er: {strategy}", "Where people are: {strategy}"),
        "states.others": ("Øvrige", "Others"),
        "states.subtitle": ("Forventet antal personer", "Expected number of persons"),
        "states.caption": (
            "Personer efter, hvor de er: {strategy}",
            "Persons by state: {strategy}",
        ),
        "states.numbers": (
            "Personer ved årets begyndelse og ved slutningen",
            "Persons at the start of each year and at the end",
        ),
        "states.alt": (
            "Fladediagram over antal personer hvert sted over tid: {strategy}. Tallene står i "
            "tabellen under figuren.",
            "Area chart of the number of persons in each state over time: {strategy}. The numbers "
            "stand in the table below the figure.",
        ),
        "flows.title": ("Flytninger om året: {strategy}", "Moves in a year: {strategy}"),
        "flows.subtitle": (
            "Forventede flytninger i et gennemsnitligt år, fra venstre mod højre",
            "Expected moves in a mean year, from left to right",
        ),
        "flows.arrival": ("Kommer til", "Arrive"),
        "flows.dead": ("Dør", "Die"),
        "flows.moved_away": ("Flytter væk", "Move away"),
        "flows.moved_on": ("Kommer videre", "Move on"),
        "flows.from": ("Fra", "From"),
        "flows.to": ("Til", "To"),
        "flows.persons": ("Flytninger om året", "Moves a year"),
        "flows.caption": ("Flytninger om året: {strategy}", "Moves in a year: {strategy}"),
        "flows.numbers": ("Flytninger i et gennemsnitligt år", "Moves in a mean year"),
        "flows.left_out": (
            "Flytninger under {threshold} om året er udeladt, og andre, som de kunne regnes ud af.",
            "Moves of fewer than {threshold} a year are left out, and others that would give them "
            "away.",
        ),
        "flows.alt": (
            "Strømdiagram over flytninger i et gennemsnitligt år: {strategy}. Tallene står i "
            "tabellen under figuren.",
            "Flow diagram of moves in a mean year: {strategy}. The numbers stand in the table "
            "below "
            "the figure.",
        ),
        # sensitivity
        "sensitivity.none": (
            "Denne kørsel er hovedforløbet: den viser forventede tal og tilfældets betydning for "
            "en "
            "optælling, ikke usikkerheden om forudsætningerne.",
            "This run is the base case: it shows expected numbers and what chance does to a count, "
            "not the uncertainty about the assumptions.",
        ),
        "sensitivity.draws": (
            "Usikre forudsætninger er trukket tilfældigt (startværdi {seed}).",
            "Uncertain assumptions were drawn at random (seed {seed}).",
        ),
        "sensitivity.weak": (
            "Disse forudsætninger er svagest belagt (C eller D) og bør prøves først: {names}.",
            "These assumptions have the weakest evidence (C or D) and should be tested first: "
            "{names}.",
        ),
        "sensitivity.uncertain": (
            "{count} forudsætninger har en fordeling i scenariet.",
            "{count} assumptions have a distribution in the scenario.",
        ),
        "limits.draws": (
            "Det er forventede tal fra en model af scenariets forudsætninger. Virkelige år "
            "svinger. Intervallerne rummer kun den usikkerhed, som scenariet angiver.",
            "These are expected numbers from a model of the scenario's assumptions. Real years "
            "vary. The intervals hold only the uncertainty that the scenario states.",
        ),
        "limits.behaviour": (
            "Regler, takster og andre tilbud antages at være som beskrevet i hele perioden.",
            "Rules, tariffs and other services are taken to be as described throughout.",
        ),
        "limits.equal": (
            "Bloktilskud, udligning og skat er ikke regnet med.",
            "Block grants, equalisation and tax are not counted.",
        ),
        # assumptions
        "assumptions.how": (
            "Evidensen går fra A (stærk) til D (skøn eller til illustration). Kilden er et kort "
            "navn, "
            "som står i kildelisten.",
            "Evidence runs from A (strong) to D (a guess, or for illustration). The source is a "
            "short name that stands in the list of sources.",
        ),
        "assumptions.name": ("Forudsætning", "Assumption"),
        "assumptions.value": ("Værdi", "Value"),
        "assumptions.uncertain": ("Fordeling", "Distribution"),
        "assumptions.kind": ("Mål for effekt", "Effect measure"),
        "assumptions.grade": ("Evidens", "Grade"),
        "assumptions.note": ("Bemærkning", "Note"),
        "assumptions.group": ("Gruppe", "Group"),
        "assumptions.pace": ("Hvor hurtigt", "How fast"),
        "assumptions.parameters": ("Navngivne forudsætninger", "Named assumptions"),
        "assumptions.effects": ("Hvad indsatserne ændrer", "What the programmes change"),
        "assumptions.transitions": (
            "Hvordan personer flytter sig uden indsats",
            "How people move without a programme",
        ),
        "effect.hazard_ratio": ("gange så hurtigt (hazardratio)", "times as fast (hazard ratio)"),
        "effect.share_reached": ("andel, der når det", "share reached"),
        "effect.odds_ratio": ("oddsratio", "odds ratio"),
        "effect.risk_ratio": ("risikoratio", "risk ratio"),
        "effect.difference": ("forskel", "difference"),
        "effect.with_without": ("{share} mod {without} uden", "{share} against {without} without"),
        "pace.rate": ("rate pr. år: {rate}", "rate a year: {rate}"),
        "pace.changes": (", ændres over tid", ", changes over time"),
        "pace.stay": ("andel {share}, ophold {stay}", "share {share}, stay {stay}"),
        "pace.probability": (
            "sandsynlighed {probability} inden for {within}",
            "probability {probability} within {within}",
        ),
        "prices.caption": ("Priser", "Prices"),
        "prices.kroner": ("Kr.", "DKK"),
        "prices.year": ("Prisår", "Price year"),
        "prices.payers": ("Hvem betaler", "Who pays"),
        "indices.caption": ("Prisindeks", "Price indices"),
        "indices.name": ("Indeks", "Index"),
        "rules.caption": ("Regler for, hvem der betaler", "Rules on who pays"),
        "rules.name": ("Regel", "Rule"),
        "rules.from": ("Gælder fra", "Valid from"),
        "rules.to": ("Gælder til", "Valid to"),
        "rules.refunds": ("Refusion", "Refund"),
        "rules.refund": ("{giver} refunderer {share}", "{giver} refunds {share}"),
        "rules.up_to": ("{share} op til {limit}", "{share} up to {limit}"),
        "rules.limit.days": ("{limit} døgn", "{limit} days"),
        "rules.limit.weeks": ("{limit} uger", "{limit} weeks"),
        "rules.limit.cost": ("{limit} kr.", "DKK {limit}"),
        "rules.per_day": (
            "{giver} refunderer {amount} kr. pr. døgn",
            "{giver} refunds DKK {amount} a day",
        ),
        "rules.law": ("Lovgrundlag", "Law"),
        "sources.caption": ("Kilder", "Sources"),
        "sources.key": ("Kort navn", "Short name"),
        "sources.title": ("Kilde", "Source"),
        "sources.date": ("Dato", "Date"),
        "sources.url": ("Adresse", "Address"),
        "source.illustrative": ("til illustration", "illustrative"),
        "source.fitted": ("tilpasset", "fitted"),
        "source.derived": ("udregnet", "derived"),
        "source.assumption": ("antagelse", "assumption"),
        "rate.dk_ministry_2013": (
            "Finansministeriets diskonteringsrente fra 2013",
            "the Ministry of Finance's rate of 2013",
        ),
        "rate.dk_ministry_2021": (
            "Finansministeriets diskonteringsrente fra 2021",
            "the Ministry of Finance's rate of 2021",
        ),
        # follow-up
        "follow.how": (
            "Resultatet følges på de samme mål, som casen bygger på, så forventning og virkelighed "
            "kan holdes op mod hinanden.",
            "The outcome is followed on the targets that the case was computed on, so that "
            "expectation and reality can be held against each other.",
        ),
        "follow.caption": ("Det måles der på", "What is measured"),
        "follow.1": (
            "Hvert år: antal i indsatsen, optagne, ventende og afsluttede, holdt op mod tabellen "
            "over pladser og deltagere.",
            "Every year: numbers in the programme, taken in, waiting and finished, against the "
            "table of places and participants.",
        ),
        "follow.2": (
            "Hvert år: forbruget på hver konto, holdt op mod budgettet, i samme prisniveau.",
            "Every year: spending on each account against the budget, at the same price level.",
        ),
        "follow.3": (
            "Ved hver optælling: det talte, holdt op mod det forventede og den spredning, som "
            "tilfældet giver.",
            "At each count: the number counted against the expected one and the spread that chance "
            "gives.",
        ),
        "follow.4": (
            "Når en forudsætning ændrer sig, rettes den i scenariet, og casen regnes igen.",
            "When an assumption changes, it is changed in the scenario and the case is computed "
            "again.",
        ),
        # checklist
        "check.how": (
            "Vejledningen til SØM beder om, at disse valg beskrives. Svarene følger af casens "
            "forudsætninger.",
            "The guide to SØM asks for these choices to be described. The answers follow from the "
            "assumptions of the case.",
        ),
        "check.none": (
            "Tjeklisten skrives af kommandoen »som-sim report« og af »som-sim audit«.",
            "The checklist is written by the commands “som-sim report” and “som-sim audit”.",
        ),
        "check.caption": ("Valg i denne case", "Choices in this case"),
        "check.choice": ("Spørgsmål", "Question"),
        "check.status": ("Besvaret", "Answered"),
        "check.here": ("I denne case", "In this case"),
        # reconciliation
        "reconciled.check": ("Kontrol", "Check"),
        "reconciled.expected": ("Forventet", "Expected"),
        "reconciled.actual": ("Fundet", "Found"),
        "reconciled.residual": ("Forskel", "Residual"),
        "grants.share": ("Andel, der dækkes", "Share that is covered"),
        "grants.clawed_back": ("Betalt tilbage for manglende deltagere", "Clawed back"),
        "grants.carried_in": ("Overført fra året før", "Carried in"),
    }
)
