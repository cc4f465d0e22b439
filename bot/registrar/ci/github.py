"""Knows how a job of GitHub Actions tells what it is about, and how it is told of a command.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TextIO

from registrar.ci.log import writable
from registrar.ci.outcome import OUTPUTS, Outcome, Remark
from registrar.ci.surroundings import Surroundings
from registrar.forges.shortening import shortened

ANNOTATIONS = 10  # of one kind that a step may leave; GitHub drops the rest without a word
SUMMARY = 1024 * 1024  # bytes of one step's; a longer one is refused whole
_FAREWELL = "*Shortened here: GitHub takes no longer summary.*"
_WIDEST = 4  # bytes of a character


def surroundings(environment: Mapping[str, str]) -> Surroundings:
    """What the job's variables and its event tell."""
    event = _event(environment)
    pull_request = _part(event, "pull_request")
    number = pull_request.get("number")
    ref = environment.get("GITHUB_REF", "")
    return Surroundings(
        "github",
        publish=lambda outcome: publish(outcome, environment, sys.stdout),
        quietly=lambda: without_commands(sys.stdout),
        url=environment.get("GITHUB_SERVER_URL", ""),
        default_branch=str(_part(event, "repository").get("default_branch", "")),
        repository=environment.get("GITHUB_REPOSITORY", ""),
        pull_request=number if isinstance(number, int) else None,
        fork_of=_fork_of(pull_request),
        base=str(_part(pull_request, "base").get("ref", "")),
        head=str(_part(pull_request, "head").get("sha", "")),
        branch=_below("refs/heads/", ref),
        tag=_below("refs/tags/", ref),
    )


def publish(outcome: Outcome, environment: Mapping[str, str], log: TextIO) -> None:
    """Write outputs and summary into the files that the job names, and the summary and annotations into its log."""
    _append(environment.get("GITHUB_OUTPUT"), "".join(_outputs(outcome)))
    _append(environment.get("GITHUB_STEP_SUMMARY"), _summary(outcome))
    with without_commands(log):
        log.write(writable(outcome.summary, log))
    log.writelines(writable(f"{annotation(remark)}\n", log) for remark in outcome.remarks[:ANNOTATIONS])
    log.flush()


@contextmanager
def without_commands(log: TextIO) -> Iterator[None]:
    """Let nothing that is printed meanwhile command the runner: it may be anybody's words.

    The word that ends it cannot be guessed.
    """
    word = token_hex(16)
    log.write(f"::stop-commands::{word}\n")
    log.flush()
    try:
        yield
    finally:
        log.write(f"\n::{word}::\n")
        log.flush()


def annotation(remark: Remark) -> str:
    """The command that shows a remark beside the line it is about."""
    place = [f"file={_property(remark.path)}"] if remark.path else []
    place += [f"line={remark.line}"] if remark.path and remark.line else []
    return f"::error {','.join([*place, 'title=Registrar'])}::{_data(remark.message)}"


def _outputs(outcome: Outcome) -> Iterator[str]:
    """Every output, also the empty ones; a value ends at a line that nobody could know when it was written."""
    for name in OUTPUTS:
        value, end = outcome.outputs.get(name, ""), f"end-{token_hex(16)}"
        yield f"{name}<<{end}\n{value}\n{end}\n"


def _summary(outcome: Outcome) -> str:
    return shortened(outcome.summary, limit=SUMMARY // _WIDEST, farewell=_FAREWELL)


def _append(place: str | None, text: str) -> None:
    if place:
        with Path(place).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _below(folder: str, ref: str) -> str:
    return ref.removeprefix(folder) if ref.startswith(folder) else ""


def _event(environment: Mapping[str, str]) -> Mapping[str, object]:
    place = environment.get("GITHUB_EVENT_PATH")
    if not place or not Path(place).is_file():
        return {}
    event = json.loads(Path(place).read_text(encoding="utf-8"))
    return event if isinstance(event, dict) else {}


def _fork_of(pull_request: Mapping[str, object]) -> str:
    """Where its head is in another repository than its base; a fork that is deleted meanwhile is null."""
    head, base = _part(pull_request, "head"), _part(_part(pull_request, "base"), "repo")
    is_elsewhere = "repo" in head and _part(head, "repo").get("full_name") != base.get("full_name")
    return str(base.get("full_name", "")) if is_elsewhere else ""


def _part(event: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = event.get(name)
    return part if isinstance(part, dict) else {}
