"""Knows whether the ledger is signed, and by a key that the registry names."""

from dataclasses import dataclass

from registrar.core.paths import SIGNERS
from registrar.core.setup import Finding, Untold, ok, problem, untold

_CHECK = "ledger"
_SET = "set REGISTRAR_SIGNING_KEY where the bot runs; docs/server.md says how a key is made"


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """The ledger as its newest commit shows it, who may sign it, and the bot's own key."""

    base: str
    newest: str | None  # None: nothing is noted yet
    is_signed: bool
    is_believed: bool  # signed by one whom allowed_signers names
    has_signers: bool  # whether there is an allowed_signers on the base
    line: str = ""  # of allowed_signers, that would name the bot's key; empty: no key was given here
    is_named: bool = False  # whether allowed_signers names that key


def ledger_findings(facts: LedgerFacts | Untold) -> tuple[Finding, ...]:
    """How the ledger stands; one finding."""
    if isinstance(facts, Untold):
        return (untold(_CHECK, facts),)
    if facts.has_signers:
        return (_signed(facts),)
    if facts.line or facts.is_signed:
        line = f"the line {facts.line!r}" if facts.line else "a line for the bot's key"
        says = f"is signed, and {facts.base} has no {SIGNERS}, so nobody can tell by whom"
        return (problem(_CHECK, says, f"add {SIGNERS} to {facts.base} with {line}"),)
    return (ok(_CHECK, "is not signed: whoever may write to the registry may write into it, unless the bot has a key"),)


def _signed(facts: LedgerFacts) -> Finding:
    if facts.line and not facts.is_named:
        says = f"{SIGNERS} on {facts.base} does not name the bot's key, so nothing is written into the ledger"
        return problem(_CHECK, says, f"add the line {facts.line!r} to it, or give the bot the key that it names")
    if facts.newest is None:
        return ok(_CHECK, f"nothing is noted yet; {SIGNERS} on {facts.base} says who may sign it")
    if facts.is_believed:
        return ok(_CHECK, f"is signed by a key that {SIGNERS} on {facts.base} names")
    if facts.line and not facts.is_signed:
        return ok(_CHECK, f"is not signed yet, unless it was before; the bot has a key that {SIGNERS} names")
    if facts.is_signed:
        says = f"its newest commit {facts.newest[:7]} is signed by nobody whom {SIGNERS} on {facts.base} names"
        return problem(_CHECK, says, "see who wrote it: git log --show-signature refs/notes/registrar")
    return problem(_CHECK, f"is not signed, though {SIGNERS} on {facts.base} says who should sign it", _SET)
