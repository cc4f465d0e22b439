"""A person takes over the demo, finds everything as it is told, and leaves nothing behind."""

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from waiting import until

SOON = 60  # seconds


@contextmanager
def a_demo(folder: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """`registrar demo`, started as a shell's background job is, which ignores Ctrl-C, but not under `nohup`."""

    def as_in_the_background() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may run under nohup, and it is inherited

    demo = subprocess.Popen(
        [sys.executable, "-m", "registrar", "demo", *words],
        env=dict(os.environ) | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=as_in_the_background,  # noqa: PLW1509 # before any thread
    )
    try:
        yield demo
    finally:
        demo.kill()
        demo.communicate(timeout=SOON)


def read_until(demo: "subprocess.Popen[str]", words: str) -> str:
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def children(pid: int) -> list[int]:
    lists = [file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for text in lists for child in text.split()]


def is_alive(pid: int) -> bool:
    """What has ended and whose end nobody has heard of yet, as init may take its time, is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def no_more(pids: list[int]) -> bool:
    """A `git status` that the demo began ends by itself a moment later."""
    return not any(map(is_alive, pids))


def commands_in(folder: str, script: str, *, line: str) -> "subprocess.CompletedProcess[str]":
    words = {"PATH": os.environ["PATH"], "HOME": folder}
    return subprocess.run(["sh", "-ec", f"{line}\n{script}"], env=words, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the processes in /proc")
@pytest.mark.parametrize(
    ("forge", "page", "run"),
    [
        pytest.param("github", "/acme/registry/pull/5\n", "Watch the workflow run at http", id="github"),
        pytest.param(
            "gitlab",
            "/acme/registry/-/merge_requests/5\n",
            "Watch the pipeline at http",
            id="gitlab",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_person_takes_over_and_a_signal_takes_everything_down(
    tmp_path: Path, forge: str, page: str, run: str
) -> None:
    with a_demo(tmp_path, "--forge", forge) as demo:
        said = read_until(demo, "Ctrl-C")
        [line] = re.findall(r"^ +(\. \S+/mei\.env && cd \S+)$", said, flags=re.MULTILINE)
        [names] = tmp_path.glob("registrar-demo-*/mei.env")
        worked = commands_in(
            str(tmp_path),
            "registrar show\nregistrar check\ntest -f models/digits/model.yaml\n"
            "git push --quiet origin HEAD:refs/heads/idea\nregistrar promote digits@1.2.0 to Staging",
            line=line,
        )
        started = children(demo.pid)
        mode = stat.S_IMODE(names.stat().st_mode)

        demo.send_signal(signal.SIGTERM)

        assert demo.wait(timeout=SOON) == 0
    assert worked.returncode == 0, worked.stderr
    assert "1.2.0" in worked.stdout
    assert page in said[said.index("It is your turn") :]
    assert run in said
    assert mode == 0o600
    assert started
    until(lambda: no_more(started), otherwise="something still runs")
    assert list(tmp_path.glob("registrar-demo-*")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the processes in /proc")
@pytest.mark.parametrize(
    "stop", [signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)], ids=lambda stop: stop.name
)
def test_a_demo_stopped_in_the_middle_leaves_nothing_behind(stop: signal.Signals, tmp_path: Path) -> None:
    with a_demo(tmp_path) as demo:
        read_until(demo, " 1. ")
        started = children(demo.pid)

        demo.send_signal(stop)

        assert demo.wait(timeout=SOON) == 130
    assert started
    until(lambda: no_more(started), otherwise="something still runs")
    assert list(tmp_path.glob("registrar-demo-*")) == []


def test_the_demo_says_at_once_what_it_is(tmp_path: Path) -> None:
    with a_demo(tmp_path) as demo:
        said = read_until(demo, "etting up")

        assert said.startswith("This is the whole job of Registrar")
        assert list(tmp_path.iterdir()) == []
