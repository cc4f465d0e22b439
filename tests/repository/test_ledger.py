"""The ledger on real git: what one bot writes, every clone reads, and no entry is lost or told twice."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from core.ledgers import deployed, merged, pushed, rejected
from registrar.core.ledger_text import written
from registrar.core.pull_requests import Outcome
from registrar.errors import BrokenLedger, InvalidRegistry
from registrar.repository.ledger import REF, Ledger
from registrar.repository.mirror import mirror
from repository.upstream import ANA, Upstream

BOT = replace(ANA, name="registrar-bot", email="registrar-bot@example.org")


def a_ledger(upstream: Upstream, folder: Path) -> Ledger:
    """The ledger as a bot with a mirror of its own reaches it."""
    git = mirror(str(upstream.path), folder)
    git.fetch()
    return Ledger(git, lambda: BOT)


@pytest.fixture
def ledger(upstream: Upstream, tmp_path: Path) -> Ledger:
    upstream.commit({"registry.yaml": ""})
    return a_ledger(upstream, tmp_path / "mirror.git")


def shown(upstream: Upstream, sha: str) -> str:
    """The note in a person's clone."""
    upstream.git("fetch", "--quiet", "origin", f"+{REF}:{REF}")
    return upstream.git("notes", "--ref=registrar", "show", sha) + "\n"


def push_notes(upstream: Upstream, path: str, text: str) -> None:
    """Notes of which this is the only one."""
    upstream.git("checkout", "--quiet", "--orphan", "notes")
    upstream.git("rm", "-r", "--quiet", "--force", "--ignore-unmatch", ".")
    upstream.write({path: text})
    upstream.git("add", "--all")
    upstream.git("commit", "--quiet", "-m", "Notes")
    upstream.git("push", "--quiet", "origin", f"HEAD:{REF}")


def notes_commits(upstream: Upstream) -> list[str]:
    upstream.git("fetch", "--quiet", "origin", f"+{REF}:{REF}")
    return upstream.git("log", "--format=%an %s", REF).splitlines()


def test_git_shows_what_was_noted(upstream: Upstream, ledger: Ledger) -> None:
    sha = upstream.commit({"models/digits/status.yaml": "Production: 1.1.0\n"}, "Promote digits 1.1.0")

    ledger.append(sha, merged(commit=sha), deployed())

    log = upstream.git("log", "-1", "--notes=registrar", "models/digits/status.yaml")
    assert "Promote digits 1.1.0" in log
    assert shown(upstream, sha) == written([merged(commit=sha), deployed()])
    assert notes_commits(upstream) == [
        f"registrar-bot Note merged-7-{sha[:16]}, deploy-7-0123456789abcdef-pending",
    ]


def test_a_later_entry_stands_below_the_earlier(upstream: Upstream, ledger: Ledger) -> None:
    sha = upstream.commit({})
    ledger.append(sha, deployed())

    ledger.append(sha, deployed(Outcome.SUCCESS))

    assert ledger.entries(sha) == (deployed(), deployed(Outcome.SUCCESS))


def test_what_is_noted_already_is_not_noted_again(upstream: Upstream, ledger: Ledger, tmp_path: Path) -> None:
    sha = upstream.commit({})
    ledger.append(sha, merged())

    ledger.append(sha, merged(reason="told otherwise"))
    a_ledger(upstream, tmp_path / "anew.git").append(sha, merged(), merged())

    assert (ledger.entries(sha), len(notes_commits(upstream))) == ((merged(),), 1)


def test_what_was_noted_is_known_without_asking_the_forge(upstream: Upstream, ledger: Ledger) -> None:
    sha = upstream.commit({})
    ledger.append(sha, merged())
    upstream.path.rename(upstream.path.with_name("gone.git"))

    ledger.append(sha, merged())


def test_a_commit_of_which_nothing_is_told_has_no_entries(upstream: Upstream, ledger: Ledger) -> None:
    told, untold = upstream.commit({}, "One"), upstream.commit({}, "Two")

    assert ledger.entries(untold) == ()
    ledger.append(told, merged())
    assert ledger.entries(untold) == ()


def test_of_two_replicas_that_write_at_once_neither_loses_an_entry(upstream: Upstream, tmp_path: Path) -> None:
    upstream.commit({"registry.yaml": ""})
    shas = [upstream.commit({}, f"Change {number}") for number in range(6)]
    mirrors = [a_ledger(upstream, tmp_path / f"{number}.git") for number in range(2)]
    start, failures = threading.Barrier(2), []

    def write(number: int) -> None:
        start.wait()
        try:
            for sha in shas if number else reversed(shas):
                mirrors[number].append(sha, pushed(commit=sha), deployed([Outcome.PENDING, Outcome.SUCCESS][number]))
        except Exception as error:  # noqa: BLE001 -- a thread tells nobody else
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    keys = {sha: sorted(entry.key for entry in mirrors[0].entries(sha)) for sha in shas}
    both = [deployed().key, deployed(Outcome.SUCCESS).key]
    assert failures == []
    assert keys == {sha: [*both, pushed(commit=sha).key] for sha in shas}


def test_threads_of_one_bot_write_one_after_the_other(upstream: Upstream, ledger: Ledger) -> None:
    shas = [upstream.commit({}, f"Change {number}") for number in range(4)]
    threads = [threading.Thread(target=ledger.append, args=(sha, pushed(commit=sha))) for sha in shas]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [ledger.entries(sha) for sha in shas] == [(pushed(commit=sha),) for sha in shas]


def test_notes_that_git_laid_out_its_own_way_are_kept(upstream: Upstream, ledger: Ledger) -> None:
    """A person adds a note by hand: git writes all of them where it wants them."""
    first, second = upstream.commit({}, "One"), upstream.commit({}, "Two")
    ledger.append(first, merged())
    shown(upstream, first)
    upstream.git("notes", "--ref=registrar", "add", "-m", "a person's words", second)
    upstream.git("push", "--quiet", "origin", REF)

    ledger.append(first, deployed())
    ledger.append(second, rejected())

    assert shown(upstream, first) == written([merged(), deployed()])
    assert shown(upstream, second) == "a person's words\n" + written([rejected()])
    with pytest.raises(InvalidRegistry, match=rf"note of {second[:7]}:1"):
        ledger.entries(second)


def test_very_many_notes_are_read_where_git_spread_them(upstream: Upstream, ledger: Ledger) -> None:
    """Git itself makes folders within folders of them."""
    deep = upstream.commit({}, "Deep")
    push_notes(upstream, f"{deep[:2]}/{deep[2:4]}/{deep[4:]}", written([merged()]))

    ledger.append(deep, deployed())

    assert shown(upstream, deep) == written([merged(), deployed()])


@pytest.mark.parametrize(
    ("move", "complaint"),
    [
        pytest.param(":refs/notes/registrar", "was deleted", id="deleted"),
        pytest.param("+refs/notes/forged:refs/notes/registrar", "was rewritten", id="rewritten"),
    ],
)
def test_nothing_is_written_upon_a_ledger_that_lost_what_it_held(
    upstream: Upstream, ledger: Ledger, move: str, complaint: str
) -> None:
    sha = upstream.commit({})
    ledger.append(sha, merged())
    upstream.git("notes", "--ref=forged", "add", "-m", written([merged(ruling="approved")]), sha)
    upstream.git("push", "--quiet", "origin", move)
    before = upstream.git("ls-remote", "origin", REF)

    with pytest.raises(BrokenLedger, match=complaint) as refused:
        ledger.append(sha, deployed())

    assert upstream.git("ls-remote", "origin", REF) == before
    (mend,) = [word for word in str(refused.value).split() if word.endswith(f":{REF}")]
    ledger.git.run("push", "--force", "origin", mend)
    ledger.append(sha, deployed())
    assert ledger.entries(sha) == (merged(), deployed())


def test_a_folder_where_a_note_belongs_is_told_of(upstream: Upstream, ledger: Ledger) -> None:
    sha = upstream.commit({})
    push_notes(upstream, sha[:2], "no folder")

    with pytest.raises(BrokenLedger, match="is not a folder"):
        ledger.append(sha, merged())


def test_a_forge_that_takes_no_notes_is_told_of(upstream: Upstream, ledger: Ledger) -> None:
    sha = upstream.commit({})
    hook = upstream.path / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\ncase "$1" in refs/notes/*) exit 1;; esac\n')
    hook.chmod(0o755)

    with pytest.raises(BrokenLedger, match="does not take branch refs/notes/registrar"):
        ledger.append(sha, merged())


def test_all_that_is_noted_under_some_commits_is_told_at_once(upstream: Upstream, ledger: Ledger) -> None:
    first, second = upstream.commit({}, "One"), upstream.commit({}, "Two")
    ledger.append(first, merged())
    ledger.append(second, deployed())

    assert ledger.keys(first, second) == {merged().key, deployed().key}
    assert ledger.keys(second) == {deployed().key}
    assert ledger.keys() == frozenset()
