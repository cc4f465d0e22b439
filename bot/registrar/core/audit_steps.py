"""Knows how a step of the base becomes lines of the audit trail: what git shows, joined with what its note says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from registrar.core.audit import NO_NOTE, REJECTED, UNAPPROVED, Kind, Record, Remark
from registrar.core.audit_notes import Facts, Told, content, listed, moment
from registrar.core.lifecycle import Transition

_LONGEST = 1_000  # of a series: more steps than any forge lands a pull request in


class Landed(NamedTuple):
    """What git shows of one step."""

    commit: str
    before: str | None  # the step that it was put upon
    committed_at: datetime
    author: str
    requested_by: str  # in the words of its commits
    transitions: Sequence[Transition]
    displaced: Sequence[Transition]  # which of them make room for another
    paths: tuple[str, ...]  # the rules that it changed


@dataclass(slots=True)
class _Series:
    """A pull request whose commits landed one by one: its note is at the last of them."""

    merged: Facts
    left: int = _LONGEST


class Chronicle:
    """Takes the steps of a base, newest first, and tells the lines of each."""

    def __init__(self) -> None:
        self._series: list[_Series] = []

    def lines(self, step: Landed, note: Told) -> Iterator[Record | Remark]:
        """Every line of a step."""
        self._keep_up(step, note)
        yield from (Remark(step.commit, doubt) for doubt in note.doubts)
        for rejected in note.rejected:
            yield from _rejections(step, rejected)
        for transition in step.transitions:
            yield _transition(step, note, self._of(transition, note), transition)
        if step.paths or not step.transitions:
            yield from self._changes(step, note)
        yield from _contradictions(step, note)

    def _keep_up(self, step: Landed, note: Told) -> None:
        for series in self._series:
            series.left -= 1
        self._series = [each for each in self._series if each.left and each.merged["before"] != step.commit]
        self._series += [_Series(merged) for merged in note.merged if merged["before"] != step.before]

    def _of(self, transition: Transition, note: Told) -> Facts | None:
        """The merge that brought a transition: by the note of the step, else by that of the series it is part of."""
        for merged in note.merged:
            for move in listed(merged, "transitions"):
                if _is_told(move, transition):
                    return merged
        return next((each.merged for each in self._series if _moves(each.merged, transition)), None)

    def _changes(self, step: Landed, note: Told) -> Iterator[Record]:
        """What else owners guard, and what was let pass without them."""
        if step.paths:
            merges = [*note.merged, *(series.merged for series in self._series)]
            yield _change(
                step, note, next((merged for merged in merges if _holds(merged, step.paths)), None), step.paths
            )
            return
        for merged in note.merged:
            if merged["ruling"] != "approved":
                yield _change(step, note, merged, content(merged))
        if note.pushed and not note.merged:
            yield _change(step, note, None, tuple(map(str, listed(note.pushed[0], "paths"))))


def _transition(step: Landed, note: Told, merged: Facts | None, transition: Transition) -> Record:
    at, ruling, reason = _judged(step, note, merged)
    return Record(
        Kind.TRANSITION,
        step.commit,
        at,
        ruling,
        reason,
        step.author,
        step.requested_by,
        transition=transition,
        makes_room=transition in step.displaced,
        said=merged,
        deploys=_deploys(note, merged, transition) if merged else (),
    )


def _change(step: Landed, note: Told, merged: Facts | None, paths: tuple[str, ...]) -> Record:
    at, ruling, reason = _judged(step, note, merged)
    author, asked = step.author, step.requested_by
    return Record(Kind.CHANGE, step.commit, at, ruling, reason, author, asked, paths=paths, said=merged)


def _rejections(step: Landed, rejected: Facts) -> Iterator[Record]:
    at = moment(rejected["at"]) or step.committed_at
    asked: list[Transition | None] = [_as_told(move) for move in listed(rejected, "transitions")]
    for transition in asked or [None]:
        yield Record(
            Kind.REJECTION, step.commit, at, REJECTED, rejected["reason"], "", "", transition=transition, said=rejected
        )


def _judged(step: Landed, note: Told, merged: Facts | None) -> tuple[datetime, str, str]:
    """When it landed, how it was judged, and why."""
    if merged is not None:
        return moment(merged["at"]) or step.committed_at, merged["ruling"], merged["reason"]
    if note.pushed:
        revert = note.pushed[0].get("revert")
        taken_back = f"; pull request {revert} takes it back" if isinstance(revert, int) else ""
        return step.committed_at, UNAPPROVED, f"it came without an approved pull request{taken_back}"
    return step.committed_at, NO_NOTE, "its note does not tell of it" if note.merged else "the ledger does not know it"


def _contradictions(step: Landed, note: Told) -> Iterator[Remark]:
    """What a note says of its own step, and git does not show."""
    if not note.merged and not note.pushed:
        return
    for event in (*note.merged, *note.pushed):
        if event["before"] != step.before:
            continue  # it tells of several steps at once
        for move in listed(event, "transitions"):
            if not any(_is_told(move, shown) for shown in step.transitions):
                yield Remark(step.commit, f"its note tells of {_as_told(move)}, and git shows no such change")


def _is_told(move: Facts, transition: Transition) -> bool:
    told = (move["model"], move["version"], move["before"], move["after"])
    return told == (transition.model, transition.version, transition.before, transition.after)


def _moves(merged: Facts, transition: Transition) -> bool:
    named = (transition.model, transition.version)
    return any((move["model"], move["version"]) == named for move in listed(merged, "transitions"))


def _holds(merged: Facts, paths: Sequence[str]) -> bool:
    return any(path in paths for path in content(merged))


def _as_told(move: Facts) -> Transition:
    return Transition(move["model"], move["version"], move["before"], move["after"])


def _deploys(note: Told, merged: Facts, transition: Transition) -> Sequence[Facts]:
    """Each deploy of the transition, as it stood last."""
    found: dict[str, Facts] = {}
    for deployed in note.deployed:
        if (
            deployed["number"] == merged["number"]
            and deployed["version"] == transition.version
            and deployed["status"] == transition.after
            and deployed["model"] == transition.model
        ):
            found[deployed["operation"]] = deployed
    return tuple(found.values())
