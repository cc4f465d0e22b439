"""Which refs there are is told byte for byte as git tells it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pygit2
import pytest
from pygit2.enums import ObjectType

from registrar.sandbox import git
from registrar.sandbox.git_refs import asked_in, told

MEI = pygit2.Signature("mei", "mei@sandbox.invalid", 0, 0)


def message(*words: str) -> bytes:
    """What a client sends that asks for refs."""
    head = [line(each) for each in ("command=ls-refs", "agent=git/2.39.5", "object-format=sha1")]
    return b"".join([*head, b"0001", *map(line, words), b"0000"])


def line(text: str) -> bytes:
    return f"{len(text) + 5:04x}{text}\n".encode()


def by_git(path: Path, body: bytes) -> bytes:
    environment = git.quiet_environment() | {"GIT_PROTOCOL": "version=2"}
    command = ["git", "upload-pack", "--stateless-rpc", str(path)]
    return subprocess.run(command, input=body, env=environment, capture_output=True, check=True).stdout


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Branches, one of them with a slash, a tag of each kind, the head of a pull request, and a HEAD."""
    path = tmp_path / "registry.git"
    git.create_repository(path, "main")
    repository = git.opened(path)
    tree = repository.TreeBuilder().write()
    sha = repository.create_commit("refs/heads/main", MEI, MEI, "Start\n", tree, [])
    for name in ("refs/heads/registrar/digits", "refs/heads/registrar-2", "refs/tags/light", "refs/pull/1/head"):
        repository.references.create(name, sha)
    repository.create_tag("heavy", sha, ObjectType.COMMIT, MEI, "the first\n")
    return path


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="all"),
        pytest.param(("peel", "symrefs", "unborn"), id="all of each"),
        pytest.param(("peel", "symrefs", "unborn", "ref-prefix refs/heads/", "ref-prefix HEAD"), id="branches"),
        pytest.param(("peel", "ref-prefix refs/tags/"), id="tags"),
        pytest.param(("symrefs", "ref-prefix refs/notes/"), id="what is not there"),
    ],
)
def test_refs_are_told_as_git_tells_them(path: Path, words: Sequence[str]) -> None:
    asked = asked_in(message(*words))

    assert asked is not None
    assert told(path, asked) == by_git(path, message(*words))


@pytest.mark.parametrize("words", [(), ("symrefs",), ("unborn",), ("symrefs", "unborn")])
def test_of_an_empty_repository_git_is_told_as_much(tmp_path: Path, words: Sequence[str]) -> None:
    path = tmp_path / "empty.git"
    git.create_repository(path, "main")
    asked = asked_in(message(*words))

    assert asked is not None
    assert told(path, asked) == by_git(path, message(*words))


def test_whoever_asks_for_anything_else_is_left_to_git() -> None:
    assert asked_in(line("command=fetch") + b"0001" + line(f"want {'1' * 40}") + b"0000") is None
