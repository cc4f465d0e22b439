"""Who has an account on the sandbox forge, what they belong to and what they may do."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class AccountKind(StrEnum):
    """What sort of account it is."""

    PERSON = "person"
    BOT = "bot"
    ORGANIZATION = "organization"


class Role(IntEnum):
    """What a repository lets an account do; each role may all that the one before it may."""

    NONE = 0
    READ = 1
    WRITE = 2
    MAINTAIN = 3
    ADMIN = 4


@dataclass(slots=True, eq=False)
class Account:
    """A person, a bot or an organization."""

    id: int
    login: str
    name: str
    kind: AccountKind
    token: str
    created_at: datetime
    token_scopes: tuple[str, ...] | None = None  # None: it has its rights one by one, and does not tell them
    token_expires_at: datetime | None = None
    token_end: str = ""  # expired, revoked: nobody is let in by the token any more
    is_blocked: bool = False  # by an administrator: nobody is let in as them
    members: dict["Account", Role] = field(default_factory=dict)  # of an organization, as GitLab's groups have them

    @property
    def email(self) -> str:
        """The address that the forge itself puts into commits of theirs."""
        return f"{self.login}@sandbox.invalid".lower()

    def has_address(self, email: str, *, mark: str) -> bool:
        """Whether a commit with this address is theirs.

        One that hides the real address holds the id, the mark of the forge, and the login: `7+ana@users.noreply.host`.
        """
        local, _, host = email.lower().partition("@")
        hidden = host.startswith("users.noreply.") and local == f"{self.id}{mark}{self.login.lower()}"
        return hidden or email.lower() == self.email


@dataclass(slots=True, eq=False)
class Team:
    """Members of an organization who are named together."""

    id: int
    organization: Account
    slug: str
    name: str
    created_at: datetime
    members: list[Account] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """`acme/ml-admins`."""
        return f"{self.organization.login}/{self.slug}"
