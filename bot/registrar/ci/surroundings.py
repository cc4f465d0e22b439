"""Knows what a job was started by and for, whichever forge runs it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from registrar.addresses import origin_of
from registrar.ci.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The job around a command."""

    forge: str  # whose CI it is; empty: nobody's
    publish: Callable[[Outcome], None]  # tell the job
    quietly: Callable[[], AbstractContextManager[None]] = nullcontext  # in which nothing printed commands the CI
    url: str = ""  # of the forge
    default_branch: str = ""  # of the repository whose job it is: a job's clone does not remember it
    repository: str = ""  # whose job it is
    pull_request: int | None = None  # that the job is about
    fork_of: str = (
        ""  # the repository that it is a pull request of, where it comes from a fork; such a job has no secret
    )
    base: str = ""  # the branch that it is to land on
    head: str = ""  # the commit of it that the job was started for; empty: the job does not tell
    branch: str = ""  # that the job runs on; empty: on a tag, or on what a pull request would make of one
    tag: str = ""  # that was pushed
    reads: Callable[[str, str], str] = lambda _, value: value  # what an input means, by its name and what it says

    def is_of(self, address: str, *, repository: str = "") -> bool:
        """Whether the job's repository is the one at an address, so that a number means the same pull request in both.

        `repository` is its name where somebody has said it; an address that tells no name is believed to be the job's.
        """
        origin = origin_of(address)
        found = repository or (origin.repository_at(self.url) if origin else "")
        return not found or found.casefold() == self.repository.casefold()


def surroundings(environment: Mapping[str, str]) -> Surroundings:
    """What the job's variables tell."""
    if environment.get("GITHUB_ACTIONS") == "true":
        from registrar.ci import github

        return github.surroundings(environment)
    if environment.get("GITLAB_CI") == "true":
        from registrar.ci import gitlab

        return gitlab.surroundings(environment)
    return Surroundings("", publish=lambda _: None)
