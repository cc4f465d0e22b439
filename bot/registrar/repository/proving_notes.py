"""Knows the ledger as a clone has it: the note of each commit, and the commits of the ledger with their signatures."""

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registrar.core.ledger import Entry
from registrar.core.ledger_text import keys_in, read, written
from registrar.core.paths import SIGNERS
from registrar.core.proof_signatures import LedgerCommit, NoteChange
from registrar.errors import InvalidRegistry, RegistrarError
from registrar.repository.auditing import LEDGER_REF, parts_of
from registrar.repository.changed_files import ChangedFile, parsed_raw_diff
from registrar.repository.git import GitRepository
from registrar.repository.processes import stream_git
from registrar.repository.signing import believing, lacks_signatures
from registry_schema import Problem

_FORMAT = "--format=tformat:%x00%H%x00%P%x00%ct%x00%G?%x00%GF"
_SHA = re.compile(r"[0-9a-f]{40}")
_PLAIN = "100644"
_LONGEST_TIME = 20  # digits
_WHO = "git log refs/notes/registrar tells who wrote it"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The notes of a registry at one tip."""

    repository: GitRepository
    tip: str

    def entries(self, commit: str) -> tuple[Entry, ...]:
        """What the note of a commit says; nothing when there is none. Raises `InvalidRegistry`."""
        where = f"note of {commit[:7]}"
        try:
            note = self.repository.objects.lookup_note(commit, LEDGER_REF)
        except KeyError:
            return ()
        try:
            text = self.repository.blob(str(note.id), where).decode()
        except UnicodeDecodeError as error:
            raise InvalidRegistry([Problem(where, 0, "is not UTF-8", _WHO)]) from error
        entries = read(text, where=where)
        if written(entries) != text:
            raise InvalidRegistry([Problem(where, 0, "is not written as the bot writes it", _WHO)])
        twice = [key for key, times in Counter(entry.key for entry in entries).items() if times > 1]
        if twice:  # either may contradict the other, and the bot adds what it has noted already to no note
            raise InvalidRegistry([Problem(where, 0, f"tells of {twice[0]} more than once", _WHO)])
        return entries

    def annotated(self) -> Iterator[str]:
        """Every commit that has a note."""
        walk = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", "--end-of-options", self.tip]
        for path in parts_of(stream_git(self.repository.directory, self._here, *walk)):
            if (of := _annotated(path.decode("utf-8", "replace"))) is not None:
                yield of

    def commits(self, signers: bytes) -> Iterator[LedgerCommit]:
        """Every commit of the ledger, oldest first. Raises `RegistrarError` where signatures cannot be checked."""
        _refuse_without_ssh(self.repository)
        walk = ["log", "--reverse", "--topo-order", "-z", "--raw", "--no-abbrev", "--no-renames", "--root"]
        ends = [_FORMAT, "--no-notes", "--end-of-options", self.tip, "--"]
        with believing(signers) as settings:
            said = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
            parts = parts_of(stream_git(self.repository.directory, self._here, *said, *walk, *ends))
            yield from self._commits(parts)

    @property
    def _here(self) -> str:
        return f"--git-dir={self.repository.directory}"

    def _commits(self, parts: Iterator[bytes]) -> Iterator[LedgerCommit]:
        next(parts, None)  # what stands before the first NUL
        sha = next(parts, b"")
        while sha:
            parents, at, signature, key = (next(parts, b"").decode("utf-8", "replace") for _ in range(4))
            diff = []
            while (part := next(parts, b"")).lstrip(b"\n").startswith(b":"):
                diff += [part.lstrip(b"\n"), next(parts, b"")]
            changes = self._changes(parsed_raw_diff(b"".join(each + b"\0" for each in diff)))
            yield LedgerCommit(sha.decode(), tuple(parents.split()), signature, key, tuple(changes), _seconds(at))
            sha = next(parts, b"")

    def _changes(self, files: Iterable[ChangedFile]) -> Iterator[NoteChange]:
        """A note may move to another folder, as git spreads them out: what counts is of which commit it is."""
        before: dict[str, str | None] = {}
        after: dict[str, str | None] = {}
        for file in files:
            if file.new_mode not in {None, _PLAIN}:  # a submodule or a link: nothing here need be what it names
                yield NoteChange(file.path, None, is_kept=False)
                continue
            name = _annotated(file.path) or file.path
            before[name] = file.old_blob or before.get(name)
            after[name] = file.new_blob or after.get(name)
        for name, blob in after.items():
            old, new = self._bytes(before[name]), self._bytes(blob)
            yield NoteChange(name, _annotated(name), is_kept=new.startswith(old), added=_added(old, new))

    def _bytes(self, blob: str | None) -> bytes:
        try:
            return self.repository.blob(blob, "note") if blob is not None else b""
        except InvalidRegistry:  # larger than any note, which is said where the note is read
            return b""


def _added(old: bytes, new: bytes) -> frozenset[str]:
    """The keys of the entries that were added, where one of them may be of a change of signers."""
    if SIGNERS.encode() not in new:
        return frozenset()
    return keys_in(new.decode("utf-8", "replace")) - keys_in(old.decode("utf-8", "replace"))


def _seconds(text: str) -> int:
    """Of a time that nobody can read: before all others."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST_TIME else 0


def _annotated(path: str) -> str | None:
    sha = path.replace("/", "")
    return sha if _SHA.fullmatch(sha) else None


def _refuse_without_ssh(repository: GitRepository) -> None:
    if shutil.which("ssh-keygen") is None:
        raise RegistrarError("ssh-keygen is not installed, and git checks SSH signatures with it; install OpenSSH")
    lacking = lacks_signatures(repository.run("version").decode())
    if lacking:
        raise RegistrarError(lacking)
