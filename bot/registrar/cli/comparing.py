"""Knows how the comparison of a whole change is come by, said and kept as a comment, and how one reads to a program."""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from registrar import rendering_jobs as rendering
from registrar.addresses import origin_of
from registrar.ci.surroundings import surroundings
from registrar.cli import terminal
from registrar.cli.checkout import Checkout, holds_registry, open_checkout, registry_in, settings_of
from registrar.cli.exits import ExitCode
from registrar.cli.options import environment_of, options_given
from registrar.core.comparison import MetricRow
from registrar.core.reports import Candidate, Kind, Report
from registrar.core.verdicts import VerdictState
from registrar.errors import NotAllowed, TokenRefused, Unknown, UsageError
from registrar.forges import connecting
from registrar.forges.words import FORGE_WORDS
from registrar.handlers.comparing import NOT_ASKED, content_report
from registrar.handlers.merged import TOPIC
from registrar.repository.described import described
from registrar.repository.git import GitRepository
from registrar.repository.processes import Credentials
from registrar.repository.ref_names import SHA
from registrar.repository.revisions import default_branch, origin_address, revision, truth
from registrar.repository.snapshot import snapshot
from registrar.settings import Access, access_of, forge_of

# https://docs.gitlab.com/user/project/merge_requests/merge_request_troubleshooting/
_KEPT = {"gitlab": " (GitLab keeps the commits of one for 14 days after it is closed or merged)"}


@dataclass(frozen=True, slots=True)
class Change:
    """What is compared with what."""

    git: GitRepository
    branch: str  # that it is to land on
    base: str  # the commit of that
    head: str


def refuse_change(arguments: argparse.Namespace) -> None:
    """Raises `UsageError` for what only the comparison of a change knows, where two versions are meant."""
    if arguments.pull_request is not None or arguments.comment:
        raise UsageError("--pull-request and --comment are for a whole change; leave SELECTOR out, or leave them out")


def of_change(arguments: argparse.Namespace) -> ExitCode:
    """Judge what a change does to the registry, by its content alone, and say it."""
    number = number_in(arguments)
    checkout = open_checkout(arguments)
    change = _here(arguments, checkout) if number is None else _of_pull_request(arguments, checkout, number)
    if not holds_registry(change.git, change.base):
        registry_in(change.git, change.head, folder=checkout.folder)  # which a pull request may begin
    report = content_report(change.git, base=change.base, branch=change.branch, head=change.head, now=datetime.now(UTC))
    comment, why_not = "", ""
    if arguments.comment and number:
        said = rendering.content_comment(report, left_out=NOT_ASKED)
        begins = report.kind is not Kind.NOTHING
        words = Words(topic=TOPIC, text=said, of=change.head, begins=begins)
        comment, why_not = kept(arguments, checkout, number, words)
    left_out = [NOT_ASKED, *([why_not] if why_not else [])]
    if arguments.json:
        found = document(report, number=number, comment=comment, left_out=left_out)
        terminal.say_json({**found, "candidates": [_candidate(each, change) for each in report.candidates]})
    else:
        _say(report, comment, left_out)
    return ExitCode.PROBLEMS if report.verdict.state is VerdictState.FAILED else ExitCode.FINE


def versions_compared(candidate: Candidate) -> Mapping[str, object]:
    """Two versions side by side, for a program."""
    return {
        "model": candidate.model,
        "baseline": candidate.baseline,
        "candidate": candidate.version,
        "metrics": [_fields(row) for row in candidate.comparison.rows],
        "markdown": rendering.comparison(candidate),
    }


def number_in(arguments: argparse.Namespace) -> int | None:
    """Which pull request is meant. Raises `UsageError`."""
    text = arguments.pull_request
    if text is None:
        if arguments.comment:
            raise UsageError("--comment needs a pull request to write on: add --pull-request NUMBER")
        return None
    if arguments.at is not None:
        raise UsageError("--at and --pull-request are two changes; choose one")
    if not re.fullmatch("[1-9][0-9]{0,9}", text):
        raise UsageError(f"--pull-request is {text!r}: it must be a number, such as 7")
    return int(text)


def _here(arguments: argparse.Namespace, checkout: Checkout) -> Change:
    """A commit of the checkout, against the base as last fetched; never against itself, as nothing would differ."""
    git = checkout.git
    branch = checkout.base or default_branch(git) or "main"
    return Change(git, branch, truth(git, branch), revision(git, arguments.at or "HEAD"))


def _of_pull_request(arguments: argparse.Namespace, checkout: Checkout, number: int) -> Change:
    """The base as the forge has it now, and so the head, or the one that the job around us was started for.

    What the checkout of a job lacks is fetched.
    """
    address = origin_address(checkout.git) or ""
    environment = environment_of(arguments)
    access = _access(arguments, checkout)
    credentials = Credentials.of_token(access.token.reveal(), access.homes) if access else None
    branch = checkout.base or default_branch(checkout.git) or "main"
    fetching = GitRepository(checkout.git.directory, credentials=credentials)
    ref = _fetch_head(fetching, number, branch=branch, kind=forge_of(environment, address))
    head = head_of_job(arguments, checkout, number)
    if head and not fetching.contains(head):
        _fetch_former(fetching, head, number)
    git = GitRepository(checkout.git.directory)  # which sees what has come
    return Change(git, branch, git.resolve(branch), head or git.resolve(ref))


def _fetch_head(git: GitRepository, number: int, *, branch: str, kind: str) -> str:
    """Bring the head of a pull request and the branch it is compared with; the ref of the first."""
    ref, words = connecting.head_ref(kind, number), FORGE_WORDS[kind]
    terminal.say_progress(f"fetching {branch} and {ref}")
    try:
        git.fetch(f"refs/heads/{branch}", ref, whole=True)
    except Unknown as error:
        if git.remote_branch(ref) is not None:
            raise
        name = f"{words.noun} {words.pull_request(number)}"
        raise Unknown(
            f"{name} does not exist at {git.transport.shown_url}; see its number{_KEPT.get(kind, '')}, or leave "
            "--pull-request out to compare what is checked out"
        ) from error
    return ref


def head_of_job(arguments: argparse.Namespace, checkout: Checkout, number: int) -> str:
    """The commit of the pull request that the job around us was started for; empty where no job tells of one."""
    environment = environment_of(arguments)
    around = surroundings(environment)
    named = arguments.repository or environment.get("REGISTRAR_REPOSITORY", "").strip()
    if around.pull_request != number or not around.is_of(origin_address(checkout.git) or "", repository=named):
        return ""
    return around.head if SHA.fullmatch(around.head) else ""


def _fetch_former(git: GitRepository, head: str, number: int) -> None:
    """What is no head any more, and no part of one."""
    try:
        git.fetch(head)
    except Unknown as error:
        raise Unknown(
            f"the pull request {number} has moved on from {head[:7]}, for which this job was started, and that is "
            "gone; the job of its newer head compares that"
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is to be kept as a comment on a pull request."""

    topic: str
    text: str
    of: str  # the commit of the pull request that they are about; empty: about none
    begins: bool = True  # a comment where there is none yet


def kept(arguments: argparse.Namespace, checkout: Checkout, number: int, words: Words) -> tuple[str, str]:
    """The address of the comment, or why there is none: also where the words are about a head that it has no more."""
    if _access(arguments, checkout) is None:
        return "", "a comment: there is no token to write one with"
    settings = settings_of(arguments, checkout)
    forge = connecting.forge_of(
        settings.forge, settings.forge_url, repository=settings.repository, token=settings.token.reveal()
    )
    try:
        head = forge.pull_request(number).head_sha if words.of else ""
        if head != words.of:
            name = f"{forge.words.noun} {forge.words.pull_request(number)}"
            return (
                "",
                f"a comment: this is of {words.of[:7]}, and {name} has moved on to {head[:7]}; its job tells of that",
            )
        if words.begins or forge.has_comment(number, words.topic):
            return forge.keep_comment(number, words.topic, words.text), ""
    except (NotAllowed, TokenRefused) as error:
        return "", f"a comment: {error}"
    return "", ""


def _access(arguments: argparse.Namespace, checkout: Checkout) -> Access | None:
    address = origin_address(checkout.git) or ""
    return access_of(environment_of(arguments), address, origin=origin_of(address), given=options_given(arguments))


def _say(report: Report, comment: str, left_out: Sequence[str]) -> None:
    terminal.say_text(rendering.content_comment(report, left_out=""))
    if comment:
        terminal.say(f"said at {comment}")
    for each in left_out:
        terminal.say_aside(f"left out: {each}")


def document(report: Report, *, number: int | None, comment: str, left_out: Sequence[str]) -> Mapping[str, object]:
    """What was found, for a program."""
    written = re.search(r"(\d+)$", comment)  # both forges end the address of a comment in its number
    return {
        "pull_request": number,
        "verdict": str(report.verdict.state),
        "reason": report.verdict.reason,
        "candidates": [_candidate(each, None) for each in report.candidates],
        "registrations": [{"model": each.model, "version": each.version} for each in report.registrations],
        "transitions": [
            {"model": each.model, "version": each.version, "before": each.before, "after": each.after}
            for each in report.transitions
        ],
        "problems": [
            {"path": each.path, "line": each.line, "message": each.message, "mend": each.mend}
            for each in report.problems
        ],
        "comment": written[1] if written else None,
        "url": comment or None,
        "left_out": list(left_out),
        "markdown": rendering.content_comment(report, left_out=""),
    }


def _candidate(candidate: Candidate, change: Change | None) -> Mapping[str, object]:
    at = snapshot(change.git, change.head) if change is not None else None
    return {
        "model": candidate.model,
        "version": candidate.version,
        **(described(at, candidate.model, candidate.version) if at is not None else {}),
        "status": candidate.status,
        "baseline": candidate.baseline,
        "metrics": [_fields(row) for row in candidate.comparison.rows],
    }


def _fields(row: MetricRow) -> dict[str, object]:
    return {
        "metric": row.metric,
        "unit": row.unit,
        "primary": row.primary,
        "baseline": row.baseline,
        "candidate": row.candidate,
        "change": row.change,
        "relative": row.relative,
        "judgement": str(row.judgement),
        "note": row.note,
    }
