"""Says what one run without a server has done: to a person, or as JSON."""

import os

from registrar.cli import terminal
from registrar.cli.exits import ExitCode
from registrar.core.audit_words import moment
from registrar.core.events import named
from registrar.observing.redaction import Redaction
from registrar.repository.lease import Holder
from registrar.serverless.reconciling import Outcome
from registrar.serverless.round import Failure, Told
from registrar.serverless.surroundings import is_job
from registrar.settings.confidential import confidential


def say(outcome: Outcome, *, as_json: bool) -> None:
    """Say it on the standard output, and what is wrong beside it."""
    told, redacted = outcome.told or Told(), _redaction()
    deeds, foretold = ([redacted(deed) for deed in deeds] for deeds in (outcome.deeds, outcome.foretold or []))
    cut_short = [named(event) for event in dict.fromkeys(outcome.cut_short)]
    if as_json:
        terminal.say_json(
            {
                "repository": outcome.repository,
                "base": outcome.base,
                "account": outcome.account,
                "dry_run": outcome.foretold is not None,
                "had_its_turn": outcome.told is not None and outcome.foretold is None,
                "held_by": _held_by(outcome.held_by, redacted),
                "looked_at": [named(event) for event in told.looked_at],
                "written": deeds,
                "would_write": foretold,
                "not_foretold": cut_short,
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
    if outcome.foretold is None:
        _list(f"Looked {_times(len(told.looked_at))}, wrote {_times(len(deeds))}", deeds)
    else:
        would = _times(len(foretold)) if foretold else "nothing"
        _list(f"Looked {_times(len(told.looked_at))}, wrote nothing, would write {would}", foretold)
        _list("What comes of the answers to that is not foretold, for", cut_short)
    _list("The next run goes on with", [named(event) for event in told.left])


def say_waiting(holder: Holder | None) -> None:
    """Say for whom the run waits: to who looks on, at a terminal or in the log of a job."""
    who = _who_works(holder, "the registry") if holder else "another run works"
    say_aside = terminal.say_aside if is_job(os.environ) else terminal.say_progress
    say_aside(_redaction()(f"waiting for a turn: {who}"))


def _who_works(holder: Holder | None, registry: str) -> str:
    since = f" since {moment(holder.since)} UTC" if holder else ""
    return f"{holder.name if holder else 'another run'} works on {registry}{since}"


def _held_by(holder: Holder | None, redacted: Redaction) -> dict[str, str] | None:
    return {"name": redacted(holder.name), "since": holder.since.isoformat()} if holder else None


def say_what_failed(outcome: Outcome, *, waited: bool) -> ExitCode:
    """Say what is wrong in one line, and each thing that is not done in one more."""
    if outcome.told is None:
        who = _redaction()(_who_works(outcome.held_by, outcome.repository))
        if not waited:
            terminal.say_aside(f"{who}; nothing was done here")
            return ExitCode.FINE
        in_vain = "and no turn came in the time that --give-up-after gives; nothing was done here"
        terminal.say_error(f"{who}, {in_vain}")
        return ExitCode.PROBLEMS
    if outcome.is_fine:
        return ExitCode.FINE
    if outcome.foretold is not None and not (outcome.told.failed or outcome.told.ended_early):
        return ExitCode.PROBLEMS  # by what waits to be written, and nothing is wrong
    undone = dict.fromkeys(map(_undone, outcome.told.failed))
    terminal.say_error(_redaction()("\n".join([f"{_first(outcome, outcome.told)}; the next run goes on", *undone])))
    return ExitCode.PROBLEMS


def _first(outcome: Outcome, told: Told) -> str:
    """What whoever reads only one line has to know."""
    why = outcome.lost or told.ended_early
    rights = dict.fromkeys(failure.right for failure in told.failed if failure.right)
    if why:
        return f"the run ended early: {why}"
    if rights:
        return f"not everything could be done, as the token lacks {' and '.join(rights)}; give it that"
    return "not everything could be done"


def _redaction() -> Redaction:
    """For what comes of it a job shows to all who see the job: in its log, its summary, its artifacts."""
    return Redaction(confidential(os.environ))


def _undone(failure: Failure) -> str:
    """On one line, with whether anybody has to do anything about it."""
    end = "" if failure.may_go_right else " (that does not go away by itself)"
    return f"{named(failure.event)}: {' '.join(failure.why.split())}{end}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _list(title: str, lines: list[str]) -> None:
    if lines or title.startswith("Looked"):
        terminal.say(title + (":" if lines else ""))
    for line in lines:
        terminal.say(f"  {line}")
