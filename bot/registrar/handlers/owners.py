"""Who owns a path: the words of CODEOWNERS at the base, turned into people with their rights of this moment."""

from collections.abc import Iterable

from registrar.core.approval_facts import Owner
from registrar.core.codeowners.ownership import Ownership
from registrar.handlers.bot import Bot
from registry_schema import Problem

Owners = dict[str, tuple[Owner, ...]]


def owners_of(bot: Bot, paths: Iterable[str], *, base: str) -> tuple[Owners, dict[str, str], tuple[Problem, ...]]:
    """The owners of each path, why a path has none, and what is wrong with the file itself."""
    codeowners = bot.forge.find_codeowners(lambda path: bot.git.read(base, path))
    if codeowners is None:
        return {}, dict.fromkeys(paths, f"{bot.base} has no CODEOWNERS file; add one that names the owners"), ()
    owners: Owners = {}
    unowned: dict[str, str] = {}
    for path in paths:
        ownership = codeowners.owners_of(path)
        if ownership is None:
            unowned[path] = f"no line of {codeowners.file} matches it; add one that names its owners"
        elif not ownership.owners:
            unowned[path] = f"{ownership.source} leaves it without owners; name them there"
        else:
            owners[path] = tuple(_owners(bot, ownership))
    return owners, unowned, codeowners.problems


def _owners(bot: Bot, ownership: Ownership) -> Iterable[Owner]:
    seen: set[int] = set()
    for word in ownership.owners:
        for person in bot.forge.code_owners(word):
            if person.id not in seen:
                seen.add(person.id)
                yield Owner(person, bot.forge.permission(person), ownership.source)
