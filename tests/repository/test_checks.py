"""Claims about what is found wrong between the files of a registry."""

import re

import pytest

from registrar.repository.git import GitRepository
from registrar.repository.snapshot import Snapshot, snapshot
from registry_schema import Problem
from repository.registries import Files, a_dataset, a_dvc_file, a_model, a_registry, a_version
from repository.upstream import Upstream

VERSION = "models/digits/versions/1.0.0/version.yaml"
STATUS = "models/digits/status.yaml"


def read(upstream: Upstream, files: Files) -> Snapshot:
    sha = upstream.commit(files)
    return snapshot(GitRepository.of_checkout(upstream.checkout), sha)


def test_a_sound_registry_has_no_problem(upstream: Upstream) -> None:
    assert read(upstream, {**a_registry(), **a_model("risk/fraud")}).problems() == ()


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        pytest.param({"registry.yaml": "statusses: {}\n"}, r"^registry\.yaml:1: ", id="a key that the rules lack"),
        pytest.param({"registry.yaml": None}, r"^registry\.yaml: is missing", id="no rules"),
        pytest.param({STATUS: "QA: 1.0.0\nQA: 1.10.0\n"}, f"^{STATUS}:2: ", id="a status twice"),
        pytest.param({STATUS: "Prod: 1.0.0\n"},
                     f"^{STATUS}:1: registry.yaml has no status Prod; did you mean Production",
                     id="a status that the rules do not know"),
        pytest.param({STATUS: "QA:\n  - 1.0.0\n  - 1.1.0\n"},
                     f"^{STATUS}:3: digits has no version 1.1.0.*; register it first", id="a version that is not here"),
        pytest.param({STATUS: "Production: [1.0.0, 1.10.0]\n"},
                     f"^{STATUS}:1: Production is for one version, and 1.0.0 and 1.10.0 hold it; keep one",
                     id="two holders where one may be"),
        pytest.param({VERSION.replace("version.yaml", "weights.bin.dvc"): None},
                     f"^{VERSION}:3: there is no models/digits/versions/1.0.0/weights.bin.dvc; add", id="no .dvc file"),
        pytest.param({VERSION: a_version(hash="md5:" + "f" * 32)},
                     f"^{VERSION}:4: the hash is md5:f+, and .*weights.bin.dvc has md5:0123", id="another hash"),
        pytest.param({VERSION: a_version(size=4)}, f"^{VERSION}:5: the size is 4, and .* has 3", id="another size"),
        pytest.param({VERSION: a_version(dataset="mnist@2.0.0")},
                     f"^{VERSION}:6: the registry has no dataset mnist@2.0.0", id="a dataset that is not here"),
        pytest.param({VERSION: None}, f"^{VERSION}: is missing", id="a version without facts"),
        pytest.param({"models/digits/versions/v2/version.yaml": ""}, "versions/v2: is not the folder of a version",
                     id="a folder that is no version"),
        pytest.param({"models/digits/model.yaml": None}, r"^models/digits/model\.yaml: is missing", id="no model"),
        pytest.param({"models/Digits2/model.yaml": "description: d\n"}, "cannot be a model's name", id="a bad name"),
        pytest.param({"models/model.yaml": "description: d\n"}, r"^models/model\.yaml: .*cannot be", id="no name"),
        pytest.param({"datasets/mnist/1.0.0/images.bin.dvc": None}, r"^datasets/mnist/1\.0\.0/dataset\.yaml:4: there",
                     id="a dataset without its .dvc file"),
        pytest.param({"datasets/mnist/dataset.yaml": "description: d\n"}, "is no version of a dataset",
                     id="a dataset without a version"),
        pytest.param({"models/Digits/x": "1"}, "^models/digits: is the same file as Digits where", id="case twins"),
        pytest.param({"models/digits/é": "1", "models/digits/e\u0301": "2"}, "is the same file as", id="Unicode twins"),
        pytest.param({"Models/x": "1"}, "^models: is the same file as Models", id="twin of the models"),
        pytest.param({"CODEOWNERS": "* @ana", "codeowners": "* @eve"}, "^codeowners: is the same", id="of the owners"),
        pytest.param({"models/digits/a\tb": "1"}, "not every machine can write", id="an unprintable name"),
    ],
)  # fmt: skip
def test_a_broken_registry_says_where(upstream: Upstream, files: Files, problem: str) -> None:
    upstream.write(a_registry())

    found = read(upstream, files).problems()

    assert any(re.search(problem, str(each)) for each in found), found


@pytest.mark.fault(59, because="Git alone tells modes and paths, and tells them alike.")
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("outs: []\n", "does not track exactly one file", id="nothing tracked"),
        pytest.param("a: [\n", ":1: the bracket", id="no YAML"),
        pytest.param(a_dvc_file(md5="0" * 32 + ".dir"), ":2: tracks a folder; pack it", id="a folder"),
        pytest.param(a_dvc_file().replace("  hash: md5\n", ""), "older than 3.*dvc cache migrate", id="DVC 2"),
        pytest.param(a_dvc_file("other.bin"), "tracks other.bin, and its name says weights.bin", id="another file"),
        pytest.param("outs:\n- md5: 3\n  path: x\n", "has no path and md5", id="no hash"),
    ],
)
def test_a_dvc_file_that_dvc_did_not_write_is_told(upstream: Upstream, text: str, problem: str) -> None:
    files = {**a_registry(), "models/digits/versions/1.0.0/weights.bin.dvc": text}

    (found,) = read(upstream, files).problems()

    assert found.path == "models/digits/versions/1.0.0/weights.bin.dvc"
    assert re.search(problem, str(found))


def test_links_and_submodules_are_told(upstream: Upstream) -> None:
    upstream.write(a_registry())
    (upstream.checkout / "models/digits/link").symlink_to("/etc/passwd")
    upstream.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},datasets/sub")
    upstream.git("add", "models", "registry.yaml", "datasets/mnist")
    upstream.git("commit", "--quiet", "-m", "x")
    registry = snapshot(GitRepository.of_checkout(upstream.checkout), upstream.git("rev-parse", "HEAD"))

    assert [(found.path, found.message.split(",")[0]) for found in registry.problems()] == [
        ("datasets/sub", "is a submodule"),
        ("models/digits/link", "is a symbolic link"),
    ]
    assert [found.path for found in registry.problems(["datasets/sub"])] == ["datasets/sub"]


def test_two_names_of_one_folder_are_told_once_each(upstream: Upstream) -> None:
    registry = read(upstream, {**a_registry(), "models/Digits/x": "1", "models/digits/y": "1"})

    assert [found.path for found in registry.problems(["models/Digits/x"])] == ["models/digits"]
    assert [found.path for found in registry.problems(["models/digits/y"])] == ["models/digits"]
    assert registry.problems(["datasets/mnist/1.0.0/dataset.yaml"]) == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param([STATUS], [STATUS], id="a status file"),
        pytest.param([VERSION], [STATUS, VERSION], id="a version, and whoever names it"),
        pytest.param(["models/sound/model.yaml"], [], id="another model"),
        pytest.param(["models/digits/versions/1.10.0/version.yaml"], [STATUS], id="another version"),
        pytest.param(["registry.yaml"], [STATUS], id="the rules: every status file"),
        pytest.param(["datasets/mnist/1.0.0/x.dvc"], ["datasets/mnist/1.0.0/dataset.yaml"], id="a dataset"),
        pytest.param(["datasets/gone/3.0.0/dataset.yaml"], [VERSION], id="a removed dataset: who was trained on it"),
        pytest.param(["README.md", "models/removed/model.yaml"], [], id="nothing of the registry"),
    ],
)
def test_only_what_a_change_can_have_broken_is_looked_into(
    upstream: Upstream, changed: list[str], told: list[str]
) -> None:
    broken = {
        STATUS: "Prod: 1.0.0\n",
        VERSION: a_version(dataset="gone@3.0.0"),
        "datasets/mnist/1.0.0/dataset.yaml": "description: 3\n",
    }
    registry = read(upstream, {**a_registry(), **a_model("sound"), **broken})

    assert [found.path for found in registry.problems(changed)] == told
    assert {found.path for found in registry.problems()} == {*broken}


def test_a_problem_is_found_again_after_it_was_mended_and_broken(upstream: Upstream) -> None:
    broken = {VERSION: a_version(dataset="other@1.0.0")}

    first = read(upstream, {**a_registry(), **broken}).problems()
    second = read(upstream, a_dataset("other@1.0.0")).problems()
    third = read(upstream, dict.fromkeys(a_dataset("other@1.0.0"))).problems()

    assert first == third
    assert [type(found) for found in first] == [Problem]
    assert second == ()
