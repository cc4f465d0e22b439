"""The application says what it serves, and does no deploy twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from examples.places import APPLICATION

FACTS = {
    "MODEL": "digits",
    "VERSION": "1.0.0",
    "HASH": "md5:" + "0" * 32,
    "COMMIT": "a" * 40,
    "PULL_REQUEST": "7",
    "APPROVERS": "ana",
    "OPERATION": "deploy-7-0123456789abcdef",
}


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    folder = tmp_path / "digits-ui.git"
    git("init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    return folder


def git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def deploy(remote: Path, **facts: str) -> subprocess.CompletedProcess[str]:
    told = {**FACTS, **facts, "DEPLOY_REMOTE": str(remote), "DEPLOY_USER": "mei", "DEPLOY_TOKEN": "t0ken"}
    kept = {"PATH": os.environ["PATH"], "HOME": str(remote.parent), "GIT_CONFIG_NOSYSTEM": "1"}
    command = [sys.executable, str(APPLICATION / "deploy.py")]
    return subprocess.run(command, env=kept | told, capture_output=True, text=True, check=False)


def served(remote: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(git("-C", str(remote), "show", "production:serving.json"))
    return found


def commits(remote: Path) -> int:
    return int(git("-C", str(remote), "rev-list", "--count", "production"))


def test_what_is_served_stands_on_a_branch(remote: Path) -> None:
    done = deploy(remote)

    assert (done.returncode, done.stdout) == (0, "digits 1.0.0 serves, approved by ana\n")
    assert served(remote) == {name.lower(): value for name, value in FACTS.items()}


def test_an_operation_that_is_known_is_refused_also_when_a_newer_one_followed(remote: Path) -> None:
    deploy(remote)
    deploy(remote, VERSION="1.1.0", OPERATION="deploy-8-fedcba9876543210")

    again = deploy(remote)

    assert again.returncode == 0
    assert again.stdout == "refused: deploy-7-0123456789abcdef was deployed before; nothing is done twice\n"
    assert (served(remote)["version"], commits(remote)) == ("1.1.0", 2)


def test_a_deploy_that_another_was_quicker_than_comes_after_it(remote: Path) -> None:
    refuse_once = f'#!/bin/sh\n[ -e "{remote}/refused" ] || {{ touch "{remote}/refused"; exit 1; }}\n'
    (remote / "hooks" / "pre-receive").write_text(refuse_once)
    (remote / "hooks" / "pre-receive").chmod(0o755)

    done = deploy(remote)

    assert done.returncode == 0, done.stderr
    assert served(remote)["version"] == "1.0.0"


def test_a_branch_that_cannot_be_pushed_is_no_deploy(remote: Path) -> None:
    (remote / "hooks" / "pre-receive").write_text("#!/bin/sh\nexit 1\n")
    (remote / "hooks" / "pre-receive").chmod(0o755)

    done = deploy(remote)

    assert done.returncode == 1
    assert "serves" not in done.stdout
    assert "could not be pushed" in done.stderr


def test_the_token_is_in_no_file_and_in_no_word_of_the_log(remote: Path) -> None:
    done = deploy(remote)

    assert "t0ken" not in done.stdout + done.stderr
    assert "t0ken" not in git("-C", str(remote), "log", "--all", "-p")
