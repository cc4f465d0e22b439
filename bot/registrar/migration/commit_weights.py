"""Knows how the weights at a path of a commit are brought: from git, or from wherever DVC keeps them.

In a clone of one's own DVC itself does it, which follows whatever the repository names: other repositories, addresses,
files of this machine, commands. Of a repository that is known by its address alone only hashes are taken, and they are
looked up in its default remote.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from registrar.artifacts.dvc_settings import CONFIG
from registrar.artifacts.objects import fetch_folder, fetch_object
from registrar.artifacts.remotes import DvcRemote, remote_of_config
from registrar.errors import ArtifactUnavailable, RegistrarError, Unknown
from registrar.migration.dvc_files import Tracked, files_at, is_of_dvc, tracked_at
from registrar.migration.foreign import without_secrets
from registrar.repository.git import GitRepository

_ALL = PurePosixPath()  # of a folder


def bring_by_dvc(top: Path, commit: str, path: str, target: Path) -> None:
    """Let DVC bring a file, or a folder, to the target. Raises `ArtifactUnavailable`."""
    from dvc.api import DVCFileSystem

    try:
        DVCFileSystem(str(top), rev=commit).get(path, str(target), recursive=True)
    except Exception as error:  # each storage's library raises what it likes
        reason = without_secrets(" ".join(str(error).split()))[:300] or type(error).__name__
        mend = "see whether its DVC remote is up and holds it: dvc fetch --all-tags"
        raise ArtifactUnavailable(f"{path} at {commit[:7]} cannot be had: {reason}; {mend}") from error


def bring_by_hash(git: GitRepository, commit: str, path: str, target: Path) -> None:
    """Bring a file, or a folder, to the target, by nothing but git and what DVC has hashed. Raises `RegistrarError`."""
    entry = git.entry(commit, path)
    if entry is not None and entry.is_file:
        target.write_bytes(git.run("cat-file", "blob", entry.id))
        return
    try:
        if entry is not None and entry.is_folder:
            _bring_files(git, commit, path, target)
        _bring_tracked(git, commit, PurePosixPath(path), target)
    except (RegistrarError, OSError) as error:  # the latter where a file would be a folder, too
        mend = "from a clone of your own, DVC itself brings it: --from FOLDER"
        raise ArtifactUnavailable(f"{path} at {commit[:7]} cannot be had: {error}; {mend}") from error
    if not target.exists():
        what = f"is a {entry.kind}" if entry is not None and not entry.is_folder else "is not in git"
        raise Unknown(f"{path} at {commit[:7]} {what}, and no file of DVC's there names its data")


def _bring_files(git: GitRepository, commit: str, folder: str, target: Path) -> None:
    for path, blob in files_at(git, commit, folder).items():
        if not is_of_dvc(path):
            file = target / PurePosixPath(path).relative_to(folder)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(git.run("cat-file", "blob", blob))


def _bring_tracked(git: GitRepository, commit: str, path: PurePosixPath, target: Path) -> None:
    for tracked in tracked_at(git, commit):
        if git.entry(commit, str(tracked.path)) is not None:  # DVC only measures it
            continue
        if tracked.path.is_relative_to(path):
            _from_any_remote(git, commit, tracked, target / tracked.path.relative_to(path), _ALL)
        elif path.is_relative_to(tracked.path) and tracked.data.is_folder:
            _from_any_remote(git, commit, tracked, target, path.relative_to(tracked.path))


def _from_any_remote(git: GitRepository, commit: str, tracked: Tracked, target: Path, part: PurePosixPath) -> None:
    """The remote may have moved since the commit; whatever holds the hash is right."""
    failures = []
    for config in _configs(git, commit):
        try:
            _fetch(remote_of_config(config, tracked.remote), tracked, target, part)
        except RegistrarError as error:
            failures.append(error)
        else:
            return
    raise failures[0] if failures else Unknown(f"the repository has no {CONFIG}")


def _fetch(remote: DvcRemote, tracked: Tracked, target: Path, part: PurePosixPath) -> None:
    if tracked.data.is_folder:
        fetch_folder(remote, tracked.data, target, part=part)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        fetch_object(remote, tracked.data, target)


def _configs(git: GitRepository, commit: str) -> Iterator[bytes]:
    newest, then = (git.read(at, CONFIG) for at in (git.resolve("HEAD"), commit))
    if newest is not None:
        yield newest
    if then is not None and then != newest:
        yield then
