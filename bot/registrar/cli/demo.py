"""`registrar demo`: the whole job on this machine, with a real model."""

import argparse

from registrar.cli.exits import ExitCode

SUMMARY = (
    "Watch the whole job happen on this machine, with a forge of its own, a real model and no account: train, "
    "register, compare, ask, refuse, approve, merge, deploy. It stays up for you to approve in the browser, unless "
    "--auto does all of it."
)
EXAMPLE = "registrar demo --auto"

_BEGINNING = """\
This is the whole job of Registrar, on this machine alone: a forge with pages to look at, a registry in git,
the bot, and a real model that reads handwritten digits. Nothing leaves the machine.

Setting up the forge, the registry, an application and the bot ...
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take on which forge it happens, who approves, and where."""
    parser.add_argument(
        "--forge", choices=("github", "gitlab"), default="github", help="the forge to show it on (default: github)"
    )
    parser.add_argument("--auto", action="store_true", help="do everything unattended, then stop")
    parser.add_argument("--port", default="0", metavar="PORT", help="the port of the forge (default: a free one)")
    parser.add_argument("--keep", metavar="DIR", help="keep everything in this empty folder (default: a temporary one)")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Tell the story; a step that does not do what it says ends it with exit code 1."""
    import sys

    from registrar.cli import terminal
    from registrar.cli.extras import needs
    from registrar.errors import UsageError
    from registrar.settings import port_of

    try:
        port = port_of(arguments.port)
    except ValueError as error:
        raise UsageError(f"--port {error}") from error
    terminal.say_text(_BEGINNING)
    sys.stdout.flush()  # what follows takes seconds
    with needs("demo"):
        from registrar.demo.story import tell
    return (
        ExitCode.FINE
        if tell(arguments.forge, auto=arguments.auto, port=port, keep=arguments.keep)
        else ExitCode.PROBLEMS
    )
