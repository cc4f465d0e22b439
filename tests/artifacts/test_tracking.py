"""Claims about bringing a file under DVC's care, and getting it back, checked against DVC itself."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from registrar.artifacts.pulling import pull
from registrar.artifacts.remotes import DvcRemote, remote_of_checkout, remote_of_config
from registrar.artifacts.tracking import TrackedFile, track, untracked
from registrar.errors import ArtifactUnavailable, RegistrarError, UsageError
from registry_schema import Artifact

DVC = str(Path(sys.executable).with_name("dvc"))
CONTENT = b"\0weights\r\n" * 1000


def run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def a_file(tmp_path: Path, name: str = "model größe.bin", content: bytes = CONTENT) -> Path:
    file = tmp_path / name
    file.write_bytes(content)
    return file


def artifact_of(tracked: TrackedFile) -> Artifact:
    return Artifact(path=tracked.path, hash=tracked.hash, size=tracked.size)


def stored(remote: DvcRemote, tracked: TrackedFile) -> Path:
    return Path(remote.store.oid_to_path(tracked.hash.removeprefix("md5:")))


def test_stock_dvc_pulls_what_was_tracked(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    run(checkout, "git", "init", "--quiet")
    run(checkout, DVC, "init", "--quiet")
    run(checkout, DVC, "remote", "add", "--quiet", "--default", "storage", "../storage")
    before = sorted(path for path in checkout.rglob("*") if ".git" not in path.parts)

    tracked = track(a_file(tmp_path), checkout=checkout)

    assert sorted(path for path in checkout.rglob("*") if ".git" not in path.parts) == before
    (checkout / "model größe.bin.dvc").write_bytes(tracked.dvc_text)
    run(checkout, "git", "add", "--all")
    run(checkout, "git", "commit", "--quiet", "-m", "Register")
    run(tmp_path, "git", "clone", "--quiet", "checkout", "clone")
    run(tmp_path / "clone", DVC, "pull", "--quiet")
    assert (tmp_path / "clone" / "model größe.bin").read_bytes() == CONTENT


def test_what_stock_dvc_pushed_is_pulled_and_told_alike(checkout: Path, tmp_path: Path) -> None:
    run(checkout, "git", "init", "--quiet")
    a_file(checkout, "model.bin")
    run(checkout, DVC, "add", "--quiet", "model.bin")
    run(checkout, DVC, "push", "--quiet")

    tracked = track(checkout / "model.bin", checkout=checkout)

    assert tracked.dvc_text == (checkout / "model.bin.dvc").read_bytes()
    (pulled,) = pull([artifact_of(tracked)], remote=remote_of_checkout(checkout), into=tmp_path / "out")
    assert pulled.read_bytes() == CONTENT


def test_a_file_comes_back_from_another_place(checkout: Path, tmp_path: Path) -> None:
    file = a_file(tmp_path)
    tracked = track(file, checkout=checkout)
    remote = remote_of_config((checkout / ".dvc/config").read_bytes())

    paths = pull([artifact_of(tracked)], remote=remote, into=tmp_path / "new" / "folder")

    assert paths == (tmp_path / "new/folder/model größe.bin",)
    assert paths[0].read_bytes() == CONTENT
    assert paths[0].stat().st_mode & 0o200
    assert file.stat().st_mode & 0o200
    assert [path.name for path in (tmp_path / "new/folder").iterdir()] == ["model größe.bin"]


def test_tracking_again_pushes_nothing(checkout: Path, tmp_path: Path) -> None:
    first = track(a_file(tmp_path), checkout=checkout)
    path = stored(remote_of_checkout(checkout), first)
    made = path.stat()

    assert track(a_file(tmp_path), checkout=checkout) == first
    assert path.stat().st_ino == made.st_ino


def test_a_stump_of_an_interrupted_push_is_pushed_over(checkout: Path, tmp_path: Path) -> None:
    tracked = track(a_file(tmp_path), checkout=checkout)
    path = stored(remote_of_checkout(checkout), tracked)
    path.chmod(0o600)
    path.write_bytes(CONTENT[:10])

    track(a_file(tmp_path), checkout=checkout)

    assert path.read_bytes() == CONTENT


def test_what_is_not_tracked_is_told_as_if_it_were(checkout: Path, tmp_path: Path) -> None:
    file = a_file(tmp_path)

    assert untracked(file) == track(file, checkout=checkout)


def test_an_empty_file_is_a_file(checkout: Path, tmp_path: Path) -> None:
    tracked = track(a_file(tmp_path, content=b""), checkout=checkout)

    (pulled,) = pull([artifact_of(tracked)], remote=remote_of_checkout(checkout), into=tmp_path / "out")

    assert (tracked.size, pulled.read_bytes()) == (0, b"")


def test_a_hash_that_looks_like_a_number_is_quoted(checkout: Path, tmp_path: Path) -> None:
    tracked = track(a_file(tmp_path, content=b"1518375"), checkout=checkout)

    (output,) = yaml.safe_load(tracked.dvc_text)["outs"]
    assert output == {
        "md5": "93240121540327474319550261818423",
        "size": 7,
        "hash": "md5",
        "path": "model größe.bin",
    }


@pytest.mark.parametrize("name", ["none.bin", "."])
def test_what_is_no_file_cannot_be_tracked(checkout: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"is no file|is a folder; pack it"):
        track(tmp_path / name, checkout=checkout)


def test_a_remote_that_cannot_be_written_says_so(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "storage").write_text("a file where the folder should be")

    with pytest.raises(ArtifactUnavailable, match=r"DVC remote storage .* failed while storing model"):
        track(a_file(tmp_path), checkout=checkout)


def test_a_file_that_is_still_being_written_is_not_kept(checkout: Path, tmp_path: Path) -> None:
    file = a_file(tmp_path, content=b"x" * 20_000_000)
    done = threading.Event()

    def write_on() -> None:
        with file.open("ab", buffering=0) as growing:
            while not done.is_set():
                growing.write(b"more")

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        with pytest.raises(RegistrarError, match="changed while it was being pushed"):
            track(file, checkout=checkout)
    finally:
        done.set()
        writer.join()

    assert [path for path in (tmp_path / "storage").rglob("*") if path.is_file()] == []


def test_a_missing_object_is_told_by_hash_and_remote(checkout: Path, tmp_path: Path) -> None:
    sound, missing = (track(a_file(tmp_path, name, name.encode()), checkout=checkout) for name in ("a", "b"))
    remote = remote_of_checkout(checkout)
    stored(remote, missing).unlink()

    with pytest.raises(ArtifactUnavailable) as refusal:
        pull([artifact_of(sound), artifact_of(missing)], remote=remote, into=tmp_path / "out")

    assert str(refusal.value) == (
        f"DVC remote storage ({tmp_path}/storage) does not hold b ({missing.hash}); "
        "push it from where it was made: dvc push"
    )
    assert list((tmp_path / "out").iterdir()) == []


def test_a_damaged_object_is_noticed_and_what_was_there_stays(checkout: Path, tmp_path: Path) -> None:
    tracked = track(a_file(tmp_path, "model.bin"), checkout=checkout)
    remote = remote_of_checkout(checkout)
    damaged = stored(remote, tracked)
    damaged.chmod(0o600)
    damaged.write_bytes(CONTENT[:-1] + b"?")
    damaged.chmod(0o444)
    out = tmp_path / "out"
    out.mkdir()
    a_file(out, "model.bin", b"older")

    with pytest.raises(ArtifactUnavailable, match=f"holds model.bin damaged: what came is not {tracked.hash}"):
        pull([artifact_of(tracked)], remote=remote, into=out)

    assert damaged.exists()
    assert (out / "model.bin").read_bytes() == b"older"


def test_a_file_that_is_there_already_is_not_fetched(checkout: Path, tmp_path: Path) -> None:
    tracked = track(a_file(tmp_path, "model.bin"), checkout=checkout)
    remote = remote_of_checkout(checkout)
    stored(remote, tracked).unlink()

    assert pull([artifact_of(tracked)], remote=remote, into=tmp_path) == (tmp_path / "model.bin",)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", ""])
def test_nothing_is_put_outside_the_folder(checkout: Path, tmp_path: Path, path: str) -> None:
    artifact = Artifact(path=path, hash="md5:" + "0" * 32, size=1)

    with pytest.raises(UsageError, match="is not a path inside"):
        pull([artifact], remote=remote_of_checkout(checkout), into=tmp_path / "out")


def test_a_folder_in_the_way_is_told(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "model.bin").mkdir(parents=True)
    artifact = Artifact(path="model.bin", hash="md5:" + "0" * 32, size=1)

    with pytest.raises(UsageError, match=r"model\.bin is a folder"):
        pull([artifact], remote=remote_of_checkout(checkout), into=tmp_path / "out")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_data_comes_over_http_too(checkout: Path, tmp_path: Path) -> None:
    tracked = track(a_file(tmp_path), checkout=checkout)
    absent = Artifact(path="absent", hash="md5:" + "0" * 32, size=1)

    with served(tmp_path / "storage") as url:
        remote = remote_of_config(f"[core]\nremote = web\n['remote \"web\"']\nurl = {url}\n".encode())
        (pulled,) = pull([artifact_of(tracked)], remote=remote, into=tmp_path / "out")
        with pytest.raises(ArtifactUnavailable, match="does not hold absent"):
            pull([absent], remote=remote, into=tmp_path / "out")

    assert pulled.read_bytes() == CONTENT


def test_a_remote_that_is_down_says_so(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        pass
    remote = remote_of_config(f"[core]\nremote = web\n['remote \"web\"']\nurl = {url}\n".encode())

    with pytest.raises(RegistrarError, match=r"DVC remote web .* see whether it is up"):
        pull([Artifact(path="x", hash="md5:" + "0" * 32, size=1)], remote=remote, into=tmp_path / "out")
