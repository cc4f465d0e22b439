"""Do once all that the bot does, with no server and no database: for a job of a pipeline."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_forge_options, add_json_option, add_registry_option

SUMMARY = (
    "Do once all that the bot does, with no server and no database: look first at what the job of GitHub Actions or "
    "GitLab CI was started for, then at everything, and go on until nothing is left to do. Runs may come at any time "
    "and in any number: a lease in the registry's repository, refs/registrar/lease, lets one work at a time. "
    "docs/serverless.md says which token it needs."
)
EXAMPLE = """
export REGISTRAR_REPOSITORY=acme/registry REGISTRAR_TOKEN=...
registrar reconcile
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how long it may take, and what it may leave to another run."""
    parser.add_argument(
        "--event-only",
        action="store_true",
        help="look at nothing but what the job was started for, where it tells; a scheduled run finds the rest",
    )
    parser.add_argument("--no-wait", action="store_true", help="end at once when another run works on the registry")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what a run would write, and write nothing: the exit code is 1 when anything is; what comes of the "
        "answer to a write, as a pull request of a branch that is pushed, is not foretold",
    )
    parser.add_argument(
        "--follow",
        metavar="TIME",
        default="3m",
        help="wait so long for deploys and the like, the next run goes on with them: 90s, 10m, 1h (default: 3m)",
    )
    parser.add_argument(
        "--give-up-after",
        metavar="TIME",
        default="10m",
        help="try so long what goes wrong, the forge's rate limit too, and wait so long for a turn (default: 10m)",
    )
    parser.add_argument("--state", metavar="DIR", help="keep the mirror here (default: nowhere) [REGISTRAR_STATE_DIR]")
    add_registry_option(parser)
    add_forge_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Do it, and say what was done."""
    import threading

    from registrar.cli import reconciled
    from registrar.cli.reconciliation import wanted
    from registrar.cli.signals import told_to_stop
    from registrar.serverless.reconciling import foretell, reconcile

    stopping = threading.Event()
    with wanted(arguments) as asked, told_to_stop(stopping):
        if asked.is_dry:
            outcome = foretell(asked, stopping)
        else:
            outcome = reconcile(asked, stopping, waiting=reconciled.say_waiting)
    reconciled.say(outcome, as_json=arguments.json)
    code = reconciled.say_what_failed(outcome, waited=asked.waits)
    if outcome.told is not None and outcome.told.defects:
        raise outcome.told.defects[0]
    return ExitCode.INTERRUPTED if stopping.is_set() else code
