"""Compare two versions of a model: resolve both, set their metrics side by side."""

import argparse
import re
from typing import TYPE_CHECKING

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_at_option, add_base_option, add_json_option, add_registry_option

if TYPE_CHECKING:
    from registrar.core.comparison import MetricRow
    from registrar.repository.snapshot import Snapshot

SUMMARY = (
    "Set the metrics of two versions of a model side by side, each judged by the direction that model.yaml gives it. "
    "The baseline is the version that holds the strictest status, unless another is named."
)
EXAMPLE = """
registrar compare digits@2.1.0
registrar compare digits@2.1.0 2.0.0
registrar compare digits@latest digits@Production --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the candidate and the baseline."""
    parser.add_argument("candidate", metavar="SELECTOR", help="the version to judge")
    parser.add_argument(
        "baseline",
        metavar="BASELINE",
        nargs="?",
        help="the version to judge it against: 1.0.0, Production, or a selector",
    )
    add_at_option(parser, default="the base branch as last fetched")
    add_registry_option(parser)
    add_base_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the comparison."""
    from registrar.cli import terminal
    from registrar.cli.checkout import open_checkout
    from registrar.cli.lookup import version_meant
    from registrar.core.comparison import compare
    from registrar.core.standing import status_of
    from registrar.repository.snapshot import snapshot

    checkout = open_checkout(arguments)
    registry = snapshot(checkout.git, checkout.commit(arguments.at))
    with checkout.as_last_fetched(arguments.at):
        model, candidate = version_meant(registry, arguments.candidate)
        baseline = _baseline(registry, model, candidate, arguments.baseline)
    old = registry.version(model, baseline) if baseline else None
    rows = compare(registry.model(model), old, registry.version(model, candidate)).rows
    if arguments.json:
        terminal.say_json(
            {"model": model, "baseline": baseline, "candidate": candidate, "metrics": [_fields(row) for row in rows]}
        )
        return ExitCode.FINE
    held = status_of(registry.holdings(model), baseline, initial=registry.registry().initial) if baseline else ""
    headings = ["METRIC", f"{baseline} ({held})" if baseline else "-", candidate, "CHANGE", "JUDGEMENT"]
    terminal.say_table(headings, [_cells(row) for row in rows])
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


def _fields(row: "MetricRow") -> dict[str, object]:
    return {
        "metric": row.metric,
        "unit": row.unit,
        "primary": row.primary,
        "baseline": row.baseline,
        "candidate": row.candidate,
        "change": row.change,
        "relative": row.relative,
        "judgement": str(row.judgement),
        "note": row.note,
    }


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
