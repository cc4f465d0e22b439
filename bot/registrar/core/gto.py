"""Knows what a merge says in GTO's words: a tag for each version that it registered, gave a status or took one from.

GTO knows a version by the commit of its tag, so its stages are tagged there too, and it takes tags in order of time.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from registrar.core.lifecycle import Transition
from registrar.core.versions import ascending
from registry_schema import Holders, Registry

LANDED = "Landed"  # the trailer that says which commit of the base a tag tells of
_NAME = "[a-zA-Z0-9](?:[a-zA-Z0-9_/-]*[a-zA-Z0-9])?"  # what GTO 1 can call an artifact or a stage
_STAGE_TAG = re.compile(rf"(?P<model>{_NAME})#(?P<stage>{_NAME})(?P<gone>!?)(?:#(?P<number>[0-9]{{1,18}}))?")
_LANDED = re.compile(rf"^{LANDED}: ([0-9a-f]{{40}})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Merge:
    """What one approved merge did, as far as tags tell it."""

    name: str  # as the forge's people say it: `pull request #7`
    url: str
    commit: str  # what landed on the base
    at: datetime
    transitions: tuple[Transition, ...]
    registrations: tuple[tuple[str, str], ...]  # model, version

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that it did something to, and that GTO can name."""
        named = {model for model, _ in self.registrations} | {move.model for move in self.moves}
        return tuple(sorted(model for model in named if re.fullmatch(_NAME, model)))

    @property
    def moves(self) -> tuple[Transition, ...]:
        """Its transitions, without those that change only a share of the traffic, which GTO does not know."""
        return tuple(move for move in self.transitions if not move.keeps_status)

    def versions(self, model: str) -> tuple[str, ...]:
        """Every version of a model that it did something to."""
        moved = (move.version for move in self.moves if move.model == model)
        return ascending({*moved, *(version for name, version in self.registrations if name == model)})


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of the registry."""

    name: str
    commit: str
    at: datetime
    message: str
    is_annotated: bool = True  # GTO passes over one that is not
    tagger: str = ""  # `Ana <ana@example.org>`; empty: nobody has asked

    @property
    def landed(self) -> str:
        """The commit of the base that it tells of, by its own words; empty: a person made it."""
        return landed_by(self.message)


@dataclass(frozen=True, slots=True)
class _Step:
    """A version, known by the commit of its tag, gets a stage or loses it."""

    stage: str
    is_gone: bool
    commit: str


def landed_by(message: str) -> str:
    """The commit of the base that a tag's message tells of; empty: it tells of none."""
    found = _LANDED.search(message)
    return found[1] if found else ""


def stage_of(status: str) -> str | None:
    """What GTO calls a status; None when it can call nothing so. No two statuses differ in capital letters alone."""
    return status.lower() if re.fullmatch(_NAME, status) else None


def version_tag(model: str, version: str) -> str:
    """The name of the tag that registers a version."""
    return f"{model}@v{version}"


def untagged(merge: Merge, model: str, tags: Iterable[Tag]) -> tuple[str, ...]:
    """The versions that the merge did something to and that have no tag yet, also from before there were tags."""
    names = {tag.name for tag in tags}
    return tuple(version for version in merge.versions(model) if version_tag(model, version) not in names)


def moment(merge: Merge, model: str, *, tags: Iterable[Tag], later: Collection[str]) -> datetime:
    """When the tags of a model tell that the merge was: after all that tell of earlier ones, as GTO goes by time.

    Git keeps whole seconds, and two merges may have been in one. `later` is what landed on the base since.
    """
    mine = [tag for tag in tags if tag.name.startswith((f"{model}@", f"{model}#"))]
    present = (tag.at for tag in mine if tag.landed == merge.commit)
    after = (tag.at + timedelta(seconds=1) for tag in mine if _is_earlier(tag, merge, later))
    return next(present, None) or max([merge.at, *after])


def registration(merge: Merge, model: str, version: str, *, commit: str, at: datetime) -> Tag:
    """The tag of a version that has none."""
    return Tag(version_tag(model, version), commit, at, _message(merge, f"Register {model} {version}"))


def stage_tags(
    merge: Merge, model: str, *, rules: Registry, tags: Sequence[Tag], later: Collection[str]
) -> tuple[Tag, ...]:
    """The stage tags of a model that tell of the merge and are not there yet, once every version of it has its tag.

    GTO's own answer is what counts: a stage that it shows already is not given again, and one that it does not show
    is not taken away.
    """
    staged = {tag: found for tag in tags if (found := _STAGE_TAG.fullmatch(tag.name)) and found["model"] == model}
    done = {_step(found, tag) for tag, found in staged.items() if tag.landed == merge.commit}
    earlier = sorted((tag for tag in staged if _is_earlier(tag, merge, later)), key=lambda tag: (tag.at, tag.name))
    active = _active(_step(staged[tag], tag) for tag in earlier)
    named = {tag.name: tag.commit for tag in tags}
    commits = {version: named[version_tag(model, version)] for version in merge.versions(model)}
    steps = {step: words for step, words in _steps(merge, model, rules, active, commits).items() if step not in done}
    number = max((int(found["number"] or 0) for found in staged.values()), default=0)
    at = moment(merge, model, tags=tags, later=later)
    return tuple(
        Tag(_named(model, step, number + nth), step.commit, at, _message(merge, words))
        for nth, (step, words) in enumerate(steps.items(), start=1)
    )


def _steps(
    merge: Merge, model: str, rules: Registry, active: Collection[tuple[str, str]], commits: Mapping[str, str]
) -> Mapping[_Step, str]:
    """What GTO is told, and in which words a person is: first what versions lose."""
    lost: dict[_Step, str] = {}
    given: dict[_Step, str] = {}
    for move in merge.moves:
        if move.model != model:
            continue
        commit, words = commits[move.version], str(move)
        for stage, holder in sorted(active):
            if (stage, holder) == (stage_of(move.before), commit) or _gives_way(stage, holder, move, commit, rules):
                lost.setdefault(_Step(stage, is_gone=True, commit=holder), words)
        entered = stage_of(move.after) if move.after != rules.initial else None
        if entered is not None and (entered, commit) not in active:
            given[_Step(entered, is_gone=False, commit=commit)] = words
    return lost | given


def _gives_way(stage: str, holder: str, move: Transition, commit: str, rules: Registry) -> bool:
    """Whether somebody holds a stage for one version which another gets now."""
    entered = rules.statuses.get(move.after)
    is_for_one = entered is not None and entered.holders is Holders.ONE
    return is_for_one and stage == stage_of(move.after) and holder != commit


def _active(steps: Iterable[_Step]) -> frozenset[tuple[str, str]]:
    """Each stage with the commit of a version that GTO shows there."""
    shown = {(step.stage, step.commit): not step.is_gone for step in steps}
    return frozenset(place for place, is_shown in shown.items() if is_shown)


def _is_earlier(tag: Tag, merge: Merge, later: Collection[str]) -> bool:
    if not tag.landed:
        return tag.is_annotated and tag.at <= merge.at
    return tag.landed != merge.commit and tag.landed not in later


def _step(found: re.Match[str], tag: Tag) -> _Step:
    return _Step(found["stage"], bool(found["gone"]), tag.commit)


def _named(model: str, step: _Step, number: int) -> str:
    return f"{model}#{step.stage}{'!' if step.is_gone else ''}#{number}"


def _message(merge: Merge, words: str) -> str:
    return f"{words}, by {merge.name}\n\n{merge.url}\n\n{LANDED}: {merge.commit}\n"
