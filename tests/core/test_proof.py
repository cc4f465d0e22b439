"""A change of the base stands when its entry is true, the rules of then allowed it, and enough owners approved."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.builders import ANA, BOT, MEI, NOON, OTHER, RAJ, STATUS_PATH, ZOE, AFile, a_change, a_registry, a_status
from core.ledgers import BEFORE, LANDED, MOVE, counted, deployed, merged, pushed
from core.proofs import found, judged, landed
from registrar.core.ledger import BrokenGlass, Entry, Merged
from registrar.core.lifecycle import Transition
from registrar.core.people import Permission
from registrar.core.proof import broken_files, unapproved
from registrar.core.proof_facts import Grade, breach, called, told_of
from registry_schema import Approvals, Holders, Problem
from registry_schema.policy import BreakGlass

ROOM = Transition("digits", "1.0.0", "Production", "Archived")
RULES = a_registry()
BREAKABLE = BreakGlass(people=("@ana", "@acme/oncall"))


def told(**changes: Any) -> Merged:
    """What is true of what landed."""
    return merged(**{"transitions": (ROOM, MOVE)} | changes)


def test_what_its_owners_approved_stands() -> None:
    assert judged(landed(), told()) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"commit": OTHER}, "its entry is of 8d1e77a", id="another commit"),
        pytest.param(
            {"before": OTHER}, "its entry says that the base was 8d1e77a before, and it was b4d5f00", id="another base"
        ),
        pytest.param({"transitions": (MOVE,)}, f"its entry does not say {ROOM}", id="a transition is left out"),
        pytest.param(
            {"transitions": (ROOM, MOVE, Transition("digits", "9.0.0", "QA", "Staging"))},
            "its entry says digits 9.0.0: QA -> Staging, which did not happen",
            id="a transition is made up",
        ),
        pytest.param(
            {"registrations": (("digits", "9.0.0"),)},
            "its entry says digits 9.0.0, which did not happen",
            id="a version is made up",
        ),
        pytest.param(
            {"content": ((STATUS_PATH, 40 * "d"),)},
            f"{STATUS_PATH} is not what was approved: blob eeeeeee landed, and its entry says blob ddddddd",
            id="another content",
        ),
        pytest.param(
            {"content": ()},
            f"{STATUS_PATH} is not what was approved: blob eeeeeee landed, and its entry says no file",
            id="no content",
        ),
        pytest.param(
            {"url": "https://forge.example/acme"},
            "its entry is of no request: https://forge.example/acme",
            id="no request",
        ),
    ],
)
def test_an_entry_that_is_not_true_is_named(changes: dict[str, Any], why: str) -> None:
    assert why in judged(landed(), told(**changes))


def test_a_file_that_is_gone_was_approved_to_go() -> None:
    gone = landed(content={STATUS_PATH: 40 * "e", ".dvc/config": None})
    stays = landed(content={STATUS_PATH: None})

    assert judged(gone, told()) == []
    assert "no file landed, and its entry says blob eeeeeee" in judged(stays, told())[0]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({}, "", id="by name"),
        pytest.param({"word": "@acme/admins", "person": ZOE}, "", id="in a team, as only the forge knew"),
        pytest.param({"word": "ana@example.org", "person": ZOE}, "", id="by an address, as only the forge knew"),
        pytest.param({"word": "@raj"}, "as @raj, which names somebody else", id="under another's name"),
        pytest.param({"word": "@zoe", "person": ZOE}, "at b4d5f00 that line does not say so", id="by no word"),
        pytest.param({"rule": "CODEOWNERS:1", "word": "@raj", "person": RAJ}, "does not say so", id="by another line"),
        pytest.param({"path": "registry.yaml"}, "does not say so", id="of another path"),
    ],
)
def test_an_approval_rests_on_the_line_that_gives_the_authority(changes: dict[str, Any], why: str) -> None:
    whys = judged(landed(), told(approvals=(counted(**changes),)))

    assert any(why in each for each in whys) if why else whys == []


def test_a_group_of_gitlab_is_written_as_an_account_is() -> None:
    change = landed(owners="/models/ @acme\n", forge="gitlab")
    in_group = told(url="https://f/r/-/merge_requests/7", approvals=(counted(word="@acme", rule="CODEOWNERS:1"),))

    assert judged(change, in_group) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"approvals": ()}, "needs 1 owners with admin, and by the ledger nobody approved", id="nobody"),
        pytest.param({"requester": ANA}, "nobody approved: ana asked for this change", id="who asked"),
        pytest.param({"author": ANA}, "ana opened this change", id="who opened it"),
        pytest.param({"contributors": (BOT, ANA)}, "ana wrote or pushed a commit", id="who wrote it"),
        pytest.param({"head": OTHER}, "ana approved 3f2a91c, and the head was 8d1e77a", id="another head"),
        pytest.param({"requester": None}, "the ledger does not say who asked for it", id="nobody asked"),
        pytest.param({"at": NOON - timedelta(minutes=1)}, "ana approved after the merge", id="too late"),
        pytest.param(
            {"approvals": (counted(permission=Permission.WRITE),)},
            "ana has write, admin is needed",
            id="too few rights",
        ),
    ],
)
def test_an_approval_that_does_not_count_is_none(changes: dict[str, Any], why: str) -> None:
    (finding,) = found(landed(), told(**changes))

    assert finding.what == f"{STATUS_PATH} was changed without the approvals that it needs"
    assert why in finding.why


def test_an_approval_of_one_file_is_none_of_another() -> None:
    change = landed(
        files=(AFile(STATUS_PATH), AFile("registry.yaml")),
        content={STATUS_PATH: 40 * "e", "registry.yaml": 40 * "f"},
    )
    by_raj = counted(person=RAJ, word="@raj")

    (finding,) = found(change, told(approvals=(by_raj,), content=tuple(change.content.items())))

    assert finding.what == "registry.yaml was changed without the approvals that it needs"


def test_one_of_two_is_too_few() -> None:
    two = a_registry(
        Production=a_status(
            "Staging", holders=Holders.ONE, displaced_to="Archived", approvals=Approvals(count=2, permission="admin")
        )
    )

    assert judged(landed(registry=two), told()) == [
        "at b4d5f00 it needs 2 owners with admin, and by the ledger ana approved"
    ]


def test_every_section_asks_for_its_own() -> None:
    change = landed(owners="[ML] @ana\n/models/\n[Risk] @raj\n/models/\n", forge="gitlab")
    by_ana = counted(rule="CODEOWNERS:2, section ML")

    assert judged(change, told(url="https://f/r/-/merge_requests/7", approvals=(by_ana,))) == [
        "at b4d5f00 it needs 1 owners of section Risk with admin, and by the ledger nobody approved"
    ]


@pytest.mark.parametrize(
    ("owners", "why"),
    [
        pytest.param(None, "b4d5f00 has no CODEOWNERS file", id="no file"),
        pytest.param("/docs/ @ana\n", "no line of CODEOWNERS matches it; add one that names its owners", id="no line"),
        pytest.param("/models/ @ana\n!x @ana\n", "CODEOWNERS:2: a pattern cannot be negated", id="a doubtful file"),
    ],
)
def test_nobody_approves_what_nobody_can_be_shown_to_own(owners: str | None, why: str) -> None:
    whys = judged(landed(owners=owners), told(approvals=(counted(rule="CODEOWNERS:1"),)))

    assert any(each.startswith(why) for each in whys)


def test_rules_that_cannot_be_read_allow_nothing() -> None:
    assert judged(landed(registry=None), told(transitions=())) == ["b4d5f00 holds no registry.yaml that can be read"]


def test_what_the_rules_refuse_is_named_whoever_approved_it() -> None:
    change = landed(
        models=(a_change(after=a_change().before, registered=("2.0.0",)),),
        files=(AFile("registry.yaml", "T", "120000"),),
    )

    (refused, *_) = found(change, told(transitions=(), registrations=(("digits", "2.0.0"),)))

    assert refused.what == "pull request #7 was merged against the rules of then"
    assert refused.why == "registry.yaml is a link or a submodule; a registry holds plain files only"


@pytest.mark.parametrize(
    ("changes", "what", "why"),
    [
        pytest.param(
            {"glass": BrokenGlass(ANA, "it burns", "https://c/1")},
            "pull request #7 landed by broken glass",
            "ana: it burns (https://c/1)",
            id="by name",
        ),
        pytest.param(
            {"glass": BrokenGlass(ZOE, "it burns", "https://c/1")},
            "pull request #7 landed by broken glass",
            "zoe: it burns (https://c/1)",
            id="by a team, as only the forge knew",
        ),
        pytest.param({}, "glass was broken for pull request #7", "its entry does not say by whom", id="by nobody"),
    ],
)
def test_broken_glass_is_told_of(changes: dict[str, Any], what: str, why: str) -> None:
    breakable = replace(RULES, break_glass=BREAKABLE)

    first, *_ = found(landed(registry=breakable), told(ruling="glass broken", approvals=(), **changes))

    assert (first.what, first.why) == (what, why)


@pytest.mark.parametrize(
    "people", [pytest.param(None, id="nobody may"), pytest.param(("@ana", "@raj"), id="only others may")]
)
def test_glass_that_the_rules_do_not_let_somebody_break_stands_in_for_nothing(people: tuple[str, ...] | None) -> None:
    rules = replace(RULES, break_glass=BreakGlass(people) if people else None)
    glass = BrokenGlass(ZOE, "trust me", "https://c/1")

    first, second = found(landed(registry=rules), told(ruling="glass broken", approvals=(), glass=glass))

    assert (first.grade, first.why) == (Grade.BREACH, "break_glass of registry.yaml at b4d5f00 does not name zoe")
    assert "nobody approved" in second.why


def test_glass_is_broken_for_statuses_and_never_for_the_rules() -> None:
    change = landed(
        registry=replace(RULES, break_glass=BREAKABLE),
        files=(AFile(STATUS_PATH), AFile("registry.yaml")),
        content={STATUS_PATH: 40 * "e", "registry.yaml": 40 * "f"},
    )
    glass = BrokenGlass(ANA, "it burns", "https://c/1")
    content = tuple(change.content.items())

    _, second = found(change, told(ruling="glass broken", approvals=(), glass=glass, content=content))

    assert second.grade is Grade.BREACH
    assert "registry.yaml" in second.why


def test_glass_that_nobody_had_to_break_is_an_approval() -> None:
    assert judged(landed(), told(glass=BrokenGlass(ZOE, "just in case", "https://c/1"))) == []


def test_what_the_ledger_itself_calls_unapproved_is_named() -> None:
    refused = merged(ruling="refused", reason="waiting for ana")
    entries: list[Entry] = [refused, pushed(), pushed(revert=None, paths=()), deployed()]

    named = [(each.what, each.why, each.mend) for each in unapproved(landed(), entries)]

    assert named == [
        (
            "pull request #7 was merged, and was refused",
            "waiting for ana",
            "take it back by a pull request that its owners approve",
        ),
        (
            "a change that owners guard was pushed, and approved by nobody",
            f"it changes {STATUS_PATH}",
            "merge 8, which takes it back, once its owners approve it",
        ),
        (
            "a change that owners guard was pushed, and approved by nobody",
            "no request brought it",
            "take it back by a pull request that its owners approve",
        ),
    ]


def test_what_changed_is_not_told_while_files_are_unsound() -> None:
    unsound = landed(models=(), problems=(Problem(STATUS_PATH, 1, "is odd", "mend it"),))

    assert not any("its entry says" in why for why in judged(unsound, told()))


def test_files_that_no_approval_can_allow_are_named_unless_they_are_put_back() -> None:
    path = "models/digits/versions/1.0.0/version.yaml"
    change = landed(files=(AFile(path),), problems=(Problem("models/digits/model.yaml", 3, "is odd", "mend it"),))

    altered, odd = broken_files(change)

    assert (altered.what, odd.what) == (
        f"{path} was changed in a way that no approval allows",
        "models/digits/model.yaml is not sound",
    )
    assert [each.what for each in broken_files(replace(change, restored={path: BEFORE}))] == [odd.what]


def test_of_several_merges_of_one_commit_the_one_that_passed_counts() -> None:
    refused, approved = merged(number=6, ruling="refused"), merged(number=8)

    assert told_of([deployed(), refused, approved], LANDED) == approved
    assert told_of([merged(commit=OTHER), refused], LANDED) == refused
    assert told_of([deployed(), pushed()], LANDED) is None


def test_a_request_is_called_as_its_forge_calls_it() -> None:
    assert called(merged()) == "pull request #7"
    assert called(merged(url="https://f/r/-/merge_requests/7")) == "merge request !7"


def test_what_is_taken_back_says_by_what() -> None:
    resolved = breach(LANDED, "pushed", "by eve", "take it back").resolved_by(OTHER)

    assert (resolved.grade, resolved.why) == (Grade.RESOLVED, "by eve; 8d1e77a took it back")


def test_a_request_needs_a_requester_who_is_nobody_of_its_approvers() -> None:
    assert judged(landed(), told(requester=MEI, author=None)) == []
