"""Knows the ledger in git: a note under each commit of the base that it tells of, written by nobody but the bot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from registrar.core.ledger import Entry
from registrar.core.ledger_text import keys_in, read, written
from registrar.errors import BrokenLedger, ForgeUnavailable, InvalidRegistry, PushRejected, Unknown
from registrar.repository.changesets import changed_tree
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository
from registrar.repository.locking import one_at_a_time
from registrar.repository.processes import run_git

REF = "refs/notes/registrar"
KNOWN = "refs/registrar/ledger"  # of the clone: the newest that this bot wrote, or built upon
TRIES = 20  # each one lost is an entry that somebody else has written
_DEEPEST = 4  # folders that git spreads notes over; one takes it to some ten thousand notes, two to millions


@dataclass(frozen=True, slots=True)
class Ledger:
    """The notes of one registry, as one clone of it reaches them."""

    git: GitRepository
    signature: Callable[[], Signature]

    def append(self, commit: str, *entries: Entry) -> None:
        """Note entries under a commit, unless they are there; whoever else writes at the same time loses nothing.

        Raises `BrokenLedger` when the ledger is not what this clone knew it to be, and writes nothing upon it.
        """
        with one_at_a_time(self.git.directory / "registrar-ledger.lock"):
            if not self._missing(self._known(), commit, entries):
                return
            for _ in range(TRIES):
                if self._appended(commit, entries):
                    return
        raise ForgeUnavailable("others write into the ledger faster than this bot can; it is tried again")

    def entries(self, commit: str) -> tuple[Entry, ...]:
        """What the ledger tells of a commit now. Raises `InvalidRegistry` when that is no ledger's text."""
        tip = self._fetched()
        text = self._note(tip, commit).decode("utf-8", "replace")
        return read(text, where=f"note of {commit[:7]}")

    def _appended(self, commit: str, entries: Sequence[Entry]) -> bool:
        """Whether all is there now; not when somebody else wrote first."""
        tip = self._fetched()
        self._refuse_rewritten(tip)
        missing = self._missing(tip, commit, entries)
        if not missing:
            self._remember(tip)
            return True
        noted = self._noted(tip, commit, missing)
        try:
            self.git.push(REF, noted, expected=tip)
        except PushRejected:
            return False
        self._remember(noted)
        return True

    def _fetched(self) -> str | None:
        """The newest of the remote; None while it has none."""
        try:
            self.git.fetch(REF)
        except Unknown:
            if self.git.remote_branch(REF) is None:
                return None
            raise
        return self.git.resolve(REF)

    def _refuse_rewritten(self, tip: str | None) -> None:
        known = self._known()
        if known is None or (tip is not None and self.git.is_ancestor(known, tip)):
            return
        what = "was deleted" if tip is None else "was rewritten"
        raise BrokenLedger(
            f"{REF} {what} by somebody else: it does not hold {known[:7]}, which it held before; see who did, and put "
            f"it back with git push --force origin {known}:{REF} from the bot's mirror"
        )

    def _known(self) -> str | None:
        try:
            return str(self.git.objects.lookup_reference(KNOWN).target)
        except KeyError:
            return None

    def _remember(self, tip: str | None) -> None:
        if tip is not None and tip != self._known():
            self.git.run("update-ref", KNOWN, tip)

    def _missing(self, tip: str | None, commit: str, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Those that the note does not hold, each once."""
        present = keys_in(self._note(tip, commit).decode("utf-8", "replace"))
        return tuple({entry.key: entry for entry in entries if entry.key not in present}.values())

    def _note(self, tip: str | None, commit: str) -> bytes:
        path = note_path(self.git, tip, commit) if tip is not None else None
        return (self.git.read(tip, path) or b"") if tip is not None and path is not None else b""

    def _noted(self, tip: str | None, commit: str, entries: Sequence[Entry]) -> str:
        """One commit upon the tip, in which the note says this too; where it stood before, it stands again."""
        present = self._note(tip, commit)
        gap = b"\n" if present and not present.endswith(b"\n") else b""
        path = (note_path(self.git, tip, commit) if tip is not None else None) or f"{commit[:2]}/{commit[2:]}"
        text = present + gap + written(entries).encode()
        try:
            tree = changed_tree(self.git, self.git.tree_id(tip) if tip is not None else None, {path: text})
        except InvalidRegistry as error:
            raise BrokenLedger(f"{REF} holds what no note is: {error}") from error
        return self._committed(tree, tip, f"Note {', '.join(entry.key for entry in entries)}")

    def _committed(self, tree: str, tip: str | None, message: str) -> str:
        author = self.signature()
        who = {"NAME": author.name, "EMAIL": author.email, "DATE": author.at.isoformat()}
        environment = {f"GIT_{role}_{key}": said for role in ("AUTHOR", "COMMITTER") for key, said in who.items()}
        parents = ["-p", tip] if tip is not None else []
        command = ["commit-tree", *parents, "-m", message, tree]
        made = run_git(self.git.directory, f"--git-dir={self.git.directory}", *command, environment=environment)
        return made.decode().strip()


def note_path(git: GitRepository, tip: str, commit: str) -> str | None:
    """Where the note of a commit stands in a tree of notes; None when it has none.

    Git spreads them over folders by the first digits, the more the more there are.
    """
    for depth in range(_DEEPEST + 1):
        split = [commit[2 * level : 2 * level + 2] for level in range(depth)]
        path = "/".join([*split, commit[2 * depth :]])
        entry = git.entry(tip, path)
        if entry is not None and entry.is_file:
            return path
    return None
