"""Check a real set-up: look at everything it rests on, print each with its mend."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_forge_options, add_json_option, add_registry_option

SUMMARY = (
    "Check a set-up on its forge: the bot's token, the webhooks, what guards the base branch, CODEOWNERS, the rules, "
    "the pipelines that deploys start, the DVC remote. Each problem comes with what to click or to run; the exit code "
    "is 1 when there is any. Nothing is changed."
)
EXAMPLE = """
export REGISTRAR_TOKEN=...        # the bot's, which is judged
export REGISTRAR_ADMIN_TOKEN=...  # an administrator's, to see what the bot must not
registrar doctor --url https://registrar.example.org
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where the bot listens, and how far the look may go."""
    parser.add_argument("--url", metavar="URL", help="where the bot can be reached, as https://registrar.example.org")
    parser.add_argument(
        "--without-server", action="store_true", help="look at the jobs that are the bot, instead of at webhooks"
    )
    parser.add_argument(
        "--write-check", action="store_true", help="also store a few bytes in the DVC remote, and delete them again"
    )
    add_registry_option(parser)
    add_forge_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print what is found as it is found."""
    from registrar.cli import terminal
    from registrar.cli.examination import examine
    from registrar.cli.findings import facts_of, say_count, say_findings
    from registrar.cli.standpoint import standpoint
    from registrar.core.setup import problems_in

    with standpoint(arguments) as seen:
        looked = examine(seen, write=arguments.write_check, server=not arguments.without_server)
        findings = tuple(looked) if arguments.json else say_findings(looked)
        settings = seen.settings.settings
    if arguments.json:
        said = facts_of(findings)
        terminal.say_json({"forge": settings.forge_url, "repository": settings.repository, "findings": said})
    else:
        say_count(findings)
    return ExitCode.PROBLEMS if problems_in(findings) else ExitCode.FINE
