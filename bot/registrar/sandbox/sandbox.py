"""The sandbox forge as its owner holds it: started, furnished with accounts and repositories, waited for."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from starlette.types import ASGIApp

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, AccountKind, Role, Team
from registrar.sandbox.background import Background
from registrar.sandbox.deliveries import Deliveries
from registrar.sandbox.departures import delete_account
from registrar.sandbox.faults import Faults
from registrar.sandbox.forge import Dialect, DialectName, Forge
from registrar.sandbox.github.dialect import GITHUB
from registrar.sandbox.gitlab.dialect import GITLAB
from registrar.sandbox.hooks import SIGNING_TOKEN, Delivery, Webhook
from registrar.sandbox.listeners import Subscription, add_webhook
from registrar.sandbox.refusals import Invalid
from registrar.sandbox.runner import Runner
from registrar.sandbox.serving import application, listen, serving
from registrar.sandbox.store import Protection, Repository, Store, now

RoleName = Literal["admin", "maintain", "write", "read"]
EVERYTHING = ("*",)
_DIALECTS: dict[DialectName, Dialect] = {"github": GITHUB, "gitlab": GITLAB}


@dataclass(frozen=True, slots=True)
class SandboxRepository:
    """Where a repository is, on the forge, on disk and for git."""

    full_name: str
    path: Path
    clone_url: str


class Sandbox:
    """A forge on loopback. What people do there they do over HTTP; this is for what an administrator sets up."""

    def __init__(self, forge: Forge, runner: Runner, faults: Faults) -> None:
        self.forge = forge
        self.faults = faults
        self.store = forge.store
        self._runner = runner

    @classmethod
    @contextmanager
    def serve(
        cls,
        root: Path,
        *,
        dialect: DialectName = "github",
        path: str = "",
        port: int = 0,
        around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    ) -> Iterator["Sandbox"]:
        """A forge that answers until the end of the block; its repositories stay under the root.

        It stands at a path of its host, such as `/gitlab`; `around` may put something between it and its `faults`.
        """
        spoken = _DIALECTS[dialect]
        store, runner = Store(root, address_mark=spoken.address_mark), Runner()
        with listen(port) as listener:
            url = f"http://localhost:{listener.getsockname()[1]}{path}"
            deliveries = Deliveries(store, lambda *message: spoken.headers(forge, *message))
            forge = Forge(store, url, deliveries, spoken, Background(), runner)
            deliveries.start()
            try:
                faults = Faults(store, deliveries.carrier)
                with serving(faults.around(around(application(forge, runner))), listener):
                    yield cls(forge, runner, faults)
            finally:
                runner.stop()
                deliveries.stop()

    @property
    def url(self) -> str:
        """Where a person finds it; below it are GitHub's API at `/api/v3`, or GitLab's at `/api/v4`."""
        return self.forge.url

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Everything that any webhook was told, in order of sending."""
        with self.store.lock:
            hooks = [webhook for each in self.store.repositories.values() for webhook in each.webhooks]
            return tuple(sorted((each for hook in hooks for each in hook.deliveries), key=lambda each: each.id))

    def add_user(self, login: str, *, name: str = "") -> Account:
        """A person."""
        return self.store.add_account(login, AccountKind.PERSON, name=name)

    def add_bot(self, login: str) -> Account:
        """An account that no person uses."""
        return self.store.add_account(login, AccountKind.BOT)

    def add_organization(self, login: str) -> Account:
        """An owner of repositories and teams."""
        return self.store.add_account(login, AccountKind.ORGANIZATION)

    def add_team(self, full_name: str, members: Sequence[str]) -> Team:
        """A team `acme/ml-admins` of an organization that exists, with these logins as members."""
        with self.store.lock:
            owner, _, slug = full_name.rpartition("/")
            organization = self.store.account(owner)
            team = Team(self.store.new_id("team"), organization, slug, slug, now())
            team.members = [self.store.account(login) for login in members]
            self.store.teams.append(team)
            return team

    def add_member(self, group: str, login: str, role: RoleName) -> None:
        """Let an account do as much as the role allows in everything that a group holds: GitLab has such members."""
        with self.store.lock:
            self.store.account(group).members[self.store.account(login)] = Role[role.upper()]

    def add_repository(
        self, full_name: str, *, default_branch: str = "main", private: bool = False
    ) -> SandboxRepository:
        """An empty repository of an owner that exists. A public one may be read by everyone."""
        with self.store.lock:
            owner, _, name = full_name.rpartition("/")
            if full_name.lower() in self.store.repositories:
                raise Invalid(f"there is a repository {full_name} already")
            number = self.store.new_id("repository")
            path = self.store.root / "repositories" / owner / f"{name}.git"
            repository = Repository(
                id=number,
                owner=self.store.account(owner),
                name=name,
                path=path.with_name(f"{name}-{number}.git") if path.exists() else path,  # of one that has moved away
                default_branch=default_branch,
                private=private,
                created_at=now(),
            )
            git.create_repository(repository.path, default_branch)
            self.store.repositories[full_name.lower()] = repository
            return SandboxRepository(repository.full_name, repository.path, self.forge.clone_url(repository))

    def grant(self, full_name: str, to: str, role: RoleName) -> None:
        """Let an account, or a team named `acme/ml-admins`, do as much in a repository as the role allows."""
        with self.store.lock:
            repository = self.store.repository(full_name)
            if "/" in to:
                repository.team_roles[self.store.team(to)] = Role[role.upper()]
            else:
                repository.roles[self.store.account(to)] = Role[role.upper()]

    def protect(
        self,
        full_name: str,
        branch: str,
        *,
        required_statuses: Sequence[str] = (),
        code_owner_review: bool = False,
        approvals: int = 0,
        spares_admins: bool = False,
    ) -> None:
        """Close a branch to pushes, and let pull requests into it only when this holds."""
        rule = Protection(tuple(required_statuses), approvals, code_owner_review, spares_admins)
        with self.store.lock:
            self.store.repository(full_name).protections[branch] = rule

    def add_webhook(self, full_name: str, url: str, secret: str, *, events: Sequence[str] = EVERYTHING) -> Webhook:
        """Tell an address what happens in a repository, in the owner's name.

        A secret that begins with `whsec_` is a signing token of GitLab's.
        """
        with self.store.lock:
            repository = self.store.repository(full_name)
            is_signing = secret.startswith(SIGNING_TOKEN)
            plain, signing_token = ("", secret) if is_signing else (secret, "")
            subscription = Subscription(url, plain, tuple(events), signing_token=signing_token)
            return add_webhook(self.forge, repository, actor=repository.owner, subscription=subscription)

    def end_token(self, login: str, how: Literal["expired", "revoked"] = "expired") -> None:
        """Let nobody in by the token of an account any more."""
        self.store.account(login).token_end = how

    def block(self, login: str) -> None:
        """Let nobody in as this account any more; it stays, and keeps its roles."""
        self.store.account(login).is_blocked = True

    def delete_account(self, login: str) -> None:
        """Take an account away; what it did stays as a ghost's, on GitLab."""
        delete_account(self.store, login)

    def move_repository(self, full_name: str, to: str) -> None:
        """Give a repository another name, or another owner. What it is, and its number, stay."""
        with self.store.lock:
            repository = self.store.repository(full_name)
            owner, _, name = to.rpartition("/")
            repository.owner, repository.name = self.store.account(owner), name
            for each in self.store.repositories.values():  # a name that is taken again leads nowhere else any more
                each.former_names = [name for name in each.former_names if name != to.lower()]
            repository.former_names.append(full_name.lower())
            self.store.repositories[to.lower()] = self.store.repositories.pop(full_name.lower())

    def archive(self, full_name: str, *, archived: bool = True) -> None:
        """Let nobody write to a repository any more; or everybody again."""
        self.store.repository(full_name).settings.archived = archived

    def delete_fork_of(self, full_name: str, number: int) -> None:
        """Let a pull request have come from a fork that is gone."""
        self.store.repository(full_name).pull_request(number).source_is_gone = True

    def lag(self, questions: int | None) -> None:
        """Let what follows from a push be done after so many questions about pull requests; None: by `catch_up`."""
        self.forge.background.questions = questions

    def catch_up(self) -> None:
        """Do all that was put off."""
        with self.store.lock:
            self.forge.background.finish()

    def redeliver(self, delivery: Delivery) -> None:
        """Send again what was sent before, under the same GUID."""
        with self.store.lock:
            for repository in self.store.repositories.values():
                for webhook in repository.webhooks:
                    if delivery in webhook.deliveries:
                        self.forge.deliveries.send_again(webhook, delivery)

    def add_secret(self, full_name: str, name: str, value: str) -> None:
        """Let workflows of a repository use a secret."""
        self.store.repository(full_name).secrets[name] = value

    def add_variable(self, full_name: str, name: str, value: str) -> None:
        """Let workflows of a repository use a variable."""
        self.store.repository(full_name).variables[name] = value

    def drain(self, timeout: float = 30.0) -> None:
        """Wait until every run has ended and every webhook was told. Raises `TimeoutError`."""
        deliveries, runner = self.forge.deliveries, self._runner
        deadline = time.monotonic() + timeout
        while not (runner.idle and deliveries.idle):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"the sandbox was still busy after {timeout} s")
            runner.rest(left)
            deliveries.rest(left)
