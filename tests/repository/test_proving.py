"""A registry is proven from a clone alone: every change of its base by the rules, owners and content of its moment."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from registrar.core.ledger import BrokenGlass, Pushed
from registrar.core.lifecycle import Transition
from registrar.core.people import Permission
from registrar.core.proof_facts import Grade
from repository.proven import (
    ANA,
    BOT,
    EVE,
    MEI,
    MOVES,
    OWNERS,
    PROMOTED,
    RAJ,
    RULES,
    STATUS,
    URLS,
    Registry,
    a_registry,
    approved,
    version_files,
)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return a_registry(tmp_path, signs=False)  # whose ledger it is, is another matter


def test_a_registry_that_owners_approved_change_by_change_is_proven(registry: Registry) -> None:
    start = registry.tip
    registry.promote("1.1.0")
    registry.merge(version_files("1.3.0"), by=(), registrations=(("digits", "1.3.0"),))
    registry.promote("1.2.0", before="Development", after="Staging", by=())
    registry.promote("1.2.0", by=(RAJ,))

    read = registry.prove()

    assert read.found == ()
    assert read.proof.holds
    assert (read.proof.begun, read.proof.changes) == (start, 3)


def test_a_push_that_no_note_tells_of_is_named(registry: Registry) -> None:
    registry.promote("1.1.0")
    sha = registry.push({STATUS: "Production: 1.2.0\n"})

    (found,) = registry.prove().found

    assert (found.commit, found.what) == (sha, "a change that owners guard was approved by nobody")
    assert found.why == f"the ledger has no entry of it, and it changes {STATUS}"
    assert "git log -1 --format=fuller" in found.mend


def test_a_push_that_the_bot_flagged_is_named_until_it_is_taken_back(registry: Registry) -> None:
    before, start = registry.tip, "Production: 1.0.0\nStaging: 1.1.0\n"
    sha = registry.push({STATUS: PROMOTED})
    registry.note(sha, Pushed(sha, before, registry.moment, MOVES, (STATUS,), revert=8))

    assert registry.prove().of(Grade.BREACH) == ["a change that owners guard was pushed, and approved by nobody"]

    back = tuple(Transition(each.model, each.version, each.after, each.before) for each in MOVES)
    revert = registry.merge({STATUS: start}, requester=BOT, transitions=back)
    (found,) = registry.prove().found

    assert (found.grade, found.commit) == (Grade.RESOLVED, sha)
    assert found.why == f"it changes {STATUS}; {revert[:7]} took it back"
    assert registry.prove().proof.holds


def test_several_pushes_are_taken_back_by_what_was_approved_before_them(registry: Registry) -> None:
    start = "Production: 1.0.0\nStaging: 1.1.0\n"
    for text in (PROMOTED, "Production: [1.2.0]\n"):
        before = registry.tip
        sha = registry.push({STATUS: text})
        registry.note(sha, Pushed(sha, before, registry.moment, (), (STATUS,), revert=None))
    back = (
        Transition("digits", "1.0.0", "Development", "Production"),
        Transition("digits", "1.1.0", "Development", "Staging"),
        Transition("digits", "1.2.0", "Production", "Development"),
    )
    registry.merge({STATUS: start}, requester=BOT, transitions=back)

    assert registry.prove().of(Grade.RESOLVED) == ["a change that owners guard was pushed, and approved by nobody"] * 2


def test_a_merge_that_the_bot_refused_is_named_with_its_reason(registry: Registry) -> None:
    registry.promote("1.1.0", ruling="refused", reason="waiting for ana or raj")

    assert [each[1:] for each in registry.prove().breaches] == [
        ("pull request #1 was merged, and was refused", "waiting for ana or raj")
    ]


def test_what_too_few_approved_is_named(registry: Registry) -> None:
    sha = registry.promote("1.1.0", requester=ANA)

    (found,) = registry.prove().breaches

    assert found[:2] == (sha, f"{STATUS} was changed without the approvals that it needs")
    assert "by the ledger nobody approved: ana asked for this change" in found[2]


def test_who_is_no_owner_approves_nothing(registry: Registry) -> None:
    registry.promote("1.1.0", by=(EVE,))

    assert "the ledger says that eve owns" in registry.prove().breaches[0][2]


def test_rules_of_then_decide_whatever_they_are_now(registry: Registry) -> None:
    two = RULES.replace("count: 1", "count: 2")
    registry.promote("1.1.0")
    rules = registry.merge({"registry.yaml": two}, by=(RAJ,))

    assert registry.prove().found == ()

    late = registry.promote("1.2.0", before="Development", after="Staging", by=())
    too_few = registry.promote("1.2.0")

    assert [each[0] for each in registry.prove().breaches] == [too_few]
    assert late != rules


def test_rules_are_changed_by_an_admin_who_owns_them(registry: Registry) -> None:
    by_a_writer = replace(approved(ANA, path="registry.yaml")[0], permission=Permission.WRITE)
    sha = registry.merge({"registry.yaml": RULES + "tags: gto\n"}, approvals=(by_a_writer,))

    (found,) = registry.prove().breaches

    assert (found[0], "ana has write, admin is needed" in found[2]) == (sha, True)


def test_owners_of_then_decide_whatever_codeowners_says_now(registry: Registry) -> None:
    registry.promote("1.1.0")
    registry.merge({"CODEOWNERS": "* @raj\n"}, by=(ANA,))
    registry.promote("1.2.0", before="Development", after="Staging", by=())
    late = registry.promote("1.2.0", by=(ANA,))

    assert {each[0] for each in registry.prove().breaches} == {late}


def test_who_owned_it_when_the_branch_began_must_have_approved_too(registry: Registry) -> None:
    fork = registry.tip
    registry.merge({"CODEOWNERS": "* @eve\n"})
    both: dict[str, Any] = {"by": (EVE,), "fork": fork, "approvals_before": approved(RAJ)}
    registry.promote("1.1.0", **both)
    alone = registry.promote("1.0.0", before="Archived", **both | {"approvals_before": ()})
    elsewhere = registry.promote("1.1.0", before="Archived", **both | {"fork": registry.clone.tree_id(fork)})

    found = registry.prove().breaches

    assert (found[0][0], f"at {fork[:7]} it needs 1 owners" in found[0][2]) == (alone, True)
    assert {each[0] for each in found} == {alone, elsewhere}
    assert any("its branch left the base at" in each[2] for each in found)


def test_an_approved_branch_that_git_has_itself_tells_where_it_began(registry: Registry) -> None:
    start = registry.tip
    registry.merge({"CODEOWNERS": "* @eve\n"})
    fork, raj = registry.tip, [replace(each, sha=start) for each in approved(RAJ)]
    eve = tuple(replace(each, sha=start) for each in approved(EVE))
    registry.promote("1.1.0", head=start, approvals=eve, fork=start, approvals_before=tuple(raj))
    assert registry.prove().found == ()

    later = registry.promote("1.0.0", before="Archived", head=start, approvals=eve, fork=fork)

    assert (later, True) in [(each[0], "its branch left the base at" in each[2]) for each in registry.prove().breaches]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        pytest.param({"CODEOWNERS": None}, "has no CODEOWNERS file", id="no CODEOWNERS"),
        pytest.param({"registry.yaml": None}, "holds no registry.yaml that can be read", id="no rules"),
        pytest.param({"registry.yaml": "statuses: ["}, "holds no registry.yaml that can be read", id="broken rules"),
        pytest.param({"CODEOWNERS": "* @ana\n/models/ @\n"}, "'@' is no owner", id="broken CODEOWNERS"),
        pytest.param({"CODEOWNERS": "* @ana\n/models/\n"}, "leaves it without owners", id="nobody owns it"),
    ],
)
def test_what_was_approved_while_nobody_could_tell_by_whom_is_not(
    registry: Registry, files: dict[str, str | None], why: str
) -> None:
    registry.push(files)
    sha = registry.promote("1.1.0")

    assert any(each[0] == sha and why in each[2] for each in registry.prove().breaches)


def test_codeowners_that_is_a_link_owns_nothing(registry: Registry) -> None:
    registry.push({"OTHER": OWNERS})
    registry.link("CODEOWNERS", "OTHER")
    sha = registry.promote("1.1.0")

    assert any(each[0] == sha and "that line does not say so" in each[2] for each in registry.prove().breaches)


def test_what_landed_must_be_what_was_approved(registry: Registry) -> None:
    sha = registry.promote("1.1.0", content=((STATUS, 40 * "e"),))

    assert [each[0] for each in registry.prove().breaches] == [sha]
    assert "is not what was approved: blob" in registry.prove().breaches[0][2]


def test_a_note_must_tell_of_what_git_shows(registry: Registry) -> None:
    registry.promote("1.1.0", transitions=MOVES[:1], registrations=(("digits", "9.9.9"),))

    assert [each[2] for each in registry.prove().breaches] == [
        "its entry does not say digits 1.1.0: Staging -> Production",
        "its entry says digits 9.9.9, which did not happen",
    ]


def test_a_note_moved_to_another_commit_approves_nothing(registry: Registry) -> None:
    first = registry.promote("1.1.0")
    text = registry.shown(first)
    sha = registry.push({STATUS: "Production: 1.2.0\n"})
    registry.rewrite(sha, text)

    whys = [each[2] for each in registry.prove().breaches if each[0] == sha]

    assert f"its entry is of {first[:7]}" in whys


def test_a_way_that_the_rules_do_not_know_is_named(registry: Registry) -> None:
    registry.promote("1.2.0", before="Development")

    assert "Production is reached from Staging" in registry.prove().breaches[0][2]


def test_a_status_once_held_may_be_returned_to(registry: Registry) -> None:
    registry.promote("1.1.0")
    registry.promote("1.0.0", before="Archived")

    assert registry.prove().found == ()


def test_a_status_that_nobody_approved_was_never_held(registry: Registry) -> None:
    before, start = registry.tip, registry.text(STATUS)
    text, moves = registry.promotion("1.2.0", before="Development", after="Production")
    sha = registry.push({STATUS: text})
    registry.note(sha, Pushed(sha, before, registry.moment, moves, (STATUS,), revert=8))
    back = tuple(Transition(each.model, each.version, each.after, each.before) for each in moves)
    registry.merge({STATUS: start}, requester=BOT, transitions=back)
    again = registry.promote("1.2.0", before="Development")

    assert [each[0] for each in registry.prove().breaches] == [again]


def test_glass_that_the_rules_let_somebody_break_is_told_of_and_is_no_breach(registry: Registry) -> None:
    glass = BrokenGlass(ANA, "the model in production is wrong", "https://forge.example/c/1")
    registry.promote("1.1.0", by=(), ruling="glass broken", glass=glass)

    read = registry.prove()

    assert read.proof.holds
    assert [(each.grade, each.why) for each in read.found] == [
        (Grade.GLASS, "ana: the model in production is wrong (https://forge.example/c/1)")
    ]


def test_glass_that_somebody_else_broke_is_a_breach(registry: Registry) -> None:
    registry.merge({"registry.yaml": RULES.replace(', "@acme/oncall"', "")})
    glass = BrokenGlass(EVE, "trust me", "https://forge.example/c/1")
    sha = registry.promote("1.1.0", by=(), ruling="glass broken", glass=glass)

    breaches = registry.prove().breaches

    assert [each[0] for each in breaches] == [sha, sha]
    assert "does not name eve" in breaches[0][2]
    assert "nobody approved" in breaches[1][2]


def test_sections_of_gitlab_each_ask_for_their_own(registry: Registry) -> None:
    owners = "[ML] @ana\n*\n\n[Risk][2] @raj @acme/risk\n/models/\n"
    registry.merge({"CODEOWNERS": owners}, by=(ANA,))
    url = f"{URLS['gitlab']}2"
    by_section = approved(ANA, rule="CODEOWNERS:2, section ML")
    sha = registry.promote("1.1.0", url=url, approvals=by_section)

    (found,) = registry.prove().breaches

    assert found[0] == sha
    assert "needs 2 owners of section Risk with admin, and by the ledger nobody approved" in found[2]


def test_a_request_of_a_person_counts_as_one_of_the_bot_does(registry: Registry) -> None:
    registry.promote("1.1.0", author=MEI, contributors=(MEI,))

    assert registry.prove().found == ()
