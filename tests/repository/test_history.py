"""Claims about what the history of a branch says of a model."""

import pytest

from registrar.repository.git import GitRepository
from registrar.repository.history import earlier_holders, held_before, history
from repository.upstream import Upstream

STATUS = "models/digits/status.yaml"


@pytest.fixture
def clone(upstream: Upstream) -> GitRepository:
    """Two promotions, a merge of a branch that went back and forth, a file nobody could read, and a change of form."""
    upstream.commit({"registry.yaml": "", STATUS: "Staging: 1.0.0\n"}, "Stage 1.0.0")
    upstream.commit({STATUS: "Production: 1.0.0\n"}, "Promote 1.0.0\n\nRequested-by: raj <raj@example.org>")
    upstream.commit({"README.md": "x"}, "Explain")
    upstream.git("checkout", "--quiet", "-b", "topic")
    upstream.commit({STATUS: "Production: 9.9.9\n"}, "Never landed", branch="topic")
    upstream.commit({STATUS: "Production: 1.1.0\nArchived: 1.0.0\n"}, "Promote 1.1.0", branch="topic")
    upstream.git("checkout", "--quiet", "main")
    upstream.git("merge", "--quiet", "--no-ff", "-m", "Merge topic\n\nRequested-by: mei", "topic")
    upstream.commit({STATUS: "Production: [\n"}, "Break it")
    upstream.commit({STATUS: "Production: 1.0.0\nArchived: [1.1.0]\n"}, "Roll back")
    upstream.commit({STATUS: "# note\nProduction: 1.0.0\nArchived: 1.1.0\n"}, "Comment")
    return GitRepository.of_checkout(upstream.checkout)


def test_each_step_of_the_branch_tells_its_transitions(clone: GitRepository) -> None:
    entries = history(clone, clone.resolve("main"), "digits")

    told = [(entry.commit.message.splitlines()[0], [str(move) for move in entry.transitions]) for entry in entries]
    assert told == [
        ("Comment", []),
        ("Roll back", ["digits 1.0.0: Archived -> Production", "digits 1.1.0: Production -> Archived"]),
        ("Break it", []),
        ("Merge topic", ["digits 1.0.0: Production -> Archived", "digits 1.1.0: Development -> Production"]),
        ("Promote 1.0.0", ["digits 1.0.0: Staging -> Production"]),
        ("Stage 1.0.0", ["digits 1.0.0: Development -> Staging"]),
    ]
    assert [entry.is_readable for entry in entries] == [True, True, False, True, True, True]
    assert [entry.requested_by for entry in entries[3:5]] == [("mei",), ("raj <raj@example.org>",)]


def test_what_only_a_branch_said_was_never_held(clone: GitRepository) -> None:
    assert held_before(clone, clone.resolve("main"), "digits") == {
        "1.0.0": {"Staging", "Production", "Archived"},
        "1.1.0": {"Production", "Archived"},
    }


def test_the_last_holder_comes_first(clone: GitRepository) -> None:
    tip = clone.resolve("main")

    assert earlier_holders(clone, tip, "digits", "Production") == ("1.0.0", "1.1.0")
    assert earlier_holders(clone, tip, "digits", "Staging") == ("1.0.0",)
    assert earlier_holders(clone, tip, "digits", "QA") == ()


def test_a_model_without_a_status_file_has_no_history(clone: GitRepository) -> None:
    assert history(clone, clone.resolve("main"), "fraud") == ()


def test_a_deleted_status_file_ends_every_status(clone: GitRepository, upstream: Upstream) -> None:
    tip = upstream.commit({STATUS: None}, "Delete")

    (entry, *_) = history(clone, tip, "digits")

    assert [str(move) for move in entry.transitions] == [
        "digits 1.0.0: Production -> Development",
        "digits 1.1.0: Archived -> Development",
    ]


def test_a_replaced_commit_is_read_as_it_was_pushed(clone: GitRepository, upstream: Upstream) -> None:
    tip = clone.resolve("main")
    upstream.git("replace", tip, f"{tip}~5")

    assert history(clone, tip, "digits")[0].commit.message.splitlines()[0] == "Comment"


def test_a_merge_tells_who_asked_for_what_it_brought(upstream: Upstream) -> None:
    upstream.commit({"registry.yaml": ""}, "Start")
    upstream.git("checkout", "--quiet", "-b", "topic")
    upstream.commit({STATUS: "Staging: 1.0.0\n"}, "Stage\n\nRequested-by: mei <3+mei@host>", branch="topic")
    upstream.git("checkout", "--quiet", "main")
    upstream.git("merge", "--quiet", "--no-ff", "-m", "Merge pull request #7", "topic")
    upstream.git("push", "--quiet", "origin", "main")
    clone = GitRepository.of_checkout(upstream.checkout)
    clone.fetch()

    (entry,) = history(clone, clone.resolve("main"), "digits")

    assert entry.requested_by == ("mei <3+mei@host>",)
