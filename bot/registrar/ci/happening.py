"""Knows what the commit or tag at hand did to the registry, in the words of GTO's users."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from registrar.core import layout
from registrar.core.candidates import makes_room
from registrar.core.paths import is_of_registry
from registrar.errors import RegistrarError
from registrar.repository.described import described
from registrar.repository.git import GitRepository
from registrar.repository.model_changes import model_changes
from registrar.repository.revisions import revision
from registrar.repository.snapshot import Snapshot, snapshot

_TAG = re.compile(r"(?P<model>[^@#]+)(?:@v(?P<version>[^!#]+)|#(?P<stage>[^!#]+)(?P<gone>!?)(?:#[0-9]+)?)")
_TYPE = "model"


def happened(folder: Path, tag: str) -> Mapping[str, str]:
    """The first thing that it did, as outputs; none where it did nothing, or where git does not have what it takes."""
    try:
        git = GitRepository.of_checkout(folder)
        at = snapshot(git, revision(git, f"refs/tags/{tag}" if tag else "HEAD"))
        found = _of_tag(at, tag) if tag else next(_of_commit(at), {})
        return {**found, **_known(at, found)}
    except RegistrarError:  # what is wrong with the registry is told by the command that looks for it
        return {}


def _of_tag(at: Snapshot, tag: str) -> Mapping[str, str]:
    read = _TAG.fullmatch(tag)
    if read is None:
        return {}
    if read["version"]:
        return {"event": "registration", "name": read["model"], "version": read["version"]}
    event = "unassignment" if read["gone"] else "assignment"
    return {"event": event, "name": read["model"], "stage": read["stage"], "version": _tagged(at, read["model"])}


def _tagged(at: Snapshot, model: str) -> str:
    """The version whose tag stands on the same commit, as GTO has it; empty where a job did not fetch that tag."""
    wanted = f"refs/tags/{model}@v*"
    found = at.repository.run("for-each-ref", f"--points-at={at.commit}", "--format=%(refname)", wanted).decode()
    names = (_TAG.fullmatch(ref.removeprefix("refs/tags/")) for ref in found.splitlines())
    return next((name["version"] for name in names if name and name["version"]), "") or _version_for_dvc(at, model)


def _version_for_dvc(at: Snapshot, model: str) -> str:
    """What stands for DVC on the commit of a version's tag where the bot made that."""
    text = at.text("dvc.yaml") or b""
    found = re.search(rb'"path": "([^"]+)"', text)
    version = layout.version_of_path(found[1].decode("utf-8", "replace")) if found else None
    return version[1] if version and version[0] == model else ""


def _of_commit(at: Snapshot) -> Iterator[Mapping[str, str]]:
    """What was asked for first, then what made room for it, then what was registered."""
    git, parent = at.repository, at.repository.first_parent(at.commit)
    if parent is None or not git.contains(parent):
        return
    before = snapshot(git, parent)
    paths = [file.path for file in git.diff(parent, at.commit) if is_of_registry(file.path)]
    rules = at.registry()
    changes = tuple(model_changes(paths, fork=before, base=before, head=at))
    moves = [move for change in changes for move in change.transitions(rules) if not move.keeps_status]
    for move in sorted(moves, key=lambda move: (makes_room(rules, move), move.after == rules.initial)):
        gone = move.after == rules.initial
        stage = move.before if gone else move.after
        event = "unassignment" if gone else "assignment"
        yield {"event": event, "name": move.model, "version": move.version, "stage": stage}
    for change in changes:
        for version in change.registered:
            yield {"event": "registration", "name": change.name, "version": version}


def _known(at: Snapshot, found: Mapping[str, str]) -> Mapping[str, str]:
    """What the registry says of the version."""
    model, version = found.get("name", ""), found.get("version", "")
    words = described(at, model, version) if version else {}
    return {"type": _TYPE, **words} if model else {}
