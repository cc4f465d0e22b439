"""Knows what the tags of a GTO registry say by now: which versions there are, and which stages GTO shows for each."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registrar.core.gto import Tag
from registrar.core.versions import ascending
from registry_schema.names import VERSION_NAME

_NAME = "[a-zA-Z0-9](?:[a-zA-Z0-9-/_]*[a-zA-Z0-9])?"
_ARTIFACT = f"(?:[a-zA-Z0-9-_./]+=)?{_NAME}"  # the folder of its dvc.yaml, where that is not the top one
_TAG = re.compile(
    rf"(?P<artifact>{_ARTIFACT})"
    rf"(?:(?:#(?P<stage>{_NAME})|@v(?P<version>{VERSION_NAME}))(?P<gone>!?)|@(?P<word>deprecated|created))(?:#[0-9]+)?"
)


@dataclass(frozen=True, slots=True)
class GtoVersion:
    """A version that is registered, and the stages that GTO shows for it, the one given last first."""

    version: str
    tag: Tag  # which registered it
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GtoArtifact:
    """What GTO shows of one artifact."""

    name: str  # `churn`, or `models:churn` of the dvc.yaml in the folder models
    versions: tuple[GtoVersion, ...]  # ascending
    is_deprecated: bool = False
    unnamed: Mapping[str, str] = field(default_factory=dict)  # stages of commits, by stage, that no one version names


def artifacts_in(tags: Iterable[Tag]) -> tuple[GtoArtifact, ...]:
    """Every artifact that the tags speak of, by name; GTO believes annotated tags alone, in order of time."""
    spoken: dict[str, list[tuple[Tag, re.Match[str]]]] = defaultdict(list)
    for tag in sorted(tags, key=lambda each: each.at):
        found = _TAG.fullmatch(tag.name)
        if tag.is_annotated and found is not None:
            spoken[found["artifact"].replace("=", ":")].append((tag, found))
    return tuple(_artifact(name, spoken[name]) for name in sorted(spoken))


def _artifact(name: str, spoken: list[tuple[Tag, re.Match[str]]]) -> GtoArtifact:
    registered = _registered(spoken)
    named: dict[str, list[str]] = defaultdict(list)
    for version, tag in registered.items():
        named[tag.commit].append(version)
    stages: dict[str, list[str]] = defaultdict(list)
    unnamed: dict[str, str] = {}
    for stage, commit in _shown(spoken, gone=_deregistered(spoken, registered)).items():
        if len(named[commit]) == 1:
            stages[named[commit][0]].append(stage)
        else:
            unnamed[stage] = commit
    versions = (GtoVersion(each, registered[each], tuple(stages[each])) for each in ascending(registered))
    return GtoArtifact(name, tuple(versions), spoken[-1][1]["word"] == "deprecated", unnamed)


def _registered(spoken: Iterable[tuple[Tag, re.Match[str]]]) -> dict[str, Tag]:
    """The versions that were registered and not taken back, each with the tag that says so."""
    registered: dict[str, Tag] = {}
    for tag, found in sorted(spoken, key=lambda each: (each[0].at, each[1]["gone"] or "")):
        if found["version"] and found["gone"]:
            registered.pop(found["version"], None)
        elif found["version"]:
            registered.setdefault(found["version"], tag)
    return registered


def _deregistered(spoken: Iterable[tuple[Tag, re.Match[str]]], registered: Mapping[str, Tag]) -> set[str]:
    """Commits whose versions were all taken back: GTO shows none of their stages."""
    kept = {tag.commit for tag in registered.values()}
    return {tag.commit for tag, found in spoken if found["version"] and tag.commit not in kept}


def _shown(spoken: Iterable[tuple[Tag, re.Match[str]]], *, gone: set[str]) -> dict[str, str]:
    """Each stage with the commit that got it last and still has it, the stage given last first."""
    given: dict[tuple[str, str], Tag] = {}
    for tag, found in sorted(spoken, key=lambda each: (each[0].at, each[1]["gone"] or "")):
        if not found["stage"] or tag.commit in gone:
            continue
        place = (found["stage"], tag.commit)
        given.pop(place, None)
        if not found["gone"]:
            given[place] = tag
    shown: dict[str, str] = {}
    for stage, commit in reversed(given):
        shown.setdefault(stage, commit)
    return shown
