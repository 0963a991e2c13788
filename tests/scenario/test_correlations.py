"""Correlations in a file: which can be, which cannot, and what the user is then told."""

from __future__ import annotations

from pathlib import Path

import pytest

from som_sim.core.errors import ScenarioError
from som_sim.scenario.correlations import lean, matrix_of
from som_sim.scenario.read import loads
from som_sim.scenario.schema import Correlation, ScenarioFile

VALID = (Path(__file__).parent / "valid.yaml").read_text(encoding="utf-8")
STAY = "  stay: {value: 61 days, source: report, grade: C}\n"


def read(*lines: str, correlations: str) -> ScenarioFile:
    """Read the good file with more parameters (from line 13), and correlations after them."""
    more = "".join(f"  {line}\n" for line in lines) + correlations
    return loads(VALID.replace(STAY, STAY + more), "f").base


def told(*lines: str, correlations: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(*lines, correlations=correlations)
    return "\n".join(str(problem) for problem in caught.value.problems)


UNCERTAIN = "{}: {{value: 1, distribution: {{normal: {{sd: 0.1}}}}}}"
THREE = tuple(UNCERTAIN.format(name) for name in "abc")


def together(*lines: str) -> str:
    return "correlations:\n" + "".join(f"  - {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["{between: [a, b], rank: 0.9}", "{between: [c, b], rank: -0.9}"],
            "f:16:1: correlations: cannot all hold together: a and b (0.9), c and b (-0.9); 0, as "
            "nothing is said: a and c",
        ),
        (
            [
                "{between: [a, b], rank: 0.9}",
                "{between: [b, c], rank: 0.9}",
                "{between: [a, c], rank: -0.2}",
            ],
            "f:16:1: correlations: cannot all hold together: a and b (0.9), b and c (0.9), a and c "
            "(-0.2)",
        ),
        (
            ["{between: [a, b], rank: 1}"],
            "f:17:5: correlations[0]: rank 1 is not above -1 and below 1; of two parameters that "
            "go together for sure, write one as an expression of the other",
        ),
        (
            ["{between: [a, a], rank: 0.5}", "{between: a, rank: 0.5}"],
            "f:17:5: correlations[0]: between names two different parameters, as [a, b]\n"
            "f:18:5: correlations[1]: between names two different parameters, as [a, b]",
        ),
        (
            ["{between: [a, stay], rank: 0.5}"],
            "f:17:6: correlations[0].between: 'stay' has no distribution",
        ),
        (
            ["{between: [a, sty], rank: 0.5}"],
            "f:17:6: correlations[0].between: 'sty' is no parameter; did you mean 'stay'?",
        ),
        (
            ["{between: [a, b], rank: 0.5}", "{between: [b, a], rank: 0.5}"],
            "f:18:6: correlations[1].between: b and a stand here twice",
        ),
    ],
)
def test_correlations_that_cannot_be(lines: list[str], message: str) -> None:
    assert told(*THREE, correlations=together(*lines)) == message


def test_shares_of_a_group_are_not_correlated_otherwise() -> None:
    shares = [
        f"{name}: {{value: 0.5, distribution: {{dirichlet: {{group: g, n: 9}}}}}}" for name in "de"
    ]
    line = "{between: [a, d], rank: 0.5}"
    assert told(THREE[0], *shares, correlations=together(line)) == (
        "f:17:6: correlations[0].between: 'd' is a share of a Dirichlet group, whose shares go "
        "together already"
    )


def test_only_those_that_clash_are_named() -> None:
    four = (*THREE, UNCERTAIN.format("d"), UNCERTAIN.format("e"))
    lines = [
        "{between: [d, e], rank: 0.9}",
        "{between: [d, a], rank: 0.1}",
        "{between: [a, b], rank: 0.9}",
        "{between: [b, c], rank: 0.9}",
    ]
    assert told(*four, correlations=together(*lines)).endswith(
        "cannot all hold together: a and b (0.9), b and c (0.9); 0, as nothing is said: a and c"
    )


def test_later_correlations_lean_on_earlier_ones_only() -> None:
    first = Correlation.model_validate({"between": ["a", "b"], "rank": 0})
    assert matrix_of([first]).tolist() == [[1, 0], [0, 1]]
    assert lean([first]) == {"a": {"a": 1.0}, "b": {"b": 1.0}}
    spec = read(
        *THREE,
        correlations=together("{between: [a, b], rank: 0.5}", "{between: [b, c], rank: 0.4}"),
    )
    both, one = lean(spec.correlations), lean(spec.correlations[:1])
    assert {name: both[name] for name in one} == one
    assert one["b"]["a"] == pytest.approx(2 * 0.25881904510252074)  # 2 sin(pi / 12)
