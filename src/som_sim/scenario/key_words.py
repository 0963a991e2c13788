"""What each key of the format is called in Danish, and what it holds, in one list.

Editors show the description; a workbook may have the Danish word as a heading. A key that is not
here goes by its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KEY_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # sections
        "som_sim": ("format", "the version of the format: 1"),
        "extends": ("udvider", "the file that this one extends"),
        "remove": ("fjern", "paths of what is taken out of the file that is extended"),
        "meta": ("om", "title, currency and price year"),
        "time": ("tid", "first and last month, and the length of a cycle"),
        "domains": ("domæner", "each domain with its states"),
        "leave": ("forlad", "the ways to leave the model"),
        "clocks": ("ure", "time so far in some states"),
        "strata": ("grupper", "the groups, with rates of their own"),
        "parameters": ("parametre", "named values, which several places can use"),
        "correlations": ("sammenhænge", "which uncertain parameters go together"),
        "population": ("borgere", "who is there at the start, and who comes"),
        "initial": ("ved start", "people who are there at the start"),
        "arrivals": ("tilgang", "people who come during the run"),
        "transitions": ("overgange", "how people move between states"),
        "programmes": ("indsatser", "what people can be enrolled in, and what it does"),
        "effects": ("effekter", "how a programme changes how people move"),
        "prices": ("priser", "what things cost, and who pays"),
        "accounts": ("kontoplan", "the user's own chart of accounts"),
        "law": ("lov", "the date whose rules hold throughout"),
        "knowledge": ("viden", "files of own rules and numbers"),
        "indices": ("prisindeks", "price levels by year"),
        "money": ("økonomi", "the index that moves prices, and discounting"),
        "grants": ("tilskud", "money from a funder, in tranches"),
        "values": ("værdier", "what is not money; of an index, its level by year"),
        "targets": ("mål", "what is wanted"),
        "observations": ("observationer", "what was counted"),
        "strategies": ("strategier", "courses of action; the first is the reference"),
        "sources": ("kilder", "where numbers come from"),
        # evidence and texts
        "name": ("navn", "the name"),
        "key": ("nøgle", "the key"),
        "source": ("kilde", "a key of sources"),
        "grade": ("evidens", "strength of evidence, A (best) to D"),
        "note": ("bemærkning", "a remark"),
        "label": ("betegnelse", "what a reader calls it"),
        "title": ("titel", "what it is called"),
        "description": ("beskrivelse", "what it is about"),
        "author": ("forfatter", "who wrote it"),
        "language": ("sprog", "the language of reports: da or en"),
        "currency": ("valuta", "DKK"),
        "url": ("link", "where it can be read"),
        "date": ("dato", "when it is from"),
        # time
        "cycle": ("periode", "month, quarter or year"),
        "step": ("skridt", "continuous, or discrete for the textbook's cohort model"),
        "counting": ("optælling", "how a discrete step counts person-time"),
        "arrivals_join": ("tilgang sker", "where in a discrete cycle arrivals join"),
        "at": ("dato for måling", "the date on which it is measured"),
        "over": ("over tid", "a time, such as 7 days"),
        "during": ("i perioden", "first and last month of a window"),
        "from": ("fra", "where people come from, or the first month"),
        "to": ("til", "where people go, or the last month, or who receives"),
        "within": ("inden for", "the time within which it happens"),
        # people
        "stratum": ("gruppe", "which group"),
        "persons": ("personer", "how many people"),
        "so_far": ("hidtil", "how long they have been in their state, or equilibrium"),
        "per_year": ("pr. år", "how many people a year"),
        "spacing": ("afstand", "random moments, or even distances between those who come"),
        "homeless": ("hjemløs", "whether people in this state are homeless"),
        "places": ("pladser", "how many can be in it, a number or by month"),
        "overflow": ("hvis fuldt", "where people go when it is full"),
        "priority": ("fortrinsret", "who of those who wait goes first, then who goes next"),
        "ages": ("bliver ældre", "the next age group, and the mean time in this one"),
        "after": ("efter", "the mean time in the age group"),
        # moves
        "if": ("hvis", "only for people in these states of other domains"),
        "stay": ("ophold", "how long people stay"),
        "mean": ("middel", "the mean"),
        "median": ("median", "the median"),
        "weibull": ("weibull", "the length of a stay has this shape"),
        "shape": ("form", "below 1 people leave less and less, above 1 more and more"),
        "lognormal": ("lognormal", "how much the values spread"),
        "gamma": ("gamma", "how much the values spread"),
        "sd": ("standardafvigelse", "the standard deviation"),
        "lengths": ("længder", "observed lengths of stay"),
        "share": ("andel", "a share, 0 to 1"),
        "without": ("uden", "the share that got there without the programme"),
        "rate_per_year": ("rate pr. år", "moves a year for each person in the state"),
        "probability": ("sandsynlighed", "a probability, 0 to 1"),
        "probabilities": ("sandsynligheder", "one probability for each state"),
        "counts": ("optalt", "how many people went to each state"),
        "stayed": ("blev", "how many people were still there"),
        "season": ("sæson", "twelve numbers, January first, that multiply the rate"),
        "table": ("tabel", "a CSV file with moves, beside the scenario"),
        # programmes
        "eligible": ("målgruppe", "who can be enrolled"),
        "intake": ("optag", "how many of those waiting are enrolled"),
        "share_of_waiting": ("andel af ventende", "of those waiting, each cycle"),
        "persons_per_month": ("personer pr. måned", "so many a month at the most"),
        "drop_out": ("frafald", "people who leave before their stay ends"),
        "ramp_up": ("indkøring", "the time until the effect is whole"),
        "moves_on_to": ("videre til", "the next programme"),
        "posts": ("stillinger", "how many full-time posts"),
        "caseload": ("borgere pr. stilling", "how many people one post can carry"),
        "hazard_ratio": ("hazard ratio", "multiplies the rate"),
        "share_reached": ("nået andel", "the share that got there, with and without"),
        "odds_ratio": ("odds ratio", "multiplies the odds against staying (discrete step)"),
        "risk_ratio": ("risk ratio", "multiplies the probability (discrete step)"),
        "difference": ("forskel", "is added to the probability (discrete step)"),
        "afterwards": ("bagefter", "how the effect fades when people have left"),
        "half_life": ("halveringstid", "the time in which the effect halves"),
        # money
        "amount": ("beløb", "kroner, or what one unit is worth"),
        "per": ("pr.", "what one amount is for"),
        "in": ("i", "whose days or entries"),
        "programme": ("indsats", "the programme it belongs to"),
        "hours": ("timer", "staff hours"),
        "per_week": ("pr. uge", "hours a week"),
        "per_month": ("pr. måned", "hours a month"),
        "overhead": ("overhead", "what an hour costs on top, as a share"),
        "moves": ("flytninger", "the moves that are paid for"),
        "kind": ("art", "cost or transfer"),
        "replaces": ("erstatter", "the price of the service that is replaced"),
        "steps": ("trin", "when days that are not used become money"),
        "block": ("blok", "how many places close together"),
        "notice": ("varsel", "how long after that the cost ends"),
        "varies": ("varierer", "the share of the price that follows each day at once"),
        "under": ("under", "the account above it"),
        "code": ("kontonummer", "the number in the user's own chart"),
        "paid": ("udbetales", "yearly or quarterly"),
        "conditions": ("betingelser", "tranches that may fall away, by year"),
        "needs": ("kræver", "what the tranche still needs"),
        "approved": ("godkendt overført", "years whose unspent money may be carried"),
        "clawback": ("tilbagebetaling", "what is paid back when fewer people come"),
        "at_least": ("mindst", "how many people were agreed"),
        "price_year": ("prisår", "the year the amounts are stated in"),
        "index": ("indeks", "what moves the price to other years"),
        "payers": ("betalere", "who pays which share, or the name of a rule"),
        "transfer_to": ("overføres til", "the payer who receives it"),
        "account": ("konto", "where it is booked"),
        "udvalg": ("udvalg", "the committee"),
        "paragraph": ("paragraf", "the paragraph of law"),
        "phase": ("fase", "startup or operation"),
        "discount_rate": ("diskonteringsrente", "a number a year, or a rate by name"),
        "base_year": ("basisår", "the year that later ones are discounted to"),
        "funder": ("giver", "who gives"),
        "covers": ("dækker", "names of the prices it covers"),
        "tranches": ("rater", "kroner by calendar year"),
        "total": ("i alt", "what the tranches add to"),
        "unspent": ("ubrugt", "returned or carried"),
        # measures
        "indicator": ("indikator", "what is measured"),
        "baseline": ("udgangspunkt", "the figure that the goal was set from"),
        "goal": ("måltal", "the figure wanted"),
        "better": ("bedre", "lower or higher"),
        "value": ("værdi", "the figure"),
        "n": ("antal", "how many it is counted among"),
        # parameters
        "unit": ("enhed", "the unit of the numbers"),
        "is": ("er", "what the value is of the distribution: mean, median or mode"),
        "distribution": ("fordeling", "how uncertain the value is"),
        "between": ("mellem", "two parameters"),
        "rank": ("rangkorrelation", "how their ranks go together, above -1 and below 1"),
        # strategies
        "overrides": ("ændringer", "other values for this strategy, by path"),
    }
)


def danish(key: str) -> str:
    """Return the Danish word for a key, or the key itself.

    Examples
    --------
    >>> danish("price_year"), danish("kommune")
    ('prisår', 'kommune')
    """
    return KEY_WORDS[key][0] if key in KEY_WORDS else key


def key_meant(word: str) -> str:
    """Return the key that a heading means, in English or Danish; another word is itself.

    Examples
    --------
    >>> key_meant("Prisår"), key_meant("price_year"), key_meant("shelter")
    ('price_year', 'price_year', 'shelter')
    """
    plain = " ".join(word.split()).lower()
    if plain in KEY_WORDS:
        return plain
    return _KEYS.get(plain, _KEYS.get(plain.replace("_", " "), word.strip()))


_KEYS = {heading: key for key, (heading, _) in KEY_WORDS.items()}
