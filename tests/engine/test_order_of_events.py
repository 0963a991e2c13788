"""The order of events in a cycle is one list: the engine's docstring, the model and what happens."""

from __future__ import annotations

import re
from typing import Any

import pytest

from random_scenarios import model_of, small
from som_sim.engine import cohort

RULES: dict[str, Any] = {
    "eligible": {},
    "places": 5,
    "intake": {"share_of_waiting": 1},
    "stay": {"mean": "1 year"},
}
DATA = small(
    programmes={"act": RULES, "icm": RULES},
    strategies={"reference": {"programmes": ["icm", "act"]}},
)


def written() -> list[str]:
    """Return the numbered list of the engine's docstring, an item a line."""
    text = " ".join((cohort.__doc__ or "").split("Order of events in a cycle:")[1].split())
    items = re.split(r"(?:^| )(\d)\. ", text)[1:]
    assert items[::2] == [str(number) for number in range(1, len(items) // 2 + 1)]
    return items[1::2]


def test_the_docstring_and_the_steps_say_the_same() -> None:
    enrolment, *rest = written()
    *enrolling, moving = model_of(DATA).steps()
    assert enrolment.startswith("enrolment, programme by programme in the strategy's order")
    assert enrolling == ["enrol in icm", "enrol in act"]
    assert len(rest) == 1
    for words in ("move", "in continuous time", "while others arrive", "leave"):
        assert words in rest[0], "the docstring does not say what the model says"
        assert words in moving, "the model does not say what the docstring says"


def test_a_model_without_programmes_only_moves() -> None:
    assert len(model_of(small()).steps()) == 1


def test_places_ageing_and_clocks_are_named() -> None:
    model = model_of(
        small(
            domains={
                "housing": {
                    "shelter": {"homeless": True, "places": 70, "overflow": "home"},
                    "home": None,
                }
            },
            strata={"adult": {"ages": {"to": "old", "after": "9 years"}}, "old": None},
            clocks={"rest": {"in": {"housing": "home"}, "resets": "on_exit", "edges": ["1 year"]}},
        )
    )
    assert model.steps() == (
        "hold back who finds no place in shelter",
        "move people in continuous time while others arrive and leave, and age; time passes on rest",
    )


def test_the_engine_does_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    enrol, advance = cohort.enrol, cohort.advance

    def watched_enrol(model: Any, rule: Any, *rest: Any) -> Any:
        done.append(f"enrol in {rule.name}")
        return enrol(model, rule, *rest)

    def watched_advance(*given: Any) -> Any:
        done.append("move people in continuous time while others arrive and leave")
        return advance(*given)

    monkeypatch.setattr(cohort, "enrol", watched_enrol)
    monkeypatch.setattr(cohort, "advance", watched_advance)
    model = model_of(DATA)
    cohort.run_cohort(model)
    assert done == list(model.steps()) * model.calendar.n_cycles
