"""Who must approve a path that several sections of CODEOWNERS own, and whether they have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.builders import (
    ANA,
    BOT,
    HEAD,
    LEO,
    MEI,
    OTHER,
    RAJ,
    STATUS_PATH,
    ZOE,
    a_review,
    a_rule,
    an_owner,
    approval_facts,
)
from registrar.core.approval_facts import ApprovalFacts, Rule
from registrar.core.approvals import approval, approved_by, approvers, uncounted
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Review, ReviewState
from registrar.core.verdicts import Verdict, VerdictState, all_of
from registry_schema import Approvals

PASSED, WAITING, FAILED = VerdictState.PASSED, VerdictState.WAITING, VerdictState.FAILED
ML = a_rule(ANA, RAJ, section="ML", line=5)
RISK = a_rule(ZOE, section="Risk", line=8)
UNNAMED = a_rule(LEO, line=1)


def judged(facts: ApprovalFacts, *, count: int = 1) -> Verdict:
    return approval(facts, {STATUS_PATH: Approvals(count=count)}).children[0]


def owned_by(*rules: Rule, approved: tuple[Person, ...] = ()) -> ApprovalFacts:
    return approval_facts(rules=rules, reviews=tuple(a_review(person, minute=at) for at, person in enumerate(approved)))


@pytest.mark.parametrize(
    ("facts", "count", "reason"),
    [
        pytest.param(owned_by(ML), 1, "waiting for ana or raj (section ML)", id="one section"),
        pytest.param(
            owned_by(ML, RISK), 1, "waiting for ana or raj (section ML) and for zoe (section Risk)", id="two sections"
        ),
        pytest.param(owned_by(UNNAMED, ML), 1, "waiting for leo and for ana or raj (section ML)", id="and the unnamed"),
        pytest.param(
            owned_by(ML, RISK, approved=(ANA,)),
            1,
            "approved by ana (CODEOWNERS:5, section ML), waiting for zoe (section Risk)",
            id="one of two has approved",
        ),
        pytest.param(
            owned_by(a_rule(ANA, RAJ, ZOE, section="ML", count=2, line=5), approved=(ANA,)),
            1,
            "approved by ana (CODEOWNERS:5, section ML), waiting for raj or zoe (section ML)",
            id="one of a section that asks for two",
        ),
        pytest.param(
            owned_by(a_rule(ANA, RAJ, ZOE, section="ML", count=2, line=5)),
            1,
            "waiting for 2 of ana, raj and zoe (section ML)",
            id="none of a section that asks for two",
        ),
        pytest.param(
            owned_by(a_rule(ANA, RAJ, ZOE, section="ML"), a_rule(ANA, RAJ, section="Risk", line=8), approved=(ANA,)),
            2,
            "approved by ana (CODEOWNERS:3, section ML; CODEOWNERS:8, section Risk), waiting for raj or zoe",
            id="each section is content, but the status asks for two people",
        ),
        pytest.param(
            owned_by(ML, RISK),
            3,
            "waiting for ana or raj (section ML) and for zoe (section Risk)",
            id="what sections lack is told before what they lack together",
        ),
    ],
)
def test_it_waits_for_each_section(facts: ApprovalFacts, count: int, reason: str) -> None:
    verdict = judged(facts, count=count)

    assert (verdict.state, verdict.reason) == (WAITING, reason)


@pytest.mark.parametrize(
    ("facts", "count", "reason"),
    [
        pytest.param(
            owned_by(ML, RISK, approved=(ZOE, RAJ)),
            1,
            "approved by raj (CODEOWNERS:5, section ML), zoe (CODEOWNERS:8, section Risk)",
            id="one of each",
        ),
        pytest.param(
            owned_by(ML, a_rule(ANA, section="Risk", line=8), approved=(ANA,)),
            1,
            "approved by ana (CODEOWNERS:5, section ML; CODEOWNERS:8, section Risk)",
            id="one for both",
        ),
        pytest.param(
            owned_by(ML, RISK, approved=(ANA, ZOE)),
            2,
            "approved by ana (CODEOWNERS:5, section ML), zoe (CODEOWNERS:8, section Risk)",
            id="two people out of two sections",
        ),
        pytest.param(
            owned_by(a_rule(ANA, RAJ, section="ML", count=2, line=5), UNNAMED, approved=(ANA, LEO, RAJ)),
            1,
            "approved by ana (CODEOWNERS:5, section ML), raj (CODEOWNERS:5, section ML), leo (CODEOWNERS:1)",
            id="two of one, one of the other",
        ),
    ],
)
def test_it_is_approved_once_every_section_has_enough(facts: ApprovalFacts, count: int, reason: str) -> None:
    verdict = judged(facts, count=count)

    assert (verdict.state, verdict.reason) == (PASSED, reason)


@pytest.mark.parametrize(
    ("rules", "count", "reason"),
    [
        pytest.param(
            (ML, a_rule(section="Risk", line=8, lapses=True)),
            1,
            f"CODEOWNERS:8, section Risk names nobody for {STATUS_PATH} whom the forge knows, and the forge approves "
            "such a rule by itself; name there who may approve it",
            id="a section of whose owners the forge knows none",
        ),
        pytest.param(
            (a_rule(lapses=True),),
            1,
            f"CODEOWNERS:3 names nobody for {STATUS_PATH} whom the forge knows, and the forge approves such a rule by "
            "itself; name there who may approve it",
            id="a rule without a section of whose owners the forge knows none",
        ),
        pytest.param(
            (ML, a_rule(MEI, section="Risk", line=8)),
            1,
            f"{STATUS_PATH} needs 1 of section Risk to approve it, but no owner can: mei asked for this change, so mei "
            "cannot approve it; name more owners in CODEOWNERS",
            id="a section whose only owner asked for it",
        ),
        pytest.param(
            (ML, a_rule(an_owner(ZOE, permission=Permission.MAINTAIN), LEO, section="Risk", count=2)),
            1,
            f"{STATUS_PATH} needs 2 of section Risk to approve it, but only leo can: zoe has maintain, admin is "
            "needed; name more owners in CODEOWNERS",
            id="too few of a section have the rights",
        ),
        pytest.param(
            (a_rule(ANA, section="ML"), a_rule(ANA, section="Risk")),
            2,
            f"{STATUS_PATH} needs 2 to approve it, but only ana can; name more owners in CODEOWNERS",
            id="one person owns all of it, and two must approve",
        ),
        pytest.param(
            (a_rule(MEI, section="ML"), a_rule(MEI, section="Risk")),
            1,
            f"{STATUS_PATH} needs 1 of section ML to approve it, but no owner can: mei asked for this change, so mei "
            f"cannot approve it; name more owners in CODEOWNERS; {STATUS_PATH} needs 1 of section Risk to approve it, "
            "but no owner can: mei asked for this change, so mei cannot approve it; name more owners in CODEOWNERS",
            id="no section has anybody",
        ),
    ],
)
def test_a_section_that_cannot_be_content_closes_the_path(rules: tuple[Rule, ...], count: int, reason: str) -> None:
    verdict = judged(owned_by(*rules, approved=(ANA, RAJ, ZOE, LEO, MEI)), count=count)

    assert (verdict.state, verdict.reason) == (FAILED, reason)


def test_only_the_lines_that_name_the_account_are_told_not_those_of_another_with_its_old_login() -> None:
    facts = owned_by(
        a_rule(ANA, section="ML", line=5), a_rule(Person(77, "ana"), ZOE, section="Risk"), approved=(ANA, ZOE)
    )

    assert judged(facts).reason == "approved by ana (CODEOWNERS:5, section ML), zoe (CODEOWNERS:3, section Risk)"


def test_a_path_closed_by_the_file_stays_closed_whoever_owns_it() -> None:
    facts = approval_facts(unowned={STATUS_PATH: "CODEOWNERS:4 leaves it without owners"}, reviews=(a_review(ANA),))

    assert judged(facts).reason == "CODEOWNERS:4 leaves it without owners"


def test_changes_asked_for_by_an_owner_of_one_section_hold_them_all() -> None:
    against = a_review(ZOE, ReviewState.CHANGES_REQUESTED)
    facts = approval_facts(rules=(ML, RISK), reviews=(a_review(ANA), against))

    assert judged(facts).reason.startswith("zoe asked for changes")


def test_every_section_is_a_judgement_of_its_own() -> None:
    verdict = judged(owned_by(ML, RISK, approved=(ANA, MEI)))
    sections, mei = verdict.children

    assert [(each.name, each.state, each.reason) for each in sections.children] == [
        ("section ML", PASSED, "approved by ana (CODEOWNERS:5, section ML)"),
        ("section Risk", WAITING, "waiting for zoe (section Risk)"),
    ]
    assert (sections.name, sections.state, mei.name) == ("every section", WAITING, "mei")


def test_how_many_must_approve_in_all_is_a_judgement_too_when_no_section_asks_for_as_many() -> None:
    facts = owned_by(a_rule(ANA, RAJ, section="ML"), a_rule(ANA, RAJ, section="Risk"), approved=(ANA,))

    leaves = list(judged(facts, count=2).leaves())

    assert [(leaf.name, leaf.state) for leaf in leaves] == [
        ("section ML", PASSED),
        ("section Risk", PASSED),
        ("every rule", WAITING),
    ]


def test_what_does_not_count_is_told_beside_the_sections() -> None:
    waiting = approval(owned_by(ML, RISK, approved=(MEI, ANA)), {STATUS_PATH: Approvals()})
    passed = approval(owned_by(ML, RISK, approved=(ANA, ZOE)), {STATUS_PATH: Approvals()})

    assert uncounted(all_of("pull request", [waiting])) == ("mei asked for this change, so mei cannot approve it",)
    assert uncounted(all_of("pull request", [passed])) == ()


def test_an_approval_that_counts_for_one_section_is_not_told_as_rejected() -> None:
    verdict = judged(owned_by(ML, RISK, approved=(ANA,)))

    assert len(verdict.children) == 1


@pytest.mark.parametrize(
    ("review", "reason"),
    [
        pytest.param(
            a_review(ANA, sha=""),
            "the forge does not say when ana approved, so not what: approve again",
            id="of content that cannot be told",
        ),
        pytest.param(
            Review(1, ANA, ReviewState.DISMISSED, HEAD, a_review(ANA).submitted_at, "was given before a push"),
            "the review of ana was given before a push",
            id="void by itself",
        ),
        pytest.param(
            a_review(ANA, sha=OTHER), "ana approved 8d1e77a, but the head is now 3f2a91c", id="of another head"
        ),
    ],
)
def test_an_approval_that_gitlab_took_back_says_why(review: Review, reason: str) -> None:
    verdict = judged(approval_facts(rules=(ML,), reviews=(review,)))

    assert verdict.state is WAITING
    assert [each.reason for each in verdict.children[1:]] == [reason]


def test_those_who_can_approve_are_told_by_section() -> None:
    facts = approval_facts(rules=(a_rule(ANA, MEI, RAJ, section="ML"), RISK))

    told = approvers(facts, {STATUS_PATH: Approvals()})

    assert [(each.section, each.people, each.count) for each in told] == [("ML", (ANA, RAJ), 1), ("Risk", (ZOE,), 1)]


def test_and_together_when_the_status_asks_for_more_than_any_section() -> None:
    told = approvers(approval_facts(rules=(ML, RISK)), {STATUS_PATH: Approvals(count=2)})

    assert [(each.section, each.people, each.count) for each in told] == [
        ("ML", (ANA, RAJ), 1),
        ("Risk", (ZOE,), 1),
        ("", (ANA, RAJ, ZOE), 2),
    ]


def test_all_whose_approval_counted_for_any_section_are_named() -> None:
    facts = owned_by(ML, RISK, a_rule(ANA, section="Docs"), approved=(ZOE, ANA, MEI))

    assert approved_by(facts, {STATUS_PATH: Approvals()}) == (ANA, ZOE)


PEOPLE = (ANA, RAJ, MEI, ZOE, LEO, BOT, Person(50, "merge-machine", is_bot=True))
people = st.sampled_from(PEOPLE)
owning = st.builds(an_owner, people, permission=st.sampled_from([Permission.ADMIN, Permission.ADMIN, Permission.WRITE]))
rules = st.builds(
    lambda owners, section, count: a_rule(*owners, section=section, count=count),
    st.lists(owning, min_size=1, max_size=4, unique_by=lambda owner: owner.person),
    st.sampled_from(["", "ML", "Risk"]),
    st.integers(1, 3),
)
every_fact = st.builds(
    approval_facts,
    rules=st.lists(rules, max_size=3, unique_by=lambda rule: rule.section).map(tuple),
    reviews=st.lists(st.builds(a_review, people, sha=st.sampled_from([HEAD, HEAD, OTHER])), max_size=6).map(tuple),
)


@given(every_fact, st.integers(1, 3))
def test_whatever_passes_has_enough_of_every_section_and_enough_in_all(facts: ApprovalFacts, count: int) -> None:
    involved = {person.id for person in (MEI, *PEOPLE) if person.is_bot or person == MEI}
    last = {review.reviewer.id: review.sha for review in facts.reviews if review.reviewer}
    approved = {who for who, sha in last.items() if sha == HEAD} - involved

    verdict = judged(facts, count=count)

    counted = [
        {owner.person.id for owner in rule.owners if owner.permission is Permission.ADMIN} & approved
        for rule in facts.rules_of(STATUS_PATH)
    ]
    enough = all(len(each) >= rule.count for each, rule in zip(counted, facts.rules_of(STATUS_PATH), strict=True))
    in_all = len(set().union(*counted)) >= count
    assert verdict.passed is (bool(counted) and enough and in_all)
