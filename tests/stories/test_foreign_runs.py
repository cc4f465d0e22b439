"""An operation key is no secret: what somebody else starts under ours is neither taken for it nor let go on."""

from parity import only_on
from registrar.core.operations import operation_key
from stories.conftest import Found
from stories.gitlab_side import gitlab_of
from stories.places import APPLICATION, REGISTRY
from stories.registries import RULES, a_registry
from stories.test_commands import asked
from stories.town import Town

pytestmark = only_on("gitlab", because="A developer starts a pipeline of GitLab with whatever configuration of theirs.")

MANUAL = RULES.replace("pipeline: deploy.yml}", "pipeline: deploy.yml, manual: true}")
HARMLESS = """
workflow:
  name: nothing at all ({key})
build:
  script: ["echo harmless"]
"""
WAITS = """
workflow:
  name: nothing at all ({key})
build:
  when: manual
  allow_failure: false
  script: ["echo I run as $GITLAB_USER_LOGIN"]
"""


def merged(found: Found) -> tuple[Town, int]:
    """What waits for a person to say when."""
    town = found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=MANUAL))
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    return town, number


def eves_pipeline(town: Town, number: int, text: str) -> int:
    """Eve may write to the application's unprotected branches, and works out the key as anybody can."""
    commit = town.pull_request(number).landed
    status = "Production:acme/app:deploy.yml"
    key = operation_key(number, model="digits", version="1.1.0", status=status, commit=commit)
    town.sandbox.grant(APPLICATION, "eve", "write")
    work = town.checkout("eve", repository=APPLICATION)
    work.push({".gitlab-ci.yml": text.format(key=key)}, branch="eve", onto="main", message="x")
    town.settle()
    return gitlab_of(town.side).start("eve", branch="eve")


def test_a_pipeline_of_somebody_else_on_another_branch_is_not_taken_for_ours(found: Found) -> None:
    town, number = merged(found)
    eves_pipeline(town, number, HARMLESS)
    town.settle()

    town.comment(number, "/registrar deploy", by="mei")
    town.let_time_pass()

    assert any("digits 1.1.0" in title for title in town.runs())
    assert "✅ **Merged and deployed**" in town.verdict(number)


def test_the_bot_plays_no_job_of_a_pipeline_of_somebody_else(found: Found) -> None:
    town, number = merged(found)
    pipeline = eves_pipeline(town, number, WAITS)
    town.settle()
    town.sandbox.grant(REGISTRY, "eve", "write")

    town.comment(number, "/registrar deploy", by="eve")
    town.let_time_pass()
    town.comment(number, "/registrar deploy", by="eve")

    assert gitlab_of(town.side).jobs(pipeline) == ["manual"]


def test_a_tag_named_like_the_branch_stops_no_deploy(found: Found) -> None:
    town = found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n"))
    town.sandbox.grant(APPLICATION, "eve", "write")
    work = town.checkout("eve", repository=APPLICATION)
    work.git("fetch", "--quiet", "origin")
    work.git("push", "--quiet", "origin", "origin/main:refs/tags/main")
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)
    town.let_time_pass()

    assert "✅ **Merged and deployed**" in town.verdict(number)
