"""Knows where each page stands: as on GitHub, and as on GitLab, whose projects lie at any depth and end at `/-/`."""

import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from starlette.convertors import Convertor, register_url_convertor

from registrar.sandbox.accounts import Account, Team
from registrar.sandbox.pipelines import Job, Pipeline
from registrar.sandbox.runs import WorkflowRun
from registrar.sandbox.threads import Comment, PullRequest, Remark, Review, Thread

_PART = re.compile(r"\{(\w+)(?::\w+)?\}")


class _Text(Convertor[str]):
    """A part of a path that is taken as it stands."""

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _Pair(_Text):
    regex = "[^/]+/[^/]+"


class _Nested(_Text):
    regex = "[^/]+(?:/[^/]+)+?"  # the shortest that fits: what follows the first `/-/` is no part of a project


register_url_convertor("pair", _Pair())
register_url_convertor("nested", _Nested())


@dataclass(frozen=True, slots=True)
class Places:
    """The paths of one forge's pages, with the parts that vary in braces, as Starlette's routes have them."""

    repository: str
    account: str
    team: str
    folder: str
    file: str
    raw: str
    all_commits: str
    commits: str
    commit: str
    issues: str
    issue: str
    new_issue: str
    pulls: str
    pull: str
    pull_changes: str
    runs: str
    run: str
    job: str  # empty: a job has no page of its own
    new_run: str
    comment: str  # the part of a page on which a comment stands
    review: str


GITHUB_PLACES = Places(
    repository="/{repository:pair}",
    account="/{account}",
    team="/orgs/{organization}/teams/{team}",
    folder="/{repository:pair}/tree/{rest:path}",
    file="/{repository:pair}/blob/{rest:path}",
    raw="/{repository:pair}/raw/{rest:path}",
    all_commits="/{repository:pair}/commits",
    commits="/{repository:pair}/commits/{rest:path}",
    commit="/{repository:pair}/commit/{sha}",
    issues="/{repository:pair}/issues",
    issue="/{repository:pair}/issues/{number:int}",
    new_issue="/{repository:pair}/issues/new",
    pulls="/{repository:pair}/pulls",
    pull="/{repository:pair}/pull/{number:int}",
    pull_changes="/{repository:pair}/pull/{number:int}/files",
    runs="/{repository:pair}/actions",
    run="/{repository:pair}/actions/runs/{number:int}",
    job="",
    new_run="/{repository:pair}/actions/runs",
    comment="issuecomment-{number}",
    review="pullrequestreview-{number}",
)
GITLAB_PLACES = Places(
    repository="/{repository:nested}",
    account="/{account}",
    team="/groups/{organization:path}/{team}",
    folder="/{repository:nested}/-/tree/{rest:path}",
    file="/{repository:nested}/-/blob/{rest:path}",
    raw="/{repository:nested}/-/raw/{rest:path}",
    all_commits="/{repository:nested}/-/commits",
    commits="/{repository:nested}/-/commits/{rest:path}",
    commit="/{repository:nested}/-/commit/{sha}",
    issues="/{repository:nested}/-/issues",
    issue="/{repository:nested}/-/issues/{number:int}",
    new_issue="/{repository:nested}/-/issues/new",
    pulls="/{repository:nested}/-/merge_requests",
    pull="/{repository:nested}/-/merge_requests/{number:int}",
    pull_changes="/{repository:nested}/-/merge_requests/{number:int}/diffs",
    runs="/{repository:nested}/-/pipelines",
    run="/{repository:nested}/-/pipelines/{number:int}",
    job="/{repository:nested}/-/jobs/{number:int}",
    new_run="/{repository:nested}/-/pipelines/new",
    comment="note_{number}",
    review="note_{number}",
)


class Named(Protocol):
    """A repository, as far as an address is concerned."""

    @property
    def full_name(self) -> str:
        """`acme/registry`."""
        ...


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a link leads, on one forge."""

    places: Places
    prefix: str = ""  # what stands before every path, when the forge lies below another address: `/gitlab`

    def page(self, path: str) -> str:
        """A page that is called the same on every forge: `/`, `/_/style.css`."""
        return f"{self.prefix}{path}"

    def repository(self, repository: Named) -> str:
        """Its first page."""
        return self._of(self.places.repository, repository)

    def account(self, account: Account) -> str:
        """A person, a bot or an organization."""
        return self.mentioned(account.login)

    def team(self, team: Team) -> str:
        """Who belongs to a team."""
        return self.mentioned(team.full_name)

    def mentioned(self, name: str) -> str:
        """Whoever has a name in a text: `ana`, `acme/ml-admins`."""
        organization, _, team = name.rpartition("/")
        if organization:
            return self._filled(self.places.team, organization=organization, team=team)
        return self._filled(self.places.account, account=name)

    def folder(self, repository: Named, ref: str, path: str = "") -> str:
        """What is in a folder at a branch, tag or commit."""
        return self._of(self.places.folder, repository, rest=f"{ref}/{path}" if path else ref)

    def file(self, repository: Named, ref: str, path: str) -> str:
        """A file, to be read."""
        return self._of(self.places.file, repository, rest=f"{ref}/{path}")

    def raw(self, repository: Named, ref: str, path: str) -> str:
        """The bytes of a file."""
        return self._of(self.places.raw, repository, rest=f"{ref}/{path}")

    def commits(self, repository: Named, ref: str) -> str:
        """What led to a branch."""
        return self._of(self.places.commits, repository, rest=ref)

    def commit(self, repository: Named, sha: str) -> str:
        """What one commit changed."""
        return self._of(self.places.commit, repository, sha=sha)

    def issues(self, repository: Named) -> str:
        """Every issue."""
        return self._of(self.places.issues, repository)

    def new_issue(self, repository: Named) -> str:
        """Where an issue is written."""
        return self._of(self.places.new_issue, repository)

    def pulls(self, repository: Named) -> str:
        """Every pull request."""
        return self._of(self.places.pulls, repository)

    def thread(self, repository: Named, thread: Thread) -> str:
        """An issue or a pull request."""
        if isinstance(thread, PullRequest):
            return self.pull(repository, thread.number)
        return self.issue(repository, thread.number)

    def issue(self, repository: Named, number: int) -> str:
        """The issue of that number, if there is one."""
        return self._of(self.places.issue, repository, number=number)

    def pull(self, repository: Named, number: int) -> str:
        """The pull request of that number, if there is one."""
        return self._of(self.places.pull, repository, number=number)

    def changes(self, repository: Named, pull_request: PullRequest) -> str:
        """What a pull request changes."""
        return self._of(self.places.pull_changes, repository, number=pull_request.number)

    def comment(self, comment: Comment) -> str:
        """Where a comment stands on its page."""
        return filled(self.places.comment, number=comment.id)

    def review(self, review: Review) -> str:
        """Where a review stands on its page."""
        return filled(self.places.review, number=review.id)

    def remark(self, remark: Remark) -> str:
        """Where a word of the forge's own stands on its page."""
        return filled(self.places.comment, number=remark.id)

    def runs(self, repository: Named) -> str:
        """Every run."""
        return self._of(self.places.runs, repository)

    def run(self, repository: Named, run: WorkflowRun | Pipeline) -> str:
        """How one run goes."""
        return self._of(self.places.run, repository, number=run.id)

    def job(self, repository: Named, job: Job) -> str:
        """What one job of a pipeline says."""
        return self._of(self.places.job, repository, number=job.id)

    def new_run(self, repository: Named) -> str:
        """Where a run is started."""
        return self._of(self.places.new_run, repository)

    def _of(self, place: str, repository: Named, **parts: object) -> str:
        return self._filled(place, repository=repository.full_name, **parts)

    def _filled(self, place: str, **parts: object) -> str:
        return f"{self.prefix}{filled(place, **parts)}"


def filled(place: str, **parts: object) -> str:
    """A path with its parts put in, as it stands in an address."""
    return _PART.sub(lambda found: quote(str(parts[found[1]])), place)
