"""Tell the audit trail of a registry from git alone: every change of status, who stood behind it, what came of it."""

import argparse

from registrar.cli import verifying
from registrar.cli.exits import ExitCode
from registrar.cli.options import add_base_option, add_json_option, add_registry_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from registrar.core.audit_choice import Choice

SUMMARY = (
    "Tell every change of status on the base branch, newest first: who asked, who approved with which right, on which "
    "numbers, what it deployed. It reads git alone: a clone and the ledger's notes, no bot, no forge, no token. The "
    "exit code is 1 when something could not be told. With --verify it proves the whole history instead, or names "
    "every breach, and the exit code is 1 when there is one."
)
EXAMPLE = """
git fetch origin refs/notes/registrar:refs/notes/registrar
registrar audit --model digits --status Production
registrar audit --person mei --since 2026-01-01 --until 2026-03-31 --format html --output audit.html
registrar audit --verify
"""
FORMATS = ("table", "csv", "json", "html")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take which lines to tell, and how."""
    parser.add_argument("--model", metavar="GLOB", help="only of these models: digits, or risk/**")
    parser.add_argument("--status", metavar="STATUS", help="only what left or entered this status")
    parser.add_argument("--person", metavar="LOGIN", help="only what this person had a part in, whichever")
    parser.add_argument("--since", metavar="WHEN", help="only from this date or moment on (UTC if no offset is given)")
    parser.add_argument("--until", metavar="WHEN", help="only up to this moment, or to the end of this day")
    parser.add_argument("--format", choices=FORMATS, help="how to write it (default: table)")
    parser.add_argument("--output", metavar="FILE", help="write it into this file (default: print it)")
    verifying.add_arguments(parser)
    add_registry_option(parser)
    add_base_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Tell the lines that were asked for, and then what could not be told."""
    if verifying.is_asked_for(arguments):
        return verifying.run(arguments)
    from registrar.cli.audit_report import Report, opened
    from registrar.cli.checkout import open_checkout

    kind = _kind(arguments)
    checkout = open_checkout(arguments)
    report = Report(checkout.git, checkout.commit(None), _choice(arguments))
    with opened(arguments.output) as stream:
        report.write(kind, stream)
    return ExitCode.PROBLEMS if report.say_remarks() else ExitCode.FINE


def _kind(arguments: argparse.Namespace) -> str:
    from registrar.errors import UsageError

    if arguments.json and arguments.format not in {None, "json"}:
        raise UsageError(f"--json and --format {arguments.format} are two formats; choose one")
    return "json" if arguments.json else arguments.format or "table"


def _choice(arguments: argparse.Namespace) -> "Choice":
    from registrar.core.audit_choice import Choice
    from registrar.core.moments import moment_meant

    since, until = arguments.since, arguments.until
    return Choice(
        models=arguments.model,
        status=arguments.status,
        person=arguments.person.lstrip("@") if arguments.person else None,
        since=moment_meant(since, ends=False) if since else None,
        until=moment_meant(until, ends=True) if until else None,
    )
