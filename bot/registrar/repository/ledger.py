"""Knows the ledger in git: a note under each commit of the base that it tells of, written by nobody but the bot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from registrar.core.ledger import Entry
from registrar.core.ledger_text import keys_in, read, written
from registrar.core.paths import SIGNERS
from registrar.errors import BrokenLedger, ForgeUnavailable, InvalidRegistry, NotAllowed, PushRejected, Unknown
from registrar.repository.changesets import changed_tree
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository
from registrar.repository.locking import one_at_a_time
from registrar.repository.processes import GitFailed, run_git
from registrar.repository.signing import SigningKey, is_signed, is_signed_by_one_of

REF = "refs/notes/registrar"
KNOWN = "refs/registrar/ledger"  # of the clone: the newest that this bot wrote, or built upon
TRIES = 20  # each one lost is an entry that somebody else has written
_DEEPEST = 4  # folders that git spreads notes over; one takes it to some ten thousand notes, two to millions


@dataclass(frozen=True, slots=True)
class Ledger:
    """The notes of one registry, as one clone of it reaches them."""

    git: GitRepository
    signature: Callable[[], Signature]
    base: str = "main"  # the branch whose allowed_signers says who may sign
    key: SigningKey | None = None  # None: this bot signs nothing

    def append(self, commit: str, *entries: Entry) -> None:
        """Note entries under a commit, unless they are there; whoever else writes at the same time loses nothing.

        Raises `BrokenLedger` when the ledger is not what this clone knew it to be, or its newest commit is not signed
        as it should be, and writes nothing upon it.
        """
        with one_at_a_time(self.git.directory / "registrar-ledger.lock"):
            tip = self._known()
            if not self._missing(tip, commit, entries):
                return
            tip = tip or self.newest()
            for _ in range(TRIES):
                if self._appended(tip, commit, entries):
                    return
                tip = self.newest()
        raise ForgeUnavailable("others write into the ledger faster than this bot can; it is tried again")

    def entries(self, commit: str) -> tuple[Entry, ...]:
        """What the ledger tells of a commit now. Raises `InvalidRegistry` when that is no ledger's text."""
        return read(self._text(self.newest(), commit), where=f"note of {commit[:7]}")

    def keys(self, *commits: str) -> frozenset[str]:
        """What is noted under any of these commits now, by its keys."""
        tip = self.newest()
        return frozenset(key for commit in commits for key in keys_in(self._text(tip, commit)))

    def _appended(self, tip: str | None, commit: str, entries: Sequence[Entry]) -> bool:
        """Whether all is there now; not when somebody else wrote first, upon what this clone knew last."""
        if tip != self._known():
            self._refuse_rewritten(tip)
            self._refuse_stranger(tip)
        missing = self._missing(tip, commit, entries)
        if not missing:
            self._remember(tip)
            return True
        noted = self._noted(tip, commit, missing)
        self._refuse_unknown_key(noted)
        try:
            self.git.push(REF, noted, expected=tip)
        except PushRejected:
            return False
        except NotAllowed as error:
            raise BrokenLedger(str(error)) from error
        self._remember(noted)
        return True

    def newest(self) -> str | None:
        """The newest commit of the ledger, asked for now; None while there is none."""
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

    def _refuse_stranger(self, tip: str | None) -> None:
        """Everyone who writes looks at the newest commit alone, so each that was written upon was good."""
        if tip is None:
            return
        if self.key is None:
            if is_signed(self.git, tip):
                raise BrokenLedger(f"{REF} is signed, and this bot has no key; set REGISTRAR_SIGNING_KEY where it runs")
        elif not self._is_believed(tip) and (is_signed(self.git, tip) or self._was_ever_signed(tip)):
            raise BrokenLedger(
                f"{REF} ends with {tip[:7]}, which nobody signed whom {SIGNERS} on {self.base} names; see who wrote "
                f"it with git log --show-signature {REF}, and put the ledger back to the commit before it"
            )

    def _refuse_unknown_key(self, noted: str) -> None:
        if self.key is not None and not self._is_believed(noted):
            line = self.key.allowed(self.signature().email)
            raise BrokenLedger(
                f"{SIGNERS} on {self.base} does not name the key that this bot signs the ledger with; add the line "
                f"{line!r} to it, or set REGISTRAR_SIGNING_KEY to the key that it names"
            )

    def _is_believed(self, sha: str) -> bool:
        """While the registry has no allowed_signers, the bot's own key is the only one that is believed."""
        if self.key is None:
            return False
        told = self.git.read(self.git.resolve(self.base), SIGNERS)
        return is_signed_by_one_of(self.git, sha, told or self.key.allowed("*").encode())

    def _was_ever_signed(self, tip: str) -> bool:
        """A ledger that was begun without a key goes on with one; one that was signed goes on in no other way."""
        return any(is_signed(self.git, sha) for sha in self.git.run("rev-list", tip).decode().split())

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
        present = keys_in(self._text(tip, commit))
        return tuple({entry.key: entry for entry in entries if entry.key not in present}.values())

    def _text(self, tip: str | None, commit: str) -> str:
        return self._note(tip, commit).decode("utf-8", "replace")

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
        sign, settings = (["-S"], self.key.settings()) if self.key is not None else ([], {})
        command = [f"--git-dir={self.git.directory}", "commit-tree", *sign, *parents, "-m", message, tree]
        try:
            made = run_git(self.git.directory, *command, settings=settings, environment=environment)
        except GitFailed as error:
            raise BrokenLedger(f"an entry could not be written: {error}") from error
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
