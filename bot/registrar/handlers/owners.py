"""Who owns a path: the words of CODEOWNERS at the base, turned into people with their rights of this moment."""

from collections.abc import Iterable, Iterator

from registrar.core.approval_facts import Owner, Rule
from registrar.core.codeowners.ownership import Ownership, asked_of, required_of, why_unowned
from registrar.core.codeowners.places import GITHUB, GITLAB
from registrar.handlers.bot import Bot
from registrar.repository.snapshot import snapshot
from registry_schema import Problem

Owners = dict[str, tuple[Rule, ...]]
CODEOWNERS = sorted({*GITHUB, *GITLAB})


def owners_of(bot: Bot, paths: Iterable[str], *, base: str) -> tuple[Owners, dict[str, str], tuple[Problem, ...]]:
    """The rules that must hold for each path, why nobody can approve one, and what is wrong with the file itself.

    Raises `InvalidRegistry` when CODEOWNERS is no plain file: a forge may follow a link, or may not.
    """
    codeowners = bot.forge.find_codeowners(snapshot(bot.git, base).text)
    if codeowners is None:
        return {}, dict.fromkeys(paths, f"{bot.base} has no CODEOWNERS file; add one that names the owners"), ()
    owners: Owners = {}
    unowned: dict[str, str] = {}
    for path in paths:
        why = why_unowned(codeowners, path)
        if why is not None:
            unowned[path] = why
        else:
            owners[path] = tuple(_rule(bot, ownership) for ownership in required_of(codeowners, path))
    return owners, unowned, codeowners.problems


def other_owners_before(bot: Bot, paths: Iterable[str], *, fork: str, base: str) -> Owners:
    """The rules of each path at `fork`, where CODEOWNERS asked something else; no rule where nobody owned it.

    An owner who was made one while a change was open is thus no way around those who owned it until then.
    """
    if all(bot.git.entry(fork, place) == bot.git.entry(base, place) for place in CODEOWNERS):
        return {}
    then, now = (bot.forge.find_codeowners(snapshot(bot.git, sha).text) for sha in (fork, base))
    others = [path for path in paths if asked_of(then, path) != asked_of(now, path)]
    before, _, _ = owners_of(bot, others, base=fork)
    return {path: before.get(path, ()) for path in others}


def _rule(bot: Bot, ownership: Ownership) -> Rule:
    owners = tuple(_owners(bot, ownership.owners))
    return Rule(ownership.source, owners, ownership.section, ownership.count, lapses=ownership.lapses)


def _owners(bot: Bot, words: Iterable[str]) -> Iterator[Owner]:
    seen: set[int] = set()
    for word in words:
        for person in bot.forge.code_owners(word):
            if person.id not in seen:
                seen.add(person.id)
                yield Owner(person, bot.forge.permission(person), word)
