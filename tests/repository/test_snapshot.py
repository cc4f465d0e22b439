"""Claims about a registry read at a commit."""

import pytest

from registrar.errors import InvalidRegistry, Unknown
from registrar.repository.git import GitRepository
from registrar.repository.snapshot import Snapshot, snapshot
from repository.registries import Files, a_model, a_registry, a_version
from repository.upstream import Upstream


def read(upstream: Upstream, files: Files) -> Snapshot:
    sha = upstream.commit(files)
    return snapshot(GitRepository.of_checkout(upstream.checkout), sha)


def test_a_registry_tells_its_models_versions_and_holders(upstream: Upstream) -> None:
    files = {**a_registry(), **a_model("risk/fraud"), **a_model("risk"), "models/README.md": "x"}

    registry = read(upstream, files)

    assert registry.models() == ("digits", "risk", "risk/fraud")
    assert registry.versions("digits") == ("1.0.0", "1.10.0")
    assert registry.holdings("digits").holders_of("Production") == ("1.0.0",)
    assert registry.version("digits", "1.10.0").artifacts["weights"].path == "weights.bin"
    assert registry.model("risk/fraud").description == "Handwritten digits"
    assert registry.dataset("mnist@1.0.0").description == "Pixels"
    assert registry.datasets() == ("mnist@1.0.0",)
    assert registry.registry().initial == "Development"


def test_the_facts_of_several_versions_are_those_of_each(upstream: Upstream) -> None:
    registry = read(upstream, {**a_registry(), "models/digits/versions/2.0.0": "no folder"})

    found = registry.facts("digits", ["1.0.0", "1.10.0", "1.1.0", "2.0.0"])

    assert found == {version: registry.version("digits", version) for version in ("1.0.0", "1.10.0")}
    assert registry.facts("faces", ["1.0.0"]) == {}


def test_a_folder_is_a_model_by_its_file_and_its_name(upstream: Upstream) -> None:
    registry = read(upstream, {**a_registry(), **a_model("Odd"), "models/bare/status.yaml": ""})

    assert [registry.has_model(name) for name in ("digits", "Odd", "bare", "faces")] == [True, False, False, False]


def test_what_is_not_there_holds_nothing(upstream: Upstream) -> None:
    registry = read(upstream, {"registry.yaml": ""})

    assert registry.models() == registry.versions("digits") == ()
    assert registry.holdings("digits").statuses == {}
    assert registry.text("models/digits/status.yaml") is None


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        pytest.param(lambda r: r.model("digit"), r"no model digit; did you mean digits\?", id="model"),
        pytest.param(lambda r: r.version("digits", "1.1.0"), "digits has no version 1.1.0", id="version"),
        pytest.param(lambda r: r.version("digit", "1.0.0"), "no model digit", id="version of no model"),
        pytest.param(lambda r: r.dataset("mnist@1.0.1"), r"did you mean mnist@1\.0\.0\?", id="dataset"),
    ],
)  # fmt: skip
def test_the_unknown_is_told_with_the_nearest_name(upstream: Upstream, ask: object, sentence: str) -> None:
    registry = read(upstream, a_registry())
    assert callable(ask)

    with pytest.raises(Unknown, match=sentence):
        ask(registry)


def test_a_commit_that_is_not_here_is_unknown(upstream: Upstream) -> None:
    upstream.commit({})

    with pytest.raises(Unknown, match="fetch first"):
        snapshot(GitRepository.of_checkout(upstream.checkout), "1" * 40)


def test_a_folder_without_registry_yaml_is_no_registry(upstream: Upstream) -> None:
    with pytest.raises(InvalidRegistry, match=r"registry\.yaml: is missing"):
        read(upstream, {"README.md": ""}).registry()


def test_every_problem_of_a_file_is_told_with_its_own_path(upstream: Upstream) -> None:
    same = "description: d\nmetrics: 3\n"
    registry = read(upstream, {"models/a/model.yaml": same, "models/b/model.yaml": same})

    for name in ("a", "b"):
        with pytest.raises(InvalidRegistry, match=f"models/{name}/model.yaml:2"):
            registry.model(name)


def test_a_link_is_not_followed(upstream: Upstream) -> None:
    upstream.write(a_registry())
    (upstream.checkout / "models/digits/status.yaml").unlink()
    (upstream.checkout / "models/digits/status.yaml").symlink_to("/etc/passwd")

    with pytest.raises(InvalidRegistry, match="is a symbolic link"):
        read(upstream, {}).holdings("digits")


def test_an_older_commit_stays_as_it_was(upstream: Upstream) -> None:
    before = read(upstream, a_registry())
    after = read(upstream, {"models/digits/status.yaml": "Production: 1.10.0\n"})

    assert before.holdings("digits").holders_of("Production") == ("1.0.0",)
    assert after.holdings("digits").holders_of("Production") == ("1.10.0",)


def test_a_folder_that_is_no_version_is_not_one(upstream: Upstream) -> None:
    odd = {
        "models/digits/versions/v1/version.yaml": a_version(),
        "models/digits/versions/2.0.0/README.md": "no facts",
        "models/digits/versions/notes.md": "x",
    }

    assert read(upstream, {**a_registry(), **odd}).versions("digits") == ("1.0.0", "1.10.0")
