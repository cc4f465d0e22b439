"""Set up the bot on its forge: say what is and what will be, ask, change it, look again."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_forge_options, add_json_option, add_registry_option

if TYPE_CHECKING:
    from registrar.cli.setting_up import Plan
    from registrar.core.setup import Finding, Step

SUMMARY = (
    "Set up webhooks and what guards the base branch, through the forge's API: what is there stays, rules are only "
    "added to. The plan is printed, and nothing is changed before somebody agrees; a second run finds nothing to do."
)
EXAMPLE = """
export REGISTRAR_TOKEN=...           # the bot's
export REGISTRAR_ADMIN_TOKEN=...     # that of somebody who administers the registry
export REGISTRAR_WEBHOOK_SECRET=...  # the bot's
registrar setup --url https://registrar.example.org --dry-run
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where the bot listens, and who agrees."""
    parser.add_argument("--url", metavar="URL", help="where the bot can be reached, as https://registrar.example.org")
    parser.add_argument(
        "--without-server", action="store_true", help="jobs are the bot: guard the base branch, and make no webhook"
    )
    parser.add_argument("--dry-run", action="store_true", help="print the plan, and change nothing")
    parser.add_argument("--yes", action="store_true", help="change it without asking")
    parser.add_argument(
        "--renew-secret",
        action="store_true",
        help="give webhooks that have a secret the one of REGISTRAR_WEBHOOK_SECRET",
    )
    add_registry_option(parser)
    add_forge_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Plan, ask, change, look again."""
    from registrar.cli import terminal
    from registrar.cli.setting_up import changed, left_over, plan
    from registrar.cli.standpoint import standpoint

    done: list[str] = []

    def tell(step: "Step") -> None:
        done.append(step.check)
        if not arguments.json:
            terminal.say(f"done: {step.check}")

    with standpoint(arguments) as seen:
        planned = plan(seen, renew_secret=arguments.renew_secret, server=not arguments.without_server)
        if not arguments.json:
            _say_plan(planned.steps)
        if planned.steps and not _is_agreed(arguments):
            return _said(arguments, planned, done, ())
        refused = changed(seen, planned, tell=tell)
        return _said(arguments, planned, done, (*refused, *left_over(planned)))


def _is_agreed(arguments: argparse.Namespace) -> bool:
    from registrar.cli import terminal
    from registrar.cli.agreeing import agreed
    from registrar.errors import UsageError

    if arguments.dry_run or arguments.yes:
        return not arguments.dry_run
    if arguments.json:
        raise UsageError("--json asks nobody: add --dry-run to see the plan, or --yes to carry it out")
    if agreed("Change this?"):
        return True
    terminal.say("nothing was changed")
    return False


def _say_plan(steps: "Sequence[Step]") -> None:
    from registrar.cli import terminal

    if not steps:
        terminal.say("nothing to change")
    for step in steps:
        terminal.say(f"{step.check}")
        terminal.say(f"  now:  {step.now}")
        terminal.say(f"  then: {step.then}")


def _said(
    arguments: argparse.Namespace, planned: "Plan", done: "Sequence[str]", findings: "Sequence[Finding]"
) -> ExitCode:
    """What is left for somebody to do."""
    from registrar.cli import terminal
    from registrar.cli.findings import facts_of, say_findings
    from registrar.core.setup import Standing, problems_in

    left = [finding for finding in findings if finding.standing is not Standing.OK]
    if arguments.json:
        settings = planned.seen.settings.settings
        changes = [
            {"check": step.check, "now": step.now, "then": step.then, "done": step.check in done}
            for step in planned.steps
        ]
        where = {"forge": settings.forge_url, "repository": settings.repository}
        terminal.say_json({**where, "changes": changes, "findings": facts_of(left)})
    else:
        say_findings(left)
    return ExitCode.PROBLEMS if problems_in(left) else ExitCode.FINE
