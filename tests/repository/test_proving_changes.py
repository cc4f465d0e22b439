"""What a proof looks into beside approvals: where it begins, what landed together, released files, and time."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from registrar.core.ledger import Pushed
from registrar.core.proof_facts import Grade
from registrar.errors import UsageError
from registrar.repository.git import GitRepository
from registrar.repository.proving import Proof, Question
from repository.proven import (
    ANA,
    EVE,
    MOVES,
    OWNERS,
    PROMOTED,
    REF,
    RULES,
    STATUS,
    Registry,
    a_registry,
    version_files,
)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return a_registry(tmp_path, signs=False)  # whose ledger it is, is another matter


def test_a_version_that_was_altered_is_named_also_with_an_approval(registry: Registry) -> None:
    path = "models/digits/versions/1.0.0/version.yaml"
    text = registry.text(path)
    sha = registry.merge({path: text + "description: better\n"})
    deleted = registry.push({path: None})

    breaches = registry.prove().breaches

    assert (sha, f"this alters {path}, but digits 1.0.0 is released and stays as it is") in [
        (each[0], each[2].partition(";")[0]) for each in breaches
    ]
    assert any(each[0] == deleted and "this deletes" in each[2] for each in breaches)


def test_an_altered_version_that_was_put_back_is_resolved(registry: Registry) -> None:
    path = "models/digits/versions/1.0.0/version.yaml"
    text, before = registry.text(path), registry.tip
    sha = registry.push({path: text + "description: better\n"})
    registry.note(sha, Pushed(sha, before, registry.moment, (), (path,), revert=8))
    registry.merge({path: text})

    read = registry.prove()

    assert read.proof.holds
    assert len(read.of(Grade.RESOLVED)) == 2


def test_weights_must_be_those_of_which_the_version_tells(registry: Registry) -> None:
    files = version_files("1.3.0")
    dvc = "models/digits/versions/1.3.0/weights.bin.dvc"
    sha = registry.push(files | {dvc: str(files[dvc]).replace("0123", "3210")})

    assert [(each[0], "the hash is md5:0123" in each[2]) for each in registry.prove().breaches] == [(sha, True)]


def test_a_link_in_the_registry_is_named(registry: Registry) -> None:
    sha = registry.link("models/digits/card.md", "model.yaml")

    assert {each[0] for each in registry.prove().breaches} == {sha}


def test_what_a_rebase_landed_in_several_commits_is_one_change(registry: Registry) -> None:
    before = registry.tip
    registry.push(version_files("1.3.0"))
    registry.push({STATUS: PROMOTED})
    sha = registry.push({"README.md": "Hello\n"})
    blob = registry.blob(sha, STATUS)
    registry.note(
        sha,
        registry.entry(sha, before, transitions=MOVES, registrations=(("digits", "1.3.0"),), content=((STATUS, blob),)),
    )

    assert registry.prove().found == ()


def test_an_entry_takes_nothing_along_that_was_pushed_before_its_request(registry: Registry) -> None:
    before = registry.tip
    registry.push({"registry.yaml": RULES + "tags: gto\n"})
    sha = registry.push({STATUS: PROMOTED})
    blob = registry.blob(sha, STATUS)
    registry.note(sha, registry.entry(sha, before, transitions=MOVES, content=((STATUS, blob),)))

    assert any("registry.yaml is not what was approved" in each[2] for each in registry.prove().breaches)


def test_a_return_within_a_clone_that_starts_later_is_proven_from_there(registry: Registry) -> None:
    registry.promote("1.1.0", by=())
    trusted = registry.push({"README.md": "Hello\n"})
    registry.promote("1.0.0", before="Archived")

    read = registry.prove(since=trusted)

    assert read.found == ()
    assert read.proof.begun == trusted


def test_a_proof_begins_where_the_base_once_was(registry: Registry) -> None:
    other = registry.git("commit-tree", "-m", "Other", "main^{tree}")

    with pytest.raises(UsageError, match="never was the tip of the base"):
        registry.prove(since=other)


def test_a_shallow_clone_proves_nothing(registry: Registry, tmp_path: Path) -> None:
    registry.promote("1.1.0")
    folder = tmp_path / "shallow"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{registry.folder}", str(folder)], check=True)
    git = GitRepository.of_checkout(folder)

    with pytest.raises(UsageError, match="git fetch --unshallow"):
        list(Proof(Question(git, git.resolve("HEAD"))).findings())


def test_a_work_tree_of_a_shallow_clone_proves_nothing(registry: Registry, tmp_path: Path) -> None:
    registry.push({STATUS: PROMOTED})
    registry.push({"README.md": "Hello\n"})
    folder, beside = tmp_path / "shallow", tmp_path / "beside"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{registry.folder}", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "worktree", "add", "--quiet", str(beside)], check=True)
    git = GitRepository.of_checkout(beside)

    with pytest.raises(UsageError, match="git fetch --unshallow"):
        list(Proof(Question(git, git.resolve("HEAD"))).findings())


@pytest.mark.parametrize("left_out", ["blob:none", "tree:0"])
def test_a_clone_without_some_files_proves_nothing_until_it_has_them(
    registry: Registry, tmp_path: Path, left_out: str
) -> None:
    registry.promote("1.1.0")
    registry.git("config", "uploadpack.allowFilter", "true")
    folder = tmp_path / "partial"
    clone = ["git", "clone", "--quiet", "--no-checkout", f"--filter={left_out}", f"file://{registry.folder}"]
    subprocess.run([*clone, str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "fetch", "--quiet", "origin", f"{REF}:{REF}"], check=True)
    git = GitRepository.of_checkout(folder)

    with pytest.raises(UsageError, match="clone it anew without --filter"):
        list(Proof(Question(git, git.resolve("HEAD"), unsigned=True)).findings())

    subprocess.run(["git", "-C", str(folder), "log", "--all", "--patch"], check=True, capture_output=True)
    whole = GitRepository.of_checkout(folder)

    assert list(Proof(Question(whole, whole.resolve("HEAD"), unsigned=True)).findings()) == []


@pytest.mark.parametrize("how", ["graft", "replaced object"])
def test_a_history_that_a_clone_was_told_to_show_otherwise_is_read_as_it_is(registry: Registry, how: str) -> None:
    before, text = registry.tip, registry.text(STATUS)
    pushed = registry.push({STATUS: PROMOTED})
    back = registry.push({STATUS: text})
    if how == "graft":
        (registry.folder / ".git" / "info" / "grafts").write_text(f"{back} {before}\n")
    else:
        registry.git("replace", "--graft", back, before)
    registry.note(before, registry.entry(before, before))

    assert {each[0] for each in registry.prove().breaches} >= {pushed, back}


def test_a_history_without_rules_is_no_registry(tmp_path: Path) -> None:
    registry = a_registry(tmp_path, {"registry.yaml": None})
    registry.push({"README.md": "Hello\n"})

    assert registry.prove().breaches[0][2] == "no commit holds a registry.yaml"


def test_time_in_a_status_counts_from_the_merge_that_gave_it(registry: Registry) -> None:
    soaking = RULES.replace("    promotes_from: [Staging]\n", "    promotes_from: [Staging]\n    soak: 3h\n")
    registry.merge({"registry.yaml": soaking}, by=(ANA,))
    registry.promote("1.2.0", before="Development", after="Staging", by=())
    too_soon = registry.promote("1.2.0")
    assert "Production asks for 3 hours" in registry.prove().breaches[0][2]
    assert {each[0] for each in registry.prove().breaches} == {too_soon}


def test_a_version_that_waited_long_enough_is_promoted(registry: Registry) -> None:
    soaking = RULES.replace("    promotes_from: [Staging]\n", "    promotes_from: [Staging]\n    soak: 3h\n")
    registry.merge({"registry.yaml": soaking}, by=(ANA,))
    registry.promote("1.2.0", before="Development", after="Staging", by=())
    registry.moment += timedelta(hours=3)
    registry.promote("1.2.0")

    assert registry.prove().found == ()


def test_what_was_approved_by_rules_that_nobody_approved_stays_a_breach(registry: Registry) -> None:
    before = registry.tip
    pushed = registry.push({"CODEOWNERS": "* @eve\n"})
    registry.note(pushed, Pushed(pushed, before, registry.moment, (), ("CODEOWNERS",), revert=8))
    hers = registry.promote("1.1.0", by=(EVE,))
    registry.merge({"CODEOWNERS": OWNERS}, by=(ANA,))  # of those who owned it before
    later = registry.promote("1.0.0", before="Archived")

    read = registry.prove()

    assert [(each[0], each[1]) for each in read.breaches] == [
        (hers, f"{STATUS} was changed by rules that nobody approved")
    ]
    assert [each.commit for each in read.found if each.grade is Grade.RESOLVED] == [pushed]
    assert later == registry.tip


def test_a_registration_that_was_refused_changes_nothing_that_owners_guard(registry: Registry) -> None:
    told = (("digits", "1.3.0"),)
    registry.merge(version_files("1.3.0"), by=(), ruling="refused", reason="held by ana", registrations=told)

    assert registry.prove().found == ()


def test_a_proof_begins_no_earlier_than_the_rules(tmp_path: Path) -> None:
    registry = a_registry(tmp_path, {"registry.yaml": None}, signs=False)
    early = registry.tip
    rules = registry.push({"registry.yaml": RULES})

    assert registry.prove(since=early).found == ()
    assert registry.prove(since=early).proof.begun == rules


def test_a_freeze_is_judged_by_when_the_forge_merged(registry: Registry) -> None:
    frozen = "freezes: [{reason: the holidays, from: 2026-03-01T00:00:00Z, until: 2026-03-02T00:00:00Z}]\n"
    registry.merge({"registry.yaml": RULES + frozen})
    during = registry.promote("1.1.0")
    registry.moment += timedelta(days=1)
    registry.promote("1.2.0", before="Development", after="Staging", by=())

    assert [each[0] for each in registry.prove().breaches] == [during]
    assert "the holidays" in registry.prove().breaches[0][2]


def test_a_status_file_that_cannot_be_read_is_named_and_stops_nothing(tmp_path: Path) -> None:
    registry = a_registry(tmp_path, {STATUS: "Production: ["}, signs=False)
    sha = registry.merge({STATUS: "Production: 1.0.0\n"})

    assert {each[0] for each in registry.prove().breaches} == {sha}
    assert any(STATUS in each[2] for each in registry.prove().breaches)


@pytest.mark.parametrize("is_noted", [True, False], ids=["a merge that is not what was approved", "a push"])
def test_time_in_a_status_that_nobody_approved_counts_for_nothing(registry: Registry, *, is_noted: bool) -> None:
    soaking = RULES.replace("    promotes_from: [Staging]\n", "    promotes_from: [Staging]\n    soak: 3h\n")
    registry.merge({"registry.yaml": soaking})
    registry.merge(version_files("1.3.0"), by=(), registrations=(("digits", "1.3.0"),))
    registry.moment += timedelta(days=1)
    if is_noted:
        registry.promote("1.3.0", before="Development", after="Staging", content=((STATUS, 40 * "e"),))
    else:
        text, moves = registry.promotion("1.3.0", before="Development", after="Staging")
        before, sha = registry.tip, registry.push({STATUS: text})
        registry.note(sha, Pushed(sha, before, registry.moment, moves, (STATUS,), revert=8))
    promoted = registry.promote("1.3.0")

    whys = [each[2] for each in registry.prove().breaches if each[0] == promoted]

    assert any("since when 1.3.0 holds Staging cannot be shown" in why for why in whys)
