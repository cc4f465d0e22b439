"""Knows how GitHub runs the action in a job: read by its own parser, its expressions evaluated by its own evaluator."""

import io
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from action.lean import ROOT, make_python
from nodes import Node
from registrar.ci.installing import LOCKS, place_of
from registrar.repository.processes import Credentials
from registrar.sandbox.steps import Limits, Log, StepExited, clean_environment, read_assignments, run_script

ACTION = ROOT / "action.yml"
_READER = Path(__file__).with_name("read.mjs")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a job shows of the action."""

    code: int
    outputs: Mapping[str, str]
    summary: str
    log: str

    @property
    def annotations(self) -> list[str]:
        """What the runner obeys: nothing between a word that stops it and the same word."""
        return obeyed(self.log)


class Reader:
    """What GitHub itself makes of action.yml, and of the expressions in it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        read = self._answer()
        assert read["problems"] == []
        self.action: Mapping[str, Any] = read["root"]

    def filled(self, part: Mapping[str, Any], contexts: Mapping[str, Any]) -> dict[str, str]:
        """A part of the action with the values of its expressions."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"part": part, "contexts": contexts}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        return cast("dict[str, Any]", json.loads(self._process.stdout.readline()))


@contextmanager
def reading(node: Node) -> Iterator[Reader]:
    """One process of Node answers until the end."""
    with node.started(_READER, str(ACTION)) as process:
        yield Reader(process)


@dataclass(slots=True)
class Runner:
    """A machine that runs jobs; the action's environments are made beforehand, from what is installed here."""

    reader: Reader
    folder: Path
    count: int = 0

    def run(
        self, workspace: Path, inputs: Mapping[str, str], *, event: Mapping[str, object], **environment: str
    ) -> Ran:
        """Use the action in a job about an event; the environment is what GitHub tells of that."""
        self.count += 1
        home = self.folder / f"job-{self.count}"
        home.mkdir(parents=True)
        (home / "event.json").write_text(json.dumps(event))
        about = clean_environment(home) | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_EVENT_PATH": str(home / "event.json"),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(self._temporary()),
            **environment,
        }
        contexts: dict[str, dict[str, Any]] = {
            "inputs": self._inputs(inputs),
            "steps": {},
            "github": {"token": environment.get("JOB_TOKEN", "")},
        }
        log, summary, code = io.StringIO(), "", 0
        for step in self.reader.action["runs"]["steps"]:
            outputs, said, code = self._step(step, contexts, about, workspace, home, log)
            contexts["steps"][step["id"]["text"]] = {"outputs": outputs}
            summary += said
            if code:
                break
        values = {name: each["value"] for name, each in self.reader.action["outputs"].items()}
        return Ran(code, self.reader.filled(values, contexts), summary, log.getvalue())

    def _inputs(self, given: Mapping[str, str]) -> dict[str, str]:
        unknown = given.keys() - self.reader.action["inputs"].keys()
        assert not unknown, unknown
        defaults = {name: each.get("default", {"text": ""}) for name, each in self.reader.action["inputs"].items()}
        return {**self.reader.filled(defaults, {}), **given}

    def _step(
        self,
        step: Mapping[str, Any],
        contexts: Mapping[str, Any],
        about: Mapping[str, str],
        workspace: Path,
        home: Path,
        log: io.StringIO,
    ) -> tuple[dict[str, str], str, int]:
        files = {name: home / f"{step['id']['text']}-{name}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        environment = {
            **about,
            **self.reader.filled(step["env"], contexts),
            **{name: str(at) for name, at in files.items()},
        }
        code = 0
        try:
            run_script(
                step["run"]["text"],
                shell=step["shell"]["text"],
                folder=workspace,
                temporary=home,
                environment=environment,
                log=Log(_into(log)),
                limits=Limits(),
            )
        except StepExited as exited:
            code = exited.code
        summary = files["GITHUB_STEP_SUMMARY"]
        return read_assignments(files["GITHUB_OUTPUT"]), summary.read_text() if summary.exists() else "", code

    def _temporary(self) -> Path:
        place = self.folder / "temporary"
        if not place.exists():
            for name in ("action.txt", "action-notices.txt", "dvc.txt"):
                make_python(place_of(LOCKS / name, place), LOCKS / name)
        return place


def _into(log: io.StringIO) -> Callable[[str], None]:
    def write(text: str) -> None:
        log.write(text)

    return write


def obeyed(log: str) -> list[str]:
    """The lines that GitHub's runner takes for commands."""
    found, word = [], ""
    for line in log.splitlines():
        if word:
            word = "" if line.strip() == f"::{word}::" else word
        elif line.lstrip().startswith("::stop-commands::"):
            word = line.strip().removeprefix("::stop-commands::")
        elif line.lstrip().startswith("::") or "##[" in line:
            found.append(line)
    return found


def checked_out(address: str, folder: Path, ref: str, *, by: tuple[str, str], depth: int = 1) -> Path:
    """What actions/checkout leaves with `persist-credentials: false`: a little history, and no word of who fetched."""

    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)

    folder.mkdir(parents=True)
    git("init", "--quiet")
    git("remote", "add", "origin", address)
    header = f"http.{address}.extraHeader={Credentials(*by).header()}"
    git("-c", header, "fetch", "--quiet", "--no-tags", f"--depth={depth}", "origin", ref)
    git("checkout", "--quiet", "--detach", "FETCH_HEAD")
    return folder
