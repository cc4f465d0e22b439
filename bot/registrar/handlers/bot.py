"""What every handler works with: a forge, the registry in git, the base branch, and a clock."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from registrar.core.effects import Effects
from registrar.core.pull_requests import CommitStatus, PullRequest
from registrar.errors import PushRejected, Unknown
from registrar.forges.hooks import HookForge
from registrar.forges.looking import forget, looked
from registrar.forges.port import Forge
from registrar.handlers.memory import Memory
from registrar.notices.telling import Notices
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository
from registrar.repository.ledger import Ledger
from registrar.repository.signing import SigningKey
from registrar.repository.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class Bot:
    """One registry as the bot sees it."""

    forge: Forge
    git: GitRepository
    base: str  # the branch that says what is true
    now: Callable[[], datetime]
    effects: Effects  # that were begun and done; the forge and git are made with the same
    signing_key: SigningKey | None = None  # of the ledger; None: it is not signed
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # that registry.yaml can name, by their names
    hooks: HookForge | None = None  # the webhooks that lead here; None: nobody looks after them
    memory: Memory = field(default_factory=Memory, repr=False)
    has_inbox: bool = True  # which knows, in its next life too, whom it told of what

    @property
    def status_context(self) -> str:
        """The name of our commit status; it names the base, so that a green one for another base proves nothing."""
        return f"registrar: {self.base}"

    @property
    def flag_context(self) -> str:
        """The name of the line under a commit that came to the base without a pull request that was approved."""
        return f"registrar: pushed to {self.base}"

    @property
    def rewrite_context(self) -> str:
        """The name of the line under the commit to which somebody took the base back, past what it held."""
        return f"registrar: {self.base} rewritten"

    @property
    def watch_context(self) -> str:
        """The name of the line that says since which commit the base is looked after."""
        return f"registrar: looks after {self.base}"

    @property
    def notices(self) -> Notices:
        """Who is told of what, by the rules of a commit."""
        return Notices(self.forge.repository, lambda commit: snapshot(self.git, commit).registry().notices)

    @property
    def ledger(self) -> Ledger:
        """What the registry itself keeps of every change: who asked, who approved, what came of it."""
        return Ledger(self.git, self.signature, self.base, self.signing_key)

    @property
    def swept_context(self) -> str:
        """The name of the line that says that everything up to a commit of the base is done."""
        return f"registrar: swept {self.base}"

    def record_context(self, number: int) -> str:
        """The name of the line that keeps how a merge was judged.

        It is not that of a head, which a fast-forward lands as it is; and it names the pull request, as the forge may
        call several of the same commits merged.
        """
        return f"registrar: {number} merged into {self.base}"

    def said_under(self, sha: str, context: str, *, by: datetime | None = None) -> CommitStatus | None:
        """Our own status on a commit, now or at a moment; what others say under its name is not believed."""
        return self.words_under(sha, by=by).get(context)

    def words_under(self, sha: str, *, by: datetime | None = None) -> Mapping[str, CommitStatus]:
        """Everything that we ourselves say of a commit, or had said by then, by its name."""
        me = self.forge.myself()
        mine = [status for status in self.forge.statuses(sha, by=by) if me.same_as(status.creator)]
        return {status.context: status for status in reversed(mine)}

    def fetch_head(self, pull_request: PullRequest) -> None:
        """Have git know the head; what it knows already is not asked for again."""
        if not self.git.contains(pull_request.head_sha):
            self.git.fetch(pull_request.fetch_ref)

    def base_tip(self) -> str:
        """The newest commit of the base branch, fetched once in the work on an event: nothing of ours moves it.

        Raises `Unknown` where there is no such branch.
        """
        looked((self.git, "base"), self.git.fetch, outlives_writes=True)
        try:
            return self.git.resolve(f"refs/remotes/origin/{self.base}")
        except Unknown as error:
            raise Unknown(f"{self.forge.repository} has no branch {self.base}: see REGISTRAR_BASE") from error

    def push(self, branch: str, sha: str, *, expected: str | None) -> None:
        """Put a branch of ours at a commit, if it still is where it is expected. Raises `PushRejected`."""
        forget()
        self.git.push(branch, sha, expected=expected)

    def drop_branch(self, pull_request: PullRequest) -> None:
        """Take the branch of a request of ours away; what somebody has pushed to it since stays."""
        forget()
        with suppress(PushRejected):
            self.git.delete_branch(pull_request.head_ref, expected=pull_request.head_sha)

    def signature(self) -> Signature:
        """Who writes what the bot commits, now."""
        me = self.forge.myself()
        return Signature(me.login, self.forge.commit_email(me), self.now())
