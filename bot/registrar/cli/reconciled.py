"""Says what one run without a server has done: to a person, or as JSON."""

import os

from registrar.cli import terminal
from registrar.cli.exits import ExitCode
from registrar.core.events import named
from registrar.observing.redaction import Redaction
from registrar.serverless.reconciling import Outcome
from registrar.serverless.round import Failure, Told
from registrar.settings.confidential import confidential


def say(outcome: Outcome, *, as_json: bool) -> None:
    """Say it on the standard output, and what is wrong beside it."""
    told, redacted = outcome.told or Told(), _redaction()
    deeds = [redacted(deed) for deed in outcome.deeds]
    if as_json:
        terminal.say_json(
            {
                "repository": outcome.repository,
                "base": outcome.base,
                "account": outcome.account,
                "had_its_turn": outcome.told is not None,
                "looked_at": [named(event) for event in told.looked_at],
                "written": deeds,
                "left": [named(event) for event in told.left],
                "failed": [
                    {"what": named(each.event), "why": redacted(each.why), "may_go_right": each.may_go_right}
                    for each in told.failed
                ],
                "ended_early": redacted(outcome.lost or told.ended_early),
            }
        )
        return
    terminal.say(f"{outcome.repository} into {outcome.base}, as {outcome.account}")
    _list(f"Looked {_times(len(told.looked_at))}, wrote {_times(len(deeds))}", deeds)
    _list("The next run goes on with", [named(event) for event in told.left])


def say_what_failed(outcome: Outcome, *, waited: bool) -> ExitCode:
    """Say what is wrong in one line, and each thing that is not done in one more."""
    if outcome.told is None:
        if not waited:
            terminal.say_aside(f"another run works on {outcome.repository}; nothing was done here")
            return ExitCode.FINE
        terminal.say_error(
            f"other runs work on {outcome.repository} for so long that nothing was done; see --give-up-after"
        )
        return ExitCode.PROBLEMS
    if outcome.is_fine:
        return ExitCode.FINE
    undone = dict.fromkeys(map(_undone, outcome.told.failed))
    why = outcome.lost or outcome.told.ended_early
    first = f"the run ended early: {why}" if why else "not everything could be done"
    terminal.say_error(_redaction()("\n".join([f"{first}; the next run goes on", *undone])))
    return ExitCode.PROBLEMS


def _redaction() -> Redaction:
    """For what comes of it a job shows to all who see the job: in its log, its summary, its artifacts."""
    return Redaction(confidential(os.environ))


def _undone(failure: Failure) -> str:
    """On one line, with whether anybody has to do anything about it."""
    end = "" if failure.may_go_right else " (that does not go away by itself)"
    return f"{named(failure.event)}: {' '.join(failure.why.split())}{end}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _list(title: str, lines: list[str]) -> None:
    if lines or title.startswith("Looked"):
        terminal.say(title + (":" if lines else ""))
    for line in lines:
        terminal.say(f"  {line}")
