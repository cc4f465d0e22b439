"""Move here from another registry: read it, show the plan, ask, add what is not here yet."""

import argparse
from typing import TYPE_CHECKING

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_forge_options, add_json_option, add_registry_option

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from registrar.migration.foreign import ForeignRegistry

SUMMARY = (
    "Move here from another registry, which stays as it is: its models, their versions with what is known of them, "
    "their weights, and who holds which status. The plan is printed first, with what cannot be brought along and why; "
    "then one pull request is opened for each model. What is here already is left alone, so it can be run again."
)
EXAMPLE = """
registrar import gto --from ../churn --status prod=Production --dry-run
registrar import mlflow --tracking-uri https://mlflow.example.org --status champion=Production
registrar import gto --from https://github.com/acme/churn --here
"""
SOURCES = ("gto", "mlflow")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where the models come from, and what becomes of them."""
    parser.add_argument("source", metavar="SOURCE", choices=SOURCES, help="what to move from: gto or mlflow")
    parser.add_argument("--from", dest="place", metavar="REPO", help="gto: a clone of the repository, or its address")
    parser.add_argument("--tracking-uri", metavar="URI", help="mlflow: the address of the server, or of its store")
    parser.add_argument(
        "--model",
        metavar="NAME[=NEW]",
        action="append",
        default=[],
        help="a model to bring along, and what it is called here (default: all, in small letters)",
    )
    parser.add_argument(
        "--status",
        metavar="STAGE=STATUS",
        action="append",
        default=[],
        help="which status a stage or an alias of theirs is here (default: the one called so, and prod is Production)",
    )
    parser.add_argument(
        "--metric",
        metavar="NAME:DIRECTION[:UNIT]",
        action="append",
        default=[],
        help="for new models that have it: whether higher or lower is better; the first is the primary one",
    )
    parser.add_argument("--no-weights", action="store_true", help="leave the weights where they are, and say where")
    parser.add_argument("--dry-run", action="store_true", help="print the plan, and change nothing")
    parser.add_argument("--yes", action="store_true", help="do it without asking")
    parser.add_argument(
        "--here",
        action="store_true",
        help="write the files into the checkout, for you to commit, and open no pull request; this asks no forge",
    )
    add_registry_option(parser)
    add_forge_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Plan, ask, do it, and say what could not be done."""
    from registrar.cli.agreeing import agreed
    from registrar.cli.import_lines import say_plan, say_results
    from registrar.cli.import_places import target_of
    from registrar.cli.import_plan import planned

    _refuse_unasked_json(arguments)
    with _source(arguments) as source:
        target = target_of(arguments)
        work = planned(arguments, source, target.registry, checkout=target.checkout, is_judged=target.is_judged)
        if not arguments.json:
            say_plan(work)
        if arguments.dry_run or not work.plan.models:
            return say_results(work, [], as_json=arguments.json)
        if not arguments.yes and not agreed("Bring them along?"):
            return ExitCode.FINE
        return say_results(work, map(target.add, work.imported()), as_json=arguments.json)


def _refuse_unasked_json(arguments: argparse.Namespace) -> None:
    from registrar.errors import UsageError

    if arguments.json and not (arguments.yes or arguments.dry_run):
        raise UsageError("--json is for programs, which nobody can ask: give it --yes, or --dry-run")


def _source(arguments: argparse.Namespace) -> "AbstractContextManager[ForeignRegistry]":
    from registrar.errors import UsageError

    if arguments.source == "gto":
        if arguments.place is None or arguments.tracking_uri is not None:
            raise UsageError("registrar import gto needs --from REPO: a clone of the repository, or its address")
        from registrar.migration.gto_registry import gto_registry

        return gto_registry(arguments.place)
    if arguments.tracking_uri is None or arguments.place is not None:
        raise UsageError("registrar import mlflow needs --tracking-uri URI: the address of the server, or of its store")
    from registrar.cli.extras import needs

    with needs("mlflow"):
        from registrar.migration.mlflow_registry import mlflow_registry

    return mlflow_registry(arguments.tracking_uri)
