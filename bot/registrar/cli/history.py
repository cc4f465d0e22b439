"""Show what happened to a model: every change of status, newest first, from git alone."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_at_option, add_base_option, add_json_option, add_registry_option

SUMMARY = (
    "Show every change of status of a model, newest first: when, what, who asked, which commit. It reads git alone."
)
EXAMPLE = "registrar history digits"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the model and where to begin."""
    parser.add_argument("model", metavar="MODEL", help="the model's name")
    add_at_option(parser, default="the base branch as last fetched")
    add_registry_option(parser)
    add_base_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the changes."""
    from registrar.cli import terminal
    from registrar.cli.checkout import open_checkout
    from registrar.cli.lookup import known_model
    from registrar.repository.history import history
    from registrar.repository.snapshot import snapshot

    checkout = open_checkout(arguments)
    commit = checkout.commit(arguments.at)
    with checkout.as_last_fetched(arguments.at):
        model = known_model(snapshot(checkout.git, commit), arguments.model)
    found = [
        {
            "at": entry.commit.author.at.isoformat(),
            "version": transition.version,
            "before": transition.before,
            "after": transition.after,
            "author": entry.commit.author.name,
            "requested_by": [named.partition(" <")[0] for named in entry.requested_by],
            "commit": entry.commit.sha,
        }
        for entry in history(checkout.git, commit, model)
        for transition in entry.transitions
    ]
    if arguments.json:
        terminal.say_json({"model": model, "history": found})
        return ExitCode.FINE
    rows = [
        [
            str(facts["at"])[:16].replace("T", " "),
            str(facts["version"]),
            f"{facts['before']} to {facts['after']}",
            ", ".join(facts["requested_by"]) or str(facts["author"]),
            str(facts["commit"])[:7],
        ]
        for facts in found
    ]
    terminal.say_table(["WHEN", "VERSION", "CHANGE", "WHO", "COMMIT"], rows)
    return ExitCode.FINE
