"""Knows whether the ledger's own commits are the bot's, each building on the one before and altering nothing."""

import base64
import binascii
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from registrar.core.proof_facts import Finding, breach

LOOK = "see who pushed it: git log --show-signature refs/notes/registrar"
_STOLEN = f"{LOOK}; take the line of a key that was stolen out of allowed_signers"
_SKEW = 300  # seconds by which two machines may differ
_RETIRED = "to retire a key keep its line in allowed_signers, with valid-before"
_WHY = {
    "N": "it carries no signature",
    "U": "allowed_signers does not name the key that signed it",
    "B": "its signature is not of what it holds",
    "E": "its signature cannot be checked",
    "X": "its signature has expired",
    "Y": "it was signed with a key that had expired",
    "R": "it was signed with a key that was revoked",
}


@dataclass(frozen=True, slots=True)
class NoteChange:
    """What one commit of the ledger did to one file in it."""

    path: str
    of: str | None  # the commit that the note is of; None: the file is no note
    is_kept: bool  # whether all that stood there still begins the note
    added: frozenset[str] = frozenset()  # the keys of the entries that it added, where one may be of who may sign


@dataclass(frozen=True, slots=True)
class LedgerCommit:
    """One commit of the ledger, and what git says of its signature."""

    sha: str
    parents: tuple[str, ...]
    signature: str  # git's letter for it: G, N, B ...
    key: str  # the fingerprint of the key, `SHA256:...`
    changes: tuple[NoteChange, ...]
    at: int = 0  # when, in seconds, by its own word


def judge_ledger_commit(
    commit: LedgerCommit, signers: Collection[str] | None, *, upon: LedgerCommit | None = None
) -> Iterator[Finding]:
    """What is wrong with it; `signers` are the fingerprints that may sign, None: it need not be signed.

    `upon` is the commit before it. A commit tells its own time, and a key that was retired is believed for what it
    signed in its time: so what another key has signed in the meantime bears witness against it.
    """
    if len(commit.parents) > 1:
        why = "it has several parents, and the bot only ever adds to one"
        yield breach(commit.sha, "the ledger was merged by somebody", why, LOOK)
    why_not = _why_not_signed(commit, signers)
    if why_not is not None:
        yield breach(commit.sha, "a commit of the ledger is not signed by whom the registry names", *why_not)
    elif signers is not None and upon is not None and _is_dated_back(commit, upon):
        why = f"it tells an earlier time than {upon.sha[:7]}, which it builds upon and which another key signed"
        yield breach(commit.sha, "a commit of the ledger is dated back", why, _STOLEN)
    for change in commit.changes:
        if change.of is None:
            yield breach(commit.sha, f"the ledger holds {change.path}, which is no note", "the bot writes notes", LOOK)
        elif not change.is_kept:
            why = "what stood there was altered or taken out, and the bot only ever adds to it"
            yield breach(commit.sha, f"the note of {change.of[:7]} was rewritten", why, LOOK)


def judge_new_signers(commit: str, key: str, signers: Collection[str]) -> Iterator[Finding]:
    """A change of who may sign must be vouched for by one who might sign before: else who comes in lets himself in."""
    if key not in signers:
        why = f"its entry is signed with {key or 'no key'}, which allowed_signers did not name before it"
        yield breach(commit, "allowed_signers was changed on the word of a key that it did not name", why, LOOK)


def fingerprints(allowed_signers: bytes) -> frozenset[str]:
    """The fingerprints of every key that an allowed_signers file names, as git shows them."""
    return frozenset(
        found
        for line in allowed_signers.decode("utf-8", "replace").splitlines()
        if not line.lstrip().startswith("#")
        for found in _fingerprint(line.split())
    )


def _fingerprint(words: list[str]) -> Iterator[str]:
    """A key stands behind the name of its kind, with which its own bytes begin."""
    for kind, key in pairwise(words):
        try:
            encoded = base64.b64decode(key, validate=True)
        except (binascii.Error, ValueError):
            continue
        if encoded[4 : 4 + len(kind)] == kind.encode() and int.from_bytes(encoded[:4], "big") == len(kind):
            digest = base64.b64encode(hashlib.sha256(encoded).digest()).decode().rstrip("=")
            yield f"SHA256:{digest}"


def _why_not_signed(commit: LedgerCommit, signers: Collection[str] | None) -> tuple[str, str] | None:
    if signers is None:
        return None if commit.signature in {"G", "U", "N"} else (_why(commit), LOOK)
    if commit.signature != "G":
        return _why(commit), _RETIRED if commit.signature == "U" else LOOK
    if commit.key not in signers:  # another kind of signature, which the reader's own key ring would vouch for
        return f"it is signed with {commit.key or 'no key'}, which allowed_signers does not name", LOOK
    return None


def _is_dated_back(commit: LedgerCommit, upon: LedgerCommit) -> bool:
    return upon.signature == "G" and upon.key != commit.key and commit.at < upon.at - _SKEW


def _why(commit: LedgerCommit) -> str:
    return _WHY.get(commit.signature, f"git says {commit.signature!r} of its signature")
