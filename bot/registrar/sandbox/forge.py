"""What every act on the sandbox forge needs: its memory, its address, its dialect, and whom to tell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.background import Background
from registrar.sandbox.deliveries import Deliveries
from registrar.sandbox.happenings import Happening, Message
from registrar.sandbox.hooks import Webhook
from registrar.sandbox.landing import Landed, Landing
from registrar.sandbox.refusals import Forbidden, NotFound
from registrar.sandbox.runner import Runner
from registrar.sandbox.store import Repository, Store
from registrar.sandbox.threads import PullRequest

DialectName = Literal["github", "gitlab"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which real forge the sandbox speaks like, as far as what people do there depends on it."""

    name: DialectName
    head_refs: str  # where git finds the heads of pull requests, by number: `refs/pull/{}/head`
    refusal_of_push: str  # what git says to who pushes to a protected branch
    address_mark: str  # between id and login in an address that hides the real one: `7+ana@users.noreply...`
    headers: Callable[["Forge", Webhook, Message, str], dict[str, str]]  # of a message, by its GUID, as it is sent
    describe: Callable[["Forge", Happening], Message | None]  # None: no webhook is told of that
    follow: Callable[["Forge", Happening], None]  # what the forge itself does when something happened
    obstacles: Callable[["Forge", Repository, PullRequest], tuple[str, ...]]  # why a pull request may not be merged
    landed: Callable[["Forge", Repository, PullRequest, Landing, Account], Landed]  # the commits that a merge makes
    tells: Callable[[Webhook], bool]  # whether a webhook is well enough to be told
    reviews_own: bool  # whether people may approve what they ask for themselves, and judge without a word
    review_role: Role  # who may approve
    longest_comment: int  # characters

    def head_ref(self, number: int) -> str:
        """Where git finds the head of a pull request."""
        return self.head_refs.format(number)


@dataclass(frozen=True, slots=True)
class Forge:
    """One forge: everything its acts, its API and its pages share."""

    store: Store
    url: str  # http://localhost:8080, or with a path below it: http://localhost:8080/gitlab
    deliveries: Deliveries
    dialect: Dialect
    background: Background
    runner: Runner

    @property
    def origin(self) -> str:
        """The address without its path: `http://localhost:8080`."""
        return self.url.removesuffix(self.path)

    @property
    def path(self) -> str:
        """Where it stands below its origin: `/gitlab`, or nothing."""
        return urlsplit(self.url).path

    def publish(self, repository: Repository, happening: Happening) -> None:
        """Do what follows, and tell every webhook of the repository that asked for it, as things stand then."""
        with self.store.lock:
            self.dialect.follow(self, happening)
            if not repository.webhooks or (message := self.dialect.describe(self, happening)) is None:
                return
            for webhook in repository.webhooks:
                if webhook.wants(message.event) and self.dialect.tells(webhook):
                    self.deliveries.send(webhook, message)

    def require(self, account: Account | None, repository: Repository, role: Role) -> Account:
        """The account, if it has the role. Raises `NotFound` where it may not even look, `Forbidden` where it may."""
        held = self.store.role_of(account, repository)
        if held < Role.READ:
            raise NotFound(f"there is no repository {repository.full_name!r}")
        if account is None or held < role:
            raise Forbidden(f"this needs the role {role.name.lower()} on {repository.full_name}")
        return account

    def clone_url(self, repository: Repository) -> str:
        """Where git reaches a repository."""
        return f"{self.url}/{repository.full_name}.git"
