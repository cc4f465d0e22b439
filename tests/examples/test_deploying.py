"""The application says what it serves, does no deploy twice, and none after one that is newer."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from examples.places import APPLICATION
from registrar.sandbox.workflows import read_workflow
from stories.registries import a_registry

FACTS = {
    "MODEL": "digits",
    "VERSION": "1.0.0",
    "HASH": "md5:" + "0" * 32,
    "PULL_REQUEST": "7",
    "APPROVERS": "ana",
    "OPERATION": "deploy-7-0123456789abcdef",
}
OLDER, NEWER, NEWEST = range(3)  # what the registry said, one after another
DEPLOYS: tuple[dict[str, str], ...] = (
    {},
    {"VERSION": "1.1.0", "OPERATION": "deploy-8-fedcba9876543210"},
    {"OPERATION": "deploy-9-00112233aabbccdd"},  # rolls back
)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """The application's repository; beside it the registry, which has spoken three times."""
    folder = tmp_path / "digits-ui.git"
    git("init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    git("init", "--quiet", "--initial-branch=main", str(tmp_path / "registry"))
    for _ in DEPLOYS:
        commit(tmp_path / "registry")
    return folder


def git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def commit(folder: Path, *words: str) -> None:
    ana = ("-c", "user.name=ana", "-c", "user.email=ana@example.org")
    git("-C", str(folder), *ana, "commit", "--quiet", "--allow-empty", "--message", "Promote", *words)


def said(remote: Path, which: int) -> str:
    """A commit of the registry."""
    return git("-C", str(remote.parent / "registry"), "rev-list", "--reverse", "main").split()[which]


def environment(remote: Path, facts: Mapping[str, str]) -> dict[str, str]:
    told = {**FACTS, **facts, "DEPLOY_REMOTE": str(remote), "DEPLOY_USER": "mei", "DEPLOY_TOKEN": "t0ken"}
    kept = {"PATH": os.environ["PATH"], "HOME": str(remote.parent), "GIT_CONFIG_NOSYSTEM": "1"}
    return kept | told


def started(remote: Path, which: int = OLDER) -> subprocess.Popen[str]:
    told = environment(remote, {"COMMIT": said(remote, which), **DEPLOYS[which]})
    command = [sys.executable, str(APPLICATION / "deploy.py")]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=remote.parent, env=told, stdout=pipe, stderr=pipe, text=True)


def deploy(remote: Path, which: int = OLDER) -> subprocess.CompletedProcess[str]:
    with started(remote, which) as process:
        out, aside = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, aside)


def served(remote: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(git("-C", str(remote), "show", "production:serving.json"))
    return found


def commits(remote: Path) -> int:
    return int(git("-C", str(remote), "rev-list", "--count", "production"))


def hook(remote: Path, script: str) -> None:
    """Let the application's repository ask before it takes a push."""
    file = remote / "hooks" / "pre-receive"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_what_is_served_stands_on_a_branch(remote: Path) -> None:
    done = deploy(remote)

    assert (done.returncode, done.stdout) == (0, "digits 1.0.0 serves, approved by ana\n")
    told = {**FACTS, "COMMIT": said(remote, OLDER)}
    assert served(remote) == {name.lower(): value for name, value in told.items()}


def test_an_operation_that_is_known_is_refused_also_when_a_newer_one_followed(remote: Path) -> None:
    deploy(remote)
    deploy(remote, NEWER)

    again = deploy(remote)

    assert again.returncode == 0
    assert again.stdout == "refused: deploy-7-0123456789abcdef was deployed before; nothing is done twice\n"
    assert (served(remote)["version"], commits(remote)) == ("1.1.0", 2)


def test_what_the_registry_said_earlier_does_not_replace_what_it_said_later(remote: Path) -> None:
    deploy(remote, NEWER)

    late = deploy(remote, OLDER)

    newer, older = said(remote, NEWER)[:7], said(remote, OLDER)[:7]
    assert (late.returncode, late.stdout, served(remote)["version"], commits(remote)) == (1, "", "1.1.0", 1)
    assert late.stderr == (
        f"overtaken: digits 1.1.0 serves, as {newer} of the registry says, and {older} does not come after that; "
        "digits 1.0.0 is not deployed\n"
    )


def test_a_rollback_is_the_registrys_newest_word_and_is_deployed(remote: Path) -> None:
    done = [deploy(remote, which) for which in (OLDER, NEWER, NEWEST)]

    assert [each.returncode for each in done] == [0, 0, 0], done[-1].stderr
    assert (served(remote)["version"], served(remote)["commit"]) == ("1.0.0", said(remote, NEWEST))


@pytest.mark.parametrize(
    ("slow", "quick", "ends"),
    [pytest.param(OLDER, NEWER, 1, id="the older is slow"), pytest.param(NEWER, OLDER, 0, id="the newer is slow")],
)
def test_of_two_deploys_at_once_the_newer_serves(remote: Path, slow: int, quick: int, ends: int) -> None:
    os.mkfifo(remote / "go")
    go = os.open(remote / "go", os.O_RDWR)
    hook(remote, "[ -p go ] || exit 0\nmv go going\necho held >&2\nread -r _ < going")

    with started(remote, slow) as process:
        assert process.stderr is not None
        assert any("held" in line for line in process.stderr)  # it has read the branch, and pushes
        quicker = deploy(remote, quick)
        os.write(go, b"\n")
        process.communicate()
    os.close(go)

    assert (quicker.returncode, process.returncode) == (0, ends), quicker.stderr
    assert (served(remote)["version"], commits(remote)) == ("1.1.0", 2 - ends)


def test_a_registry_that_was_begun_anew_is_followed_once_nothing_is_said_to_serve(remote: Path) -> None:
    deploy(remote, NEWEST)
    registry, clone = remote.parent / "registry", remote.parent / "clone"
    git("-C", str(registry), "checkout", "--quiet", "--orphan", "anew")
    commit(registry)
    git("-C", str(registry), "branch", "--force", "main", "anew")
    git("clone", "--quiet", "--branch=production", str(remote), str(clone))
    git("-C", str(clone), "rm", "--quiet", "serving.json")
    commit(clone)
    refused = deploy(remote, OLDER)
    git("-C", str(clone), "push", "--quiet")

    done = deploy(remote, OLDER)

    assert (refused.returncode, done.returncode) == (1, 0), done.stderr
    assert served(remote)["commit"] == said(remote, OLDER)


def test_a_branch_that_cannot_be_pushed_is_no_deploy(remote: Path) -> None:
    hook(remote, "exit 1")

    done = deploy(remote)

    assert done.returncode == 1
    assert "serves" not in done.stdout
    assert "could not be pushed" in done.stderr


def test_the_token_is_in_no_file_and_in_no_word_of_the_log(remote: Path) -> None:
    done = deploy(remote)

    assert "t0ken" not in done.stdout + done.stderr
    assert "t0ken" not in git("-C", str(remote), "log", "--all", "-p")


def test_the_weights_that_are_told_are_pulled_and_checked_whatever_they_are_called(tmp_path: Path) -> None:
    content = b"weights of another make"
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    kept = tmp_path / "storage" / "files" / "md5" / md5[:2] / md5[2:]
    registry, folder = tmp_path / "registry", "models/digits/versions/1.0.0"
    weights = f"{{path: net.bin, hash: 'md5:{md5}', size: {len(content)}}}"
    files = {
        **a_registry(),
        ".dvc/config": f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {tmp_path / 'storage'}\n",
        f"{folder}/version.yaml": f"artifacts: {{weights: {weights}}}\n",
        f"{folder}/net.bin.dvc": f"outs:\n- md5: {md5}\n  size: {len(content)}\n  hash: md5\n  path: net.bin\n",
    }
    for path, text in {**{registry / name: text for name, text in files.items()}, kept: content.decode()}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git("init", "--quiet", "--initial-branch=main", str(registry))
    git("-C", str(registry), "add", "--all")
    commit(registry)
    [job] = read_workflow((APPLICATION / ".github" / "workflows" / "deploy.yml").read_text()).jobs
    [script] = (step.run for step in job.steps if step.name.startswith("Pull"))
    told = {"COMMIT": "main", "HASH": f"md5:{md5}", "ARTIFACT": f"{folder}/net.bin"}
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    done = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=tmp_path,
        env={**environment(tmp_path / "digits-ui.git", told), "PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"{folder}/net.bin: OK" in done.stdout, done.stderr
    assert (tmp_path / folder / "net.bin").read_bytes() == content
