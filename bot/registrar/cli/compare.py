"""Compare two versions of a model, or all that a change does: metrics side by side, each with its judgement."""

import argparse
import re
from typing import TYPE_CHECKING

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_at_option, add_forge_options, add_json_option, add_registry_option

if TYPE_CHECKING:
    from registrar.core.comparison import MetricRow
    from registrar.repository.snapshot import Snapshot

SUMMARY = (
    "Set the metrics of two versions of a model side by side, each judged by the direction that model.yaml gives it. "
    "The baseline is the version that holds the strictest status, unless another is named. Without a SELECTOR every "
    "version that a change registers or moves is compared, and the change judged by its content: --at says which "
    "commit it is, or --pull-request; the exit code is 1 when it fails."
)
EXAMPLE = """
registrar compare digits@2.1.0
registrar compare digits@2.1.0 2.0.0
registrar compare digits@latest digits@Production --json
registrar compare --pull-request 7 --comment
registrar compare --from made/version.json --registry registry
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the candidate and the baseline, or a change."""
    parser.add_argument(
        "candidate", metavar="SELECTOR", nargs="?", help="the version to judge (default: all that a change concerns)"
    )
    parser.add_argument(
        "baseline",
        metavar="BASELINE",
        nargs="?",
        help="the version to judge it against: 1.0.0, Production, or a selector",
    )
    parser.add_argument("--pull-request", metavar="NUMBER", help="the change of this pull request or merge request")
    parser.add_argument("--comment", action="store_true", help="keep one comment on it that says the same")
    parser.add_argument(
        "--from",
        metavar="FILE",
        dest="from_file",
        help="a version that is made, and not registered yet, as registrar register --from reads it; --comment writes "
        "on a pull request of the checkout around this folder",
    )
    add_at_option(parser, default="the base branch as last fetched; without a SELECTOR, HEAD")
    add_registry_option(parser)
    add_forge_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the comparison."""
    from registrar.cli import comparing, comparing_made

    if arguments.from_file is not None:
        return comparing_made.of_made(arguments)
    return comparing.of_change(arguments) if arguments.candidate is None else _of_versions(arguments)


def _of_versions(arguments: argparse.Namespace) -> ExitCode:
    from registrar.cli import terminal
    from registrar.cli.checkout import open_checkout
    from registrar.cli.comparing import refuse_change, versions_compared
    from registrar.cli.lookup import version_meant
    from registrar.core.comparison import compare
    from registrar.core.reports import Candidate
    from registrar.core.standing import status_of

    refuse_change(arguments)
    checkout = open_checkout(arguments)
    registry = checkout.registry(arguments.at)
    with checkout.as_last_fetched(arguments.at):
        model, candidate = version_meant(registry, arguments.candidate)
        baseline = _baseline(registry, model, candidate, arguments.baseline)
    old = registry.version(model, baseline) if baseline else None
    comparison = compare(registry.model(model), old, registry.version(model, candidate))
    held = status_of(registry.holdings(model), baseline, initial=registry.registry().initial) if baseline else ""
    if arguments.json:
        found = Candidate(model, candidate, held or None, baseline, comparison, None)
        terminal.say_json(versions_compared(found))
        return ExitCode.FINE
    headings = ["METRIC", f"{baseline} ({held})" if baseline else "-", candidate, "CHANGE", "JUDGEMENT"]
    terminal.say_table(headings, [_cells(row) for row in comparison.rows])
    return ExitCode.FINE


def _baseline(registry: "Snapshot", model: str, candidate: str, named: str | None) -> str | None:
    from registrar.cli.lookup import version_meant
    from registrar.core.candidates import strictest_status
    from registrar.core.selectors import Selector
    from registrar.errors import UsageError

    if named is None:
        status = strictest_status(registry.registry())
        holders = registry.holdings(model).holders_of(status) if status else ()
        return next((version for version in holders if version != candidate), None)
    other, baseline = version_meant(registry, named if re.search("[@#]", named) else Selector(model, named))
    if other != model:
        raise UsageError(f"{other} and {model} are two models; compare versions of one")
    return baseline


def _cells(row: "MetricRow") -> list[str]:
    from registrar.core.comparison import Judgement
    from registrar.core.figures import figure, told_apart
    from registrar.rendering import percent, signed

    name = f"{row.metric} [{row.unit}]" if row.unit else row.metric
    said = row.note if row.judgement is Judgement.UNKNOWN else str(row.judgement)
    if row.baseline is None or row.candidate is None or row.change is None:
        one, other = ("-" if value is None else figure(value) for value in (row.baseline, row.candidate))
        return [name, one, other, "-", said]
    one, other = told_apart(row.baseline, row.candidate)
    return [name, one, other, f"{signed(row.change)}{percent(row.relative)}", said]
