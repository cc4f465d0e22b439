"""What is brought from a repository that is only known by its address is what a clone gives, and follows nothing."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.old_registry import OldRegistry, an_old_registry
from registrar.core.importing import ForeignVersion
from registrar.errors import RegistrarError
from registrar.migration.gto_registry import GtoRegistry, gto_registry

DVC = str(Path(sys.executable).with_name("dvc"))
PRIVATE = "private\n"
VERSION = "churn@v9.0.0"


@pytest.fixture
def old(tmp_path: Path) -> OldRegistry:
    """A repository whose remote has an address that leads to the same place from everywhere."""
    made = an_old_registry(tmp_path)
    made.commit({".dvc/config": a_config(f"url = {tmp_path}/old-storage")})
    return made


def a_config(*settings: str) -> str:
    return "\n    ".join(["[core]", "remote = store\n['remote \"store\"']", *settings, ""])


def md5(content: str) -> str:
    return hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()


def churn_is(old: OldRegistry, path: str) -> None:
    """Register what lies at a path by now as the newest version of churn."""
    old.tag(VERSION, old.commit({"artifacts.yaml": f"churn: {{path: {path}, type: model}}\n"}))


def newest(found: GtoRegistry) -> ForeignVersion:
    (versions,) = (each.versions for each in found.models()[0] if each.name == "churn")
    return next(each for each in versions if each.called == VERSION)


def brought(place: str, into: Path) -> bytes:
    into.mkdir()
    with gto_registry(place) as found:
        return found.fetch(newest(found), into=into).read_bytes()


def fetch_from_address(old: OldRegistry, into: Path) -> bytes:
    return brought(f"file://{old.folder}", into)


def dvc(folder: Path, *words: str) -> None:
    subprocess.run([DVC, *words], cwd=folder, check=True, capture_output=True)


PATHS = {
    "file": "models/churn.pkl",
    "folder-of-git": "nets",
    "folder-of-dvc": "tree",
    "part-of-it": "tree/deep",
    "file-of-it": "tree/deep/b",
    "folder-of-both": "mixed",
    "of-a-stage": "run/out/model.bin",
    "of-an-older-dvc": "models/older.pkl",
}


def of_every_kind(old: OldRegistry, storage: Path) -> None:
    """All the ways in which DVC and git keep weights, made by DVC itself where it still makes them so."""
    for name in ("tree/a", "tree/deep/b", "mixed/large"):
        (old.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (old.folder / name).write_text(f"weights in {name}\n")
    dvc(old.folder, "add", "--quiet", "tree", "mixed/large")
    stage = "wdir: run, cmd: mkdir -p out && echo made > out/model.bin, outs: [out/model.bin]"
    old.commit({"dvc.yaml": f"stages:\n  train: {{{stage}}}\n", "mixed/small": "in git\n", "run/of.txt": "a run\n"})
    dvc(old.folder, "repro", "--quiet")
    dvc(old.folder, "push", "--quiet")
    older = md5("from long ago\n")
    (storage / older[:2]).mkdir()
    (storage / older[:2] / older[2:]).write_text("from long ago\r\n")
    index = "".join(f"{name}: {{path: {path}, type: model}}\n" for name, path in PATHS.items())
    files = {"models/older.pkl.dvc": f"outs:\n- md5: {older}\n  path: older.pkl\n", "artifacts.yaml": index}
    sha = old.commit(files)
    for name in PATHS:
        old.tag(f"{name}@v9.0.0", sha)


def all_brought(place: str, into: Path) -> dict[str, bytes]:
    into.mkdir()
    with gto_registry(place) as found:
        models = {each.name: each.versions[0] for each in found.models()[0] if each.name in PATHS}
        return {name: found.fetch(version, into=into).read_bytes() for name, version in models.items()}


def test_an_address_gives_what_a_clone_gives(old: OldRegistry, tmp_path: Path) -> None:
    of_every_kind(old, tmp_path / "old-storage")

    from_clone = all_brought(str(old.folder), tmp_path / "one")
    from_address = all_brought(f"file://{old.folder}", tmp_path / "other")

    assert from_clone.keys() == PATHS.keys()
    assert from_address == from_clone


@pytest.mark.parametrize("moved", ["before", "since"])
def test_the_remote_may_have_moved(moved: str, old: OldRegistry, tmp_path: Path) -> None:
    (old.folder / "artifacts.yaml").write_text("churn: {path: models/churn.pkl, type: model}\n")
    gone = {".dvc/config": a_config(f"url = {tmp_path}/gone")}
    there = {".dvc/config": (old.folder / ".dvc/config").read_text()}
    old.tag(VERSION, old.commit(gone if moved == "since" else there))
    old.commit(there if moved == "since" else gone)

    assert fetch_from_address(old, tmp_path / "out") == b"weights of 1.1.0\n"


def an_import(repo: str, more: str = "") -> str:
    return f"deps:\n- path: secret\n  repo:\n    url: {repo}\n    rev_lock: HEAD\n{more}"


OUT = f"outs:\n- md5: {md5(PRIVATE)}\n  hash: md5\n  size: {len(PRIVATE)}\n  path: churn.pkl\n"


@pytest.mark.parametrize(
    "named",
    [
        pytest.param(an_import("{third}") + OUT, id="of another repository"),
        pytest.param(an_import("{third}", "    config: {secret}\n") + OUT, id="of a file that would be its settings"),
        pytest.param("deps:\n- path: {secret}\n" + OUT, id="of a file of this machine"),
        pytest.param("deps:\n- path: {secret}\nouts:\n- path: churn.pkl\n", id="of one, whatever its hash"),
        pytest.param(f"outs:\n- md5: ../{'../' * 20}{{secret}}\n  hash: md5\n  path: churn.pkl\n", id="as a hash"),
    ],
)
def test_nothing_is_followed_that_a_file_of_dvc_names(named: str, old: OldRegistry, tmp_path: Path) -> None:
    third = OldRegistry(tmp_path / "third")
    third.folder.mkdir()
    third.git("init", "--quiet")
    third.commit({"secret": PRIVATE})
    places = {"third": third.folder, "secret": third.folder / "secret"}
    old.commit({"models/churn.pkl.dvc": named.format(**places)})
    churn_is(old, "models/churn.pkl")

    with pytest.raises(RegistrarError) as refusal:
        fetch_from_address(old, tmp_path / "out")

    assert PRIVATE.strip() not in str(refusal.value)
    assert str(refusal.value).endswith("from a clone of your own, DVC itself brings it: --from FOLDER")
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("file", ["config", "config.local"])
def test_no_command_that_another_repository_names_is_run(file: str, old: OldRegistry, tmp_path: Path) -> None:
    harm = a_config("url = webdavs://127.0.0.1:1/x", f"bearer_token_command = touch {tmp_path}/harm")
    old.commit({".dvc/config": harm, f".dvc/{file}": harm})
    churn_is(old, "models/churn.pkl")

    with pytest.raises(RegistrarError, match="DVC remote store names a command to be run"):
        fetch_from_address(old, tmp_path / "out")

    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("name", ["../../beside", "/beside", "a/../../beside"])
def test_a_folder_holds_nothing_beside_itself(name: str, old: OldRegistry, tmp_path: Path) -> None:
    listing = json.dumps([{"relpath": name, "md5": md5("weights of 1.1.0\n")}])
    value = md5(listing)
    stored = tmp_path / "old-storage/files/md5" / value[:2] / f"{value[2:]}.dir"
    stored.parent.mkdir(exist_ok=True)
    stored.write_text(listing)
    old.commit({"tree.dvc": f"outs:\n- md5: {value}.dir\n  hash: md5\n  path: tree\n"})
    churn_is(old, "tree")

    with pytest.raises(RegistrarError, match="lists in tree what is no file inside of it"):
        fetch_from_address(old, tmp_path / "out")

    assert not list(tmp_path.rglob("beside"))


def test_a_file_that_is_a_folder_too_is_told(old: OldRegistry, tmp_path: Path) -> None:
    value = md5("weights of 1.1.0\n")
    outputs = "".join(f"- {{md5: {value}, hash: md5, path: {name}}}\n" for name in ("tree/a", "tree/a/b"))
    old.commit({"tree.dvc": f"outs:\n{outputs}"})
    churn_is(old, "tree")

    with pytest.raises(RegistrarError, match=r"tree at \w{7} cannot be had: .*File exists"):
        fetch_from_address(old, tmp_path / "out")


def test_a_folder_packed_by_hand_writes_nothing_beside_itself(old: OldRegistry, tmp_path: Path) -> None:
    churn_is(old, "nets")
    blob = old.git("rev-parse", "HEAD:notes.txt")
    entry = b"100644 beside\0" + bytes.fromhex(blob)
    tree = made_by_hand(old, b"40000 ..\0" + bytes.fromhex(made_by_hand(old, entry)))
    listed = old.git("ls-tree", "HEAD").replace(old.git("rev-parse", "HEAD:nets"), tree)
    top = subprocess.run(
        ["git", "-C", old.folder, "mktree"], input=listed, check=True, capture_output=True, text=True
    ).stdout.strip()
    old.git("update-ref", "refs/heads/main", old.git("commit-tree", "-p", "HEAD", "-m", "Train", top))
    old.git("tag", "--delete", VERSION)
    old.tag(VERSION, "HEAD")

    with pytest.raises(RegistrarError, match="no file can be called so"):
        fetch_from_address(old, tmp_path / "out")

    assert not list(tmp_path.rglob("beside"))


def made_by_hand(old: OldRegistry, content: bytes) -> str:
    words = ["git", "-C", str(old.folder), "hash-object", "-t", "tree", "-w", "--literally", "--stdin"]
    return subprocess.run(words, input=content, check=True, capture_output=True).stdout.decode().strip()
