"""A change of CODEOWNERS on the base while a branch is open: who owned its paths until then must approve too."""

import pytest

from core.builders import ANA, LEO, RAJ, STATUS_PATH, ZOE, a_review, a_rule, approval_facts
from registrar.core.approval_facts import Rule
from registrar.core.approvals import approval
from registrar.core.people import Person
from registrar.core.verdicts import Verdict, VerdictState
from registry_schema import Approvals

pytestmark = pytest.mark.fault(47, because="Both versions are judged here alike, whichever forge they come from.")


def judged(*approved: Person, before: tuple[Rule, ...]) -> Verdict:
    """What becomes of a change that ana and raj own now."""
    facts = approval_facts(reviews=tuple(a_review(person) for person in approved), before={STATUS_PATH: before})
    return approval(facts, {STATUS_PATH: Approvals()})


def test_it_waits_for_who_owned_it_when_the_branch_began() -> None:
    verdict = judged(ANA, before=(a_rule(ZOE),))

    assert verdict.state is VerdictState.WAITING
    assert "waiting for zoe, by CODEOWNERS as it was when this branch began; or update the branch" in verdict.reason


def test_it_passes_once_both_have_approved() -> None:
    assert judged(ANA, ZOE, before=(a_rule(ZOE),)).passed


def test_it_passes_by_one_who_owned_it_then_and_owns_it_now() -> None:
    assert judged(ANA, before=(a_rule(ANA, ZOE),)).passed


def test_who_owned_it_then_alone_approves_nothing() -> None:
    assert judged(ZOE, before=(a_rule(ZOE),)).state is VerdictState.WAITING


def test_what_asked_the_same_people_then_is_judged_once() -> None:
    verdict = judged(ANA, before=(a_rule(RAJ, ANA, line=9),))

    assert verdict.passed
    assert "of before" not in "".join(each.name for each in verdict.children)


def test_what_nobody_owned_then_must_be_put_on_the_base_of_now() -> None:
    verdict = judged(ANA, before=())

    assert verdict.state is VerdictState.FAILED
    assert f"nobody owned {STATUS_PATH} when this branch began; update the branch" in verdict.reason


@pytest.mark.parametrize(
    ("before", "alike"),
    [
        pytest.param(a_rule(RAJ, ANA, line=9), True, id="on another line, in another order"),
        pytest.param(a_rule(ANA), False, id="fewer people"),
        pytest.param(a_rule(ANA, LEO), False, id="other people"),
        pytest.param(a_rule(ANA, RAJ, count=2), False, id="more of them"),
        pytest.param(a_rule(ANA, RAJ, section="ML"), False, id="of another section"),
    ],
)
def test_a_rule_asks_as_another_when_it_asks_as_many_of_the_same_people(before: Rule, alike: bool) -> None:  # noqa: FBT001 -- a row
    assert a_rule(ANA, RAJ).asks_as(before) is alike
