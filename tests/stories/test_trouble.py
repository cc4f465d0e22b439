"""A forge that lets the bot in no more, or lags behind: nothing is approved meanwhile, and nothing is lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from parity import only_on
from registrar.bootstrap import registries_for_server
from registrar.core.events import PullRequestChanged
from registrar.errors import TokenRefused, Unknown
from registrar.handlers.registries import Registries
from registrar.sandbox.faults import Answered, Spot
from registrar.settings import server_from_environment
from stories.gitlab_side import gitlab_of
from stories.places import REGISTRY
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town


def expire(town: Town, login: str = "registrar-bot") -> str:
    """The token of an account opens nothing any more; it is returned."""
    account = town.sandbox.store.account(login)
    token, account.token = account.token, f"{account.token}-new"
    return token


def test_a_bot_whose_token_has_expired_says_nothing(town: Town) -> None:
    number = asked(town)
    expire(town)

    town.side.approve("ana", number)
    town.settle()

    assert town.status(number) == ("pending", "waiting for ana or raj")
    assert town.merge(number) is None
    assert any("token" in str(refusal) for refusal in town.engine.refusals)


def test_what_happened_while_the_token_had_expired_is_seen_with_a_new_one(town: Town) -> None:
    number = asked(town)
    token = expire(town)
    town.approve(number, by="ana")
    town.sandbox.store.account("registrar-bot").token = token

    town.restart_bot(keeping=town.engine.later)
    sweep(town)

    assert town.status(number)[0] == "success"


@pytest.mark.fault(32)
def test_a_wish_that_met_a_refused_token_is_not_answered_with_no_but_fulfilled_later(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")
    town.faults.begin(Spot("POST", town.side.requests, by="registrar-bot"), Answered(acts=False, status=401), times=1)

    town.comment(place, "/registrar promote digits@1.1.0 to Production", by="mei")
    refused = town.comments(place)
    sweep(town)

    assert refused == []
    assert town.comments(place) == [f"👍 mei: Opened {town.link(place + 1)}\n"]


@pytest.mark.fault(32)
def test_a_deploy_that_met_a_refused_token_is_started_once_it_is_taken_again(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.faults.begin(town.side.starting, Answered(acts=False, status=401), times=1)

    town.merge(number)
    at_first = (town.runs(), "not started" in town.verdict(number))
    town.let_time_pass()

    assert at_first == ([], False)
    assert len(town.runs()) == 1
    assert "**Merged and deployed**" in town.verdict(number)


def a_server(town: Town, folder: Path, learnt: list[str]) -> Registries:
    """The registry of the town, seen by a server that has its token from a file."""
    environment = {
        "REGISTRAR_FORGE": town.side.dialect,
        "REGISTRAR_FORGE_URL": town.sandbox.url,
        "REGISTRAR_REPOSITORY": REGISTRY,
        "REGISTRAR_TOKEN_FILE": str(folder / "token"),
        "REGISTRAR_WEBHOOK_SECRET": "not asked for here",
        "REGISTRAR_STATE_DIR": str(folder / "state"),
    }
    (folder / "token").write_text(f"{town.tokens['registrar-bot']}\n")
    registries = registries_for_server(server_from_environment(environment), lambda _: None, learn=learnt.append)
    registries.start()
    return registries


@pytest.mark.fault(32)
def test_a_token_that_was_renewed_in_its_file_is_taken_up_without_a_restart(town: Town, tmp_path: Path) -> None:
    learnt: list[str] = []
    server = a_server(town, tmp_path, learnt)
    town.lose_webhooks()
    number = town.propose(PROMOTED, by="mei")
    expire(town)
    renewed = town.sandbox.store.account("registrar-bot").token

    with pytest.raises(TokenRefused):
        server.handle(PullRequestChanged(REGISTRY, number))
    (tmp_path / "token").write_text(f"{renewed}\n")
    server.handle(PullRequestChanged(REGISTRY, number))

    assert town.status(number) == ("pending", "waiting for ana or raj")
    assert learnt[-1] == renewed


def test_a_base_that_is_not_there_is_told_by_the_setting_that_names_it(town: Town) -> None:
    bot = replace(town.a_bot(), base="trunk")

    with pytest.raises(Unknown, match=f"^{REGISTRY} has no branch trunk: see REGISTRAR_BASE$"):
        bot.base_tip()


def test_a_registry_that_was_renamed_is_told_of_by_its_new_name(town: Town) -> None:
    number = asked(town)
    town.side.rename(REGISTRY, "acme/models")

    town.look_at(number)

    assert any("is now acme/models; write the new name into the settings" in str(each) for each in town.engine.refusals)


@only_on("gitlab", because="GitHub's refusal names the archive itself; GitLab's does not, so the bot has to look.")
def test_an_archived_registry_is_told_of_as_such(town: Town) -> None:
    number = asked(town)
    town.side.approve("ana", number)
    town.sandbox.archive(REGISTRY)

    town.restart_bot()
    town.look_at(number)

    assert any("is archived: nothing can be written there" in str(each) for each in town.engine.refusals)


@only_on("gitlab", because="GitHub binds an approval to its commit, however late it tells of a push.")
def test_an_approval_between_a_push_and_what_gitlab_makes_of_it_is_not_of_the_push(town: Town) -> None:
    number = asked(town)
    branch = town.pull_request(number).branch
    town.sandbox.lag(None)
    town.commit({"notes.txt": "one more thing\n"}, by="leo", branch=branch, onto=branch)

    town.approve(number, by="ana")
    town.sandbox.lag(0)
    town.sandbox.catch_up()
    town.look_at(number)

    assert town.status(number)[0] == "pending"


@pytest.mark.fault(52)
@only_on("gitlab", because="GitHub has no rules that pass by themselves: a review is asked for, or it is not.")
def test_what_gitlab_calls_approved_because_nothing_is_asked_for_is_not(town: Town) -> None:
    settings = town.sandbox.store.repository(REGISTRY).settings
    settings.is_premium, settings.approvals_required = True, 0

    number = asked(town)

    assert gitlab_of(town.side).calls_approved("mei", number)
    assert town.status(number) == ("pending", "waiting for ana or raj")


@only_on("gitlab", because="GitHub never stops to tell a webhook.")
def test_a_webhook_that_gitlab_has_given_up_costs_minutes_and_no_truth(town: Town) -> None:
    number = asked(town)
    (webhook,) = town.sandbox.store.repository(REGISTRY).webhooks
    door, webhook.url = webhook.url, "http://127.0.0.1:9/"
    for _ in range(4):
        town.comment(number, "is anybody there?", by="leo")
    webhook.url = door
    town.approve(number, by="ana")
    assert town.status(number)[0] == "pending"

    sweep(town)

    assert town.status(number)[0] == "success"


@pytest.mark.fault(66)
@only_on(
    "gitlab", because="GitHub's sandbox has no forks: its adapter is shown one that is gone by what GitHub answers."
)
def test_nobody_can_approve_what_came_from_a_fork_that_is_gone(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei")
    town.sandbox.delete_fork_of(REGISTRY, number)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert "no account is known for whoever pushed" in town.verdict(number)
