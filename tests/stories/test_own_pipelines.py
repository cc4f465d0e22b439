"""The registry has pipelines of its own: the bot's word holds a merge, and frees it, whichever of them GitLab asks."""

from typing import Any

import pytest
from gitlab import Gitlab

from parity import only_on
from registrar.sandbox import git
from registrar.sandbox.pipelines import Pipeline
from registrar.sandbox.store import now
from stories.conftest import Found
from stories.places import REGISTRY, STATUS
from stories.registries import a_registry
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town

pytestmark = only_on("gitlab", because="On GitHub a status belongs to a commit, and not to one of its pipelines.")

OF_REQUESTS = """\
registrar check:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - test ! -e broken
"""
OF_BRANCHES = "registrar check: {script: test ! -e broken}\n"  # as GitLab does without rules
OF_BOTH = OF_REQUESTS.replace(" == $CI_DEFAULT_BRANCH", "")
EVERY = [
    pytest.param(OF_REQUESTS, id="of merge requests, as in the scaffold"),
    pytest.param(OF_BRANCHES, id="of branches"),
    pytest.param(OF_BOTH, id="of both"),
]


def with_pipeline(found: Found, configuration: str) -> Town:
    files = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n")
    return found(files | {".gitlab-ci.yml": configuration})


def registry(town: Town, login: str = "mei") -> Any:
    """The project as somebody's client has it."""
    return Gitlab(town.sandbox.url, private_token=town.tokens[login], keep_base_url=True).projects.get(REGISTRY)


def head(town: Town, number: int) -> Any:
    """The pipeline that the merge waits for."""
    request = registry(town).mergerequests.get(number)
    return registry(town).pipelines.get(request.head_pipeline["id"])


def said_there(town: Town, number: int) -> str:
    """What the bot says in that pipeline now."""
    found = registry(town).commits.get(head(town, number).sha, lazy=True).statuses.list(all=True, get_all=True)
    here = [each for each in found if each.name == STATUS and each.pipeline_id == head(town, number).id]
    return str(max(here, key=lambda each: int(each.id)).status) if here else ""


def own_jobs(town: Town, number: int) -> set[str]:
    return {each.status for each in head(town, number).jobs.list(get_all=True)}


def run_again(town: Town, number: int, *, on: str) -> None:
    """Somebody starts another pipeline for the same head."""
    if on == "merge request":
        registry(town).mergerequests.get(number).pipelines.create()
    else:
        registry(town).pipelines.create({"ref": town.pull_request(number).branch})
    town.settle()


@pytest.mark.parametrize("configuration", EVERY)
def test_a_green_pipeline_lets_nothing_in_that_nobody_approved(found: Found, configuration: str) -> None:
    town = with_pipeline(found, configuration)
    number = town.propose(PROMOTED, by="mei")

    assert own_jobs(town, number) == {"success"}
    assert said_there(town, number) == "pending"
    assert town.merge(number) is None


@pytest.mark.parametrize("configuration", EVERY)
def test_what_an_owner_approved_is_merged_and_deployed(found: Found, configuration: str) -> None:
    town = with_pipeline(found, configuration)
    number = town.propose(PROMOTED, by="mei")

    town.approve(number, by="ana")

    assert town.merge(number) is not None
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.parametrize("configuration", EVERY)
def test_a_new_head_is_held_like_the_first(found: Found, configuration: str) -> None:
    town = with_pipeline(found, configuration)
    number = town.propose(PROMOTED, by="mei")
    town.approve(number, by="ana")

    town.commit({"models/digits/model.yaml": "description: reads digits\n"}, by="mei", branch="change", onto="change")
    town.settle()

    assert own_jobs(town, number) == {"success"}
    assert town.merge(number) is None


@pytest.mark.parametrize(
    ("configuration", "on"),
    [
        pytest.param(OF_REQUESTS, "merge request", id="of the merge request"),
        pytest.param(OF_BOTH, "branch", id="of the branch, which is not asked"),
        pytest.param(OF_BRANCHES, "branch", id="of the branch, which is asked"),
    ],
)
def test_another_pipeline_neither_holds_for_ever_nor_lets_go(found: Found, configuration: str, on: str) -> None:
    town = with_pipeline(found, configuration)
    number = town.propose(PROMOTED, by="mei")

    run_again(town, number, on=on)
    before = town.merge(number)
    town.approve(number, by="ana")
    run_again(town, number, on=on)

    assert before is None
    assert said_there(town, number) == "success"
    assert town.merge(number) is not None


@pytest.mark.parametrize(
    ("configuration", "on"),
    [
        pytest.param(OF_REQUESTS, "merge request", id="of the merge request"),
        pytest.param(OF_BOTH, "branch", id="of the branch, which is not asked"),
        pytest.param(OF_BRANCHES, "branch", id="of the branch, which is asked"),
    ],
)
def test_an_approval_taken_back_holds_the_pipeline_that_began_after_it(
    found: Found, configuration: str, on: str
) -> None:
    town = with_pipeline(found, configuration)
    number = town.propose(PROMOTED, by="mei")
    town.approve(number, by="ana")
    run_again(town, number, on=on)

    town.withdraw(number, by="ana")

    assert said_there(town, number) == "pending"
    assert town.merge(number) is None


def test_a_status_that_was_said_before_any_pipeline_began_is_said_again(found: Found) -> None:
    town = with_pipeline(found, OF_REQUESTS)
    town.sandbox.store.repository(REGISTRY).settings.begins_pipelines = False
    number = town.propose(PROMOTED, by="mei")
    first = head(town, number)

    run_again(town, number, on="merge request")

    assert (first.source, head(town, number).source) == ("external", "merge_request_event")
    assert said_there(town, number) == "pending"


@pytest.mark.parametrize("configuration", EVERY)
def test_a_sweep_says_it_where_no_webhook_told_of_the_pipeline(found: Found, configuration: str) -> None:
    town = with_pipeline(found, configuration)
    number = town.propose(PROMOTED, by="mei")
    town.approve(number, by="ana")
    town.lose_webhooks()
    town.withdraw(number, by="ana")
    run_again(town, number, on="branch" if configuration == OF_BRANCHES else "merge request")

    sweep(town)

    assert said_there(town, number) == "pending"
    assert town.merge(number) is None


@pytest.mark.parametrize("configuration", EVERY)
def test_a_red_pipeline_holds_what_was_approved(found: Found, configuration: str) -> None:
    town = with_pipeline(found, configuration)
    number = town.propose(PROMOTED | {"broken": ""}, by="mei")

    town.approve(number, by="ana")

    assert said_there(town, number) == "success"
    assert own_jobs(town, number) == {"failed"}
    assert town.merge(number) is None


def test_what_waits_for_a_pipeline_of_merged_results_is_deployed_once_it_is_merged(found: Found) -> None:
    town = with_pipeline(found, OF_REQUESTS)
    town.sandbox.store.repository(REGISTRY).settings.begins_pipelines = False
    town.lose_webhooks()
    number = town.propose(PROMOTED, by="mei")
    begin_merged_results(town, number)
    town.hear_webhooks()

    town.look_at(number)
    before = town.merge(number)
    town.approve(number, by="ana")

    assert (before, said_there(town, number)) == (None, "success")
    assert town.merge(number) is not None
    assert "✅ **Merged and deployed**" in town.verdict(number)


def begin_merged_results(town: Town, number: int) -> None:
    """As GitLab Premium does where the project wants it: at a commit that merges the head into the target."""
    store = town.sandbox.store
    repository, mei = store.repository(REGISTRY), store.account("mei")
    at = repository.pull_request(number).head_sha
    base = git.branch(repository.path, "main") or ""
    sha = git.write_commit(repository.path, git.commit(repository.path, at).tree, (base, at), message="M", author=mei)
    repository.ci.pipelines.append(
        Pipeline(
            id=store.new_id("pipeline"),
            iid=repository.ci.next_iid,
            ref=f"refs/merge-requests/{number}/merge",
            tag=False,
            sha=sha,
            source="merge_request_event",
            user=mei,
            created_at=now(),
            updated_at=now(),
            merge_request=number,
            source_sha=at,
        )
    )
