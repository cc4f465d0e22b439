"""All that is left of what a bot did, as a text: two that did the same have left the same, however it went."""

import re
from collections.abc import Iterator
from difflib import unified_diff

from registrar.repository.ledger import REF
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest
from stories.checkouts import git
from stories.places import REGISTRY
from stories.town import Town

_CHANGING = re.compile(
    r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?( UTC)?"  # moments
    r"|http://(localhost|127\.0\.0\.1):\d+"
    r"|(?<=/pipelines/)\d+|(?<=/runs/)\d+|(?<=answer-)\d+|(?<=review )\d+|(?<=review\": )\d+"
    r"|\b[0-9a-f]{40}\b|\b[0-9a-f]{16}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{7}\b"  # commits, operation keys, short commits
)
_NUMBER = re.compile(
    r"(?<=[#!])\d+|(?<=/pull/)\d+|(?<=/merge_requests/)\d+|(?<=deploy-)\d+|(?<=merged-)\d+|(?<=number: )\d+"
    r"|(?<=registrar: )\d+(?= merged)|(?<='pull_request': ')\d+"
)

_BEGUN = re.compile(r'(?<=noted: outcome: "pending"\n  noted: detail: )"[^"]*"')  # as it happened to be seen
_OPENED = re.compile(
    r"(?<=: )(This is asked for already, in|Brought up to date:)(?= [#!])"
)  # what it opened and forgot


def differences(left: str, right: str) -> str:
    """What is in one of them alone; empty: they are the same."""
    lines = unified_diff(right.splitlines(), left.splitlines(), "as it should be", "as it is", n=1, lineterm="")
    return "\n".join(lines)


def outcome(town: Town) -> str:
    """Pull requests, comments, branches, statuses, runs, the ledger and the base: each as often as it is there.

    Pull requests are called by their branches, as their numbers tell which was opened first; commits by nothing, as
    they hold the moment at which they were made.
    """
    repository = town.sandbox.store.repository(REGISTRY)
    parts = [
        *sorted(_pull_request(repository, each) for each in repository.pull_requests),
        "branches: " + ", ".join(sorted(town.side.branches("mei"))),
        "runs: " + ", ".join(sorted(town.runs())),
        *sorted(f"  told: {inputs}" for inputs in town.inputs()),
        *_base(repository),
    ]
    branches = {str(each.number): each.source_branch for each in repository.pull_requests}
    opened = _OPENED.sub("Opened", "\n".join(parts))
    opened = _BEGUN.sub('"begun"', opened)
    return _CHANGING.sub("*", _NUMBER.sub(lambda found: branches.get(found[0], found[0]), opened))


def _pull_request(repository: Repository, found: PullRequest) -> str:
    said = sorted(f"  {each.author.login}: {each.body}" for each in found.comments)
    head = f"{found.source_branch} into {found.target_branch}, {found.state}: {found.title}"
    return "\n".join([head, found.body, *said, *_statuses(repository, found.head_sha)])


def _statuses(repository: Repository, sha: str) -> list[str]:
    """What stands under a commit now: who repeats what is said already has said it once."""
    newest = repository.newest_statuses(sha)
    return sorted(f"  {each.context}: {each.state}, {each.description} ({each.creator.login})" for each in newest)


def _base(repository: Repository) -> Iterator[str]:
    shas = git(repository.path, "log", "--first-parent", "--reverse", "--format=%H", "main").split()
    for sha in shas:
        yield git(repository.path, "log", "-1", "--format=base: %an, %B", sha).strip()
        yield from _statuses(repository, sha)
        yield _note(repository, sha)
    yield git(repository.path, "show", "main:models/digits/status.yaml")
    yield "tags: " + ", ".join(git(repository.path, "tag").split())


def _note(repository: Repository, sha: str) -> str:
    if not git(repository.path, "for-each-ref", REF):
        return ""
    noted = git(repository.path, "log", "-1", f"--notes={REF}", "--format=%N", sha)
    return "\n".join(f"  noted: {line}" for line in noted.strip().splitlines())
