"""Knows how to make a registry with a long history: as many changes of status as wanted, each with its note."""  # noqa: INP001 - beside a script

import hashlib
import random
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO

from registrar.core.ledger import Check, Counted, Deployed, Measured, Merged
from registrar.core.ledger_text import written
from registrar.core.lifecycle import Transition
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Outcome

BOT, MEI, ANA = Person(1, "registrar-bot", is_bot=True), Person(2, "mei"), Person(3, "ana")
RULES = """\
statuses:
  Development: {}
  Staging: {promotes_from: [Development]}
  Production:
    promotes_from: [Staging]
    holders: one
    displaced_to: Archived
    approvals: {count: 1, from: codeowners, permission: admin}
  Archived: {promotes_from: [Development, Staging, Production]}
"""
_SPACING = 300  # seconds between two commits
_START = 1_600_000_000
_METRICS = "metrics: {accuracy: 0.95, latency: 5.0}\n"
_WEIGHTS = "path: model.joblib, size: 10, hash: 'md5:"
_NOTES_A_COMMIT = 1_000


@dataclass(slots=True)
class _Model:
    name: str
    versions: int = 0
    production: str = ""
    staging: str = ""
    archived: list[str] = field(default_factory=list)

    def text(self) -> str:
        lines = [f"Production: {self.production}\n"] if self.production else []
        lines += [f"Staging: {self.staging}\n"] if self.staging else []
        lines += ["Archived:\n", *(f"  - {version}\n" for version in self.archived)] if self.archived else []
        return "".join(lines)


@dataclass(frozen=True, slots=True)
class _Merge:
    """A merge of which the ledger tells; marks stand for what its commits will be called."""

    number: int
    landed: int
    head: int
    before: int
    at: datetime
    transitions: Sequence[Transition]
    blob: str  # of the status file


def make(folder: Path, *, transitions: int, models: int) -> None:
    """Make a repository whose `main` holds so many changes of status, and whose ledger tells of each."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", folder], check=True)
    marks = folder / "marks"
    with _fast_import(folder, f"--export-marks={marks}") as stream:
        history = _History(stream, models)
        history.grow(transitions)
    shas = dict(line.split() for line in marks.read_text().splitlines())
    with _fast_import(folder) as stream:
        _note(stream, history.merges, shas)


class _Importing:
    """Git, taking a history from a stream."""

    def __init__(self, folder: Path, options: Sequence[str]) -> None:
        command = ["git", "-C", str(folder), "fast-import", "--quiet", *options]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE)

    def __enter__(self) -> IO[bytes]:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe, as asked
        return self._process.stdin

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
        if self._process.returncode:
            raise SystemExit("git fast-import failed")


def _fast_import(folder: Path, *options: str) -> _Importing:
    return _Importing(folder, options)


class _History:
    """Registrations, each one commit; promotions, each a commit of the bot's and the merge that lands it."""

    def __init__(self, stream: IO[bytes], models: int) -> None:
        self._stream = stream
        self._models = [_Model(f"team-{number % 10}/model-{number}") for number in range(models)]
        self._chance = random.Random(1)  # noqa: S311 - the same registry every time
        self._marks = 0
        self._tip = self._commit("main", "Start", {"registry.yaml": RULES, "CODEOWNERS": "* @ana\n"})
        self.merges: list[_Merge] = []

    def grow(self, transitions: int) -> None:
        """Register versions and promote them, to Staging and on to Production, which displaces."""
        done = 0
        while done < transitions:
            model = self._chance.choice(self._models) if done else self._models[0]  # which has a history, however short
            version = self._registered(model)
            model.staging = version
            done += self._promoted(model, Transition(model.name, version, "Development", "Staging"))
            moves = [Transition(model.name, version, "Staging", "Production")]
            if model.production:
                moves.append(Transition(model.name, model.production, "Production", "Archived"))
                model.archived.append(model.production)
            model.production, model.staging = version, ""
            done += self._promoted(model, *moves)

    def _registered(self, model: _Model) -> str:
        model.versions += 1
        version = f"1.{model.versions}.0"
        folder = f"models/{model.name}/versions/{version}"
        digest = f"{self._chance.getrandbits(128):032x}"
        files = {
            f"{folder}/version.yaml": f"{_METRICS}artifacts: {{weights: {{{_WEIGHTS}{digest}'}}}}\n",
            f"{folder}/model.joblib.dvc": f"outs:\n- md5: '{digest}'\n  size: 10\n  hash: md5\n  path: model.joblib\n",
        }
        if model.versions == 1:
            files[f"models/{model.name}/model.yaml"] = "description: one of many\n"
        self._tip = self._commit("main", f"Register {model.name} {version}", files, self._tip)
        return version

    def _promoted(self, model: _Model, *moves: Transition) -> int:
        before, number = self._tip, len(self.merges) + 1
        files = {f"models/{model.name}/status.yaml": model.text()}
        wish = f"Promote {moves[0].model} {moves[0].version} to {moves[0].after}"
        head = self._commit("work", f"{wish}\n\nRequested-by: mei <2+mei@users.noreply.github.com>\n", files, before)
        title = f"Merge pull request #{number} from acme/registrar/promote\n\n{wish}\n"
        self._tip = self._commit("main", title, files, before, head)
        at = datetime.fromtimestamp(_START + self._marks * _SPACING, UTC)
        self.merges.append(_Merge(number, self._tip, head, before, at, moves, _blob(model.text())))
        return len(moves)

    def _commit(self, branch: str, message: str, files: Mapping[str, str], *parents: int) -> int:
        self._marks += 1
        when = f"{_START + self._marks * _SPACING} +0000"
        lines = [f"commit refs/heads/{branch}", f"mark :{self._marks}"]
        lines += [f"author mei <mei@example.org> {when}", f"committer GitHub <noreply@github.com> {when}"]
        lines += [_data(message), *(f"{word} :{mark}" for word, mark in zip(("from", "merge"), parents, strict=False))]
        lines += [f"M 100644 inline {path}\n{_data(text)}" for path, text in files.items()]
        self._stream.write("\n".join([*lines, ""]).encode())
        return self._marks


def _note(stream: IO[bytes], merges: Sequence[_Merge], shas: Mapping[str, str]) -> None:
    for first in range(0, len(merges), _NOTES_A_COMMIT):
        when = f"{_START + first * _SPACING} +0000"
        lines = ["commit refs/notes/registrar", f"committer registrar-bot <bot@example.org> {when}", _data("Note")]
        for merge in merges[first : first + _NOTES_A_COMMIT]:
            names = [shas[f":{mark}"] for mark in (merge.landed, merge.head, merge.before)]
            lines.append(f"N inline {names[0]}\n{_data(_entries(merge, *names))}")
        stream.write("\n".join([*lines, ""]).encode())


@dataclass(frozen=True, slots=True)
class _Stencil:
    """The text of a note with words in it that stand for those of one merge: so it is composed only once."""

    text: str
    words: tuple[str, ...]

    def filled(self, *values: str) -> str:
        text = self.text
        for word, value in zip(self.words, values, strict=True):
            text = text.replace(word, value)
        return text


def _entries(merge: _Merge, landed: str, head: str, before: str) -> str:
    move, *others = merge.transitions
    left = [other.version for other in others]
    stencil = _stencil(move.before, move.after, has_left=bool(left))
    at = merge.at.isoformat().replace("+00:00", "Z")
    names = (landed, landed[:16], head, before, merge.blob)
    return stencil.filled(str(merge.number), at, *names, move.model, move.version, *left)


@cache
def _stencil(before: str, after: str, *, has_left: bool) -> _Stencil:
    number, at = 777_000_777, datetime(1999, 12, 31, tzinfo=UTC)
    landed, head, onto, blob = 40 * "a", 40 * "b", 40 * "c", 40 * "d"
    move = Transition("<model>", "<version>", before, after)
    left = [Transition("<model>", "<left>", "Production", "Archived")] if has_left else []
    merged = _merged(_Merge(number, 0, 0, 0, at, [move, *left], blob), landed, head, onto)
    text = written([merged, *_deploys(merged, move)])
    words = [str(number), "1999-12-31T00:00:00Z", landed, landed[:16], head, onto, blob, "<model>", "<version>"]
    return _Stencil(text, (*words, *(["<left>"] if has_left else [])))


def _merged(merge: _Merge, landed: str, head: str, before: str) -> Merged:
    move = merge.transitions[0]
    path = f"models/{move.model}/status.yaml"
    return Merged(
        number=merge.number,
        url=f"https://github.com/acme/registry/pull/{merge.number}",
        at=merge.at,
        commit=landed,
        before=before,
        head=head,
        author=BOT,
        requester=MEI,
        contributors=(BOT, MEI),
        ruling="approved",
        reason="approved by ana; accuracy 0.95 is not worse than that of Production",
        transitions=tuple(merge.transitions),
        registrations=(),
        approvals=(Counted(ANA, Permission.ADMIN, path, "CODEOWNERS:1", "@ana", merge.number, head, merge.at),),
        checks=(
            Check("lifecycle", "passed", f"{move.after} may be reached from {move.before}"),
            Check("gate accuracy", "passed", "accuracy 0.95 is not worse than Production's 0.94"),
            Check("gate latency", "passed", "latency 5 ms is at most 10 ms"),
            Check("approval", "passed", "approved by ana"),
        ),
        measured=(
            Measured(move.model, move.version, "accuracy", 0.95, "1.0.0", "Production", 0.94, "better"),
            Measured(move.model, move.version, "latency", 5.0, "1.0.0", "Production", 5.1, "better"),
        ),
        content=((path, merge.blob),),
    )


def _deploys(merged: Merged, move: Transition) -> Sequence[Deployed]:
    if move.after != "Production":
        return ()
    started = Deployed(
        operation=f"deploy-{merged.number}-{merged.commit[:16]}",
        number=merged.number,
        at=merged.at,
        model=move.model,
        version=move.version,
        status=move.after,
        repository="acme/app",
        pipeline="deploy.yml",
        outcome=Outcome.PENDING,
        detail="queued",
        url=f"https://github.com/acme/app/actions/runs/{merged.number}",
    )
    return (started, replace(started, outcome=Outcome.SUCCESS, detail="completed"))


def _blob(text: str) -> str:
    """What git calls a file of this content."""
    content = text.encode()
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"
