"""Knows how a proof of a registry reads to a person, and to a program: what was found, and what that rests on."""

import argparse

from registrar.cli.exits import ExitCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registrar.core.proof_facts import Finding
    from registrar.repository.git import GitRepository
    from registrar.repository.proving import Proof

_NOT_WITH = ("model", "status", "person", "until", "format", "output")  # which choose what is told, not what is proven
_OFTEN = 500  # steps between two words of progress
_SHOWN = 12  # characters of a sha
_COLOURS = {"breach": "red", "resolved": "green", "broken glass": "yellow"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the wish for a proof, and what it may take as given."""
    parser.add_argument(
        "--verify",
        action="store_true",
        help="prove the whole history, or name every breach; --since REV or WHEN begins after a commit that is trusted",
    )
    parser.add_argument("--unsigned", action="store_true", help="with --verify: the ledger need not be signed")


def is_asked_for(arguments: argparse.Namespace) -> bool:
    """Whether a proof is wanted. Raises `UsageError` for what only a proof knows, without one."""
    from registrar.errors import UsageError

    if arguments.unsigned and not arguments.verify:
        raise UsageError("--unsigned says what a proof may do without; add --verify")
    return bool(arguments.verify)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Say every breach as it is found, and then whether the registry is proven."""
    from registrar.cli import terminal
    from registrar.cli.checkout import open_checkout
    from registrar.repository.proving import Proof, Question
    from registrar.repository.revisions import tracked

    _refuse_choices(arguments)
    checkout = open_checkout(arguments)
    tip = checkout.commit(None)
    since = _since(checkout.git, tip, arguments.since) if arguments.since else None
    here = tracked(checkout.git, checkout.base)
    proof = Proof(Question(checkout.git, tip, since, arguments.unsigned, _say_how_far, here))
    if arguments.json:
        found = [_fields(finding) for finding in proof.findings()]
        terminal.say_json({**_summary(proof), "findings": found})
    else:
        for finding in proof.findings():
            _say(finding)
        for line in _conclusion(proof):
            terminal.say(line)
    return ExitCode.FINE if proof.holds else ExitCode.PROBLEMS


def _refuse_choices(arguments: argparse.Namespace) -> None:
    from registrar.errors import UsageError

    given = [name for name in _NOT_WITH if getattr(arguments, name, None)]
    if given:
        raise UsageError(f"--verify proves the whole history; leave out --{given[0]}, or leave out --verify")


def _since(git: "GitRepository", tip: str, text: str) -> str | None:
    """The commit that a person trusts: by its name, or the newest of the base at a moment; None: none was as old.

    Whoever makes a commit chooses its date, so nothing is as old that stands upon something newer.
    """
    from registrar.core.moments import looks_like_a_moment, moment_meant
    from registrar.repository.revisions import revision

    if not looks_like_a_moment(text):
        return revision(git, text)
    moment = moment_meant(text, ends=False).timestamp()
    walk = ["rev-list", "--first-parent", "--reverse", "--timestamp", "--end-of-options", tip]
    found = None
    for line in git.run(*walk).decode().splitlines():
        made, sha = line.split()
        if int(made) > moment:
            break
        found = sha
    return found


def _say_how_far(what: str, number: int) -> None:
    from registrar.cli import terminal

    if number % _OFTEN == 0:
        terminal.say_progress(f"{number:,} {what} looked at")


def _say(finding: "Finding") -> None:
    import sys

    from registrar.cli import terminal

    grade = terminal.coloured(finding.grade.value, _COLOURS[finding.grade.value], stream=sys.stdout)
    what = terminal.inert(f"{finding.commit[:_SHOWN]}: {finding.what}")
    terminal.say_text(f"{grade} {what}\n")
    terminal.say(f"  why:  {finding.why}")
    terminal.say(f"  next: {finding.mend}")


def _conclusion(proof: "Proof") -> "Iterator[str]":
    from registrar.core.proof_facts import Grade

    breaches, glass, resolved = (proof.counted[each] for each in (Grade.BREACH, Grade.GLASS, Grade.RESOLVED))
    judged = f"{_counted(proof.changes, 'change')} of what owners guard"
    if proof.begun:
        yield f"from {proof.begun[:_SHOWN]} on, which is taken as given, to {proof.question.tip[:_SHOWN]}: {judged}"
    if proof.question.unsigned:
        yield "signatures were not asked for, so the ledger is as true as whoever could write it"
    elif proof.keys:
        yield f"the ledger must be signed with {' or '.join(sorted(proof.keys))}; see that this is the bot's key"
    if glass:
        yield f"{glass} by broken glass, as the rules allow"
    if resolved:
        yield f"{_counted(resolved, 'breach', 'breaches')} that {'was' if resolved == 1 else 'were'} taken back"
    yield "proven" if proof.holds else f"not proven: {_counted(breaches, 'breach', 'breaches')}"


def _counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number or 'no'} {noun if number == 1 else plural or f'{noun}s'}"


def _summary(proof: "Proof") -> "Mapping[str, object]":
    return {
        "proven": proof.holds,
        "base": proof.question.tip,
        "taken_as_given": proof.begun or None,
        "changes": proof.changes,
        "signatures": None if proof.question.unsigned else sorted(proof.keys),
        "counted": {grade.value: number for grade, number in proof.counted.items()},
    }


def _fields(finding: "Finding") -> "Mapping[str, object]":
    return {
        "grade": finding.grade.value,
        "commit": finding.commit,
        "what": finding.what,
        "why": finding.why,
        "next": finding.mend,
    }
