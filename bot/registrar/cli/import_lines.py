"""Knows how an import looks to a person, and to a program."""

from collections.abc import Iterable, Mapping, Sequence

from registrar.cli import terminal
from registrar.cli.exits import ExitCode
from registrar.cli.import_places import Result
from registrar.cli.import_plan import Work
from registrar.core.importing import LeftOut

_HEADINGS = ("model", "version", "status", "as", "weights")


def say_plan(work: Work) -> None:
    """Everything that would be added, and what would not be."""
    initial = work.rules.initial
    rows = [
        (
            planned.name,
            version.version,
            planned.statuses.get(version.version, initial),
            version.called,
            work.source.weights(version) or "none",
        )
        for planned in work.plan.models
        for version in planned.versions
    ]
    if rows:
        terminal.say_table(_HEADINGS, rows)
    else:
        terminal.say("nothing to bring along: whatever can be is here already")
    _say_left_out([*work.plan.left_out, *(each for planned in work.plan.models for each in planned.left_out)])


def say_results(work: Work, results: Iterable[Result], *, as_json: bool) -> ExitCode:
    """What is done, as it is done, and what turns out not to be had: then the exit code says so."""
    done: list[Result] = []
    for result in results:
        done.append(result)
        if not as_json:
            _say_result(result)
    if as_json:
        terminal.say_json(_facts(work, done))
    failed = any(result.imported.left_out for result in done)
    return ExitCode.PROBLEMS if failed else ExitCode.FINE


def _say_result(result: Result) -> None:
    for line in result.said:
        terminal.say(line)
    _say_left_out(result.imported.left_out)


def _say_left_out(left_out: Iterable[LeftOut]) -> None:
    for each in left_out:
        terminal.say(f"left out    {each.what}: {' '.join(each.why.split())}")


def _facts(work: Work, results: Sequence[Result]) -> Mapping[str, object]:
    done = {result.imported.planned.name: result for result in results}
    return {
        "source": work.source.title,
        "models": [
            {
                "model": planned.name,
                "called": planned.foreign.name,
                "versions": {
                    version.version: planned.statuses.get(version.version, work.rules.initial)
                    for version in planned.versions
                },
                "pull_request": done[planned.name].pull_request if planned.name in done else None,
                "left_out": _as_facts([*planned.left_out, *_failed(done.get(planned.name))]),
            }
            for planned in work.plan.models
        ],
        "left_out": _as_facts(work.plan.left_out),
    }


def _failed(result: Result | None) -> Sequence[LeftOut]:
    return result.imported.left_out if result is not None else ()


def _as_facts(left_out: Iterable[LeftOut]) -> list[Mapping[str, str]]:
    return [{"what": each.what, "why": each.why} for each in left_out]
