"""The ledger's own commits are the bot's, or they are named."""

import base64
import hashlib
from dataclasses import replace

import pytest

from registrar.core.proof_signatures import (
    LedgerCommit,
    NoteChange,
    fingerprints,
    judge_ledger_commit,
    judge_new_signers,
)

SHA, OF, KEY = 40 * "a", 40 * "b", "SHA256:bot"
KIND = b"ssh-ed25519"
ENCODED = len(KIND).to_bytes(4, "big") + KIND + b"the key itself"
LINE = b"ssh-ed25519 " + base64.b64encode(ENCODED)
FINGERPRINT = "SHA256:" + base64.b64encode(hashlib.sha256(ENCODED).digest()).decode().rstrip("=")


def a_commit(*changes: NoteChange, signature: str = "G", key: str = KEY, parents: int = 1) -> LedgerCommit:
    return LedgerCommit(SHA, (OF,) * parents, signature, key, changes)


def whys(commit: LedgerCommit, signers: set[str] | None = frozenset({KEY})) -> list[str]:  # type: ignore[assignment] # read alone
    return [each.why for each in judge_ledger_commit(commit, signers)]


def test_a_commit_that_only_adds_and_is_signed_is_sound() -> None:
    assert whys(a_commit(NoteChange("bb/bb", OF, is_kept=True))) == []
    assert whys(a_commit(parents=0)) == []


@pytest.mark.parametrize(
    ("signature", "key", "why"),
    [
        ("N", "", "it carries no signature"),
        ("U", KEY, "allowed_signers does not name the key that signed it"),
        ("B", KEY, "its signature is not of what it holds"),
        ("E", "", "its signature cannot be checked"),
        ("X", KEY, "its signature has expired"),
        ("Y", KEY, "it was signed with a key that had expired"),
        ("R", KEY, "it was signed with a key that was revoked"),
        ("?", KEY, "git says '?' of its signature"),
        ("G", "0123ABCD", "it is signed with 0123ABCD, which allowed_signers does not name"),
        ("G", "", "it is signed with no key, which allowed_signers does not name"),
    ],
)
def test_a_commit_that_is_not_signed_by_whom_the_registry_names_is_named(signature: str, key: str, why: str) -> None:
    assert whys(a_commit(signature=signature, key=key)) == [why]


@pytest.mark.parametrize(
    ("signature", "why"), [("N", []), ("U", []), ("G", []), ("B", ["its signature is not of what it holds"])]
)
def test_a_commit_that_need_not_be_signed_must_not_be_signed_falsely(signature: str, why: list[str]) -> None:
    assert whys(a_commit(signature=signature, key=""), None) == why


def test_what_alters_the_ledger_is_named() -> None:
    kept, altered, odd = (
        NoteChange("x", OF, is_kept=True),
        NoteChange("y", OF, is_kept=False),
        NoteChange("z", None, is_kept=True),
    )

    assert [each.what for each in judge_ledger_commit(a_commit(kept, altered, odd, parents=2), None)] == [
        "the ledger was merged by somebody",
        "the note of bbbbbbb was rewritten",
        "the ledger holds z, which is no note",
    ]


@pytest.mark.parametrize(
    ("key", "at", "signature", "named"),
    [
        pytest.param("SHA256:old", 1_000, "G", 1, id="another key, dated back"),
        pytest.param("SHA256:old", 9_800, "G", 0, id="another machine's clock"),
        pytest.param(KEY, 1_000, "G", 0, id="the same key, whose clock was wrong"),
        pytest.param("SHA256:old", 1_000, "U", 0, id="upon what nobody believes"),
    ],
)
def test_a_retired_key_is_not_believed_by_its_own_word(key: str, at: int, signature: str, named: int) -> None:
    upon = replace(a_commit(signature=signature), at=10_000)
    found = judge_ledger_commit(replace(a_commit(key=key), at=at), {KEY, "SHA256:old"}, upon=upon)

    assert [each.what for each in found] == ["a commit of the ledger is dated back"] * named


def test_who_may_sign_is_changed_on_the_word_of_one_who_might() -> None:
    assert list(judge_new_signers(SHA, KEY, {KEY})) == []
    assert [each.why for each in judge_new_signers(SHA, "SHA256:eve", {KEY})] == [
        "its entry is signed with SHA256:eve, which allowed_signers did not name before it"
    ]
    assert "signed with no key" in next(judge_new_signers(SHA, "", {KEY})).why


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"bot " + LINE, id="bare"),
        pytest.param(b'bot,other namespaces="git",valid-before="20300101" ' + LINE + b" a comment\n", id="options"),
        pytest.param(b"# bot " + LINE + b"x\n\n  \nbot " + LINE + b"\n", id="comments"),
        pytest.param(b"\xff " + LINE, id="not UTF-8"),
    ],
)
def test_a_key_is_known_by_its_fingerprint(text: bytes) -> None:
    assert fingerprints(text) == {FINGERPRINT}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"# bot " + LINE, id="a comment"),
        pytest.param(b"bot ssh-rsa " + base64.b64encode(ENCODED), id="another kind than the key's"),
        pytest.param(b"bot ssh-ed25519 not!base64", id="no key"),
        pytest.param(b"bot ssh-ed25519 " + base64.b64encode(b"\0\0\0\1" + KIND), id="another length"),
    ],
)
def test_what_is_no_key_names_nobody(text: bytes) -> None:
    assert fingerprints(text) == frozenset()
