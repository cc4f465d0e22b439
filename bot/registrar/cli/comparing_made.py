"""Knows how a version that is made, but not registered yet, would stand in the registry, and who is told of it."""

import argparse
from datetime import UTC, datetime

from registrar import rendering_jobs as rendering
from registrar.cli import terminal
from registrar.cli.checkout import Checkout, open_checkout
from registrar.cli.comparing import Words, document, head_of_job, kept, number_in
from registrar.cli.exits import ExitCode
from registrar.cli.registration import Wish, files_to_judge, read_wish
from registrar.cli.written_options import wish_written_in
from registrar.core.layout import version_path
from registrar.core.reports import Report, invalid
from registrar.core.verdicts import VerdictState
from registrar.errors import NotAllowed, Unknown, UsageError
from registrar.handlers.comparing import content_report
from registrar.repository.changesets import commit_change
from registrar.repository.commit_log import Signature
from registrar.repository.revisions import default_branch
from registry_schema import Problem

TOPIC = "made"  # its pull request may be the registry's own, where the bot has its comment


def of_made(arguments: argparse.Namespace) -> ExitCode:
    """Judge a version as a training program wrote it down, as if it were registered now, and say it."""
    if arguments.candidate is not None or arguments.at is not None:
        raise UsageError("--from is a version by itself; leave SELECTOR and --at out, or leave --from out")
    number = number_in(arguments)
    wish = read_wish(wish_written_in(arguments.from_file))
    registry = open_checkout(arguments)
    report = _report(registry, wish)
    said = rendering.made_comment(report, model=wish.model, version=wish.version)
    comment, left_out = "", []
    if arguments.comment and number:
        here = argparse.Namespace(**vars(arguments) | {"registry": "."})  # a pull request of what trains
        checkout = open_checkout(here)
        words = Words(topic=TOPIC, text=said, of=head_of_job(here, checkout, number))
        comment, why_not = kept(here, checkout, number, words)
        left_out = [why_not] if why_not else []
    if arguments.json:
        terminal.say_json({**document(report, number=number, comment=comment, left_out=left_out), "markdown": said})
    else:
        terminal.say_text(said)
        for each in left_out:
            terminal.say_aside(f"left out: {each}")
    return ExitCode.PROBLEMS if report.verdict.state is VerdictState.FAILED else ExitCode.FINE


def _report(checkout: Checkout, wish: Wish) -> Report:
    """By a commit that no branch will ever hold, so that it is judged as everything else is."""
    git, branch, now = checkout.git, checkout.base, datetime.now(UTC)
    registry = checkout.registry(None)
    base = registry.commit
    try:
        files = files_to_judge(registry, wish)
    except (NotAllowed, Unknown) as error:
        what, _, mend = str(error).partition("; ")
        return invalid([Problem(version_path(wish.model, wish.version), 0, what, mend)])
    nobody = Signature("registrar", "registrar@localhost", now)
    head = commit_change(git, base, files, message=f"Register {wish.model} {wish.version}", author=nobody)
    return content_report(git, base=base, branch=branch or default_branch(git) or "main", head=head, now=now)
