"""A repository on GitHub as a `Forge`: which of GitHub's answers each of our questions needs."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from registrar.core.codeowners.github import find_codeowners
from registrar.core.codeowners.ownership import Codeowners
from registrar.core.effects import Effects, RememberedEffects
from registrar.core.people import Permission, Person
from registrar.core.pipelines import Target
from registrar.core.pull_requests import (
    Comment,
    CommitStatus,
    Contributors,
    PullRequest,
    PullRequestState,
    Review,
    Run,
)
from registrar.errors import ForgeRefused, NotAllowed, Unknown, UsageError
from registrar.forges import github_contributors, github_myself, github_reviews, github_runs
from registrar.forges.asking import Wish, segment
from registrar.forges.github_answers import (
    AccountAnswer,
    PermissionAnswer,
    PullAnswer,
    RepositoryAnswer,
    StatusAnswer,
    comment_of,
    permission_of,
    person_of,
    pull_request_of,
    status_of,
)
from registrar.forges.github_api import GitHubApi
from registrar.forges.github_comments import FAREWELL, GitHubComments
from registrar.forges.github_limits import COMMENT, STATUS_DESCRIPTION, TIMEOUT, TITLE
from registrar.forges.identity import Identity
from registrar.forges.kept_comments import KeptComments
from registrar.forges.port import Words
from registrar.forges.shortening import one_line, shortened
from registrar.forges.words import GITHUB

_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_READ_PULLS = "Pull requests: read"
_WRITE_PULLS = "Pull requests: write"


def connect(
    url: str,
    repository: str,
    *,
    token: str,
    instance: str = "main",
    effects: Effects | None = None,
    timeout: int = TIMEOUT,
) -> "GitHubForge":
    """A repository on github.com or a GitHub Enterprise Server, as a token sees it; nothing is sent yet.

    `instance` tells apart the comments of two Registrars that share an account. Without `effects` it remembers for its
    own life what it has done.
    """
    if not _REPOSITORY.fullmatch(repository) or ".." in repository:
        raise UsageError(f"{repository!r} is no repository on GitHub; write it as owner/name")
    effects = effects or RememberedEffects(lambda: datetime.now(UTC))
    api = GitHubApi(url, token=token, fence=effects.still_ours, timeout=timeout)
    return GitHubForge(url.rstrip("/"), repository, api=api, effects=effects, instance=instance)


class GitHubForge:
    """One repository on GitHub. Keep one for the life of the process."""

    def __init__(self, url: str, repository: str, *, api: GitHubApi, effects: Effects, instance: str) -> None:
        """For `connect`."""
        self._url = url
        self._repository = repository
        self._api = api
        self._path = f"/repos/{repository}"
        self._identity = Identity(repository)
        self._comments = GitHubComments(api, self._path, page=f"{url}/{repository}")
        self._kept = KeptComments(self._comments, effects, instance=instance, limit=COMMENT)
        self._myself: Person | None = None

    def __repr__(self) -> str:
        return f"GitHubForge({self._url!r}, {self._repository!r})"

    def close(self) -> None:
        """Let go of the connection; the next question opens another."""
        self._api.close()

    @property
    def repository(self) -> str:
        """Its full name, `acme/registry`."""
        return self._repository

    def identity(self) -> str:
        """The number of the repository."""
        answer = self._read()
        return self._identity.in_use(answer.id, archived=answer.archived)

    @property
    def words(self) -> Words:
        """How GitHub names things to a person."""
        return GITHUB

    def myself(self) -> Person:
        """The account of the token, asked once: a token never changes hands."""
        if self._myself is None:
            self._myself = github_myself.myself(self._api)
        return self._myself

    def find_codeowners(self, read: Callable[[str], bytes | None]) -> Codeowners | None:
        """The CODEOWNERS file that GitHub would use, in its language, read from one commit."""
        return find_codeowners(read)

    def commit_email(self, person: Person) -> str:
        """The address in a commit that GitHub maps to the account, and that holds its numeric id.

        https://docs.github.com/account-and-profile/reference/email-addresses-reference#your-noreply-email-address
        """
        return f"{person.id}+{person.login}@users.noreply.{urlsplit(self._url).hostname}"

    def clone_url(self) -> str:
        """Where git reaches the repository, without credentials."""
        return f"{self._url}/{self._repository}.git"

    def commit_url(self, sha: str) -> str:
        """Where a person sees what a commit changed."""
        return f"{self._url}/{self._repository}/commit/{sha}"

    def default_branch(self) -> str:
        """The base branch unless settings say otherwise."""
        return self._read().default_branch

    def pull_request(self, number: int) -> PullRequest:
        """The pull request as it is now."""
        return pull_request_of(self._pull(number))

    def open_pull_requests(self, base: str) -> tuple[int, ...]:
        """Numbers of every open pull request into the branch, all pages."""
        pulls = self._pulls({"state": "open", "base": base})
        return tuple(pull.number for pull in pulls if pull.state == "open" and pull.base.ref == base)

    def pull_request_for_branch(self, branch: str, base: str) -> PullRequest | None:
        """The newest pull request from a branch of this repository, in whatever state."""
        ours = [pull for pull in self._from_branch(branch, {"state": "all", "base": base}) if pull.base.ref == base]
        return pull_request_of(max(ours, key=lambda pull: pull.number)) if ours else None

    def closed_pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        """Every pull request from a branch of this repository that was closed unmerged, whatever its base."""
        found = map(pull_request_of, self._from_branch(branch, {"state": "closed"}))
        return tuple(pull for pull in found if pull.state is PullRequestState.CLOSED)

    def pull_requests_of_commit(self, sha: str) -> tuple[int, ...]:
        """Numbers of the merged or open pull requests that brought the commit."""
        wish = Wish(f"tell which pull requests brought {sha}", _READ_PULLS)
        try:
            pulls = self._api.pages(PullAnswer, f"{self._path}/commits/{segment(sha)}/pulls", wish=wish)
        except ForgeRefused as refusal:
            if "No commit found" in str(refusal):
                raise Unknown(
                    f"{self._repository} has no commit {sha}; it may show up a moment after a push"
                ) from refusal
            raise
        brought = (pull_request_of(pull) for pull in pulls)
        return tuple(pull.number for pull in brought if pull.state is not PullRequestState.CLOSED)

    def open_pull_request(self, *, title: str, body: str, branch: str, base: str) -> PullRequest:
        """A new pull request from a branch of this repository."""
        wish = Wish(f"open a pull request from {branch} into {base}", _WRITE_PULLS)
        fields = {
            "title": one_line(title, TITLE),
            "body": shortened(body, limit=COMMENT, farewell=FAREWELL),
            "head": branch,
            "base": base,
        }
        return pull_request_of(self._api.send("POST", f"{self._path}/pulls", fields, shape=PullAnswer, wish=wish))

    def close_pull_request(self, number: int) -> None:
        """Close a pull request unmerged; nothing is sent when it is not open."""
        if self._pull(number).state == "open":
            wish, path = Wish(f"close pull request #{number}", _WRITE_PULLS), f"{self._path}/pulls/{number}"
            self._api.send("PATCH", path, {"state": "closed"}, shape=PullAnswer, wish=wish)

    def reviews(self, number: int) -> tuple[Review, ...]:
        """Every review ever submitted, oldest first, all pages; those of before a change of base approve nothing."""
        return github_reviews.reviews(self._api, self._path, number)

    def contributors(self, number: int) -> Contributors:
        """Everyone who wrote, committed, co-wrote or pushed its commits."""
        return github_contributors.contributors(self._api, self._pull(number), path=self._path)

    def former_heads(self, number: int) -> tuple[str, ...]:
        """Every commit that its branch was at before, newest first, also under another pull request."""
        return github_contributors.former_heads(self._api, self._pull(number))

    def moves_of(self, branch: str, *, since: datetime) -> tuple[tuple[str, str], ...]:
        """See the port; GitHub knows which pushes were forced."""
        return tuple(github_contributors.dropping(self._api, self._path, branch, since=since))

    def person(self, login: str) -> Person | None:
        """The account that has this login now."""
        wish = Wish(f"look up the account {login}", "any valid token")
        try:
            account = self._api.get(AccountAnswer, f"/users/{segment(login)}", wish=wish)
        except Unknown:
            return None
        return person_of(account) if account.login.casefold() == login.casefold() else None

    def code_owners(self, word: str) -> tuple[Person, ...]:
        """The accounts that a word of CODEOWNERS names now; of a team, the members of the teams below it too.

        GitHub lists members only once they have accepted: https://docs.github.com/rest/teams/members#list-team-members
        """
        team = word.removeprefix("@")
        if team == word:
            return ()  # an e-mail address
        if "/" not in team:
            person = self.person(team)
            return (person,) if person is not None else ()
        organisation, _, slug = team.partition("/")
        wish = Wish(f"list the members of {team}", "Members: read, of the organisation")
        path = f"/orgs/{segment(organisation)}/teams/{segment(slug)}/members"
        try:
            accounts = self._api.pages(AccountAnswer, path, wish=wish)
        except (Unknown, NotAllowed):
            return ()
        return tuple(person for person in map(person_of, accounts) if person is not None)

    def permission(self, person: Person) -> Permission:
        """What the repository lets the account do now; nothing when the login has passed to another account."""
        wish = Wish(f"tell what {person.login} may do in {self._repository}", "Metadata: read, and write access")
        path = f"{self._path}/collaborators/{segment(person.login)}/permission"
        try:
            answer = self._api.get(PermissionAnswer, path, wish=wish)
        except Unknown:
            return Permission.NONE
        return permission_of(answer) if person.same_as(person_of(answer.user)) else Permission.NONE

    def comment(self, number: int, comment: int) -> Comment | None:
        """One comment as it is now; None when it was deleted."""
        answer = self._comments.answer(number, comment)
        return comment_of(answer, number) if answer is not None else None

    def comments_since(self, moment: datetime, *, under: Collection[int] | None) -> Mapping[tuple[int, int], str]:
        """See the port."""
        return self._kept.since(moment, under)

    def has_comment(self, number: int, topic: str) -> bool:
        """See the port."""
        return self._kept.has(number, topic, myself=self.myself())

    def keep_comment(self, number: int, topic: str, body: str) -> str:
        """The one comment of ours on this topic, created or edited in place. Returns its address."""
        return self._kept.keep(number, topic, body, myself=self.myself())

    def statuses(self, sha: str, *, by: datetime | None = None) -> tuple[CommitStatus, ...]:
        """The newest status of each context and speaker on a commit, newest first: nobody hides what another says.

        `by` tells those of that moment.
        """
        wish = Wish(f"list the statuses of {sha}", "Commit statuses: read")
        answers = self._api.pages(StatusAnswer, f"{self._path}/commits/{segment(sha)}/statuses", wish=wish)
        newest: dict[tuple[str, int | None], CommitStatus] = {}
        for said in map(status_of, answers):  # newest first
            if by is not None and (said.updated_at is None or said.updated_at > by):
                continue
            newest.setdefault((said.context, said.creator.id if said.creator else None), said)
        return tuple(newest.values())

    def set_status(self, sha: str, status: CommitStatus) -> None:
        """Say something under a commit; nothing is sent when the last word is ours and says so already."""
        description = one_line(status.description, STATUS_DESCRIPTION)
        wanted = CommitStatus(status.context, status.outcome, description, status.url)
        last = next((said for said in self.statuses(sha) if said.context == status.context), None)
        if last and self.myself().same_as(last.creator) and replace(last, creator=None, updated_at=None) == wanted:
            return
        fields = {"state": status.outcome.value, "context": status.context, "description": description}
        wish = Wish(f"set the status {status.context!r} on {sha}", "Commit statuses: write")
        address = {"target_url": status.url} if status.url else {}
        self._api.send("POST", f"{self._path}/statuses/{segment(sha)}", fields | address, shape=StatusAnswer, wish=wish)

    def start_pipeline(self, target: Target, inputs: Mapping[str, str]) -> Run | None:
        """Start a workflow of an application; None when GitHub does not say which run it became."""
        return github_runs.start(self._api, target, inputs=inputs)

    def find_run(self, target: Target, operation: str, *, since: datetime) -> Run | None:
        """The run of ours whose title holds the operation key."""
        return github_runs.find(self._api, target, operation=operation, since=since, myself=self.myself())

    def run(self, target: Target, url: str) -> Run | None:
        """The run at an address."""
        return github_runs.at(self._api, target, url, myself=self.myself())

    def perhaps_run(self, target: Target, operation: str, *, since: datetime) -> Run | None:
        """A run of ours whose title tells no key."""
        return github_runs.perhaps(self._api, target, operation=operation, since=since, myself=self.myself())

    def resume_run(self, target: Target, run: Run) -> Run:
        """Nothing: a run that waits on GitHub waits for a reviewer of its environment."""
        raise NotAllowed(f"only a reviewer of the environment in {target.repository} can let it go on: {run.url}")

    def title_of_job(self, repository: str, job: int) -> str | None:
        """None: GitHub's webhooks say which run they are about."""
        del repository, job
        return None

    def _read(self) -> RepositoryAnswer:
        wish = Wish(f"read the repository {self._repository}", "Metadata: read")
        return self._here(self._api.get(RepositoryAnswer, self._path, wish=wish))

    def _pull(self, number: int) -> PullAnswer:
        wish = Wish(f"read pull request #{number} of {self._repository}", _READ_PULLS)
        pull = self._api.get(PullAnswer, f"{self._path}/pulls/{number}", wish=wish)
        if pull.base.repo is not None:
            self._here(pull.base.repo)
        return pull

    def _pulls(self, parameters: Mapping[str, str]) -> tuple[PullAnswer, ...]:
        wish = Wish(f"list the pull requests of {self._repository}", _READ_PULLS)
        pulls = self._api.pages(PullAnswer, f"{self._path}/pulls", wish=wish, parameters=parameters)
        for pull in pulls:
            if pull.base.repo is not None:
                self._here(pull.base.repo)
        return pulls

    def _from_branch(self, branch: str, parameters: Mapping[str, str]) -> tuple[PullAnswer, ...]:
        pulls = self._pulls({**parameters, "head": f"{self._repository.partition('/')[0]}:{branch}"})
        return tuple(pull for pull in pulls if pull.head.ref == branch and self._is_here(pull))

    def _is_here(self, pull: PullAnswer) -> bool:
        return pull.head.repo is not None and pull.head.repo.full_name.casefold() == self._repository.casefold()

    def _here(self, answer: RepositoryAnswer) -> RepositoryAnswer:
        """GitHub redirects reads of a repository that moved, but not every write."""
        if answer.full_name.casefold() != self._repository.casefold():
            raise Unknown(f"{self._repository} is now {answer.full_name}; write the new name into the settings")
        self._identity.checked(answer.id)
        return answer
