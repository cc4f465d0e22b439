"""Set up the bot on its forge: say what is and what will be, ask, change it, look again."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_forge_options, add_registry_option

if TYPE_CHECKING:
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


def run(arguments: argparse.Namespace) -> ExitCode:
    """Plan, ask, change, look again."""
    from registrar.cli import terminal
    from registrar.cli.agreeing import agreed
    from registrar.cli.setting_up import changed, left_over, plan
    from registrar.cli.standpoint import standpoint

    with standpoint(arguments) as seen:
        planned = plan(seen, renew_secret=arguments.renew_secret, server=not arguments.without_server)
        _say_plan(planned.steps)
        if not planned.steps or arguments.dry_run:
            return _said(left_over(planned)) if not planned.steps else ExitCode.FINE
        if not arguments.yes and not agreed("Change this?"):
            terminal.say("nothing was changed")
            return ExitCode.FINE
        failed = changed(seen, planned)
        return _said((*failed, *left_over(planned)))


def _say_plan(steps: "Sequence[Step]") -> None:
    from registrar.cli import terminal

    if not steps:
        terminal.say("nothing to change")
    for step in steps:
        terminal.say(f"{step.check}")
        terminal.say(f"  now:  {step.now}")
        terminal.say(f"  then: {step.then}")


def _said(findings: "Sequence[Finding]") -> ExitCode:
    """What is left for somebody to do."""
    from registrar.cli.findings import say_finding
    from registrar.core.setup import Standing

    for finding in findings:
        if finding.standing is not Standing.OK:
            say_finding(finding)
    return ExitCode.PROBLEMS if any(each.standing is Standing.PROBLEM for each in findings) else ExitCode.FINE
