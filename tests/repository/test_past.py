"""Claims about what the base held at a moment: the forge's clock where the ledger has it, else the committers'."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.ledgers import merged
from registrar.core.ledger_text import written
from registrar.errors import Unknown
from registrar.repository.git import GitRepository
from registrar.repository.past import Stood, base_at
from repository.upstream import Upstream

MARCH = datetime(2026, 3, 1, 12, tzinfo=UTC)
Landing = Callable[..., str]


def day(number: int) -> datetime:
    return MARCH + timedelta(days=number)


@pytest.fixture
def landing(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> Landing:
    """Commit to the base with a committer's clock that says a day, and, if given, a ledger that says another."""

    def land(name: str, *, made: int, merged_on: int | None = None) -> str:
        monkeypatch.setenv("GIT_COMMITTER_DATE", day(made).isoformat())
        sha = upstream.commit({"README.md": name}, name)
        if merged_on is not None:
            entry = merged(commit=sha, before=f"{sha}", at=day(merged_on))
            upstream.git("notes", "--ref=registrar", "add", "-m", written([entry]), sha)
        return sha

    return land


def at(upstream: Upstream, number: int) -> Stood:
    clone = GitRepository.of_checkout(upstream.checkout)
    return base_at(clone, upstream.git("rev-parse", "HEAD"), day(number))


def test_without_a_ledger_the_clocks_of_the_committers_say_it(upstream: Upstream, landing: Landing) -> None:
    for name, made in (("one", 1), ("two", 3), ("three", 5)):
        landing(name, made=made)

    assert [at(upstream, number).title for number in (1, 2, 3, 4, 9)] == ["one", "one", "two", "two", "three"]
    assert not at(upstream, 4).by_ledger


def test_a_merge_landed_when_the_ledger_says(upstream: Upstream, landing: Landing) -> None:
    landing("one", made=1, merged_on=1)
    landing("two", made=2, merged_on=6)

    assert [at(upstream, number).title for number in (2, 5, 6)] == ["one", "one", "two"]
    assert (at(upstream, 6).landed_at, at(upstream, 6).by_ledger) == (day(6), True)


def test_what_came_after_a_merge_of_the_ledger_was_not_there_before_it(upstream: Upstream, landing: Landing) -> None:
    landing("one", made=1, merged_on=1)
    landing("two", made=4, merged_on=4)
    landing("back-dated", made=2)

    assert [at(upstream, number).title for number in (3, 4)] == ["one", "back-dated"]


def test_what_came_before_a_merge_of_the_ledger_was_there_with_it(upstream: Upstream, landing: Landing) -> None:
    landing("one", made=1)
    landing("post-dated", made=300)
    landing("two", made=2, merged_on=4)

    assert [at(upstream, number).title for number in (3, 5)] == ["one", "two"]


def test_before_it_began_nothing_is_known(upstream: Upstream, landing: Landing) -> None:
    first = landing("one", made=1)

    with pytest.raises(Unknown, match=f"it begins with {first[:7]}"):
        at(upstream, 0)


def test_a_shallow_clone_does_not_guess_at_what_it_does_not_have(
    upstream: Upstream, landing: Landing, tmp_path: Path
) -> None:
    landing("one", made=1)
    landing("two", made=3)
    last = landing("three", made=5)
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=2", "--branch=main", f"file://{upstream.path}", tmp_path / "shallow"],
        check=True,
    )
    clone = GitRepository.of_checkout(tmp_path / "shallow")

    assert base_at(clone, last, day(5)).title == "three"
    with pytest.raises(Unknown, match="git fetch --unshallow"):
        base_at(clone, last, day(2))
