"""Who had a hand in a pull request on GitHub: in its commits by their addresses, in its branch by who pushed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from registrar.core.people import Person
from registrar.core.pull_requests import Contributors
from registrar.errors import NotAllowed, Unknown
from registrar.forges.asking import Wish
from registrar.forges.github_answers import (
    AccountAnswer,
    ActivityAnswer,
    CommitAnswer,
    PullAnswer,
    SignatureAnswer,
    person_of,
)
from registrar.forges.github_api import GitHubApi
from registrar.forges.github_limits import COMMITS_LISTED
from registrar.forges.hands import Hands, co_authors, name_of

WEB_FLOW = "web-flow"  # GitHub's own committer, for what people do in the browser

# https://docs.github.com/account-and-profile/reference/email-addresses-reference#your-noreply-email-address
_NO_REPLY = re.compile(r"(\d+)\+([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.[a-z0-9.-]+", re.IGNORECASE)


def contributors(api: GitHubApi, pull: PullAnswer, *, path: str) -> Contributors:
    """Everyone who wrote, committed, co-wrote or pushed its commits; `path` is that of its repository."""
    wish = Wish(f"list the commits of pull request #{pull.number}", "Pull requests: read")
    commits = api.pages(CommitAnswer, f"{path}/pulls/{pull.number}/commits", wish=wish)
    found = Hands()
    if len(commits) >= COMMITS_LISTED or len(commits) < (pull.commits or 0):
        found.add(None, otherwise="more commits than the forge lists")
    _add_writers(found, commits)
    _add_pushers(found, _activity(api, pull), {commit.sha for commit in commits} | {pull.head.sha}, pull)
    return found.told()


def former_heads(api: GitHubApi, pull: PullAnswer) -> tuple[str, ...]:
    """Every commit that its branch was ever at, newest first, but for the move that brought the head."""
    moves = [move.after for move in _activity(api, pull) if move.activity_type != "branch_deletion"]
    return tuple(moves[1:] if moves[:1] == [pull.head.sha] else moves)


def dropping(api: GitHubApi, path: str, branch: str, *, since: datetime) -> Iterator[tuple[str, str]]:
    """From where to where a branch was moved since then so that commits may have gone; nothing where nobody tells.

    That is a forced push, or a branch that was deleted, perhaps to be made anew elsewhere. A push, a merge and a merge
    queue only add, and are so many that nobody asks for them.
    """
    for kind in ("force_push", "branch_deletion"):
        yield from _moves(api, path, branch, kind=kind, since=since)


def _moves(api: GitHubApi, path: str, branch: str, *, kind: str, since: datetime) -> Iterator[tuple[str, str]]:
    wish = Wish(f"tell who pushed to {branch}", "Contents: read")
    parameters = {"ref": f"refs/heads/{branch}", "activity_type": kind}
    try:
        for move in api.each(ActivityAnswer, f"{path}/activity", wish=wish, parameters=parameters):
            if move.timestamp is not None and move.timestamp < since:
                return
            yield move.before, move.after
    except (Unknown, NotAllowed):
        return


def _add_writers(found: Hands, commits: Sequence[CommitAnswer]) -> None:
    by_address = dict(_known_addresses(commits))
    for commit in commits:
        found.add(person_of(commit.author), otherwise=_name(commit.commit.author))
        if not _is_web_flow(commit.committer):
            found.add(person_of(commit.committer), otherwise=_name(commit.commit.committer))
        for name, address in co_authors(commit.commit.message):
            person = by_address.get(address.lower()) or _from_no_reply(address)
            found.add(person, otherwise=name or address or "a co-author without a name")


def _known_addresses(commits: Iterable[CommitAnswer]) -> Iterator[tuple[str, Person]]:
    for commit in commits:
        for signature, account in ((commit.commit.author, commit.author), (commit.commit.committer, commit.committer)):
            person = person_of(account)
            if signature is not None and signature.email and person is not None and not _is_web_flow(account):
                yield signature.email.lower(), person


def _from_no_reply(address: str) -> Person | None:
    match = _NO_REPLY.fullmatch(address)
    return Person(int(match[1]), match[2], is_bot=match[2].endswith("[bot]")) if match else None


def _add_pushers(found: Hands, activity: Sequence[ActivityAnswer], shas: set[str], pull: PullAnswer) -> None:
    """Those who moved the branch since it was last created, and before that those who brought one of its commits.

    Who deleted it wrote nothing. A head that no movement explains was brought by someone unknown.
    """
    moves = [move for move in activity if move.activity_type != "branch_deletion"]  # newest first
    created = next((i for i, move in enumerate(moves) if move.activity_type == "branch_creation"), len(moves))
    brought = [move for i, move in enumerate(moves) if i <= created or move.after in shas]
    for move in brought:
        found.add(person_of(move.actor), otherwise="a deleted account that pushed")
    if not any(move.after == pull.head.sha for move in brought):
        found.add(None, otherwise=f"whoever pushed {pull.head.sha[:12]}")


def _activity(api: GitHubApi, pull: PullAnswer) -> tuple[ActivityAnswer, ...]:
    """What moved the head's branch, newest first; nothing where the repository is gone or may not be read."""
    if pull.head.repo is None:
        return ()
    repository = pull.head.repo.full_name
    wish = Wish(f"tell who pushed to {repository}", "Contents: read")
    parameters = {"ref": f"refs/heads/{pull.head.ref}"}
    try:
        # https://docs.github.com/rest/repos/repos#list-repository-activities
        return api.pages(ActivityAnswer, f"/repos/{repository}/activity", wish=wish, parameters=parameters)
    except (Unknown, NotAllowed):
        return ()


def _is_web_flow(account: AccountAnswer | None) -> bool:
    return account is not None and account.login == WEB_FLOW


def _name(signature: SignatureAnswer | None) -> str:
    return name_of(signature.name, signature.email) if signature is not None else name_of()
