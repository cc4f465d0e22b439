"""Claims about the audit trail of a real clone: nothing in it can crash, hide or make up a change."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.ledgers import merged
from registrar.core.audit import Record, Remark
from registrar.core.ledger_text import written
from registrar.repository.audited import audited
from registrar.repository.auditing import ledger_tip
from registrar.repository.git import GitRepository
from registrar.repository.proving import Proof, Question
from repository.upstream import Upstream

STATUS = "models/digits/status.yaml"


@pytest.fixture
def clone(upstream: Upstream) -> GitRepository:
    return GitRepository.of_checkout(upstream.checkout)


def told(clone: GitRepository, upstream: Upstream) -> list[str]:
    """Every line in short: what, and how it was judged."""
    return [
        f"{line.transition or ' '.join(line.paths)} ({line.ruling})" if isinstance(line, Record) else str(line)
        for line in audited(clone, upstream.git("rev-parse", "HEAD"))
    ]


def noted(upstream: Upstream, sha: str, note: str) -> None:
    upstream.git("notes", "--ref=registrar", "add", "--force", "--allow-empty", "-m", note, sha)


def test_a_registry_without_a_ledger_is_told_as_git_knows_it(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit(
        {"registry.yaml": "", STATUS: "Production: 1.0.0\n"}, "Promote 1.0.0\n\nRequested-by: raj <r@x.org>"
    )
    upstream.commit({STATUS: "Production: 1.1.0\nArchived: 1.0.0\n"}, "Promote 1.1.0")

    lines = list(audited(clone, upstream.git("rev-parse", "HEAD")))

    assert ledger_tip(clone) is None
    assert told(clone, upstream) == [
        "digits 1.1.0: Development -> Production (no note)",
        "digits 1.0.0: Production -> Archived (no note)",
        "digits 1.0.0: Development -> Production (no note)",
        "registry.yaml (no note)",
    ]
    assert [line.requester for line in lines if isinstance(line, Record)] == ["", "", "raj", "raj"]


def test_a_merge_names_whom_its_commits_name(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"registry.yaml": ""})
    upstream.git("checkout", "--quiet", "-b", "topic")
    upstream.commit({STATUS: "Staging: 1.0.0\n"}, "Stage it\n\nRequested-by: mei <3+mei@x.org>", branch="topic")
    upstream.git("checkout", "--quiet", "main")
    upstream.git("merge", "--quiet", "--no-ff", "-m", "Merge", "topic")

    first = next(audited(clone, upstream.git("rev-parse", "HEAD")))

    assert isinstance(first, Record)
    assert first.requester == "mei"


def test_the_note_of_a_step_adds_people_and_the_moment_of_the_merge(upstream: Upstream, clone: GitRepository) -> None:
    before = upstream.commit({"registry.yaml": "", STATUS: "Staging: 1.1.0\n"})
    landed = upstream.commit({STATUS: "Production: 1.1.0\n"})
    noted(upstream, landed, written([merged(commit=landed, before=before)]))

    first = next(audited(clone, landed))

    assert isinstance(first, Record)
    assert (first.requester, first.approvers, first.ruling) == ("mei", ("ana",), "approved")
    assert first.at == datetime(2026, 3, 1, 12, 1, tzinfo=UTC)


def test_a_status_is_read_by_the_rules_of_its_time(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"registry.yaml": "statuses: {New: {}, Live: {promotes_from: [New]}}\n"})
    upstream.commit({STATUS: "Live: 1.0.0\n"})
    upstream.commit({"registry.yaml": "statuses: {Fresh: {}, Live: {promotes_from: [Fresh]}}\n"})
    upstream.commit({STATUS: "Live: [1.0.0, 1.1.0]\n"})

    assert [line for line in told(clone, upstream) if "->" in line] == [
        "digits 1.1.0: Fresh -> Live (no note)",
        "digits 1.0.0: New -> Live (no note)",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("Production: [\n", id="no YAML"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param("Production: 1.0.0\nStaging: 1.0.0\n", id="a version twice"),
        pytest.param("# x\n" * 3_000_000, id="huge"),
    ],
)
def test_a_file_nobody_could_read_is_named_and_what_mended_it_told(
    upstream: Upstream, clone: GitRepository, broken: str | bytes
) -> None:
    upstream.commit({"registry.yaml": "", STATUS: "Production: 1.0.0\n"})
    damage = upstream.commit({STATUS: broken})
    upstream.commit({STATUS: "Production: 1.1.0\nArchived: 1.0.0\n"})

    mended, displaced, named, *_ = told(clone, upstream)

    assert mended == "digits 1.1.0: Development -> Production (no note)"
    assert displaced == "digits 1.0.0: Production -> Archived (no note)"
    assert named.startswith(f"{damage[:7]}: what it does to digits cannot be told: {STATUS}")


def test_a_status_file_that_never_could_be_read_is_named(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"registry.yaml": "", STATUS: "Production: [\n"})
    upstream.commit({STATUS: "Production: 1.1.0\n"})

    assert all("what it does to digits cannot be told" in line for line in told(clone, upstream)[:2])


def test_a_link_in_place_of_a_status_file_is_named(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"registry.yaml": "", STATUS: "Production: 1.0.0\n"})
    (upstream.checkout / STATUS).unlink()
    (upstream.checkout / STATUS).symlink_to("elsewhere")
    upstream.commit({})

    assert told(clone, upstream)[0].endswith(f"what it does to digits cannot be told: {STATUS} is no plain file")


def test_rules_that_nobody_could_read_are_named(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"registry.yaml": "statuses: [\n"})
    upstream.commit({"registry.yaml": "statuses: {New: {}}\n"})
    upstream.commit({"registry.yaml": "statuses: [\n"})

    remarks = [line for line in told(clone, upstream) if "rules" in line]

    assert "so the default ones are taken" in remarks[0]
    assert "the rules before it cannot be read" in remarks[1]


def test_what_stands_where_no_model_can_be_is_no_models(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"registry.yaml": "", "models/Digits/status.yaml": "Production: 1.0.0\n", "status.yaml": "x"})

    assert told(clone, upstream) == ["registry.yaml (no note)"]


def test_a_shallow_clone_says_where_it_begins_and_makes_up_nothing(upstream: Upstream, tmp_path: Path) -> None:
    upstream.commit({"registry.yaml": "", STATUS: "Production: 1.0.0\n"})
    upstream.commit({STATUS: "Production: 1.1.0\nArchived: 1.0.0\n"})
    last = upstream.commit({STATUS: "Production: 1.2.0\nArchived: [1.0.0, 1.1.0]\n"})
    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=2", "--branch=main", f"file://{upstream.path}", shallow], check=True
    )

    *records, remark = audited(GitRepository.of_checkout(shallow), last)

    assert [str(line.transition) for line in records if isinstance(line, Record)] == [
        "digits 1.2.0: Development -> Production",
        "digits 1.1.0: Production -> Archived",
    ]
    assert isinstance(remark, Remark)
    assert "this clone begins here" in str(remark)


def test_notes_on_what_is_no_step_of_the_base_are_named(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"registry.yaml": ""})
    upstream.git("checkout", "--quiet", "-b", "topic")
    aside = upstream.commit({"README.md": "x"}, branch="topic")
    upstream.git("checkout", "--quiet", "main")
    noted(upstream, first, "")
    noted(upstream, aside, "event: merged")

    assert told(clone, upstream)[-1] == f"the ledger tells of commits that are no step of the base: {aside}"


def test_a_ref_that_names_no_ledger_is_as_good_as_none(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"registry.yaml": ""})
    blob = upstream.git("rev-parse", "HEAD:registry.yaml")
    upstream.git("update-ref", "refs/notes/registrar", blob)

    assert ledger_tip(clone) is None
    assert told(clone, upstream) == ["registry.yaml (no note)"]


@pytest.mark.parametrize("ref", ["refs/tags/refs/notes/registrar", "refs/notes/registrar/more"])
def test_a_ref_that_is_called_almost_like_the_ledger_is_none(
    upstream: Upstream, clone: GitRepository, ref: str
) -> None:
    upstream.git("update-ref", ref, upstream.commit({"registry.yaml": ""}))

    assert ledger_tip(clone) is None


@pytest.mark.parametrize(
    "time",
    [pytest.param("yesterday", id="a word"), pytest.param(f"{'9' * 30} +0000", id="no calendar's"), ""],
)
def test_a_commit_whose_time_nobody_can_read_is_named_and_all_is_told(
    upstream: Upstream, clone: GitRepository, time: str
) -> None:
    first = upstream.commit({"registry.yaml": "", STATUS: "Production: 1.0.0\n"})
    upstream.commit({STATUS: "Production: 1.1.0\n"})
    tree = upstream.git("rev-parse", "HEAD^{tree}")
    file = upstream.checkout.parent / "commit"
    file.write_text(f"tree {tree}\nparent {first}\nauthor ana <a@x> {time}\ncommitter ana <a@x> {time}\n\nPromote\n")
    odd = upstream.git("hash-object", "--literally", "-t", "commit", "-w", str(file))

    lines = list(map(str, audited(clone, odd)))

    assert clone.first_parent(odd) == first
    assert f"{odd[:7]}: its commit tells no time that a calendar has; it stands at 1970" in lines
    assert len([line for line in lines if "1.1.0" in line or "1.0.0" in line]) == 3
    assert next(Proof(Question(clone, odd, unsigned=True)).findings()).commit == odd


def test_a_commit_in_an_encoding_that_nobody_knows_is_no_way_to_hide_the_history(
    upstream: Upstream, clone: GitRepository
) -> None:
    first = upstream.commit({"registry.yaml": "", STATUS: "Production: 1.0.0\n"})
    upstream.commit({STATUS: "Production: 1.1.0\n"})
    tree, eve, file = upstream.git("rev-parse", "HEAD^{tree}"), "eve <e@x> 1 +0000", upstream.checkout.parent / "commit"
    file.write_text(f"tree {tree}\nparent {first}\nauthor {eve}\ncommitter {eve}\nencoding none\n\nHide\n")
    odd = upstream.git("hash-object", "-t", "commit", "-w", str(file))
    merge = upstream.git("commit-tree", tree, "-p", first, "-p", odd, "-m", "Merge")

    lines = list(map(str, audited(clone, merge)))

    assert any("1.1.0" in line for line in lines)


@pytest.mark.parametrize(
    "path", [".github/workflows/bot.yml", ".gitlab-ci.yml", ".GitLab-CI.yml", ".GITLAB/ci/bot.yml"]
)
def test_a_change_of_what_jobs_run_is_told(upstream: Upstream, clone: GitRepository, path: str) -> None:
    upstream.commit({"registry.yaml": "", STATUS: "Production: 1.0.0\n"})
    tip = upstream.commit({path: "job: {script: [x]}\n"})
    clone.fetch()

    assert any(path in line for line in map(str, audited(clone, tip)))
