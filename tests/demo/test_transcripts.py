"""The demo is one story, told on either forge: both transcripts are equal, step for step."""

import difflib
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

FORGES = ("github", "gitlab")
LONG = 300  # seconds for both; alone on a machine they take half a minute
STEPS = 10

# What may differ: names of one thing on two forges, and what differs from one telling to the next on one forge.
SAME: tuple[tuple[str, str], ...] = (
    (r"http://localhost:\d+\S*", "<page>"),
    (r"(pull|merge) request", "<request>"),
    (r"[#!](\d+)\b", r"<number \1>"),
    (r"deploy\.yml|\.gitlab-ci\.yml", "<pipeline>"),
    (r"(\.github/|\.gitlab/)?CODEOWNERS", "<owners>"),
    (r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d[+:\d]*)?", "<time>"),
    (r"\b[0-9a-f]{7}\b", "<hash>"),
    (r"in \d+ seconds", "in <some> seconds"),
)


def comparable(said: str) -> list[str]:
    for pattern, word in SAME:
        said = re.sub(pattern, word, said)
    return said.splitlines()


@pytest.fixture(scope="module")
def transcripts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Both at once: each is a process that starts others."""
    running = {}
    for forge in FORGES:
        environment = dict(os.environ) | {"TMPDIR": str(tmp_path_factory.mktemp(forge))}
        words = [sys.executable, "-m", "registrar", "demo", "--auto", "--forge", forge]
        running[forge] = subprocess.Popen(
            words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    try:
        said = {forge: demo.communicate(timeout=LONG)[0] for forge, demo in running.items()}
        assert {forge: demo.returncode for forge, demo in running.items()} == dict.fromkeys(FORGES, 0), said
        return said
    finally:
        for demo in running.values():
            demo.kill()


def test_both_forges_tell_the_same_story(transcripts: Mapping[str, str]) -> None:
    github, gitlab = (comparable(transcripts[forge]) for forge in FORGES)

    assert list(difflib.unified_diff(github, gitlab, *FORGES, lineterm="", n=0)) == []


@pytest.mark.parametrize("forge", FORGES)
def test_the_story_holds_what_it_promises(transcripts: Mapping[str, str], forge: str) -> None:
    said = transcripts[forge]

    assert re.findall(r"(?m)^ ?(\d+)\. ", said) == [str(step + 1) for step in range(STEPS)]
    assert "mei asked for this change, so mei cannot approve it" in said
    assert 'the forge refuses while "registrar: main" is pending' in said
    assert said.count("ran once: the hash is right, read 10 of 10 right") == len(("1.0.0", "1.1.0"))
    assert "accuracy 0.846 is below the required 0.9" in said
    assert re.search(r"1\.1\.0 +Production", said)
    assert 'requester: {"id": ' in said
    assert 'reason: "approved by ana (' in said
    assert said.count('outcome: "success"') == 1


def test_nothing_is_left_behind(transcripts: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    assert transcripts
    left: list[Path] = [
        each for forge in FORGES for each in tmp_path_factory.getbasetemp().glob(f"{forge}*/registrar-*")
    ]

    assert left == []


def test_what_differs_otherwise_is_seen() -> None:
    assert comparable("ana merges: 1a2b3c4") == comparable("ana merges: fedcba9")
    assert comparable("pull request #7 is open") == comparable("merge request !7 is open")
    assert comparable("pull request #7 is open") != comparable("merge request !8 is open")
    assert comparable("waiting for ana") != comparable("waiting for raj")
