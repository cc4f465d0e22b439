"""Knows which pipelines GitLab begins by itself: after a push, and for a merge request that has a new head.

https://docs.gitlab.com/ci/pipelines/merge_request_pipelines/
"""

from functools import partial

from registrar.sandbox import git
from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.creation import Wish, begin_by_itself
from registrar.sandbox.gitlab.heads import OWN, head_pipeline
from registrar.sandbox.happenings import Happening, PullRequestMove, PullRequestMoved, Pushed
from registrar.sandbox.store import Push, Repository
from registrar.sandbox.threads import PullRequest

_WITH_A_NEW_HEAD = {PullRequestMove.OPENED, PullRequestMove.PUSHED}


def begin_pipelines(forge: Forge, happening: Happening) -> None:
    """Begin what the project's configuration asks for, a moment after a happening."""
    if not happening.repository.settings.begins_pipelines:
        return
    match happening:
        case Pushed(repository, actor, push):
            forge.background.later(partial(_for_push, forge, repository, actor, push))
        case PullRequestMoved(repository, actor, pull_request, move) if move in _WITH_A_NEW_HEAD:
            forge.background.later(partial(_for_merge_request, forge, repository, actor, pull_request))
        case _:
            return


def wish_of(forge: Forge, pull_request: PullRequest) -> Wish:
    """A pipeline of a merge request's own."""
    return Wish(forge.dialect.head_ref(pull_request.number), OWN, merge_request=pull_request)


def _for_push(forge: Forge, repository: Repository, actor: Account, push: Push) -> None:
    """Unless the branch moved on, or was deleted, before GitLab came to it."""
    if push.after != git.ABSENT and git.resolve(repository.path, push.ref) == push.after:
        begin_by_itself(forge, repository, actor=actor, wish=Wish(push.ref, "push"))


def _for_merge_request(forge: Forge, repository: Repository, actor: Account, pull_request: PullRequest) -> None:
    """One for each head; another one is for a person to ask for."""
    newest = head_pipeline(repository, pull_request)
    if pull_request.is_open and (newest is None or newest.source != OWN):
        begin_by_itself(forge, repository, actor=actor, wish=wish_of(forge, pull_request))
