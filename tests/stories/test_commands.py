"""What can be asked in a comment, by whom, and what comes of it."""

import pytest

from stories.conftest import Found
from stories.registries import a_registry, a_version
from stories.town import Town


def asked(town: Town, *, by: str = "mei", text: str = "/registrar promote digits@1.1.0 to Production") -> int:
    """The pull request that the bot opened for a request."""
    place = town.propose({"notes.txt": "hello\n"}, by=by, branch=f"place-{by}")
    town.comment(place, text, by=by)
    return max(pull.number for pull in town.open_pull_requests())


def test_a_wish_becomes_a_pull_request_that_touches_one_file(town: Town) -> None:
    number = asked(town)

    assert town.pull_request(number).title == "Promote digits 1.1.0 to Production"
    assert town.side.files("mei", number) == ["models/digits/status.yaml"]


def test_the_requester_stands_in_the_body_and_in_the_commit(town: Town) -> None:
    number = asked(town)

    assert "mei asks that" in town.pull_request(number).body
    (message,) = town.side.messages("mei", number)
    assert f"Requested-by: mei <{town.address('mei', host='')}" in message


def test_the_wish_is_answered_with_a_link(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar promote digits@1.1.0 to Production", by="mei")

    assert town.comments(place) == [f"👍 mei: Opened {town.link(place + 1)}\n"]


@pytest.mark.fault(76)
def test_asking_again_adopts_what_is_open(town: Town) -> None:
    number = asked(town)

    town.comment(number, "/registrar promote digits@1.1.0 to production", by="mei")

    assert [pull.number for pull in town.open_pull_requests() if "Promote" in pull.title] == [number]


@pytest.mark.fault(76)
def test_a_branch_that_somebody_pushed_to_is_not_overwritten(town: Town) -> None:
    number = asked(town)
    branch = town.pull_request(number).branch
    town.commit({"models/digits/status.yaml": "Production: 1.2.0\n"}, by="leo", branch=branch, onto=branch)
    town.settle()

    town.comment(number, "/registrar promote digits@1.1.0 to Production", by="mei")

    assert any("not ours to overwrite" in said for said in town.comments(number))


def test_a_stranger_may_not_ask(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar promote digits@1.1.0 to Production", by="eve")

    assert "write access" in town.comments(place)[0]
    assert len(town.open_pull_requests()) == 1


def test_help_lists_what_can_be_asked(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar help", by="mei")

    assert "/registrar rollback digits" in town.comments(place)[0]


def test_what_is_not_understood_gets_a_short_answer(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar deploy everything", by="mei")

    (answer,) = town.comments(place)
    assert answer.startswith("❓ mei: I do not understand")
    assert len(answer) < 400


def test_a_version_that_does_not_exist_is_refused(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar promote digits@9.9.9 to Production", by="mei")

    assert town.comments(place)[0].startswith("❌ mei: digits has no version or status 9.9.9")


def test_a_transition_that_the_rules_forbid_is_refused(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar promote digits@1.0.0 to Staging", by="mei")

    assert "Staging is reached from Development" in town.comments(place)[0]


def test_a_rollback_brings_the_version_before_back(town: Town) -> None:
    forward = asked(town)
    town.approve(forward, by="ana")
    town.merge(forward)

    back = asked(town, by="leo", text="/registrar rollback digits")

    assert town.pull_request(back).title == "Roll digits back to 1.0.0 in Production"
    town.approve(back, by="raj")
    town.merge(back)
    assert town.read("models/digits/status.yaml").startswith("Production: 1.0.0\n")


def test_a_rollback_with_nothing_to_go_back_to_is_refused(found: Found) -> None:
    town = found(a_registry({"1.0.0": 0.9}, status="Production: 1.0.0\n"))
    place = town.propose(a_version("1.1.0"), by="mei")

    town.comment(place, "/registrar rollback digits", by="mei")

    assert any(said.startswith("❌ mei:") for said in town.comments(place))
