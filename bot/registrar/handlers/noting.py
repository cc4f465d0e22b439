"""Entries are written into the ledger, or it is said why not: a ledger that others broke stops nothing but itself."""

import logging
from collections.abc import Sequence

from registrar.core.ledger import Entry, merged_key
from registrar.errors import BrokenLedger
from registrar.handlers.bot import Bot

log = logging.getLogger("registrar.ledger")


def note(bot: Bot, commit: str, *entries: Entry) -> str:
    """Write what is not noted yet under a commit; the answer is why nothing can be written, for a person."""
    try:
        bot.ledger.append(commit, *entries)
    except BrokenLedger as error:
        what = ", ".join(entry.key for entry in entries)
        log.error("%s: not noted: %s", what, error)  # noqa: TRY400 - the message is for a person; a trace adds nothing
        return str(error)
    return ""


def untold(bot: Bot, merges: Sequence[tuple[int, str]]) -> tuple[int, ...]:
    """Of merges that were judged, by number and commit, those of which the ledger does not tell."""
    noted = bot.ledger.keys(*(sha for _, sha in merges)) if merges else frozenset()
    return tuple(number for number, sha in merges if merged_key(number, sha) not in noted)
