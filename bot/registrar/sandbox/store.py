"""What the sandbox forge remembers: accounts, repositories and everything said and done there, in no forge's own words.

The content of repositories is in bare git repositories on disk; all the rest is here, in memory. Whoever reads or
changes more than one field holds `Store.lock`, which may be taken again by the thread that holds it.
"""

import itertools
import re
import secrets
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from registrar.sandbox.accounts import Account, AccountKind, Role, Team
from registrar.sandbox.environments import Environment
from registrar.sandbox.hooks import Webhook
from registrar.sandbox.pipelines import ContinuousIntegration, Job, JobState
from registrar.sandbox.refusals import Invalid, NotFound
from registrar.sandbox.rulesets import Ruleset
from registrar.sandbox.runs import WorkflowRun
from registrar.sandbox.settings import Settings
from registrar.sandbox.threads import Issue, PullRequest, Thread

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?")
_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*")  # GitLab's groups hold groups


def now() -> datetime:
    """The present moment, to the millisecond: GitLab tells so much, GitHub leaves it at seconds."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class Status:
    """What someone said about a commit under one context; the newest of a context counts."""

    id: int
    sha: str
    context: str
    state: str  # pending, success, failure, error
    description: str
    url: str
    creator: Account
    created_at: datetime
    stage: str = ""  # what GitLab calls the state: pending, running, success, failed, canceled, skipped
    ref: str = ""  # the branch that it was said about, on GitLab
    pipeline: int = 0  # that it is part of, on GitLab
    updated_at: datetime | None = None  # when GitLab was last told of it


@dataclass(frozen=True, slots=True)
class Push:
    """One move of one branch or tag, and who moved it."""

    id: int
    ref: str  # refs/heads/main
    before: str  # forty zeros: the ref was new
    after: str  # forty zeros: the ref was deleted
    actor: Account
    at: datetime
    kind: str  # created, deleted, pushed, forced, merged


@dataclass(frozen=True, slots=True)
class Protection:
    """What must hold before a branch moves, other than by a pull request it never does."""

    required_statuses: tuple[str, ...] = ()
    approvals: int = 0
    code_owner_review: bool = False
    spares_admins: bool = False
    push_role: Role | None = None  # who may push all the same; None: nobody
    merge_role: Role = Role.WRITE  # who may merge
    allows_force: bool = False  # whether those who may push may rewrite


@dataclass(slots=True, eq=False)
class Repository:
    """A bare git repository and everything around it."""

    id: int
    owner: Account
    name: str
    path: Path
    default_branch: str
    private: bool
    created_at: datetime
    description: str = ""
    roles: dict[Account, Role] = field(default_factory=dict)
    team_roles: dict[Team, Role] = field(default_factory=dict)
    protections: dict[str, Protection] = field(default_factory=dict)  # by branch
    protected_tags: dict[str, Role | None] = field(default_factory=dict)  # by wildcard: who may create it
    rulesets: list[Ruleset] = field(default_factory=list)  # for several branches at once, on GitHub
    threads: dict[int, Thread] = field(default_factory=dict)  # issues and pull requests share their numbers
    statuses: list[Status] = field(default_factory=list)  # oldest first
    pushes: list[Push] = field(default_factory=list)  # oldest first
    environments: dict[str, Environment] = field(default_factory=dict)  # by name, on GitHub
    webhooks: list[Webhook] = field(default_factory=list)
    runs: list[WorkflowRun] = field(default_factory=list)  # oldest first
    workflows: dict[str, int] = field(default_factory=dict)  # the id of each workflow file ever seen
    ci: ContinuousIntegration = field(default_factory=ContinuousIntegration)  # pipelines as GitLab has them
    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    former_names: list[str] = field(default_factory=list)  # in lower case; GitLab sends on whoever asks by them

    @property
    def full_name(self) -> str:
        """`acme/registry`."""
        return f"{self.owner.login}/{self.name}"

    @property
    def pull_requests(self) -> tuple[PullRequest, ...]:
        """Every pull request, oldest first."""
        return tuple(thread for thread in self.threads.values() if isinstance(thread, PullRequest))

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every issue that is no pull request, oldest first."""
        return tuple(thread for thread in self.threads.values() if isinstance(thread, Issue))

    def pull_request(self, number: int) -> PullRequest:
        """Raises `NotFound` when there is none of that number."""
        thread = self.threads.get(number)
        if not isinstance(thread, PullRequest):
            raise NotFound(f"{self.full_name} has no pull request {number}")
        return thread

    def thread(self, number: int) -> Thread:
        """The issue or pull request. Raises `NotFound`."""
        if number not in self.threads:
            raise NotFound(f"{self.full_name} has no issue or pull request {number}")
        return self.threads[number]

    def run(self, run: int) -> WorkflowRun:
        """Raises `NotFound` when no run has that id."""
        found = next((each for each in self.runs if each.id == run), None)
        if found is None:
            raise NotFound(f"{self.full_name} has no workflow run {run}")
        return found

    def statuses_of(self, sha: str) -> tuple[Status, ...]:
        """Everything ever said about a commit, newest first."""
        return tuple(status for status in reversed(self.statuses) if status.sha == sha)

    def newest_statuses(self, sha: str) -> tuple[Status, ...]:
        """The newest status of each context on a commit, newest first."""
        newest: dict[str, Status] = {}
        for status in self.statuses_of(sha):
            newest.setdefault(status.context, status)
        return tuple(newest.values())


class Store:
    """Everything the forge remembers, and the finding of it."""

    def __init__(self, root: Path, *, address_mark: str = "+") -> None:
        self.root = root
        self._address_mark = address_mark  # in addresses that hide the real one
        self.lock = threading.RLock()
        self.accounts: dict[str, Account] = {}  # by login in lower case
        self.teams: list[Team] = []
        self.repositories: dict[str, Repository] = {}  # by full name in lower case
        self._ids: defaultdict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))

    def new_id(self, kind: str) -> int:
        """The next number of its kind: 1, 2, 3 ..."""
        with self.lock:
            return next(self._ids[kind])

    def add_account(self, login: str, kind: AccountKind, *, name: str = "") -> Account:
        """A new account. Raises `Invalid` when the login is taken or cannot be one."""
        known = _GROUP if kind is AccountKind.ORGANIZATION else _LOGIN
        with self.lock:
            if login.lower() in self.accounts or not known.fullmatch(login):
                raise Invalid(f"the login {login!r} is taken, or cannot be one: letters, digits and hyphens alone")
            account = Account(
                id=self.new_id("account"),
                login=login,
                name=name or login,
                kind=kind,
                token=f"sandbox_{secrets.token_hex(16)}",
                created_at=now(),
            )
            self.accounts[login.lower()] = account
            return account

    def account(self, login: str) -> Account:
        """Raises `NotFound` when nobody has that login."""
        if login.lower() not in self.accounts:
            raise NotFound(f"nobody has the login {login!r}")
        return self.accounts[login.lower()]

    def account_of_token(self, token: str) -> Account | None:
        """Whom a token lets in, if anyone."""
        found = self.maker_of_token(token)
        return None if found is None or found.token_end or found.is_blocked else found

    def maker_of_token(self, token: str) -> Account | None:
        """Whose token it is, or was before it ended."""
        given = token.encode()
        accounts = tuple(self.accounts.values())
        return next((each for each in accounts if secrets.compare_digest(each.token.encode(), given)), None)

    def account_of_email(self, email: str) -> Account | None:
        """Whose address stands in a commit, if anyone's."""
        mark = self._address_mark
        return next((each for each in self.accounts.values() if each.has_address(email, mark=mark)), None)

    def job_of_token(self, token: str) -> Job | None:
        """The job that runs with this token, if any."""
        given = token.encode()
        running = (job for each in self.repositories.values() for job in each.ci.jobs if job.state is JobState.RUNNING)
        return next((job for job in running if secrets.compare_digest(job.token.encode(), given)), None)

    def repository(self, full_name: str) -> Repository:
        """Raises `NotFound` when there is none of that name."""
        if full_name.lower() not in self.repositories:
            raise NotFound(f"there is no repository {full_name!r}")
        return self.repositories[full_name.lower()]

    def team(self, full_name: str) -> Team:
        """The team `acme/ml-admins`. Raises `NotFound`."""
        found = next((each for each in self.teams if each.full_name.lower() == full_name.lower()), None)
        if found is None:
            raise NotFound(f"there is no team {full_name!r}")
        return found

    def group_role_of(self, account: Account, group: Account) -> Role:
        """What a group, and the groups that hold it, let a member do in everything that is theirs."""
        path, role = group.login.lower(), Role.NONE
        while path:
            if path in self.accounts:
                role = max(role, self.accounts[path].members.get(account, Role.NONE))
            path = path.rpartition("/")[0]
        return role

    def role_of(self, account: Account | None, repository: Repository) -> Role:
        """What a repository lets an account do: the most that it, its teams or everyone may."""
        with self.lock:
            roles = [Role.NONE if repository.private else Role.READ]
            if account is not None:
                roles.append(self.group_role_of(account, repository.owner))
                roles.append(repository.roles.get(account, Role.NONE))
                roles += [role for team, role in repository.team_roles.items() if account in team.members]
            return Role.ADMIN if account is repository.owner else max(roles)
