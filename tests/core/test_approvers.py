"""Who may approve a change, whose approval counted, and how many are asked for."""

from dataclasses import replace

import pytest

from core.builders import (
    ANA,
    BASE,
    HEAD,
    MEI,
    OTHER,
    RAJ,
    STATUS_PATH,
    ZOE,
    a_registry,
    a_review,
    a_status,
    an_owner,
    approval_facts,
)
from registrar.core.approvals import approval, approved_by, approvers, required_approvals, uncounted
from registrar.core.lifecycle import Transition
from registrar.core.people import Permission
from registrar.core.verdicts import all_of
from registry_schema import Approvals
from registry_schema.approvals import ModelApprovals


def test_the_approvers_are_the_owners_who_can() -> None:
    facts = approval_facts(owners=(ANA, MEI, an_owner(RAJ, permission=Permission.WRITE), ZOE))

    (needed,) = approvers(facts, {STATUS_PATH: Approvals(count=2)})

    assert (needed.path, needed.people, needed.count) == (STATUS_PATH, (ANA, ZOE), 2)
    assert needed.permission is Permission.ADMIN


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        pytest.param([("Development", "QA")], None, id="none asked for"),
        pytest.param([("Staging", "Production")], Approvals(), id="on entering"),
        pytest.param([("Production", "Archived")], Approvals(), id="on leaving"),
        pytest.param(
            [("Staging", "Production"), ("QA", "Crowd")],
            Approvals(count=3, permission="admin"),
            id="the strictest of each",
        ),
        pytest.param([("Gone", "QA")], None, id="a status that does not exist"),
        pytest.param([], None, id="no transition"),
    ],
)
def test_the_strictest_demand_counts(moves: list[tuple[str, str]], expected: Approvals | None) -> None:
    registry = a_registry(Crowd=a_status(approvals=Approvals(count=3, permission="write")))
    steps = [Transition("digits", "1.0.0", before, after) for before, after in moves]

    assert required_approvals(registry, steps) == expected


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        pytest.param(["digits"], Approvals(permission="maintain"), id="that of the status"),
        pytest.param(["risk/fraud"], Approvals(count=2), id="that of its group"),
        pytest.param(["digits", "risk/fraud"], Approvals(count=2), id="the strictest of several"),
    ],
)
def test_a_model_may_need_more_than_its_status_asks_for(models: list[str], expected: Approvals) -> None:
    risky = Approvals(permission="maintain", for_models=(ModelApprovals(("risk/**",), count=2),))
    registry = a_registry(Production=a_status("Staging", approvals=risky))

    assert (
        required_approvals(registry, [Transition(each, "1.0.0", "Staging", "Production") for each in models])
        == expected
    )


def test_an_approval_tells_the_facts_it_was_judged_by() -> None:
    ghost = approval_facts(author=None, unknown=("Ghost",))
    sound = approval_facts(reviews=(a_review(ANA), a_review(ZOE, sha="", minute=1)))

    whole = approval(sound, {STATUS_PATH: Approvals(count=2)})

    assert whole.facts == (
        ("head", HEAD),
        ("base", f"main at {BASE}"),
        ("requester", "mei (3)"),
        ("author", "registrar (99)"),
        ("contributors", "registrar (99)"),
    )
    assert whole.children[0].facts == (
        ("asked for", "2 with admin rights"),
        ("CODEOWNERS:3", "ana (1, admin), raj (2, admin)"),
        ("review 1", f"ana (1) approved {HEAD}"),
        ("review 2", "zoe (4) approved of an unknown commit"),
    )
    assert approval(ghost, {}).facts[3:] == (
        ("author", "nobody that can be shown"),
        ("contributors", "registrar (99), Ghost (no account)"),
    )


def test_those_whose_approval_counted_are_named_once() -> None:
    facts = approval_facts(reviews=(a_review(ANA), a_review(RAJ, sha=OTHER), a_review(ZOE)))
    both = replace(facts, owners={**facts.owners, "registry.yaml": facts.owners[STATUS_PATH]})

    assert approved_by(both, {STATUS_PATH: Approvals(), "registry.yaml": Approvals()}) == (ANA,)


def test_what_a_review_lacks_is_told_once() -> None:
    asked = approval_facts(reviews=(a_review(MEI), a_review(ANA, sha=OTHER)))
    verdict = approval(asked, {STATUS_PATH: Approvals()})

    assert uncounted(all_of("pull request", [verdict])) == (
        "mei asked for this change, so mei cannot approve it",
        f"ana approved {OTHER[:7]}, but the head is now {HEAD[:7]}",
    )
