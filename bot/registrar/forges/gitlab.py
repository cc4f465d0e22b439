"""A project on GitLab as a `Forge`: which of GitLab's answers each of our questions needs."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from registrar.core.codeowners.gitlab import find_codeowners
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
from registrar.errors import Unknown, UsageError
from registrar.forges import gitlab_approvals, gitlab_contributors, gitlab_landing, gitlab_runs
from registrar.forges.asking import Wish, is_no, segment
from registrar.forges.gitlab_answers import (
    AccountAnswer,
    MergeRequestAnswer,
    ProjectAnswer,
    comment_of,
    person_of,
    pull_request_of,
)
from registrar.forges.gitlab_api import GitLabApi, Parameters
from registrar.forges.gitlab_comments import FAREWELL, GitLabComments
from registrar.forges.gitlab_limits import COMMENT, TIMEOUT, TITLE
from registrar.forges.gitlab_members import GitLabMembers
from registrar.forges.gitlab_runs import GitLabRuns
from registrar.forges.gitlab_statuses import GitLabStatuses
from registrar.forges.identity import Identity
from registrar.forges.kept_comments import KeptComments
from registrar.forges.port import Words
from registrar.forges.shortening import one_line, shortened
from registrar.forges.words import GITLAB

# https://docs.gitlab.com/user/reserved_names/#rules-for-usernames-project-and-group-names-and-slugs
_REPOSITORY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+")
_READ = "the Reporter role"


def connect(
    url: str,
    repository: str,
    *,
    token: str,
    instance: str = "main",
    effects: Effects | None = None,
    timeout: int = TIMEOUT,
) -> "GitLabForge":
    """A project on gitlab.com or a GitLab of one's own, as a token sees it; nothing is sent yet.

    `instance` tells apart the comments of two Registrars that share an account. Without `effects` it remembers for its
    own life what it has done.
    """
    if not _REPOSITORY.fullmatch(repository) or ".." in repository:
        raise UsageError(f"{repository!r} is no project on GitLab; write its full path, group/project")
    effects = effects or RememberedEffects(lambda: datetime.now(UTC))
    api = GitLabApi(url, token=token, fence=effects.still_ours, timeout=timeout)
    return GitLabForge(url.rstrip("/"), repository, api=api, effects=effects, instance=instance)


class GitLabForge:
    """One project on GitLab. Keep one for the life of the process."""

    def __init__(self, url: str, repository: str, *, api: GitLabApi, effects: Effects, instance: str) -> None:
        """For `connect`."""
        self._url = url
        self._repository = repository
        self._api = api
        self._path = f"/projects/{segment(repository)}"
        self._identity = Identity(repository)
        self._comments = GitLabComments(api, self._path, page=f"{url}/{repository}")
        self._kept = KeptComments(self._comments, effects, instance=instance, limit=COMMENT)
        self._statuses = GitLabStatuses(api, self._path)
        self._members = GitLabMembers(api, repository)
        self._runs = GitLabRuns(api, myself=self.myself)
        self._myself: Person | None = None

    def __repr__(self) -> str:
        return f"GitLabForge({self._url!r}, {self._repository!r})"

    def close(self) -> None:
        """Let go of the connection; the next question opens another."""
        self._api.close()

    @property
    def repository(self) -> str:
        """Its full path, `acme/ml/registry`."""
        return self._repository

    def identity(self) -> str:
        """The number of the project."""
        answer = self._project()
        return self._identity.in_use(answer.id, archived=answer.archived)

    @property
    def words(self) -> Words:
        """How GitLab names things to a person."""
        return GITLAB

    def myself(self) -> Person:
        """The account of the token, asked once: a token never changes hands."""
        if self._myself is None:
            wish = Wish("tell whose the token is", "the scope api")
            try:
                account = self._api.get(AccountAnswer, "/user", wish=wish)
            except Unknown as error:  # GitLab tells everybody who they are, or that the token is none
                raise is_no("GitLab") from error
            person = person_of(account)
            if person is None:
                raise Unknown("the token belongs to an account that was deleted; give Registrar another")
            self._myself = person
        return self._myself

    def find_codeowners(self, read: Callable[[str], bytes | None]) -> Codeowners | None:
        """The CODEOWNERS file that GitLab would use, in its language, read from one commit."""
        return find_codeowners(read)

    def commit_email(self, person: Person) -> str:
        """The address in a commit that GitLab maps to the account, and that holds its numeric id.

        https://docs.gitlab.com/user/profile/#use-an-automatically-generated-private-commit-email
        """
        return f"{person.id}-{person.login}@users.noreply.{self._host}"

    def clone_url(self) -> str:
        """Where git reaches the repository, without credentials."""
        return f"{self._url}/{self._repository}.git"

    def commit_url(self, sha: str) -> str:
        """Where a person sees what a commit changed."""
        return f"{self._url}/{self._repository}/-/commit/{sha}"

    def default_branch(self) -> str:
        """The base branch unless settings say otherwise."""
        branch = self._project().default_branch
        if not branch:
            raise Unknown(f"{self._repository} is empty; push a first commit")
        return branch

    def pull_request(self, number: int) -> PullRequest:
        """The merge request as it is now."""
        return self._landed(self._request(number))

    def open_pull_requests(self, base: str) -> tuple[int, ...]:
        """Numbers of every open merge request into the branch, all pages, oldest first."""
        answers = self._requests({"state": "opened", "target_branch": base})
        return tuple(answer.iid for answer in answers if answer.state == "opened" and answer.target_branch == base)

    def pull_request_for_branch(self, branch: str, base: str) -> PullRequest | None:
        """The newest merge request from a branch of this project, in whatever state."""
        answers = self._from_branch(branch, {"state": "all", "target_branch": base})
        ours = [answer for answer in answers if answer.target_branch == base]
        return self._landed(max(ours, key=lambda answer: answer.iid)) if ours else None

    def closed_pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        """Every merge request from a branch of this project that was closed unmerged, whatever its target."""
        answers = self._from_branch(branch, {"state": "closed"})
        return tuple(pull_request_of(answer) for answer in answers if answer.state == "closed")

    def pull_requests_of_commit(self, sha: str) -> tuple[int, ...]:
        """Numbers of the merged or open merge requests that brought the commit."""
        wish = Wish(f"tell which merge requests brought {sha}", _READ)
        path = f"{self._path}/repository/commits/{segment(sha)}/merge_requests"
        brought = map(pull_request_of, self._api.pages(MergeRequestAnswer, path, wish=wish))
        return tuple(pull.number for pull in brought if pull.state is not PullRequestState.CLOSED)

    def open_pull_request(self, *, title: str, body: str, branch: str, base: str) -> PullRequest:
        """A new merge request from a branch of this project."""
        wish = Wish(f"open a merge request from {branch} into {base}", "the Developer role and the scope api")
        fields = {
            "title": one_line(title, TITLE),
            "description": shortened(body, limit=COMMENT, farewell=FAREWELL),
            "source_branch": branch,
            "target_branch": base,
        }
        path = f"{self._path}/merge_requests"
        return pull_request_of(self._api.send("POST", path, fields, shape=MergeRequestAnswer, wish=wish))

    def close_pull_request(self, number: int) -> None:
        """Close a merge request unmerged; nothing is sent when it is not open."""
        if self._request(number).state == "opened":
            wish = Wish(f"close merge request !{number}", "the Developer role and the scope api")
            fields = {"state_event": "close"}
            self._api.send("PUT", self._path_of(number), fields, shape=MergeRequestAnswer, wish=wish)

    def reviews(self, number: int) -> tuple[Review, ...]:
        """What each reviewer said last, oldest first, and about which content; what was taken back is not listed."""
        return gitlab_approvals.reviews(self._api, self._path_of(number), number=number)

    def contributors(self, number: int) -> Contributors:
        """Everyone who wrote, committed, co-wrote or pushed its commits."""
        request = self._request(number)
        return gitlab_contributors.contributors(self._api, request, repository=self._repository, host=self._host)

    def former_heads(self, number: int) -> tuple[str, ...]:
        """The head of every version of its difference but the present one, newest first."""
        head = self._request(number).sha
        return gitlab_approvals.heads(self._api, self._path_of(number), number=number, without=head)

    def moves_of(self, branch: str, *, since: datetime) -> tuple[tuple[str, str], ...]:
        """See the port; GitLab does not say which of them were forced."""
        return tuple(gitlab_contributors.moves_of(self._api, self._path, branch, since=since))

    def person(self, login: str) -> Person | None:
        """The account that has this login now."""
        return self._members.person(login)

    def code_owners(self, word: str) -> tuple[Person, ...]:
        """The accounts that a word of CODEOWNERS names now."""
        return self._members.code_owners(word)

    def permission(self, person: Person) -> Permission:
        """What the project lets the account do now; nothing when the login has passed to another account."""
        return self._members.permission(person)

    def comment(self, number: int, comment: int) -> Comment | None:
        """One comment as it is now; None when it was deleted, or is internal."""
        answer = self._comments.answer(number, comment)
        if answer is None:
            return None
        author, url = self._members.known(answer.author), self._comments.address(number, comment)
        return comment_of(answer, number, author=author, url=url)

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
        """The newest status of each context and speaker on a commit, newest first; `by` tells those of that moment."""
        return self._statuses.listed(sha, by=by)

    def set_status(self, sha: str, status: CommitStatus) -> None:
        """Say something under a commit; nothing is sent when the last word is ours and says so already."""
        self._statuses.set(sha, status, myself=self.myself())

    def start_pipeline(self, target: Target, inputs: Mapping[str, str]) -> Run | None:
        """Start a pipeline of an application."""
        return self._runs.start(target, inputs)

    def find_run(self, target: Target, operation: str, *, since: datetime) -> Run | None:
        """The pipeline of ours whose name, or whose variable, holds the operation key."""
        return self._runs.find(target, operation, since=since)

    def run(self, target: Target, url: str) -> Run | None:
        """The pipeline at an address."""
        return self._runs.at(target, url)

    def perhaps_run(self, target: Target, operation: str, *, since: datetime) -> Run | None:
        """A pipeline that tells no key, or whose starter cannot be told."""
        return self._runs.perhaps(target, operation, since=since)

    def resume_run(self, target: Target, run: Run) -> Run:
        """Play the manual jobs that a pipeline waits for."""
        return gitlab_runs.resume(self._api, target, run)

    def title_of_job(self, repository: str, job: int) -> str | None:
        """The name of the pipeline that a job is part of."""
        return gitlab_runs.title_of_job(self._api, repository, job)

    @property
    def _host(self) -> str:
        return urlsplit(self._url).hostname or ""

    def _project(self) -> ProjectAnswer:
        """GitLab has been seen to answer for a project under the name that it had before."""
        wish = Wish(f"read the project {self._repository}", "the Guest role")
        answer = self._api.get(ProjectAnswer, self._path, wish=wish)
        if answer.path_with_namespace.casefold() != self._repository.casefold():
            raise Unknown(
                f"{self._repository} is now {answer.path_with_namespace}; write the new name into the settings"
            )
        self._identity.checked(answer.id)
        return answer

    def _path_of(self, number: int) -> str:
        return f"{self._path}/merge_requests/{number}"

    def _request(self, number: int) -> MergeRequestAnswer:
        wish = Wish(f"read merge request !{number} of {self._repository}", _READ)
        answer = self._api.get(MergeRequestAnswer, self._path_of(number), wish=wish)
        self._identity.checked(answer.target_project_id)
        return answer

    def _requests(self, parameters: Parameters) -> tuple[MergeRequestAnswer, ...]:
        wish = Wish(f"list the merge requests of {self._repository}", _READ)
        query = {**parameters, "scope": "all", "order_by": "created_at", "sort": "asc"}
        answers = self._api.pages(MergeRequestAnswer, f"{self._path}/merge_requests", wish=wish, parameters=query)
        for answer in answers:
            self._identity.checked(answer.target_project_id)
        return answers

    def _from_branch(self, branch: str, parameters: Parameters) -> tuple[MergeRequestAnswer, ...]:
        answers = self._requests({**parameters, "source_branch": branch})
        here = (each for each in answers if each.source_project_id == each.target_project_id)
        return tuple(each for each in here if each.source_branch == branch)

    def _landed(self, answer: MergeRequestAnswer) -> PullRequest:
        """What it is to us; for a fast-forward GitLab names no commit that landed, so it has to be worked out."""
        if answer.state != "merged" or answer.merge_commit_sha or answer.squash_commit_sha:
            return pull_request_of(answer)
        is_fast_forward = self._project().merge_method == "ff"
        before = gitlab_landing.base_before(self._api, self._path, answer) if is_fast_forward else None
        return pull_request_of(answer, landed=answer.sha if before else None, on=before)
