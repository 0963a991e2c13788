"""Whole random scenarios with one thing made wrong: it is said, where it is, and nothing runs.

And with anything at all made of them: what is read runs and its books close, and what is refused is
refused with messages. None crashes or hangs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import som_sim as som
from clock_scenarios import with_asked_clock
from random_scenarios import Data, as_text, scenarios
from som_sim.chain import run_strategy
from som_sim.core.errors import Path, ScenarioError, SomSimError, path_text

FEW, MANY = 15, 1500
"""Whole scenarios: some in every run of the tests, thousands where time is given for it."""
LABELS = ("label", "title", "note", "description")
NEVER = "no_such_name"


def places(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield everything in plain data with its path."""
    yield path, data
    items: Any = data.items() if isinstance(data, dict) else ()
    items = enumerate(data) if isinstance(data, list) else items
    for key, one in items:
        yield from places(one, (*path, key))


def at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def changed(data: Data, path: Path, value: object) -> Data:
    data = deepcopy(data)
    at(data, path[:-1])[path[-1]] = value
    return data


# What is wrong wherever it stands --------------------------------------------------------------

Wrong = tuple[Path, object]
"""Where, and what to write there."""


def negative(data: Data) -> Iterator[Wrong]:
    """People, rates, probabilities, prices and places below 0."""
    for path, value in places(data):
        # A parameter may be below 0 where nothing uses it.
        inside = path[:1] not in (("parameters",), ("indices",), ("values",))
        inside = inside and path[:1] not in (("observations",), ("targets",))
        if inside and isinstance(value, Decimal) and "overrides" not in path:
            yield path, Decimal("-0.5")


def unknown_key(data: Data) -> Iterator[Wrong]:
    """A key that no section has."""
    keyed = ("domains", "strata", "programmes", "prices", "grants", "indices", "targets")
    for section in keyed:
        for name, one in (data.get(section) or {}).items():
            if isinstance(one, dict) and section != "domains":
                yield (section, name, NEVER), 1
    for section in ("transitions", "observations"):
        for position in range(len(data.get(section) or [])):
            yield (section, position, NEVER), 1
    yield (NEVER,), 1
    yield ("time", NEVER), 1
    yield ("population", "initial", 0, NEVER), 1


def unknown_name(data: Data) -> Iterator[Wrong]:
    """A state, stratum, programme, price or payer that is not declared."""
    for position, row in enumerate(data["transitions"]):
        ((domain, _),) = row["from"].items()
        yield ("transitions", position, "from", domain), NEVER
        if isinstance(row.get("to"), str):
            yield ("transitions", position, "to"), NEVER
        if "stratum" in row:
            yield ("transitions", position, "stratum"), NEVER
    for position, group in enumerate(data["population"]["initial"]):
        yield ("population", "initial", position, "housing"), NEVER
        assert group["stratum"]
        yield ("population", "initial", position, "stratum"), NEVER
    for name, grant in (data.get("grants") or {}).items():
        yield ("grants", name, "covers"), [*grant["covers"], NEVER]
        yield ("grants", name, "funder"), NEVER
    for name in data.get("prices") or {}:
        yield ("prices", name, "payers"), {NEVER: 1}
        yield ("prices", name, "index"), NEVER
    for name, strategy in data["strategies"].items():
        yield ("strategies", name, "programmes"), [*strategy.get("programmes", []), NEVER]


def wrong_kind(data: Data) -> Iterator[Wrong]:
    """A list or a truth value where a number or a text is expected."""
    for path, value in places(data):
        if not path or set(path) & {*LABELS, "overrides", "season"} or isinstance(value, dict):
            continue
        if isinstance(value, Decimal):
            yield path, [value]
            yield path, True
        elif isinstance(value, str) and path[0] in ("time", "prices", "targets"):
            yield path, {"wrong": value}


def missing(data: Data) -> Iterator[Wrong]:
    """What must be there is not; `None` stands for taking it out."""
    for key in ("som_sim", "meta", "time", "domains", "strata", "population", "strategies"):
        yield (key,), None
    for name in data.get("prices") or {}:
        for key in ("amount", "per", "payers", "account", "price_year"):
            yield ("prices", name, key), None
    for name in data.get("programmes") or {}:
        for key in ("eligible", "places", "intake"):
            yield ("programmes", name, key), None
    for name in data.get("targets") or {}:
        for key in ("indicator", "goal", "better"):
            yield ("targets", name, key), None


def out_of_balance(data: Data) -> Iterator[Wrong]:
    """Shares that do not add to 1, tranches that do not add to the total."""
    for name, price in (data.get("prices") or {}).items():
        if isinstance(price["payers"], dict) and "rule" not in price["payers"]:
            payer = next(iter(price["payers"]))
            share = price["payers"][payer]
            yield ("prices", name, "payers", payer), share + Decimal("0.01")
    for name, grant in (data.get("grants") or {}).items():
        yield ("grants", name, "total"), grant["total"] + Decimal("0.01")
    for position, row in enumerate(data["transitions"]):
        if "stay" in row and isinstance(row.get("to"), dict):
            name = next(iter(row["to"]))
            yield ("transitions", position, "to", name), row["to"][name] + Decimal("0.01")


def said_twice(data: Data) -> Iterator[Wrong]:
    """A move of some people that another row makes already."""
    for row in data["transitions"]:
        yield ("transitions",), [*data["transitions"], row]


FAULTS: tuple[Callable[[Data], Iterator[Wrong]], ...] = (
    negative, unknown_key, unknown_name, wrong_kind, missing, out_of_balance, said_twice,
)  # fmt: skip


def with_fault(data: Data, wrong: Wrong) -> Data:
    path, value = wrong
    if value is None:
        data = deepcopy(data)
        del at(data, path[:-1])[path[-1]]
        return data
    return changed(data, path, value)


def check_is_refused(data: Data, kind: Callable[[Data], Iterator[Wrong]], pick: int) -> None:
    faults = list(kind(data))
    if not faults:
        return
    path, value = faults[pick % len(faults)]
    text = as_text(with_fault(data, (path, value)))
    with pytest.raises(ScenarioError) as caught:
        som.loads(text, "f")
    problems = caught.value.problems
    assert all(one.file == "f" and one.message and one.line == 1 for one in problems if one.path)
    # Something is said of the item that is wrong, or of what holds it.
    sections = {re.split(r"[.\[]", path_text(one.path))[0] for one in problems}
    wanted = {str(path[0]), ""} if value is None else {str(path[0])}
    wanted |= {"strategies"} if path[0] in ("strategies", "programmes") else set()
    assert sections & wanted, (path, value, [str(one) for one in problems])


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
@settings(max_examples=FEW)
@given(data=scenarios(max_cycles=3), pick=st.integers(0, 10**6))
def test_what_is_wrong_is_refused(
    kind: Callable[[Data], Iterator[Wrong]], data: Data, pick: int
) -> None:
    check_is_refused(data, kind, pick)


@pytest.mark.slow
@settings(max_examples=MANY)
@given(
    data=st.one_of(scenarios(max_cycles=3), with_asked_clock()),
    kind=st.sampled_from(FAULTS),
    pick=st.integers(0, 10**6),
)
def test_what_is_wrong_is_refused_in_thousands_of_scenarios(
    data: Data, kind: Callable[[Data], Iterator[Wrong]], pick: int
) -> None:
    check_is_refused(data, kind, pick)


# Anything at all -------------------------------------------------------------------------------

PIECES: tuple[object, ...] = (
    None, True, 0, 1, -1, Decimal("0.5"), 10**9, 10**30, "", "61 days", "0 days", "999999 years",
    "2019-02", "2019-13", "outside", "under 1 day", "a_rate", "a_rate / 0", "1 / 0", "exp(999)",
    "a_stay * 2", [], {}, ["h0"], {"h0": 1}, {"value": 3}, {"2019-02": 3}, "dead", "h0", "h1",
)  # fmt: skip


def mutated(data: Data, seed: int) -> Data:
    """Return data with up to three pieces taken out, moved or replaced."""
    dice = random.Random(seed)
    data = deepcopy(data)
    for _ in range(dice.randint(1, 3)):
        listed = [path for path, _ in places(data) if path]
        path, other = dice.choice(listed), dice.choice(listed)
        holder, new = at(data, path[:-1]), deepcopy(at(data, other))
        action = dice.randint(0, 3)
        if action == 0:
            del holder[path[-1]]
        elif action == 1:
            holder[path[-1]] = deepcopy(dice.choice(PIECES))
        elif action == 2:
            holder[path[-1]] = new
        elif isinstance(holder, dict) and isinstance(other[-1], str):
            holder[other[-1]] = new
    return data


def check_runs_or_says_why(data: Data) -> None:
    text = as_text(data)
    try:
        scenario = som.loads(text, "f")
    except ScenarioError as error:
        assert error.problems and all(one.message for one in error.problems)
        return
    if scenario.base.time.calendar.n_cycles > 12:
        return
    for name, spec in scenario.strategies.items():
        try:
            run = run_strategy(spec, name)
        except SomSimError as error:
            assert str(error)
        else:
            assert all(check.ok for check in run.checks), [c for c in run.checks if not c.ok]


@settings(max_examples=3 * FEW)
@given(data=scenarios(max_cycles=3), seed=st.integers(0, 2**32))
def test_whatever_is_done_to_a_file_it_runs_or_says_why(data: Data, seed: int) -> None:
    check_runs_or_says_why(mutated(data, seed))


@pytest.mark.slow
@settings(max_examples=MANY)
@given(data=st.one_of(scenarios(max_cycles=3), with_asked_clock()), seed=st.integers(0, 2**32))
def test_whatever_is_done_to_thousands_of_files_they_run_or_say_why(data: Data, seed: int) -> None:
    check_runs_or_says_why(mutated(data, seed))
