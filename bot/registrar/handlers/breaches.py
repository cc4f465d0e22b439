"""What stands on the base that nobody approved: our flag under the commit says so, and its content what was before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import takewhile

from registrar.core.immutability import FileChange, is_harmed
from registrar.core.layout import DATASETS, MODELS, status_path
from registrar.core.paths import JOBS, RULES, is_guarded
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.errors import ForgeUnavailable, InvalidRegistry, RegistrarError
from registrar.forges.looking import looked
from registrar.handlers.bot import Bot
from registrar.repository.changed_files import ChangedFile
from registrar.repository.commit_log import Commit
from registrar.repository.git import TreeEntry
from registrar.repository.snapshot import snapshot

LOOKED_AFTER = (MODELS, DATASETS, *sorted(RULES), *JOBS)
LOOKED_BACK = 30  # of the newest commits of the base that touch the registry, where nothing tells of a bot
PREHISTORY = 100  # of them in a row without a word of ours: what is older was before any bot, though there was one
SWEPT = "refs/registrar/swept/"  # of the clone: where a branch was when it was last looked at whole


@dataclass(frozen=True, slots=True)
class Tampering:
    """Rules that stand on the base as nobody approved them."""

    commits: Mapping[str, str]  # by path, the newest commit that changed it
    before: str  # the base without any of them: by whose rules they are put back


def needs_approval(file: FileChange) -> bool:
    """Whether nobody may change the file without an approval: it is guarded, or released."""
    return is_guarded(file.path) or is_harmed(file)


def guarded(bot: Bot, before: str, after: str) -> tuple[str, ...]:
    """The guarded paths that differ between two commits."""
    return tuple(file.path for file in bot.git.diff(before, after) if needs_approval(file))


def put_aside_by(bot: Bot, before: str, after: str) -> Commit | None:
    """The step of the base that merged in from the side what the base was; None: it still is one of its steps.

    Who merges the base into something of their own and pushes that leaves out of it what they please, and no step of
    the base shows that by what it changed.
    """
    steps = bot.git.first_parent_log(before, after)
    if not steps or before in steps[-1].parents[:1] or not bot.git.is_ancestor(before, after):
        return None
    return next(step for step in reversed(steps) if bot.git.is_ancestor(before, step.sha))


def brought(bot: Bot, sha: str) -> bool:
    """Whether git has a commit: what a forced push has dropped, a forge still gives out for a while."""
    if not bot.git.contains(sha):
        try:
            bot.git.fetch(sha)
        except ForgeUnavailable:
            raise
        except RegistrarError:
            return False
    return bot.git.contains(sha)


def watched_since(bot: Bot, words: Mapping[str, CommitStatus]) -> bool:
    """Whether a bot looked after the base when it said this of a commit.

    What was there before that nobody had asked to be approved, and nothing of it is taken back. What was said of a head
    proves nothing, as a head may come to the base as it is.
    """
    of_base = {bot.flag_context, bot.watch_context, bot.swept_context}
    return any(context in of_base or context.endswith(f" merged into {bot.base}") for context in words)


def is_watched(bot: Bot, before: str) -> bool:
    """Whether a bot looked after the base when something came upon this commit."""
    steps = bot.git.first_parent_log(None, before, *LOOKED_AFTER, limit=PREHISTORY)
    for wordless, step in enumerate(steps):
        if is_of_before(bot, wordless, before):
            return False
        if watched_since(bot, bot.words_under(step.sha)):
            return True
    return False


def is_of_before(bot: Bot, wordless: int, tip: str) -> bool:
    """Whether what is older than so many steps without a word of ours is of before any bot.

    Whoever pushes much while no webhook arrives must not make it seem that nobody ever looked after the base.
    """
    if wordless < LOOKED_BACK or wordless >= PREHISTORY:
        return wordless >= PREHISTORY
    seen = swept(bot)
    if seen is not None and bot.git.is_ancestor(seen, tip):
        return False
    return looked((bot.git, "ledger"), bot.ledger.newest, outlives_writes=True) is None  # one that is there stays


def swept(bot: Bot) -> str | None:
    """What the base was at the last sweep, as this clone remembers it."""
    try:
        return str(bot.git.objects.lookup_reference(SWEPT + bot.base).target)
    except KeyError:
        return None


def is_flagged(bot: Bot, sha: str) -> bool:
    """Whether a commit of the base changed what is guarded, and nobody approved it."""
    flag = bot.said_under(sha, bot.flag_context)
    return flag is not None and flag.outcome is Outcome.FAILURE


def was_given(bot: Bot, model: str, version: str, status: str, *, base: str) -> bool:
    """Whether a step of the base that was not flagged gave the status to the version: else it never rightly held it."""
    held = False
    for step in reversed(bot.git.first_parent_log(None, base, status_path(model))):
        try:
            holds = version in snapshot(bot.git, step.sha).holdings(model).holders_of(status)
        except InvalidRegistry:
            continue
        if holds and not held and not is_flagged(bot, step.sha):
            return True
        held = holds
    return False


def last_approved(bot: Bot, path: str, *, at: str) -> str | None:
    """The newest commit up to `at` whose change of the path was not flagged; None: the path had no such content."""
    log = bot.git.first_parent_log(None, at, path)
    return next((commit.sha for commit in log if not is_flagged(bot, commit.sha)), None)


def restored(bot: Bot, files: Iterable[ChangedFile], *, base: str) -> Mapping[str, str]:
    """Of the files that a head changes, those that it puts back as they were before what nobody approved.

    By path, the newest commit that it takes back. The forge is asked only about a path whose content was there before.
    """
    found = {file.path: _taken_back(bot, file, base=base) for file in files if needs_approval(file)}
    return {path: sha for path, sha in found.items() if sha is not None}


def _taken_back(bot: Bot, file: ChangedFile, *, base: str) -> str | None:
    log = bot.git.first_parent_log(None, base, file.path)
    wanted = (file.new_mode, file.new_blob)
    was_there = file.new_blob is None or any(_content(bot, commit.sha, file.path) == wanted for commit in log)
    if not log or not was_there or not is_flagged(bot, log[0].sha):
        return None
    approved = last_approved(bot, file.path, at=base)
    before = _content(bot, approved, file.path) if approved is not None else (None, None)
    return log[0].sha if before == wanted else None


def tampering(bot: Bot, *, base: str) -> Tampering | None:
    """Which files of the rules the base holds otherwise than they were approved; None: every one is as it was."""
    flagged = cache(partial(is_flagged, bot))  # one commit often holds several of them
    found = {path: left for path in sorted(RULES) if (left := _tampered(bot, path, flagged, base=base))}
    if not found:
        return None
    began = {left[-1].sha for left in found.values()}
    oldest = [commit.sha for commit in bot.git.first_parent_log(None, base, *sorted(RULES)) if commit.sha in began][-1]
    return Tampering({path: left[0].sha for path, left in found.items()}, bot.git.first_parent(oldest) or oldest)


def _tampered(bot: Bot, path: str, flagged: Callable[[str], bool], *, base: str) -> Sequence[Commit]:
    """The commits that left the file as nobody approved it, newest first."""
    log = bot.git.first_parent_log(None, base, path)
    left = tuple(takewhile(lambda commit: flagged(commit.sha), log))
    approved = log[len(left)].sha if len(left) < len(log) else None
    before = _content(bot, approved, path) if approved is not None else (None, None)
    return left if left and _content(bot, base, path) != before else ()


def _content(bot: Bot, sha: str, path: str) -> tuple[str | None, str | None]:
    entry: TreeEntry | None = bot.git.entry(sha, path)
    return (entry.mode, entry.id) if entry is not None else (None, None)
