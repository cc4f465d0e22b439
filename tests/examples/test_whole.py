"""From a recipe to what is served, on either forge, with everything that a user copies and the bot as a server.

A merge in the trainer registers, an approved promotion waits, somebody's word deploys, and then the application says of
itself what the registry says of Production.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from github import Auth, Github
from gitlab import Gitlab

from component.scene import PUSH
from examples.github_ci import GitHubCi
from examples.gitlab_ci import HELD, PIPELINE, a_clone, hold_component
from examples.stage import Stage
from nodes import Node, node
from registrar.demo.dialects import DIALECTS
from registrar.demo.narration import wait_for
from registrar.demo.training import BETTER, recipes, train
from registrar.demo.world import APPLICATION, REGISTRY, RULES, STATUS, TRAINER, World, created
from registrar.sandbox import git
from registrar.sandbox.forge import DialectName
from registry_schema import read_version

__all__ = ["node"]

pytestmark = pytest.mark.slow

REPORT, REGISTER = ".github/workflows/report.yml", ".github/workflows/register.yml"


@dataclass(frozen=True, slots=True)
class Chain:
    """A world whose deploys wait for somebody's word, and the trainer's CI."""

    world: World
    stage: Stage
    register: Callable[[], None]
    report: Callable[[int], str]

    def said(self, number: int, words: str) -> str:
        """The comment of the bot that holds the words, once it is there."""
        return wait_for(words, lambda: self._said(number, words))

    def green(self, number: int) -> None:
        wait_for("a green status", lambda: self.world.mei.status(REGISTRY, number, STATUS)[0] == "success" or None)

    def served(self) -> str | None:
        """What the application says of itself."""
        path = self.stage.repository(APPLICATION).path
        sha = git.branch(path, "production")
        found = git.read(path, sha, "serving.json") if sha is not None else None
        return None if found is None else str(json.loads(found[1])["version"])

    def _said(self, number: int, words: str) -> str | None:
        found = [each.text for each in self.world.mei.comments(REGISTRY, number) if words in each.text]
        return found[0] if found else None


@pytest.fixture(params=["github", "gitlab"])
def chain(request: pytest.FixtureRequest, node: Node, tmp_path: Path) -> Iterator[Chain]:
    forge: DialectName = request.param
    with created(tmp_path / "world", DIALECTS[forge], rules=f"{RULES}    manual: true\n") as world:
        stage = Stage(world.sandbox, tmp_path)
        yield on_github(world, stage, node) if forge == "github" else on_gitlab(world, stage, node)


def on_github(world: World, stage: Stage, node: Node) -> Chain:
    ci = GitHubCi(stage, node)

    def register() -> None:
        ran = ci.on_push(TRAINER, REGISTER, secrets={"REGISTRY_TOKEN": world.bot.token})
        assert ran.conclusion == "success", ran.log

    def report(number: int) -> str:
        ran = ci.on_pull_request(TRAINER, number, REPORT)
        assert ran.conclusion == "success", ran.log
        return ran.summary

    return Chain(world, stage, register, report)


def on_gitlab(world: World, stage: Stage, node: Node) -> Chain:
    hold_component(stage)
    stage.repository(TRAINER).settings.begins_pipelines = False  # gitlab-ci-local runs them, and once is enough
    project = a_clone(stage, node, TRAINER, REGISTRY_TOKEN=world.bot.token)
    project.fetch(HELD)

    def register() -> None:
        ran = project.run((project.folder / PIPELINE).read_text(), PUSH, "--evaluate-rule-changes=false")
        assert ran.code == 0, ran.log

    def report(number: int) -> str:
        project.check_out("better")
        ran = project.run((project.folder / PIPELINE).read_text(), project.merge_request(number))
        assert ran.code == 0, ran.log
        return ran.artifact("registrar-compare", "summary.md")

    return Chain(world, stage, register, report)


def test_what_is_trained_is_served_once_it_was_approved_and_somebody_says_so(chain: Chain) -> None:
    world = chain.world

    chain.register()
    chain.green(1)
    world.ana.merge(REGISTRY, 1)
    world.mei.comment(REGISTRY, 1, "/registrar promote digits@1.0.0 to Production")
    chain.said(1, "Opened")
    wait_for("a verdict", lambda: world.mei.status(REGISTRY, 2, STATUS)[0] or None)
    world.ana.approve(REGISTRY, 2)
    chain.green(2)
    world.ana.merge(REGISTRY, 2)
    chain.said(2, "waits for somebody to write")

    assert (chain.served(), world.ana.runs(APPLICATION)) == (None, [])
    world.mei.comment(REGISTRY, 2, "/registrar deploy")
    wait_for("the deploy", chain.served)
    told = wait_for(
        "its end", lambda: next(iter(re.findall(r"(?m)^\|.*✅.*$", chain.said(2, "registrar:verdict"))), None)
    )
    assert world.dialect.pipeline in told
    assert chain.served() == "1.0.0"
    world.git("pull", "--quiet")
    assert re.search(r"(?m)^1\.0\.0 +Production", world.registrar("show", "digits"))
    again_refused(chain)
    chain.stage.push(TRAINER, {"recipe.toml": BETTER}, by="mei", onto="better")
    assert "| **accuracy** | 0.908 | 0.968 | +0.06 (+6.61%) | 🟢 better |" in chain.report(
        chain.stage.ask(TRAINER, "better", by="mei")
    )


def test_gitlab_ci_local_deploys_the_very_weights(node: Node, tmp_path: Path) -> None:
    with created(tmp_path / "world", DIALECTS["gitlab"]) as world:
        stage = Stage(world.sandbox, tmp_path)
        facts = registered(world)
        application = a_clone(stage, node, APPLICATION, CI_JOB_TOKEN=world.ana.token)
        pipeline = (application.folder / PIPELINE).read_text()
        (application.folder / ".gitlab-ci-local-inputs.yml").write_text(json.dumps(facts))

        ran = application.run(pipeline, {"CI_PIPELINE_SOURCE": "api"})

    assert ran.code == 0, ran.log
    assert "model.joblib: OK" in ran.log
    assert "digits 1.0.0 serves, approved by ana" in ran.log


def registered(world: World) -> dict[str, str]:
    """What a deploy of a first version would be told."""
    source = world.propose(recipes()[0])
    trained = train(world.trainer, world.root / "training")
    world.registrar("register", "--from", str(trained.facts), *source)
    wait_for("a green status", lambda: world.mei.status(REGISTRY, 1, STATUS)[0] == "success" or None)
    commit = world.ana.merge(REGISTRY, 1)
    version = "models/digits/versions/1.0.0"
    found = git.read(world.sandbox.store.repository(REGISTRY).path, commit, f"{version}/version.yaml")
    assert found is not None
    return {
        "model": "digits",
        "version": "1.0.0",
        "from": "Development",
        "to": "Production",
        "commit": commit,
        "artifact": f"{version}/model.joblib",
        "hash": read_version(found[1], version).artifacts["weights"].hash,
        "pull_request": "2",
        "approvers": "ana",
        "operation": "deploy-2-0123456789abcdef",
    }


def again_refused(chain: Chain) -> None:
    """Start the application's pipeline once more, with the very same operation."""
    world = chain.world
    [first] = world.ana.runs(APPLICATION)
    before = git.branch(chain.stage.repository(APPLICATION).path, "production")
    start_again(world, first.id)
    world.sandbox.drain(120)
    second = max(world.ana.runs(APPLICATION), key=lambda run: run.id)
    assert "was deployed before; nothing is done twice" in world.dialect.log(
        world.sandbox.store.repository(APPLICATION), second.id
    )
    assert git.branch(chain.stage.repository(APPLICATION).path, "production") == before


def start_again(world: World, run: int) -> None:
    application = world.sandbox.store.repository(APPLICATION)
    if world.dialect.name == "github":
        client = Github(auth=Auth.Token(world.ana.token), base_url=f"{world.sandbox.url}/api/v3", retry=None)
        workflow = client.get_repo(APPLICATION).get_workflow("deploy.yml")
        assert workflow.create_dispatch("main", application.run(run).inputs)
    else:
        project = Gitlab(world.sandbox.url, private_token=world.ana.token, timeout=30).projects.get(APPLICATION)
        told = application.ci.pipeline(run).yaml_variables
        names = {"MODEL", "VERSION", "COMMIT", "ARTIFACT", "HASH", "PULL_REQUEST", "APPROVERS", "OPERATION"}
        project.pipelines.create({"ref": "main", "inputs": {name.lower(): told[name].value for name in names}})
