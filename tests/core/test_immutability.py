"""What has been merged about a version is never altered."""

import pytest

from core.builders import AFile
from registrar.core.immutability import is_harmed, judge_immutability
from registrar.core.paths import describes_model, is_of_registry, is_rules, is_status, is_twin_of_registry, release_of
from registrar.core.verdicts import VerdictState

VERSION = "models/risk/fraud/versions/1.0.0"


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(AFile(f"{VERSION}/version.yaml", "A"), id="a new version"),
        pytest.param(AFile(f"{VERSION}/weights.dvc", "A"), id="its weights"),
        pytest.param(AFile("models/digits/status.yaml"), id="a status"),
        pytest.param(AFile("models/digits/model.yaml"), id="a description"),
        pytest.param(AFile("datasets/README.md"), id="a page beside the datasets"),
        pytest.param(AFile("README.md", "D", None), id="any other file"),
        pytest.param(AFile("link", "A", "120000"), id="a link outside the registry"),
        pytest.param(AFile("run.sh", "A", "100755"), id="a script"),
    ],
)
def test_a_change_alters_nothing_released(file: AFile) -> None:
    assert judge_immutability([file]).passed


@pytest.mark.fault(59, because="Git alone tells modes and paths, and tells them alike.")
@pytest.mark.parametrize(
    ("file", "reason"),
    [
        pytest.param(
            AFile(f"{VERSION}/version.yaml"),
            f"this alters {VERSION}/version.yaml, but risk/fraud 1.0.0 is released and stays as it is; "
            "register a new version",
            id="the facts of a version",
        ),
        pytest.param(
            AFile(f"{VERSION}/weights.dvc", "D", None), f"this deletes {VERSION}/weights.dvc", id="its weights"
        ),
        pytest.param(AFile(f"{VERSION}/weights.dvc", "T", "120000"), "this alters", id="its weights made a link"),
        pytest.param(AFile(f"{VERSION}/deep/down.dvc"), "this alters", id="deep in its folder"),
        pytest.param(AFile(f"{VERSION}/a\nb.dvc"), "this alters", id="under an odd name"),
        pytest.param(AFile("datasets/mnist/1.0.0/data.dvc"), "mnist 1.0.0 is released", id="a dataset"),
        pytest.param(
            AFile("models/digits/model.yaml", "D", None), "archive its versions instead", id="the model itself"
        ),
        pytest.param(AFile("models/digits/status.yaml", "T", "120000"), "plain files only", id="a status made a link"),
        pytest.param(AFile("models/digits", "A", "160000"), "plain files only", id="a submodule"),
        pytest.param(AFile("models", "A", "120000"), "plain files only", id="all models made a link"),
        pytest.param(AFile(".dvc", "A", "120000"), "plain files only", id="the folder of DVC's settings made a link"),
        pytest.param(AFile(".github", "A", "160000"), "plain files only", id="the folder of the owners a submodule"),
        pytest.param(AFile(".gitlab-ci.yml", "T", "120000"), "plain files only", id="the jobs made a link"),
        pytest.param(AFile(".github/workflows", "A", "160000"), "plain files only", id="the workflows a submodule"),
        pytest.param(AFile("CODEOWNERS", "T", "120000"), "plain files only", id="the owners made a link"),
    ],
)
def test_a_change_that_alters_what_is_released_fails(file: AFile, reason: str) -> None:
    verdict = judge_immutability([AFile("README.md"), file])

    assert verdict.state is VerdictState.FAILED
    assert reason in verdict.reason


@pytest.mark.parametrize(
    "path",
    ["registry.yaml", "CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS", ".dvc/config"],
)
def test_the_rules_are_these_files(path: str) -> None:
    assert is_rules(path)
    assert is_of_registry(path)


@pytest.mark.parametrize("path", ["Models/digits/status.yaml", "DATASETS/mnist/x", "Registry.yaml", "codeowners"])
def test_what_a_machine_may_take_for_a_file_of_the_registry_is_looked_at(path: str) -> None:
    assert is_of_registry(path)
    assert not is_rules(path)
    assert not is_status(path)
    assert is_twin_of_registry(path.partition("/")[0])


def test_a_file_named_like_another_is_not_taken_for_it() -> None:
    assert not is_rules("models/registry.yaml")
    assert not is_status("models/status.yaml")
    assert not is_status(f"{VERSION}/status.yaml")
    assert not describes_model(f"{VERSION}/model.yaml")
    assert release_of("models/digits/versions/notes.md") is None
    assert release_of("datasets/mnist/latest/data.dvc") is None


def test_a_status_where_no_model_can_stand_is_not_overlooked() -> None:
    assert is_status("models/versions/digits/status.yaml")


def test_one_file_is_harmed_by_what_would_fail_alone() -> None:
    path = "models/digits/versions/1.0.0/version.yaml"

    assert [is_harmed(AFile(path, kind=kind)) for kind in "AMD"] == [False, True, True]
