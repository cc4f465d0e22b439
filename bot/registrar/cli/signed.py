"""Knows what is looked at to say whether the ledger is signed as it should be."""

from registrar.core.paths import SIGNERS
from registrar.core.setup_ledger import LedgerFacts
from registrar.handlers.bot import Bot
from registrar.repository.signing import is_named, is_signed, is_signed_by_one_of


def ledger_facts(bot: Bot, commit: str) -> LedgerFacts:
    """The ledger as it is now, by the allowed_signers of a commit. Raises what git raises."""
    signers, newest, key = bot.git.read(commit, SIGNERS), bot.ledger.newest(), bot.signing_key
    return LedgerFacts(
        base=bot.base,
        newest=newest,
        is_signed=newest is not None and is_signed(bot.git, newest),
        is_believed=newest is not None and signers is not None and is_signed_by_one_of(bot.git, newest, signers),
        has_signers=signers is not None,
        line=key.allowed(bot.signature().email) if key is not None else "",
        is_named=key is not None and signers is not None and is_named(key, signers),
    )
