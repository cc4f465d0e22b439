"""How a wish becomes a pull request: one commit on one branch, opened once, adopted afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from registrar.core.people import Person
from registrar.core.pull_requests import PullRequest, PullRequestState
from registrar.errors import NotAllowed
from registrar.handlers.bot import Bot
from registrar.repository.changesets import commit_change
from registrar.repository.commit_log import Signature
from registrar.repository.history import REQUESTED_BY


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to the registry that someone asked for."""

    branch: str
    title: str
    body: str
    files: Mapping[str, bytes]
    requester: Person


@dataclass(frozen=True, slots=True)
class Opened:
    """The pull request that carries the change, whether it was there before, and whether it was brought up to date."""

    pull_request: PullRequest
    adopted: bool
    updated: bool = False


def propose(bot: Bot, proposal: Proposal, *, tip: str) -> Opened:
    """Open the pull request for a change on top of `tip`, or adopt what an earlier try left behind.

    Raises `NotAllowed` when the branch holds commits that are not ours: they are never overwritten.
    """
    existing = bot.forge.pull_request_for_branch(proposal.branch, bot.base)
    is_open = existing is not None and existing.state is PullRequestState.OPEN
    written = _keep_branch(bot, proposal, tip=tip, keep=is_open)
    if existing is not None and is_open:
        return Opened(existing, adopted=True, updated=written)
    opened = bot.forge.open_pull_request(
        title=proposal.title, body=proposal.body, branch=proposal.branch, base=bot.base
    )
    return Opened(opened, adopted=False)


def _keep_branch(bot: Bot, proposal: Proposal, *, tip: str, keep: bool) -> bool:
    """Leave the branch with exactly this change on the tip of the base; the answer is whether it had to be written.

    A branch that says the same already stays as it is: a new commit would void the approvals on it.
    """
    present = bot.git.remote_branch(proposal.branch)
    if present is not None:
        bot.git.fetch(f"refs/heads/{proposal.branch}")
        if _says_the_same(bot, present, proposal, tip=tip):
            return False
        _refuse_foreign(bot, present, proposal, tip=tip, keep=keep)
    commit = commit_change(
        bot.git,
        tip,
        proposal.files,
        message=_message(bot, proposal),
        author=_signature(bot),
        committer=_signature(bot),
    )
    bot.git.push(proposal.branch, commit, expected=present)
    return True


def _says_the_same(bot: Bot, present: str, proposal: Proposal, *, tip: str) -> bool:
    """One commit that makes the very same files of what the tip still holds."""
    parent = bot.git.first_parent(present)
    if parent is None or {file.path for file in bot.git.diff(parent, present)} != set(proposal.files):
        return False
    return all(
        bot.git.read(present, path) == content and bot.git.blob_id(parent, path) == bot.git.blob_id(tip, path)
        for path, content in proposal.files.items()
    )


def _refuse_foreign(bot: Bot, present: str, proposal: Proposal, *, tip: str, keep: bool) -> None:
    ours = _signature(bot).email
    fork = bot.git.merge_base(tip, present)
    foreign = [commit for commit in bot.git.first_parent_log(fork, present) if commit.committer.email != ours]
    if foreign:
        what = "pull request" if keep else "branch"
        raise NotAllowed(
            f"branch {proposal.branch} holds commit {foreign[0].sha[:7]} of {foreign[0].committer.name}, "
            f"which is not ours to overwrite; merge or close its {what}, delete the branch, and ask again"
        )


def _message(bot: Bot, proposal: Proposal) -> str:
    trailer = f"{REQUESTED_BY}: {proposal.requester.login} <{bot.forge.commit_email(proposal.requester)}>"
    return f"{proposal.title}\n\n{trailer}\n"


def _signature(bot: Bot) -> Signature:
    me = bot.forge.myself()
    return Signature(me.login, bot.forge.commit_email(me), bot.now())
