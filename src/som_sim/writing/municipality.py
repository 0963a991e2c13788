"""A first draft of a municipality's case, from what the knowledge base has.

The count is the municipality's own where it is known, else it must be said. Where people are, how
long they stay at shelters, deaths, prices and the effect are national figures with their sources.
What is left is found by hand so that the count stays as it is when nothing changes:

- entries to shelters balance the stays that end, at one rate from street and sofa;
- street and sofa are in balance by how many find, and how many lose, a home;
- as many arrive in each state as die in it;
- a week's count takes in those who become homeless in the week, so on a day there are a little
  fewer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

from som_sim.core.errors import SomSimError
from som_sim.core.texts import check_language, one_line, text
from som_sim.core.yaml_flow import flow, number_text
from som_sim.knowledge.files import knowledge_base
from som_sim.writing.starter import LONGEST_TITLE, filled

OTHERS = 5
"""How many live in homes at risk for each homeless person; a guess."""
TO_STREET, TO_SOFA = 0.18, 0.42
SOFA_HOME = 1.0
"""As the template has them: where stays at shelters end, and how fast people leave a sofa."""
WEEK_YEARS = 7 / 365.25
OWN_COUNT = "own_count"
GROWTH = Decimal("1.02")
FEWER, SERVED = 0.15, 0.2
LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", " ": "_", "-": "_"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Persons in each state, and the rates a year that keep them there."""

    street: float
    shelter: float
    sofa: float
    home: float
    to_shelter: float
    street_home: float
    lose_home: float


def balance(homeless: float, at_shelters: float, on_street: float, stay_days: float) -> Balance:
    """Return a steady state.

    Parameters
    ----------
    homeless
        The count.
    at_shelters, on_street
        Shares of it.
    stay_days
        Mean stay at a shelter.

    Raises
    ------
    SomSimError
        When no rates above 0 can keep these numbers.

    Examples
    --------
    >>> found = balance(100, 0.45, 0.09, 56)
    >>> round(found.to_shelter * (found.street + found.sofa) * 56 / 365.25, 6)
    45.0
    """
    shelter, street = homeless * at_shelters, homeless * on_street
    sofa, home = homeless - shelter - street, OTHERS * homeless
    ended = shelter * 365.25 / stay_days
    to_shelter = ended / (street + sofa)
    street_home = (TO_STREET * ended - street * to_shelter) / street
    lost = sofa * (to_shelter + SOFA_HOME) - TO_SOFA * ended
    if street_home <= 0 or lost <= 0:
        raise SomSimError("these figures cannot stay as they are; write the rates yourself")
    return Balance(
        street=street, shelter=shelter, sofa=sofa, home=home, to_shelter=to_shelter,
        street_home=street_home, lose_home=lost / home,
    )  # fmt: skip


def municipal_starter(
    municipality: str, *, homeless: int | None = None, lang: str = "en", year: int | None = None,
    title: str | None = None, name: str = "case.yaml",
) -> str:  # fmt: skip
    """Return a first draft of a municipality's case.

    Parameters
    ----------
    municipality
        Its name, such as ``Randers``.
    homeless
        How many were counted in week 6; not needed where the knowledge base has the count.
    lang, year, title, name
        As for `som_sim.writing.starter.starter`.

    Raises
    ------
    SomSimError
        When the count is neither known nor said.

    Examples
    --------
    >>> import som_sim as som
    >>> som.loads(municipal_starter("Randers", year=2027)).base.targets["homeless"].baseline
    Decimal('86')
    """
    check_language(lang)
    place = one_line(municipality).removesuffix(" Kommune").strip()
    if not place:
        raise SomSimError("the name of the municipality is empty")
    counted, count_source, when = _count(place, homeless, lang)
    shown = title or text("new.municipality", lang, place=place)
    first = dt.date.today().year + 1 if year is None else year
    words = _words(float(counted), first)
    words |= {
        "MUNICIPALITY": place, "TITLE": flow(shown[:LONGEST_TITLE]), "LANG": lang,
        "NAME": one_line(name), "HOMELESS": number_text(counted), "COUNTED": when,
    }  # fmt: skip
    words["TARGET_SOURCE"] = count_source or OWN_COUNT
    used = {words[key] for key in words if key.endswith("_SOURCE")}
    words["SOURCES"] = _sources(used)
    template = files("som_sim.writing").joinpath("starters", "municipality.yaml")
    return filled(template.read_text("utf-8"), lang, first, words)


def _count(place: str, homeless: int | None, lang: str) -> tuple[Decimal, str, str]:
    """Return the count, its source and its year in words."""
    if homeless is not None:
        return Decimal(homeless), "", text("new.stated", lang)
    known = knowledge_base().entries.get(f"homeless_{place.lower().translate(LETTERS)}")
    if known is None:
        raise SomSimError(
            f"the knowledge base has no count of homeless people in {place}; say how many were "
            "counted, with --homeless"
        )
    year, value = _latest(known)
    return value, known.source or "", str(year)


def _latest(entry: Any) -> tuple[int, Decimal]:
    year = max(entry.values)
    return year, entry.values[year]


def _words(counted: float, first: int) -> dict[str, str]:
    """Return what is filled into the template, by its words."""
    known: dict[str, Any] = dict(knowledge_base().entries)
    at_shelters = _latest(known["share_at_shelters_denmark"])[1]
    year, street = _latest(known["on_the_street_denmark"])
    on_street = street / known["homeless_denmark"].values[year]
    stay = _latest(known["shelter_mean_stay_denmark"])[1]
    deaths = known["mortality_homeless"].value
    found = balance(1.0, float(at_shelters), float(on_street), float(stay))
    new_in_week = (found.lose_home * found.home + float(deaths)) * WEEK_YEARS
    on_a_day = counted / (1 + new_in_week)
    found = balance(on_a_day, float(at_shelters), float(on_street), float(stay))
    shelter_year, shelter_price = _latest(known["section_110_place_day"])
    support_year, support_price = _latest(known["housing_first_support_high"])
    people = {
        "STREET": found.street, "SHELTER": found.shelter, "SOFA": found.sofa, "HOME": found.home,
    }  # fmt: skip
    years = range(min(shelter_year, support_year, first), first + 5)
    index = {one: round(100 * GROWTH ** (one - years[0]), 2) for one in years}
    return {
        **{f"N_{key}": number_text(round(one, 2)) for key, one in people.items()},
        **{f"A_{key}": number_text(round(one * float(deaths), 3)) for key, one in people.items()},
        "R_SHELTER": number_text(round(found.to_shelter, 4)),
        "R_STREET_HOME": number_text(round(found.street_home, 4)),
        "R_LOSE": number_text(round(found.lose_home, 4)),
        "DEATHS": number_text(deaths), "DEATHS_SOURCE": known["mortality_homeless"].source,
        "STAY": number_text(stay), "STAY_SOURCE": known["shelter_mean_stay_denmark"].source,
        "TO_HOME": number_text(known["chez_soi_act_to_home"].value),
        "TO_HOME_SOURCE": known["chez_soi_act_to_home"].source,
        "TO_HOME_NOTE": str(known["chez_soi_act_to_home"].note).replace("'", "''"),
        "STREET_SOURCE": known["on_the_street_denmark"].source,
        "SHELTER_SOURCE": known["share_at_shelters_denmark"].source,
        "SHELTER_PRICE": number_text(shelter_price), "SHELTER_YEAR": str(shelter_year),
        "SHELTER_PRICE_SOURCE": known["section_110_place_day"].source,
        "SUPPORT_PRICE": number_text(support_price), "SUPPORT_YEAR": str(support_year),
        "SUPPORT_PRICE_SOURCE": known["housing_first_support_high"].source,
        "INDEX": flow(index)[1:-1], "OTHERS": str(OTHERS),
        "PLACES": str(max(1, round(SERVED * counted))),
        "GOAL": str(int(counted * (1 - FEWER))),
    }  # fmt: skip


def _sources(used: set[str]) -> str:
    """Return the sources that the draft names, a line each."""
    known = knowledge_base().sources
    lines = (
        [f"  {OWN_COUNT}: {{title: Own count; say when and by whom}}"] if OWN_COUNT in used else []
    )
    for name in sorted(used & set(known)):
        one = known[name]
        said = {
            key: value
            for key, value in (("title", one.title), ("url", one.url), ("date", one.date))
            if value is not None
        }
        lines.append(f"  {name}: {flow(said)}")
    return "\n".join(lines)
