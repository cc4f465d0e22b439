"""One file in an empty repository, and the first pull request with a version of a model is told how it stands."""

import re
from collections.abc import Callable
from pathlib import Path

from examples.github_ci import GitHubCi
from examples.gitlab_ci import PIPELINE, a_clone, hold_component
from examples.places import EXAMPLES, ROOT
from examples.stage import REGISTRY, Stage, an_empty_stage
from nodes import Node, node

__all__ = ["node"]

WORKFLOW = ".github/workflows/registrar.yml"
DOCUMENTED = dict(re.findall(r"```yaml\n# (models/\S+)\n(.*?)```", (ROOT / "docs/examples.md").read_text(), re.DOTALL))
FACTS = "models/digits/versions/1.0.0/version.yaml"
STATUS = "models/digits/status.yaml"


def tell_the_story(stage: Stage, copied: dict[str, str], run: Callable[[int, str], None]) -> None:
    """Copy the file; ask for a first version; let it have Production; ask for another."""
    first = {path: text for path, text in DOCUMENTED.items() if path != STATUS}
    better = {FACTS.replace("1.0.0", "1.1.0"): DOCUMENTED[FACTS].replace("0.91", "0.95")}
    said = []
    stage.push(REGISTRY, copied, by="ana")
    for branch, files in (("first", first), ("better", better)):
        stage.push(REGISTRY, files, by="mei", onto=branch)
        number = stage.ask(REGISTRY, branch, by="mei")
        run(number, branch)
        said += [text for _, text in stage.comments(REGISTRY, number)]
        stage.push(REGISTRY, {**files, STATUS: DOCUMENTED[STATUS]}, by="ana")

    assert said[0].startswith("### ✅ register digits 1.0.0")
    assert "| **accuracy** | 0.91 |" in said[0]
    assert "**digits 1.1.0** against 1.0.0, which holds Production now" in said[1]
    assert "| **accuracy** | 0.91 | 0.95 | +0.04 (+4.40%) | 🟢 better |" in said[1]
    assert len(said) == len(("first", "better"))


def test_on_github(tmp_path: Path, node: Node) -> None:
    with an_empty_stage(tmp_path, "github") as stage:
        copied = {WORKFLOW: (EXAMPLES / "one-file" / "github.yml").read_text()}
        ci = GitHubCi(stage, node)

        def run(number: int, _: str) -> None:
            ran = ci.on_pull_request(REGISTRY, number, WORKFLOW)
            assert ran.conclusion == "success", ran.log

        tell_the_story(stage, copied, run)


def test_on_gitlab(tmp_path: Path, node: Node) -> None:
    with an_empty_stage(tmp_path, "gitlab") as stage:
        hold_component(stage)
        text = (EXAMPLES / "one-file" / "gitlab.yml").read_text()
        stage.push(REGISTRY, {"README.md": "# registry\n"}, by="ana")
        project = a_clone(stage, node, REGISTRY, COMMENT_TOKEN=stage.token("ana"))

        def run(number: int, branch: str) -> None:
            project.check_out(branch)
            ran = project.run(text, project.merge_request(number))
            assert ran.code == 0, ran.log

        tell_the_story(stage, {PIPELINE: text}, run)
