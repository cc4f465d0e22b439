"""What Registrar asks of a forge: a small port in our own words.

Where the forges differ, and a caller can notice:

- GitHub takes a review back only when somebody dismisses it. GitLab takes an approval back by itself, or its approver
  does, and then lists it no more; and it binds none to a commit: its adapter does, by the versions of the difference.
- GitHub rebases while it merges; GitLab before that, as a push, which voids every approval.
- GitHub numbers issues and pull requests together, and a command may stand under either. GitLab numbers them apart, and
  a number here is that of a merge request: under an issue nothing is heard.
- A fast-forward leaves no trace in git. GitLab tells where the base was before it; GitHub does not.
- A status belongs to a commit on GitHub, and to one pipeline of it on GitLab: there it is said in the one that the open
  pull request from that commit waits for, and has to be said again once that is another one.
- GitHub's workflows have names and take inputs alone. A project on GitLab has one pipeline, which takes inputs or
  variables, and may be started by a trigger token; its manual jobs are played, where GitHub waits for a reviewer.

Every write may be repeated: `keep_` and `set_` leave one thing however often they are called, `open_pull_request` is
called only after `pull_request_for_branch` found none, `start_pipeline` only after `find_run` found none.

Every method may raise `ForgeUnavailable` (no answer, a 5xx, a rate limit: try again later) and `ForgeRefused` (a final
no), and may be called from several threads.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol

from registrar.core.codeowners.ownership import Codeowners
from registrar.core.people import Permission, Person
from registrar.core.pipelines import Target
from registrar.core.pull_requests import Comment, CommitStatus, Contributors, PullRequest, Review, Run


class Forge(Protocol):
    """One repository on one forge, seen with one token."""

    @property
    def repository(self) -> str:
        """Its full name, `acme/registry`."""
        ...

    def identity(self) -> str:
        """The repository's number, asked for now; it stays when the name changes.

        Raises `ForgeRefused` when the name led to another repository before, and `RegistryGone` when it is archived.
        """
        ...

    @property
    def words(self) -> "Words":
        """How this forge names things to a person."""
        ...

    def find_codeowners(self, read: Callable[[str], bytes | None]) -> Codeowners | None:
        """The CODEOWNERS file that this forge would use, in its own language, read from one commit."""
        ...

    def myself(self) -> Person:
        """The account of the token."""
        ...

    def commit_email(self, person: Person) -> str:
        """The address in a commit that the forge maps to the account, and that holds its numeric id."""
        ...

    def clone_url(self) -> str:
        """Where git reaches the repository, without credentials."""
        ...

    def commit_url(self, sha: str) -> str:
        """Where a person sees what a commit changed."""
        ...

    def default_branch(self) -> str:
        """The base branch unless settings say otherwise."""
        ...

    def pull_request(self, number: int) -> PullRequest:
        """The pull request as it is now, with who merged it. Raises `Unknown` when there is none."""
        ...

    def open_pull_requests(self, base: str) -> tuple[int, ...]:
        """Numbers of every open pull request into the branch, all pages."""
        ...

    def pull_request_for_branch(self, branch: str, base: str) -> PullRequest | None:
        """The newest pull request from a branch of this repository, in whatever state."""
        ...

    def closed_pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        """Every pull request from a branch of this repository that was closed unmerged, whatever its base."""
        ...

    def pull_requests_of_commit(self, sha: str) -> tuple[int, ...]:
        """Numbers of the merged or open pull requests that brought the commit."""
        ...

    def open_pull_request(self, *, title: str, body: str, branch: str, base: str) -> PullRequest:
        """A new pull request from a branch of this repository."""
        ...

    def close_pull_request(self, number: int) -> None:
        """Close a pull request unmerged; nothing is sent when it is not open. Its branch stays."""
        ...

    def reviews(self, number: int) -> tuple[Review, ...]:
        """Every review ever submitted, oldest first, all pages.

        An approval given before the pull request was last aimed at another branch is told as dismissed.
        """
        ...

    def contributors(self, number: int) -> Contributors:
        """Everyone who wrote, committed, co-wrote or pushed its commits."""
        ...

    def former_heads(self, number: int) -> tuple[str, ...]:
        """Every commit that its branch was at before the head, newest first, as often as it was, as the forge tells."""
        ...

    def moves_of(self, branch: str, *, since: datetime) -> tuple[tuple[str, str], ...]:
        """From where to where pushes moved a branch of this repository since then; to zeros: it was deleted.

        As far as the forge tells, and at least whatever dropped a commit that the branch held.
        """
        ...

    def person(self, login: str) -> Person | None:
        """The account that has this login now."""
        ...

    def code_owners(self, word: str) -> tuple[Person, ...]:
        """The accounts that a word of CODEOWNERS names now: `@ana`, `@acme/ml-admins`; active members only.

        None for what nobody has, what cannot be seen, and an e-mail address: it cannot be shown to be anybody's.
        """
        ...

    def permission(self, person: Person) -> Permission:
        """What the repository lets the account do now."""
        ...

    def comment(self, number: int, comment: int) -> Comment | None:
        """One comment as it is now; None when it was deleted."""
        ...

    def comments_since(self, moment: datetime, *, under: Collection[int] | None) -> Mapping[tuple[int, int], str]:
        """What anybody has written since then, by the pull request and the id of the comment, all pages.

        Under these pull requests; None: under whatever a command may stand, also what is closed.
        """
        ...

    def has_comment(self, number: int, topic: str) -> bool:
        """Whether there is a comment of ours on this topic."""
        ...

    def keep_comment(self, number: int, topic: str, body: str) -> str:
        """The one comment of ours on this topic, created or edited in place. Returns its address."""
        ...

    def statuses(self, sha: str, *, by: datetime | None = None) -> tuple[CommitStatus, ...]:
        """The newest status of each context and speaker on a commit, newest first; `by` tells those of that moment."""
        ...

    def set_status(self, sha: str, status: CommitStatus) -> None:
        """Say something under a commit; nothing is sent when it says so already."""
        ...

    def start_pipeline(self, target: Target, inputs: Mapping[str, str]) -> Run | None:
        """Start a pipeline of an application; None when the forge does not say which run it became."""
        ...

    def find_run(self, target: Target, operation: str, *, since: datetime) -> Run | None:
        """The run that we started for the operation, on the very ref that the target names.

        Its title, or a variable that it was told, holds the key; but a key is no secret, and proves nothing by itself.
        """
        ...

    def run(self, target: Target, url: str) -> Run | None:
        """The run that `start_pipeline` gave this address; None when it is none of ours, or is gone."""
        ...

    def perhaps_run(self, target: Target, operation: str, *, since: datetime) -> Run | None:
        """A run since then that may be of the operation, though it does not tell: to start another may be one too many.

        None when every run there can be shown to be somebody else's, or of another operation.
        """
        ...

    def resume_run(self, target: Target, run: Run) -> Run:
        """Start what waits for a person in a run; called when one has asked for it. Safe to repeat.

        Raises `NotAllowed` with the way to do it by hand, where the forge wants a person of its own for it.
        """
        ...

    def title_of_job(self, repository: str, job: int) -> str | None:
        """The title of the run that a job of a pipeline is part of; None when there is none."""
        ...


class Words(Protocol):
    """How a forge names things to a person."""

    @property
    def noun(self) -> str:
        """`pull request`, or `merge request`."""
        ...

    def pull_request(self, number: int) -> str:
        """`#7`, or `!7`, as the forge links it."""
        ...
