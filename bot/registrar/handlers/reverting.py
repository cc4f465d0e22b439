"""What landed without an approval is flagged, and taken back by a pull request: once, and only what still stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registrar import rendering
from registrar.core.events import FollowUp, PullRequestChanged
from registrar.core.layout import model_of_path
from registrar.core.ledger import Pushed
from registrar.core.paths import is_job, is_status
from registrar.core.pull_requests import CommitStatus, Outcome, PullRequest, PullRequestState
from registrar.core.wording import every
from registrar.errors import InvalidRegistry
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import last_approved
from registrar.handlers.noting import note
from registrar.handlers.overtaken import moves_between
from registrar.handlers.proposals import Proposal, propose
from registrar.rendering import Unapproved
from registrar.repository.commit_log import Commit

TOPIC = "revert"  # of our comment where a pull request was taken back, or takes back no more
SHOWN = 7  # characters of a sha


@dataclass(frozen=True, slots=True)
class Breach:
    """What came to the base after `before`, up to `commit`, changed what is guarded, and was approved by nobody."""

    before: str
    commit: Commit
    paths: tuple[str, ...]
    why: str
    brought_by: PullRequest | None = None  # None: it was pushed
    is_rewrite: bool = False  # `before` was the tip of the base, and is not in it any more

    @property
    def jobs(self) -> tuple[str, ...]:
        """What of it somebody must put back by hand.

        An app of GitHub's writes a workflow only with the permission `workflows`, and then any workflow. The bot does
        without, so that its token is no way to all that the jobs may do.
        """
        return tuple(path for path in self.paths if is_job(path))


def branch_of(sha: str) -> str:
    """Where the change stands that takes a commit back, or brings back what was dropped."""
    return f"registrar/revert/{sha[:SHOWN]}"


def _branch(breach: Breach) -> str:
    return branch_of(breach.before if breach.is_rewrite else breach.commit.sha)


def announce(bot: Bot, breach: Breach) -> tuple[FollowUp, ...]:
    """Flag every commit of it, and tell whom the rules name, unless that is done."""
    unsaid = [(sha, line) for sha, line in _lines(bot, breach) if not _is_said(bot, sha, line)]
    told = _noticed(bot, breach) if unsaid else ()
    for sha, line in unsaid:
        bot.forge.set_status(sha, CommitStatus(line, Outcome.FAILURE, f"{breach.why}: nothing was deployed"))
    return told


def take_back(bot: Bot, breach: Breach) -> tuple[FollowUp, ...]:
    """Flag it, tell of it, and open the pull request that takes it back unless one was closed or merged.

    Safe to repeat, also after a crash at any point: the address in the flag says that all was done.
    """
    told = announce(bot, breach)
    revert = bot.forge.pull_request_for_branch(_branch(breach), bot.base) or _opened(bot, breach)
    if breach.brought_by is None:
        note(bot, breach.commit.sha, _entry(bot, breach, revert))
    elif revert is not None or breach.jobs:
        words = bot.forge.words
        link = words.pull_request(revert.number) if revert is not None else ""
        told_there = rendering.taken_back(link, jobs=breach.jobs, noun=words.noun)
        bot.forge.keep_comment(breach.brought_by.number, TOPIC, told_there)
    description, url = f"{breach.why}: {_how_it_stands(bot, breach, revert)}", _where(bot, breach, revert)
    for sha, line in _lines(bot, breach):
        bot.forge.set_status(sha, CommitStatus(line, Outcome.FAILURE, description, url))
    if revert is None or revert.state is not PullRequestState.OPEN:
        return told
    return (*told, FollowUp(PullRequestChanged(bot.forge.repository, revert.number)))


def leave_be(bot: Bot, sha: str, brought_by: PullRequest, *, is_recorded: bool) -> None:
    """What was flagged turns out to have been approved: the flag goes, and with it what would have taken it back.

    What no record tells of is said here, as owners and rights of later must not make it seem otherwise.
    """
    flag = bot.said_under(sha, bot.flag_context)
    if flag is None and is_recorded:
        return
    if flag is not None and flag.outcome is not Outcome.FAILURE:
        return
    name = f"{bot.forge.words.noun} {bot.forge.words.pull_request(brought_by.number)}"
    revert = bot.forge.pull_request_for_branch(branch_of(sha), bot.base) if flag is not None else None
    if revert is not None and revert.state is PullRequestState.OPEN:
        withdraw(bot, revert, f"{sha[:SHOWN]} came by {name} after all, which was approved")
    words = f"it came by {name} after all" if flag is not None else f"it came by {name}, which was approved"
    bot.forge.set_status(sha, CommitStatus(bot.flag_context, Outcome.SUCCESS, words, brought_by.url))


def withdraw(bot: Bot, request: PullRequest, why: str) -> None:
    """Close a request of ours that is for nothing any more, say why, and leave no branch behind."""
    bot.forge.keep_comment(request.number, TOPIC, rendering.withdrawn_comment(why))
    bot.forge.close_pull_request(request.number)
    bot.drop_branch(request)


def _lines(bot: Bot, breach: Breach) -> Iterator[tuple[str, str]]:
    """Where it is said: under every commit that it brought, and of a base that was taken back under where it went."""
    for step in bot.git.first_parent_log(breach.before, breach.commit.sha, *breach.paths):
        yield step.sha, bot.flag_context
    if breach.is_rewrite:
        yield breach.commit.sha, bot.rewrite_context


def _is_said(bot: Bot, sha: str, line: str) -> bool:
    said = bot.said_under(sha, line)
    return said is not None and said.outcome is Outcome.FAILURE


def _noticed(bot: Bot, breach: Breach) -> tuple[FollowUp, ...]:
    sha, brought_by = breach.commit.sha, breach.brought_by
    by = brought_by.merged_by if brought_by is not None else None
    return bot.notices.tell(
        "unapproved-change",
        at=breach.before,
        key=sha,
        subject=f"commit {sha[:SHOWN]}" if brought_by is None else brought_by.title,
        url="" if brought_by is None else brought_by.url,
        by=by.login if by is not None else "",
        reason=breach.why,
    )


def _how_it_stands(bot: Bot, breach: Breach, revert: PullRequest | None) -> str:
    if revert is None and breach.jobs:
        return f"nothing was deployed; put {every(breach.jobs)} back by hand, as jobs are no bot's to change"
    if revert is None:
        return "nothing was deployed, and the base has moved on: nothing of it stands that can be put back"
    link = bot.forge.words.pull_request(revert.number)
    rest = ", but no jobs: put those back by hand" if breach.jobs else ""
    match revert.state:
        case PullRequestState.OPEN:
            return f"nothing was deployed; {link} takes it back{rest}"
        case PullRequestState.MERGED:
            return f"nothing was deployed; {link} took it back{rest}"
        case PullRequestState.CLOSED:
            return f"nothing was deployed; {link}, which would have taken it back, was closed"


def _where(bot: Bot, breach: Breach, revert: PullRequest | None) -> str:
    """Where whoever looks after it goes on."""
    request = revert or breach.brought_by
    return request.url if request is not None else bot.forge.commit_url(breach.commit.sha)


def _entry(bot: Bot, breach: Breach, revert: PullRequest | None) -> Pushed:
    models = (model_of_path(path) for path in breach.paths if is_status(path))
    return Pushed(
        commit=breach.commit.sha,
        before=breach.before,
        at=bot.now(),
        transitions=tuple(
            move
            for model in models
            if model is not None
            for move in moves_between(bot, model, breach.before, breach.commit.sha)
        ),
        paths=breach.paths,
        revert=revert.number if revert is not None else None,
    )


def _opened(bot: Bot, breach: Breach) -> PullRequest | None:
    """None when nothing of it stands any more, or it stands where no file can be put."""
    tip = bot.base_tip()
    sha = breach.commit.sha
    files = _as_before(bot, breach, tip=tip)
    proposal = Proposal(
        branch=_branch(breach),
        title=f"Take back {sha[:SHOWN]}, which {'nobody approved' if breach.brought_by is None else 'did not pass'}",
        body=_body(bot, breach, files),
        files=files,
        requester=bot.forge.myself(),
    )
    try:
        return propose(bot, proposal, tip=tip).pull_request if files else None
    except InvalidRegistry:
        return None


def _body(bot: Bot, breach: Breach, files: Mapping[str, bytes | None]) -> str:
    brought_by = breach.brought_by
    merged_by = brought_by.merged_by if brought_by is not None else None
    return rendering.revert(
        Unapproved(
            commit=breach.commit.sha,
            says=breach.commit.author.name,
            link=bot.forge.words.pull_request(brought_by.number) if brought_by is not None else "",
            merged_by=merged_by.login if merged_by is not None else "",
            why=breach.why,
            files=tuple(path for path in breach.paths if path in files),
            others=tuple(path for path in breach.paths if path not in files and not is_job(path)),
            jobs=breach.jobs,
        )
    )


def _as_before(bot: Bot, breach: Breach, *, tip: str) -> Mapping[str, bytes | None]:
    """Every file of ours to write that the base still holds as it landed, as it was when it was last approved."""
    files: dict[str, bytes | None] = {}
    for path in (path for path in breach.paths if not is_job(path)):
        approved = last_approved(bot, path, at=breach.before)
        before = bot.git.entry(approved, path) if approved is not None else None
        now = bot.git.entry(tip, path)
        if now == bot.git.entry(breach.commit.sha, path) and now != before:
            files[path] = bot.git.read(approved, path) if approved is not None else None
    return files
