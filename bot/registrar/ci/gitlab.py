"""Knows how a job of GitLab's CI tells what it is about, and what it keeps of a command in its artifacts."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from registrar.ci.gitlab_dotenv import dotenv
from registrar.ci.gitlab_reports import code_quality, metrics_report
from registrar.ci.gitlab_variables import with_variables
from registrar.ci.log import writable
from registrar.ci.outcome import OUTPUTS, Outcome
from registrar.ci.surroundings import Surroundings

_LISTS = {"metric"}  # inputs of several values; an input of GitLab's is one line
# GitLab says false where nobody says anything.
CLAIMS = {"comment", "dry-run", "event-only", "no-wait", "unsigned", "verify"}
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # with these a log colours, and folds lines away
_LEFT_OUT = "\n- Left out: a comment; the merge request is one of `{}`, which this job is not\n"


def surroundings(environment: Mapping[str, str]) -> Surroundings:
    """What the job's variables tell."""
    repository = environment.get("CI_PROJECT_PATH", "")
    whose = environment.get("CI_MERGE_REQUEST_PROJECT_PATH", "")
    is_of_fork = whose not in {"", repository}
    number = "" if is_of_fork else environment.get("CI_MERGE_REQUEST_IID", "")

    def reads(name: str, value: str) -> str:
        if name in CLAIMS and (value == "false" or (name == "comment" and is_of_fork)):
            return ""
        meant = with_variables(value, environment)
        return meant.replace(",", "\n") if name in _LISTS else meant

    return Surroundings(
        "gitlab",
        publish=lambda outcome: publish(outcome, sys.stdout, left_out=_LEFT_OUT.format(whose) if is_of_fork else ""),
        url=environment.get("CI_SERVER_URL", ""),
        repository=repository,
        default_branch=environment.get("CI_DEFAULT_BRANCH", ""),
        pull_request=int(number) if number.isdecimal() else None,
        fork_of=whose if is_of_fork else "",
        base=environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""),
        head=_head(environment) if number else "",
        branch=environment.get("CI_COMMIT_BRANCH", ""),
        tag=environment.get("CI_COMMIT_TAG", ""),
        reads=reads,
    )


def _head(environment: Mapping[str, str]) -> str:
    """The second is what a merge would make of it, where GitLab runs the pipeline on that and so tells the first."""
    return environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA", "")


def publish(outcome: Outcome, log: TextIO, *, left_out: str = "") -> None:
    """Keep everything in a folder of the command's own, and write the summary into the log."""
    summary = outcome.summary + left_out
    folder = Path(f"registrar-{outcome.command}")  # where the script of a job begins, and its artifacts lie
    folder.mkdir(exist_ok=True)
    files = {
        "outputs.env": dotenv({name: outcome.outputs.get(name, "") for name in OUTPUTS}),
        "summary.md": summary,
        "metrics.txt": metrics_report(outcome.figures),
        "code-quality.json": code_quality(outcome.remarks),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
    log.write(writable(_COMMANDS.sub("", summary), log))
