"""Who must approve a change, and whether they have."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.builders import (
    ANA,
    BOT,
    HEAD,
    MEI,
    NOON,
    OTHER,
    RAJ,
    STATUS_PATH,
    ZOE,
    a_review,
    an_owner,
    approval_facts,
)
from registrar.core.approvals import ApprovalFacts, approval
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Review, ReviewState
from registrar.core.verdicts import Verdict, VerdictState
from registry_schema import Approvals, Problem

PASSED, WAITING, FAILED = VerdictState.PASSED, VerdictState.WAITING, VerdictState.FAILED
CHANGES, DISMISSED, COMMENTED = ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED, ReviewState.COMMENTED
RENAMED_ANA = Person(ANA.id, "ana-smith")
FALSE_ANA = Person(77, "ana")
A_BOT = Person(50, "merge-machine", is_bot=True)


def judged(facts: ApprovalFacts, *, count: int = 1) -> Verdict:
    return approval(facts, {STATUS_PATH: Approvals(count=count)})


def reasons(verdict: Verdict) -> list[str]:
    return [leaf.reason for leaf in verdict.leaves()]


def test_nobody_has_approved_yet() -> None:
    verdict = judged(approval_facts())

    assert (verdict.state, verdict.reason) == (WAITING, "waiting for ana or raj")


def test_an_owner_approves() -> None:
    verdict = judged(approval_facts(reviews=(a_review(ANA),)))

    assert (verdict.state, verdict.reason) == (PASSED, "approved by ana (CODEOWNERS:3)")


def test_the_bot_may_write_what_a_person_asked_for() -> None:
    assert judged(approval_facts(author=BOT, wrote=(BOT,), reviews=(a_review(ANA),))).passed


def test_two_owners_must_approve_when_two_are_asked_for() -> None:
    one = judged(approval_facts(owners=(ANA, RAJ, ZOE), reviews=(a_review(ANA),)), count=2)
    none = judged(approval_facts(owners=(ANA, RAJ, ZOE)), count=2)
    two = judged(approval_facts(reviews=(a_review(ANA), a_review(RAJ))), count=2)

    assert one.reason == "approved by ana (CODEOWNERS:3), waiting for raj or zoe"
    assert none.reason == "waiting for 2 of ana, raj and zoe"
    assert two.reason == "approved by ana (CODEOWNERS:3), raj (CODEOWNERS:3)"


def test_one_person_named_twice_is_one_approver() -> None:
    verdict = judged(approval_facts(owners=(ANA, ANA, RAJ), reviews=(a_review(ANA),)), count=2)

    assert (verdict.state, verdict.reason) == (WAITING, "approved by ana (CODEOWNERS:3), waiting for raj")


@pytest.mark.fault(
    40,
    41,
    42,
    49,
    50,
    55,
    56,
    68,
    because="What is told of people and reviews is judged here alike, whichever forge told it.",
)
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param(
            approval_facts(owners=(ANA, MEI), requester=MEI, reviews=(a_review(MEI),)),
            "mei asked for this change, so mei cannot approve it",
            id="the requester",
        ),
        pytest.param(
            approval_facts(owners=(ANA, ZOE), author=ZOE, reviews=(a_review(ZOE),)),
            "zoe opened this change, so zoe cannot approve it",
            id="who opened it",
        ),
        pytest.param(
            approval_facts(wrote=(BOT, RAJ), reviews=(a_review(RAJ),)),
            "raj wrote or pushed a commit of this change, so raj cannot approve it",
            id="an author, committer or pusher",
        ),
        pytest.param(
            approval_facts(owners=(ANA, A_BOT), reviews=(a_review(A_BOT),)),
            "merge-machine is a bot, and bots do not count",
            id="a bot",
        ),
        pytest.param(
            approval_facts(owners=(ANA, Person(BOT.id, "registrar")), reviews=(a_review(Person(BOT.id, "registrar")),)),
            "registrar is a bot, and bots do not count",
            id="the bot itself, not marked as one",
        ),
        pytest.param(
            approval_facts(owners=(ANA, an_owner(RAJ, permission=Permission.WRITE)), reviews=(a_review(RAJ),)),
            "raj has write, admin is needed",
            id="too little permission",
        ),
        pytest.param(
            approval_facts(reviews=(a_review(ZOE),)), f"zoe does not own {STATUS_PATH}", id="somebody who owns nothing"
        ),
        pytest.param(
            approval_facts(reviews=(a_review(FALSE_ANA),)),
            f"ana does not own {STATUS_PATH}",
            id="another account with an owner's old login",
        ),
        pytest.param(
            approval_facts(reviews=(a_review(ANA, sha=OTHER),)),
            "ana approved 8d1e77a, but the head is now 3f2a91c",
            id="another content",
        ),
        pytest.param(
            approval_facts(reviews=(a_review(ANA, DISMISSED),)), "the review of ana was dismissed", id="dismissed"
        ),
        pytest.param(
            approval_facts(reviews=(a_review(ANA, minute=5),), merged_at=NOON),
            "ana approved after the merge, which is too late",
            id="after the merge",
        ),
        pytest.param(
            approval_facts(reviews=(a_review(None),)),
            "an account that was deleted has approved, and nobody can tell whose it was",
            id="a deleted account",
        ),
    ],
)
def test_an_approval_does_not_count_and_says_why(facts: ApprovalFacts, reason: str) -> None:
    verdict = judged(facts)

    assert verdict.state is WAITING
    assert verdict.reason.startswith("waiting for ")
    assert reasons(verdict) == [verdict.reason, reason]


def test_a_rejection_that_can_be_mended_is_waited_for_and_another_is_not() -> None:
    facts = approval_facts(reviews=(a_review(ANA, sha=OTHER), a_review(ZOE)))

    states = {leaf.name: leaf.state for leaf in judged(facts).leaves()}

    assert states == {STATUS_PATH: WAITING, "ana": WAITING, "zoe": FAILED}


def test_an_approval_given_again_after_the_merge_is_not_held_against_the_first() -> None:
    facts = approval_facts(
        reviews=(a_review(ANA), a_review(RAJ, minute=9), a_review(ANA, minute=9)), merged_at=NOON + timedelta(minutes=5)
    )

    verdict = judged(facts, count=2)

    assert reasons(verdict)[1:] == ["raj approved after the merge, which is too late"]


@pytest.mark.fault(55, 57, because="Votes are counted here alike, whichever forge told them.")
@pytest.mark.parametrize(
    ("votes", "state"),
    [
        pytest.param([a_review(ANA), a_review(ANA, COMMENTED, minute=1)], PASSED, id="a comment changes nothing"),
        pytest.param([a_review(ANA), a_review(ANA, CHANGES, minute=1)], FAILED, id="changed her mind"),
        pytest.param([a_review(ANA, CHANGES), a_review(ANA, minute=1)], PASSED, id="is content now"),
        pytest.param([a_review(ANA, minute=1), a_review(ANA, CHANGES)], PASSED, id="told in another order"),
        pytest.param([a_review(ANA), a_review(ANA, DISMISSED, minute=1)], WAITING, id="dismissed since"),
        pytest.param([a_review(ANA, DISMISSED), a_review(ANA, minute=1)], PASSED, id="approved anew"),
        pytest.param([a_review(ANA), a_review(ANA, sha=OTHER, minute=1)], WAITING, id="last approved another content"),
        pytest.param([a_review(ANA, CHANGES, sha=OTHER)], FAILED, id="asked for changes of an older head"),
        pytest.param([a_review(ANA), a_review(RAJ, CHANGES)], FAILED, id="one approves, one asks for changes"),
        pytest.param([a_review(ANA), a_review(ZOE, CHANGES)], PASSED, id="a stranger asks for changes"),
        pytest.param([a_review(RENAMED_ANA)], PASSED, id="approved under a new login"),
        pytest.param([a_review(ANA, COMMENTED)], WAITING, id="only a comment"),
        pytest.param([a_review(None, COMMENTED)], WAITING, id="only a comment of a deleted account"),
    ],
)
def test_the_last_vote_of_each_person_counts(votes: list[Review], state: VerdictState) -> None:
    assert judged(approval_facts(reviews=tuple(votes))).state is state


def test_a_deleted_accounts_approval_is_told_once_beside_what_is_waited_for() -> None:
    verdict = judged(approval_facts(reviews=(a_review(None), a_review(None, minute=1))))

    assert len(reasons(verdict)) == 2


def test_changes_asked_for_by_an_owner_hold_it_and_name_the_owner() -> None:
    verdict = judged(approval_facts(owners=(ANA, ANA, RAJ), reviews=(a_review(ANA, CHANGES),)))

    assert verdict.reason == "ana asked for changes; this waits until they approve, or their review is dismissed"


def test_a_bot_that_owns_cannot_hold_it() -> None:
    assert judged(approval_facts(owners=(ANA, A_BOT), reviews=(a_review(ANA), a_review(A_BOT, CHANGES)))).passed


def test_changes_asked_for_in_the_very_second_of_the_merge_hold_it() -> None:
    facts = approval_facts(
        reviews=(a_review(ANA), a_review(RAJ, CHANGES, minute=9)),
        merged_at=NOON + timedelta(minutes=9) - timedelta(seconds=1),
    )

    assert not judged(facts).passed


def test_changes_asked_for_after_the_merge_hold_nothing() -> None:
    facts = approval_facts(reviews=(a_review(ANA), a_review(RAJ, CHANGES, minute=9)), merged_at=NOON)

    assert judged(facts).passed


@pytest.mark.fault(41, because="A name without an account is judged here alike, whichever forge told it.")
@pytest.mark.parametrize(
    ("facts", "count", "reason"),
    [
        pytest.param(
            approval_facts(owners=()),
            1,
            f"CODEOWNERS names nobody for {STATUS_PATH} whom the forge knows; name there who may approve it",
            id="nobody owns it",
        ),
        pytest.param(
            approval_facts(owners=(), unowned={STATUS_PATH: "CODEOWNERS:4 leaves it without owners"}),
            1,
            "CODEOWNERS:4 leaves it without owners",
            id="a line takes it away",
        ),
        pytest.param(
            approval_facts(owners=(MEI,)),
            1,
            f"{STATUS_PATH} needs 1 to approve it, but no owner can: "
            "mei asked for this change, so mei cannot approve it; name more owners in CODEOWNERS",
            id="the only owner asked for it",
        ),
        pytest.param(
            approval_facts(owners=(ANA,)),
            2,
            f"{STATUS_PATH} needs 2 to approve it, but only ana can; name more owners in CODEOWNERS",
            id="fewer owners than asked for",
        ),
        pytest.param(
            approval_facts(requester=None, author=BOT, reviews=(a_review(ANA),)),
            1,
            "who asked for this change cannot be shown, so nobody can approve it; ask for it anew",
            id="nobody can be shown to have asked",
        ),
        pytest.param(
            approval_facts(unknown=("Jo <jo@example.com>",), reviews=(a_review(ANA),)),
            1,
            "no account is known for Jo <jo@example.com>, who had a hand in this change, so no approver can be shown "
            "to be somebody else; commit with an address that belongs to an account",
            id="an unknown contributor",
        ),
        pytest.param(
            approval_facts(problems=(Problem("CODEOWNERS", 4, "is bad", "mend it"),), reviews=(a_review(ANA),)),
            1,
            "CODEOWNERS:4: is bad; mend it",
            id="CODEOWNERS in doubt",
        ),
    ],
)
def test_a_doubt_never_approves(facts: ApprovalFacts, count: int, reason: str) -> None:
    verdict = judged(facts, count=count)

    assert (verdict.state, verdict.reason) == (FAILED, reason)


def test_nothing_to_judge_is_a_doubt() -> None:
    assert approval(approval_facts(), {}).state is FAILED


@pytest.mark.fault(64, because="Paths are judged here alike, whichever forge they come from.")
def test_each_path_is_judged_by_its_own_owners() -> None:
    other = "models/risk/status.yaml"
    facts = approval_facts(owners=(ANA,), reviews=(a_review(ANA),))

    verdict = approval(facts, {STATUS_PATH: Approvals(), other: Approvals()})

    assert [child.state for child in verdict.children] == [PASSED, FAILED]
    assert verdict.state is FAILED


def test_a_path_may_ask_for_less_permission() -> None:
    facts = approval_facts(owners=(an_owner(ANA, permission=Permission.WRITE),), reviews=(a_review(ANA),))

    assert approval(facts, {STATUS_PATH: Approvals(permission="write")}).passed


PEOPLE = (ANA, RAJ, MEI, ZOE, A_BOT, BOT, FALSE_ANA)
people = st.sampled_from(PEOPLE)
votes = st.builds(
    a_review,
    st.none() | people,
    st.sampled_from(list(ReviewState)),
    sha=st.sampled_from([HEAD, OTHER]),
    minute=st.integers(0, 3),
)
owning = st.builds(an_owner, people, permission=st.sampled_from(list(Permission)))
every_fact = st.builds(
    approval_facts,
    owners=st.lists(owning, max_size=4, unique_by=lambda owner: owner.person).map(tuple),
    reviews=st.lists(votes, max_size=6, unique_by=lambda vote: vote.id).map(tuple),
    requester=st.none() | people,
    author=st.none() | people,
    wrote=st.lists(people, max_size=2).map(tuple),
    unknown=st.sampled_from([(), (), (), ("Jo",)]),
)


@given(every_fact, st.integers(1, 2))
def test_whatever_passes_was_approved_by_enough_others_who_own_it(facts: ApprovalFacts, count: int) -> None:
    verdict = judged(facts, count=count)

    own = {owner.person.id for owner in facts.owners_of(STATUS_PATH) if owner.permission is Permission.ADMIN}
    involved = {person.id for person in (facts.requester, facts.author, *facts.contributors.people) if person}
    bots = {A_BOT.id, BOT.id}
    last = {vote.reviewer.id: vote for vote in sorted(facts.reviews, key=by_time) if vote.reviewer and is_vote(vote)}
    approved = {who for who, vote in last.items() if vote.state is ReviewState.APPROVED and vote.sha == HEAD}
    if verdict.passed:
        assert len(approved & own - involved - bots) >= count
        assert facts.requester is not None
        assert not facts.contributors.unknown


def by_time(vote: Review) -> tuple[object, int]:
    return vote.submitted_at, vote.id


def is_vote(vote: Review) -> bool:
    return vote.state is not COMMENTED
