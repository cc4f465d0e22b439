"""A change is judged by the rules that stand before it, never by those that it brings along."""

import pytest

from stories.places import REGISTRY
from stories.registries import RULES
from stories.test_deploy import PROMOTED
from stories.town import Town

WORSE = {"models/digits/status.yaml": "Production: 1.2.0\nArchived: 1.0.0\n"}
LOOSE = {"registry.yaml": RULES.partition("    approvals:")[0] + "  Archived: {}\n" + RULES[RULES.index("deploys:") :]}
OWN = {"CODEOWNERS": "* @leo\n"}


@pytest.mark.fault(45)
def test_a_change_that_removes_a_gate_must_pass_it(town: Town) -> None:
    number = town.propose(LOOSE | WORSE, by="mei")

    assert town.status(number)[0] == "failure"
    assert "accuracy 0.7 is worse than the 0.9" in town.verdict(number)


def test_a_change_that_asks_for_no_approval_needs_one_to_be_deployed(town: Town) -> None:
    town.protect()
    number = town.propose(LOOSE | PROMOTED, by="mei")

    town.merge(number)

    assert town.runs() == []
    assert "**Merged, but not deployed**: waiting for ana or raj" in town.verdict(number)


@pytest.mark.fault(45)
def test_an_owner_whom_the_change_itself_names_does_not_count(town: Town) -> None:
    town.sandbox.grant(REGISTRY, "leo", "admin")
    number = town.propose(OWN | PROMOTED, by="mei")

    town.approve(number, by="leo")

    assert town.status(number)[0] == "pending"
    assert "leo does not own models/digits/status.yaml" in town.verdict(number)
