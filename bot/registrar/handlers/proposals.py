"""How a wish becomes a pull request: one commit on one branch, opened once, adopted afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from registrar.core.effects import acted
from registrar.core.lifecycle import Transition
from registrar.core.people import Person
from registrar.core.pull_requests import PullRequest, PullRequestState
from registrar.errors import ForgeRefused, ForgeUnavailable, NotAllowed
from registrar.handlers.bot import Bot
from registrar.handlers.rejection import refuse_rejected
from registrar.repository.changesets import commit_change
from registrar.repository.history import REQUESTED_BY


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to the registry that someone asked for."""

    branch: str
    title: str
    body: str
    files: Mapping[str, bytes | None]  # None: the file goes
    requester: Person


@dataclass(frozen=True, slots=True)
class Opened:
    """The pull request that carries the change, whether it was there before, and whether it was brought up to date."""

    pull_request: PullRequest
    adopted: bool
    updated: bool = False
    gives: Transition | None = None  # the status that was asked for; None: something else was


def propose(bot: Bot, proposal: Proposal, *, tip: str) -> Opened:
    """Open the pull request for a change on top of `tip`, or adopt what an earlier try left behind.

    Raises `NotAllowed` when the branch holds commits that are not ours: they are never overwritten; and when an owner
    rejected the same wish of the same person.
    """
    existing = _existing(bot, proposal.branch)
    refuse_rejected(bot, proposal.branch, existing, requester=proposal.requester)
    is_open = existing is not None and existing.state is PullRequestState.OPEN
    written = _keep_branch(bot, proposal, tip=tip, keep=is_open)
    if existing is not None and is_open:
        return Opened(existing, adopted=True, updated=written)
    return _opened(bot, proposal)


def _existing(bot: Bot, branch: str) -> PullRequest | None:
    """The newest pull request from the branch, also one of ours that the forge does not list yet."""
    listed = bot.forge.pull_request_for_branch(branch, bot.base)
    known = bot.effects.known(_key(bot, branch)) if listed is None else None
    return bot.forge.pull_request(int(known.result)) if known is not None and known.result is not None else listed


def _opened(bot: Bot, proposal: Proposal) -> Opened:
    """No forge opens a second one from a branch: what it says is there already was opened meanwhile, or just now."""
    branch, key = proposal.branch, _key(bot, proposal.branch)

    def act() -> PullRequest:
        return bot.forge.open_pull_request(title=proposal.title, body=proposal.body, branch=branch, base=bot.base)

    doubted = bot.effects.known(key)
    try:
        opened = acted(bot.effects, key, "pull request", act)
    except ForgeRefused as refusal:
        there = bot.forge.pull_request_for_branch(branch, bot.base)
        if there is not None and there.state is PullRequestState.OPEN:
            return Opened(there, adopted=True)
        if doubted is not None and doubted.result is None and doubted.acts:
            raise ForgeUnavailable(f"{refusal}; what was asked for may be there, and is looked for") from refusal
        raise
    bot.effects.done(key, str(opened.number))
    return Opened(opened, adopted=False)


def _key(bot: Bot, branch: str) -> str:
    return f"pull-request:{branch}:{bot.base}"


def _keep_branch(bot: Bot, proposal: Proposal, *, tip: str, keep: bool) -> bool:
    """Leave the branch with exactly this change on the tip of the base; the answer is whether it had to be written.

    A branch that says the same already stays as it is: a new commit would void the approvals on it.
    """
    present = bot.git.remote_branch(proposal.branch)
    if present is not None:
        bot.git.fetch(f"refs/heads/{proposal.branch}")
        if _says_the_same(bot, present, proposal, tip=tip) and (
            keep or _asked_by(bot, present, tip=tip) == _asks(bot, proposal)
        ):
            return False
        _refuse_foreign(bot, present, proposal, tip=tip, keep=keep)
    commit = commit_change(
        bot.git,
        tip,
        proposal.files,
        message=_message(bot, proposal, asked_by=_asked_by(bot, present, tip=tip) if present and keep else None),
        author=bot.signature(),
        committer=bot.signature(),
    )
    bot.push(proposal.branch, commit, expected=present)
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
    ours = bot.signature().email
    fork = bot.git.merge_base(tip, present)
    foreign = [commit for commit in bot.git.first_parent_log(fork, present) if commit.author.email != ours]
    if foreign:
        what = bot.forge.words.noun if keep else "branch"
        raise NotAllowed(
            f"branch {proposal.branch} holds commit {foreign[0].sha[:7]} of {foreign[0].author.name}, "
            f"which is not ours to overwrite; merge or close its {what}, delete the branch, and ask again"
        )


def _message(bot: Bot, proposal: Proposal, *, asked_by: str | None) -> str:
    """Who asked first for what is open stays who asked: a second wish must not set the first one free to approve."""
    return f"{proposal.title}\n\n{REQUESTED_BY}: {asked_by or _asks(bot, proposal)}\n"


def _asks(bot: Bot, proposal: Proposal) -> str:
    return f"{proposal.requester.login} <{bot.forge.commit_email(proposal.requester)}>"


def _asked_by(bot: Bot, present: str, *, tip: str) -> str | None:
    """Whom the branch names; a branch that another's wish left behind is written anew, as it says who cannot approve.

    Raises `NotAllowed` when it names several: an address in a commit can be forged.
    """
    named = {name for commit in bot.git.log(tip, present) for name in commit.trailer(REQUESTED_BY)}
    if len(named) > 1:
        raise NotAllowed(f"the branch names several who asked ({', '.join(sorted(named))}); delete it, and ask again")
    return next(iter(named), None)
