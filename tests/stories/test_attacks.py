"""Ways around the four eyes that must lead nowhere, and records that must not change afterwards."""

import pytest

from registrar.core.events import CommentWritten
from stories.conftest import Found
from stories.landing import agreed
from stories.mischief import (
    copy_author_and_message,
    push_branch,
    reviewed_a_minute_ago,
    written_a_minute_ago,
)
from stories.places import REGISTRY
from stories.registries import RULES, a_registry, a_version
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town

VERSION = "models/digits/versions/1.1.0"


def test_a_branch_that_anothers_wish_left_behind_names_who_asks_now(town: Town) -> None:
    first = asked(town, by="mei")
    town.close(first)
    second = asked(town, by="ana")

    town.approve(second, by="ana")

    assert town.status(second)[1].startswith("waiting for raj; ana asked for this change")


def test_who_asks_again_does_not_set_the_first_one_free_to_approve(found: Found) -> None:
    versions = {"1.0.0": 0.9, "1.1.0": 0.95, "1.2.0": 0.95}
    town = found(a_registry(versions, status="Production: 1.0.0\n"))
    number = asked(town, by="ana")
    other = town.propose({"models/digits/status.yaml": "Production: 1.0.0\nStaging: 1.2.0\n"}, by="leo", branch="other")
    town.merge(other)

    town.comment(number, "/registrar promote digits@1.1.0 to Production", by="mei")
    town.approve(number, by="ana")

    assert "ana asked for this change" in town.status(number)[1]


@pytest.mark.fault(63)
def test_weights_that_were_swapped_after_the_approval_are_not_deployed(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="raj")
    town.protect(spares_admins=True)
    files = (f"{VERSION}/version.yaml", f"{VERSION}/model.joblib.dvc")
    good = town.read(files[1]).partition("md5: ")[2].split()[0]
    town.commit({path: town.read(path).replace(good, 32 * "e") for path in files}, by="ana", branch="main")
    town.settle()

    town.merge(number, by="raj")

    assert town.runs() == []
    assert f"{VERSION} was altered on main meanwhile" in town.verdict(number)


@pytest.mark.fault(68)
def test_an_objection_that_is_taken_back_after_the_merge_deploys_nothing(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei", branch="promote")
    town.request_changes(number, by="raj")
    town.approve(number, by="ana")
    reviewed_a_minute_ago(town, number)
    town.protect(spares_admins=True)
    town.merge(number)

    town.relent(number, by="raj")

    assert town.runs() == []
    assert "**Merged, but not deployed**" in town.verdict(number)


def test_rights_that_are_granted_after_the_merge_deploy_nothing(found: Found) -> None:
    versions = {"1.0.0": 0.9, "1.1.0": 0.95}
    town = found(a_registry(versions, status="Production: 1.0.0\n", codeowners="* @ana @leo\n"))
    number = asked(town)
    town.approve(number, by="leo")
    reviewed_a_minute_ago(town, number)
    town.protect()
    town.merge(number)

    town.sandbox.grant(REGISTRY, "leo", "admin")
    town.retitle(number, "a typo")

    assert town.runs() == []


def test_a_deploy_stays_told_as_it_was_when_its_approver_loses_rights(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)

    town.sandbox.grant(REGISTRY, "ana", "read")
    town.retitle(number, "a typo")

    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(47)
def test_a_copied_message_does_not_move_the_rules_back_in_time(town: Town) -> None:
    town.sandbox.grant(REGISTRY, "eve", "admin")
    agreed(town, {"CODEOWNERS": "* @ana @eve\n"})
    town.commit(PROMOTED, by="mei", branch="two")
    agreed(town, {"CODEOWNERS": "* @ana\n"}, branch="eve-is-no-owner-any-more")
    town.protect(spares_admins=True)
    copy_author_and_message(town, "main", by="mei", branch="two")
    number = town.open_for("two", by="mei")
    town.approve(number, by="eve")
    reviewed_a_minute_ago(town, number)

    town.merge(number, by="eve", method="squash")

    assert town.runs() == []


def test_a_stacked_pull_request_does_not_deploy_the_first_one_again(town: Town) -> None:
    faces = {**a_version("1.0.0", model="faces"), "models/faces/model.yaml": town.read("models/digits/model.yaml")}
    town.protect(spares_admins=True)
    town.commit(faces, by="ana", branch="main")
    town.protect()
    one = town.propose(PROMOTED, by="mei", branch="one")
    status = {"models/faces/status.yaml": "Production: 1.0.0\n"}
    town.commit(status, by="mei", branch="stacked", onto="one", message="Second")
    two = town.open_for("stacked", by="mei")
    for number in (one, two):
        town.approve(number, by="ana")
        reviewed_a_minute_ago(town, number)

    town.merge(one, method="linear")
    town.merge(two, method="squash")

    assert len([title for title in town.runs() if title.startswith("digits")]) == 1


def test_two_versions_that_enter_one_status_are_two_deploys(found: Found) -> None:
    rules = RULES.replace("{status: Production, repository", "{status: Staging, repository")
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95, "1.2.0": 0.9}, rules=rules))
    number = town.propose({"models/digits/status.yaml": "Staging:\n  - 1.1.0\n  - 1.2.0\n"}, by="mei")

    town.merge(number)

    assert sorted(inputs["version"] for inputs in town.inputs()) == ["1.1.0", "1.2.0"]


def test_a_comment_follows_when_the_change_goes_away(town: Town) -> None:
    number = town.propose({"models/digits/status.yaml": "Productoin: 1.0.0\n"}, by="mei")

    town.commit({"notes.txt": "only notes\n"}, by="mei", branch="change")
    town.settle()

    assert "### ✅ nothing of the registry changes: may be merged" in town.verdict(number)


def test_a_comment_that_was_answered_is_not_obeyed_again(town: Town) -> None:
    number = asked(town)
    town.close(number)
    (place,) = [pull.number for pull in town.open_pull_requests()]
    (comment,) = [each.id for each in town.discussion(place) if each.author == "mei"]

    town.engine.accept("another-guid", CommentWritten(REGISTRY, place, comment))
    town.settle()

    assert [pull.number for pull in town.open_pull_requests()] == [place]


def test_words_that_somebody_else_may_have_written_are_not_obeyed(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")
    town.lose_webhooks()
    town.comment(place, "/registrar help", by="mei")
    (comment,) = town.discussion(place)
    written_a_minute_ago(town, place)
    town.side.edit_comment("ana", place, comment.id, "/registrar promote digits@1.1.0 to Production")

    town.engine.accept("late", CommentWritten(REGISTRY, place, comment.id))
    town.settle()

    assert [pull.number for pull in town.open_pull_requests()] == [place]
    assert "this comment was edited" in town.comments(place)[0]


@pytest.mark.fault(61)
def test_a_push_of_what_another_pull_request_holds_is_flagged(town: Town) -> None:
    town.commit({"notes.txt": "dev\n"}, by="mei", branch="dev")
    town.commit(PROMOTED, by="mei", branch="side")
    town.open_for("side", by="mei", base="dev")
    town.protect(spares_admins=True)

    sha = push_branch(town, "side", "main", by="ana")

    (flag,) = town.lines(sha)
    assert (flag.state, town.runs()) == ("failure", [])
