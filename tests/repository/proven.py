"""Builds registries with a ledger as the bot keeps it, and as somebody who means harm would leave it."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pygit2

from registrar.core.ledger import Counted, Entry, Merged
from registrar.core.ledger_text import written
from registrar.core.lifecycle import Transition
from registrar.core.people import Permission, Person
from registrar.core.proof_facts import Finding, Grade
from registrar.repository.changesets import changed_tree, commit_change
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository
from registrar.repository.proving import Proof, Question
from repository.registries import a_dvc_file, a_version

REF = "refs/notes/registrar"
STATUS = "models/digits/status.yaml"
GUARDED = (STATUS, "registry.yaml", "CODEOWNERS", "allowed_signers")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA, RAJ, MEI, EVE = Person(1, "ana"), Person(2, "raj"), Person(3, "mei"), Person(6, "eve")
BOT = Person(99, "registrar-bot", is_bot=True)
OWNERS = "* @ana @raj\n"
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
break_glass: {people: ["@ana", "@acme/oncall"]}
"""
HEAD = "3f2a91c" + 33 * "0"
URLS = {"github": "https://forge.example/acme/registry/pull/", "gitlab": "https://forge.example/r/-/merge_requests/"}
PROMOTED = "Production: [1.1.0]\nArchived: [1.0.0]\n"
MOVES = (
    Transition("digits", "1.0.0", "Production", "Archived"),
    Transition("digits", "1.1.0", "Staging", "Production"),
)

Files = Mapping[str, str | bytes | None]


def approved(*people: Person, path: str = STATUS, rule: str = "CODEOWNERS:1") -> tuple[Counted, ...]:
    """Each of them approved by a line that names them."""
    return tuple(
        Counted(person, Permission.ADMIN, path, rule, f"@{person.login}", 10 + person.id, HEAD, NOON)
        for person in people
    )


@dataclass
class Registry:
    """A person's clone of a registry, the key that its bot signs with, and what was done so far."""

    folder: Path
    key: Path
    merges: int = 0
    moment: datetime = NOON
    signs: bool = True
    pushes: int = 0

    @cached_property
    def clone(self) -> GitRepository:
        """The same, as we read it."""
        return GitRepository.of_checkout(self.folder)

    # What people do

    def git(self, *arguments: str, signs_with: Path | None = None, at: str = "") -> str:
        signing = {"gpg.format": "ssh", "user.signingkey": str(signs_with or self.key)}
        words = [word for key, value in signing.items() for word in ("-c", f"{key}={value}")]
        command = ["git", "-C", str(self.folder), *words, *arguments]
        when = {"GIT_COMMITTER_DATE": at} if at else {}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **when})
        return done.stdout.strip()

    def push(self, files: Files, message: str = "Change") -> str:
        """Put files straight onto the base; the sha is returned."""
        changes = {path: each.encode() if isinstance(each, str) else each for path, each in files.items()}
        author = Signature("ana", "ana@example.org", self.moment)
        self.pushes += 1  # what changes nothing is a commit, too
        text = f"{message} {self.pushes}"
        before = self.tip
        made = commit_change(self.clone, before, changes, message=text, author=author) if before else ""
        if made == before:
            made = self._commit(changes, before, text, author)
        self.clone.objects.references.create("refs/heads/main", made, force=True)
        return made

    def _commit(self, files: Mapping[str, bytes | None], before: str, text: str, author: Signature) -> str:
        tree = changed_tree(self.clone, self.clone.tree_id(before) if before else None, files)
        person = pygit2.Signature(author.name, author.email, int(author.at.timestamp()), 0)
        return str(self.clone.objects.create_commit(None, person, person, text, tree, [before] if before else []))

    def link(self, path: str, to: str) -> str:
        """Put a symbolic link onto the base; the sha is returned."""
        blob = self.clone.objects.create_blob(to.encode())
        self.git("read-tree", "main")
        self.git("update-index", "--add", "--cacheinfo", f"120000,{blob},{path}")
        made = self.git("commit-tree", "-m", "Link", "-p", "main", self.git("write-tree"))
        self.git("update-ref", "refs/heads/main", made)
        return made

    @property
    def tip(self) -> str:
        """The newest commit of the base; empty before the first."""
        found = self.clone.objects.references.get("refs/heads/main")
        return str(found.target) if found is not None else ""

    def text(self, path: str) -> str:
        """What a file of the base holds now; nothing when it is not there."""
        return (self.clone.read(self.tip, path) or b"").decode()

    def merge(self, files: Files, *, by: tuple[Person, ...] = (ANA,), **changes: Any) -> str:
        """Land what was approved, and note it as the bot does."""
        before = self.tip
        sha = self.push(files, "Merge")
        self.note(sha, self.entry(sha, before, by=by, **changes))
        return sha

    def promote(self, version: str, *, before: str = "Staging", after: str = "Production", **changes: Any) -> str:
        """Give a status to a version; what holds Production is displaced."""
        text, moves = self.promotion(version, before=before, after=after)
        return self.merge({STATUS: text}, **{"transitions": moves} | changes)

    def promotion(self, version: str, *, before: str, after: str) -> tuple[str, tuple[Transition, ...]]:
        """The status file that a promotion leaves, and what changes."""
        held = {status: [each for each in had if each != version] for status, had in self._holders().items()}
        displaced = held.get(after, []) if after == "Production" else []
        moves = [Transition("digits", version, before, after)]
        moves += [Transition("digits", each, after, "Archived") for each in displaced]
        held[after] = [version] if after == "Production" else [*held.get(after, []), version]
        held["Archived"] = [*held.get("Archived", []), *displaced]
        text = "".join(f"{status}: [{', '.join(had)}]\n" for status, had in sorted(held.items()) if had)
        return text, tuple(sorted(moves, key=lambda move: move.version))

    def _holders(self) -> dict[str, list[str]]:
        lines = (line.split(": ") for line in self.text(STATUS).splitlines())
        return {status: had.strip("[]").split(", ") for status, had in lines}

    # What the bot notes

    def entry(self, sha: str, before: str, *, by: tuple[Person, ...] = (ANA,), **changes: Any) -> Merged:
        """What the bot says of a merge that it approved; the moment moves on by an hour with each."""
        self.merges += 1
        self.moment += timedelta(hours=1)
        guarded = [path for path in GUARDED if self.blob(before, path) != self.blob(sha, path)]
        said: dict[str, Any] = {
            "number": self.merges,
            "url": f"{URLS['github']}{self.merges}",
            "at": self.moment,
            "commit": sha,
            "before": before,
            "head": HEAD,
            "author": BOT,
            "requester": MEI,
            "contributors": (BOT,),
            "ruling": "approved",
            "reason": "approved by ana (CODEOWNERS:1)",
            "transitions": (),
            "registrations": (),
            "approvals": tuple(each for path in guarded for each in approved(*by, path=path)),
            "checks": (),
            "measured": (),
            "content": tuple((path, self.blob(sha, path)) for path in guarded),
        }
        return Merged(**said | changes)

    def note(self, sha: str, *entries: Entry, signs_with: Path | None = None, at: str = "") -> str:
        """Add entries to the note of a commit, in a signed commit of the ledger; its sha is returned."""
        present = self.shown(sha)
        return self.rewrite(sha, present + written(entries), signs_with=signs_with, at=at)

    def rewrite(self, sha: str, text: str | bytes | None, *, signs_with: Path | None = None, at: str = "") -> str:
        """Let a note hold just this, or nothing, in one more commit of the ledger; its sha is returned."""
        tip = self.ledger_tip
        content = text.encode() if isinstance(text, str) else text
        tree = changed_tree(self.clone, self.clone.tree_id(tip) if tip else None, {f"{sha[:2]}/{sha[2:]}": content})
        return self.keep_notes(tree, *([tip] if tip else []), signs_with=signs_with, at=at)

    def keep_notes(self, tree: str, *parents: str, signs_with: Path | None = None, at: str = "") -> str:
        """One more commit of the ledger, or one that has nothing to do with it; its sha is returned."""
        words = [word for parent in parents for word in ("-p", parent)]
        sign = ["-S"] if self.signs else []
        made = self.git("commit-tree", *sign, *words, "-m", "Note", tree, signs_with=signs_with, at=at)
        self.clone.objects.references.create(REF, made, force=True)
        return made

    @property
    def ledger_tip(self) -> str:
        """The newest commit of the ledger; empty before the first."""
        found = self.clone.objects.references.get(REF)
        return str(found.target) if found is not None else ""

    def shown(self, sha: str) -> str:
        """What the note of a commit says now; nothing when there is none."""
        tip = self.ledger_tip
        return (self.clone.read(tip, f"{sha[:2]}/{sha[2:]}") or b"").decode() if tip else ""

    def blob(self, sha: str, path: str) -> str:
        """The id of a file's content; empty when it is not there."""
        return self.clone.blob_id(sha, path) or ""

    # What a reader finds

    def prove(self, **asked: Any) -> "Read":
        proof = Proof(Question(self.clone, self.tip, **{"unsigned": not self.signs} | asked))
        return Read(tuple(proof.findings()), proof)


@dataclass(frozen=True)
class Read:
    """What a proof said."""

    found: tuple[Finding, ...]
    proof: Proof

    @property
    def breaches(self) -> list[tuple[str, str, str]]:
        """Commit, what, and why."""
        return [(each.commit, each.what, each.why) for each in self.found if each.grade is Grade.BREACH]

    def of(self, grade: Grade) -> list[str]:
        return [each.what for each in self.found if each.grade is grade]


def a_key(folder: Path, name: str = "bot") -> Path:
    """A new key pair; the private one's file."""
    file = folder / f"{name}-key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file)], check=True)
    return file


def allowing(*keys: Path) -> str:
    """An allowed_signers that names these keys."""
    return "".join(f'registrar-bot namespaces="git" {Path(f"{key}.pub").read_text()}' for key in keys)


def a_registry(root: Path, files: Files | None = None, *, signs: bool = True) -> Registry:
    """1.0.0 in Production by its first commit, 1.1.0 in Staging; ana and raj own all; the bot's key may sign."""
    folder = root / "clone"
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    key = a_key(root) if signs else root
    made = Registry(folder, key, signs=signs)
    start: dict[str, str | bytes | None] = {
        "registry.yaml": RULES,
        "CODEOWNERS": OWNERS,
        "models/digits/model.yaml": "description: Handwritten digits\n",
        STATUS: "Production: 1.0.0\nStaging: 1.1.0\n",
        **({"allowed_signers": allowing(key)} if signs else {}),
    }
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        start |= version_files(version)
    made.push({**start, **(files or {})}, "Start")
    return made


def version_files(version: str) -> dict[str, str | bytes | None]:
    """The files of one version."""
    folder = f"models/digits/versions/{version}"
    return {f"{folder}/version.yaml": a_version(), f"{folder}/weights.bin.dvc": a_dvc_file()}
