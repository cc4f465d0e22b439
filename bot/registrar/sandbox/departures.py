"""What becomes of what an account did when it is deleted: on GitLab it stays, as the deed of a ghost."""

from dataclasses import replace

from registrar.sandbox.accounts import Account, AccountKind
from registrar.sandbox.store import Repository, Store
from registrar.sandbox.threads import PullRequest

GHOST = "ghost"


def delete_account(store: Store, login: str) -> None:
    """Take an account away, its roles and its approvals with it. Raises `NotFound`."""
    with store.lock:
        gone = store.account(login)
        ghost = store.accounts.get(GHOST) or store.add_account(GHOST, AccountKind.PERSON, name="Ghost User")
        del store.accounts[login.lower()]
        for team in store.teams:
            team.members = [each for each in team.members if each is not gone]
        for group in store.accounts.values():
            group.members.pop(gone, None)
        for repository in store.repositories.values():
            _leave(repository, gone, ghost)


def _leave(repository: Repository, gone: Account, ghost: Account) -> None:
    repository.roles.pop(gone, None)
    repository.pushes = [replace(each, actor=ghost) if each.actor is gone else each for each in repository.pushes]
    repository.statuses = [
        replace(each, creator=ghost) if each.creator is gone else each for each in repository.statuses
    ]
    for thread in repository.threads.values():
        thread.author = ghost if thread.author is gone else thread.author
        for comment in thread.comments:
            comment.author = ghost if comment.author is gone else comment.author
        if isinstance(thread, PullRequest):
            _leave_pull_request(thread, gone, ghost)


def _leave_pull_request(found: PullRequest, gone: Account, ghost: Account) -> None:
    found.reviews = [each for each in found.reviews if each.reviewer is not gone]
    found.reviewers = [each for each in found.reviewers if each is not gone]
    found.remarks = [replace(each, actor=ghost) if each.actor is gone else each for each in found.remarks]
    found.merged_by = ghost if found.merged_by is gone else found.merged_by
    found.closed_by = ghost if found.closed_by is gone else found.closed_by
