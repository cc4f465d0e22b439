"""Claims about the bare mirror: made once, found again, safe to delete."""

import threading
from pathlib import Path

import pytest

from registrar.errors import RegistrarError, UsageError
from registrar.repository.mirror import keep_repository, mirror, place_of, repository_in
from repository.upstream import Upstream


def test_a_mirror_is_found_again(upstream: Upstream, tmp_path: Path) -> None:
    sha = upstream.commit({"a": "1"})
    mirror(str(upstream.path), tmp_path / "below" / "mirror.git").fetch()

    again = mirror(str(upstream.path), tmp_path / "below" / "mirror.git")

    assert again.is_bare
    assert again.resolve("main") == sha
    assert [path.name for path in (tmp_path / "below").iterdir()] == ["mirror.git"]


def test_a_mirror_follows_a_registry_that_moved(upstream: Upstream, tmp_path: Path) -> None:
    sha = upstream.commit({"a": "1"})
    mirror(str(tmp_path / "old-address.git"), tmp_path / "mirror.git")

    moved = mirror(f"file://{upstream.path}", tmp_path / "mirror.git")
    moved.fetch()

    assert moved.resolve("main") == sha


def test_an_empty_registry_can_be_mirrored(upstream: Upstream, tmp_path: Path) -> None:
    empty = mirror(str(upstream.path), tmp_path / "mirror.git")

    empty.fetch()

    assert empty.remote_branch("main") is None


def test_two_at_once_make_one_mirror(upstream: Upstream, tmp_path: Path) -> None:
    sha = upstream.commit({"a": "1"})
    found: list[str] = []

    def look() -> None:
        repository = mirror(str(upstream.path), tmp_path / "mirror.git")
        repository.fetch()
        found.append(repository.resolve("main"))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [sha] * 4


@pytest.mark.parametrize("url", ["", "--upload-pack=x", "https://ana:secret@example.org/r.git", "a\nb", "a\0b"])
def test_an_address_that_is_none_or_holds_a_secret_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        mirror(url, tmp_path / "mirror.git")

    assert "secret" not in str(refusal.value)


def test_a_damaged_mirror_is_told_in_one_line(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "mirror.git").mkdir()

    with pytest.raises(RegistrarError, match="cannot be opened as a git repository"):
        mirror(str(upstream.path), tmp_path / "mirror.git")


def test_the_index_of_changed_paths_of_a_large_registry_is_kept(upstream: Upstream, tmp_path: Path) -> None:
    upstream.commit({f"{number}": f"{number}" for number in range(100)})  # as many objects come in one pack
    repository = mirror(str(upstream.path), tmp_path / "mirror.git")

    repository.fetch()

    assert (repository.directory / "objects/info/commit-graphs/commit-graph-chain").exists()


URL = "https://git.example.org/acme/registry.git"


def test_a_registry_alone_lies_where_it_always_did(tmp_path: Path) -> None:
    assert place_of(tmp_path, "acme/registry", URL, alone=True) == tmp_path / "mirror.git"


def test_a_registry_that_gets_company_takes_its_mirror_and_its_memory_along_for_good(tmp_path: Path) -> None:
    keep_repository(mirror(URL, tmp_path / "mirror.git"), "7")

    other = place_of(tmp_path, "acme/other", "https://git.example.org/acme/other.git", alone=False)
    moved = place_of(tmp_path, "acme/registry", URL, alone=False)

    assert (other.name, other.exists()) == ("acme%2Fother.git", False)
    assert repository_in(mirror(URL, moved)) == "7"
    assert place_of(tmp_path, "Acme/Registry", URL, alone=True) == moved


def test_a_first_mirror_of_another_registry_stays_where_it_is(tmp_path: Path) -> None:
    mirror("https://git.example.org/acme/other.git", tmp_path / "mirror.git")

    place = place_of(tmp_path, "acme/registry", URL, alone=False)

    assert (place.exists(), (tmp_path / "mirror.git").exists()) == (False, True)
