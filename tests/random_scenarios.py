"""Random small scenario files that are valid, as plain data, and how to read them.

`scenarios()` draws every form the format knows: one or two domains, every way to write a
transition, programmes that wait for, feed and follow each other, prices of every unit, payer rules,
transfers, grants, targets. Numbers are written with at most two decimals, so that the text of a
file means exactly what the plain data says.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

import som_sim as som
from plain_loop import MONTHS, month_start
from som_sim.model.build import build_model
from som_sim.model.model import Model
from som_sim.result import Result
from som_sim.scenario.scenario import Scenario

Data = dict[str, Any]
UNITS = (
    "person_day", "person_month", "person_year", "entry", "enrolment", "hour", "move",
    "place_day", "place_month", "place_year", "month", "quarter", "year", "once",
)  # fmt: skip
PRICE_PARAMETERS = {"a_price": Decimal("96.71"), "two_prices": "2 * a_price / 3"}
INDICATORS = (
    "persons_in", "distinct_persons_in", "mean_persons_in", "person_days_in", "entries_to",
    "moves", "share_of_moves",
)  # fmt: skip
BY_PERSON = ("person_day", "person_month", "person_year", "entry")
RULES = {"dk_section_110": ("kommune", "stat"), "dk_benefit_over_52_weeks": ("kommune", "stat")}
COUNTING, COUNTING_LIMITS = "dk_benefit_steps", (4, 26, 52)
"""A rule that counts, told by the share of the bill within each of its limits."""
PAYERS = ("kommune", "region", "stat", "fond", "borger")
FIRST_YEAR, LAST_YEAR = 2017, 2022  # the payer rules hold in all of these years


def as_text(value: Any) -> str:
    """Write plain data as YAML in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {as_text(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_text, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _key(key: object) -> str:
    return f'"{key}"' if "[" in str(key) else str(key)


def scenario_of(data: Data) -> Scenario:
    return som.loads(as_text(data))


def result_of(data: Data) -> Result:
    return som.run(scenario_of(data))


def model_of(data: Data, strategy: str = "reference") -> Model:
    return build_model(scenario_of(data).strategies[strategy], strategy)


def small(**sections: Any) -> Data:
    """Return a scenario of two states that a test changes section by section."""
    data: Data = {
        "som_sim": 1,
        "meta": {"title": "small", "currency": "DKK", "price_year": 2019},
        "time": {"from": "2019-01", "to": "2019-12", "cycle": "month"},
        "domains": {"housing": {"shelter": {"homeless": True}, "home": None}},
        "strata": {"adult": None},
        "population": {"initial": [{"stratum": "adult", "housing": "shelter", "persons": 60}]},
        "transitions": [
            {"from": {"housing": "shelter"}, "to": "home", "rate_per_year": 3},
            {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": Decimal("0.5")},
        ],
        "strategies": {"reference": {}},
    }
    return {**data, **sections}


def time(first: str, last: str, cycle: str = "month") -> Data:
    return {"from": first, "to": last, "cycle": cycle}


def with_money(data: Data, prices: Data, **sections: Any) -> Data:
    """Return a scenario with prices in constant price levels and an index that never moves."""
    index = {year: 100 for year in range(FIRST_YEAR - 1, LAST_YEAR + 2)}
    money = {"index": "pl", "discount_rate": 0, "base_year": 2019}
    return {
        **data,
        "indices": {"pl": {"values": index}},
        "money": money,
        "prices": prices,
    } | sections


def hundredths(low: float, high: float) -> st.SearchStrategy[Decimal]:
    return st.integers(round(low * 100), round(high * 100)).map(lambda n: Decimal(n) / 100)


def parts_of(total: int, n: int) -> st.SearchStrategy[list[int]]:
    """Split a whole number into `n` parts of at least 0."""
    cuts = st.lists(st.integers(0, total), min_size=n - 1, max_size=n - 1).map(sorted)
    return cuts.map(lambda at: [b - a for a, b in zip([0, *at], [*at, total], strict=True)])


STAYS = st.sampled_from(["12 hours", "5 days", "61 days", "9 weeks", "14 months", "3 years"])
LENGTHS = st.one_of(
    STAYS.map(lambda stay: {"mean": stay}),
    st.just({"mean": "a_stay"}),
    STAYS.map(lambda stay: {"median": stay}),
    st.builds(lambda share, stay: {"share": share, "over": stay}, hundredths(0.2, 0.99), STAYS),
)
WITHIN = st.sampled_from(["1 month", "90 days", "1 year", "2 years"])


@st.composite
def scenarios(
    draw: st.DrawFn, *, money: bool = True, max_cycles: int = 6, months_only: bool = False
) -> Data:
    """Draw a valid scenario file.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    money
        Whether there are prices and grants.
    max_cycles
        Most cycles of the run, when a cycle is a month.
    months_only
        Whether every cycle is a month, for short runs.
    """
    data: Data = {"som_sim": 1, "meta": {"title": "random", "currency": "DKK", "price_year": 2019}}
    data["time"] = draw(times(max_cycles, months_only))
    homeless = st.sampled_from([None, {}, {"homeless": True}])
    sizes = draw(st.sampled_from([(2,), (3,), (4,), (2, 2), (3, 2), (2, 3)]))
    data["domains"] = {
        domain: {f"{domain[0]}{number}": draw(homeless) for number in range(size)}
        for domain, size in zip(("housing", "activity"), sizes, strict=False)
    }
    data["leave"] = draw(st.sampled_from([[], ["dead"], ["dead", "moved_away"]]))
    data["strata"] = {name: None for name in ("young", "adult", "old")[: draw(st.integers(1, 3))]}
    if len(data["strata"]) > 1 and draw(st.integers(0, 3)) == 3:
        data["strata"]["young"] = {"ages": {"to": "adult", "after": draw(STAYS)}}
    data["parameters"] = {
        "a_stay": {"value": draw(STAYS)},
        "a_rate": {"value": draw(hundredths(0, 9))},
    }
    data["population"] = {
        "initial": [
            {**one, "persons": draw(hundredths(0, 200))}
            for one in draw(st.lists(groups(data), min_size=1, max_size=4))
        ],
        "arrivals": [
            {**one, "per_year": draw(over_time(data, hundredths(0, 90))), **draw(seasons(data))}
            for one in draw(st.lists(groups(data), max_size=2))
        ],
    }
    data["population"]["initial"][0]["persons"] += 1
    data["transitions"] = draw(transitions(data))
    names = ("act", "icm")[: draw(st.integers(0, 2))]
    data["programmes"] = {name: draw(programmes(data, name, names)) for name in names}
    data["targets"] = {
        f"target_{number}": {
            **one,
            "goal": draw(figures(one)),
            "better": draw(st.sampled_from(["lower", "higher"])),
        }
        for number, one in enumerate(draw(st.lists(measures(data), max_size=2)))
    }
    data["observations"] = [
        {**one, "value": draw(figures(one))} for one in draw(st.lists(measures(data), max_size=1))
    ]
    if money:
        add_money(draw, data)
    data["strategies"] = {"reference": draw(courses(data)), "act": draw(courses(data))}
    return data


@st.composite
def times(draw: st.DrawFn, max_cycles: int, months_only: bool) -> Data:
    unit = "month" if months_only else draw(st.sampled_from(["month", "month", "quarter", "year"]))
    length = MONTHS[unit]
    most = 3 if unit == "year" else max_cycles
    n_cycles = draw(st.integers(1, most))
    first = draw(st.integers(0, (LAST_YEAR - FIRST_YEAR + 1) * 12 // length - n_cycles)) * length
    start = month_start(f"{FIRST_YEAR}-01", first)
    last = month_start(f"{FIRST_YEAR}-01", first + n_cycles * length - 1)
    return {"from": f"{start:%Y-%m}", "to": f"{last:%Y-%m}", "cycle": unit}


def boundaries(data: Data) -> list[dt.date]:
    days, end = [month_start(data["time"]["from"])], month_start(data["time"]["to"], 1)
    while days[-1] < end:
        days.append(month_start(f"{days[-1]:%Y-%m}", MONTHS[data["time"]["cycle"]]))
    return days


@st.composite
def over_time(
    draw: st.DrawFn, data: Data, number: st.SearchStrategy[Decimal], *, from_start: bool = True
) -> Any:
    """A number, or numbers by month, on cycles of the run and beyond both its ends."""
    earliest = 0 if from_start else 4
    cycles = sorted(draw(st.sets(st.integers(-2, 8), max_size=3))) if draw(st.booleans()) else []
    if not cycles:
        return draw(number)
    if min(cycles) > earliest:
        cycles = [earliest, *(cycle for cycle in cycles if cycle > earliest)]
    length = MONTHS[data["time"]["cycle"]]
    months = [month_start(data["time"]["from"], cycle * length) for cycle in cycles]
    return {f"{month:%Y-%m}": draw(number) for month in months}


@st.composite
def seasons(draw: st.DrawFn, data: Data) -> Data:
    """Now and then a season, which needs cycles of a month."""
    if data["time"]["cycle"] != "month" or draw(st.integers(0, 5)) < 5:
        return {}
    return {"season": draw(st.lists(hundredths(0, 3), min_size=12, max_size=12))}


def groups(data: Data) -> st.SearchStrategy[Data]:
    states = {domain: st.sampled_from(list(states)) for domain, states in data["domains"].items()}
    return st.fixed_dictionaries({"stratum": st.sampled_from(list(data["strata"])), **states})


def some(names: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(list(names)), min_size=1, max_size=3, unique=True)


def one_or_list(names: list[str]) -> Any:
    return names[0] if len(names) == 1 else names


@st.composite
def conditions(draw: st.DrawFn, data: Data, keys: tuple[str, ...]) -> Data:
    """A condition on a random part of some keys."""
    where: Data = {}
    for key in keys:
        if not draw(st.booleans()):
            continue
        if key == "homeless":
            where[key] = draw(st.booleans())
        elif key == "stratum":
            where[key] = one_or_list(draw(some(data["strata"])))
        elif key == "programme":
            where[key] = one_or_list(draw(some(["none", *data["programmes"]])))
        else:
            where[key] = one_or_list(draw(some(data["domains"][key])))
    return where


@st.composite
def transitions(draw: st.DrawFn, data: Data) -> list[Data]:
    """Rows that move people out of some of the states, each move said once."""
    rows = []
    for domain, states in data["domains"].items():
        remaining = list(states)
        while remaining:
            size = draw(st.integers(1, len(remaining)))
            here, remaining = remaining[:size], remaining[size:]
            reachable = [*(state for state in states if state not in here), *data["leave"]]
            others = draw(st.permutations(reachable))
            while others:
                size = draw(st.integers(1, len(others)))
                to, others = others[:size], others[size:]
                rows += draw(rows_for(data, domain, here, to))
    return rows


@st.composite
def rows_for(
    draw: st.DrawFn, data: Data, domain: str, here: list[str], to: list[str]
) -> list[Data]:
    """One row; or two that tell strata or states of the other domain apart; or none."""
    other = [key for key in data["domains"] if key != domain]
    apart: list[Data] = [{}]
    how = draw(st.sampled_from(["all", "all", "stratum", "if", "none"]))
    if how == "none":
        return []
    if how == "stratum":
        names = list(data["strata"])
        cut = draw(st.integers(0, len(names)))
        apart = [{"stratum": one_or_list(part)} for part in (names[:cut], names[cut:]) if part]
    if how == "if" and other:
        names = list(data["domains"][other[0]])
        cut = draw(st.integers(1, len(names)))
        apart = [{"if": {other[0]: one_or_list(p)}} for p in (names[:cut], names[cut:]) if p]
    rows = []
    for part in apart:
        row = {"from": {domain: one_or_list(here)}, **part, **draw(seasons(data))}
        form = draw(st.sampled_from(["stay", "rate_per_year", "probability"]))
        if form == "rate_per_year":
            rate = st.one_of(over_time(data, hundredths(0, 12)), st.just("a_rate"))
            rows += [{**row, "to": name, "rate_per_year": draw(rate)} for name in to]
        elif form == "stay":
            stay = draw(LENGTHS)
            shares = draw(parts_of(100, len(to)))
            if draw(st.booleans()):
                counts = dict(zip(to, shares, strict=True))
                rows.append({**row, "stay": stay, "counts": counts})
                continue
            given = {name: Decimal(n) / 100 for name, n in zip(to, shares, strict=True)}
            one = len(to) == 1 and draw(st.booleans())
            rows.append({**row, "stay": stay, "to": to[0] if one else given})
        else:
            *shares, rest = draw(parts_of(98, len(to) + 1))
            if draw(st.booleans()):
                counts = dict(zip(to, shares, strict=True))
                stayed = {"stayed": rest + 2, "within": draw(WITHIN)}
                rows.append({**row, "counts": counts, **stayed})
                continue
            given = {name: Decimal(n) / 100 for name, n in zip(to, shares, strict=True)}
            within = draw(WITHIN)
            if len(to) == 1 and draw(st.booleans()):
                rows.append({**row, "to": to[0], "probability": given[to[0]], "within": within})
            else:
                rows.append({**row, "probabilities": given, "within": within})
    return rows


def moves(data: Data) -> list[tuple[str, str, str]]:
    """Domain, from, to of every move that a transition makes."""
    found = []
    for row in data["transitions"]:
        ((domain, here),) = row["from"].items()
        to = row.get("probabilities") or row.get("counts") or row["to"]
        for one in [here] if isinstance(here, str) else here:
            found += [(domain, one, name) for name in ([to] if isinstance(to, str) else to)]
    return found


def certain_moves(data: Data) -> list[tuple[str, str, str]]:
    """Moves out of where the first group starts, which it makes from then on in any case.

    A share of no moves at all is refused. Who starts there may all be gone later: with a mean stay
    of 12 hours, no number of persons is above 0 after a year (exp(-730) times them is none).
    """
    ratios = [one["hazard_ratio"] for p in data["programmes"].values() for one in p["effects"]]
    if 0 in ratios:
        return []
    first = data["population"]["initial"][0]
    certain = []
    for row in data["transitions"]:
        ((domain, here),) = row["from"].items()
        here = [here] if isinstance(here, str) else here
        if "stay" in row and not {"if", "stratum", "season"} & set(row) and first[domain] in here:
            certain += [move for move in moves(data) if move[:2] == (domain, first[domain])]
    return certain


@st.composite
def programmes(draw: st.DrawFn, data: Data, name: str, names: tuple[str, ...]) -> Data:
    others = [one for one in names if one != name]
    eligible = draw(conditions(data, (*data["domains"], "stratum", "homeless")))
    if others and draw(st.booleans()):
        eligible["programme"] = draw(st.sampled_from([["none", *others], others[0], "none"]))
    places = hundredths(0, 60)
    ramps = draw(st.integers(0, 3)) == 3
    lasts = name == "act" and draw(st.integers(0, 2)) == 2  # after one only: cells get many
    some_moves = st.one_of(st.just(Decimal(1)), hundredths(0.01, 4))
    any_moves = st.one_of(st.just(Decimal(0)), some_moves)
    effects = []
    for domain, here, to in draw(
        st.lists(st.sampled_from(moves(data) or [("", "", "")]), max_size=3)
    ):
        if domain:
            others_keys = tuple(key for key in data["domains"] if key != domain)
            effects.append(
                {
                    "from": {domain: here},
                    "to": to,
                    "if": draw(conditions(data, (*others_keys, "stratum"))),
                    "hazard_ratio": draw(some_moves if ramps or lasts else any_moves),
                }
            )
            if lasts and draw(st.booleans()):
                half_life = draw(st.one_of(STAYS, st.just("a_stay")))
                effects[-1]["afterwards"] = {"half_life": half_life}
    onward = st.sampled_from([None, *others, *({one: Decimal("0.4")} for one in others)])
    programme = {
        "eligible": eligible,
        "places": draw(over_time(data, places, from_start=False)),
        "intake": {"share_of_waiting": draw(hundredths(0, 1))},
        "stay": draw(LENGTHS.filter(lambda stay: stay.get("mean") != "a_stay")),
        "effects": effects,
    }
    if draw(st.integers(0, 3)) == 3:
        posts = over_time(data, hundredths(0, 6), from_start=False)
        programme["places"] = {"posts": draw(posts), "caseload": 8}
    if ramps:
        programme["places"] = from_a_month(data, programme["places"])
        programme["ramp_up"] = draw(STAYS)
    if draw(st.integers(0, 3)) == 3:
        a_month = over_time(data, hundredths(0, 9), from_start=False)
        programme["intake"] = {"persons_per_month": draw(a_month)}
    if draw(st.integers(0, 3)) == 3:
        programme["drop_out"] = {"rate_per_year": draw(hundredths(0, 3))}
    moves_on_to = draw(onward)
    return {**programme, "moves_on_to": moves_on_to} if moves_on_to else programme


def from_a_month(data: Data, places: Any) -> Any:
    """Return places that say from when, as a ramp needs them."""
    if isinstance(places, dict) and "posts" in places:
        return {**places, "posts": from_a_month(data, places["posts"])}
    return places if isinstance(places, dict) else {data["time"]["from"]: places}


@st.composite
def measures(draw: st.DrawFn, data: Data) -> Data:
    days = boundaries(data)
    marked = [one for states in data["domains"].values() for one in states.values() if one]
    keys = (*data["domains"], "stratum", "programme", *(["homeless"] if marked else []))
    kind = draw(st.sampled_from(INDICATORS))
    if kind == "persons_in":
        length = (days[-1] - days[0]).days
        first = draw(st.integers(0, length - 1))
        at = {"at": (days[0] + dt.timedelta(days=first)).isoformat()}
        over = draw(st.integers(0, min(length - first, 40)))
        return {
            "indicator": {kind: draw(conditions(data, keys)) or {"stratum": list(data["strata"])}},
            **at,
            **({"over": f"{over} days"} if over else {}),
        }
    possible = certain_moves(data)
    if kind == "share_of_moves" and not possible:
        kind = "entries_to"
    # After hundreds of mean stays nobody is left to move: a share is of moves from the start on.
    first = 0 if kind == "share_of_moves" else draw(st.integers(0, len(days) - 2))
    last = draw(st.integers(first + 1, len(days) - 1))
    end = month_start(f"{days[last]:%Y-%m}", -1)
    during = {"during": {"from": f"{days[first]:%Y-%m}", "to": f"{end:%Y-%m}"}}
    if kind in ("moves", "share_of_moves"):
        if possible:
            domain, here, to = draw(st.sampled_from(possible))
            return {"indicator": {kind: {"from": {domain: here}, "to": to}}, **during}
        kind = "entries_to"
    where = draw(conditions(data, keys)) or {"stratum": list(data["strata"])}
    return {"indicator": {kind: where}, **during}


def figures(measured: Data) -> st.SearchStrategy[Decimal]:
    """Goals and counted values: a share is at most 1."""
    return hundredths(0, 1 if "share_of_moves" in measured["indicator"] else 90)


def bare(price: Data) -> Data:
    """Return a price without the time in which it is charged."""
    return {key: one for key, one in price.items() if key not in ("from", "to")}


def add_money(draw: st.DrawFn, data: Data) -> None:
    index = {year: draw(hundredths(80, 125)) for year in range(FIRST_YEAR - 1, LAST_YEAR + 2)}
    data["indices"] = {"pl": {"values": index}}
    rate = st.sampled_from(["dk_ministry_2013", "dk_ministry_2021", Decimal("0.05")])
    data["money"] = {"index": "pl", "discount_rate": draw(rate), "base_year": 2018}
    units = [unit for unit in UNITS if unit != "enrolment" or data["programmes"]]
    units = [unit for unit in units if unit != "move" or moves(data)]
    data["parameters"] |= {
        name: {"value": value, "unit": "kroner"} for name, value in PRICE_PARAMETERS.items()
    }
    data["prices"] = {}
    for number in range(draw(st.integers(0, 7))):
        price = draw(prices(data, draw(st.sampled_from(units))))
        if bare(price) in map(bare, data["prices"].values()):  # two that are one are refused
            price["account"] += f"_{number}"
        data["prices"][f"item_{number}"] = price
    services = [
        name
        for name, price in data["prices"].items()
        if not {"transfer_to", "from", "to", "programme"} & set(price)
    ]
    if services and draw(st.booleans()):
        saved = draw(prices(data, "person_day"))
        saved.pop("transfer_to", None)
        saved.pop("steps", None)
        data["prices"]["saved"] = {**saved, "replaces": draw(st.sampled_from(services))}
    years = sorted({day.year for day in boundaries(data)[:-1]})
    data["grants"] = {}
    for name in ("pool", "fund")[: draw(st.integers(0, 2)) if data["prices"] else 0]:
        tranches = {
            year: draw(st.one_of(hundredths(0, 400_000), hundredths(0, 900)))
            for year in years
            if draw(st.integers(0, 3))
        } or {years[0]: Decimal("1234.56")}
        data["grants"][name] = {
            "funder": draw(st.sampled_from(["stat", "fond"])),
            "to": draw(st.sampled_from(["kommune", "region"])),
            "covers": draw(some(data["prices"])),
            "tranches": tranches,
            "total": sum(tranches.values()),
            "unspent": draw(st.sampled_from(["returned", "carried"])),
        } | draw(terms(data, sorted(tranches)))


@st.composite
def terms(draw: st.DrawFn, data: Data, years: list[int]) -> Data:
    """On what terms a grant is given, beyond what every grant says."""
    found: Data = {}
    if draw(st.booleans()):
        found["share"] = draw(hundredths(0.01, 1))
    if draw(st.booleans()):
        found["paid"] = "quarterly"
        if draw(st.booleans()):
            found["from"] = f"{years[0]}-{draw(st.integers(1, 12)):02d}"
    if len(years) > 1 and draw(st.booleans()):
        found["unspent"] = "carried"
        found["approved"] = draw(st.lists(st.sampled_from(years[:-1]), unique=True))
    chance = st.one_of(st.just({}), st.fixed_dictionaries({"probability": hundredths(0, 1)}))
    if draw(st.integers(0, 2)) == 2:
        conditional = draw(st.lists(st.sampled_from(years), unique=True, max_size=2))
        found["conditions"] = {year: {"needs": "a vote", **draw(chance)} for year in conditional}
    if data["programmes"] and draw(st.integers(0, 2)) == 2:
        found["clawback"] = {
            "programme": draw(st.sampled_from(list(data["programmes"]))),
            "at_least": draw(hundredths(0.5, 90)),
            "share": draw(hundredths(0.01, 1)),
        }
    return found


@st.composite
def prices(draw: st.DrawFn, data: Data, unit: str) -> Data:
    price: Data = {"amount": draw(hundredths(0, 9000)), "per": unit, "account": f"account_{unit}"}
    if draw(st.integers(0, 5)) == 5:
        price["amount"] = draw(st.sampled_from([*PRICE_PARAMETERS, "a_price * 1.25"]))
    price["price_year"] = draw(st.integers(FIRST_YEAR - 1, LAST_YEAR + 1))
    if unit in BY_PERSON:
        keys = (*data["domains"], "stratum", "homeless", "programme")
        price["in"] = draw(conditions(data, keys))
    elif unit == "move":
        domain, here, to = draw(st.sampled_from(moves(data)))
        price["moves"] = {"from": {domain: here}, "to": to}
    elif data["programmes"] and (unit == "enrolment" or draw(st.booleans())):
        price["programme"] = draw(st.sampled_from(list(data["programmes"])))
    if unit == "hour":
        price["hours"] = {
            "posts": draw(over_time(data, hundredths(0, 9), from_start=False)),
            draw(st.sampled_from(["per_week", "per_month"])): draw(
                over_time(data, hundredths(0, 160), from_start=False)
            ),
        }
        if draw(st.booleans()):
            price["hours"]["overhead"] = draw(hundredths(0, 1))
    if unit.startswith("place_") and ("programme" not in price or draw(st.booleans())):
        price["places"] = draw(over_time(data, hundredths(0, 60), from_start=False))
    rule = draw(st.sampled_from([None, None, *RULES, COUNTING]))
    paying: tuple[str, ...]
    if rule == COUNTING:
        within = sorted(draw(st.lists(hundredths(0, 1), min_size=3, max_size=3)))
        limits = dict(zip(COUNTING_LIMITS, within, strict=True))
        price["payers"], paying = {"rule": rule, "within": limits}, ("kommune", "stat")
    elif rule:
        price["payers"], paying = rule, RULES[rule]
    else:
        paying = tuple(draw(st.lists(st.sampled_from(PAYERS), min_size=1, max_size=3, unique=True)))
        shares = draw(parts_of(100, len(paying)))
        price["payers"] = {p: Decimal(n) / 100 for p, n in zip(paying, shares, strict=True)}
    if draw(st.integers(0, 3)) == 0:
        price["transfer_to"] = draw(st.sampled_from([p for p in PAYERS if p not in paying]))
    if unit.startswith("person_") and "transfer_to" not in price and draw(st.integers(0, 3)) == 3:
        price["steps"] = {"block": draw(hundredths(0.5, 9)), "varies": draw(hundredths(0, 1))}
        if draw(st.booleans()):
            price["steps"]["notice"] = draw(STAYS)
    days = boundaries(data)
    if draw(st.booleans()):
        price["from"] = f"{draw(st.sampled_from(days[:-1])):%Y-%m}"
    if draw(st.booleans()):
        first = month_start(price.get("from", data["time"]["from"]))
        end = draw(st.sampled_from([day for day in days if day > first]))
        price["to"] = f"{month_start(f'{end:%Y-%m}', -1):%Y-%m}"
    return price


@st.composite
def courses(draw: st.DrawFn, data: Data) -> Data:
    """A strategy: its programmes in any order, with what they move people on to."""
    names = draw(st.permutations(list(data["programmes"])))
    names = names[: draw(st.integers(0, len(names)))]
    for name in list(names):
        onward = data["programmes"][name].get("moves_on_to") or []
        names += [
            one for one in ([onward] if isinstance(onward, str) else onward) if one not in names
        ]
    for name in list(names):  # those just added may move people on too
        onward = data["programmes"][name].get("moves_on_to") or []
        names += [
            one for one in ([onward] if isinstance(onward, str) else onward) if one not in names
        ]
    course: Data = {"programmes": names}
    if data.get("grants"):
        course["grants"] = draw(st.permutations(list(data["grants"])))
    overrides: Data = {}
    if data["programmes"] and draw(st.booleans()):
        changed = draw(st.sampled_from(list(data["programmes"])))
        places = draw(over_time(data, hundredths(0, 60), from_start=False))
        if "ramp_up" in data["programmes"][changed]:
            places = from_a_month(data, places)
        overrides[f"programmes.{changed}.places"] = places
    if data["population"]["arrivals"] and draw(st.booleans()):
        overrides["population.arrivals[0].per_year"] = draw(over_time(data, hundredths(0, 90)))
    rates = [i for i, row in enumerate(data["transitions"]) if "rate_per_year" in row]
    if rates and draw(st.integers(0, 3)) == 3:
        path = f"transitions[{draw(st.sampled_from(rates))}].rate_per_year"
        overrides[path] = draw(over_time(data, hundredths(0, 12)))
    return {**course, "overrides": overrides} if overrides else course
