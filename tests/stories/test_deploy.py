"""What a merge starts: once, only what was approved, and followed to its end."""

import re

import pytest

from stories.conftest import Found
from stories.places import APPLICATION, REGISTRY
from stories.registries import a_registry
from stories.side import Method, Side
from stories.test_commands import asked
from stories.town import Town

DEPLOY = "/registrar deploy"
PROMOTED = {"models/digits/status.yaml": "Production: 1.1.0\nArchived: 1.0.0\n"}


def test_a_merge_deploys_and_the_comment_says_how_it_ended(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)

    assert [title.rpartition(": ")[2] for title in town.runs()] == ["success"]
    said = town.verdict(number)
    assert "✅ **Merged and deployed**" in said
    assert "| acme/app, `deploy.yml` | digits 1.1.0 (Production) | ✅" in said


def test_the_pipeline_is_told_everything(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")

    commit = town.merge(number)

    (inputs,) = town.inputs()
    assert inputs == {
        "model": "digits",
        "version": "1.1.0",
        "from": "Development",
        "to": "Production",
        "commit": commit,
        "artifact": "models/digits/versions/1.1.0/model.joblib",
        "hash": f"md5:{_digest(town)}",
        "pull_request": str(number),
        "approvers": "ana",
        "operation": inputs["operation"],
    }
    assert inputs["operation"].startswith(f"deploy-{number}-")


@pytest.mark.fault(45)
@pytest.mark.parametrize("method", ["squash", "linear"])
def test_however_it_is_merged_it_is_deployed_once(town: Town, method: Method) -> None:
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number, method=method)

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


def test_a_linear_merge_does_not_let_a_change_make_its_own_owners(found: Found) -> None:
    versions = {"1.0.0": 0.9, "1.1.0": 0.95}
    town = found(a_registry(versions, status="Production: 1.0.0\n", codeowners="* @ana\n"))
    town.protect()
    town.commit({"CODEOWNERS": "* @raj\n"}, by="mei", branch="change", message="New owners")
    town.commit(PROMOTED, by="mei", branch="change", onto="change", message="Promote")
    number = town.open_for("change", by="mei")
    town.approve(number, by="raj")

    town.merge(number, method="linear")

    assert town.runs() == []
    assert "**Merged, but not deployed**: waiting for ana" in town.verdict(number)


@pytest.mark.parametrize("method", ["merge", "squash", "linear"])
def test_a_branch_of_several_commits_is_deployed_once(town: Town, method: Method) -> None:
    halfway = {"models/digits/status.yaml": "Production: 1.0.0\nStaging: 1.1.0\n"}
    town.commit(halfway, by="mei", branch="change", message="Stage")
    town.commit(PROMOTED, by="mei", branch="change", onto="change", message="Promote")
    number = town.open_for("change", by="mei")
    town.approve(number, by="ana")

    town.merge(number, method=method)

    assert len(town.runs()) == 1


def test_webhooks_sent_again_deploy_nothing_again(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)

    for delivery in town.sandbox.deliveries:
        town.sandbox.redeliver(delivery)
    town.settle()
    town.let_time_pass()

    assert len(town.runs()) == 1


def test_one_push_webhook_is_all_that_a_deploy_needs(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks(but_pushes=True)

    town.merge(number)

    assert len(town.runs()) == 1


def test_a_deploy_whose_end_nobody_told_of_is_followed_all_the_same(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks(but_pushes=True)
    town.merge(number)

    town.let_time_pass()

    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(74)
def test_a_failed_deploy_is_told(found: Found, side: type[Side]) -> None:
    town = found(
        a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n"),
        application=side.application(ending="exit 1"),
    )
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)

    assert "❌ **Merged; a deploy failed**" in town.verdict(number)


def test_a_deploy_that_fails_as_something_newer_was_said_meanwhile_tells_that(town: Town) -> None:
    git = f"git -c user.name=ana -c user.email=ana@localhost -C {town.sandbox.store.repository(REGISTRY).path}"
    take_back = f"{git} update-ref refs/heads/main $({git} commit-tree main~1^{{tree}} -p main -m Back); exit 1"
    town.checkout("ana", repository=APPLICATION).push(
        town.side.application(ending=take_back), branch="main", onto="main", message="Be slow"
    )
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)

    assert re.search(r"❌ fail\w+: 1\.1\.0 does not hold Production any more", town.verdict(number))


def test_a_pipeline_that_does_not_exist_is_told(found: Found) -> None:
    files = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n")
    town = found(files, application={"README.md": "An application without a pipeline.\n"})
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)

    assert "could not be started" in town.verdict(number)


def test_what_could_not_be_started_is_started_once_when_somebody_asks_anew(found: Found, side: type[Side]) -> None:
    files = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n")
    town = found(files, application={"README.md": "An application without a pipeline.\n"})
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    town.comment(number, DEPLOY, by="mei")
    assert "could not be started" in town.verdict(number)
    town.checkout("ana", repository=APPLICATION).push(
        side.application(), branch="main", onto="main", message="Add a pipeline"
    )
    town.restart_bot()

    town.comment(number, DEPLOY, by="mei")
    town.comment(number, DEPLOY, by="mei")

    assert [title.rpartition(": ")[2] for title in town.runs()] == ["success"]
    assert "✅ **Merged and deployed**" in town.verdict(number)
    assert sum("Starting it" in said for said in town.comments(number)) == 2
    assert any("waits for anybody" in said for said in town.comments(number))


@pytest.mark.fault(61)
def test_what_was_merged_without_approval_is_not_deployed(town: Town) -> None:
    town.protect()
    number = town.propose(PROMOTED, by="mei")

    town.merge(number)

    assert town.runs() == []
    assert "❌ **Merged, but not deployed**: waiting for ana or raj" in town.verdict(number)


def test_an_approval_after_the_merge_comes_too_late(town: Town) -> None:
    town.protect()
    number = town.propose(PROMOTED, by="mei")
    town.merge(number)

    town.approve(number, by="raj")

    assert town.runs() == []


@pytest.mark.fault(61)
def test_a_direct_push_is_flagged_and_not_deployed(town: Town) -> None:
    town.protect(spares_admins=True)

    sha = town.commit(PROMOTED, by="ana", branch="main")
    town.settle()

    (flag,) = town.lines(sha)
    assert (flag.state, town.runs()) == ("failure", [])
    assert f"without a {town.side.noun}" in flag.words


def _digest(town: Town) -> str:
    return town.read("models/digits/versions/1.1.0/model.joblib.dvc").partition("md5: ")[2].split()[0]
