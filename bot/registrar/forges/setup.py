"""What Registrar asks of a forge about a set-up, and how it changes one: a second small port, for an administrator.

Reading raises what the first port raises. What one forge tells and another does not is `Untold`.
"""

from typing import Protocol

from registrar.core.pipelines import Target
from registrar.core.setup import Untold, Walls
from registrar.core.setup_changes import Change
from registrar.core.setup_environments import Environment
from registrar.core.setup_jobs import Schedules
from registrar.core.setup_pipelines import Pipeline
from registrar.core.setup_token import Rights, Token
from registrar.core.setup_webhooks import Signing, Webhooks
from registry_schema import Problem


class SetupForge(Protocol):
    """One repository on one forge, set up or looked at with one token."""

    @property
    def door(self) -> str:
        """The path at which the bot takes this forge's webhooks."""
        ...

    @property
    def places(self) -> tuple[str, ...]:
        """Where the forge looks for CODEOWNERS."""
        ...

    def events(self, *, registry: bool, deployed: bool) -> frozenset[str]:
        """What the bot must be told of by a repository that is a registry, or that is deployed."""
        ...

    def signing(self, secret: str) -> Signing:
        """How a webhook is signed with this secret."""
        ...

    def token(self) -> Token:
        """The token that asks."""
        ...

    def rights(self) -> Rights:
        """What the repository lets the token's account do."""
        ...

    def webhooks(self, repository: str) -> Webhooks:
        """Every webhook of a repository; only who administers it may see them."""
        ...

    def pipeline_file(self) -> str | None:
        """The file that says what the repository's own jobs run, maybe one elsewhere; None: a folder of them does."""
        ...

    def schedules(self, base: str) -> Schedules | None:
        """When pipelines of the base branch begin by themselves; None: the files of jobs say so."""
        ...

    def environment(self, name: str) -> Environment | Untold:
        """For which branches an environment is, that keeps secrets."""
        ...

    def walls(self, base: str) -> Walls:
        """What guards the base branch."""
        ...

    def codeowners_errors(self, base: str) -> tuple[Problem, ...] | Untold:
        """What the forge itself finds wrong with CODEOWNERS on the base branch."""
        ...

    def pipeline(self, target: Target) -> Pipeline | Untold:
        """The pipeline that a deploy starts, as the token may start it."""
        ...

    def perform(self, change: Change, *, secrets: tuple[str, ...]) -> None:
        """Carry out one change; the secrets are those of the webhook, the one to be used first."""
        ...
