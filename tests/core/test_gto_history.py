"""What GTO's tags say by now: as GTO reads them, which tests/cli/test_import_gto.py asks GTO itself."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from registrar.core.gto import Tag
from registrar.core.gto_history import GtoArtifact, artifacts_in

FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)


def tags(*told: str) -> Iterable[Tag]:
    """`NAME COMMIT` each, a minute apart."""
    for minute, words in enumerate(told):
        name, commit = words.split()
        yield Tag(name, commit, FIRST + timedelta(minutes=minute), "", tagger="ana <ana@example.org>")


def shown(*told: str) -> dict[str, tuple[str, ...]]:
    (artifact,) = artifacts_in(tags(*told))
    return {version.version: version.stages for version in artifact.versions}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param(["churn@v1.0.0 a"], {"1.0.0": ()}, id="a version without a stage"),
        pytest.param(
            ["churn@v1.0.0 a", "churn#dev#1 a", "churn#prod#2 a"], {"1.0.0": ("prod", "dev")}, id="the last stage first"
        ),
        pytest.param(
            ["churn@v1.0.0 a", "churn@v1.1.0 b", "churn#prod#1 a", "churn#prod#2 b"],
            {"1.0.0": (), "1.1.0": ("prod",)},
            id="a stage is that of the version that got it last",
        ),
        pytest.param(
            ["churn@v1.0.0 a", "churn@v1.1.0 b", "churn#prod#1 a", "churn#prod#2 b", "churn#prod!#3 b"],
            {"1.0.0": ("prod",), "1.1.0": ()},
            id="and of the one before when it is taken back",
        ),
        pytest.param(["churn@v1.0.0 a", "churn@v1.1.0 b", "churn@v1.0.0! a"], {"1.1.0": ()}, id="deregistered"),
        pytest.param(
            ["churn@v1.0.0 a", "churn@v1.1.0 b", "churn#prod b", "churn@v1.1.0! b"],
            {"1.0.0": ()},
            id="no stage without its version",
        ),
        pytest.param(["churn@v1.0.0 a", "churn@v1.0.0! a", "churn@v1.0.0#3 a"], {"1.0.0": ()}, id="registered again"),
        pytest.param(["churn@v1.0.0 a", "churn@created b"], {"1.0.0": ()}, id="a word that says nothing"),
    ],
)
def test_tags_say_which_versions_have_which_stages(told: list[str], expected: dict[str, tuple[str, ...]]) -> None:
    assert shown(*told) == expected


def test_versions_come_in_order_whenever_they_were_registered() -> None:
    assert list(shown("churn@v1.10.0 a", "churn@v1.9.0 b")) == ["1.9.0", "1.10.0"]


def test_an_artifact_of_a_dvc_yaml_in_a_folder_is_called_by_both() -> None:
    assert [each.name for each in artifacts_in(tags("models=churn@v1.0.0 a", "churn@v2.0.0 b"))] == [
        "churn",
        "models:churn",
    ]


def test_what_was_deprecated_last_is_deprecated() -> None:
    told = ["churn@v1.0.0 a", "churn@deprecated a"]

    assert [each.is_deprecated for each in artifacts_in(tags(*told))] == [True]
    assert [each.is_deprecated for each in artifacts_in(tags(*told, "churn@v1.1.0 b"))] == [False]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(["churn#prod a"], id="no version"),
        pytest.param(["churn@v1.0.0 a", "churn@v1.0.1 a", "churn#prod#1 a"], id="two versions"),
    ],
)
def test_a_stage_of_a_commit_that_no_one_version_names_is_told_apart(told: list[str]) -> None:
    (artifact,) = artifacts_in(tags(*told))

    assert artifact.unnamed == {"prod": "a"}
    assert not any(version.stages for version in artifact.versions)


def test_other_tags_and_those_that_nobody_signed_for_are_passed_over() -> None:
    light = Tag("churn@v1.0.0", "a", FIRST, "", is_annotated=False)

    assert artifacts_in([light, *tags("v1.0.0 a", "churn@v1.0 a", "churn@1.0.0 a")]) == ()


def test_a_version_keeps_who_registered_it_and_when() -> None:
    (artifact,) = artifacts_in(tags("churn@v1.0.0 a"))

    assert isinstance(artifact, GtoArtifact)
    assert (artifact.versions[0].tag.tagger, artifact.versions[0].tag.at) == ("ana <ana@example.org>", FIRST)
