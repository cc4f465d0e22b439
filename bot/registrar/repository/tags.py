"""Knows the tags of a registry on its remote: read by their names, added and never moved."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pygit2

from registrar.core.gto import Tag
from registrar.repository.changesets import clean
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository

_TAGS = "refs/tags/"
_OBJECT = ("%(objectname)", "%(*objectname)", "%(creatordate:unix)", "%(taggername) %(taggeremail)")
_FIELDS = ("%(refname)", *_OBJECT, "%(contents)")


def fetched_tags(git: GitRepository, *models: str) -> tuple[Tag, ...]:
    """Every tag of these models, as the remote has them now: it is asked for no other."""
    patterns = [f"{_TAGS}{model}{mark}*" for model in models for mark in "@#"]
    git.fetch(*patterns)
    return _listed(git, *map(git.tracking, patterns))


def tags_of_clone(git: GitRepository) -> tuple[Tag, ...]:
    """Every tag that a clone holds, as it was last fetched or as it was made there."""
    return _listed(git, _TAGS)


def push_tag(git: GitRepository, tag: Tag, *, tagger: Signature) -> None:
    """Add it to the remote. Pushing it again succeeds; raises `PushRejected` when another is called so."""
    git.push(f"{_TAGS}{tag.name}", _written(git, tag, tagger), expected=None)


def _listed(git: GitRepository, *patterns: str) -> tuple[Tag, ...]:
    output = git.run("for-each-ref", f"--format={'%00'.join(_FIELDS)}%00", *patterns)
    return tuple(_parsed(output.decode("utf-8", "replace")))


def _parsed(output: str) -> Iterator[Tag]:
    fields = output.split("\0")[:-1]
    for ref, object_id, tagged, at, tagger, message in zip(*[iter(fields)] * len(_FIELDS), strict=True):
        name = ref.strip().partition("/tags/")[2]
        said = message if tagged else ""
        yield Tag(name, tagged or object_id, _moment(at), said, is_annotated=bool(tagged), tagger=tagger.strip())


def _moment(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds or 0), UTC)
    except (ValueError, OverflowError, OSError):  # git stores any number as a time, also one that no calendar has
        return datetime.fromtimestamp(0, UTC)


def _written(git: GitRepository, tag: Tag, tagger: Signature) -> str:
    """The same tag by the same person is the same object, so that two who make it make one."""
    who = f"{clean(tagger.name)} <{clean(tagger.email)}> {int(tag.at.timestamp())} +0000"
    text = f"object {tag.commit}\ntype commit\ntag {tag.name}\ntagger {who}\n\n{tag.message}"
    return str(git.objects.write(pygit2.enums.ObjectType.TAG, text.encode()))
