"""Look after the server's work: what waits, runs and was parked, and what becomes of what was parked."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_json_option, whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from registrar.database.jobs import Job, Jobs

SUMMARY = (
    "Look after the work of a server: list what waits, runs, was parked and is done; show why something was parked; "
    "retry it, once its reason is mended, or drop it for good. It reads the server's database, whether the server runs "
    "or not: REGISTRAR_DATABASE_URL, else the state directory's. Who decides, and when, is kept."
)
EXAMPLE = """
registrar jobs list --state parked
registrar jobs show 4711
registrar jobs retry 4711
registrar jobs drop --all-parked --repository acme/registry
"""
DEEDS = ("list", "show", "retry", "drop")
STATES = ("waiting", "running", "parked", "done")
MOST = 200  # lines, unless asked for more


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and with which jobs."""
    parser.add_argument("deed", metavar="DEED", choices=DEEDS, help="list, show, retry or drop")
    parser.add_argument("ids", metavar="ID", nargs="*", type=whole_number, help="the jobs to show, retry or drop")
    parser.add_argument("--all-parked", action="store_true", help="retry or drop everything that was parked")
    parser.add_argument("--state", choices=STATES, help="list only what is in this state (default: all but done)")
    parser.add_argument("--repository", metavar="OWNER/NAME", help="only what concerns this repository")
    parser.add_argument(
        "--limit", metavar="N", type=whole_number, default=MOST, help=f"list at most so many (default: {MOST})"
    )
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Do it, and say what was done."""
    from registrar.cli.job_store import opened

    _refuse_nonsense(arguments)
    with opened() as jobs:
        if arguments.deed == "list":
            _list(arguments, jobs)
        elif arguments.deed == "show":
            _show(arguments, [jobs.job(number) for number in arguments.ids])
        else:
            _decide(arguments, jobs)
    return ExitCode.FINE


def _refuse_nonsense(arguments: argparse.Namespace) -> None:
    from registrar.errors import UsageError

    deed, named = arguments.deed, bool(arguments.ids)
    if deed == "list" and (named or arguments.all_parked):
        raise UsageError("registrar jobs list takes no jobs: --state and --repository say which; show takes their IDs")
    if deed != "list" and arguments.state:
        raise UsageError(f"--state says what to list; registrar jobs {deed} takes IDs")
    if deed == "show" and not named:
        raise UsageError("say which jobs to show, by the IDs that registrar jobs list prints")
    if deed in {"retry", "drop"} and named == arguments.all_parked:
        raise UsageError(f"say what to {deed}: IDs of registrar jobs list, or --all-parked")
    if arguments.limit < 1:
        raise UsageError("--limit must be at least 1")


def _list(arguments: argparse.Namespace, jobs: "Jobs") -> None:
    from registrar.cli import job_lines, terminal

    states = {arguments.state} if arguments.state else set(STATES) - {"done"}
    found = jobs.listed(states=states, repository=arguments.repository, limit=arguments.limit + 1)
    shown = found[: arguments.limit]
    if arguments.json:
        terminal.say_json({"jobs": [job_lines.facts(job) for job in shown], "more": len(found) > len(shown)})
        return
    job_lines.write_table(shown)
    if len(found) > len(shown):
        terminal.say_aside(f"there are more than these {len(shown)}: --limit, --state and --repository say which")


def _show(arguments: argparse.Namespace, jobs: "Sequence[Job]") -> None:
    from registrar.cli import job_lines, terminal

    if arguments.json:
        terminal.say_json({"jobs": [job_lines.facts(job) for job in jobs]})
        return
    for number, job in enumerate(jobs):
        if number:
            terminal.say()
        job_lines.write_page(job)


def _decide(arguments: argparse.Namespace, jobs: "Jobs") -> None:
    from registrar.cli import terminal
    from registrar.cli.job_store import somebody

    parked = jobs.listed(states={"parked"}, repository=arguments.repository) if arguments.all_parked else ()
    ids = [job.id for job in parked] if arguments.all_parked else arguments.ids
    decide = jobs.retry if arguments.deed == "retry" else jobs.drop
    decided = decide(ids, by=somebody())
    done = "retried" if arguments.deed == "retry" else "dropped"
    if arguments.json:
        terminal.say_json({done: [job.id for job in decided]})
        return
    for job in decided:
        terminal.say(f"{done} {job.id}: {job.event['kind']} of {job.work_key}")
    if not decided:
        terminal.say_aside("nothing is parked")
