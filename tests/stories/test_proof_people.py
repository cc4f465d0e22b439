"""Who approves is somebody else, is a person, and owns what changes at the moment that counts."""

from collections.abc import Callable

import pytest

from stories.conftest import Found
from stories.landing import counted_as_merged_by
from stories.mischief import committed_as, push_branch
from stories.places import REGISTRY
from stories.registries import a_registry
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town

ASKED_OF = {"1.0.0": 0.9, "1.1.0": 0.95}


def owned(found: Found, codeowners: str) -> Town:
    return found(a_registry(ASKED_OF, status="Production: 1.0.0\n", codeowners=codeowners))


@pytest.mark.fault(40)
def test_another_token_makes_nobody_somebody_else(found: Found) -> None:
    town = owned(found, "* @ana @mei\n")
    town.sandbox.grant(REGISTRY, "mei", "admin")
    number = asked(town)
    town.sandbox.store.account("mei").token = town.tokens["mei"] = "another-token-of-mei"
    town.side = type(town.side)(town.sandbox, town.tokens)

    town.approve(number, by="mei")

    assert town.status(number)[0] == "pending"
    assert "mei asked for this change, so mei cannot approve it" in town.verdict(number)


@pytest.mark.fault(41)
@pytest.mark.parametrize("hand", ["author", "committer", "co-author"])
def test_whoever_had_a_hand_in_a_commit_cannot_approve_it(town: Town, hand: str) -> None:
    ana = f"ana <{town.address('ana')}>"
    trailer = f"\n\nCo-authored-by: {ana}" if hand == "co-author" else ""
    town.commit(PROMOTED, by="mei", branch="change")
    committed_as(town, ana, hand, branch="change", by="mei", message=f"One more thing{trailer}")
    number = town.open_for("change", by="mei")

    town.approve(number, by="ana")

    assert town.status(number)[0] == "pending"
    assert "ana wrote or pushed a commit of this change, so ana cannot approve it" in town.verdict(number)


@pytest.mark.fault(41)
def test_whoever_pushed_what_others_wrote_cannot_approve_it(town: Town) -> None:
    town.commit(PROMOTED, by="mei", branch="change")
    town.commit({"notes.txt": "one more thing\n"}, by="mei", branch="spare", onto="change")
    push_branch(town, "spare", "change", by="ana")
    number = town.open_for("change", by="mei")

    town.approve(number, by="ana")

    assert town.status(number)[0] == "pending"
    assert "ana wrote or pushed a commit of this change, so ana cannot approve it" in town.verdict(number)


@pytest.mark.fault(41)
def test_nobody_can_approve_what_was_written_under_an_address_of_no_account(town: Town) -> None:
    town.commit(PROMOTED, by="mei", branch="change")
    committed_as(town, "Ana <ana@home.invalid>", "author", branch="change", by="mei", message="One more thing")
    number = town.open_for("change", by="mei")

    town.approve(number, by="raj")

    assert town.status(number)[0] == "failure"
    assert "no account is known for Ana" in town.verdict(number)


@pytest.mark.fault(49)
def test_an_owner_who_is_nobody_who_may_not_write_or_who_is_no_account_cannot_approve(found: Found) -> None:
    town = owned(found, f"* @nobody @acme/empty @eve {'ana'}@sandbox.invalid\n")
    town.sandbox.add_team("acme/empty", [])
    number = asked(town)

    for login in ("ana", "eve"):
        town.sandbox.grant(REGISTRY, login, "admin" if login == "ana" else "read")
    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert "no owner can: eve has read, admin is needed; name more owners" in town.verdict(number)


@pytest.mark.fault(56)
@pytest.mark.parametrize("login", ["merge-machine", "registrar-bot"])
def test_no_bot_approves_whatever_it_owns(found: Found, login: str) -> None:
    town = owned(found, "* @ana @merge-machine @registrar-bot\n")
    if login == "merge-machine":
        town.tokens[login] = town.sandbox.add_bot(login).token
    town.sandbox.grant(REGISTRY, login, "admin")
    number = town.propose(PROMOTED, by="mei")

    town.approve(number, by=login)

    assert town.status(number)[0] == "pending"
    assert f"{login} is a bot, and bots do not count" in town.verdict(number)


@pytest.mark.fault(57)
def test_words_approve_nothing(town: Town) -> None:
    number = asked(town)
    town.comment(number, "Approved \N{THUMBS UP SIGN} LGTM", by="ana")
    (said,) = [each for each in town.discussion(number) if each.author == "ana"]

    town.side.edit_comment("ana", number, said.id, "approved this pull request")
    town.side.remark("ana", number, "approved this merge request")
    town.settle()
    town.look_at(number)

    assert town.status(number) == ("pending", "waiting for ana or raj")


def leaves_the_team(town: Town) -> None:
    town.sandbox.store.team("acme/admins").members.clear()


def loses_the_rights(town: Town) -> None:
    town.sandbox.grant(REGISTRY, "acme/admins", "write")


@pytest.mark.fault(58)
@pytest.mark.parametrize("ends", [leaves_the_team, loses_the_rights])
def test_an_owner_who_is_none_any_more_at_the_merge_has_not_approved(
    found: Found, ends: Callable[[Town], None]
) -> None:
    town = owned(found, "* @acme/admins\n")
    number = asked(town)
    town.approve(number, by="raj")
    assert town.status(number)[0] == "success"
    town.lose_webhooks()
    ends(town)

    town.merge(number)  # the forge still sees the green line of before
    town.look_at(number)

    assert town.runs() == []
    assert "**Merged, but not deployed**" in town.verdict(number)


@pytest.mark.fault(63)
def test_what_counts_as_merged_by_no_commit_is_not_deployed(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks()
    town.merge(number)
    counted_as_merged_by(town, number, None)

    town.look_at(number)

    assert town.runs() == []
