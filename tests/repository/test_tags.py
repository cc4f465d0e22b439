"""Tags on a real remote: read by their names, added once, never moved."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pygit2
import pytest

from registrar.core.gto import Tag
from registrar.errors import PushRejected
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository
from registrar.repository.mirror import mirror
from registrar.repository.tags import fetched_tags, push_tag
from repository.upstream import ANA, Upstream

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOT = Signature("registrar-bot", "1+registrar-bot@forge", AT)


@pytest.fixture
def commit(upstream: Upstream) -> str:
    return upstream.commit({"registry.yaml": "tags: gto\n"})


@pytest.fixture
def git(upstream: Upstream, tmp_path: Path, commit: str) -> GitRepository:
    del commit  # there is something to fetch
    made = mirror(str(upstream.path), tmp_path / "mirror.git")
    made.fetch()
    return made


def on_the_remote(upstream: Upstream) -> Mapping[str, str]:
    listed = upstream.git("ls-remote", "--tags", "--refs", "origin").splitlines()
    return {name.removeprefix("refs/tags/"): sha for sha, _, name in (line.partition("\t") for line in listed)}


def a_tag(name: str, commit: str, message: str = "Register digits 1.0.0\n\nLanded: x\n") -> Tag:
    return Tag(name, commit, AT, message)


def test_a_tag_is_read_back_as_it_was_pushed(git: GitRepository, commit: str) -> None:
    tag = a_tag("risk/fraud#production!#3", commit)

    push_tag(git, tag, tagger=BOT)

    assert fetched_tags(git, "risk/fraud") == (replace(tag, tagger="registrar-bot <1+registrar-bot@forge>"),)


def test_git_itself_finds_a_tag_and_its_tagger_sound(git: GitRepository, upstream: Upstream, commit: str) -> None:
    push_tag(git, a_tag("digits@v1.0.0-rc.1+cpu", commit), tagger=replace(BOT, name="registrar <bot>\n"))

    upstream.git("fetch", "--quiet", "--tags", "origin")
    assert upstream.git("fsck", "--strict") == ""
    assert upstream.git(
        "for-each-ref", "--format=%(taggername) %(taggeremail) %(taggerdate:iso-strict)", "refs/tags"
    ) == ("registrar bot <1+registrar-bot@forge> 2026-03-01T12:00:00+00:00")


def test_only_the_tags_of_a_model_are_asked_for(git: GitRepository, commit: str) -> None:
    for name in ("digits@v1.0.0", "digits#qa#1", "digits-two@v1.0.0", "risk/digits@v1.0.0", "v1"):
        push_tag(git, a_tag(name, commit), tagger=BOT)

    assert [tag.name for tag in fetched_tags(git, "digits")] == ["digits#qa#1", "digits@v1.0.0"]


def test_a_tag_that_was_deleted_is_not_there_any_more(git: GitRepository, upstream: Upstream, commit: str) -> None:
    push_tag(git, a_tag("digits#qa#1", commit), tagger=BOT)
    fetched_tags(git, "digits")

    upstream.git("push", "--quiet", "origin", ":refs/tags/digits#qa#1")

    assert fetched_tags(git, "digits") == ()


def test_two_who_push_the_same_tag_make_one(
    git: GitRepository, upstream: Upstream, tmp_path: Path, commit: str
) -> None:
    other = mirror(str(upstream.path), tmp_path / "other.git")
    other.fetch()
    tag = a_tag("digits#qa#1", commit)

    push_tag(git, tag, tagger=BOT)
    push_tag(other, tag, tagger=replace(BOT, at=ANA.at))

    assert list(on_the_remote(upstream)) == ["digits#qa#1"]


def test_a_tag_that_is_there_is_never_moved(git: GitRepository, upstream: Upstream, commit: str) -> None:
    push_tag(git, a_tag("digits#qa#1", commit), tagger=BOT)
    before = on_the_remote(upstream)

    with pytest.raises(PushRejected):
        push_tag(git, a_tag("digits#qa#1", commit, "another merge\n"), tagger=BOT)

    assert on_the_remote(upstream) == before


def test_a_tag_by_hand_is_read_too_whatever_its_kind(git: GitRepository, upstream: Upstream, commit: str) -> None:
    upstream.git("tag", "digits@v1.0.0")
    upstream.git("tag", "--annotate", "--message", "by hand", "digits#qa#1")
    upstream.git("push", "--quiet", "--tags", "origin")

    found = fetched_tags(git, "digits")

    assert [(tag.name, tag.commit, tag.is_annotated, tag.landed) for tag in found] == [
        ("digits#qa#1", commit, True, ""),
        ("digits@v1.0.0", commit, False, ""),
    ]


def test_a_tag_of_a_time_that_no_calendar_has_is_of_long_ago(git: GitRepository, commit: str) -> None:
    text = f"object {commit}\ntype commit\ntag digits@v1.0.0\ntagger eve <eve@example.org> {10**17} +0000\n\nRegister\n"
    sha = str(git.objects.write(pygit2.enums.ObjectType.TAG, text.encode()))
    git.push("refs/tags/digits@v1.0.0", sha, expected=None)

    (found,) = fetched_tags(git, "digits")

    assert (found.commit, found.at.year) == (commit, 1970)


@pytest.mark.usefixtures("commit")
def test_in_a_checkout_the_tags_of_a_person_stay_as_they_are(upstream: Upstream) -> None:
    upstream.git("tag", "mine")
    git = GitRepository(upstream.checkout / ".git")

    fetched_tags(git, "digits")

    listed = subprocess.run(["git", "-C", str(upstream.checkout), "tag"], check=True, capture_output=True, text=True)
    assert listed.stdout == "mine\n"
