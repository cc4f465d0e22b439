"""What docs/audit.md says to type, typed into a clone of a registry whose bot has signed what it noted."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from repository.proven import REF, STATUS, Registry, a_registry
from test_docs import ROOT

AT_WORK = {"GIT_CONFIG_NOSYSTEM": "1", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@dataclass
class Reader:
    """Somebody with git, a clone, and the page."""

    folder: Path
    registry: Registry

    def types(self, *blocks: int) -> tuple[int, list[str]]:
        """The exit code, and what the blocks of the page print, one after the other in one shell."""
        page = (ROOT / "docs/audit.md").read_text()
        written = re.findall(r"^```sh\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
        words = "echo '-- next'\n".join(written[number] for number in blocks)
        done = subprocess.run(
            ["bash", "-euc", words],
            cwd=self.folder,
            env=AT_WORK | {"HOME": str(self.folder.parent)},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout.split("-- next\n")


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Ana approved that 1.1.0 goes to Production; 1.1.0 was pushed with its notes, and cloned without them."""
    monkeypatch.setenv("GIT_COMMITTER_NAME", "registrar-bot")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "bot@example.org")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "registrar-bot")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "bot@example.org")
    registry = a_registry(tmp_path)
    registry.promote("1.1.0")
    folder = tmp_path / "reader"
    subprocess.run(["git", "clone", "--quiet", str(registry.folder), str(folder)], check=True)
    return Reader(folder, registry)


FETCH, CHANGE, SIGNED, OWNERS, CONTENT, ALTERED, VERIFY = range(7)


def test_one_promotion_is_checked_by_hand_as_the_page_says(reader: Reader) -> None:
    code, (_, change, signed, owners, content, altered) = reader.types(FETCH, CHANGE, SIGNED, OWNERS, CONTENT, ALTERED)

    assert code == 0
    assert "+Production: [1.1.0]" in change
    assert '"login": "ana"' in change
    assert '"rule": "CODEOWNERS:1", "word": "@ana"' in change
    assert signed.startswith("G registrar-bot SHA256:")
    assert owners.startswith("* @ana @raj\n")
    assert "approvals: {count: 1" in owners
    assert f'- ["{STATUS}", "{content.strip()}"]' in change
    assert altered == ""


def test_the_whole_history_is_checked_as_the_page_says(reader: Reader) -> None:
    code, (_, said) = reader.types(FETCH, VERIFY)

    assert (code, said.splitlines()[-1]) == (0, "proven")


def test_a_version_that_was_altered_is_found_by_hand(reader: Reader) -> None:
    path = "models/digits/versions/1.0.0/version.yaml"
    sha = reader.registry.push({path: "description: better\n"})
    subprocess.run(["git", "-C", str(reader.folder), "pull", "--quiet"], check=True)

    assert reader.types(ALTERED) == (0, [f"{sha}\n"])


def test_a_ledger_that_was_rewritten_is_refused_by_git_itself(reader: Reader) -> None:
    assert reader.types(FETCH)[0] == 0
    reader.registry.keep_notes(reader.registry.clone.tree_id(reader.registry.tip))

    code, (said,) = reader.types(FETCH)

    assert code != 0
    assert f"{REF} -> {REF}" in said
    assert "non-fast-forward" in said
