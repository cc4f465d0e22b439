import os
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from registrar.sandbox.runs import StepLog
from registrar.sandbox.workflows import RunContext, read_workflow, run_workflow
from sandbox.workflow_texts import INPUTS, a_job

GIT = {
    "GIT_AUTHOR_NAME": "ana",
    "GIT_AUTHOR_EMAIL": "ana@x",
    "GIT_COMMITTER_NAME": "ana",
    "GIT_COMMITTER_EMAIL": "ana@x",
}


@dataclass
class Application:
    """A bare repository with one commit, and what a run in it said."""

    path: Path
    sha: str
    workspace: Path
    logs: list[StepLog] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)

    def run(
        self,
        workflow: str,
        *,
        inputs: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        timeout: float = 20,
        stop: threading.Event | None = None,
    ) -> str:
        read = read_workflow(workflow)
        github = {
            "repository": "acme/ui",
            "server_url": str(self.path.parent),
            "ref": "refs/heads/main",
            "token": "t0k3n",
        }
        return run_workflow(
            read,
            repository_path=self.path,
            sha=self.sha,
            context=RunContext(read.accepted_inputs(inputs or {}), github, secrets or {}, {"REGION": "eu"}),
            workspace=self.workspace,
            on_log=self.logs.append,
            on_summary=self.summaries.append,
            step_timeout=timeout,
            stop=stop,
        )

    @property
    def text(self) -> str:
        return "".join(log.text for log in self.logs)

    def conclusions(self) -> dict[str, str]:
        return {log.step: log.conclusion for log in self.logs if log.conclusion}


def git(folder: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)} | GIT
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def application(tmp_path: Path) -> Application:
    bare, work = tmp_path / "acme" / "ui.git", tmp_path / "work"
    bare.parent.mkdir()
    git(tmp_path, "init", "-q", "-b", "main", str(work))
    (work / "app.py").write_text("print('first')\n")
    git(work, "add", ".")
    git(work, "commit", "-q", "-m", "First")
    sha = git(work, "rev-parse", "HEAD")
    (work / "app.py").write_text("print('second')\n")
    git(work, "commit", "-q", "-a", "-m", "Second")
    git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
    return Application(bare, sha, tmp_path / "workspace")


def test_inputs_are_completed_with_their_defaults(application: Application) -> None:
    assert application.run(INPUTS, inputs={"model": "digits"}) == "success"

    assert "digits wet eu" in application.text


def test_checkout_gives_the_commit_of_the_run(application: Application) -> None:
    conclusion = application.run(a_job("- uses: actions/checkout@v4\n- run: python app.py && git rev-parse HEAD"))

    assert conclusion == "success"
    assert f"first\n{application.sha}" in application.text


@pytest.mark.parametrize(
    ("given", "output"),
    [
        pytest.param("path: code", "first", id="path"),
        pytest.param("{ref: main, path: code}", "second", id="branch"),
        pytest.param("{repository: acme/ui, path: code}", "first", id="own repository by name"),
    ],
)
def test_checkout_takes_a_path_and_a_ref(application: Application, given: str, output: str) -> None:
    given = given if given.startswith("{") else f"{{{given}}}"

    application.run(a_job(f"- uses: actions/checkout@v4\n  with: {given}\n- run: python code/app.py"))

    assert f"{output}\n" in application.text


def test_checkout_clones_another_repository_from_the_server(application: Application) -> None:
    git(application.path.parent.parent, "clone", "-q", "--bare", str(application.path), "acme/acme/models.git")

    conclusion = application.run(
        a_job("- uses: actions/checkout@v4\n  with: {repository: acme/models}\n- run: python app.py")
    )

    assert conclusion == "success"
    assert "second\n" in application.text


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        pytest.param("uses: docker/build-push-action@v6", "cannot run 'docker/build-push-action@v6'", id="action"),
        pytest.param("{uses: actions/checkout@v4, with: {path: ../../x}}", "outside of the workspace", id="path"),
        pytest.param("{uses: actions/checkout@v4, with: {ref: nowhere}}", "'nowhere' could not be found", id="ref"),
        pytest.param("{uses: actions/checkout@v4, with: {colour: red}}", "does not support colour", id="unknown with"),
        pytest.param("{run: exit 3}", "Process completed with exit code 3", id="exit code"),
        pytest.param("{run: 'false | true'}", "exit code 1", id="a failure inside a pipe"),
        pytest.param("run: |\n    false\n    echo on", "exit code 1", id="a failure before the end"),
        pytest.param("{run: pwd, shell: pwsh}", "no shell 'pwsh'", id="shell"),
        pytest.param("{run: pwd, working-directory: gone}", "'gone' does not exist", id="working directory"),
        pytest.param("run: echo ${{ matrix.x }}", "'matrix' in 'matrix.x'", id="expression"),
        pytest.param("run: echo word >> $GITHUB_OUTPUT", "'word' is not name=value", id="output"),
        pytest.param("run: echo 'a<<END' >> $GITHUB_OUTPUT", "'END' never came", id="heredoc"),
    ],
)
def test_a_step_that_fails_says_why_and_those_after_it_are_skipped(
    application: Application, step: str, reason: str
) -> None:
    conclusion = application.run(a_job(f"- {step}\n- run: echo after\n  name: after"))

    assert conclusion == "failure"
    assert reason in application.text
    assert application.conclusions()["after"] == "skipped"


def test_a_step_that_may_fail_does_not_end_its_job_and_what_it_summed_up_is_kept(application: Application) -> None:
    steps = "- run: echo half > $GITHUB_STEP_SUMMARY; exit 3\n  continue-on-error: true\n- run: echo went on"

    conclusion = application.run(a_job(steps))

    assert conclusion == "success"
    assert application.summaries == ["half\n"]
    assert "exit code 3" in application.text
    assert "went on\n" in application.text


def test_environments_lie_over_each_other(application: Application) -> None:
    steps = """
    - run: echo "$A $B $C"
      env: {C: "step ${{ env.A }} ${{ vars.REGION }}"}
    """

    application.run(
        a_job(steps, env="{A: workflow, C: hidden}").replace("    runs-on", "    env: {B: job}\n    runs-on")
    )

    assert "workflow job step workflow eu" in application.text


def test_steps_hand_values_on(application: Application) -> None:
    steps = """
    - id: train
      run: |
        echo "accuracy=0.97" >> "$GITHUB_OUTPUT"
        printf 'MODEL<<END\\ntwo\\nlines\\nEND\\n' >> "$GITHUB_ENV"
        echo "## Trained" >> "$GITHUB_STEP_SUMMARY"
    - run: echo "got ${{ steps.train.outputs.accuracy }} and $MODEL"
    """

    application.run(a_job(steps))

    assert "got 0.97 and two\nlines" in application.text
    assert application.summaries == ["## Trained\n"]


JOBS = """
on: workflow_dispatch
jobs:
  after:
    needs: [build]
    runs-on: x
    steps: [{run: 'echo after ${{ needs.build.outputs.version }}', name: after}]
  build:
    runs-on: x
    outputs: {version: '${{ steps.v.outputs.v }}'}
    steps: [{id: v, run: 'echo v=1.2 >> $GITHUB_OUTPUT; RESULT', name: build}]
"""


def test_a_job_runs_after_those_it_needs(application: Application) -> None:
    assert application.run(JOBS.replace("RESULT", "true")) == "success"

    assert "after 1.2" in application.text


def test_a_job_is_skipped_when_one_that_it_needs_failed(application: Application) -> None:
    assert application.run(JOBS.replace("RESULT", "exit 1")) == "failure"

    assert application.conclusions() == {"build": "failure", "after": "skipped"}


def test_secrets_are_never_in_the_log(application: Application) -> None:
    steps = """
    - run: |
        echo "$KEY" && python -c 'print("hun" + "ter2")'
        echo "::add-mask::mel""lon"
        echo "say mel""lon"
      env: {KEY: "${{ secrets.KEY }}"}
    - run: echo "${{ secrets.KEY }} and ${{ secrets.CERT }} and mellon"
    - run: echo "${{ secrets.GITHUB_TOKEN }} ${{ github.token }}"
    - run: echo hunter2 >> $GITHUB_STEP_SUMMARY; exit hunter2
    """

    application.run(a_job(steps), secrets={"KEY": "hunter2", "CERT": "first\nsecond", "NONE": ""})

    said = application.text + "".join(application.summaries)
    assert "***" in said
    assert not [secret for secret in ("hunter2", "t0k3n", "first", "second", "say mellon") if secret in said]


def test_a_step_sees_nothing_of_the_machine_but_its_programs(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRAR_SECRET_X", "leaked")

    application.run(a_job("- run: env; command -v python; echo $GITHUB_REPOSITORY"))

    assert "leaked" not in application.text
    assert "acme/ui" in application.text
    assert f"HOME={application.workspace}" in application.text


def test_python_is_a_shell(application: Application) -> None:
    application.run(a_job("- uses: actions/setup-python@v5\n- run: print(6 * 7)\n  shell: python"))

    assert "\n42\n" in application.text


def test_a_step_that_takes_too_long_is_ended_with_all_it_started(application: Application) -> None:
    conclusion = application.run(a_job("- run: sleep 60 & sleep 60"), timeout=0.2)

    assert conclusion == "failure"
    assert "took longer than 0.2 seconds" in application.text


def test_a_process_left_behind_does_not_hold_the_run(application: Application) -> None:
    assert application.run(a_job("- run: sleep 60 & echo done")) == "success"


def test_a_run_ends_when_the_sandbox_stops(application: Application) -> None:
    stop = threading.Event()
    stop.set()

    assert application.run(a_job("- run: sleep 60"), stop=stop) == "failure"

    assert "The sandbox is stopping" in application.text


def test_a_log_without_end_is_cut(application: Application) -> None:
    assert application.run(a_job("- run: python -c 'print(\"abcdefghij\\n\" * 300000)'")) == "success"

    assert len(application.text) < 1_100_000
    assert "the log is cut here" in application.text
