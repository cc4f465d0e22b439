"""Which steps of the base a sweep must look at: all since the one up to which everything is known to be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.errors import Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import LOOKED_AFTER, LOOKED_BACK, is_of_before, swept, watched_since
from registrar.handlers.memory import Settled
from registrar.repository.commit_log import Commit

ASKED_AT_ONCE = 300  # steps: a sweep that has more behind it goes on with the next one
NAMED_WITHIN = timedelta(minutes=2)  # how long a forge may take to say what brought a commit; an assumption


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the base, and what is said of it."""

    sha: str
    before: str | None  # what the base was; None: nothing
    words: Mapping[str, CommitStatus]
    records: Mapping[int, CommitStatus | None]  # of the pull requests that brought it: how each was judged
    is_certain: bool  # whether the forge could say which those are
    is_watched: bool = False  # whether a bot looked after the base when it came

    @property
    def approved(self) -> tuple[int, ...]:
        """Those that brought it and were judged to be approved."""
        return tuple(number for number, record in self.records.items() if is_approved(record))


def is_approved(record: CommitStatus | None) -> bool:
    """What was judged, and passed; its deploys may go on."""
    return record is not None and record.outcome is not Outcome.FAILURE


@dataclass(frozen=True, slots=True)
class Unswept:
    """What lies between the newest step and the last that needs no look."""

    steps: tuple[Step, ...]  # oldest first, without those that are settled
    line: tuple[str, ...]  # every step, oldest first
    approved: tuple[tuple[int, str], ...]  # pull requests that brought one of them, and which
    is_watched: bool  # whether a bot has ever looked after the base
    is_whole: bool  # whether nothing older needs a look


def unswept(bot: Bot, tip: str) -> Unswept:
    """Ask of every step, newest first, until all that is older is known to be done, or to be of before any bot."""
    walk = _Walk(bot, tip)
    at: str | None = tip
    while at is not None:
        at = walk.go_on(bot.git.first_parent_log(None, at, *LOOKED_AFTER, limit=LOOKED_BACK))
    return walk.told()


class _Walk:
    """What was met so far, newest first."""

    def __init__(self, bot: Bot, tip: str) -> None:
        self._bot = bot
        self._seen = swept(bot)  # by this clone: the base was that once
        self._tip = tip
        self._line: list[str] = []
        self._asked: dict[str, Step] = {}
        self._wordless = 0
        self._is_marked = False  # all that is older is done
        self._is_first = False  # all that is older was there before it was looked after
        self._is_cut = False

    def go_on(self, commits: Sequence[Commit]) -> str | None:
        """Look at a page of steps. Returns where to go on; None: nowhere."""
        for commit in commits:
            if self._is_over(commit):
                return None
            before = self._look(commit)
            if self._is_marked or self._is_first:
                return None
            if before not in commit.parents[:1]:
                return before  # it was merged into something from the side: what the base was goes on elsewhere
        return next(iter(commits[-1].parents), None) if len(commits) == LOOKED_BACK else None

    def _is_over(self, commit: Commit) -> bool:
        self._is_marked = commit.sha == self._bot.memory.mark
        self._is_cut = len(self._asked) >= ASKED_AT_ONCE
        return self._is_marked or self._is_cut or is_of_before(self._bot, self._wordless, self._tip)

    def _look(self, commit: Commit) -> str | None:
        """What the base was before the step."""
        settled = self._bot.memory.settled.get(commit.sha)
        if settled is not None and self._bot.now() - settled.since >= NAMED_WITHIN:
            self._line.append(commit.sha)
            self._wordless = 0 if settled.has_words else self._wordless + 1
            return settled.before
        words = self._bot.words_under(commit.sha)
        if _is_mark(self._bot, words):
            self._bot.memory.mark, self._is_marked = commit.sha, True
            return None
        self._line.append(commit.sha)
        step = self._asked[commit.sha] = self._step(commit, words)
        has_words = watched_since(self._bot, words)
        self._wordless = 0 if has_words else self._wordless + 1
        self._is_first = self._bot.watch_context in words and len(self._line) >= LOOKED_BACK
        return step.before

    def _step(self, commit: Commit, words: Mapping[str, CommitStatus]) -> Step:
        try:
            numbers, is_certain = self._bot.forge.pull_requests_of_commit(commit.sha), True
        except Unknown:
            numbers, is_certain = (), False  # pushed this very moment: its webhook, or the next sweep, finds it
        records = {number: words.get(self._bot.record_context(number)) for number in numbers}
        before = next(iter(commit.parents), None) if numbers else self._before(commit)
        return Step(commit.sha, before, words, records, is_certain)

    def _before(self, commit: Commit) -> str | None:
        """What the base was before a push: the side that was the base, where one was merged into the other.

        Who merges the base into something of their own, and pushes that, makes the base a second parent.
        """
        first = next(iter(commit.parents), None)
        for other in commit.parents[1:]:
            if first is not None and not self._bot.git.is_ancestor(other, first) and self._was_base(other, first):
                return other
        return first

    def _was_base(self, other: str, first: str) -> bool:
        git, seen = self._bot.git, self._seen
        if seen is not None and git.is_ancestor(seen, other) and not git.is_ancestor(seen, first):
            return True
        return self._has_words(first, other, limit=LOOKED_BACK) and not self._has_words(other, first, limit=0)

    def _has_words(self, since: str, tip: str, *, limit: int) -> bool:
        steps = self._bot.git.first_parent_log(since, tip, *LOOKED_AFTER, limit=limit)
        return any(watched_since(self._bot, self._bot.words_under(step.sha)) for step in steps)

    def told(self) -> Unswept:
        """All of it, oldest first."""
        steps: list[Step] = []
        approved: list[tuple[int, str]] = []
        is_watched = self._is_marked
        for sha in reversed(self._line):
            step, settled = self._asked.get(sha), self._bot.memory.settled.get(sha)
            if step is not None:
                steps.append(replace(step, is_watched=is_watched))
                approved += [(number, sha) for number in step.approved]
                is_watched = is_watched or watched_since(self._bot, step.words)
            elif settled is not None:
                is_watched = is_watched or settled.has_words
                approved += [(number, sha) for number in settled.approved]
        line = tuple(reversed(self._line))
        return Unswept(tuple(steps), line, tuple(approved), is_watched, is_whole=not self._is_cut)


def settle(bot: Bot, found: Unswept, *, done: Sequence[Step]) -> bool:
    """Remember what needs no other look; and once much is done, say under a step of it that all up to there is.

    A forge may name what brought a commit only later, so that is believed once it says so for a while. The newest steps
    are never left behind: their tags are looked after for longer. The answer is whether much is done by then: a bot
    that does not live until its next sweep is to look once more.
    """
    memory, now = bot.memory, bot.now()
    for step in found.steps:
        if step not in done:
            memory.settled.pop(step.sha, None)
        elif step.sha not in memory.settled:
            memory.settled[step.sha] = Settled(step.before, watched_since(bot, step.words), step.approved, now)
    if not found.is_whole:
        return bool(done)
    settling = next((at for at, sha in enumerate(found.line) if sha not in memory.settled), len(found.line))
    first_open = next((at for at, sha in enumerate(found.line) if not _is_settled(bot, sha)), len(found.line))
    done_for_good = first_open - LOOKED_BACK
    if done_for_good < LOOKED_BACK or not found.is_watched:
        return settling - LOOKED_BACK >= LOOKED_BACK and found.is_watched
    mark = found.line[done_for_good - 1]
    bot.forge.set_status(mark, CommitStatus(bot.swept_context, Outcome.SUCCESS, f"{bot.base} is done up to here"))
    memory.mark = mark
    for sha in found.line[:done_for_good]:
        del memory.settled[sha]
    return False


def _is_settled(bot: Bot, sha: str) -> bool:
    settled = bot.memory.settled.get(sha)
    return settled is not None and bot.now() - settled.since >= NAMED_WITHIN


def _is_mark(bot: Bot, words: Mapping[str, CommitStatus]) -> bool:
    said = words.get(bot.swept_context)
    return said is not None and said.outcome is Outcome.SUCCESS
