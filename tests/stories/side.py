"""What people do and see on a forge, in words that every forge shares: what a story is told in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from starlette.types import ASGIApp

from registrar.sandbox import Sandbox
from registrar.sandbox.faults import Answered, Spot
from registrar.sandbox.forge import DialectName

Method = Literal["merge", "squash", "linear"]  # the last: its own commits, as the forge does without a merge commit


@dataclass(frozen=True, slots=True)
class Seen:
    """A pull request, as a person sees it."""

    number: int
    title: str
    body: str
    head: str  # the commit
    branch: str
    landed: str  # the commit that its merge brought; empty before


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, with whatever it hides."""

    id: int
    author: str
    body: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line under a commit."""

    context: str
    state: str  # pending, success, failure
    words: str
    url: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person changes about a pull request; None leaves it."""

    title: str | None = None
    base: str | None = None
    is_open: bool | None = None


class Listener(Protocol):
    """Holds what a forge says against what the real one publishes."""

    def around(self, application: ASGIApp) -> ASGIApp:
        """The same application, listened to."""
        ...

    def check_webhook(self, event: str, payload: Mapping[str, object]) -> None:
        """Look at what a webhook was sent."""
        ...

    def report(self) -> str:
        """Every departure, one a line."""
        ...


class Side(Protocol):
    """People on one forge. `login` is always who does it, or who looks."""

    dialect: ClassVar[DialectName]  # what the sandbox must speak
    starting: ClassVar[Spot]  # where the bot starts a pipeline
    listing: ClassVar[Spot]  # where it looks for the runs of one
    no_runs_yet: ClassVar[Answered]  # a list of runs that lags behind
    comments: ClassVar[str]  # how the path ends where comments are listed and written
    requests: ClassVar[str]  # how the path ends where pull requests are listed, opened, or named for a commit
    longest_comment: ClassVar[int]  # characters
    noun: ClassVar[str]  # what a pull request is called
    merge_button: ClassVar[str]  # what is written on it

    def __init__(self, sandbox: Sandbox, tokens: Mapping[str, str]) -> None: ...

    @staticmethod
    def listener() -> Listener:
        """Who holds the sandbox to what the forge publishes."""
        ...

    @staticmethod
    def application(*, ending: str = "echo deployed") -> Mapping[str, str]:
        """The files of an application with a pipeline `deploy.yml`, whose last command this is."""
        ...

    def address(self, login: str, account: int, *, host: str = "users.noreply.localhost") -> str:
        """The e-mail address in a commit that this forge takes for the account."""
        ...

    def link(self, number: int) -> str:
        """How a person refers to a pull request."""
        ...

    def page(self, login: str, number: int) -> str:
        """Where a pull request is looked at."""
        ...

    def protect(self, *, held: bool, spares_admins: bool = False) -> None:
        """Close the main branch of the registry to pushes; held, nothing is merged before the bot says so."""
        ...

    def rename(self, repository: str, to: str) -> None:
        """Give a repository another name; the old one still leads to it."""
        ...

    def open(self, login: str, *, branch: str, base: str, draft: bool) -> int:
        """Open the pull request of a branch; its number."""
        ...

    def comment(self, login: str, number: int, text: str) -> None: ...

    def edit_comment(self, login: str, number: int, comment: int, text: str) -> None: ...

    def delete_comment(self, login: str, number: int, comment: int) -> None: ...

    def approve(self, login: str, number: int) -> None: ...

    def request_changes(self, login: str, number: int) -> None: ...

    def relent(self, login: str, number: int) -> None:
        """Ask for changes no longer."""
        ...

    def remark(self, login: str, number: int, text: str) -> None:
        """Review without a vote, where the forge has such a thing; else a comment."""
        ...

    def withdraw(self, login: str, number: int) -> None:
        """Take one's own approval back."""
        ...

    def edit(self, login: str, number: int, edit: Edit) -> None: ...

    def merge(self, login: str, number: int, method: Method) -> str | None:
        """Merge; None when the forge refuses."""
        ...

    def seen(self, login: str, number: int) -> Seen: ...

    def open_ones(self, login: str) -> Sequence[Seen]:
        """Every open pull request of the registry."""
        ...

    def files(self, login: str, number: int) -> Sequence[str]:
        """Paths that a pull request changes."""
        ...

    def messages(self, login: str, number: int) -> Sequence[str]:
        """The messages of its commits."""
        ...

    def discussion(self, login: str, number: int) -> Sequence[Said]:
        """Its comments, oldest first."""
        ...

    def branches(self, login: str) -> Sequence[str]: ...

    def lines(self, login: str, sha: str) -> Sequence[Line]:
        """What stands under a commit, newest first."""
        ...

    def say(self, login: str, sha: str, line: Line) -> None:
        """Put a line under a commit."""
        ...

    def runs(self, login: str) -> Sequence[tuple[str, str]]:
        """Title, and state or end, of each deploy run of the application."""
        ...

    def told(self) -> Sequence[Mapping[str, str]]:
        """What each of them was told, by the names that a deploy promises."""
        ...
