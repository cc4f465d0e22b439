"""The trainer on GitHub: a pull request is told how good it would be, and what is merged is registered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.github_ci import JOB, READER, GitHubCi
from examples.places import TRAINER
from examples.stage import REGISTRY, TRAINING, Stage, a_stage
from nodes import Node, node
from registrar.demo.training import BETTER
from registrar.sandbox import git
from registry_schema import Source, read_version

__all__ = ["node"]

REPORT = ".github/workflows/report.yml"
REGISTER = ".github/workflows/register.yml"
PRINTS_WHAT_IT_FINDS = """
    import os
    texts = [f"{name}={value}" for name, value in os.environ.items()]
    texts += [file.read_text() for file in Path().rglob(".git/config")]
    print("".join(texts)[::-1])  # no runner hides a secret that is spelt backwards
"""

TRAINS_NOTHING = """
import json
from pathlib import Path

made = Path("made")
made.mkdir()
(made / "model.joblib").write_bytes(b"weights")
(made / "metrics.json").write_text('{"accuracy": 0.9}')
(made / "version.json").write_text(
    json.dumps({"model": "digits", "version": "1.1.0", "weights": "model.joblib", "metrics": "metrics.json"})
)
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with a_stage(tmp_path, "github") as found:
        yield found


@pytest.fixture
def ci(stage: Stage, node: Node) -> GitHubCi:
    return GitHubCi(stage, node)


@pytest.mark.slow
def test_a_pull_request_is_told_how_good_it_would_be(stage: Stage, ci: GitHubCi) -> None:
    number = stage.propose_better()

    ran = ci.on_pull_request(TRAINING, number, REPORT)

    assert ran.conclusion == "success", ran.log
    [(author, said)] = stage.comments(TRAINING, number)
    assert author == JOB
    assert said.startswith("### ✅ digits 1.1.0: it can be registered")
    assert "**digits 1.1.0** against 1.0.0, which holds Production now" in said
    assert "| **accuracy** | 0.908 | 0.968 | +0.06 (+6.61%) | 🟢 better |" in said
    assert said in ran.summary


def test_a_pull_request_from_a_fork_is_compared_in_the_summary_and_its_code_is_told_no_token(
    stage: Stage, ci: GitHubCi
) -> None:
    curious = (TRAINER / "train.py").read_text() + PRINTS_WHAT_IT_FINDS
    stage.push(TRAINING, {"recipe.toml": BETTER, "train.py": curious}, by="mei", onto="of-a-fork")
    number = stage.ask(TRAINING, "of-a-fork", by="mei")

    ran = ci.on_pull_request(TRAINING, number, REPORT, is_of_fork=True)

    assert ran.conclusion == "success", ran.log
    assert stage.comments(TRAINING, number) == []
    assert "| **accuracy** | 0.908 | 0.968 | +0.06 (+6.61%) | 🟢 better |" in ran.summary
    assert "Left out: a comment: " in ran.summary
    assert "PATH="[::-1] in ran.log
    assert stage.token(READER)[::-1] not in ran.log


def test_a_pull_request_from_a_fork_that_may_not_read_the_registry_is_told_so_and_what_to_do(
    stage: Stage, ci: GitHubCi
) -> None:
    stage.repository(REGISTRY).private = True
    stage.push(TRAINING, {"recipe.toml": BETTER, "train.py": TRAINS_NOTHING}, by="mei", onto="of-a-fork")
    number = stage.ask(TRAINING, "of-a-fork", by="mei")

    ran = ci.on_pull_request(TRAINING, number, REPORT, is_of_fork=True)

    assert ran.conclusion == "failure", ran.log
    said = "registrar compare is left out: this is proposed from a fork, whose jobs get no secret"
    assert said in ran.summary
    [annotation] = [line for line in ran.log.splitlines() if line.startswith("::error title=Registrar::")]
    assert said in annotation
    assert f"whoever may write to {TRAINING} can push the branch there" in annotation


@pytest.mark.slow
def test_what_is_pushed_after_it_is_told_in_the_same_comment(stage: Stage, ci: GitHubCi) -> None:
    number = stage.propose_better()
    ci.on_pull_request(TRAINING, number, REPORT)
    stage.push(TRAINING, {"recipe.toml": BETTER.replace("1.1.0", "1.0.0")}, by="mei", onto="better")

    ran = ci.on_pull_request(TRAINING, number, REPORT)

    assert ran.conclusion == "failure"
    [(_, said)] = stage.comments(TRAINING, number)
    assert said.startswith("### ❌ digits 1.0.0")
    assert "is registered already, and a version never changes" in said


@pytest.mark.slow
def test_what_is_merged_is_trained_and_registered(stage: Stage, ci: GitHubCi) -> None:
    commit = stage.push(TRAINING, {"recipe.toml": BETTER}, by="mei")

    ran = ci.on_push(TRAINING, REGISTER, secrets={"REGISTRY_TOKEN": stage.token("registrar-bot")})

    assert ran.conclusion == "success", ran.log
    [opened] = stage.repository(REGISTRY).pull_requests
    assert (opened.title, opened.author.login) == ("Register digits 1.1.0", "registrar-bot")
    path = "models/digits/versions/1.1.0/version.yaml"
    found = git.read(stage.repository(REGISTRY).path, opened.head_sha, path)
    assert found is not None
    version = read_version(found[1], path)
    assert version.metrics["accuracy"] == 0.968
    assert version.source == Source(f"{stage.sandbox.url}/{TRAINING}", commit)
    digest = version.artifacts["weights"].hash.removeprefix("md5:")
    assert (stage.folder / "storage" / "files" / "md5" / digest[:2] / digest[2:]).is_file()
    assert "Register digits 1.1.0" in ran.summary
