"""Each rule is run on the examples worked by hand that stand beside it."""

from __future__ import annotations

import pytest

from som_sim.knowledge.rule_forms import ExampleForm
from som_sim.knowledge.rules import PayerRule, payer_rules
from som_sim.ledger.settle import settle_example

HALF_AN_OERE = 0.005

EXAMPLES = [
    pytest.param(rule, example, id=f"{name}-{number}")
    for name, rule in payer_rules().items()
    for number, example in enumerate(rule.examples)
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_worked_example(rule: PayerRule, example: ExampleForm) -> None:
    found = settle_example(rule, example)
    stated = {payer: float(amount) for payer, amount in example.bears.items() if amount}
    assert found == pytest.approx(stated, abs=HALF_AN_OERE)


@pytest.mark.parametrize("name", sorted(payer_rules()))
def test_every_rule_has_examples_whose_parts_are_the_whole(name: str) -> None:
    rule = payer_rules()[name]
    assert rule.examples
    for example in rule.examples:
        assert sum(example.bears.values()) == sum(stay.kroner for stay in example.stays)
