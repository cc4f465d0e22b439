from datetime import UTC, datetime

import pytest

from registry_schema import Artifact, Source, Version, read_version
from schema.reading import EXAMPLES, told

SHA = "9fceb02d0ae598e95dc970b74767f19372d61af8"
MD5 = "md5:9e107d9d372bb6826bd81d3542a419d6"


def test_a_version_says_where_it_came_from_and_how_well_it_did() -> None:
    assert read_version(EXAMPLES["version"].encode(), "version.yaml") == Version(
        description="More layers.",
        created=datetime(2026, 3, 1, 11, tzinfo=UTC),
        source=Source("https://github.com/acme/digits", SHA),
        artifacts={"weights": Artifact("model.joblib", MD5, 4096)},
        dataset="digits/small@1.0.0",
        metrics={"accuracy": 0.97, "errors": 12, "loss": 0.001},
        parameters={"layers": 3, "rate": 0.001, "solver": "adam", "shuffle": True, "depth": None},
    )


def test_a_whole_number_stays_whole() -> None:
    assert isinstance(read_version(b"metrics: {errors: 12}", "version.yaml").metrics["errors"], int)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            f"artifacts: {{weights: {{path: ../../x, hash: {MD5}, size: 1}}}}",
            'artifacts.weights.path must be the name of a file in this folder, such as model.joblib, not "../../x"; '
            "write a relative path with /, which does not climb out with ..",
            id="a path that climbs out",
        ),
        pytest.param(
            "artifacts: {weights: {path: x, hash: md5:1, size: 1}}",
            'artifacts.weights.hash must be a hash such as md5:9e107d9d372bb6826bd81d3542a419d6, not "md5:1"; '
            "copy it from the .dvc file",
            id="no hash",
        ),
        pytest.param(
            f"artifacts: {{a/b: {{path: x, hash: {MD5}, size: 1}}}}",
            'the key artifacts.a/b must be the name of an artifact, such as weights; use letters, digits, "-" and "_"',
            id="no name of an artifact",
        ),
        pytest.param(
            f"source: {{repository: 'https://ana:secret@host/x', commit: {SHA}}}",
            "source.repository must be the address or name of a repository, without a user or password in it, "
            'not "https://***@host/x"; take out what stands before the @',
            id="a password",
        ),
        pytest.param(
            "source: {repository: acme/x, commit: main}",
            'source.commit must be a commit\'s full hash of 40 or 64 digits, not "main"; '
            "write what git rev-parse prints",
            id="a branch",
        ),
        pytest.param(
            f"source: {{repository: acme/x, commit: {'1' * 40}}}",
            f"the number {'1' * 40} is too large; put it in quotes if it is text",
            id="a commit of digits alone",
        ),
        pytest.param(
            "dataset: digits",
            'dataset must be a dataset and its version, such as digits@1.0.0, not "digits"; write name@version',
            id="a dataset without a version",
        ),
        pytest.param(
            "dataset: ../x@1.0.0",
            'dataset must be a dataset and its version, such as digits@1.0.0, not "../x@1.0.0"; write name@version',
            id="a dataset that climbs out",
        ),
    ],
)
def test_a_fault_reads_as(text: str, problem: str) -> None:
    assert told("version", text) == [f":1: {problem}"]
