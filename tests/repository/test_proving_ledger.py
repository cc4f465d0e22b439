"""A ledger proves something only while it is the bot's: signed by whom the registry names, and never altered."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from registrar.core.ledger_text import written
from registrar.core.proof_facts import Grade
from registrar.errors import RegistrarError
from registrar.repository.changesets import changed_tree
from repository.proven import REF, STATUS, Registry, a_key, a_registry, allowing, approved

NOT_SIGNED = "a commit of the ledger is not signed by whom the registry names"
REWRITTEN = "the note of {} was rewritten"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """1.1.0 came to Production by a request that ana approved."""
    made = a_registry(tmp_path)
    made.promote("1.1.0")
    return made


def test_a_signed_ledger_is_proven_by_the_keys_of_the_registry(registry: Registry) -> None:
    read = registry.prove()

    assert read.found == ()
    assert len(read.proof.keys) == 1


def test_a_clone_without_the_ledger_is_told_how_to_fetch_it(registry: Registry) -> None:
    registry.git("update-ref", "-d", REF)

    (found,) = registry.prove().found

    assert found.what == "there is no ledger"
    assert found.mend.startswith(f"git fetch origin {REF}:{REF}; if the remote has none either, it was deleted")


def test_a_note_that_somebody_forged_is_named_by_its_commit(registry: Registry, tmp_path: Path) -> None:
    before = registry.tip
    sha = registry.push({STATUS: "Production: 1.2.0\n"})
    forged = registry.note(sha, registry.entry(sha, before), signs_with=a_key(tmp_path, "eve"))

    (first, *_) = registry.prove().breaches

    assert first == (forged, NOT_SIGNED, "allowed_signers does not name the key that signed it")


def test_a_note_without_a_signature_is_named_by_its_commit(registry: Registry) -> None:
    registry.signs = False
    sha = registry.promote("1.2.0", before="Staging")
    unsigned = registry.ledger_tip

    assert (unsigned, NOT_SIGNED, "it carries no signature") in registry.prove(unsigned=False).breaches
    assert sha == registry.tip


def test_a_ledger_that_was_written_anew_is_named(registry: Registry) -> None:
    registry.signs = False
    anew = registry.keep_notes(registry.clone.tree_id(registry.ledger_tip))

    assert registry.prove(unsigned=False).breaches == [(anew, NOT_SIGNED, "it carries no signature")]


def test_a_ledger_that_was_put_back_to_what_it_was_proves_nothing_newer(registry: Registry) -> None:
    early = registry.ledger_tip
    sha = registry.promote("1.0.0", before="Archived")
    registry.git("update-ref", REF, early)

    assert [each[0] for each in registry.prove().breaches] == [sha]


def test_a_note_that_was_altered_or_removed_is_named_also_when_it_is_signed(registry: Registry) -> None:
    sha = registry.tip
    altered = registry.rewrite(sha, registry.shown(sha).replace("approved by ana", "approved by raj"))

    assert (altered, REWRITTEN.format(sha[:7])) in [each[:2] for each in registry.prove().breaches]

    gone = registry.rewrite(sha, None)

    assert (gone, REWRITTEN.format(sha[:7])) in [each[:2] for each in registry.prove().breaches]


def test_more_of_a_commit_is_added_and_nothing_is_rewritten(registry: Registry) -> None:
    registry.note(registry.tip, registry.entry(registry.tip, registry.tip, ruling="refused"))

    assert registry.prove().found == ()


def test_a_note_that_moves_to_another_folder_is_not_rewritten(registry: Registry) -> None:
    sha, note = registry.tip, registry.clone.read(registry.ledger_tip, f"{registry.tip[:2]}/{registry.tip[2:]}")
    spread = {f"{sha[:2]}/{sha[2:]}": None, f"{sha[:2]}/{sha[2:4]}/{sha[4:]}": note}
    registry.keep_notes(
        changed_tree(registry.clone, registry.clone.tree_id(registry.ledger_tip), spread), registry.ledger_tip
    )

    assert registry.prove().found == ()


def test_a_ledger_that_somebody_merged_is_named(registry: Registry) -> None:
    tip = registry.ledger_tip
    other = registry.keep_notes(registry.clone.tree_id(tip), tip)
    merged = registry.keep_notes(registry.clone.tree_id(tip), tip, other)

    assert [each[:2] for each in registry.prove().breaches] == [(merged, "the ledger was merged by somebody")]


def test_a_note_of_a_commit_that_never_landed_is_named(registry: Registry) -> None:
    aside = registry.git("commit-tree", "-p", "main", "-m", "Aside", "main^{tree}")
    registry.note(aside, registry.entry(aside, registry.tip))

    assert [each[:2] for each in registry.prove().breaches] == [
        (aside, "the ledger has a note of a commit that never landed")
    ]


def test_what_is_no_note_is_named(registry: Registry) -> None:
    tip = registry.ledger_tip
    tree = changed_tree(registry.clone, registry.clone.tree_id(tip), {"README.md": b"Hello\n"})
    sha = registry.keep_notes(tree, tip)

    assert [each[:2] for each in registry.prove().breaches] == [(sha, "the ledger holds README.md, which is no note")]


def test_a_note_that_tells_of_one_merge_in_two_ways_approves_nothing(registry: Registry) -> None:
    before = registry.tip
    text, moves = registry.promotion("1.0.0", before="Archived", after="Production")
    sha = registry.push({STATUS: text})
    told = registry.entry(sha, before, transitions=moves)
    registry.note(sha, replace(told, ruling="refused", reason="held by ana"), told)

    named = registry.prove().breaches

    assert any(each[0] == sha and f"tells of {told.key} more than once" in each[2] for each in named)
    assert (sha, "a change that owners guard was approved by nobody") in [each[:2] for each in named]


def test_a_ledger_behind_a_tag_object_is_none(registry: Registry) -> None:
    registry.git("tag", "--annotate", "--message=Notes", "notes", registry.ledger_tip)
    registry.git("update-ref", REF, "refs/tags/notes")

    assert [each.what for each in registry.prove().found] == ["there is no ledger"]


def test_a_commit_that_libgit2_cannot_read_is_named(registry: Registry) -> None:
    tree = registry.git("rev-parse", "main^{tree}")
    person = "eve <eve@example.org> 99999999999999999999 +0000"
    raw = f"tree {tree}\nparent {registry.tip}\nauthor {person}\ncommitter {person}\n\nChange\n"
    (registry.folder / "raw").write_text(raw)
    made = registry.git("hash-object", "-t", "commit", "-w", "--literally", "raw")
    (registry.folder / ".git" / "refs" / "heads" / "main").write_text(f"{made}\n")

    assert [each[:2] for each in registry.prove().breaches] == [(made, "a commit tells no time that a calendar has")]


@pytest.mark.parametrize("mode", ["160000", "120000"], ids=["a submodule", "a link"])
def test_what_stands_for_a_note_and_is_no_file_is_named(registry: Registry, mode: str) -> None:
    sha, tip = registry.push({STATUS: "Production: 1.2.0\n"}), registry.ledger_tip
    registry.git("read-tree", tip)
    registry.git("update-index", "--add", "--cacheinfo", f"{mode},{40 * '1'},{sha[:2]}/{sha[2:]}")
    forged = registry.keep_notes(registry.git("write-tree", "--missing-ok"), tip)

    named = [each[:2] for each in registry.prove().breaches]

    assert (forged, f"the ledger holds {sha[:2]}/{sha[2:]}, which is no note") in named
    assert (sha, "a change that owners guard was approved by nobody") in named


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(b"approved by ana, honestly\n", "note of", id="no entry"),
        pytest.param(b"---\nevent: \xff\n", "is not UTF-8", id="not UTF-8"),
        pytest.param(b"---\n" + b"a" * 9_000_000, "has 9000004 bytes", id="huge"),
        pytest.param(b"--- \nevent: approved\nkey: {}\n", "note of", id="unknown"),
    ],
)
def test_a_note_that_is_no_text_of_the_ledger_approves_nothing(registry: Registry, text: bytes, why: str) -> None:
    sha = registry.push({STATUS: "Production: 1.2.0\n"})
    registry.rewrite(sha, text)

    named = registry.prove().breaches

    assert [each[:2] for each in named if why in each[2]] == [(sha, "what the ledger says of it cannot be read")]
    assert (sha, "a change that owners guard was approved by nobody") in [each[:2] for each in named]


def test_a_note_that_reads_like_the_bots_but_is_not_written_so_is_named(registry: Registry) -> None:
    before = registry.tip
    sha = registry.push({STATUS: "Production: 1.2.0\n"})
    text = written([registry.entry(sha, before)])
    registry.rewrite(sha, text.replace('event: "merged"', "event: merged"))

    assert any("is not written as the bot writes it" in each[2] for each in registry.prove().breaches)


def test_a_registry_that_names_no_key_is_proven_only_when_it_is_asked_for(tmp_path: Path) -> None:
    registry = a_registry(tmp_path, signs=False)
    registry.promote("1.1.0")

    assert [each[1] for each in registry.prove(unsigned=False).breaches] == ["the ledger is not signed"]
    assert registry.prove(unsigned=True).proof.holds


def test_what_was_noted_before_the_proof_begins_needs_no_signature(tmp_path: Path) -> None:
    registry = a_registry(tmp_path, signs=False)
    registry.promote("1.1.0")
    key = a_key(tmp_path)
    trusted = registry.push({"allowed_signers": allowing(key)})
    registry.signs, registry.key = True, key
    registry.promote("1.0.0", before="Archived")

    assert registry.prove(since=trusted).found == ()
    assert not registry.prove().proof.holds


def test_a_new_key_is_let_in_by_one_that_was(registry: Registry, tmp_path: Path) -> None:
    new = a_key(tmp_path, "new")
    registry.merge({"allowed_signers": allowing(registry.key, new)})
    registry.key = new
    registry.promote("1.0.0", before="Archived")

    assert registry.prove().found == ()


def test_a_new_key_is_let_in_also_where_a_rebase_landed_more_after_it(registry: Registry, tmp_path: Path) -> None:
    before = registry.tip
    registry.push({"allowed_signers": allowing(registry.key, a_key(tmp_path, "new"))})
    sha = registry.push({"README.md": "Hello\n"})
    registry.note(sha, registry.entry(sha, before))

    assert registry.prove().found == ()


def test_a_key_that_lets_itself_in_is_named_also_where_a_rebase_landed_more_after_it(
    registry: Registry, tmp_path: Path
) -> None:
    before, eve = registry.tip, a_key(tmp_path, "eve")
    registry.push({"allowed_signers": allowing(registry.key, eve)})
    sha = registry.push({"README.md": "Hello\n"})
    registry.note(sha, registry.entry(sha, before), signs_with=eve)

    assert [each[:2] for each in registry.prove().breaches] == [
        (sha, "allowed_signers was changed on the word of a key that it did not name")
    ]


def test_a_key_that_lets_itself_in_is_named(registry: Registry, tmp_path: Path) -> None:
    eve = a_key(tmp_path, "eve")
    before = registry.tip
    sha = registry.push({"allowed_signers": allowing(registry.key, eve)})
    by_ana = approved(path="allowed_signers")
    registry.note(sha, registry.entry(sha, before, approvals=by_ana), signs_with=eve)

    assert (sha, "allowed_signers was changed on the word of a key that it did not name") in [
        each[:2] for each in registry.prove().breaches
    ]


def test_a_key_that_was_taken_out_is_not_believed_any_more(registry: Registry, tmp_path: Path) -> None:
    new = a_key(tmp_path, "new")
    registry.merge({"allowed_signers": allowing(registry.key, new)})
    registry.merge({"allowed_signers": allowing(new)})

    why = {each[2] for each in registry.prove().breaches}

    assert why == {"allowed_signers does not name the key that signed it"}


def test_what_a_retired_key_signs_later_is_named_whatever_time_it_tells(registry: Registry, tmp_path: Path) -> None:
    new, retired = a_key(tmp_path, "new"), registry.key
    line = allowing(retired).replace('namespaces="git"', 'namespaces="git",valid-before="20990101"')
    registry.merge({"allowed_signers": f"{line}{allowing(new)}"})
    before = registry.tip
    sha = registry.merge({"README.md": "Hello\n"})
    told = registry.entry(sha, before, ruling="refused")
    sound = registry.note(sha, told, signs_with=new, at="@1900000000 +0000")
    forged = registry.note(before, registry.entry(before, before), signs_with=retired, at="@1800000000 +0000")

    (found, *_) = registry.prove().breaches

    why = f"it tells an earlier time than {sound[:7]}, which it builds upon and which another key signed"
    assert found == (forged, "a commit of the ledger is dated back", why)


def test_a_key_ring_of_the_readers_own_vouches_for_nobody(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    eve = a_key(tmp_path, "eve")
    mine = tmp_path / "mine"
    mine.write_text(allowing(eve))
    (tmp_path / "home" / ".gitconfig").write_text(f'[gpg "ssh"]\n\tallowedSignersFile = {mine}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "home" / ".gitconfig"))
    forged = registry.note(registry.tip, registry.entry(registry.tip, registry.tip, number=8), signs_with=eve)

    assert (forged, NOT_SIGNED) in [each[:2] for each in registry.prove().breaches]


def test_signatures_that_cannot_be_checked_prove_nothing(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools, git = tmp_path / "tools", shutil.which("git")
    tools.mkdir()
    (tools / "git").write_text(
        f'#!/bin/sh\ncase "$*" in *version) echo git version 2.30.2;; *) exec {git} "$@";; esac\n'
    )
    (tools / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=":")

    with pytest.raises(RegistrarError, match="knows no SSH signatures"):
        registry.prove()

    monkeypatch.setenv("PATH", str(tools))

    with pytest.raises(RegistrarError, match="ssh-keygen is not installed"):
        registry.prove()


def test_what_is_resolved_or_by_broken_glass_is_counted_apart(registry: Registry) -> None:
    read = registry.prove()

    assert read.proof.counted == {Grade.BREACH: 0, Grade.RESOLVED: 0, Grade.GLASS: 0}
