"""Who had a hand in a merge request on GitLab: in its commits by their addresses, in its branch by who pushed.

REST names no account for a commit. GraphQL names each author, and all committers together: that every address is an
account's is told only when there are as many accounts as addresses.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from registrar.core.people import Person
from registrar.core.pull_requests import Contributors
from registrar.errors import NotAllowed, Unknown
from registrar.forges.asking import Wish, segment
from registrar.forges.gitlab_answers import AccountAnswer, CommitAnswer, EventAnswer, MergeRequestAnswer, person_of
from registrar.forges.gitlab_api import GitLabApi
from registrar.forges.gitlab_graph import Accounts, accounts_of
from registrar.forges.hands import Hands, co_authors, name_of

_READ = "the Reporter role"
_NOTHING = "0" * 40  # what git says of a ref that is not there
_HOME = "noreply@gitlab.com"  # GitLab's own committer, for what people do in the browser, wherever it runs


def contributors(api: GitLabApi, request: MergeRequestAnswer, *, repository: str, host: str) -> Contributors:
    """Everyone who wrote, committed, co-wrote or pushed its commits; `host` is GitLab's."""
    wish = Wish(f"list the commits of !{request.iid}", _READ)
    commits = api.pages(
        CommitAnswer, f"/projects/{segment(repository)}/merge_requests/{request.iid}/commits", wish=wish
    )
    accounts = accounts_of(api, repository, request.iid)
    found = Hands()
    if not commits or {commit.id for commit in commits} != set(accounts.authors):
        found.add(None, otherwise="whoever wrote the commits that the forge does not list")
    addresses = _Addresses(api, commits, accounts, host=host)
    for commit in commits:
        found.add(accounts.authors.get(commit.id), otherwise=name_of(commit.author_name, commit.author_email))
        if not addresses.is_of_gitlab(commit.committer_email):
            committer = addresses.account(commit.committer_email)
            found.add(committer, otherwise=name_of(commit.committer_name, commit.committer_email))
        for name, address in co_authors(commit.message):
            found.add(addresses.account(address), otherwise=name or address or "a co-author without a name")
    _add_pushers(found, api, request, commits)
    return found.told()


class _Addresses:
    """Whose an address is, as far as GitLab itself says so."""

    def __init__(self, api: GitLabApi, commits: Sequence[CommitAnswer], accounts: Accounts, *, host: str) -> None:
        self._api = api
        self._own = {_HOME, f"noreply@{host}"}
        # https://docs.gitlab.com/user/profile/#use-an-automatically-generated-private-commit-email
        self._no_reply = re.compile(rf"(\d+)-[^@]+@users\.noreply\.{re.escape(host)}", re.IGNORECASE)
        self._known = dict(_of_authors(commits, accounts))
        self._known |= _of_committers(commits, accounts, self._known, self._own)

    def is_of_gitlab(self, address: str | None) -> bool:
        return (address or "").casefold() in self._own

    def account(self, address: str | None) -> Person | None:
        address = (address or "").casefold()
        return self._known.get(address) or self._by_number(address)

    def _by_number(self, address: str) -> Person | None:
        """Whose private address it is: GitLab looks at the number alone, the name may be an older one."""
        number = self._no_reply.fullmatch(address)
        if number is None:
            return None
        wish = Wish(f"look up the account {number[1]}", "any valid token")
        try:
            return person_of(self._api.get(AccountAnswer, f"/users/{number[1]}", wish=wish))
        except Unknown:
            return None


def _of_authors(commits: Sequence[CommitAnswer], accounts: Accounts) -> Iterator[tuple[str, Person]]:
    for commit in commits:
        person = accounts.authors.get(commit.id)
        if person is not None and commit.author_email:
            yield commit.author_email.casefold(), person


def _of_committers(
    commits: Sequence[CommitAnswer], accounts: Accounts, known: Mapping[str, Person], own: set[str]
) -> dict[str, Person]:
    """Whose the addresses are that are nobody's yet, when as many accounts are left as addresses.

    Then each has its account. With several it is not told which has which, and need not be: all had a hand in it.
    GitLab leaves the committers of merge commits out of what it tells.
    """
    plain = [commit for commit in commits if len(commit.parent_ids) <= 1]
    addresses = {(commit.committer_email or "").casefold() for commit in plain} - set(known) - own
    known_people = {person.id for person in known.values()}
    people = [person for person in accounts.committers if person.id not in known_people]
    is_told = accounts.all_committers and len(addresses) == len(people)
    return dict(zip(sorted(addresses), people, strict=True)) if is_told else {}


def _add_pushers(found: Hands, api: GitLabApi, request: MergeRequestAnswer, commits: Sequence[CommitAnswer]) -> None:
    """Those who moved the branch since it was last created; a commit that no movement explains is somebody unknown's.

    A push of many refs at once names none of them, so that a branch may have moved unseen between two movements: then
    the later one begins at a commit of the change where none ended.
    """
    moves = list(_moves(api, request))
    for move in moves:
        found.add(person_of(move.author), otherwise="a deleted account that pushed")
    pushes = [move.push_data for move in moves if move.push_data is not None]
    ends = {push.commit_to for push in pushes}
    begun = {push.commit_from for push in pushes} & {commit.id for commit in commits}
    for sha in sorted(sha or "it" for sha in {request.sha, *begun} - ends):
        found.add(None, otherwise=f"whoever pushed {sha[:12]}")


def _moves(api: GitLabApi, request: MergeRequestAnswer) -> Iterator[EventAnswer]:
    """What moved the source branch, newest first, from the merge back to its creation. Who deleted it wrote nothing.

    Nothing where the project is gone or may not be read. https://docs.gitlab.com/api/events/
    """
    wish = Wish(f"tell who pushed the commits of !{request.iid}", _READ)
    path = f"/projects/{request.source_project_id}/events"
    events = api.each(EventAnswer, path, wish=wish, parameters={"action": "pushed", "sort": "desc"})
    try:
        for event in events if request.source_project_id is not None else ():
            push = event.push_data
            if push is None or not _is_of(event, request):
                continue
            if push.action != "removed":
                yield event
            if push.action == "created":
                return
    except (Unknown, NotAllowed):
        return


def moves_of(api: GitLabApi, path: str, branch: str, *, since: datetime) -> Iterator[tuple[str, str]]:
    """From where to where a branch was pushed since then, to zeros where it was deleted; nothing where nobody tells.

    Of a day GitLab tells what came after it: https://docs.gitlab.com/api/events/
    """
    wish = Wish(f"tell who pushed to {branch}", _READ)
    parameters = {"action": "pushed", "sort": "desc", "after": (since - timedelta(days=1)).date().isoformat()}
    try:
        for event in api.each(EventAnswer, f"{path}/events", wish=wish, parameters=parameters):
            push = event.push_data
            if event.created_at < since or push is None or (push.ref_type, push.ref) != ("branch", branch):
                continue
            if push.commit_from:
                yield push.commit_from, push.commit_to or _NOTHING
    except (Unknown, NotAllowed):
        return


def _is_of(event: EventAnswer, request: MergeRequestAnswer) -> bool:
    """Whether it moved the source branch while the request was open: anyone may make the branch anew after that."""
    push = event.push_data
    if push is None or push.ref_type != "branch" or push.ref != request.source_branch:
        return False
    return request.merged_at is None or event.created_at <= request.merged_at
