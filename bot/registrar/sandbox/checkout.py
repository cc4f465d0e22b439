"""Knows what `uses: actions/checkout` does: a real clone of a repository at a commit, into the workspace."""

import base64
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registrar.sandbox.steps import Limits, Log, StepFailed, run_process

_KNOWN = {"repository", "ref", "token", "path", "fetch-depth", "persist-credentials", "lfs", "submodules"}


@dataclass(frozen=True, slots=True)
class Checkout:
    """What is checked out when the step asks for nothing else, and where."""

    repository: str  # acme/digits-ui
    repository_path: Path
    sha: str
    server_url: str
    workspace: Path


def check_out(
    checkout: Checkout, given: Mapping[str, str], *, environment: Mapping[str, str], log: Log, limits: Limits
) -> None:
    """Clone, and leave the commit checked out, detached. Raises `StepFailed`."""
    unknown = sorted(given.keys() - _KNOWN)
    if unknown:
        raise StepFailed(f"the sandbox's actions/checkout does not support {', '.join(unknown)}")
    folder = (checkout.workspace / given.get("path", "")).resolve()
    if not folder.is_relative_to(checkout.workspace.resolve()):
        raise StepFailed(f"the path {given['path']!r} is outside of the workspace")
    other = given.get("repository", "")
    is_own = other.lower() in {"", checkout.repository.lower()}
    source = str(checkout.repository_path) if is_own else f"{checkout.server_url}/{other}.git"
    wanted = given.get("ref") or (checkout.sha if is_own else "HEAD")
    if given.get("token"):
        environment = {**environment, **_authorization(given["token"])}
    log.say(f"Syncing repository: {other or checkout.repository} at {wanted}\n")
    _fetch(source, wanted, folder, environment=environment, log=log, limits=limits)
    if is_own and checkout.server_url:  # what has come by a short way is said to have come by the usual one
        _git(["remote", "set-url", "origin", f"{checkout.server_url}/{checkout.repository}.git"], folder, environment)
    log.say(f"HEAD is now at {_head(folder, environment)}\n")


def _fetch(source: str, wanted: str, folder: Path, *, environment: Mapping[str, str], log: Log, limits: Limits) -> None:
    """Into a folder that may hold files of earlier steps, so no plain clone."""
    folder.mkdir(parents=True, exist_ok=True)
    references = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
    for arguments in (
        ["init", "-q", "."],
        ["remote", "add", "origin", source],
        ["fetch", "-q", "--prune", "origin", *references],
    ):
        run_process(["git", *arguments], folder=folder, environment=environment, log=log, limits=limits)
    commit = _commit(folder, wanted, environment)
    git = ["git", "-c", "advice.detachedHead=false", "checkout", "-q", "--force", "--detach", commit]
    run_process(git, folder=folder, environment=environment, log=log, limits=limits)


def _commit(folder: Path, wanted: str, environment: Mapping[str, str]) -> str:
    """A branch as it is at the origin, a tag, or a commit; the origin's default branch for HEAD."""
    if wanted == "HEAD":
        _git(["remote", "set-head", "origin", "--auto"], folder, environment)
    short = wanted.removeprefix("refs/heads/")
    for candidate in (f"refs/remotes/origin/{short}", f"refs/tags/{wanted}", wanted):
        found = _git(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{candidate}^{{commit}}"], folder, environment
        )
        if found:
            return found
    raise StepFailed(f"A branch, tag or commit with the name {wanted!r} could not be found.")


def _head(folder: Path, environment: Mapping[str, str]) -> str:
    return _git(["log", "-1", "--format=%h %s"], folder, environment)


def _git(arguments: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    finished = subprocess.run(
        ["git", *arguments], cwd=folder, env=dict(environment), capture_output=True, text=True, check=False, timeout=60
    )
    return finished.stdout.strip()


def _authorization(token: str) -> dict[str, str]:
    """Through git's environment: never in an argument, an address or a file of the clone."""
    secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}",
    }
