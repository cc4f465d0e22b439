"""A base that was begun anew, its ledger deleted, is named by whoever has seen more of it."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from registrar.repository.git import GitRepository
from registrar.repository.proving import Proof, Question
from repository.proven import REF, Registry, a_registry

REWRITTEN = "the base was rewritten"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    made = a_registry(tmp_path, signs=False)
    made.promote("1.1.0")
    return made


def begin_anew(registry: Registry) -> None:
    """What the base holds now is all that it ever held, and nothing tells of more."""
    start = registry.git("commit-tree", "-m", "Start", "main^{tree}")
    registry.git("update-ref", "refs/heads/main", start)
    registry.git("update-ref", "-d", REF)


def found_in(clone: Path) -> list[tuple[str, str]]:
    git = GitRepository.of_checkout(clone)
    proof = Proof(Question(git, git.resolve("main"), unsigned=True, tracked="refs/remotes/origin/main"))
    return [(each.commit, each.what) for each in proof.findings()]


@pytest.mark.parametrize("fetches", [0, 1])
def test_a_clone_that_has_fetched_more_names_it(registry: Registry, tmp_path: Path, fetches: int) -> None:
    clone = tmp_path / "earlier"
    subprocess.run(["git", "clone", "--quiet", str(registry.folder), str(clone)], check=True)
    fetch = ["git", "-C", str(clone), "fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*"]
    for _ in range(fetches):
        registry.push({"README.md": "Hello\n"})
        subprocess.run([*fetch, f"+{REF}:{REF}"], check=True)
        assert found_in(clone) == []
    seen = registry.tip
    begin_anew(registry)
    subprocess.run(fetch, check=True)
    subprocess.run(["git", "-C", str(clone), "update-ref", "-d", REF], check=True)

    assert found_in(clone) == [(seen, REWRITTEN)]


def test_a_base_that_was_pushed_on_over_a_merge_of_itself_is_not_rewritten(registry: Registry, tmp_path: Path) -> None:
    clone = tmp_path / "earlier"
    subprocess.run(["git", "clone", "--quiet", str(registry.folder), str(clone)], check=True)
    before = registry.tip
    sha = registry.git("commit-tree", "-m", "Merge main", "-p", "main~1", "-p", "main", "main^{tree}")
    registry.git("update-ref", "refs/heads/main", sha)
    registry.note(sha, replace(registry.entry(sha, registry.git("rev-parse", "main~1")), transitions=()))
    subprocess.run(["git", "-C", str(clone), "fetch", "--quiet", "origin", f"+{REF}:{REF}", "main"], check=True)

    assert (before, REWRITTEN) not in found_in(clone)


def test_a_tag_of_the_bots_names_it(registry: Registry) -> None:
    landed = registry.tip
    registry.git("tag", "-a", "digits@v1.1.0", "-m", f"Register digits 1.1.0\n\nLanded: {landed}")
    registry.git("tag", "-a", "release", "-m", "Landed: well")
    assert registry.prove().found == ()
    begin_anew(registry)

    assert registry.prove().breaches == [
        (landed, REWRITTEN, "the tag digits@v1.1.0 tells that it landed, and the base lacks it")
    ]
