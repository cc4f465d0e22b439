"""Every way Registrar refuses, each with what is wrong, where, and what to do next."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line imports this module, and must not pay for pydantic
    from registry_schema.problems import Problem


class RegistrarError(Exception):
    """The user can mend this; the message says how."""


class UsageError(RegistrarError):
    """The command was called in a way that cannot mean anything."""


class InvalidRegistry(RegistrarError):
    """Files of the registry break its shape."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Unknown(RegistrarError):
    """A model, version, status, commit or person that does not exist."""


class NoRegistry(Unknown):
    """Nothing where a registry was said to be: no repository, no commit in it, or one that holds something else."""


class RegistryGone(Unknown):
    """A registry that cannot be looked after any more: renamed, archived, deleted, or hidden from the token."""


class NotAllowed(RegistrarError):
    """The rules of the registry, or the rights of a token, forbid this."""

    def __init__(self, message: str, *, right: str = "") -> None:
        """`right` is what the token needs, as its forge calls it; empty where that is not the matter, or not known."""
        self.right = right
        super().__init__(message)


class TokenRefused(RegistrarError):
    """The forge knows the token no more: whatever is asked with it is refused, until it or the token is mended.

    It says nothing of what was asked, so it is no `NotAllowed`: nobody may take it for a no.
    """


class BadSignature(RegistrarError):
    """A webhook that cannot show that it comes from the forge."""


class BadPayload(RegistrarError):
    """A webhook whose body is not what the forge documents."""


class PushRejected(RegistrarError):
    """The remote branch is not where it was when the change was made."""


class BrokenLedger(RegistrarError):
    """The ledger is not as the bot left it, or cannot be signed: nothing is written upon it until a person looks."""


class ArtifactUnavailable(RegistrarError):
    """Weights or data that the DVC remote does not hold, or holds damaged."""


class ForgeUnavailable(RegistrarError):
    """The forge did not answer, or asked to be left alone for a while; trying again is right.

    The act may have happened: after a timeout or a dropped connection look for it before acting again.
    """

    def __init__(self, message: str, *, retry_at: datetime | None = None, was_refused: bool = False) -> None:
        """`was_refused`: the answer says that nothing was done, as at a rate limit."""
        self.retry_at = retry_at
        self.was_refused = was_refused
        super().__init__(message)


class ForgeRefused(RegistrarError):
    """The forge answered, and the answer is no; trying again changes nothing."""


class NotConfirmed(RegistrarError):
    """An effect was acted as often as it may be, and is not to be seen: a person has to look before it is repeated."""


class Superseded(Exception):
    """Another replica has taken over the work under way: what this one still wants to do is not to be done.

    Nobody can mend it and nobody needs to, so it is no `RegistrarError`; whoever runs the work drops it silently.
    """


class OnlyForetold(Exception):
    """A write that is only to be told of: it is not sent, and what would rest on its answer is not known.

    It is met by whoever asked what would be done, and by nobody who does it, so it is no `RegistrarError`.
    """


# What trying again cannot change. Anything else it may: a race that was lost, what a forge announced and cannot show
# yet.
FINAL = (ForgeRefused, InvalidRegistry, NotConfirmed, UsageError)
