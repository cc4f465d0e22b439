"""What the ledger says of a merge: who, by which right, on what, with which numbers."""

from dataclasses import replace

import pytest

from core.builders import (
    ANA,
    BOT,
    HEAD,
    MEI,
    NOON,
    OTHER,
    PROMOTED,
    RAJ,
    STATUS_PATH,
    ZOE,
    AFile,
    a_change,
    a_registry,
    a_review,
    a_rule,
    a_version,
    approval_facts,
    evaluation_facts,
)
from core.ledgers import BEFORE, LANDED
from registrar.core.approval_facts import Owner
from registrar.core.evaluation import evaluate
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.ledger import BrokenGlass, Counted, Measured, Merged
from registrar.core.ledger_making import Steps, entry_of, told_of
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import PullRequest, PullRequestState
from registry_schema.policy import BreakGlass

BLOB = 40 * "e"
SIGNERS = "allowed_signers"
PULL_REQUEST = PullRequest(
    number=7,
    title="Promote digits 1.1.0",
    body="",
    url="https://forge.example/acme/registry/pull/7",
    state=PullRequestState.MERGED,
    is_draft=False,
    author=BOT,
    head_sha=HEAD,
    head_ref="registrar/promote/digits",
    base_ref="main",
    fetch_ref="refs/pull/7/head",
    merge_commit=LANDED,
    merged_at=NOON,
)


def entry(facts: EvaluationFacts) -> Merged:
    content = dict.fromkeys(told_of(facts), BLOB)
    return entry_of(PULL_REQUEST, facts, evaluate(facts), landed=Steps(BEFORE, LANDED), content=content)


def a_promotion(*approved_by: Person, word: str = "@ana") -> EvaluationFacts:
    """Mei asked the bot to put 1.1.0 into production; ana may approve it under some name, raj as himself."""
    owners = (Owner(ANA, Permission.ADMIN, word), Owner(RAJ, Permission.ADMIN, "@raj"))
    reviews = tuple(a_review(person, minute=minute) for minute, person in enumerate(approved_by))
    approvals = approval_facts(rules=(a_rule(*owners),), reviews=reviews)
    return evaluation_facts(a_change(after=PROMOTED), approvals=approvals, files=(AFile(STATUS_PATH),))


def test_an_approved_promotion_is_told_whole() -> None:
    said = entry(a_promotion(ANA))

    assert (said.number, said.commit, said.before, said.head) == (7, LANDED, BEFORE, HEAD)
    assert (said.ruling, said.reason) == ("approved", "approved by ana (CODEOWNERS:3)")
    assert (said.author, said.requester, said.contributors) == (BOT, MEI, (BOT,))
    assert [str(move) for move in said.transitions] == [
        "digits 1.0.0: Production -> Archived",
        "digits 1.1.0: Staging -> Production",
    ]
    assert said.content == ((STATUS_PATH, BLOB),)
    assert all(check.state == "passed" for check in said.checks)


@pytest.mark.parametrize("word", ["@ana", "@acme/ml-admins"])
def test_an_approval_says_by_which_word_of_which_line_it_counts(word: str) -> None:
    said = entry(a_promotion(ANA, word=word))

    review = a_review(ANA)
    counted = Counted(
        ANA, Permission.ADMIN, STATUS_PATH, "CODEOWNERS:3", word, review.id, review.sha, review.submitted_at
    )
    assert said.approvals == (counted,)


def test_an_approval_counts_for_every_line_that_names_its_author() -> None:
    rules = (a_rule(ANA, RAJ, section="ML"), a_rule(ANA, section="Ops", line=9))
    approvals = approval_facts(rules=rules, reviews=(a_review(ANA), a_review(RAJ, minute=1)))

    said = entry(evaluation_facts(a_change(after=PROMOTED), approvals=approvals))

    assert [(each.person.login, each.rule) for each in said.approvals] == [
        ("ana", "CODEOWNERS:3, section ML"),
        ("ana", "CODEOWNERS:9, section Ops"),
        ("raj", "CODEOWNERS:3, section ML"),
    ]


def test_a_refused_merge_is_told_with_what_it_lacked() -> None:
    said = entry(a_promotion(MEI))

    assert (said.ruling, said.approvals) == ("refused", ())
    assert "waiting for ana or raj" in said.reason
    assert [check.state for check in said.checks if check.name in {STATUS_PATH, "mei"}] == ["waiting", "failed"]


def test_broken_glass_is_no_approval() -> None:
    glass = BrokenGlass(RAJ, "production is down", "https://forge.example/1")
    rules = replace(a_registry(), break_glass=BreakGlass(people=("@raj",), statuses=None))

    said = entry(replace(a_promotion(), registry=rules, glass=glass))

    assert (said.ruling, said.glass, said.approvals) == ("glass broken", glass, ())


def test_a_registration_needs_nobody_and_is_told_all_the_same() -> None:
    facts = {"1.1.0": a_version(accuracy=0.97), "1.0.0": a_version(accuracy=0.95)}
    registered = evaluation_facts(
        a_change(registered=("1.1.0",), facts=facts, versions=("1.0.0",)), files=(AFile("models/digits/x", "A"),)
    )

    said = entry(registered)

    assert (said.ruling, said.registrations, said.transitions) == ("approved", (("digits", "1.1.0"),), ())
    assert (said.approvals, said.content) == ((), ())


def test_the_numbers_stand_beside_those_of_who_held_the_status() -> None:
    (measured,) = entry(a_promotion(ANA)).measured

    assert measured == Measured("digits", "1.1.0", "accuracy", 0.97, "1.0.0", "Production", 0.95, "better")


def test_a_number_that_nobody_reports_is_not_told() -> None:
    change = a_change(after=PROMOTED, facts={})

    assert entry(evaluation_facts(change)).measured == ()


def test_what_owners_guard_is_told_by_its_content() -> None:
    files = (AFile(STATUS_PATH), AFile(SIGNERS), AFile("models/digits/model.yaml"), AFile("README.md"))

    assert told_of(evaluation_facts(files=files)) == (STATUS_PATH, SIGNERS)


def test_whose_approval_counted_by_the_owners_of_when_the_branch_began_is_told_apart() -> None:
    zoe = Owner(ZOE, Permission.ADMIN, "@zoe")
    asked = approval_facts(
        reviews=(a_review(ANA), a_review(ZOE, minute=1)), before={STATUS_PATH: (a_rule(zoe, line=9),)}
    )
    change = evaluation_facts(
        a_change(after=PROMOTED), approvals=replace(asked, fork=OTHER), files=(AFile(STATUS_PATH),)
    )

    said = entry(change)

    assert (said.ruling, said.fork) == ("approved", OTHER)
    assert [(each.person.login, each.rule) for each in said.approvals] == [("ana", "CODEOWNERS:3")]
    assert [(each.person.login, each.rule, each.word) for each in said.approvals_before] == [
        ("zoe", "CODEOWNERS:9", "@zoe")
    ]
